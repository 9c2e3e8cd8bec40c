//! `mmm schema`: the JSON Schema of the spec, for editors that complete and check `mmm.toml`.

use crate::outcome::{Exit, Outcome};
use crate::terminal::Terminal;

/// Prints the schema.
pub fn run(terminal: &Terminal) -> Outcome {
    let schema = schemars::schema_for!(wanamaker::spec::ModelSpec);
    terminal.print(&serde_json::to_string_pretty(&schema).expect("a schema is JSON"))?;
    Ok(Exit::Fine)
}
