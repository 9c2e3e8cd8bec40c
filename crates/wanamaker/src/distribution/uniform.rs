//! Uniform: `p(x) = 1/(upper − lower)` between the two.

use super::support::Support;
use super::{Univariate, Unsound, finite, need, open_uniform};
use rand::Rng;

/// Uniform between two ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Uniform {
    /// Lower end, finite.
    pub lower: f64,
    /// Upper end, finite, above `lower`.
    pub upper: f64,
}

impl Univariate for Uniform {
    const NAME: &'static str = "uniform";

    fn check(&self) -> Result<(), Unsound> {
        finite("lower", self.lower)?;
        finite("upper", self.upper)?;
        need("upper", self.upper, self.upper > self.lower, "must be above `lower`")
    }

    fn support(&self) -> Support {
        Support::Interval { lower: self.lower, upper: self.upper }
    }

    fn ln_constant(&self) -> f64 {
        -(self.upper - self.lower).ln()
    }

    fn ln_kernel_and_slope(&self, _: f64) -> (f64, f64) {
        (0.0, 0.0)
    }

    fn cdf(&self, x: f64) -> f64 {
        (x - self.lower) / (self.upper - self.lower)
    }

    fn quantile(&self, p: f64) -> f64 {
        self.lower + p * (self.upper - self.lower)
    }

    fn mean(&self) -> f64 {
        self.lower + 0.5 * (self.upper - self.lower)
    }

    fn sd(&self) -> f64 {
        (self.upper - self.lower) / 12f64.sqrt()
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.quantile(open_uniform(rng))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_must_be_in_order() {
        let fault = Uniform { lower: 2.0, upper: 2.0 }.check().unwrap_err();
        assert_eq!((fault.argument, fault.value, fault.rule), ("upper", 2.0, "must be above `lower`"));
    }
}
