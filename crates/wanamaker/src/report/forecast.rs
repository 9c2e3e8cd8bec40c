//! What comes next: the KPI under the plan and under today's money, period by period.

use super::figures::{Band, Estimate, finite};
use super::kpi_over_time::total_kpi;
use super::planning::{Planned, planned};
use super::study::Study;
use crate::data::continuation::{continued, periods_per_year};
use crate::data::panel::{Media, Panel};
use crate::decision::returns::cost_by_geo;
use crate::decision::surface::Surface;
use crate::posterior::interval::Interval;
use crate::posterior::predictive::{IntervalKind, predictive_draws};
use crate::problem::Problems;
use schemars::JsonSchema;
use serde::Serialize;

/// The KPI of the next periods, summed over geos.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ForecastOutlook {
    /// First days of the last year of the data.
    pub past_dates: Vec<String>,
    /// The KPI there.
    pub past: Vec<Option<f64>>,
    /// First days of the periods foreseen.
    pub dates: Vec<String>,
    /// Under the plan, whose money is spent evenly.
    pub plan: Foreseen,
    /// Under today's money, spent evenly.
    pub today: Foreseen,
    /// KPI under the plan less that under today's money, over the periods foreseen.
    pub gain: Estimate,
    /// What was taken to be so.
    pub assumptions: Vec<Assumption>,
}

/// The KPI under one plan.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Foreseen {
    /// Name of the plan.
    pub name: String,
    /// Expected.
    pub mean: Band,
    /// A new observation.
    pub predictive: Band,
    /// Expected in all periods together.
    pub total: Estimate,
}

/// Something that a forecast takes to be so.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Assumption {
    /// What.
    pub kind: AssumptionKind,
    /// Series concerned.
    pub names: Vec<String>,
}

/// What a forecast takes to be so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssumptionKind {
    /// These series are as in the same periods a year before.
    AsAYearBefore,
    /// These series stay at their last value, as the data do not reach back a year.
    AsInTheLastPeriod,
    /// Trend and seasons go on as the model has them.
    BaselineGoesOn,
    /// Money is the same in every period.
    SpentEvenly,
}

/// What `study` foresees; nothing where nothing can be planned.
///
/// # Errors
/// A given plan with names or amounts that cannot be.
pub fn forecast(study: &Study<'_>) -> Result<Option<ForecastOutlook>, Problems> {
    let Some(plan) = planned(study)? else { return Ok(None) };
    let Planned { surface, name, spend, .. } = plan;
    let panel = &study.model().panel;
    let own = surface.horizon.periods;
    let periods = if own > 1 { own } else { study.periods_ahead() };
    let per_period = |money: &[f64]| money.iter().map(|money| money / own as f64).collect::<Vec<f64>>();
    let future = |money: &[f64]| Future::of(study, surface, &per_period(money), periods);
    let (planned, today) = (future(&spend)?, future(&surface.current())?);
    let gains = planned.totals().into_iter().zip(today.totals()).map(|(new, old)| new - old);
    let level = study.settings.level;
    let n = panel.n_times();
    let past = n.saturating_sub(periods_per_year(panel)).max(study.window().from)..n;
    let day = |t: usize| panel.calendar.date(t).to_string();
    Ok(Some(ForecastOutlook {
        past_dates: past.clone().map(day).collect(),
        past: past.map(|t| finite(total_kpi(study.model(), t))).collect(),
        dates: (n..n + periods).map(day).collect(),
        gain: Interval::of(&mut gains.collect::<Vec<_>>(), level).into(),
        plan: planned.foreseen(name, level),
        today: today.foreseen("today".to_owned(), level),
        assumptions: assumptions(panel),
    }))
}

/// Draws of the periods ahead, summed over geos, `[period][draw]`.
struct Future {
    mean: Vec<Vec<f64>>,
    predictive: Vec<Vec<f64>>,
}

