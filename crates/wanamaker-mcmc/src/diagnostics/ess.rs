//! Effective sample size: how many independent draws the chains are worth.

use super::autocovariance::Autocovariance;
use super::quantile::{pooled_sorted, quantile_sorted};
use super::rank::{Pool, split};
use super::{mean, rectangle, variance};

/// Effective sample size in the bulk: that of the normal scores of the ranks.
///
/// It speaks for means and medians, also of quantities without a finite variance. 400 and more are wanted.
/// NaN as told in the table of this module. Source: [vehtari2021] section 4; `arviz.ess(method="bulk")`.
///
/// - `chains`: at least one, at least four draws each, any unit
pub fn ess_bulk(chains: &[&[f64]]) -> f64 {
    match rectangle(chains, 1) {
        Some(chains) => ess_of(&Pool::new(&split(&chains)).normal_scores().chains()),
        None => f64::NAN,
    }
}

/// Effective sample size in the tails: the smaller of those of the 5 % and the 95 % quantile.
///
/// It speaks for the ends of intervals. 400 and more are wanted. NaN as told in the table of this module.
/// Source: [vehtari2021] section 4; `arviz.ess(method="tail")` of 0.23.4.
///
/// - `chains`: at least one, at least four draws each, any unit
pub fn ess_tail(chains: &[&[f64]]) -> f64 {
    match rectangle(chains, 1) {
        Some(chains) => tail_of(&chains, &pooled_sorted(&chains)),
        None => f64::NAN,
    }
}

/// Effective sample size of the mean: that of the draws themselves. It needs a finite variance to mean anything.
///
/// NaN as told in the table of this module. Source: [vehtari2021] eq. 10; `arviz.ess(method="mean")`.
///
/// - `chains`: at least one, at least four draws each, any unit
pub fn ess_mean(chains: &[&[f64]]) -> f64 {
    match rectangle(chains, 1) {
        Some(chains) => ess_of(&split(&chains)),
        None => f64::NAN,
    }
}

/// Effective sample size of the quantile at probability `p`: that of the indicator `x ≤ quantile`.
///
/// NaN as told in the table of this module. Source: [vehtari2021] section 4.3; `arviz.ess(method="quantile")`.
///
/// - `chains`: at least one, at least four draws each, any unit
/// - `p`: 0 ≤ p ≤ 1
pub fn ess_quantile(chains: &[&[f64]], p: f64) -> f64 {
    match rectangle(chains, 1) {
        Some(chains) => quantile_of(&chains, &pooled_sorted(&chains), p),
        None => f64::NAN,
    }
}

/// As `ess_tail`, for a rectangle whose pooled draws are sorted.
pub(super) fn tail_of(chains: &[&[f64]], sorted: &[f64]) -> f64 {
    let low = quantile_of(chains, sorted, 0.05);
    let high = quantile_of(chains, sorted, 0.95);
    if high < low { high } else { low }
}

/// As `ess_quantile`, for a rectangle whose pooled draws are sorted.
pub(super) fn quantile_of(chains: &[&[f64]], sorted: &[f64], p: f64) -> f64 {
    let bound = quantile_sorted(sorted, p);
    let below = |chain: &&[f64]| chain.iter().map(|x| f64::from(u8::from(*x <= bound))).collect();
    let indicator: Vec<Vec<f64>> = chains.iter().map(below).collect();
    let indicator: Vec<&[f64]> = indicator.iter().map(Vec::as_slice).collect();
    ess_of(&split(&indicator))
}

