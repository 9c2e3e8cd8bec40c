//! `mmm curves`: what each channel would bring at other levels of spend.

use super::planning::source::SourceArgs;
use super::planning::tables::{draws_note, heading_with_level, return_with_range, unit_words, with_range};
use super::span::window_words;
use crate::args::Global;
use crate::commands::output::{deliver, with_intervals};
use crate::commands::tables::verdict;
use crate::outcome::{Exit, Failure, Outcome, usage};
use crate::terminal::number::amount;
use crate::terminal::table::TextTable;
use crate::terminal::{Format, Terminal};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::PathBuf;
use wanamaker::decision::response_curve::{CurvePoint, ResponseCurve, flighting, steady};
use wanamaker_io::rows::{RowValues, Rows};

/// Which question the curve answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// The same money in every period, carry-over at its limit: outcome per period.
    #[default]
    Steady,
    /// The channel's own flighting in the window, scaled: outcome over the window.
    Flighting,
}

/// Response curves with bands, today's and the highest spend marked.
#[derive(Clone, Debug, Args)]
pub struct CurvesArgs {
    /// Fit or curves
    #[command(flatten)]
    pub source: SourceArgs,
    /// Which question the curve answers
    #[arg(long, value_enum, default_value_t)]
    pub kind: Kind,
    /// How far a curve runs, as a multiple of today's or the highest spend
    #[arg(long, default_value_t = 2.0, value_name = "TIMES")]
    pub reach: f64,
    /// Even steps from nothing to there, besides today's and the highest spend [default: 8 in the table, 100 (flighting:
    /// 40) in files and JSON]
    #[arg(long, value_name = "N")]
    pub points: Option<usize>,
    /// Write to this file: CSV, Excel, JSON, Parquet or Arrow by its extension
    #[arg(long, short = 'o', alias = "out")]
    pub output: Option<PathBuf>,
}

/// Computes the curves and shows them.
pub fn run(args: &CurvesArgs, global: &Global, terminal: &Terminal) -> Outcome {
    if !(args.reach.is_finite() && args.reach > 0.0) || args.points == Some(0) {
        return Err(usage(
            "a curve without length or points",
            "give --reach above 0 and at least one of --points",
        ));
    }
    let readable = args.output.is_none() && terminal.format == Format::Table;
    let found = match args.kind {
        Kind::Steady => steady_curves(args, readable, global, terminal)?,
        Kind::Flighting => flighting_curves(args, readable, global, terminal)?,
    };
    if args.output.is_none() && terminal.format == Format::Json {
        let object = json!({
            "level": global.level, "interval": "equal-tailed", "kind": found.kind, "unit": found.unit,
            "per": found.per, "curves": found.curves,
        });
        terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
    } else {
        deliver(terminal, args.output.as_deref(), &rows(&found.curves), || text(&found, global.level))?;
    }
    Ok(Exit::Fine)
}

struct Found {
    kind: &'static str,
    unit: String,
    /// `per week`, or the window.
    per: String,
    n_draws: usize,
    curves: Vec<ResponseCurve>,
}

fn steady_curves(
    args: &CurvesArgs,
    readable: bool,
    global: &Global,
    terminal: &Terminal,
) -> Result<Found, Failure> {
    if args.source.horizon.is_some() || args.source.flighting.is_some() {
        return Err(usage(
            "a steady curve is about one period for ever",
            "leave --horizon and --flighting out, or ask for --kind flighting",
        ));
    }
    let surface = args.source.load(global, terminal)?;
    let points = args.points.unwrap_or(if readable { 8 } else { 100 });
    let curves = steady(&surface, args.reach, points, global.level);
    Ok(Found {
        kind: "steady",
        unit: unit_words(&surface.unit),
        per: format!("per {}", surface.horizon.period),
        n_draws: surface.n_draws,
        curves,
    })
}

