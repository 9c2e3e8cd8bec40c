//! One fit: draws, names, and what to think of them.

use super::convergence::{Convergence, Gates, convergence, judge};
use crate::model::compile::CompiledModel;
use crate::model::density::Evaluator;
use crate::distribution::support::Support;
use crate::model::outcome::DesignColumn;
use crate::model::pooling::Rule;
use crate::model::scaling::standard_deviation;
use crate::posterior::Posterior;
use crate::problem::Problems;
use crate::spec::SamplerSpec;
use std::ops::ControlFlow;
use wanamaker_mcmc::draws::DrawStats;
use wanamaker_mcmc::nuts::{Metric, NutsSettings, SampleError, sample};
use wanamaker_mcmc::progress::Progress;

/// A fitted model.
#[derive(Clone, Debug)]
pub struct Fit {
    /// What was fitted.
    pub model: CompiledModel,
    /// Its draws.
    pub posterior: Posterior,
    /// Sampler statistics, `[chain][draw]`.
    pub statistics: Vec<Vec<DrawStats>>,
    /// Whether the chains agree.
    pub convergence: Convergence,
    /// Doubts about the result, each with what to try.
    pub warnings: Problems,
    /// Whether sampling was cut short by the user.
    pub cancelled: bool,
}

/// Why there is no fit.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// The sampler failed.
    #[error("{0}")]
    Sampling(#[from] SampleError),
    /// It was cancelled before every chain had drawn enough to say anything.
    #[error("cancelled after {draws} draws per chain; nothing can be said from fewer than four")]
    TooFewDraws {
        /// Draws of the shortest chain.
        draws: usize,
    },
}

/// The sampler's settings as a filled spec states them.
pub fn settings(spec: &SamplerSpec, n_free: usize, threads: usize) -> NutsSettings {
    let defaults = NutsSettings::default();
    NutsSettings {
        n_chains: spec.chains.unwrap_or(defaults.n_chains),
        n_draws: spec.draws.unwrap_or(defaults.n_draws),
        n_tune: spec.tune.unwrap_or(defaults.n_tune),
        seed: spec.seed.unwrap_or(defaults.seed),
        target_accept: spec.target_accept.unwrap_or(defaults.target_accept),
        max_depth: spec.max_depth.unwrap_or(defaults.max_depth),
        threads,
        // Correlations between media, intercept and trend are strong; learning them pays up to about a hundred
        // dimensions, above which the eigenvalue problems cost more than the shorter trajectories save.
        metric: if n_free <= 100 { Metric::LowRank { update_every: 100 } } else { Metric::Diagonal },
    }
}

/// Fits by NUTS. `observer` is told of the progress and may stop it; what is drawn by then is kept.
///
/// Same model, same settings: the same draws, bit for bit, on any number of `threads` (0 = all there are).
///
/// # Errors
/// When no finite starting point is found, or fewer than four draws per chain were made before it was stopped.
pub fn fit(
    model: CompiledModel,
    threads: usize,
    observer: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Fit, FitError> {
    let settings = settings(&model.spec.sampler, model.layout.n_free(), threads);
    let start = starts(&model);
    let propose = |_: usize, rng: &mut rand::rngs::ChaCha8Rng, position: &mut [f64]| {
        use rand::RngExt;
        for (u, (centre, spread)) in position.iter_mut().zip(&start) {
            *u = centre + spread * rng.random_range(-1.0..1.0);
        }
    };
    let chains = sample(|| Evaluator::new(&model), propose, &settings, observer)?;
    let posterior = Posterior::from_chains(&model, &chains);
    if posterior.n_draws < 4 {
        return Err(FitError::TooFewDraws { draws: posterior.n_draws });
    }
    let n_draws = posterior.n_draws;
    let statistics: Vec<Vec<DrawStats>> =
        chains.chains.into_iter().map(|chain| chain.stats.into_iter().take(n_draws).collect()).collect();
    let convergence = convergence(&model, &posterior, &statistics);
    let warnings = judge(&convergence, &Gates::DEFAULT);
    Ok(Fit { model, posterior, statistics, convergence, warnings, cancelled: chains.cancelled })
}

/// Where chains start on the unconstrained scale, as centre and half-width: around the prior median, spread by half a
/// prior standard deviation, but by no more than one unit of a logarithm, and a linear coefficient by no more than what
/// moves the mean by half a standard deviation of the KPI: vague priors on large columns would start far from all data.
fn starts(model: &CompiledModel) -> Vec<(f64, f64)> {
    let most = effect_limits(model);
    let free = model.layout.parameters.iter().enumerate().filter(|(_, parameter)| parameter.free.is_some());
    free.map(|(i, parameter)| {
        let at = |p: f64| parameter.support.unconstrain(parameter.distribution.quantile(p));
        let (low, centre, high) = (at(0.31), at(0.5), at(0.69));
        let widest = if parameter.support == Support::Real { most[i] } else { 1.0 };
        let spread = 0.5 * (high - low);
        (if centre.is_finite() { centre } else { 0.0 }, if spread.is_finite() { spread.min(widest) } else { widest.min(1.0) })
    })
    .collect()
}

/// For each parameter that is a linear coefficient: half the standard deviation of the KPI over the root mean square of
/// its column; infinite for all others.
fn effect_limits(model: &CompiledModel) -> Vec<f64> {
    let seen: Vec<f64> = (model.likelihood.y.iter().zip(&model.likelihood.weight))
        .filter(|(_, weight)| **weight > 0.0)
        .map(|(y, _)| *y)
        .collect();
    let half_sd = 0.5 * standard_deviation(&seen);
    let mut limits = vec![f64::INFINITY; model.layout.n_parameters()];
    for (term, column) in model.mean.terms.iter().zip(&model.training.columns) {
        let values = match column {
            DesignColumn::Ones => continue,
            DesignColumn::Common(values) | DesignColumn::ByGeo(values) => values,
        };
        let square = values.iter().map(|x| x * x).sum::<f64>() / values.len() as f64;
        for block in &model.blocks {
            if let Rule::Direct { values } = block.rule
                && let Some(k) = term.coefficient.at.checked_sub(block.out).filter(|k| *k < block.n_items)
            {
                for geo in 0..block.n_geos {
                    limits[values + geo * block.n_items + k] = half_sd / square.sqrt().max(f64::MIN_POSITIVE);
                }
            }
        }
    }
    limits
}
