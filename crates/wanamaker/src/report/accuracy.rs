//! How well the model follows the KPI, in training and in the periods held back.

use super::figures::{Estimate, finite};
use super::study::Study;
use crate::validation::accuracy::Accuracy;
use schemars::JsonSchema;
use serde::Serialize;

/// Figures of fit.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AccuracyTable {
    /// Training, then holdout where there is one.
    pub rows: Vec<AccuracyRow>,
    /// Share of variance that the mean explains, by draw.
    pub bayesian_r_squared: Estimate,
    /// 2 without serial correlation.
    pub durbin_watson: f64,
}

/// Figures of one window.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AccuracyRow {
    /// Which.
    pub window: AccuracyWindow,
    /// Cells looked at.
    pub n: usize,
    /// `1 − SSE/SST`.
    pub r_squared: Option<f64>,
    /// Corrected for free parameters.
    pub adjusted_r_squared: Option<f64>,
    /// Root mean squared error, KPI units.
    pub rmse: f64,
    /// Mean absolute error, KPI units.
    pub mae: f64,
    /// Mean absolute percentage error, per cent.
    pub mape: Option<f64>,
    /// Absolute error per KPI, per cent.
    pub wmape: Option<f64>,
    /// Continuous ranked probability score, KPI units.
    pub crps: f64,
    /// Share of cells in their 50 % predictive interval.
    pub coverage_50: f64,
    /// The same of 80 %.
    pub coverage_80: f64,
    /// The same of 95 %.
    pub coverage_95: f64,
}

/// A window that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccuracyWindow {
    /// Cells that trained.
    Training,
    /// Cells held back.
    Holdout,
}

/// Figures of fit of `study`.
pub fn accuracy(study: &Study<'_>) -> AccuracyTable {
    let diagnosis = study.diagnosis();
    let found = &diagnosis.accuracy;
    let training = row(AccuracyWindow::Training, &found.training);
    let holdout = found.holdout.as_ref().map(|holdout| row(AccuracyWindow::Holdout, holdout));
    AccuracyTable {
        rows: std::iter::once(training).chain(holdout).collect(),
        bayesian_r_squared: found.bayesian_r_squared.into(),
        durbin_watson: diagnosis.residuals.durbin_watson,
    }
}

fn row(window: AccuracyWindow, accuracy: &Accuracy) -> AccuracyRow {
    AccuracyRow {
        window,
        n: accuracy.n,
        r_squared: finite(accuracy.r_squared),
        adjusted_r_squared: finite(accuracy.adjusted_r_squared),
        rmse: accuracy.rmse,
        mae: accuracy.mae,
        mape: finite(accuracy.mape),
        wmape: finite(accuracy.wmape),
        crps: accuracy.crps,
        coverage_50: accuracy.coverage_50,
        coverage_80: accuracy.coverage_80,
        coverage_95: accuracy.coverage_95,
    }
}
