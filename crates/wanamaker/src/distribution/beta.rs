//! Beta: `p(x) = x^(alpha − 1) (1 − x)^(beta − 1) / B(alpha, beta)` for `0 < x < 1`.

use super::support::Support;
use super::{Univariate, Unsound, positive};
use crate::math::special::{beta_lower, invert_on_logit_axis, ln_beta};
use rand::Rng;

/// Beta with mean `alpha/(alpha + beta)`: as if `alpha` successes and `beta` failures had been seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beta {
    /// Pull towards one (α), above 0.
    pub alpha: f64,
    /// Pull towards zero (β), above 0.
    pub beta: f64,
}

impl Univariate for Beta {
    const NAME: &'static str = "beta";

    fn check(&self) -> Result<(), Unsound> {
        positive("alpha", self.alpha)?;
        positive("beta", self.beta)
    }

    fn support(&self) -> Support {
        Support::UnitInterval
    }

    fn ln_constant(&self) -> f64 {
        -ln_beta(self.alpha, self.beta)
    }

    fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64) {
        // A power of zero is left out, so that beta(1, ·) has its value at 0 and beta(·, 1) at 1.
        let (mut kernel, mut slope) = (0.0, 0.0);
        if self.alpha != 1.0 {
            kernel += (self.alpha - 1.0) * x.ln();
            slope += (self.alpha - 1.0) / x;
        }
        if self.beta != 1.0 {
            kernel += (self.beta - 1.0) * (-x).ln_1p();
            slope -= (self.beta - 1.0) / (1.0 - x);
        }
        (kernel, slope)
    }

    fn cdf(&self, x: f64) -> f64 {
        beta_lower(self.alpha, self.beta, x, 1.0 - x)
    }

    fn quantile(&self, p: f64) -> f64 {
        invert_on_logit_axis(
            p,
            |x, rest| beta_lower(self.alpha, self.beta, x, rest),
            |x, rest| beta_lower(self.beta, self.alpha, rest, x),
        )
    }

    fn mean(&self) -> f64 {
        self.alpha / (self.alpha + self.beta)
    }

    fn sd(&self) -> f64 {
        let total = self.alpha + self.beta;
        (self.mean() * (self.beta / total) / (total + 1.0)).sqrt()
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        use rand_distr::Distribution as _;
        rand_distr::Beta::new(self.alpha, self.beta).map_or(f64::NAN, |beta| beta.sample(rng))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;

    #[test]
    fn one_and_three_is_a_cube() {
        // P(X > x) = (1 − x)³
        let beta = Beta { alpha: 1.0, beta: 3.0 };
        assert!((beta.cdf(0.4) - (1.0 - 0.216)).abs() < 1e-15);
        assert!((beta.quantile(0.784) - 0.4).abs() < 1e-15);
        assert!((Distribution::Beta(beta).ln_density(0.0) - 3f64.ln()).abs() < 1e-14);
    }
}
