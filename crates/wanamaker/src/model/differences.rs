//! An oracle for gradients in tests: sixth-order central differences at many random points.

/// `∂f/∂x[i]` by a sixth-order central difference with step `h`; its error is of order `h⁶`.
pub fn difference(mut f: impl FnMut(&[f64]) -> f64, at: &[f64], i: usize, h: f64) -> f64 {
    let mut value = |k: f64| {
        let mut x = at.to_vec();
        x[i] += k * h;
        f(&x)
    };
    (45.0 * (value(1.0) - value(-1.0)) - 9.0 * (value(2.0) - value(-2.0)) + value(3.0) - value(-3.0))
        / (60.0 * h)
}

/// `rounds` generators of numbers in (0, 1), each with its own start; independent of the library's own streams.
pub fn uniforms(rounds: u64) -> impl Iterator<Item = impl FnMut() -> f64> {
    (0..rounds).map(|round| {
        let mut state = round.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d;
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 11) as f64 + 0.5) / (1u64 << 53) as f64
        }
    })
}
