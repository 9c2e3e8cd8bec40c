//! `mmm show-spec`: a spec with everything said, as the fit would take it.

use crate::args::Global;
use crate::commands::words::word;
use crate::load::{read_data_of, read_spec};
use crate::outcome::{Exit, Outcome};
use crate::terminal::{Format, Terminal};
use clap::Args;
use std::path::PathBuf;
use wanamaker::spec::document::to_toml;
use wanamaker::spec::preset::{Facts, fill};
use wanamaker::spec::{ModelSpec, PresetName};

/// Print a spec with everything said: what is written stays, the preset fills in the rest.
#[derive(Debug, Args)]
pub struct ShowSpecArgs {
    /// The spec
    #[arg(default_value = "mmm.toml")]
    pub spec: PathBuf,
    /// Show this preset itself, without a spec
    #[arg(long, value_parser = word::<PresetName>, conflicts_with = "spec")]
    pub preset: Option<PresetName>,
}

/// Prints TOML, or JSON when asked.
pub fn run(args: &ShowSpecArgs, _: &Global, terminal: &Terminal) -> Outcome {
    let spec = match args.preset {
        Some(preset) => fill(&ModelSpec { preset, ..ModelSpec::default() }, &Facts::default()),
        None => filled(args, terminal)?,
    };
    let text = match terminal.format {
        Format::Json => serde_json::to_string_pretty(&spec).expect("a spec is JSON"),
        _ => to_toml(&spec),
    };
    terminal.print(&text)?;
    Ok(Exit::Fine)
}

/// Fills with what the data say where they can be read, else as for two years of national weeks.
fn filled(args: &ShowSpecArgs, terminal: &Terminal) -> Result<ModelSpec, crate::outcome::Failure> {
    let spec = read_spec(&args.spec)?;
    if spec.document.problems.has_errors() {
        return Err(spec.fail());
    }
    let facts = match read_data_of(&spec, None) {
        Ok((_, panel, _)) => Facts::of(&panel),
        Err(_) => {
            terminal.say("the data cannot be read, so this is filled in as for two years of national weeks");
            Facts::default()
        }
    };
    Ok(fill(&spec.document.spec, &facts))
}
