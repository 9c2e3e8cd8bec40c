//! What each channel would bring at other levels of spend, and where more stops paying.

use super::figures::Band;
use super::study::Study;
use crate::decision::response_curve::{BreakEven as Crossing, CurvePoint, break_even, steady};
use crate::decision::surface::OutcomeUnit;
use crate::posterior::interval::Interval;
use schemars::JsonSchema;
use serde::Serialize;

/// Steady-state curves: the same money in every period, carry-over at its limit.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Response {
    /// Whether outcomes are money; else KPI units.
    pub in_money: bool,
    /// One per paid channel.
    pub curves: Vec<Curve>,
}

/// The curve of one channel, per period.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Curve {
    /// Channel.
    pub name: String,
    /// Money per period today.
    pub current: f64,
    /// The highest spend of one period that the data have seen; the curve beyond is the model's word alone.
    pub highest: Option<f64>,
    /// Money per period, ascending from nothing.
    pub spend: Vec<f64>,
    /// What it brings per period.
    pub outcome: Band,
    /// What one more unit of money would bring.
    pub marginal: Band,
    /// Money per period of the training window, ascending: where the data lie.
    pub history: Vec<f64>,
    /// Where the next unit of money brings exactly one; where outcomes are money.
    pub break_even: Option<BreakEven>,
}

/// The spend at which one more unit of money brings one.
///
/// A draw whose curve does not come down to one in the range drawn has its break-even beyond it: a quantile that falls
/// there is missing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct BreakEven {
    /// Median.
    pub median: Option<f64>,
    /// Lower end.
    pub lower: Option<f64>,
    /// Upper end.
    pub upper: Option<f64>,
    /// Probability that today's spend is below it.
    pub p_above_current: f64,
}

/// How far curves run, as a multiple of today's or the highest spend.
const REACH: f64 = 1.5;
/// Even steps from nothing to there.
const POINTS: usize = 60;

/// The curves of `study`; nothing where no channel is paid for.
pub fn response(study: &Study<'_>) -> Option<Response> {
    let (surface, _) = study.surface().ok()?;
    let level = study.settings.level;
    let in_money = surface.unit == OutcomeUnit::Money;
    let crossings = break_even(surface, REACH, POINTS, level);
    let curves = steady(surface, REACH, POINTS, level).into_iter().zip(crossings).map(|(found, crossing)| {
        let of = |value: &dyn Fn(&CurvePoint) -> Interval| found.points.iter().map(value).collect();
        // The slope of a curve that starts vertically is no number at nothing.
        Curve {
            current: found.current,
            highest: found.highest,
            spend: found.points.iter().map(|point| point.spend).collect(),
            outcome: of(&|point| point.outcome),
            marginal: of(&|point| point.marginal),
            history: spend_by_period(study, &found.name),
            break_even: in_money.then(|| crossing.into()),
            name: found.name,
        }
    });
    Some(Response { in_money, curves: curves.collect() })
}

impl From<Crossing> for BreakEven {
    fn from(crossing: Crossing) -> Self {
        let Crossing { median, lower, upper, p_above_current } = crossing;
        Self { median, lower, upper, p_above_current }
    }
}

/// Money on a channel by period of the training window over all geos, ascending.
fn spend_by_period(study: &Study<'_>, channel: &str) -> Vec<f64> {
    let panel = &study.model().panel;
    let n = panel.n_times();
    let spend = panel.media.iter().find(|media| media.name == channel).and_then(|media| media.spend.as_ref());
    let of = |t: usize| spend.map_or(0.0, |spend| (0..panel.n_geos()).map(|geo| spend[geo * n + t]).sum());
    let mut all: Vec<f64> = study.window().spent().map(of).collect();
    all.sort_by(f64::total_cmp);
    all
}
