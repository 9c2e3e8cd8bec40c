//! How far each channel is saturated, on its own scale of exposure.

use super::figures::{Band, Bar, Estimate, histogram};
use super::study::Study;
use crate::decision::returns::cost_by_geo;
use crate::posterior::interval::Interval;
use crate::posterior::replay::Replay;
use crate::spec::TransformOrder;
use schemars::JsonSchema;
use serde::Serialize;

/// Saturation of the channels whose curve has a ceiling.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Saturation {
    /// One per such channel.
    pub channels: Vec<SaturationOf>,
}

/// Saturation of one channel: constant exposure against the share of its ceiling; national channels by geo means.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SaturationOf {
    /// Channel.
    pub name: String,
    /// Whether `exposure` is money; else impressions, clicks, points.
    pub in_money: bool,
    /// Exposure per period, ascending from nothing, all geos together.
    pub exposure: Vec<f64>,
    /// Share of the ceiling reached, 0 … 1.
    pub reached: Band,
    /// Exposure at half saturation.
    pub ec50: Estimate,
    /// Share of periods in which the channel was beyond half saturation.
    pub beyond_half: Estimate,
    /// Periods of the training window by their exposure.
    pub history: Vec<Bar>,
}

/// Points of a curve.
const POINTS: usize = 50;
/// Bars of the history.
const BARS: usize = 16;
/// How far curves run, as a multiple of the highest exposure.
const REACH: f64 = 1.25;

/// Saturation of the channels of `study`; nothing where none has a ceiling.
pub fn saturation(study: &Study<'_>) -> Option<Saturation> {
    let returns = study.returns();
    let channels = returns.channels.iter().enumerate().filter_map(|(c, channel)| {
        let (ec50, beyond_half) = (channel.ec50?, channel.beyond_half?);
        let in_money = channel.spend.is_some_and(|spend| spend > 0.0);
        let axis = Axis::of(study, c, in_money);
        let mut history = axis.history.clone();
        history.sort_by(f64::total_cmp);
        let most = REACH * history.last().copied().filter(|most| *most > 0.0)?;
        let exposure: Vec<f64> = (0..=POINTS).map(|i| most * i as f64 / POINTS as f64).collect();
        Some(SaturationOf {
            name: channel.name.clone(),
            in_money,
            reached: reached(study, c, &axis, &exposure),
            exposure,
            ec50: ec50.into(),
            beyond_half: beyond_half.into(),
            history: histogram(&history, BARS),
        })
    });
    let channels: Vec<SaturationOf> = channels.collect();
    (!channels.is_empty()).then_some(Saturation { channels })
}

/// The scale on which a channel is shown: money where it is paid for, else exposure.
struct Axis {
    /// One unit of the axis over all geos in units of the prior's exposure, by geo.
    per_unit: Vec<f64>,
    /// By period of the training window.
    history: Vec<f64>,
}

impl Axis {
    fn of(study: &Study<'_>, c: usize, in_money: bool) -> Self {
        let model = study.model();
        let (panel, window) = (&model.panel, study.window());
        let n = panel.n_times();
        let Some(media) = panel.media.iter().chain(&panel.organic).nth(c) else {
            unreachable!("a compiled model has data for each of its channels")
        };
        let series = media.spend.as_ref().filter(|_| in_money).unwrap_or(&media.exposure);
        let cost = if in_money { cost_by_geo(model, c, window) } else { vec![1.0; panel.n_geos()] };
        let of_geo = |geo: usize| series[geo * n..][window.spent()].iter().sum::<f64>();
        let total: f64 = (0..panel.n_geos()).map(of_geo).sum();
        let per_unit = |geo: usize| {
            let share = if total > 0.0 { of_geo(geo) / total } else { 1.0 / panel.n_geos() as f64 };
            share / (cost[geo] * model.units.media[c] * model.units.geo[geo])
        };
        let of_period = |t: usize| (0..panel.n_geos()).map(|geo| series[geo * n + t]).sum();
        Self {
            per_unit: (0..panel.n_geos()).map(per_unit).collect(),
            history: window.spent().map(of_period).collect(),
        }
    }
}

/// Share of the ceiling at constant `exposure`, mean over geos.
fn reached(study: &Study<'_>, c: usize, axis: &Axis, exposure: &[f64]) -> Band {
    let (model, posterior) = (study.model(), study.posterior());
    let n_draws = posterior.n_chains * posterior.n_draws;
    let term = &model.mean.channels[c];
    let (n_carry, n_bend) = (term.adstock.parameter_names().len(), term.saturation.parameter_names().len());
    let n_geos = model.panel.n_geos();
    let mut draws = vec![vec![0.0; n_draws]; exposure.len()];
    let mut replay = Replay::new(model);
    for s in 0..n_draws {
        replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
        for geo in 0..n_geos {
            let (carry, bend) = replay.transform_parameters(c, geo);
            let (carry, bend) = (&carry[..n_carry], &bend[..n_bend]);
            let grown = match term.order {
                TransformOrder::AdstockFirst => term.adstock.steady_state_gain(carry),
                TransformOrder::SaturationFirst => 1.0,
            };
            let whole = term.saturation.ceiling(bend) * n_geos as f64;
            for (x, of_point) in exposure.iter().zip(&mut draws) {
                of_point[s] += term.saturation.value(bend, x * axis.per_unit[geo] * grown) / whole;
            }
        }
    }
    draws.into_iter().map(|mut draws| Interval::of(&mut draws, study.settings.level)).collect()
}
