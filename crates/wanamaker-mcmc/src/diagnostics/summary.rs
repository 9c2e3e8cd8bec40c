//! One line of the parameter table: where the draws lie, and how far to trust that.

use super::ess::{ess_of, tail_of};
use super::quantile::{pooled_sorted, quantile_sorted};
use super::r_hat::{r_hat_of, r_hat_with_bulk};
use super::rank::{Pool, split};
use super::{mcse_mean, mean, rectangle, variance};
use serde::{Deserialize, Serialize};

/// A quantity by its draws. Everything but the two sample sizes and R-hat is in the unit of the draws.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Mean of all draws.
    pub mean: f64,
    /// Standard deviation of all draws, with divisor n − 1.
    pub sd: f64,
    /// Median of all draws.
    pub median: f64,
    /// Lower end of the equal-tailed interval.
    pub lower: f64,
    /// Upper end of the equal-tailed interval.
    pub upper: f64,
    /// Monte Carlo standard error of the mean.
    pub mcse_mean: f64,
    /// Effective sample size in the bulk, draws.
    pub ess_bulk: f64,
    /// Effective sample size in the tails, draws.
    pub ess_tail: f64,
    /// Rank-normalised split R-hat, 1 for chains that agree.
    pub r_hat: f64,
}

/// Summarises a quantity.
///
/// - `chains`: one series per chain, any unit
/// - `level`: mass of the equal-tailed interval, 0 < level < 1; its ends are the quantiles at `(1 ∓ level)/2`
///
/// Place and spread use all draws, whatever the lengths of the chains, and are NaN when there are none or one of
/// them is NaN. The diagnostics are those of the functions of the same names, NaN as told there.
pub fn summarize(chains: &[&[f64]], level: f64) -> Summary {
    debug_assert!(level > 0.0 && level < 1.0, "an interval holds a mass between 0 and 1");
    let pooled = chains.concat();
    let sorted = pooled_sorted(chains);
    let quantile = |p| if pooled.iter().any(|x| x.is_nan()) { f64::NAN } else { quantile_sorted(&sorted, p) };
    let diagnosis = Diagnosis::of(chains);
    Summary {
        mean: mean(&pooled),
        sd: variance(&pooled).sqrt(),
        median: quantile(0.5),
        lower: quantile((1.0 - level) / 2.0),
        upper: quantile((1.0 + level) / 2.0),
        mcse_mean: mcse_mean(chains),
        ess_bulk: diagnosis.ess_bulk,
        ess_tail: diagnosis.ess_tail,
        r_hat: diagnosis.r_hat,
    }
}

/// The diagnostics that share their ranks: a table of thousands of parameters is worth sorting each once.
struct Diagnosis {
    ess_bulk: f64,
    ess_tail: f64,
    r_hat: f64,
}

impl Diagnosis {
    fn of(chains: &[&[f64]]) -> Self {
        let Some(chains) = rectangle(chains, 1) else {
            return Self { ess_bulk: f64::NAN, ess_tail: f64::NAN, r_hat: f64::NAN };
        };
        let halves = split(&chains);
        let scores = Pool::new(&halves).normal_scores();
        let scores = scores.chains();
        let r_hat = if chains.len() < 2 { f64::NAN } else { r_hat_with_bulk(&halves, r_hat_of(&scores)) };
        Self { ess_bulk: ess_of(&scores), ess_tail: tail_of(&chains, &pooled_sorted(&chains)), r_hat }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ess_bulk, ess_tail, r_hat};
    use super::*;

    #[test]
    fn a_summary_says_what_the_single_functions_say() {
        let chain = |k: i32| (0..57).map(|i| f64::from(i * k % 57).sqrt()).collect::<Vec<f64>>();
        let (a, b) = (chain(16), chain(23));
        let chains: [&[f64]; 2] = [&a, &b];
        let summary = summarize(&chains, 0.9);
        assert_eq!(summary.ess_bulk, ess_bulk(&chains));
        assert_eq!(summary.ess_tail, ess_tail(&chains));
        assert_eq!(summary.r_hat, r_hat(&chains));
        assert_eq!(summary.mcse_mean, mcse_mean(&chains));
    }

    #[test]
    fn the_interval_holds_its_level() {
        let ramp: Vec<f64> = (0..=1000).map(f64::from).collect();
        let summary = summarize(&[&ramp], 0.9);
        assert!((summary.lower - 50.0).abs() < 1e-9 && (summary.upper - 950.0).abs() < 1e-9, "{summary:?}");
        assert_eq!((summary.mean, summary.median), (500.0, 500.0));
        assert!(summary.r_hat.is_nan());
    }

    #[test]
    fn no_draws_and_lost_draws_are_not_a_number() {
        let empty = summarize(&[], 0.9);
        let lost = summarize(&[&[1.0, f64::NAN, 2.0, 3.0, 4.0]], 0.9);
        for summary in [empty, lost] {
            for x in [summary.mean, summary.median, summary.lower, summary.ess_bulk, summary.mcse_mean] {
                assert!(x.is_nan(), "{summary:?}");
            }
        }
    }
}
