//! Gibbs sampling of a model that is linear, normal and conjugate in all it does not know.

use super::fit::{Drawn, FitError};
use super::report::Report;
use crate::distribution::Distribution;
use crate::model::compile::CompiledModel;
use crate::model::linear_form::LinearForm;
use crate::posterior::Posterior;
use wanamaker_mcmc::gibbs::{GibbsSettings, LinearModel, VariancePrior, sample};

/// Draws every chain; too quick to be watched.
///
/// # Errors
/// When the model is not conjugate, which its compiler has ruled out for a spec that names this engine.
pub(super) fn draw(model: &CompiledModel) -> Result<Drawn, FitError> {
    let form = LinearForm::conjugate(model).map_err(FitError::Unsuitable)?;
    let parameters = &model.layout.parameters;
    let (mut prior_mean, mut prior_sd) = (Vec::new(), Vec::new());
    for column in &form.columns {
        if let Distribution::Normal(prior) = &parameters[column.parameter].distribution {
            prior_mean.push(prior.mean);
            prior_sd.push(prior.sd);
        }
    }
    let variance = match &parameters[form.noise.parameter].distribution {
        Distribution::InverseGamma(prior) => {
            VariancePrior::InverseGamma { shape: prior.shape, scale: prior.scale }
        }
        known if form.noise.is_variance => VariancePrior::Known(known.median()),
        known => VariancePrior::Known(known.median().powi(2)),
    };
    let spec = &model.spec.sampler;
    let defaults = GibbsSettings::default();
    let settings = GibbsSettings {
        n_chains: spec.chains.unwrap_or(defaults.n_chains),
        n_draws: spec.draws.unwrap_or(defaults.n_draws),
        n_tune: spec.tune.unwrap_or(defaults.n_tune),
        thin: spec.thin.unwrap_or(defaults.thin),
        seed: spec.seed.unwrap_or(defaults.seed),
    };
    let columns: Vec<Vec<f64>> = form.columns.iter().map(|column| column.values.clone()).collect();
    let linear =
        LinearModel { columns: &columns, y: &form.y, prior_mean: &prior_mean, prior_sd: &prior_sd, variance };
    let chains = sample(&linear, &settings);
    let p = columns.len();
    let posterior =
        Posterior::from_values(model, settings.n_chains, settings.n_draws, |chain, draw, values| {
            let own = &chains[chain].coefficients[draw * p..(draw + 1) * p];
            form.columns.iter().zip(own).for_each(|(column, b)| values[column.parameter] = *b);
            if parameters[form.noise.parameter].free.is_some() {
                values[form.noise.parameter] = chains[chain].variance[draw];
            }
        });
    Ok(Drawn { posterior, statistics: Vec::new(), report: Report::Gibbs, cancelled: false })
}
