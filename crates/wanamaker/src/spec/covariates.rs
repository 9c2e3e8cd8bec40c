//! The words for treatments and controls.

use super::pooling::Pooling;
use crate::prior::Prior;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A non-media treatment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TreatmentSpec {
    /// Column.
    #[serde(default)]
    pub column: String,
    /// Name shown; the column's when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The level it is compared with: a word or a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counterfactual: Option<Level>,
    /// Prior of its coefficient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<Prior>,
    /// How geos share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}

/// The counterfactual level of a treatment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "\"min\", \"max\", \"mean\" or a number")]
pub enum Level {
    /// Taken from the training data.
    Word(LevelWord),
    /// A number in the column's unit.
    Number(f64),
}

/// Words for a level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LevelWord {
    /// The least seen.
    #[default]
    Min,
    /// The most seen.
    Max,
    /// The mean.
    Mean,
}

/// A control.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ControlSpec {
    /// Column.
    #[serde(default)]
    pub column: String,
    /// Name shown; the column's when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Prior of its coefficient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<Prior>,
    /// How geos share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}
