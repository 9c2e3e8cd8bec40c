//! `mmm monitor`: whether new periods still look like the model, and what to do.

use crate::args::Global;
use crate::commands::output::deliver;
use crate::commands::predict::extended;
use crate::commands::tables::verdict as convergence_verdict;
use crate::outcome::{Exit, Outcome};
use crate::problems::{Sources, show};
use crate::terminal::number::{Digits, amount, count, level as level_words, percent, plain};
use crate::terminal::table::TextTable;
use crate::terminal::{Format, Style, Terminal};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use wanamaker::validation::inputs::{Degree, InputKind, Shift};
use wanamaker::validation::monitor::{Monitor, Side, Tracking, Verdict, monitor};
use wanamaker_io::rows::{RowValues, Rows};

const EXAMPLES: &str = "\
Examples:
  mmm monitor fit.mmm --data new_weeks.csv           nothing to do, watch, or fit again
  mmm monitor fit.mmm -d new_weeks.csv -q || mmm fit -d all_weeks.csv

The new rows follow the last of the fit, in the same columns; rows without a KPI count among the inputs only.

Exits with 1 when predictions no longer hold, each of which chance does once in a hundred times: too few cells lie inside
their interval (--level), the KPI scatters otherwise than predicted, or cumulative errors (CUSUM) leave their bounds; and
when the fit had not converged. Inputs that shift (PSI) or leave what training has seen are worth a look and exit with 0.";

/// Whether new periods still look like a fit.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct MonitorArgs {
    /// The fit
    #[arg(default_value = "fit.mmm")]
    pub fit: PathBuf,
    /// New periods with their KPI, in the columns of the data of the fit
    #[arg(long, short = 'd', alias = "new")]
    pub data: PathBuf,
    /// Write the figures of the inputs to this file: CSV, Excel, JSON, Parquet or Arrow by its extension
    #[arg(long, short = 'o', alias = "out")]
    pub output: Option<PathBuf>,
}

/// Looks and says what to do.
pub fn run(args: &MonitorArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let (fit, _, _) = wanamaker_io::fit_file::load(&args.fit)?;
    let (panel, _) = extended(&fit.model, &args.data, terminal)?;
    let seed = global.seed.or(fit.model.spec.sampler.seed).unwrap_or_default();
    let found = monitor(&fit, &panel, global.level, seed)
        .map_err(|problems| problems.in_file(&args.data.display().to_string()))?;
    if !found.converged {
        convergence_verdict(&fit, terminal);
        if fit.cancelled {
            terminal.say(&Style::Red.paint("the fit was stopped before all draws were made"));
        }
    }
    let (broken, shifted) = (found.broken(), found.shifted());
    if args.output.is_some() {
        deliver(terminal, args.output.as_deref(), &rows(&found.inputs), String::new)?;
    }
    match terminal.format {
        Format::Json => {
            let object = json!({
                "verdict": found.verdict,
                "level": global.level,
                "interval": "equal-tailed, predictive",
                "monitor": found,
                "problems": broken,
                "remarks": shifted,
            });
            terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
        }
        Format::Table => {
            terminal.print(&text(&found, panel.calendar.spacing().name(), global.level))?;
        }
        _ if args.output.is_none() => deliver(terminal, None, &rows(&found.inputs), String::new)?,
        _ => {}
    }
    if terminal.format != Format::Json {
        show(terminal, &broken, &Sources::default());
        show(terminal, &shifted, &Sources::default());
        terminal.say(&advice(&found));
    }
    Ok(if found.verdict == Verdict::Refit { Exit::No } else { Exit::Fine })
}

fn advice(found: &Monitor) -> String {
    match found.verdict {
        Verdict::Refit if !found.converged => Style::Red
            .paint("REFIT: the fit had not converged, so that nothing above is to be relied on; draw longer with `mmm fit`"),
        Verdict::Refit => {
            Style::Red.paint("REFIT: predictions no longer hold; see what changed, then `mmm fit` on all periods")
        }
        Verdict::Watch => Style::Yellow
            .paint("watch: predictions hold, but inputs have changed; plan with care and look again with the next periods"),
        Verdict::Nothing => Style::Green.paint("nothing to do: the new periods look as the model expects"),
    }
}

fn text(found: &Monitor, period: &str, level: f64) -> String {
    let unknown = match found.unknown {
        0 => String::new(),
        n => format!("; {n} without a KPI count among the inputs only"),
    };
    let heading = format!(
        "{} to {}, {} {period}s, {} days since training{unknown}\n",
        found.from,
        found.to,
        count(found.n_periods),
        found.days_since_training
    );
    [heading, prediction_table(found, level), input_table(&found.inputs)].join("\n")
}

