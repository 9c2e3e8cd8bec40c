//! Reads a column as numbers: one way of writing for the whole column, each cell that breaks it reported.

use super::cell::{counted, is_missing, quoted, trimmed, truth};
use super::listing::Listing;
use super::number_format::{Hint, Written, hint, unwrap, value};
use super::options::Decimal;
use super::table::{Column, Table, TextColumn, Values};
use crate::problem::{Place, Problem, Problems};

/// A number read: `None` where the cell is missing, NaN where it could not be read and was reported.
pub type Number = Option<f64>;

/// How many cells speak for which decimal sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Cells that can only be read with a decimal point.
    pub point: usize,
    /// Cells that can only be read with a decimal comma.
    pub comma: usize,
    perhaps_point: usize,
    perhaps_comma: usize,
}

impl Evidence {
    /// What the text cells of a column say.
    pub fn of_column(column: &Column) -> Self {
        let mut evidence = Self::default();
        let Values::Text(cells) = &column.values else { return evidence };
        for cell in cells.iter().map(trimmed) {
            // Plain digits say nothing; a word such as `3,5x` or a date neither.
            if is_digits(cell) {
                continue;
            }
            let Some(written) = unwrap(cell) else { continue };
            let reads = |decimal| usize::from(value(written.body, decimal).is_some());
            match hint(written.body) {
                Hint::None => {}
                Hint::Point if is_plain(cell) => evidence.point += 1,
                Hint::Point => evidence.point += reads(Decimal::Point),
                Hint::Comma => evidence.comma += reads(Decimal::Comma),
                Hint::PerhapsPoint => evidence.perhaps_point += 1,
                Hint::PerhapsComma => evidence.perhaps_comma += 1,
            }
        }
        evidence
    }

    /// What several columns of one file say together: files rarely mix decimal signs.
    pub fn of_columns<'a>(columns: impl IntoIterator<Item = &'a Column>) -> Self {
        let mut all = Self::default();
        for column in columns {
            let one = Self::of_column(column);
            all.point += one.point;
            all.comma += one.comma;
            all.perhaps_point += one.perhaps_point;
            all.perhaps_comma += one.perhaps_comma;
        }
        all
    }

    fn sign(self) -> Option<Decimal> {
        match self.point.cmp(&self.comma) {
            std::cmp::Ordering::Greater => Some(Decimal::Point),
            std::cmp::Ordering::Less => Some(Decimal::Comma),
            std::cmp::Ordering::Equal => None,
        }
    }
}

fn is_digits(cell: &str) -> bool {
    cell.bytes().all(|b| b.is_ascii_digit())
}

/// Digits with at most one point among them, as most numbers of most files are written.
fn is_plain(cell: &str) -> bool {
    let mut n_points = 0;
    cell.bytes().all(|b| {
        n_points += usize::from(b == b'.');
        b.is_ascii_digit() || b == b'.'
    }) && n_points <= 1
}

/// Reads `column` as numbers.
///
/// - `stated`: the decimal sign the user named
/// - `file`: evidence from the other columns of the file, for columns that leave the sign open
///
/// Faults and remarks go to `found`; an infinity of the file is kept for the caller's rule to refuse.
pub fn read_numbers(
    table: &Table,
    column: &Column,
    stated: Option<Decimal>,
    file: Evidence,
    found: &mut Problems,
) -> Vec<Number> {
    let place = || Place::column(&table.source, &column.name);
    match &column.values {
        Values::Number(cells) => cells.iter().map(|cell| cell.filter(|x| !x.is_nan())).collect(),
        Values::Bool(cells) => {
            found.push(truth_remark(place(), cells.iter().flatten().count()));
            cells.iter().map(|cell| cell.map(f64::from)).collect()
        }
        Values::Date(cells) => {
            found.push(
                Problem::error(
                    "data.date_as_number",
                    place(),
                    format!("column `{}` holds dates where numbers are needed", column.name),
                )
                .hint("choose another column, or store the numbers as numbers"),
            );
            cells.iter().map(|cell| cell.map(|_| f64::NAN)).collect()
        }
        Values::Text(cells) => match truth_values(cells) {
            Some(values) => {
                found.push(truth_remark(place(), values.iter().flatten().count()));
                values
            }
            None => read_text(table, column, cells, stated, file, found),
        },
    }
}

