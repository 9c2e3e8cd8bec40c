//! `mmm scenario`: plans from files side by side.

use super::planning::plan_file::read_plans;
use super::planning::source::SourceArgs;
use super::planning::tables::{
    comparison_words, draws_note, heading_with_level, money_words, return_with_range, with_range,
};
use crate::args::Global;
use crate::commands::output::{deliver, with_intervals};
use crate::outcome::{Exit, Outcome, usage};
use crate::problems::{Sources, show};
use crate::terminal::number::amount;
use crate::terminal::table::TextTable;
use crate::terminal::{Format, Terminal};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use wanamaker::decision::scenario::{NamedPlan, Scenario, scenarios};
use wanamaker::decision::surface::Surface;
use wanamaker::problem::Problems;
use wanamaker_io::rows::{RowValues, Rows};

/// Plans side by side: outcome, return, profit, and how likely each is the best.
#[derive(Clone, Debug, Args)]
pub struct ScenarioArgs {
    /// Fit or curves, and time
    #[command(flatten)]
    pub source: SourceArgs,
    /// Plans to compare: JSON or CSV with channel and spend over the horizon; repeatable
    #[arg(long = "plan", short = 'p', value_name = "FILE", num_args = 1..)]
    pub plans: Vec<PathBuf>,
    /// Leave today's plan out of the comparison
    #[arg(long)]
    pub without_current: bool,
    /// Write to this file: CSV, Excel, JSON, Parquet or Arrow by its extension
    #[arg(long, short = 'o', alias = "out")]
    pub output: Option<PathBuf>,
}

/// Weighs the plans and shows them.
pub fn run(args: &ScenarioArgs, global: &Global, terminal: &Terminal) -> Outcome {
    if args.plans.is_empty() {
        return Err(usage(
            "no plan is named",
            "give --plan a.json b.csv …; `mmm optimize -o plan.json` writes one",
        ));
    }
    let surface = args.source.load(global, terminal)?;
    let mut plans = Vec::new();
    if !args.without_current && surface.current().iter().sum::<f64>() > 0.0 {
        let spend = surface.cells.iter().map(|cell| (cell.name.clone(), cell.current)).collect();
        plans.push(NamedPlan { name: "current".into(), spend });
    }
    plans.extend(read_plans(&args.plans)?);
    let found = scenarios(&surface, &plans, args.source.margin, global.level)?;
    if args.output.is_none() && terminal.format == Format::Json {
        let object = json!({
            "level": global.level, "interval": "equal-tailed", "unit": surface.unit, "horizon": surface.horizon,
            "scenarios": found,
        });
        terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
    } else {
        deliver(terminal, args.output.as_deref(), &rows(&found), || text(&surface, &found, global.level))?;
    }
    for scenario in &found {
        let named = scenario.warnings.0.iter().cloned().map(|mut problem| {
            problem.message = format!("plan `{}`: {}", scenario.name, problem.message);
            problem
        });
        show(terminal, &Problems(named.collect()), &Sources::default());
    }
    Ok(Exit::Fine)
}

fn text(surface: &Surface, found: &[Scenario], level: f64) -> String {
    let n_draws = surface.n_draws;
    let outcome = heading_with_level("outcome", level, n_draws);
    let per_money = heading_with_level("per money", level, n_draws);
    let profit = heading_with_level("profit", level, n_draws);
    let mut table = TextTable::new(&["plan", ">money", &outcome, &per_money, &profit, ">best with p"]);
    for scenario in found {
        let appraisal = &scenario.appraisal;
        let or_none = |words: Option<String>| words.unwrap_or_else(|| "–".into());
        table.row([
            scenario.name.clone(),
            amount(appraisal.budget.total),
            with_range(&appraisal.outcome),
            or_none(appraisal.roas.as_ref().map(return_with_range)),
            or_none(appraisal.profit.as_ref().map(with_range)),
            if n_draws > 1 { format!("{:.2}", scenario.p_best) } else { "–".into() },
        ]);
    }
    let mut spends = TextTable::new(
        &["channel".to_owned()]
            .into_iter()
            .chain(found.iter().map(|scenario| format!(">{}", scenario.name)))
            .collect::<Vec<_>>(),
    );
    for (k, cell) in surface.cells.iter().enumerate() {
        let amounts = found.iter().map(|scenario| amount(scenario.appraisal.channels[k].spend.total));
        spends.row([cell.name.clone()].into_iter().chain(amounts));
    }
    let mut text = format!("{}\n{}\n", table.render(), spends.render());
    for scenario in found {
        if let Some(comparison) = &scenario.against_first {
            let money = money_words(scenario.appraisal.budget, &surface.horizon);
            text += &format!(
                "{} ({money}): {}",
                scenario.name,
                comparison_words(comparison, &surface.horizon, n_draws)
            );
        }
    }
    text + &draws_note(level, n_draws)
}

fn rows(found: &[Scenario]) -> Rows {
    let all: Vec<_> =
        found.iter().flat_map(|s| s.appraisal.channels.iter().map(move |cell| (s, cell))).collect();
    let numbers = |value: &dyn Fn(usize) -> f64| RowValues::Number((0..all.len()).map(value).collect());
    let of = |value: &dyn Fn(usize) -> Option<wanamaker::posterior::interval::Interval>| {
        (0..all.len()).map(value).collect::<Vec<_>>()
    };
    let mut rows = Rows::new()
        .with("plan", RowValues::Text(all.iter().map(|(s, _)| s.name.clone()).collect()))
        .with("channel", RowValues::Text(all.iter().map(|(_, cell)| cell.name.clone()).collect()))
        .with("spend", numbers(&|i| all[i].1.spend.total))
        .with("spend_per_period", numbers(&|i| all[i].1.spend.per_period))
        .with("plan_budget", numbers(&|i| all[i].0.appraisal.budget.total))
        .with("plan_p_best", numbers(&|i| all[i].0.p_best));
    rows = with_intervals(rows, "outcome_", &of(&|i| Some(all[i].1.outcome)));
    rows = with_intervals(rows, "roas_", &of(&|i| all[i].1.roas));
    rows = with_intervals(rows, "plan_outcome_", &of(&|i| Some(all[i].0.appraisal.outcome)));
    with_intervals(rows, "plan_profit_", &of(&|i| all[i].0.appraisal.profit))
}
