//! Rows and tables written as CSV, JSON, Excel, Parquet or Arrow, to a file or to standard output.

use crate::atomic::write_atomically;
use crate::excel;
use crate::parquet_bytes::{self, Content};
use crate::rows::{RowValues, Rows};
use arrow::ipc::writer::{FileWriter, StreamWriter};
use std::borrow::Cow;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;
use wanamaker::data::table::Table;
use wanamaker::problem::{Place, Problem, Problems};

/// How rows are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// Comma-separated, UTF-8, header first; missing cells are empty.
    Csv,
    /// Typed columns.
    Parquet,
    /// Typed columns as a program holds them, with an index at the end of the file.
    ArrowFile,
    /// The same, to be read from its beginning while it is written.
    ArrowStream,
    /// A workbook with one sheet; missing cells are empty.
    Excel,
    /// An array of records; missing cells and numbers that JSON does not know are `null`.
    Json,
}

impl TableFormat {
    /// The format that a file name asks for.
    ///
    /// # Errors
    /// `export.unknown_format` when its extension is none of `csv`, `xlsx`, `parquet`, `arrow`, `arrows`,
    /// `json`.
    pub fn of(path: &Path) -> Result<Self, Problems> {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("csv") => Ok(TableFormat::Csv),
            Some("xlsx") => Ok(TableFormat::Excel),
            Some("parquet") => Ok(TableFormat::Parquet),
            Some("arrow" | "feather" | "ipc") => Ok(TableFormat::ArrowFile),
            Some("arrows") => Ok(TableFormat::ArrowStream),
            Some("json") => Ok(TableFormat::Json),
            other => {
                let name = other.map_or("no extension".to_owned(), |e| format!("the extension `.{e}`"));
                let place = Place::file(path.display().to_string());
                Err(Problem::error(
                    "export.unknown_format",
                    place,
                    format!("a file with {name} cannot be written"),
                )
                .hint("end the name in .csv, .xlsx, .parquet, .arrow or .json")
                .into())
            }
        }
    }
}

/// Where rows go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// Standard output. A reader that has seen enough and closed it is no error.
    Stdout,
    /// A file, replaced as a whole or not at all.
    File(&'a Path),
}

/// Writes rows.
///
/// # Errors
/// `file.cannot_write` when the target cannot be written.
pub fn write_rows(target: Target<'_>, format: TableFormat, rows: &Rows) -> Result<(), Problems> {
    match target {
        Target::File(path) => write_atomically(path, |out| write_to(out, format, rows)),
        Target::Stdout => {
            let mut out = BufWriter::new(io::stdout().lock());
            match write_to(&mut out, format, rows).and_then(|()| out.flush()) {
                Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                    let message = format!("standard output cannot be written: {error}");
                    Err(Problem::error("file.cannot_write", Place::default(), message)
                        .hint("name a file with -o instead")
                        .into())
                }
                _ => Ok(()),
            }
        }
    }
}

/// Writes a table in the format that the name of the file asks for.
///
/// # Errors
/// `export.unknown_format` or `file.cannot_write`.
pub fn write_table(path: &Path, table: &Table) -> Result<(), Problems> {
    write_rows(Target::File(path), TableFormat::of(path)?, &Rows::from(table))
}

/// Writes rows to anything that takes bytes.
///
/// # Errors
/// Those of `out`.
pub fn write_to(out: &mut dyn Write, format: TableFormat, rows: &Rows) -> io::Result<()> {
    match format {
        TableFormat::Csv => csv(out, rows),
        TableFormat::Json => json(out, rows),
        TableFormat::Excel => excel::write(out, rows),
        TableFormat::Parquet => parquet(out, rows),
        TableFormat::ArrowFile => arrow_file(out, rows),
        TableFormat::ArrowStream => arrow_stream(out, rows),
    }
}

fn csv(out: &mut dyn Write, rows: &Rows) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(rows.columns.iter().map(|column| safe(&column.name).into_owned()))?;
    let mut cell = String::new();
    for row in 0..rows.n_rows() {
        for column in &rows.columns {
            cell.clear();
            csv_cell(&column.values, row, &mut cell);
            writer.write_field(&cell)?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()
}

fn csv_cell(values: &RowValues, row: usize, cell: &mut String) {
    use std::fmt::Write;
    let written = match values {
        RowValues::Text(cells) => cell.write_str(&safe(&cells[row])),
        // The shortest digits that read back as the same number.
        RowValues::Number(cells) if !cells[row].is_nan() => write!(cell, "{}", Shortest(cells[row])),
        RowValues::Integer(cells) => write!(cell, "{}", cells[row]),
        RowValues::Date(cells) => cells[row].map_or(Ok(()), |date| write!(cell, "{date}")),
        RowValues::Bool(cells) => cells[row].map_or(Ok(()), |flag| write!(cell, "{flag}")),
        RowValues::Number(_) => Ok(()),
    };
    written.expect("a string takes every text");
}

/// A number in the shortest digits that read back as the same one, with an exponent where that is what a reader wants.
struct Shortest(f64);

impl std::fmt::Display for Shortest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let size = self.0.abs();
        if size == 0.0 || !size.is_finite() || (1e-5..1e16).contains(&size) {
            write!(f, "{}", self.0)
        } else {
            write!(f, "{:e}", self.0)
        }
    }
}

