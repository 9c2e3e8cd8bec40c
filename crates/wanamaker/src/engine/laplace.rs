//! Laplace's approximation of a compiled model: a preview in the time of a few hundred gradients.

use super::fit::{Drawn, FitError};
use super::report::Report;
use super::space::{Space, conditional_stream};
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use wanamaker_mcmc::laplace::{Laplace, LaplaceError, approximate};

/// Climbs to the mode of what cannot be integrated out and draws from the normal around it.
///
/// # Errors
/// When the density has no mode that can be found.
pub(super) fn draw(model: &CompiledModel) -> Result<Drawn, FitError> {
    let space = Space::of(model);
    let found =
        around_mode(model, &space).map_err(|error| FitError::NoMode(in_words(&error, model, &space)))?;
    let spec = &model.spec.sampler;
    let mut posterior = Posterior::empty(model, spec.n_chains(), spec.n_draws());
    let mut completion = space.completion(model);
    for (chain, positions) in found.chains.into_iter().enumerate() {
        let mut rng = conditional_stream(model, chain);
        for (draw, mut position) in positions.chunks_exact(space.dim()).map(<[f64]>::to_vec).enumerate() {
            posterior.set(model, chain, draw, completion.of(&mut position, &mut rng));
        }
    }
    Ok(Drawn {
        posterior,
        statistics: Vec::new(),
        report: Report::Laplace { pareto_k: Some(found.pareto_k).filter(|k| k.is_finite()) },
        cancelled: false,
    })
}

/// Mode, curvature, Pareto's k and draws in the space of a model.
///
/// # Errors
/// See [`LaplaceError`].
pub fn around_mode(model: &CompiledModel, space: &Space) -> Result<Laplace, LaplaceError> {
    let spec = &model.spec.sampler;
    let mode = space.mode(model)?;
    Ok(approximate(
        space.density(model),
        &mode,
        spec.n_chains(),
        spec.n_draws(),
        spec.seed.unwrap_or_default(),
    ))
}

fn in_words(error: &LaplaceError, model: &CompiledModel, space: &Space) -> String {
    match error {
        LaplaceError::BadStart => error.to_string(),
        LaplaceError::NoMode { coordinate } => format!(
            "the posterior has no mode around which it looks like a normal: it is flat, or rises without end, along {}; \
             engine = \"nuts\" needs none",
            model.layout.free_labels()[space.free_index(*coordinate)]
        ),
    }
}
