//! A worker: a process of its own that does one piece of work and says on standard output what comes of it.
//!
//! The first line of standard input is an [`Order`]; a further line is a [`Wish`]: pause, go on, stop. When standard input ends, whoever
//! ordered is gone, and the worker goes as well. Standard output is one [`Line`] of JSON after the other. A panic, a flood
//! of memory or a broken file ends this process and nothing else.

mod check;
mod fit;
mod inspect;
mod prior;
mod simulate;
mod unpacked;
mod wish;

pub use wish::Wish;

use crate::problem::{Finding, findings};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use wanamaker::problem::{Place, Problem, Problems};

/// One piece of work and its bounds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    /// Most bytes of address space; the system's where not said.
    pub memory: Option<u64>,
    /// The work.
    pub work: Work,
}

/// What can be ordered. Paths are the server's own.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// Look at an uploaded file.
    Inspect {
        /// The file.
        file: DataFile,
        /// The sheet to look at; the first that is a table where not said.
        #[serde(default)]
        sheet: Option<String>,
        /// Most bytes that it may unpack to.
        unpacked_bytes: u64,
    },
    /// Hold a spec against a file.
    Check {
        /// The file.
        file: DataFile,
        /// The spec, as JSON.
        spec: Value,
    },
    /// Show what a spec believes before it has seen the KPI.
    Prior {
        /// The file.
        file: DataFile,
        /// The spec, as JSON.
        spec: Value,
        /// Probability inside intervals.
        level: f64,
    },
    /// Fit a spec.
    Fit {
        /// The file.
        file: DataFile,
        /// The spec, as JSON.
        spec: Value,
        /// Threads; 0 for as many as there are.
        threads: usize,
        /// The fit file to write.
        output: PathBuf,
    },
    /// Make a market with a known truth.
    Simulate {
        /// What is asked of it.
        options: SimulationOptions,
        /// The data file to write.
        output: PathBuf,
    },
}

/// A data file of the server's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DataFile {
    /// Where it is.
    pub path: PathBuf,
    /// What the user calls it: the name under which problems and fits speak of it.
    pub name: String,
}

/// What can be asked of a simulated market, in plain words.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SimulationOptions {
    /// Which market.
    #[schemars(extend("enum" = ["weekly4", "daily5", "kpi4", "analytics", "lite", "recoverable", "geo"]))]
    pub preset: String,
    /// Seed of all random series; 42 when not said.
    #[serde(default)]
    pub seed: Option<u64>,
    /// Number of periods.
    #[serde(default)]
    pub periods: Option<u32>,
    /// First day, as 2024-01-31.
    #[serde(default)]
    #[schemars(extend("format" = "date"))]
    pub start: Option<String>,
    /// A variation of `weekly4`.
    #[serde(default)]
    pub scenario: Option<String>,
    /// Channel names, for `lite`.
    #[serde(default)]
    #[schemars(inner(length(min = 1)))]
    pub channels: Option<Vec<String>>,
    /// Number of geos, for `geo`.
    #[serde(default)]
    pub geos: Option<u32>,
    /// Standard deviation of the noise in KPI units.
    #[serde(default)]
    pub noise_sd: Option<f64>,
}

/// What a worker says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// How far it is.
    Progress(Value),
    /// It is done.
    Done(Value),
    /// The order cannot be carried out.
    Failed(Vec<Finding>),
    /// It stopped because it was asked to.
    Cancelled,
}

/// Does what standard input orders; says whether there was an order.
pub fn run() -> bool {
    let mut first = String::new();
    let order = match io::stdin().lock().read_line(&mut first).map(|_| serde_json::from_str::<Order>(&first))
    {
        Ok(Ok(order)) => order,
        _ => return false,
    };
    if let Some(bytes) = order.memory {
        bound_memory(bytes);
    }
    step_back();
    std::thread::spawn(wish::listen);
    let line = match work(order.work) {
        Ok(line) => line,
        Err(problems) => Line::Failed(findings(&problems, "/spec")),
    };
    say(&line);
    true
}

fn work(work: Work) -> Result<Line, Problems> {
    match work {
        Work::Inspect { file, sheet, unpacked_bytes } => {
            inspect::inspect(&file, sheet.as_deref(), unpacked_bytes).map(Line::Done)
        }
        Work::Check { file, spec } => Ok(Line::Done(check::check(&file, &spec))),
        Work::Prior { file, spec, level } => prior::prior(&file, &spec, level).map(Line::Done),
        Work::Fit { file, spec, threads, output } => fit::fit(&file, &spec, threads, &output),
        Work::Simulate { options, output } => simulate::simulate(&options, &output).map(Line::Done),
    }
}

fn say(line: &Line) {
    let mut text = serde_json::to_string(line).expect("words and numbers are JSON");
    text.push('\n');
    let mut out = io::stdout().lock();
    if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(75);
    }
}

#[cfg(unix)]
fn bound_memory(bytes: u64) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::As).maximum;
    let limit = Rlimit { current: Some(maximum.map_or(bytes, |most| bytes.min(most))), maximum };
    if let Err(error) = setrlimit(Resource::As, limit) {
        eprintln!("the memory cannot be bounded: {error}");
    }
}

#[cfg(not(unix))]
fn bound_memory(_: u64) {}

/// Who waits for an answer comes before who waits for a fit.
fn step_back() {
    #[cfg(unix)]
    let _ = rustix::process::nice(5);
}

/// Reads a data file, or a sheet of it, under the name that the user knows it by.
fn read(file: &DataFile, sheet: Option<&str>) -> Result<wanamaker_io::read::Read, Problems> {
    let known_as = file.path.display().to_string();
    match wanamaker_io::read::read_sheet(&file.path, sheet) {
        Ok(mut read) => {
            read.table.source =
                sheet.map_or_else(|| file.name.clone(), |sheet| format!("{}#{sheet}", file.name));
            renamed(&mut read.remarks, &known_as, &file.name);
            Ok(read)
        }
        Err(mut problems) => {
            renamed(&mut problems, &known_as, &file.name);
            Err(problems)
        }
    }
}

/// Where the server keeps a file is nobody's business.
fn renamed(problems: &mut Problems, from: &str, to: &str) {
    for problem in &mut problems.0 {
        problem.message = problem.message.replace(from, to);
        problem.hint = problem.hint.take().map(|hint| hint.replace(from, to));
        problem.at.file = problem.at.file.take().map(|file| file.replace(from, to));
    }
}

/// A fault that is no key's.
fn fault(code: &'static str, message: impl Into<String>) -> Problem {
    Problem::error(code, Place::default(), message)
}
