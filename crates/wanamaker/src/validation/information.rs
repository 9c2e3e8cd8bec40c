//! How well a model predicts what it has not seen, from one fit: LOO, WAIC, AIC and BIC.

use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::replay::Replay;
use crate::problem::{Place, Problem, Problems};
use serde::Serialize;
use wanamaker_mcmc::comparison::{GREATEST_K, Loo, Waic, loo, waic};
use wanamaker_mcmc::diagnostics::ess_mean;

/// Predictive densities of the training observations, in KPI units, so that models of the same data can be compared
/// whatever their scale.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Information {
    /// Leave-one-out.
    #[serde(with = "LooFigures")]
    pub loo: Loo,
    /// Observations whose Pareto k is above 0.7.
    pub doubtful: usize,
    /// Widely applicable information criterion.
    #[serde(with = "WaicFigures")]
    pub waic: Waic,
    /// `2k − 2·ln L` with the greatest likelihood among the draws.
    pub aic: f64,
    /// `k·ln n − 2·ln L`.
    pub bic: f64,
    /// Free parameters, `k`.
    pub n_parameters: usize,
    /// Observations, `n`.
    pub n: usize,
}

#[derive(Serialize)]
#[serde(remote = "Loo")]
struct LooFigures {
    elpd: f64,
    se: f64,
    p: f64,
    pointwise: Vec<f64>,
    pareto_k: Vec<f64>,
}

#[derive(Serialize)]
#[serde(remote = "Waic")]
struct WaicFigures {
    elpd: f64,
    se: f64,
    p: f64,
    #[serde(skip)]
    pointwise: Vec<f64>,
    doubtful: usize,
}

/// Log likelihoods of the training observations, gathered draw after draw.
#[derive(Clone, Debug)]
pub struct LnLikelihoods<'a> {
    model: &'a CompiledModel,
    cells: Vec<usize>,
    /// `[observation][draw]`, in KPI units.
    pub values: Vec<Vec<f64>>,
}

impl<'a> LnLikelihoods<'a> {
    /// Nothing yet, of `n_draws` to come.
    pub fn new(model: &'a CompiledModel, n_draws: usize) -> Self {
        let weight = &model.likelihood.weight;
        let cells: Vec<usize> = (0..weight.len()).filter(|i| weight[*i] > 0.0).collect();
        let values = vec![Vec::with_capacity(n_draws); cells.len()];
        Self { model, cells, values }
    }

    /// Adds the draw to which `replay` has gone.
    pub fn add(&mut self, replay: &Replay<'_>) {
        let (likelihood, n_times) = (&self.model.likelihood, self.model.panel.n_times());
        let mean = replay.training();
        for (own, &i) in self.values.iter_mut().zip(&self.cells) {
            let geo = i / n_times;
            let scaled =
                likelihood.ln_density_of(likelihood.y[i], mean.eta[i], mean.mu[i], &replay.noise(geo));
            // A density per unit of the scaled KPI, turned into one per unit of the KPI.
            own.push(scaled - self.model.units.kpi_of(geo).ln());
        }
    }
}

/// Log likelihood of every training observation at every draw, `[observation][draw]`, in KPI units.
pub fn ln_likelihoods(model: &CompiledModel, posterior: &Posterior) -> Vec<Vec<f64>> {
    let n_draws = posterior.n_chains * posterior.n_draws;
    let mut all = LnLikelihoods::new(model, n_draws);
    let mut replay = Replay::new(model);
    for s in 0..n_draws {
        replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
        all.add(&replay);
    }
    all.values
}

/// All figures.
pub fn information(model: &CompiledModel, posterior: &Posterior) -> Information {
    information_of(model, posterior, &ln_likelihoods(model, posterior))
}

/// The same from the log likelihoods of all observations.
pub fn information_of(model: &CompiledModel, posterior: &Posterior, all: &[Vec<f64>]) -> Information {
    let loo = loo(all, relative_ess(posterior));
    let n_draws = posterior.n_chains * posterior.n_draws;
    let greatest =
        (0..n_draws).map(|s| all.iter().map(|own| own[s]).sum::<f64>()).fold(f64::NEG_INFINITY, f64::max);
    let (k, n) = (model.layout.n_free(), all.len());
    Information {
        doubtful: loo.pareto_k.iter().filter(|k| **k > GREATEST_K).count(),
        loo,
        waic: waic(all),
        aic: 2.0 * k as f64 - 2.0 * greatest,
        bic: k as f64 * (n as f64).ln() - 2.0 * greatest,
        n_parameters: k,
        n,
    }
}

/// Effective over actual number of draws, mean over all parameters.
fn relative_ess(posterior: &Posterior) -> f64 {
    let n_draws = (posterior.n_chains * posterior.n_draws) as f64;
    let shares: Vec<f64> = (0..posterior.n_scalars())
        .map(|index| {
            let chains = posterior.scalar(index);
            ess_mean(&chains.iter().map(Vec::as_slice).collect::<Vec<_>>()) / n_draws
        })
        .filter(|share| share.is_finite())
        .collect();
    if shares.is_empty() { 1.0 } else { shares.iter().sum::<f64>() / shares.len() as f64 }
}

impl Information {
    /// Whether the figures can be trusted.
    pub fn findings(&self) -> Problems {
        let mut problems = Problems::new();
        if self.doubtful > 0 {
            let worst = self.loo.pareto_k.iter().copied().fold(0.0, f64::max);
            let message = format!(
                "leave-one-out is doubtful for {} of {} observations: their Pareto k is above {GREATEST_K}, at most {worst:.2}",
                self.doubtful, self.n
            );
            problems.push(Problem::attention("information.pareto_k", Place::default(), message).hint(
                "compare by holdout instead (fit --holdout N), or see what is special in these periods",
            ));
        }
        problems
    }
}
