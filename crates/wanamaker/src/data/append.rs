//! Puts new periods behind the panel a model was fitted on, so that carry-over and trend go on where they stood.

use super::panel::{Media, Panel, Series};
use crate::problem::{Place, Problem, Problems};

/// The fitted panel followed by the periods of `new`, which `build_new_periods` has brought into the same order of
/// geos, series and events. The KPI of new periods is kept where it is known.
///
/// # Errors
/// When the new periods begin before the end of the fitted ones, or leave a gap behind them.
pub fn append(fitted: &Panel, new: &Panel) -> Result<Panel, Problems> {
    check_seam(fitted, new)?;
    let (n, m) = (fitted.n_times(), new.n_times());
    let join = |old: &[f64], more: &[f64]| -> Vec<f64> {
        (0..fitted.n_geos())
            .flat_map(|g| old[g * n..(g + 1) * n].iter().chain(&more[g * m..(g + 1) * m]).copied())
            .collect()
    };
    let join_series = |old: &[Series], more: &[Series]| -> Vec<Series> {
        old.iter()
            .zip(more)
            .map(|(a, b)| Series { name: a.name.clone(), values: join(&a.values, &b.values) })
            .collect()
    };
    let join_media = |old: &[Media], more: &[Media]| -> Vec<Media> {
        let both = |a: &Media, b: &Media| Media {
            name: a.name.clone(),
            exposure: join(&a.exposure, &b.exposure),
            spend: a.spend.as_ref().zip(b.spend.as_ref()).map(|(a, b)| join(a, b)),
        };
        old.iter().zip(more).map(|(a, b)| both(a, b)).collect()
    };
    let mut panel = fitted.clone();
    panel.calendar =
        super::calendar::Calendar::new(fitted.calendar.start(), fitted.calendar.spacing(), n + m);
    panel.kpi.values = join(&fitted.kpi.values, &new.kpi.values);
    panel.revenue_per_kpi =
        fitted.revenue_per_kpi.as_ref().zip(new.revenue_per_kpi.as_ref()).map(|(a, b)| join(a, b));
    panel.media = join_media(&fitted.media, &new.media);
    panel.organic = join_media(&fitted.organic, &new.organic);
    panel.treatments = join_series(&fitted.treatments, &new.treatments);
    panel.controls = join_series(&fitted.controls, &new.controls);
    for (event, more) in panel.events.iter_mut().zip(&new.events) {
        event.values = join(&event.values, &more.values);
    }
    Ok(panel)
}

/// Whether `new` is the very data of the fit: the same periods with the same inputs, whatever is known of the KPI.
pub fn is_the_same(fitted: &Panel, new: &Panel) -> bool {
    (fitted.calendar.start(), fitted.n_times()) == (new.calendar.start(), new.n_times())
        && (&fitted.media, &fitted.organic) == (&new.media, &new.organic)
        && (&fitted.treatments, &fitted.controls) == (&new.treatments, &new.controls)
        && fitted.events.iter().map(|event| &event.values).eq(new.events.iter().map(|event| &event.values))
}

fn check_seam(fitted: &Panel, new: &Panel) -> Result<(), Problems> {
    let (n, first) = (fitted.n_times(), new.calendar.start());
    let last = fitted.calendar.date(n.saturating_sub(1));
    let next = fitted.calendar.date(n);
    let at = || Place::file(&new.source);
    if fitted.calendar.period_of(first) < n as i64 {
        let message = format!("the new periods begin on {first}, but the fit reaches to {last} already");
        let hint =
            format!("keep only rows from {next} on; without --data the periods of the fit are predicted");
        return Err(Problem::error("data.overlap", at(), message).hint(hint).into());
    }
    if first != next {
        let message = format!(
            "the new periods begin on {first}, but the fit ends on {last}: the time between is missing"
        );
        let hint = format!("add the rows from {next} on: what was advertised then still works");
        return Err(Problem::error("data.gap_after_fit", at(), message).hint(hint).into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::calendar::{Calendar, Spacing};
    use jiff::civil::{Date, date};

    fn panel(start: Date, len: usize, from: f64) -> Panel {
        let values = |k: f64| (0..2 * len).map(|i| from + k + i as f64).collect::<Vec<f64>>();
        Panel {
            source: "data.csv".into(),
            geos: vec!["north".into(), "south".into()],
            has_geo: true,
            calendar: Calendar::new(start, Spacing::Days(7), len),
            population: vec![1.0, 2.0],
            kpi: Series { name: "sales".into(), values: values(0.0) },
            revenue_per_kpi: None,
            media: vec![Media { name: "tv".into(), exposure: values(100.0), spend: Some(values(100.0)) }],
            organic: Vec::new(),
            treatments: Vec::new(),
            controls: vec![Series { name: "price".into(), values: values(200.0) }],
            events: Vec::new(),
            n_history: 0,
        }
    }

    #[test]
    fn each_geo_goes_on_where_it_stood() {
        let joined = append(&panel(date(2024, 1, 1), 2, 0.0), &panel(date(2024, 1, 15), 1, 10.0)).unwrap();
        assert_eq!(joined.n_times(), 3);
        assert_eq!(joined.kpi.values, [0.0, 1.0, 10.0, 2.0, 3.0, 11.0]);
        assert_eq!(joined.media[0].exposure, [100.0, 101.0, 110.0, 102.0, 103.0, 111.0]);
        assert_eq!(joined.controls[0].values[2], 210.0);
    }

    #[test]
    fn the_data_of_the_fit_are_known_again_and_others_are_not() {
        let fitted = panel(date(2024, 1, 1), 2, 0.0);
        let mut again = fitted.clone();
        again.kpi.values.fill(f64::NAN);
        assert!(is_the_same(&fitted, &again));
        again.media[0].exposure[1] += 1.0;
        assert!(!is_the_same(&fitted, &again) && !is_the_same(&fitted, &panel(date(2024, 1, 1), 1, 0.0)));
    }

    #[test]
    fn an_overlap_and_a_gap_are_refused_by_name() {
        let fitted = panel(date(2024, 1, 1), 2, 0.0);
        let code = |start| append(&fitted, &panel(start, 1, 0.0)).unwrap_err().0[0].code;
        assert_eq!(code(date(2024, 1, 8)), "data.overlap");
        assert_eq!(code(date(2023, 1, 2)), "data.overlap");
        assert_eq!(code(date(2024, 1, 22)), "data.gap_after_fit");
    }
}
