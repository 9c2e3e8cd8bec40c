//! What a single text cell may stand for before it is a number or a date: nothing at all, yes or no, or itself.

/// A cell without the white space around it, the no-break kinds and a stray byte order mark included.
pub fn trimmed(cell: &str) -> &str {
    // Most cells begin and end with a visible ASCII character.
    if let ([first, ..], [.., last]) = (cell.as_bytes(), cell.as_bytes())
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return cell;
    }
    cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}

/// Whether the (trimmed) cell is one of the usual spellings of "no value".
pub fn is_missing(cell: &str) -> bool {
    const SPELLINGS: [&str; 20] = [
        "", "na", "n/a", "n.a.", "n.a", "#n/a", "#na", "<na>", "nan", "null", "(null)", "\\n", "none", "nil",
        "-", "--", "—", "–", ".", "?",
    ];
    let is_number = cell.as_bytes().first().is_some_and(u8::is_ascii_digit);
    !is_number && cell.len() <= 6 && SPELLINGS.iter().any(|spelling| cell.eq_ignore_ascii_case(spelling))
}

/// Yes or no, when the (trimmed) cell is a word for one of them.
pub fn truth(cell: &str) -> Option<bool> {
    let is_any = |words: [&str; 2]| words.iter().any(|word| cell.eq_ignore_ascii_case(word));
    if is_any(["true", "yes"]) {
        Some(true)
    } else if is_any(["false", "no"]) {
        Some(false)
    } else {
        None
    }
}

/// A cell as it can be quoted in a message: on one line and not too long.
pub fn quoted(cell: &str) -> String {
    const LONGEST: usize = 40;
    let mut shown: String =
        cell.chars().take(LONGEST).map(|c| if c.is_control() || c == '`' { '·' } else { c }).collect();
    if cell.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// A count with its noun: `1 row`, `3 rows`.
pub fn counted(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// A number for a message: four digits that matter, and whole from a thousand on.
pub fn shown(x: f64) -> String {
    let size = x.abs();
    if (1000.0..1e15).contains(&size) {
        return format!("{x:.0}");
    }
    if size < 1e-4 || !size.is_finite() {
        return if x == 0.0 { "0".to_owned() } else { format!("{x:.3e}") };
    }
    let decimals = (3 - size.log10().floor() as i32).clamp(0, 8) as usize;
    let text = format!("{x:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_nothing_are_known_and_numbers_are_not_among_them() {
        for cell in ["", "NA", "N/A", "n/a", "null", "None", "NaN", "-", "<NA>", "#N/A", "\\N"] {
            assert!(is_missing(cell), "{cell}");
        }
        for cell in ["0", "-1", "nano", "event1", "na na"] {
            assert!(!is_missing(cell), "{cell}");
        }
    }

    #[test]
    fn numbers_are_shown_with_the_digits_that_matter() {
        let shown: Vec<String> =
            [0.0, 351_597_976.78, 12.345_67, 0.012_345_6, -7.5, 100.0, 1e-9, f64::INFINITY]
                .map(shown)
                .to_vec();
        assert_eq!(shown, ["0", "351597977", "12.35", "0.01235", "-7.5", "100", "1.000e-9", "inf"]);
    }

    #[test]
    fn a_quoted_cell_stays_on_one_short_line() {
        assert_eq!(quoted("a\nb`c"), "`a·b·c`");
        assert_eq!(quoted(&"x".repeat(99)).chars().count(), 43);
        assert_eq!(trimmed("\u{feff} 12\u{a0}"), "12");
    }
}
