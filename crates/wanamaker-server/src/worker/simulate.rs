//! A market with a known truth, written as a data file.

use super::{SimulationOptions, fault, inspect};
use serde_json::{Value, json};
use std::path::Path;
use wanamaker::problem::{Place, Problem, Problems};
use wanamaker::simulate::options::Options;
use wanamaker::simulate::preset::Preset;
use wanamaker::simulate::simulate as market;
use wanamaker::spec::document::{Format, read};
use wanamaker_io::export::write_table;

/// Makes the market; `output` ends in `.csv`.
pub fn simulate(wanted: &SimulationOptions, output: &Path) -> Result<Value, Problems> {
    let made = market(&options(wanted)?)?;
    write_table(output, &made.table)?;
    let mut facts = inspect::facts(&made.table, Problems::new(), "data.csv");
    let document = read(&made.spec, Format::Toml);
    // The simulator knows the roles; nothing has to be guessed.
    facts["spec"] = json!(document.spec);
    Ok(json!({ "facts": facts, "truth": made.truth }))
}

/// In the words of the library, every fault at once where it can be.
fn options(wanted: &SimulationOptions) -> Result<Options, Problems> {
    let preset: Preset = wanted.preset.parse()?;
    let scenario = wanted.scenario.as_deref().map(str::parse).transpose()?;
    let start = wanted.start.as_deref().map(|text| {
        text.parse().map_err(|_| {
            let message = format!("`{}` is no date", text.escape_debug());
            Problems::from(
                Problem::error("simulate.bad_date", Place::key("start"), message)
                    .hint("write it as 2024-01-31"),
            )
        })
    });
    if wanted.channels.as_ref().is_some_and(|names| names.len() > 1000) {
        return Err(fault("simulate.bad_channels", "more than 1000 channels were asked for").into());
    }
    Ok(Options {
        n_periods: wanted.periods.map(|n| n as usize),
        start: start.transpose()?,
        scenario,
        channels: wanted.channels.clone(),
        n_geos: wanted.geos.map(|n| n as usize),
        noise_sd: wanted.noise_sd,
        ..Options::new(preset, wanted.seed.unwrap_or(42))
    })
}
