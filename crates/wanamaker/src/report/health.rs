//! The checks of a fit, and in one word what they come to.

use super::figures::finite;
use super::study::Study;
use crate::validation::checklist::{Check, Line, Mark, Profile, Wanted, worst};
use schemars::JsonSchema;
use serde::Serialize;

/// All checks.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Health {
    /// The worst mark of all.
    pub worst: Mark,
    /// In the order in which they matter.
    pub checks: Vec<CheckRow>,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CheckRow {
    /// What is checked.
    pub check: Check,
    /// How it came out.
    pub mark: Mark,
    /// The figure.
    pub figure: Option<f64>,
    /// What it should be.
    pub wanted: Wanted,
    /// Whose figure it is, or who are concerned.
    pub whose: Vec<String>,
    /// What to try; empty where nothing needs to be.
    pub advice: String,
}

/// The checks of `study` by the default profile.
pub fn health(study: &Study<'_>) -> Health {
    let lines = study.checklist(&Profile::DEFAULT);
    let row = |line: &Line| CheckRow {
        check: line.check,
        mark: line.mark,
        figure: finite(line.figure),
        wanted: line.wanted,
        whose: line.whose.clone(),
        advice: line.advice.to_owned(),
    };
    Health { worst: worst(&lines), checks: lines.iter().map(row).collect() }
}
