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
    // `pairs[k]` is P[k]. The last correlation of even lag is kept beside, for the sum ends on it.
    let mut pairs = vec![];
    let mut t = 1;
    while t + 3 < n && even + odd > 0.0 {
        pairs.push(even + odd);
        even = rho(t + 1, &mut autocovariance);
        odd = rho(t + 2, &mut autocovariance);
        t += 2;
    }
    let last = even.max(0.0);
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
