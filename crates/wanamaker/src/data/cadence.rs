//! Finds the spacing of the periods from the dates alone: days, weeks, months, or the spacing found.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::calendar::{Calendar, Spacing, days_between};
use super::cell::counted;
use crate::problem::{Place, Problem};

/// The time axis found, and whether dates were moved to the first of their month to lie on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cadence {
    /// The axis, from the first date to the last.
    pub calendar: Calendar,
    /// Dates stood at varying days of their months, e.g. month ends.
    pub to_first_of_month: bool,
}

/// The cadence of `dates`: distinct and ascending. A known `spacing` (of a fitted model or a counter) is kept.
///
/// Errors: a single date without a known spacing; steps that are no whole number of the most common one.
pub fn cadence(dates: &[Date], known: Option<Spacing>, place: &Place) -> Result<Cadence, Box<Problem>> {
    let (Some(&first), Some(&last)) = (dates.first(), dates.last()) else {
        return Err(refusal(
            place,
            "data.no_periods",
            "there is no date to build a time axis from".into(),
            "fill the time column",
        ));
    };
    let steps: Vec<i64> = dates.windows(2).map(|pair| days_between(pair[0], pair[1])).collect();
    let spacing = match known {
        Some(spacing) => spacing,
        None if steps.is_empty() => {
            let message = format!("all rows hold the same date, {first}; a model needs many periods");
            return Err(refusal(
                place,
                "data.one_period",
                message,
                "check that the time column is the right one",
            ));
        }
        None => months(dates, &steps).map_or_else(|| days(dates, &steps, place), Ok)?,
    };
    let moved = matches!(spacing, Spacing::Months(_)) && !same_day(dates);
    let start = if moved { first.first_of_month() } else { first };
    let len = Calendar::new(start, spacing, 1).period_of(last) + 1;
    let calendar = Calendar::new(start, spacing, usize::try_from(len).unwrap_or(1));
    let off_grid = |date: &&Date| {
        let t = usize::try_from(calendar.period_of(**date)).unwrap_or(0);
        !moved && calendar.date(t) != **date
    };
    match dates.iter().find(off_grid) {
        Some(date) => Err(off_axis(*date, &calendar, place)),
        None => Ok(Cadence { calendar, to_first_of_month: moved }),
    }
}

fn off_axis(date: Date, calendar: &Calendar, place: &Place) -> Box<Problem> {
    let message = format!(
        "{date} does not lie on the axis of {}s from {}",
        calendar.spacing().name(),
        calendar.start()
    );
    refusal(place, "data.mixed_cadence", message, "bring all rows to one spacing")
}

fn refusal(place: &Place, code: &'static str, message: String, hint: &str) -> Box<Problem> {
    Box::new(Problem::error(code, place.clone(), message).hint(hint))
}

fn same_day(dates: &[Date]) -> bool {
    dates.iter().all(|date| date.day() == dates[0].day() && date.day() <= 28)
}

/// Months, quarters or years, when no month holds two dates and the step that fits most is one of them.
fn months(dates: &[Date], steps: &[i64]) -> Option<Spacing> {
    let modal = most_common(steps)?.0;
    let is_even_in_days = steps.iter().all(|step| step % modal == 0);
    let month_of = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
    let jumps: Vec<i64> = dates.windows(2).map(|pair| month_of(pair[1]) - month_of(pair[0])).collect();
    // Every four weeks also hits a new month most of the time: even steps in days speak against months,
    // unless all dates share their day of the month.
    let plausible = (28..=31).contains(&modal) || (89..=92).contains(&modal) || (365..=366).contains(&modal);
    if !plausible || jumps.contains(&0) || (is_even_in_days && !same_day(dates)) {
        return None;
    }
    let step = most_common(&jumps)?.0;
    let fits = [1, 3, 12].contains(&step) && jumps.iter().all(|jump| jump % step == 0);
    fits.then(|| Spacing::Months(u16::try_from(step).unwrap_or(1)))
}

fn days(dates: &[Date], steps: &[i64], place: &Place) -> Result<Spacing, Box<Problem>> {
    let (modal, n_modal) = most_common(steps).unwrap_or((1, 1));
    let odd = steps.iter().position(|step| step % modal != 0);
    if let Some(at) = odd.or_else(|| second_cadence(steps, modal, n_modal)) {
        return Err(mixed(dates, steps, at, place));
    }
    Ok(Spacing::Days(u16::try_from(modal).unwrap_or(u16::MAX)))
}

