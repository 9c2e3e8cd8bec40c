//! Plans as tables and sentences for people, and as rows for programs.

use crate::commands::output::with_intervals;
use crate::commands::tables::{money_digits, range};
use crate::terminal::number::{Digits, amount, level as level_words, percent};
use crate::terminal::table::TextTable;
use serde_json::json;
use std::fmt::Write;
use wanamaker::decision::allocation::objective::Objective;
use wanamaker::decision::allocation::plan::{Binding, Plan};
use wanamaker::decision::allocation::problem::Method;
use wanamaker::decision::appraisal::{Comparison, Money};
use wanamaker::decision::surface::{Horizon, OutcomeUnit};
use wanamaker::posterior::interval::Interval;
use wanamaker_io::rows::{RowValues, Rows};

/// `1,000,000 over 13 weeks, 76,923 per week`.
pub fn money_words(money: Money, horizon: &Horizon) -> String {
    let period = &horizon.period;
    if horizon.periods == 1 {
        format!("{} in one {period}", amount(money.total))
    } else {
        let (total, per_period) = (amount(money.total), amount(money.per_period));
        format!("{total} over {} {period}s, {per_period} per {period}", horizon.periods)
    }
}

/// `revenue` in the words of a heading: money, or the KPI's name.
pub fn unit_words(unit: &OutcomeUnit) -> String {
    match unit {
        OutcomeUnit::Money => "money".to_owned(),
        OutcomeUnit::Kpi(name) => name.clone(),
    }
}

/// `12,345 (10,000 … 14,000)`; without the range where there is none.
pub fn with_range(interval: &Interval) -> String {
    ranged(money_digits(interval), interval)
}

/// `2.84 (2.79 … 2.89)`; without the range where there is none.
pub fn return_with_range(interval: &Interval) -> String {
    ranged(Digits::for_spread(interval.sd, interval.mean), interval)
}

fn ranged(digits: Digits, interval: &Interval) -> String {
    let mean = digits.write(interval.mean);
    if interval.lower == interval.upper {
        return mean;
    }
    format!("{mean} ({})", range(digits, interval.lower, interval.upper))
}

/// `outcome (95 %)`, the heading over estimates with their interval, of which a single draw has none.
pub fn heading_with_level(what: &str, level: f64, n_draws: usize) -> String {
    if n_draws == 1 { format!(">{what}") } else { format!(">{what} ({})", level_words(level)) }
}

/// What intervals are, or that there are none.
pub fn draws_note(level: f64, n_draws: usize) -> String {
    if n_draws == 1 {
        return "The curves are one set of numbers: nothing is said of how sure they are.\n".into();
    }
    format!("Intervals are equal-tailed and hold {} of {n_draws} draws.\n", level_words(level))
}

/// `+2.1 % (−1.0 … 5.0)`.
pub fn percent_with_range(interval: &Interval) -> String {
    if interval.lower == interval.upper {
        return format!("{:+.1} %", 100.0 * interval.mean);
    }
    let digits = Digits::Decimals(1);
    let (low, high) = (100.0 * interval.lower, 100.0 * interval.upper);
    format!("{:+.1} % ({})", 100.0 * interval.mean, range(digits, low, high))
}

/// A plan as a file that `mmm scenario` and `mmm report --plan` read.
pub fn plan_json(plan: &Plan, level: f64) -> String {
    let object = json!({ "level": level, "interval": "equal-tailed", "plan": plan });
    serde_json::to_string_pretty(&object).expect("numbers and words are JSON")
}

/// The amounts and returns of a plan, then what it comes to.
pub fn plan_text(plan: &Plan, usual_bounds: bool, level: f64) -> String {
    let horizon = &plan.horizon;
    let mut text = String::new();
    let _ = writeln!(text, "Plan of {}\n", money_words(plan.appraisal.budget, horizon));
    text += &channel_table(plan, level);
    text.push('\n');
    text += &summary(plan, level);
    text += &remarks(plan, usual_bounds);
    text += &spread_table(plan, level);
    text
}

