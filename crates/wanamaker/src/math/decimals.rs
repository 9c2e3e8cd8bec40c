//! Figures as text: how many decimals one needs so that what is said of it beside a bound is true as it is written, and its
//! thousands apart.

/// Most decimals that are ever written.
const MOST: usize = 12;

/// Fewest decimals, at least `least`, with which `x` as written lies on the same side of `bound` as `x` itself: an R-hat
/// of 1.01003 is not "1.010" where it should be below 1.01. What cannot be told apart in 12 decimals is written with those.
pub fn telling(x: f64, bound: f64, least: usize) -> usize {
    let side = x.partial_cmp(&bound);
    let written = |decimals: usize| format!("{x:.decimals$}").parse().unwrap_or(x);
    (least..MOST).find(|decimals| written(*decimals).partial_cmp(&bound) == side).unwrap_or(MOST.max(least))
}

/// A written number with its thousands apart by commas; zero has no sign.
pub fn grouped(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, rest) = digits.find('.').map_or((digits, ""), |dot| digits.split_at(dot));
    let mut out = String::from(if digits.bytes().all(|b| matches!(b, b'0' | b'.')) { "" } else { sign });
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_decimals_as_the_sentence_needs() {
        for (x, bound, least, expected) in [
            (1.023, 1.01, 3, 3),
            (1.01003, 1.01, 3, 5),
            (1.00996, 1.01, 3, 5),
            (1.01, 1.01, 3, 3),
            (399.6, 400.0, 0, 1),
            (0.2996, 0.3, 2, 4),
            (1.01 + 1e-15, 1.01, 3, MOST),
            (f64::NAN, 1.01, 3, 3),
            (f64::INFINITY, 1.01, 3, 3),
        ] {
            assert_eq!(telling(x, bound, least), expected, "{x} against {bound}");
        }
    }

    #[test]
    fn numbers_are_read_in_threes() {
        let written = ["7", "999", "1000", "1234567", "-1234.5", "-0.00"].map(grouped);
        assert_eq!(written, ["7", "999", "1,000", "1,234,567", "-1,234.5", "0.00"]);
    }
}
