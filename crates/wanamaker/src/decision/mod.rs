//! Decisions: functions of a model and named draws.

pub mod allocation;
pub mod appraisal;
pub mod contribution;
pub mod frontier;
pub mod identification;
pub mod response_curve;
pub mod returns;
pub mod scenario;
pub mod schedule;
pub mod surface;
pub mod window;
