//! Normal: `p(x) = exp(−½ ((x − mean)/sd)²) / (sd √(2π))`.

use super::support::Support;
use super::{Univariate, Unsound, finite, positive, standard_normal};
use crate::math::special::{LN_SQRT_2_PI, normal_cdf, normal_quantile};
use rand::Rng;

/// Normal with mean `mean` (μ) and standard deviation `sd > 0` (σ).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal {
    /// Centre, any finite number.
    pub mean: f64,
    /// Standard deviation, above 0.
    pub sd: f64,
}

impl Univariate for Normal {
    const NAME: &'static str = "normal";

    fn check(&self) -> Result<(), Unsound> {
        finite("mean", self.mean)?;
        positive("sd", self.sd)
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn ln_constant(&self) -> f64 {
        -self.sd.ln() - LN_SQRT_2_PI
    }

    fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64) {
        let z = (x - self.mean) / self.sd;
        (-0.5 * z * z, -z / self.sd)
    }

    fn cdf(&self, x: f64) -> f64 {
        normal_cdf((x - self.mean) / self.sd)
    }

    fn quantile(&self, p: f64) -> f64 {
        self.mean + self.sd * normal_quantile(p)
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn sd(&self) -> f64 {
        self.sd
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.mean + self.sd * standard_normal(rng)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_normal_is_at_its_known_height_and_quantile() {
        let normal = Normal { mean: 0.0, sd: 1.0 };
        assert!((normal.ln_constant() + 0.918_938_533_204_672_8).abs() < 1e-15);
        assert!((normal.quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-14);
    }
}
