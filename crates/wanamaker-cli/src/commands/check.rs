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
    findings.extend(carries(&loaded.model));
    if terminal.format == Format::Json {
        let object =
            json!({ "ok": !findings.has_errors(), "facts": facts(&loaded.model), "problems": findings });
        terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
    } else {
        terminal.print(&readable(&loaded.model))?;
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

/// Observations per free parameter, and what to think of that.
fn carries(model: &CompiledModel) -> Problems {
    use wanamaker::problem::{Place, Problem};
    let ratio = observations(model) as f64 / model.layout.n_free().max(1) as f64;
    if ratio >= 4.0 {
        return Problems::new();
    }
    let message = format!(
        "{} observations carry {} parameters, {ratio:.1} each: much of what comes out will be what the priors put in",
        count(observations(model)),
        count(model.layout.n_free())
    );
    let hint = "give more history, merge channels that move together, or drop controls and harmonics";
    Problem::attention("data.few_per_parameter", Place::default(), message).hint(hint).into()
}

fn observations(model: &CompiledModel) -> usize {
    model.window.observed.iter().filter(|seen| **seen).count()
}

/// A column of the panel as a reader thinks of it.
struct Column<'a> {
    role: &'static str,
    name: &'a str,
    values: &'a [f64],
}

fn columns(panel: &Panel) -> Vec<Column<'_>> {
    let column = |role, name, values| Column { role, name, values };
    let mut all = vec![column("kpi", &panel.kpi.name, &panel.kpi.values)];
    for (role, media) in [("channel", &panel.media), ("organic", &panel.organic)] {
        all.extend(
            media
                .iter()
                .map(|media| column(role, &media.name, media.spend.as_ref().unwrap_or(&media.exposure))),
        );
    }
    for (role, series) in [("treatment", &panel.treatments), ("control", &panel.controls)] {
        all.extend(series.iter().map(|series| column(role, &series.name, &series.values)));
    }
    all.extend(panel.events.iter().map(|event| column("event", &event.name, &event.values)));
    all
}

struct Facts {
    total: f64,
    mean: f64,
    least: f64,
    most: f64,
    zero: f64,
    missing: usize,
}

impl Column<'_> {
    fn facts(&self) -> Facts {
        let seen: Vec<f64> = self.values.iter().copied().filter(|x| x.is_finite()).collect();
        let total: f64 = seen.iter().sum();
        Facts {
            total,
            mean: total / seen.len() as f64,
            least: seen.iter().copied().fold(f64::INFINITY, f64::min),
            most: seen.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            zero: seen.iter().filter(|x| **x == 0.0).count() as f64 / seen.len() as f64,
            missing: self.values.len() - seen.len(),
        }
    }
}

fn facts(model: &CompiledModel) -> Value {
    let panel = &model.panel;
    let series: Vec<Value> = columns(panel)
        .iter()
        .map(|column| {
            let f = column.facts();
            json!({ "role": column.role, "name": column.name, "total": f.total, "mean": f.mean, "min": f.least,
                    "max": f.most, "share_zero": f.zero, "missing": f.missing })
        })
        .collect();
    json!({
        "source": panel.source,
        "preset": model.spec.preset,
        "periods": panel.n_times(),
        "history_periods": panel.n_history,
        "holdout_periods": panel.n_times() - model.window.end,
        "spacing": panel.calendar.spacing().name(),
        "first": panel.calendar.start(),
        "last": panel.calendar.date(panel.n_times().saturating_sub(1)),
        "geos": panel.geos,
        "observations": observations(model),
        "parameters": model.layout.n_free(),
        "observations_per_parameter": observations(model) as f64 / model.layout.n_free().max(1) as f64,
        "series": series,
    })
}

fn readable(model: &CompiledModel) -> String {
    let panel = &model.panel;
    let n = panel.n_times();
    let geos = if panel.has_geo { format!(" × {} geos", count(panel.n_geos())) } else { String::new() };
    let mut text = format!(
        "{}: {} {}s{geos}, {} to {}\n{} observations, {} free parameters\n\n",
        panel.source,
        count(n),
        panel.calendar.spacing().name(),
        panel.calendar.start(),
        panel.calendar.date(n.saturating_sub(1)),
        count(observations(model)),
        count(model.layout.n_free()),
    );
    let mut table = TextTable::new(&["role", "name", ">total", ">mean", ">min", ">max", ">zero"]);
    for column in columns(panel) {
        let f = column.facts();
        let digits = Digits::for_spread(0.1 * (f.most - f.least), f.most);
        let number = |x: f64| if x.abs() >= 1000.0 { amount(x) } else { digits.write(x) };
        let row = [
            column.role.to_owned(),
            column.name.to_owned(),
            number(f.total),
            number(f.mean),
            number(f.least),
        ];
        table.row(row.into_iter().chain([number(f.most), percent(f.zero)]));
    }
    text += &table.render();
    text
}
