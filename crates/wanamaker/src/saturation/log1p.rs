//! Logarithmic saturation: each doubling adds the same. It never reaches a ceiling.
//!
//! ```text
//! h(x) = ln(1 + x/scale)
//! ```
//!
//! `scale > 0`, unit of `x`: below it the curve is almost straight.

use super::positive;

/// Writes `h(x)` and keeps `scale + x` in `aux`.
pub(super) fn forward([scale]: [f64; 1], x: &[f64], out: &mut [f64], aux: &mut [f64]) {
    let scale = positive(scale);
    let ln_scale = scale.ln();
    for t in 0..x.len() {
        let ratio = x[t] / scale;
        aux[t] = scale + x[t];
        out[t] = if ratio.is_finite() { ratio.ln_1p() } else { x[t].ln() - ln_scale };
    }
}

/// Value and slope at `x`.
#[inline(always)]
pub(super) fn point([scale, _]: [f64; 2], x: f64) -> [f64; 2] {
    let ratio = x / scale;
    let value = if ratio.is_finite() { ratio.ln_1p() } else { x.ln() - scale.ln() };
    [value, 1.0 / (scale + x)]
}

/// `∂h/∂x = 1/(scale + x)`, `∂h/∂scale = −x/(scale + x)/scale`.
pub(super) fn pullback(
    [scale]: [f64; 1],
    x: &[f64],
    aux: &[f64],
    d_out: &[f64],
    d_x: &mut [f64],
    d_parameters: &mut [f64],
) {
    let mut d_scale = 0.0;
    for t in 0..x.len() {
        d_x[t] = d_out[t] / aux[t];
        d_scale += d_out[t] * (x[t] / aux[t]);
    }
    d_parameters[0] -= d_scale / positive(scale);
}

#[cfg(test)]
mod tests {
    use crate::saturation::Saturation;

    #[test]
    fn it_is_straight_far_below_the_scale_and_a_logarithm_far_above() {
        assert_eq!(Saturation::Log1p.value(&[1e6], 1e-12), 1e-18);
        let expected = 600.0 * std::f64::consts::LN_10;
        assert!((Saturation::Log1p.value(&[1e-300], 1e300) - expected).abs() < 1e-11);
    }
}
