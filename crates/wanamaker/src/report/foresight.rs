//! Whether the model would have foreseen what came, and tells the same of each channel as time goes on.

use super::figures::{Band, Estimate, finite};
use super::study::Study;
use crate::posterior::interval::Interval;
use crate::validation::backtest::stability::{Figure, Stability};
use crate::validation::backtest::{Backtest, FoldReport};
use schemars::JsonSchema;
use serde::Serialize;

/// A rolling-origin backtest.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Foresight {
    /// Periods that each fold predicted.
    pub horizon: usize,
    /// Folds in the order of time.
    pub folds: Vec<FoldRow>,
    /// Cells of all converged folds with a known KPI.
    pub cells: usize,
    /// Of these inside their predictive interval.
    pub inside: usize,
    /// Mean absolute percentage error over them, per cent.
    pub mape: Option<f64>,
    /// 0 as good as the naive forecast (the same period a year before), 1 perfect.
    pub skill: Option<f64>,
    /// First day of the periods over which channels are compared.
    pub compared_from: String,
    /// First day of the last of these.
    pub compared_to: String,
    /// Figures of channels by fold.
    pub stability: Vec<StabilityRow>,
}

/// One fold.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FoldRow {
    /// From 1.
    pub number: usize,
    /// First day of the last period it learned from.
    pub learned_to: String,
    /// First days of the periods it predicted.
    pub dates: Vec<String>,
    /// What came.
    pub kpi: Vec<Option<f64>>,
    /// What it foresaw, a new observation, summed over geos.
    pub predictive: Band,
    /// Whether its fit converged; if not it counts in no total.
    pub converged: bool,
    /// Cells with a known KPI.
    pub cells: usize,
    /// Of these inside.
    pub inside: usize,
    /// Mean absolute percentage error, per cent.
    pub mape: Option<f64>,
    /// Skill against the naive forecast.
    pub skill: Option<f64>,
}

/// One figure of a channel over the folds.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StabilityRow {
    /// Channel.
    pub channel: String,
    /// Figure.
    pub figure: Figure,
    /// By fold.
    pub by_fold: Vec<FoldEstimate>,
    /// Largest move of the mean from a fold to a later one, in posterior standard deviations.
    pub largest_move: f64,
    /// Whether the mean of a later fold lies outside the interval of an earlier one.
    pub outside: bool,
}

/// What one fold says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FoldEstimate {
    /// Number of the fold.
    pub fold: usize,
    /// Its estimate.
    pub value: Estimate,
}

/// The backtest of `study`; nothing where none was made.
pub fn foresight(study: &Study<'_>) -> Option<Foresight> {
    let found = study.backtest()?;
    let totals = found.totals.as_ref();
    Some(Foresight {
        horizon: found.horizon,
        folds: found.folds.iter().map(|fold| fold_row(study, found, fold)).collect(),
        cells: totals.map_or(0, |totals| totals.coverage.n),
        inside: totals.map_or(0, |totals| totals.coverage.inside),
        mape: totals.and_then(|totals| finite(totals.accuracy.mape)),
        skill: totals.and_then(|totals| finite(totals.skill)),
        compared_from: found.compared_from.to_string(),
        compared_to: found.compared_to.to_string(),
        stability: found.stability.iter().map(stability_row).collect(),
    })
}

fn fold_row(study: &Study<'_>, found: &Backtest, fold: &FoldReport) -> FoldRow {
    let calendar = &study.model().panel.calendar;
    let first = calendar.period_of(fold.test_from).max(0) as usize;
    let cells = &fold.forecast.cells;
    // Cells of a fold are counted from the first period it learned from.
    let start = cells.iter().map(|(_, t)| *t).min().unwrap_or_default();
    let of_period = |t: usize| (0..cells.len()).filter(|k| cells[*k].1 == start + t).collect::<Vec<usize>>();
    let periods: Vec<Vec<usize>> = (0..found.horizon).map(of_period).collect();
    let predictive = periods.iter().map(|cells| {
        let draw = |s: usize| cells.iter().map(|k| fold.forecast.draws[*k][s]).sum::<f64>();
        Interval::of(&mut (0..fold.forecast.n_draws()).map(draw).collect::<Vec<_>>(), study.settings.level)
    });
    FoldRow {
        number: fold.number,
        learned_to: fold.train_to.to_string(),
        dates: (0..found.horizon).map(|t| calendar.date(first + t).to_string()).collect(),
        kpi: periods
            .iter()
            .map(|cells| finite(cells.iter().map(|k| fold.forecast.actual[*k]).sum()))
            .collect(),
        predictive: predictive.collect(),
        converged: fold.converged,
        cells: fold.coverage.n,
        inside: fold.coverage.inside,
        mape: finite(fold.accuracy.mape),
        skill: finite(fold.skill),
    }
}

fn stability_row(row: &Stability) -> StabilityRow {
    let of_fold = |(fold, value): &(usize, Interval)| FoldEstimate { fold: *fold, value: (*value).into() };
    StabilityRow {
        channel: row.channel.clone(),
        figure: row.figure,
        by_fold: row.by_fold.iter().map(of_fold).collect(),
        largest_move: row.largest_move,
        outside: row.outside,
    }
}
