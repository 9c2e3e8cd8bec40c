//! A span of periods: money spent inside it, effects counted until the data end.

use crate::data::calendar::Calendar;
use crate::model::compile::CompiledModel;
use crate::problem::{Place, Problem, Problems};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;
use std::ops::Range;

/// Periods `from..to` in which exposure is taken away, and `from..until` in which what that changes is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Window {
    /// First period.
    pub from: usize,
    /// One behind the last.
    pub to: usize,
    /// One behind the last period whose outcome counts: carry-over runs on to there.
    pub until: usize,
}

/// A window as it is asked for; the training window when nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: Option<Date>,
    /// Last day, included.
    pub to: Option<Date>,
    /// The last so many training periods instead.
    pub last: Option<usize>,
}

impl Window {
    /// The periods that trained the model.
    pub fn training(model: &CompiledModel) -> Self {
        let (from, end) = (model.window.start, model.window.end);
        Self { from, to: end, until: end }
    }

    /// The window of `span`: the periods that begin in it, so that neighbouring spans share none. Carry-over is counted to
    /// the end of the training window, or of the data where the window reaches beyond it.
    ///
    /// # Errors
    /// Dates outside the data or in the wrong order, more periods than there are; the hint names what can be asked for.
    pub fn of(model: &CompiledModel, span: Span) -> Result<Self, Problems> {
        let (start, end) = (model.window.start, model.window.end);
        within(&model.panel.calendar, start, end, span)
    }

    /// The periods in which money is spent.
    pub fn spent(&self) -> Range<usize> {
        self.from..self.to
    }

    /// The periods in which effects count.
    pub fn counted(&self) -> Range<usize> {
        self.from..self.until
    }
}

/// The window of `span` where the KPI begins with period `start` and training ends before `end`.
fn within(calendar: &Calendar, start: usize, end: usize, span: Span) -> Result<Window, Problems> {
    let len = calendar.len();
    let period = calendar.spacing().name();
    let (first, last) = (calendar.date(start), calendar.date(len.saturating_sub(1)));
    let fault = |code: &'static str, message: String| {
        let hint = format!(
            "a window holds the {period}s that begin in it; the data have those from {first} to {last}"
        );
        Err(Problem::error(code, Place::default(), message).hint(hint).into())
    };
    if let Some(n) = span.last {
        if n == 0 || n > end - start {
            let trained = end - start;
            return fault(
                "window.length",
                format!("the last {n} {period}s are asked for, of {trained} that trained the model"),
            );
        }
        return Ok(Window { from: end - n, to: end, until: end });
    }
    if let (Some(from), Some(to)) = (span.from, span.to)
        && from > to
    {
        return fault("window.order", format!("the window would run from {from} back to {to}"));
    }
    // The first period that begins on that day or after it, and the last that begins on the other or before it.
    let begins = span.from.map(|day| (day, calendar.period_of(day.saturating_sub(1.day())) + 1));
    let ends = span.to.map(|day| (day, calendar.period_of(day)));
    for (verb, bound) in [("begins", begins), ("ends", ends)] {
        let Some((day, t)) = bound else { continue };
        let side = match t {
            _ if t < start as i64 => "before the KPI begins",
            _ if t >= len as i64 => "after the data end",
            _ => continue,
        };
        return fault("window.outside", format!("the window {verb} on {day}, {side}"));
    }
    let from = begins.map_or(start, |(_, t)| t as usize);
    let to = ends.map_or(if from < end { end } else { len }, |(_, t)| t as usize + 1);
    if from >= to {
        return fault("window.empty", format!("no {period} of the data begins in the window"));
    }
    Ok(Window { from, to, until: if to <= end { end } else { len } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::calendar::Spacing;
    use jiff::civil::date;

    /// Sixty weeks from Monday, 2 January 2023; two of media history before the KPI, six held back at the end.
    fn weeks(from: Option<Date>, to: Option<Date>) -> Result<(usize, usize, usize), &'static str> {
        let calendar = Calendar::new(date(2023, 1, 2), Spacing::Days(7), 60);
        let window = within(&calendar, 2, 54, Span { from, to, last: None });
        window.map(|w| (w.from, w.to, w.until)).map_err(|problems| {
            let problem = &problems.0[0];
            assert!(problem.hint.as_ref().is_some_and(|hint| hint.contains("2023-01-16 to 2024-02-19")));
            problem.code
        })
    }

    #[test]
    fn a_period_belongs_to_the_window_in_which_it_begins() {
        assert_eq!(weeks(None, None), Ok((2, 54, 54)));
        assert_eq!(weeks(Some(date(2023, 2, 6)), Some(date(2023, 2, 20))), Ok((5, 8, 54)));
        // Tuesday to Sunday: the weeks of the 13th and of the 20th.
        assert_eq!(weeks(Some(date(2023, 2, 7)), Some(date(2023, 2, 26))), Ok((6, 8, 54)));
        // Months share no week and miss none.
        let months = [1, 2, 3].map(|m| date(2023, m + 1, 1));
        let february = weeks(Some(months[0]), Some(months[1].yesterday().unwrap())).unwrap();
        let march = weeks(Some(months[1]), Some(months[2].yesterday().unwrap())).unwrap();
        assert_eq!(february.1, march.0);
    }

    #[test]
    fn carry_over_is_counted_to_the_end_of_training_or_of_the_data() {
        assert_eq!(weeks(Some(date(2024, 1, 1)), None), Ok((52, 54, 54)));
        assert_eq!(weeks(Some(date(2024, 1, 1)), Some(date(2024, 1, 15))), Ok((52, 55, 60)));
        assert_eq!(weeks(Some(date(2024, 1, 15)), None), Ok((54, 60, 60)));
    }

    #[test]
    fn a_window_that_the_data_cannot_fill_is_refused_with_what_they_have() {
        for (from, to, code) in [
            (Some(date(2022, 1, 1)), None, "window.outside"),
            // Media history has no KPI to explain.
            (Some(date(2023, 1, 9)), None, "window.outside"),
            (Some(date(2025, 1, 1)), None, "window.outside"),
            (None, Some(date(2022, 1, 1)), "window.outside"),
            (None, Some(date(2024, 2, 26)), "window.outside"),
            (Some(date(2023, 6, 1)), Some(date(2023, 3, 1)), "window.order"),
            (Some(date(2023, 2, 7)), Some(date(2023, 2, 9)), "window.empty"),
        ] {
            assert_eq!(weeks(from, to), Err(code), "{from:?} {to:?}");
        }
        // The last week runs on until the day before the next would begin.
        assert_eq!(weeks(Some(date(2023, 1, 10)), Some(date(2024, 2, 25))), Ok((2, 60, 60)));
    }

    #[test]
    fn months_and_the_last_periods_count_alike() {
        let calendar = Calendar::new(date(2022, 1, 1), Spacing::Months(1), 24);
        let ask = |span| within(&calendar, 0, 24, span).map_err(|problems| problems.0[0].code);
        let year = Span { from: Some(date(2023, 1, 1)), to: Some(date(2023, 12, 31)), last: None };
        assert_eq!(ask(year), ask(Span { last: Some(12), ..Span::default() }));
        for last in [0, 25] {
            assert_eq!(ask(Span { last: Some(last), ..Span::default() }), Err("window.length"));
        }
    }
}
