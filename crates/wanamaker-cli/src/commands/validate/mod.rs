//! `mmm validate`: whether the numbers deserve belief, each way of asking with gates that can fail. One file per way.

mod gates;
mod jobs;
mod perturb;
mod placebo;
mod refresh;
pub mod sbc;
mod sbc_state;
mod sbc_text;
mod subject;
mod suite;
mod truth;

use crate::args::Global;
use crate::commands::fit::SamplingArgs;
use crate::outcome::{Outcome, usage};
use crate::terminal::Terminal;
use clap::{ArgGroup, Args};
use std::path::{Path, PathBuf};
use subject::Subject;

const EXAMPLES: &str = "\
Examples:
  mmm simulate --preset recoverable -o market && mmm fit market/mmm.toml
  mmm validate fit.mmm --truth market/ground_truth.json    a fit against the truth that made its data
  mmm validate --suite                     five simulated markets, simulated, fitted and held against their truth
  mmm validate fit.mmm --placebo           does the model credit spend that did nothing?
  mmm validate fit.mmm --perturb           do its numbers hang on single cells?
  mmm validate mmm.toml --refresh          would it have said the same some weeks ago?
  mmm validate mmm.toml --sbc 100          are its intervals honest? A hundred markets simulated on your own spend
  mmm validate mmm.toml --sbc 200          goes on from those hundred, which sbc.json keeps

Every way prints its gates with what they accept; the exit code is 1 when one of them fails. All but the first fit again
and again: minutes, not seconds.";

const WAYS: &str = "Ways to validate (one of them)";
const DETAILS: &str = "Details of placebo, perturb and refresh";

/// Whether the numbers deserve belief.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(group(ArgGroup::new("way").required(true).multiple(false)))]
pub struct ValidateArgs {
    /// The fit for --truth [default: fit.mmm]; a fit or a spec for all others [default: mmm.toml]
    #[arg(value_name = "FIT OR SPEC", conflicts_with = "suite")]
    pub subject: Option<PathBuf>,
    /// Hold the fit of a simulated market against its truth, the ground_truth.json that `mmm simulate` writes
    #[arg(long, value_name = "FILE", group = "way", help_heading = WAYS)]
    pub truth: Option<PathBuf>,
    /// Simulate, fit and judge the five markets of the validation suite
    #[arg(long, group = "way", help_heading = WAYS)]
    pub suite: bool,
    /// Add channels that did nothing, the spend of real ones out of order, and see what they are credited with
    #[arg(long, group = "way", help_heading = WAYS)]
    pub placebo: bool,
    /// Shake the KPI a little and see how far ROAS moves
    #[arg(long, group = "way", help_heading = WAYS)]
    pub perturb: bool,
    /// Leave the last periods out, several steps back, and see whether ROAS stays
    #[arg(long, group = "way", help_heading = WAYS)]
    pub refresh: bool,
    /// Calibration by simulation
    #[command(flatten)]
    pub sbc: sbc::SbcArgs,
    /// Refits: placebos [default: 3], shakes [default: 5] or steps back [default: 3]
    #[arg(long, value_name = "N", help_heading = DETAILS)]
    pub repeats: Option<usize>,
    /// Share of the KPI that no placebo may surely exceed
    #[arg(long, value_name = "SHARE", default_value_t = 0.05, value_parser = share, help_heading = DETAILS)]
    pub threshold: f64,
    /// Sd of a shake as a share of the residual sd
    #[arg(long, value_name = "SHARE", default_value_t = 0.25, value_parser = share, help_heading = DETAILS)]
    pub noise: f64,
    /// Periods of one step back [default: four weeks]
    #[arg(long, value_name = "N", help_heading = DETAILS)]
    pub step: Option<usize>,
    /// Data file instead of the one the spec names
    #[arg(long, short = 'd', help_heading = DETAILS)]
    pub data: Option<PathBuf>,
    /// Write the whole report to this file as JSON too; with --sbc the ranks, CSV, Excel, JSON, Parquet or Arrow by its extension
    #[arg(long, short = 'o', alias = "out", value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long)]
    pub force: bool,
    /// The draws of every fit that is made here
    #[command(flatten, next_help_heading = "Draws of the fits that are made here")]
    pub sampling: SamplingArgs,
}

impl ValidateArgs {
    fn subject_or(&self, usual: &'static str) -> &Path {
        self.subject.as_deref().unwrap_or(Path::new(usual))
    }

    /// How many refits are asked for, at least one.
    fn repeats_or(&self, usual: usize) -> Result<usize, crate::outcome::Failure> {
        match self.repeats.unwrap_or(usual) {
            0 => Err(usage("no refit, no verdict", "give --repeats a number from 1 up")),
            repeats => Ok(repeats),
        }
    }
}

/// Goes the way that was asked for.
pub fn run(args: &ValidateArgs, global: &Global, terminal: &Terminal) -> Outcome {
    if let Some(file) = &args.truth {
        truth::run(args, file, global, terminal)
    } else if args.suite {
        suite::run(args, global, terminal)
    } else if args.placebo {
        placebo::run(args, global, terminal)
    } else if args.perturb {
        perturb::run(args, global, terminal)
    } else if args.refresh {
        refresh::run(args, global, terminal)
    } else {
        let model = Subject::load(args, global, |spec| sbc::shorten(&args.sampling, spec))?.into_model();
        sbc::run(model, &args.sbc, args.output.as_deref(), global, terminal)
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if share > 0.0 && share <= 1.0 => Ok(share),
        Ok(share) if share > 1.0 && share <= 100.0 => {
            Err(format!("a share lies above 0 and up to 1; did you mean {}?", share / 100.0))
        }
        _ => Err("a share is a number above 0 and up to 1, e.g. 0.05".to_owned()),
    }
}
