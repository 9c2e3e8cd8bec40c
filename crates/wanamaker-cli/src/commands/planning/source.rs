//! Where the curves of a plan come from: a fit, or a file of stated curves.

use super::amount::{amount, amount_by_name};
use crate::args::Global;
use crate::commands::span::SpanArgs;
use crate::commands::tables::verdict;
use crate::outcome::{Failure, usage};
use crate::problems::{Sources, show};
use crate::terminal::Terminal;
use clap::Args;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wanamaker::decision::identification::identification;
use wanamaker::decision::surface::Surface;
use wanamaker::decision::surface::fitted::{FittedOptions, surface};
use wanamaker::decision::surface::flighting::{Flighting, Shape};
use wanamaker::decision::surface::stated::StatedCurves;
use wanamaker::problem::{Place, Problem, Problems};
use wanamaker::spec::document::{Format, read_as};
use wanamaker_io::read::read_table;

/// The fit or the curves, and the time that a plan covers.
#[derive(Clone, Debug, Args)]
pub struct SourceArgs {
    /// The fit
    #[arg(default_value = "fit.mmm")]
    pub fit: PathBuf,
    /// The fit, as older tools name it
    #[arg(long, hide = true, conflicts_with = "fit", value_name = "FIT")]
    pub model: Option<PathBuf>,
    /// Plan on stated curves instead of a fit: JSON or TOML, see `mmm schema --curves`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fit", "model"])]
    pub curves: Option<PathBuf>,
    /// Periods that the plan covers; its budget is the total over them
    #[arg(long, value_name = "N", help_heading = "Time")]
    pub horizon: Option<usize>,
    /// When money is spent: steady (carry-over at its limit; the default without --horizon), even over the horizon
    /// (the default with it), historic, or a CSV file with one row per period and a column `all` or one per channel
    #[arg(long, value_name = "HOW", help_heading = "Time")]
    pub flighting: Option<String>,
    /// Periods behind the horizon in which carry-over still counts [default: all of it]
    #[arg(long, value_name = "N", help_heading = "Time")]
    pub tail: Option<usize>,
    /// Begin with nothing in the air instead of going on from the last period of the data
    #[arg(long, help_heading = "Time")]
    pub no_carry_in: bool,
    /// Periods that today's spend, prices and geo shares are taken from
    #[command(flatten)]
    pub span: SpanArgs,
    /// Plan every geo by itself
    #[arg(long, help_heading = "What is planned")]
    pub by_geo: bool,
    /// Channels to plan; the others stay as they are [default: all]
    #[arg(long, value_delimiter = ',', value_name = "NAME,…", help_heading = "What is planned")]
    pub channels: Vec<String>,
    /// Money per unit of exposure, e.g. tv=0.012 [default: what was paid]
    #[arg(long, value_name = "NAME=PRICE", value_parser = amount_by_name, allow_hyphen_values = true, help_heading = "What is planned")]
    pub cost: Vec<(String, f64)>,
    /// Money per unit of a KPI that is a count
    #[arg(long, value_name = "MONEY", value_parser = amount, allow_hyphen_values = true, help_heading = "What is planned")]
    pub value_per_kpi: Option<f64>,
    /// Share of revenue that is earned, for profit
    #[arg(
        long,
        default_value_t = 1.0,
        value_name = "SHARE",
        allow_hyphen_values = true,
        help_heading = "What is planned"
    )]
    pub margin: f64,
}

impl SourceArgs {
    /// The curves; doubts about the fit or the data are shown on the way.
    pub fn load(&self, global: &Global, terminal: &Terminal) -> Result<Surface, Failure> {
        let shape = self.shape()?;
        if let Some(path) = &self.curves {
            if self.by_geo || self.span.is_stated() {
                return Err(usage(
                    "stated curves have no geos and no past",
                    "leave --by-geo, --from, --to and --last out",
                ));
            }
            return self.stated(path, &shape, global);
        }
        let (fit, _, _) = wanamaker_io::fit_file::load(self.path())?;
        let options = FittedOptions {
            shape,
            by_geo: self.by_geo,
            channels: self.channels.clone(),
            cost_per_exposure: self.cost.iter().cloned().collect(),
            value_per_kpi: self.value_per_kpi,
            baseline: self.span.window(&fit.model)?.spent(),
            threads: global.threads,
        };
        if self.by_geo && !fit.model.panel.has_geo {
            return Err(usage("the fit is national: there are no geos to plan", "leave --by-geo out"));
        }
        let (surface, remarks) = surface(&fit.model, &fit.posterior, &options)?;
        show(terminal, &remarks, &Sources::default());
        // A plan on effects that the data cannot tell apart is a guess, and says so.
        let seed = global.seed.or(fit.model.spec.sampler.seed).unwrap_or_default();
        let known = identification(&fit.model, &fit.posterior, global.level, seed);
        show(terminal, &known.findings(), &Sources::default());
        if !fit.warnings.0.is_empty() {
            verdict(&fit, terminal);
        }
        Ok(surface)
    }

