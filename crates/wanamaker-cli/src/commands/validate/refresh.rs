//! `mmm validate --refresh`: the same model without its last periods, and whether ROAS stays what it was.

use super::gates::{conclude, no_base};
use super::placebo::unusable;
use super::subject::Subject;
use super::{ValidateArgs, jobs};
use crate::args::Global;
use crate::commands::tables::range;
use crate::outcome::{Exit, Outcome, usage};
use crate::terminal::Terminal;
use crate::terminal::number::{Digits, level as level_words, percent};
use crate::terminal::table::TextTable;
use wanamaker::validation::refresh::{MOST, RefreshReport, fit_before, report, usual_step};

/// Fits, steps back, fits again, judges.
pub fn run(args: &ValidateArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let subject = Subject::load(args, global, |_| ())?;
    let (spec, panel) = (subject.spec(), subject.panel());
    let step = args.step.unwrap_or_else(|| usual_step(panel.calendar.spacing()));
    let repeats = args.repeats_or(3)?;
    let trained = panel.n_times() - panel.n_history - spec.data.holdout.unwrap_or(0);
    let period = panel.calendar.spacing().name();
    if step == 0 || step * repeats * 2 > trained {
        return Err(usage(
            format!("{repeats} steps of {step} {period}s leave less than half of the {trained} that train"),
            "give a smaller --step or fewer --repeats",
        ));
    }
    let Some(full) = subject.fit(global, terminal)? else { return Ok(Exit::Interrupted) };
    if !full.converged() {
        return no_base(args, terminal, &full, global.level);
    }
    let names: Vec<String> = (1..=repeats).map(|k| format!("without the last {}", k * step)).collect();
    let results = jobs::run(&names, subject.n_chains(), global, terminal, |index, worker| {
        fit_before(&full, spec, panel, (index + 1) * step, global.level, worker)
    });
    let Some(results) = results else { return Ok(Exit::Interrupted) };
    let report = report(results, global.level);
    let json = serde_json::to_value(&report).expect("numbers and words are JSON");
    conclude(args, terminal, json, &report.gates, || Ok(text(&report, period)))
}

fn text(report: &RefreshReport, period: &str) -> String {
    let level = level_words(report.level);
    let (left, before, after) =
        (format!(">{period}s left out"), format!(">without them, {level}"), format!(">with them, {level}"));
    let mut table = TextTable::new(&[
        "channel",
        "",
        &left,
        ">mean",
        &before,
        ">mean",
        &after,
        ">moved",
        ">overlap",
        ">sd before/after",
    ]);
    for row in &report.rows {
        let digits = Digits::for_spread(row.after.sd, row.after.mean);
        table.row([
            row.channel.clone(),
            if row.is_roas { "ROAS" } else { "contribution" }.to_owned(),
            row.held_back.to_string(),
            digits.write(row.before.mean),
            range(digits, row.before.lower, row.before.upper),
            digits.write(row.after.mean),
            range(digits, row.after.lower, row.after.upper),
            format!("{:+.2} sd", row.moved),
            percent(row.overlap),
            Digits::Decimals(2).write(row.sd_ratio),
        ]);
    }
    format!(
        "{}{}Both fits are asked for the {period}s that both have seen. A channel fails when an interval does not hold the mean \
         of the\nother fit, or when its mean moves by more than {MOST} sd of the fit to all data.\n",
        table.render(),
        unusable(&report.unusable),
    )
}
