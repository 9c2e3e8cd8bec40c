//! The fit file `fit.mmm`: a zip of standard formats that holds all that is needed to go on from a fit.
//!
//! | entry | content |
//! |---|---|
//! | `manifest.json` | versions, hashes, host, timings, convergence, warnings, and a checksum of every other entry |
//! | `spec.toml` | the spec with everything said, to read and to fit again |
//! | `spec.json` | the same in JSON, which is read back: it holds any seed, TOML's integers end earlier |
//! | `data.parquet` | the table as used, with the types of its columns |
//! | `posterior.parquet` | `chain`, `draw` and one column per scalar, in the user's units |
//! | `sample_stats.parquet` | `chain`, `draw` and the sampler's statistics, named as ArviZ does |
//!
//! Contributions and other results are not stored: they are computed again from the draws. Equal fit, table and stamp
//! give equal bytes; only `manifest.json` knows the stamp, so two runs with one seed agree in all other entries.

mod archive;
mod data;
mod draws;
mod fault;
mod manifest;

pub use data::days_since_epoch;
pub use manifest::{
    EntryRecord, FORMAT, FORMAT_VERSION, Figures, Host, Manifest, Stamp, Timing, Warning, Worst,
};

use crate::atomic::write_atomically;
use archive::{Entry, sha256};
use fault::At;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use wanamaker::data::table::Table;
use wanamaker::engine::convergence::{Convergence, Gates, judge};
use wanamaker::engine::fit::Fit;
use wanamaker::engine::report::Report;
use wanamaker::model::compile::{CompiledModel, from_table};
use wanamaker::posterior::Posterior;
use wanamaker::problem::Problems;
use wanamaker::spec::ModelSpec;
use wanamaker::spec::document::{Format, read as read_spec, to_toml};
use wanamaker_mcmc::draws::DrawStats;

const MANIFEST: &str = "manifest.json";
const SPEC_TOML: &str = "spec.toml";
const SPEC_JSON: &str = "spec.json";
const DATA: &str = "data.parquet";
const POSTERIOR: &str = "posterior.parquet";
const STATISTICS: &str = "sample_stats.parquet";

/// What stands in a fit file, before the model is compiled again.
#[derive(Clone, Debug)]
pub struct SavedFit {
    /// Its first entry.
    pub manifest: Manifest,
    /// The spec with everything said.
    pub spec: ModelSpec,
    /// The data as used.
    pub table: Table,
    /// The draws, bit for bit.
    pub posterior: Posterior,
    /// Sampler statistics, `[chain][draw]`.
    pub statistics: Vec<Vec<DrawStats>>,
}

/// Writes a fit and the table it was made from; a kill leaves the file that was there before, or the new one.
///
/// # Errors
/// `file.cannot_write`.
pub fn save(path: &Path, fit: &Fit, table: &Table, stamp: &Stamp) -> Result<(), Problems> {
    let at = At::path(path);
    let entries = entries_of(fit, table, stamp).map_err(|(entry, reason)| at.not_encoded(entry, &reason))?;
    write_atomically(path, |out| archive::pack(entries, out))
}

/// Opens a fit file and compiles its model again: the fit that was saved, its table, and the manifest.
///
/// # Errors
/// Those of [`read`], and `fit_file.model_changed` or `fit_file.spec_not_compiled` with what the compiler said when
/// this version of the program no longer makes the same model from the spec inside.
pub fn load(path: &Path) -> Result<(Fit, Table, Manifest), Problems> {
    let at = At::path(path);
    revive(read(path)?, &at)
}

