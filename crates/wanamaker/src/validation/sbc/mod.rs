//! Simulation-based calibration: markets drawn from the prior on the user's own spend, each fitted and held against the
//! truth it was drawn from. Where model and sampler are right, the truth's rank among the draws is uniform [talts2018].
//!
//! ```text
//! θ ~ prior        y ~ likelihood(θ, own spend, controls, calendar)        θ_1 … θ_L ~ fit of y
//! rank = #{l : f(θ_l) < f(θ)}  is uniform on 0 … L, for every quantity f
//! ```
//! A quantity is a public parameter, what a channel earned, or the joint log likelihood of `y`, which sees faults that no
//! single parameter shows [modrak2023].
//!
//! Constants of the compiled model (scales, words in priors, totals behind shares) stay those of the real data: they are
//! part of the prior. Only `likelihood.y` is replaced, in the cells that were observed.
//!
//! **What counts as converged.** The gates of a fit want the digits of a report; ranks among `L` draws want `L` independent
//! ones. So the fits of a calibration may be short: R-hat below 1.05, an ESS of `L` in every parameter and quantity, at most
//! one draw in a hundred divergent. One that falls short is drawn again, four times as long.
//!
//! **Fits that do not converge even then** stay in. Leaving them out would judge the model on the markets it finds easy:
//! whether a fit converges depends on the market. So the verdict is over every simulation that gave draws; the same figures
//! for the converged ones alone stand beside it, which is what a user sees who heeds the gates. For an honest sampler both
//! are uniform: given `y`, convergence knows nothing of the truth.

pub mod calibration;
pub mod figures;
pub mod fingerprint;
mod market;
mod ranks;

use crate::engine::batch::{self, Worker};
use crate::engine::convergence::{Gates, judge};
use crate::engine::fit::{Fit, FitError};
use crate::model::compile::CompiledModel;
use crate::problem::{Place, Problem, Problems};
use ranks::ranked;
pub use ranks::{Kind, Quantity, quantities};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// How many ranks there are, and where chance comes from. How each fit is drawn stands in the spec's `sampler`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Nearly independent draws the truth is ranked among, `L` ≥ 1.
    pub ranks: usize,
    /// Seed of all simulations; that of the `sampler` is not used.
    pub seed: u64,
}

impl Settings {
    /// Whether fits of `model` give enough draws to rank among.
    ///
    /// # Errors
    /// `sbc.ranks` where they do not.
    pub fn check(&self, model: &CompiledModel) -> Result<(), Problems> {
        let sampler = &model.spec.sampler;
        let drawn = sampler.chains.unwrap_or(0) * sampler.draws.unwrap_or(0);
        if (1..=drawn).contains(&self.ranks) {
            return Ok(());
        }
        let message =
            format!("the truth would be ranked among {} draws, and each fit makes {drawn}", self.ranks);
        let hint = "rank among a tenth of the draws, or fewer: they have to be nearly independent";
        Err(Problem::error("sbc.ranks", Place::default(), message).hint(hint).into())
    }
}

/// One simulated market and what its fit said of the truth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Simulation {
    /// Which one; it alone decides what is drawn.
    pub index: u64,
    /// Draws of the prior that no KPI can come of (a count with a mean below zero, a number beyond all bounds) and that were
    /// drawn again: the model gives them no probability either.
    pub redrawn: usize,
    /// What came of the fit.
    pub outcome: Outcome,
}

/// What came of the fit of a simulated market.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It gave draws.
    Ranked(Ranked),
    /// No market could be drawn, or no fit be made of it: why.
    Failed(String),
}

/// Where the truth stands among the draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// Whether the chains agreed and gave `L` independent draws.
    pub converged: bool,
    /// Whether it had to be drawn again, with twice the warm-up and four times the draws, because it had not converged.
    pub lengthened: bool,
    /// Rank of the truth, 0 … L, by quantity.
    pub ranks: Vec<usize>,
    /// Whether the interval of what the channel earned holds the truth, by channel, at each of [`LEVELS`].
    pub inside: Vec<[bool; LEVELS.len()]>,
    /// Mean of what the channel earned and half the width of its interval at the last of [`LEVELS`], by channel.
    pub known: Vec<[f64; 2]>,
}

