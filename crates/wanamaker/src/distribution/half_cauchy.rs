//! Half-Cauchy: `p(x) = 2 / (π scale (1 + (x/scale)²))` for `x ≥ 0`. Its mean is infinite.

use super::support::Support;
use super::{Univariate, Unsound, cauchy, open_uniform, positive};
use rand::Rng;
use std::f64::consts::{FRAC_2_PI, FRAC_PI_2, PI};

/// The positive half of a Cauchy around 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HalfCauchy {
    /// Median, above 0, unit of `x`.
    pub scale: f64,
}

impl Univariate for HalfCauchy {
    const NAME: &'static str = "half_cauchy";

    fn check(&self) -> Result<(), Unsound> {
        positive("scale", self.scale)
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn ln_constant(&self) -> f64 {
        FRAC_2_PI.ln() - self.scale.ln()
    }

    fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64) {
        let (kernel, slope) = cauchy::kernel(x / self.scale);
        (kernel, slope / self.scale)
    }

    fn cdf(&self, x: f64) -> f64 {
        FRAC_2_PI * (x / self.scale).atan()
    }

    fn quantile(&self, p: f64) -> f64 {
        // Near one the tangent is taken from the other side, where the angle keeps its digits.
        self.scale * if p < 0.5 { (FRAC_PI_2 * p).tan() } else { 1.0 / (0.5 * PI * (1.0 - p)).tan() }
    }

    fn mean(&self) -> f64 {
        f64::INFINITY
    }

    fn sd(&self) -> f64 {
        f64::INFINITY
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.quantile(open_uniform(rng))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_scale() {
        assert!((HalfCauchy { scale: 3.0 }.quantile(0.5) - 3.0).abs() < 1e-14);
    }
}
