//! `mmm summary`: parameters, channels, and the truth beside them where it is known.

use crate::args::Global;
use crate::commands::output::deliver;
use crate::commands::tables;
use crate::outcome::{Exit, Failure, Outcome};
use crate::terminal::{Format, Terminal};
use clap::Args;
use serde_json::json;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use wanamaker::decision::contribution::totals;
use wanamaker::engine::fit::Fit;
use wanamaker::model::layout::labels;
use wanamaker::posterior::summary::{Row, table};
use wanamaker::problem::{Place, Problem};
use wanamaker::simulate::truth::GroundTruth;
use wanamaker::validation::recovery::recovery;
use wanamaker_io::rows::{RowValues, Rows};

/// Parameters, contributions and ROAS of a fit, each with its interval.
#[derive(Debug, Args)]
pub struct SummaryArgs {
    /// The fit
    #[arg(default_value = "fit.mmm")]
    pub fit: PathBuf,
    /// Also seasonal waves, changepoints and the coefficients of each geo
    #[arg(long)]
    pub all: bool,
    /// Hold the estimates against the ground_truth.json of a simulated market
    #[arg(long, value_name = "FILE", alias = "ground-truth")]
    pub truth: Option<PathBuf>,
}

/// Prints the tables, or all of it as one JSON object, or the parameter table as CSV.
pub fn run(args: &SummaryArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let (fit, _, _) = wanamaker_io::fit_file::load(&args.fit)?;
    let truth = args.truth.as_deref().map(read_truth).transpose()?;
    let rows = table(&fit.model, &fit.posterior, global.level, global.threads);
    if terminal.format == Format::Json {
        let recovered = truth.map(|truth| recovery(&fit.model, &fit.posterior, &truth, global.level));
        let object = json!({
            "level": global.level,
            "interval": "equal-tailed",
            "parameters": rows,
            "channels": totals(&fit.model, &fit.posterior, global.level),
            "convergence": fit.convergence,
            "warnings": fit.warnings,
            "recovery": recovered,
        });
        terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
        return Ok(Exit::Fine);
    }
    if terminal.format != Format::Table {
        deliver(terminal, None, &parameter_rows(&rows), String::new)?;
        return Ok(Exit::Fine);
    }
    let mut text = readable(&fit, &rows, args.all, global.level);
    if let Some(truth) = truth {
        let recovered = recovery(&fit.model, &fit.posterior, &truth, global.level);
        text += &format!("\n{}", tables::recovery(&recovered, global.level));
    }
    terminal.print(&text)?;
    tables::verdict(&fit, terminal);
    Ok(Exit::Fine)
}

/// The parameter table and the channel table.
pub fn readable(fit: &Fit, rows: &[Row], all: bool, level: f64) -> String {
    let hidden = if all { HashSet::new() } else { details(fit) };
    let shown: Vec<Row> = rows.iter().filter(|row| !hidden.contains(&row.name)).cloned().collect();
    let mut text = tables::parameters(&shown, level);
    if shown.len() < rows.len() {
        text += &format!("({} more with --all)\n", rows.len() - shown.len());
    }
    text += "\n";
    text += &tables::channels(&totals(&fit.model, &fit.posterior, level), level);
    text + "\n" + &tables::interval_note(level, fit)
}

/// Labels that a first look can do without: waves, bends, and what belongs to one geo of many.
fn details(fit: &Fit) -> HashSet<String> {
    let is_detail = |dim: &String| {
        dim == "geo" || ["fourier_mode", "changepoint", "knot"].iter().any(|axis| dim.ends_with(axis))
    };
    let free = fit.posterior.variables.iter().map(|v| (&v.name, &v.dims, &v.coords));
    let derived = fit.model.derived.iter().map(|v| (&v.name, &v.dims, &v.coords));
    free.chain(derived)
        .filter(|(_, dims, _)| dims.iter().any(is_detail))
        .flat_map(|(name, _, coords)| labels(name, coords))
        .collect()
}

/// The parameter table for programs.
pub fn parameter_rows(rows: &[Row]) -> Rows {
    let numbers = |value: &dyn Fn(&Row) -> f64| RowValues::Number(rows.iter().map(value).collect());
    Rows::new()
        .with("parameter", RowValues::Text(rows.iter().map(|row| row.name.clone()).collect()))
        .with("mean", numbers(&|row| row.summary.mean))
        .with("sd", numbers(&|row| row.summary.sd))
        .with("median", numbers(&|row| row.summary.median))
        .with("lower", numbers(&|row| row.summary.lower))
        .with("upper", numbers(&|row| row.summary.upper))
        .with("mcse_mean", numbers(&|row| row.summary.mcse_mean))
        .with("ess_bulk", numbers(&|row| row.summary.ess_bulk))
        .with("ess_tail", numbers(&|row| row.summary.ess_tail))
        .with("r_hat", numbers(&|row| row.summary.r_hat))
}

/// Reads the truth of a simulated market.
pub fn read_truth(path: &Path) -> Result<GroundTruth, Failure> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Problem::error("file.unreadable", Place::file(&name), format!("the truth cannot be read: {error}"))
            .hint("`mmm simulate` writes a ground_truth.json beside its data")
    })?;
    serde_json::from_str(&text).map_err(|error| {
        let message = format!("this is not the truth of a simulated market: {error}");
        let problem = Problem::error("file.not_a_truth", Place::file(&name), message);
        problem.hint("`mmm simulate` writes a ground_truth.json beside its data").into()
    })
}
