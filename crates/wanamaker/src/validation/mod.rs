//! Holding a fit against what is known: the data it was fitted to, the data it was not, and the truth of a simulation.

pub mod accuracy;
pub mod checklist;
pub mod comparison;
pub mod diagnosis;
pub mod information;
pub mod predictive_check;
pub mod prior_check;
pub mod recovery;
pub mod residuals;
pub mod sbc;
