//! `mmm validate FIT --truth FILE`: a fit of a simulated market against the truth that made it.

use super::ValidateArgs;
use super::gates::conclude;
use crate::args::Global;
use crate::commands::planning::tables::unit_words;
use crate::commands::summary::read_truth;
use crate::commands::tables::{interval_heading, interval_note, money_digits, range, recovery, verdict};
use crate::outcome::Outcome;
use crate::terminal::number::{Digits, amount, count, percent};
use crate::terminal::table::TextTable;
use crate::terminal::{Style, Terminal};
use std::path::Path;
use wanamaker::engine::fit::Fit;
use wanamaker::validation::against_truth::{TruthReport, against_truth};
use wanamaker::validation::random_plans::{AgainstRandom, Origin};
use wanamaker::validation::recovery::Recovered;

/// Compares and shows.
pub fn run(args: &ValidateArgs, truth: &Path, global: &Global, terminal: &Terminal) -> Outcome {
    let (fit, _, _) = wanamaker_io::fit_file::load(args.subject_or("fit.mmm"))?;
    let truth_file = truth.display().to_string();
    let truth = read_truth(truth)?;
    let seed = global.seed.or(fit.model.spec.sampler.seed).unwrap_or_default();
    let report =
        against_truth(&fit, &truth, global.level, seed).map_err(|problems| problems.in_file(&truth_file))?;
    if !fit.converged() {
        verdict(&fit, terminal);
    }
    let json = serde_json::to_value(&report).expect("numbers and words are JSON");
    conclude(args, terminal, json, &report.gates, || Ok(text(&report, &fit)))
}

fn text(report: &TruthReport, fit: &Fit) -> String {
    let mut parts = Vec::new();
    if !fit.converged() {
        parts.push(Style::Red.paint(
            "THE FIT DID NOT CONVERGE: what follows is no result, and no gate behind that is judged\n",
        ));
    }
    if !report.parameters.is_empty() {
        parts.push(recovery(&report.parameters, report.level));
    }
    if !report.other_meaning.is_empty() {
        parts.push(format!(
            "Not compared, for the fit means something else by them (other adstock or saturation): {}.\n",
            report.other_meaning.join(", ")
        ));
    }
    let rows: Vec<Recovered> = report.channels.iter().map(|channel| channel.contribution.clone()).collect();
    parts.push(recovery(&rows, report.level));
    let rows: Vec<Recovered> = report.channels.iter().filter_map(|channel| channel.roas.clone()).collect();
    if !rows.is_empty() {
        parts.push(recovery(&rows, report.level));
    }
    parts.push(interval_note(report.level, fit));
    match (&report.plans, &report.no_plans) {
        (Some(plans), _) => parts.push(plan_table(plans, report.level)),
        (None, why) => parts.push(format!(
            "Plans are not held against random ones: {}.\n",
            why.as_deref().unwrap_or("the true curves are not known")
        )),
    }
    parts.push(figures(report));
    parts.join("\n")
}

/// The plans on the true curves.
fn plan_table(plans: &AgainstRandom, level: f64) -> String {
    let promised = interval_heading(level);
    let mut columns =
        vec!["plan".to_owned(), ">truly brings".into(), ">the fit says".into(), promised, ">beats".into()];
    columns.extend(plans.channels.iter().map(|channel| format!(">{channel}")));
    let mut table = TextTable::new(&columns);
    for plan in &plans.plans {
        let name = match plan.origin {
            Origin::Recommended => "recommended",
            Origin::NearToday => "within 30 % of today",
            Origin::Today => "today",
            Origin::Even => "even split",
        };
        let digits = money_digits(&plan.promised);
        let mut row = vec![
            name.to_owned(),
            amount(plan.truth),
            digits.write(plan.promised.mean),
            range(digits, plan.promised.lower, plan.promised.upper),
            format!("{} of {}", plan.beats, plans.random.len()),
        ];
        row.extend(plan.spend.iter().map(|spend| amount(*spend)));
        table.row(row);
    }
    format!(
        "{}Outcome in {} and money per {} in the steady state, {} in all; against {} random splits of that money, which \
         truly bring {} on average, {} at their 95th percentile and {} at best.\n",
        table.render(),
        unit_words(&plans.unit),
        plans.period,
        amount(plans.budget),
        plans.random.len(),
        amount(plans.random_mean),
        amount(plans.percentile_95),
        amount(plans.random.last().copied().unwrap_or(f64::NAN)),
    )
}

/// Accuracy and convergence on two lines.
fn figures(report: &TruthReport) -> String {
    let (training, c) = (&report.accuracy.training, &report.convergence);
    let holdout = report.accuracy.holdout.map_or_else(String::new, |held| {
        format!(
            "; of {} cells held back: R² {:.3}, MAPE {}, inside {}",
            count(held.n),
            held.r_squared,
            percent(held.mape / 100.0),
            percent(held.coverage_95)
        )
    });
    format!(
        "Accuracy: R² {:.3} (the noise leaves about {:.3} to the true mean), MAPE {}, {} of {} cells inside their 95 % predictive interval{holdout}.\n\
         Convergence: R-hat ≤ {:.4}, ESS ≥ {} bulk and {} tail, {} divergent of {} draws.\n",
        training.r_squared,
        report.best_r_squared,
        percent(training.mape / 100.0),
        percent(training.coverage_95),
        count(training.n),
        c.max_r_hat.0,
        Digits::Decimals(0).write(c.min_ess_bulk.0),
        Digits::Decimals(0).write(c.min_ess_tail.0),
        c.divergences,
        count(c.chains * c.draws),
    )
}