fn truth_remark(at: Place, n: usize) -> Problem {
    let message = format!("yes/no values are understood as 1 and 0 in {}", counted(n, "cell"));
    Problem::info("data.truth_values", at, message)
}

/// The column as 1 and 0, when every cell that is not missing is a word for yes or no.
pub fn truth_values(cells: &TextColumn) -> Option<Vec<Number>> {
    let mut values = Vec::new();
    for cell in cells.iter().map(trimmed) {
        match truth(cell) {
            Some(is_true) => values.push(Some(f64::from(is_true))),
            None if is_missing(cell) => values.push(None),
            None => return None,
        }
    }
    values.iter().any(Option::is_some).then_some(values)
}

fn read_text(
    table: &Table,
    column: &Column,
    cells: &TextColumn,
    stated: Option<Decimal>,
    file: Evidence,
    found: &mut Problems,
) -> Vec<Number> {
    let Some(decimal) = decide(table, column, stated, file, found) else {
        return unreadable(cells);
    };
    let mut reader = Reader { decimal, habits: Habits::default() };
    let mut faults = Listing::new();
    let mut n_values = 0;
    let mut numbers = Vec::with_capacity(cells.len());
    for (i, cell) in cells.iter().enumerate() {
        let cell = trimmed(cell);
        if is_missing(cell) {
            numbers.push(None);
            continue;
        }
        n_values += 1;
        let number = reader.read(cell);
        if number.is_none() {
            let at = Place::cell(&table.source, table.row_number(i), &column.name);
            faults.add(|| fault(at, cell, decimal));
        }
        numbers.push(Some(number.unwrap_or(f64::NAN)));
    }
    if n_values > 0 && faults.seen() == n_values {
        found.push(text_column(table, column, cells));
    } else {
        faults.report(found);
        reader.habits.report(&table.source, column, n_values, found);
    }
    numbers
}

fn unreadable(cells: &TextColumn) -> Vec<Number> {
    cells.iter().map(|cell| (!is_missing(trimmed(cell))).then_some(f64::NAN)).collect()
}

fn fault(at: Place, cell: &str, decimal: Decimal) -> Problem {
    let column = at.column.clone().unwrap_or_default();
    let message = format!("{} in column `{column}` is not a number", quoted(cell));
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let hint = match (decimal, digits > 0 && cell.contains([',', '.'])) {
        (Decimal::Point, true) => {
            "this column writes decimals with a point and thousands with a comma in groups of three"
        }
        (Decimal::Comma, true) => {
            "this column writes decimals with a comma and thousands with a point in groups of three"
        }
        _ => "write a number, or leave the cell empty if the value is unknown",
    };
    Problem::error("data.not_a_number", at, message).hint(hint)
}

/// A column in which no cell at all is a number: one fault says more than a thousand.
fn text_column(table: &Table, column: &Column, cells: &TextColumn) -> Problem {
    let first = cells.iter().map(trimmed).position(|cell| !is_missing(cell)).unwrap_or(0);
    let message = format!(
        "column `{}` holds text such as {} where numbers are needed",
        column.name,
        quoted(trimmed(cells.get(first)))
    );
    Problem::error(
        "data.text_column",
        Place::cell(&table.source, table.row_number(first), &column.name),
        message,
    )
    .hint("list it under events if its values name events, or leave it out")
}

