//! The table of parameters: mean, spread, interval and how far to trust them.

use super::Posterior;
use super::replay::Replay;
use crate::math::parallel;
use crate::model::compile::{CompiledModel, Derived, DerivedValue};
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

/// Draws of derived quantities that are held at once, in bytes: a panel of many geos has as many of them as parameters.
const AT_ONCE: usize = 128 << 20;

/// Rows of all public parameters that are not fixed, then of derived quantities, on `threads` threads (0 = all there are).
///
/// Intervals are equal-tailed with probability `level` in (0, 1).
pub fn table(model: &CompiledModel, posterior: &Posterior, level: f64, threads: usize) -> Vec<Row> {
    let mut free = Vec::new();
    for variable in posterior.variables.iter().filter(|v| v.visibility == Visibility::Public) {
        let scalars = (variable.start..).zip(variable.labels());
        free.extend(scalars.filter(|(index, _)| model.layout.parameters[*index].free.is_some()));
    }
    let mut rows = of_scalars(posterior, &free, level, threads);
    for (row, (index, _)) in rows.iter_mut().zip(&free) {
        row.prior = Some(model.layout.parameters[*index].distribution.name().to_owned());
    }
    for block in quantities(model).chunks(posterior.series_within(AT_ONCE)) {
        let draws = draws_of(model, posterior, block, threads);
        rows.extend(parallel::map(block.len(), threads, |k| {
            let chains: Vec<&[f64]> = draws.iter().map(|chain| chain[k].as_slice()).collect();
            Row { name: block[k].name.clone(), summary: summarize(&chains, level), prior: None }
        }));
    }
    rows
}

/// Rows of scalars of a posterior, by index with their names, without their priors.
pub fn of_scalars(
    posterior: &Posterior,
    scalars: &[(usize, String)],
    level: f64,
    threads: usize,
) -> Vec<Row> {
    parallel::map(scalars.len(), threads, |k| {
        let (index, name) = &scalars[k];
        let chains = posterior.scalar(*index);
        let chains: Vec<&[f64]> = chains.iter().map(Vec::as_slice).collect();
        Row { name: name.clone(), summary: summarize(&chains, level), prior: None }
    })
}

/// Draws of every derived quantity in the user's units, one vector per chain.
pub fn derived(model: &CompiledModel, posterior: &Posterior) -> Vec<(String, Vec<Vec<f64>>)> {
    let all = quantities(model);
    let mut draws = draws_of(model, posterior, &all, 1);
    let of_all = |k: usize| draws.iter_mut().map(|chain| std::mem::take(&mut chain[k])).collect();
    let draws: Vec<_> = (0..all.len()).map(of_all).collect();
    all.into_iter().map(|quantity| quantity.name).zip(draws).collect()
}

/// A derived quantity.
struct Quantity {
    name: String,
    value: DerivedValue,
    unit: f64,
}

fn quantities(model: &CompiledModel) -> Vec<Quantity> {
    let of_one = |derived: &Derived| {
        let places = derived.values.clone().into_iter().zip(derived.units.clone());
        let named = labels(&derived.name, &derived.coords).into_iter().zip(places);
        named.map(|(name, (value, unit))| Quantity { name, value, unit }).collect::<Vec<_>>()
    };
    model.derived.iter().flat_map(of_one).collect()
}

/// Their draws, `[chain][quantity][draw]`.
fn draws_of(
    model: &CompiledModel,
    posterior: &Posterior,
    quantities: &[Quantity],
    threads: usize,
) -> Vec<Vec<Vec<f64>>> {
    // A forward pass for every draw is dear where nobody asks for it.
    if quantities.is_empty() {
        return vec![Vec::new(); posterior.n_chains];
    }
    parallel::map(posterior.n_chains, threads, |chain| {
        let mut draws = vec![Vec::with_capacity(posterior.n_draws); quantities.len()];
        let mut replay = Replay::new(model);
        for draw in 0..posterior.n_draws {
            replay.go_to(posterior, chain, draw);
            for (series, quantity) in draws.iter_mut().zip(quantities) {
                series.push(replay.derived(quantity.value) * quantity.unit);
            }
        }
        draws
    })
}
