//! `mmm check`: what the data hold, what the spec asks of them, and everything that is wrong or doubtful with either.

use crate::args::Global;
use crate::commands::predictive::prior_text;
use crate::load::{Loaded, load};
use crate::outcome::{Exit, Failure, Outcome};
use crate::problems::{Sources, show};
use crate::terminal::number::{Digits, amount, count, percent};
use crate::terminal::table::TextTable;
use crate::terminal::{Format, Style, Terminal};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;
use wanamaker::data::panel::Panel;
use wanamaker::data::review::review;
use wanamaker::model::compile::CompiledModel;
use wanamaker::model::facts::{Facts, Series, facts};
use wanamaker::problem::{Problems, Severity};
use wanamaker::validation::prior_check::prior_check;

const EXAMPLES: &str = "\
Examples:
  mmm check                     what the data hold, and everything that is wrong or doubtful
  mmm check --prior             markets drawn from the prior on your spend: does it allow nonsense?";

/// Markets drawn from the prior.
const PRIOR_MARKETS: usize = 1000;

/// Review data and spec before anything is fitted; exits with 1 when something has to be mended.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckArgs {
    /// The spec
    #[arg(default_value = "mmm.toml")]
    pub spec: PathBuf,
    /// Data file instead of the one the spec names
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Show what the prior thinks possible: the KPI it foresees, what media bring in it, and where that is nonsense
    #[arg(long, alias = "prior-predictive")]
    pub prior: bool,
}

/// Prints facts and findings.
pub fn run(args: &CheckArgs, global: &Global, terminal: &Terminal) -> Outcome {
    match load(&args.spec, args.data.as_deref(), |_| {}) {
        Ok(loaded) if args.prior => report_prior(&loaded, global, terminal),
        Ok(loaded) => report(&loaded, terminal),
        // No spec file is wrong use; whatever stands in one is what this command is there to find.
        Err(Failure::Problems(problems, sources)) if problems.iter().all(|p| p.code != "spec.unreadable") => {
            if terminal.format == Format::Json {
                terminal.print(&json!({ "ok": false, "facts": null, "problems": problems }).to_string())?;
            } else {
                show(terminal, &problems, &sources);
                terminal.say(&summary(&problems));
            }
            Ok(Exit::No)
        }
        Err(other) => Err(other),
    }
}

/// Shows what was found; `mmm demo` shows the same.
pub fn report(loaded: &Loaded, terminal: &Terminal) -> Outcome {
    let mut findings = loaded.remarks.clone();
    findings.extend(review(&loaded.model.panel));
    let found = facts(&loaded.model);
    findings.extend(found.findings());
    if terminal.format == Format::Json {
        let object = json!({ "ok": !findings.has_errors(), "facts": as_json(&loaded.model, &found), "problems": findings });
        terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
    } else {
        terminal.print(&readable(&loaded.model.panel, &found))?;
        show(terminal, &findings, &loaded.sources);
        terminal.say(&summary(&findings));
    }
    Ok(if findings.has_errors() { Exit::No } else { Exit::Fine })
}

/// Shows what the prior thinks possible.
fn report_prior(loaded: &Loaded, global: &Global, terminal: &Terminal) -> Outcome {
    let model = &loaded.model;
    let seed = global.seed.or(model.spec.sampler.seed).unwrap_or_default();
    let found = prior_check(model, PRIOR_MARKETS, global.level, seed);
    let findings = found.findings();
    if terminal.format == Format::Json {
        let object = json!({ "level": global.level, "seed": seed, "prior": found, "problems": findings });
        terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
    } else {
        terminal.print(&prior_text(&found, global.level))?;
        show(terminal, &findings, &Sources::default());
        terminal.say(&match findings.0.len() {
            0 => Style::Green.paint("the prior allows no nonsense worth a word"),
            n => Style::Yellow
                .paint(&format!("the prior allows nonsense in {n} ways; data may overrule it, or not")),
        });
    }
    Ok(Exit::Fine)
}

fn summary(findings: &Problems) -> String {
    let [errors, attentions, infos] =
        [Severity::Error, Severity::Attention, Severity::Info].map(|s| findings.count(s));
    let words = format!("{errors} errors, {attentions} attentions, {infos} infos");
    if errors > 0 { Style::Red.paint(&words) } else { Style::Green.paint(&words) }
}

fn as_json(model: &CompiledModel, found: &Facts) -> Value {
    let series = |s: &Series| {
        json!({ "role": s.role, "name": s.name, "total": s.total, "mean": s.mean, "min": s.least,
                "max": s.most, "share_zero": s.zero, "missing": s.missing })
    };
    json!({
        "source": model.panel.source,
        "preset": model.spec.preset,
        "periods": found.periods,
        "history_periods": found.history_periods,
        "holdout_periods": found.holdout_periods,
        "spacing": found.spacing,
        "first": found.first,
        "last": found.last,
        "geos": model.panel.geos,
        "observations": found.observations,
        "parameters": found.parameters,
        "observations_per_parameter": found.observations_per_parameter,
        "series": found.series.iter().map(series).collect::<Vec<_>>(),
    })
}

fn readable(panel: &Panel, found: &Facts) -> String {
    let geos = if panel.has_geo { format!(" × {} geos", count(panel.n_geos())) } else { String::new() };
    let mut text = format!(
        "{}: {} {}s{geos}, {} to {}\n{} observations, {} free parameters\n\n",
        panel.source,
        count(found.periods),
        found.spacing,
        found.first,
        found.last,
        count(found.observations),
        count(found.parameters),
    );
    let mut table = TextTable::new(&["role", "name", ">total", ">mean", ">min", ">max", ">zero"]);
    for s in &found.series {
        let digits = Digits::for_spread(0.1 * (s.most - s.least), s.most);
        let number = |x: f64| if x.abs() >= 1000.0 { amount(x) } else { digits.write(x) };
        let row = [s.role.to_owned(), s.name.clone(), number(s.total), number(s.mean), number(s.least)];
        table.row(row.into_iter().chain([number(s.most), percent(s.zero)]));
    }
    text += &table.render();
    text
}
