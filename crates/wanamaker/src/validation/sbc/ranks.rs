//! The quantities of a calibration, and the rank of the truth of each among the draws of a fit.

use super::market::Market;
use super::{LEVELS, Ranked};
use crate::decision::contribution::{Counted, Part, parts, total_draws};
use crate::model::compile::CompiledModel;
use crate::model::layout::Visibility;
use crate::posterior::Posterior;
use crate::posterior::interval::Interval;
use crate::validation::information::ln_likelihoods;
use rand::RngExt;
use serde::Serialize;
use wanamaker_mcmc::diagnostics::ess_bulk;
use wanamaker_mcmc::seed::{Purpose, stream};

/// Something that has a truth in every simulated market.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quantity {
    /// Label, e.g. `decay[tv]`, `roas[tv]`, `log likelihood`.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// Kinds of quantities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A free public parameter, by its place in a draw.
    Parameter(usize),
    /// What a channel brought in the observed training cells: per unit of spend where it has spend, else in total.
    Channel(usize),
    /// Log likelihood of all observations together.
    LogLikelihood,
}

/// All quantities of a model: parameters, channels that ever ran, the joint log likelihood.
///
/// A parameter that is a channel's ROAS or contribution under the same name is counted once, as the channel's.
pub fn quantities(model: &CompiledModel) -> Vec<Quantity> {
    let channels: Vec<Quantity> = (0..model.mean.channels.len())
        .filter(|c| model.training.exposure[*c].iter().any(|x| *x > 0.0))
        .map(|c| {
            let what = if spend_of(model, c).is_some() { "roas" } else { "contribution" };
            let name = format!("{what}[{}]", model.mean.channels[c].name);
            Quantity { name, kind: Kind::Channel(c) }
        })
        .collect();
    let public = model.layout.variables.iter().filter(|v| v.visibility == Visibility::Public);
    let mut all: Vec<Quantity> = public
        .flat_map(|variable| (variable.start..variable.start + variable.len()).zip(variable.labels()))
        .filter(|(index, name)| {
            model.layout.parameters[*index].free.is_some()
                && channels.iter().all(|channel| channel.name != *name)
        })
        .map(|(index, name)| Quantity { name, kind: Kind::Parameter(index) })
        .collect();
    all.extend(channels);
    all.push(Quantity { name: "log likelihood".to_owned(), kind: Kind::LogLikelihood });
    all
}

/// Spend of a channel in the observed training cells; `None` where there is none.
fn spend_of(model: &CompiledModel, channel: usize) -> Option<f64> {
    let spend = model.panel.media.get(channel)?.spend.as_ref()?;
    let total: f64 = model.window.observed_values(spend).sum();
    (total > 0.0).then_some(total)
}

/// Draws of every quantity, `[quantity][draw]`, chain after chain.
fn draws_of(wanted: &[Quantity], model: &CompiledModel, posterior: &Posterior) -> Vec<Vec<f64>> {
    let channels: Vec<(String, Part)> =
        parts(model).into_iter().filter(|(_, part)| matches!(part, Part::Channel(_))).collect();
    let all_geos = 0..model.panel.n_geos();
    let groups = std::slice::from_ref(&all_geos);
    let totals = total_draws(model, posterior, &channels, &Counted::observed(model), groups).remove(0);
    let by_cell = ln_likelihoods(model, posterior);
    let joint = |s: usize| by_cell.iter().map(|cell| cell[s]).sum::<f64>();
    let n_draws = posterior.n_chains * posterior.n_draws;
    let of = |quantity: &Quantity| match quantity.kind {
        Kind::Parameter(index) => posterior.scalar(index).concat(),
        Kind::Channel(channel) => {
            let spend = spend_of(model, channel).unwrap_or(1.0);
            totals.money[channel].iter().map(|money| money / spend).collect()
        }
        Kind::LogLikelihood => (0..n_draws).map(joint).collect(),
    };
    wanted.iter().map(of).collect()
}

/// Where the truth of a market stands in the fit of it, and whether every quantity has an ESS of at least `n_ranks`.
///
/// `model` has the market's KPI. Ranks are taken among `n_ranks` draws evenly apart, intervals from all of them. Draws equal
/// to the truth are counted below it as chance will.
pub(super) fn ranked(
    wanted: &[Quantity],
    model: &CompiledModel,
    posterior: &Posterior,
    market: &Market,
    n_ranks: usize,
) -> (Ranked, bool) {
    let truths = draws_of(wanted, model, &market.truth);
    let none = Vec::new();
    let mut found =
        Ranked { converged: false, lengthened: false, ranks: none, inside: Vec::new(), known: Vec::new() };
    let mut enough = true;
    let mut chance = stream(market.seed, Purpose::Resampling, 0);
    for ((quantity, mut draws), truth) in wanted.iter().zip(draws_of(wanted, model, posterior)).zip(truths) {
        let truth = truth[0];
        let chains: Vec<&[f64]> = draws.chunks_exact(posterior.n_draws).collect();
        // A NaN is not enough either.
        enough &= ess_bulk(&chains) >= n_ranks as f64;
        let thinned = (0..n_ranks).map(|k| draws[k * draws.len() / n_ranks]);
        let below = thinned.clone().filter(|draw| *draw < truth).count();
        let ties = thinned.filter(|draw| *draw == truth).count();
        found.ranks.push(below + chance.random_range(0..=ties));
        if let Kind::Channel(_) = quantity.kind {
            let intervals = LEVELS.map(|level| Interval::of(&mut draws, level));
            found.inside.push(intervals.map(|interval| interval.contains(truth)));
            let widest = intervals[LEVELS.len() - 1];
            found.known.push([widest.mean, 0.5 * (widest.upper - widest.lower)]);
        }
    }
    (found, enough)
}
