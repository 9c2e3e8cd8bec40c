//! `mmm predict`: the KPI expected in new periods, or in those the fit has seen; before a fit, what the prior expects.

use crate::args::Global;
use crate::commands::output::{deliver, with_intervals};
use crate::commands::tables::{interval_heading, money_digits, range};
use crate::load::load;
use crate::outcome::{Exit, Failure, Outcome};
use crate::problems::{Sources, show};
use crate::terminal::Terminal;
use crate::terminal::number::{amount, level as level_words};
use crate::terminal::table::TextTable;
use clap::{Args, ValueEnum};
use std::ops::Range;
use std::path::{Path, PathBuf};
use wanamaker::data::append::{append, is_the_same};
use wanamaker::data::build::build_new_periods;
use wanamaker::data::panel::Panel;
use wanamaker::model::compile::CompiledModel;
use wanamaker::posterior::Posterior;
use wanamaker::posterior::interval::Interval;
use wanamaker::posterior::predictive::{IntervalKind, predict, predictive_draws};
use wanamaker::problem::Problems;
use wanamaker::spec::roles::roles_of;
use wanamaker_io::read::read_table;
use wanamaker_io::rows::{RowValues, Rows};

const EXAMPLES: &str = "\
Examples:
  mmm predict fit.mmm --data next_quarter.csv          intervals of the KPI in new periods
  mmm predict fit.mmm --draws draws.parquet            every predictive draw: draw, date, geo, value
  mmm predict --prior mmm.toml --draws prior.csv       the same before any fit, from the prior alone";

/// Draws from the prior.
const PRIOR_DRAWS: usize = 1000;

/// Predict the KPI; carry-over and trend go on from the fit.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct PredictArgs {
    /// The fit
    #[arg(default_value = "fit.mmm")]
    pub fit: PathBuf,
    /// The fit, as older tools name it
    #[arg(long, hide = true, conflicts_with = "fit", value_name = "FIT")]
    pub model: Option<PathBuf>,
    /// New periods, in the columns of the data of the fit; the KPI may be absent. Without it, the periods of the fit
    #[arg(long, short = 'd', alias = "new")]
    pub data: Option<PathBuf>,
    /// Predict from the prior of this spec, before any fit
    #[arg(long, value_name = "SPEC", conflicts_with_all = ["fit", "model"])]
    pub prior: Option<PathBuf>,
    /// What the interval and the draws are about
    #[arg(long, value_enum, default_value_t)]
    pub interval: About,
    /// Write every draw to this file, one row per draw, date and geo: CSV, Excel, JSON, Parquet or Arrow by its extension
    #[arg(long, value_name = "FILE")]
    pub draws: Option<PathBuf>,
    /// Leave the interval out
    #[arg(long)]
    pub no_ci: bool,
    /// Write to this file: CSV, Excel, JSON, Parquet or Arrow by its extension
    #[arg(long, short = 'o', alias = "out")]
    pub output: Option<PathBuf>,
}

/// What an interval is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum About {
    /// Where the expected KPI lies.
    Mean,
    /// Where the KPI itself will lie: the noise is counted.
    #[default]
    Predictive,
}

/// Predicts and delivers.
pub fn run(args: &PredictArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let (model, posterior, seed) = source(args, global)?;
    let kind = match args.interval {
        About::Mean => IntervalKind::Mean,
        About::Predictive => IntervalKind::Predictive,
    };
    let (panel, range) = match &args.data {
        None => (model.panel.clone(), model.window.start..model.panel.n_times()),
        Some(path) => periods_of(&model, path, terminal)?,
    };
    let inputs = model.inputs(&panel);
    let predicted = if let Some(path) = &args.draws {
        let mut draws = predictive_draws(&model, &posterior, &inputs, range.clone(), kind, seed);
        let n_draws = posterior.n_chains * posterior.n_draws;
        let rows = draw_rows(&panel, range.clone(), &draws, n_draws);
        deliver(terminal, Some(path), &rows, String::new)?;
        if args.output.is_none() {
            return Ok(Exit::Fine);
        }
        draws.chunks_exact_mut(n_draws).map(|values| Interval::of(values, global.level)).collect()
    } else {
        predict(&model, &posterior, &inputs, range.clone(), kind, global.level, seed)
    };
    let table = Predictions { model: &model, panel: &panel, range, predicted };
    deliver(terminal, args.output.as_deref(), &table.rows(args.no_ci), || {
        table.readable(args, global.level)
    })?;
    Ok(Exit::Fine)
}

/// Model, draws and seed: those of a fit, or of the prior of a spec.
fn source(args: &PredictArgs, global: &Global) -> Result<(CompiledModel, Posterior, u64), Failure> {
    let seed_of = |model: &CompiledModel| global.seed.or(model.spec.sampler.seed).unwrap_or_default();
    if let Some(spec) = &args.prior {
        let model = load(spec, None, |_| {})?.model;
        let seed = seed_of(&model);
        let prior = Posterior::from_prior(&model, PRIOR_DRAWS, seed);
        return Ok((model, prior, seed));
    }
    let (fit, _, _) = wanamaker_io::fit_file::load(args.model.as_ref().unwrap_or(&args.fit))?;
    let seed = seed_of(&fit.model);
    Ok((fit.model, fit.posterior, seed))
}

