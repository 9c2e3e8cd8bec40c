//! Tables as CSV, Arrow, Parquet and Excel: any list of records, what is nested in them joined by `_`, in the order in which it first appears.
//!
//! Numbers stay numbers; a text that a spreadsheet would take for a formula gets an apostrophe (`wanamaker_io::export`).

use super::reply::{Computed, Form};
use crate::problem::{ApiError, Outcome};
use axum::http::StatusCode;
use serde_json::Value;
use wanamaker_io::export::{TableFormat, write_to};
use wanamaker_io::rows::{RowValues, Rows};

/// Records in a form; `name` is what a browser is to keep them under, without an extension.
///
/// # Errors
/// Those of [`of_rows`].
pub fn of_records(records: &[Value], form: Form, name: &str) -> Outcome<Computed> {
    if form == Form::Json {
        return Ok(Computed::json(&records));
    }
    of_rows(&rows(records), form, name)
}

/// Columns in a form.
///
/// # Errors
/// 422 for more than a sheet can hold, 500 when they cannot be written.
pub fn of_rows(rows: &Rows, form: Form, name: &str) -> Outcome<Computed> {
    let (format, media_type) = match form {
        Form::Json => (TableFormat::Json, form.media_type()),
        Form::Csv => (TableFormat::Csv, "text/csv; charset=utf-8"),
        Form::Arrow => (TableFormat::ArrowStream, form.media_type()),
        Form::Parquet => (TableFormat::Parquet, form.media_type()),
        Form::Xlsx => (TableFormat::Excel, form.media_type()),
    };
    let mut bytes = Vec::new();
    write_to(&mut bytes, format, rows).map_err(|error| match form {
        Form::Xlsx => {
            let detail = "this is more than a sheet can hold; ask for CSV, Parquet or Arrow";
            ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "table.too_large", detail)
        }
        _ => ApiError::internal(&error),
    })?;
    let file = (form != Form::Json).then(|| format!("{name}.{}", form.extension()));
    Ok(Computed { file, ..Computed::new(bytes, media_type) })
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
    if !cells.is_empty() && cells.iter().all(|cell| cell.is_i64()) {
        return RowValues::Integer(cells.iter().filter_map(|cell| cell.as_i64()).collect());
    }
    if all(Value::is_number) {
        return RowValues::Number(cells.iter().map(|cell| cell.as_f64().unwrap_or(f64::NAN)).collect());
    }
    if all(Value::is_boolean) {
        return RowValues::Bool(cells.iter().map(|cell| cell.as_bool()).collect());
    }
    if all(|cell| day(cell).is_some()) && cells.iter().any(|cell| !cell.is_null()) {
        return RowValues::Date(cells.iter().map(|cell| day(cell)).collect());
    }
    let text = |cell: &&Value| match cell {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    RowValues::Text(cells.iter().map(text).collect())
}

/// A text that is a day as we write days.
fn day(cell: &Value) -> Option<jiff::civil::Date> {
    let text = cell.as_str().filter(|text| text.len() == 10)?;
    text.parse().ok()
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
        let text = String::from_utf8(of_records(&records, Form::Csv, "a").unwrap().bytes.to_vec()).unwrap();
        assert_eq!(
            text,
            "channel,roas_mean,roas_lower,is_paid\n\"'=HYPERLINK(\"\"http://x\"\")\",-12.5,,\ntv,1,0.5,true\n"
        );
    }

    #[test]
    fn days_and_counts_keep_their_types() {
        let records =
            [json!({ "date": "2024-01-01", "n": 3, "x": 1.5 }), json!({ "date": null, "n": 4, "x": 2 })];
        let kinds: Vec<RowValues> = rows(&records).columns.into_iter().map(|column| column.values).collect();
        let first = jiff::civil::date(2024, 1, 1);
        assert_eq!(
            kinds,
            [
                RowValues::Date(vec![Some(first), None]),
                RowValues::Integer(vec![3, 4]),
                RowValues::Number(vec![1.5, 2.0]),
            ]
        );
        let text = of_records(&records, Form::Csv, "a").unwrap();
        assert_eq!(text.file.as_deref(), Some("a.csv"));
        assert_eq!(&text.bytes[..], b"date,n,x\n2024-01-01,3,1.5\n,4,2\n");
    }
}
