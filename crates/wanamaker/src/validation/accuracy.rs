//! How well the fitted mean follows the KPI, inside and outside the training window.

use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::interval::{Interval, quantile};
use crate::posterior::replay::Replay;
use crate::statistics::scores::{crps, distance_from_uniform, pit};
use serde::Serialize;
use wanamaker_mcmc::seed::{Purpose, stream};

/// Figures of fit of the posterior mean, in KPI units or per cent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Accuracy {
    /// Cells looked at.
    pub n: usize,
    /// `1 − SSE/SST`.
    pub r_squared: f64,
    /// `1 − (1 − R²)·(n − 1)/(n − k − 1)` with `k` free parameters; NaN where there are as many as cells, and in a holdout.
    pub adjusted_r_squared: f64,
    /// Root mean squared error.
    pub rmse: f64,
    /// Mean absolute error.
    pub mae: f64,
    /// `100·mean |e/y|` over cells with y ≠ 0.
    pub mape: f64,
    /// `100·Σ|e|/Σ|y|`.
    pub wmape: f64,
    /// Continuous ranked probability score of the predictive draws, mean over cells, in KPI units.
    pub crps: f64,
    /// Share of cells inside their 50 % predictive interval.
    pub coverage_50: f64,
    /// Share of cells inside their 80 % predictive interval.
    pub coverage_80: f64,
    /// Share of cells inside their 95 % predictive interval.
    pub coverage_95: f64,
    /// Kolmogorov's distance of the probability integral transforms from the uniform: 0 for honest predictive draws, above
    /// about `1.36/√n` with one honest model in twenty.
    pub pit_distance: f64,
}

/// Accuracy in the training window and, when periods were held out, in the holdout.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FitAccuracy {
    /// Cells that trained.
    pub training: Accuracy,
    /// Cells held back.
    pub holdout: Option<Accuracy>,
    /// Share of variance that the mean explains, by draw: `Var mu / (Var mu + Var (y − mu))` over the training cells
    /// [gelman2019].
    pub bayesian_r_squared: Interval,
}

/// Compares posterior mean and predictive intervals with the KPI.
pub fn accuracy(model: &CompiledModel, posterior: &Posterior, level: f64, seed: u64) -> FitAccuracy {
    let n_draws = posterior.n_chains * posterior.n_draws;
    let mut gathered = Gathered::new(model, n_draws, seed);
    let mut replay = Replay::new(model);
    for s in 0..n_draws {
        replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
        gathered.add(s, &replay);
    }
    accuracy_of(model, gathered, level)
}

/// What accuracy needs of the draws, gathered one after another.
#[derive(Clone, Debug)]
pub struct Gathered<'a> {
    model: &'a CompiledModel,
    seed: u64,
    n_draws: usize,
    /// Draws between two that are predicted from: quantiles need no more than a few hundred; the mean uses all.
    step: usize,
    trained: Vec<usize>,
    sum: Vec<f64>,
    explained: Vec<f64>,
    /// Predictive draws in KPI units, `[cell][draw]`.
    pub predictive: Vec<Vec<f64>>,
}

impl<'a> Gathered<'a> {
    /// Nothing yet, of `n_draws` to come.
    pub fn new(model: &'a CompiledModel, n_draws: usize, seed: u64) -> Self {
        let panel = &model.panel;
        let is_trained = |i: &usize| panel.kpi.values[*i].is_finite() && model.window.observed[*i];
        Self {
            model,
            seed,
            n_draws,
            step: n_draws.div_ceil(400).max(1),
            trained: (0..panel.n_cells()).filter(is_trained).collect(),
            sum: vec![0.0; panel.n_cells()],
            explained: Vec::with_capacity(n_draws),
            predictive: vec![Vec::new(); panel.n_cells()],
        }
    }

    /// Adds draw `s`, to which `replay` has gone.
    pub fn add(&mut self, s: usize, replay: &Replay<'_>) {
        let model = self.model;
        let n = model.panel.n_times();
        replay.add_mean(&model.training, replay.training(), &mut self.sum);
        let mu = |i: usize| replay.training().mu[i] * model.units.kpi_of(i / n);
        let fitted = variance(self.trained.iter().map(|&i| mu(i)));
        let left = variance(self.trained.iter().map(|&i| model.panel.kpi.values[i] - mu(i)));
        self.explained.push(fitted / (fitted + left));
        if s.is_multiple_of(self.step) {
            let mut rng = stream(self.seed, Purpose::Predictive, s as u64);
            for (i, draws) in self.predictive.iter_mut().enumerate() {
                let geo = i / n;
                let y = model.likelihood.sample(replay.training().mu[i], &replay.noise(geo), &mut rng);
                draws.push(y * model.units.kpi_of(geo));
            }
        }
    }

    /// Posterior mean of every cell in KPI units.
    pub fn mean(&self) -> Vec<f64> {
        self.sum.iter().map(|sum| sum / self.n_draws as f64).collect()
    }
}

