//! What a spec believes before it has seen the KPI, in the words of business; no fit is needed for it.

use super::about::{Drawn, about_model, findings};
use super::figures::Estimate;
use super::prior_belief::{MARKETS, belief_of};
use super::{Exhibits, Report};
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::problem::Problems;
use crate::validation::prior_check::{PriorChannel, prior_check_of};
use schemars::JsonSchema;
use serde::Serialize;

/// What the prior of a spec holds possible on the exposures, controls and calendar of its data.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PriorPreview {
    /// What it is about, and the exhibit `prior_belief`: what charts are drawn from.
    pub report: Report,
    /// Markets drawn from the prior.
    pub markets: usize,
    /// The KPI of a cell as observed and as foreseen, and how much it varies.
    pub kpi: KpiBelief,
    /// What all channels bring, per observed KPI.
    pub media_share: Estimate,
    /// By channel, in the order of the report.
    pub channels: Vec<ChannelBelief>,
}

/// Mean and standard deviation of the KPI over the cells that train.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct KpiBelief {
    /// Observed mean.
    pub observed_mean: f64,
    /// Observed standard deviation.
    pub observed_sd: f64,
    /// Mean of each market's KPI.
    pub mean: Estimate,
    /// Standard deviation of each market's KPI.
    pub sd: Estimate,
}

/// What is believed of one channel.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ChannelBelief {
    /// Name.
    pub name: String,
    /// What it brings per unit of spend; nothing without spend.
    pub roas: Option<Estimate>,
    /// What it brings per observed KPI.
    pub share: Estimate,
}

/// The preview of `model`, with the `remarks` of its spec and data. `level`: probability inside the intervals.
///
/// Its numbers are those of a report of a fit of the same spec and seed.
pub fn prior_preview(model: &CompiledModel, remarks: &Problems, level: f64) -> PriorPreview {
    let seed = model.spec.sampler.seed.unwrap_or_default();
    let prior = Posterior::from_prior(model, MARKETS, seed);
    let found = prior_check_of(model, &prior, level, seed);
    let drawn = Drawn {
        chains: prior.n_chains,
        draws: prior.n_draws,
        converged: true,
        nature: Some("draws are those of the prior: the KPI has taught it nothing yet".to_owned()),
        warnings: findings(remarks),
    };
    let belief = belief_of(model, &prior, &found, level, seed);
    PriorPreview {
        report: Report {
            about: about_model(model, level, drawn),
            exhibits: Exhibits { prior_belief: Some(belief), ..Exhibits::default() },
        },
        markets: found.markets,
        kpi: KpiBelief {
            observed_mean: found.observed_mean,
            observed_sd: found.observed_sd,
            mean: found.mean.into(),
            sd: found.sd.into(),
        },
        media_share: found.media_share.into(),
        channels: found.channels.iter().map(ChannelBelief::from).collect(),
    }
}

impl From<&PriorChannel> for ChannelBelief {
    fn from(channel: &PriorChannel) -> Self {
        Self {
            name: channel.name.clone(),
            roas: channel.roas.map(Estimate::from),
            share: channel.share.into(),
        }
    }
}
