//! A window of periods on the command line.

use clap::Args;
use jiff::civil::Date;
use wanamaker::decision::window::{Span, Window};
use wanamaker::model::compile::CompiledModel;
use wanamaker::problem::Problems;

/// Which periods.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct SpanArgs {
    /// First day of the window; periods belong to the window in which they begin [default: the training window]
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = "Periods")]
    pub from: Option<Date>,
    /// Last day of the window, included
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = "Periods")]
    pub to: Option<Date>,
    /// The last N training periods instead
    #[arg(long, value_name = "N", conflicts_with_all = ["from", "to"], help_heading = "Periods")]
    pub last: Option<usize>,
}

impl SpanArgs {
    /// Whether a window was stated.
    pub fn is_stated(&self) -> bool {
        self.from.is_some() || self.to.is_some() || self.last.is_some()
    }

    /// The window in the data of `model`.
    pub fn window(&self, model: &CompiledModel) -> Result<Window, Problems> {
        Window::of(model, Span { from: self.from, to: self.to, last: self.last })
    }
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("`{text}` is no date; write it as 2024-01-31"))
}

/// `2022-01-03 to 2023-12-25`, first days of the first and the last period.
pub fn window_words(model: &CompiledModel, window: Window) -> String {
    let calendar = &model.panel.calendar;
    let period = calendar.spacing().name();
    let n = window.to - window.from;
    let behind = window.until - window.to;
    let tail = if behind > 0 { format!(", carry-over counted for {behind} more") } else { String::new() };
    format!("{} to {}, {n} {period}s{tail}", calendar.date(window.from), calendar.date(window.to - 1))
}
