//! Hyperbolic tangent saturation: almost straight at first, then flat sooner than the others.
//!
//! ```text
//! h(x) = tanh(rate·x)
//! ```
//!
//! `rate > 0`, per unit of `x`. PyMC-Marketing's `b·tanh(x/(b·c))` is this with `rate = 1/(b·c)` and coefficient `b`.

use super::pull_rate;
use crate::math::vector::{exp_m1_of_negative, wide};

/// Writes `h(x)` and keeps `1 − h² = ∂h/∂(rate·x)` in `aux`.
pub(super) fn forward([rate]: [f64; 1], x: &[f64], out: &mut [f64], aux: &mut [f64]) {
    bend(rate, x, out, aux);
}

wide! {
    fn bend(rate: f64, x: &[f64], out: &mut [f64], aux: &mut [f64]) {
        for ((out, aux), x) in out.iter_mut().zip(aux).zip(x) {
            let less = exp_m1_of_negative(-2.0 * rate * x);
            let (e, whole) = (1.0 + less, 2.0 + less);
            *out = -less / whole;
            *aux = 4.0 * e / (whole * whole);
        }
    }
}

/// Value and slope at `x`.
#[inline(always)]
pub(super) fn point([rate, _]: [f64; 2], x: f64) -> [f64; 2] {
    let less = exp_m1_of_negative(-2.0 * rate * x);
    let (e, whole) = (1.0 + less, 2.0 + less);
    [-less / whole, rate * (4.0 * e / (whole * whole))]
}

/// `∂h/∂x = rate·(1 − h²)`, `∂h/∂rate = x·(1 − h²)`.
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

/// `x` with `h(x) = share`: `atanh(share)/rate`.
pub(super) fn inverse([rate]: [f64; 1], share: f64) -> f64 {
    share.atanh() / rate
}

#[cfg(test)]
mod tests {
    use crate::saturation::Saturation;

    #[test]
    fn it_is_the_library_function() {
        for x in [0.0, 1e-300, 1e-8, 0.1, 0.7, 3.0, 19.0, 1e12] {
            let value = Saturation::Tanh.value(&[0.7], x);
            assert!((value - (0.7 * x).tanh()).abs() <= 4e-16 * value, "{x}");
        }
    }
}