/// A text that no spreadsheet takes for a formula: one that begins like a formula gets a quote mark before it.
///
/// Text that is a number with its sign is left as it is: `-3.5`, `-1.234,50`, `+2e5`.
fn safe(text: &str) -> Cow<'_, str> {
    let begins_like_one = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']);
    if begins_like_one && !is_signed_number(text) { format!("'{text}").into() } else { text.into() }
}

fn is_signed_number(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['+', '-']) else { return false };
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    exponent.bytes().all(|byte| byte.is_ascii_digit())
        // A bare sign is how some files spell a missing value.
        && (rest.is_empty() || digits(mantissa) && digits(exponent))
        && mantissa
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}' | '\u{202f}' | '%'))
}

fn json(out: &mut dyn Write, rows: &Rows) -> io::Result<()> {
    let names: Vec<String> =
        rows.columns.iter().map(|column| serde_json::to_string(&column.name)).collect::<Result<_, _>>()?;
    out.write_all(b"[")?;
    for row in 0..rows.n_rows() {
        out.write_all(if row == 0 { b"\n{" } else { b",\n{" })?;
        for (i, (column, name)) in rows.columns.iter().zip(&names).enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(out, "{comma}{name}: ")?;
            json_cell(out, &column.values, row)?;
        }
        out.write_all(b"}")?;
    }
    out.write_all(b"\n]\n")
}

fn json_cell(out: &mut dyn Write, values: &RowValues, row: usize) -> io::Result<()> {
    match values {
        RowValues::Text(cells) => serde_json::to_writer(out, &cells[row])?,
        // Serde writes null for what JSON does not know.
        RowValues::Number(cells) => serde_json::to_writer(out, &cells[row])?,
        RowValues::Integer(cells) => serde_json::to_writer(out, &cells[row])?,
        RowValues::Date(cells) => serde_json::to_writer(out, &cells[row])?,
        RowValues::Bool(cells) => serde_json::to_writer(out, &cells[row])?,
    }
    Ok(())
}

