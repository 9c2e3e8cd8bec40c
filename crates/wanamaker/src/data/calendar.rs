//! The time axis: equally spaced periods from a first date.

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The step from one period to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spacing {
    /// A fixed number of days: 1 for days, 7 for weeks.
    Days(u16),
    /// A fixed number of calendar months: 1 for months, 3 for quarters.
    Months(u16),
}

impl Spacing {
    /// Length in days, on average.
    pub fn mean_days(self) -> f64 {
        match self {
            Spacing::Days(days) => f64::from(days),
            Spacing::Months(months) => f64::from(months) * 365.25 / 12.0,
        }
    }

    /// What one period is called: `day`, `week`, `month`, `quarter`, `period`.
    pub fn name(self) -> &'static str {
        match self {
            Spacing::Days(1) => "day",
            Spacing::Days(7) => "week",
            Spacing::Months(1) => "month",
            Spacing::Months(3) => "quarter",
            Spacing::Months(12) => "year",
            _ => "period",
        }
    }

    /// `n` steps; `None` beyond what a calendar can hold.
    fn times(self, n: i64) -> Option<Span> {
        match self {
            Spacing::Days(days) => Span::new().try_days(n.checked_mul(i64::from(days))?).ok(),
            Spacing::Months(months) => Span::new().try_months(n.checked_mul(i64::from(months))?).ok(),
        }
    }
}

/// Equally spaced periods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    start: Date,
    spacing: Spacing,
    len: usize,
}

impl Calendar {
    /// `len` periods from `start`.
    pub fn new(start: Date, spacing: Spacing, len: usize) -> Self {
        Self { start, spacing, len }
    }

    /// First day of the first period.
    pub fn start(&self) -> Date {
        self.start
    }

    /// The step.
    pub fn spacing(&self) -> Spacing {
        self.spacing
    }

    /// Number of periods.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no period.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// First day of period `t` (from 0); `t` may lie beyond the end, and stops at the last date there is.
    pub fn date(&self, t: usize) -> Date {
        let steps = i64::try_from(t).ok().and_then(|t| self.spacing.times(t));
        steps.map_or(Date::MAX, |steps| self.start.saturating_add(steps))
    }

    /// First days of all periods.
    pub fn dates(&self) -> Vec<Date> {
        (0..self.len).map(|t| self.date(t)).collect()
    }

    /// The period that holds `date`, counted from the first; negative before it, and it may lie beyond the end.
    pub fn period_of(&self, date: Date) -> i64 {
        match self.spacing {
            Spacing::Days(days) => days_between(self.start, date).div_euclid(i64::from(days)),
            Spacing::Months(months) => {
                let whole = (i64::from(date.year()) - i64::from(self.start.year())) * 12
                    + i64::from(date.month())
                    - i64::from(self.start.month())
                    - i64::from(date.day() < self.start.day());
                whole.div_euclid(i64::from(months))
            }
        }
    }
}

/// Days from `from` to `to`.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map_or(0, |span| span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_date_falls_in_its_own_period() {
        for spacing in [Spacing::Days(1), Spacing::Days(7), Spacing::Months(1), Spacing::Months(3)] {
            let calendar = Calendar::new(date(2021, 1, 25), spacing, 40);
            for t in 0..40 {
                let day = calendar.date(t);
                assert_eq!(calendar.period_of(day), t as i64, "{spacing:?} {day}");
                if spacing != Spacing::Days(1) {
                    assert_eq!(calendar.period_of(day.tomorrow().unwrap()), t as i64);
                }
                assert_eq!(calendar.period_of(day.yesterday().unwrap()), t as i64 - 1);
            }
        }
    }
}
