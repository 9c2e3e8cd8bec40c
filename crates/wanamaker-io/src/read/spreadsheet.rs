//! Reads a sheet of a workbook: XLSX, XLSB, XLS, ODS, with a bound on what it may unfold to.

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use calamine::{Data, DataRef, ExcelDateTime, Ods, Reader, SheetType, SheetVisible, Sheets, Xls, Xlsb, Xlsx};
use jiff::civil::Date;
use wanamaker::data::table::{Column, Table, TextColumn, Values};
use wanamaker::problem::{Place, Problem, Problems, nearest};

use super::header::{MOST_COLUMNS, Unnamed, blank_rows, check_header, empty, no_rows, too_wide};
use super::workbook_size::{MOST_CELLS, check_size, too_large};
use super::{Read, corrupt, unreadable};

/// A file in memory, cheap to hand to one reader after the other.
pub(super) type Bytes = Cursor<Arc<[u8]>>;

/// One cell, as far as a table knows kinds of cells.
#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Empty,
    Number(f64),
    Text(String),
    /// A day, and whether it came with a time of day.
    Date(Date, bool),
    Bool(bool),
}

/// Reads the sheet called `sheet`, or the first visible one.
pub fn read_workbook(source: &str, path: &Path, sheet: Option<&str>) -> Result<Read, Problems> {
    let mut book = open_checked(source, path)?;
    let mut found = Problems::new();
    let name = choose_sheet(source, &book, sheet, &mut found)?;
    let cells = read_cells(source, &mut book, &name)?;
    build(source, cells, found)
}

/// Names of its visible sheets, in its order.
pub fn sheets(source: &str, path: &Path) -> Result<Vec<String>, Problems> {
    let book = open_checked(source, path)?;
    Ok(names(&book, false).into_iter().map(str::to_owned).collect())
}

fn open_checked(source: &str, path: &Path) -> Result<Sheets<Bytes>, Problems> {
    let bytes: Arc<[u8]> = std::fs::read(path).map_err(|error| unreadable(source, &error))?.into();
    let file = Cursor::new(bytes);
    check_size(source, file.clone())?;
    open_book(source, file)
}

/// Names of its sheets of cells, with the hidden ones where they are asked for.
fn names(book: &Sheets<Bytes>, with_hidden: bool) -> Vec<&str> {
    book.sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .filter(|sheet| with_hidden || sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.as_str())
        .collect()
}

/// Opens the workbook with the reader its parts call for, so that a fault is told by the reader that knows it.
fn open_book(source: &str, file: Bytes) -> Result<Sheets<Bytes>, Problems> {
    let has_part = |name: &str| {
        zip::ZipArchive::new(file.clone()).is_ok_and(|archive| archive.index_for_name(name).is_some())
    };
    let is_archive = file.get_ref().starts_with(b"PK");
    let opened = if !is_archive {
        Xls::new(file).map(Sheets::Xls).map_err(|why| why.to_string())
    } else if has_part("xl/workbook.bin") {
        Xlsb::new(file).map(Sheets::Xlsb).map_err(|why| why.to_string())
    } else if has_part("content.xml") {
        Ods::new(file).map(Sheets::Ods).map_err(|why| why.to_string())
    } else {
        Xlsx::new(file).map(Sheets::Xlsx).map_err(|why| why.to_string())
    };
    opened.map_err(|why| {
        let mut problems = corrupt(source, &why);
        if !is_archive {
            problems.0[0].hint = Some("if it is protected by a password, save it without".to_owned());
        }
        problems
    })
}

fn choose_sheet(
    source: &str,
    book: &Sheets<Bytes>,
    wanted: Option<&str>,
    found: &mut Problems,
) -> Result<String, Problems> {
    let names = names(book, wanted.is_some());
    let listed = || names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let Some(&first) = names.first() else {
        return Err(corrupt(source, "the workbook has no visible sheet"));
    };
    match wanted {
        Some(wanted) if names.contains(&wanted) => Ok(wanted.to_owned()),
        Some(wanted) => {
            let message = format!("the workbook has no sheet `{wanted}`");
            let hint = match nearest(wanted, names.iter().copied()) {
                Some(name) => format!("the workbook has `{name}`"),
                None => format!("the workbook has {}", listed()),
            };
            Err(Problem::error("file.unknown_sheet", Place::file(source), message).hint(hint).into())
        }
        None => {
            if names.len() > 1 {
                let message = format!("sheet `{first}` is read; the workbook has {}", listed());
                let remark = Problem::info("file.first_sheet", Place::file(source), message);
                found.push(remark.hint(format!("name another one as `{source}#{}`", names[1])));
            }
            Ok(first.to_owned())
        }
    }
}

