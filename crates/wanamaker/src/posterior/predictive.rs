//! Predicted KPI per geo and period, with the interval of the mean or of a new observation.

use super::Posterior;
use super::interval::Interval;
use super::replay::Replay;
use crate::model::compile::CompiledModel;
use crate::model::outcome::Inputs;
use serde::Serialize;
use std::ops::Range;
use wanamaker_mcmc::seed::{Purpose, stream};

/// What an interval is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalKind {
    /// Where the expected KPI lies.
    Mean,
    /// Where an observation lies: the noise is counted.
    Predictive,
}

/// Posterior mean of the expected KPI on the training data, `[geo, time]`, in KPI units.
pub fn training_mean(model: &CompiledModel, posterior: &Posterior) -> Vec<f64> {
    let n_draws = posterior.n_chains * posterior.n_draws;
    let mut mean = vec![0.0; model.panel.n_cells()];
    let mut replay = Replay::new(model);
    for s in 0..n_draws {
        replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
        replay.add_mean(&model.training, replay.training(), &mut mean);
    }
    mean.iter_mut().for_each(|mean| *mean /= n_draws as f64);
    mean
}

/// Predictions for periods `range` of `inputs`; one interval per geo and period, geo by geo.
///
/// `level` in (0, 1); the same `seed` gives the same observation noise.
pub fn predict(
    model: &CompiledModel,
    posterior: &Posterior,
    inputs: &Inputs,
    range: Range<usize>,
    kind: IntervalKind,
    level: f64,
    seed: u64,
) -> Vec<Interval> {
    let mut draws = predictive_draws(model, posterior, inputs, range, kind, seed);
    let n_draws = posterior.n_chains * posterior.n_draws;
    draws.chunks_exact_mut(n_draws.max(1)).map(|values| Interval::of(values, level)).collect()
}

/// The draws behind [`predict`], in KPI units: `[geo, time, draw]`, chain after chain.
pub fn predictive_draws(
    model: &CompiledModel,
    posterior: &Posterior,
    inputs: &Inputs,
    range: Range<usize>,
    kind: IntervalKind,
    seed: u64,
) -> Vec<f64> {
    let n = inputs.n_times;
    let cells: Vec<usize> =
        (0..inputs.n_geos).flat_map(|geo| range.clone().map(move |t| geo * n + t)).collect();
    let n_draws = posterior.n_chains * posterior.n_draws;
    let mut draws = vec![0.0; cells.len() * n_draws];
    let mut replay = Replay::new(model);
    let mut work = model.mean.work(inputs);
    for s in 0..n_draws {
        replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
        replay.mean_on(inputs, &mut work);
        let mut rng = stream(seed, Purpose::Predictive, s as u64);
        for (k, &cell) in cells.iter().enumerate() {
            let geo = cell / n;
            let value = match kind {
                IntervalKind::Mean => work.mu[cell],
                IntervalKind::Predictive => {
                    model.likelihood.sample(work.mu[cell], &replay.noise(geo), &mut rng)
                }
            };
            draws[k * n_draws + s] = value * model.units.kpi_of(geo);
        }
    }
    draws
}
