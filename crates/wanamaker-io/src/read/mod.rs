//! Reads a table from a file: text, spreadsheet or columnar, told apart by content first and by name second.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use wanamaker::data::table::Table;
use wanamaker::problem::{Place, Problem, Problems, nearest};

mod columnar;
mod header;
mod spreadsheet;
mod text;
mod workbook_size;

/// A table and what had to be understood to read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The table; its cells are still as the file has them.
    pub table: Table,
    /// Infos and attentions, e.g. on the encoding.
    pub remarks: Problems,
}

/// Kinds of files that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Workbook,
    Parquet,
    ArrowFile,
    ArrowStream,
}

/// Extensions of workbooks.
const WORKBOOKS: [&str; 5] = ["xlsx", "xlsm", "xlsb", "xls", "ods"];

const KINDS: &str = "CSV, TSV, TXT, XLSX, XLSB, XLS, ODS, Parquet and Arrow files can be read";

/// Reads the table in the file at `path`; a sheet of a workbook is named as `book.xlsx#Sheet`.
///
/// Every fault of the file's shape is found in one pass: ragged rows, doubled and missing names of columns.
/// Cells are not interpreted here. Errors carry codes `file.…` (cannot be opened or understood) and `data.…`.
pub fn read_table(path: &Path) -> Result<Read, Problems> {
    let (path, sheet) = split_sheet(path);
    read_sheet(&path, sheet.as_deref())
}

/// The same for a file and the name of a sheet of it; files that are no workbooks have none and are read whole.
pub fn read_sheet(path: &Path, sheet: Option<&str>) -> Result<Read, Problems> {
    let file = path.to_string_lossy();
    let source = sheet.map_or_else(|| file.to_string(), |sheet| format!("{file}#{sheet}"));
    let kind = kind_of(path, &source)?;
    // The readers of other people's formats are not all free of panics on broken files.
    let read = catch_unwind(AssertUnwindSafe(|| match kind {
        Kind::Text => std::fs::read(path)
            .map_err(|error| unreadable(&source, &error))
            .and_then(|bytes| text::read_text(&source, &bytes, extension(path) == "tsv")),
        Kind::Workbook => spreadsheet::read_workbook(&source, path, sheet),
        Kind::Parquet => columnar::read_parquet(&source, path),
        Kind::ArrowFile => columnar::read_arrow_file(&source, path),
        Kind::ArrowStream => columnar::read_arrow_stream(&source, path),
    }));
    read.unwrap_or_else(|_| Err(corrupt(&source, "its contents are broken")))
}

/// Names of the visible sheets of the workbook at `path`, in its order; none for other kinds of files.
///
/// # Errors
/// `file.…` for what cannot be opened or understood.
pub fn sheets(path: &Path) -> Result<Vec<String>, Problems> {
    let source = path.to_string_lossy();
    if kind_of(path, &source)? != Kind::Workbook {
        return Ok(Vec::new());
    }
    let found = catch_unwind(AssertUnwindSafe(|| spreadsheet::sheets(&source, path)));
    found.unwrap_or_else(|_| Err(corrupt(&source, "its contents are broken")))
}

/// The sheet that a name of a file like `book.xlsx#Sheet` speaks of, whether or not the file is there.
pub fn sheet_named(file: &str) -> Option<&str> {
    let of_workbook = |(at, _): (usize, &str)| {
        let sheet = &file[at + 1..];
        let book = extension(Path::new(&file[..at]));
        (WORKBOOKS.contains(&book.as_str()) && !sheet.is_empty()).then_some(sheet)
    };
    file.match_indices('#').find_map(of_workbook)
}

fn kind_of(path: &Path, source: &str) -> Result<Kind, Problems> {
    let mut file = open(path, source)?;
    let mut start = [0; 8];
    let n_start = read_start(&mut file, &mut start).map_err(|error| unreadable(source, &error))?;
    kind(path, source, &start[..n_start])
}

/// `book.xlsx#Sheet` as path and sheet; a file whose own name holds `#` is taken as it is.
fn split_sheet(path: &Path) -> (PathBuf, Option<String>) {
    let whole = path.to_string_lossy();
    match whole.rsplit_once('#') {
        Some((file, sheet)) if !path.exists() && !sheet.is_empty() => (file.into(), Some(sheet.to_owned())),
        _ => (path.to_owned(), None),
    }
}

fn open(path: &Path, source: &str) -> Result<File, Problems> {
    let file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => not_found(path, source),
        _ => unreadable(source, &error),
    })?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        let problem = Problem::error(
            "file.is_folder",
            Place::file(source),
            format!("`{source}` is a folder, not a file"),
        );
        return Err(problem.hint("name the file in it").into());
    }
    Ok(file)
}

fn not_found(path: &Path, source: &str) -> Problems {
    let problem =
        Problem::error("file.not_found", Place::file(source), format!("there is no file `{source}`"));
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .take(10_000)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let hint = match nearest(&wanted, names.iter().map(String::as_str)) {
        Some(name) => format!("the folder has `{name}`"),
        None => "check the path; it is taken from the folder the command runs in".to_owned(),
    };
    problem.hint(hint).into()
}

