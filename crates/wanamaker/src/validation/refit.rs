//! A model fitted again to something that differs a little: what it says of its channels then.

use super::gate::Gate;
use crate::data::panel::Panel;
use crate::decision::contribution::{Counted, parts, totals_of};
use crate::engine::batch::Worker;
use crate::engine::fit::Fit;
use crate::model::compile::compile;
use crate::posterior::interval::Interval;
use crate::spec::ModelSpec;
use serde::Serialize;
use std::ops::Range;

/// What one fit says of one channel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Effect {
    /// Channel.
    pub channel: String,
    /// Whether `value` is a return on spend; else it is the contribution in KPI units, for nothing is known to be spent.
    pub is_roas: bool,
    /// The figure.
    pub value: Interval,
}

/// A refit that did not come to an end that can be used.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unusable {
    /// Which one.
    pub name: String,
    /// Why, in one sentence.
    pub why: String,
}

/// ROAS of every channel over the periods `range`; contributions where nothing was spent.
pub fn effects(fit: &Fit, range: &Range<usize>, level: f64) -> Vec<Effect> {
    let counted = Counted::periods(&fit.model, range);
    let totals = totals_of(&fit.model, &fit.posterior, &parts(&fit.model), &counted, false, level);
    let channels = totals.into_iter().flat_map(|(_, totals)| totals).filter(|total| total.is_channel);
    channels
        .map(|total| Effect {
            channel: total.name,
            is_roas: total.roas.is_some(),
            value: total.roas.unwrap_or(total.contribution),
        })
        .collect()
}

/// Compiles and fits; a fit that did not converge is an error as well, for nothing may be read off it.
///
/// # Errors
/// Why there is no usable fit.
pub fn refit(name: &str, spec: &ModelSpec, panel: &Panel, worker: Worker<'_>) -> Result<Fit, Unusable> {
    let unusable = |why: String| Unusable { name: name.to_owned(), why };
    let model = compile(spec, panel).map_err(|problems| unusable(problems.to_string()))?;
    let fit = worker.fit(model).map_err(|error| unusable(error.to_string()))?;
    if fit.converged() {
        return Ok(fit);
    }
    let doubts: Vec<String> = fit.warnings.iter().map(|problem| problem.message.clone()).collect();
    Err(unusable(format!("it did not converge: {}", doubts.join("; "))))
}

/// The gate of refits that cannot be used, named.
pub fn usable(unusable: &[Unusable], of: usize) -> Gate {
    let gate = Gate::convergence(unusable.len(), of);
    match unusable {
        [] => gate,
        some => {
            let names: Vec<&str> = some.iter().map(|refit| refit.name.as_str()).collect();
            Gate { name: format!("{} ({})", gate.name, names.join(", ")), ..gate }
        }
    }
}
