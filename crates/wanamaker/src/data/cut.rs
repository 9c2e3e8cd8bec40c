//! The panel as it stood at an earlier date: for models that must not see what came later.

use super::calendar::Calendar;
use super::panel::{EventSeries, Media, Panel, Series};
use std::ops::Range;

/// The periods before `periods.end`, with the KPI unknown before `periods.start`: what lies there is media history, so
/// that carry-over is warm. Periods count from the start of `panel`, as they do in the result; `periods.end ≤ n_times`.
pub fn cut(panel: &Panel, periods: Range<usize>) -> Panel {
    let n = panel.n_times();
    let keep = |values: &[f64]| -> Vec<f64> {
        values.chunks_exact(n).flat_map(|geo| geo[..periods.end].iter().copied()).collect()
    };
    let series = |all: &[Series]| -> Vec<Series> {
        all.iter().map(|own| Series { name: own.name.clone(), values: keep(&own.values) }).collect()
    };
    let media = |all: &[Media]| -> Vec<Media> {
        let one = |own: &Media| Media {
            name: own.name.clone(),
            exposure: keep(&own.exposure),
            spend: own.spend.as_deref().map(keep),
        };
        all.iter().map(one).collect()
    };
    let mut kpi = keep(&panel.kpi.values);
    for geo in kpi.chunks_exact_mut(periods.end.max(1)) {
        geo[..periods.start].fill(f64::NAN);
    }
    let event = |own: &EventSeries| EventSeries { values: keep(&own.values), ..own.clone() };
    Panel {
        source: panel.source.clone(),
        geos: panel.geos.clone(),
        has_geo: panel.has_geo,
        calendar: Calendar::new(panel.calendar.start(), panel.calendar.spacing(), periods.end),
        population: panel.population.clone(),
        kpi: Series { name: panel.kpi.name.clone(), values: kpi },
        revenue_per_kpi: panel.revenue_per_kpi.as_deref().map(keep),
        media: media(&panel.media),
        organic: media(&panel.organic),
        treatments: series(&panel.treatments),
        controls: series(&panel.controls),
        events: panel.events.iter().map(event).collect(),
        n_history: panel.n_history.max(periods.start),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::calendar::Spacing;
    use jiff::civil::date;

    #[test]
    fn what_came_later_is_gone_and_what_came_before_is_history() {
        let numbers = |from: f64| (0..8).map(|i| from + f64::from(i)).collect::<Vec<f64>>();
        let panel = Panel {
            source: "data.csv".into(),
            geos: vec!["north".into(), "south".into()],
            has_geo: true,
            calendar: Calendar::new(date(2024, 1, 1), Spacing::Days(7), 4),
            population: vec![1.0, 2.0],
            kpi: Series { name: "sales".into(), values: numbers(0.0) },
            revenue_per_kpi: Some(numbers(50.0)),
            media: vec![Media { name: "tv".into(), exposure: numbers(100.0), spend: Some(numbers(200.0)) }],
            organic: Vec::new(),
            treatments: Vec::new(),
            controls: vec![Series { name: "price".into(), values: numbers(300.0) }],
            events: vec![EventSeries { column: "e".into(), name: "sale".into(), values: numbers(0.0) }],
            n_history: 0,
        };
        let past = cut(&panel, 1..3);
        assert_eq!((past.n_times(), past.n_history), (3, 1));
        assert_eq!(past.calendar.dates()[..], panel.calendar.dates()[..3]);
        assert!(past.kpi.values[0].is_nan() && past.kpi.values[3].is_nan());
        assert_eq!(past.kpi.values[1..3], [1.0, 2.0]);
        assert_eq!(past.kpi.values[4..], [5.0, 6.0]);
        assert_eq!(past.media[0].exposure, [100.0, 101.0, 102.0, 104.0, 105.0, 106.0]);
        assert_eq!(past.media[0].spend.as_deref(), Some(&[200.0, 201.0, 202.0, 204.0, 205.0, 206.0][..]));
        assert_eq!(past.controls[0].values, [300.0, 301.0, 302.0, 304.0, 305.0, 306.0]);
        assert_eq!(past.events[0].values, [0.0, 1.0, 2.0, 4.0, 5.0, 6.0]);
        assert_eq!(cut(&panel, 0..4), panel);
    }
}
