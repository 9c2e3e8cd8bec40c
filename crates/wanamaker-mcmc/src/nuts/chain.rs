//! One chain, from its start to its last draw: the only code that speaks to the sampling library.

use super::guard::{Fault, Guarded};
use super::{Metric, NutsSettings, SampleError};
use crate::diagnostics::r_hat;
use crate::draws::{ChainDraws, DrawStats, WarmupSummary};
use crate::log_density::LogDensity;
use crate::progress::Counters;
use crate::store::Store;
use nuts_rs::{Chain, CpuMath, EuclideanAdaptOptions, Math, NutsError, SamplerStats, Settings};
use rand::rngs::ChaCha8Rng;
use serde::Serialize;
use std::fmt::{Debug, Display};
use std::sync::MutexGuard;

/// The density as the library sees it, and the statistics it hands out per draw under its settings `S`.
type Maths<'a, D> = CpuMath<Guarded<'a, D>>;
type Stats<'a, S, D> = <<S as Settings>::Chain<Maths<'a, D>> as SamplerStats<Maths<'a, D>>>::Stats;

/// What we keep of the library's statistics of one draw.
struct Reading {
    stats: DrawStats,
    /// The step size the warm-up arrived at, before jitter.
    adopted_step_size: f64,
    /// Scale per coordinate; only in the first reading, for it no longer changes after the warm-up.
    scales: Option<Vec<f64>>,
}

/// Reads the statistics of either metric: two types without a name, with the same fields but for the scales.
macro_rules! read {
    ($stats:expr, $scales:ident) => {
        Reading {
            stats: DrawStats {
                log_density: $stats.point.logp,
                // The library's own energy carries the log determinant of its metric, which differs by chain.
                energy: $stats.point.kinetic_energy - $stats.point.logp,
                depth: $stats.depth as u32,
                acceptance: $stats.adapt.step_size.mean_tree_accept,
                max_depth_reached: $stats.maxdepth_reached,
                ..DrawStats::default()
            },
            adopted_step_size: $stats.adapt.step_size.step_size_bar,
            scales: $stats.hamiltonian.transformation.$scales,
        }
    };
}

/// The draws of a chain, which nobody else touches while it works.
pub(super) type Held<'a, S> = MutexGuard<'a, ChainDraws<S>>;

/// One attempt at a chain.
pub(super) struct Attempt<'a, S> {
    pub(super) chain: usize,
    pub(super) settings: &'a NutsSettings,
    /// Length of its warm-up.
    pub(super) n_tune: usize,
    /// Whether it has to have settled by then.
    pub(super) must_settle: bool,
    pub(super) counters: &'a Counters,
    /// Handed the draws before every draw after the warm-up, so that others may look at them; gives them back if it goes on.
    pub(super) goes_on: &'a dyn Fn(Held<'a, S>) -> Option<Held<'a, S>>,
}

/// How an attempt ended.
pub(super) enum Ended {
    /// With what it drew.
    Drawn,
    /// Before its first draw, not settled, at this position.
    Unsettled(Vec<f64>),
}

/// Runs a chain from `start` and puts what it draws into `draws`, also when it is stopped.
pub(super) fn run<'a, D: LogDensity, S: Store>(
    attempt: &Attempt<'a, S>,
    density: Guarded<'_, D>,
    start: &[f64],
    rng: &mut ChaCha8Rng,
    draws: Held<'a, S>,
) -> Result<Ended, SampleError> {
    match attempt.settings.metric {
        Metric::Diagonal => {
            let mut theirs = nuts_rs::DiagNutsSettings::default();
            theirs.adapt_options.mass_matrix_options.store_mass_matrix = true;
            configure(&mut theirs, attempt);
            drive(attempt, &theirs, density, start, rng, draws, |stats| read!(stats, mass_matrix_inv))
        }
        Metric::LowRank { update_every } => {
            let mut theirs = nuts_rs::LowRankNutsSettings::default();
            theirs.adapt_options.mass_matrix_options.store_mass_matrix = true;
            theirs.adapt_options.mass_matrix_update_freq = update_every;
            configure(&mut theirs, attempt);
            drive(attempt, &theirs, density, start, rng, draws, |stats| read!(stats, mass_matrix_stds))
        }
    }
}

/// Copies our settings into theirs. What is not named keeps the library's default, among it the jitter of the
/// step size, ±10 % per draw, without which a trajectory can close on itself again and again.
fn configure<A: Debug + Copy + Default + Serialize, S>(
    theirs: &mut nuts_rs::NutsSettings<EuclideanAdaptOptions<A>>,
    attempt: &Attempt<'_, S>,
) {
    let ours = attempt.settings;
    theirs.num_tune = attempt.n_tune as u64;
    theirs.num_draws = ours.n_draws as u64;
    theirs.num_chains = ours.n_chains;
    theirs.maxdepth = ours.max_depth;
    theirs.adapt_options.step_size_settings.target_accept = ours.target_accept;
}