impl Future {
    /// With `money` per period by cell of the surface.
    fn of(study: &Study<'_>, surface: &Surface, money: &[f64], periods: usize) -> Result<Self, Problems> {
        let (model, posterior) = (study.model(), study.posterior());
        let panel = continued(&model.panel, periods, &media(study, surface, money, periods))?;
        let inputs = model.inputs(&panel);
        let range = model.panel.n_times()..panel.n_times();
        let n_draws = posterior.n_chains * posterior.n_draws;
        let summed = |kind: IntervalKind| -> Vec<Vec<f64>> {
            let draws = predictive_draws(model, posterior, &inputs, range.clone(), kind, study.settings.seed);
            let cell = |geo: usize, t: usize, s: usize| draws[(geo * periods + t) * n_draws + s];
            let total = |t: usize, s: usize| (0..panel.n_geos()).map(|geo| cell(geo, t, s)).sum();
            (0..periods).map(|t| (0..n_draws).map(|s| total(t, s)).collect()).collect()
        };
        Ok(Self { mean: summed(IntervalKind::Mean), predictive: summed(IntervalKind::Predictive) })
    }

    /// Expected KPI of all periods, by draw.
    fn totals(&self) -> Vec<f64> {
        (0..self.mean[0].len()).map(|s| self.mean.iter().map(|draws| draws[s]).sum()).collect()
    }

    fn foreseen(mut self, name: String, level: f64) -> Foreseen {
        let total = Interval::of(&mut self.totals(), level).into();
        let band = |all: &mut [Vec<f64>]| all.iter_mut().map(|draws| Interval::of(draws, level)).collect();
        Foreseen { name, mean: band(&mut self.mean), predictive: band(&mut self.predictive), total }
    }
}

/// Paid media of the periods ahead: money by cell becomes exposure by the price that was paid, and reaches the geos of a national
/// cell in the shares in which money did. Channels that are not planned get what they got on average.
fn media(study: &Study<'_>, surface: &Surface, money: &[f64], periods: usize) -> Vec<Media> {
    let model = study.model();
    let panel = &model.panel;
    let (n, window) = (panel.n_times(), study.window());
    let n_geos = panel.n_geos();
    let mean = |series: &[f64], geo: usize| -> f64 {
        let own = &series[geo * n..][window.spent()];
        own.iter().sum::<f64>() / own.len() as f64
    };
    let spread = |by_geo: &[f64]| by_geo.iter().flat_map(|x| vec![*x; periods]).collect::<Vec<f64>>();
    let of_channel = |(c, media): (usize, &Media)| {
        let cells = surface.cells.iter().zip(money).filter(|(cell, _)| cell.channel == media.name);
        let cells: Vec<_> = cells.collect();
        let spent: Vec<f64> =
            (0..n_geos).map(|geo| media.spend.as_ref().map_or(0.0, |spend| mean(spend, geo))).collect();
        if cells.is_empty() {
            let exposure: Vec<f64> = (0..n_geos).map(|geo| mean(&media.exposure, geo)).collect();
            return Media {
                name: media.name.clone(),
                exposure: spread(&exposure),
                spend: media.spend.is_some().then(|| spread(&spent)),
            };
        }
        let total: f64 = spent.iter().sum();
        let mut by_geo = vec![0.0; n_geos];
        for (cell, money) in cells {
            match cell.geo.as_ref().and_then(|name| panel.geos.iter().position(|geo| geo == name)) {
                Some(geo) => by_geo[geo] += money,
                None => (0..n_geos).for_each(|geo| {
                    let share = if total > 0.0 { spent[geo] / total } else { 1.0 / n_geos as f64 };
                    by_geo[geo] += money * share;
                }),
            }
        }
        let cost = cost_by_geo(model, c, window);
        let exposure: Vec<f64> = by_geo.iter().zip(cost).map(|(money, cost)| money / cost).collect();
        Media { name: media.name.clone(), exposure: spread(&exposure), spend: Some(spread(&by_geo)) }
    };
    panel.media.iter().enumerate().map(of_channel).collect()
}

fn assumptions(panel: &Panel) -> Vec<Assumption> {
    let series = panel.controls.iter().chain(&panel.treatments).map(|series| series.name.clone());
    let organic = panel.organic.iter().map(|media| media.name.clone());
    let events = panel.events.iter().map(|event| event.name.clone());
    let names: Vec<String> = series.chain(organic).chain(events).collect();
    let kind = if panel.n_times() >= periods_per_year(panel) {
        AssumptionKind::AsAYearBefore
    } else {
        AssumptionKind::AsInTheLastPeriod
    };
    let held = (!names.is_empty()).then_some(Assumption { kind, names });
    let always = [AssumptionKind::BaselineGoesOn, AssumptionKind::SpentEvenly];
    held.into_iter().chain(always.map(|kind| Assumption { kind, names: Vec::new() })).collect()
}
