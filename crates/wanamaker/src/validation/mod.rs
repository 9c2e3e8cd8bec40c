//! Holding a fit against what is known: the data it was fitted to, the data it was not, and the truth of a simulation.

pub mod accuracy;
pub mod backtest;
pub mod comparison;
pub mod forecast;
pub mod information;
pub mod inputs;
pub mod monitor;
pub mod recovery;
pub mod residuals;
