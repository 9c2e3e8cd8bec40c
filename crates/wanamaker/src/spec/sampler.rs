//! The words for how the posterior is drawn.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the posterior is drawn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SamplerSpec {
    /// The engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<EngineName>,
    /// Independent chains, ≥ 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chains: Option<usize>,
    /// Draws kept per chain, ≥ 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<usize>,
    /// Warm-up draws per chain, thrown away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tune: Option<usize>,
    /// End the warm-up of a chain early where it has settled (`nuts`); `true` unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adaptive_tune: Option<bool>,
    /// Stop drawing when this is reached (`nuts`); `draws` are the most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<UntilSpec>,
    /// Same seed, same draws, on any number of threads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Target acceptance in (0, 1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_accept: Option<f64>,
    /// Deepest trajectory tree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_depth: Option<u64>,
    /// Integrate linear coefficients with normal priors out of the density and draw them given the rest (`nuts`, `laplace`);
    /// `true` unless said otherwise. The posterior is the same either way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marginalise: Option<bool>,
    /// Keep every n-th draw (`gibbs`), ≥ 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thin: Option<usize>,
    /// How the penalty is chosen (`ridge`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ridge: Option<RidgeSpec>,
}

/// When the draws are enough: R-hat as in the gates of convergence, and this.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UntilSpec {
    /// Bulk and tail ESS of every parameter, > 0.
    pub ess: f64,
}

impl SamplerSpec {
    /// Chains; what presets say where nothing does.
    pub fn n_chains(&self) -> usize {
        self.chains.unwrap_or(4)
    }

    /// Draws kept per chain; what presets say where nothing does.
    pub fn n_draws(&self) -> usize {
        self.draws.unwrap_or(1000)
    }
}

/// How penalised least squares finds its penalty and its intervals.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RidgeSpec {
    /// Penalties to choose from, > 0; the one that predicts best in cross-validation is taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub penalties: Vec<f64>,
    /// What is predicted from what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cross_validation: Option<CrossValidation>,
    /// Number of folds, ≥ 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folds: Option<usize>,
    /// Whether every column is divided by its standard deviation before it is penalised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standardize: Option<bool>,
    /// Length of the blocks of the bootstrap in periods; the cube root of their number when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<usize>,
    /// Whether decay and ec50 of every channel are searched for, too, by the same cross-validation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<bool>,
}

/// Kinds of cross-validation in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CrossValidation {
    /// Each fold is predicted from all periods before it.
    #[default]
    Expanding,
    /// Each of equal stretches is predicted from all others, later ones included.
    Contiguous,
}

/// Engines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EngineName {
    /// The No-U-Turn sampler: for every model.
    #[default]
    Nuts,
    /// Gibbs sampling of the conjugate linear model: fixed transforms, normal priors, inverse-gamma variance.
    Gibbs,
    /// Penalised least squares with a block bootstrap: fixed transforms; priors are not used.
    Ridge,
    /// A normal around the mode: a preview in a moment.
    Laplace,
}

impl EngineName {
    /// Its word in a spec.
    pub fn name(self) -> &'static str {
        match self {
            EngineName::Nuts => "nuts",
            EngineName::Gibbs => "gibbs",
            EngineName::Ridge => "ridge",
            EngineName::Laplace => "laplace",
        }
    }
}
