//! Binomial adstock: a window that closes smoothly, whose one parameter bends it from a pulse to a block.
//!
//! ```text
//! a[t] = Σ_{l=0}^{L-1} w[l] · x[t-l]     w[l] = (1 − l/W)^(1/decay − 1), divided by their sum when normalised
//! ```
//!
//! `decay` in (0, 1], dimensionless: near 0 a pulse, 1/2 a straight line, 1 a block. `W` is `L + 1` after
//! PyMC-Marketing or `L` after Meridian; see [`BinomialConvention`].

use super::{BinomialConvention, Pull, normalise};

/// Writes `w[l]`.
pub(super) fn weights(decay: f64, normalize: bool, convention: BinomialConvention, weights: &mut [f64]) {
    let end = convention.end(weights.len());
    let exponent = exponent(decay);
    for (l, weight) in weights.iter_mut().enumerate() {
        *weight = if l == 0 { 1.0 } else { (exponent * ln_base(l, end)).exp() };
    }
    if normalize {
        normalise(weights);
    }
}

/// `∂L/∂decay` from `∂L/∂w`, with `∂w/∂decay = −w · ln(1 − l/W) / decay²`.
pub(super) fn weights_pullback(
    decay: f64,
    normalize: bool,
    convention: BinomialConvention,
    weights: &[f64],
    d_weights: &[f64],
) -> f64 {
    let pull = Pull::new(normalize, weights, d_weights, 0);
    let end = convention.end(weights.len());
    let (exponent, ln_square) = (exponent(decay), 2.0 * decay.max(f64::MIN_POSITIVE).ln());
    let mut d_decay = 0.0;
    for (l, d_weight) in d_weights.iter().enumerate().skip(1) {
        let ln_base = ln_base(l, end);
        // In logarithms: near decay 0 the weight vanishes faster than decay² and 0/0 has the limit 0.
        d_decay -= pull.raw(*d_weight) * ln_base * (exponent * ln_base - ln_square).exp();
    }
    d_decay
}

/// `1/decay − 1`; a decay that rounded to 0 counts as the smallest there is.
fn exponent(decay: f64) -> f64 {
    1.0 / decay.max(f64::MIN_POSITIVE) - 1.0
}

/// `ln(1 − l/W)`.
fn ln_base(l: usize, end: f64) -> f64 {
    (-(l as f64) / end).ln_1p()
}

#[cfg(test)]
mod tests {
    use crate::adstock::{Adstock, BinomialConvention};

    fn weights(decay: f64, convention: BinomialConvention) -> Vec<f64> {
        let mut weights = vec![0.0; 4];
        Adstock::Binomial { window: 4, normalize: false, convention }.weights(&[decay], &mut weights);
        weights
    }

    #[test]
    fn one_half_is_a_straight_line_to_the_end_of_the_convention() {
        let ours = weights(0.5, BinomialConvention::WindowPlusOne);
        let meridian = weights(0.5, BinomialConvention::Window);
        for l in 0..4 {
            assert!((ours[l] - (1.0 - l as f64 / 5.0)).abs() < 1e-15);
            assert!((meridian[l] - (1.0 - l as f64 / 4.0)).abs() < 1e-15);
        }
    }

    #[test]
    fn one_is_a_block_and_zero_a_pulse() {
        for convention in [BinomialConvention::WindowPlusOne, BinomialConvention::Window] {
            assert_eq!(weights(1.0, convention), [1.0; 4]);
            assert_eq!(weights(0.0, convention), [1.0, 0.0, 0.0, 0.0]);
        }
    }
}
