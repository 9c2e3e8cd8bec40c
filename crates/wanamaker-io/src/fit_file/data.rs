//! `data.parquet`: the table as used, cell by cell, with the type each column had.

use super::archive::hex;
use crate::parquet_bytes::{self, Content};
use arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float64Array, RecordBatch, StringArray, UInt32Array,
};
use arrow::datatypes::{DataType, Field, Schema};
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use wanamaker::data::calendar::days_between;
use wanamaker::data::table::{Column, Table, Values};

const EPOCH: Date = date(1970, 1, 1);

/// What the columns alone do not say.
#[derive(Serialize, Deserialize)]
struct Note {
    source: String,
    /// The last column is the row of the source file that each row came from.
    row_numbers: bool,
}

/// The table as the bytes of a Parquet file.
pub fn encode(table: &Table) -> Result<Vec<u8>, String> {
    let batch = batch_of(table).map_err(|error| error.to_string())?;
    let note = Note { source: table.source.clone(), row_numbers: !table.row_numbers.is_empty() };
    let note = serde_json::to_string(&note).map_err(|error| error.to_string())?;
    parquet_bytes::write(&batch, Some(note), Content::Data).map_err(|error| error.to_string())
}

/// The table that was encoded.
pub fn decode(bytes: Vec<u8>) -> Result<Table, String> {
    let (batch, note) = parquet_bytes::read(bytes).map_err(|error| error.to_string())?;
    let schema = batch.schema();
    let note: Note = note
        .and_then(|note| serde_json::from_str(&note).ok())
        .ok_or("it does not say where the data came from")?;
    let mut columns = schema
        .fields()
        .iter()
        .zip(batch.columns())
        .map(|(field, array)| Ok((field.name().clone(), array)))
        .collect::<Result<Vec<_>, String>>()?;
    let row_numbers = match note.row_numbers.then(|| columns.pop()).flatten() {
        Some((name, array)) => cast::<UInt32Array>(&name, array)?.values().to_vec(),
        None => Vec::new(),
    };
    let columns = columns
        .into_iter()
        .map(|(name, array)| Ok(Column { values: values_of(&name, array)?, name }))
        .collect::<Result<_, String>>()?;
    Ok(Table { source: note.source, columns, row_numbers })
}

