//! `mmm simulate`: a market whose truth is known, with the spec that fits it.

use crate::args::Global;
use crate::commands::files::{NewFile, write_new};
use crate::commands::words::parsed;
use crate::outcome::{Exit, Failure, Outcome};
use crate::terminal::number::{amount, count, percent, plain};
use crate::terminal::table::TextTable;
use crate::terminal::{Format, Terminal};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};
use wanamaker::data::table::Table;
use wanamaker::problem::{Place, Problem};
use wanamaker::simulate::options::Options;
use wanamaker::simulate::preset::{Preset, Scenario};
use wanamaker::simulate::truth::GroundTruth;
use wanamaker::simulate::{Market, simulate};
use wanamaker_io::export::{TableFormat, write_to};
use wanamaker_io::rows::Rows;

/// The seed where none is given.
pub const SEED: u64 = 42;

/// Simulate a market with known truth: data, ground_truth.json, and an mmm.toml that fits it.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// weekly4, daily5, kpi4, analytics, lite, recoverable, geo [default: weekly4; lite with --channels]
    #[arg(long, short = 'p', value_parser = parsed::<Preset>)]
    pub preset: Option<Preset>,
    /// Number of periods
    #[arg(long, short = 'w', alias = "weeks", alias = "n", alias = "n-days")]
    pub periods: Option<usize>,
    /// First day
    #[arg(long, alias = "start-date", value_name = "DATE")]
    pub start: Option<jiff::civil::Date>,
    /// Variation of weekly4: high_tv_effectiveness, digital_dominant, long_adstock, quick_saturation
    #[arg(long, value_parser = parsed::<Scenario>)]
    pub scenario: Option<Scenario>,
    /// Number of geos (geo)
    #[arg(long)]
    pub geos: Option<usize>,
    /// Channel names, apart by commas (lite)
    #[arg(long, value_delimiter = ',')]
    pub channels: Option<Vec<String>>,
    /// Standard deviation of the noise in KPI units
    #[arg(long)]
    pub noise_sd: Option<f64>,
    /// Folder, or the data file itself (.csv, .parquet, .json); the rest is written beside it [default: mmm-PRESET]
    #[arg(long, short = 'o', alias = "out", alias = "output-dir")]
    pub output: Option<PathBuf>,
    /// Replace what is there
    #[arg(long)]
    pub force: bool,
}

impl SimulateArgs {
    fn options(&self, seed: u64) -> Options {
        let preset =
            self.preset.unwrap_or(if self.channels.is_some() { Preset::Lite } else { Preset::Weekly4 });
        Options {
            n_periods: self.periods,
            start: self.start,
            scenario: self.scenario,
            channels: self.channels.clone(),
            n_geos: self.geos,
            noise_sd: self.noise_sd,
            ..Options::new(preset, seed)
        }
    }
}

/// Simulates and writes.
pub fn run(args: &SimulateArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let options = args.options(global.seed.unwrap_or(SEED));
    let market = simulate(&options)?;
    let given = args.output.clone().unwrap_or_else(|| PathBuf::from(format!("mmm-{}", options.preset)));
    let places = Places::of(&given);
    write(&market, &places, args.force)?;
    if terminal.format == Format::Json {
        terminal
            .print(&json!({ "data": places.data, "truth": places.truth, "spec": places.spec }).to_string())?;
    } else {
        terminal.print(&truth_table(&market.truth))?;
    }
    let rows = count(market.table.n_rows());
    terminal.say(&format!(
        "{rows} rows in {}, the truth in {}",
        places.data.display(),
        places.truth.display()
    ));
    terminal.say(&format!("next: mmm fit {}", places.spec.display()));
    Ok(Exit::Fine)
}

/// Where the files of a market go.
#[derive(Debug)]
pub struct Places {
    /// The data.
    pub data: PathBuf,
    /// The truth.
    pub truth: PathBuf,
    /// The spec.
    pub spec: PathBuf,
    /// True contributions by period, for presets that know them.
    pub contributions: PathBuf,
}

impl Places {
    /// From a folder, or from the name of a data file.
    pub fn of(given: &Path) -> Self {
        let is_file = TableFormat::of(given).is_ok();
        let folder = if is_file { given.parent().unwrap_or(Path::new("")) } else { given };
        Self {
            data: if is_file { given.to_path_buf() } else { folder.join("data.csv") },
            truth: folder.join("ground_truth.json"),
            spec: folder.join("mmm.toml"),
            contributions: folder.join("true_contributions.csv"),
        }
    }
}

/// Writes data, truth and spec, all or none.
pub fn write(market: &Market, places: &Places, force: bool) -> Result<(), Failure> {
    let name =
        places.data.file_name().map_or_else(|| "data.csv".into(), |name| name.to_string_lossy().into_owned());
    // The simulator's spec names its file `data.csv`.
    let spec =
        market.spec.replacen("\"data.csv\"", &serde_json::to_string(&name).expect("a name is JSON"), 1);
    let truth = serde_json::to_string_pretty(&market.truth).expect("numbers and words are JSON") + "\n";
    let mut files = vec![
        NewFile { path: &places.data, bytes: bytes(&market.table, &places.data)? },
        NewFile { path: &places.truth, bytes: truth.into() },
        NewFile { path: &places.spec, bytes: spec.into() },
    ];
    if let Some(contributions) = &market.contributions {
        files.push(NewFile {
            path: &places.contributions,
            bytes: bytes(contributions, &places.contributions)?,
        });
    }
    write_new(&files, force)
}

fn bytes(table: &Table, path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    write_to(&mut bytes, TableFormat::of(path)?, &Rows::from(table)).map_err(|error| {
        let at = Place::file(path.display().to_string());
        Problem::error("file.cannot_write", at, format!("the table cannot be written: {error}"))
    })?;
    Ok(bytes)
}

/// What the simulated market is made of.
fn truth_table(truth: &GroundTruth) -> String {
    let mut table = TextTable::new(&["channel", ">spend", ">true contribution", ">share", ">true ROAS"]);
    for channel in &truth.channels {
        table.row([
            channel.name.clone(),
            amount(channel.spend_total),
            amount(channel.contribution_total),
            percent(channel.contribution_share),
            plain(channel.roas),
        ]);
    }
    let head = format!(
        "{}, seed {}: {} periods, {} in total {}, of which media {}\n\n",
        truth.preset,
        truth.seed,
        count(truth.n_periods),
        truth.kpi,
        amount(truth.kpi_total),
        percent(truth.media_share)
    );
    head + &table.render()
}
