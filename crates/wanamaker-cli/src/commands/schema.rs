//! `mmm schema`: the JSON Schema of the spec, for editors that complete and check `mmm.toml`, or of a curves file.

use crate::outcome::{Exit, Outcome};
use crate::terminal::Terminal;
use clap::Args;

/// Print a JSON Schema.
#[derive(Clone, Copy, Debug, Args)]
pub struct SchemaArgs {
    /// That of the file that `--curves` takes
    #[arg(long)]
    pub curves: bool,
}

/// Prints the schema.
pub fn run(args: &SchemaArgs, terminal: &Terminal) -> Outcome {
    let schema = if args.curves {
        schemars::schema_for!(wanamaker::decision::surface::stated::StatedCurves)
    } else {
        schemars::schema_for!(wanamaker::spec::ModelSpec)
    };
    terminal.print(&serde_json::to_string_pretty(&schema).expect("a schema is JSON"))?;
    Ok(Exit::Fine)
}
