//! The No-U-Turn sampler on a compiled model, in the space that suits it.

use super::fit::{Drawn, FitError};
use super::report::Report;
use super::space::Space;
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::spec::SamplerSpec;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::ops::ControlFlow;
use wanamaker_mcmc::draws::{Chains, DrawStats};
use wanamaker_mcmc::nuts::{Metric, NutsSettings, sample};
use wanamaker_mcmc::progress::Progress;

/// Draws by NUTS; what is drawn when `observer` stops it is kept.
///
/// # Errors
/// When no finite starting point is found, or the sampler fails.
pub(super) fn draw(
    model: &CompiledModel,
    threads: usize,
    observer: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Drawn, FitError> {
    let space = Space::of(model);
    let settings = settings(&model.spec.sampler, space.dim(), threads);
    let propose = |_: usize, rng: &mut ChaCha8Rng, position: &mut [f64]| {
        position.copy_from_slice(&space.start(model, || rng.random_range(-1.0..1.0)));
    };
    let Chains { chains, cancelled, .. } = sample(|| space.density(model), propose, &settings, observer)?;
    let chains = chains.into_iter().enumerate().map(|(k, drawn)| space.complete(model, k, drawn)).collect();
    let chains = Chains { dim: model.layout.n_free(), chains, cancelled };
    let posterior = Posterior::from_chains(model, &chains);
    let n_draws = posterior.n_draws;
    let statistics: Vec<Vec<DrawStats>> =
        chains.chains.into_iter().map(|chain| chain.stats.into_iter().take(n_draws).collect()).collect();
    Ok(Drawn { posterior, statistics, report: Report::Nuts, cancelled })
}

/// The sampler's settings as a filled spec states them.
fn settings(spec: &SamplerSpec, dim: usize, threads: usize) -> NutsSettings {
    let defaults = NutsSettings::default();
    NutsSettings {
        n_chains: spec.n_chains(),
        n_draws: spec.n_draws(),
        n_tune: spec.tune.unwrap_or(defaults.n_tune),
        seed: spec.seed.unwrap_or(defaults.seed),
        target_accept: spec.target_accept.unwrap_or(defaults.target_accept),
        max_depth: spec.max_depth.unwrap_or(defaults.max_depth),
        threads,
        // Correlations between media, intercept and trend are strong; learning them pays up to about a hundred
        // dimensions, above which the eigenvalue problems cost more than the shorter trajectories save.
        metric: if dim <= 100 { Metric::LowRank { update_every: 100 } } else { Metric::Diagonal },
    }
}
