//! Decisions: functions of a model and named draws.

pub mod by_geo;
pub mod contribution;
