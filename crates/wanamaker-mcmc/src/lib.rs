//! Draws from a density, and the diagnostics that say whether to believe them. Knows probability, not marketing.

pub mod comparison;
pub mod diagnostics;
pub mod draws;
pub mod gibbs;
pub mod laplace;
pub mod log_density;
pub mod nuts;
pub mod progress;
pub mod seed;
pub mod store;
