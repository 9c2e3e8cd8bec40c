//! Special functions in the forms that keep their digits: sigmoids, the normal tail, log gamma.

use statrs::function::{erf, gamma};

/// `ln √(2π)`.
pub const LN_SQRT_2_PI: f64 = 0.918_938_533_204_672_741_780_329_736_406;

/// `σ(u) = 1 / (1 + e^{−u})`, to full relative precision on both sides.
pub fn sigmoid(u: f64) -> f64 {
    if u >= 0.0 {
        1.0 / (1.0 + (-u).exp())
    } else {
        let e = u.exp();
        e / (1.0 + e)
    }
}

/// `ln σ(u) = −ln(1 + e^{−u})`; about `u` for very negative `u`, never −∞ before `u` is.
pub fn ln_sigmoid(u: f64) -> f64 {
    u.min(0.0) - (-u.abs()).exp().ln_1p()
}

/// `ln Γ(x)` for `x > 0`.
pub fn ln_gamma(x: f64) -> f64 {
    gamma::ln_gamma(x)
}

/// `Φ(z)`, the standard normal distribution function, to relative precision in the lower tail.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * erf::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// `ln(p/(1 − p))`, the inverse of [`sigmoid`].
pub fn logit(p: f64) -> f64 {
    p.ln() - (-p).ln_1p()
}
