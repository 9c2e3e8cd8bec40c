//! Leave-one-out cross-validation without fitting again [vehtari2017].
//!
//! ```text
//! elpd_i = ln Σ_s w_is·p(y_i | θ_s)         w_i: smoothed and normalised weights of 1/p(y_i | θ_s)
//! p      = Σ_i ( ln mean_s p(y_i | θ_s) − elpd_i )
//! ```

use super::pareto::smooth;
use super::{error_of_sum, ln_sum_exp};

/// Leave-one-out predictive density.
#[derive(Clone, Debug, PartialEq)]
pub struct Loo {
    /// Sum over observations.
    pub elpd: f64,
    /// Its standard error.
    pub se: f64,
    /// Effective number of parameters.
    pub p: f64,
    /// By observation.
    pub pointwise: Vec<f64>,
    /// Shape of the tail of the weights, by observation: above 0.7 the figure of that observation is not to be trusted.
    pub pareto_k: Vec<f64>,
}

/// From log likelihoods `[observation][draw]`; `relative_ess` is the effective number of draws over their number.
pub fn loo(ln_likelihood: &[Vec<f64>], relative_ess: f64) -> Loo {
    let points: Vec<_> = ln_likelihood.iter().map(|own| LooPoint::of(own, relative_ess)).collect();
    Loo::of(&points)
}

/// One observation left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LooPoint {
    elpd: f64,
    p: f64,
    pareto_k: f64,
}

impl LooPoint {
    /// From its log likelihoods, `[draw]`.
    pub fn of(own: &[f64], relative_ess: f64) -> Self {
        let ratios: Vec<f64> = own.iter().map(|x| -x).collect();
        let smoothed = smooth(&ratios, relative_ess);
        let elpd = ln_sum_exp(smoothed.ln_weights.iter().zip(own).map(|(w, x)| w + x));
        let p = ln_sum_exp(own.iter().copied()) - (own.len() as f64).ln() - elpd;
        Self { elpd, p, pareto_k: smoothed.k }
    }
}

impl Loo {
    /// From all observations.
    pub fn of(points: &[LooPoint]) -> Self {
        let pointwise: Vec<f64> = points.iter().map(|point| point.elpd).collect();
        Self {
            elpd: pointwise.iter().sum(),
            se: error_of_sum(&pointwise),
            p: points.iter().map(|point| point.p).sum(),
            pointwise,
            pareto_k: points.iter().map(|point| point.pareto_k).collect(),
        }
    }
}
