//! What can be asked about a fit, and what is answered.

use crate::http::reply::Form;
use crate::problem::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What all answers about a fit can be asked for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SummaryQuery {
    /// Probability inside intervals, between 0 and 1; 0.95 when not said.
    #[schemars(range(min = 0.01, max = 0.999))]
    pub level: Option<f64>,
    /// Form of the table; the header `Accept` decides when not said.
    pub format: Option<Form>,
}

/// What a diagnosis can be asked for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DiagnosisQuery {
    /// Probability inside intervals, between 0 and 1; 0.95 when not said.
    #[schemars(range(min = 0.01, max = 0.999))]
    pub level: Option<f64>,
    /// Gates: `default`, or `legacy` for those of older tools.
    pub profile: Option<ProfileWord>,
}

/// Sets of gates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProfileWord {
    /// R-hat below 1.01, ESS of 400, no divergence.
    Default,
    /// Those of older tools.
    Legacy,
}

/// Which question a curve answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CurveWord {
    /// The same money in every period, carry-over at its limit.
    Steady,
    /// The channel's own spend in the window, scaled.
    Flighting,
}

/// A window of periods, and the form of the answer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowQuery {
    /// Probability inside intervals, between 0 and 1; 0.95 when not said.
    #[schemars(range(min = 0.01, max = 0.999))]
    pub level: Option<f64>,
    /// First day, as 2024-01-31; the training window when nothing is said.
    #[schemars(extend("format" = "date"))]
    pub from: Option<String>,
    /// Last day, included.
    #[schemars(extend("format" = "date"))]
    pub to: Option<String>,
    /// The last so many training periods instead.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub last: Option<u32>,
    /// Form of the table; the header `Accept` decides when not said.
    pub format: Option<Form>,
}

/// Which contributions.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContributionsQuery {
    /// Probability inside intervals, between 0 and 1; 0.95 when not said.
    #[schemars(range(min = 0.01, max = 0.999))]
    pub level: Option<f64>,
    /// First day, as 2024-01-31; all training periods when nothing is said.
    #[schemars(extend("format" = "date"))]
    pub from: Option<String>,
    /// Last day, included.
    #[schemars(extend("format" = "date"))]
    pub to: Option<String>,
    /// The last so many training periods instead.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub last: Option<u32>,
    /// Geo by geo.
    pub by_geo: Option<bool>,
    /// Period by period instead of in total.
    pub over_time: Option<bool>,
    /// In few parts: baseline, paid and organic media, controls, treatments.
    pub grouped: Option<bool>,
    /// Form of the table; the header `Accept` decides when not said.
    pub format: Option<Form>,
}

/// Which curves.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CurvesQuery {
    /// Probability inside intervals, between 0 and 1; 0.95 when not said.
    #[schemars(range(min = 0.01, max = 0.999))]
    pub level: Option<f64>,
    /// `steady`: the same money in every period; `flighting`: the channel's own spend in the window, scaled.
    pub kind: Option<CurveWord>,
    /// How far, as a multiple of today's or the highest spend; 2 when not said.
    #[schemars(range(min = 0.01, max = 100.0))]
    pub reach: Option<f64>,
    /// Even steps; 100 for steady curves, 40 for flighting ones when not said.
    #[schemars(range(min = 1, max = 500))]
    pub points: Option<u32>,
    /// Form of the table; the header `Accept` decides when not said.
    pub format: Option<Form>,
}

/// Parameters and channels of a fit.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SummaryAnswer {
    /// Probability inside intervals.
    pub level: f64,
    /// `equal-tailed`.
    pub interval: String,
    /// Parameters with mean, sd, median, interval, MCSE, ESS and R-hat.
    pub parameters: Value,
    /// Channels with spend, contribution, share and ROAS.
    pub channels: Value,
    /// The figures that the gates look at.
    pub convergence: Value,
    /// Doubts about the fit.
    pub warnings: Vec<Finding>,
}

/// Whether a fit can be trusted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DiagnosisAnswer {
    /// Whether no check failed.
    pub passed: bool,
    /// Probability inside intervals.
    pub level: f64,
    /// The checklist, line by line, with what to do.
    pub checks: Value,
    /// The gates.
    pub gates: Value,
    /// The figures that the gates look at.
    pub convergence: Value,
    /// What the engine says of its own run.
    pub engine: Value,
    /// Figures of fit, in training and holdout.
    pub accuracy: Value,
    /// Tests of what is left over.
    pub residuals: Value,
    /// Prediction of the unseen.
    pub information: Value,
    /// What the data can tell of each channel.
    pub identification: Value,
    /// Remarks and failures.
    pub findings: Vec<Finding>,
}

/// What each channel earned.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReturnsAnswer {
    /// Probability inside intervals.
    pub level: f64,
    /// `equal-tailed`.
    pub interval: String,
    /// First period of the window.
    pub from: String,
    /// Last period of the window.
    pub to: String,
    /// Channels with ROAS, ROI, marginal ROAS, carry-over and saturation.
    pub returns: Value,
    /// What the data can tell of each channel.
    pub identification: Value,
    /// What is not known well.
    pub findings: Vec<Finding>,
    /// Doubts about the fit.
    pub warnings: Vec<Finding>,
}

/// What each part of the model brought.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ContributionsAnswer {
    /// Probability inside intervals.
    pub level: f64,
    /// `equal-tailed`.
    pub interval: String,
    /// One record per part, per geo and period where asked for.
    pub contributions: Vec<Value>,
}

/// What each channel would bring at other levels of spend.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CurvesAnswer {
    /// Probability inside intervals.
    pub level: f64,
    /// `equal-tailed`.
    pub interval: String,
    /// `steady` or `flighting`.
    pub kind: String,
    /// Curves, each with its points.
    pub curves: Value,
}
