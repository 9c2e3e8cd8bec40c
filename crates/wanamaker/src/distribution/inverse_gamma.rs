//! Inverse gamma, the distribution of `1/y` when `y` is gamma.
//!
//! ```text
//! p(x) = scale^shape / Γ(shape) · x^(−shape − 1) · exp(−scale/x)     x > 0
//! ```

use super::support::Support;
use super::{Univariate, Unsound, positive, standard_gamma};
use crate::math::special::{gamma_lower, gamma_upper, invert_on_log_axis, ln_gamma};
use rand::Rng;

/// Inverse gamma with mean `scale/(shape − 1)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InverseGamma {
    /// Shape (α), above 0; there is a mean above 1 and a standard deviation above 2.
    pub shape: f64,
    /// Scale (β), above 0, unit of `x`.
    pub scale: f64,
}

impl Univariate for InverseGamma {
    const NAME: &'static str = "inverse_gamma";

    fn check(&self) -> Result<(), Unsound> {
        positive("shape", self.shape)?;
        positive("scale", self.scale)
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn ln_constant(&self) -> f64 {
        self.shape * self.scale.ln() - ln_gamma(self.shape)
    }

    fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64) {
        let (power, inverse) = (self.shape + 1.0, self.scale / x);
        (-power * x.ln() - inverse, (inverse - power) / x)
    }

    fn cdf(&self, x: f64) -> f64 {
        gamma_upper(self.shape, self.scale / x)
    }

    fn quantile(&self, p: f64) -> f64 {
        // P(X ≤ x) = Q(shape, scale/x): the tails change places.
        let inverse =
            invert_on_log_axis(1.0 - p, |y| gamma_lower(self.shape, y), |y| gamma_upper(self.shape, y));
        self.scale / inverse
    }

    fn mean(&self) -> f64 {
        if self.shape > 1.0 { self.scale / (self.shape - 1.0) } else { f64::INFINITY }
    }

    fn sd(&self) -> f64 {
        if self.shape > 2.0 { self.mean() / (self.shape - 2.0).sqrt() } else { f64::INFINITY }
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.scale / standard_gamma(self.shape, rng)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_that_do_not_exist_are_infinite() {
        let heavy = InverseGamma { shape: 1.5, scale: 1.0 };
        assert_eq!((heavy.mean(), heavy.sd()), (2.0, f64::INFINITY));
        assert_eq!(InverseGamma { shape: 1.0, scale: 1.0 }.mean(), f64::INFINITY);
    }
}
