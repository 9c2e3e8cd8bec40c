//! What each channel earned in a window, per unit of money and of exposure, and how its effect spreads over time.
//!
//! The contribution is counterfactual: the expected KPI minus the expected KPI had the channel's exposure in the window
//! been zero, counted over the window and the carry-over behind it ([`Window`]); on the log link the difference is taken
//! on the response scale. Everything is computed at every draw first:
//!
//! ```text
//! ROAS = contribution/spend              ROI = (contribution − spend)/spend        CPIK = spend/contribution (KPI units)
//! mROAS = (contribution at 1.01·exposure − contribution)/(0.01·spend)              effectiveness = contribution/exposure
//! EC50, EC90: the constant spend per period whose steady adstock saturates to 50 and 90 % of the ceiling
//! ```
//! ROAS, ROI and mROAS are in money where the KPI is money or has a value, else in KPI units per money. An average is
//! never called marginal. With several geos half-life, time to 5 % and peak lag are means over them, EC50 and EC90 sums.

use super::window::Window;
use crate::math::parallel;
use crate::model::compile::CompiledModel;
use crate::model::media::MediaWork;
use crate::posterior::Posterior;
use crate::posterior::interval::Interval;
use crate::posterior::replay::Replay;
use crate::spec::{KpiKind, TransformOrder};
use serde::Serialize;

/// Share by which exposure is raised for a marginal return.
const RAISE: f64 = 0.01;
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
    /// Contribution per spend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roas: Option<Interval>,
    /// Contribution less spend, per spend; only where the contribution is money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roi: Option<Interval>,
    /// What the last per cent of spend brought, per unit of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mroas: Option<Interval>,
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

/// All channels over a window.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Returns {
    /// The window.
    pub window: Window,
    /// Whether ROAS, ROI and mROAS are money per money.
    pub in_money: bool,
    /// Paid channels, then organic ones.
    pub channels: Vec<ChannelReturns>,
}

/// One channel at one draw.
#[derive(Clone, Copy, Default)]
struct Drawn {
    kpi: f64,
    money: f64,
    raised: f64,
    immediate: f64,
    fitted: f64,
    half_life: f64,
    time_to_5_percent: f64,
    peak_lag: f64,
    ec50: f64,
    ec90: f64,
    beyond_half: f64,
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
    let channels = facts.iter().enumerate().map(|(c, facts)| {
        let of = |value: &dyn Fn(&Drawn) -> f64| {
            let mut draws: Vec<f64> = drawn.iter().skip(c).step_by(n_channels).map(value).collect();
            Interval::of(&mut draws, level)
        };
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
            roas: spend.map(|spend| of(&|d| d.money / spend)),
            roi: spend.filter(|_| in_money).map(|spend| of(&|d| (d.money - spend) / spend)),
            mroas: spend.map(|spend| of(&|d| d.raised / (RAISE * spend))),
            cpik: spend.map(|spend| of(&|d| spend / d.kpi)),
            effectiveness: (facts.exposure > 0.0).then(|| of(&|d| d.kpi / facts.exposure)),
            immediate: of(&|d| d.immediate),
            carry_over: of(&|d| 1.0 - d.immediate),
            half_life: of(&|d| d.half_life),
            time_to_5_percent: of(&|d| d.time_to_5_percent),
            peak_lag: of(&|d| d.peak_lag),
            ec50: has_ceiling.then(|| of(&|d| d.ec50)),
            ec90: has_ceiling.then(|| of(&|d| d.ec90)),
            beyond_half: has_ceiling.then(|| of(&|d| d.beyond_half)),
        }
    });
    Returns { window, in_money, channels: channels.collect() }
}

/// What does not change from draw to draw.
struct Facts {
    spend: Option<f64>,
    exposure: f64,
    /// Money per unit of exposure by geo; 1 where nothing was spent.
    cost: Vec<f64>,
    has_ceiling: bool,
    /// Exposure with the window at zero, and raised there, on the scale of the priors.
    without: Vec<f64>,
    raised: Vec<f64>,
}

impl Facts {
    fn of(model: &CompiledModel, channel: usize, window: Window) -> Self {
        let panel = &model.panel;
        let n = panel.n_times();
        let Some(media) = panel.media.iter().chain(&panel.organic).nth(channel) else {
            unreachable!("a compiled model has data for each of its channels")
        };
        let inside = |i: usize| window.spent().contains(&(i % n));
        let sum = |series: &[f64], geo: usize| -> f64 { series[geo * n..][window.spent()].iter().sum() };
        let total = |series: &[f64]| (0..panel.n_geos()).map(|geo| sum(series, geo)).sum::<f64>();
        let price = |geo: usize| {
            let spend = media.spend.as_ref()?;
            let here = (sum(spend, geo), sum(&media.exposure, geo));
            let all = (total(spend), total(&media.exposure));
            let (spend, exposure) = [here, all].into_iter().find(|(s, x)| *s > 0.0 && *x > 0.0)?;
            Some(spend / exposure)
        };
        let term = &model.mean.channels[channel];
        let training = &model.training.exposure[channel];
        let changed = |factor: f64| -> Vec<f64> {
            training.iter().enumerate().map(|(i, x)| if inside(i) { factor * x } else { *x }).collect()
        };
        Self {
            spend: media.spend.as_deref().map(total),
            exposure: total(&media.exposure),
            cost: (0..panel.n_geos()).map(|geo| price(geo).unwrap_or(1.0)).collect(),
            has_ceiling: term.saturation.inverse(&[1.0; 2], 0.5).is_some(),
            without: changed(0.0),
            raised: changed(1.0 + RAISE),
        }
    }
}

