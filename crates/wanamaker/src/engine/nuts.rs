//! The No-U-Turn sampler on a compiled model, in the space that suits it.

use super::convergence::{Gates, convergence};
use super::fit::{Drawn, FitError};
use super::pilot;
use super::report::Report;
use super::space::{Completion, Space, conditional_stream};
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::spec::SamplerSpec;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::ops::ControlFlow;
use wanamaker_mcmc::draws::{ChainDraws, DrawStats};
use wanamaker_mcmc::nuts::{Goal, Metric, NutsSettings, SampleError, sample_until};
use wanamaker_mcmc::progress::{ChainProgress, Progress};
use wanamaker_mcmc::store::Store;

/// Warm-up draws after which chains are asked whether they have settled. From 300 scales of pooled effects, whose tail is long
/// towards zero, were left with half the ESS that they have from 500, which is that from 1,000.
const SETTLE: usize = 500;
/// Draws of each chain before the first look at a goal.
const FIRST_LOOK: usize = 100;

/// Draws by NUTS, and until it is done puts the draws into stores; what is drawn when `observer` stops it is kept.
///
/// # Errors
/// When no finite starting point is found, or the sampler or a store fails.
pub(super) fn draw(
    model: &CompiledModel,
    threads: usize,
    make_store: &dyn Fn() -> Box<dyn Store>,
    observer: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Drawn, FitError> {
    let waiting = Progress { chains: vec![ChainProgress::default(); model.spec.sampler.n_chains()] };
    let space = space(model, &mut || observer(&waiting));
    let settings = settings(&model.spec.sampler, &space, threads);
    let propose = |_: usize, rng: &mut ChaCha8Rng, position: &mut [f64]| {
        position.copy_from_slice(&space.start(model, || rng.random_range(-1.0..1.0)));
    };
    let mut completed = Completed::none(model, &space, settings.n_chains);
    let mut more = |chains: &mut [&mut ChainDraws<_>]| {
        completed.catch_up(chains)?;
        let ess = model.spec.sampler.until.map_or(0.0, |until| until.ess);
        Ok(draws_to_go(model, &completed.posterior, threads, ess))
    };
    let goal = model.spec.sampler.until.map(|_| Goal { first_look: FIRST_LOOK, more: &mut more });
    let mut drawn = sample_until(|| space.density(model), propose, &settings, make_store, goal, observer)?;
    completed.catch_up(&mut drawn.chains.iter_mut().collect::<Vec<_>>())?;
    let posterior = completed.posterior;
    let n_draws = posterior.n_draws;
    let statistics: Vec<Vec<DrawStats>> =
        drawn.chains.into_iter().map(|chain| chain.stats.into_iter().take(n_draws).collect()).collect();
    Ok(Drawn { posterior, statistics, report: Report::Nuts, cancelled: drawn.cancelled })
}

/// The posterior of the draws made so far, each completed but once.
struct Completed<'a> {
    model: &'a CompiledModel,
    completion: Completion<'a>,
    /// By chain.
    rngs: Vec<ChaCha8Rng>,
    position: Vec<f64>,
    posterior: Posterior,
}

impl<'a> Completed<'a> {
    fn none(model: &'a CompiledModel, space: &'a Space, n_chains: usize) -> Self {
        Self {
            model,
            completion: space.completion(model),
            rngs: (0..n_chains).map(|chain| conditional_stream(model, chain)).collect(),
            position: vec![0.0; space.dim()],
            posterior: Posterior::empty(model, n_chains, 0),
        }
    }

    /// Completes what has come since; of chains that were cut short as many draws as the shortest has.
    fn catch_up(&mut self, chains: &mut [&mut ChainDraws<Box<dyn Store>>]) -> Result<(), SampleError> {
        let done = self.posterior.n_draws;
        let n_draws = chains.iter().map(|chain| chain.n_draws()).min().unwrap_or(0);
        if n_draws == done {
            return Ok(());
        }
        self.posterior = self.posterior.with_room(n_draws);
        for (chain, (drawn, rng)) in chains.iter_mut().zip(&mut self.rngs).enumerate() {
            for draw in done..n_draws {
                let got = drawn.positions.get(draw, &mut self.position);
                got.map_err(|message| SampleError::Store { chain, message })?;
                let whole = self.completion.of(&mut self.position, rng);
                self.posterior.set(self.model, chain, draw, whole);
            }
        }
        Ok(())
    }
}

/// How many more draws each chain should make before the next look, for `ess` and the R-hat of the gates; 0 when it has
/// reached both.
fn draws_to_go(model: &CompiledModel, posterior: &Posterior, threads: usize, ess: f64) -> usize {
    let n_draws = posterior.n_draws;
    let figures = convergence(model, posterior, &[], threads);
    let least = figures.min_ess_bulk.0.min(figures.min_ess_tail.0);
    if least >= ess && figures.max_r_hat.0 < Gates::DEFAULT.r_hat {
        return 0;
    }
    // As many as it takes at the rate so far, but neither a few nor more than twice what there is.
    let missing = (ess / least - 1.0) * n_draws as f64;
    let most = 2.0 * n_draws as f64;
    (if missing.is_finite() { missing } else { most }).clamp(0.25 * n_draws as f64, most).ceil() as usize
}

/// The space in which the chains move; `proceed` is asked from time to time whether to go on.
pub fn space(model: &CompiledModel, proceed: &mut dyn FnMut() -> ControlFlow<()>) -> Space {
    pilot::shaped(Space::of(model), model, proceed)
}

/// The sampler's settings as a filled spec states them, in a space; 0 threads are all there are.
pub fn settings(spec: &SamplerSpec, space: &Space, threads: usize) -> NutsSettings {
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
        // Correlations between media, intercept and trend are strong; where the curvature did not tell them, learning them pays up
        // to about a hundred dimensions, above which the eigenvalue problems cost more than the shorter trajectories save.
        metric: if space.is_shaped() || space.dim() > 100 {
            Metric::Diagonal
        } else {
            Metric::LowRank { update_every: 100 }
        },
    }
}