fn batch_of(table: &Table) -> Result<RecordBatch, arrow::error::ArrowError> {
    let mut fields: Vec<Field> = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for column in &table.columns {
        let array = array_of(&column.values);
        fields.push(Field::new(
            &column.name,
            array.data_type().clone(),
            array.data_type() != &DataType::Utf8,
        ));
        arrays.push(array);
    }
    if !table.row_numbers.is_empty() {
        fields.push(Field::new(free_name(table, "row_number"), DataType::UInt32, false));
        arrays.push(Arc::new(UInt32Array::from(table.row_numbers.clone())));
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}

fn free_name(table: &Table, wanted: &str) -> String {
    let mut name = wanted.to_owned();
    while table.column(&name).is_some() {
        name.insert(0, '_');
    }
    name
}

/// A column as an Arrow array.
pub fn array_of(values: &Values) -> ArrayRef {
    match values {
        Values::Text(cells) => Arc::new(StringArray::from_iter_values(cells.iter())),
        Values::Number(cells) => Arc::new(Float64Array::from(cells.clone())),
        Values::Date(cells) => {
            Arc::new(Date32Array::from_iter(cells.iter().map(|cell| cell.map(days_since_epoch))))
        }
        Values::Bool(cells) => Arc::new(BooleanArray::from(cells.clone())),
    }
}

/// Days from 1970-01-01; every date of the calendar fits.
pub fn days_since_epoch(date: Date) -> i32 {
    days_between(EPOCH, date) as i32
}

fn values_of(name: &str, array: &ArrayRef) -> Result<Values, String> {
    Ok(match array.data_type() {
        DataType::Utf8 => {
            Values::Text(cast::<StringArray>(name, array)?.iter().map(|c| c.unwrap_or("")).collect())
        }
        DataType::Float64 => Values::Number(cast::<Float64Array>(name, array)?.iter().collect()),
        DataType::Boolean => Values::Bool(cast::<BooleanArray>(name, array)?.iter().collect()),
        DataType::Date32 => Values::Date(
            cast::<Date32Array>(name, array)?
                .iter()
                .map(|cell| cell.map(date_of).transpose())
                .collect::<Result<_, _>>()?,
        ),
        other => return Err(format!("column `{name}` has the type {other}, which no fit file holds")),
    })
}

fn date_of(days: i32) -> Result<Date, String> {
    let span = jiff::Span::new().try_days(days).map_err(|error| error.to_string())?;
    EPOCH.checked_add(span).map_err(|error| error.to_string())
}

fn cast<'a, A: Array + 'static>(name: &str, array: &'a ArrayRef) -> Result<&'a A, String> {
    array.as_any().downcast_ref().ok_or_else(|| format!("column `{name}` has the type {}", array.data_type()))
}

/// SHA-256 of names, types and cells, each with its length or a mark for an empty cell before it.
///
/// It does not depend on the file the table came in, nor on how Parquet lays it out.
pub fn fingerprint(table: &Table) -> String {
    let mut hash = Sha256::new();
    for column in &table.columns {
        text(&mut hash, &column.name);
        match &column.values {
            Values::Text(cells) => cells.iter().for_each(|cell| text(&mut hash, cell)),
            Values::Number(cells) => mark(&mut hash, b'n', cells, |cell| cell.to_le_bytes()),
            Values::Date(cells) => mark(&mut hash, b'd', cells, |cell| days_since_epoch(*cell).to_le_bytes()),
            Values::Bool(cells) => mark(&mut hash, b'b', cells, |cell| [u8::from(*cell)]),
        }
    }
    hex(&hash.finalize())
}

fn text(hash: &mut Sha256, cell: &str) {
    hash.update((cell.len() as u64).to_le_bytes());
    hash.update(cell);
}

fn mark<T, const N: usize>(hash: &mut Sha256, kind: u8, cells: &[Option<T>], bytes: impl Fn(&T) -> [u8; N]) {
    for cell in cells {
        match cell {
            Some(cell) => {
                hash.update([kind]);
                hash.update(bytes(cell));
            }
            None => hash.update(b"-"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wanamaker::data::table::TextColumn;

    fn table() -> Table {
        let column = |name: &str, values| Column { name: name.to_owned(), values };
        let text: TextColumn = ["2021-01-04", "", "=1+1"].into_iter().collect();
        Table {
            source: "markt & co.csv".to_owned(),
            columns: vec![
                column("row_number", Values::Text(text)),
                column("y", Values::Number(vec![Some(0.1), None, Some(f64::NAN)])),
                column("tag", Values::Date(vec![Some(date(-9999, 1, 1)), None, Some(date(9999, 12, 31))])),
                column("promo", Values::Bool(vec![Some(true), None, Some(false)])),
            ],
            row_numbers: vec![2, 3, 7],
        }
    }

    #[test]
    fn every_cell_comes_back_with_its_type() {
        let again = decode(encode(&table()).unwrap()).unwrap();
        // NaN is not equal to itself, so the tables are compared as they print.
        assert_eq!(format!("{again:?}"), format!("{:?}", table()));
        assert_eq!(fingerprint(&again), fingerprint(&table()));
        let unnumbered = Table { row_numbers: Vec::new(), ..table() };
        let again = decode(encode(&unnumbered).unwrap()).unwrap();
        assert_eq!(format!("{again:?}"), format!("{unnumbered:?}"));
    }

    #[test]
    fn the_fingerprint_sees_a_cell_a_name_and_a_type_but_not_the_file() {
        let base = fingerprint(&table());
        let moved = Table { source: "elsewhere.parquet".to_owned(), row_numbers: Vec::new(), ..table() };
        assert_eq!(fingerprint(&moved), base);
        let mut cell = table();
        cell.columns[1].values = Values::Number(vec![Some(0.1), None, None]);
        let mut name = table();
        name.columns[1].name = "z".to_owned();
        assert_ne!(fingerprint(&cell), base);
        assert_ne!(fingerprint(&name), base);
    }
}
