//! Which decay and ec50 of each channel predict best, channel by channel until nothing improves.

use super::cross_validation::validate;
use crate::engine::report::Searched;
use crate::model::compile::{CompiledModel, compile};
use crate::model::linear_form::LinearForm;
use crate::prior::{Prior, Quantity};
use crate::problem::Problems;
use crate::spec::{AdstockKind, ChannelSpec, ModelSpec, RidgeSpec, SaturationKind, WindowSpec};

const DECAYS: [f64; 10] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/// ec50 as multiples of the mean exposure in a period, carried over.
const MULTIPLES: [f64; 7] = [0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0];
/// Rounds over all channels.
const ROUNDS: usize = 5;
/// A change must lower the error by this share to be made.
const LEAST_GAIN: f64 = 1e-6;

/// The model with the transforms that cross-validation prefers, and what they are. What a channel's transform does not have
/// (a rate has no ec50) stays as it is.
///
/// # Errors
/// As the compiler.
pub(super) fn search(
    model: CompiledModel,
    settings: &RidgeSpec,
) -> Result<(CompiledModel, Vec<Searched>), Problems> {
    let mut best = model;
    let mut error = error_of(&best, settings)?;
    for _ in 0..ROUNDS {
        let before = error;
        for channel in 0..best.spec.channel.len() {
            let candidates: Vec<ModelSpec> = candidates(&best, channel);
            for spec in candidates {
                let candidate = compile(&spec, &best.panel)?;
                let own = error_of(&candidate, settings)?;
                if own < error * (1.0 - LEAST_GAIN) {
                    (best, error) = (candidate, own);
                }
            }
        }
        if error >= before {
            break;
        }
    }
    let searched = best.spec.channel.iter().map(|channel| found(&best, &channel.name)).collect();
    Ok((best, searched))
}

fn error_of(model: &CompiledModel, settings: &RidgeSpec) -> Result<f64, Problems> {
    let errors = validate(&LinearForm::of(model)?, settings).errors;
    Ok(errors.into_iter().fold(f64::INFINITY, f64::min))
}

/// The spec with every pair of decay and ec50 for one channel.
fn candidates(model: &CompiledModel, channel: usize) -> Vec<ModelSpec> {
    let spec = &model.spec.channel[channel];
    let exposure = &model.training.exposure[channel];
    let mean = exposure.iter().sum::<f64>() / exposure.len() as f64;
    let decays: Vec<Option<f64>> = if has_decay(spec) { DECAYS.map(Some).to_vec() } else { vec![None] };
    let multiples: Vec<Option<f64>> = if has_ec50(spec) { MULTIPLES.map(Some).to_vec() } else { vec![None] };
    let mut all = Vec::new();
    for decay in decays {
        for multiple in &multiples {
            let mut candidate = model.spec.clone();
            let own = &mut candidate.channel[channel];
            if let (Some(decay), Some(adstock)) = (decay, &mut own.adstock) {
                adstock.decay = Some(fixed(decay));
            }
            if let (Some(multiple), Some(saturation)) = (multiple, &mut own.saturation) {
                // Weights that add up to one leave the mean as it is; those of the recursion add up to 1/(1 − decay).
                let normalised = own.adstock.as_ref().is_some_and(|adstock| {
                    adstock.normalize != Some(false) && !matches!(adstock.l_max, Some(WindowSpec::Word(_)))
                });
                let carried = if normalised { 1.0 } else { 1.0 / (1.0 - decay.unwrap_or(0.0)) };
                saturation.ec50 = Some(fixed(multiple * carried * mean));
            }
            all.push(candidate);
        }
    }
    all
}

fn has_decay(channel: &ChannelSpec) -> bool {
    channel.adstock.as_ref().is_some_and(|adstock| adstock.kind == AdstockKind::Geometric)
}

fn has_ec50(channel: &ChannelSpec) -> bool {
    channel.saturation.as_ref().is_some_and(|saturation| {
        matches!(saturation.kind, SaturationKind::Hill | SaturationKind::MichaelisMenten)
    })
}

fn fixed(value: f64) -> Prior {
    Prior::Fixed(Quantity::Number(value))
}

/// The transforms of a channel in its user's units.
fn found(model: &CompiledModel, name: &str) -> Searched {
    let units = || model.layout.variables.iter().flat_map(|variable| &variable.units);
    let value = |label: String| {
        let parameters = model.layout.parameters.iter().zip(units());
        let mut own = parameters.filter(|(parameter, _)| parameter.label == label);
        own.next().map(|(parameter, unit)| parameter.distribution.median() * unit)
    };
    Searched {
        channel: name.to_owned(),
        decay: value(format!("decay[{name}]")),
        ec50: value(format!("ec50[{name}]")),
    }
}