/// The decimal sign of a column: stated, or from its own cells, or from the rest of the file.
fn decide(
    table: &Table,
    column: &Column,
    stated: Option<Decimal>,
    file: Evidence,
    found: &mut Problems,
) -> Option<Decimal> {
    if stated.is_some() {
        return stated;
    }
    let own = Evidence::of_column(column);
    if let Some(sign) = own.sign() {
        return Some(sign);
    }
    let place = Place::column(&table.source, &column.name);
    let open = own.perhaps_point + own.perhaps_comma;
    match file.sign() {
        Some(sign) if open > 0 => {
            let message = format!(
                "column `{}` leaves its decimal sign open and is read like the rest of the file, with `{}`",
                column.name,
                sign.sign()
            );
            found.push(Problem::info("data.decimal_from_file", place, message));
            Some(sign)
        }
        Some(sign) => Some(sign),
        None if own.perhaps_comma > 0 || own.point > 0 => {
            let message = format!(
                "numbers such as {} in column `{}` can be read in two ways",
                quoted(&open_example(column)),
                column.name
            );
            let hint = "say `decimal = \"point\"` or `decimal = \"comma\"` under [data.options]";
            found.push(Problem::error("data.ambiguous_number", place, message).hint(hint));
            None
        }
        None => {
            if own.perhaps_point >= 3 {
                let message = format!(
                    "every fraction in column `{}` has three digits, as in {}; the point is read as a decimal sign",
                    column.name,
                    quoted(&open_example(column))
                );
                let hint = "if these are thousands, say `decimal = \"comma\"` under [data.options]";
                found.push(Problem::attention("data.perhaps_thousands", place, message).hint(hint));
            }
            Some(Decimal::Point)
        }
    }
}

fn open_example(column: &Column) -> String {
    let Values::Text(cells) = &column.values else { return String::new() };
    let is_open = |cell: &&str| unwrap(cell).is_some_and(|written| hint(written.body) != Hint::None);
    cells.iter().map(trimmed).find(is_open).unwrap_or_default().to_owned()
}

struct Reader {
    decimal: Decimal,
    habits: Habits,
}

impl Reader {
    fn read(&mut self, cell: &str) -> Option<f64> {
        // Most cells are plain: digits, at most one point, perhaps an exponent.
        let is_plain = cell.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'e' | b'E'));
        if is_plain
            && (self.decimal == Decimal::Point || !cell.contains('.'))
            && let Ok(number) = cell.parse()
        {
            return Some(number);
        }
        if let Some(infinity) = infinity(cell) {
            return Some(infinity);
        }
        let written = unwrap(cell)?;
        let (mut number, grouped) = value(written.body, self.decimal)?;
        self.habits.note(&written, grouped, self.decimal == Decimal::Comma && written.body.contains(','));
        if written.percent {
            number /= 100.0;
        }
        Some(if written.negative { -number } else { number })
    }
}

fn infinity(cell: &str) -> Option<f64> {
    let unsigned = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let is_infinite = ["inf", "infinity", "∞"].iter().any(|word| unsigned.eq_ignore_ascii_case(word));
    let sign = if cell.starts_with('-') { -1.0 } else { 1.0 };
    is_infinite.then_some(sign * f64::INFINITY)
}

/// What had to be understood on the way from text to numbers, so that it can be said.
#[derive(Default)]
struct Habits {
    currencies: Vec<&'static str>,
    n_currency: usize,
    n_percent: usize,
    n_grouped: usize,
    n_unusual_sign: usize,
    n_comma: usize,
}

impl Habits {
    fn note(&mut self, written: &Written<'_>, grouped: bool, comma: bool) {
        if let Some(currency) = written.currency {
            self.n_currency += 1;
            if !self.currencies.contains(&currency) {
                self.currencies.push(currency);
            }
        }
        self.n_percent += usize::from(written.percent);
        self.n_grouped += usize::from(grouped);
        self.n_unusual_sign += usize::from(written.unusual_sign);
        self.n_comma += usize::from(comma);
    }

