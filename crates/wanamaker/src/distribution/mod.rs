//! Probability distributions of one variable: density with slope, distribution function, quantile, moments, draws.
//!
//! One file per family, each with the same anatomy: the struct with its parameters, the formulas, and what they give
//! in known cases. Densities and slopes are written out; the incomplete gamma and beta functions come from `statrs`.

mod beta;
mod cauchy;
mod exponential;
mod gamma;
mod half_cauchy;
mod half_normal;
mod half_student_t;
mod inverse_gamma;
mod laplace;
#[cfg(test)]
mod laws;
mod log_normal;
mod normal;
mod student_t;
pub mod support;
mod truncated_normal;
mod uniform;
mod weibull;

pub use beta::Beta;
pub use cauchy::Cauchy;
pub use exponential::Exponential;
pub use gamma::Gamma;
pub use half_cauchy::HalfCauchy;
pub use half_normal::HalfNormal;
pub use half_student_t::HalfStudentT;
pub use inverse_gamma::InverseGamma;
pub use laplace::Laplace;
pub use log_normal::LogNormal;
pub use normal::Normal;
pub use student_t::StudentT;
pub use truncated_normal::TruncatedNormal;
pub use uniform::Uniform;
pub use weibull::Weibull;

use rand::Rng;
use support::Support;

/// A parameter that its family forbids.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unsound {
    /// Name of the parameter, e.g. `sd`.
    pub argument: &'static str,
    /// Its value.
    pub value: f64,
    /// What it has to obey, to be read after the name: "must be above 0 and finite".
    pub rule: &'static str,
}

/// What every family answers. Points are inside the support and probabilities strictly between 0 and 1; the ends
/// are settled once, in [`Distribution`].
trait Univariate {
    /// The family's name in a spec.
    const NAME: &'static str;
    /// Whether the parameters are sound.
    fn check(&self) -> Result<(), Unsound>;
    fn support(&self) -> Support;
    /// The part of the log density that does not move with `x`.
    fn ln_constant(&self) -> f64;
    /// The rest of the log density, and its derivative in `x`.
    fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64);
    fn cdf(&self, x: f64) -> f64;
    fn quantile(&self, p: f64) -> f64;
    fn mean(&self) -> f64;
    fn sd(&self) -> f64;
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64;
}

/// A distribution with its parameters.
///
/// Parameters outside their range are no panic, but numbers that mean nothing; ask [`check`](Self::check) first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distribution {
    /// Normal.
    Normal(Normal),
    /// Normal between bounds.
    TruncatedNormal(TruncatedNormal),
    /// The positive half of a normal around 0.
    HalfNormal(HalfNormal),
    /// Log-normal.
    LogNormal(LogNormal),
    /// Gamma.
    Gamma(Gamma),
    /// Inverse gamma.
    InverseGamma(InverseGamma),
    /// Beta.
    Beta(Beta),
    /// Exponential.
    Exponential(Exponential),
    /// Laplace.
    Laplace(Laplace),
    /// Student's t.
    StudentT(StudentT),
    /// The positive half of a Student's t around 0.
    HalfStudentT(HalfStudentT),
    /// Cauchy.
    Cauchy(Cauchy),
    /// The positive half of a Cauchy around 0.
    HalfCauchy(HalfCauchy),
    /// Uniform.
    Uniform(Uniform),
    /// Weibull.
    Weibull(Weibull),
    /// One value held fixed: no dimension of the model, log density 0, slope 0.
    Fixed(f64),
}

/// The same expression for every family, since a generic method cannot be called through a trait object.
macro_rules! each {
    ($distribution:expr, fixed $value:ident => $fixed:expr, $d:ident => $answer:expr) => {
        match $distribution {
            Distribution::Normal($d) => $answer,
            Distribution::TruncatedNormal($d) => $answer,
            Distribution::HalfNormal($d) => $answer,
            Distribution::LogNormal($d) => $answer,
            Distribution::Gamma($d) => $answer,
            Distribution::InverseGamma($d) => $answer,
            Distribution::Beta($d) => $answer,
            Distribution::Exponential($d) => $answer,
            Distribution::Laplace($d) => $answer,
            Distribution::StudentT($d) => $answer,
            Distribution::HalfStudentT($d) => $answer,
            Distribution::Cauchy($d) => $answer,
            Distribution::HalfCauchy($d) => $answer,
            Distribution::Uniform($d) => $answer,
            Distribution::Weibull($d) => $answer,
            Distribution::Fixed($value) => $fixed,
        }
    };
}

