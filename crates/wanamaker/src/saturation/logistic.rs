//! Logistic saturation, the upper half of a logistic curve; the default of PyMC-Marketing.
//!
//! ```text
//! h(x) = (1 − e^{−rate·x}) / (1 + e^{−rate·x}) = tanh(rate·x/2)
//! ```
//!
//! `rate > 0` (λ in that library), per unit of `x`.

use super::pull_rate;
use crate::math::vector::{exp_m1_of_negative, wide};

/// Writes `h(x)` and keeps `(1 − h²)/2 = ∂h/∂(rate·x)` in `aux`.
pub(super) fn forward([rate]: [f64; 1], x: &[f64], out: &mut [f64], aux: &mut [f64]) {
    bend(rate, x, out, aux);
}

wide! {
    fn bend(rate: f64, x: &[f64], out: &mut [f64], aux: &mut [f64]) {
        for ((out, aux), x) in out.iter_mut().zip(aux).zip(x) {
            // Of e = e^{−rate·x} less one: a small x keeps its digits.
            let less = exp_m1_of_negative(-rate * x);
            let (e, whole) = (1.0 + less, 2.0 + less);
            *out = -less / whole;
            *aux = 2.0 * e / (whole * whole);
        }
    }
}

/// Value and slope at `x`.
#[inline(always)]
pub(super) fn point([rate, _]: [f64; 2], x: f64) -> [f64; 2] {
    let less = exp_m1_of_negative(-rate * x);
    let (e, whole) = (1.0 + less, 2.0 + less);
    [-less / whole, rate * (2.0 * e / (whole * whole))]
}

/// `∂h/∂x = rate·(1 − h²)/2`, `∂h/∂rate = x·(1 − h²)/2`.
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

/// `x` with `h(x) = share`: `2·atanh(share)/rate`; half is reached at `ln 3 / rate`.
pub(super) fn inverse([rate]: [f64; 1], share: f64) -> f64 {
    2.0 * share.atanh() / rate
}

#[cfg(test)]
mod tests {
    use crate::saturation::Saturation;

    #[test]
    fn half_is_reached_at_ln_three_over_the_rate() {
        let half = Saturation::Logistic.half_saturation(&[4.0]).unwrap();
        assert!((half - 3f64.ln() / 4.0).abs() < 1e-15);
    }

    #[test]
    fn it_is_the_hyperbolic_tangent_at_half_the_rate() {
        for x in [0.0, 1e-9, 0.3, 2.0, 40.0, 1e9] {
            let (a, b) = (Saturation::Logistic.value(&[0.8], x), Saturation::Tanh.value(&[0.4], x));
            assert!((a - b).abs() <= 4e-16 * b, "{x}");
        }
    }
}
