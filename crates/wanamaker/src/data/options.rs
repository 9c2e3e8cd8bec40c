//! The repairs a user may ask for: each is off until it is named, and each use of one is remarked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The sign that parts whole units from fractions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decimal {
    /// `1,234.5`
    Point,
    /// `1.234,5`
    Comma,
}

impl Decimal {
    /// The sign itself.
    pub fn sign(self) -> char {
        match self {
            Decimal::Point => '.',
            Decimal::Comma => ',',
        }
    }
}

/// What an empty media or spend cell means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MissingMedia {
    /// Nothing ran: 0.
    Zero,
}

/// What a (geo, period) without a row means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gaps {
    /// No media ran and the KPI is unknown there; controls follow `missing_controls`.
    Zero,
}

/// What several rows for one (geo, period) mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Duplicates {
    /// Parts of one whole: KPI, exposure and spend are added; everything else must agree.
    Sum,
}

/// What an empty cell of a control, a treatment or the revenue per KPI means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MissingControls {
    /// Unchanged since the period before.
    Previous,
}

/// How cells are read and which repairs are allowed. The default allows none: each fault is then an error.
///
/// | name | default | meaning | range |
/// |---|---|---|---|
/// | `date_format` | decided from the whole column | how dates are written | a word or a pattern with `%` |
/// | `decimal` | decided from the column, then from the file | decimal sign of text cells | `point`, `comma` |
/// | `missing_media` | error | an empty media or spend cell | `zero` |
/// | `gaps` | error | a period without a row | `zero` |
/// | `duplicates` | error | two rows for one geo and period | `sum` |
/// | `missing_controls` | error | an empty control cell | `previous` |
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DataOptions {
    /// How dates are written: `iso`, `day_first`, `month_first`, `month_name`, `iso_week`, `week`, `month`,
    /// `quarter`, `year`, `excel_serial`, `counter`, or a pattern such as `%d/%m/%Y`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_format: Option<String>,
    /// Decimal sign of numbers written as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<Decimal>,
    /// What an empty media or spend cell means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_media: Option<MissingMedia>,
    /// What a (geo, period) without a row means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gaps: Option<Gaps>,
    /// What several rows for one (geo, period) mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicates: Option<Duplicates>,
    /// What an empty cell of a control, a treatment or the revenue per KPI means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_controls: Option<MissingControls>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_read_from_toml_and_unknown_words_are_refused() {
        let options: DataOptions = toml::from_str("decimal = \"comma\"\ngaps = \"zero\"").unwrap();
        assert_eq!(options.decimal, Some(Decimal::Comma));
        assert_eq!(options.gaps, Some(Gaps::Zero));
        assert!(toml::from_str::<DataOptions>("gaps = \"guess\"").is_err());
        assert!(toml::from_str::<DataOptions>("gap = \"zero\"").is_err());
        assert_eq!(toml::to_string(&DataOptions::default()).unwrap(), "");
    }
}
