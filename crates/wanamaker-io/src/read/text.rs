//! Reads delimited text: encoding, separator, quotes and line numbers.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use wanamaker::data::listing::Listing;
use wanamaker::data::table::{Column, Table, TextColumn, Values};
use wanamaker::problem::{Place, Problem, Problems};

use super::header::{MOST_COLUMNS, Unnamed, blank_rows, check_header, empty, no_rows, too_wide};
use super::{Read, corrupt};

/// Separators that are tried; the first wins where two fit as well.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Reads the bytes of a text file; `prefers_tab` says that its name promises tabs.
pub fn read_text(source: &str, bytes: &[u8], prefers_tab: bool) -> Result<Read, Problems> {
    let mut found = Problems::new();
    let text = decode(source, bytes, &mut found)?;
    if text.trim().is_empty() {
        return Err(empty(source));
    }
    let (stated, skipped) = stated_separator(&text);
    let separator = stated.unwrap_or_else(|| sniff(&text[skipped..], prefers_tab));
    let mut records = Records::new(&text, skipped, separator);
    let mut record = csv::StringRecord::new();
    if !records.next(&mut record).map_err(|why| corrupt(source, &why))? {
        return Err(empty(source));
    }
    if record.len() > MOST_COLUMNS {
        return Err(too_wide(source, record.len()));
    }
    let header_row = records.row;
    let names: Vec<String> = record.iter().map(|name| name.trim().to_owned()).collect();
    let body = Body::read(source, records, names.len(), &mut found)?;
    let kept = check_header(source, &names, header_row, |i| unnamed(&body.columns[i]), &mut found);
    if body.n_rows == 0 && !found.has_errors() {
        found.push(no_rows(source));
    }
    let columns = kept.into_iter().zip(body.columns);
    let columns =
        columns.filter_map(|(name, cells)| Some(Column { name: name?, values: Values::Text(cells) }));
    let table =
        Table { source: source.to_owned(), columns: columns.collect(), row_numbers: body.row_numbers };
    if found.has_errors() { Err(found) } else { Ok(Read { table, remarks: found }) }
}

/// The text of a file, whatever its encoding; anything but UTF-8 is remarked.
fn decode<'a>(source: &str, bytes: &'a [u8], found: &mut Problems) -> Result<Cow<'a, str>, Problems> {
    let (encoding, skipped) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, mark),
        None => (guess_encoding(bytes), 0),
    };
    let (text, is_broken) = encoding.decode_without_bom_handling(&bytes[skipped..]);
    if is_broken && encoding == UTF_8 {
        return Err(corrupt(source, "it begins with the mark of UTF-8 but is not UTF-8"));
    }
    if encoding != UTF_8 {
        let message = format!("the file is read as {}", encoding.name());
        let remark = Problem::info("file.encoding", Place::file(source), message);
        found.push(remark.hint("save it as UTF-8 if names look wrong"));
    }
    if is_broken || text.contains('\0') {
        return Err(corrupt(source, "it is not a text file"));
    }
    Ok(text)
}

/// Without a mark: UTF-16 shows in its zero bytes; what is not UTF-8 is taken for the encoding of western Windows.
fn guess_encoding(bytes: &[u8]) -> &'static Encoding {
    let start = &bytes[..bytes.len().min(2048)];
    let zeros = |odd: usize| start.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (high, low) = (zeros(0), zeros(1));
    let many = start.len() / 5 + 1;
    if low >= many && high * 10 < low {
        UTF_16LE
    } else if high >= many && low * 10 < high {
        UTF_16BE
    } else if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else {
        WINDOWS_1252
    }
}

/// The separator a first line such as `sep=;` states, and the length of that line.
fn stated_separator(text: &str) -> (Option<u8>, usize) {
    let line = text.lines().next().unwrap_or_default();
    match line.as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] if separator.is_ascii() => {
            (Some(*separator), text.find('\n').map_or(text.len(), |at| at + 1))
        }
        _ => (None, 0),
    }
}

/// The separator under which most of the first records have as many fields as the header, and at least two.
fn sniff(text: &str, prefers_tab: bool) -> u8 {
    const LOOKED_AT: usize = 1 << 16;
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let start = &text[..end];
    let mut best = (0.0, 0, if prefers_tab { b'\t' } else { b',' });
    for separator in SEPARATORS {
        let mut reader = reader(start, separator);
        let counts: Vec<usize> = reader.byte_records().flatten().map(|record| record.len()).collect();
        let Some((&header, mut rest)) = counts.split_first() else { continue };
        // The last record may be cut.
        if end < text.len() {
            rest = rest.split_last().map_or(rest, |(_, rest)| rest);
        }
        if header < 2 {
            continue;
        }
        let n_even = rest.iter().filter(|count| **count == header).count();
        let share = if rest.is_empty() { 1.0 } else { n_even as f64 / rest.len() as f64 };
        let bonus = if prefers_tab && separator == b'\t' { 1.0 } else { 0.0 };
        if (share + bonus, header) > (best.0, best.1) {
            best = (share + bonus, header, separator);
        }
    }
    best.2
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes())
}

