//! The No-U-Turn sampler on a compiled model, in the space that suits it.

use super::convergence::{Gates, convergence};
use super::fit::{Drawn, FitError};
use super::report::Report;
use super::space::Space;
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::spec::SamplerSpec;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::ops::ControlFlow;
use wanamaker_mcmc::draws::{ChainDraws, Chains, DrawStats};
use wanamaker_mcmc::nuts::{Goal, Metric, NutsSettings, sample_until};
use wanamaker_mcmc::progress::Progress;

/// Warm-up draws after which chains are asked whether they have settled. From 300 scales of pooled effects, whose tail is long
/// towards zero, were left with half the ESS that they have from 500, which is that from 1,000.
const SETTLE: usize = 500;
/// Draws of each chain before the first look at a goal.
const FIRST_LOOK: usize = 100;

/// Draws by NUTS; what is drawn when `observer` stops it is kept.
///
/// # Errors
/// When no finite starting point is found, or the sampler fails.
pub(super) fn draw(
    model: &CompiledModel,
    threads: usize,
    observer: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Drawn, FitError> {
    let space = Space::of(model).shaped(model);
    let settings = settings(&model.spec.sampler, &space, threads);
    let propose = |_: usize, rng: &mut ChaCha8Rng, position: &mut [f64]| {
        position.copy_from_slice(&space.start(model, || rng.random_range(-1.0..1.0)));
    };
    let mut more = |chains: &[&ChainDraws]| {
        let ess = model.spec.sampler.until.map_or(0.0, |until| until.ess);
        draws_to_go(model, &space, chains, ess)
    };
    let goal = model.spec.sampler.until.map(|_| Goal { first_look: FIRST_LOOK, more: &mut more });
    let drawn = sample_until(|| space.density(model), propose, &settings, goal, observer)?;
    let Chains { chains, cancelled, .. } = drawn;
    let chains = chains.into_iter().enumerate().map(|(k, drawn)| space.complete(model, k, drawn)).collect();
    let chains = Chains { dim: model.layout.n_free(), chains, cancelled };
    let posterior = Posterior::from_chains(model, &chains);
    let n_draws = posterior.n_draws;
    let statistics: Vec<Vec<DrawStats>> =
        chains.chains.into_iter().map(|chain| chain.stats.into_iter().take(n_draws).collect()).collect();
    Ok(Drawn { posterior, statistics, report: Report::Nuts, cancelled })
}

/// How many more draws each chain should make before the next look, for `ess` and the R-hat of the gates; 0 when it has
/// reached both.
fn draws_to_go(model: &CompiledModel, space: &Space, chains: &[&ChainDraws], ess: f64) -> usize {
    let n_draws = chains.iter().map(|chain| chain.n_draws()).min().unwrap_or(0);
    let whole = chains.iter().enumerate().map(|(k, drawn)| space.complete(model, k, (*drawn).clone()));
    let whole = Chains { dim: model.layout.n_free(), chains: whole.collect(), cancelled: false };
    let figures = convergence(model, &Posterior::from_chains(model, &whole), &[]);
    let least = figures.min_ess_bulk.0.min(figures.min_ess_tail.0);
    if least >= ess && figures.max_r_hat.0 < Gates::DEFAULT.r_hat {
        return 0;
    }
    // As many as it takes at the rate so far, but neither a few nor more than twice what there is.
    let missing = (ess / least - 1.0) * n_draws as f64;
    let most = 2.0 * n_draws as f64;
    (if missing.is_finite() { missing } else { most }).clamp(0.25 * n_draws as f64, most).ceil() as usize
}

/// The sampler's settings as a filled spec states them.
fn settings(spec: &SamplerSpec, space: &Space, threads: usize) -> NutsSettings {
    let defaults = NutsSettings::default();
    NutsSettings {
        n_chains: spec.n_chains(),
        n_draws: spec.n_draws(),
        n_tune: spec.tune.unwrap_or(defaults.n_tune),
        n_settle: if spec.adaptive_tune.unwrap_or(true) { SETTLE } else { 0 },
        seed: spec.seed.unwrap_or(defaults.seed),
        target_accept: spec.target_accept.unwrap_or(defaults.target_accept),
        max_depth: spec.max_depth.unwrap_or(defaults.max_depth),
        threads,
        // Correlations between media, intercept and trend are strong; where the mode did not tell them, learning them pays up
        // to about a hundred dimensions, above which the eigenvalue problems cost more than the shorter trajectories save.
        metric: if space.is_shaped() || space.dim() > 100 {
            Metric::Diagonal
        } else {
            Metric::LowRank { update_every: 100 }
        },
    }
}
