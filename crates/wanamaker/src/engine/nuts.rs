//! The No-U-Turn sampler on a compiled model: whitened coordinates, and chains that start around the prior.

use super::fit::{Drawn, FitError};
use super::report::Report;
use super::whitening::{Whitened, Whitening};
use crate::distribution::support::Support;
use crate::model::compile::CompiledModel;
use crate::model::density::Evaluator;
use crate::posterior::Posterior;
use crate::spec::SamplerSpec;
use std::ops::ControlFlow;
use wanamaker_mcmc::draws::DrawStats;
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
    let settings = settings(&model.spec.sampler, model.layout.n_free(), threads);
    let whitening = Whitening::of(model);
    let start = starts(model, &whitening);
    let propose = |_: usize, rng: &mut rand::rngs::ChaCha8Rng, position: &mut [f64]| {
        use rand::RngExt;
        for (u, (centre, spread)) in position.iter_mut().zip(&start) {
            *u = centre + spread * rng.random_range(-1.0..1.0);
        }
    };
    let density = || Whitened::new(Evaluator::new(model), &whitening);
    let mut chains = sample(density, propose, &settings, observer)?;
    for chain in &mut chains.chains {
        chain.positions.chunks_exact_mut(chains.dim).for_each(|position| whitening.apply(position));
    }
    let posterior = Posterior::from_chains(model, &chains);
    let n_draws = posterior.n_draws;
    let statistics: Vec<Vec<DrawStats>> =
        chains.chains.into_iter().map(|chain| chain.stats.into_iter().take(n_draws).collect()).collect();
    Ok(Drawn { posterior, statistics, report: Report::Nuts, cancelled: chains.cancelled })
}

/// The sampler's settings as a filled spec states them.
fn settings(spec: &SamplerSpec, n_free: usize, threads: usize) -> NutsSettings {
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

/// Where chains start in the sampler's coordinates, as centre and half-width: around the prior median, spread by half a
/// prior standard deviation but by no more than one unit; whitened coefficients around their ridge estimate.
pub(super) fn starts(model: &CompiledModel, whitening: &Whitening) -> Vec<(f64, f64)> {
    let mut starts: Vec<(f64, f64)> =
        (model.layout.parameters.iter().filter(|parameter| parameter.free.is_some()))
            .map(|parameter| {
                let at = |p: f64| parameter.support.unconstrain(parameter.distribution.quantile(p));
                let (low, centre, high) = (at(0.31), at(0.5), at(0.69));
                let spread = 0.5 * (high - low);
                // On the whole line the unit is the user's; elsewhere it is a logarithm.
                let widest = if parameter.support == Support::Real { f64::MAX } else { 1.0 };
                (
                    if centre.is_finite() { centre } else { 0.0 },
                    if spread.is_finite() { spread.min(widest) } else { 1.0 },
                )
            })
            .collect();
    for &index in whitening.indices() {
        starts[index] = (0.0, 1.0);
    }
    starts
}
