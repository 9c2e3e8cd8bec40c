//! From raw cells to a complete panel, with every fault named.

pub mod calendar;
pub mod panel;
pub mod roles;
pub mod table;
