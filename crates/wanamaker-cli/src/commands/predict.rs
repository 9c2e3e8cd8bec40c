//! `mmm predict`: the KPI expected in new periods, or in those the fit has seen.

use crate::args::Global;
use crate::commands::output::{deliver, with_intervals};
use crate::commands::tables::{interval_heading, money_digits, range};
use crate::outcome::{Exit, Failure, Outcome};
use crate::problems::{Sources, show};
use crate::terminal::Terminal;
use crate::terminal::number::{amount, level as level_words};
use crate::terminal::table::TextTable;
use clap::{Args, ValueEnum};
use std::ops::Range;
use std::path::{Path, PathBuf};
use wanamaker::data::append::append;
use wanamaker::data::build::build_new_periods;
use wanamaker::data::panel::Panel;
use wanamaker::engine::fit::Fit;
use wanamaker::posterior::interval::Interval;
use wanamaker::posterior::predictive::{IntervalKind, predict};
use wanamaker::spec::roles::roles_of;
use wanamaker_io::read::read_table;
use wanamaker_io::rows::{RowValues, Rows};

/// Predict the KPI; carry-over and trend go on from the fit.
#[derive(Debug, Args)]
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
    /// What the interval is about
    #[arg(long, value_enum, default_value_t)]
    pub interval: About,
    /// Leave the interval out
    #[arg(long)]
    pub no_ci: bool,
    /// Write to this file: CSV, JSON or Parquet by its extension
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
    let (fit, _, _) = wanamaker_io::fit_file::load(args.model.as_ref().unwrap_or(&args.fit))?;
    let kind = match args.interval {
        About::Mean => IntervalKind::Mean,
        About::Predictive => IntervalKind::Predictive,
    };
    let seed = global.seed.or(fit.model.spec.sampler.seed).unwrap_or_default();
    let (panel, range) = match &args.data {
        None => (fit.model.panel.clone(), fit.model.window.start..fit.model.panel.n_times()),
        Some(path) => extended(&fit, path, terminal)?,
    };
    let inputs = fit.model.inputs(&panel);
    let predicted = predict(&fit.model, &fit.posterior, &inputs, range.clone(), kind, global.level, seed);
    let table = Predictions { fit: &fit, panel: &panel, range, predicted };
    deliver(terminal, args.output.as_deref(), &table.rows(args.no_ci), || {
        table.readable(args.interval, global.level)
    })?;
    Ok(Exit::Fine)
}

/// The panel of the fit with the new periods behind it, and where those stand.
pub fn extended(fit: &Fit, path: &Path, terminal: &Terminal) -> Result<(Panel, Range<usize>), Failure> {
    let fitted = &fit.model.panel;
    let read = read_table(path)?;
    let mut remarks = read.remarks;
    let spec = &fit.model.spec;
    let built = build_new_periods(&read.table, &roles_of(spec), &spec.data.options, fitted);
    let (new, found) = built.map_err(|problems| {
        let mut all = remarks.clone();
        all.extend(problems);
        all
    })?;
    remarks.extend(found);
    show(terminal, &remarks, &Sources::default());
    let panel = append(fitted, &new)?;
    let range = fitted.n_times()..panel.n_times();
    Ok((panel, range))
}

struct Predictions<'a> {
    fit: &'a Fit,
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
            _ if t >= self.fit.model.panel.n_times() => "new",
            _ if t >= self.fit.model.window.end => "holdout",
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

    fn readable(&self, about: About, level: f64) -> String {
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
        let what = match about {
            About::Mean => "the expected KPI; single observations scatter more (--interval predictive)",
            About::Predictive => "an observation, noise included (--interval mean for the expected KPI)",
        };
        let words = level_words(level);
        table.render() + &format!("\nIntervals are equal-tailed and hold {words} for {what}.\n")
    }
}
