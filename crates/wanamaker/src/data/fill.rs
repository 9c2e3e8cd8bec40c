//! Reads one column after the rule of its role and lays it on the grid.

use super::cell::counted;
use super::grid::Grid;
use super::listing::Listing;
use super::number::{Evidence, Number, read_numbers};
use super::options::{DataOptions, MissingControls, MissingMedia};
use super::table::{Column, Table};
use crate::problem::{Place, Problem, Problems, Severity};

/// What reading a column needs to know besides the column.
pub struct Filler<'a> {
    /// The table.
    pub table: &'a Table,
    /// Repairs allowed.
    pub options: &'a DataOptions,
    /// Decimal signs seen in the columns used.
    pub file: Evidence,
    /// The grid; `None` when the keys are broken, and only the cells are checked.
    pub grid: Option<&'a Grid>,
}

/// A column on the grid. NaN marks a cell without a value.
pub struct Laid {
    /// `[geo, time]`; empty without a grid.
    pub values: Vec<f64>,
    /// No error was reported for it: what is said about its values can be believed.
    pub is_sound: bool,
}

/// How rows that share a cell become one value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Together {
    Sum,
    Same,
}

impl Filler<'_> {
    pub(super) fn place(&self, column: &str) -> Place {
        Place::column(&self.table.source, column)
    }

    fn cell(&self, row: usize, column: &str) -> Place {
        Place::cell(&self.table.source, self.table.row_number(row), column)
    }

    fn numbers(&self, column: &Column, found: &mut Problems) -> Vec<Number> {
        read_numbers(self.table, column, self.options.decimal, self.file, found)
    }

    /// Refuses infinities, and negative numbers where `floor` says so; the message names the role.
    fn check(&self, numbers: &[Number], column: &str, role: &str, is_floored: bool, found: &mut Problems) {
        let mut infinite = Listing::new();
        let mut negative = Listing::new();
        for (row, number) in numbers.iter().enumerate() {
            let Some(x) = *number else { continue };
            if x.is_infinite() {
                infinite.add(|| {
                    let message = format!("{role} `{column}` is infinite");
                    Problem::error("data.not_finite", self.cell(row, column), message)
                        .hint("write the number, or leave the cell empty if it is unknown")
                });
            } else if is_floored && x < 0.0 {
                negative.add(|| {
                    let message = format!("{role} `{column}` is {x}, which is below zero");
                    Problem::error("data.negative", self.cell(row, column), message)
                        .hint("book refunds and corrections in the period they belong to")
                });
            }
        }
        infinite.report(found);
        negative.report(found);
    }

    /// Lays row values on the grid.
    fn lay(&self, numbers: &[Number], column: &str, together: Together, found: &mut Problems) -> Vec<f64> {
        let Some(grid) = self.grid else { return Vec::new() };
        let mut values = vec![f64::NAN; grid.n_cells()];
        let mut conflicts = Listing::new();
        for (row, &cell) in grid.cell_of_row.iter().enumerate() {
            let x = numbers[row].unwrap_or(f64::NAN);
            let is_first = grid.row_of_cell[cell] == u32::try_from(row).ok();
            if is_first {
                values[cell] = x;
            } else if together == Together::Sum {
                values[cell] += x;
            } else if values[cell].is_nan() {
                values[cell] = x;
            } else if !x.is_nan() && x != values[cell] {
                conflicts.add(|| {
                    let message = format!("`{column}` differs between the rows for {}", grid.key(cell));
                    Problem::error("data.duplicate_conflict", self.cell(row, column), message)
                        .hint("only KPI, exposure and spend can be added up; make the rows agree")
                });
            }
        }
        // Without the option every second row of a cell is an error already.
        if self.options.duplicates.is_some() {
            conflicts.report(found);
        }
        values
    }

    /// The KPI: missing cells stay NaN.
    pub fn kpi(&self, column: &Column, found: &mut Problems) -> Laid {
        let errors = found.count(Severity::Error);
        let numbers = self.numbers(column, found);
        self.check(&numbers, &column.name, "KPI", false, found);
        let negative = numbers.iter().flatten().filter(|x| **x < 0.0).count();
        if negative > 0 {
            let first = numbers.iter().position(|x| x.is_some_and(|x| x < 0.0)).unwrap_or(0);
            let message = format!("KPI `{}` is below zero in {}", column.name, counted(negative, "cell"));
            found.push(
                Problem::attention("data.negative_kpi", self.cell(first, &column.name), message)
                    .hint("a count or a log link cannot be negative; check that returns are meant"),
            );
        }
        let values = self.lay(&numbers, &column.name, Together::Sum, found);
        Laid { values, is_sound: found.count(Severity::Error) == errors }
    }

    /// Exposure or spend: finite and not negative in every cell.
    pub fn media(&self, column: &Column, role: &str, found: &mut Problems) -> Laid {
        let errors = found.count(Severity::Error);
        let numbers = self.media_rows(column, role, found);
        self.lay_media(&numbers, &column.name, errors, found)
    }

    /// Exposure as reach times average frequency.
    pub fn reach_frequency(&self, reach: &Column, frequency: &Column, found: &mut Problems) -> Laid {
        let errors = found.count(Severity::Error);
        let r = self.media_rows(reach, "reach", found);
        let f = self.media_rows(frequency, "frequency", found);
        let product: Vec<Number> = r.iter().zip(&f).map(|(r, f)| Some((*r)? * (*f)?)).collect();
        self.lay_media(&product, &reach.name, errors, found)
    }

    fn media_rows(&self, column: &Column, role: &str, found: &mut Problems) -> Vec<Number> {
        let mut numbers = self.numbers(column, found);
        self.check(&numbers, &column.name, role, true, found);
        let mut missing = Listing::new();
        for row in 0..numbers.len() {
            if numbers[row].is_some() {
                continue;
            }
            missing.add(|| {
                let message = format!("{role} `{}` is missing", column.name);
                Problem::error("data.missing_media", self.cell(row, &column.name), message)
                    .hint("write 0 where nothing ran, or say `missing_media = \"zero\"` under [data.options]")
            });
            if self.options.missing_media == Some(MissingMedia::Zero) {
                numbers[row] = Some(0.0);
            }
        }
        match (self.options.missing_media, missing.seen()) {
            (_, 0) => {}
            (None, _) => missing.report(found),
            (Some(MissingMedia::Zero), n) => {
                let message =
                    format!("{role} `{}` is taken as 0 in {}", column.name, counted(n, "empty cell"));
                found.push(Problem::info("data.missing_media_zero", self.place(&column.name), message));
            }
        }
        numbers
    }

    fn lay_media(&self, numbers: &[Number], column: &str, errors: usize, found: &mut Problems) -> Laid {
        let mut values = self.lay(numbers, column, Together::Sum, found);
        if let Some(grid) = self.grid {
            for (value, row) in values.iter_mut().zip(&grid.row_of_cell) {
                if row.is_none() {
                    *value = 0.0;
                }
            }
        }
        Laid { values, is_sound: found.count(Severity::Error) == errors }
    }

    /// A control or a treatment: finite in every cell; 0 in media history where it is missing.
    pub fn control(&self, column: &Column, role: &str, n_history: usize, found: &mut Problems) -> Laid {
        self.steady(column, role, false, n_history, found)
    }

    /// Money per unit of KPI: finite, not negative.
    pub fn revenue_per_kpi(&self, column: &Column, n_history: usize, found: &mut Problems) -> Laid {
        self.steady(column, "revenue per KPI", true, n_history, found)
    }

    fn steady(
        &self,
        column: &Column,
        role: &str,
        floored: bool,
        n_history: usize,
        found: &mut Problems,
    ) -> Laid {
        let errors = found.count(Severity::Error);
        let numbers = self.numbers(column, found);
        self.check(&numbers, &column.name, role, floored, found);
        let mut values = self.lay(&numbers, &column.name, Together::Same, found);
        if let Some(grid) = self.grid {
            self.fill_steady(&mut values, &numbers, column, role, grid, n_history, found);
        }
        Laid { values, is_sound: found.count(Severity::Error) == errors }
    }

    /// Fills what may be filled: history with 0, later cells from the period before if that was asked for.
    fn fill_steady(
        &self,
        values: &mut [f64],
        numbers: &[Number],
        column: &Column,
        role: &str,
        grid: &Grid,
        n_history: usize,
        found: &mut Problems,
    ) {
        let n_times = grid.calendar.len();
        let (mut n_early, mut n_previous) = (0, 0);
        let mut missing = Listing::new();
        for cell in 0..values.len() {
            let time = cell % n_times;
            // NaN of the table is missing; a cell that could not be read is Some(NaN) and reported.
            let row = grid.row_of_cell[cell].map(|row| row as usize);
            let is_unread = row.is_some_and(|row| numbers[row].is_some());
            if !values[cell].is_nan() || is_unread {
                continue;
            }
            let before = if time > 0 { values[cell - 1] } else { f64::NAN };
            if time < n_history {
                values[cell] = 0.0;
                n_early += 1;
            } else if self.options.missing_controls == Some(MissingControls::Previous) && !before.is_nan() {
                values[cell] = before;
                n_previous += 1;
            } else {
                missing.add(|| {
                    let message = format!("{role} `{}` is missing for {}", column.name, grid.key(cell));
                    let mut at = self.place(&column.name);
                    at.row = row.map(|row| self.table.row_number(row));
                    Problem::error("data.missing_control", at, message)
                        .hint("give a value, or say `missing_controls = \"previous\"` under [data.options] to carry the last one on")
                });
            }
        }
        missing.report(found);
        for (n, code, how) in [
            (n_early, "data.history_control_zero", "0 before the first KPI value"),
            (n_previous, "data.missing_control_previous", "unchanged since the period before"),
        ] {
            if n > 0 {
                let message =
                    format!("{role} `{}` is taken as {how} in {}", column.name, counted(n, "empty cell"));
                found.push(Problem::info(code, self.place(&column.name), message));
            }
        }
    }

    /// Population of each geo: one positive number in all its rows. `[geo]`
    pub fn population(&self, column: &Column, found: &mut Problems) -> Vec<f64> {
        let numbers = self.numbers(column, found);
        self.check(&numbers, &column.name, "population", true, found);
        let Some(grid) = self.grid else { return Vec::new() };
        let mut of_geo: Vec<Option<f64>> = vec![None; grid.geos.len()];
        let mut faults = Listing::new();
        for (row, number) in numbers.iter().enumerate() {
            let Some(x) = number.filter(|x| x.is_finite()) else { continue };
            let geo = grid.cell_of_row[row] / grid.calendar.len();
            let first = *of_geo[geo].get_or_insert(x);
            let name = &grid.geos[geo];
            if x == 0.0 {
                faults.add(|| {
                    Problem::error(
                        "data.population_zero",
                        self.cell(row, &column.name),
                        format!("the population of geo `{name}` is 0"),
                    )
                    .hint("give the number of people of the geo, or leave the population out")
                });
            } else if x != first {
                faults.add(|| {
                    let message = format!("the population of geo `{name}` is {x} here and {first} before; it must not vary over time");
                    Problem::error("data.population_varies", self.cell(row, &column.name), message)
                        .hint("use one number per geo, e.g. that of the middle year")
                });
            }
        }
        for (geo, population) in of_geo.iter().enumerate() {
            if population.is_none() {
                let message = format!("there is no population for geo `{}`", grid.geos[geo]);
                faults.add(|| Problem::error("data.missing_population", self.place(&column.name), message));
            }
        }
        faults.report(found);
        of_geo.into_iter().map(|population| population.unwrap_or(1.0)).collect()
    }
}
