//! Puts rows on the grid of geos and periods: every key once, no gap, whatever the order of the rows.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::civil::Date;

use super::cadence::{Cadence, cadence};
use super::calendar::{Calendar, Spacing};
use super::cell::{counted, quoted, trimmed};
use super::date::Dates;
use super::listing::Listing;
use super::options::{DataOptions, Duplicates, Gaps};
use super::table::{Column, Table, Values};
use crate::problem::{Place, Problem, Problems};

/// Which cell of the grid each row of the table belongs to. Cells are numbered `geo · n_times + time`.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Geo names, in order of first appearance.
    pub geos: Vec<String>,
    /// The time axis.
    pub calendar: Calendar,
    /// Cell of each row.
    pub cell_of_row: Vec<usize>,
    /// First row of each cell; `None` where a gap is filled.
    pub row_of_cell: Vec<Option<u32>>,
    /// Cells that more than one row belongs to.
    pub has_duplicates: bool,
}

impl Grid {
    /// Number of cells.
    pub fn n_cells(&self) -> usize {
        self.row_of_cell.len()
    }

    /// Geo and date of a cell, for messages: `2024-01-01`, or `2024-01-01 in geo `north``.
    pub fn key(&self, cell: usize) -> String {
        let n_times = self.calendar.len();
        let date = self.calendar.date(cell % n_times);
        match self.geos.len() {
            1 => date.to_string(),
            _ => format!("{date} in geo {}", quoted(&self.geos[cell / n_times])),
        }
    }
}

/// Geo of each row (`None` where missing, reported) and the names in order of first appearance.
pub fn read_geos(table: &Table, column: &Column, found: &mut Problems) -> (Vec<Option<usize>>, Vec<String>) {
    let mut numbers: HashMap<Cow<'_, str>, usize> = HashMap::new();
    let mut faults = Listing::new();
    let mut of_row = Vec::with_capacity(column.values.len());
    for row in 0..column.values.len() {
        let name = geo_name(&column.values, row);
        if name.is_empty() {
            faults.add(|| {
                let at = Place::cell(&table.source, table.row_number(row), &column.name);
                let message = format!("the geo is missing in column `{}`", column.name);
                Problem::error("data.missing_geo", at, message)
                    .hint("name the geo of the row, or delete the row")
            });
            of_row.push(None);
            continue;
        }
        let next = numbers.len();
        of_row.push(Some(*numbers.entry(name).or_insert(next)));
    }
    let mut names = vec![String::new(); numbers.len()];
    for (name, number) in numbers {
        names[number] = name.into_owned();
    }
    faults.report(found);
    remark_geos(table, column, &names, found);
    (of_row, names)
}

/// A geo may be called `NA` (Namibia), but not nothing.
fn geo_name(values: &Values, row: usize) -> Cow<'_, str> {
    match values {
        Values::Text(cells) => Cow::Borrowed(trimmed(cells.get(row))),
        Values::Number(cells) => Cow::Owned(cells[row].map(|n| n.to_string()).unwrap_or_default()),
        Values::Date(cells) => Cow::Owned(cells[row].map(|date| date.to_string()).unwrap_or_default()),
        Values::Bool(cells) => Cow::Owned(cells[row].map(|b| b.to_string()).unwrap_or_default()),
    }
}

fn remark_geos(table: &Table, column: &Column, names: &[String], found: &mut Problems) {
    let place = || Place::column(&table.source, &column.name);
    if let [only] = names {
        let message =
            format!("column `{}` holds a single geo, {}: the model is national", column.name, quoted(only));
        found.push(Problem::info("data.single_geo", place(), message));
    }
    let mut folded: HashMap<String, &str> = HashMap::new();
    let mut faults = Listing::new();
    for name in names {
        if let Some(other) = folded.insert(name.to_lowercase(), name) {
            faults.add(|| {
                let message = format!("geos {} and {} differ only in case", quoted(other), quoted(name));
                Problem::attention("data.similar_geos", place(), message)
                    .hint("use one spelling if they are one geo")
            });
        }
    }
    faults.report(found);
}

/// The keys of all rows, as read.
pub struct Keys<'a> {
    /// Name of the time column, for messages.
    pub time_column: &'a str,
    /// Dates.
    pub dates: &'a Dates,
    /// Geo of each row.
    pub geo_of_row: Vec<Option<usize>>,
    /// Geo names.
    pub geos: Vec<String>,
}

/// Builds the grid; `None` when the keys do not allow one, with the reasons in `found`.
pub fn build_grid(
    table: &Table,
    keys: Keys<'_>,
    options: &DataOptions,
    known: Option<Spacing>,
    found: &mut Problems,
) -> Option<Grid> {
    let place = Place::column(&table.source, keys.time_column);
    let mut dates: Vec<Date> = keys.dates.of_row.iter().flatten().copied().collect();
    dates.sort_unstable();
    dates.dedup();
    if dates.is_empty() {
        // Each missing or unreadable date is reported already.
        return None;
    }
    let Cadence { calendar, to_first_of_month } = match cadence(&dates, keys.dates.counter.or(known), &place)
    {
        Ok(cadence) => cadence,
        Err(mut problem) => {
            problem.at.row = first_odd_row(table, &keys, &problem);
            found.push(*problem);
            return None;
        }
    };
    if to_first_of_month {
        let message =
            "dates stand at varying days of the month; each period is named by the first of its month";
        found.push(Problem::info("data.month_dates", place.clone(), message));
    }
    let n_cells =
        keys.geos.len().checked_mul(calendar.len()).filter(|n| *n <= 1_000_000 + 50 * table.n_rows());
    let Some(n_cells) = n_cells else {
        let message = format!(
            "{} rows cannot fill a grid of {} and {}",
            table.n_rows(),
            counted(keys.geos.len(), "geo"),
            counted(calendar.len(), "period")
        );
        let hint = "check that the geo column names geos and that no date lies far off the others";
        found.push(Problem::error("data.sparse_grid", place, message).hint(hint));
        return None;
    };
    let mut grid = Grid {
        geos: keys.geos,
        cell_of_row: vec![usize::MAX; table.n_rows()],
        row_of_cell: vec![None; n_cells],
        calendar,
        has_duplicates: false,
    };
    place_rows(table, &keys.dates.of_row, &keys.geo_of_row, keys.time_column, &mut grid, options, found);
    let keys_are_whole = grid.cell_of_row.iter().all(|cell| *cell != usize::MAX);
    report_gaps(table, keys.time_column, &grid, options, found);
    keys_are_whole.then_some(grid)
}

