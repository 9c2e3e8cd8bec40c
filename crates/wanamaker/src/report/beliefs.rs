//! What was believed before the data and after them.

use super::figures::{Estimate, Line};
use super::study::Study;
use crate::distribution::Distribution;
use crate::model::layout::Visibility;
use crate::posterior::interval::{Interval, quantile};
use crate::statistics::density::kernel_density;
use schemars::JsonSchema;
use serde::Serialize;

/// Prior and posterior of the public parameters of the media and of all that is not by geo.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Beliefs {
    /// One per parameter.
    pub parameters: Vec<Belief>,
    /// Public parameters that are left out because there are too many of them.
    pub left_out: usize,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Belief {
    /// Label, e.g. `decay[tv]`.
    pub name: String,
    /// Channel it belongs to.
    pub channel: Option<String>,
    /// Prior density over the range shown.
    pub prior: Line,
    /// Posterior density over the same range.
    pub posterior: Line,
    /// Prior median and interval.
    pub before: Estimate,
    /// Posterior mean, median and interval.
    pub after: Estimate,
    /// `1 − (width of the posterior / width of the prior)²` of the central halves, at most 1; negative when wider.
    pub contraction: f64,
    /// Whether the data barely moved it.
    pub follows_prior: bool,
}

/// Most parameters that are shown: a panel of many geos has thousands.
const MOST: usize = 60;
/// Points of a density.
const POINTS: usize = 80;
/// A posterior that keeps more than four fifths of its prior's width has learnt next to nothing; as for contributions.
const LEAST_CONTRACTION: f64 = 0.36;
/// A move by half of the prior's half-width counts as having learnt where a parameter lies.
const LEAST_SHIFT: f64 = 0.5;

/// Prior and posterior of the free public parameters of `study`, those with the fewest axes first where there are too many.
pub fn beliefs(study: &Study<'_>) -> Beliefs {
    let model = study.model();
    let variables = study.posterior().variables.iter().filter(|v| v.visibility == Visibility::Public);
    let mut all = Vec::new();
    for variable in variables {
        let axis = variable.dims.iter().position(|dim| dim == "channel");
        let inner: usize = axis.map_or(1, |k| variable.coords[k + 1..].iter().map(Vec::len).product());
        for (i, name) in variable.labels().into_iter().enumerate() {
            let channel = axis.map(|k| variable.coords[k][i / inner % variable.coords[k].len()].clone());
            all.push((variable.dims.len(), variable.start + i, name, channel));
        }
    }
    all.retain(|(_, index, ..)| model.layout.parameters[*index].free.is_some());
    let shown = all.len().min(MOST);
    let left_out = all.len() - shown;
    if left_out > 0 {
        all.sort_by_key(|(n_axes, ..)| *n_axes);
    }
    let units: Vec<f64> = model.layout.variables.iter().flat_map(|v| v.units.iter().copied()).collect();
    let parameters = all.into_iter().take(shown).map(|(_, index, name, channel)| {
        let distribution = &model.layout.parameters[index].distribution;
        belief(study, index, distribution, units[index], name, channel)
    });
    Beliefs { parameters: parameters.collect(), left_out }
}

fn belief(
    study: &Study<'_>,
    index: usize,
    distribution: &Distribution,
    unit: f64,
    name: String,
    channel: Option<String>,
) -> Belief {
    let mut draws = study.posterior().scalar(index).concat();
    let after = Interval::of(&mut draws, study.settings.level);
    let of_prior = |p: f64| distribution.quantile(p) * unit;
    let tail = 0.5 * (1.0 - study.settings.level);
    let before = Estimate {
        // A Cauchy has no mean: the middle stands for it, as everywhere in a prior.
        mean: of_prior(0.5),
        median: of_prior(0.5),
        lower: of_prior(tail),
        upper: of_prior(1.0 - tail),
    };
    let prior_half = of_prior(0.75) - of_prior(0.25);
    let half = quantile(&draws, 0.75) - quantile(&draws, 0.25);
    let ratio = if prior_half > 0.0 { half / prior_half } else { 1.0 };
    let contraction = 1.0 - ratio * ratio;
    let shift =
        if prior_half > 0.0 { (after.median - before.median).abs() / (0.5 * prior_half) } else { 0.0 };
    // The whole of the posterior, and as much of the prior as leaves the posterior to be seen.
    let (low, high) = (quantile(&draws, 0.001), quantile(&draws, 0.999));
    let room = 4.0 * (high - low);
    let from = low.min(of_prior(0.01).max(low - room));
    let to = high.max(of_prior(0.99).min(high + room));
    let x: Vec<f64> = (0..=POINTS).map(|i| from + (to - from) * i as f64 / POINTS as f64).collect();
    let (least, most) = distribution.support().ends();
    let posterior = kernel_density(&draws, (least * unit, most * unit), &x);
    // Some priors have an infinite density at the end of their support.
    let prior = x.iter().map(|x| (distribution.ln_density(x / unit).exp() / unit).min(f64::MAX)).collect();
    Belief {
        name,
        channel,
        prior: Line { x: x.clone(), y: prior },
        posterior: Line { x, y: posterior },
        before,
        after: after.into(),
        contraction,
        follows_prior: contraction < LEAST_CONTRACTION && shift < LEAST_SHIFT,
    }
}
