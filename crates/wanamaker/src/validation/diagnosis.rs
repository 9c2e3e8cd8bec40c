//! Accuracy, residuals and prediction of the unseen of one fit, gathered in a single pass over its draws.

use super::accuracy::{FitAccuracy, Gathered, accuracy_of};
use super::information::{Information, information_and};
use super::residuals::{Residuals, residuals_of};
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;

/// What a fit says of its own data.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// Figures of fit, in training and holdout.
    pub accuracy: FitAccuracy,
    /// Posterior mean of every cell, `[geo, time]`, in KPI units.
    pub mean: Vec<f64>,
    /// What is left over.
    pub residuals: Residuals,
    /// Prediction of the unseen.
    pub information: Information,
    /// Predictive draws in KPI units, `[cell][draw]`, a few hundred of them.
    pub predictive: Vec<Vec<f64>>,
}

/// The same as `accuracy`, `residuals` and `information` one by one.
pub fn diagnosis(model: &CompiledModel, posterior: &Posterior, level: f64, seed: u64) -> Diagnosis {
    let n_draws = posterior.n_chains * posterior.n_draws;
    let mut gathered = Gathered::new(model, n_draws, seed);
    let information = information_and(model, posterior, |s, replay| gathered.add(s, replay));
    let predictive = gathered.predictive.clone();
    let mean = gathered.mean();
    let residuals = residuals_of(model, &mean);
    Diagnosis { accuracy: accuracy_of(model, gathered, level), mean, residuals, information, predictive }
}
