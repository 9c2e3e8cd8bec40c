//! Michaelis–Menten saturation: the Hill curve of slope one.
//!
//! ```text
//! h(x) = x / (ec50 + x)
//! ```
//!
//! `ec50 > 0`, unit of `x`, where half the effect is reached.

use super::positive;

/// Writes `h(x)` and keeps `ec50 + x` in `aux`.
pub(super) fn forward([ec50]: [f64; 1], x: &[f64], out: &mut [f64], aux: &mut [f64]) {
    let ec50 = positive(ec50);
    for t in 0..x.len() {
        aux[t] = ec50 + x[t];
        out[t] = x[t] / aux[t];
    }
}

/// Value and slope at `x`.
#[inline(always)]
pub(super) fn point([ec50, _]: [f64; 2], x: f64) -> [f64; 2] {
    let whole = ec50 + x;
    [x / whole, ec50 / whole / whole]
}

/// `∂h/∂x = ec50/(ec50 + x)²`, `∂h/∂ec50 = −x/(ec50 + x)²`, each as two quotients so that no square overflows.
pub(super) fn pullback(
    [ec50]: [f64; 1],
    x: &[f64],
    out: &[f64],
    aux: &[f64],
    d_out: &[f64],
    d_x: &mut [f64],
    d_parameters: &mut [f64],
) {
    let ec50 = positive(ec50);
    let mut d_ec50 = 0.0;
    for t in 0..x.len() {
        let pull = d_out[t] / aux[t];
        d_x[t] = pull * (ec50 / aux[t]);
        d_ec50 += pull * out[t];
    }
    d_parameters[0] -= d_ec50;
}

/// `x` with `h(x) = share`: `ec50·share/(1 − share)`.
pub(super) fn inverse([ec50]: [f64; 1], share: f64) -> f64 {
    ec50 * share / (1.0 - share)
}

#[cfg(test)]
mod tests {
    use crate::saturation::Saturation;

    #[test]
    fn it_is_hill_with_slope_one() {
        for x in [0.0, 1e-9, 3.0, 500.0, 1e12] {
            let (a, b) =
                (Saturation::MichaelisMenten.value(&[500.0], x), Saturation::Hill.value(&[1.0, 500.0], x));
            assert!((a - b).abs() <= 1e-14 * b, "{x}");
        }
    }
}
