//! Decisions: functions of a model and named draws.

pub mod allocation;
pub mod appraisal;
pub mod by_geo;
pub mod contribution;
pub mod frontier;
pub mod scenario;
pub mod surface;