fn prediction_table(found: &Monitor, level: f64) -> String {
    let mut table = TextTable::new(&["predictions", ">found", ">expected", ""]);
    let (c, pit, cusum) = (&found.coverage, &found.pit, &found.cusum);
    let mark = |holds: bool| if holds { "ok" } else { "FAILED" }.to_owned();
    let two = |x: f64| Digits::Decimals(2).write(x);
    table.row([
        format!("cells inside their {} interval", level_words(level)),
        format!("{} of {}", count(c.inside), count(c.n)),
        format!("at least {}", count((c.least * c.n as f64).round() as usize)),
        mark(!c.is_too_low()),
    ]);
    table.row(["mean PIT".to_owned(), two(pit.mean), "0.50".to_owned(), String::new()]);
    table.row([
        "PIT, distance from uniform".to_owned(),
        two(pit.distance),
        format!("p {} ≥ 0.01", Digits::Decimals(3).write(pit.p)),
        mark(pit.p >= 0.01),
    ]);
    table.row([
        "cumulative error (CUSUM), largest".to_owned(),
        format!("{} sd", two(cusum.high.iter().chain(&cusum.low).copied().fold(0.0, f64::max))),
        format!("≤ {} sd", two(cusum.threshold)),
        alarm_words(cusum),
    ]);
    let a = &found.accuracy;
    table.row(["MAPE".to_owned(), percent(a.mape / 100.0), String::new(), String::new()]);
    table.row(["CRPS".to_owned(), plain(a.crps), String::new(), String::new()]);
    table.render()
        + "Expected is what 99 in 100 futures of the model itself do; intervals are predictive, equal-tailed.\n"
}

fn alarm_words(cusum: &Tracking) -> String {
    match cusum.alarm {
        None => "ok".to_owned(),
        Some((date, Side::Above)) => format!("FAILED on {date}: above the prediction"),
        Some((date, Side::Below)) => format!("FAILED on {date}: below the prediction"),
    }
}

fn input_table(inputs: &[Shift]) -> String {
    let columns = [
        "input",
        "of",
        ">mean in training",
        ">mean now",
        ">PSI",
        ">by chance",
        ">bins",
        "",
        ">cells outside",
    ];
    let mut table = TextTable::new(&columns);
    let two = |x: f64| Digits::Decimals(2).write(x);
    for input in inputs {
        let mark = if input.has_left() { " LEFT" } else { "" };
        let outside = format!("{} of {}{mark}", count(input.outside), count(input.n));
        table.row([
            input.name.clone(),
            kind_words(input.kind).to_owned(),
            amount(input.training_mean),
            amount(input.new_mean),
            two(input.psi),
            format!("≤ {}", two(input.by_chance)),
            count(input.bins),
            degree_words(input.degree).to_owned(),
            outside,
        ]);
    }
    table.render()
        + "PSI: population stability index by period; below 0.1, or within what chance makes it in so few periods, stable; above 0.25 shifted.\nOutside: cells beyond what training has seen, for media above it only; marked where chance makes fewer.\n"
}

fn kind_words(kind: InputKind) -> &'static str {
    match kind {
        InputKind::Spend => "spend",
        InputKind::Exposure => "exposure",
        InputKind::Treatment => "treatment",
        InputKind::Control => "control",
    }
}

fn degree_words(degree: Degree) -> &'static str {
    match degree {
        Degree::Stable => "stable",
        Degree::Moderate => "moderate",
        Degree::Shifted => "SHIFTED",
    }
}

fn rows(inputs: &[Shift]) -> Rows {
    let text = |value: &dyn Fn(&Shift) -> String| RowValues::Text(inputs.iter().map(value).collect());
    let number = |value: &dyn Fn(&Shift) -> f64| RowValues::Number(inputs.iter().map(value).collect());
    Rows::new()
        .with("input", text(&|own| own.name.clone()))
        .with("kind", text(&|own| kind_words(own.kind).to_owned()))
        .with("training_mean", number(&|own| own.training_mean))
        .with("new_mean", number(&|own| own.new_mean))
        .with("psi", number(&|own| own.psi))
        .with("psi_by_chance", number(&|own| own.by_chance))
        .with("degree", text(&|own| degree_words(own.degree).to_lowercase()))
        .with("outside", number(&|own| own.outside as f64))
        .with("outside_by_chance", number(&|own| own.outside_by_chance as f64))
        .with("cells", number(&|own| own.n as f64))
}
