//! What is wrong, where, and what to do about it: the one currency of faults, from a CSV cell to a spec key.

use serde::Serialize;
use std::fmt;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know; nothing to do.
    Info,
    /// Worth a look before the result is used.
    Attention,
    /// Nothing can be computed until this is mended.
    Error,
}

/// Where in a text file something stands; lines and columns count from 1, `length` in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in the line, from 1, in characters.
    pub column: usize,
    /// Byte offset of the first character, for underlining.
    pub offset: usize,
    /// Length in bytes.
    pub length: usize,
}

/// The place a problem points to. Every part is optional; what is known is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Place {
    /// File, as the user named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Path of a key in the spec, e.g. `channel[2].adstock.decay`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Position of that key in the spec file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Row of a data file as an editor or a spreadsheet counts it: the header is row 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// Column of a data file, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

impl Place {
    /// A key of the spec, e.g. `channel[2].spend`.
    pub fn key(key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..Self::default() }
    }

    /// A whole data file.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..Self::default() }
    }

    /// A column of a data file.
    pub fn column(file: impl Into<String>, column: impl Into<String>) -> Self {
        Self { column: Some(column.into()), ..Self::file(file) }
    }

    /// A row of a data file.
    pub fn row(file: impl Into<String>, row: usize) -> Self {
        Self { row: Some(row), ..Self::file(file) }
    }

    /// One cell of a data file.
    pub fn cell(file: impl Into<String>, row: usize, column: impl Into<String>) -> Self {
        Self { row: Some(row), ..Self::column(file, column) }
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        match (&self.file, self.position) {
            (Some(file), Some(p)) => parts.push(format!("{file}:{}:{}", p.line, p.column)),
            (Some(file), None) => parts.push(file.clone()),
            (None, Some(p)) => parts.push(format!("line {}, column {}", p.line, p.column)),
            (None, None) => {}
        }
        parts.extend(self.key.clone());
        parts.extend(self.row.map(|row| format!("row {row}")));
        parts.extend(self.column.as_ref().map(|column| format!("column `{column}`")));
        f.write_str(&parts.join(", "))
    }
}

/// One fault or remark: a stable code, a place, one sentence, and a way out.
///
/// The message is in lower case without a full stop; names of the user's are set in backticks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How much it matters.
    pub severity: Severity,
    /// Stable snake_case code with its area in front, e.g. `data.missing_value`.
    pub code: &'static str,
    /// Where it is.
    pub at: Place,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Problem {
    /// A fault that must be mended first.
    pub fn error(code: &'static str, at: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, at, message: message.into(), hint: None }
    }

    /// A doubt worth a look.
    pub fn attention(code: &'static str, at: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Attention, ..Self::error(code, at, message) }
    }

    /// Something good to know.
    pub fn info(code: &'static str, at: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Info, ..Self::error(code, at, message) }
    }

    /// The same with a way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Attention => "attention",
            Severity::Info => "info",
        };
        write!(f, "{word}: {}", self.message)?;
        if !self.at.is_empty() {
            write!(f, "\n  at: {}", self.at)?;
        }
        write!(f, "\n  code: {}", self.code)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

/// All that was found in one pass. As an error it holds at least one [`Severity::Error`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Adds all of `other`.
    pub fn extend(&mut self, other: Problems) {
        self.0.extend(other.0);
    }

    /// Whether any of them forbids going on.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// How many are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.iter().filter(|problem| problem.severity == severity).count()
    }

    /// In the order found.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// Names the file for every problem that does not name one yet.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        for problem in &mut self.0 {
            problem.at.file.get_or_insert_with(|| file.to_owned());
        }
        self
    }

    /// `Ok(value)` when nothing forbids going on, else everything found.
    pub fn or<T>(self, value: T) -> Result<T, Problems> {
        if self.has_errors() { Err(self) } else { Ok(value) }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The candidate nearest to `word` in spelling, for hints such as "the data has `tv_spent`".
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lowered = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            (strsim::normalized_damerau_levenshtein(&lowered, &candidate.to_lowercase()), candidate)
        })
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_as_a_sentence_with_place_and_hint() {
        let problem = Problem::error(
            "spec.unknown_column",
            Place::key("channel[2].spend"),
            "channel `tv` names the column `tv_spend`, which is not in the data",
        )
        .hint("the data has `tv_spent`");
        let text = Problems::from(problem).in_file("mmm.toml").to_string();
        assert_eq!(
            text,
            "error: channel `tv` names the column `tv_spend`, which is not in the data\n  \
             at: mmm.toml, channel[2].spend\n  code: spec.unknown_column\n  hint: the data has `tv_spent`"
        );
    }

    #[test]
    fn the_nearest_word_is_found_and_a_far_one_is_not() {
        assert_eq!(nearest("tv_spend", ["radio", "tv_spent", "price"]), Some("tv_spent"));
        assert_eq!(nearest("tv_spend", ["radio", "price"]), None);
    }
}
