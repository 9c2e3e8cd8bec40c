//! What a user believes about a market: the spec, in the same words in TOML, JSON and Python.
//!
//! Whatever is left out is filled in by a preset ([`preset::fill`]); a filled spec says everything and prints as TOML.
//! A spec may be wrong: `model::compile` is the door at which all of it is checked against the data.

mod baseline;
pub mod check;
mod covariates;
pub mod document;
mod media;
mod outcome;
pub mod pooling;
pub mod preset;
pub mod proposal;
pub mod roles;
mod sampler;

pub use baseline::{
    BaselineSpec, CoefficientSpec, DayOfWeek, DayOfWeekSpec, EventSpec, PeriodWord, Phase, SeasonPeriod,
    SeasonalitySpec, TrendKind, TrendSpec, TrendUnit, Weekday,
};
pub use covariates::{ControlSpec, Level, LevelWord, TreatmentSpec};
pub use media::{
    AdstockKind, AdstockSpec, ChannelSpec, EffectSpec, InfiniteWord, SaturationKind, SaturationSpec,
    TransformOrder, WindowSpec,
};
pub use outcome::{LikelihoodKind, Link, MediaMode, OutcomeSpec, Scale, ScaleWord, ScalingSpec};
pub use sampler::{CrossValidation, EngineName, RidgeSpec, SamplerSpec, UntilSpec};

use crate::data::options::DataOptions;
use crate::prior::Prior;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The whole spec (`mmm.toml`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// What fills in everything that is not said here.
    #[serde(default)]
    pub preset: PresetName,
    /// The file, its columns and its repairs.
    #[serde(default)]
    pub data: DataSpec,
    /// Paid media, in the order in which they are reported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channel: Vec<ChannelSpec>,
    /// Media without spend: newsletters, own social posts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organic: Vec<ChannelSpec>,
    /// Non-media treatments: price, promotion.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub treatment: Vec<TreatmentSpec>,
    /// Controls: what moves the KPI but is nobody's decision here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub control: Vec<ControlSpec>,
    /// What all channels, treatments and controls share unless they say otherwise.
    #[serde(default)]
    pub defaults: Defaults,
    /// The KPI without media.
    #[serde(default)]
    pub baseline: BaselineSpec,
    /// How media add to the baseline, on which scale, with what noise.
    #[serde(default)]
    pub outcome: OutcomeSpec,
    /// What is divided by what before the priors apply.
    #[serde(default)]
    pub scaling: ScalingSpec,
    /// How the posterior is drawn.
    #[serde(default)]
    pub sampler: SamplerSpec,
}

/// Presets: specs to start from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PresetName {
    /// The default for a newcomer's weekly or daily data: Hill, geometric adstock, ROAS priors where spend is known.
    #[default]
    Standard,
    /// The default model of PyMC-Marketing, density for density.
    PymcMarketing,
    /// The daily model whose media multiply the intercept.
    Adelon,
    /// The conjugate linear model with fixed transforms.
    Lite,
    /// Penalised least squares on fixed transforms.
    Ridge,
}

/// Where the data are and which column plays which part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataSpec {
    /// CSV, TSV, Parquet, Arrow or XLSX; a relative path is taken from the folder of the spec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Column of dates; without it the rows are numbered as periods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Column of the outcome.
    #[serde(default)]
    pub kpi: String,
    /// Whether the KPI is money (`revenue`) or a count of something (`count`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kpi_kind: Option<KpiKind>,
    /// Column of money per unit of KPI, when the KPI is a count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revenue_per_kpi: Option<String>,
    /// Column of geo names, for a panel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geo: Option<String>,
    /// Column of population by geo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<String>,
    /// Periods at the end held back from the fit, to be predicted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holdout: Option<usize>,
    /// Formats and explicit repairs; none by default.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: DataOptions,
}

/// What the KPI counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KpiKind {
    /// Money.
    #[default]
    Revenue,
    /// Sales in units, conversions, sign-ups.
    Count,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What channels, treatments and controls share unless they say otherwise.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Defaults {
    /// Adstock of every channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adstock: Option<AdstockSpec>,
    /// Saturation of every channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saturation: Option<SaturationSpec>,
    /// Order of the transforms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<TransformOrder>,
    /// Effect of every channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<EffectSpec>,
    /// Prior of every control; a `horseshoe` makes all of them one group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control_prior: Option<Prior>,
    /// Prior of every treatment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub treatment_prior: Option<Prior>,
}