/// The scratch of one thread.
struct Pass<'a> {
    model: &'a CompiledModel,
    window: Window,
    replay: Replay<'a>,
    media: Vec<MediaWork>,
    change: Vec<f64>,
    shares: Vec<f64>,
    mean: Vec<f64>,
}

impl<'a> Pass<'a> {
    fn new(model: &'a CompiledModel, window: Window) -> Self {
        let (geos, n) = (model.panel.n_geos(), model.panel.n_times());
        let cells = vec![0.0; model.panel.n_cells()];
        Self {
            model,
            window,
            replay: Replay::new(model),
            media: model.mean.channels.iter().map(|term| term.work(geos, n)).collect(),
            change: cells.clone(),
            shares: cells.clone(),
            mean: cells,
        }
    }

    fn go_to(&mut self, posterior: &Posterior, chain: usize, draw: usize) {
        self.replay.go_to(posterior, chain, draw);
        self.mean.fill(0.0);
        self.replay.add_mean(&self.model.training, self.replay.training(), &mut self.mean);
    }

    fn channel(&mut self, c: usize, facts: &Facts) -> Drawn {
        let (model, n) = (self.model, self.model.panel.n_times());
        let value = |i: usize| model.panel.revenue_per_kpi.as_ref().map_or(1.0, |value| value[i]);
        let n_geos = model.panel.n_geos();
        let cells = || (0..n_geos).flat_map(|geo| self.window.counted().map(move |t| geo * n + t));
        let mut drawn = Drawn::default();

        let spent = (0..n_geos).flat_map(|geo| self.window.spent().map(move |t| geo * n + t));
        drawn.fitted = spent.map(|i| self.mean[i]).sum();
        self.change.fill(0.0);
        self.replay.add_change(c, &facts.without, &mut self.media[c], &mut self.change);
        drawn.kpi = cells().map(|i| self.change[i]).sum();
        drawn.money = cells().map(|i| self.change[i] * value(i)).sum();
        self.replay.immediate_shares(c, self.window.spent(), &mut self.shares);
        let at_once: f64 = cells().map(|i| self.change[i] * self.shares[i]).sum();
        drawn.immediate = if drawn.kpi == 0.0 { 0.0 } else { at_once / drawn.kpi };

        self.change.fill(0.0);
        self.replay.add_change(c, &facts.raised, &mut self.media[c], &mut self.change);
        // The change is mean less raised mean.
        drawn.raised = -cells().map(|i| self.change[i] * value(i)).sum::<f64>();
        self.shape(c, facts, &mut drawn);
        drawn
    }

    /// Carry-over and saturation, which follow from the parameters.
    fn shape(&self, c: usize, facts: &Facts, drawn: &mut Drawn) {
        let (model, n) = (self.model, self.model.panel.n_times());
        let term = &model.mean.channels[c];
        let n_geos = model.panel.n_geos();
        let (n_carry, n_bend) =
            (term.adstock.parameter_names().len(), term.saturation.parameter_names().len());
        let mut beyond = 0.0;
        for geo in 0..n_geos {
            let (carry, bend) = self.replay.transform_parameters(c, geo);
            let (carry, bend) = (&carry[..n_carry], &bend[..n_bend]);
            let memory = term.adstock.memory(carry);
            let per_geo = 1.0 / n_geos as f64;
            drawn.half_life += per_geo * memory.half_life;
            drawn.time_to_5_percent += per_geo * memory.time_to_5_percent;
            drawn.peak_lag += per_geo * memory.peak_lag;
            let adstock_first = term.order == TransformOrder::AdstockFirst;
            let grown = if adstock_first { term.adstock.steady_state_gain(carry) } else { 1.0 };
            let money = facts.cost[geo] * model.units.media[c] * model.units.geo[geo] / grown;
            drawn.ec50 += term.saturation.inverse(bend, 0.5).unwrap_or(0.0) * money;
            drawn.ec90 += term.saturation.inverse(bend, 0.9).unwrap_or(0.0) * money;
            let half = term.saturation.half_saturation(bend).unwrap_or(f64::INFINITY);
            let ceiling = 0.5 * term.saturation.ceiling(bend) / term.feature_scale;
            let transformed = &self.replay.training().channels[c].transformed;
            let exposure = &model.training.exposure[c];
            beyond += self
                .window
                .spent()
                .map(|t| geo * n + t)
                .filter(|&i| if adstock_first { transformed[i] > ceiling } else { exposure[i] > half })
                .count() as f64;
        }
        drawn.beyond_half = beyond / (n_geos * self.window.spent().len()) as f64;
    }
}
