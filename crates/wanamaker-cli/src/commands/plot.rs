//! `mmm plot`: one chart of a fit as SVG, PNG, or the numbers behind it.

use super::planning::plan_file::read_given_plan;
use super::report::{study, with_backtest};
use crate::args::Global;
use crate::outcome::{Exit, Failure, Outcome, usage};
use crate::terminal::table::TextTable;
use crate::terminal::{Format, Terminal};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::{Path, PathBuf};
use wanamaker::problem::{Place, Problem, nearest};
use wanamaker::report::{Exhibit, report};
use wanamaker_io::atomic::write_atomically;
use wanamaker_render::picture::png;
use wanamaker_render::studio::{self, Chart, Look, RenderError, Theme, charts, draw, sentence};

const EXAMPLES: &str = "\
Examples:
  mmm plot                                  the charts there are, and the question that each answers
  mmm plot returns fit.mmm                  returns.svg
  mmm plot curves fit.mmm -o tv.png --channel tv --theme dark
  mmm plot waterfall fit.mmm -o parts.csv   the numbers behind it";

/// One chart as SVG, PNG or CSV, drawn as in the report.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct PlotArgs {
    /// The chart; without one, the list of them
    pub name: Option<String>,
    /// The fit
    #[arg(default_value = "fit.mmm")]
    pub fit: PathBuf,
    /// File to write: .svg, .png or .csv; `-` for standard output [default: NAME.svg]
    #[arg(long, short = 'o', alias = "out")]
    pub output: Option<PathBuf>,
    /// The plan that charts of plans are about [default: the best within 30 % of today's mix]
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// For charts of a backtest: fit this many folds of the past again
    #[arg(long, value_name = "FOLDS", num_args = 0..=1, default_missing_value = "3")]
    pub backtest: Option<usize>,
    /// One channel alone
    #[arg(long, short = 'c', value_name = "NAME")]
    pub channel: Option<String>,
    /// Colours
    #[arg(long, value_enum, default_value_t)]
    pub theme: Colours,
    /// Width in pixels [default: the chart's own]
    #[arg(long, value_parser = clap::value_parser!(u32).range(200..=8000))]
    pub width: Option<u32>,
    /// Height in pixels [default: the chart's own]
    #[arg(long, value_parser = clap::value_parser!(u32).range(120..=8000))]
    pub height: Option<u32>,
    /// Pixels of a PNG per pixel of the chart
    #[arg(long, default_value_t = 2.0, value_parser = scale)]
    pub scale: f32,
}

/// Colours of a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Colours {
    /// On white
    #[default]
    Light,
    /// On a dark ground
    Dark,
}

fn scale(text: &str) -> Result<f32, String> {
    let found = text.parse().ok().filter(|scale: &f32| (0.1..=8.0).contains(scale));
    found.ok_or_else(|| "a scale lies between 0.1 and 8".to_owned())
}

/// What a chart is written as.
#[derive(Clone, Copy)]
enum Form {
    Svg,
    Png,
    Csv,
}

/// Draws the chart and writes it.
pub fn run(args: &PlotArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let known = charts().map_err(broken)?;
    let Some(name) = &args.name else { return list(known, terminal) };
    let chart = find(known, name)?;
    let wanted = exhibits_of(chart)?;
    if wanted.contains(&Exhibit::Foresight) && args.backtest.is_none() {
        return Err(usage(
            format!("`{}` is about a backtest, and none is asked for", chart.name),
            "give --backtest: it fits three folds of the past again, --backtest 5 five",
        ));
    }
    let output = args.output.clone().unwrap_or_else(|| PathBuf::from(format!("{}.svg", chart.name)));
    let form = form_of(&output)?;
    let (fit, _, _) = wanamaker_io::fit_file::load(&args.fit)?;
    if let Some(channel) = &args.channel {
        super::roi::check_channels(&fit, std::slice::from_ref(channel))?;
    }
    let plan = args.plan.as_deref().map(read_given_plan).transpose()?;
    let Some(study) = with_backtest(study(&fit, plan, global), args.backtest, terminal)? else {
        return Ok(Exit::Interrupted);
    };
    let found = report(&study, &wanted)?.to_json();
    let look = Look {
        theme: match args.theme {
            Colours::Light => Theme::Light,
            Colours::Dark => Theme::Dark,
        },
        width: args.width,
        height: args.height,
        channel: args.channel.clone(),
    };
    let bytes = match form {
        Form::Svg => draw(&chart.name, &found, &look).map_err(broken)?.into_bytes(),
        Form::Png => {
            let svg = draw(&chart.name, &found, &look).map_err(broken)?;
            png(&svg, args.scale).map_err(broken)?
        }
        Form::Csv => studio::csv(&chart.name, &found).map_err(broken)?.into_bytes(),
    };
    if output == Path::new("-") {
        terminal.print_bytes(&bytes)?;
    } else {
        write_atomically(&output, |out| out.write_all(&bytes))?;
        terminal.say(&format!("{}: {}", output.display(), chart.question));
    }
    terminal.say(&sentence(&chart.name, &found).map_err(broken)?);
    Ok(Exit::Fine)
}

fn list(known: &[Chart], terminal: &Terminal) -> Outcome {
    if terminal.format == Format::Json {
        let object = json!({ "charts": known });
        terminal.print(&serde_json::to_string_pretty(&object).expect("words are JSON"))?;
        return Ok(Exit::Fine);
    }
    let mut table = TextTable::new(&["chart", "question"]);
    for chart in known {
        table.row([chart.name.clone(), chart.question.clone()]);
    }
    terminal.print(&table.render())?;
    Ok(Exit::Fine)
}

fn find<'a>(known: &'a [Chart], name: &str) -> Result<&'a Chart, Failure> {
    let unknown = || {
        let hint = match nearest(name, known.iter().map(|chart| chart.name.as_str())) {
            Some(near) => format!("did you mean `{near}`? `mmm plot` lists all"),
            None => "`mmm plot` lists all".to_owned(),
        };
        usage(format!("there is no chart called `{name}`"), hint)
    };
    known.iter().find(|chart| chart.name == name).ok_or_else(unknown)
}

/// The exhibits that a chart draws; a test holds that there are such for every chart.
fn exhibits_of(chart: &Chart) -> Result<Vec<Exhibit>, Failure> {
    let of = |name: &String| {
        serde_json::from_value(json!(name))
            .map_err(|error| broken(RenderError::Script(format!("`{name}`: {error}"))))
    };
    chart.exhibits.iter().map(of).collect()
}

fn form_of(path: &Path) -> Result<Form, Failure> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("svg") => Ok(Form::Svg),
        Some("png") => Ok(Form::Png),
        Some("csv") => Ok(Form::Csv),
        None if path == Path::new("-") => Ok(Form::Svg),
        _ => Err(usage(
            format!("`{}` says no form of picture", path.display()),
            "end its name in .svg, .png or .csv",
        )),
    }
}

fn broken(error: RenderError) -> Failure {
    let code = match error {
        RenderError::Script(_) => "plot.nothing",
        RenderError::Picture(_) => "plot.failed",
    };
    Problem::error(code, Place::default(), error.to_string())
        .hint("`mmm plot` lists the charts; `mmm report --json` shows the data of each")
        .into()
}