/// Makes the library's chain and draws from it, until the chain is complete or stopped.
fn drive<'a, 'd, L: Settings, D: LogDensity, S: Store>(
    attempt: &Attempt<'a, S>,
    theirs: &L,
    density: Guarded<'d, D>,
    start: &[f64],
    rng: &mut ChaCha8Rng,
    draws: Held<'a, S>,
    read: impl Fn(Stats<'d, L, D>) -> Reading,
) -> Result<Ended, SampleError> {
    let chain = attempt.chain;
    let nuts = theirs
        .new_chain(chain as u64, CpuMath::new(density), rng)
        .map_err(|error| SampleError::SamplerFailed { chain, message: error.to_string() })?;
    match fill(nuts, attempt, start, read, draws) {
        Ok(()) | Err(End::Stopped) => Ok(Ended::Drawn),
        Err(End::Unsettled(position)) => Ok(Ended::Unsettled(position)),
        Err(End::Panicked(message)) => Err(SampleError::DensityPanicked { chain, message }),
        Err(End::Lost(message)) => Err(SampleError::Store { chain, message }),
        Err(End::Failed(message)) => Err(SampleError::SamplerFailed { chain, message }),
    }
}

/// Warms up and draws into `draws`, which holds what there is also when this ends early.
fn fill<'a, M: Math, C: Chain<M>, S: Store>(
    mut nuts: C,
    attempt: &Attempt<'a, S>,
    start: &[f64],
    read: impl Fn(C::Stats) -> Reading,
    mut draws: Held<'a, S>,
) -> Result<(), End> {
    draws.warmup = WarmupSummary::default();
    nuts.set_position(start).map_err(|error| End::of(error.downcast_ref(), &error))?;
    // The library names the step size of the next trajectory; the one in use was named one iteration earlier.
    let mut named = None;
    let mut settling = Settling::new(attempt);
    while draws.warmup.n_tune < attempt.n_tune {
        let (position, latest) = nuts.draw().map_err(|error| End::of(error.downcast_ref(), &error))?;
        let step_size = named.replace(latest.step_size).unwrap_or(latest.step_size);
        attempt.counters.add(true, latest.diverging, latest.num_steps as usize, step_size);
        draws.warmup.n_tune += 1;
        draws.warmup.n_divergences += usize::from(latest.diverging);
        draws.warmup.n_leapfrogs += latest.num_steps as usize;
        if attempt.must_settle {
            settling.see(draws.warmup.n_tune, &position);
        }
    }
    if attempt.must_settle && !settling.has_settled() {
        return Err(End::Unsettled(settling.latest()));
    }
    attempt.counters.expect_more(attempt.settings.n_draws);
    while let Some(again) = (attempt.goes_on)(draws) {
        draws = again;
        let (position, _, stats, latest) =
            nuts.expanded_draw().map_err(|error| End::of(error.downcast_ref(), &error))?;
        let step_size = named.replace(latest.step_size).unwrap_or(latest.step_size);
        attempt.counters.add(false, latest.diverging, latest.num_steps as usize, step_size);
        let reading = read(stats);
        if let Some(scales) = reading.scales {
            draws.warmup.step_size = Some(reading.adopted_step_size);
            draws.warmup.inverse_mass = Some(scales.iter().map(|scale| scale * scale).collect());
        }
        draws.positions.push(&position).map_err(End::Lost)?;
        let (n_leapfrogs, diverging) = (latest.num_steps as u32, latest.diverging);
        draws.stats.push(DrawStats { n_leapfrogs, step_size, diverging, ..reading.stats });
    }
    Ok(())
}

/// Greatest R-hat between the third and the last quarter of a warm-up that has settled. With a few dozen draws each, chains that
/// have settled reach 1.1 in one of many coordinates.
const SETTLED: f64 = 1.2;

/// Looks at the second half of a warm-up.
struct Settling {
    half: usize,
    /// By coordinate.
    seen: Vec<Vec<f64>>,
}

impl Settling {
    fn new<S>(attempt: &Attempt<'_, S>) -> Self {
        Self { half: attempt.n_tune / 2, seen: Vec::new() }
    }

    fn see(&mut self, iteration: usize, position: &[f64]) {
        if iteration > self.half {
            self.seen.resize(position.len(), Vec::new());
            self.seen.iter_mut().zip(position).for_each(|(seen, x)| seen.push(*x));
        }
    }

    /// The position seen last.
    fn latest(&self) -> Vec<f64> {
        self.seen.iter().filter_map(|seen| seen.last().copied()).collect()
    }

    /// Whether no coordinate is on its way elsewhere.
    fn has_settled(&self) -> bool {
        self.seen.iter().all(|seen| {
            let (third, last) = seen.split_at(seen.len() / 2);
            r_hat(&[third, last]) < SETTLED
        })
    }
}

/// Why a chain ended before its last draw.
enum End {
    /// It was told to: no error.
    Stopped,
    /// Its warm-up did not settle, and ended here.
    Unsettled(Vec<f64>),
    /// The density panicked, in these words.
    Panicked(String),
    /// The store did not take a draw, in these words.
    Lost(String),
    /// The library gave up, in these words.
    Failed(String),
}

impl End {
    /// Looks for our own fault inside the library's error.
    fn of(error: Option<&NutsError>, shown: &dyn Display) -> Self {
        let fault = match error {
            Some(NutsError::LogpFailure(fault)) => fault.downcast_ref::<Fault>(),
            _ => None,
        };
        match fault {
            Some(Fault::Stopped) => End::Stopped,
            Some(Fault::Panicked(message)) => End::Panicked(message.clone()),
            Some(Fault::NotFinite) | None => End::Failed(shown.to_string()),
        }
    }
}
