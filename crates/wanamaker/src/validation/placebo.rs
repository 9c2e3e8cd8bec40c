//! A channel that did nothing: the spend of a real one out of its time. A model that credits it would credit anything.
//!
//! The spend is cut into blocks of about √n periods, which are put into a random order. So a placebo has the amounts, the
//! spread and the flights of a real channel, and its carry-over makes sense, but it did not happen when it happened.
//! Effects are positive under most priors, so no placebo gets nothing; what the prior alone would give it is told beside.

use super::gate::{Gate, Unit, behind_convergence};
use super::refit::{Unusable, refit, usable};
use crate::data::panel::{Media, Panel};
use crate::decision::contribution::{Counted, Part, parts, total_draws};
use crate::engine::batch::Worker;
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::interval::Interval;
use crate::problem::{Place, Problem, Problems};
use crate::spec::{ChannelSpec, ModelSpec};
use rand::seq::SliceRandom;
use serde::Serialize;
use wanamaker_mcmc::seed::{Purpose, stream};

/// Probability from which a placebo's share is beyond the threshold for sure.
pub const SURE: f64 = 0.95;
/// An order under which a placebo still moves with its donor beyond this correlation is drawn again.
const STILL_ALIKE: f64 = 0.2;
/// Draws of the prior.
const PRIOR_DRAWS: usize = 1000;

/// A placebo to be fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Placebo {
    /// Its name, `placebo of tv`.
    pub name: String,
    /// The paid channel whose spend it has, by index.
    pub donor: usize,
    /// Which period of the donor stands in each of its periods.
    pub order: Vec<usize>,
}

/// What a fit says of a placebo.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaceboRow {
    /// Its name.
    pub name: String,
    /// Correlation of its exposure with that of its donor.
    pub correlation: f64,
    /// Its share of the fitted KPI over the training cells.
    pub share: Interval,
    /// The same before any KPI was seen.
    pub prior_share: Interval,
    /// Probability that the share is above the threshold.
    pub p_above: f64,
    /// The same before any KPI was seen.
    pub prior_p_above: f64,
}

/// What came of all placebos.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaceboReport {
    /// Probability inside intervals.
    pub level: f64,
    /// Share of the KPI that no placebo may surely exceed.
    pub threshold: f64,
    /// Periods in one block.
    pub block: usize,
    /// Placebos whose fits converged.
    pub rows: Vec<PlaceboRow>,
    /// The others.
    pub unusable: Vec<Unusable>,
    /// The gates, convergence first.
    pub gates: Vec<Gate>,
}

/// `count` placebos from the channels that got most money, in turns.
///
/// # Errors
/// No paid channel, or too few periods to put out of order.
pub fn placebos(panel: &Panel, count: usize, seed: u64) -> Result<Vec<Placebo>, Problems> {
    let fault = |message: &str, hint: &str| {
        Problem::error("placebo.impossible", Place::default(), message).hint(hint)
    };
    let n = panel.n_times();
    if n < 16 {
        return Err(fault("too few periods to put out of order", "give at least 16 periods").into());
    }
    let total = |media: &Media| media.spend.as_ref().unwrap_or(&media.exposure).iter().sum::<f64>();
    let mut donors: Vec<usize> = (0..panel.media.len()).filter(|c| total(&panel.media[*c]) > 0.0).collect();
    donors.sort_by(|a, b| total(&panel.media[*b]).total_cmp(&total(&panel.media[*a])));
    if donors.is_empty() {
        return Err(fault("there is no paid channel to take spend from", "name one under [[channel]]").into());
    }
    let placebo = |k: usize| {
        let donor = donors[k % donors.len()];
        let name = &panel.media[donor].name;
        let turn = if k < donors.len() { String::new() } else { format!(" ({})", k / donors.len() + 1) };
        Placebo {
            name: format!("placebo of {name}{turn}"),
            donor,
            order: order(panel, donor, seed, k as u64),
        }
    };
    Ok((0..count).map(placebo).collect())
}

/// Periods in one block.
pub fn block_of(n_times: usize) -> usize {
    ((n_times as f64).sqrt().round() as usize).max(1)
}

/// The first order of blocks that takes the exposure away from the donor's; the best of twenty where none does.
fn order(panel: &Panel, donor: usize, seed: u64, index: u64) -> Vec<usize> {
    let n = panel.n_times();
    let mut rng = stream(seed, Purpose::Resampling, index);
    let periods: Vec<usize> = (0..n).collect();
    let mut best: Option<(f64, Vec<usize>)> = None;
    for _ in 0..20 {
        let mut blocks: Vec<&[usize]> = periods.chunks(block_of(n)).collect();
        blocks.shuffle(&mut rng);
        let order = blocks.concat();
        let alike = correlation_with_donor(panel, donor, &order).abs();
        if best.as_ref().is_none_or(|(least, _)| alike < *least) {
            best = Some((alike, order));
        }
        if alike <= STILL_ALIKE {
            break;
        }
    }
    best.map(|(_, order)| order).unwrap_or(periods)
}

