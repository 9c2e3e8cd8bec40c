//! Tables as CSV: any list of records, what is nested in them joined by `_`, in the order in which it first appears.
//!
//! Numbers stay numbers; a text that a spreadsheet would take for a formula gets an apostrophe (`wanamaker_io::export`).

use super::reply::Computed;
use crate::problem::{ApiError, Outcome};
use serde_json::Value;
use wanamaker_io::export::{TableFormat, write_to};
use wanamaker_io::rows::{RowValues, Rows};

/// Records as CSV.
///
/// # Errors
/// 500 when they cannot be written.
pub fn csv(records: &[Value]) -> Outcome<Computed> {
    let mut bytes = Vec::new();
    write_to(&mut bytes, TableFormat::Csv, &rows(records)).map_err(|error| ApiError::internal(&error))?;
    Ok(Computed::new(bytes, "text/csv; charset=utf-8"))
}

/// Records as columns.
pub fn rows(records: &[Value]) -> Rows {
    let mut names: Vec<String> = Vec::new();
    let mut flat: Vec<Vec<(usize, &Value)>> = Vec::with_capacity(records.len());
    for record in records {
        let mut cells = Vec::new();
        flatten("", record, &mut names, &mut cells);
        flat.push(cells);
    }
    let mut columns: Vec<Vec<&Value>> = vec![vec![&Value::Null; records.len()]; names.len()];
    for (row, cells) in flat.iter().enumerate() {
        for (column, value) in cells {
            columns[*column][row] = value;
        }
    }
    names.into_iter().zip(columns).fold(Rows::new(), |rows, (name, cells)| rows.with(name, values(&cells)))
}

fn flatten<'a>(prefix: &str, value: &'a Value, names: &mut Vec<String>, cells: &mut Vec<(usize, &'a Value)>) {
    if let Value::Object(map) = value {
        // The level of intervals is the same all over; a column of it for each would drown the rest.
        for (key, value) in map.iter().filter(|(key, _)| prefix.is_empty() || *key != "level") {
            let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}_{key}") };
            flatten(&name, value, names, cells);
        }
        return;
    }
    let column = names.iter().position(|name| name == prefix).unwrap_or_else(|| {
        names.push(prefix.to_owned());
        names.len() - 1
    });
    cells.push((column, value));
}

fn values(cells: &[&Value]) -> RowValues {
    let all = |test: fn(&Value) -> bool| cells.iter().all(|cell| cell.is_null() || test(cell));
    if all(Value::is_number) {
        return RowValues::Number(cells.iter().map(|cell| cell.as_f64().unwrap_or(f64::NAN)).collect());
    }
    if all(Value::is_boolean) {
        return RowValues::Bool(cells.iter().map(|cell| cell.as_bool()).collect());
    }
    let text = |cell: &&Value| match cell {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    RowValues::Text(cells.iter().map(text).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_stay_numbers_and_formulas_become_text() {
        let records = [
            json!({ "channel": "=HYPERLINK(\"http://x\")", "roas": { "mean": -12.5, "lower": null } }),
            json!({ "channel": "tv", "roas": { "mean": 1.0, "lower": 0.5 }, "is_paid": true }),
        ];
        let text = String::from_utf8(csv(&records).unwrap().bytes.to_vec()).unwrap();
        assert_eq!(
            text,
            "channel,roas_mean,roas_lower,is_paid\n\"'=HYPERLINK(\"\"http://x\"\")\",-12.5,,\ntv,1,0.5,true\n"
        );
    }
}