impl Distribution {
    /// The family's name as a spec writes it, e.g. `half_normal`.
    pub fn name(&self) -> &'static str {
        fn name_of<D: Univariate>(_: &D) -> &'static str {
            D::NAME
        }
        each!(self, fixed _value => "fixed", d => name_of(d))
    }

    /// Whether the parameters are ones the family allows; else the first that is not, and the rule it breaks.
    pub fn check(&self) -> Result<(), Unsound> {
        each!(self, fixed value => finite("value", *value), d => d.check())
    }

    /// Where its draws lie. The whole line for a fixed value, which has no coordinate anyway.
    pub fn support(&self) -> Support {
        each!(self, fixed _value => Support::Real, d => d.support())
    }

    /// The part of [`ln_density`](Self::ln_density) that does not move with `x`; a model may add it up once.
    pub fn ln_constant(&self) -> f64 {
        each!(self, fixed _value => 0.0, d => d.ln_constant())
    }

    /// `ln p(x)` less [`ln_constant`](Self::ln_constant), and `d ln p(x) / dx`.
    ///
    /// Off the support, and where the density has no finite value on its edge: −∞ and slope 0.
    pub fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64) {
        if !self.support().admits(x) {
            return (f64::NEG_INFINITY, 0.0);
        }
        let (kernel, slope) = each!(self, fixed _value => (0.0, 0.0), d => d.ln_kernel_and_slope(x));
        if kernel.is_finite() { (kernel, slope) } else { (f64::NEG_INFINITY, 0.0) }
    }

    /// `ln p(x)`, normalised; −∞ off the support.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_density_and_slope(x).0
    }

    /// `ln p(x)`, normalised, and `d ln p(x) / dx`; −∞ and 0 off the support.
    pub fn ln_density_and_slope(&self, x: f64) -> (f64, f64) {
        let (kernel, slope) = self.ln_kernel_and_slope(x);
        (kernel + self.ln_constant(), slope)
    }

    /// `P(X ≤ x)`, to relative precision in the lower tail.
    pub fn cdf(&self, x: f64) -> f64 {
        let (lower, upper) = self.support().bounds();
        if let Self::Fixed(value) = *self {
            return if x >= value { 1.0 } else { 0.0 };
        }
        if x.is_nan() {
            f64::NAN
        } else if x <= lower {
            0.0
        } else if x >= upper {
            1.0
        } else {
            each!(self, fixed _value => f64::NAN, d => d.cdf(x))
        }
    }

    /// The `x` with `P(X ≤ x) = p`; the ends of the support at 0 and 1, NaN outside.
    pub fn quantile(&self, p: f64) -> f64 {
        let (lower, upper) = self.support().bounds();
        each!(self, fixed value => *value, d => match p {
            0.0 => lower,
            1.0 => upper,
            p if p > 0.0 && p < 1.0 => d.quantile(p),
            _ => f64::NAN,
        })
    }

    /// Half of the mass lies below.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// Expected value; ∞ where the integral grows without bound, NaN where there is none.
    pub fn mean(&self) -> f64 {
        each!(self, fixed value => *value, d => d.mean())
    }

    /// Standard deviation; ∞ where the integral grows without bound, NaN where there is no mean.
    pub fn sd(&self) -> f64 {
        each!(self, fixed _value => 0.0, d => d.sd())
    }

    /// One draw.
    pub fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        each!(self, fixed value => *value, d => d.sample(rng))
    }
}

fn finite(argument: &'static str, value: f64) -> Result<(), Unsound> {
    need(argument, value, value.is_finite(), "must be a finite number")
}

fn positive(argument: &'static str, value: f64) -> Result<(), Unsound> {
    need(argument, value, value.is_finite() && value > 0.0, "must be above 0 and finite")
}

fn need(argument: &'static str, value: f64, holds: bool, rule: &'static str) -> Result<(), Unsound> {
    if holds { Ok(()) } else { Err(Unsound { argument, value, rule }) }
}

/// A uniform draw that is neither 0 nor 1, for inversion.
fn open_uniform<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    use rand_distr::{Distribution as _, Open01};
    Open01.sample(rng)
}

/// A standard normal draw.
fn standard_normal<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    use rand_distr::{Distribution as _, StandardNormal};
    StandardNormal.sample(rng)
}

/// A standard exponential draw.
fn standard_exponential<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    use rand_distr::{Distribution as _, Exp1};
    Exp1.sample(rng)
}

/// A gamma draw of rate one; NaN for a shape that [`Univariate::check`] would have refused.
fn standard_gamma<R: Rng + ?Sized>(shape: f64, rng: &mut R) -> f64 {
    use rand_distr::Distribution as _;
    rand_distr::Gamma::new(shape, 1.0).map_or(f64::NAN, |gamma| gamma.sample(rng))
}

/// A draw of Student's t around 0 with scale 1; NaN for degrees of freedom that `check` would have refused.
fn standard_t<R: Rng + ?Sized>(df: f64, rng: &mut R) -> f64 {
    use rand_distr::Distribution as _;
    rand_distr::StudentT::new(df).map_or(f64::NAN, |t| t.sample(rng))
}
