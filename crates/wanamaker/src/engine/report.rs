//! What an engine says of its own run, beside the draws.

use crate::problem::{Place, Problem, Problems};
use crate::spec::CrossValidation;
use serde::{Deserialize, Serialize};
use wanamaker_mcmc::comparison::GREATEST_K;

/// By engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "engine", rename_all = "snake_case")]
pub enum Report {
    /// The draws are the posterior's; the convergence figures say all.
    #[default]
    Nuts,
    /// The same.
    Gibbs,
    /// The draws are replicates of a bootstrap, around the estimate of penalised least squares.
    Ridge(RidgeReport),
    /// The draws are a normal's.
    Laplace {
        /// How far the normal is from the posterior; `None` where too few draws tell.
        pareto_k: Option<f64>,
    },
}

/// How penalised least squares came by its penalty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RidgeReport {
    /// The penalty that was taken.
    pub penalty: f64,
    /// Penalty and root mean squared error of what it predicted, in KPI units.
    pub cross_validation: Vec<(f64, f64)>,
    /// What was predicted from what.
    pub kind: CrossValidation,
    /// Number of folds.
    pub folds: usize,
    /// Length of the bootstrap's blocks in periods.
    pub block: usize,
    /// Effective number of coefficients, penalised and not.
    pub degrees_of_freedom: f64,
    /// Transforms that were searched for: channel, decay, ec50 in units of exposure.
    pub searched: Vec<Searched>,
}

/// Transforms that cross-validation preferred.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Searched {
    /// Channel.
    pub channel: String,
    /// Share kept from period to period, where the adstock has one.
    pub decay: Option<f64>,
    /// Exposure at half of the maximum, where the saturation has one, in the channel's unit.
    pub ec50: Option<f64>,
}

impl Report {
    /// Whether the draws may be taken for what they claim to be.
    pub fn is_sound(&self) -> bool {
        match self {
            Report::Nuts | Report::Gibbs | Report::Ridge(_) => true,
            Report::Laplace { pareto_k } => pareto_k.is_some_and(|k| k <= GREATEST_K),
        }
    }

    /// What intervals are intervals of.
    pub fn drawn_from(&self) -> &'static str {
        match self {
            Report::Nuts | Report::Gibbs => "the posterior",
            Report::Ridge(_) => "the replicates of the bootstrap",
            Report::Laplace { .. } => "the normal approximation",
        }
    }

    /// What the draws are, where they are not the posterior's.
    pub fn nature(&self) -> Option<&'static str> {
        match self {
            Report::Nuts | Report::Gibbs => None,
            Report::Ridge(_) => Some(
                "intervals are those of a moving-block bootstrap of penalised least squares, not of a posterior",
            ),
            Report::Laplace { .. } => {
                Some("a preview: intervals are those of a normal around the mode, not of the posterior")
            }
        }
    }

    /// Doubts, each with what to try.
    pub fn findings(&self) -> Problems {
        let mut problems = Problems::new();
        let mut note = |code: &'static str, message: String, hint: &str| {
            problems.push(Problem::attention(code, Place::default(), message).hint(hint));
        };
        match self {
            Report::Laplace { pareto_k } if !self.is_sound() => {
                let k = pareto_k.map_or_else(|| "cannot be told".to_owned(), |k| format!("is {k:.2}"));
                note(
                    "laplace.pareto_k",
                    format!(
                        "a normal is a poor picture of this posterior: Pareto k {k}, it should be below {GREATEST_K}"
                    ),
                    "take it for a first look only, and fit with engine = \"nuts\"",
                );
            }
            Report::Ridge(ridge) => {
                let all: Vec<f64> = ridge.cross_validation.iter().map(|(penalty, _)| *penalty).collect();
                let ends = [
                    all.iter().copied().fold(f64::INFINITY, f64::min),
                    all.iter().copied().fold(0.0, f64::max),
                ];
                if all.len() > 1 && ends.contains(&ridge.penalty) {
                    note(
                        "ridge.penalty_at_the_end",
                        format!(
                            "the best penalty, {}, is at the end of those tried: a better one may lie beyond",
                            ridge.penalty
                        ),
                        "add penalties on that side under [sampler.ridge]",
                    );
                }
            }
            _ => {}
        }
        problems
    }
}
