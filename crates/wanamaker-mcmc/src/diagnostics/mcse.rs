//! Monte Carlo standard error: how far an estimate may move when sampling is repeated with another seed.

use super::ess::{ess_of, quantile_of};
use super::quantile::pooled_sorted;
use super::rank::split;
use super::{ess_mean, mean, rectangle, variance};
use statrs::distribution::{Beta, ContinuousCDF};

/// Monte Carlo standard error of the mean, `sd/√ESS` with the ESS of the mean, in the unit of the draws.
///
/// NaN as told in the table of this module. Source: [vehtari2021]; `arviz.mcse(method="mean")`.
///
/// - `chains`: at least one, at least four draws each
pub fn mcse_mean(chains: &[&[f64]]) -> f64 {
    match rectangle(chains, 1) {
        Some(chains) => variance(&chains.concat()).sqrt() / ess_of(&split(&chains)).sqrt(),
        None => f64::NAN,
    }
}

/// Monte Carlo standard error of the standard deviation, in the unit of the draws.
///
/// ```text
/// e = (x − x̄)²        mcse = √( (mean(e²) − mean(e)²)/ESS(e) / mean(e) / 4 )
/// ```
///
/// which carries the error of the variance over by the delta method. NaN as told in the table of this module.
/// Source: [kenney1940] p. 141; `arviz.mcse(method="sd")` of 0.23.4.
///
/// - `chains`: at least one, at least four draws each
pub fn mcse_sd(chains: &[&[f64]]) -> f64 {
    let Some(chains) = rectangle(chains, 1) else {
        return f64::NAN;
    };
    let center = mean(&chains.concat());
    let squares: Vec<Vec<f64>> =
        chains.iter().map(|chain| chain.iter().map(|x| (x - center).powi(2)).collect()).collect();
    let ess = ess_mean(&squares.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let squares = squares.concat();
    let second = mean(&squares);
    let fourth = mean(&squares.iter().map(|e| e * e).collect::<Vec<_>>());
    ((fourth - second * second) / ess / second / 4.0).sqrt()
}

/// Monte Carlo standard error of the quantile at probability `p`, in the unit of the draws.
///
/// Half the distance between two order statistics: those at the ends of the central 68.3 % interval of a
/// `Beta(ESS·p + 1, ESS·(1 − p) + 1)`, the distribution of the probability below the quantile.
/// NaN as told in the table of this module. Source: [vehtari2021] section 4.4; `arviz.mcse(method="quantile")`.
///
/// - `chains`: at least one, at least four draws each
/// - `p`: 0 < p < 1
pub fn mcse_quantile(chains: &[&[f64]], p: f64) -> f64 {
    /// Φ(−1) and Φ(1), with the digits ArviZ gives them.
    const ONE_SIGMA: [f64; 2] = [0.1586553, 0.8413447];

    let Some(chains) = rectangle(chains, 1) else {
        return f64::NAN;
    };
    let sorted = pooled_sorted(&chains);
    let ess = quantile_of(&chains, &sorted, p);
    let Ok(beta) = Beta::new(ess * p + 1.0, ess * (1.0 - p) + 1.0) else {
        return f64::NAN;
    };
    let last = sorted.len() - 1;
    let [low, high] = ONE_SIGMA.map(|level| beta.inverse_cdf(level) * sorted.len() as f64 - 1.0);
    let below = sorted[low.max(0.0).floor() as usize];
    let above = sorted[(high.max(0.0).ceil() as usize).min(last)];
    (above - below) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shuffled ramp: draws that do not depend on each other, with known spread.
    fn ramp() -> Vec<f64> {
        (0..1009).map(|i| f64::from(i * 389 % 1009) / 1009.0).collect()
    }

    fn check_scaling(measure: impl Fn(&[&[f64]]) -> f64) {
        let chain = ramp();
        let moved: Vec<f64> = chain.iter().map(|x| 4.0 * x + 8.0).collect();
        let (before, after) = (measure(&[&chain]), measure(&[&moved]));
        assert!(before > 0.0 && (after - 4.0 * before).abs() < 1e-9 * after, "{before} {after}");
    }

    #[test]
    fn a_shift_changes_nothing_and_a_scale_scales() {
        check_scaling(mcse_mean);
        check_scaling(mcse_sd);
        check_scaling(|chains| mcse_quantile(chains, 0.3));
    }

    #[test]
    fn constant_chains_know_their_mean_exactly() {
        let chain = [1.5; 8];
        assert_eq!(mcse_mean(&[&chain]), 0.0);
        assert_eq!(mcse_quantile(&[&chain], 0.5), 0.0);
        assert!(mcse_sd(&[&chain]).is_nan());
    }
}
