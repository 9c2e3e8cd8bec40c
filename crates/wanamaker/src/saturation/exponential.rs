//! Exponential saturation: every further unit reaches the same share of what is still to be reached.
//!
//! ```text
//! h(x) = 1 − exp(−rate·x)
//! ```
//!
//! `rate > 0`, per unit of `x`.

use super::pull_rate;
use crate::math::vector::{exp_m1_of_negative, wide};

/// Writes `h(x)` and keeps `e^{−rate·x}` in `aux`.
pub(super) fn forward([rate]: [f64; 1], x: &[f64], out: &mut [f64], aux: &mut [f64]) {
    bend(rate, x, out, aux);
}

wide! {
    fn bend(rate: f64, x: &[f64], out: &mut [f64], aux: &mut [f64]) {
        for ((out, aux), x) in out.iter_mut().zip(aux).zip(x) {
            let gain = -exp_m1_of_negative(-rate * x);
            *out = gain;
            *aux = 1.0 - gain;
        }
    }
}

/// Value and slope at `x`.
#[inline(always)]
pub(super) fn point([rate, _]: [f64; 2], x: f64) -> [f64; 2] {
    let gain = -exp_m1_of_negative(-rate * x);
    [gain, rate * (1.0 - gain)]
}

/// `∂h/∂x = rate·e^{−rate·x}`, `∂h/∂rate = x·e^{−rate·x}`.
pub(super) fn pullback(
    [rate]: [f64; 1],
    x: &[f64],
    aux: &[f64],
    d_out: &[f64],
    d_x: &mut [f64],
    d_parameters: &mut [f64],
) {
    d_parameters[0] += pull_rate(rate, x, aux, d_out, d_x);
}

/// `x` with `h(x) = share`: `−ln(1 − share)/rate`.
pub(super) fn inverse([rate]: [f64; 1], share: f64) -> f64 {
    -(-share).ln_1p() / rate
}

#[cfg(test)]
mod tests {
    use crate::saturation::Saturation;

    #[test]
    fn a_tiny_exposure_keeps_its_digits() {
        assert_eq!(Saturation::Exponential.value(&[1.0], 1e-20), 1e-20);
    }

    #[test]
    fn half_is_reached_at_ln_two_over_the_rate() {
        let half = Saturation::Exponential.half_saturation(&[0.5]).unwrap();
        assert!((half - 2.0 * std::f64::consts::LN_2).abs() < 1e-15);
    }
}
