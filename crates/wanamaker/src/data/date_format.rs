//! The ways dates are written, and how each is read.

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::fmt::strtime;
use jiff::{Span, ToSpan};

/// One way of writing dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateFormat {
    /// `2024-02-01`, `2024/2/1`, `20240201`
    Iso,
    /// `01/02/2024` is the first of February; also with `.` or `-`, also with two digits of the year.
    DayFirst,
    /// `01/02/2024` is the second of January.
    MonthFirst,
    /// `1 Feb 2024`, `February 1, 2024`, `Feb 2024`
    MonthName,
    /// `2024-W05`, `2024W05`, `2024-W05-1`: the Monday of that week.
    IsoWeek,
    /// `202405`: the fifth ISO week.
    Week,
    /// `2024-05`, `202405`: the first of May.
    Month,
    /// `2024Q2`, `2024-Q2`, `Q2 2024`
    Quarter,
    /// `2024`
    Year,
    /// Days since 1899-12-30, as spreadsheets store dates.
    ExcelSerial,
    /// Periods counted 0, 1, 2 …
    Counter,
    /// A pattern such as `%d/%m/%Y`.
    Pattern(String),
}

impl DateFormat {
    /// The formats that are tried when none is stated, the most common first.
    pub const TRIED: [DateFormat; 9] = [
        DateFormat::Iso,
        DateFormat::DayFirst,
        DateFormat::MonthFirst,
        DateFormat::MonthName,
        DateFormat::IsoWeek,
        DateFormat::Quarter,
        DateFormat::Month,
        DateFormat::Week,
        DateFormat::Year,
    ];

    /// The format a user's word or pattern names.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "iso" => DateFormat::Iso,
            "day_first" => DateFormat::DayFirst,
            "month_first" => DateFormat::MonthFirst,
            "month_name" => DateFormat::MonthName,
            "iso_week" => DateFormat::IsoWeek,
            "week" => DateFormat::Week,
            "month" => DateFormat::Month,
            "quarter" => DateFormat::Quarter,
            "year" => DateFormat::Year,
            "excel_serial" => DateFormat::ExcelSerial,
            "counter" => DateFormat::Counter,
            pattern if pattern.contains('%') => DateFormat::Pattern(pattern.to_owned()),
            _ => return None,
        })
    }

    /// The word that names the format in a spec.
    pub fn word(&self) -> &str {
        match self {
            DateFormat::Iso => "iso",
            DateFormat::DayFirst => "day_first",
            DateFormat::MonthFirst => "month_first",
            DateFormat::MonthName => "month_name",
            DateFormat::IsoWeek => "iso_week",
            DateFormat::Week => "week",
            DateFormat::Month => "month",
            DateFormat::Quarter => "quarter",
            DateFormat::Year => "year",
            DateFormat::ExcelSerial => "excel_serial",
            DateFormat::Counter => "counter",
            DateFormat::Pattern(pattern) => pattern,
        }
    }

    /// What a cell of this format looks like, for messages.
    pub fn example(&self) -> &str {
        match self {
            DateFormat::Iso => "2024-02-01",
            DateFormat::DayFirst => "day/month/year",
            DateFormat::MonthFirst => "month/day/year",
            DateFormat::MonthName => "1 Feb 2024",
            DateFormat::IsoWeek => "2024-W05",
            DateFormat::Week => "year and week as in 202405",
            DateFormat::Month => "2024-02",
            DateFormat::Quarter => "2024Q1",
            DateFormat::Year => "2024",
            DateFormat::ExcelSerial => "45323",
            DateFormat::Counter => "0, 1, 2 …",
            DateFormat::Pattern(pattern) => pattern,
        }
    }

    /// The date a trimmed cell without time of day stands for.
    pub fn read(&self, cell: &str) -> Option<Date> {
        match self {
            DateFormat::Iso => iso(cell),
            DateFormat::DayFirst => slashed(cell).and_then(|(day, month, year)| date(year, month, day)),
            DateFormat::MonthFirst => slashed(cell).and_then(|(month, day, year)| date(year, month, day)),
            DateFormat::MonthName => month_name(cell),
            DateFormat::IsoWeek => iso_week(cell),
            DateFormat::Week => six_digits(cell).and_then(|(year, week)| monday_of(year, week)),
            DateFormat::Month => year_month(cell).and_then(|(year, month)| date(year, month, 1)),
            DateFormat::Quarter => quarter(cell),
            DateFormat::Year => {
                whole(cell, 4).filter(|y| (1900..2200).contains(y)).and_then(|y| date(y, 1, 1))
            }
            DateFormat::ExcelSerial => serial(cell),
            DateFormat::Counter => None,
            DateFormat::Pattern(pattern) => by_pattern(pattern, cell),
        }
    }
}

