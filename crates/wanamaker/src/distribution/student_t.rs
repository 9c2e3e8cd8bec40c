//! Student's t: normal in the middle, heavy in the tails.
//!
//! ```text
//! p(x) = Γ((df + 1)/2) / (Γ(df/2) √(df π) scale) · (1 + z²/df)^(−(df + 1)/2)     z = (x − location)/scale
//! ```

use super::support::Support;
use super::{Univariate, Unsound, finite, positive, standard_t};
use crate::math::special::{beta_lower, invert_on_log_axis, ln_gamma_half_step};
use rand::Rng;
use std::f64::consts::PI;

/// Student's t; there is a mean above one degree of freedom and a standard deviation above two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StudentT {
    /// Degrees of freedom (ν), above 0.
    pub df: f64,
    /// Centre (μ), any finite number.
    pub location: f64,
    /// Scale (σ), above 0; the standard deviation is `scale·√(df/(df − 2))`.
    pub scale: f64,
}

impl Univariate for StudentT {
    const NAME: &'static str = "student_t";

    fn check(&self) -> Result<(), Unsound> {
        positive("df", self.df)?;
        finite("location", self.location)?;
        positive("scale", self.scale)
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn ln_constant(&self) -> f64 {
        ln_constant(self.df) - self.scale.ln()
    }

    fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64) {
        let (kernel, slope) = kernel(self.df, (x - self.location) / self.scale);
        (kernel, slope / self.scale)
    }

    fn cdf(&self, x: f64) -> f64 {
        let z = (x - self.location) / self.scale;
        if z <= 0.0 { lower_tail(self.df, -z) } else { 1.0 - lower_tail(self.df, z) }
    }

    fn quantile(&self, p: f64) -> f64 {
        if p == 0.5 {
            return self.location;
        }
        let z = distance(self.df, p.min(1.0 - p));
        self.location + if p < 0.5 { -self.scale * z } else { self.scale * z }
    }

    fn mean(&self) -> f64 {
        if self.df > 1.0 { self.location } else { f64::NAN }
    }

    fn sd(&self) -> f64 {
        match self.df {
            df if df > 2.0 => self.scale * (df / (df - 2.0)).sqrt(),
            df if df > 1.0 => f64::INFINITY,
            _ => f64::NAN,
        }
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.location + self.scale * standard_t(self.df, rng)
    }
}

/// `ln` of the height at the centre, at scale one.
pub(super) fn ln_constant(df: f64) -> f64 {
    ln_gamma_half_step(0.5 * df) - 0.5 * (df * PI).ln()
}

/// Log density less its constant and its slope, at scale one.
pub(super) fn kernel(df: f64, z: f64) -> (f64, f64) {
    let ratio = z * z / df;
    (-0.5 * (df + 1.0) * ratio.ln_1p(), -(df + 1.0) / df * (z / (1.0 + ratio)))
}

/// `P(T ≤ −z)` for `z ≥ 0`, at scale one.
pub(super) fn lower_tail(df: f64, z: f64) -> f64 {
    0.5 * outside(df, z)
}

/// `P(|T| > z)`: `I(df/(df + z²); df/2, 1/2)`.
pub(super) fn outside(df: f64, z: f64) -> f64 {
    let (near, far) = shares(df, z);
    beta_lower(0.5 * df, 0.5, far, near)
}

/// `P(|T| < z)`: the same with the tails exchanged, exact for small `z`.
pub(super) fn inside(df: f64, z: f64) -> f64 {
    let (near, far) = shares(df, z);
    beta_lower(0.5, 0.5 * df, near, far)
}

/// The `z > 0` with `P(T ≤ −z) = p`, for `p < ½`.
fn distance(df: f64, p: f64) -> f64 {
    invert_on_log_axis(1.0 - 2.0 * p, |z| inside(df, z), |z| outside(df, z))
}

/// `z²/(df + z²)` and `df/(df + z²)`, neither by subtraction nor through an overflowing square.
fn shares(df: f64, z: f64) -> (f64, f64) {
    let ratio = z / df.sqrt();
    let square = ratio * ratio;
    if square.is_finite() { (square / (1.0 + square), 1.0 / (1.0 + square)) } else { (1.0, 0.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_degree_of_freedom_is_a_cauchy() {
        let t = StudentT { df: 1.0, location: 2.0, scale: 3.0 };
        assert!((t.ln_constant() + (3.0 * PI).ln()).abs() < 1e-14);
        assert!((t.quantile(0.75) - 5.0).abs() < 1e-13);
        assert!(t.mean().is_nan() && t.sd().is_nan());
    }

    #[test]
    fn many_degrees_of_freedom_are_a_normal() {
        let t = StudentT { df: 1e12, location: 0.0, scale: 1.0 };
        assert!((t.ln_constant() + crate::math::special::LN_SQRT_2_PI).abs() < 1e-12);
        let (kernel, slope) = t.ln_kernel_and_slope(3.0);
        assert!((kernel + 4.5).abs() < 1e-10 && (slope + 3.0).abs() < 1e-10);
    }
}
