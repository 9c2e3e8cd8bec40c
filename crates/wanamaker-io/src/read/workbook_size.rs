//! Bounds on what a workbook may unfold to: a small file can hold a flood.

use std::io::Read as _;

use wanamaker::problem::{Place, Problem, Problems};

use super::spreadsheet::Bytes;

/// Most cells of the rectangle around a sheet's values.
pub const MOST_CELLS: u64 = 20_000_000;

/// Most bytes the parts of a workbook may unpack to.
const MOST_UNPACKED: u64 = 1 << 30;

/// Refuses a packed workbook whose parts unpack to too much, and an ODS sheet that repeats its cells too often.
pub fn check_size(source: &str, file: Bytes) -> Result<(), Problems> {
    // An old XLS is no archive and cannot be packed; a broken archive is reported by the reader that needs it.
    let Ok(mut archive) = zip::ZipArchive::new(file) else { return Ok(()) };
    let mut unpacked = 0_u64;
    for i in 0..archive.len() {
        unpacked = unpacked.saturating_add(archive.by_index_raw(i).map_or(0, |part| part.size()));
    }
    if unpacked > MOST_UNPACKED {
        return Err(too_large(source, &format!("the workbook unpacks to {} MB", unpacked >> 20)));
    }
    let mut content = String::new();
    if let Ok(part) = archive.by_name("content.xml") {
        let read = part.take(MOST_UNPACKED).read_to_string(&mut content);
        if read.is_ok() && ods_area(&content) > MOST_CELLS {
            return Err(too_large(source, "the sheet repeats its cells too often"));
        }
    }
    Ok(())
}

/// Upper bound of the rectangle an ODS sheet unfolds to: rows down to the last value times its widest row.
fn ods_area(content: &str) -> u64 {
    let (mut rows, mut last_row, mut width) = (0_u64, 0_u64, 0_u64);
    for row in content.split("<table:table-row").skip(1) {
        let row = row.split("</table:table-row>").next().unwrap_or(row);
        let head = row.split('>').next().unwrap_or_default();
        rows = rows.saturating_add(repeated(head, "number-rows-repeated"));
        let (mut columns, mut last_column) = (0_u64, 0_u64);
        for cell in row.split("<table:").skip(1).filter(|cell| cell.contains("table-cell")) {
            let head = cell.split('>').next().unwrap_or_default();
            columns = columns.saturating_add(repeated(head, "number-columns-repeated"));
            if head.contains("office:") {
                last_column = columns;
            }
        }
        if last_column > 0 {
            last_row = rows;
            width = width.max(last_column);
        }
    }
    last_row.saturating_mul(width)
}

fn repeated(head: &str, attribute: &str) -> u64 {
    let value = head.split_once(attribute).and_then(|(_, rest)| rest.split('"').nth(1));
    value.and_then(|value| value.parse().ok()).unwrap_or(1)
}

/// The fault of a sheet that is too large; `what` begins the sentence.
pub fn too_large(source: &str, what: &str) -> Problems {
    let message = format!("{what}: too large to be a table of market data");
    Problem::error("file.too_large", Place::file(source), message)
        .hint("delete stray cells far from the table, or save the sheet as CSV or Parquet")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_cells_count_and_empty_filler_does_not() {
        let ods = r#"<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1000" office:value-type="float"/></table:table-row>"#;
        assert_eq!(ods_area(ods), 1_000_000_000);
        let filler = r#"<table:table-row><table:table-cell office:value-type="float"/></table:table-row><table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
        assert_eq!(ods_area(filler), 1);
    }
}