    /// The fit file.
    pub fn path(&self) -> &Path {
        self.model.as_ref().unwrap_or(&self.fit)
    }

    fn stated(&self, path: &Path, shape: &Shape, global: &Global) -> Result<Surface, Failure> {
        let name = path.display().to_string();
        let text = read_text(path, "curves")?;
        let is_json = text.trim_start().starts_with('{');
        let document = read_as::<StatedCurves>(&text, if is_json { Format::Json } else { Format::Toml });
        let sources = Sources::of(&name, text);
        let mut document = document;
        document.problems = std::mem::take(&mut document.problems).in_file(&name);
        if !document.problems.has_errors() {
            let mut curves = document.spec.clone();
            for (channel, cost) in &self.cost {
                curves.channels.iter_mut().filter(|stated| stated.name == *channel).for_each(|stated| {
                    stated.cost_per_exposure = Some(*cost);
                });
            }
            if !self.channels.is_empty() {
                curves.channels.retain(|stated| self.channels.contains(&stated.name));
            }
            match curves.surface(shape, self.value_per_kpi, global.threads) {
                Ok(surface) => return Ok(surface),
                Err(problems) => document.add(problems.in_file(&name)),
            }
        }
        Err(Failure::Problems(document.problems, sources))
    }

    fn shape(&self) -> Result<Shape, Failure> {
        let horizon = self.horizon.unwrap_or(1);
        if horizon == 0 {
            return Err(usage("a plan over no period", "give --horizon a number from 1 up"));
        }
        let flighting = match self.flighting.as_deref() {
            None if self.horizon.is_none() => Flighting::Steady,
            None | Some("even") => Flighting::Even,
            Some("steady") => Flighting::Steady,
            Some("historic") => Flighting::Historic,
            Some(file) => Flighting::Stated(stated_weights(Path::new(file), horizon)?),
        };
        Ok(Shape { horizon, flighting, tail: self.tail, carry_in: !self.no_carry_in })
    }
}

/// A text file named on the command line.
pub fn read_text(path: &Path, what: &str) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        let at = Place::file(path.display().to_string());
        Problem::error("file.unreadable", at, format!("the {what} cannot be read: {error}")).into()
    })
}

/// Weights by period from a table with one row per period: the column `all`, or one per channel.
fn stated_weights(path: &Path, horizon: usize) -> Result<BTreeMap<String, Vec<f64>>, Failure> {
    let known = "known are steady, even, historic, or a CSV file with one row per period";
    if path.extension().is_none() && !path.exists() {
        return Err(usage(format!("`{}` is no flighting", path.display()), known));
    }
    let table = read_table(path)?.table;
    let name = path.display().to_string();
    let mut problems = Problems::new();
    if table.n_rows() != horizon {
        let message = format!("the flighting has {} rows, the horizon {horizon} periods", table.n_rows());
        problems.push(
            Problem::error("flighting.length", Place::file(&name), message)
                .hint("give one row per period of the horizon"),
        );
    }
    let mut weights = BTreeMap::new();
    let columns: Vec<String> = table.names().map(str::to_owned).collect();
    for column in
        columns.iter().filter(|column| !matches!(column.as_str(), "date" | "period" | "week" | "day"))
    {
        let series = super::plan_file::numbers(&table, column, &mut problems);
        if series.iter().any(|x| *x < 0.0) || series.iter().sum::<f64>() <= 0.0 {
            let message = format!("the weights of `{column}` are not all from 0 up, or all 0");
            problems.push(
                Problem::error("flighting.weight", Place::column(&name, column), message)
                    .hint("give shares or amounts by period"),
            );
        }
        weights.insert(if column == "all" { "*".to_owned() } else { column.clone() }, series);
    }
    Ok(problems.or(weights)?)
}
