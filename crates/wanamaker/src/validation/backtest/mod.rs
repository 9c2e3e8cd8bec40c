//! Rolling-origin backtest: at each origin the model is fitted to what was known then, and predicts what came next.
//!
//! A fold is compiled on the panel cut at the end of its test, with the test held out: scaling, words of priors, trend and
//! everything else is read from its training cells. Media and controls of the tested periods are taken as known, as they
//! are for a plan.

pub mod folds;
pub mod gates;
mod naive;
pub mod stability;

use super::accuracy::Accuracy;
use super::forecast::{Coverage, Forecast, accuracy_of, coverage, forecast};
use crate::data::cut::cut;
use crate::data::panel::Panel;
use crate::decision::window::Window;
use crate::engine::batch;
use crate::engine::convergence::Convergence;
use crate::engine::fit::Fit;
use crate::model::compile::{CompiledModel, compile};
use crate::problem::{Place, Problem, Problems};
use crate::spec::ModelSpec;
use folds::{Fold, FoldPlan, TrainingWindow, place};
use jiff::civil::Date;
use naive::naive;
use serde::Serialize;
use stability::{Estimate, Stability, estimates, stability};
use std::ops::ControlFlow;

/// How a backtest is done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Where the axis is cut.
    pub plan: FoldPlan,
    /// Probability inside intervals, in (0, 1).
    pub level: f64,
    /// Threads, 0 for all; they change no number.
    pub threads: usize,
}

/// What came of one fold.
#[derive(Clone, Debug, Serialize)]
pub struct FoldReport {
    /// From 1, in the order of time.
    pub number: usize,
    /// First day of the first period it learned from.
    pub train_from: Date,
    /// First day of the last.
    pub train_to: Date,
    /// First day of the first period it predicted.
    pub test_from: Date,
    /// First day of the last.
    pub test_to: Date,
    /// Cells it learned from.
    pub n_train: usize,
    /// Whether its fit passed the gates of convergence: if not, no figure of it counts in any total.
    pub converged: bool,
    /// How its chains went.
    pub convergence: Convergence,
    /// Errors of the prediction.
    pub accuracy: Accuracy,
    /// Cells inside their predictive interval.
    pub coverage: Coverage,
    /// Mean absolute error of the naive forecast: the same period a year before, else the last value.
    pub naive_mae: f64,
    /// `1 − MAE/MAE of the naive forecast`: 0 as good as that, 1 without error, below 0 worse.
    pub skill: f64,
    /// The prediction.
    #[serde(skip)]
    pub forecast: Forecast,
    /// Absolute errors of prediction and naive forecast, by cell where both are known.
    #[serde(skip)]
    errors: Vec<(f64, f64)>,
    #[serde(skip)]
    estimates: Vec<Estimate>,
}

/// Figures over all converged folds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Totals {
    /// Numbers of the folds that count.
    pub folds: Vec<usize>,
    /// Errors over all their cells.
    pub accuracy: Accuracy,
    /// Coverage over all their cells.
    pub coverage: Coverage,
    /// Skill over all their cells.
    pub skill: f64,
}

/// A backtest.
#[derive(Clone, Debug, Serialize)]
pub struct Backtest {
    /// What each fold learned from.
    pub window: TrainingWindow,
    /// Periods that each fold predicted.
    pub horizon: usize,
    /// The folds in the order of time.
    pub folds: Vec<FoldReport>,
    /// `None` where no fold converged.
    pub totals: Option<Totals>,
    /// First day of the periods in which ROAS is compared: those that all folds learned from.
    pub compared_from: Date,
    /// First day of the last of these.
    pub compared_to: Date,
    /// Each channel's figures over the converged folds.
    pub stability: Vec<Stability>,
}

/// Backtests `spec` on `panel`; a holdout that the spec asks for is not held back, as every fold has its own.
///
/// `finished` is told of every fold as it ends, and between them is asked with `None`; `Break` stops it, and there is no
/// result.
///
/// # Errors
/// Too few periods for the plan; a spec that cannot be compiled on the data of a fold, named; a sampler that fails.
pub fn backtest(
    spec: &ModelSpec,
    panel: &Panel,
    options: &Options,
    mut finished: impl FnMut(Option<&FoldReport>) -> ControlFlow<()>,
) -> Result<Option<Backtest>, Problems> {
    let folds = place(&options.plan, &panel.calendar, panel.n_history)?;
    let models = compile_folds(spec, panel, &folds)?;
    let window = common_window(&folds);
    let n_chains = models[0].spec.sampler.n_chains();
    let job = |k: usize, worker: batch::Worker<'_>| {
        worker.fit(models[k].clone()).map(|fit| report(&fit, k, &folds[k], window, options))
    };
    let mut reports: Vec<Option<FoldReport>> = vec![None; folds.len()];
    let mut problems = Problems::new();
    let all = batch::run(folds.len(), n_chains, options.threads, job, |told| match told {
        None => finished(None),
        Some((k, Ok(report))) => {
            let flow = finished(Some(&report));
            reports[k] = Some(report);
            flow
        }
        Some((k, Err(error))) => {
            let message = format!("fold {} could not be fitted: {error}", k + 1);
            problems.push(
                Problem::error("backtest.fold_failed", Place::default(), message)
                    .hint("`mmm check` and `mmm density` show what the model makes of the data"),
            );
            ControlFlow::Break(())
        }
    });
    problems.or(())?;
    let reports: Option<Vec<FoldReport>> = reports.into_iter().collect();
    let Some(folds_done) = reports.filter(|_| all) else { return Ok(None) };
    let good: Vec<&FoldReport> = folds_done.iter().filter(|fold| fold.converged).collect();
    let told: Vec<(usize, &[Estimate])> =
        good.iter().map(|fold| (fold.number, fold.estimates.as_slice())).collect();
    Ok(Some(Backtest {
        window: options.plan.window,
        horizon: folds[0].test.len(),
        totals: (!good.is_empty()).then(|| totals(&good, options.level)),
        compared_from: panel.calendar.date(window.from),
        compared_to: panel.calendar.date(window.to - 1),
        stability: stability(&told, options.plan.window),
        folds: folds_done,
    }))
}