/// Days for a while and weeks after that are two cadences, though every week is a whole number of days.
fn second_cadence(steps: &[i64], modal: i64, n_modal: usize) -> Option<usize> {
    let others: Vec<i64> = steps.iter().copied().filter(|step| *step != modal).collect();
    let (second, n_second) = most_common(&others)?;
    let is_weekend = modal == 1 && (2..=4).contains(&second);
    let is_cadence = n_second >= 4 && n_second * 10 >= n_modal && !is_weekend;
    let run = steps.windows(3).position(|three| three.iter().all(|step| *step == second))?;
    is_cadence.then_some(run)
}

fn mixed(dates: &[Date], steps: &[i64], at: usize, place: &Place) -> Box<Problem> {
    let mut tally: Vec<(i64, usize)> = tally(steps).into_iter().collect();
    tally.sort_by_key(|(step, n)| (std::cmp::Reverse(*n), *step));
    let said: Vec<String> = tally
        .iter()
        .take(4)
        .map(|(step, n)| format!("{} {}", counted(usize::try_from(*step).unwrap_or(0), "day"), times(*n)))
        .collect();
    let message = format!(
        "the periods are not evenly spaced: steps of {} were found, the first odd one between {} and {}",
        said.join(", "),
        dates[at],
        dates[at + 1]
    );
    let hint = "bring all rows to one spacing, e.g. one row per week that always begins on the same weekday";
    refusal(place, "data.mixed_cadence", message, hint)
}

fn times(n: usize) -> String {
    if n == 1 { "once".to_owned() } else { format!("{n} times") }
}

fn tally(steps: &[i64]) -> BTreeMap<i64, usize> {
    let mut counts = BTreeMap::new();
    for step in steps {
        *counts.entry(*step).or_insert(0) += 1;
    }
    counts
}

/// The most common step and how often it occurs; the smaller one where two are as common.
fn most_common(steps: &[i64]) -> Option<(i64, usize)> {
    tally(steps).into_iter().max_by_key(|(step, n)| (*n, std::cmp::Reverse(*step)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date as on;

    fn of(dates: &[Date]) -> Result<Cadence, Box<Problem>> {
        cadence(dates, None, &Place::file("f"))
    }

    fn series(start: Date, step: jiff::Span, n: usize) -> Vec<Date> {
        (0..n).map(|i| (0..i).fold(start, |date, _| date.saturating_add(step))).collect()
    }

    #[test]
    fn even_spacings_are_found_with_and_without_gaps() {
        let start = on(2021, 1, 4);
        for (step, spacing) in [
            (1.day(), Spacing::Days(1)),
            (7.days(), Spacing::Days(7)),
            (28.days(), Spacing::Days(28)),
            (1.month(), Spacing::Months(1)),
            (3.months(), Spacing::Months(3)),
            (1.year(), Spacing::Months(12)),
        ] {
            let mut dates = series(start, step, 24);
            let found = of(&dates).unwrap();
            assert_eq!((found.calendar.spacing(), found.calendar.len()), (spacing, 24));
            dates.remove(7);
            let found = of(&dates).unwrap();
            assert_eq!((found.calendar.spacing(), found.calendar.len()), (spacing, 24));
        }
    }

    #[test]
    fn month_ends_lie_on_a_monthly_axis() {
        let ends = [on(2023, 11, 30), on(2023, 12, 31), on(2024, 1, 31), on(2024, 2, 29), on(2024, 3, 31)];
        let found = of(&ends).unwrap();
        assert!(found.to_first_of_month);
        assert_eq!(found.calendar, Calendar::new(on(2023, 11, 1), Spacing::Months(1), 5));
    }

    #[test]
    fn uneven_spacings_say_which_steps_were_found_how_often() {
        let mut dates = series(on(2024, 1, 1), 7.days(), 20);
        dates[5] = dates[5].tomorrow().unwrap();
        let problem = of(&dates).unwrap_err();
        assert_eq!(problem.code, "data.mixed_cadence");
        assert!(problem.message.contains("7 days 17 times, 6 days once, 8 days once"), "{}", problem.message);
        let mut mixed = series(on(2024, 1, 1), 1.day(), 60);
        mixed.extend(series(on(2024, 3, 7), 7.days(), 20));
        assert_eq!(of(&mixed).unwrap_err().code, "data.mixed_cadence");
        assert_eq!(of(&[on(2024, 1, 1)]).unwrap_err().code, "data.one_period");
        assert_eq!(of(&[]).unwrap_err().code, "data.no_periods");
    }
}
