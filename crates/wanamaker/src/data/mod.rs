//! From raw cells to a complete panel, with every fault named.

pub mod append;
pub mod build;
#[cfg(test)]
mod build_tests;
pub mod cadence;
pub mod calendar;
mod cell;
pub mod continuation;
pub mod cut;
pub mod date;
pub mod date_format;
mod events;
mod fill;
pub mod grain;
mod grid;
pub mod guess;
mod guess_media;
pub mod listing;
mod names;
mod new_periods;
pub mod number;
pub mod number_format;
pub mod options;
pub mod panel;
mod profile;
pub mod review;
pub mod roles;
mod roles_check;
mod substance;
pub mod table;
