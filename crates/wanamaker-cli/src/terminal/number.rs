//! Numbers for reading: as many digits as the uncertainty leaves meaning to, thousands apart.

use wanamaker::math::decimals::grouped;

/// How a group of numbers that belong together is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    /// That many digits after the point.
    Decimals(usize),
    /// Powers of ten, with that many digits after the point.
    Scientific(usize),
}

impl Digits {
    /// Two significant digits of the uncertainty `spread`, e.g. a standard deviation, for numbers around `size`.
    pub fn for_spread(spread: f64, size: f64) -> Self {
        let spread = spread.abs();
        let size = size.abs().max(spread);
        if !spread.is_finite() || spread == 0.0 {
            return Self::for_size(size);
        }
        if !(1e-4..1e12).contains(&size) {
            return Digits::Scientific(3);
        }
        Digits::Decimals((1 - spread.log10().floor() as i32).clamp(0, 8) as usize)
    }

    /// Four significant digits of `size`.
    pub fn for_size(size: f64) -> Self {
        let size = size.abs();
        if size == 0.0 || !size.is_finite() {
            return Digits::Decimals(0);
        }
        if !(1e-4..1e12).contains(&size) {
            return Digits::Scientific(3);
        }
        Digits::Decimals((3 - size.log10().floor() as i32).clamp(0, 8) as usize)
    }

    /// A number in this form; `–` where there is none.
    pub fn write(self, value: f64) -> String {
        if value.is_nan() {
            return "–".into();
        }
        if value.is_infinite() {
            return if value > 0.0 { "∞".into() } else { "-∞".into() };
        }
        match self {
            Digits::Decimals(decimals) => grouped(&format!("{value:.decimals$}")),
            Digits::Scientific(decimals) => format!("{value:.decimals$e}"),
        }
    }
}

/// A number on its own, four significant digits.
pub fn plain(value: f64) -> String {
    Digits::for_size(value).write(value)
}

/// An amount, e.g. of money: whole numbers from a hundred on, four significant digits below.
pub fn amount(value: f64) -> String {
    if (100.0..1e15).contains(&value.abs()) { Digits::Decimals(0).write(value) } else { plain(value) }
}

/// A share as per cent with one decimal.
pub fn percent(value: f64) -> String {
    if value.is_finite() { Digits::Decimals(1).write(100.0 * value) + " %" } else { "–".into() }
}

/// `0.95` as `95 %`.
pub fn level(level: f64) -> String {
    // Rounded in the tenth digit, so that 0.57 does not read 56.99999999999999.
    format!("{} %", (level * 1e10).round() / 1e8)
}

/// A count with its thousands apart.
pub fn count(value: usize) -> String {
    grouped(&value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_follow_the_uncertainty() {
        for (value, spread, expected) in [
            (0.452_31, 0.023_1, "0.452"),
            (1_234_567.8, 4_321.0, "1,234,568"),
            (12.345_6, 1.0, "12.3"),
            (-0.000_3, 0.2, "0.00"),
            (3.4e14, 1e12, "3.400e14"),
            (f64::NAN, 1.0, "–"),
        ] {
            assert_eq!(Digits::for_spread(spread, value).write(value), expected);
        }
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(amount(-1_234_567.4), "-1,234,567");
        assert_eq!(amount(999.6), "1,000");
        assert_eq!(plain(0.123_456), "0.1235");
        assert_eq!(plain(0.0), "0");
        assert_eq!(count(4000), "4,000");
        assert_eq!([percent(0.123_4), percent(-0.000_2)], ["12.3 %", "0.0 %"]);
    }

    #[test]
    fn levels_read_as_people_write_them() {
        assert_eq!(level(0.95), "95 %");
        assert_eq!(level(0.57), "57 %");
        assert_eq!(level(0.999), "99.9 %");
    }
}
