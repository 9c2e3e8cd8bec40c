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
use crate::math::special::{LN_SQRT_2_PI, bisect, integrate, ln_normal_cdf, normal_cdf, normal_quantile};
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

impl TruncatedNormal {
    /// The parameters in the order of the formula; −∞ and ∞ for no bound.
    pub fn new(mean: f64, sd: f64, lower: f64, upper: f64) -> Self {
        Self { mean, sd, lower, upper }
    }
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
        -self.sd.ln() - LN_SQRT_2_PI - ln_mass(self.standard())
    }

    fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64) {
        let z = (x - self.mean) / self.sd;
        (-0.5 * z * z, -z / self.sd)
    }

    fn cdf(&self, x: f64) -> f64 {
        let below = Self { upper: x, ..*self };
        (ln_mass(below.standard()) - ln_mass(self.standard())).exp().min(1.0)
    }

    fn quantile(&self, p: f64) -> f64 {
        let Span { a, b, width } = self.standard();
        let z = if a > 0.0 {
            -standard_quantile(Span { a: -b, b: -a, width }, 1.0 - p, p)
        } else {
            standard_quantile(Span { a, b, width }, p, 1.0 - p)
        };
        (self.mean + self.sd * z).max(self.lower).min(self.upper)
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
    /// The bounds in standard deviations from the mean.
    fn standard(&self) -> Span {
        let from_mean = |x: f64| (x - self.mean) / self.sd;
        Span {
            a: from_mean(self.lower),
            b: from_mean(self.upper),
            width: (self.upper - self.lower) / self.sd,
        }
    }

    /// The highest point of the density and the integrals of `1, t, t²` times it, `t` the distance from there.
    fn moments(&self) -> (f64, [f64; 3]) {
        let span = self.standard();
        let (peak, (from, to)) = (span.peak(), span.reach());
        let moment = |power: i32| integrate(|t| t.powi(power) * (-t * (peak + 0.5 * t)).exp(), from, to);
        (peak, [moment(0), moment(1), moment(2)])
    }
}

/// A part `a … b` of the standard normal; `width = b − a` is kept beside them, for close bounds lose it.
#[derive(Clone, Copy)]
struct Span {
    a: f64,
    b: f64,
    width: f64,
}

impl Span {
    /// Where the density is highest.
    fn peak(&self) -> f64 {
        0f64.max(self.a).min(self.b)
    }

    /// The part that holds the mass, as distances from the peak: beyond, the density is down by `e^{−40}`.
    fn reach(&self) -> (f64, f64) {
        let peak = self.peak();
        let limit = 80.0 / (peak.abs() + (peak * peak + 80.0).sqrt());
        let from = if peak == self.b { -self.width } else { self.a - peak };
        let to = if peak == self.a { self.width } else { self.b - peak };
        (from.max(-limit), to.min(limit))
    }
}

/// `ln(Φ(b) − Φ(a))` for `a < b`.
fn ln_mass(span: Span) -> f64 {
    if span.a == f64::NEG_INFINITY {
        return ln_normal_cdf(span.b);
    }
    if span.b == f64::INFINITY {
        return ln_normal_cdf(-span.a);
    }
    let (peak, (from, to)) = (span.peak(), span.reach());
    integrate(|t| (-t * (peak + 0.5 * t)).exp(), from, to).ln() - 0.5 * peak * peak - LN_SQRT_2_PI
}

/// The `z` in `a … b`, with `a ≤ 0`, below which the share `p = 1 − rest` of the mass lies.
///
/// Through `Φ⁻¹` from the nearer side. Close to a bound, where the share would drown in the mass beyond it, and where
/// `Φ` underflows, the mass itself is bisected.
fn standard_quantile(span: Span, p: f64, rest: f64) -> f64 {
    let total = ln_mass(span);
    let (before, after) = (normal_cdf(span.a), normal_cdf(-span.b));
    let (share, remainder) = (p * total.exp(), rest * total.exp());
    if total > -600.0 && share > 1e-3 * before {
        let (lower, upper) = (before + share, after + remainder);
        if lower <= upper {
            return normal_quantile(lower);
        } else if remainder > 1e-3 * after {
            return -normal_quantile(upper);
        }
    }
    let (peak, (from, to)) = (span.peak(), span.reach());
    let below = |t: f64| {
        let (z, passed, left) = (peak + t, peak - span.a + t, span.b - peak - t);
        if p <= rest {
            (ln_mass(Span { b: z, width: passed, ..span }) - total).exp() < p
        } else {
            (ln_mass(Span { a: z, width: left, ..span }) - total).exp() > rest
        }
    };
    peak + bisect(from, to, below)
}

#[cfg(test)]
mod tests {
    use super::*;

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