/// Records with the line each begins on; the reader itself counts blank lines to the record before.
struct Records<'a> {
    text: &'a str,
    skipped: usize,
    separator: u8,
    reader: csv::Reader<&'a [u8]>,
    /// Line of the last record, from 1.
    row: usize,
    counted_to: usize,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, skipped: usize, separator: u8) -> Self {
        Self { text, skipped, separator, reader: reader(&text[skipped..], separator), row: 1, counted_to: 0 }
    }

    fn next(&mut self, record: &mut csv::StringRecord) -> Result<bool, String> {
        let is_record = self.reader.read_record(record).map_err(|error| error.to_string())?;
        if is_record {
            let bytes = self.text.as_bytes();
            let offset = record.position().map_or(0, |position| position.byte());
            let mut start = self.skipped + usize::try_from(offset).unwrap_or(0);
            while matches!(bytes.get(start), Some(b'\r' | b'\n')) {
                start += 1;
            }
            self.row += n_line_ends(&bytes[self.counted_to..start], bytes.get(start).copied());
            self.counted_to = start;
        }
        Ok(is_record)
    }

    /// Whether a quote is opened in the last record and never closed.
    fn has_open_quote(&self) -> bool {
        let rest = &self.text.as_bytes()[self.counted_to..];
        let opens = rest.first() == Some(&b'"') || rest.windows(2).any(|pair| pair == [self.separator, b'"']);
        opens && rest.iter().filter(|b| **b == b'"').count() % 2 == 1
    }
}

/// Line ends `\n`, `\r\n` and lone `\r`; `next` is the byte behind `bytes`.
fn n_line_ends(bytes: &[u8], next: Option<u8>) -> usize {
    let is_end = |i: usize| match bytes[i] {
        b'\n' => true,
        b'\r' => bytes.get(i + 1).copied().or(next) != Some(b'\n'),
        _ => false,
    };
    (0..bytes.len()).filter(|i| is_end(*i)).count()
}

/// The cells under the header.
struct Body {
    columns: Vec<TextColumn>,
    row_numbers: Vec<u32>,
    n_rows: usize,
}

impl Body {
    fn read(
        source: &str,
        mut records: Records<'_>,
        width: usize,
        found: &mut Problems,
    ) -> Result<Self, Problems> {
        let mut body =
            Self { columns: vec![TextColumn::default(); width], row_numbers: Vec::new(), n_rows: 0 };
        let mut record = csv::StringRecord::new();
        let mut ragged = Listing::new();
        let (mut n_blank, mut first_blank) = (0, 0);
        while records.next(&mut record).map_err(|why| corrupt(source, &why))? {
            if record.len() != width {
                ragged.add(|| ragged_row(source, records.row, record.len(), width));
            } else if record.iter().all(|cell| cell.trim().is_empty()) {
                n_blank += 1;
                first_blank = if n_blank == 1 { records.row } else { first_blank };
            } else {
                body.push(&record, records.row);
            }
        }
        if records.has_open_quote() {
            let message =
                "a quote is opened in this row and never closed, so the rest of the file is one cell";
            let problem = Problem::error("data.open_quote", Place::row(source, records.row), message);
            found.push(problem.hint("close the quote, or double it if it belongs to the text"));
        }
        ragged.report(found);
        if n_blank > 0 {
            found.push(blank_rows(source, n_blank, first_blank));
        }
        Ok(body)
    }

    fn push(&mut self, record: &csv::StringRecord, row: usize) {
        for (column, cell) in self.columns.iter_mut().zip(record) {
            column.push(cell);
        }
        // Row numbers are kept only from the first row that does not follow the one before.
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        let is_next = row as usize == self.n_rows + 2;
        if !self.row_numbers.is_empty() || !is_next {
            if self.row_numbers.is_empty() {
                self.row_numbers =
                    (0..self.n_rows).map(|i| u32::try_from(i + 2).unwrap_or(u32::MAX)).collect();
            }
            self.row_numbers.push(row);
        }
        self.n_rows += 1;
    }
}

fn ragged_row(source: &str, row: usize, n: usize, width: usize) -> Problem {
    let message = format!("the row has {n} cells where the header has {width}");
    let hint = if n > width {
        "quote cells that contain the separator, or delete what stands beyond the last column"
    } else {
        "add the missing separators, or quote cells that contain line breaks"
    };
    Problem::error("data.ragged_row", Place::row(source, row), message).hint(hint)
}

