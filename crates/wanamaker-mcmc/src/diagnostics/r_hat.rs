//! R-hat: whether the chains agree with each other, and each half of a chain with the other.

use super::rank::{Pool, split};
use super::{mean, rectangle, variance};

/// Rank-normalised split R-hat; values below 1.01 are fine.
///
/// ```text
/// R̂ = max(R̂(z), R̂(z of |x − median|))        R̂ = √((B/W + n − 1)/n)
/// ```
///
/// over half chains of length n, with W the mean of their variances and B n times the variance of their means.
/// The first part sees chains in different places, the second chains of different width; ranks keep both
/// meaningful without finite moments.
///
/// - `chains`: at least two, at least four draws each, any unit
///
/// Chains that each stand still at a place of their own give ∞; NaN as told in the table of this module.
/// Source: [vehtari2021] eq. 4 and section 4; equal to `arviz.rhat(method="rank")` of 0.23.4. Where chains have an
/// odd length, `arviz.summary` takes the median before and not after the split, and may differ in the last digits.
pub fn r_hat(chains: &[&[f64]]) -> f64 {
    let Some(chains) = rectangle(chains, 2) else {
        return f64::NAN;
    };
    let halves = split(&chains);
    let bulk = r_hat_of(&Pool::new(&halves).normal_scores().chains());
    r_hat_with_bulk(&halves, bulk)
}

/// As `r_hat`, for half chains whose bulk value is known.
pub(super) fn r_hat_with_bulk(halves: &[&[f64]], bulk: f64) -> f64 {
    let folded = Pool::new(halves).folded();
    let width = if folded.chains().concat().iter().any(|x| x.is_nan()) {
        f64::NAN
    } else {
        r_hat_of(&folded.normal_scores().chains())
    };
    // `f64::max` would drop a NaN in the first place; a comparison keeps it, as ArviZ does.
    if width > bulk { width } else { bulk }
}

/// Plain R-hat of chains of one length.
pub(super) fn r_hat_of(chains: &[&[f64]]) -> f64 {
    let n = chains[0].len() as f64;
    let means: Vec<f64> = chains.iter().map(|chain| mean(chain)).collect();
    let variances: Vec<f64> = chains.iter().map(|chain| variance(chain)).collect();
    let between = n * variance(&means);
    let within = mean(&variances);
    ((between / within + n - 1.0) / n).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_apart_are_seen() {
        let low: Vec<f64> = (0..100).map(|i| f64::from(i * 37 % 100)).collect();
        let high: Vec<f64> = low.iter().map(|x| x + 80.0).collect();
        assert!(r_hat(&[&low, &low]) < 1.01);
        assert!(r_hat(&[&low, &high]) > 1.5);
    }

    #[test]
    fn chains_of_another_width_are_seen() {
        let narrow: Vec<f64> = (0..100).map(|i| f64::from(i * 37 % 100) - 49.5).collect();
        let wide: Vec<f64> = narrow.iter().map(|x| x * 10.0).collect();
        assert!(r_hat(&[&narrow, &wide]) > 1.1);
    }

    #[test]
    fn one_chain_and_constant_chains_have_none() {
        assert!(r_hat(&[&[1.0, 2.0, 3.0, 4.0]]).is_nan());
        assert!(r_hat(&[&[1.5; 10], &[1.5; 10]]).is_nan());
    }
}
