//! Reads a column as dates: the format is decided once, from all its cells.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::Spacing;
use super::cell::{counted, is_missing, quoted, trimmed};
use super::date_format::{DateFormat, without_time};
use super::listing::Listing;
use super::table::{Column, Table, TextColumn, Values};
use crate::problem::{Place, Problem, Problems};

/// The first day of a calendar made up for periods that are only counted: a Monday.
pub const COUNTER_START: Date = Date::constant(2000, 1, 3);

/// A time column as dates.
#[derive(Clone, Debug, PartialEq)]
pub struct Dates {
    /// Date of each row; `None` where it is missing or could not be read (reported).
    pub of_row: Vec<Option<Date>>,
    /// The spacing, where the column only counts periods.
    pub counter: Option<Spacing>,
}

/// Reads `column` as dates; `stated` is the format the user named. Faults and remarks go to `found`.
pub fn read_dates(table: &Table, column: &Column, stated: Option<&str>, found: &mut Problems) -> Dates {
    let place = || Place::column(&table.source, &column.name);
    let cells: TextColumn = match &column.values {
        Values::Date(dates) => {
            report_missing(table, column, dates.iter().map(Option::is_none), found);
            return Dates { of_row: dates.clone(), counter: None };
        }
        Values::Text(cells) => cells.iter().map(trimmed).collect(),
        Values::Number(numbers) => {
            numbers.iter().map(|n| n.map(|n| n.to_string()).unwrap_or_default()).collect()
        }
        Values::Bool(_) => {
            let message = format!("column `{}` holds yes/no values, not dates", column.name);
            found.push(
                Problem::error("data.not_dates", place(), message).hint("choose the column of dates as time"),
            );
            return Dates { of_row: vec![None; column.values.len()], counter: None };
        }
    };
    report_missing(table, column, cells.iter().map(is_missing), found);
    let format = match stated.map(|word| (word, DateFormat::from_word(word))) {
        Some((_, Some(format))) => Some(format),
        Some((word, None)) => {
            let message = format!("`date_format` names no format: {}", quoted(word));
            let hint = "say `day_first`, `month_first`, `iso_week` or a pattern such as `%d/%m/%Y`";
            found.push(Problem::error("data.unknown_date_format", place(), message).hint(hint));
            None
        }
        None => match decide(&cells) {
            Decision::Format(format) => Some(format),
            Decision::Open(one, other) => {
                found.push(ambiguous(table, column, &cells, &one, &other));
                None
            }
            Decision::NotDates => {
                found.push(not_dates(table, column, &cells));
                None
            }
        },
    };
    match format {
        None => Dates { of_row: vec![None; cells.len()], counter: None },
        Some(DateFormat::Counter) => counted_periods(table, column, &cells, found),
        Some(format) => Dates { of_row: read(table, column, &cells, &format, found), counter: None },
    }
}

/// Whether every cell that is not missing is a date in one and the same format; a bare year is not enough.
pub fn is_date_column(column: &Column) -> bool {
    let cells = match &column.values {
        Values::Date(_) => return true,
        Values::Text(cells) => cells,
        _ => return false,
    };
    let mut formats: Vec<DateFormat> =
        DateFormat::TRIED.into_iter().filter(|format| *format != DateFormat::Year).collect();
    let mut is_any = false;
    for cell in cells.iter().map(trimmed).filter(|cell| !is_missing(cell)) {
        is_any = true;
        let (cell, _) = without_time(cell);
        formats.retain(|format| format.read(cell).is_some());
        if formats.is_empty() {
            return false;
        }
    }
    is_any
}

enum Decision {
    Format(DateFormat),
    /// Both read every cell that either reads, and to different dates.
    Open(DateFormat, DateFormat),
    NotDates,
}