/// Accuracy from what was gathered.
pub fn accuracy_of(model: &CompiledModel, gathered: Gathered<'_>, level: f64) -> FitAccuracy {
    let panel = &model.panel;
    let mean = gathered.mean();
    let Gathered { mut predictive, mut explained, .. } = gathered;
    let cells = |held_out: bool| -> Vec<usize> {
        (0..panel.n_cells())
            .filter(|i| panel.kpi.values[*i].is_finite() && model.window.observed[*i] != held_out)
            .collect()
    };
    predictive.iter_mut().for_each(|draws| draws.sort_by(f64::total_cmp));
    let figures = |cells: &[usize]| {
        let of_cell = |&i: &usize| (panel.kpi.values[i], mean[i], predictive[i].as_slice());
        of_draws(&cells.iter().map(of_cell).collect::<Vec<_>>())
    };
    let mut training = figures(&cells(false));
    let spare = training.n as f64 - n_of_the_mean(model) as f64;
    if spare > 0.0 {
        training.adjusted_r_squared = 1.0 - (1.0 - training.r_squared) * (training.n as f64 - 1.0) / spare;
    }
    let held = cells(true);
    FitAccuracy {
        training,
        holdout: (!held.is_empty()).then(|| figures(&held)),
        bayesian_r_squared: Interval::of(&mut explained, level),
    }
}

/// Free parameters of the mean, the intercept included. Those of the noise, which stand last, explain nothing.
fn n_of_the_mean(model: &CompiledModel) -> usize {
    let of_noise = ["sigma", "variance", "df", "dispersion"];
    let variables =
        model.layout.variables.iter().take_while(|variable| !of_noise.contains(&variable.name.as_str()));
    let free = |i: &usize| model.layout.parameters[*i].free.is_some();
    variables.map(|variable| (variable.start..variable.start + variable.len()).filter(free).count()).sum()
}

fn variance(x: impl Iterator<Item = f64> + Clone) -> f64 {
    let n = x.clone().count() as f64;
    let centre = x.clone().sum::<f64>() / n;
    x.map(|x| (x - centre).powi(2)).sum::<f64>() / n
}

/// Figures for cells of (actual, predicted, ascending predictive draws); the adjusted R² is NaN.
pub fn of_draws(cells: &[(f64, f64, &[f64])]) -> Accuracy {
    let n = cells.len() as f64;
    let pairs: Vec<(f64, f64)> = cells.iter().map(|(y, mean, _)| (*y, *mean)).collect();
    let share_inside = |level: f64| {
        let inside = |(y, _, draws): &&(f64, f64, &[f64])| {
            quantile(draws, 0.5 - 0.5 * level) <= *y && *y <= quantile(draws, 0.5 + 0.5 * level)
        };
        cells.iter().filter(inside).count() as f64 / n
    };
    let mut pits: Vec<f64> = cells.iter().map(|(y, _, draws)| pit(draws, *y)).collect();
    pits.sort_by(f64::total_cmp);
    Accuracy {
        crps: cells.iter().map(|(y, _, draws)| crps(draws, *y)).sum::<f64>() / n,
        coverage_50: share_inside(0.5),
        coverage_80: share_inside(0.8),
        coverage_95: share_inside(0.95),
        pit_distance: distance_from_uniform(&pits),
        ..of_pairs(&pairs)
    }
}

/// Figures for pairs of (actual, predicted); what needs more than these is NaN.
pub fn of_pairs(pairs: &[(f64, f64)]) -> Accuracy {
    let n = pairs.len() as f64;
    let centre = pairs.iter().map(|(y, _)| y).sum::<f64>() / n;
    let sum = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|(y, mu)| f(*y, *mu)).sum::<f64>();
    let sse = sum(&|y, mu| (y - mu).powi(2));
    let nonzero = pairs.iter().filter(|(y, _)| *y != 0.0).count() as f64;
    Accuracy {
        n: pairs.len(),
        r_squared: 1.0 - sse / sum(&|y, _| (y - centre).powi(2)),
        rmse: (sse / n).sqrt(),
        mae: sum(&|y, mu| (y - mu).abs()) / n,
        mape: 100.0 * sum(&|y, mu| if y == 0.0 { 0.0 } else { ((y - mu) / y).abs() }) / nonzero,
        wmape: 100.0 * sum(&|y, mu| (y - mu).abs()) / sum(&|y, _| y.abs()),
        adjusted_r_squared: f64::NAN,
        crps: f64::NAN,
        coverage_50: f64::NAN,
        coverage_80: f64::NAN,
        coverage_95: f64::NAN,
        pit_distance: f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_examples_of_mape_and_wmape_hold() {
        let mape = of_pairs(&[(100.0, 90.0), (100.0, 110.0), (100.0, 100.0)]).mape;
        assert!((mape - 20.0 / 3.0).abs() < 1e-12);
        assert!((of_pairs(&[(100.0, 90.0), (200.0, 220.0)]).wmape - 10.0).abs() < 1e-12);
    }
}
