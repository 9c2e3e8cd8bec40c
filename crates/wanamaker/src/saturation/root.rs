//! Root saturation: a power below one. It never reaches a ceiling.
//!
//! ```text
//! h(x) = x^exponent
//! ```
//!
//! `0 < exponent ≤ 1`, dimensionless. The value carries the unit of `x` to that power, so a coefficient on it only
//! means something together with the scale of `x`.

use super::positive;

/// Writes `h(x)` and keeps `ln x` in `aux`.
pub(super) fn forward([exponent]: [f64; 1], x: &[f64], out: &mut [f64], aux: &mut [f64]) {
    let exponent = positive(exponent); // 0⁰ would be 1, and h(0) is 0
    for t in 0..x.len() {
        aux[t] = x[t].ln();
        out[t] = (exponent * aux[t]).exp();
    }
}

/// Value and slope at `x`.
#[inline(always)]
pub(super) fn point([exponent, _]: [f64; 2], x: f64) -> [f64; 2] {
    let value = (exponent * x.ln()).exp();
    [value, if x < f64::MIN_POSITIVE { 0.0 } else { value * exponent / x }]
}

/// `∂h/∂x = exponent·h/x`, `∂h/∂exponent = h·ln x`.
///
/// At `x = 0` the slope is infinite below exponent one; 0 is returned there, as for the Hill curve.
pub(super) fn pullback(
    [exponent]: [f64; 1],
    x: &[f64],
    out: &[f64],
    aux: &[f64],
    d_out: &[f64],
    d_x: &mut [f64],
    d_parameters: &mut [f64],
) {
    let at_zero = if exponent >= 1.0 { 1.0 } else { 0.0 };
    let mut d_exponent = 0.0;
    for t in 0..x.len() {
        let off = x[t] < f64::MIN_POSITIVE;
        let pull = d_out[t] * out[t];
        d_x[t] = if off { d_out[t] * at_zero } else { pull * exponent / x[t] };
        d_exponent += if off { 0.0 } else { pull * aux[t] };
    }
    d_parameters[0] += d_exponent;
}

#[cfg(test)]
mod tests {
    use crate::saturation::Saturation;

    #[test]
    fn one_half_is_the_square_root_and_one_the_identity() {
        for x in [0.0, 1e-12, 0.25, 7.0, 1e12] {
            assert!((Saturation::Root.value(&[0.5], x) - x.sqrt()).abs() <= 1e-14 * x.sqrt());
            assert!((Saturation::Root.value(&[1.0], x) - x).abs() <= 1e-14 * x);
        }
    }

    #[test]
    fn there_is_no_ceiling_and_so_no_half_of_it() {
        assert_eq!(Saturation::Root.half_saturation(&[0.5]), None);
    }
}