/// A cell without its time of day, and whether a time other than midnight was taken off.
pub fn without_time(cell: &str) -> (&str, bool) {
    for (at, _) in cell.match_indices(['T', ' ']) {
        let rest = &cell[at + 1..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if (1..=2).contains(&digits) && rest[digits..].starts_with(':') {
            let clock = rest.split(['Z', '+', '-']).next().unwrap_or(rest);
            return (cell[..at].trim_end(), clock.bytes().any(|b| (b'1'..=b'9').contains(&b)));
        }
    }
    (cell, false)
}

fn date(year: i32, month: i32, day: i32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Digits only, at most `longest` of them.
fn whole(text: &str, longest: usize) -> Option<i32> {
    let fits = (1..=longest).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// Four digits as they stand; two digits lie between 1970 and 2069.
fn year(text: &str) -> Option<i32> {
    match text.len() {
        4 => whole(text, 4),
        2 => whole(text, 2).map(|y| if y < 70 { 2000 + y } else { 1900 + y }),
        _ => None,
    }
}

fn iso(cell: &str) -> Option<Date> {
    if cell.len() == 8 && cell.is_ascii() {
        let parsed = whole(cell, 8).and_then(|n| date(n / 10_000, n / 100 % 100, n % 100));
        if parsed.is_some() {
            return parsed.filter(|date| (1900..2200).contains(&date.year()));
        }
    }
    let [y, m, d] = parts(cell)?;
    if y.len() != 4 {
        return None;
    }
    date(year(y)?, whole(m, 2)?, whole(d, 2)?)
}

fn slashed(cell: &str) -> Option<(i32, i32, i32)> {
    let [first, second, y] = parts(cell)?;
    Some((whole(first, 2)?, whole(second, 2)?, year(y)?))
}

/// Three parts with one and the same separator.
fn parts(cell: &str) -> Option<[&str; 3]> {
    let separator = cell.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '/' | '-' | '.'))?;
    let mut split = cell.split(separator);
    let found = [split.next()?, split.next()?, split.next()?];
    split.next().is_none().then_some(found)
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const FULL_MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn month_of(word: &str) -> Option<i32> {
    let word = word.to_ascii_lowercase();
    let word = if word == "sept" { "sep" } else { &word };
    let at =
        MONTHS.iter().position(|m| *m == word).or_else(|| FULL_MONTHS.iter().position(|m| *m == word))?;
    i32::try_from(at + 1).ok()
}

fn month_name(cell: &str) -> Option<Date> {
    let mut words = [""; 3];
    let mut n = 0;
    for word in cell.split([' ', '-', '/', ',', '.']).filter(|word| !word.is_empty()) {
        *words.get_mut(n)? = word;
        n += 1;
    }
    let at = words[..n].iter().position(|word| month_of(word).is_some())?;
    let month = month_of(words[at])?;
    match (n, at) {
        (3, 1) if words[0].len() == 4 => date(year(words[0])?, month, day(words[2])?),
        (3, 1) => date(year(words[2])?, month, day(words[0])?),
        (3, 0) => date(year(words[2])?, month, day(words[1])?),
        (2, 0) => date(year(words[1])?, month, 1),
        (2, 1) if words[0].len() == 4 => date(year(words[0])?, month, 1),
        _ => None,
    }
}

fn day(word: &str) -> Option<i32> {
    let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|suffix| word.strip_suffix(suffix));
    whole(ordinal.unwrap_or(word), 2)
}

fn iso_week(cell: &str) -> Option<Date> {
    let (y, rest) = cell.split_at_checked(4)?;
    let rest = rest.trim_start_matches(['-', ' ', '_']);
    let rest = rest.strip_prefix(['W', 'w'])?;
    let (week, weekday) = rest.split_once('-').unwrap_or((rest, "1"));
    let monday = monday_of(whole(y, 4)?, whole(week, 2)?)?;
    let weekday = whole(weekday, 1).filter(|d| (1..=7).contains(d))?;
    monday.checked_add(i64::from(weekday - 1).days()).ok()
}

fn monday_of(year: i32, week: i32) -> Option<Date> {
    let week = ISOWeekDate::new(i16::try_from(year).ok()?, i8::try_from(week).ok()?, Weekday::Monday).ok()?;
    Some(Date::from_iso_week_date(week))
}

/// `202405` as year and the number behind it.
fn six_digits(cell: &str) -> Option<(i32, i32)> {
    let n = whole(cell, 6).filter(|_| cell.len() == 6)?;
    (1900..2200).contains(&(n / 100)).then_some((n / 100, n % 100))
}

fn year_month(cell: &str) -> Option<(i32, i32)> {
    six_digits(cell).or_else(|| {
        let (y, m) = cell.split_once(['-', '/', '.'])?;
        if m.len() == 4 {
            return Some((whole(m, 4)?, whole(y, 2)?));
        }
        (y.len() == 4).then_some((whole(y, 4)?, whole(m, 2)?))
    })
}

fn quarter(cell: &str) -> Option<Date> {
    let at = cell.find(['Q', 'q'])?;
    let (before, after) = (&cell[..at], &cell[at + 1..]);
    let trim = |text: &'_ str| text.trim_matches([' ', '-', '/', '_']).to_owned();
    let (y, q) = if before.is_empty() {
        let (q, y) = after.split_at_checked(1)?;
        (trim(y), q.to_owned())
    } else {
        (trim(before), after.to_owned())
    };
    let q = whole(&q, 1).filter(|q| (1..=4).contains(q))?;
    date(whole(&y, 4).filter(|_| y.len() == 4)?, 3 * q - 2, 1)
}

fn serial(cell: &str) -> Option<Date> {
    let days: f64 = cell.parse().ok().filter(|days: &f64| (1.0..=2_958_465.0).contains(days))?;
    Date::constant(1899, 12, 30).checked_add(Span::new().try_days(days.floor() as i64).ok()?).ok()
}

/// A pattern may leave the day (`%Y-%m`) or the weekday (`%G-W%V`) open: the first of the month, the Monday.
fn by_pattern(pattern: &str, cell: &str) -> Option<Date> {
    let mut parsed = strtime::parse(pattern, cell).ok()?;
    if parsed.year().is_some() && parsed.month().is_some() && parsed.day().is_none() {
        parsed.set_day(Some(1)).ok()?;
    }
    if parsed.iso_week().is_some() && parsed.weekday().is_none() {
        parsed.set_weekday(Some(Weekday::Monday));
    }
    parsed.to_date().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as on;

    fn check(format: DateFormat, cell: &str, expected: Option<Date>) {
        assert_eq!(format.read(cell), expected, "{format:?} {cell}");
    }

    #[test]
    fn each_way_of_writing_is_read() {
        let first = Some(on(2024, 2, 1));
        for cell in ["2024-02-01", "2024/2/1", "20240201", "2024.02.01"] {
            check(DateFormat::Iso, cell, first);
        }
        for cell in ["01/02/2024", "1.2.2024", "01-02-24"] {
            check(DateFormat::DayFirst, cell, first);
            check(DateFormat::MonthFirst, cell, Some(on(2024, 1, 2)));
        }
        for cell in
            ["1 Feb 2024", "Feb 1, 2024", "01-Feb-24", "February 2024", "Feb-24", "2024 Feb", "1st feb 2024"]
        {
            check(DateFormat::MonthName, cell, first);
        }
        for cell in ["2024-W05", "2024W05", "2024-W05-1", "2024 w5"] {
            check(DateFormat::IsoWeek, cell, Some(on(2024, 1, 29)));
        }
        check(DateFormat::Week, "202405", Some(on(2024, 1, 29)));
        for cell in ["202405", "2024-05", "05/2024"] {
            check(DateFormat::Month, cell, Some(on(2024, 5, 1)));
        }
        for cell in ["2024Q2", "2024-Q2", "Q2 2024", "q2/2024"] {
            check(DateFormat::Quarter, cell, Some(on(2024, 4, 1)));
        }
        check(DateFormat::Year, "2024", Some(on(2024, 1, 1)));
        check(DateFormat::ExcelSerial, "45323", first);
        check(DateFormat::Pattern("%d|%m|%Y".into()), "01|02|2024", first);
        check(DateFormat::Pattern("%Y:%m".into()), "2024:02", first);
        check(DateFormat::Pattern("%G-KW%V".into()), "2024-KW05", Some(on(2024, 1, 29)));
    }

    #[test]
    fn what_is_no_date_is_not_read() {
        for format in DateFormat::TRIED {
            for cell in [
                "",
                "x",
                "2024-13-01",
                "31/31/2024",
                "2023-W53",
                "20241301",
                "1/2",
                "Q5 2024",
                "é9",
                "12",
                "99é9W1",
            ] {
                check(format.clone(), cell, None);
            }
        }
    }

    #[test]
    fn a_time_of_day_comes_off() {
        assert_eq!(without_time("2024-02-01T00:00:00Z"), ("2024-02-01", false));
        assert_eq!(without_time("2024-02-01 13:45"), ("2024-02-01", true));
        assert_eq!(without_time("1 Feb 2024 00:00"), ("1 Feb 2024", false));
        assert_eq!(without_time("1 Feb 2024"), ("1 Feb 2024", false));
    }
}