/// Cells with row and column, from 0, in the order of the sheet.
fn read_cells(source: &str, book: &mut Sheets<Bytes>, name: &str) -> Result<Vec<(u32, u32, Cell)>, Problems> {
    let mut kept = Bounded { source, cells: Vec::new(), last: (0, 0) };
    match book {
        Sheets::Xlsx(book) => {
            let mut cells =
                book.worksheet_cells_reader(name).map_err(|why| corrupt(source, &why.to_string()))?;
            while let Some(cell) = cells.next_cell().map_err(|why| corrupt(source, &why.to_string()))? {
                kept.push(cell.get_position(), of_ref(cell.get_value()))?;
            }
        }
        Sheets::Xlsb(book) => {
            let mut cells =
                book.worksheet_cells_reader(name).map_err(|why| corrupt(source, &why.to_string()))?;
            while let Some(cell) = cells.next_cell().map_err(|why| corrupt(source, &why.to_string()))? {
                kept.push(cell.get_position(), of_ref(cell.get_value()))?;
            }
        }
        // These two formats come as a filled rectangle; both readers bound it.
        Sheets::Xls(_) | Sheets::Ods(_) => {
            let range = book.worksheet_range(name).map_err(|why| corrupt(source, &why.to_string()))?;
            let (top, left) = range.start().unwrap_or((0, 0));
            for (row, column, value) in range.used_cells() {
                let at = (top + u32::try_from(row).unwrap_or(0), left + u32::try_from(column).unwrap_or(0));
                kept.push(at, of_data(value))?;
            }
        }
    }
    Ok(kept.cells)
}

/// Cells that are not empty, refused as soon as the rectangle around them is absurd.
struct Bounded<'a> {
    source: &'a str,
    cells: Vec<(u32, u32, Cell)>,
    last: (u32, u32),
}

impl Bounded<'_> {
    fn push(&mut self, (row, column): (u32, u32), cell: Cell) -> Result<(), Problems> {
        if cell == Cell::Empty {
            return Ok(());
        }
        self.last = (self.last.0.max(row), self.last.1.max(column));
        let area = (u64::from(self.last.0) + 1) * (u64::from(self.last.1) + 1);
        if area > MOST_CELLS || self.cells.len() as u64 > MOST_CELLS {
            return Err(too_large(
                self.source,
                &format!("the sheet reaches to row {} and column {}", row + 1, column + 1),
            ));
        }
        self.cells.push((row, column, cell));
        Ok(())
    }
}

fn of_ref(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::SharedString(text) => text_cell(text),
        other => of_data(&Data::from(other.clone())),
    }
}

fn of_data(value: &Data) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        Data::Int(n) => Cell::Number(*n as f64),
        Data::Float(x) => Cell::Number(*x),
        Data::Bool(b) => Cell::Bool(*b),
        Data::String(text) => text_cell(text),
        Data::DateTime(moment) => date_cell(moment),
        Data::DateTimeIso(text) => match text.get(..10).and_then(|day| day.parse().ok()) {
            Some(day) => Cell::Date(day, text[10..].bytes().any(|b| (b'1'..=b'9').contains(&b))),
            None => text_cell(text),
        },
        Data::DurationIso(text) => text_cell(text),
        Data::Error(error) => Cell::Text(error.to_string()),
    }
}

