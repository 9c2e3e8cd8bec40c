//! Laplace: `p(x) = exp(−|x − location|/scale) / (2 scale)`.

use super::support::Support;
use super::{Univariate, Unsound, finite, open_uniform, positive};
use rand::Rng;
use std::f64::consts::{LN_2, SQRT_2};

/// Laplace, or double exponential, with standard deviation `√2·scale`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Laplace {
    /// Centre (μ), any finite number.
    pub location: f64,
    /// Mean distance from the centre (b), above 0.
    pub scale: f64,
}

impl Univariate for Laplace {
    const NAME: &'static str = "laplace";

    fn check(&self) -> Result<(), Unsound> {
        finite("location", self.location)?;
        positive("scale", self.scale)
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn ln_constant(&self) -> f64 {
        -LN_2 - self.scale.ln()
    }

    /// At the centre, where the slope jumps, it is 0.
    fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64) {
        let z = (x - self.location) / self.scale;
        let slope = if z == 0.0 { 0.0 } else { -z.signum() / self.scale };
        (-z.abs(), slope)
    }

    fn cdf(&self, x: f64) -> f64 {
        let z = (x - self.location) / self.scale;
        if z < 0.0 { 0.5 * z.exp() } else { 1.0 - 0.5 * (-z).exp() }
    }

    fn quantile(&self, p: f64) -> f64 {
        let z = if p < 0.5 { (2.0 * p).ln() } else { -(2.0 * (1.0 - p)).ln() };
        self.location + self.scale * z
    }

    fn mean(&self) -> f64 {
        self.location
    }

    fn sd(&self) -> f64 {
        SQRT_2 * self.scale
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.quantile(open_uniform(rng))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corner_at_the_centre_has_no_slope_to_either_side() {
        let laplace = Laplace { location: 1.0, scale: 0.5 };
        assert_eq!(laplace.ln_kernel_and_slope(1.0), (0.0, 0.0));
        assert_eq!(laplace.ln_kernel_and_slope(2.0), (-2.0, -2.0));
    }
}