/// The model of every fold; all faults of all folds at once, each with the fold it is of.
fn compile_folds(spec: &ModelSpec, panel: &Panel, folds: &[Fold]) -> Result<Vec<CompiledModel>, Problems> {
    let mut spec = spec.clone();
    let mut problems = Problems::new();
    let mut models = Vec::new();
    for (k, fold) in folds.iter().enumerate() {
        spec.data.holdout = Some(fold.test.len());
        let past = cut(panel, fold.train.start..fold.test.end);
        let n = past.n_times();
        let tested = |i: usize| i % n >= fold.test.start && past.kpi.values[i].is_finite();
        if !(0..past.n_cells()).any(tested) {
            let message = format!("fold {} has nothing to test on: the KPI is missing in its periods", k + 1);
            problems.push(
                Problem::error("backtest.nothing_to_test", Place::file(&panel.source), message).hint(
                    "take rows without a KPI off the end of the data, or move the folds (--horizon, --step)",
                ),
            );
            continue;
        }
        match compile(&spec, &past) {
            Ok(model) => models.push(model),
            Err(faults) => {
                problems.0.extend(faults.0.into_iter().map(|fault| of_fold(fault, k, fold, panel)))
            }
        }
    }
    problems.or(models)
}

fn of_fold(fault: Problem, k: usize, fold: &Fold, panel: &Panel) -> Problem {
    let last = panel.calendar.date(fold.train.end - 1);
    let message = format!("fold {}, which learns from the data until {last}: {}", k + 1, fault.message);
    let hint = match &fault.hint {
        Some(hint) => format!("let the first fold begin later (--min-train, or fewer --folds), or {hint}"),
        None => "let the first fold begin later (--min-train, or fewer --folds)".to_owned(),
    };
    Problem { message, ..fault }.hint(hint)
}

/// The periods that all folds learned from; those of the first where they share none. Carry-over is counted to their end.
fn common_window(folds: &[Fold]) -> Window {
    let (first, last) = (&folds[0].train, &folds[folds.len() - 1].train);
    let from = if last.start < first.end { last.start } else { first.start };
    Window { from, to: first.end, until: first.end }
}

fn report(fit: &Fit, k: usize, fold: &Fold, window: Window, options: &Options) -> FoldReport {
    let model = &fit.model;
    let panel = &model.panel;
    let seed = model.spec.sampler.seed.unwrap_or_default();
    let inputs = (panel, &model.training);
    let forecast = forecast(model, &fit.posterior, inputs, fold.test.clone(), seed, k as u64);
    let plain = naive(panel, fold);
    let errors: Vec<(f64, f64)> = forecast
        .known()
        .filter(|cell| plain[*cell].is_finite())
        .map(|cell| {
            let y = forecast.actual[cell];
            ((y - forecast.mean[cell]).abs(), (y - plain[cell]).abs())
        })
        .collect();
    let date = |t: usize| panel.calendar.date(t);
    FoldReport {
        number: k + 1,
        train_from: date(fold.train.start),
        train_to: date(fold.train.end - 1),
        test_from: date(fold.test.start),
        test_to: date(fold.test.end - 1),
        n_train: model.window.observed.iter().filter(|seen| **seen).count(),
        converged: fit.converged(),
        convergence: fit.convergence.clone(),
        accuracy: accuracy_of(&[&forecast]),
        coverage: coverage(&[&forecast], options.level),
        naive_mae: errors.iter().map(|(_, plain)| plain).sum::<f64>() / errors.len() as f64,
        skill: skill(&errors),
        estimates: estimates(fit, window, options.level, options.threads),
        forecast,
        errors,
    }
}

fn totals(folds: &[&FoldReport], level: f64) -> Totals {
    let forecasts: Vec<&Forecast> = folds.iter().map(|fold| &fold.forecast).collect();
    let errors: Vec<(f64, f64)> = folds.iter().flat_map(|fold| fold.errors.iter().copied()).collect();
    Totals {
        folds: folds.iter().map(|fold| fold.number).collect(),
        accuracy: accuracy_of(&forecasts),
        coverage: coverage(&forecasts, level),
        skill: skill(&errors),
    }
}

/// One less the ratio of the sums of absolute errors; NaN without a naive forecast, or where that made no error.
fn skill(errors: &[(f64, f64)]) -> f64 {
    let (own, plain) = errors.iter().fold((0.0, 0.0), |(a, b), (own, plain)| (a + own, b + plain));
    if plain > 0.0 { 1.0 - own / plain } else { f64::NAN }
}
