//! Cauchy: `p(x) = 1 / (π scale (1 + z²))` with `z = (x − location)/scale`. It has no mean.

use super::support::Support;
use super::{Univariate, Unsound, finite, open_uniform, positive};
use rand::Rng;
use std::f64::consts::PI;

/// Cauchy, Student's t with one degree of freedom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cauchy {
    /// Median, any finite number.
    pub location: f64,
    /// Half the interquartile range, above 0.
    pub scale: f64,
}

impl Univariate for Cauchy {
    const NAME: &'static str = "cauchy";

    fn check(&self) -> Result<(), Unsound> {
        finite("location", self.location)?;
        positive("scale", self.scale)
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn ln_constant(&self) -> f64 {
        -PI.ln() - self.scale.ln()
    }

    fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64) {
        let (kernel, slope) = kernel((x - self.location) / self.scale);
        (kernel, slope / self.scale)
    }

    fn cdf(&self, x: f64) -> f64 {
        // The angle from the negative axis: ½ + arctan(z)/π without its cancellation in the lower tail.
        1f64.atan2(-(x - self.location) / self.scale) / PI
    }

    fn quantile(&self, p: f64) -> f64 {
        self.location + self.scale * if p < 0.5 { -cotangent(p) } else { cotangent(1.0 - p) }
    }

    fn mean(&self) -> f64 {
        f64::NAN
    }

    fn sd(&self) -> f64 {
        f64::NAN
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.quantile(open_uniform(rng))
    }
}

/// `−ln(1 + z²)` and its slope `−2z/(1 + z²)`, also where the square overflows.
pub(super) fn kernel(z: f64) -> (f64, f64) {
    if z.abs() > 1e100 {
        (-2.0 * z.abs().ln(), -2.0 / z)
    } else {
        (-(z * z).ln_1p(), -2.0 * z / (1.0 + z * z))
    }
}

/// `cot(π p)` for `0 < p ≤ ½`.
fn cotangent(p: f64) -> f64 {
    if p == 0.5 { 0.0 } else { 1.0 / (PI * p).tan() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quartiles_are_one_scale_away() {
        let cauchy = Cauchy { location: 2.0, scale: 3.0 };
        assert!((cauchy.quantile(0.25) + 1.0).abs() < 1e-14 && (cauchy.quantile(0.75) - 5.0).abs() < 1e-14);
        assert!((cauchy.cdf(-1.0) - 0.25).abs() < 1e-15);
    }

    #[test]
    fn the_far_tail_keeps_its_digits() {
        let cauchy = Cauchy { location: 0.0, scale: 1.0 };
        assert!((cauchy.cdf(-1e20) * PI * 1e20 - 1.0).abs() < 1e-14);
    }
}
