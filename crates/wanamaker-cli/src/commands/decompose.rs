//! `mmm decompose`: what each part of the model brought, in total, by geo, or period by period.

use super::span::{SpanArgs, window_words};
use crate::args::Global;
use crate::commands::output::{deliver, with_intervals};
use crate::commands::tables::{interval_heading, interval_note, money_digits, range, share_range};
use crate::outcome::{Exit, Outcome};
use crate::terminal::Terminal;
use crate::terminal::number::{amount, level as level_words, percent};
use crate::terminal::table::TextTable;
use clap::Args;
use std::path::PathBuf;
use wanamaker::decision::contribution::{
    Counted, PartOverTime, Total, grouped_parts, over_time, parts, totals_of,
};
use wanamaker::engine::fit::Fit;
use wanamaker::spec::Link;
use wanamaker_io::rows::{RowValues, Rows};

/// What each part of the model brought, in KPI units, with intervals.
#[derive(Debug, Args)]
pub struct DecomposeArgs {
    /// The fit
    #[arg(default_value = "fit.mmm")]
    pub fit: PathBuf,
    /// Geo by geo
    #[arg(long)]
    pub by_geo: bool,
    /// Period by period
    #[arg(long)]
    pub over_time: bool,
    /// In few parts: baseline, paid and organic media, controls, treatments
    #[arg(long)]
    pub grouped: bool,
    /// Periods
    #[command(flatten)]
    pub span: SpanArgs,
    /// Write to this file: CSV, Excel, JSON, Parquet or Arrow by its extension
    #[arg(long, short = 'o', alias = "out")]
    pub output: Option<PathBuf>,
}

/// Prints or writes the parts.
pub fn run(args: &DecomposeArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let (fit, _, _) = wanamaker_io::fit_file::load(&args.fit)?;
    let (model, posterior, level) = (&fit.model, &fit.posterior, global.level);
    let parts = if args.grouped { grouped_parts(model) } else { parts(model) };
    let window = args.span.window(model)?;
    let (rows, text) = if args.over_time {
        // Without a window the periods that were held back are shown as well.
        let end = if args.span.is_stated() { window.to } else { model.panel.n_times() };
        let range = window.from..end;
        let found = over_time(model, posterior, &parts, range.clone(), args.by_geo, level);
        (period_rows(&fit, &found, range.start), period_table(&fit, &found, range.start, level))
    } else {
        let counted = if args.span.is_stated() {
            Counted::periods(model, &window.spent())
        } else {
            Counted::observed(model)
        };
        let groups = totals_of(model, posterior, &parts, &counted, args.by_geo, level);
        let joint = match model.mean.link {
            Link::Identity => "",
            Link::Log => ", `joint` being what channels bring only together (log link)",
        };
        let note = format!(
            "What was felt in {}.\nThe parts add up to the fitted mean{joint}.\n",
            window_words(model, window)
        );
        (total_rows(&groups, args.by_geo), total_table(&fit, &groups, args.by_geo, level) + &note)
    };
    deliver(terminal, args.output.as_deref(), &rows, || text)?;
    Ok(Exit::Fine)
}

type Groups = [(String, Vec<Total>)];

/// Totals for programs.
pub fn total_rows(groups: &Groups, by_geo: bool) -> Rows {
    let all: Vec<(&String, &Total)> =
        groups.iter().flat_map(|(geo, totals)| totals.iter().map(move |t| (geo, t))).collect();
    let mut rows = Rows::new();
    if by_geo {
        rows = rows.with("geo", RowValues::Text(all.iter().map(|(geo, _)| (*geo).clone()).collect()));
    }
    rows = rows
        .with("part", RowValues::Text(all.iter().map(|(_, t)| t.name.clone()).collect()))
        .with("is_channel", RowValues::Bool(all.iter().map(|(_, t)| Some(t.is_channel)).collect()))
        .with("spend", RowValues::Number(all.iter().map(|(_, t)| t.spend.unwrap_or(f64::NAN)).collect()));
    let contribution: Vec<_> = all.iter().map(|(_, t)| Some(t.contribution)).collect();
    let share: Vec<_> = all.iter().map(|(_, t)| Some(t.share)).collect();
    let roas: Vec<_> = all.iter().map(|(_, t)| t.roas).collect();
    rows = with_intervals(rows, "contribution_", &contribution);
    rows = with_intervals(rows, "share_", &share);
    with_intervals(rows, "roas_", &roas)
}

fn total_table(fit: &Fit, groups: &Groups, by_geo: bool, level: f64) -> String {
    let interval = interval_heading(level);
    let short = format!(">{}", level_words(level));
    let mut columns = vec!["part", ">spend", ">contribution", interval.as_str(), ">share", short.as_str()];
    if by_geo {
        columns.insert(0, "geo");
    }
    let mut table = TextTable::new(&columns);
    for (geo, totals) in groups {
        for total in totals {
            let (c, digits) = (&total.contribution, money_digits(&total.contribution));
            let cells = [
                total.name.clone(),
                total.spend.map_or_else(String::new, amount),
                digits.write(c.mean),
                range(digits, c.lower, c.upper),
                percent(total.share.mean),
                share_range(&total.share),
            ];
            table.row(by_geo.then(|| geo.clone()).into_iter().chain(cells));
        }
    }
    table.render() + "\n" + &interval_note(level, fit)
}

/// Parts by period for programs, from period `start` on.
pub fn period_rows(fit: &Fit, parts: &[PartOverTime], start: usize) -> Rows {
    let calendar = &fit.model.panel.calendar;
    let all: Vec<_> = parts
        .iter()
        .flat_map(|part| part.periods.iter().enumerate().map(move |(t, i)| (part, t, i)))
        .collect();
    let mut rows = Rows::new()
        .with("date", RowValues::Date(all.iter().map(|(_, t, _)| Some(calendar.date(start + t))).collect()));
    if fit.model.panel.has_geo {
        rows = rows.with("geo", RowValues::Text(all.iter().map(|(part, _, _)| part.geo.clone()).collect()));
    }
    rows = rows.with("part", RowValues::Text(all.iter().map(|(part, _, _)| part.part.clone()).collect()));
    with_intervals(rows, "", &all.iter().map(|(_, _, interval)| Some(**interval)).collect::<Vec<_>>())
}

fn period_table(fit: &Fit, parts: &[PartOverTime], start: usize, level: f64) -> String {
    let calendar = &fit.model.panel.calendar;
    let interval = interval_heading(level);
    let has_geo = fit.model.panel.has_geo;
    let columns =
        ["date"].into_iter().chain(has_geo.then_some("geo")).chain(["part", ">contribution", &interval]);
    let mut table = TextTable::new(&columns.collect::<Vec<_>>());
    for part in parts {
        for (t, interval) in part.periods.iter().enumerate() {
            let digits = money_digits(interval);
            let date = [calendar.date(start + t).to_string()];
            table.row(date.into_iter().chain(has_geo.then(|| part.geo.clone())).chain([
                part.part.clone(),
                digits.write(interval.mean),
                range(digits, interval.lower, interval.upper),
            ]));
        }
    }
    table.render() + "\n" + &interval_note(level, fit)
}
