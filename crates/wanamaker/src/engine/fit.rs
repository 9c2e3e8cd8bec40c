//! One fit: draws, names, and what to think of them.

use super::convergence::{Convergence, Gates, convergence, judge};
use super::report::Report;
use super::{gibbs, laplace, nuts, ridge};
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::problem::Problems;
use crate::spec::EngineName;
use std::ops::ControlFlow;
use wanamaker_mcmc::draws::DrawStats;
use wanamaker_mcmc::nuts::SampleError;
use wanamaker_mcmc::progress::Progress;
use wanamaker_mcmc::store::Store;

/// A fitted model.
#[derive(Clone, Debug)]
pub struct Fit {
    /// What was fitted.
    pub model: CompiledModel,
    /// Its draws.
    pub posterior: Posterior,
    /// Sampler statistics, `[chain][draw]`; empty for engines that move without trajectories.
    pub statistics: Vec<Vec<DrawStats>>,
    /// Whether the chains agree.
    pub convergence: Convergence,
    /// What the engine says of its own run.
    pub report: Report,
    /// Doubts about the result, each with what to try.
    pub warnings: Problems,
    /// Whether sampling was cut short by the user.
    pub cancelled: bool,
}

impl Fit {
    /// Whether it is complete, passes the default gates and its engine stands by it: only then are its numbers to be used.
    pub fn converged(&self) -> bool {
        !self.cancelled && self.report.is_sound() && judge(&self.convergence, &Gates::DEFAULT).0.is_empty()
    }

    /// The same fit with `n` draws of each chain, evenly spaced, or all where there are fewer. What is said of convergence stays
    /// what all of them said.
    pub fn with_draws(&self, n: usize) -> Self {
        let all = self.posterior.n_draws;
        let n = n.clamp(1, all);
        let kept: Vec<usize> = (1..=n).map(|k| k * all / n - 1).collect();
        let of_chain = |chain: &Vec<DrawStats>| kept.iter().map(|&draw| chain[draw]).collect();
        // Field by field: a copy of the whole would copy all draws first.
        Self {
            model: self.model.clone(),
            posterior: self.posterior.kept(&kept),
            statistics: self.statistics.iter().map(of_chain).collect(),
            convergence: self.convergence.clone(),
            report: self.report.clone(),
            warnings: self.warnings.clone(),
            cancelled: self.cancelled,
        }
    }
}

/// What an engine makes.
pub(super) struct Drawn {
    pub(super) posterior: Posterior,
    pub(super) statistics: Vec<Vec<DrawStats>>,
    pub(super) report: Report,
    pub(super) cancelled: bool,
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
    /// There is no normal around a mode.
    #[error("{0}")]
    NoMode(String),
    /// The model is not one that its engine can fit.
    #[error("{0}")]
    Unsuitable(Problems),
}

/// Fits by the engine that the model's spec names. `observer` is told of the progress and may stop it; what is drawn by then
/// is kept. `ridge` may search for transforms: the fit then holds the model that it found.
///
/// Same model, same settings: the same draws, bit for bit, on any number of `threads` (0 = all there are).
///
/// # Errors
/// When no finite starting point or no mode is found, or fewer than four draws per chain were made before it was stopped.
pub fn fit(
    model: CompiledModel,
    threads: usize,
    observer: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Fit, FitError> {
    fit_through(model, threads, &|| Box::new(Vec::new()), observer)
}

/// As [`fit`], the draws of each chain waiting in a store of `make_store` until sampling is over, instead of in memory.
///
/// # Errors
/// The same, and what the stores say.
pub fn fit_through(
    model: CompiledModel,
    threads: usize,
    make_store: &dyn Fn() -> Box<dyn Store>,
    observer: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Fit, FitError> {
    let (model, drawn) = match model.spec.sampler.engine.unwrap_or_default() {
        EngineName::Nuts => {
            let drawn = nuts::draw(&model, threads, make_store, observer)?;
            (model, drawn)
        }
        EngineName::Gibbs => {
            let drawn = gibbs::draw(&model)?;
            (model, drawn)
        }
        EngineName::Laplace => {
            let drawn = laplace::draw(&model)?;
            (model, drawn)
        }
        EngineName::Ridge => ridge::draw(model)?,
    };
    let Drawn { posterior, statistics, report, cancelled } = drawn;
    if posterior.n_draws < 4 {
        return Err(FitError::TooFewDraws { draws: posterior.n_draws });
    }
    let convergence = convergence(&model, &posterior, &statistics, threads);
    let mut warnings = judge(&convergence, &Gates::DEFAULT);
    warnings.extend(report.findings());
    Ok(Fit { model, posterior, statistics, convergence, report, warnings, cancelled })
}
