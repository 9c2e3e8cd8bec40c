//! Draws from a density, and the diagnostics that say whether to believe them. Knows probability, not marketing.

pub mod log_density;
