//! Names of columns: trimmed, none empty, none twice, and not a row of data.

use std::collections::HashMap;

use wanamaker::data::date_format::DateFormat;
use wanamaker::data::listing::Listing;
use wanamaker::problem::{Place, Problem, Problems};

/// Most columns a table may have.
pub const MOST_COLUMNS: usize = 16_384;

/// Names of the columns to keep, by position; `None` where an unnamed column holds nothing and is left out.
///
/// - `names`: trimmed header cells
/// - `row`: row of the header in the file
/// - `unnamed`: says what a column without a name holds
pub fn check_header(
    source: &str,
    names: &[String],
    row: usize,
    unnamed: impl Fn(usize) -> Unnamed,
    found: &mut Problems,
) -> Vec<Option<String>> {
    let at = || Place::row(source, row);
    if names.len() > 1 && names.iter().all(|name| is_data(name)) {
        let message = "the first row looks like data: it holds no names of columns";
        found.push(Problem::error("data.no_header", at(), message).hint("put a row with the names on top"));
        return Vec::new();
    }
    let mut first: HashMap<&str, usize> = HashMap::new();
    let mut twice = Listing::new();
    let mut empty = Listing::new();
    let mut kept = Vec::with_capacity(names.len());
    for (i, name) in names.iter().enumerate() {
        if name.is_empty() {
            match unnamed(i) {
                Unnamed::Empty => {}
                Unnamed::RowNumbers => {
                    let message = format!("column {} has no name and only numbers the rows: left out", i + 1);
                    found.push(Problem::info("data.row_numbers", at(), message));
                }
                Unnamed::Values => empty.add(|| {
                    let message = format!("column {} ({}) has no name", i + 1, letters(i));
                    Problem::error("data.empty_header", at(), message)
                        .hint("name it in the first row, and delete any rows above the names")
                }),
            }
            kept.push(None);
            continue;
        }
        if let Some(other) = first.insert(name, i) {
            twice.add(|| {
                let message = format!("columns {} and {} are both called `{name}`", other + 1, i + 1);
                Problem::error("data.duplicate_header", Place { column: Some(name.clone()), ..at() }, message)
                    .hint("give each column a name of its own")
            });
        }
        kept.push(Some(name.clone()));
    }
    empty.report(found);
    twice.report(found);
    kept
}

/// What a column without a name holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unnamed {
    /// Nothing, as after a trailing separator.
    Empty,
    /// 0, 1, 2 … as some tools write the index of a table.
    RowNumbers,
    /// Something.
    Values,
}

fn is_data(name: &str) -> bool {
    name.replace(',', ".").parse::<f64>().is_ok() || DateFormat::Iso.read(name).is_some()
}

/// The letters a spreadsheet shows over column `i` (from 0).
fn letters(mut i: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(i % 26).unwrap_or(0)));
        if i < 26 {
            break;
        }
        i = i / 26 - 1;
    }
    letters.iter().rev().collect()
}

/// The fault of a file with a header and nothing under it.
pub fn no_rows(source: &str) -> Problem {
    Problem::error("data.no_rows", Place::file(source), "the table has names of columns but no rows")
        .hint("export the data again, rows included")
}

/// The fault of a file with nothing in it.
pub fn empty(source: &str) -> Problems {
    Problem::error("data.empty_file", Place::file(source), format!("`{source}` is empty"))
        .hint("export the data again")
        .into()
}

/// The remark on rows that hold nothing.
pub fn blank_rows(source: &str, n: usize, first: usize) -> Problem {
    let rows = if n == 1 { "row holds" } else { "rows hold" };
    let message =
        format!("{n} {rows} nothing and {} left out, first row {first}", if n == 1 { "is" } else { "are" });
    Problem::info("data.blank_rows", Place::row(source, first), message)
}

/// The fault of a table too wide to be one.
pub fn too_wide(source: &str, n: usize) -> Problems {
    let message = format!("the table has {n} columns; {MOST_COLUMNS} is the most that can be read");
    Problem::error("data.too_many_columns", Place::file(source), message)
        .hint("check the separator, and that periods run down the rows")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_in_a_spreadsheet() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
