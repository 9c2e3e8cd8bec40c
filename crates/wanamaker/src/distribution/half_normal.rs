//! Half-normal: `p(x) = √(2/π)/sd · exp(−½ (x/sd)²)` for `x ≥ 0`.

use super::support::Support;
use super::{Univariate, Unsound, positive, standard_normal};
use crate::math::special::{LN_SQRT_2_PI, erf, erf_inverse};
use rand::Rng;
use std::f64::consts::{FRAC_2_PI, LN_2, SQRT_2};

/// The positive half of a normal around 0 whose standard deviation is `sd > 0` (σ).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HalfNormal {
    /// Standard deviation of the whole normal, above 0; that of the half is 0.603 of it.
    pub sd: f64,
}

impl Univariate for HalfNormal {
    const NAME: &'static str = "half_normal";

    fn check(&self) -> Result<(), Unsound> {
        positive("sd", self.sd)
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn ln_constant(&self) -> f64 {
        LN_2 - self.sd.ln() - LN_SQRT_2_PI
    }

    fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64) {
        let z = x / self.sd;
        (-0.5 * z * z, -z / self.sd)
    }

    fn cdf(&self, x: f64) -> f64 {
        erf(x / self.sd / SQRT_2)
    }

    fn quantile(&self, p: f64) -> f64 {
        self.sd * SQRT_2 * erf_inverse(p)
    }

    fn mean(&self) -> f64 {
        self.sd * FRAC_2_PI.sqrt()
    }

    fn sd(&self) -> f64 {
        self.sd * (1.0 - FRAC_2_PI).sqrt()
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.sd * standard_normal(rng).abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_median_is_the_quartile_of_the_whole_normal() {
        assert!((HalfNormal { sd: 2.0 }.quantile(0.5) - 2.0 * 0.674_489_750_196_081_7).abs() < 1e-14);
    }
}
