//! The forecast that needs no model: the same period a year before, else the last value.

use super::folds::Fold;
use crate::data::calendar::Spacing;
use crate::data::panel::Panel;

/// Forecasts the cells of a fold, geo by geo, from what was known at its origin; NaN where nothing was.
///
/// Days are held against the same day of the week: 364 days before where the data reach so far back, else the last such
/// day. Whole years are gone back until the origin is passed.
pub fn naive(panel: &Panel, fold: &Fold) -> Vec<f64> {
    let n = panel.n_times();
    let (year, last) = match panel.calendar.spacing() {
        Spacing::Days(1) => (364, 7),
        spacing => ((365.25 / spacing.mean_days()).round().max(1.0) as usize, 1),
    };
    let cell = |geo: usize, t: usize| -> f64 {
        let kpi = &panel.kpi.values[geo * n..(geo + 1) * n];
        let back = |step: usize| {
            (1..).map(move |k| k * step).take_while(move |gone| *gone <= t).map(move |gone| t - gone)
        };
        let known = |at: &usize| *at < fold.test.start && kpi[*at].is_finite();
        let latest = || (0..fold.test.start).rev().find(known);
        let place = back(year).find(known).or_else(|| back(last).find(known)).or_else(latest);
        place.map_or(f64::NAN, |at| kpi[at])
    };
    (0..panel.n_geos())
        .flat_map(|geo| fold.test.clone().map(move |t| (geo, t)))
        .map(|(g, t)| cell(g, t))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::calendar::Calendar;
    use crate::data::panel::Series;
    use jiff::civil::date;

    fn panel(spacing: Spacing, n: usize, n_geos: usize) -> Panel {
        Panel {
            source: String::new(),
            geos: (0..n_geos).map(|geo| geo.to_string()).collect(),
            has_geo: n_geos > 1,
            calendar: Calendar::new(date(2022, 1, 3), spacing, n),
            population: vec![1.0; n_geos],
            kpi: Series { name: "y".into(), values: (0..n * n_geos).map(|i| i as f64).collect() },
            revenue_per_kpi: None,
            media: Vec::new(),
            organic: Vec::new(),
            treatments: Vec::new(),
            controls: Vec::new(),
            events: Vec::new(),
            n_history: 0,
        }
    }

    fn fold(origin: usize, until: usize) -> Fold {
        Fold { train: 0..origin, test: origin..until }
    }

    #[test]
    fn a_year_back_where_there_is_one_else_the_last_value_that_was_known() {
        let weeks = panel(Spacing::Days(7), 70, 2);
        assert_eq!(naive(&weeks, &fold(60, 62)), [8.0, 9.0, 78.0, 79.0]);
        assert_eq!(naive(&weeks, &fold(40, 42)), [39.0, 39.0, 109.0, 109.0]);
        // Behind the first year of a long horizon, two years are gone back.
        let months = panel(Spacing::Months(1), 40, 1);
        assert_eq!(naive(&months, &fold(24, 40))[11..14], [23.0, 12.0, 13.0]);
        let days = panel(Spacing::Days(1), 400, 1);
        assert_eq!(naive(&days, &fold(370, 371)), [6.0]);
        assert_eq!(naive(&days, &fold(100, 109)), [93.0, 94.0, 95.0, 96.0, 97.0, 98.0, 99.0, 93.0, 94.0]);
    }

    #[test]
    fn a_gap_is_passed_over() {
        let mut weeks = panel(Spacing::Days(7), 70, 1);
        weeks.kpi.values[8] = f64::NAN;
        weeks.kpi.values[59] = f64::NAN;
        assert_eq!(naive(&weeks, &fold(60, 61)), [58.0]);
        weeks.kpi.values[..60].fill(f64::NAN);
        assert!(naive(&weeks, &fold(60, 61))[0].is_nan());
    }
}
