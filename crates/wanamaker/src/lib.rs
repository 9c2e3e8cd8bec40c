//! Bayesian marketing mix modelling.
//!
//! A file becomes a panel, a spec says what to believe about it, compiling the two gives a log density with its
//! gradient, the sampler turns that into draws, and draws with names are a posterior. No file, clock, terminal or
//! entropy is touched here: readers, seeds and observers are handed in.

pub mod adstock;
pub mod data;
pub mod decision;
pub mod distribution;
pub mod engine;
pub mod math;
pub mod model;
pub mod posterior;
pub mod prior;
pub mod problem;
pub mod report;
pub mod saturation;
pub mod simulate;
pub mod spec;
pub mod statistics;
pub mod validation;
