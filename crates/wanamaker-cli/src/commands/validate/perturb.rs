//! `mmm validate --perturb`: the KPI shaken a little, and how far ROAS moves.

use super::gates::{conclude, no_base};
use super::placebo::unusable;
use super::subject::Subject;
use super::{ValidateArgs, jobs};
use crate::args::Global;
use crate::commands::tables::{interval_heading, range};
use crate::outcome::{Exit, Outcome};
use crate::terminal::Terminal;
use crate::terminal::number::{Digits, percent};
use crate::terminal::table::TextTable;
use wanamaker::validation::perturbation::{
    MOST, PerturbationReport, effects_of, fit_shaken, report, residual_sd, shaken,
};

/// Fits, shakes, fits again, judges.
pub fn run(args: &ValidateArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let subject = Subject::load(args, global, |_| ())?;
    let (spec, panel, seed) = (subject.spec(), subject.panel(), subject.seed());
    let repeats = args.repeats_or(5)?;
    let Some(base) = subject.fit(global, terminal)? else { return Ok(Exit::Interrupted) };
    if !base.converged() {
        return no_base(args, terminal, &base, global.level);
    }
    let sd: Vec<f64> = residual_sd(&base).iter().map(|sd| args.noise * sd).collect();
    let names: Vec<String> = (1..=repeats).map(|shake| format!("shake {shake}")).collect();
    let results = jobs::run(&names, subject.n_chains(), global, terminal, |index, worker| {
        fit_shaken(spec, &shaken(spec, panel, &sd, seed, index), index, global.level, worker)
    });
    let Some(results) = results else { return Ok(Exit::Interrupted) };
    let report = report(effects_of(&base, global.level), results, args.noise, global.level);
    let json = serde_json::to_value(&report).expect("numbers and words are JSON");
    conclude(args, terminal, json, &report.gates, || Ok(text(&report)))
}

fn text(report: &PerturbationReport) -> String {
    let interval = interval_heading(report.level);
    let mut table = TextTable::new(&[
        "channel",
        "",
        ">unshaken",
        ">sd",
        &interval,
        ">shaken, least … most mean",
        ">mean move",
        ">largest",
    ]);
    for moved in &report.channels {
        let base = &moved.base.value;
        let digits = Digits::for_spread(base.sd, base.mean);
        let means = || moved.refits.iter().map(|refit| refit.mean);
        table.row([
            moved.base.channel.clone(),
            if moved.base.is_roas { "ROAS" } else { "contribution" }.to_owned(),
            digits.write(base.mean),
            digits.write(base.sd),
            range(digits, base.lower, base.upper),
            range(digits, means().fold(f64::NAN, f64::min), means().fold(f64::NAN, f64::max)),
            format!("{:.2} sd", moved.mean_move),
            format!("{:.2} sd", moved.largest_move),
        ]);
    }
    format!(
        "{}{}Noise of {} of the residual sd is added to the KPI before each of the {} refits. Effects linear in the KPI would\n\
         move by {:.2} posterior sd on average; a channel fails when it moves by more than {MOST} sd.\n",
        table.render(),
        unusable(&report.unusable),
        percent(report.noise_share),
        report.channels.first().map_or(0, |moved| moved.refits.len()) + report.unusable.len(),
        report.expected_move,
    )
}
