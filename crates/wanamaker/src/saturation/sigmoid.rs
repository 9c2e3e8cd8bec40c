//! Sigmoid saturation: a logistic curve on the natural scale, moved down so that nothing spent earns nothing.
//!
//! ```text
//! h(x) = σ(slope·(x − ec50)) − σ(−slope·ec50) = σ(slope·(x − ec50)) · σ(slope·ec50) · (1 − e^{−slope·x})
//! ```
//!
//! `slope > 0`, per unit of `x`; `ec50 > 0`, unit of `x`: the point of inflexion, which is where half of the ceiling
//! `σ(slope·ec50)` is reached only in the limit of a steep curve. The product form has no cancellation.

use crate::math::special::{logit, sigmoid};

/// Writes `h(x)` and keeps `σ'(slope·(x − ec50))` in `aux`.
pub(super) fn forward([slope, ec50]: [f64; 2], x: &[f64], out: &mut [f64], aux: &mut [f64]) {
    let ceiling = sigmoid(slope * ec50);
    for t in 0..x.len() {
        // One exponential of −|z| gives σ on both sides.
        let z = slope * (x[t] - ec50);
        let e = (-z.abs()).exp();
        let share = if z >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) };
        aux[t] = bell(e);
        out[t] = -share * ceiling * (-slope * x[t]).exp_m1();
    }
}

/// Value and slope at `x`.
#[inline(always)]
pub(super) fn point([slope, ec50]: [f64; 2], x: f64) -> [f64; 2] {
    let z = slope * (x - ec50);
    let e = (-z.abs()).exp();
    let share = if z >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) };
    [-share * sigmoid(slope * ec50) * (-slope * x).exp_m1(), slope * bell(e)]
}

/// `∂h/∂x = slope·σ'(z)`, `∂h/∂slope = (x − ec50)·σ'(z) + ec50·σ'(z0)`, `∂h/∂ec50 = slope·(σ'(z0) − σ'(z))`,
/// with `z = slope·(x − ec50)`, `z0 = slope·ec50`.
pub(super) fn pullback(
    [slope, ec50]: [f64; 2],
    x: &[f64],
    aux: &[f64],
    d_out: &[f64],
    d_x: &mut [f64],
    d_parameters: &mut [f64],
) {
    let at_zero = bell((-slope * ec50).exp());
    let (mut d_slope, mut d_ec50) = (0.0, 0.0);
    for t in 0..x.len() {
        let pull = d_out[t] * aux[t];
        d_x[t] = pull * slope;
        d_slope += pull * (x[t] - ec50) + d_out[t] * at_zero * ec50;
        d_ec50 += d_out[t] * at_zero - pull;
    }
    d_parameters[0] += d_slope;
    d_parameters[1] += d_ec50 * slope;
}

/// `σ'(z) = e/(1 + e)²` from `e = e^{−|z|}`; the same expression for every `z`, so that a dark period cancels exactly.
fn bell(e: f64) -> f64 {
    e / ((1.0 + e) * (1.0 + e))
}

/// `σ(slope·ec50)`, what is approached at the largest exposure.
pub(super) fn ceiling([slope, ec50]: [f64; 2]) -> f64 {
    sigmoid(slope * ec50)
}

/// `x` with `h(x) = share·σ(slope·ec50)`.
pub(super) fn inverse([slope, ec50]: [f64; 2], share: f64) -> f64 {
    let (floor, ceiling) = (sigmoid(-slope * ec50), sigmoid(slope * ec50));
    ec50 + logit(floor + share * ceiling) / slope
}

#[cfg(test)]
mod tests {
    use crate::saturation::Saturation;

    #[test]
    fn a_tiny_exposure_keeps_its_digits() {
        // h(x) ≈ slope·σ'(z0)·x
        let expected = 2.0 * 0.104_993_585_403_506_5 * 1e-18;
        let value = Saturation::Sigmoid.value(&[2.0, 1.0], 1e-18);
        assert!((value - expected).abs() < 1e-14 * expected, "{value:e}");
    }
}
