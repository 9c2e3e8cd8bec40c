//! `mmm frontier`: the best outcome for every budget, and where more money stops being worth it.

use super::planning::amount::amount as read_amount;
use super::planning::source::SourceArgs;
use super::planning::tables::{
    draws_note, heading_with_level, money_words, return_with_range, unit_words, with_range,
};
use super::planning::wish::WishArgs;
use crate::args::Global;
use crate::commands::output::{deliver, with_intervals};
use crate::outcome::{Exit, Failure, Outcome, usage};
use crate::terminal::number::{amount, percent};
use crate::terminal::table::TextTable;
use crate::terminal::{Format, Terminal};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use wanamaker::decision::frontier::{Frontier, Point, frontier};
use wanamaker::decision::surface::Surface;
use wanamaker::posterior::interval::Interval;
use wanamaker_io::rows::{RowValues, Rows};

/// The best outcome for every budget.
#[derive(Clone, Debug, Args)]
pub struct FrontierArgs {
    /// Fit or curves, and time
    #[command(flatten)]
    pub source: SourceArgs,
    /// Bounds, objective, method
    #[command(flatten)]
    pub wish: WishArgs,
    /// Smallest budget over the horizon [default: a quarter of today's]
    #[arg(long, value_name = "MONEY", value_parser = read_amount, help_heading = "Budgets")]
    pub least: Option<f64>,
    /// Largest budget over the horizon [default: twice today's]
    #[arg(long, value_name = "MONEY", value_parser = read_amount, help_heading = "Budgets")]
    pub most: Option<f64>,
    /// Number of budgets
    #[arg(long, default_value_t = 15, value_name = "N", help_heading = "Budgets")]
    pub points: usize,
    /// Budgets by name instead, e.g. 50k,100k,200k
    #[arg(long, value_delimiter = ',', value_name = "MONEY,…", value_parser = read_amount, conflicts_with_all = ["least", "most", "points"], help_heading = "Budgets")]
    pub budgets: Vec<f64>,
    /// Write to this file: CSV, Excel, JSON, Parquet or Arrow by its extension
    #[arg(long, short = 'o', alias = "out")]
    pub output: Option<PathBuf>,
}

/// Finds the frontier and shows it.
pub fn run(args: &FrontierArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let surface = args.source.load(global, terminal)?;
    let budgets = budgets(args, &surface)?;
    let wishes = args.wish.wishes(args.source.margin, global);
    let found = frontier(&surface, &wishes, &budgets, global.level)?;
    if args.output.is_none() && terminal.format == Format::Json {
        let object = json!({
            "level": global.level, "interval": "equal-tailed", "unit": surface.unit, "horizon": surface.horizon,
            "frontier": found,
        });
        terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
    } else {
        deliver(terminal, args.output.as_deref(), &rows(&found), || text(&surface, &found, global.level))?;
    }
    for (budget, reason) in &found.infeasible {
        terminal.say(&format!("no plan for {}: {reason}", money_words(*budget, &surface.horizon)));
    }
    Ok(Exit::Fine)
}

fn budgets(args: &FrontierArgs, surface: &Surface) -> Result<Vec<f64>, Failure> {
    let mut budgets = args.budgets.clone();
    if budgets.is_empty() {
        let today: f64 = surface.current().iter().sum();
        let unknown = || usage("today's budget is not known", "give --least and --most, or --budgets");
        let least = args.least.or((today > 0.0).then_some(0.25 * today)).ok_or_else(unknown)?;
        let most = args.most.or((today > 0.0).then_some(2.0 * today)).ok_or_else(unknown)?;
        if !(least < most && args.points >= 2) {
            return Err(usage(
                format!("{} budgets from {least} to {most} are no frontier", args.points),
                "give --least below --most and at least two --points",
            ));
        }
        let step = (most - least) / (args.points - 1) as f64;
        budgets = (0..args.points).map(|i| least + step * i as f64).collect();
    }
    budgets.sort_by(f64::total_cmp);
    budgets.dedup();
    Ok(budgets)
}

fn text(surface: &Surface, found: &Frontier, level: f64) -> String {
    let n_draws = surface.n_draws;
    let per_period = format!(">per {}", surface.horizon.period);
    let outcome = heading_with_level(&format!("outcome, {}", unit_words(&surface.unit)), level, n_draws);
    let average = heading_with_level("average return", level, n_draws);
    let last = heading_with_level("last unit brings", level, n_draws);
    let mut table = TextTable::new(&[">budget", &per_period, &outcome, &average, &last]);
    for point in &found.points {
        table.row([
            amount(point.budget.total),
            amount(point.budget.per_period),
            with_range(&point.outcome),
            return_with_range(&point.roas),
            return_with_range(&point.marginal),
        ]);
    }
    let mut text = table.render() + "\n";
    for mark in found.diminishing.iter().chain(&found.break_even) {
        text += &format!("{}: {}.\n", money_words(mark.budget, &surface.horizon), mark.meaning);
    }
    let gap = found
        .points
        .iter()
        .filter_map(|point| point.proof)
        .map(|proof| proof.relative_gap)
        .fold(0.0, f64::max);
    if found.points.iter().all(|point| point.proof.is_some()) {
        text += &format!(
            "Every point is proven to within {} of the best plan for its budget.\n",
            percent_small(gap)
        );
    }
    text + &draws_note(level, n_draws)
}

fn percent_small(gap: f64) -> String {
    if gap >= 1e-3 { percent(gap) } else { format!("{gap:.1e}") }
}

fn rows(found: &Frontier) -> Rows {
    let points = &found.points;
    let numbers = |value: &dyn Fn(&Point) -> f64| RowValues::Number(points.iter().map(value).collect());
    let of = |value: &dyn Fn(&Point) -> Option<Interval>| points.iter().map(value).collect::<Vec<_>>();
    let mut rows = Rows::new()
        .with("budget", numbers(&|point| point.budget.total))
        .with("budget_per_period", numbers(&|point| point.budget.per_period));
    rows = with_intervals(rows, "outcome_", &of(&|point| Some(point.outcome)));
    rows = with_intervals(rows, "roas_", &of(&|point| Some(point.roas)));
    rows = with_intervals(rows, "marginal_", &of(&|point| Some(point.marginal)));
    rows = with_intervals(rows, "profit_", &of(&|point| point.profit));
    rows =
        rows.with("relative_gap", numbers(&|point| point.proof.map_or(f64::NAN, |proof| proof.relative_gap)));
    for (k, cell) in found.cells.iter().enumerate() {
        rows = rows.with(format!("spend[{cell}]"), numbers(&|point| point.spend[k]));
    }
    rows
}
