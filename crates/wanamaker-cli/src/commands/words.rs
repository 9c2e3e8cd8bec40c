//! Words of the command line that are words of the spec: each becomes its core type at once.

use serde::de::DeserializeOwned;
use serde_json::Value;
use wanamaker::problem::nearest;

/// Reads a word as the spec would; for `value_parser`.
pub fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(Value::String(text.to_owned())).map_err(|error| {
        let message = error.to_string();
        let known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        match nearest(text, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? known here: {}", known.join(", ")),
            None => format!("known here: {}", known.join(", ")),
        }
    })
}

/// Reads a word that knows itself how to be read; for `value_parser`.
pub fn parsed<T>(text: &str) -> Result<T, String>
where
    T: std::str::FromStr<Err = wanamaker::problem::Problems>,
{
    text.parse().map_err(|problems: wanamaker::problem::Problems| {
        let hints: Vec<String> =
            problems.0.into_iter().map(|problem| problem.hint.unwrap_or(problem.message)).collect();
        hints.join("; ")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wanamaker::spec::{AdstockKind, PresetName};

    #[test]
    fn a_word_of_the_spec_is_a_word_here() {
        assert_eq!(word::<AdstockKind>("weibull_pdf"), Ok(AdstockKind::WeibullPdf));
        assert_eq!(word::<PresetName>("pymc-marketing"), Ok(PresetName::PymcMarketing));
        assert!(word::<AdstockKind>("geometrc").unwrap_err().starts_with("did you mean `geometric`?"));
    }
}
