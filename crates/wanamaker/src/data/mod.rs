//! From raw cells to a complete panel, with every fault named.

//pub mod build;
pub mod cadence;
pub mod calendar;
pub mod cell;
//pub mod collinearity;
pub mod date;
pub mod date_format;
//pub mod fill;
//pub mod grid;
//pub mod guess;
pub mod listing;
//pub mod names;
pub mod number;
pub mod number_format;
pub mod options;
pub mod panel;
//pub mod profile;
//pub mod review;
pub mod roles;
pub mod table;
