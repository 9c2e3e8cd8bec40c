//! Short runs before the chains begin: how the density is curved where its mass lies.
//!
//! The mode of a hierarchy can lie where there is hardly any mass: with the scale of one pooled group at nothing and those of
//! others large. A density made round there has trajectories of hundreds of steps elsewhere. But a hundred moves lead away
//! from such a corner, and the average curvature over the next few makes it round where it matters: on twenty geos 15 steps a
//! draw instead of 153.

use super::space::Space;
use crate::model::compile::CompiledModel;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::ops::ControlFlow;
use wanamaker_mcmc::nuts::{Metric, NutsSettings, sample};
use wanamaker_mcmc::seed::{Purpose, stream};

/// A space with trajectories no longer than this on average is round enough.
const FEW_STEPS: f64 = 20.0;
/// Runs at most; the second one begins where the first has made it round.
const MOST_RUNS: u64 = 3;
const N_TUNE: usize = 100;
/// The curvature is taken at each of them.
const N_DRAWS: usize = 16;
/// Longer trajectories are cut: the way out of a corner need not be an efficient one.
const MAX_DEPTH: u64 = 6;

/// The space, made round by the curvature at the mode or, where trajectories are long there, where the mass lies. `proceed` is
/// asked about every 50 ms whether to go on.
pub(super) fn shaped(
    space: Space,
    model: &CompiledModel,
    proceed: &mut dyn FnMut() -> ControlFlow<()>,
) -> Space {
    let mut space = space.shaped(model);
    if !space.can_be_shaped() {
        return space;
    }
    let seed = model.spec.sampler.seed.unwrap_or_default();
    for run in 0..MOST_RUNS {
        let settings = NutsSettings {
            n_chains: 1,
            n_draws: N_DRAWS,
            n_tune: N_TUNE,
            n_settle: 0,
            seed: stream(seed, Purpose::Pilot, run).random(),
            max_depth: MAX_DEPTH,
            threads: 1,
            metric: Metric::Diagonal,
            ..NutsSettings::default()
        };
        let start = space.start(model, || 0.0);
        let begin = |_: usize, _: &mut ChaCha8Rng, position: &mut [f64]| position.copy_from_slice(&start);
        let drawn = sample(|| space.density(model), begin, &settings, &mut |_| proceed());
        // What stands in the way of this run stands in the way of the chains, and is reported by them.
        let Ok(drawn) = drawn else { return space };
        let chain = &drawn.chains[0];
        let n_steps: f64 = chain.stats.iter().map(|draw| f64::from(draw.n_leapfrogs)).sum();
        if drawn.cancelled || n_steps <= FEW_STEPS * N_DRAWS as f64 {
            return space;
        }
        space = space.shaped_around(model, chain.positions.chunks_exact(space.dim()));
    }
    space
}
