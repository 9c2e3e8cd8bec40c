//! What each channel earned, what the next unit of money would, and how sure either is.

use super::figures::{Estimate, finite};
use super::study::Study;
use crate::decision::returns::ChannelReturns;
use schemars::JsonSchema;
use serde::Serialize;

/// All channels over the training window.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Channels {
    /// In the order of [`super::about::About::channels`].
    pub rows: Vec<ChannelRow>,
    /// All media together: what they brought, KPI units.
    pub contribution: Estimate,
    /// All media together, per fitted mean.
    pub share: Estimate,
    /// All paid media together, per money spent; nothing without spend.
    pub roas: Option<Estimate>,
    /// Pairs of channels that the data cannot tell apart.
    pub confounded: Vec<ConfoundedPair>,
}

/// One channel.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ChannelRow {
    /// Name.
    pub name: String,
    /// Money spent.
    pub spend: Option<f64>,
    /// Its share of all spend.
    pub spend_share: Option<f64>,
    /// What it brought, KPI units.
    pub contribution: Estimate,
    /// The same in money, where the KPI is a count with a value.
    pub contribution_money: Option<Estimate>,
    /// Per fitted mean.
    pub share: Estimate,
    /// Per contribution of all media; nothing where these bring nothing.
    pub effect_share: Option<Estimate>,
    /// Contribution per money.
    pub roas: Option<Estimate>,
    /// The same as the prior had it.
    pub roas_prior: Option<Estimate>,
    /// What the last per cent of spend brought, per money.
    pub mroas: Option<Estimate>,
    /// Contribution less spend, per money.
    pub roi: Option<Estimate>,
    /// Spend per incremental unit of KPI; nothing where the contribution may be nothing.
    pub cpik: Option<Estimate>,
    /// Probability that it brought more than it cost; where returns are money.
    pub p_pays: Option<f64>,
    /// Probability that the next unit of money brings more than one.
    pub p_next_pays: Option<f64>,
    /// What that says of the next budget.
    pub advice: Option<Advice>,
    /// How far the data narrowed the prior of its contribution, 0 … 1.
    pub contraction: Option<f64>,
    /// Whether prior and posterior are nearly the same.
    pub follows_prior: bool,
    /// Whether the interval of its contribution reaches beyond half of the mean on either side.
    pub is_vague: bool,
}

/// What is known of the next unit of money on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// The next unit pays with a probability of 80 % or more.
    Scale,
    /// Neither sure to pay nor sure not to.
    Hold,
    /// The next unit pays with a probability of 20 % or less.
    Trim,
    /// The data do not tell: an experiment would.
    Test,
}

/// Two channels of which mainly the sum is known.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ConfoundedPair {
    /// One.
    pub one: String,
    /// The other.
    pub other: String,
    /// Posterior correlation of their contributions.
    pub correlation: f64,
}

/// A probability from which the next unit of money is held to pay, and below whose complement not to.
const SURE: f64 = 0.8;

/// What the channels of `study` earned; nothing without any channel.
pub fn channels(study: &Study<'_>) -> Option<Channels> {
    let found = study.returns();
    let media = found.media.as_ref()?;
    let prior = study.returns_of(study.prior());
    let known = study.identification();
    let spent: f64 = found.channels.iter().filter_map(|channel| channel.spend).sum();
    let row = |c: usize| {
        let channel = &found.channels[c];
        let known = &known.channels[c];
        ChannelRow {
            name: channel.name.clone(),
            spend: channel.spend,
            spend_share: channel.spend.filter(|_| spent > 0.0).map(|spend| spend / spent),
            contribution: channel.contribution.into(),
            contribution_money: channel.contribution_money.map(Estimate::from),
            share: channel.share.into(),
            effect_share: channel.effect_share.map(Estimate::from),
            roas: channel.roas.map(Estimate::from),
            roas_prior: prior.channels[c].roas.map(Estimate::from),
            mroas: channel.mroas.map(Estimate::from),
            roi: channel.roi.map(Estimate::from),
            cpik: channel.cpik.filter(|cpik| cpik.lower > 0.0).map(Estimate::from),
            p_pays: channel.p_pays,
            p_next_pays: channel.p_next_pays,
            advice: advice(channel, known.follows_prior || known.vague),
            contraction: finite(known.contraction),
            follows_prior: known.follows_prior,
            is_vague: known.vague,
        }
    };
    let confounded = known.confounded.iter().map(|pair| ConfoundedPair {
        one: pair.channels[0].clone(),
        other: pair.channels[1].clone(),
        correlation: pair.correlation,
    });
    Some(Channels {
        rows: (0..found.channels.len()).map(row).collect(),
        contribution: media.contribution.into(),
        share: media.share.into(),
        roas: media.roas.map(Estimate::from),
        confounded: confounded.collect(),
    })
}

/// What is known of the next unit of money on `channel`, where returns are money.
fn advice(channel: &ChannelReturns, is_unknown: bool) -> Option<Advice> {
    let p = channel.p_next_pays?;
    Some(if p >= SURE {
        Advice::Scale
    } else if p <= 1.0 - SURE {
        Advice::Trim
    } else if is_unknown {
        Advice::Test
    } else {
        Advice::Hold
    })
}
