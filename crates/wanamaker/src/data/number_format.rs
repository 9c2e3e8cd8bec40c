//! How numbers are written as text: signs, separators, currency, percent, brackets.

use super::options::Decimal;

/// What the separators of one cell say about the decimal sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Nothing: there is no separator, or only spaces.
    None,
    /// Only `.` can be the decimal sign.
    Point,
    /// Only `,` can be the decimal sign.
    Comma,
    /// One `.` with three digits behind it, as in `1.234`.
    PerhapsPoint,
    /// One `,` with three digits behind it, as in `1,234`.
    PerhapsComma,
}

/// A number taken out of its wrapping.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Written<'a> {
    /// Digits, separators and exponent, without a sign.
    pub body: &'a str,
    /// A minus sign, or brackets as accountants write a loss.
    pub negative: bool,
    /// The number stood in brackets or had its minus sign behind it.
    pub unusual_sign: bool,
    /// Currency sign or code that stood beside it.
    pub currency: Option<&'static str>,
    /// A percent sign stood behind it.
    pub percent: bool,
}

/// Longest first, so that `US$` is not read as `$`.
const CURRENCIES: [&str; 27] = [
    "US$", "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "BRL", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN",
    "R$", "kr", "zł", "$", "€", "£", "¥", "₹", "₽", "₩", "₺", "₪",
];

/// Takes sign, currency, percent and brackets off a trimmed cell; `None` when what is left holds no digit first.
pub fn unwrap(cell: &str) -> Option<Written<'_>> {
    let mut written =
        Written { body: cell, negative: false, unusual_sign: false, currency: None, percent: false };
    if let Some(inside) = cell.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        (written.body, written.negative, written.unusual_sign) = (inside.trim(), true, true);
    }
    // Sign, currency and percent come in any order (`-$5`, `$-5`, `5 €-`), each at most once.
    loop {
        let before = written.body;
        strip_sign(&mut written)?;
        strip_currency(&mut written)?;
        if let Some(rest) = written.body.strip_suffix('%') {
            if written.percent {
                return None;
            }
            (written.body, written.percent) = (rest.trim_end(), true);
        }
        if written.body == before {
            break;
        }
    }
    let first = written.body.chars().next()?;
    (first.is_ascii_digit() || matches!(first, '.' | ',')).then_some(written)
}

fn strip_sign(written: &mut Written<'_>) -> Option<()> {
    let leading = written.body.strip_prefix(['-', '−', '+']);
    let trailing = written.body.strip_suffix(['-', '−']);
    let Some(rest) = leading.or(trailing) else { return Some(()) };
    let minus = leading.is_none() || !written.body.starts_with('+');
    if minus && written.negative {
        return None;
    }
    written.negative |= minus;
    written.unusual_sign |= leading.is_none();
    written.body = rest.trim();
    Some(())
}

fn strip_currency(written: &mut Written<'_>) -> Option<()> {
    let is_bare = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
    if is_bare(written.body.as_bytes().first()) && is_bare(written.body.as_bytes().last()) {
        return Some(());
    }
    for sign in CURRENCIES {
        let rest = written.body.strip_prefix(sign).or_else(|| written.body.strip_suffix(sign));
        let Some(rest) = rest else { continue };
        if written.currency.is_some() {
            return None;
        }
        (written.body, written.currency) = (rest.trim(), Some(sign));
        return Some(());
    }
    Some(())
}