fn text_cell(text: &str) -> Cell {
    if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

fn date_cell(moment: &ExcelDateTime) -> Cell {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date =
        || Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    // Below one day it is a time of day or a duration, which no role can use.
    match date().filter(|_| moment.is_datetime() && moment.as_f64() >= 1.0) {
        Some(date) => Cell::Date(date, (hour, minute, second) != (0, 0, 0)),
        None => Cell::Number(moment.as_f64()),
    }
}

/// The first row that holds anything is the header.
fn build(source: &str, cells: Vec<(u32, u32, Cell)>, mut found: Problems) -> Result<Read, Problems> {
    let (Some(top), Some(left), Some(right), Some(bottom)) = (
        cells.iter().map(|cell| cell.0).min(),
        cells.iter().map(|cell| cell.1).min(),
        cells.iter().map(|cell| cell.1).max(),
        cells.iter().map(|cell| cell.0).max(),
    ) else {
        return Err(empty(source));
    };
    let (width, height) = ((right - left) as usize + 1, (bottom - top) as usize);
    if width > MOST_COLUMNS {
        return Err(too_wide(source, width));
    }
    let mut names = vec![String::new(); width];
    let mut columns = vec![vec![Cell::Empty; height]; width];
    let mut is_used = vec![false; height];
    for (row, column, cell) in cells {
        let (row, column) = ((row - top) as usize, (column - left) as usize);
        if row == 0 {
            names[column] = shown(&cell).trim().to_owned();
        } else {
            is_used[row - 1] = true;
            columns[column][row - 1] = cell;
        }
    }
    let header_row = top as usize + 1;
    let unnamed = |i: usize| {
        if columns[i].iter().all(|cell| *cell == Cell::Empty) { Unnamed::Empty } else { Unnamed::Values }
    };
    let kept = check_header(source, &names, header_row, unnamed, &mut found);
    let blank: Vec<usize> = (0..height).filter(|row| !is_used[*row]).collect();
    if let Some(first) = blank.first() {
        found.push(blank_rows(source, blank.len(), header_row + 1 + first));
    }
    if height == 0 && !found.has_errors() {
        found.push(no_rows(source));
    }
    let rows = || (0..height).filter(|row| is_used[*row]);
    let row_numbers = rows().map(|row| u32::try_from(header_row + 1 + row).unwrap_or(u32::MAX)).collect();
    let mut table = Table { source: source.to_owned(), columns: Vec::new(), row_numbers };
    for (name, mut cells) in kept.into_iter().zip(columns) {
        let Some(name) = name else { continue };
        let mut used = is_used.iter();
        cells.retain(|_| used.next().copied().unwrap_or(false));
        remark_times(source, &name, &cells, &mut found);
        table.columns.push(Column { name, values: values(&cells) });
    }
    if found.has_errors() { Err(found) } else { Ok(Read { table, remarks: found }) }
}

fn remark_times(source: &str, name: &str, cells: &[Cell], found: &mut Problems) {
    let n = cells.iter().filter(|cell| matches!(cell, Cell::Date(_, true))).count();
    if n > 0 {
        let message = format!("the time of day is left out in {n} cells of column `{name}`");
        let remark = Problem::attention("data.time_of_day", Place::column(source, name), message);
        found.push(remark.hint("add the rows of a day up first"));
    }
}

/// A column in the one kind all its cells have, else as text.
fn values(cells: &[Cell]) -> Values {
    let all = |fits: fn(&Cell) -> bool| {
        cells.iter().any(|cell| *cell != Cell::Empty)
            && cells.iter().all(|cell| *cell == Cell::Empty || fits(cell))
    };
    if all(|cell| matches!(cell, Cell::Number(_))) {
        let number = |cell: &Cell| if let Cell::Number(x) = cell { Some(*x) } else { None };
        Values::Number(cells.iter().map(number).collect())
    } else if all(|cell| matches!(cell, Cell::Date(..))) {
        let date = |cell: &Cell| if let Cell::Date(date, _) = cell { Some(*date) } else { None };
        Values::Date(cells.iter().map(date).collect())
    } else if all(|cell| matches!(cell, Cell::Bool(_))) {
        let bit = |cell: &Cell| if let Cell::Bool(bit) = cell { Some(*bit) } else { None };
        Values::Bool(cells.iter().map(bit).collect())
    } else {
        Values::Text(cells.iter().map(shown).collect::<TextColumn>())
    }
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Number(x) => x.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Date(date, _) => date.to_string(),
        Cell::Bool(bit) => bit.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use zip::write::SimpleFileOptions;

    /// A workbook of sheets given as rows of XML, the smallest that spreadsheet programs open.
    fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let mut add = |name: &str, text: &str| {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        };
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let (mut listed, mut related) = (String::new(), String::new());
        for (i, (name, rows)) in sheets.iter().enumerate() {
            let n = i + 1;
            listed += &format!(r#"<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>"#);
            related += &format!(
                r#"<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>"#
            );
            add(
                &format!("xl/worksheets/sheet{n}.xml"),
                &format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"),
            );
        }
        related += &format!(r#"<Relationship Id="rIdS" Type="{office}/styles" Target="styles.xml"/>"#);
        add(
            "xl/workbook.xml",
            &format!(r#"<workbook xmlns:r="{office}"><sheets>{listed}</sheets></workbook>"#),
        );
        add("xl/_rels/workbook.xml.rels", &format!("<Relationships>{related}</Relationships>"));
        add(
            "xl/styles.xml",
            r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#,
        );
        add("[Content_Types].xml", "<Types/>");
        let main =
            format!(r#"<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/>"#);
        add("_rels/.rels", &format!("<Relationships>{main}</Relationships>"));
        zip.finish().unwrap().into_inner()
    }

    fn text(at: &str, text: &str) -> String {
        format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#)
    }

    fn market() -> String {
        format!(
            r#"<row r="2">{}{}{}{}</row>
            <row r="3"><c r="B3" s="1"><v>45323</v></c><c r="C3"><v>10.5</v></c>{}<c r="E3" t="b"><v>1</v></c></row>
            <row r="5"><c r="B5" s="1"><v>45330.5</v></c><c r="D5"><v>7</v></c><c r="E5" t="b"><v>0</v></c></row>"#,
            text("B2", "week"),
            text("C2", " tv "),
            text("D2", "note"),
            text("E2", "promo"),
            text("D3", "x")
        )
    }

    fn read(bytes: &[u8], sheet: Option<&str>) -> Result<Read, Problems> {
        let mut file = tempfile::Builder::new().suffix(".xlsx").tempfile().unwrap();
        file.write_all(bytes).unwrap();
        read_workbook("b.xlsx", file.path(), sheet)
    }

    #[test]
    fn a_sheet_keeps_dates_numbers_and_flags_wherever_it_begins() {
        let read = read(&workbook(&[("Data", &market())]), None).unwrap_or_else(|found| panic!("{found}"));
        let values: Vec<_> = read.table.columns.iter().map(|c| (c.name.as_str(), c.values.clone())).collect();
        let on = jiff::civil::date;
        assert_eq!(
            values,
            [
                ("week", Values::Date(vec![Some(on(2024, 2, 1)), Some(on(2024, 2, 8))])),
                ("tv", Values::Number(vec![Some(10.5), None])),
                ("note", Values::Text(["x", "7"].into_iter().collect())),
                ("promo", Values::Bool(vec![Some(true), Some(false)])),
            ]
        );
        assert_eq!(read.table.row_numbers, [3, 5]);
        let codes: Vec<_> = read.remarks.iter().map(|remark| (remark.code, remark.at.row)).collect();
        assert_eq!(codes, [("data.blank_rows", Some(4)), ("data.time_of_day", None)]);
    }

    #[test]
    fn a_sheet_is_found_by_name_and_a_wrong_name_gets_a_hint() {
        let book =
            workbook(&[("Notes", &format!("<row>{}</row>", text("A1", "hello"))), ("Data", &market())]);
        assert_eq!(read(&book, Some("Data")).unwrap().table.n_rows(), 2);
        let mut file = tempfile::Builder::new().suffix(".xlsx").tempfile().unwrap();
        file.write_all(&book).unwrap();
        assert_eq!(crate::read::sheets(file.path()).unwrap(), ["Notes", "Data"]);
        let found = read(&book, Some("Date")).unwrap_err();
        assert_eq!(
            (found.0[0].code, found.0[0].hint.as_deref()),
            ("file.unknown_sheet", Some("the workbook has `Data`"))
        );
        let found = read(&book, None).unwrap_err();
        assert_eq!(found.iter().map(|p| p.code).collect::<Vec<_>>(), ["file.first_sheet", "data.no_rows"]);
    }

    #[test]
    fn absurd_and_empty_sheets_are_refused_before_they_unfold() {
        let far =
            r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
        assert_eq!(read(&workbook(&[("Data", far)]), None).unwrap_err().0[0].code, "file.too_large");
        assert_eq!(read(&workbook(&[("Data", "")]), None).unwrap_err().0[0].code, "data.empty_file");
    }

    #[test]
    fn a_damaged_workbook_is_a_clear_error_at_every_byte() {
        let book = workbook(&[("Data", &market())]);
        for at in (0..book.len()).step_by(17) {
            let mut damaged = book.clone();
            damaged[at] ^= 0x55;
            let _ = read(&damaged, None);
            let cut = read(&book[..at], None).expect_err("a cut workbook");
            assert!(cut.has_errors());
        }
    }
}
