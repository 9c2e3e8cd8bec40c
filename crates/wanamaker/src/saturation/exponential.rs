//! Exponential saturation: every further unit reaches the same share of what is still to be reached.
//!
//! ```text
//! h(x) = 1 − exp(−rate·x)
//! ```
//!
//! `rate > 0`, per unit of `x`.

/// Writes `h(x)` and keeps `e^{−rate·x}` in `aux`.
pub(super) fn forward([rate]: [f64; 1], x: &[f64], out: &mut [f64], aux: &mut [f64]) {
    for t in 0..x.len() {
        let gain = -(-rate * x[t]).exp_m1();
        out[t] = gain;
        aux[t] = 1.0 - gain;
    }
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
    let mut d_rate = 0.0;
    for t in 0..x.len() {
        let pull = d_out[t] * aux[t];
        d_x[t] = pull * rate;
        d_rate += pull * x[t];
    }
    d_parameters[0] += d_rate;
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