/// Opens a fit file where it holds the finished fit of this very model and table, by this version of the program; `None` where it
/// holds another, or was cut short.
///
/// # Errors
/// Those of [`load`]: a file that is there and cannot be opened.
pub fn load_same(
    path: &Path,
    model: &CompiledModel,
    table: &Table,
    program_version: &str,
) -> Result<Option<Fit>, Problems> {
    let at = At::path(path);
    let saved = read(path)?;
    let manifest = &saved.manifest;
    let spec =
        serde_json::to_vec_pretty(&model.spec).map_err(|e| at.not_encoded(SPEC_JSON, &e.to_string()))?;
    let same = !manifest.cancelled
        && manifest.stamp.program_version == program_version
        && manifest.spec_sha256 == sha256(&spec)
        && manifest.data_sha256 == data::fingerprint(table);
    if !same {
        return Ok(None);
    }
    revive(saved, &at).map(|(fit, _, _)| Some(fit))
}

/// Opens a fit file without compiling its model.
///
/// # Errors
/// `fit_file.cannot_read`, `fit_file.empty`, `fit_file.not_a_fit`, `fit_file.foreign_zip`, `fit_file.damaged`,
/// `fit_file.newer_version`, `fit_file.missing_entry`, `fit_file.extra_entry`, `fit_file.checksum`,
/// `fit_file.invalid_entry`: each with the file, the entry where it is one, and a way out.
pub fn read(path: &Path) -> Result<SavedFit, Problems> {
    let at = At::path(path);
    let bytes = read_file(path).map_err(|error| at.cannot_read(&error))?;
    decode(bytes, &at)
}

