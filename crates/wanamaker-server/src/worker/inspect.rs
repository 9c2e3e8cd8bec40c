//! A first look at an uploaded file: its columns, what each was taken for, its first rows, and a spec to begin from.

use super::draft::spec_of;
use super::{DataFile, read, unpacked};
use crate::problem::findings;
use serde_json::{Value, json};
use wanamaker::data::build::build_panel;
use wanamaker::data::guess::guess_roles;
use wanamaker::data::table::{Table, Values};
use wanamaker::problem::Problems;

/// Rows of the preview.
const ROWS: usize = 100;
/// Cells of the preview.
const CELLS: usize = 20_000;
/// Letters of a cell of the preview.
const LETTERS: usize = 200;

/// Looks at a file; an error is a file that is no table.
pub fn inspect(file: &DataFile, unpacked_bytes: u64) -> Result<Value, Problems> {
    unpacked::check(&file.path, unpacked_bytes)?;
    let found = read(file)?;
    Ok(facts(&found.table, found.remarks, &file.name))
}

/// What is known of a table after a first look.
pub fn facts(table: &Table, mut remarks: Problems, name: &str) -> Value {
    let guess = guess_roles(table);
    let is_clear = !guess.problems.has_errors();
    remarks.extend(guess.problems.clone());
    if is_clear {
        match build_panel(table, &guess.roles, &guess.options) {
            Ok((_, found)) => remarks.extend(found),
            Err(problems) => remarks.extend(problems),
        }
    }
    let columns: Vec<Value> = guess
        .notes
        .iter()
        .map(|note| json!({ "name": note.column, "role": note.role, "why": note.why }))
        .collect();
    json!({
        "rows": table.n_rows(),
        "columns": columns,
        "preview": preview(table),
        "spec": is_clear.then(|| spec_of(&guess, name)),
        "findings": findings(&remarks, ""),
    })
}

/// The first rows, cell by cell as the file has them.
fn preview(table: &Table) -> Vec<Vec<Value>> {
    let rows = ROWS.min(CELLS / table.columns.len().max(1)).min(table.n_rows());
    (0..rows).map(|row| table.columns.iter().map(|column| cell(&column.values, row)).collect()).collect()
}

fn cell(values: &Values, row: usize) -> Value {
    match values {
        Values::Text(cells) => json!(cells.get(row).chars().take(LETTERS).collect::<String>()),
        Values::Number(cells) => json!(cells[row]),
        Values::Date(cells) => json!(cells[row]),
        Values::Bool(cells) => json!(cells[row]),
    }
}
