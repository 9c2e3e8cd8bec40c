//! Truncated normal: a normal kept between bounds and raised to carry all the mass.
//!
//! ```text
//! p(x) = exp(−½ z²) / (sd √(2π) (Φ(b) − Φ(a)))     z = (x − mean)/sd,  a = (lower − mean)/sd,  b = (upper − mean)/sd
//! ```
//!
//! Either bound may be infinite. The mass `Φ(b) − Φ(a)` is kept as a logarithm and never formed by subtraction, so
//! bounds far out in one tail, or very close together, keep their digits.

use super::support::Support;
use super::{Univariate, Unsound, finite, need, open_uniform, positive};
use crate::math::special::{LN_SQRT_2_PI, bisect, integrate, ln_normal_cdf, normal_quantile};
use rand::Rng;

/// Normal with mean `mean` and standard deviation `sd` before it is cut to `lower … upper`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TruncatedNormal {
    /// Mean of the whole normal, any finite number, inside the bounds or not.
    pub mean: f64,
    /// Standard deviation of the whole normal, above 0.
    pub sd: f64,
    /// Lower bound, or −∞.
    pub lower: f64,
    /// Upper bound above `lower`, or ∞.
    pub upper: f64,
}

impl Univariate for TruncatedNormal {
    const NAME: &'static str = "truncated_normal";

    fn check(&self) -> Result<(), Unsound> {
        finite("mean", self.mean)?;
        positive("sd", self.sd)?;
        need("lower", self.lower, self.lower < f64::INFINITY, "must be a number below infinity")?;
        need("upper", self.upper, self.upper > f64::NEG_INFINITY, "must be a number above minus infinity")?;
        need("upper", self.upper, self.upper > self.lower, "must be above `lower`")
    }

    fn support(&self) -> Support {
        match (self.lower.is_finite(), self.upper.is_finite()) {
            (false, false) => Support::Real,
            (true, false) => Support::Above(self.lower),
            (false, true) => Support::Below(self.upper),
            (true, true) => Support::Interval { lower: self.lower, upper: self.upper },
        }
    }

    fn ln_constant(&self) -> f64 {
        let (a, b) = self.standard_bounds();
        -self.sd.ln() - LN_SQRT_2_PI - ln_mass(a, b)
    }

    fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64) {
        let z = (x - self.mean) / self.sd;
        (-0.5 * z * z, -z / self.sd)
    }

    fn cdf(&self, x: f64) -> f64 {
        let (a, b) = self.standard_bounds();
        (ln_mass(a, (x - self.mean) / self.sd) - ln_mass(a, b)).exp().min(1.0)
    }

    fn quantile(&self, p: f64) -> f64 {
        let (a, b) = self.standard_bounds();
        let z = if a > 0.0 {
            -standard_quantile(-b, -a, 1.0 - p, p)
        } else {
            standard_quantile(a, b, p, 1.0 - p)
        };
        (self.mean + self.sd * z).clamp(self.lower, self.upper)
    }

    fn mean(&self) -> f64 {
        let (peak, [mass, first, _]) = self.moments();
        self.mean + self.sd * (peak + first / mass)
    }

    fn sd(&self) -> f64 {
        let (_, [mass, first, second]) = self.moments();
        let mean = first / mass;
        self.sd * (second / mass - mean * mean).max(0.0).sqrt()
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.quantile(open_uniform(rng))
    }
}

impl TruncatedNormal {
    /// `(a, b)`, the bounds in standard deviations from the mean.
    fn standard_bounds(&self) -> (f64, f64) {
        ((self.lower - self.mean) / self.sd, (self.upper - self.mean) / self.sd)
    }

    /// The highest point of the density and the integrals of `1, t, t²` times it, `t` the distance from there.
    fn moments(&self) -> (f64, [f64; 3]) {
        let (a, b) = self.standard_bounds();
        let peak = 0f64.clamp(a, b);
        let weight = |t: f64| (-t * (peak + 0.5 * t)).exp();
        let (from, to) = reach(a, b, peak);
        let moment = |power: i32| integrate(|t| t.powi(power) * weight(t), from, to);
        (peak, [moment(0), moment(1), moment(2)])
    }
}

/// The part of `a … b` that holds the mass, as distances from the peak: beyond, the density is down by `e^{−40}`.
fn reach(a: f64, b: f64, peak: f64) -> (f64, f64) {
    let width = 80.0 / (peak.abs() + (peak * peak + 80.0).sqrt());
    ((a - peak).max(-width), (b - peak).min(width))
}

/// `ln(Φ(b) − Φ(a))` for `a < b`.
fn ln_mass(a: f64, b: f64) -> f64 {
    if a == f64::NEG_INFINITY {
        return ln_normal_cdf(b);
    }
    if b == f64::INFINITY {
        return ln_normal_cdf(-a);
    }
    let peak = 0f64.clamp(a, b);
    let (from, to) = reach(a, b, peak);
    integrate(|t| (-t * (peak + 0.5 * t)).exp(), from, to).ln() - 0.5 * peak * peak - LN_SQRT_2_PI
}

/// The `z` in `a … b`, with `a ≤ 0`, below which the share `p = 1 − rest` of the mass lies.
///
/// The lower tail is the side on which `Φ` keeps its digits; the start it gives is mended by bisection where the
/// bounds are too close or too far out for it.
fn standard_quantile(a: f64, b: f64, p: f64, rest: f64) -> f64 {
    let total = ln_mass(a, b);
    if a == f64::NEG_INFINITY && total > -600.0 {
        return normal_quantile(p * total.exp()).min(b);
    }
    let peak = 0f64.clamp(a, b);
    let (from, to) = reach(a, b, peak);
    let below = |t: f64| {
        let z = peak + t;
        if p <= rest { (ln_mass(a, z) - total).exp() < p } else { (ln_mass(z, b) - total).exp() > rest }
    };
    peak + bisect(from, to, below)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::special::normal_cdf;

    #[test]
    fn without_bounds_it_is_the_normal() {
        let whole = TruncatedNormal { mean: 1.0, sd: 2.0, lower: f64::NEG_INFINITY, upper: f64::INFINITY };
        assert!((whole.mean() - 1.0).abs() < 1e-13 && (whole.sd() - 2.0).abs() < 1e-13);
        assert!((whole.cdf(2.0) - normal_cdf(0.5)).abs() < 1e-15);
        assert!((whole.ln_constant() + 2f64.ln() + LN_SQRT_2_PI).abs() < 1e-15);
    }

    #[test]
    fn far_out_it_is_an_exponential_with_the_slope_of_the_tail() {
        // Beyond z = 1000 the density falls like e^{−1000 t}: mean and sd are both 1/1000 past the bound.
        let tail = TruncatedNormal { mean: 0.0, sd: 1.0, lower: 1000.0, upper: f64::INFINITY };
        assert!(((tail.mean() - 1000.0) * 1000.0 - 1.0).abs() < 1e-5);
        assert!((tail.sd() * 1000.0 - 1.0).abs() < 1e-5);
        assert!(((tail.quantile(0.5) - 1000.0) * 1000.0 - std::f64::consts::LN_2).abs() < 1e-5);
    }

    #[test]
    fn close_bounds_leave_a_uniform() {
        let sliver = TruncatedNormal { mean: 0.0, sd: 1.0, lower: 1.0, upper: 1.0 + 1e-9 };
        assert!((sliver.sd() * 12f64.sqrt() / (sliver.upper - sliver.lower) - 1.0).abs() < 1e-6);
        assert!((sliver.ln_constant() - 0.5 + (sliver.upper - sliver.lower).ln()).abs() < 1e-8);
    }
}
