//! Penalised least squares [hoerl1970]: the penalty from cross-validation in time, intervals from a bootstrap of blocks.
//!
//! ```text
//! minimise ‖y − X·b‖² + penalty·Σ_j (s_j·b_j)²        s_j the standard deviation of column j, or 1; intercepts go free
//! ```
//! The draws of the fit are the replicates of the bootstrap, moved so that their mean is the estimate itself.

mod bootstrap;
mod cross_validation;
mod path;
mod search;

use super::fit::{Drawn, FitError};
use super::report::{Report, RidgeReport};
use crate::model::compile::CompiledModel;
use crate::model::linear_form::LinearForm;
use crate::posterior::Posterior;
use crate::spec::RidgeSpec;
use bootstrap::{Replicates, block_length, replicates};
use cross_validation::{Validated, validate};
use path::Path;

/// Chooses the penalty (and the transforms, when asked to), estimates, and draws the replicates.
///
/// # Errors
/// When the model is not linear, which its compiler has ruled out for a spec that names this engine.
pub(super) fn draw(model: CompiledModel) -> Result<(CompiledModel, Drawn), FitError> {
    let settings = model.spec.sampler.ridge.clone().unwrap_or_default();
    let (model, searched) = if settings.search == Some(true) {
        search::search(model, &settings).map_err(FitError::Unsuitable)?
    } else {
        (model, Vec::new())
    };
    let form = LinearForm::of(&model).map_err(FitError::Unsuitable)?;
    let Validated { penalty, errors } = validate(&form, &settings);
    let path = Path::of(&form, &(0..form.y.len()).collect::<Vec<_>>(), settings.standardize.unwrap_or(true));
    let n_periods = count_periods(&form);
    let block = settings.block.unwrap_or_else(|| block_length(n_periods)).min(n_periods);
    let spec = &model.spec.sampler;
    let (n_chains, n_draws) = (spec.n_chains(), spec.n_draws());
    let chains: Vec<Replicates> = (0..n_chains)
        .map(|chain| {
            replicates(&form, &path, penalty, block, n_draws, spec.seed.unwrap_or_default(), chain as u64)
        })
        .collect();
    let shift = to_the_estimate(&path.coefficients(&form.y, penalty), &chains);
    let p = form.columns.len();
    let posterior = Posterior::from_values(&model, n_chains, n_draws, |chain, draw, values| {
        let own = &chains[chain].coefficients[draw * p..(draw + 1) * p];
        for ((column, b), shift) in form.columns.iter().zip(own).zip(&shift) {
            values[column.parameter] = b + shift;
        }
        if model.layout.parameters[form.noise.parameter].free.is_some() {
            let variance = chains[chain].variance[draw];
            values[form.noise.parameter] = if form.noise.is_variance { variance } else { variance.sqrt() };
        }
    });
    let report = RidgeReport {
        penalty,
        cross_validation: in_kpi_units(&model, &settings, errors),
        kind: settings.cross_validation.unwrap_or_default(),
        folds: settings.folds.unwrap_or(5),
        block,
        degrees_of_freedom: path.degrees_of_freedom(penalty),
        searched,
    };
    let report = Report::Ridge(report);
    Ok((model, Drawn { posterior, statistics: Vec::new(), report, cancelled: false }))
}

/// Penalties with the root of their mean squared error.
fn in_kpi_units(model: &CompiledModel, settings: &RidgeSpec, errors: Vec<f64>) -> Vec<(f64, f64)> {
    settings
        .penalties
        .iter()
        .zip(errors)
        .map(|(penalty, mse)| (*penalty, mse.sqrt() * model.units.kpi))
        .collect()
}

/// What moves the mean of all replicates to the estimate: the mean of blocks of residuals is not quite zero.
fn to_the_estimate(estimate: &[f64], chains: &[Replicates]) -> Vec<f64> {
    let p = estimate.len();
    let mut mean = vec![0.0; p];
    let mut n = 0.0;
    for replicate in chains.iter().flat_map(|chain| chain.coefficients.chunks_exact(p.max(1))) {
        mean.iter_mut().zip(replicate).for_each(|(mean, b)| *mean += b);
        n += 1.0;
    }
    estimate.iter().zip(mean).map(|(b, sum)| b - sum / n).collect()
}

/// Periods with an observation.
fn count_periods(form: &LinearForm) -> usize {
    let mut periods = form.periods.clone();
    periods.dedup();
    periods.len()
}