/// Chance alone takes R-hat of two chains that far where a hundred or two of their draws are independent.
const GREATEST_R_HAT: f64 = 1.05;

/// Levels of the intervals whose coverage is counted.
pub const LEVELS: [f64; 3] = [0.5, 0.8, 0.95];

/// Simulates and fits markets `0..n` but those that `known` holds already.
///
/// - `finished`: told of every new simulation, in the order in which they end, and asked about ten times a second with
///   `None`; `Break` stops
/// - `threads`: 0 for all; never changes a rank
///
/// Returns whether all are there.
pub fn simulate(
    model: &CompiledModel,
    settings: &Settings,
    n: u64,
    known: &[Simulation],
    threads: usize,
    finished: impl FnMut(Option<Simulation>) -> ControlFlow<()>,
) -> bool {
    simulate_with(model, settings, n, known, threads, |market, worker| worker.fit(market), finished)
}

/// The same for any way to fit a market: what is calibrated is `fit`. Tests hand in faulty ones.
pub fn simulate_with(
    model: &CompiledModel,
    settings: &Settings,
    n: u64,
    known: &[Simulation],
    threads: usize,
    fit: impl Fn(CompiledModel, Worker<'_>) -> Result<Fit, FitError> + Sync,
    mut finished: impl FnMut(Option<Simulation>) -> ControlFlow<()>,
) -> bool {
    let missing: Vec<u64> = (0..n).filter(|index| known.iter().all(|done| done.index != *index)).collect();
    let n_chains = model.spec.sampler.chains.unwrap_or(1);
    let job = |k: usize, worker: Worker<'_>| {
        one(model, settings, missing[k], &|market| fit(market, worker), worker)
    };
    batch::run(missing.len(), n_chains, threads, job, |told| finished(told.map(|(_, simulation)| simulation)))
}

/// Simulation `index`: a market, its fit, and the ranks of the truth. What comes of a batch that was stopped is nothing.
fn one(
    model: &CompiledModel,
    settings: &Settings,
    index: u64,
    fit: &dyn Fn(CompiledModel) -> Result<Fit, FitError>,
    worker: Worker<'_>,
) -> Simulation {
    let Some(market) = market::draw(model, settings.seed, index) else {
        let outcome =
            Outcome::Failed(format!("no KPI could come of {} draws of the prior", market::MOST_DRAWS));
        return Simulation { index, redrawn: market::MOST_DRAWS, outcome };
    };
    let wanted = quantities(model);
    let drawn = |times: [usize; 2]| -> Result<Ranked, FitError> {
        let mut model = market.model.clone();
        let sampler = &mut model.spec.sampler;
        sampler.tune = sampler.tune.map(|tune| tune * times[0]);
        sampler.draws = sampler.draws.map(|draws| draws * times[1]);
        let fit = fit(model)?;
        let (mut found, enough) = ranked(&wanted, &fit.model, &fit.posterior, &market, settings.ranks);
        let gates = Gates {
            r_hat: GREATEST_R_HAT,
            ess: settings.ranks as f64,
            divergences: fit.convergence.chains * fit.convergence.draws / 100,
        };
        found.converged = enough && !fit.cancelled && judge(&fit.convergence, &gates).0.is_empty();
        Ok(found)
    };
    let outcome = match drawn([1, 1]) {
        // Talts' second algorithm: where too few draws are independent, more are made.
        Ok(first) if !first.converged && !worker.stopped() => {
            drawn([2, 4]).map(|second| Ranked { lengthened: true, ..second })
        }
        first => first,
    };
    let outcome = outcome.map_or_else(|error| Outcome::Failed(error.to_string()), Outcome::Ranked);
    Simulation { index, redrawn: market.redrawn, outcome }
}
