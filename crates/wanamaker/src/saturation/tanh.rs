//! Hyperbolic tangent saturation: almost straight at first, then flat sooner than the others.
//!
//! ```text
//! h(x) = tanh(rate·x)
//! ```
//!
//! `rate > 0`, per unit of `x`. PyMC-Marketing's `b·tanh(x/(b·c))` is this with `rate = 1/(b·c)` and coefficient `b`.

/// Writes `h(x)` and keeps `1 − h² = ∂h/∂(rate·x)` in `aux`.
pub(super) fn forward([rate]: [f64; 1], x: &[f64], out: &mut [f64], aux: &mut [f64]) {
    for t in 0..x.len() {
        let less = (-2.0 * rate * x[t]).exp_m1();
        let (e, whole) = (1.0 + less, 2.0 + less);
        out[t] = -less / whole;
        aux[t] = 4.0 * e / (whole * whole);
    }
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
    let mut d_rate = 0.0;
    for t in 0..x.len() {
        let pull = d_out[t] * aux[t];
        d_x[t] = pull * rate;
        d_rate += pull * x[t];
    }
    d_parameters[0] += d_rate;
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
