//! A first look at an uploaded file: its columns, what each was taken for, its first rows, and a spec to begin from.

use super::{DataFile, fault, read, unpacked};
use crate::problem::findings;
use serde_json::{Value, json};
use wanamaker::data::build::build_panel;
use wanamaker::data::guess::guess_roles;
use wanamaker::data::table::{Table, Values};
use wanamaker::problem::Problems;
use wanamaker::spec::proposal::proposed;
use wanamaker_io::read::Read;

/// Rows of the preview.
const ROWS: usize = 100;
/// Cells of the preview.
const CELLS: usize = 20_000;
/// Letters of a cell of the preview.
const LETTERS: usize = 200;

/// Sheets of a workbook that are tried one after the other.
const SHEETS: usize = 10;

/// Looks at a file, at one of its sheets where that is said; an error is a file that is no table.
pub fn inspect(file: &DataFile, sheet: Option<&str>, unpacked_bytes: u64) -> Result<Value, Problems> {
    unpacked::check(&file.path, unpacked_bytes)?;
    // A file that cannot be listed cannot be read either, which says more.
    let sheets = wanamaker_io::read::sheets(&file.path).unwrap_or_default();
    if sheet.is_some() && sheets.is_empty() {
        let message = format!("`{}` is no workbook and has no sheets", file.name);
        return Err(fault("file.unknown_sheet", message).hint("leave the sheet out").into());
    }
    let (chosen, found) = match sheet {
        Some(sheet) => (Some(sheet), read(file, Some(sheet))?),
        None => first_table(file, &sheets)?,
    };
    let mut facts = facts(&found.table, found.remarks, &found.table.source);
    facts["sheet"] = json!(chosen.or(sheets.first().map(String::as_str)));
    facts["sheets"] = json!(sheets);
    Ok(facts)
}

/// The first sheet that is a table: many a workbook begins with a page about itself. Where it is the very first, or where
/// there are no sheets, none has to be named.
fn first_table<'a>(file: &DataFile, sheets: &'a [String]) -> Result<(Option<&'a str>, Read), Problems> {
    let problems = match read(file, None) {
        Ok(found) => return Ok((None, found)),
        Err(problems) => problems,
    };
    let others = sheets.iter().take(SHEETS).skip(1).map(String::as_str);
    let found = others.filter_map(|sheet| Some((Some(sheet), read(file, Some(sheet)).ok()?))).next();
    found.ok_or(problems)
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
        "spec": is_clear.then(|| proposed(&guess, name)),
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
