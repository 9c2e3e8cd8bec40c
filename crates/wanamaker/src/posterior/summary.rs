//! The table of parameters: mean, spread, interval and how far to trust them.

use super::Posterior;
use super::replay::Replay;
use crate::model::compile::CompiledModel;
use crate::model::layout::{Visibility, labels};
use serde::Serialize;
use wanamaker_mcmc::diagnostics::{Summary, summarize};

/// One row of the parameter table, in the user's units.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Label, e.g. `decay[tv]`.
    pub name: String,
    /// Mean, interval and diagnostics.
    #[serde(flatten)]
    pub summary: Summary,
    /// Prior, when it is a free parameter; on the scale on which it is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prior: Option<String>,
}

/// Rows of all public parameters that are not fixed, then of derived quantities.
///
/// Intervals are equal-tailed with probability `level` in (0, 1).
pub fn table(model: &CompiledModel, posterior: &Posterior, level: f64) -> Vec<Row> {
    let mut rows = Vec::new();
    for variable in &posterior.variables {
        if variable.visibility == Visibility::Internal {
            continue;
        }
        for (k, name) in variable.labels().into_iter().enumerate() {
            let parameter = &model.layout.parameters[variable.start + k];
            if parameter.free.is_some() {
                let summary = of_chains(&posterior.scalar(variable.start + k), level);
                rows.push(Row { name, summary, prior: Some(parameter.distribution.name().to_owned()) });
            }
        }
    }
    rows.extend(derived(model, posterior).into_iter().map(|(name, chains)| Row {
        name,
        summary: of_chains(&chains, level),
        prior: None,
    }));
    rows
}

/// Draws of every derived quantity in the user's units, one vector per chain.
pub fn derived(model: &CompiledModel, posterior: &Posterior) -> Vec<(String, Vec<Vec<f64>>)> {
    let places: Vec<_> = model.derived.iter().flat_map(|d| d.values.iter().zip(&d.units)).collect();
    if places.is_empty() {
        return Vec::new();
    }
    let names = model.derived.iter().flat_map(|d| labels(&d.name, &d.coords));
    let mut draws = vec![vec![Vec::with_capacity(posterior.n_draws); posterior.n_chains]; places.len()];
    let mut replay = Replay::new(model);
    for c in 0..posterior.n_chains {
        for d in 0..posterior.n_draws {
            replay.go_to(posterior, c, d);
            for (series, (place, unit)) in draws.iter_mut().zip(&places) {
                series[c].push(replay.derived(**place) * **unit);
            }
        }
    }
    names.zip(draws).collect()
}

/// Summary of draws held as one vector per chain.
pub fn of_chains(chains: &[Vec<f64>], level: f64) -> Summary {
    let chains: Vec<&[f64]> = chains.iter().map(Vec::as_slice).collect();
    summarize(&chains, level)
}