fn unnamed(cells: &TextColumn) -> Unnamed {
    let counts_from = |start: usize| {
        !cells.is_empty() && cells.iter().enumerate().all(|(i, cell)| cell.parse() == Ok(i + start))
    };
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        Unnamed::Empty
    } else if counts_from(0) || counts_from(1) {
        Unnamed::RowNumbers
    } else {
        Unnamed::Values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Read, Problems> {
        read_text("f.csv", bytes, false)
    }

    fn check(bytes: &[u8], expected: &[(&str, &[&str])], codes: &[&str]) {
        let read = read(bytes).unwrap_or_else(|found| panic!("{found}"));
        let columns: Vec<(&str, Vec<&str>)> = read
            .table
            .columns
            .iter()
            .map(|column| match &column.values {
                Values::Text(cells) => (column.name.as_str(), cells.iter().collect()),
                other => panic!("{other:?}"),
            })
            .collect();
        let expected: Vec<(&str, Vec<&str>)> =
            expected.iter().map(|(name, cells)| (*name, cells.to_vec())).collect();
        assert_eq!(columns, expected);
        assert_eq!(read.remarks.iter().map(|remark| remark.code).collect::<Vec<_>>(), codes);
    }

    fn refused(bytes: &[u8], expected: &[(&str, Option<usize>)]) {
        let found = read(bytes).expect_err("a fault was expected");
        assert_eq!(found.iter().map(|p| (p.code, p.at.row)).collect::<Vec<_>>(), expected, "{found}");
        assert!(found.iter().all(|problem| problem.hint.is_some()), "{found}");
    }

    #[test]
    fn separators_are_found() {
        let two: &[(&str, &[&str])] = &[("a", &["1,5", "2"]), ("b", &["x", "y"])];
        check(b"a;b\n1,5;x\n2;y\n", two, &[]);
        check(b"a\tb\r\n1,5\tx\r\n2\ty", two, &[]);
        check(b"a|b\r1,5|x\r2|y\r", two, &[]);
        check(b"\"a\",\"b\"\n\"1,5\",x\n2,y\n\n\n", two, &[]);
        check(b"sep=;\na;b\n1,5;x\n2;y\n", two, &[]);
        check(b"a\n1\n\n2\n", &[("a", &["1", "2"])], &[]);
    }

    #[test]
    fn encodings_are_understood_and_remarked() {
        let expected: &[(&str, &[&str])] = &[("größe", &["1"]), ("b", &["é"])];
        let text = "größe,b\n1,é\n";
        check(text.as_bytes(), expected, &[]);
        check(&[b"\xef\xbb\xbf", text.as_bytes()].concat(), expected, &[]);
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        check(&latin, expected, &["file.encoding"]);
        let units: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        check(&[b"\xff\xfe".as_slice(), &little].concat(), expected, &["file.encoding"]);
        check(&[b"\xfe\xff".as_slice(), &big].concat(), expected, &["file.encoding"]);
        check(&little, expected, &["file.encoding"]);
        check(&big, expected, &["file.encoding"]);
    }

    #[test]
    fn rows_are_counted_as_an_editor_does() {
        let read = read(b"\n\na,b\r\n1,\"x\ny\"\r\n\r\n2,z\r\n,\r\n3,w\r\n").unwrap();
        let rows: Vec<usize> = (0..read.table.n_rows()).map(|i| read.table.row_number(i)).collect();
        assert_eq!(rows, [4, 7, 9]);
        assert_eq!((read.remarks.0[0].code, read.remarks.0[0].at.row), ("data.blank_rows", Some(8)));
        refused(b"a,b\n1,\"x\ny\"\n2\n", &[("data.ragged_row", Some(4))]);
    }

    #[test]
    fn faults_of_shape_are_all_found() {
        refused(b"", &[("data.empty_file", None)]);
        refused(b"\xef\xbb\xbf \n", &[("data.empty_file", None)]);
        refused(b"a,b\n", &[("data.no_rows", None)]);
        refused(b"1,2\n3,4\n", &[("data.no_header", Some(1))]);
        refused(
            b"a,b,a\n1,2,3\n4\n5,6,7,8\n",
            &[("data.ragged_row", Some(3)), ("data.ragged_row", Some(4)), ("data.duplicate_header", Some(1))],
        );
        refused(b"a,,c\n1,2,3\n", &[("data.empty_header", Some(1))]);
        refused(b"a,b\n1,\"2\n3,4\n5,6\n", &[("data.open_quote", Some(2))]);
        refused(b"a,b\n1,\x002\n", &[("file.corrupt", None)]);
    }

    #[test]
    fn columns_of_nothing_are_left_out() {
        check(b"a,b,\n1,2,\n3,4,\n", &[("a", &["1", "3"]), ("b", &["2", "4"])], &[]);
        check(b",a\n0,5\n1,6\n", &[("a", &["5", "6"])], &["data.row_numbers"]);
    }
}