fn channel_table(plan: &Plan, level: f64) -> String {
    let horizon = &plan.horizon;
    let (today, planned) =
        (format!(">today per {}", horizon.period), format!(">plan per {}", horizon.period));
    let mut columns = vec!["channel".to_owned(), today, planned];
    if horizon.periods > 1 {
        columns.push(">plan in total".into());
    }
    columns.extend([">change".into(), String::new(), heading_with_level("outcome", level, plan.n_draws)]);
    columns.push(heading_with_level("next unit brings", level, plan.n_draws));
    let mut table = TextTable::new(&columns);
    for (cell, step) in plan.appraisal.channels.iter().zip(&plan.moves) {
        let mut row = vec![cell.name.clone(), amount(step.current.per_period), amount(cell.spend.per_period)];
        if horizon.periods > 1 {
            row.push(amount(cell.spend.total));
        }
        row.push(step.change.map_or_else(|| "new".into(), |change| format!("{:+.1} %", 100.0 * change)));
        row.push(binding_mark(step.binding).to_owned());
        row.extend([with_range(&cell.outcome), return_with_range(&cell.marginal)]);
        table.row(row);
    }
    table.render()
}

/// Where the best spend lies over the draws, where that was looked for.
fn spread_table(plan: &Plan, level: f64) -> String {
    let spreads = plan.moves.iter().zip(&plan.appraisal.channels);
    let known: Vec<_> = spreads.filter_map(|(step, cell)| Some((&cell.name, step.spend_interval?))).collect();
    if known.is_empty() {
        return String::new();
    }
    let best = format!(">best spend per {}, {} of draws", plan.horizon.period, level_words(level));
    let mut table = TextTable::new(&["channel", &best]);
    for (name, best) in known {
        let per = |x: f64| amount(x / plan.horizon.periods as f64);
        table.row([name.clone(), format!("{} … {}", per(best.lower), per(best.upper))]);
    }
    format!(
        "\nHow sure the amounts are: the best spend if one draw after the other were the truth.\n\n{}",
        table.render()
    )
}

fn binding_mark(binding: Option<Binding>) -> &'static str {
    match binding {
        None => "",
        Some(Binding::Lower) => "min",
        Some(Binding::Upper) => "max",
        Some(Binding::Fixed) => "held",
    }
}

fn binding_words(binding: Option<Binding>) -> &'static str {
    match binding {
        None => "",
        Some(Binding::Lower) => "at its minimum",
        Some(Binding::Upper) => "at its maximum",
        Some(Binding::Fixed) => "held",
    }
}

fn summary(plan: &Plan, level: f64) -> String {
    let mut text = String::new();
    let unit = unit_words(&plan.unit);
    let _ = writeln!(
        text,
        "Outcome, {unit}: {} against no spend on these channels",
        with_range(&plan.appraisal.outcome)
    );
    if let Some(roas) = &plan.appraisal.roas {
        let what =
            if plan.unit == OutcomeUnit::Money { "ROAS".to_owned() } else { format!("{unit} per money") };
        let _ = writeln!(text, "{what} of the plan: {}", return_with_range(roas));
    }
    if let Some(profit) = &plan.appraisal.profit {
        let _ = writeln!(text, "Profit: {}", with_range(profit));
    }
    for comparison in &plan.comparisons {
        text += &comparison_words(comparison, &plan.horizon, plan.n_draws);
    }
    for group in &plan.groups {
        let limits = format!(
            "{} … {}",
            group.limits.0.map_or_else(|| "0 %".into(), percent),
            group.limits.1.map_or_else(|| "100 %".into(), percent)
        );
        let binds = group.binding.map_or("", |_| ", which binds");
        let _ = writeln!(
            text,
            "Group {}: {} of the money, asked for {limits}{binds}",
            group.name,
            percent(group.share)
        );
    }
    text + &draws_note(level, plan.n_draws)
}

/// How a plan stands against another, in one or two lines.
pub fn comparison_words(comparison: &Comparison, horizon: &Horizon, n_draws: usize) -> String {
    let mut text = format!(
        "Against {} ({}): {}",
        comparison.against,
        money_words(comparison.budget, horizon),
        with_range(&comparison.lift),
    );
    if let Some(relative) = &comparison.relative_lift {
        text += &format!(", {}", percent_with_range(relative));
    }
    if n_draws > 1 {
        text += &format!(", better with probability {:.2}", comparison.p_better);
    }
    text.push('\n');
    if comparison.against == "current" {
        text += &format!("  carried on for a year: {}", with_range(&comparison.annual_lift));
        if let Some(profit) = &comparison.profit_lift
            && (comparison.lift.mean - profit.mean).abs() > 1e-9 * comparison.lift.mean.abs()
        {
            text += &format!("; profit over the plan: {}", with_range(profit));
        }
        text.push('\n');
    }
    text
}

