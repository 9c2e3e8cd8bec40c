//! `mmm report`: everything about a fit in one HTML file that needs nothing else.

use super::planning::plan_file::read_given_plan;
use crate::args::Global;
use crate::commands::backtest::progress;
use crate::commands::pdf;
use crate::interrupt;
use crate::outcome::{Exit, Failure, Outcome};
use crate::terminal::{Format, Terminal};
use clap::Args;
use std::path::{Path, PathBuf};
use wanamaker::engine::fit::Fit;
use wanamaker::report::planning::GivenPlan;
use wanamaker::report::study::{Settings, Study};
use wanamaker::report::{Exhibit, report};
use wanamaker::validation::backtest::folds::{FoldPlan, TrainingWindow};
use wanamaker::validation::backtest::{Options, backtest};
use wanamaker_io::atomic::write_atomically;
use wanamaker_render::page::page;

const EXAMPLES: &str = "\
Examples:
  mmm report fit.mmm                           report.html: the answer first, then charts, method, data, limits
  mmm report fit.mmm --plan plan.json          the same about a plan of `mmm optimize -o plan.json`, or of your own
  mmm report fit.mmm -o q3.html --pdf          and q3.pdf beside it, where a Chromium is installed
  mmm report fit.mmm --backtest                also fits three folds of the past again: would it have foreseen what came
  mmm report fit.mmm --json > report.json      the data behind every chart

The file holds its own script, style and data, and loads nothing: it opens with the network off.";

/// One HTML file: what each channel earned, how sure that is, what to move, and why to believe it.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ReportArgs {
    /// The fit
    #[arg(default_value = "fit.mmm")]
    pub fit: PathBuf,
    /// The plan to recommend: JSON or a table, as for `mmm scenario` [default: the best within 30 % of today's mix]
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// Also tell whether the model would have foreseen what came: fit this many folds of the past again
    #[arg(long, value_name = "FOLDS", num_args = 0..=1, default_missing_value = "3")]
    pub backtest: Option<usize>,
    /// File to write
    #[arg(long, short = 'o', default_value = "report.html", alias = "out")]
    pub output: PathBuf,
    /// Also print it as PDF, by a Chromium of this machine (MMM_CHROMIUM names one that is not on the path)
    #[arg(long)]
    pub pdf: bool,
}

/// Makes the report and writes it.
pub fn run(args: &ReportArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let (fit, _, _) = wanamaker_io::fit_file::load(&args.fit)?;
    let plan = args.plan.as_deref().map(read_given_plan).transpose()?;
    let study = match with_backtest(study(&fit, plan, global), args.backtest, terminal)? {
        Some(study) => study,
        None => return Ok(Exit::Interrupted),
    };
    if terminal.format == Format::Json {
        terminal.print(&report(&study, &Exhibit::ALL)?.to_json())?;
        return Ok(Exit::Fine);
    }
    write(&study, &args.output)?;
    terminal.say(&format!("the report is in {}", args.output.display()));
    if args.pdf {
        let path = args.output.with_extension("pdf");
        pdf::print(&args.output, &path)?;
        terminal.say(&format!("and as PDF in {}", path.display()));
    }
    Ok(Exit::Fine)
}

/// A fit under the settings of the command line.
pub fn study<'a>(fit: &'a Fit, plan: Option<GivenPlan>, global: &Global) -> Study<'a> {
    let seed = global.seed.or(fit.model.spec.sampler.seed).unwrap_or_default();
    let settings = Settings { level: global.level, seed, threads: global.threads };
    Study::new(fit, settings).with_plan(plan)
}

/// The same with a backtest of so many folds, where one is asked for; `None` when it was stopped.
pub fn with_backtest<'a>(
    study: Study<'a>,
    folds: Option<usize>,
    terminal: &Terminal,
) -> Result<Option<Study<'a>>, Failure> {
    let Some(folds) = folds else { return Ok(Some(study)) };
    let plan =
        FoldPlan { folds, horizon: None, step: None, min_train: None, window: TrainingWindow::Expanding };
    let Settings { level, threads, .. } = study.settings;
    let mut spec = study.model().spec.clone();
    spec.data.holdout = None;
    interrupt::watch();
    let made = backtest(&spec, &study.model().panel, &Options { plan, level, threads }, |told| {
        if let Some(fold) = told {
            terminal.say(&progress(fold, folds));
        }
        interrupt::flow()
    })?;
    Ok(made.map(|made| study.with_backtest(Some(made))))
}

/// Writes the report of `study` to `path`.
pub fn write(study: &Study<'_>, path: &Path) -> Result<(), Failure> {
    let found = report(study, &Exhibit::ALL)?;
    let html = page(&found.to_json(), &found.title());
    Ok(write_atomically(path, |out| out.write_all(html.as_bytes()))?)
}
