//! A span of periods: money spent inside it, effects counted until the data end.

use crate::data::calendar::Calendar;
use crate::model::compile::CompiledModel;
use crate::problem::{Place, Problem, Problems};
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

    /// The window of `span`. Carry-over is counted to the end of the training window, or of the data where the window
    /// reaches beyond it.
    ///
    /// # Errors
    /// Dates outside the data or in the wrong order, more periods than there are; the message names the data's own.
    pub fn of(model: &CompiledModel, span: Span) -> Result<Self, Problems> {
        let calendar = &model.panel.calendar;
        let (start, end) = (model.window.start, model.window.end);
        let fault = |code: &'static str, message: String| -> Problems {
            Problem::error(code, Place::default(), message).hint(extent(calendar)).into()
        };
        if let Some(last) = span.last {
            if last == 0 || last > end - start {
                let period = calendar.spacing().name();
                return Err(fault(
                    "window.length",
                    format!("the last {last} {period}s are asked for, of {}", end - start),
                ));
            }
            return Ok(Self { from: end - last, to: end, until: end });
        }
        let period_of = |date: Option<Date>, otherwise: usize| -> Result<usize, Problems> {
            let Some(date) = date else { return Ok(otherwise) };
            usize::try_from(calendar.period_of(date))
                .ok()
                .filter(|t| *t < calendar.len())
                .ok_or_else(|| fault("window.outside", format!("{date} is not in the data")))
        };
        let from = period_of(span.from, start)?;
        let to = period_of(span.to, end.max(from + 1) - 1)? + 1;
        if from >= to {
            let (from, to) = (calendar.date(from), calendar.date(to - 1));
            return Err(fault("window.order", format!("the window would run from {from} back to {to}")));
        }
        Ok(Self { from, to, until: if to <= end { end } else { calendar.len() } })
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

fn extent(calendar: &Calendar) -> String {
    let last = calendar.len().saturating_sub(1);
    format!(
        "the data run from {} to {}, by {}",
        calendar.date(0),
        calendar.date(last),
        calendar.spacing().name()
    )
}
