//! Whether to believe the draws: the diagnostics of [vehtari2021], equal to ArviZ 0.23.4 on the same draws.
//!
//! Every function takes one series per chain, in the order of the draws. Chains are cut to the length of the
//! shortest. Where a number cannot be known the answer is NaN, never a guess:
//!
//! | draws | `r_hat` | `ess_*` | `mcse_mean` | `mcse_sd` | `mcse_quantile` |
//! |---|---|---|---|---|---|
//! | fewer than four per chain, or none | NaN | NaN | NaN | NaN | NaN |
//! | a NaN among them | NaN | NaN | NaN | NaN | NaN |
//! | one chain | NaN | a number | a number | a number | a number |
//! | all equal | NaN | number of draws | 0 | NaN | 0 |
//! | an infinity among them | a number, from ranks | a number from ranks (`bulk`, `tail`), NaN (`mean`) | NaN | NaN | a number |
//!
//! Version 1 of ArviZ computes the tail ESS and the MCSE of the standard deviation differently; where the two
//! differ the numbers here are those of 0.23.4.

mod autocovariance;
mod e_bfmi;
mod ess;
mod mcse;
mod quantile;
mod r_hat;
mod rank;
mod summary;

pub use e_bfmi::e_bfmi;
pub use ess::{ess_bulk, ess_mean, ess_quantile, ess_tail};
pub use mcse::{mcse_mean, mcse_quantile, mcse_sd};
pub use quantile::quantile_sorted;
pub use r_hat::r_hat;
pub use summary::{Summary, summarize};

/// Fewest draws per chain that say anything.
const MIN_DRAWS: usize = 4;

/// The chains cut to one length; `None` if they are too few, too short, or hold a NaN.
fn rectangle<'a>(chains: &[&'a [f64]], min_chains: usize) -> Option<Vec<&'a [f64]>> {
    let n_draws = chains.iter().map(|chain| chain.len()).min()?;
    if chains.len() < min_chains || n_draws < MIN_DRAWS {
        return None;
    }
    let cut: Vec<_> = chains.iter().map(|chain| &chain[..n_draws]).collect();
    let has_nan = cut.iter().any(|chain| chain.iter().any(|x| x.is_nan()));
    (!has_nan).then_some(cut)
}

/// Mean of a series, NaN when empty.
fn mean(series: &[f64]) -> f64 {
    series.iter().sum::<f64>() / series.len() as f64
}

/// Sample variance, with divisor n − 1.
fn variance(series: &[f64]) -> f64 {
    let center = mean(series);
    series.iter().map(|x| (x - center).powi(2)).sum::<f64>() / (series.len() as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_are_cut_to_the_shortest() {
        let (long, short) = ([1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(rectangle(&[&long, &short], 2), Some(vec![&short[..], &short[..]]));
        assert_eq!(rectangle(&[&long], 2), None);
        assert_eq!(rectangle(&[&long, &short[..3]], 2), None);
        assert_eq!(rectangle(&[], 0), None);
        assert_eq!(rectangle(&[&[1.0, f64::NAN, 2.0, 3.0]], 1), None);
    }

    #[test]
    fn variance_divides_by_one_less() {
        assert_eq!(variance(&[1.0, 2.0, 3.0]), 1.0);
    }
}
