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
    Waic::of(&ln_likelihood.iter().map(|own| WaicPoint::of(own)).collect::<Vec<_>>())
}

/// One observation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WaicPoint {
    elpd: f64,
    variance: f64,
}

impl WaicPoint {
    /// From its log likelihoods, `[draw]`.
    pub fn of(own: &[f64]) -> Self {
        let n = own.len() as f64;
        let mean = own.iter().sum::<f64>() / n;
        let variance = own.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        let density = ln_sum_exp(own.iter().copied()) - n.ln();
        Self { elpd: density - variance, variance }
    }
}

impl Waic {
    /// From all observations.
    pub fn of(points: &[WaicPoint]) -> Self {
        let pointwise: Vec<f64> = points.iter().map(|point| point.elpd).collect();
        Self {
            elpd: pointwise.iter().sum(),
            se: error_of_sum(&pointwise),
            p: points.iter().map(|point| point.variance).sum(),
            doubtful: points.iter().filter(|point| point.variance > 0.4).count(),
            pointwise,
        }
    }
}
