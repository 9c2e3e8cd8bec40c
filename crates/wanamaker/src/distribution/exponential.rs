//! Exponential: `p(x) = rate · exp(−rate·x)` for `x ≥ 0`.

use super::support::Support;
use super::{Univariate, Unsound, positive, standard_exponential};
use rand::Rng;

/// Exponential with mean and standard deviation `1/rate`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential {
    /// Rate (λ), above 0, per unit of `x`.
    pub rate: f64,
}

impl Univariate for Exponential {
    const NAME: &'static str = "exponential";

    fn check(&self) -> Result<(), Unsound> {
        positive("rate", self.rate)
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn ln_constant(&self) -> f64 {
        self.rate.ln()
    }

    fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64) {
        (-self.rate * x, -self.rate)
    }

    fn cdf(&self, x: f64) -> f64 {
        -(-self.rate * x).exp_m1()
    }

    fn quantile(&self, p: f64) -> f64 {
        -(-p).ln_1p() / self.rate
    }

    fn mean(&self) -> f64 {
        1.0 / self.rate
    }

    fn sd(&self) -> f64 {
        1.0 / self.rate
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        standard_exponential(rng) / self.rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_ln_two_over_the_rate() {
        assert!((Exponential { rate: 4.0 }.quantile(0.5) - std::f64::consts::LN_2 / 4.0).abs() < 1e-16);
    }
}
