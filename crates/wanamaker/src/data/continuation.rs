//! A panel with periods behind it that have not been yet: what is not decided is taken to be as it was a year before.

use super::append::append;
use super::calendar::Calendar;
use super::panel::{EventSeries, Media, Panel, Series};
use crate::problem::Problems;

/// `fitted` with `periods` more behind it: paid exposure as stated (`[channel][geo, period]`), the KPI missing, and everything else
/// as in the same period a year before; as in the last period where the data do not reach back so far.
///
/// # Errors
/// None that a panel of this module could bring; those of [`append`].
pub fn continued(fitted: &Panel, periods: usize, paid: &[Media]) -> Result<Panel, Problems> {
    let n = fitted.n_times();
    let year = periods_per_year(fitted);
    // Further ahead than a year, the year before is one that was itself continued.
    let before = |t: usize| -> usize {
        let mut past = n + t;
        while past >= n {
            let Some(earlier) = past.checked_sub(year) else { return n - 1 };
            past = earlier;
        }
        past
    };
    let as_before = |series: &[f64]| -> Vec<f64> {
        (0..fitted.n_geos()).flat_map(|g| (0..periods).map(move |t| series[g * n + before(t)])).collect()
    };
    let of_series = |all: &[Series]| -> Vec<Series> {
        all.iter().map(|one| Series { name: one.name.clone(), values: as_before(&one.values) }).collect()
    };
    let organic = fitted.organic.iter().map(|media| Media {
        name: media.name.clone(),
        exposure: as_before(&media.exposure),
        spend: media.spend.as_deref().map(as_before),
    });
    let events = fitted.events.iter().map(|event| EventSeries {
        column: event.column.clone(),
        name: event.name.clone(),
        values: as_before(&event.values),
    });
    let calendar = &fitted.calendar;
    let new = Panel {
        calendar: Calendar::new(calendar.date(n), calendar.spacing(), periods),
        kpi: Series { name: fitted.kpi.name.clone(), values: vec![f64::NAN; fitted.n_geos() * periods] },
        revenue_per_kpi: fitted.revenue_per_kpi.as_deref().map(as_before),
        media: paid.to_vec(),
        organic: organic.collect(),
        treatments: of_series(&fitted.treatments),
        controls: of_series(&fitted.controls),
        events: events.collect(),
        ..fitted.clone()
    };
    append(fitted, &new)
}

/// Periods in a year, to the nearest.
pub fn periods_per_year(panel: &Panel) -> usize {
    (365.25 / panel.calendar.spacing().mean_days()).round().max(1.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::calendar::Spacing;
    use jiff::civil::date;

    fn panel(n: usize) -> Panel {
        let series =
            |name: &str| Series { name: name.into(), values: (0..2 * n).map(|i| i as f64).collect() };
        Panel {
            source: "test".into(),
            geos: vec!["a".into(), "b".into()],
            has_geo: true,
            calendar: Calendar::new(date(2023, 1, 1), Spacing::Months(1), n),
            population: vec![1.0; 2],
            kpi: series("kpi"),
            revenue_per_kpi: None,
            media: vec![Media {
                name: "tv".into(),
                exposure: vec![1.0; 2 * n],
                spend: Some(vec![1.0; 2 * n]),
            }],
            organic: Vec::new(),
            treatments: Vec::new(),
            controls: vec![series("price")],
            events: Vec::new(),
            n_history: 0,
        }
    }

    #[test]
    fn what_nobody_decides_is_as_a_year_before_and_what_is_planned_as_planned() {
        let past = panel(18);
        let planned = Media { name: "tv".into(), exposure: vec![7.0; 6], spend: Some(vec![14.0; 6]) };
        let found = continued(&past, 3, std::slice::from_ref(&planned)).unwrap();
        assert_eq!((found.n_times(), found.calendar.date(18)), (21, date(2024, 7, 1)));
        assert_eq!(found.controls[0].values[18..21], [6.0, 7.0, 8.0]);
        assert_eq!(found.controls[0].values[39..], [24.0, 25.0, 26.0]);
        assert_eq!(found.media[0].exposure[39..], [7.0; 3]);
        assert!(found.kpi.values[18..21].iter().all(|y| y.is_nan()) && found.kpi.values[21] == 18.0);
        // Without a year of data the last period stands for what is not known.
        let short = continued(&panel(5), 2, &[Media { exposure: vec![7.0; 4], ..planned }]).unwrap();
        assert_eq!(short.controls[0].values[5..7], [4.0, 4.0]);
        let far = continued(&panel(12), 14, &[]).unwrap();
        assert_eq!(far.controls[0].values[12..26].last(), Some(&1.0));
    }
}
