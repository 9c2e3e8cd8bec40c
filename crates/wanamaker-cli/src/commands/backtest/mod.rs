//! `mmm backtest`: would the model have foreseen what came, and does it say the same of each channel as time goes on.

mod tables;

use crate::args::Global;
use crate::commands::fit::{SamplingArgs, doubts};
use crate::commands::output::deliver;
use crate::interrupt;
use crate::load::load_again;
use crate::outcome::{Exit, Outcome};
use crate::problems::{Sources, show};
use crate::terminal::number::percent;
use crate::terminal::{Format, Style, Terminal};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::PathBuf;
use tables::{prediction_rows, text};
use wanamaker::model::compile::CompiledModel;
use wanamaker::validation::backtest::folds::{FoldPlan, TrainingWindow};
use wanamaker::validation::backtest::gates::{Gates, failures, remarks};
use wanamaker::validation::backtest::{FoldReport, Options, backtest};

const EXAMPLES: &str = "\
Examples:
  mmm backtest                               mmm.toml, the last 24 weeks in three folds of 8
  mmm backtest fit.mmm --folds 4 --horizon 13 -o predictions.csv
  mmm backtest --window rolling --min-train 104 --max-mape 8

Each fold is a fit of its own on what was known at its origin, so this takes as long as that many fits. Media and controls
of the tested periods are taken as known. The naive forecast is the same period a year before, else the last value.

Exits with 1 when a gate fails: a fold has not converged; of the tested cells so few lie inside their interval (--level)
that chance would do that once in a hundred times; MAPE over all folds (--max-mape); a channel's ROAS or decay moves from
fold to fold (--max-move); skill (--min-skill).";

/// Rolling-origin backtest of a model.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct BacktestArgs {
    /// The spec, or a fit, whose spec and data are taken and fitted again
    #[arg(default_value = "mmm.toml", value_name = "SPEC_OR_FIT")]
    pub spec: PathBuf,
    /// Data file instead of the one that spec or fit have
    #[arg(long, short = 'd')]
    pub data: Option<PathBuf>,
    /// Folds; the last ends with the data
    #[arg(long, default_value_t = 3, value_name = "N", help_heading = "Folds")]
    pub folds: usize,
    /// Periods that each fold predicts [default: 8 weeks, 28 days, 3 months; --holdout says the same]
    #[arg(long, value_name = "PERIODS", conflicts_with = "holdout", help_heading = "Folds")]
    pub horizon: Option<usize>,
    /// Periods from one origin to the next [default: the horizon]
    #[arg(long, value_name = "PERIODS", help_heading = "Folds")]
    pub step: Option<usize>,
    /// Periods that a fold learns from at least [default: a year, and at least 24]
    #[arg(long, value_name = "PERIODS", help_heading = "Folds")]
    pub min_train: Option<usize>,
    /// What a fold learns from
    #[arg(long, value_enum, default_value_t, help_heading = "Folds")]
    pub window: Learns,
    /// Largest mean absolute percentage error over all folds, in per cent
    #[arg(long, default_value_t = Gates::DEFAULT.max_mape, value_name = "PERCENT", value_parser = positive, help_heading = "Gates")]
    pub max_mape: f64,
    /// Largest move of a channel's ROAS or decay from fold to fold, in posterior standard deviations
    #[arg(long, default_value_t = Gates::DEFAULT.max_move, value_name = "SD", value_parser = positive, help_heading = "Gates")]
    pub max_move: f64,
    /// Smallest skill over all folds: 0 is as good as the naive forecast, 1 is perfect [default: none]
    #[arg(long, value_name = "SKILL", allow_negative_numbers = true, help_heading = "Gates")]
    pub min_skill: Option<f64>,
    /// The draws
    #[command(flatten)]
    pub sampling: SamplingArgs,
    /// Write the predictions of all folds to this file: CSV, Excel, JSON, Parquet or Arrow by its extension
    #[arg(long, short = 'o', alias = "out")]
    pub output: Option<PathBuf>,
}

/// What a fold learns from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Learns {
    /// Everything before its origin.
    #[default]
    Expanding,
    /// The --min-train periods before its origin.
    Rolling,
}

fn positive(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|x: &f64| *x > 0.0).ok_or_else(|| "a number above 0 is wanted".to_owned())
}

/// Fits every fold and judges what they foresaw.
pub fn run(args: &BacktestArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let again = load_again(&args.spec, args.data.as_deref(), |spec| {
        args.sampling.apply(global, spec);
        spec.data.holdout = None;
    })?;
    show(terminal, &doubts(&again.remarks), &again.sources);
    let CompiledModel { spec, panel, .. } = again.model;
    let window = match args.window {
        Learns::Expanding => TrainingWindow::Expanding,
        Learns::Rolling => TrainingWindow::Rolling,
    };
    let horizon = args.horizon.or(args.sampling.holdout);
    let plan = FoldPlan { folds: args.folds, horizon, step: args.step, min_train: args.min_train, window };
    let options = Options { plan, level: global.level, threads: global.threads };
    interrupt::watch();
    let mut done = 0;
    let result = backtest(&spec, &panel, &options, |told| {
        if let Some(fold) = told {
            done += 1;
            terminal.say(&progress(fold, args.folds));
        }
        interrupt::flow()
    })?;
    let Some(result) = result else {
        terminal.say(&format!("stopped after {done} of {} folds; nothing was judged or written", args.folds));
        return Ok(Exit::Interrupted);
    };
    let gates = Gates { max_mape: args.max_mape, max_move: args.max_move, min_skill: args.min_skill };
    let (failures, remarks) = (failures(&result, &gates), remarks(&result, &gates));
    let passed = failures.0.is_empty();
    let rows = || prediction_rows(&result, &panel, global.level);
    if args.output.is_some() {
        deliver(terminal, args.output.as_deref(), &rows(), String::new)?;
    }
    match terminal.format {
        Format::Json => {
            let object = json!({
                "passed": passed,
                "level": global.level,
                "interval": "equal-tailed, predictive",
                "gates": gates,
                "backtest": result,
                "remarks": remarks,
                "problems": failures,
            });
            terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
        }
        Format::Table => terminal.print(&text(&result, &panel, global.level))?,
        _ if args.output.is_none() => deliver(terminal, None, &rows(), String::new)?,
        _ => {}
    }
    if terminal.format != Format::Json {
        show(terminal, &failures, &Sources::default());
        show(terminal, &remarks, &Sources::default());
        terminal.say(&match &result.totals {
            _ if passed => Style::Green.paint("all gates passed"),
            Some(_) => Style::Red.paint("A GATE FAILED: do not plan on this model yet"),
            None => Style::Red
                .paint("A GATE FAILED: no fold has converged, so that nothing is known of the model"),
        });
    }
    Ok(if passed { Exit::Fine } else { Exit::No })
}

/// One line about a fold that is done.
pub fn progress(fold: &FoldReport, folds: usize) -> String {
    let verdict = if fold.converged { "" } else { ", NOT CONVERGED" };
    let mape = percent(fold.accuracy.mape / 100.0);
    format!("fold {} of {folds}: {} to {}, MAPE {mape}{verdict}", fold.number, fold.test_from, fold.test_to)
}
