//! `mmm validate`: whether the numbers deserve belief, each way of asking with gates that can fail. One file per way.

mod gates;
mod truth;

use crate::args::Global;
use crate::outcome::Outcome;
use crate::terminal::Terminal;
use clap::{ArgGroup, Args};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  mmm simulate --preset recoverable -o market && mmm fit market/mmm.toml
  mmm validate fit.mmm --truth market/ground_truth.json    a fit against the truth that made its data

Every way prints its gates with what they accept; the exit code is 1 when one of them fails.";

/// Whether the numbers deserve belief.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(group(ArgGroup::new("way").required(true).multiple(false)))]
pub struct ValidateArgs {
    /// The fit
    #[arg(value_name = "FIT")]
    pub subject: Option<PathBuf>,
    /// Hold the fit of a simulated market against its truth, the ground_truth.json that `mmm simulate` writes
    #[arg(long, value_name = "FILE", group = "way", help_heading = "Ways to validate (one of them)")]
    pub truth: Option<PathBuf>,
    /// Write the whole report to this file as JSON too
    #[arg(long, short = 'o', alias = "out", value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long)]
    pub force: bool,
}

impl ValidateArgs {
    fn subject_or(&self, usual: &'static str) -> &Path {
        self.subject.as_deref().unwrap_or(Path::new(usual))
    }
}

/// Goes the way that was asked for.
pub fn run(args: &ValidateArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let truth = args.truth.as_deref().expect("one of the ways is required");
    truth::run(args, truth, global, terminal)
}
