//! Rows as a workbook: numbers as numbers, dates as dates, and text as text, whatever it looks like.

use crate::rows::{RowValues, Rows};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::io::{self, Write};

/// Rows and columns that a sheet can hold, the header included.
const MOST: (usize, usize) = (1_048_576, 16_384);
/// Widest column, in characters.
const WIDEST: f64 = 40.0;

/// Writes rows as one sheet with a frozen header; the same rows give the same bytes.
///
/// # Errors
/// Those of `out`, and more rows, columns or letters in a cell than a sheet can hold.
pub fn write(out: &mut dyn Write, rows: &Rows) -> io::Result<()> {
    let (n_rows, n_columns) = (rows.n_rows() + 1, rows.columns.len());
    if n_rows > MOST.0 || n_columns > MOST.1 {
        let message = format!(
            "{n_rows} rows and {n_columns} columns are more than a sheet can hold; end the name in .parquet or .csv"
        );
        return Err(io::Error::other(message));
    }
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties().map_err(io::Error::other)?);
    sheet(workbook.add_worksheet(), rows).map_err(io::Error::other)?;
    out.write_all(&workbook.save_to_buffer().map_err(io::Error::other)?)
}

/// A workbook says when it was made; ours say no more than what is in them.
fn properties() -> Result<DocProperties, XlsxError> {
    Ok(DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?))
}

fn sheet(sheet: &mut Worksheet, rows: &Rows) -> Result<(), XlsxError> {
    let (bold, day) = (Format::new().set_bold(), Format::new().set_num_format("yyyy-mm-dd"));
    sheet.set_freeze_panes(1, 0)?;
    for (k, column) in rows.columns.iter().enumerate() {
        let k = k as u16;
        sheet.write_string_with_format(0, k, &column.name, &bold)?;
        let mut widest = column.name.chars().count();
        for row in 0..column.values.len() {
            let at = row as u32 + 1;
            match &column.values {
                RowValues::Text(cells) => {
                    widest = widest.max(cells[row].chars().count());
                    sheet.write_string(at, k, &cells[row])?;
                }
                RowValues::Number(cells) if cells[row].is_nan() => {}
                // A sheet has no number that is infinite.
                RowValues::Number(cells) if cells[row].is_infinite() => {
                    sheet.write_string(at, k, if cells[row] > 0.0 { "inf" } else { "-inf" })?;
                }
                RowValues::Number(cells) => {
                    sheet.write_number(at, k, cells[row])?;
                }
                RowValues::Integer(cells) => {
                    sheet.write_number(at, k, cells[row] as f64)?;
                }
                RowValues::Date(cells) => {
                    if let Some(date) = cells[row] {
                        sheet.write_datetime_with_format(at, k, date, &day)?;
                    }
                }
                RowValues::Bool(cells) => {
                    if let Some(flag) = cells[row] {
                        sheet.write_boolean(at, k, flag)?;
                    }
                }
            }
        }
        sheet.set_column_width(k, (widest as f64 + 2.0).clamp(11.0, WIDEST))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read_table;
    use jiff::civil::date;
    use wanamaker::data::table::Values;

    fn written(rows: &Rows) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, rows).unwrap();
        bytes
    }

    #[test]
    fn a_workbook_reads_back_as_what_was_written_and_holds_no_formula() {
        let words = ["=HYPERLINK(\"x\")", "-5", "@SUM(A1)"].map(str::to_owned);
        let rows = Rows::new()
            .with("=name", RowValues::Text(words.clone().into()))
            .with("value", RowValues::Number(vec![-12.5, 0.1 + 0.2, 1.0 / 3.0]))
            .with("week", RowValues::Date([4, 11, 18].map(|day| Some(date(2021, 1, day))).into()))
            .with("seen", RowValues::Bool(vec![Some(true), Some(false), Some(true)]));
        let bytes = written(&rows);
        assert_eq!(written(&rows), bytes);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.xlsx");
        std::fs::write(&path, &bytes).unwrap();
        let table = read_table(&path).unwrap().table;
        let names: Vec<&str> = table.names().collect();
        assert_eq!(names, ["=name", "value", "week", "seen"]);
        let Values::Text(cells) = &table.columns[0].values else { panic!("{:?}", table.columns[0]) };
        assert!(cells.iter().eq(words.iter().map(String::as_str)));
        let numbers = Values::Number(vec![Some(-12.5), Some(0.1 + 0.2), Some(1.0 / 3.0)]);
        assert_eq!(table.columns[1].values, numbers);
        let days = Values::Date([4, 11, 18].map(|day| Some(date(2021, 1, day))).into());
        assert_eq!(table.columns[2].values, days);
        let mut archive = zip::ZipArchive::new(io::Cursor::new(bytes)).unwrap();
        let mut xml = String::new();
        let mut sheet = archive.by_name("xl/worksheets/sheet1.xml").unwrap();
        io::Read::read_to_string(&mut sheet, &mut xml).unwrap();
        assert!(!xml.contains("<f>"), "a formula: {xml}");
    }

    #[test]
    fn what_a_sheet_cannot_hold_is_refused_with_a_way_out() {
        let rows = Rows::new().with("x", RowValues::Integer(vec![0; 1_048_576]));
        let error = write(&mut Vec::new(), &rows).unwrap_err().to_string();
        assert!(error.contains(".parquet"), "{error}");
        let odd = Rows::new().with("x", RowValues::Number(vec![f64::NAN, f64::INFINITY, -0.0]));
        assert!(!written(&odd).is_empty());
    }
}
