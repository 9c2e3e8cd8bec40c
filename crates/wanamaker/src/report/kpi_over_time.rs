//! The KPI and what the model says of it, period by period.

use super::figures::{Band, finite};
use super::study::Study;
use crate::decision::contribution::{Part, PartOverTime, over_time};
use crate::model::compile::CompiledModel;
use crate::posterior::interval::Interval;
use schemars::JsonSchema;
use serde::Serialize;

/// The KPI beside its fitted mean, summed over geos.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct KpiOverTime {
    /// First days of the periods, held-out ones included.
    pub dates: Vec<String>,
    /// The KPI; nothing where a geo's is missing.
    pub kpi: Vec<Option<f64>>,
    /// The fitted mean.
    pub mean: Band,
    /// A new observation.
    pub predictive: Band,
    /// The mean without any media.
    pub baseline: Band,
    /// Index of the first held-out period.
    pub holdout_from: Option<usize>,
    /// Events by the period in which they fall.
    pub events: Vec<Event>,
    /// The same geo by geo; empty for national data.
    pub geos: Vec<GeoOverTime>,
}

/// An event in a period.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Event {
    /// Name.
    pub name: String,
    /// Index of its period.
    pub at: usize,
}

/// One geo's KPI beside its fitted mean.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct GeoOverTime {
    /// Geo.
    pub geo: String,
    /// The KPI; nothing where it is missing.
    pub kpi: Vec<Option<f64>>,
    /// The fitted mean.
    pub mean: Band,
}

/// The KPI of `study` over time.
pub fn kpi_over_time(study: &Study<'_>) -> KpiOverTime {
    let (model, posterior, level) = (study.model(), study.posterior(), study.settings.level);
    let panel = &model.panel;
    let (n_geos, n) = (panel.n_geos(), panel.n_times());
    let from = study.window().from;
    let parts = [("fitted".to_owned(), Part::Fitted), ("baseline".to_owned(), Part::Baseline)];
    let found = over_time(model, posterior, &parts, from..n, false, level);
    let band = |part: &PartOverTime| part.periods.iter().copied().collect::<Band>();
    let draws = &study.diagnosis().predictive;
    let predictive = (from..n).map(|t| {
        let n_draws = draws[t].len();
        let of_draw = |s: usize| (0..n_geos).map(|geo| draws[geo * n + t][s]).sum::<f64>();
        Interval::of(&mut (0..n_draws).map(of_draw).collect::<Vec<_>>(), level)
    });
    let kpi_of = |geo: usize| (from..n).map(move |t| finite(panel.kpi.values[geo * n + t]));
    let by_geo = if panel.has_geo {
        over_time(model, posterior, &parts[..1], from..n, true, level)
    } else {
        Vec::new()
    };
    let geos = by_geo.iter().enumerate().map(|(geo, part)| GeoOverTime {
        geo: part.geo.clone(),
        kpi: kpi_of(geo).collect(),
        mean: band(part),
    });
    KpiOverTime {
        dates: (from..n).map(|t| panel.calendar.date(t).to_string()).collect(),
        kpi: (from..n).map(|t| finite(total_kpi(model, t))).collect(),
        mean: band(&found[0]),
        predictive: predictive.collect(),
        baseline: band(&found[1]),
        holdout_from: (model.window.end < n).then(|| model.window.end - from),
        events: events(model, from),
        geos: geos.collect(),
    }
}

/// The KPI of all geos in period `t`; NaN where one is missing.
pub fn total_kpi(model: &CompiledModel, t: usize) -> f64 {
    let n = model.panel.n_times();
    (0..model.panel.n_geos()).map(|geo| model.panel.kpi.values[geo * n + t]).sum()
}

/// Events by date and from columns, in the periods from `from` on.
fn events(model: &CompiledModel, from: usize) -> Vec<Event> {
    let panel = &model.panel;
    let n = panel.n_times();
    let mut found = Vec::new();
    for event in model.spec.baseline.events.iter().flatten() {
        let name = event.name.clone().unwrap_or_default();
        for date in &event.dates {
            let t = panel.calendar.period_of(*date);
            if (from as i64..n as i64).contains(&t) {
                found.push(Event { name: name.clone(), at: t as usize - from });
            }
        }
    }
    for series in &panel.events {
        let happens = |t: &usize| (0..panel.n_geos()).any(|geo| series.values[geo * n + t] > 0.0);
        // A season of many periods is one event, named where it begins.
        let begins = (from..n).filter(|t| happens(t) && (*t == from || !happens(&(t - 1))));
        found.extend(begins.map(|t| Event { name: series.name.clone(), at: t - from }));
    }
    found.sort_by_key(|event| event.at);
    found
}