fn is_group_space(c: char) -> bool {
    matches!(c, ' ' | '\'' | '’' | '_' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// What the separators of a body say about its decimal sign.
pub fn hint(body: &str) -> Hint {
    if all_digits(body) {
        return Hint::None;
    }
    let points = body.matches('.').count();
    let commas = body.matches(',').count();
    match (points, commas) {
        (0, 0) => Hint::None,
        (1, 0) => lone(body, '.', Hint::Point, Hint::PerhapsPoint),
        (0, 1) => lone(body, ',', Hint::Comma, Hint::PerhapsComma),
        (_, 0) => Hint::Comma,
        (0, _) => Hint::Point,
        _ if body.rfind('.') > body.rfind(',') => Hint::Point,
        _ => Hint::Comma,
    }
}

/// One separator: thousands are possible only as `d.ddd`, `dd.ddd` or `ddd.ddd` with no leading zero.
fn lone(body: &str, sign: char, sure: Hint, perhaps: Hint) -> Hint {
    let (whole, fraction) = body.split_once(sign).unwrap_or((body, ""));
    let whole_fits = (1..=3).contains(&whole.len()) && !whole.starts_with('0') && all_digits(whole);
    if whole_fits && fraction.len() == 3 && all_digits(fraction) { perhaps } else { sure }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// The value of a body under a decimal sign, and whether it held thousands separators.
///
/// Thousands are separated by one and the same sign into groups of three; anything else is `None`.
pub fn value(body: &str, decimal: Decimal) -> Option<(f64, bool)> {
    let (mantissa, exponent) = match body.find(['e', 'E']) {
        Some(at) => body.split_at(at),
        None => (body, ""),
    };
    let (whole, fraction) = mantissa.split_once(decimal.sign()).unwrap_or((mantissa, ""));
    let has_digit = mantissa.bytes().any(|b| b.is_ascii_digit());
    if !has_digit || !all_digits(fraction) || !is_exponent(exponent) {
        return None;
    }
    let (digits, grouped) = ungroup(whole, decimal)?;
    format!("{digits}.{fraction}0{exponent}").parse().ok().map(|value| (value, grouped))
}

fn is_exponent(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['e', 'E']) else { return text.is_empty() };
    let digits = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    !digits.is_empty() && all_digits(digits)
}

fn ungroup(whole: &str, decimal: Decimal) -> Option<(String, bool)> {
    if all_digits(whole) {
        return Some((format!("0{whole}"), false));
    }
    let other = if decimal == Decimal::Point { ',' } else { '.' };
    let separator = whole.chars().find(|c| !c.is_ascii_digit())?;
    if separator != other && !is_group_space(separator) {
        return None;
    }
    let groups: Vec<&str> = whole.split(separator).collect();
    let first_fits = (1..=3).contains(&groups[0].len()) && all_digits(groups[0]);
    let rest_fits = groups[1..].iter().all(|group| group.len() == 3 && all_digits(group));
    (first_fits && rest_fits).then(|| (groups.concat(), true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_tell_the_decimal_sign_where_they_can() {
        for (body, expected) in [
            ("1234", Hint::None),
            ("1 234", Hint::None),
            ("12.5", Hint::Point),
            ("0.123", Hint::Point),
            ("1234.567", Hint::Point),
            ("1,234.5", Hint::Point),
            ("1,234,567", Hint::Point),
            ("12,5", Hint::Comma),
            ("1.234,5", Hint::Comma),
            ("1.234.567", Hint::Comma),
            ("1.234", Hint::PerhapsPoint),
            ("1,234", Hint::PerhapsComma),
        ] {
            assert_eq!(hint(body), expected, "{body}");
        }
    }

    #[test]
    fn grouped_numbers_are_read_and_broken_groups_are_not() {
        assert_eq!(value("1,234.5", Decimal::Point), Some((1234.5, true)));
        assert_eq!(value("1.234,5", Decimal::Comma), Some((1234.5, true)));
        assert_eq!(value("1 234 567", Decimal::Point), Some((1234567.0, true)));
        assert_eq!(value("1'234", Decimal::Point), Some((1234.0, true)));
        assert_eq!(value(".5", Decimal::Point), Some((0.5, false)));
        assert_eq!(value("5.", Decimal::Point), Some((5.0, false)));
        assert_eq!(value("1e3", Decimal::Point), Some((1000.0, false)));
        assert_eq!(value("2,5E-1", Decimal::Comma), Some((0.25, false)));
        for body in ["1,23.5", "12,34", "1,234,56", "1.2.3", "e5", ".", "1e", "1 23", "12,345 678", ""] {
            assert_eq!(value(body, Decimal::Point), None, "{body}");
        }
    }

    #[test]
    fn wrappings_come_off_once() {
        let check =
            |cell: &str, body: &str, negative: bool, currency: Option<&'static str>, percent: bool| {
                let written = unwrap(cell).unwrap_or_else(|| panic!("{cell}"));
                assert_eq!(
                    (written.body, written.negative, written.currency, written.percent),
                    (body, negative, currency, percent)
                );
            };
        check("$1,234", "1,234", false, Some("$"), false);
        check("-€ 5", "5", true, Some("€"), false);
        check("€ -5", "5", true, Some("€"), false);
        check("(1,234)", "1,234", true, None, false);
        check("12 %", "12", false, None, true);
        check("5-", "5", true, None, false);
        check("100 USD", "100", false, Some("USD"), false);
        for cell in ["", "abc", "--5", "$$5", "5%%", "(-5)", "$", "()"] {
            assert!(unwrap(cell).is_none(), "{cell}");
        }
    }
}
