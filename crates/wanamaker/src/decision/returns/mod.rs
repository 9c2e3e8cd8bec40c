//! What each channel earned in a window, per unit of money and of exposure, and how its effect spreads over time.
//!
//! The contribution is counterfactual: the expected KPI minus the expected KPI had the channel's exposure in the window
//! been zero, counted over the window and the carry-over behind it ([`Window`]); on the log link the difference is taken
//! on the response scale. Everything is computed at every draw first:
//!
//! ```text
//! ROAS = contribution/spend              ROI = (contribution − spend)/spend        CPIK = spend/contribution (KPI units)
//! mROAS = (contribution at 1.01·exposure − contribution)/(0.01·spend)              effectiveness = contribution/exposure
//! P(pays) = P(ROAS > 1), P(next pays) = P(mROAS > 1), where returns are money
//! EC50, EC90: the constant spend per period whose steady adstock saturates to 50 and 90 % of the ceiling
//! ```
//! ROAS, ROI and mROAS are in money where the KPI is money or has a value, else in KPI units per money. An average is
//! never called marginal. With several geos half-life, time to 5 % and peak lag are means over them, EC50 and EC90 sums.

mod pass;
#[cfg(test)]
mod tests;

use super::window::Window;
use crate::math::parallel;
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::interval::Interval;
use crate::spec::KpiKind;
use pass::{Drawn, Facts, Pass, RAISE};

pub(crate) use pass::cost_by_geo;
use serde::Serialize;

/// Draws in one block of work.
const BLOCK: usize = 64;

/// What one channel earned.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChannelReturns {
    /// Channel name.
    pub name: String,
    /// Whether it is paid for.
    pub is_paid: bool,
    /// Money spent in the window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spend: Option<f64>,
    /// Exposure in the window.
    pub exposure: f64,
    /// Contribution in KPI units.
    pub contribution: Interval,
    /// Contribution in money, where a count has a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contribution_money: Option<Interval>,
    /// Contribution as a share of the fitted mean over the periods in which the money was spent.
    pub share: Interval,
    /// Contribution as a share of what all channels brought, each against its own absence; `None` where that is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect_share: Option<Interval>,
    /// Contribution per spend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roas: Option<Interval>,
    /// Contribution less spend, per spend; only where the contribution is money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roi: Option<Interval>,
    /// What the last per cent of spend brought, per unit of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mroas: Option<Interval>,
    /// Probability that it brought more money than it cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_pays: Option<f64>,
    /// Probability that the last per cent of spend brought more money than it cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_next_pays: Option<f64>,
    /// Spend per incremental unit of KPI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpik: Option<Interval>,
    /// Contribution per unit of exposure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effectiveness: Option<Interval>,
    /// Share of the contribution felt in the period of the exposure; the rest is carry-over.
    pub immediate: Interval,
    /// One less that.
    pub carry_over: Interval,
    /// The part of the contribution that was felt at once, KPI units.
    pub at_once: Interval,
    /// The part that was felt later, KPI units.
    pub later: Interval,
    /// Periods from the peak until half of the effect is left.
    pub half_life: Interval,
    /// Periods from the peak until 5 % are left.
    pub time_to_5_percent: Interval,
    /// Periods from the exposure to the strongest effect.
    pub peak_lag: Interval,
    /// Spend per period at half saturation (exposure, where there is no spend); `None` without a ceiling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ec50: Option<Interval>,
    /// Spend per period at 90 % saturation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ec90: Option<Interval>,
    /// Share of the window's periods in which the channel is beyond half saturation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beyond_half: Option<Interval>,
}

/// All media together: the sum of what each channel brought against its own absence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MediaReturns {
    /// Contribution in KPI units.
    pub contribution: Interval,
    /// Contribution as a share of the fitted mean.
    pub share: Interval,
    /// Contribution of the paid channels per money spent on them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roas: Option<Interval>,
}

/// All channels over a window.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Returns {
    /// The window.
    pub window: Window,
    /// Whether ROAS, ROI and mROAS are money per money.
    pub in_money: bool,
    /// All of them together; `None` without any channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaReturns>,
    /// Paid channels, then organic ones.
    pub channels: Vec<ChannelReturns>,
}

