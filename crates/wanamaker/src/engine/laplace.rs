//! Laplace's approximation of a compiled model: a preview in the time of a few hundred gradients.

use super::fit::{Drawn, FitError};
use super::nuts::starts;
use super::report::Report;
use super::whitening::{Whitened, Whitening};
use crate::model::compile::CompiledModel;
use crate::model::density::Evaluator;
use crate::posterior::Posterior;
use wanamaker_mcmc::draws::{ChainDraws, Chains, DrawStats};
use wanamaker_mcmc::laplace::approximate;

/// Climbs to the mode in whitened coordinates and draws from the normal around it.
///
/// # Errors
/// When the density has no mode that can be found.
pub(super) fn draw(model: &CompiledModel) -> Result<Drawn, FitError> {
    let spec = &model.spec.sampler;
    let (n_chains, n_draws) = (spec.chains.unwrap_or(4), spec.draws.unwrap_or(1000));
    let whitening = Whitening::of(model);
    let start: Vec<f64> = starts(model, &whitening).into_iter().map(|(centre, _)| centre).collect();
    let density = Whitened::new(Evaluator::new(model), &whitening);
    let found = approximate(density, &start, n_chains, n_draws, spec.seed.unwrap_or_default())
        .map_err(FitError::NoMode)?;
    let dim = start.len();
    let chain = |mut positions: Vec<f64>| {
        positions.chunks_exact_mut(dim).for_each(|position| whitening.apply(position));
        ChainDraws { positions, stats: vec![DrawStats::default(); n_draws], ..ChainDraws::default() }
    };
    let chains = Chains { dim, chains: found.chains.into_iter().map(chain).collect(), cancelled: false };
    Ok(Drawn {
        posterior: Posterior::from_chains(model, &chains),
        statistics: Vec::new(),
        report: Report::Laplace { pareto_k: Some(found.pareto_k).filter(|k| k.is_finite()) },
        cancelled: false,
    })
}
