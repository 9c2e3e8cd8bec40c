//! The words for how the parts make the KPI: link, noise, and what is divided by what before the priors apply.

use super::baseline::CoefficientSpec;
use crate::prior::Prior;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the parts make the expected KPI, and the noise around it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeSpec {
    /// The scale on which the parts add up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// Whether the media sum is multiplied by the intercept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaMode>,
    /// Noise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<LikelihoodKind>,
    /// Standard deviation of the noise (`normal`, `student_t`, `log_normal`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sigma: Option<CoefficientSpec>,
    /// Variance of the noise, instead of `sigma` (`normal`): the conjugate form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variance: Option<CoefficientSpec>,
    /// Degrees of freedom (`student_t`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub df: Option<Prior>,
    /// Dispersion φ (`negative_binomial`): variance = mean + mean²/φ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispersion: Option<Prior>,
}

/// Link functions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// The parts add up to the expected KPI.
    #[default]
    Identity,
    /// The parts add up to its logarithm.
    Log,
}

/// How media enter the mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediaMode {
    /// They are added.
    #[default]
    Additive,
    /// Their sum is multiplied by the intercept.
    TimesIntercept,
}

/// Likelihoods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LikelihoodKind {
    /// Gaussian noise.
    #[default]
    Normal,
    /// Heavier tails.
    StudentT,
    /// Gaussian noise on the logarithm (needs the log link).
    LogNormal,
    /// Counts with more spread than Poisson.
    NegativeBinomial,
    /// Counts.
    Poisson,
}

/// What is divided by what before the priors apply.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScalingSpec {
    /// The KPI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kpi: Option<Scale>,
    /// Exposure of each channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<Scale>,
    /// Transformed media of channels whose transforms are all fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub features: Option<Scale>,
    /// Controls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<Scale>,
    /// Whether controls are centred at their training mean, so that the intercept is the level at average controls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub center_controls: Option<bool>,
    /// Whether KPI and exposure are divided by population first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_capita: Option<bool>,
}

/// A divisor: a word about the training data, or a number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "\"none\", \"max\", \"mean\", \"median_nonzero\", \"standardize\" or a positive number"
)]
pub enum Scale {
    /// Taken from the training data.
    Word(ScaleWord),
    /// Stated.
    Fixed(f64),
}

/// Divisors taken from the training data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScaleWord {
    /// 1.
    #[default]
    None,
    /// The maximum.
    Max,
    /// The mean.
    Mean,
    /// The median of the values that are not zero.
    MedianNonzero,
    /// The standard deviation.
    Standardize,
}
