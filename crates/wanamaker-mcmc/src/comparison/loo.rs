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
    let (mut pointwise, mut pareto_k, mut p) = (Vec::new(), Vec::new(), 0.0);
    for own in ln_likelihood {
        let ratios: Vec<f64> = own.iter().map(|x| -x).collect();
        let smoothed = smooth(&ratios, relative_ess);
        let elpd = ln_sum_exp(smoothed.ln_weights.iter().zip(own).map(|(w, x)| w + x));
        p += ln_sum_exp(own.iter().copied()) - (own.len() as f64).ln() - elpd;
        pointwise.push(elpd);
        pareto_k.push(smoothed.k);
    }
    Loo { elpd: pointwise.iter().sum(), se: error_of_sum(&pointwise), p, pointwise, pareto_k }
}
