//! Weibull: `P(X > x) = exp(−(x/scale)^shape)` for `x > 0`.
//!
//! ```text
//! p(x) = shape/scale · (x/scale)^(shape − 1) · exp(−(x/scale)^shape)
//! ```

use super::support::Support;
use super::{Univariate, Unsound, positive, standard_exponential};
use crate::math::special::ln_gamma;
use rand::Rng;

/// Weibull; shape one is the exponential.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weibull {
    /// Shape (k), above 0.
    pub shape: f64,
    /// Scale (λ), above 0, unit of `x`.
    pub scale: f64,
}

impl Univariate for Weibull {
    const NAME: &'static str = "weibull";

    fn check(&self) -> Result<(), Unsound> {
        positive("shape", self.shape)?;
        positive("scale", self.scale)
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn ln_constant(&self) -> f64 {
        self.shape.ln() - self.scale.ln()
    }

    fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64) {
        if self.shape == 1.0 {
            return (-x / self.scale, -1.0 / self.scale);
        }
        let ln_ratio = x.ln() - self.scale.ln();
        let hazard = (self.shape * ln_ratio).exp();
        let power = self.shape - 1.0;
        (power * ln_ratio - hazard, (power - self.shape * hazard) / x)
    }

    fn cdf(&self, x: f64) -> f64 {
        -(-(x / self.scale).powf(self.shape)).exp_m1()
    }

    fn quantile(&self, p: f64) -> f64 {
        self.scale * (-(-p).ln_1p()).powf(1.0 / self.shape)
    }

    fn mean(&self) -> f64 {
        self.scale * ln_gamma(1.0 + 1.0 / self.shape).exp()
    }

    /// `mean · √(Γ(1 + 2/shape)/Γ(1 + 1/shape)² − 1)`.
    fn sd(&self) -> f64 {
        let spread = ln_gamma(1.0 + 2.0 / self.shape) - 2.0 * ln_gamma(1.0 + 1.0 / self.shape);
        self.mean() * spread.exp_m1().max(0.0).sqrt()
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.scale * standard_exponential(rng).powf(1.0 / self.shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shape_two_has_the_moments_of_a_rayleigh() {
        let weibull = Weibull { shape: 2.0, scale: 2f64.sqrt() };
        assert!((weibull.mean() - (0.5 * std::f64::consts::PI).sqrt()).abs() < 1e-14);
        assert!((weibull.sd() - (2.0 - 0.5 * std::f64::consts::PI).sqrt()).abs() < 1e-14);
    }
}
