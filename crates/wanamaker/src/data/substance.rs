//! Checks that a series says something: a KPI that moves, a channel that ran, a control that varies.

use super::cell::counted;
use super::fill::Laid;
use super::grid::Grid;
use super::roles::{ExposureColumns, MediaColumns};
use super::table::Table;
use crate::problem::{Place, Problem, Problems};

/// Checks the KPI on the grid and returns the number of leading periods without any value: media history.
pub fn check_kpi(table: &Table, name: &str, values: &[f64], grid: &Grid, found: &mut Problems) -> usize {
    let place = || Place::column(&table.source, name);
    let n_times = grid.calendar.len();
    let has_kpi = |t: usize| (0..grid.geos.len()).any(|g| !values[g * n_times + t].is_nan());
    let Some(first) = (0..n_times).find(|t| has_kpi(*t)) else {
        let message = format!("KPI `{name}` has no value in any row");
        found.push(
            Problem::error("data.kpi_missing", place(), message)
                .hint("choose the column of the outcome as KPI"),
        );
        return 0;
    };
    let last = (0..n_times).rev().find(|t| has_kpi(*t)).unwrap_or(first);
    if is_constant(values.iter().copied()) {
        let known = values.iter().find(|x| !x.is_nan()).copied().unwrap_or(0.0);
        let message = format!("KPI `{name}` is {known} wherever it is known, so there is nothing to explain");
        found.push(
            Problem::error("data.constant_kpi", place(), message)
                .hint("choose the column of the outcome as KPI"),
        );
    }
    remark_ends(table, name, first, last, grid, found);
    remark_holes(table, name, values, first..last + 1, grid, found);
    first
}

fn remark_ends(table: &Table, name: &str, first: usize, last: usize, grid: &Grid, found: &mut Problems) {
    let place = || Place::column(&table.source, name);
    if first > 0 {
        let message = format!(
            "{} before the first KPI value, on {}, serve as media history",
            counted(first, "period"),
            grid.calendar.date(first)
        );
        found.push(Problem::info("data.media_history", place(), message));
    }
    let n_after = grid.calendar.len() - 1 - last;
    if n_after > 0 {
        let message = format!(
            "KPI `{name}` is unknown in the last {}, from {}: they are predicted, not fitted",
            counted(n_after, "period"),
            grid.calendar.date(last + 1)
        );
        found.push(
            Problem::attention("data.kpi_unknown_at_end", place(), message)
                .hint("cut these rows if they are not plans"),
        );
    }
}

fn remark_holes(
    table: &Table,
    name: &str,
    values: &[f64],
    times: std::ops::Range<usize>,
    grid: &Grid,
    found: &mut Problems,
) {
    let n_times = grid.calendar.len();
    let is_hole = |cell: &usize| times.contains(&(cell % n_times)) && values[*cell].is_nan();
    let holes: Vec<usize> = (0..values.len()).filter(is_hole).collect();
    let Some(&first) = holes.first() else { return };
    let row = grid.row_of_cell[first].map(|row| table.row_number(row as usize));
    let share = 100.0 * holes.len() as f64 / (times.len() * grid.geos.len()) as f64;
    let message = format!(
        "KPI `{name}` is missing in {} ({share:.1} % of those between its first and last value), first for {}; they leave the likelihood",
        counted(holes.len(), "cell"),
        grid.key(first)
    );
    let at = Place { row, ..Place::column(&table.source, name) };
    found.push(Problem::attention("data.missing_kpi", at, message).hint("write 0 where nothing was sold"));
}

/// Refuses a channel whose exposure or spend is zero everywhere.
pub fn check_media(table: &Table, media: &MediaColumns, part: &str, laid: &Laid, found: &mut Problems) {
    if !laid.is_sound || laid.values.iter().any(|x| *x > 0.0) {
        return;
    }
    let column = match (&media.exposure, part) {
        (_, "spend") => media.spend.as_deref().unwrap_or_default(),
        (ExposureColumns::One(column), _) => column,
        (ExposureColumns::ReachFrequency { reach, .. }, _) => reach,
    };
    let message = format!("channel `{}` is zero in every row: its {part} `{column}` never ran", media.name);
    let hint = if part == "spend" {
        "list it as organic media if it costs nothing, or leave it out"
    } else {
        "leave the channel out: the data cannot say what it would have done"
    };
    found.push(
        Problem::error("data.channel_all_zero", Place::column(&table.source, column), message).hint(hint),
    );
}

/// Refuses a control, treatment or event that is the same in every period that has a KPI.
pub fn check_moves(
    table: &Table,
    column: &str,
    what: &str,
    values: &[f64],
    grid: &Grid,
    n_history: usize,
    found: &mut Problems,
) {
    let n_times = grid.calendar.len();
    let seen = (0..values.len()).filter(|cell| cell % n_times >= n_history).map(|cell| values[cell]);
    if !is_constant(seen.clone()) {
        return;
    }
    let known = seen.into_iter().find(|x| !x.is_nan()).unwrap_or(0.0);
    let message =
        format!("{what} is {known} in every period, so its effect cannot be told from the baseline");
    found.push(
        Problem::error("data.constant_column", Place::column(&table.source, column), message)
            .hint("leave it out"),
    );
}

/// Whether the known values are all the same to the last few bits; true for a single one or none.
pub fn is_constant(values: impl Iterator<Item = f64>) -> bool {
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    for x in values.filter(|x| !x.is_nan()) {
        (least, most) = (least.min(x), most.max(x));
    }
    let size = least.abs().max(most.abs());
    least >= most || most - least <= 1e-12 * size
}
