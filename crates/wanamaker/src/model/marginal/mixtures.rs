//! Laplace priors as normal ones of a scale that is sampled: the coefficient leaves the sampler, and its kink with it.
//!
//! A peak without a derivative makes every trajectory that crosses it lose its energy, so that steps have to be small. But
//! a Laplace law is a normal one whose standard deviation follows a Rayleigh law [andrews1974]:
//!
//! ```text
//! Laplace(b; m, s) = ∫ Normal(b; m, s·r)·p(v) dv          v = ln r          p(v) = r²·exp(−½r²)
//! ```
//! so that, given `v`, the coefficient is integrated out like any other, and the sampler moves in `v` in its place. With
//! `ẑ` and `A` of the conditional:
//!
//! ```text
//! ∂L/∂v = 2 − r² + ẑ² − (1 − (A⁻¹)_jj)
//! ```

use super::conditional::Conditional;
use super::linear_part::LinearPart;

/// Median of `v`, and half of the range that holds the 38 % around it.
pub const AROUND_PRIOR: (f64, f64) = (0.163, 0.288);

/// The coefficients of a model that are seen this way.
#[derive(Clone, Debug)]
pub struct Mixtures(Vec<Mixture>);

/// One coefficient.
#[derive(Clone, Copy, Debug)]
struct Mixture {
    /// Its number in the linear part.
    coefficient: usize,
    /// The place in the position: of the coefficient in the model's, of `v` in the sampler's.
    free: usize,
    location: f64,
    scale: f64,
}

impl Mixtures {
    /// Those of a linear part.
    pub(super) fn of(part: &LinearPart) -> Self {
        let all = part.coefficients.iter().zip(&part.prior).enumerate();
        let mixed = all.filter(|(_, (_, prior))| prior.is_mixture);
        Self(
            mixed
                .map(|(coefficient, (c, prior))| Mixture {
                    coefficient,
                    free: c.free,
                    location: prior.mean,
                    scale: prior.sd,
                })
                .collect(),
        )
    }

    /// Whether one of them stands at a place in the position.
    pub(super) fn contain(&self, free: usize) -> bool {
        self.0.iter().any(|mixture| mixture.free == free)
    }

    /// From coefficients to a `v` that goes with them, in place: `E(r² | b) = 1 + |b − m|/s`.
    pub(super) fn leave(&self, position: &mut [f64]) {
        for mixture in &self.0 {
            let b = &mut position[mixture.free];
            *b = 0.5 * ((*b - mixture.location).abs() / mixture.scale).ln_1p();
        }
    }

    /// Gives the conditional the standard deviations at `v`: the log density of `v`.
    pub(super) fn place(&self, position: &[f64], conditional: &mut Conditional) -> f64 {
        let mut ln_density = 0.0;
        for mixture in &self.0 {
            let v = position[mixture.free];
            let r = v.exp();
            conditional.set_sd(mixture.coefficient, mixture.scale * r);
            ln_density += 2.0 * v - 0.5 * r * r;
        }
        ln_density
    }

    /// Writes the slopes of the whole density in `v`, after [`Conditional::pull_determinant`].
    pub(super) fn pull(&self, conditional: &Conditional, gradient: &mut [f64]) {
        if self.0.is_empty() {
            return;
        }
        for (j, slope) in conditional.slopes_in_ln_sd() {
            // They stand in the order of the coefficients.
            if let Ok(at) = self.0.binary_search_by_key(&j, |mixture| mixture.coefficient) {
                let Mixture { free, scale, .. } = self.0[at];
                let r = conditional.sd(j) / scale;
                gradient[free] = 2.0 - r * r + slope;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normals_of_all_scales_make_up_a_laplace_law() {
        for b in [0.0, 0.3, -2.0, 5.0_f64] {
            // By the trapezoidal rule over v.
            let (step, n) = (1e-3, 40_000);
            let at = |k: usize| {
                let v = -30.0 + step * k as f64;
                let r = v.exp();
                let normal = (-0.5 * (b / r).powi(2)).exp() / (r * std::f64::consts::TAU.sqrt());
                normal * (2.0 * v - 0.5 * r * r).exp()
            };
            let sum: f64 = (0..n).map(at).sum::<f64>() * step;
            assert!((sum - 0.5 * (-b.abs()).exp()).abs() < 1e-9, "{b}: {sum}");
        }
    }

    #[test]
    fn the_middle_of_the_prior_is_that_of_a_rayleigh_law() {
        let ln_quantile = |p: f64| 0.5 * (-2.0 * (1.0 - p).ln()).ln();
        let (median, half) = AROUND_PRIOR;
        assert!((median - ln_quantile(0.5)).abs() < 1e-3);
        assert!((half - 0.5 * (ln_quantile(0.69) - ln_quantile(0.31))).abs() < 1e-3);
    }
}
