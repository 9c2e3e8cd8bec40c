//! Decisions: functions of a model and named draws.

pub mod contribution;
