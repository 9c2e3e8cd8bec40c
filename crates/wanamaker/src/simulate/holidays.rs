//! The public holidays of the United States that `daily5` counts, and the two shopping days after Thanksgiving.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

/// The ten days of `year`, in order.
pub(super) fn us_holidays(year: i16) -> [Date; 10] {
    let nth = |month: i8, nth: i8, weekday: Weekday| {
        let first = date(year, month, 1);
        first
            .nth_weekday_of_month(nth, weekday)
            .expect("every month has a first to fourth and a last weekday")
    };
    let thanksgiving = nth(11, 4, Weekday::Thursday);
    [
        date(year, 1, 1),
        nth(1, 3, Weekday::Monday),
        nth(2, 3, Weekday::Monday),
        nth(5, -1, Weekday::Monday),
        date(year, 7, 4),
        nth(9, 1, Weekday::Monday),
        thanksgiving,
        thanksgiving.saturating_add(1.day()),
        thanksgiving.saturating_add(4.days()),
        date(year, 12, 25),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holidays_of_2022_fall_where_the_calendar_says() {
        let expected =
            [(1, 1), (1, 17), (2, 21), (5, 30), (7, 4), (9, 5), (11, 24), (11, 25), (11, 28), (12, 25)];
        assert_eq!(us_holidays(2022), expected.map(|(month, day)| date(2022, month, day)));
    }

    #[test]
    fn cyber_monday_of_2024_falls_in_december() {
        assert_eq!(us_holidays(2024)[8], date(2024, 12, 2));
    }
}
