//! Hill saturation: an S when the slope is above one, a plain diminishing return below.
//!
//! ```text
//! h(x) = x^slope / (x^slope + ec50^slope) = σ(z)     z = slope·(ln x − ln ec50)
//! ```
//!
//! `slope > 0`, dimensionless; `ec50 > 0`, unit of `x`, where half the effect is reached. In log space nothing
//! overflows and no constant has to be added to `x`. Worked: slope 2, ec50 500, `x = 0, 250, 500, 750, 1000` gives
//! `0, 0.2, 0.5, 0.6923076923, 0.8`.

use super::positive;
use crate::math::linalg::sum_of_lanes;
use crate::math::vector::{BLOCK, exp, exp_each, in_blocks, ln, ln_each, wide};

/// Writes `h(x)` and keeps `ln x` in `aux`.
pub(super) fn forward([slope, ec50]: [f64; 2], x: &[f64], out: &mut [f64], aux: &mut [f64]) {
    bend(positive(slope), positive(ec50).ln(), x, out, aux);
}

wide! {
    fn bend(slope: f64, ln_ec50: f64, x: &[f64], out: &mut [f64], aux: &mut [f64]) {
        in_blocks!(bend_block(slope, ln_ec50; x; out, aux));
    }
}

#[inline(always)]
fn bend_block(slope: f64, ln_ec50: f64, x: &[f64; BLOCK], out: &mut [f64; BLOCK], ln_x: &mut [f64; BLOCK]) {
    *ln_x = ln_each(x);
    for i in 0..BLOCK {
        out[i] = slope * (ln_ec50 - ln_x[i]);
    }
    *out = exp_each(out);
    for out in out {
        *out = 1.0 / (1.0 + *out);
    }
}

#[inline(always)]
fn share(slope: f64, ln_ec50: f64, ln_x: f64) -> f64 {
    1.0 / (1.0 + exp(slope * (ln_ec50 - ln_x)))
}

/// Slope and `ln ec50`.
pub(super) fn prepared([slope, ec50]: [f64; 2]) -> [f64; 2] {
    [positive(slope), positive(ec50).ln()]
}

/// Value and slope of the prepared curve at `x`.
#[inline(always)]
pub(super) fn point([slope, ln_ec50]: [f64; 2], x: f64) -> [f64; 2] {
    let h = share(slope, ln_ec50, ln(x));
    [h, if x < f64::MIN_POSITIVE { 0.0 } else { h * (1.0 - h) * slope / x }]
}

wide! {
    /// Value and slope of many prepared curves at the same `x`.
    pub(super) fn each_at(slopes: &[f64], ln_ec50: &[f64], x: f64, value: &mut [f64], d_x: &mut [f64]) {
        let (ln_x, per_x) = (ln(x), if x < f64::MIN_POSITIVE { 0.0 } else { 1.0 / x });
        for (((slope, ln_ec50), h), d_x) in slopes.iter().zip(ln_ec50).zip(value).zip(d_x) {
            *h = share(*slope, *ln_ec50, ln_x);
            *d_x = *h * (1.0 - *h) * *slope * per_x;
        }
    }
}

/// With `p = h(1 − h)`: `∂h/∂x = p·slope/x`, `∂h/∂slope = p·(ln x − ln ec50)`, `∂h/∂ec50 = −p·slope/ec50`.
pub(super) fn pullback(
    [slope, ec50]: [f64; 2],
    x: &[f64],
    out: &[f64],
    aux: &[f64],
    d_out: &[f64],
    d_x: &mut [f64],
    d_parameters: &mut [f64],
) {
    let ec50 = positive(ec50);
    let [d_slope, pull] = unbend(slope, ec50.ln(), slope_at_zero(slope, ec50), x, out, aux, d_out, d_x);
    d_parameters[0] += d_slope;
    d_parameters[1] -= pull * slope / ec50;
}

