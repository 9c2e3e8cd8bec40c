//! Brings the panel of new periods into the order of the panel a model was fitted on.

use super::cell::counted;
use super::panel::{EventSeries, Panel};
use crate::problem::{Place, Problem, Problems};

/// Reorders geos to those of `fitted`; a geo the model has not seen, or one without rows, is an error.
pub fn align_geos(panel: &mut Panel, fitted: &Panel, found: &mut Problems) {
    let place = || Place::file(&panel.source);
    let errors = found.0.len();
    for name in panel.geos.iter().filter(|name| !fitted.geos.contains(name)) {
        let message = format!("geo `{name}` was not in the data the model was fitted on");
        let hint = format!("the model knows {}", counted(fitted.geos.len(), "geo"));
        found.push(Problem::error("data.unknown_geo", place(), message).hint(hint));
    }
    for name in fitted.geos.iter().filter(|name| !panel.geos.contains(name)) {
        let message = format!("there are no rows for geo `{name}` of the fitted model");
        found.push(
            Problem::error("data.missing_geo", place(), message).hint("add its rows: a plan covers all geos"),
        );
    }
    if found.0.len() > errors {
        return;
    }
    let from: Vec<usize> =
        fitted.geos.iter().filter_map(|name| panel.geos.iter().position(|other| other == name)).collect();
    let n_times = panel.n_times();
    for values in grids(panel) {
        *values = from.iter().flat_map(|g| values[g * n_times..(g + 1) * n_times].to_vec()).collect();
    }
    panel.geos = fitted.geos.clone();
    panel.population = fitted.population.clone();
    panel.has_geo = fitted.has_geo;
}

/// Refuses periods that do not lie on the axis of the fitted panel, e.g. weeks that begin on another weekday.
pub fn check_axis(panel: &Panel, fitted: &Panel, found: &mut Problems) {
    let first = panel.calendar.start();
    let t = fitted.calendar.period_of(first);
    let is_on_axis = usize::try_from(t).map_or(t < 0, |t| fitted.calendar.date(t) == first);
    if !is_on_axis {
        let message = format!(
            "{first} does not begin a {} of the fitted model, which counts from {}",
            fitted.calendar.spacing().name(),
            fitted.calendar.start()
        );
        let hint = "use the same first day of the period as in the data of the fit";
        found.push(Problem::error("data.other_axis", Place::file(&panel.source), message).hint(hint));
    }
}

/// Every `[geo, time]` array of a panel.
fn grids(panel: &mut Panel) -> Vec<&mut Vec<f64>> {
    let Panel { kpi, revenue_per_kpi, media, organic, treatments, controls, events, .. } = panel;
    let mut all = vec![&mut kpi.values];
    all.extend(revenue_per_kpi);
    for media in media.iter_mut().chain(organic) {
        all.push(&mut media.exposure);
        all.extend(&mut media.spend);
    }
    all.extend(treatments.iter_mut().chain(controls).map(|series| &mut series.values));
    all.extend(events.iter_mut().map(|event| &mut event.values));
    all
}

/// Keeps the events of `fitted`, in its order and zero where absent; an event it has not seen is remarked.
pub fn align_events(panel: &mut Panel, fitted: &Panel, found: &mut Problems) {
    let n_cells = panel.n_cells();
    let mut given = std::mem::take(&mut panel.events);
    for event in given.iter().filter(|event| fitted.events.iter().all(|known| known.name != event.name)) {
        let message = format!(
            "event `{}` was not in the data the model was fitted on: it has no effect here",
            event.name
        );
        found.push(Problem::attention("data.unknown_event", Place::file(&panel.source), message));
    }
    for known in &fitted.events {
        let at = given.iter().position(|event| event.name == known.name);
        let absent = || EventSeries { values: vec![0.0; n_cells], ..known.clone() };
        panel.events.push(at.map_or_else(absent, |at| given.swap_remove(at)));
    }
}
