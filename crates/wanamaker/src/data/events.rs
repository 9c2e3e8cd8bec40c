//! Reads a column as events: one indicator per distinct text, or one for a flag.

use super::cell::{is_missing, trimmed, truth};
use super::fill::Filler;
use super::number::truth_values;
use super::panel::EventSeries;
use super::table::{Column, TextColumn, Values};
use crate::problem::{Problem, Problems};

/// Most distinct values a column of events may have: more is free text, not a list of events.
const MOST_EVENTS: usize = 60;

impl Filler<'_> {
    /// One 0/1 series per distinct event of a text column; a flag column is one event of its own name.
    pub fn events(&self, column: &Column, found: &mut Problems) -> Vec<EventSeries> {
        let Some(labels) = self.labels(column, found) else { return Vec::new() };
        let mut names: Vec<String> = labels.iter().flatten().cloned().collect();
        names.sort();
        names.dedup();
        if names.len() > MOST_EVENTS {
            let message = format!(
                "column `{}` has {} distinct values: too many to be events",
                column.name,
                names.len()
            );
            let hint = "keep the few events that move the KPI, or leave the column out";
            found.push(Problem::error("data.too_many_events", self.place(&column.name), message).hint(hint));
            return Vec::new();
        }
        if names.is_empty() {
            let message = format!("column `{}` names no event in any row", column.name);
            found.push(
                Problem::error("data.no_events", self.place(&column.name), message)
                    .hint("leave the column out"),
            );
        }
        let Some(grid) = self.grid else { return Vec::new() };
        let silent = |name: &String| EventSeries {
            column: column.name.clone(),
            name: name.clone(),
            values: vec![0.0; grid.n_cells()],
        };
        let mut series: Vec<EventSeries> = names.iter().map(silent).collect();
        for (row, label) in labels.iter().enumerate() {
            let at = label.as_ref().and_then(|label| names.binary_search(label).ok());
            if let Some(at) = at {
                series[at].values[grid.cell_of_row[row]] = 1.0;
            }
        }
        series
    }

    /// The event of each row, `None` where there is none.
    fn labels(&self, column: &Column, found: &mut Problems) -> Option<Vec<Option<String>>> {
        let flag = |is_on: bool| is_on.then(|| column.name.clone());
        match &column.values {
            Values::Text(cells) if is_flag_text(cells) => Some(
                cells
                    .iter()
                    .map(|cell| {
                        flag(matches!(trimmed(cell), "1" | "1.0") || truth(trimmed(cell)) == Some(true))
                    })
                    .collect(),
            ),
            Values::Text(cells) => Some(cells.iter().map(|cell| label(trimmed(cell))).collect()),
            Values::Bool(cells) => Some(cells.iter().map(|cell| flag(*cell == Some(true))).collect()),
            Values::Number(cells) if cells.iter().flatten().all(|x| *x == 0.0 || *x == 1.0) => {
                Some(cells.iter().map(|cell| flag(*cell == Some(1.0))).collect())
            }
            Values::Number(_) | Values::Date(_) => {
                let message =
                    format!("column `{}` is neither text nor a 0/1 flag, so it names no events", column.name);
                found.push(
                    Problem::error("data.not_events", self.place(&column.name), message)
                        .hint("list it under controls"),
                );
                None
            }
        }
    }
}

/// The event a text cell names.
fn label(cell: &str) -> Option<String> {
    (!is_missing(cell) && cell != "0" && truth(cell) != Some(false)).then(|| cell.to_owned())
}

/// Whether a text column holds nothing but 0/1 or yes/no.
pub fn is_flag_text(cells: &TextColumn) -> bool {
    let is_bit = |cell: &str| matches!(cell, "0" | "1" | "0.0" | "1.0") || is_missing(cell);
    truth_values(cells).is_some() || cells.iter().map(trimmed).all(is_bit)
}
