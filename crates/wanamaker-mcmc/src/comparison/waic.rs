//! The widely applicable information criterion of [watanabe2010].
//!
//! ```text
//! elpd_i = ln mean_s p(y_i | θ_s) − Var_s ln p(y_i | θ_s)
//! ```

use super::{error_of_sum, ln_sum_exp};

/// WAIC on the scale of `elpd`.
#[derive(Clone, Debug, PartialEq)]
pub struct Waic {
    /// Sum over observations.
    pub elpd: f64,
    /// Its standard error.
    pub se: f64,
    /// Effective number of parameters, the sum of the variances.
    pub p: f64,
    /// By observation.
    pub pointwise: Vec<f64>,
    /// Observations whose variance is above 0.4, for which the figure is not to be trusted.
    pub doubtful: usize,
}

/// From log likelihoods `[observation][draw]`.
pub fn waic(ln_likelihood: &[Vec<f64>]) -> Waic {
    let variance = |x: &[f64]| {
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64
    };
    let variances: Vec<f64> = ln_likelihood.iter().map(|own| variance(own)).collect();
    let density = |own: &Vec<f64>| ln_sum_exp(own.iter().copied()) - (own.len() as f64).ln();
    let pointwise: Vec<f64> = ln_likelihood.iter().zip(&variances).map(|(own, v)| density(own) - v).collect();
    Waic {
        elpd: pointwise.iter().sum(),
        se: error_of_sum(&pointwise),
        p: variances.iter().sum(),
        doubtful: variances.iter().filter(|v| **v > 0.4).count(),
        pointwise,
    }
}