fn unreadable(source: &str, error: &std::io::Error) -> Problems {
    let message = format!("`{source}` cannot be read: {}", lowered(&error.to_string()));
    Problem::error("file.unreadable", Place::file(source), message).hint("check its permissions").into()
}

/// A file that is not what its name or its first bytes say.
fn corrupt(source: &str, why: &str) -> Problems {
    let message = format!("`{source}` cannot be understood: {}", lowered(why));
    Problem::error("file.corrupt", Place::file(source), message)
        .hint("export or copy the file again; it may be cut short")
        .into()
}

/// Someone else's message as part of a sentence: on one line, not too long, without a full stop.
fn lowered(message: &str) -> String {
    let line: String = message.lines().next().unwrap_or_default().chars().take(160).collect();
    line.trim_end_matches('.').to_owned()
}

/// Reads as much of `start` as the file has.
fn read_start(file: &mut File, start: &mut [u8]) -> std::io::Result<usize> {
    let mut n = 0;
    while n < start.len() {
        match file.read(&mut start[n..])? {
            0 => break,
            more => n += more,
        }
    }
    Ok(n)
}

fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// The kind of a file: a known signature wins over the name, as files are often renamed but seldom re-encoded.
fn kind(path: &Path, source: &str, start: &[u8]) -> Result<Kind, Problems> {
    let extension = extension(path);
    let by_content = match start {
        [b'P', b'A', b'R', b'1', ..] => Some(Kind::Parquet),
        [b'A', b'R', b'R', b'O', b'W', b'1', ..] => Some(Kind::ArrowFile),
        [0xff, 0xff, 0xff, 0xff, ..] => Some(Kind::ArrowStream),
        [b'P', b'K', 3 | 5 | 7, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] => Some(Kind::Workbook),
        _ => None,
    };
    if let Some(kind) = by_content {
        return Ok(kind);
    }
    match extension.as_str() {
        "csv" | "tsv" | "tab" | "txt" => Ok(Kind::Text),
        "parquet" | "pq" | "arrow" | "feather" | "ipc" | "arrows" | "xlsx" | "xlsm" | "xlsb" | "xls"
        | "ods" => Err(corrupt(source, &format!("it does not begin as a file of kind .{extension} does"))),
        _ => Err(unknown_kind(source, &extension, start)),
    }
}

fn unknown_kind(source: &str, extension: &str, start: &[u8]) -> Problems {
    let is_packed = start.starts_with(&[0x1f, 0x8b]) || start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
    let message = match extension {
        "" => format!("the kind of `{source}` cannot be told from its name"),
        _ => format!("files of kind .{extension} cannot be read"),
    };
    let hint = if is_packed { "unpack it first".to_owned() } else { KINDS.to_owned() };
    Problem::error("file.unknown_kind", Place::file(source), message).hint(hint).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_named_behind_the_file() {
        assert_eq!(sheet_named("data/sales.xlsx#Q3"), Some("Q3"));
        assert_eq!(sheet_named("a#b.ODS#c#d"), Some("c#d"));
        for none in ["sales.xlsx", "a#b.xlsx", "sales.csv#Q3", "sales.xlsx#", ""] {
            assert_eq!(sheet_named(none), None, "{none}");
        }
    }

    #[test]
    fn each_way_a_file_can_fail_is_one_clear_problem() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        };
        write("sales.csv", b"a,b\n1,2\n");
        write("sales.json", b"{}");
        write("sales", b"a,b\n1,2\n");
        write("sales.csv.gz", b"\x1f\x8b\x08\x00");
        write("broken.parquet", b"PAR1 and then nothing of the kind");
        write("short.parquet", b"a,b\n");
        write("broken.arrow", b"ARROW1\0\0....");
        write("broken.xlsx", b"PK\x03\x04....");
        write("old.xls", b"\xd0\xcf\x11\xe0....");
        write("empty.csv", b"");
        for (name, code, hint) in [
            ("sale.csv", "file.not_found", "sales.csv"),
            ("", "file.is_folder", "name the file"),
            ("sales.json", "file.unknown_kind", "CSV"),
            ("sales", "file.unknown_kind", "CSV"),
            ("sales.csv.gz", "file.unknown_kind", "unpack"),
            ("broken.parquet", "file.corrupt", "again"),
            ("short.parquet", "file.corrupt", "again"),
            ("broken.arrow", "file.corrupt", "again"),
            ("broken.xlsx", "file.corrupt", "again"),
            ("old.xls", "file.corrupt", "password"),
            ("empty.csv", "data.empty_file", "again"),
        ] {
            let found = read_table(&folder.path().join(name)).expect_err(name);
            assert_eq!((found.0.len(), found.0[0].code), (1, code), "{name}: {found}");
            assert!(found.0[0].hint.as_ref().is_some_and(|text| text.contains(hint)), "{name}: {found}");
        }
        assert_eq!(read_table(&folder.path().join("sales.csv")).unwrap().table.n_rows(), 1);
    }
}
