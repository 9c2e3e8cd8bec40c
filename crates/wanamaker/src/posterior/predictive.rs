//! Predicted KPI per geo and period, with the interval of the mean or of a new observation.

use super::Posterior;
use super::interval::Interval;
use super::replay::Replay;
use crate::model::compile::CompiledModel;
use crate::model::outcome::Inputs;
use rand::rngs::ChaCha8Rng;
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
    let n_draws = posterior.n_chains * posterior.n_draws;
    let at_once = posterior.series_within(AT_ONCE);
    let mut noise = NoiseStreams::new(n_draws, kind, seed);
    intervals_of(model, posterior, inputs, &cells_of(inputs, range), &mut noise, level, at_once)
}

/// Intervals of `cells`, in turns of `at_once`, each with all draws.
fn intervals_of(
    model: &CompiledModel,
    posterior: &Posterior,
    inputs: &Inputs,
    cells: &[usize],
    noise: &mut NoiseStreams,
    level: f64,
    at_once: usize,
) -> Vec<Interval> {
    let n_draws = posterior.n_chains * posterior.n_draws;
    let mut intervals = Vec::with_capacity(cells.len());
    for cells in cells.chunks(at_once) {
        let mut draws = draws_of(model, posterior, inputs, cells, noise);
        intervals.extend(draws.chunks_exact_mut(n_draws.max(1)).map(|values| Interval::of(values, level)));
    }
    intervals
}

/// Draws of predictions that are held at once, in bytes, where intervals are all that is wanted.
const AT_ONCE: usize = 256 << 20;

/// The draws behind [`predict`], in KPI units: `[geo, time, draw]`, chain after chain.
pub fn predictive_draws(
    model: &CompiledModel,
    posterior: &Posterior,
    inputs: &Inputs,
    range: Range<usize>,
    kind: IntervalKind,
    seed: u64,
) -> Vec<f64> {
    let mut noise = NoiseStreams::new(posterior.n_chains * posterior.n_draws, kind, seed);
    draws_of(model, posterior, inputs, &cells_of(inputs, range), &mut noise)
}

/// Places of the periods `range` in `[geo, time]`, geo by geo.
fn cells_of(inputs: &Inputs, range: Range<usize>) -> Vec<usize> {
    let n = inputs.n_times;
    (0..inputs.n_geos).flat_map(|geo| range.clone().map(move |t| geo * n + t)).collect()
}

/// Noise of every draw, cell after cell; none where intervals are about the mean.
struct NoiseStreams(Option<Vec<ChaCha8Rng>>);

impl NoiseStreams {
    fn new(n_draws: usize, kind: IntervalKind, seed: u64) -> Self {
        let of_draw = |s: usize| stream(seed, Purpose::Predictive, s as u64);
        Self((kind == IntervalKind::Predictive).then(|| (0..n_draws).map(of_draw).collect()))
    }
}

/// The draws of `cells`, those after the ones that `noise` was given before: `[cell, draw]`.
fn draws_of(
    model: &CompiledModel,
    posterior: &Posterior,
    inputs: &Inputs,
    cells: &[usize],
    noise: &mut NoiseStreams,
) -> Vec<f64> {
    let n_draws = posterior.n_chains * posterior.n_draws;
    let mut draws = vec![0.0; cells.len() * n_draws];
    let mut replay = Replay::new(model);
    let mut work = model.mean.work(inputs);
    for s in 0..n_draws {
        replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
        replay.mean_on(inputs, &mut work);
        for (k, &cell) in cells.iter().enumerate() {
            let geo = cell / inputs.n_times;
            let value = match &mut noise.0 {
                None => work.mu[cell],
                Some(rngs) => model.likelihood.sample(work.mu[cell], &replay.noise(geo), &mut rngs[s]),
            };
            draws[k * n_draws + s] = value * model.units.kpi_of(geo);
        }
    }
    draws
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::compile::from_table;
    use crate::simulate::options::Options;
    use crate::simulate::preset::Preset;
    use crate::simulate::simulate;
    use crate::spec::document::{Format, read};

    #[test]
    fn turns_change_no_interval() {
        let market =
            simulate(&Options { n_periods: Some(30), n_geos: Some(2), ..Options::new(Preset::Geo, 1) });
        let market = market.unwrap();
        let (model, _) = from_table(&read(&market.spec, Format::Toml).spec, &market.table).unwrap();
        let posterior = Posterior::from_prior(&model, 30, 1);
        let inputs = model.inputs(&model.panel);
        for kind in [IntervalKind::Mean, IntervalKind::Predictive] {
            let whole = predict(&model, &posterior, &inputs, 3..20, kind, 0.9, 7);
            let mut draws = predictive_draws(&model, &posterior, &inputs, 3..20, kind, 7);
            let of_draws: Vec<_> = draws.chunks_exact_mut(30).map(|own| Interval::of(own, 0.9)).collect();
            assert_eq!(whole, of_draws);
            let (cells, mut noise) = (cells_of(&inputs, 3..20), NoiseStreams::new(30, kind, 7));
            assert_eq!(intervals_of(&model, &posterior, &inputs, &cells, &mut noise, 0.9, 5), whole);
        }
    }
}