fn parquet(out: &mut dyn Write, rows: &Rows) -> io::Result<()> {
    let batch = rows.batch().map_err(io::Error::other)?;
    let bytes = parquet_bytes::write(&batch, None, Content::Data).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn arrow_file(out: &mut dyn Write, rows: &Rows) -> io::Result<()> {
    let write = || {
        let batch = rows.batch()?;
        let mut writer = FileWriter::try_new(out, &batch.schema())?;
        writer.write(&batch)?;
        writer.finish()
    };
    write().map_err(io::Error::other)
}

fn arrow_stream(out: &mut dyn Write, rows: &Rows) -> io::Result<()> {
    let write = || {
        let batch = rows.batch()?;
        let mut writer = StreamWriter::try_new(out, &batch.schema())?;
        writer.write(&batch)?;
        writer.finish()
    };
    write().map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Array, Float64Array};
    use arrow::datatypes::DataType;
    use arrow::ipc::reader::{FileReader, StreamReader};
    use jiff::civil::date;

    fn rows() -> Rows {
        let words = ["=cmd|'/c calc'!A1", "-5", "line\nbreak, \"quoted\""].map(str::to_owned);
        Rows::new()
            .with("chain", RowValues::Integer(vec![0, 0, 1]))
            .with("decay[tv,web]", RowValues::Number(vec![-0.1, f64::NAN, 1.0 / 3.0]))
            .with("name", RowValues::Text(words.into()))
            .with("week", RowValues::Date(vec![Some(date(2021, 1, 4)), None, Some(date(2021, 1, 18))]))
            .with("diverging", RowValues::Bool(vec![Some(true), Some(false), None]))
    }

    fn written(format: TableFormat, rows: &Rows) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_to(&mut bytes, format, rows).unwrap();
        bytes
    }

    #[test]
    fn csv_is_safe_and_exact() {
        let text = String::from_utf8(written(TableFormat::Csv, &rows())).unwrap();
        assert_eq!(
            text,
            "chain,\"decay[tv,web]\",name,week,diverging\n\
             0,-0.1,'=cmd|'/c calc'!A1,2021-01-04,true\n\
             0,,-5,,false\n\
             1,0.3333333333333333,\"line\nbreak, \"\"quoted\"\"\",2021-01-18,\n"
        );
    }

    #[test]
    fn only_what_a_spreadsheet_would_run_is_quoted() {
        for formula in
            ["=1+1", "+1+1", "-1-1", "@SUM(A1)", "\t=1", "\r=1", "-2+cmd|' /C calc'!A0", "+e5", "-A1", "=-5"]
        {
            assert_eq!(safe(formula), format!("'{formula}"));
        }
        for plain in
            ["-3.5", "-1.234,50", "-1 234", "+2e5", "-2E-5", "-", "tv", "", "2021-01-04", "a=b", "50 %"]
        {
            assert_eq!(safe(plain), plain);
        }
    }

    #[test]
    fn numbers_in_csv_and_json_read_back_as_the_same_numbers() {
        let numbers =
            [0.1 + 0.2, 5e-324, f64::MAX, -1e-300, 123_456_789.125, 1e22, -0.0, 1.0 / 3.0, f64::INFINITY];
        let rows = Rows::new().with("x", RowValues::Number(numbers.into()));
        let text = String::from_utf8(written(TableFormat::Csv, &rows)).unwrap();
        let read: Vec<f64> = text.lines().skip(1).map(|line| line.parse().unwrap()).collect();
        assert_eq!(read, numbers);
        let finite = Rows::new().with("x", RowValues::Number(numbers[..8].into()));
        let json: Vec<serde_json::Value> =
            serde_json::from_slice(&written(TableFormat::Json, &finite)).unwrap();
        let read: Vec<f64> = json.iter().map(|record| record["x"].as_f64().unwrap()).collect();
        assert_eq!(read, &numbers[..8]);
    }

    #[test]
    fn json_is_an_array_of_records() {
        let json: serde_json::Value = serde_json::from_slice(&written(TableFormat::Json, &rows())).unwrap();
        let expected = serde_json::json!([
            {"chain": 0, "decay[tv,web]": -0.1, "name": "=cmd|'/c calc'!A1", "week": "2021-01-04", "diverging": true},
            {"chain": 0, "decay[tv,web]": null, "name": "-5", "week": null, "diverging": false},
            {"chain": 1, "decay[tv,web]": 1.0 / 3.0, "name": "line\nbreak, \"quoted\"", "week": "2021-01-18",
             "diverging": null},
        ]);
        assert_eq!(json, expected);
        let none: serde_json::Value =
            serde_json::from_slice(&written(TableFormat::Json, &Rows::new())).unwrap();
        assert_eq!(none, serde_json::json!([]));
    }

    #[test]
    fn parquet_keeps_the_types() {
        let (batch, _) = parquet_bytes::read(written(TableFormat::Parquet, &rows())).unwrap();
        let types: Vec<DataType> =
            batch.schema().fields().iter().map(|field| field.data_type().clone()).collect();
        let expected =
            [DataType::Int64, DataType::Float64, DataType::Utf8, DataType::Date32, DataType::Boolean];
        assert_eq!(types, expected);
        let numbers = batch.column(1).as_any().downcast_ref::<Float64Array>().unwrap();
        assert_eq!(numbers.value(2), 1.0 / 3.0);
        assert!(numbers.value(1).is_nan() && batch.column(3).is_null(1) && batch.column(4).is_null(2));
    }

    #[test]
    fn arrow_and_parquet_hold_the_same_columns() {
        let (parquet, _) = parquet_bytes::read(written(TableFormat::Parquet, &rows())).unwrap();
        let file = io::Cursor::new(written(TableFormat::ArrowFile, &rows()));
        let file: Vec<_> = FileReader::try_new(file, None).unwrap().collect::<Result<_, _>>().unwrap();
        let stream = written(TableFormat::ArrowStream, &rows());
        let stream = StreamReader::try_new(stream.as_slice(), None).unwrap();
        let stream: Vec<_> = stream.collect::<Result<_, _>>().unwrap();
        assert_eq!((file.len(), stream.len()), (1, 1));
        assert_eq!(file[0], stream[0]);
        for (k, field) in parquet.schema().fields().iter().enumerate() {
            assert_eq!(field.name(), file[0].schema().field(k).name());
            assert_eq!(&file[0].column(k).to_data(), &parquet.column(k).to_data(), "{}", field.name());
        }
        let path = |name: &str| TableFormat::of(Path::new(name)).unwrap();
        assert_eq!((path("a.arrow"), path("a.ARROWS")), (TableFormat::ArrowFile, TableFormat::ArrowStream));
    }

    #[test]
    fn an_unknown_extension_is_refused_by_name() {
        let problem = &TableFormat::of(Path::new("out/draws.xls")).unwrap_err().0[0];
        assert_eq!(
            (problem.code, problem.message.as_str()),
            ("export.unknown_format", "a file with the extension `.xls` cannot be written",)
        );
        assert_eq!(TableFormat::of(Path::new("Draws.CSV")).unwrap(), TableFormat::Csv);
    }
}
