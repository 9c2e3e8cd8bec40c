//! A channel that did nothing: the spend of a real one out of its time. A model that credits it would credit anything.
//!
//! Effects are positive under most priors, so no placebo gets nothing; what the prior alone would give it is told beside.

use super::gate::{Gate, Unit};
use super::out_of_time::{Placebo, block_of, correlation_with_donor, with_placebo};
use super::refit::{Unusable, refit, usable};
use crate::data::panel::Panel;
use crate::decision::contribution::{Counted, Part, parts, total_draws};
use crate::engine::batch::Worker;
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::interval::Interval;
use crate::spec::ModelSpec;
use serde::Serialize;

/// Probability from which a placebo's share is beyond the threshold for sure.
pub const SURE: f64 = 0.95;
/// Draws of the prior.
const PRIOR_DRAWS: usize = 1000;

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
    // Each placebo is a fit of its own: that another one cannot be used takes nothing from its verdict.
    let gates = std::iter::once(usable(&unusable, n)).chain(rows.iter().map(gate)).collect();
    PlaceboReport { level, threshold, block: block_of(n_times), rows, unusable, gates }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placebo_with_a_share_fails_and_the_failure_of_another_takes_no_verdict_away() {
        let share =
            |mean: f64| Interval { mean, sd: 0.01, median: mean, lower: mean, upper: mean, level: 0.95 };
        let row = |name: &str, p_above: f64| PlaceboRow {
            name: name.into(),
            correlation: 0.0,
            share: share(0.1),
            prior_share: share(0.2),
            p_above,
            prior_p_above: 0.9,
        };
        let lost = Unusable { name: "placebo of web".into(), why: "it did not converge".into() };
        let report = report(vec![Ok(row("a", 0.99)), Err(lost), Ok(row("b", 0.2))], 0.05, 0.95, 60);
        let holds: Vec<Option<bool>> = report.gates.iter().map(|gate| gate.holds).collect();
        assert_eq!(holds, [Some(false), Some(false), Some(true)]);
        assert!(report.gates[0].name.contains("placebo of web"));
    }
}
