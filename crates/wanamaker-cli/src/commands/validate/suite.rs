//! `mmm validate --suite`: five simulated markets, each fitted as a newcomer would, one row each.

use super::gates::conclude;
use super::{ValidateArgs, jobs};
use crate::args::Global;
use crate::outcome::{Exit, Outcome};
use crate::terminal::Terminal;
use crate::terminal::number::{Digits, count, percent};
use crate::terminal::table::TextTable;
use serde_json::json;
use wanamaker::problem::{Place, Problem, Problems};
use wanamaker::simulate::validation_suite;
use wanamaker::validation::suite::{MarketRow, market_name, suite_gates, validate_market};

/// Simulates, fits, judges.
pub fn run(args: &ValidateArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let suite = validation_suite();
    let names: Vec<String> = suite.iter().map(market_name).collect();
    let job = |index: usize, worker: wanamaker::engine::batch::Worker<'_>| {
        let adjust = |spec: &mut wanamaker::spec::ModelSpec| args.sampling.apply(global, spec);
        validate_market(&suite[index], adjust, worker, global.level)
    };
    let Some(results) = jobs::run(&names, args.sampling.chains.unwrap_or(4), global, terminal, job) else {
        return Ok(Exit::Interrupted);
    };
    let (mut rows, mut lost) = (Vec::new(), Problems::new());
    for (name, result) in names.iter().zip(results) {
        match result {
            Ok(row) => rows.push(row),
            Err(why) => lost.push(
                Problem::error(
                    "validate.no_fit",
                    Place::default(),
                    format!("`{name}` could not be fitted: {why}"),
                )
                .hint("look at the flags that change the draws"),
            ),
        }
    }
    lost.or(())?;
    let gates = suite_gates(&rows, names.len());
    let report =
        json!({ "level": global.level, "interval": "equal-tailed", "markets": rows, "gates": gates });
    conclude(args, terminal, report, &gates, || Ok(text(&rows, global.level)))
}

fn text(rows: &[MarketRow], level: f64) -> String {
    let mut table = TextTable::new(&[
        "market",
        ">seed",
        ">R²",
        ">MAPE",
        ">95 % predictive",
        ">R-hat",
        ">ESS",
        ">divergent",
        ">ROAS",
        ">decay",
        ">effect",
        "",
    ]);
    let inside = |(inside, all): (usize, usize)| format!("{inside} of {all}");
    for row in rows {
        let (training, c) = (&row.accuracy.training, &row.convergence);
        table.row([
            row.market.clone(),
            row.seed.to_string(),
            Digits::Decimals(3).write(training.r_squared),
            percent(training.mape / 100.0),
            percent(training.coverage_95),
            Digits::Decimals(3).write(c.max_r_hat.0),
            Digits::Decimals(0).write(c.min_ess_bulk.0.min(c.min_ess_tail.0)),
            count(c.divergences),
            inside(row.inside("roas")),
            inside(row.inside("decay")),
            inside(row.inside("beta")),
            if row.converged { "" } else { "NOT CONVERGED" }.to_owned(),
        ]);
    }
    let n = rows.len() as f64;
    let mean = |figure: &dyn Fn(&MarketRow) -> f64| rows.iter().map(figure).sum::<f64>() / n;
    let worst = |figure: &dyn Fn(&MarketRow) -> f64| rows.iter().map(figure).fold(f64::NAN, f64::max);
    let sum = |kind: &str| {
        let counts = rows.iter().map(|row| row.inside(kind));
        inside(counts.fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1)))
    };
    table.row([
        "all: means, worst, sums".to_owned(),
        String::new(),
        Digits::Decimals(3).write(mean(&|row| row.accuracy.training.r_squared)),
        percent(mean(&|row| row.accuracy.training.mape / 100.0)),
        percent(mean(&|row| row.accuracy.training.coverage_95)),
        Digits::Decimals(3).write(worst(&|row| row.convergence.max_r_hat.0)),
        Digits::Decimals(0)
            .write(-worst(&|row| -row.convergence.min_ess_bulk.0.min(row.convergence.min_ess_tail.0))),
        count(rows.iter().map(|row| row.convergence.divergences).sum()),
        sum("roas"),
        sum("decay"),
        sum("beta"),
        String::new(),
    ]);
    format!(
        "{}ROAS, decay and effect: how many equal-tailed {} intervals hold the truth.\n",
        table.render(),
        crate::terminal::number::level(level)
    )
}
