//! Half Student's t: the positive half of a Student's t around 0; a weak prior for a scale.
//!
//! ```text
//! p(x) = 2 Γ((df + 1)/2) / (Γ(df/2) √(df π) scale) · (1 + z²/df)^(−(df + 1)/2)     z = x/scale,  x ≥ 0
//! ```

use super::support::Support;
use super::{Univariate, Unsound, positive, standard_t, student_t};
use crate::math::special::{invert_on_log_axis, ln_gamma_half_step};
use rand::Rng;
use std::f64::consts::{LN_2, PI};

/// The positive half of a Student's t around 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HalfStudentT {
    /// Degrees of freedom (ν), above 0.
    pub df: f64,
    /// Scale of the whole (σ), above 0, unit of `x`.
    pub scale: f64,
}

impl Univariate for HalfStudentT {
    const NAME: &'static str = "half_student_t";

    fn check(&self) -> Result<(), Unsound> {
        positive("df", self.df)?;
        positive("scale", self.scale)
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn ln_constant(&self) -> f64 {
        LN_2 + student_t::ln_constant(self.df) - self.scale.ln()
    }

    fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64) {
        let (kernel, slope) = student_t::kernel(self.df, x / self.scale);
        (kernel, slope / self.scale)
    }

    fn cdf(&self, x: f64) -> f64 {
        student_t::inside(self.df, x / self.scale)
    }

    fn quantile(&self, p: f64) -> f64 {
        let inside = |z| student_t::inside(self.df, z);
        self.scale * invert_on_log_axis(p, inside, |z| student_t::outside(self.df, z))
    }

    /// `2 scale √(df/π) Γ((df + 1)/2) / (Γ(df/2) (df − 1))`.
    fn mean(&self) -> f64 {
        if self.df <= 1.0 {
            return f64::INFINITY;
        }
        2.0 * self.scale * (self.df / PI).sqrt() * ln_gamma_half_step(0.5 * self.df).exp() / (self.df - 1.0)
    }

    /// `E x² = scale² df/(df − 2)`.
    fn sd(&self) -> f64 {
        if self.df <= 2.0 {
            return f64::INFINITY;
        }
        (self.scale * self.scale * self.df / (self.df - 2.0) - self.mean() * self.mean()).sqrt()
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.scale * standard_t(self.df, rng).abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_degree_of_freedom_is_a_half_cauchy() {
        let t = HalfStudentT { df: 1.0, scale: 3.0 };
        assert!((t.quantile(0.5) - 3.0).abs() < 1e-13);
        assert_eq!(t.mean(), f64::INFINITY);
    }
}
