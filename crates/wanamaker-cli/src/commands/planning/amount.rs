//! Amounts and named amounts as people write them: `1200000`, `1,200,000`, `1.2m`, `tv=20k`.

use wanamaker::decision::allocation::wishes::Named;

/// An amount; thousands may stand apart, `k`, `m` and `bn` multiply.
pub fn amount(text: &str) -> Result<f64, String> {
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | ',' | '_' | '\u{a0}')).collect();
    let lower = plain.to_lowercase();
    let (digits, factor) = [("bn", 1e9), ("m", 1e6), ("k", 1e3)]
        .iter()
        .find_map(|(sign, factor)| Some((lower.strip_suffix(sign)?, *factor)))
        .unwrap_or((lower.as_str(), 1.0));
    match digits.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number * factor),
        _ => Err(format!("`{text}` is no amount; write e.g. 250000, 250,000, 250k or 0.25m")),
    }
}

/// `tv=20k` for one name, `20k` for all.
pub fn named_amount(text: &str) -> Result<Named<f64>, String> {
    let (name, value) = named(text);
    Ok((name, amount(value)?))
}

/// `tv=0.012`: a name is needed.
pub fn amount_by_name(text: &str) -> Result<(String, f64), String> {
    match named_amount(text)? {
        (Some(name), value) => Ok((name, value)),
        (None, _) => Err(format!("`{text}` names no channel; write e.g. tv=0.012")),
    }
}

/// `30` for ±30 %, `tv=-10:50` for −10 % to +50 %, `tv=0` for no change.
pub fn named_change(text: &str) -> Result<Named<(f64, f64)>, String> {
    let wrong = || format!("`{text}` is no change in per cent; write e.g. 30, tv=20 or tv=-10:50");
    let (name, value) = named(text);
    let value = value.trim_end_matches('%').trim_start_matches('±');
    let number = |text: &str| text.trim().trim_end_matches('%').parse::<f64>().ok().filter(|x| x.is_finite());
    let (least, most) = match value.split_once(':') {
        Some((least, most)) => (number(least).ok_or_else(wrong)?, number(most).ok_or_else(wrong)?),
        None => {
            let both = number(value).filter(|x| *x >= 0.0).ok_or_else(wrong)?;
            (-both, both)
        }
    };
    if least < -100.0 || least > most {
        return Err(format!(
            "`{text}`: a change runs from the least to the most, and spend cannot fall by more than 100 %"
        ));
    }
    Ok((name, (least / 100.0, most / 100.0)))
}

fn named(text: &str) -> (Option<String>, &str) {
    match text.rsplit_once('=') {
        Some((name, value)) => (Some(name.trim().to_owned()), value.trim()),
        None => (None, text.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        for (text, expected) in [
            ("1200000", 1.2e6),
            ("1,200,000", 1.2e6),
            ("1 200 000", 1.2e6),
            ("1.2m", 1.2e6),
            ("20k", 2e4),
            ("2bn", 2e9),
        ] {
            assert_eq!(amount(text), Ok(expected));
        }
        assert!(amount("much").is_err() && amount("").is_err() && amount("inf").is_err());
        assert_eq!(named_amount("north/tv=20k"), Ok((Some("north/tv".into()), 2e4)));
        assert_eq!(named_amount("5"), Ok((None, 5.0)));
        assert!(amount_by_name("5").is_err());
    }

    #[test]
    fn changes_are_per_cent_on_both_sides_or_a_range() {
        assert_eq!(named_change("30"), Ok((None, (-0.3, 0.3))));
        assert_eq!(named_change("tv=-10:50"), Ok((Some("tv".into()), (-0.1, 0.5))));
        assert_eq!(named_change("tv=0%"), Ok((Some("tv".into()), (0.0, 0.0))));
        assert!(
            named_change("-150:0").is_err()
                && named_change("tv=x").is_err()
                && named_change("50:10").is_err()
        );
    }
}