fn flighting_curves(
    args: &CurvesArgs,
    readable: bool,
    global: &Global,
    terminal: &Terminal,
) -> Result<Found, Failure> {
    if args.source.curves.is_some() || args.source.by_geo {
        return Err(usage(
            "a channel's own flighting needs a fit, over all its geos",
            "leave --curves and --by-geo out",
        ));
    }
    let (fit, _, _) = wanamaker_io::fit_file::load(args.source.path())?;
    super::roi::check_channels(&fit, &args.source.channels)?;
    let window = args.source.span.window(&fit.model)?;
    let points = args.points.unwrap_or(if readable { 8 } else { 40 });
    let mut curves =
        flighting(&fit.model, &fit.posterior, window, args.reach, points, global.level, global.threads);
    curves.retain(|curve| args.source.channels.is_empty() || args.source.channels.contains(&curve.name));
    if !fit.warnings.0.is_empty() {
        verdict(&fit, terminal);
    }
    let unit = if fit.model.panel.revenue_per_kpi.is_some() {
        "money".to_owned()
    } else {
        fit.model.panel.kpi.name.clone()
    };
    Ok(Found {
        kind: "flighting",
        unit,
        per: format!("over {}", window_words(&fit.model, window)),
        n_draws: fit.posterior.n_chains * fit.posterior.n_draws,
        curves,
    })
}

fn text(found: &Found, level: f64) -> String {
    let spend = if found.kind == "steady" { format!(">spend {}", found.per) } else { ">spend".to_owned() };
    let outcome = heading_with_level(&format!("outcome, {}", found.unit), level, found.n_draws);
    let marginal = heading_with_level("next unit brings", level, found.n_draws);
    let mut table = TextTable::new(&["channel", &spend, ">of today", &outcome, &marginal, ""]);
    for curve in &found.curves {
        for point in &curve.points {
            table.row([
                curve.name.clone(),
                amount(point.spend),
                if point.factor.is_finite() { format!("{:.2} ×", point.factor) } else { "–".into() },
                with_range(&point.outcome),
                return_with_range(&point.marginal),
                mark(curve, point, found.kind).to_owned(),
            ]);
        }
    }
    let what = if found.kind == "steady" {
        format!("Outcome and spend {}, the same in every one, carry-over at its limit.\n", found.per)
    } else {
        format!("Each channel's own spend {}, scaled; the others as they were.\n", found.per)
    };
    format!(
        "{}\n{what}Where the data have never been, the shape of the curve speaks, not the data.\n{}",
        table.render(),
        draws_note(level, found.n_draws)
    )
}

/// What is to be said of a point.
fn mark(curve: &ResponseCurve, point: &CurvePoint, kind: &str) -> &'static str {
    if point.beyond_seen {
        "never seen"
    } else if point.spend == curve.current && curve.current > 0.0 {
        if kind == "steady" { "today" } else { "as it was" }
    } else if kind == "steady" && curve.highest == Some(point.spend) {
        "most ever"
    } else {
        ""
    }
}

/// Points of all curves for programs.
pub fn rows(curves: &[ResponseCurve]) -> Rows {
    let all: Vec<(&ResponseCurve, &CurvePoint)> =
        curves.iter().flat_map(|curve| curve.points.iter().map(move |point| (curve, point))).collect();
    let number = |value: &dyn Fn(&(&ResponseCurve, &CurvePoint)) -> f64| {
        RowValues::Number(all.iter().map(value).collect())
    };
    let rows = Rows::new()
        .with("channel", RowValues::Text(all.iter().map(|(curve, _)| curve.name.clone()).collect()))
        .with("spend", number(&|(_, point)| point.spend))
        .with("factor", number(&|(_, point)| point.factor))
        .with("current", number(&|(curve, _)| curve.current))
        .with("highest", number(&|(curve, _)| curve.highest.unwrap_or(f64::NAN)))
        .with("beyond_seen", RowValues::Bool(all.iter().map(|(_, point)| Some(point.beyond_seen)).collect()));
    let rows = with_intervals(
        rows,
        "outcome_",
        &all.iter().map(|(_, point)| Some(point.outcome)).collect::<Vec<_>>(),
    );
    with_intervals(rows, "marginal_", &all.iter().map(|(_, point)| Some(point.marginal)).collect::<Vec<_>>())
}
