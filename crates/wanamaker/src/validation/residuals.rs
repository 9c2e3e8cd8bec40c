//! What is left over: residuals of the posterior mean in the training window, and what they say of the model.

use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::predictive::training_mean;
use crate::problem::{Place, Problem, Problems};
use crate::statistics::Test;
use crate::statistics::collinearity::inflation_by_regression;
use crate::statistics::normality::{dagostino, jarque_bera, kurtosis, shapiro_wilk, skewness};
use crate::statistics::serial::{autocorrelation, durbin_watson, ljung_box};
use serde::Serialize;

/// Lag of the Ljung–Box test where the series allows it.
const LAG: usize = 10;
/// Lags of the autocorrelation that is reported.
const LAGS: usize = 26;

/// Residuals by period, summed over geos, and their tests.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Residuals {
    /// `y − mean`, in KPI units, one per training period in which every geo was observed.
    pub values: Vec<f64>,
    /// 2 without serial correlation, below 1.5 with a positive one that matters.
    pub durbin_watson: f64,
    /// At ten lags, or as many as a third of the periods.
    pub ljung_box: Test,
    /// Autocorrelation at lags 1, 2, ….
    pub autocorrelation: Vec<f64>,
    /// `1.96/√n`: of honest residuals one in twenty autocorrelations lies further from 0.
    pub autocorrelation_bound: f64,
    /// 0 of a normal.
    pub skewness: f64,
    /// 0 of a normal.
    pub excess_kurtosis: f64,
    /// Normality by Shapiro and Wilk.
    pub shapiro_wilk: Test,
    /// Normality by Jarque and Bera.
    pub jarque_bera: Test,
    /// Normality by D'Agostino.
    pub dagostino: Test,
    /// Variance inflation of each channel's exposure and each control, by name.
    pub variance_inflation: Vec<(String, f64)>,
}

/// Residuals of the posterior mean, and how much exposures and controls say of each other.
pub fn residuals(model: &CompiledModel, posterior: &Posterior) -> Residuals {
    residuals_of(model, &training_mean(model, posterior))
}

/// The same from the posterior mean of every cell, `[geo, time]`, in KPI units.
pub fn residuals_of(model: &CompiledModel, mean: &[f64]) -> Residuals {
    let panel = &model.panel;
    let n_times = panel.n_times();
    let geos = || 0..panel.n_geos();
    let periods = model.window.whole_periods(n_times);
    let residual = |t: usize| -> f64 {
        geos().map(|geo| panel.kpi.values[geo * n_times + t] - mean[geo * n_times + t]).sum()
    };
    let values: Vec<f64> = periods.iter().map(|t| residual(*t)).collect();
    let lags = LAG.min(values.len() / 3);
    let mut autocorrelation = autocorrelation(&values, LAGS.min(values.len().saturating_sub(1)));
    autocorrelation.remove(0);
    let cells: Vec<usize> = (0..panel.n_cells()).filter(|i| model.window.observed[*i]).collect();
    let channels = model.mean.channels.iter().zip(&model.training.exposure);
    let controls = panel.controls.iter().map(|control| (&control.name, &control.values));
    let columns = channels.map(|(channel, exposure)| (&channel.name, exposure)).chain(controls);
    let (names, columns): (Vec<String>, Vec<Vec<f64>>) =
        columns.map(|(name, all)| (name.clone(), cells.iter().map(|i| all[*i]).collect())).unzip();
    Residuals {
        durbin_watson: durbin_watson(&values),
        ljung_box: ljung_box(&values, lags),
        autocorrelation,
        autocorrelation_bound: 1.96 / (values.len() as f64).sqrt(),
        skewness: skewness(&values),
        excess_kurtosis: kurtosis(&values) - 3.0,
        shapiro_wilk: shapiro_wilk(&values),
        jarque_bera: jarque_bera(&values),
        dagostino: dagostino(&values),
        variance_inflation: names.into_iter().zip(inflation_by_regression(&columns)).collect(),
        values,
    }
}

impl Residuals {
    /// What an analyst would remark, each with what to try.
    pub fn findings(&self) -> Problems {
        let mut problems = Problems::new();
        let mut note = |code: &'static str, message: String, hint: &str| {
            problems.push(Problem::attention(code, Place::default(), message).hint(hint));
        };
        if !(1.5..=2.5).contains(&self.durbin_watson) || self.ljung_box.p < 0.01 {
            note(
                "residuals.serial",
                format!(
                    "residuals follow each other: Durbin-Watson {:.2}, Ljung-Box p {:.4}; intervals are too narrow",
                    self.durbin_watson, self.ljung_box.p
                ),
                "something that moves slowly is missing: a more flexible trend, a season, a control, a longer carry-over",
            );
        }
        if self.shapiro_wilk.p < 0.01 && self.jarque_bera.p < 0.01 {
            note(
                "residuals.normality",
                format!(
                    "residuals are not normal: skewness {:.2}, excess kurtosis {:.2}, Shapiro-Wilk p {:.4}",
                    self.skewness, self.excess_kurtosis, self.shapiro_wilk.p
                ),
                "name the outliers as events, or take likelihood = \"student_t\"",
            );
        }
        for (name, factor) in self.variance_inflation.iter().filter(|(_, factor)| *factor > 10.0) {
            note(
                "residuals.collinear",
                format!("the others say most of `{name}`: its variance inflation factor is {factor:.1}"),
                "its effect is hard to tell from theirs: leave one of them out, or say more in its prior",
            );
        }
        problems
    }
}
