//! Short ways to write the columns of a simulated table.

use crate::data::calendar::Calendar;
use crate::data::table::{Column, Values};

/// A column of numbers.
pub(super) fn numbers(name: impl Into<String>, values: impl IntoIterator<Item = f64>) -> Column {
    Column { name: name.into(), values: Values::Number(values.into_iter().map(Some).collect()) }
}

/// A column of yes and no.
pub(super) fn flags(name: &str, values: impl IntoIterator<Item = bool>) -> Column {
    Column { name: name.to_owned(), values: Values::Bool(values.into_iter().map(Some).collect()) }
}

/// The first days of the periods.
pub(super) fn dates(name: &str, calendar: &Calendar) -> Column {
    Column { name: name.to_owned(), values: Values::Date(calendar.dates().into_iter().map(Some).collect()) }
}

/// Money in whole cents: what the table shows is what the truth was computed from.
pub(super) fn cents(value: f64) -> f64 {
    decimals(value, 2)
}

/// Rounded to so many decimal places.
pub(super) fn decimals(value: f64, places: i32) -> f64 {
    let unit = 10f64.powi(places);
    (value * unit).round() / unit
}

/// Arithmetic mean.
pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
