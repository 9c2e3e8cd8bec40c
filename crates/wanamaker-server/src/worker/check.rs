//! A spec held against a file: everything that is wrong or doubtful, and how large the fit will be.

use super::{DataFile, read};
use crate::problem::findings;
use serde_json::{Value, json};
use wanamaker::data::build::build_panel;
use wanamaker::data::panel::Panel;
use wanamaker::data::review::review;
use wanamaker::data::table::Table;
use wanamaker::model::compile::{CompiledModel, compile};
use wanamaker::model::facts::facts as facts_of;
use wanamaker::problem::Problems;
use wanamaker::spec::check::check as check_spec;
use wanamaker::spec::document::{self, Document, Format};
use wanamaker::spec::preset::{Facts, fill};
use wanamaker::spec::roles::roles_of;
use wanamaker_io::read::sheet_named;

/// A model ready to fit, the table it was made from, and remarks that do not forbid going on.
pub struct Loaded {
    /// The model.
    pub model: CompiledModel,
    /// The data as read.
    pub table: Table,
    /// Remarks of spec, file and data.
    pub remarks: Problems,
}

/// Reads spec and data and compiles them; every fault of both at once.
pub fn load(file: &DataFile, spec: &Value) -> Result<Loaded, Problems> {
    let mut document = document::read(&spec.to_string(), Format::Json);
    let (table, panel) = match panel_of(file, &document) {
        Ok((table, panel, remarks)) => {
            document.add(remarks);
            (table, panel)
        }
        Err(problems) => {
            // Without a panel the spec is still checked by itself, so that all faults are told at once.
            document.add(check_spec(&fill(&document.spec, &Facts::default())));
            document.add(problems);
            return Err(document.problems);
        }
    };
    match compile(&document.spec, &panel) {
        Ok(model) if !document.problems.has_errors() => {
            Ok(Loaded { model, table, remarks: document.problems })
        }
        Ok(_) => Err(document.problems),
        Err(problems) => {
            document.add(problems);
            Err(document.problems)
        }
    }
}

fn panel_of(file: &DataFile, document: &Document) -> Result<(Table, Panel, Problems), Problems> {
    // A sheet is named behind the file, as for `mmm fit`; where the file lies is the server's affair.
    let sheet = document.spec.data.file.as_deref().and_then(sheet_named);
    let found = read(file, sheet)?;
    let mut remarks = found.remarks;
    match build_panel(&found.table, &roles_of(&document.spec), &document.spec.data.options) {
        Ok((panel, more)) => {
            remarks.extend(more);
            Ok((found.table, panel, remarks))
        }
        Err(problems) => {
            remarks.extend(problems);
            Err(remarks)
        }
    }
}

/// Findings and facts.
pub fn check(file: &DataFile, spec: &Value) -> Value {
    match load(file, spec) {
        Ok(loaded) => {
            let mut remarks = loaded.remarks;
            remarks.extend(review(&loaded.model.panel));
            remarks.extend(facts_of(&loaded.model).findings());
            json!({
                "ok": !remarks.has_errors(),
                "findings": findings(&remarks, "/spec"),
                "facts": facts(&loaded.model),
                "spec": loaded.model.spec,
            })
        }
        Err(problems) => {
            json!({ "ok": false, "findings": findings(&problems, "/spec"), "facts": null, "spec": null })
        }
    }
}

/// Size and time of a model.
pub fn facts(model: &CompiledModel) -> Value {
    let found = facts_of(model);
    json!({
        "kpi": model.panel.kpi.name,
        "channels": model.mean.channels.iter().map(|channel| &channel.name).collect::<Vec<_>>(),
        "geos": model.panel.geos,
        "periods": found.periods,
        "spacing": found.spacing,
        "first": found.first,
        "last": found.last,
        "observations": found.observations,
        "parameters": found.parameters,
        "observations_per_parameter": found.observations_per_parameter,
        "draws": found.draws,
        "posterior_bytes": found.posterior_bytes,
    })
}