fn read_file(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    // A data set of many gigabytes given by mistake is recognised by its first bytes.
    file.by_ref().take(4).read_to_end(&mut bytes)?;
    if bytes.starts_with(b"PK") || file.metadata()?.len() < 1 << 20 {
        file.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// The entries of a fit in order; on failure, which one could not be encoded and why.
fn entries_of(fit: &Fit, table: &Table, stamp: &Stamp) -> Result<Vec<Entry>, (&'static str, String)> {
    let spec = &fit.model.spec;
    let json = serde_json::to_vec_pretty(spec).map_err(|error| (SPEC_JSON, error.to_string()))?;
    let parts = [
        (SPEC_TOML, to_toml(spec).into_bytes()),
        (SPEC_JSON, json),
        (DATA, data::encode(table).map_err(|reason| (DATA, reason))?),
        (POSTERIOR, draws::encode_posterior(&fit.posterior).map_err(|reason| (POSTERIOR, reason))?),
        (STATISTICS, draws::encode_statistics(&fit.statistics).map_err(|reason| (STATISTICS, reason))?),
    ];
    let parts = parts.map(|(name, bytes)| Entry::new(name, bytes));
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        format_version: FORMAT_VERSION,
        stamp: stamp.clone(),
        seed: spec.sampler.seed.unwrap_or_default(),
        data_sha256: data::fingerprint(table),
        spec_sha256: sha256(&parts[1].bytes),
        cancelled: fit.cancelled,
        convergence: Figures::from(&fit.convergence),
        report: fit.report.clone(),
        warnings: Warning::all(&fit.warnings),
        entries: parts.iter().map(record).collect(),
    };
    let manifest = serde_json::to_vec_pretty(&manifest).map_err(|error| (MANIFEST, error.to_string()))?;
    Ok([Entry::new(MANIFEST, manifest)].into_iter().chain(parts).collect())
}

fn record(entry: &Entry) -> EntryRecord {
    EntryRecord { name: entry.name.clone(), bytes: entry.bytes.len() as u64, sha256: sha256(&entry.bytes) }
}

fn decode(bytes: Vec<u8>, at: &At) -> Result<SavedFit, Problems> {
    let opened = archive::unpack(bytes).map_err(|fault| at.fault(fault))?;
    let manifest = manifest_of(&opened, at)?;
    let mut entries = opened.entries;
    check_entries(&manifest, &entries, at)?;
    let mut take = |name: &str| {
        let found = entries.iter_mut().find(|entry| entry.name == name);
        found.map(|entry| std::mem::take(&mut entry.bytes)).ok_or_else(|| Problems::from(at.missing(name)))
    };
    let (spec, data, draws, stats) = (take(SPEC_JSON)?, take(DATA)?, take(POSTERIOR)?, take(STATISTICS)?);
    let spec = spec_of(spec, at)?;
    let table = data::decode(data).map_err(|reason| at.invalid(DATA, &reason))?;
    if data::fingerprint(&table) != manifest.data_sha256 {
        return Err(at.invalid(DATA, "its cells are not those that the manifest speaks of").into());
    }
    let posterior = draws::decode_posterior(draws).map_err(|reason| at.invalid(POSTERIOR, &reason))?;
    let statistics = draws::decode_statistics(stats).map_err(|reason| at.invalid(STATISTICS, &reason))?;
    // Engines that move without trajectories leave none.
    let has_statistics = !statistics.is_empty() || manifest.report == Report::Nuts;
    if has_statistics && statistics.len() != posterior.n_chains
        || statistics.iter().any(|chain| chain.len() != posterior.n_draws)
    {
        return Err(at.invalid(STATISTICS, "it has other chains or draws than the posterior").into());
    }
    Ok(SavedFit { manifest, spec, table, posterior, statistics })
}

/// The manifest of an opened zip: a foreign, a newer and an unsealed file are told apart here.
fn manifest_of(opened: &archive::Opened, at: &At) -> Result<Manifest, Problems> {
    let found = opened.entries.iter().find(|entry| entry.name == MANIFEST);
    let value = found.and_then(|entry| serde_json::from_slice::<serde_json::Value>(&entry.bytes).ok());
    let value = value.filter(|value| value["format"] == FORMAT).ok_or_else(|| at.foreign())?;
    let version =
        value["format_version"].as_u64().ok_or_else(|| at.invalid(MANIFEST, "it states no version"))?;
    if version > FORMAT_VERSION.into() {
        return Err(at.newer(version, value["program_version"].as_str().unwrap_or("unknown")).into());
    }
    if !opened.sealed {
        return Err(at.unsealed().into());
    }
    serde_json::from_value(value).map_err(|error| at.invalid(MANIFEST, &error.to_string()).into())
}

/// Every entry that the manifest lists is there with its checksum, and no other; all faults at once.
fn check_entries(manifest: &Manifest, entries: &[Entry], at: &At) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for listed in &manifest.entries {
        match entries.iter().find(|entry| entry.name == listed.name) {
            None => problems.push(at.missing(&listed.name)),
            Some(entry) if record(entry) != *listed => problems.push(at.checksum(&listed.name)),
            Some(_) => {}
        }
    }
    let is_listed =
        |name: &str| name == MANIFEST || manifest.entries.iter().any(|listed| listed.name == name);
    for entry in entries.iter().filter(|entry| !is_listed(&entry.name)) {
        problems.push(at.extra(&entry.name));
    }
    problems.or(())
}

fn spec_of(json: Vec<u8>, at: &At) -> Result<ModelSpec, Problems> {
    let text = String::from_utf8(json).map_err(|_| at.invalid(SPEC_JSON, "it is not UTF-8"))?;
    let document = read_spec(&text, Format::Json);
    if document.problems.has_errors() { Err(at.not_compiled(document.problems)) } else { Ok(document.spec) }
}

/// Compiles the model of a saved fit and puts its draws under it.
fn revive(saved: SavedFit, at: &At) -> Result<(Fit, Table, Manifest), Problems> {
    let SavedFit { manifest, spec, table, posterior, statistics } = saved;
    let (model, _) = from_table(&spec, &table).map_err(|problems| at.not_compiled(problems))?;
    if Posterior::empty(&model, 0, 0).variables != posterior.variables {
        return Err(at.model_changed(&manifest.stamp.program_version).into());
    }
    let convergence = Convergence::from(&manifest.convergence);
    let report = manifest.report.clone();
    let mut warnings = judge(&convergence, &Gates::DEFAULT);
    warnings.extend(report.findings());
    let cancelled = manifest.cancelled;
    Ok((Fit { model, posterior, statistics, convergence, report, warnings, cancelled }, table, manifest))
}

#[cfg(test)]
mod tests;
