//! How well the fitted mean follows the KPI, inside and outside the training window.

use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::interval::quantile;
use crate::posterior::replay::Replay;
use serde::Serialize;
use wanamaker_mcmc::seed::{Purpose, stream};

/// Figures of fit of the posterior mean, in KPI units or per cent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Accuracy {
    /// Cells looked at.
    pub n: usize,
    /// `1 − SSE/SST`.
    pub r_squared: f64,
    /// Root mean squared error.
    pub rmse: f64,
    /// Mean absolute error.
    pub mae: f64,
    /// `100·mean |e/y|` over cells with y ≠ 0.
    pub mape: f64,
    /// `100·Σ|e|/Σ|y|`.
    pub wmape: f64,
    /// Share of cells inside their 95 % predictive interval.
    pub coverage_95: f64,
}

/// Accuracy in the training window and, when periods were held out, in the holdout.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FitAccuracy {
    /// Cells that trained.
    pub training: Accuracy,
    /// Cells held back.
    pub holdout: Option<Accuracy>,
}

/// Compares posterior mean and predictive intervals with the KPI.
pub fn accuracy(model: &CompiledModel, posterior: &Posterior, seed: u64) -> FitAccuracy {
    let panel = &model.panel;
    let n = panel.n_times();
    let n_draws = posterior.n_chains * posterior.n_draws;
    // Predictive quantiles need no more than a few hundred draws; the mean uses all.
    let step = n_draws.div_ceil(400).max(1);
    let mut mean = vec![0.0; panel.n_cells()];
    let mut predictive = vec![Vec::new(); panel.n_cells()];
    let mut replay = Replay::new(model);
    for s in 0..n_draws {
        replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
        replay.add_mean(&model.training, replay.training(), &mut mean);
        if s % step == 0 {
            let mut rng = stream(seed, Purpose::Predictive, s as u64);
            for (i, draws) in predictive.iter_mut().enumerate() {
                let geo = i / n;
                let y = model.likelihood.sample(replay.training().mu[i], &replay.noise(geo), &mut rng);
                draws.push(y * model.units.kpi_of(geo));
            }
        }
    }
    mean.iter_mut().for_each(|mu| *mu /= n_draws as f64);
    let cells = |held_out: bool| -> Vec<usize> {
        (0..panel.n_cells())
            .filter(|i| panel.kpi.values[*i].is_finite() && model.window.observed[*i] != held_out)
            .collect()
    };
    let mut figures = |cells: Vec<usize>| {
        let pairs: Vec<(f64, f64)> = cells.iter().map(|&i| (panel.kpi.values[i], mean[i])).collect();
        let inside = cells
            .iter()
            .filter(|&&i| {
                predictive[i].sort_by(f64::total_cmp);
                let y = panel.kpi.values[i];
                quantile(&predictive[i], 0.025) <= y && y <= quantile(&predictive[i], 0.975)
            })
            .count();
        Accuracy { coverage_95: inside as f64 / cells.len() as f64, ..of_pairs(&pairs) }
    };
    let training = figures(cells(false));
    let held = cells(true);
    FitAccuracy { training, holdout: (!held.is_empty()).then(|| figures(held)) }
}

/// Figures for pairs of (actual, predicted); coverage NaN.
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
        coverage_95: f64::NAN,
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
