//! Which model predicts better: leave-one-out cross-validation from the draws of one fit, WAIC, and weights of several.
//!
//! Everything starts from log likelihoods `[observation][draw]`, all chains in a row, and equals ArviZ 0.23.4 on the same
//! numbers. `elpd` is the expected log predictive density of data like these, summed over observations: more is better.

mod loo;
mod pareto;
mod stacking;
mod waic;

pub use loo::{Loo, LooPoint, loo};
pub use pareto::{GREATEST_K, Smoothed, smooth};
pub use stacking::stacking;
pub use waic::{Waic, WaicPoint, waic};

/// `ln Σ e^x`, without overflow; −∞ of nothing.
fn ln_sum_exp(x: impl Iterator<Item = f64> + Clone) -> f64 {
    let most = x.clone().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY { most } else { most + x.map(|x| (x - most).exp()).sum::<f64>().ln() }
}

/// `√(n·Var x)`, the standard error of a sum; variance with divisor n.
fn error_of_sum(x: &[f64]) -> f64 {
    // n·Var x is the sum of squares itself.
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    x.iter().map(|x| (x - mean).powi(2)).sum::<f64>().sqrt()
}