/// Effective sample size of m chains of one length n, as they are.
///
/// ```text
/// ESS = m·n/τ        τ = −1 + 2 Σ_k P[k]        P[k] = ρ[2k] + ρ[2k+1]
/// ρ[t] = 1 − (W − γ[t])/V        W = γ[0]·n/(n − 1)        V = γ[0] + variance of the chain means
/// ```
///
/// with γ the mean autocovariance. The sum ends before the first negative pair, and no pair counts more than the
/// one before it [geyer1992]. τ is at least 1/log₁₀(m·n), so that antithetic chains cannot claim without limit.
pub(super) fn ess_of(chains: &[&[f64]]) -> f64 {
    let n = chains[0].len();
    let size = (chains.len() * n) as f64;
    let (low, high) = extent(chains);
    // The resolution ArviZ takes for "all equal".
    if high - low < 1e-15 {
        return size;
    }
    let mut autocovariance = Autocovariance::new(chains);
    let within = autocovariance.at(0) * n as f64 / (n as f64 - 1.0);
    let mut total = autocovariance.at(0);
    if chains.len() > 1 {
        total += variance(&chains.iter().map(|chain| mean(chain)).collect::<Vec<_>>());
    }
    let rho = |lag: usize, gamma: &mut Autocovariance| 1.0 - (within - gamma.at(lag)) / total;

    let mut even = 1.0;
    let mut odd = rho(1, &mut autocovariance);
    if odd.is_nan() {
        return f64::NAN;
    }
    // `pairs[k]` is P[k], for all pairs but the last computed.
    let mut pairs: Vec<f64> = Vec::new();
    let mut t = 1;
    while t + 3 < n && even + odd > 0.0 {
        pairs.push(even + odd);
        even = rho(t + 1, &mut autocovariance);
        odd = rho(t + 2, &mut autocovariance);
        t += 2;
    }
    // Of the last pair the even lag counts, once, where it is positive; it is not where the sum of the pair is
    // negative, save for chains too short to see the end of their correlation.
    let last = if even > 0.0 || even + odd >= 0.0 { even } else { 0.0 };
    for k in 1..pairs.len() {
        pairs[k] = pairs[k].min(pairs[k - 1]);
    }
    let tau = -1.0 + 2.0 * pairs.iter().sum::<f64>() + last;
    size / tau.max(1.0 / size.log10())
}

/// Smallest and largest draw.
fn extent(chains: &[&[f64]]) -> (f64, f64) {
    let draws = chains.iter().flat_map(|chain| chain.iter());
    draws.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| (low.min(x), high.max(x)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Purpose, stream};
    use rand::RngExt;
    use rand_distr::StandardNormal;

    /// Four chains of `x[t] = rho·x[t−1] + noise`.
    fn autoregressive(rho: f64, n: usize) -> Vec<Vec<f64>> {
        let chain = |c| {
            let mut rng = stream(1, Purpose::Simulation, c);
            let mut x = rng.sample::<f64, _>(StandardNormal) / (1.0 - rho * rho).sqrt();
            let step = |_| {
                x = rho * x + rng.sample::<f64, _>(StandardNormal);
                x
            };
            (0..n).map(step).collect()
        };
        (0..4).map(chain).collect()
    }

    /// ESS over the number of draws is `(1 − ρ)/(1 + ρ)` for an autoregression of order one.
    fn check(rho: f64, tolerance: f64) {
        let chains = autoregressive(rho, 4000);
        let chains: Vec<&[f64]> = chains.iter().map(Vec::as_slice).collect();
        let expected = 16_000.0 * (1.0 - rho) / (1.0 + rho);
        for ess in [ess_mean(&chains), ess_bulk(&chains)] {
            assert!((ess / expected - 1.0).abs() < tolerance, "rho {rho}: {ess} against {expected}");
        }
    }

    #[test]
    fn autoregressive_chains_are_worth_what_theory_says() {
        check(0.0, 0.1);
        check(0.5, 0.15);
        check(0.9, 0.2);
        check(0.98, 0.35);
    }

    #[test]
    fn antithetic_chains_are_worth_more_than_their_draws() {
        let chains = autoregressive(-0.5, 1000);
        let chains: Vec<&[f64]> = chains.iter().map(Vec::as_slice).collect();
        assert!(ess_mean(&chains) > 8000.0);
    }

    #[test]
    fn constant_chains_count_in_full() {
        let chain = [1.5; 9];
        // Eight of nine draws survive the split.
        assert_eq!(ess_bulk(&[&chain, &chain]), 16.0);
        assert_eq!(ess_tail(&[&chain, &chain]), 16.0);
    }

    #[test]
    fn infinities_have_ranks_but_no_mean() {
        let mut chain: Vec<f64> = (0..40).map(|i| f64::from(i * 17 % 40)).collect();
        chain[3] = f64::INFINITY;
        assert!(ess_bulk(&[&chain]).is_finite());
        assert!(ess_mean(&[&chain]).is_nan());
    }
}
