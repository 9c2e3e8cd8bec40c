//! Gamma: `p(x) = rate^shape / Γ(shape) · x^(shape − 1) · exp(−rate·x)` for `x > 0`.

use super::support::Support;
use super::{Univariate, Unsound, positive, standard_gamma};
use crate::math::special::{gamma_lower, gamma_upper, invert_on_log_axis, ln_gamma};
use rand::Rng;

/// Gamma with mean `shape/rate` and standard deviation `√shape/rate`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gamma {
    /// Shape (α), above 0.
    pub shape: f64,
    /// Rate (β), above 0, per unit of `x`.
    pub rate: f64,
}

impl Univariate for Gamma {
    const NAME: &'static str = "gamma";

    fn check(&self) -> Result<(), Unsound> {
        positive("shape", self.shape)?;
        positive("rate", self.rate)
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn ln_constant(&self) -> f64 {
        self.shape * self.rate.ln() - ln_gamma(self.shape)
    }

    fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64) {
        // At shape one the power is no part of it, and 0 · ln 0 must not be formed.
        if self.shape == 1.0 {
            return (-self.rate * x, -self.rate);
        }
        let power = self.shape - 1.0;
        (power * x.ln() - self.rate * x, power / x - self.rate)
    }

    fn cdf(&self, x: f64) -> f64 {
        gamma_lower(self.shape, self.rate * x)
    }

    fn quantile(&self, p: f64) -> f64 {
        invert_on_log_axis(p, |y| gamma_lower(self.shape, y), |y| gamma_upper(self.shape, y)) / self.rate
    }

    fn mean(&self) -> f64 {
        self.shape / self.rate
    }

    fn sd(&self) -> f64 {
        self.shape.sqrt() / self.rate
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        standard_gamma(self.shape, rng) / self.rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;

    #[test]
    fn the_edge_has_the_density_of_the_limit_or_none() {
        let at_zero = |shape| Distribution::Gamma(Gamma { shape, rate: 2.0 }).ln_density(0.0);
        assert_eq!(at_zero(1.0), 2f64.ln());
        assert_eq!((at_zero(0.5), at_zero(3.0)), (f64::NEG_INFINITY, f64::NEG_INFINITY));
    }
}