fn remarks(plan: &Plan, usual_bounds: bool) -> String {
    let mut text = String::new();
    let method = match plan.method {
        Method::Global | Method::Auto => "branch and bound over concave envelopes",
        Method::Slsqp => "sequential quadratic programming from many starts",
        Method::Greedy => "steps to the best marginal return",
        Method::Gradient => "projected gradient from many starts",
    };
    let goal = match plan.objective {
        Objective::Mean => "the expected outcome".to_owned(),
        Objective::Profit => "the expected profit".to_owned(),
        Objective::Quantile(p) => format!("the outcome that is exceeded with probability {}", 1.0 - p),
        Objective::Cvar(p) => format!("the mean of the worst {} of outcomes", percent(p)),
        Objective::MeanMinusSd(weight) => format!("the mean less {weight} standard deviations"),
    };
    let proof = match &plan.proof {
        // Whatever lies below the gap that was asked for is rounding.
        Some(proof) if proof.relative_gap <= 1e-12 => "; no plan within these bounds is better".to_owned(),
        Some(proof) => {
            let more = (proof.bound - plan.value).max(0.0);
            let more = if more < 0.01 { "0.01".into() } else { format!("{more:.2}") };
            format!(
                "; proven: no plan within these bounds is better by more than {more} ({:.0e} of it)",
                proof.relative_gap
            )
        }
        None => String::new(),
    };
    let _ = writeln!(text, "Best for {goal}, found by {method}{proof}.");
    let _ = writeln!(
        text,
        "Where nothing binds, the next unit brings the same everywhere, to {:.0e} of the largest.",
        plan.kkt_residual
    );
    match plan.horizon.tail {
        None => text += "Steady state: every period spends the same and carry-over is at its limit.\n",
        Some(0) => {}
        Some(tail) => {
            let _ = writeln!(
                text,
                "Carry-over is counted for {tail} {}s behind the horizon.",
                plan.horizon.period
            );
        }
    }
    if plan.moves.iter().any(|step| step.binding.is_some()) {
        text += "min, max, held: the channel stands at its least, its most, or may not move.\n";
    }
    if usual_bounds && plan.proof.is_some() {
        text += "No bounds were stated: each channel moves by at most 30 % around today's mix (--change, --min, --max, --unbounded).\n";
    }
    text
}

/// One row per cell.
pub fn plan_rows(plan: &Plan) -> Rows {
    let cells = &plan.appraisal.channels;
    let numbers = |value: &dyn Fn(usize) -> f64| RowValues::Number((0..cells.len()).map(value).collect());
    let mut rows =
        Rows::new().with("channel", RowValues::Text(cells.iter().map(|cell| cell.channel.clone()).collect()));
    if cells.iter().any(|cell| cell.geo.is_some()) {
        rows = rows.with(
            "geo",
            RowValues::Text(cells.iter().map(|cell| cell.geo.clone().unwrap_or_default()).collect()),
        );
    }
    rows = rows
        .with("spend", numbers(&|k| cells[k].spend.total))
        .with("spend_per_period", numbers(&|k| cells[k].spend.per_period))
        .with("share", numbers(&|k| cells[k].share))
        .with("current", numbers(&|k| plan.moves[k].current.total))
        .with("current_per_period", numbers(&|k| plan.moves[k].current.per_period))
        .with("change", numbers(&|k| plan.moves[k].change.unwrap_or(f64::NAN)))
        .with("min", numbers(&|k| plan.moves[k].bounds.0))
        .with("max", numbers(&|k| plan.moves[k].bounds.1))
        .with(
            "binding",
            RowValues::Text(plan.moves.iter().map(|step| binding_words(step.binding).to_owned()).collect()),
        );
    let of = |value: &dyn Fn(usize) -> Option<Interval>| (0..cells.len()).map(value).collect::<Vec<_>>();
    rows = with_intervals(rows, "outcome_", &of(&|k| Some(cells[k].outcome)));
    rows = with_intervals(rows, "roas_", &of(&|k| cells[k].roas));
    rows = with_intervals(rows, "marginal_", &of(&|k| Some(cells[k].marginal)));
    with_intervals(rows, "best_spend_", &of(&|k| plan.moves[k].spend_interval))
}
