//! The linear part of the mean: where each design column comes from, for any stretch of the calendar.

use super::outcome::DesignColumn;
use super::scaling::Units;
use crate::data::calendar::{Calendar, days_between};
use crate::data::panel::Panel;
use crate::spec::{Phase, TrendUnit, Weekday};
use jiff::civil::{Date, date};
use std::f64::consts::TAU;

/// How a design column follows from the calendar and the panel.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnSource {
    /// 1.
    Ones,
    /// Trend time τ.
    Time,
    /// `max(τ − at, 0)`: a change of slope.
    Hinge {
        /// Where the slope changes.
        at: f64,
    },
    /// The hat function of knot `index` of `n` evenly spaced over τ ∈ [0, end]; flat beyond both ends.
    Hat {
        /// Which knot.
        index: usize,
        /// How many.
        n: usize,
        /// τ of the last.
        end: f64,
    },
    /// `sin(2π·n·d/period)`, d in days.
    Sine {
        /// Harmonic.
        n: usize,
        /// Days.
        period: f64,
        /// Where days are counted from.
        phase: Phase,
    },
    /// `cos(2π·n·d/period)`.
    Cosine {
        /// Harmonic.
        n: usize,
        /// Days.
        period: f64,
        /// Where days are counted from.
        phase: Phase,
    },
    /// 1 on that day of the week.
    Weekday(Weekday),
    /// 1 in every period that holds a day from `before` days before to `after` days after one of the dates.
    Dates {
        /// Dates.
        dates: Vec<Date>,
        /// Days before.
        before: u32,
        /// Days after.
        after: u32,
    },
    /// An event series of the panel, by name, widened by the same window.
    EventSeries {
        /// Name.
        name: String,
        /// Days before.
        before: u32,
        /// Days after.
        after: u32,
    },
    /// `(z − centre)/divisor` of control `index`.
    Control {
        /// Which.
        index: usize,
    },
    /// `(u − level)/divisor` of treatment `index`.
    Treatment {
        /// Which.
        index: usize,
    },
}

/// Trend time: 0 at the first KPI period; fixed at training and kept for prediction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrendClock {
    /// Period at which τ = 0.
    pub origin: usize,
    /// Periods per unit of τ.
    pub length: f64,
}

impl TrendClock {
    /// A clock over training periods `start..end`.
    pub fn new(start: usize, end: usize, unit: TrendUnit) -> Self {
        let length = match unit {
            TrendUnit::Window => (end.saturating_sub(start + 1)).max(1) as f64,
            TrendUnit::Period => 1.0,
        };
        Self { origin: start, length }
    }

    /// τ at period `t`.
    pub fn time(&self, t: usize) -> f64 {
        (t as f64 - self.origin as f64) / self.length
    }
}

impl ColumnSource {
    /// The column over all periods of `panel`, whose calendar must start with the training data.
    pub fn column(&self, panel: &Panel, clock: &TrendClock, units: &Units) -> DesignColumn {
        let calendar = &panel.calendar;
        let each = |f: &dyn Fn(usize) -> f64| DesignColumn::Common((0..calendar.len()).map(f).collect());
        match self {
            ColumnSource::Ones => DesignColumn::Ones,
            ColumnSource::Time => each(&|t| clock.time(t)),
            ColumnSource::Hinge { at } => each(&|t| (clock.time(t) - at).max(0.0)),
            ColumnSource::Hat { index, n, end } => each(&|t| hat(*index, *n, clock.time(t) / end)),
            ColumnSource::Sine { n, period, phase } => {
                each(&|t| (TAU * *n as f64 * day_number(calendar.date(t), *phase) / period).sin())
            }
            ColumnSource::Cosine { n, period, phase } => {
                each(&|t| (TAU * *n as f64 * day_number(calendar.date(t), *phase) / period).cos())
            }
            ColumnSource::Weekday(day) => each(&|t| {
                f64::from(calendar.date(t).weekday().to_monday_zero_offset() as usize == *day as usize)
            }),
            ColumnSource::Dates { dates, before, after } => {
                let days: Vec<(Date, Date)> = dates.iter().map(|day| (*day, *day)).collect();
                DesignColumn::Common(covered(calendar, &days, *before, *after))
            }
            ColumnSource::EventSeries { name, before, after } => {
                DesignColumn::ByGeo(widened(panel, name, *before, *after))
            }
            ColumnSource::Control { index } => {
                let (centre, divisor) = units.controls[*index];
                affine(&panel.controls[*index].values, centre, divisor)
            }
            ColumnSource::Treatment { index } => {
                let (level, divisor) = units.treatments[*index];
                affine(&panel.treatments[*index].values, level, divisor)
            }
        }
    }
}

fn affine(values: &[f64], centre: f64, divisor: f64) -> DesignColumn {
    DesignColumn::ByGeo(values.iter().map(|x| (x - centre) / divisor).collect())
}

/// Linear B-spline of knot `index` of `n` over [0, 1], flat outside.
fn hat(index: usize, n: usize, x: f64) -> f64 {
    let place = x.clamp(0.0, 1.0) * (n - 1) as f64;
    (1.0 - (place - index as f64).abs()).max(0.0)
}

fn day_number(day: Date, phase: Phase) -> f64 {
    match phase {
        Phase::Elapsed => days_between(date(2000, 1, 1), day) as f64,
        Phase::DayOfYear => f64::from(day.day_of_year()),
    }
}

/// 1 in every period that overlaps one of the stretches of days, each widened by the window.
fn covered(calendar: &Calendar, stretches: &[(Date, Date)], before: u32, after: u32) -> Vec<f64> {
    let mut column = vec![0.0; calendar.len()];
    for (first, last) in stretches {
        let from = calendar.period_of(first.saturating_sub(jiff::Span::new().days(i64::from(before))));
        let to = calendar.period_of(last.saturating_add(jiff::Span::new().days(i64::from(after))));
        for t in from.max(0)..=to.min(calendar.len() as i64 - 1) {
            column[t as usize] = 1.0;
        }
    }
    column
}

fn widened(panel: &Panel, name: &str, before: u32, after: u32) -> Vec<f64> {
    let n = panel.n_times();
    let Some(series) = panel.events.iter().find(|series| series.name == name) else {
        return vec![0.0; panel.n_cells()];
    };
    let calendar = &panel.calendar;
    (0..panel.n_geos())
        .flat_map(|geo| {
            let cells = &series.values[geo * n..(geo + 1) * n];
            let stretches: Vec<(Date, Date)> = (0..n)
                .filter(|t| cells[*t] != 0.0)
                .map(|t| (calendar.date(t), calendar.date(t + 1).yesterday().unwrap_or(Date::MAX)))
                .collect();
            covered(calendar, &stretches, before, after)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::calendar::Spacing;

    #[test]
    fn hats_add_up_to_one_everywhere() {
        for i in -5..25 {
            let x = f64::from(i) / 20.0;
            let sum: f64 = (0..5).map(|k| hat(k, 5, x)).sum();
            assert!((sum - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_window_marks_every_period_it_touches() {
        let daily = Calendar::new(date(2024, 11, 25), Spacing::Days(1), 10);
        let friday = [(date(2024, 11, 29), date(2024, 11, 29))];
        assert_eq!(covered(&daily, &friday, 1, 3), [0., 0., 0., 1., 1., 1., 1., 1., 0., 0.]);
        let weekly = Calendar::new(date(2024, 11, 25), Spacing::Days(7), 3);
        assert_eq!(covered(&weekly, &friday, 0, 0), [1., 0., 0.]);
        assert_eq!(covered(&weekly, &friday, 0, 3), [1., 1., 0.]);
    }
}
