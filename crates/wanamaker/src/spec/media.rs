//! The words for channels: carry-over, diminishing return, effect.

use super::pooling::Pooling;
use crate::adstock::BinomialConvention;
use crate::prior::Prior;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One media channel. `[[channel]]` is paid, `[[organic]]` has no spend.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelSpec {
    /// Name shown everywhere.
    #[serde(default)]
    pub name: String,
    /// Column of spend in currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spend: Option<String>,
    /// Column of exposure (impressions, clicks, GRPs); the spend when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<String>,
    /// Column of people reached; with `frequency`, exposure is their product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<String>,
    /// Column of average contacts per person reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<String>,
    /// How long exposure works on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adstock: Option<AdstockSpec>,
    /// How its return diminishes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saturation: Option<SaturationSpec>,
    /// Which of the two comes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<TransformOrder>,
    /// How strong it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<EffectSpec>,
}

/// Which transform comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransformOrder {
    /// Exposure is carried over, then saturates.
    #[default]
    AdstockFirst,
    /// Each period's exposure saturates, then is carried over.
    SaturationFirst,
}

/// Kinds of adstock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdstockKind {
    /// A fixed share is kept from period to period.
    #[default]
    Geometric,
    /// The effect peaks some periods later.
    Delayed,
    /// Falls to zero at the end of the window.
    Binomial,
    /// Weibull density over the lags.
    WeibullPdf,
    /// Weibull survival over the lags.
    WeibullCdf,
    /// No carry-over.
    None,
}

/// Carry-over of a channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdstockSpec {
    /// Its shape.
    #[serde(default)]
    pub kind: AdstockKind,
    /// Number of taps L (lags 0…L−1), or `"infinite"` for the geometric recursion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub l_max: Option<WindowSpec>,
    /// Whether the weights are divided by their sum (default true; never for the infinite recursion).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normalize: Option<bool>,
    /// Which window the binomial kind counts to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub convention: Option<BinomialConvention>,
    /// Share kept from one period to the next, in [0, 1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decay: Option<Prior>,
    /// Lag of the peak in periods (`delayed`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak: Option<Prior>,
    /// Weibull shape.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<Prior>,
    /// Weibull scale in periods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Prior>,
    /// `shared` by all geos (default) or `independent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}

impl AdstockSpec {
    /// The prior of a parameter by its name in the transform.
    pub fn prior(&self, parameter: &str) -> Option<&Prior> {
        match parameter {
            "decay" => self.decay.as_ref(),
            "peak" => self.peak.as_ref(),
            "shape" => self.shape.as_ref(),
            "scale" => self.scale.as_ref(),
            _ => None,
        }
    }
}

/// Length of an adstock window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a number of periods such as 13, or \"infinite\"")]
pub enum WindowSpec {
    /// That many taps.
    Periods(usize),
    /// The whole past, by recursion.
    Word(InfiniteWord),
}

/// The word `infinite`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InfiniteWord {
    /// The whole past.
    Infinite,
}

/// Kinds of saturation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SaturationKind {
    /// S-shaped when slope > 1.
    #[default]
    Hill,
    /// `1 − exp(−rate·x)`.
    Exponential,
    /// `(1 − e^(−rate·x)) / (1 + e^(−rate·x))`.
    Logistic,
    /// `tanh(rate·x)`.
    Tanh,
    /// `x/(ec50 + x)`.
    MichaelisMenten,
    /// `x^exponent`.
    Root,
    /// `ln(1 + x/scale)`.
    #[serde(rename = "log1p")]
    Log1p,
    /// Shifted sigmoid.
    Sigmoid,
    /// A straight line.
    None,
}

/// Diminishing return of a channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaturationSpec {
    /// Its shape.
    #[serde(default)]
    pub kind: SaturationKind,
    /// Steepness (`hill`, `sigmoid`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slope: Option<Prior>,
    /// Exposure at half of the maximum (`hill`, `michaelis_menten`, `sigmoid`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ec50: Option<Prior>,
    /// Rate per unit of exposure (`exponential`, `logistic`, `tanh`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Prior>,
    /// Exponent in (0, 1] (`root`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exponent: Option<Prior>,
    /// Scale of exposure (`log1p`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Prior>,
    /// `shared` by all geos (default) or `independent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}

impl SaturationSpec {
    /// The prior of a parameter by its name in the transform.
    pub fn prior(&self, parameter: &str) -> Option<&Prior> {
        match parameter {
            "slope" => self.slope.as_ref(),
            "ec50" => self.ec50.as_ref(),
            "rate" => self.rate.as_ref(),
            "exponent" => self.exponent.as_ref(),
            "scale" => self.scale.as_ref(),
            _ => None,
        }
    }
}

/// How strong a channel is: a prior on exactly one of the three.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EffectSpec {
    /// The coefficient of the transformed media, on the (scaled) KPI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beta: Option<Prior>,
    /// Incremental revenue per unit of spend over the training window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roas: Option<Prior>,
    /// Share of the KPI over the training window that the channel brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contribution_share: Option<Prior>,
    /// How geos share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}