fn correlation_with_donor(panel: &Panel, donor: usize, order: &[usize]) -> f64 {
    let x = &panel.media[donor].exposure;
    let moved = reordered(x, order);
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    let product: f64 = x.iter().zip(&moved).map(|(a, b)| (a - mean) * (b - mean)).sum();
    let spread: f64 = x.iter().map(|a| (a - mean).powi(2)).sum();
    if spread > 0.0 { product / spread } else { 0.0 }
}

/// `[geo, time]` with the periods of every geo in the same new order.
fn reordered(values: &[f64], order: &[usize]) -> Vec<f64> {
    values.chunks(order.len()).flat_map(|geo| order.iter().map(|t| geo[*t])).collect()
}

/// Spec and panel with the placebo as the last paid channel, under the transforms and priors of its donor.
pub fn with_placebo(spec: &ModelSpec, panel: &Panel, placebo: &Placebo) -> (ModelSpec, Panel) {
    let (mut spec, mut panel) = (spec.clone(), panel.clone());
    let donor = &panel.media[placebo.donor];
    let media = Media {
        name: placebo.name.clone(),
        exposure: reordered(&donor.exposure, &placebo.order),
        spend: donor.spend.as_ref().map(|spend| reordered(spend, &placebo.order)),
    };
    let own = &spec.channel[placebo.donor];
    // No column of the file holds it; two channels may not name the same.
    let column = Some(placebo.name.clone());
    spec.channel.push(ChannelSpec {
        name: placebo.name.clone(),
        spend: own.spend.as_ref().and(column.clone()),
        exposure: column,
        reach: None,
        frequency: None,
        ..own.clone()
    });
    panel.media.push(media);
    (spec, panel)
}

/// Fits with one placebo.
///
/// # Errors
/// A fit that cannot be used.
pub fn fit_placebo(
    spec: &ModelSpec,
    panel: &Panel,
    placebo: &Placebo,
    threshold: f64,
    level: f64,
    seed: u64,
    worker: Worker<'_>,
) -> Result<PlaceboRow, Unusable> {
    let correlation = correlation_with_donor(panel, placebo.donor, &placebo.order);
    let (spec, panel) = with_placebo(spec, panel, placebo);
    let fit = refit(&placebo.name, &spec, &panel, worker)?;
    let mut shares = shares(&fit.model, &fit.posterior, &placebo.name);
    let mut before =
        self::shares(&fit.model, &Posterior::from_prior(&fit.model, PRIOR_DRAWS, seed), &placebo.name);
    let above = |shares: &[f64]| {
        shares.iter().filter(|share| **share > threshold).count() as f64 / shares.len() as f64
    };
    Ok(PlaceboRow {
        name: placebo.name.clone(),
        correlation,
        p_above: above(&shares),
        prior_p_above: above(&before),
        share: Interval::of(&mut shares, level),
        prior_share: Interval::of(&mut before, level),
    })
}

/// Share of the observed KPI that a channel brought, draw by draw. Not of the fitted mean, which under the prior can be
/// near nothing.
fn shares(model: &CompiledModel, posterior: &Posterior, channel: &str) -> Vec<f64> {
    let all = parts(model);
    let part: Vec<(String, Part)> = all.into_iter().filter(|(name, _)| name == channel).collect();
    let geos = 0..model.panel.n_geos();
    let totals = total_draws(model, posterior, &part, &Counted::observed(model), std::slice::from_ref(&geos));
    let kpi: f64 = model.window.observed_values(&model.panel.kpi.values).sum();
    totals.into_iter().flat_map(|totals| totals.kpi).flatten().map(|total| total / kpi).collect()
}

/// Gathers what came of the placebos and judges it.
pub fn report(
    results: Vec<Result<PlaceboRow, Unusable>>,
    threshold: f64,
    level: f64,
    n_times: usize,
) -> PlaceboReport {
    let n = results.len();
    let (rows, unusable) = parted(results);
    let gate = |row: &PlaceboRow| {
        Gate::new(
            "validate.placebo",
            format!("probability that `{}` brings more than {:.1} %", row.name, 100.0 * threshold),
            (Unit::Share, row.p_above),
            (None, Some(SURE)),
            "the model credits spend that did nothing: the baseline may miss what moves the KPI, or the priors of \
             effects insist on too much; `mmm check` and `mmm diagnose` look at both",
        )
    };
    let gates = std::iter::once(usable(&unusable, n)).chain(rows.iter().map(gate)).collect();
    PlaceboReport {
        level,
        threshold,
        block: block_of(n_times),
        rows,
        unusable,
        gates: behind_convergence(gates),
    }
}

/// Usable results and the others.
pub(super) fn parted<T>(results: Vec<Result<T, Unusable>>) -> (Vec<T>, Vec<Unusable>) {
    let (mut rows, mut unusable) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(row) => rows.push(row),
            Err(refit) => unusable.push(refit),
        }
    }
    (rows, unusable)
}