/// One row per draw, period and geo.
fn draw_rows(panel: &Panel, range: Range<usize>, draws: &[f64], n_draws: usize) -> Rows {
    let cells: Vec<(usize, usize)> =
        (0..panel.n_geos()).flat_map(|geo| range.clone().map(move |t| (geo, t))).collect();
    let all = || (0..n_draws).flat_map(|s| cells.iter().enumerate().map(move |(k, cell)| (s, k, *cell)));
    let mut rows = Rows::new()
        .with("draw", RowValues::Integer(all().map(|(s, ..)| s as i64).collect()))
        .with("date", RowValues::Date(all().map(|(.., (_, t))| Some(panel.calendar.date(t))).collect()));
    if panel.has_geo {
        let geos = all().map(|(.., (geo, _))| panel.geos[geo].clone()).collect();
        rows = rows.with("geo", RowValues::Text(geos));
    }
    rows.with("value", RowValues::Number(all().map(|(s, k, _)| draws[k * n_draws + s]).collect()))
}

/// The periods of a file: new ones behind the fit, or its own, where the file is the data it was made from.
fn periods_of(
    model: &CompiledModel,
    path: &Path,
    terminal: &Terminal,
) -> Result<(Panel, Range<usize>), Failure> {
    let new = new_periods(model, path, terminal)?;
    let fitted = &model.panel;
    if is_the_same(fitted, &new) {
        return Ok((fitted.clone(), model.window.start..fitted.n_times()));
    }
    Ok(behind(model, &new)?)
}

/// The panel of the fit with the new periods of a file behind it, and where those stand.
pub fn extended(
    model: &CompiledModel,
    path: &Path,
    terminal: &Terminal,
) -> Result<(Panel, Range<usize>), Failure> {
    Ok(behind(model, &new_periods(model, path, terminal)?)?)
}

fn behind(model: &CompiledModel, new: &Panel) -> Result<(Panel, Range<usize>), Problems> {
    let panel = append(&model.panel, new)?;
    let range = model.panel.n_times()..panel.n_times();
    Ok((panel, range))
}

/// The periods of a file in the roles and the order of the fit.
fn new_periods(model: &CompiledModel, path: &Path, terminal: &Terminal) -> Result<Panel, Failure> {
    let read = read_table(path)?;
    let mut remarks = read.remarks;
    let spec = &model.spec;
    let built = build_new_periods(&read.table, &roles_of(spec), &spec.data.options, &model.panel);
    let (new, found) = built.map_err(|problems| {
        let mut all = remarks.clone();
        all.extend(problems);
        all
    })?;
    remarks.extend(found);
    show(terminal, &remarks, &Sources::default());
    Ok(new)
}

struct Predictions<'a> {
    model: &'a CompiledModel,
    panel: &'a Panel,
    range: Range<usize>,
    predicted: Vec<Interval>,
}

impl Predictions<'_> {
    /// Geo and period of every prediction, geo by geo.
    fn cells(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.panel.n_geos()).flat_map(|geo| self.range.clone().map(move |t| (geo, t)))
    }

    fn actual(&self, geo: usize, t: usize) -> f64 {
        self.panel.kpi.values[geo * self.panel.n_times() + t]
    }

    /// What the period was to the fit.
    fn window(&self, t: usize) -> &'static str {
        match t {
            _ if t >= self.model.panel.n_times() => "new",
            _ if t >= self.model.window.end => "holdout",
            _ => "training",
        }
    }

    fn rows(&self, no_ci: bool) -> Rows {
        let dates = self.cells().map(|(_, t)| Some(self.panel.calendar.date(t))).collect();
        let mut rows = Rows::new().with("date", RowValues::Date(dates));
        if self.panel.has_geo {
            let geos = self.cells().map(|(geo, _)| self.panel.geos[geo].clone()).collect();
            rows = rows.with("geo", RowValues::Text(geos));
        }
        rows = if no_ci {
            rows.with(
                "mean",
                RowValues::Number(self.predicted.iter().map(|interval| interval.mean).collect()),
            )
        } else {
            with_intervals(rows, "", &self.predicted.iter().copied().map(Some).collect::<Vec<_>>())
        };
        rows.with("actual", RowValues::Number(self.cells().map(|(geo, t)| self.actual(geo, t)).collect()))
            .with("window", RowValues::Text(self.cells().map(|(_, t)| self.window(t).to_owned()).collect()))
    }

    fn readable(&self, args: &PredictArgs, level: f64) -> String {
        let interval = interval_heading(level);
        let has_geo = self.panel.has_geo;
        let geo = has_geo.then_some("geo");
        let columns =
            ["date"].into_iter().chain(geo).chain([">mean", ">median", &interval, ">actual", "window"]);
        let mut table = TextTable::new(&columns.collect::<Vec<_>>());
        for ((geo, t), interval) in self.cells().zip(&self.predicted) {
            let digits = money_digits(interval);
            let date = [self.panel.calendar.date(t).to_string()];
            let name = has_geo.then(|| self.panel.geos[geo].clone());
            table.row(date.into_iter().chain(name).chain([
                digits.write(interval.mean),
                digits.write(interval.median),
                range(digits, interval.lower, interval.upper),
                amount(self.actual(geo, t)),
                self.window(t).to_owned(),
            ]));
        }
        let what = match args.interval {
            About::Mean => "the expected KPI; single observations scatter more (--interval predictive)",
            About::Predictive => "an observation, noise included (--interval mean for the expected KPI)",
        };
        let words = level_words(level);
        let before = if args.prior.is_some() { "These are of the prior: no KPI was looked at. " } else { "" };
        table.render() + &format!("\n{before}Intervals are equal-tailed and hold {words} for {what}.\n")
    }
}
