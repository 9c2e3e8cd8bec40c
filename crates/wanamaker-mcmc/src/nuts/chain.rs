//! One chain, from its start to its last draw: the only code that speaks to the sampling library.

use super::guard::{Fault, Guarded};
use super::{Metric, NutsSettings, SampleError};
use crate::draws::{ChainDraws, DrawStats};
use crate::log_density::LogDensity;
use crate::progress::Counters;
use crate::seed::{Purpose, stream};
use nuts_rs::{Chain, CpuMath, EuclideanAdaptOptions, Math, NutsError, SamplerStats, Settings};
use serde::Serialize;
use std::fmt::{Debug, Display};

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

/// Runs chain number `chain` from `start`. A stopped chain returns what it has.
pub(super) fn run<D: LogDensity>(
    chain: usize,
    settings: &NutsSettings,
    density: Guarded<'_, D>,
    start: &[f64],
    counters: &Counters,
) -> Result<ChainDraws, SampleError> {
    match settings.metric {
        Metric::Diagonal => {
            let mut theirs = nuts_rs::DiagNutsSettings::default();
            theirs.adapt_options.mass_matrix_options.store_mass_matrix = true;
            configure(&mut theirs, settings);
            drive(chain, settings, &theirs, density, start, counters, |stats| read!(stats, mass_matrix_inv))
        }
        Metric::LowRank { update_every } => {
            let mut theirs = nuts_rs::LowRankNutsSettings::default();
            theirs.adapt_options.mass_matrix_options.store_mass_matrix = true;
            theirs.adapt_options.mass_matrix_update_freq = update_every;
            configure(&mut theirs, settings);
            drive(chain, settings, &theirs, density, start, counters, |stats| read!(stats, mass_matrix_stds))
        }
    }
}

/// Copies our settings into theirs. What is not named keeps the library's default, among it the jitter of the
/// step size, ±10 % per draw, without which a trajectory can close on itself again and again.
fn configure<A: Debug + Copy + Default + Serialize>(
    theirs: &mut nuts_rs::NutsSettings<EuclideanAdaptOptions<A>>,
    ours: &NutsSettings,
) {
    theirs.num_tune = ours.n_tune as u64;
    theirs.num_draws = ours.n_draws as u64;
    theirs.num_chains = ours.n_chains;
    theirs.maxdepth = ours.max_depth;
    theirs.adapt_options.step_size_settings.target_accept = ours.target_accept;
}

/// Makes the library's chain and draws from it, until the chain is complete or stopped.
fn drive<'a, S: Settings, D: LogDensity>(
    chain: usize,
    ours: &NutsSettings,
    theirs: &S,
    density: Guarded<'a, D>,
    start: &[f64],
    counters: &Counters,
    read: impl Fn(Stats<'a, S, D>) -> Reading,
) -> Result<ChainDraws, SampleError> {
    let mut rng = stream(ours.seed, Purpose::Chain, chain as u64);
    let nuts = theirs
        .new_chain(chain as u64, CpuMath::new(density), &mut rng)
        .map_err(|error| SampleError::SamplerFailed { chain, message: error.to_string() })?;
    let mut draws = ChainDraws::default();
    match fill(nuts, ours, start, counters, read, &mut draws) {
        Ok(()) | Err(End::Stopped) => Ok(draws),
        Err(End::Panicked(message)) => Err(SampleError::DensityPanicked { chain, message }),
        Err(End::Failed(message)) => Err(SampleError::SamplerFailed { chain, message }),
    }
}

/// Warms up and draws into `draws`, which holds what there is also when this ends early.
fn fill<M: Math, C: Chain<M>>(
    mut nuts: C,
    ours: &NutsSettings,
    start: &[f64],
    counters: &Counters,
    read: impl Fn(C::Stats) -> Reading,
    draws: &mut ChainDraws,
) -> Result<(), End> {
    nuts.set_position(start).map_err(|error| End::of(error.downcast_ref(), &error))?;
    // The library names the step size of the next trajectory; the one in use was named one iteration earlier.
    let mut named = None;
    while draws.warmup.n_tune < ours.n_tune {
        let (_, latest) = nuts.draw().map_err(|error| End::of(error.downcast_ref(), &error))?;
        let step_size = named.replace(latest.step_size).unwrap_or(latest.step_size);
        counters.add(true, latest.diverging, latest.num_steps as usize, step_size);
        draws.warmup.n_tune += 1;
        draws.warmup.n_divergences += usize::from(latest.diverging);
        draws.warmup.n_leapfrogs += latest.num_steps as usize;
    }
    while draws.n_draws() < ours.n_draws {
        let (position, _, stats, latest) =
            nuts.expanded_draw().map_err(|error| End::of(error.downcast_ref(), &error))?;
        let step_size = named.replace(latest.step_size).unwrap_or(latest.step_size);
        counters.add(false, latest.diverging, latest.num_steps as usize, step_size);
        let reading = read(stats);
        if let Some(scales) = reading.scales {
            draws.warmup.step_size = Some(reading.adopted_step_size);
            draws.warmup.inverse_mass = Some(scales.iter().map(|scale| scale * scale).collect());
        }
        draws.positions.extend_from_slice(&position);
        let (n_leapfrogs, diverging) = (latest.num_steps as u32, latest.diverging);
        draws.stats.push(DrawStats { n_leapfrogs, step_size, diverging, ..reading.stats });
    }
    Ok(())
}

/// Why a chain ended before its last draw.
enum End {
    /// It was told to: no error.
    Stopped,
    /// The density panicked, in these words.
    Panicked(String),
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
