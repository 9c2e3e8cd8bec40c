//! Delivering rows: into a file by its extension, or onto standard output in the form asked for.

use crate::outcome::{Failure, usage};
use crate::terminal::{Format, Terminal};
use std::path::Path;
use wanamaker::posterior::interval::Interval;
use wanamaker_io::export::{TableFormat, Target, write_rows};
use wanamaker_io::rows::{RowValues, Rows};

/// Writes `rows` to `file`, or else to standard output, where `readable` makes the table for people.
pub fn deliver(
    terminal: &Terminal,
    file: Option<&Path>,
    rows: &Rows,
    readable: impl FnOnce() -> String,
) -> Result<(), Failure> {
    if let Some(path) = file.filter(|path| *path != Path::new("-")) {
        let format = format_of(path, terminal.format)?;
        write_rows(Target::File(path), format, rows)?;
        terminal.say(&format!("{} rows are in {}", rows.n_rows(), path.display()));
        return Ok(());
    }
    match terminal.format {
        Format::Table => terminal.print(&readable())?,
        Format::Csv => write_rows(Target::Stdout, TableFormat::Csv, rows)?,
        Format::Json => write_rows(Target::Stdout, TableFormat::Json, rows)?,
        Format::Parquet => {
            return Err(usage("Parquet is no text for a screen", "name a file: -o table.parquet"));
        }
    }
    Ok(())
}

/// The extension decides; a name without one takes the form asked for.
fn format_of(path: &Path, asked: Format) -> Result<TableFormat, Failure> {
    match (path.extension(), asked) {
        (None, Format::Csv) => Ok(TableFormat::Csv),
        (None, Format::Json) => Ok(TableFormat::Json),
        (None, Format::Parquet) => Ok(TableFormat::Parquet),
        _ => Ok(TableFormat::of(path)?),
    }
}

/// Appends the columns of intervals, each name behind `prefix`: mean, sd, median, lower, upper.
#[must_use]
pub fn with_intervals(rows: Rows, prefix: &str, intervals: &[Option<Interval>]) -> Rows {
    let column = |name: &str, value: &dyn Fn(&Interval) -> f64| {
        let values = intervals.iter().map(|interval| interval.as_ref().map_or(f64::NAN, value)).collect();
        (format!("{prefix}{name}"), RowValues::Number(values))
    };
    [
        column("mean", &|i| i.mean),
        column("sd", &|i| i.sd),
        column("median", &|i| i.median),
        column("lower", &|i| i.lower),
        column("upper", &|i| i.upper),
    ]
    .into_iter()
    .fold(rows, |rows, (name, values)| rows.with(name, values))
}
