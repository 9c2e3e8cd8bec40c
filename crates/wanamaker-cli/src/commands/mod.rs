//! The commands, one file each.

pub mod backtest;
pub mod check;
pub mod checklist;
pub mod compare;
pub mod completions;
pub mod curves;
pub mod decompose;
pub mod demo;
pub mod density;
pub mod diagnose;
pub mod explain;
pub mod export;
pub mod files;
pub mod fit;
pub mod flag_spec;
pub mod frontier;
pub mod init;
pub mod monitor;
pub mod optimize;
pub mod output;
pub mod pdf;
pub mod planning;
pub mod plot;
pub mod predict;
pub mod predictive;
pub mod report;
pub mod roi;
pub mod run;
pub mod scenario;
pub mod schema;
pub mod serve;
pub mod show_spec;
pub mod simulate;
pub mod span;
pub mod spec_text;
pub mod summary;
pub mod tables;
pub mod transform;
pub mod validate;
pub mod words;

use crate::args::{Command, Global};
use crate::outcome::Outcome;
use crate::terminal::Terminal;

/// Runs one command.
pub fn dispatch(command: Command, global: &Global, terminal: &Terminal) -> Outcome {
    match command {
        Command::Run(args) => run::run(&args, global, terminal),
        Command::Demo(args) => demo::run(&args, global, terminal),
        Command::Simulate(args) => simulate::run(&args, global, terminal),
        Command::Init(args) => init::run(&args, global, terminal),
        Command::Check(args) => check::run(&args, global, terminal),
        Command::Fit(args) => fit::run(&args, global, terminal),
        Command::Summary(args) => summary::run(&args, global, terminal),
        Command::Diagnose(args) => diagnose::run(&args, global, terminal),
        Command::Validate(args) => validate::run(&args, global, terminal),
        Command::Backtest(args) => backtest::run(&args, global, terminal),
        Command::Compare(args) => compare::run(&args, global, terminal),
        Command::Monitor(args) => monitor::run(&args, global, terminal),
        Command::Predict(args) => predict::run(&args, global, terminal),
        Command::Decompose(args) => decompose::run(&args, global, terminal),
        Command::Roi(args) => roi::run(&args, global, terminal),
        Command::Curves(args) => curves::run(&args, global, terminal),
        Command::Optimize(args) => optimize::run(&args, global, terminal),
        Command::Scenario(args) => scenario::run(&args, global, terminal),
        Command::Frontier(args) => frontier::run(&args, global, terminal),
        Command::Report(args) => report::run(&args, global, terminal),
        Command::Plot(args) => plot::run(&args, global, terminal),
        Command::Export(args) => export::run(&args, global, terminal),
        Command::Density(args) => density::run(&args, global, terminal),
        Command::Serve(args) => serve::run(&args, global, terminal),
        Command::Worker => serve::worker(),
        Command::Transform(args) => transform::run(&args, global, terminal),
        Command::ShowSpec(args) => show_spec::run(&args, global, terminal),
        Command::Schema(args) => schema::run(&args, terminal),
        Command::Completions(args) => completions::run(&args, terminal),
    }
}
