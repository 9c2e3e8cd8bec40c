//! What the model held possible before it saw the KPI.

use super::about::{Finding, findings};
use super::figures::{Band, Estimate, finite};
use super::kpi_over_time::total_kpi;
use super::study::Study;
use crate::decision::window::Window;
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::interval::Interval;
use crate::posterior::predictive::{IntervalKind, predictive_draws};
use crate::validation::prior_check::{PriorCheck, prior_check};
use schemars::JsonSchema;
use serde::Serialize;

/// Markets drawn from the prior for the figures.
pub const MARKETS: usize = 1000;
/// The inner of the two bands.
const HALF: f64 = 0.5;

/// The KPI as the prior foresees it, summed over geos.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PriorBelief {
    /// First days of the periods of the training window.
    pub dates: Vec<String>,
    /// The KPI.
    pub kpi: Vec<Option<f64>>,
    /// A new observation, by the prior.
    pub predictive: Band,
    /// The same with half of the probability inside.
    pub half: Band,
    /// What all channels bring by the prior, per observed KPI.
    pub media_share: Estimate,
    /// Where the prior allows nonsense.
    pub findings: Vec<Finding>,
}

/// What the prior of `study` holds possible.
pub fn prior_belief(study: &Study<'_>) -> PriorBelief {
    let (model, settings) = (study.model(), study.settings);
    let found = prior_check(model, MARKETS, settings.level, settings.seed);
    belief_of(model, study.prior(), &found, settings.level, settings.seed)
}

/// What `prior` holds possible, draws from the prior of `model`, with what a check `found` of them.
pub fn belief_of(
    model: &CompiledModel,
    prior: &Posterior,
    found: &PriorCheck,
    level: f64,
    seed: u64,
) -> PriorBelief {
    let range = Window::training(model).spent();
    let n_geos = model.panel.n_geos();
    let draws =
        predictive_draws(model, prior, &model.training, range.clone(), IntervalKind::Predictive, seed);
    let (periods, n_draws) = (range.len(), prior.n_chains * prior.n_draws);
    let total =
        |t: usize, s: usize| -> f64 { (0..n_geos).map(|geo| draws[(geo * periods + t) * n_draws + s]).sum() };
    // Markets with no KPI at all, which a prior may hold possible, are told of in the findings.
    let band = |level: f64| -> Band {
        let of_period = |t: usize| {
            let mut all: Vec<f64> = (0..n_draws).map(|s| total(t, s)).filter(|y| y.is_finite()).collect();
            Interval::of(&mut all, level)
        };
        (0..periods).map(of_period).collect()
    };
    PriorBelief {
        dates: range.clone().map(|t| model.panel.calendar.date(t).to_string()).collect(),
        kpi: range.map(|t| finite(total_kpi(model, t))).collect(),
        predictive: band(level),
        half: band(HALF),
        media_share: found.media_share.into(),
        findings: findings(&found.findings()),
    }
}