/// The row of the file that holds the last date the message names: the one after the odd step.
fn first_odd_row(table: &Table, keys: &Keys<'_>, problem: &Problem) -> Option<usize> {
    let date: Date = problem.message.rsplit(' ').next()?.parse().ok()?;
    keys.dates.of_row.iter().position(|d| *d == Some(date)).map(|row| table.row_number(row))
}

fn place_rows(
    table: &Table,
    dates: &[Option<Date>],
    geo_of_row: &[Option<usize>],
    time_column: &str,
    grid: &mut Grid,
    options: &DataOptions,
    found: &mut Problems,
) {
    let n_times = grid.calendar.len();
    let mut last_time = vec![0; grid.geos.len()];
    let mut first_unsorted = None;
    let mut duplicates = Listing::new();
    for (row, (date, geo)) in dates.iter().zip(geo_of_row).enumerate() {
        let (Some(date), Some(geo)) = (date, geo) else { continue };
        let time = usize::try_from(grid.calendar.period_of(*date)).unwrap_or(0);
        if time < last_time[*geo] {
            first_unsorted.get_or_insert(row);
        }
        last_time[*geo] = time;
        let cell = geo * n_times + time;
        grid.cell_of_row[row] = cell;
        match grid.row_of_cell[cell] {
            None => grid.row_of_cell[cell] = u32::try_from(row).ok(),
            Some(first) => {
                duplicates.add(|| duplicate(table, time_column, grid, cell, first as usize, row));
            }
        }
    }
    if let Some(row) = first_unsorted {
        let at = Place {
            column: Some(time_column.to_owned()),
            ..Place::row(&table.source, table.row_number(row))
        };
        found.push(Problem::info("data.unsorted_rows", at, "rows are not in order of time and were sorted"));
    }
    grid.has_duplicates = duplicates.seen() > 0;
    match (options.duplicates, duplicates.seen()) {
        (_, 0) => {}
        (Some(Duplicates::Sum), n) => {
            let message =
                format!("{} for a geo and period that has one already: added up", counted(n, "row"));
            found.push(Problem::info("data.duplicates_summed", Place::file(&table.source), message));
        }
        (None, _) => duplicates.report(found),
    }
}

fn duplicate(table: &Table, column: &str, grid: &Grid, cell: usize, first: usize, row: usize) -> Problem {
    let message =
        format!("a second row for {}; the first is row {}", grid.key(cell), table.row_number(first));
    let hint = if grid.geos.len() == 1 {
        "name the geo column if there is one, delete the row, or say `duplicates = \"sum\"` under [data.options]"
    } else {
        "delete one of them, or say `duplicates = \"sum\"` under [data.options]"
    };
    Problem::error("data.duplicate_key", Place::cell(&table.source, table.row_number(row), column), message)
        .hint(hint)
}

/// One fault per run of missing periods in a geo, at the row that follows the run.
fn report_gaps(table: &Table, time_column: &str, grid: &Grid, options: &DataOptions, found: &mut Problems) {
    let n_times = grid.calendar.len();
    let mut gaps = Listing::new();
    let mut n_missing = 0;
    for geo in 0..grid.geos.len() {
        let mut time = 0;
        while time < n_times {
            let start = time;
            while time < n_times && grid.row_of_cell[geo * n_times + time].is_none() {
                time += 1;
            }
            if time > start {
                n_missing += time - start;
                gaps.add(|| gap(table, time_column, grid, geo, start..time));
            }
            time += 1;
        }
    }
    if n_missing == 0 {
        return;
    }
    match options.gaps {
        None => gaps.report(found),
        Some(Gaps::Zero) => {
            let message = format!(
                "{} without a row in {}: media is taken as 0 and the KPI as unknown there",
                counted(n_missing, "geo and period"),
                counted(gaps.seen(), "gap")
            );
            found.push(Problem::info("data.gaps_filled", Place::file(&table.source), message));
        }
    }
}

fn gap(table: &Table, time_column: &str, grid: &Grid, geo: usize, times: std::ops::Range<usize>) -> Problem {
    let n_times = grid.calendar.len();
    let unit = grid.calendar.spacing().name();
    let first = geo * n_times + times.start;
    let message = match times.len() {
        1 => format!("there is no row for {}", grid.key(first)),
        n => format!("there is no row for {} from {}", counted(n, unit), grid.key(first)),
    };
    let next = (times.end < n_times).then(|| grid.row_of_cell[geo * n_times + times.end]).flatten();
    let at = Place {
        row: next.map(|row| table.row_number(row as usize)),
        ..Place::column(&table.source, time_column)
    };
    Problem::error("data.gap", at, message)
        .hint("add the missing rows, or say `gaps = \"zero\"` under [data.options] if nothing ran then")
}
