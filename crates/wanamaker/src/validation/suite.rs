//! The validation suite: five simulated markets, each fitted as a newcomer would, held against its truth.

use super::accuracy::{FitAccuracy, accuracy};
use super::gate::{Gate, Unit, behind_convergence};
use super::recovery::{Recovered, recovery};
use crate::engine::batch::Worker;
use crate::engine::convergence::Convergence;
use crate::model::compile::from_table;
use crate::problem::Problems;
use crate::simulate::options::Options;
use crate::simulate::simulate;
use crate::spec::ModelSpec;
use crate::spec::document::{Format, read};
use serde::Serialize;

/// One market of the suite.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MarketRow {
    /// Its name: the scenario, or `baseline`.
    pub market: String,
    /// Seed of its data.
    pub seed: u64,
    /// Whether its fit converged.
    pub converged: bool,
    /// The figures of that.
    pub convergence: Convergence,
    /// Accuracy.
    pub accuracy: FitAccuracy,
    /// ROAS by channel.
    pub roas: Vec<Recovered>,
    /// Decay and largest effect by channel: the parameters that are judged.
    pub parameters: Vec<Recovered>,
}

impl MarketRow {
    /// Inside and all of the ROAS, of the decays, and of the largest effects.
    pub fn inside(&self, kind: &str) -> (usize, usize) {
        let prefix = format!("{kind}[");
        let rows = || self.roas.iter().chain(&self.parameters).filter(|row| row.name.starts_with(&prefix));
        (rows().filter(|row| row.inside).count(), rows().count())
    }
}

/// Name of a market of the suite.
pub fn market_name(options: &Options) -> String {
    options.scenario.map_or_else(|| "baseline".to_owned(), |scenario| scenario.to_string())
}

/// Simulates one market, fits it with the spec that it brings along (preset `standard`, the market's controls, trend and
/// season, weak priors) and holds it against its truth. `adjust` may change how it is drawn.
///
/// # Errors
/// What stands in the way of a fit, in words: faults of options or spec, or a sampler without a start.
pub fn validate_market(
    options: &Options,
    adjust: impl Fn(&mut ModelSpec),
    worker: Worker<'_>,
    level: f64,
) -> Result<MarketRow, String> {
    let words = |problems: Problems| problems.to_string();
    let market = simulate(options).map_err(words)?;
    let mut document = read(&market.spec, Format::Toml);
    adjust(&mut document.spec);
    let (model, _) = from_table(&document.spec, &market.table).map_err(words)?;
    let seed = model.spec.sampler.seed.unwrap_or_default();
    let fit = worker.fit(model).map_err(|error| error.to_string())?;
    let rows = recovery(&fit.model, &fit.posterior, &market.truth, level);
    let (roas, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.name.starts_with("roas["));
    let judged = |row: &Recovered| row.name.starts_with("decay[") || row.name.starts_with("beta[");
    Ok(MarketRow {
        market: market_name(options),
        seed: options.seed,
        converged: fit.converged(),
        accuracy: accuracy(&fit.model, &fit.posterior, level, seed),
        convergence: fit.convergence,
        roas,
        parameters: others.into_iter().filter(judged).collect(),
    })
}

/// The gates of the suite, convergence first; `n_markets` of which `rows` are those that were fitted at all.
pub fn suite_gates(rows: &[MarketRow], n_markets: usize) -> Vec<Gate> {
    let n = rows.len() as f64;
    let mean = |figure: &dyn Fn(&MarketRow) -> f64| rows.iter().map(figure).sum::<f64>() / n;
    let converged = rows.iter().filter(|row| row.converged).count();
    let (mut covered, mut cells) = (0, 0);
    for training in rows.iter().map(|row| &row.accuracy.training) {
        covered += (training.coverage_95 * training.n as f64).round() as usize;
        cells += training.n;
    }
    let share = |kinds: &[&str]| {
        let counts = rows.iter().flat_map(|row| kinds.iter().map(|kind| row.inside(kind)));
        let (inside, all) = counts.fold((0, 0), |sum, (inside, all)| (sum.0 + inside, sum.1 + all));
        (inside, all, inside as f64 / all as f64)
    };
    let (roas, all_roas, roas_share) = share(&["roas"]);
    let (parameters, all_parameters, parameter_share) = share(&["decay", "beta"]);
    let recovery =
        "the model or the sampler is at fault, for these markets were recovered when this was released";
    behind_convergence(vec![
        Gate::convergence(n_markets - converged, n_markets),
        // Of one market the noise decides: the baseline drew one under which the true mean itself has an R² of 0.88.
        Gate::new(
            "validate.r_squared",
            "R², mean of the markets",
            (Unit::Number, mean(&|row| row.accuracy.training.r_squared)),
            (Some(0.9), None),
            recovery,
        ),
        Gate::new(
            "validate.mape",
            "MAPE, mean of the markets",
            (Unit::Share, mean(&|row| row.accuracy.training.mape / 100.0)),
            (None, Some(0.015)),
            recovery,
        ),
        Gate::coverage("validate.coverage", covered, cells),
        Gate::new(
            "validate.roas",
            format!("ROAS inside their interval, {roas} of {all_roas}"),
            (Unit::Share, roas_share),
            (Some(0.9), None),
            recovery,
        ),
        Gate::new(
            "validate.recovery",
            format!("decays and effects inside their interval, {parameters} of {all_parameters}"),
            (Unit::Share, parameter_share),
            (Some(0.9), None),
            recovery,
        ),
    ])
}
