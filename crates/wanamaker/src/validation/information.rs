//! How well a model predicts what it has not seen, from one fit: LOO, WAIC, AIC and BIC.

use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::replay::Replay;
use crate::problem::{Place, Problem, Problems};
use serde::Serialize;
use wanamaker_mcmc::comparison::{GREATEST_K, Loo, LooPoint, Waic, WaicPoint};
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

/// Log likelihood of every training observation at every draw, `[observation][draw]`, in KPI units.
pub fn ln_likelihoods(model: &CompiledModel, posterior: &Posterior) -> Vec<Vec<f64>> {
    ln_likelihoods_of(model, posterior, &observations(model), |_, _| {})
}

/// Cells that count.
fn observations(model: &CompiledModel) -> Vec<usize> {
    let weight = &model.likelihood.weight;
    (0..weight.len()).filter(|i| weight[*i] > 0.0).collect()
}

/// The same of `cells` alone; `also` sees every draw as it passes.
fn ln_likelihoods_of(
    model: &CompiledModel,
    posterior: &Posterior,
    cells: &[usize],
    mut also: impl FnMut(usize, &Replay<'_>),
) -> Vec<Vec<f64>> {
    let (likelihood, n_times) = (&model.likelihood, model.panel.n_times());
    let n_draws = posterior.n_chains * posterior.n_draws;
    let mut values = vec![Vec::with_capacity(n_draws); cells.len()];
    let mut replay = Replay::new(model);
    for s in 0..n_draws {
        replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
        also(s, &replay);
        let mean = replay.training();
        for (own, &i) in values.iter_mut().zip(cells) {
            let geo = i / n_times;
            let scaled =
                likelihood.ln_density_of(likelihood.y[i], mean.eta[i], mean.mu[i], &replay.noise(geo));
            // A density per unit of the scaled KPI, turned into one per unit of the KPI.
            own.push(scaled - model.units.kpi_of(geo).ln());
        }
    }
    values
}

/// All figures.
pub fn information(model: &CompiledModel, posterior: &Posterior) -> Information {
    information_and(model, posterior, |_, _| {})
}

/// Log likelihoods that are held at once, in bytes.
const AT_ONCE: usize = 256 << 20;

/// All figures; `also` sees every draw once, in order, with its replay.
pub fn information_and(
    model: &CompiledModel,
    posterior: &Posterior,
    also: impl FnMut(usize, &Replay<'_>),
) -> Information {
    in_turns(model, posterior, posterior.series_within(AT_ONCE), also)
}

/// The figures from `at_once` observations after the other, each with all draws.
fn in_turns(
    model: &CompiledModel,
    posterior: &Posterior,
    at_once: usize,
    mut also: impl FnMut(usize, &Replay<'_>),
) -> Information {
    let relative_ess = relative_ess(posterior);
    let (mut loo, mut waic) = (Vec::new(), Vec::new());
    let mut by_draw = vec![0.0; posterior.n_chains * posterior.n_draws];
    let observations = observations(model);
    for (turn, cells) in observations.chunks(at_once).enumerate() {
        let turn = ln_likelihoods_of(model, posterior, cells, |s, replay| {
            if turn == 0 {
                also(s, replay);
            }
        });
        for own in &turn {
            loo.push(LooPoint::of(own, relative_ess));
            waic.push(WaicPoint::of(own));
            by_draw.iter_mut().zip(own).for_each(|(sum, x)| *sum += x);
        }
    }
    let greatest = by_draw.into_iter().fold(f64::NEG_INFINITY, f64::max);
    let (k, n) = (model.layout.n_free(), observations.len());
    let loo = Loo::of(&loo);
    Information {
        doubtful: loo.pareto_k.iter().filter(|k| **k > GREATEST_K).count(),
        loo,
        waic: Waic::of(&waic),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::compile::from_table;
    use crate::simulate::options::Options;
    use crate::simulate::preset::Preset;
    use crate::simulate::simulate;
    use crate::spec::document::{Format, read};

    #[test]
    fn turns_change_no_figure() {
        let market =
            simulate(&Options { n_periods: Some(40), ..Options::new(Preset::Recoverable, 1) }).unwrap();
        let (model, _) = from_table(&read(&market.spec, Format::Toml).spec, &market.table).unwrap();
        let posterior = Posterior::from_prior(&model, 60, 1);
        let mut seen = Vec::new();
        let in_turns = in_turns(&model, &posterior, 7, |s, _| seen.push(s));
        assert_eq!(seen, (0..60).collect::<Vec<_>>());
        // Compared as text, for a figure may be NaN.
        assert_eq!(format!("{in_turns:?}"), format!("{:?}", information(&model, &posterior)));
    }
}
