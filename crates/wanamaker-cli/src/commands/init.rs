//! `mmm init`: look at a data file and write a spec that says what each column was taken for, and why.

use crate::args::Global;
use crate::commands::files::{NewFile, write_new};
use crate::commands::spec_text::{Draft, spec_text};
use crate::commands::words::word;
use crate::outcome::{Exit, Failure, Outcome, usage};
use crate::problems::{Sources, show};
use crate::terminal::table::TextTable;
use crate::terminal::{Format, Style, Terminal};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};
use wanamaker::data::build::build_panel;
use wanamaker::data::guess::{ColumnNote, Guess, guess_roles};
use wanamaker::problem::Problems;
use wanamaker::spec::document::{self, Format as SpecFormat};
use wanamaker::spec::proposal::proposed;
use wanamaker::spec::{ModelSpec, PresetName};
use wanamaker_io::read::read_table;

/// Look at a data file and write a commented spec with guessed roles.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The data: CSV, TSV, Parquet, Arrow, XLSX
    #[arg(required_unless_present = "from")]
    pub data: Option<PathBuf>,
    /// The data, as older tools name it
    #[arg(long = "data", hide = true, conflicts_with = "data", value_name = "DATA")]
    pub from: Option<PathBuf>,
    /// Spec to write, `-` for standard output; a name in .json gives JSON
    #[arg(long, short = 'o', default_value = "mmm.toml", alias = "out")]
    pub output: PathBuf,
    /// Replace what is there
    #[arg(long)]
    pub force: bool,
    /// What fills in the rest of the spec
    #[arg(long, value_parser = word::<PresetName>, default_value = "standard")]
    pub preset: PresetName,
}

/// Reads, guesses, writes.
pub fn run(args: &InitArgs, _: &Global, terminal: &Terminal) -> Outcome {
    let Some(data) = args.data.as_ref().or(args.from.as_ref()) else {
        return Err(usage("no data file is named", "write e.g. mmm init sales.csv"));
    };
    let read = read_table(data)?;
    let guess = guess_roles(&read.table);
    if guess.problems.has_errors() {
        let mut problems = read.remarks;
        problems.extend(guess.problems);
        return Err(problems.into());
    }
    let to_stdout = args.output == Path::new("-");
    let file = if to_stdout { data.display().to_string() } else { seen_from(data, &args.output) };
    let spec = ModelSpec { preset: args.preset, ..proposed(&guess, &file) };
    let draft = Draft { spec: &spec, notes: &guess.notes };
    let text = finished(&spec_text(&draft), &args.output, terminal)?;
    if to_stdout {
        terminal.print(&text)?;
    } else {
        write_new(&[NewFile { path: &args.output, bytes: text.into_bytes() }], args.force)?;
    }
    let mut remarks = read.remarks.clone();
    remarks.extend(guess.problems.clone());
    remarks.extend(found_in(&read.table, &guess));
    report(&guess, &remarks, args, terminal)
}

/// As TOML with its comments, or as JSON without.
fn finished(toml: &str, output: &Path, terminal: &Terminal) -> Result<String, Failure> {
    let is_json = output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let asked = output == Path::new("-") && terminal.format == Format::Json;
    if !(is_json || asked) {
        return Ok(toml.to_owned());
    }
    let document = document::read(toml, SpecFormat::Toml);
    debug_assert!(document.problems.0.is_empty(), "init writes a faultless spec: {}", document.problems);
    Ok(serde_json::to_string_pretty(&document.spec).expect("a spec is JSON") + "\n")
}

/// Faults and remarks that the data themselves would give, so that they are known before the first check.
fn found_in(table: &wanamaker::data::table::Table, guess: &Guess) -> Problems {
    match build_panel(table, &guess.roles, &guess.options) {
        Ok((_, remarks)) => remarks,
        Err(problems) => problems,
    }
}

fn report(guess: &Guess, remarks: &Problems, args: &InitArgs, terminal: &Terminal) -> Outcome {
    let to_stdout = args.output == Path::new("-");
    if terminal.format == Format::Json && !to_stdout {
        let notes: Vec<_> = guess
            .notes
            .iter()
            .map(|note| json!({ "column": note.column, "role": note.role, "why": note.why }))
            .collect();
        terminal.print(&json!({ "spec": args.output, "columns": notes, "problems": remarks }).to_string())?;
    } else if !to_stdout {
        let mut table = TextTable::new(&["column", "role", "why"]);
        for note in &guess.notes {
            table.row([note.column.clone(), role(note), note.why.clone()]);
        }
        terminal.print(&table.render())?;
    }
    if terminal.format != Format::Json {
        show(terminal, remarks, &Sources::default());
    }
    if !to_stdout {
        let name = args.output.display();
        terminal.say(&format!(
            "{} {name}: read it, mend it, then `mmm check {name}`",
            Style::Green.paint("wrote")
        ));
    }
    Ok(if remarks.has_errors() { Exit::No } else { Exit::Fine })
}

/// The part of a column in the words of JSON, blanks between them.
fn role(note: &ColumnNote) -> String {
    serde_json::to_value(note.role)
        .ok()
        .and_then(|word| Some(word.as_str()?.replace('_', " ")))
        .unwrap_or_default()
}

/// The data file as the spec names it: relative to the folder of the spec where that is possible.
fn seen_from(data: &Path, spec: &Path) -> String {
    let folder = spec.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (Ok(folder), Ok(whole)) = (std::path::absolute(folder), std::path::absolute(data)) else {
        return data.display().to_string();
    };
    match whole.strip_prefix(&folder) {
        Ok(inside) => inside.display().to_string(),
        Err(_) if data.is_relative() && folder == std::path::absolute(".").unwrap_or_default() => {
            data.display().to_string()
        }
        Err(_) => whole.display().to_string(),
    }
}
