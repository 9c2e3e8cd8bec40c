//! From files named on the command line to a compiled model, with every fault of spec and data told in one go.

use crate::outcome::Failure;
use crate::problems::Sources;
use std::io::Read;
use std::path::{Path, PathBuf};
use wanamaker::data::build::build_panel;
use wanamaker::data::panel::Panel;
use wanamaker::data::table::Table;
use wanamaker::engine::fit::Fit;
use wanamaker::model::compile::{CompiledModel, compile};
use wanamaker::problem::{Place, Problem, Problems};
use wanamaker::spec::ModelSpec;
use wanamaker::spec::check::check;
use wanamaker::spec::document::{self, Document, Format};
use wanamaker::spec::preset::{Facts, fill};
use wanamaker::spec::roles::roles_of;
use wanamaker_io::read::read_table;

/// A spec as it was read, with its text.
#[derive(Debug)]
pub struct ReadSpec {
    /// Spec, positions, faults.
    pub document: Document,
    /// Name under which problems know it.
    pub name: String,
    /// Folder from which the data file is named.
    pub folder: PathBuf,
    /// Its text, for underlining.
    pub sources: Sources,
}

/// Whether a file is a fit and no spec: by its name, or because it begins as a zip archive does.
pub fn is_fit(path: &Path) -> bool {
    let mut start = [0; 4];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start));
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("mmm"))
        || read.is_ok() && start == *b"PK\x03\x04"
}

/// Reads a spec file; only a file that cannot be read is an error yet.
pub fn read_spec(path: &Path) -> Result<ReadSpec, Problems> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        let problem = Problem::error(
            "spec.unreadable",
            Place::file(&name),
            format!("the spec cannot be read: {error}"),
        );
        problem.hint("`mmm init DATA` writes one from a data file; `mmm init --help` says how")
    })?;
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let format = if is_json || text.trim_start().starts_with('{') { Format::Json } else { Format::Toml };
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    Ok(ReadSpec::of(name, text, format, folder))
}

impl ReadSpec {
    /// From a text held in memory.
    pub fn of(name: String, text: String, format: Format, folder: PathBuf) -> Self {
        let mut document = document::read(&text, format);
        document.problems = document.problems.in_file(&name);
        Self { document, sources: Sources::of(&name, text), name, folder }
    }

    /// Adds faults found later; those about a key are placed in the spec's file.
    pub fn add(&mut self, problems: Problems) {
        let name = self.name.clone();
        let placed = problems.0.into_iter().map(|mut problem| {
            if problem.at.key.is_some() {
                problem.at.file.get_or_insert_with(|| name.clone());
            }
            problem
        });
        self.document.add(Problems(placed.collect()));
    }

    /// Gives everything found so far as the reason to stop.
    pub fn fail(self) -> Failure {
        Failure::Problems(self.document.problems, self.sources)
    }
}

/// A model ready to fit, what it was made from, and what is worth knowing about that.
#[derive(Debug)]
pub struct Loaded {
    /// The model.
    pub model: CompiledModel,
    /// The data file as read.
    pub table: Table,
    /// Findings that do not forbid going on, of spec, file and data.
    pub remarks: Problems,
    /// Texts they point into.
    pub sources: Sources,
}

/// Reads spec and data and compiles them. `data` replaces the file that the spec names; `adjust` applies flags.
pub fn load(
    path: &Path,
    data: Option<&Path>,
    adjust: impl FnOnce(&mut ModelSpec),
) -> Result<Loaded, Failure> {
    load_data(read_spec(path)?, data, adjust)
}

/// The same from a spec that is there already.
pub fn load_data(
    mut spec: ReadSpec,
    data: Option<&Path>,
    adjust: impl FnOnce(&mut ModelSpec),
) -> Result<Loaded, Failure> {
    adjust(&mut spec.document.spec);
    let (table, panel) = match read_data_of(&spec, data) {
        Ok((table, panel, remarks)) => {
            spec.add(remarks);
            (table, panel)
        }
        Err(problems) => {
            // Without a panel the spec is still checked by itself, so that all faults are told at once.
            let filled = fill(&spec.document.spec, &Facts::default());
            spec.add(check(&filled));
            spec.add(problems);
            return Err(spec.fail());
        }
    };
    let compiled = compile(&spec.document.spec, &panel);
    match compiled {
        Ok(model) if !spec.document.problems.has_errors() => {
            Ok(Loaded { model, table, remarks: spec.document.problems, sources: spec.sources })
        }
        Ok(_) => Err(spec.fail()),
        Err(problems) => {
            spec.add(problems);
            Err(spec.fail())
        }
    }
}

/// A model to be fitted again.
#[derive(Debug)]
pub struct Again {
    /// The model.
    pub model: CompiledModel,
    /// The fit, where the file held one of this very model; its draws may be others than those asked of refits.
    pub fit: Option<Fit>,
    /// Findings that do not forbid going on.
    pub remarks: Problems,
    /// Texts they point into.
    pub sources: Sources,
}

/// The model of a spec file, or of a fit, whose name ends in `.mmm`. `data` replaces the data of either; `adjust` applies flags.
pub fn load_again(
    path: &Path,
    data: Option<&Path>,
    adjust: impl FnOnce(&mut ModelSpec),
) -> Result<Again, Failure> {
    if !is_fit(path) {
        let Loaded { model, remarks, sources, .. } = load(path, data, adjust)?;
        return Ok(Again { model, fit: None, remarks, sources });
    }
    let (fit, _, _) = wanamaker_io::fit_file::load(path)?;
    let mut spec = fit.model.spec.clone();
    adjust(&mut spec);
    let same = data.is_none() && spec.data.holdout == fit.model.spec.data.holdout;
    let (panel, remarks) = match data {
        Some(data) => read_data(data, &spec).map(|(_, panel, remarks)| (panel, remarks))?,
        None => (fit.model.panel.clone(), Problems::new()),
    };
    let model = compile(&spec, &panel)?;
    Ok(Again { model, fit: same.then_some(fit), remarks, sources: Sources::default() })
}

/// Reads the data of a spec, or the file that a flag names instead.
pub fn read_data_of(spec: &ReadSpec, flag: Option<&Path>) -> Result<(Table, Panel, Problems), Problems> {
    read_data(&data_file(spec, flag)?, &spec.document.spec)
}

/// The data file: the flag's, or the spec's beside the spec.
fn data_file(spec: &ReadSpec, flag: Option<&Path>) -> Result<PathBuf, Problems> {
    if let Some(path) = flag {
        return Ok(path.to_path_buf());
    }
    match &spec.document.spec.data.file {
        Some(file) => Ok(spec.folder.join(file)),
        None => Err(Problem::error("spec.missing_key", Place::key("data.file"), "the data file is not said")
            .hint("write e.g. file = \"data.csv\" under [data], or give --data FILE")
            .into()),
    }
}

/// Reads a data file and builds its panel in the roles of the spec.
fn read_data(path: &Path, spec: &ModelSpec) -> Result<(Table, Panel, Problems), Problems> {
    let read = read_table(path)?;
    let mut remarks = read.remarks;
    let built = build_panel(&read.table, &roles_of(spec), &spec.data.options);
    match built {
        Ok((panel, found)) => {
            remarks.extend(found);
            Ok((read.table, panel, remarks))
        }
        Err(problems) => {
            remarks.extend(problems);
            Err(remarks)
        }
    }
}