    fn report(&self, source: &str, column: &Column, n_values: usize, found: &mut Problems) {
        let place = || Place::column(source, &column.name);
        if self.currencies.len() > 1 {
            let message =
                format!("column `{}` mixes the currencies {}", column.name, self.currencies.join(" and "));
            let hint = "convert the column to one currency";
            found.push(Problem::error("data.mixed_currency", place(), message).hint(hint));
        }
        if self.n_percent > 0 && self.n_percent < n_values {
            let message = format!(
                "column `{}` has a percent sign in {} of {n_values} cells",
                column.name, self.n_percent
            );
            let hint = "write all cells with a percent sign, or none";
            found.push(Problem::error("data.mixed_percent", place(), message).hint(hint));
        }
        let kinds = [
            (self.n_currency, "currency signs left out"),
            (self.n_grouped, "thousands separators left out"),
            (self.n_comma, "decimal commas understood"),
            (self.n_percent, "percentages divided by 100"),
            (self.n_unusual_sign, "brackets or a trailing minus understood as negative"),
        ];
        let said: Vec<String> = kinds
            .iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| format!("{what} in {}", counted(*n, "cell")))
            .collect();
        if !said.is_empty() {
            let message = format!("column `{}` is read with {}", column.name, said.join(", "));
            found.push(Problem::info("data.number_format", place(), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cells: &[&str], stated: Option<Decimal>, file: Evidence) -> (Vec<Number>, Problems) {
        let column = Column { name: "tv".into(), values: Values::Text(cells.iter().collect()) };
        let table = Table::new("f.csv", vec![column.clone()]);
        let mut found = Problems::new();
        let numbers = read_numbers(&table, &column, stated, file, &mut found);
        (numbers, found)
    }

    fn check(cells: &[&str], numbers: &[Number], codes: &[&str]) {
        let (read, found) = read(cells, None, Evidence::default());
        assert_eq!(read, numbers, "{cells:?}");
        assert_eq!(found.iter().map(|p| p.code).collect::<Vec<_>>(), codes, "{cells:?}: {found}");
    }

    #[test]
    fn a_column_is_read_in_its_own_way_of_writing() {
        check(&["1.5", "", "NA", "-2"], &[Some(1.5), None, None, Some(-2.0)], &[]);
        check(&["1,5", "2,25", "1.000,5"], &[Some(1.5), Some(2.25), Some(1000.5)], &["data.number_format"]);
        check(&["1,234", "1,234.5"], &[Some(1234.0), Some(1234.5)], &["data.number_format"]);
        check(&["1.234", "12,5"], &[Some(1234.0), Some(12.5)], &["data.number_format"]);
        check(&["$5", "$1,234.0"], &[Some(5.0), Some(1234.0)], &["data.number_format"]);
        check(&["(5)", "7"], &[Some(-5.0), Some(7.0)], &["data.number_format"]);
        check(&["5%", "7%"], &[Some(0.05), Some(0.07)], &["data.number_format"]);
        check(&["True", "false", ""], &[Some(1.0), Some(0.0), None], &["data.truth_values"]);
        check(&["inf", "1"], &[Some(f64::INFINITY), Some(1.0)], &[]);
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_an_error_with_the_way_out() {
        let (_, found) = read(&["1,234", "2,345"], None, Evidence::default());
        assert_eq!(found.0[0].code, "data.ambiguous_number");
        assert!(found.0[0].hint.as_ref().unwrap().contains("decimal = "));
        let (numbers, found) = read(&["1,234"], Some(Decimal::Comma), Evidence::default());
        assert_eq!((numbers, found.has_errors()), (vec![Some(1.234)], false));
        let file = Evidence { point: 3, ..Evidence::default() };
        let (numbers, found) = read(&["1,234"], None, file);
        assert_eq!((numbers, found.has_errors()), (vec![Some(1234.0)], false));
        let (_, found) = read(&["1.234", "2.345", "3.456"], None, Evidence::default());
        assert_eq!(found.0[0].code, "data.perhaps_thousands");
    }

    #[test]
    fn a_cell_that_breaks_the_rule_is_named_with_row_and_column() {
        let (_, found) = read(&["1.5", "2.5", "x", "2,5"], None, Evidence::default());
        let places: Vec<_> =
            found.iter().map(|p| (p.code, p.at.row, p.at.column.as_deref(), p.hint.is_some())).collect();
        assert_eq!(
            places,
            [
                ("data.not_a_number", Some(4), Some("tv"), true),
                ("data.not_a_number", Some(5), Some("tv"), true)
            ]
        );
    }

    #[test]
    fn a_text_column_is_one_fault_and_mixed_units_are_faults() {
        let (_, found) = read(&["na", "event1", "event2"], None, Evidence::default());
        assert_eq!(found.0.len(), 1);
        assert_eq!((found.0[0].code, found.0[0].at.row), ("data.text_column", Some(3)));
        assert!(found.0[0].hint.as_ref().unwrap().contains("events"));
        assert_eq!(read(&["$5", "€5"], None, Evidence::default()).1.0[0].code, "data.mixed_currency");
        assert_eq!(read(&["5%", "5"], None, Evidence::default()).1.0[0].code, "data.mixed_percent");
    }
}
