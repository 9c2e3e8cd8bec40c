//! The words of the command line: what holds for every command, and the list of commands.

use crate::commands::{
    backtest, check, compare, completions, curves, decompose, demo, density, diagnose, export, fit, frontier,
    init, monitor, optimize, plot, predict, report, roi, run, scenario, schema, serve, show_spec, simulate,
    summary, transform, validate,
};
use crate::terminal::{Colour, Format, LogLevel};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  mmm demo --quick                 a market with known truth, fitted and held against it
  mmm init sales.csv               look at a data file and write mmm.toml
  mmm run                          check, fit, diagnose, plan and report, all into one folder
  mmm check && mmm fit             review data and spec, then fit into fit.mmm
  mmm summary fit.mmm              parameters, contributions and ROAS, each with its interval
  mmm roi fit.mmm                  what each channel earned, and what the next unit would
  mmm report fit.mmm               all of it in one HTML file
  mmm optimize fit.mmm             where the next budget should go, proven to be near the best

Data go to standard output, everything said to people to standard error.
Exit codes: 0 done, 1 the data or a gate said no, 2 wrong use or a fault of ours, 130 interrupted.
Flags win over MMM_… variables, those over the spec, the spec over defaults.";

/// Bayesian marketing mix modelling: which half of the advertising works, and how sure that is.
#[derive(Debug, Parser)]
#[command(name = "mmm", version, about, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    /// What every command understands.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What every command understands.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// Data as JSON; problems too
    #[arg(long, global = true, conflicts_with = "format")]
    pub json: bool,
    /// Form of the data
    #[arg(long, global = true, value_enum, env = "MMM_FORMAT")]
    pub format: Option<Format>,
    /// Seed; the same seed gives the same numbers on any number of threads
    #[arg(long, short = 's', global = true, env = "MMM_SEED")]
    pub seed: Option<u64>,
    /// Threads; 0 for as many as there are. Never changes a result
    #[arg(long, global = true, env = "MMM_THREADS", default_value_t = 0)]
    pub threads: usize,
    /// Probability inside intervals, between 0 and 1
    #[arg(long, global = true, env = "MMM_LEVEL", default_value_t = 0.95, value_parser = probability)]
    pub level: f64,
    /// Say nothing but errors
    #[arg(long, short = 'q', global = true)]
    pub quiet: bool,
    /// When to use colour
    #[arg(long, global = true, value_enum, env = "MMM_COLOR", default_value_t)]
    pub color: Colour,
    /// How much to say
    #[arg(long, global = true, value_enum, env = "MMM_LOG_LEVEL", default_value_t)]
    pub log_level: LogLevel,
    /// Also append what is said to this file
    #[arg(long, global = true, value_name = "FILE", env = "MMM_LOG_FILE")]
    pub log_file: Option<PathBuf>,
}

fn probability(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| format!("`{text}` is not a number"))?;
    if value > 0.0 && value < 1.0 {
        return Ok(value);
    }
    let hint = if (1.0..100.0).contains(&value) {
        format!("; did you mean {}?", value / 100.0)
    } else {
        String::new()
    };
    Err(format!("a level lies between 0 and 1{hint}"))
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Simulate a market, check it, fit it, and hold the estimates against the truth
    Demo(Box<demo::DemoArgs>),
    /// The whole way from a spec to a report, into one folder; begun again where it was cut off
    Run(Box<run::RunArgs>),
    /// Simulate a market with known truth
    #[command(alias = "generate")]
    Simulate(Box<simulate::SimulateArgs>),
    /// Look at a data file and write a commented mmm.toml
    Init(init::InitArgs),
    /// Review data and spec before anything is fitted
    Check(check::CheckArgs),
    /// Fit the model of a spec into one file
    #[command(alias = "train")]
    Fit(Box<fit::FitArgs>),
    /// Parameters, contributions and ROAS of a fit
    Summary(summary::SummaryArgs),
    /// Whether a fit can be trusted: convergence, accuracy, residuals, gates
    Diagnose(diagnose::DiagnoseArgs),
    /// Whether the numbers deserve belief: against a known truth, on simulated markets, by placebos and refits
    Validate(Box<validate::ValidateArgs>),
    /// Would the model have foreseen what came: fits on the past, predictions of what followed
    Backtest(Box<backtest::BacktestArgs>),
    /// Which of several fits of the same data predicts better
    Compare(compare::CompareArgs),
    /// Predict the KPI for new periods, or for those of the fit
    Predict(predict::PredictArgs),
    /// Whether new periods still look like a fit: nothing to do, watch, or fit again
    Monitor(monitor::MonitorArgs),
    /// What each part of the model brought, in total or over time
    Decompose(decompose::DecomposeArgs),
    /// What each channel earned: ROAS, ROI, marginal ROAS, carry-over, saturation
    #[command(alias = "roas")]
    Roi(roi::RoiArgs),
    /// What each channel would bring at other levels of spend
    Curves(Box<curves::CurvesArgs>),
    /// Where the next budget should go, with a proof and a probability
    #[command(alias = "optimise")]
    Optimize(Box<optimize::OptimizeArgs>),
    /// Plans from files side by side
    Scenario(Box<scenario::ScenarioArgs>),
    /// The best outcome for every budget
    Frontier(Box<frontier::FrontierArgs>),
    /// One HTML file: the answer, the charts, the method, the limits
    Report(report::ReportArgs),
    /// One chart as SVG, PNG or CSV
    Plot(Box<plot::PlotArgs>),
    /// Write draws, statistics or tables of a fit as CSV, Excel, Parquet, Arrow or JSON
    Export(export::ExportArgs),
    /// The log density of a model at a point, term by term, with its gradient
    Density(density::DensityArgs),
    /// Answer over HTTP: data, fits as jobs, results and plans, described at /docs
    Serve(Box<serve::ServeArgs>),
    /// Do one piece of work for a server, which says what on standard input
    #[command(hide = true)]
    Worker,
    /// Apply one media transform to numbers
    Transform(Box<transform::TransformArgs>),
    /// Print a spec with everything said
    ShowSpec(show_spec::ShowSpecArgs),
    /// Print the JSON Schema of the spec file, or of a curves file
    Schema(schema::SchemaArgs),
    /// Print completions for a shell
    Completions(completions::CompletionsArgs),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_words_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_level_in_per_cent_is_refused_with_the_right_number() {
        assert_eq!(probability("0.9"), Ok(0.9));
        assert!(probability("95").unwrap_err().contains("0.95"));
        assert!(probability("1").is_err() && probability("NaN").is_err() && probability("x").is_err());
    }
}
