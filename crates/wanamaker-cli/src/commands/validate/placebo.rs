//! `mmm validate --placebo`: channels that did nothing, and what the model credits them with.

use super::gates::{conclude, no_base};
use super::subject::Subject;
use super::{ValidateArgs, jobs};
use crate::args::Global;
use crate::commands::tables::{interval_heading, share_range};
use crate::outcome::{Exit, Outcome};
use crate::terminal::Terminal;
use crate::terminal::number::{Digits, percent};
use crate::terminal::table::TextTable;
use wanamaker::validation::out_of_time::placebos;
use wanamaker::validation::placebo::{PlaceboReport, SURE, fit_placebo, report};
use wanamaker::validation::refit::Unusable;

/// Adds placebos one by one, fits, judges.
pub fn run(args: &ValidateArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let subject = Subject::load(args, global, |_| ())?;
    let (spec, panel, seed) = (subject.spec(), subject.panel(), subject.seed());
    let repeats = args.repeats_or(3)?;
    let Some(base) = subject.fit(global, terminal)? else { return Ok(Exit::Interrupted) };
    if !base.converged() {
        return no_base(args, terminal, &base, global.level);
    }
    let placebos = placebos(&base.model, &base.posterior, repeats, seed)?;
    let names: Vec<String> = placebos.iter().map(|placebo| placebo.name.clone()).collect();
    let results = jobs::run(&names, subject.n_chains(), global, terminal, |index, worker| {
        fit_placebo(spec, panel, &placebos[index], args.threshold, global.level, seed, worker)
    });
    let Some(results) = results else { return Ok(Exit::Interrupted) };
    let report = report(results, args.threshold, global.level, panel.n_times());
    let json = serde_json::to_value(&report).expect("numbers and words are JSON");
    let period = panel.calendar.spacing().name();
    conclude(args, terminal, json, &report.gates, || Ok(text(&report, period)))
}

fn text(report: &PlaceboReport, period: &str) -> String {
    let above = format!(">P(above {})", percent(report.threshold));
    let interval = interval_heading(report.level);
    let mut table = TextTable::new(&[
        "placebo",
        ">correlation with donor",
        ">share of KPI",
        &interval,
        &above,
        ">prior share",
        &interval,
        &above,
    ]);
    for row in &report.rows {
        table.row([
            row.name.clone(),
            Digits::Decimals(2).write(row.correlation),
            percent(row.share.mean),
            share_range(&row.share),
            percent(row.p_above),
            percent(row.prior_share.mean),
            share_range(&row.prior_share),
            percent(row.prior_p_above),
        ]);
    }
    format!(
        "{}{}A placebo has the spend of a real channel, cut into blocks of {} {period}s that stand in random order, and its \
         carry-over\nand saturation; only its size is free, under the prior of its donor, and one is added at a time. Most priors \
         allow positive\neffects only, so a placebo gets something: what the prior alone would give it stands beside. It fails \
         when its share is\nabove {} with a probability of more than {}.\n",
        table.render(),
        unusable(&report.unusable),
        report.block,
        percent(report.threshold),
        percent(SURE),
    )
}

/// Refits that were left out, a line each.
pub fn unusable(refits: &[Unusable]) -> String {
    refits.iter().map(|refit| format!("Not used: {}, {}.\n", refit.name, refit.why)).collect()
}
