//! Periods gathered into the weeks, months, quarters and years of the calendar.

use super::calendar::Spacing;
use jiff::civil::Date;

/// Periods gathered into spans of one grain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouping {
    /// `day`, `week`, `month`, `quarter`, `year`.
    pub name: &'static str,
    /// First day of each span: that of the calendar's week, month, quarter or year.
    pub first: Vec<Date>,
    /// Whether periods that belong to it lie outside; only of the first and the last.
    pub is_partial: Vec<bool>,
    /// Span of each period.
    pub of: Vec<usize>,
}

/// A grain of the calendar: its name, its days at least, and the first day of the span that holds a date.
type LongGrain<'a> = (&'static str, f64, &'a dyn Fn(Date) -> Date);

/// The periods themselves, then every longer grain of which there are at least two spans.
pub fn groupings(dates: &[Date], spacing: Spacing) -> Vec<Grouping> {
    let own = Grouping {
        name: spacing.name(),
        first: dates.to_vec(),
        is_partial: vec![false; dates.len()],
        of: (0..dates.len()).collect(),
    };
    let quarter = |date: Date| date.month() - (date.month() - 1) % 3;
    let starts: [LongGrain<'_>; 4] = [
        ("week", 7.0, &|date| {
            date.saturating_sub(jiff::Span::new().days(i64::from(date.weekday().to_monday_zero_offset())))
        }),
        ("month", 30.0, &|date| date.first_of_month()),
        ("quarter", 91.0, &|date| Date::new(date.year(), quarter(date), 1).unwrap_or(date)),
        ("year", 365.0, &|date| date.first_of_year()),
    ];
    let longer = starts.into_iter().filter(|(_, days, _)| *days > 1.5 * spacing.mean_days());
    let grouped = longer.map(|(name, _, start)| {
        let mut grouping = Grouping { name, first: Vec::new(), is_partial: Vec::new(), of: Vec::new() };
        for date in dates {
            let first = start(*date);
            if grouping.first.last() != Some(&first) {
                grouping.first.push(first);
            }
            grouping.of.push(grouping.first.len() - 1);
        }
        let last = grouping.first.len() - 1;
        grouping.is_partial = vec![false; last + 1];
        // A span is cut short where periods that belong to it are outside the data.
        let before = dates[0].saturating_sub(jiff::Span::new().days(spacing.mean_days().round() as i64));
        let after =
            dates[dates.len() - 1].saturating_add(jiff::Span::new().days(spacing.mean_days().round() as i64));
        grouping.is_partial[0] |= start(before) == grouping.first[0];
        grouping.is_partial[last] |= start(after) == grouping.first[last];
        grouping
    });
    std::iter::once(own).chain(grouped.filter(|grouping| grouping.first.len() > 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_week_counts_where_it_begins_and_cut_spans_say_so() {
        // Mondays from 18 December 2023 to 8 April 2024.
        let dates: Vec<Date> =
            (0..17).map(|w| date(2023, 12, 18).saturating_add(jiff::Span::new().days(7 * w))).collect();
        let found = groupings(&dates, Spacing::Days(7));
        let names: Vec<_> = found.iter().map(|grouping| grouping.name).collect();
        assert_eq!(names, ["week", "month", "quarter", "year"]);
        let months = &found[1];
        assert_eq!(months.first[..2], [date(2023, 12, 1), date(2024, 1, 1)]);
        assert_eq!(months.of.iter().filter(|span| **span == 1).count(), 5);
        assert_eq!(months.is_partial, [true, false, false, false, true]);
        assert_eq!(found[2].first, [date(2023, 10, 1), date(2024, 1, 1), date(2024, 4, 1)]);
    }
}