fn decide(cells: &TextColumn) -> Decision {
    if counter_values(cells).is_some() {
        return Decision::Format(DateFormat::Counter);
    }
    // A panel repeats its dates for every geo: each distinct cell is tried once.
    let mut distinct: HashMap<&str, usize> = HashMap::new();
    for cell in cells.iter().filter(|cell| !is_missing(cell)) {
        *distinct.entry(without_time(cell).0).or_default() += 1;
    }
    let mut counts = [0_usize; DateFormat::TRIED.len()];
    for (cell, n) in &distinct {
        for (count, format) in counts.iter_mut().zip(&DateFormat::TRIED) {
            *count += if format.read(cell).is_some() { *n } else { 0 };
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    if 2 * most < distinct.values().sum() || most == 0 {
        return Decision::NotDates;
    }
    let best = |format: &DateFormat| {
        DateFormat::TRIED.iter().position(|tried| tried == format).is_some_and(|i| counts[i] == most)
    };
    for (one, other) in
        [(DateFormat::DayFirst, DateFormat::MonthFirst), (DateFormat::Month, DateFormat::Week)]
    {
        if best(&one) && best(&other) && differ(cells, &one, &other) {
            // Twelve periods a year, one after the other over a new year, are months.
            if one == DateFormat::Month && crosses_december(cells) {
                return Decision::Format(one);
            }
            return Decision::Open(one, other);
        }
    }
    let first = counts.iter().position(|count| *count == most).unwrap_or(0);
    Decision::Format(DateFormat::TRIED[first].clone())
}

fn differ(cells: &TextColumn, one: &DateFormat, other: &DateFormat) -> bool {
    cells.iter().map(|cell| without_time(cell).0).any(|cell| one.read(cell) != other.read(cell))
}

fn crosses_december(cells: &TextColumn) -> bool {
    let mut months: Vec<Date> = cells.iter().filter_map(|cell| DateFormat::Month.read(cell)).collect();
    months.sort_unstable();
    months.dedup();
    months.windows(2).any(|pair| pair[0].month() == 12 && pair[1].month() == 1)
}

/// The numbers of a column that counts its periods from 0 or 1.
fn counter_values(cells: &TextColumn) -> Option<Vec<Option<i64>>> {
    let mut values = Vec::with_capacity(cells.len());
    let (mut least, mut most) = (i64::MAX, i64::MIN);
    for cell in cells.iter() {
        if is_missing(cell) {
            values.push(None);
            continue;
        }
        let whole = cell.strip_suffix(".0").unwrap_or(cell);
        let value: i64 = whole.parse().ok().filter(|n| (0..100_000).contains(n))?;
        (least, most) = (least.min(value), most.max(value));
        values.push(Some(value));
    }
    ((0..=1).contains(&least) && most > least).then_some(values)
}

fn counted_periods(table: &Table, column: &Column, cells: &TextColumn, found: &mut Problems) -> Dates {
    let place = Place::column(&table.source, &column.name);
    let Some(values) = counter_values(cells) else {
        let message = format!("column `{}` does not count periods from 0 or 1", column.name);
        found.push(
            Problem::error("data.not_dates", place, message).hint("use whole numbers, or a column of dates"),
        );
        return Dates { of_row: vec![None; cells.len()], counter: None };
    };
    let lowered = column.name.to_lowercase();
    let is_weekly = lowered.contains("week") || lowered == "wk";
    let spacing = if is_weekly { Spacing::Days(7) } else { Spacing::Days(1) };
    let step = if is_weekly { 7 } else { 1 };
    let first = values.iter().flatten().min().copied().unwrap_or(0);
    let message = format!(
        "column `{}` only counts its periods; they are taken as {}s from {COUNTER_START}",
        column.name,
        spacing.name()
    );
    found.push(
        Problem::info("data.counted_periods", place, message)
            .hint("dates would let the model know the seasons"),
    );
    let of_row = values
        .iter()
        .map(|value| value.map(|n| COUNTER_START.saturating_add(((n - first) * step).days())))
        .collect();
    Dates { of_row, counter: Some(spacing) }
}

fn read(
    table: &Table,
    column: &Column,
    cells: &TextColumn,
    format: &DateFormat,
    found: &mut Problems,
) -> Vec<Option<Date>> {
    let mut faults = Listing::new();
    let (mut n_times, mut n_read) = (0, 0);
    let mut known: HashMap<&str, (Option<Date>, bool)> = HashMap::new();
    let dates = cells.iter().enumerate().map(|(i, whole)| {
        if is_missing(whole) {
            return None;
        }
        let (date, has_time) = *known.entry(whole).or_insert_with(|| {
            let (cell, has_time) = without_time(whole);
            // A pattern may ask for the time of day itself.
            (format.read(cell).or_else(|| format.read(whole)), has_time)
        });
        n_times += usize::from(has_time && date.is_some());
        n_read += usize::from(date.is_some());
        if date.is_none() {
            faults.add(|| {
                let at = Place::cell(&table.source, table.row_number(i), &column.name);
                let message = format!("{} in column `{}` is not a date", quoted(whole), column.name);
                let hint = format!("the other cells are written like {}", format.example());
                Problem::error("data.not_a_date", at, message).hint(hint)
            });
        }
        date
    });
    let dates: Vec<Option<Date>> = dates.collect();
    faults.report(found);
    remark(table, column, format, n_times, n_read, found);
    dates
}

fn remark(
    table: &Table,
    column: &Column,
    format: &DateFormat,
    n_times: usize,
    n_read: usize,
    found: &mut Problems,
) {
    let place = || Place::column(&table.source, &column.name);
    if !matches!(format, DateFormat::Iso) && n_read > 0 {
        let message = format!("dates in column `{}` are read as {}", column.name, format.example());
        found.push(Problem::info("data.date_format", place(), message));
    }
    if n_times > 0 {
        let message = format!(
            "the time of day is left out in {} of column `{}`",
            counted(n_times, "cell"),
            column.name
        );
        found.push(
            Problem::attention("data.time_of_day", place(), message).hint("add the rows of a day up first"),
        );
    }
}

fn report_missing(table: &Table, column: &Column, missing: impl Iterator<Item = bool>, found: &mut Problems) {
    let mut faults = Listing::new();
    for (i, _) in missing.enumerate().filter(|(_, is_missing)| *is_missing) {
        faults.add(|| {
            let at = Place::cell(&table.source, table.row_number(i), &column.name);
            let message = format!("the date is missing in column `{}`", column.name);
            Problem::error("data.missing_date", at, message).hint("give the row a date, or delete it")
        });
    }
    faults.report(found);
}

fn ambiguous(
    table: &Table,
    column: &Column,
    cells: &TextColumn,
    one: &DateFormat,
    other: &DateFormat,
) -> Problem {
    let is_open = |cell: &&str| one.read(without_time(cell).0) != other.read(without_time(cell).0);
    let cell = cells.iter().find(is_open).unwrap_or_default();
    let bare = without_time(cell).0;
    let shown = |format: &DateFormat| format.read(bare).map_or(String::new(), |date| date.to_string());
    let message = format!(
        "dates in column `{}` can be read in two ways: {} is {} or {}",
        column.name,
        quoted(cell),
        shown(one),
        shown(other)
    );
    let hint = format!(
        "say `date_format = \"{}\"` or `date_format = \"{}\"` under [data.options]",
        one.word(),
        other.word()
    );
    Problem::error("data.ambiguous_date", Place::column(&table.source, &column.name), message).hint(hint)
}

fn not_dates(table: &Table, column: &Column, cells: &TextColumn) -> Problem {
    let first = (0..cells.len()).find(|&i| !is_missing(cells.get(i))).unwrap_or(0);
    let cell = if cells.is_empty() { "" } else { cells.get(first) };
    let message = format!("column `{}` holds no dates: it begins with {}", column.name, quoted(cell));
    let is_serial = cell.parse::<f64>().is_ok_and(|n| (20_000.0..80_000.0).contains(&n));
    let hint = if is_serial {
        "if these are days as a spreadsheet counts them, say `date_format = \"excel_serial\"` under [data.options]"
    } else {
        "choose the column of dates as time, or say `date_format = \"%d/%m/%Y\"` under [data.options]"
    };
    let at = Place::cell(&table.source, table.row_number(first), &column.name);
    Problem::error("data.not_dates", at, message).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as on;

    fn read(name: &str, cells: &[&str], stated: Option<&str>) -> (Dates, Problems) {
        let column = Column { name: name.into(), values: Values::Text(cells.iter().collect()) };
        let table = Table::new("f.csv", vec![column.clone()]);
        let mut found = Problems::new();
        let dates = read_dates(&table, &column, stated, &mut found);
        (dates, found)
    }

    fn check(cells: &[&str], expected: &[Date]) {
        let (dates, found) = read("week", cells, None);
        assert_eq!(dates.of_row, expected.iter().map(|d| Some(*d)).collect::<Vec<_>>(), "{found}");
        assert!(!found.has_errors(), "{found}");
    }

    #[test]
    fn the_whole_column_decides_day_first_or_month_first() {
        check(&["01/02/2024", "13/02/2024"], &[on(2024, 2, 1), on(2024, 2, 13)]);
        check(&["01/02/2024", "02/13/2024"], &[on(2024, 1, 2), on(2024, 2, 13)]);
        check(&["2024-W05", "2024-W06"], &[on(2024, 1, 29), on(2024, 2, 5)]);
        check(&["202312", "202401"], &[on(2023, 12, 1), on(2024, 1, 1)]);
        check(&["202412", "202413"], &[on(2024, 3, 18), on(2024, 3, 25)]);
        check(&["2021Q4", "2022Q1"], &[on(2021, 10, 1), on(2022, 1, 1)]);
        check(&["2024-01-05 00:00:00", "2024-01-06T00:00:00Z"], &[on(2024, 1, 5), on(2024, 1, 6)]);
        check(&["05/05/2024", "06/06/2024"], &[on(2024, 5, 5), on(2024, 6, 6)]);
    }

    #[test]
    fn an_open_column_is_an_error_that_names_the_option() {
        for cells in [["01/02/2024", "02/02/2024"], ["202401", "202402"]] {
            let (_, found) = read("date", &cells, None);
            assert_eq!(found.0[0].code, "data.ambiguous_date");
            assert!(found.0[0].hint.as_ref().unwrap().contains("date_format = "));
        }
        let (dates, found) = read("date", &["01/02/2024", "02/02/2024"], Some("day_first"));
        assert_eq!(dates.of_row, [Some(on(2024, 2, 1)), Some(on(2024, 2, 2))]);
        assert!(!found.has_errors());
        let (_, found) = read("date", &["2024-01-01"], Some("dmy"));
        assert_eq!(found.0[0].code, "data.unknown_date_format");
    }

    #[test]
    fn a_cell_in_another_format_is_named() {
        let (dates, found) = read("date", &["2024-01-01", "08/01/2024", "2024-01-15", ""], None);
        let codes: Vec<_> = found.iter().map(|p| (p.code, p.at.row)).collect();
        assert_eq!(codes, [("data.missing_date", Some(5)), ("data.not_a_date", Some(3))]);
        assert_eq!(dates.of_row[1], None);
    }

    #[test]
    fn counted_periods_get_a_calendar_of_their_own() {
        let (dates, found) = read("week", &["0", "1", "3"], None);
        assert_eq!(dates.counter, Some(Spacing::Days(7)));
        assert_eq!(dates.of_row[2], Some(on(2000, 1, 24)));
        assert_eq!(found.0[0].code, "data.counted_periods");
        assert_eq!(read("t", &["1", "2"], None).0.counter, Some(Spacing::Days(1)));
        assert_eq!(read("t", &["45323", "45330"], None).1.0[0].code, "data.not_dates");
        assert_eq!(read("t", &["45323", "45330"], Some("excel_serial")).0.of_row[0], Some(on(2024, 2, 1)));
    }
}
