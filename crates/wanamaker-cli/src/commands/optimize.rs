//! `mmm optimize`: where the next budget should go, with a proof and a probability.

use super::planning::source::SourceArgs;
use super::planning::tables::{plan_json, plan_rows, plan_text};
use super::planning::wish::{BudgetArgs, WishArgs};
use crate::args::Global;
use crate::commands::files::{NewFile, write_new};
use crate::commands::output::deliver;
use crate::outcome::{Exit, Outcome};
use crate::problems::{Sources, show};
use crate::terminal::{Format, Terminal};
use clap::Args;
use std::path::PathBuf;
use wanamaker::decision::allocation::plan::{Report, optimise};

const EXAMPLES: &str = "\
Examples:
  mmm optimize fit.mmm                                     today's money, each channel moved by at most 30 %
  mmm optimize fit.mmm --budget 1.2m --horizon 13 --change 50 --max tv=400k
  mmm optimize fit.mmm --target-mroas 1.5                  spend until the last unit brings 1.5
  mmm optimize fit.mmm --objective cvar:0.1 --group video=tv+youtube:0.3..0.6
  mmm optimize --curves curves.json --budget 60000 --min 0 --max 40000

All money is the total over the horizon; without --horizon that is one period in the steady state.";

/// Where the next budget should go.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct OptimizeArgs {
    /// Fit or curves, and time
    #[command(flatten)]
    pub source: SourceArgs,
    /// Money
    #[command(flatten)]
    pub budget: BudgetArgs,
    /// Bounds, objective, method
    #[command(flatten)]
    pub wish: WishArgs,
    /// Draws over which the spread of each channel's best spend is shown; 0 for none
    #[arg(long, default_value_t = 200, value_name = "N", help_heading = "Search")]
    pub spread: usize,
    /// Write the plan: JSON for `mmm scenario`, or CSV, Excel or Parquet by extension
    #[arg(long, short = 'o', alias = "out")]
    pub output: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long)]
    pub force: bool,
}

/// Finds the plan and shows it.
pub fn run(args: &OptimizeArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let surface = args.source.load(global, terminal)?;
    let mut wishes = args.wish.wishes(args.source.margin, global);
    wishes.budget = args.budget.budget(&surface, wishes.objective)?;
    let task = wishes.task(&surface)?;
    let plan = optimise(&surface, &task, Report { level: global.level, spread_draws: args.spread })?;
    let rows = plan_rows(&plan);
    let object = || plan_json(&plan, global.level);
    let as_json = args
        .output
        .as_deref()
        .filter(|path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json")));
    match as_json {
        Some(path) => {
            write_new(&[NewFile { path, bytes: (object() + "\n").into_bytes() }], args.force)?;
            terminal.say(&format!("the plan is in {}", path.display()));
        }
        None if args.output.is_none() && terminal.format == Format::Json => terminal.print(&object())?,
        None => deliver(terminal, args.output.as_deref(), &rows, || {
            plan_text(&plan, wishes.has_usual_bounds(), global.level)
        })?,
    }
    if args.output.is_some() && terminal.format == Format::Table {
        terminal.say(&plan_text(&plan, wishes.has_usual_bounds(), global.level));
    }
    show(terminal, &plan.warnings, &Sources::default());
    Ok(Exit::Fine)
}
