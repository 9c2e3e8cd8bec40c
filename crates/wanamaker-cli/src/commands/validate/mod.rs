//! `mmm validate`: a spec held against simulated truths.

pub mod sbc;
mod sbc_state;
mod sbc_text;

use crate::args::Global;
use crate::commands::fit::SamplingArgs;
use crate::load::load;
use crate::outcome::{Outcome, usage};
use crate::terminal::Terminal;
use clap::Args;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  mmm validate --sbc 100                     a hundred markets simulated from mmm.toml on your own spend
  mmm validate --sbc 200                     goes on from those hundred, which sbc.json keeps
  mmm validate --sbc 100 -o ranks.csv        the ranks, one row per simulation";

/// Hold a spec against simulated truths; exits with 1 when it fails.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ValidateArgs {
    /// The spec
    #[arg(default_value = "mmm.toml")]
    pub spec: PathBuf,
    /// Data file instead of the one the spec names
    #[arg(long, short = 'd')]
    pub data: Option<PathBuf>,
    /// Calibration by simulation
    #[command(flatten)]
    pub sbc: sbc::SbcArgs,
    /// The draws of each fit
    #[command(flatten)]
    pub sampling: SamplingArgs,
    /// Write to this file: CSV, JSON or Parquet by its extension
    #[arg(long, short = 'o', alias = "out")]
    pub output: Option<PathBuf>,
}

/// Loads the spec and runs what is asked for.
pub fn run(args: &ValidateArgs, global: &Global, terminal: &Terminal) -> Outcome {
    if args.sbc.sbc.is_none() {
        return Err(usage(
            "nothing to validate is named",
            "`mmm validate --sbc 100` simulates a hundred markets",
        ));
    }
    let loaded = load(&args.spec, args.data.as_deref(), |spec| {
        args.sampling.apply(global, spec);
        sbc::shorten(&args.sampling, spec);
    })?;
    sbc::run(loaded.model, &args.sbc, args.output.as_deref(), global, terminal)
}