wide! {
    /// Overwrites `d_x`; returns `∂L/∂slope` and `Σ_t p[t]·d_out[t]`.
    fn unbend(
        slope: f64,
        ln_ec50: f64,
        at_zero: f64,
        x: &[f64],
        out: &[f64],
        aux: &[f64],
        d_out: &[f64],
        d_x: &mut [f64],
    ) -> [f64; 2] {
        let (mut d_slope, mut pull) = ([0.0; BLOCK], [0.0; BLOCK]);
        in_blocks!(unbend_block([slope, ln_ec50, at_zero], &mut d_slope, &mut pull; x, out, aux, d_out; d_x));
        [sum_of_lanes(&d_slope), sum_of_lanes(&pull)]
    }
}

#[inline(always)]
fn unbend_block(
    [slope, ln_ec50, at_zero]: [f64; 3],
    d_slope: &mut [f64; BLOCK],
    pull: &mut [f64; BLOCK],
    x: &[f64; BLOCK],
    out: &[f64; BLOCK],
    ln_x: &[f64; BLOCK],
    d_out: &[f64; BLOCK],
    d_x: &mut [f64; BLOCK],
) {
    for i in 0..BLOCK {
        d_x[i] = d_out[i] * out[i] * (1.0 - out[i]);
        pull[i] += d_x[i];
    }
    for i in 0..BLOCK {
        // A dark period has p = 0 and an infinite logarithm: infinity times nothing would be no number.
        let above = if ln_x[i] == f64::NEG_INFINITY { 0.0 } else { ln_x[i] - ln_ec50 };
        d_slope[i] = d_x[i].mul_add(above, d_slope[i]);
    }
    for i in 0..BLOCK {
        d_x[i] = if x[i] < f64::MIN_POSITIVE { d_out[i] * at_zero } else { d_x[i] * slope / x[i] };
    }
}

/// `h'(0)`: 0 for an S, `1/ec50` at slope one. Below one it is infinite, and 0 is returned: whatever moves the
/// exposure of a dark period does so by a factor, and a factor moves zero by nothing.
fn slope_at_zero(slope: f64, ec50: f64) -> f64 {
    if slope == 1.0 { 1.0 / ec50 } else { 0.0 }
}

/// `x` with `h(x) = share`: `ec50·(share/(1 − share))^(1/slope)`; for 0.9, `ec50·9^(1/slope)`.
pub(super) fn inverse([slope, ec50]: [f64; 2], share: f64) -> f64 {
    ec50 * (share / (1.0 - share)).powf(1.0 / slope)
}

/// Where `h'' = 0`: `ec50·((slope − 1)/(slope + 1))^(1/slope)` for an S, else 0.
pub(super) fn inflexion([slope, ec50]: [f64; 2]) -> f64 {
    if slope > 1.0 { ec50 * ((slope - 1.0) / (slope + 1.0)).powf(1.0 / slope) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use crate::saturation::Saturation;

    #[test]
    fn matches_the_worked_example() {
        for (x, expected) in [(0.0, 0.0), (250.0, 0.2), (500.0, 0.5), (750.0, 0.6923076923), (1000.0, 0.8)] {
            assert!((Saturation::Hill.value(&[2.0, 500.0], x) - expected).abs() < 1e-10);
        }
    }

    #[test]
    fn ec90_is_ec50_times_a_root_of_nine() {
        let ec90 = Saturation::Hill.inverse(&[2.0, 500.0], 0.9).unwrap();
        assert!((ec90 - 1500.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_overflows_across_six_hundred_orders_of_magnitude() {
        for (x, ec50, expected) in
            [(1e300, 1e-300, 1.0), (1e-300, 1e300, 0.0), (1e300, 1e300, 0.5), (1e-300, 1e-300, 0.5)]
        {
            for slope in [1.0, 3.0, 1e12] {
                assert_eq!(Saturation::Hill.value(&[slope, ec50], x), expected, "{slope} {ec50} {x}");
                assert!(Saturation::Hill.slope_at(&[slope, ec50], x) >= 0.0);
            }
        }
    }

    #[test]
    fn the_slope_at_zero_is_that_of_the_limit_and_a_dark_period_never_pulls() {
        assert_eq!(Saturation::Hill.slope_at(&[2.0, 5.0], 0.0), 0.0);
        assert_eq!(Saturation::Hill.slope_at(&[1.0, 5.0], 0.0), 0.2);
        assert_eq!(Saturation::Hill.slope_at(&[0.5, 5.0], 0.0), 0.0);
    }
}