/// What every channel earned in `window`; intervals hold `level`, `threads` never change a number (0 for all).
pub fn returns(
    model: &CompiledModel,
    posterior: &Posterior,
    window: Window,
    level: f64,
    threads: usize,
) -> Returns {
    let n_draws = posterior.n_chains * posterior.n_draws;
    let n_channels = model.mean.channels.len();
    let facts: Vec<Facts> = (0..n_channels).map(|c| Facts::of(model, c, window)).collect();
    let blocks = parallel::map(n_draws.div_ceil(BLOCK), threads, |block| {
        let mut pass = Pass::new(model, window);
        let mut drawn = Vec::with_capacity(BLOCK * n_channels);
        for s in block * BLOCK..((block + 1) * BLOCK).min(n_draws) {
            pass.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
            drawn.extend(facts.iter().enumerate().map(|(c, facts)| pass.channel(c, facts)));
        }
        drawn
    });
    let drawn: Vec<Drawn> = blocks.concat();
    let in_money = model.spec.data.kpi_kind.unwrap_or_default() == KpiKind::Revenue
        || model.panel.revenue_per_kpi.is_some();
    let all: Vec<AllMedia> = drawn.chunks(n_channels.max(1)).map(|d| AllMedia::of(d, &facts)).collect();
    let media = (n_channels > 0).then(|| together(&all, &facts, level));
    let channels: Vec<ChannelReturns> = facts
        .iter()
        .enumerate()
        .map(|(c, facts)| {
            let draws = || drawn.iter().skip(c).step_by(n_channels);
            let of = |value: &dyn Fn(&Drawn) -> f64| {
                Interval::of(&mut draws().map(value).collect::<Vec<_>>(), level)
            };
            let probability =
                |holds: &dyn Fn(&Drawn) -> bool| draws().filter(|d| holds(d)).count() as f64 / n_draws as f64;
            let spend = facts.spend.filter(|spend| *spend > 0.0);
            let has_ceiling = facts.has_ceiling;
            ChannelReturns {
                name: model.mean.channels[c].name.clone(),
                is_paid: facts.spend.is_some(),
                spend: facts.spend,
                exposure: facts.exposure,
                contribution: of(&|d| d.kpi),
                contribution_money: model.panel.revenue_per_kpi.is_some().then(|| of(&|d| d.money)),
                share: of(&|d| d.kpi / d.fitted),
                effect_share: all.iter().all(|media| media.kpi != 0.0).then(|| {
                    let mut shares: Vec<f64> =
                        draws().zip(&all).map(|(d, media)| d.kpi / media.kpi).collect();
                    Interval::of(&mut shares, level)
                }),
                roas: spend.map(|spend| of(&|d| d.money / spend)),
                roi: spend.filter(|_| in_money).map(|spend| of(&|d| (d.money - spend) / spend)),
                mroas: spend.map(|spend| of(&|d| d.raised / (RAISE * spend))),
                p_pays: spend.filter(|_| in_money).map(|spend| probability(&|d| d.money > spend)),
                p_next_pays: spend
                    .filter(|_| in_money)
                    .map(|spend| probability(&|d| d.raised > RAISE * spend)),
                cpik: spend.map(|spend| of(&|d| spend / d.kpi)),
                effectiveness: (facts.exposure > 0.0).then(|| of(&|d| d.kpi / facts.exposure)),
                immediate: of(&|d| d.immediate),
                carry_over: of(&|d| 1.0 - d.immediate),
                at_once: of(&|d| d.immediate * d.kpi),
                later: of(&|d| (1.0 - d.immediate) * d.kpi),
                half_life: of(&|d| d.half_life),
                time_to_5_percent: of(&|d| d.time_to_5_percent),
                peak_lag: of(&|d| d.peak_lag),
                ec50: has_ceiling.then(|| of(&|d| d.ec50)),
                ec90: has_ceiling.then(|| of(&|d| d.ec90)),
                beyond_half: has_ceiling.then(|| of(&|d| d.beyond_half)),
            }
        })
        .collect();
    Returns { window, in_money, media, channels }
}

/// All media at one draw.
struct AllMedia {
    kpi: f64,
    /// Money brought by the channels that were paid for.
    paid: f64,
    fitted: f64,
}

impl AllMedia {
    fn of(drawn: &[Drawn], facts: &[Facts]) -> Self {
        let paid = drawn.iter().zip(facts).filter(|(_, facts)| facts.spend.is_some());
        Self {
            kpi: drawn.iter().map(|d| d.kpi).sum(),
            paid: paid.map(|(d, _)| d.money).sum(),
            fitted: drawn.first().map_or(f64::NAN, |d| d.fitted),
        }
    }
}

fn together(all: &[AllMedia], facts: &[Facts], level: f64) -> MediaReturns {
    let of = |value: &dyn Fn(&AllMedia) -> f64| {
        Interval::of(&mut all.iter().map(value).collect::<Vec<_>>(), level)
    };
    let spend: f64 = facts.iter().filter_map(|facts| facts.spend).sum();
    MediaReturns {
        contribution: of(&|media| media.kpi),
        share: of(&|media| media.kpi / media.fitted),
        roas: (spend > 0.0).then(|| of(&|media| media.paid / spend)),
    }
}
