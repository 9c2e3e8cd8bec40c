//! What the cells of a column look like, for guessing its part.

use std::collections::HashSet;

use super::cell::{is_missing, trimmed};
use super::date::is_date_column;
use super::fill::is_flag_text;
use super::number::{Evidence, Number, read_numbers};
use super::substance::is_constant;
use super::table::{Column, Table, Values};
use crate::problem::Problems;

/// What most cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// No cell holds anything.
    Empty,
    /// Dates in one format.
    Dates,
    /// Nothing but 0 and 1, or yes and no.
    Flag,
    /// Numbers.
    Numbers,
    /// Text.
    Text,
}

/// A column at a glance.
#[derive(Clone, Debug)]
pub struct Profile {
    /// What most cells are.
    pub look: Look,
    /// The numbers, of a column of numbers or flags; empty otherwise.
    pub numbers: Vec<Number>,
    /// Distinct texts, up to [`Profile::MOST_DISTINCT`] of them.
    pub n_distinct: usize,
    /// Smallest number.
    pub least: f64,
    /// The numbers are all the same.
    pub is_constant: bool,
}

impl Profile {
    /// Distinct texts are counted up to here.
    pub const MOST_DISTINCT: usize = 1000;

    /// Looks at a column; `file` is the evidence on decimal signs from all columns.
    pub fn of(table: &Table, column: &Column, file: Evidence) -> Self {
        let mut profile = Self { look: Look::Empty, numbers: Vec::new(), n_distinct: 0, least: 0.0, is_constant: false };
        if is_empty(&column.values) {
            return profile;
        }
        if is_date_column(column) {
            profile.look = Look::Dates;
            return profile;
        }
        profile.numbers = read_numbers(table, column, None, file, &mut Problems::new());
        let known = || profile.numbers.iter().flatten().filter(|x| !x.is_nan());
        let n_values = profile.numbers.iter().flatten().count();
        if 2 * known().count() <= n_values {
            profile.numbers = Vec::new();
            profile.look = Look::Text;
            profile.n_distinct = n_distinct(&column.values);
            return profile;
        }
        profile.least = known().copied().fold(f64::INFINITY, f64::min);
        profile.is_constant = is_constant(known().copied());
        profile.look = if is_flag(&column.values) { Look::Flag } else { Look::Numbers };
        profile
    }

    /// Whether the numbers rise by the same step from row to row, as a count of periods does.
    pub fn is_even_climb(&self) -> bool {
        let known: Vec<f64> = self.numbers.iter().copied().flatten().collect();
        let [first, second, ..] = known[..] else { return false };
        let step = second - first;
        step != 0.0
            && known.len() == self.numbers.len()
            && known.windows(2).all(|pair| (pair[1] - pair[0] - step).abs() <= 1e-9 * step.abs().max(1e-12))
    }
}

fn is_empty(values: &Values) -> bool {
    match values {
        Values::Text(cells) => cells.iter().all(|cell| is_missing(trimmed(cell))),
        Values::Number(cells) => cells.iter().flatten().all(|x| x.is_nan()),
        Values::Date(cells) => cells.iter().all(Option::is_none),
        Values::Bool(cells) => cells.iter().all(Option::is_none),
    }
}

fn is_flag(values: &Values) -> bool {
    match values {
        Values::Text(cells) => is_flag_text(cells),
        Values::Number(cells) => cells.iter().flatten().all(|x| *x == 0.0 || *x == 1.0),
        Values::Date(_) => false,
        Values::Bool(_) => true,
    }
}

fn n_distinct(values: &Values) -> usize {
    let Values::Text(cells) = values else { return 0 };
    let mut seen: HashSet<&str> = HashSet::new();
    for cell in cells.iter().map(trimmed).filter(|cell| !is_missing(cell)) {
        seen.insert(cell);
        if seen.len() >= Profile::MOST_DISTINCT {
            break;
        }
    }
    seen.len()
}
