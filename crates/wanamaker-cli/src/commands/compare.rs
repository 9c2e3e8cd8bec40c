//! `mmm compare`: which of several fits predicts better.

use crate::args::Global;
use crate::commands::output::deliver;
use crate::commands::tables::verdict;
use crate::outcome::{Exit, Outcome};
use crate::problems::{Sources, show};
use crate::terminal::number::{Digits, count, percent, plain};
use crate::terminal::table::TextTable;
use crate::terminal::{Format, Terminal};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use wanamaker::problem::Problems;
use wanamaker::validation::accuracy::Accuracy;
use wanamaker::validation::comparison::{Comparison, Holdout, Standing, compare};
use wanamaker_io::rows::{RowValues, Rows};

/// Which of several fits of the same data predicts better.
#[derive(Clone, Debug, Args)]
pub struct CompareArgs {
    /// The fits
    #[arg(required = true, num_args = 1.., value_name = "FIT")]
    pub fits: Vec<PathBuf>,
    /// Write to this file: CSV, Excel, JSON, Parquet or Arrow by its extension
    #[arg(long, short = 'o', alias = "out")]
    pub output: Option<PathBuf>,
}

/// Compares and shows.
pub fn run(args: &CompareArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let mut fits = Vec::new();
    let mut problems = Problems::new();
    for path in &args.fits {
        match wanamaker_io::fit_file::load(path) {
            Ok((fit, _, _)) => fits.push((path.display().to_string(), fit)),
            Err(more) => problems.0.extend(more.0),
        }
    }
    problems.or(())?;
    let seed = global.seed.or(fits.first().and_then(|(_, fit)| fit.model.spec.sampler.seed));
    let comparison = compare(&fits, seed.unwrap_or_default())?;
    let standings = &comparison.best_first;
    if args.output.is_none() && terminal.format == Format::Json {
        let object = json!(comparison);
        terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
    } else {
        deliver(terminal, args.output.as_deref(), &rows(standings), || text(&comparison))?;
    }
    for standing in standings {
        let mut findings = standing.information.findings();
        for problem in &mut findings.0 {
            problem.message = format!("{}: {}", standing.name, problem.message);
        }
        show(terminal, &findings, &Sources::default());
    }
    for (name, fit) in fits.iter().filter(|(_, fit)| !fit.warnings.0.is_empty()) {
        terminal.say(&format!("{name}:"));
        verdict(fit, terminal);
    }
    Ok(Exit::Fine)
}

fn text(comparison: &Comparison) -> String {
    let standings = &comparison.best_first;
    let mut table = TextTable::new(&[
        "fit",
        ">elpd",
        ">standard error",
        ">behind the best",
        ">standard error",
        ">parameters",
        ">weight",
        ">Pareto k > 0.7",
        ">WAIC",
    ]);
    let one = |x: f64| Digits::Decimals(1).write(x);
    for standing in standings {
        let loo = &standing.information.loo;
        table.row([
            standing.name.clone(),
            one(loo.elpd),
            one(loo.se),
            one(-standing.difference),
            one(standing.difference_se),
            one(loo.p),
            percent(standing.weight),
            count(standing.information.doubtful),
            one(standing.information.waic.elpd),
        ]);
    }
    let second = &standings[1];
    let clear = -second.difference > 2.0 * second.difference_se && -second.difference > 4.0;
    let verdict = if clear {
        format!("`{}` predicts better than all others.", standings[0].name)
    } else {
        format!(
            "`{}` and `{}` predict alike: the difference is within two standard errors, or too small to matter.",
            standings[0].name, second.name
        )
    };
    let held = held_out(comparison);
    format!(
        "{}\nelpd: expected log density of unseen observations by leave-one-out, more is better.\nWeights are those of the mixture that predicts best (stacking).\n{verdict}\n{held}",
        table.render()
    )
}

/// What each fit made of the periods that all of them held out.
fn held_out(comparison: &Comparison) -> String {
    match &comparison.holdout {
        Holdout::None => return String::new(),
        Holdout::Differs(how) => {
            return format!("\nHoldouts are not compared, for they are not the same: {how}.\n");
        }
        Holdout::Same => {}
    }
    let columns = ["fit", ">held out", ">RMSE", ">MAPE", ">CRPS", ">inside 50 %", ">80 %", ">95 %"];
    let mut table = TextTable::new(&columns);
    for standing in &comparison.best_first {
        if let Some(a) = &standing.holdout {
            let [half, most, nearly] = [a.coverage_50, a.coverage_80, a.coverage_95].map(percent);
            table.row([
                standing.name.clone(),
                count(a.n),
                plain(a.rmse),
                percent(a.mape / 100.0),
                plain(a.crps),
                half,
                most,
                nearly,
            ]);
        }
    }
    format!("\n{}Intervals are predictive and equal-tailed.\n", table.render())
}

fn rows(standings: &[Standing]) -> Rows {
    let numbers = |value: &dyn Fn(&Standing) -> f64| RowValues::Number(standings.iter().map(value).collect());
    let held = |value: &dyn Fn(&Accuracy) -> f64| numbers(&|s| s.holdout.as_ref().map_or(f64::NAN, value));
    Rows::new()
        .with("fit", RowValues::Text(standings.iter().map(|standing| standing.name.clone()).collect()))
        .with("elpd_loo", numbers(&|s| s.information.loo.elpd))
        .with("se", numbers(&|s| s.information.loo.se))
        .with("difference", numbers(&|s| s.difference))
        .with("difference_se", numbers(&|s| s.difference_se))
        .with("p_loo", numbers(&|s| s.information.loo.p))
        .with("weight", numbers(&|s| s.weight))
        .with("doubtful", numbers(&|s| s.information.doubtful as f64))
        .with("elpd_waic", numbers(&|s| s.information.waic.elpd))
        .with("aic", numbers(&|s| s.information.aic))
        .with("bic", numbers(&|s| s.information.bic))
        .with("holdout_rmse", held(&|a| a.rmse))
        .with("holdout_mape", held(&|a| a.mape))
        .with("holdout_crps", held(&|a| a.crps))
        .with("holdout_coverage_50", held(&|a| a.coverage_50))
        .with("holdout_coverage_80", held(&|a| a.coverage_80))
        .with("holdout_coverage_95", held(&|a| a.coverage_95))
}
