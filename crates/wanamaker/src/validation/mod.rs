//! Holding a fit against what is known: the data it was fitted to, the data it was not, and the truth of a simulation.

pub mod accuracy;
pub mod against_truth;
pub mod backtest;
pub mod checklist;
pub mod comparison;
pub mod diagnosis;
pub mod forecast;
pub mod gate;
pub mod information;
pub mod inputs;
pub mod monitor;
pub mod out_of_time;
pub mod perturbation;
pub mod placebo;
pub mod predictive_check;
pub mod prior_check;
pub mod random_plans;
pub mod recovery;
pub mod refit;
pub mod refresh;
pub mod residuals;
pub mod sbc;
pub mod suite;
mod true_curves;
pub mod truth_match;
