//! The file that keeps the simulations of a calibration: written whole after each, and gone on from by the same model only.

use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use wanamaker::problem::{Place, Problem, Problems};
use wanamaker::validation::sbc::Simulation;
use wanamaker::validation::sbc::fingerprint::Fingerprint;
use wanamaker_io::atomic::write_atomically;

/// What the file holds.
#[derive(Debug, Serialize, Deserialize)]
struct Content {
    fingerprint: Fingerprint,
    simulations: Vec<Simulation>,
}

/// The simulations made so far, in memory and in their file.
#[derive(Debug)]
pub struct State {
    path: PathBuf,
    content: Content,
}

impl State {
    /// What the file holds; nothing where there is none yet.
    ///
    /// # Errors
    /// `sbc.state` where it cannot be read or is something else, `sbc.other_state` where it is that of another calibration.
    pub fn open(path: &Path, fingerprint: Fingerprint) -> Result<Self, Problems> {
        let name = path.display().to_string();
        let fault = |code: &'static str, message: String, hint: String| {
            Problems::from(Problem::error(code, Place::file(&name), message).hint(hint))
        };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let content = Content { fingerprint, simulations: Vec::new() };
                return Ok(Self { path: path.to_path_buf(), content });
            }
            Err(error) => {
                let message = format!("the simulations made so far cannot be read: {error}");
                return Err(fault("sbc.state", message, "name another file with --state".to_owned()));
            }
        };
        let content: Content = serde_json::from_str(&text).map_err(|error| {
            let message = format!("this does not hold the simulations of a calibration: {error}");
            fault("sbc.state", message, "name another file with --state".to_owned())
        })?;
        let differences = fingerprint.differences(&content.fingerprint);
        if !differences.is_empty() {
            let message =
                format!("it holds simulations of another calibration: {} differs", differences.join(", "));
            let hint = format!("name another file with --state, or remove {name} to begin anew");
            return Err(fault("sbc.other_state", message, hint));
        }
        Ok(Self { path: path.to_path_buf(), content })
    }

    /// Those made so far, in the order of their index.
    pub fn simulations(&self) -> &[Simulation] {
        &self.content.simulations
    }

    /// Adds one and writes the file: a kill at any moment loses what is not added yet.
    ///
    /// # Errors
    /// `file.cannot_write`.
    pub fn add(&mut self, simulation: Simulation) -> Result<(), Problems> {
        let all = &mut self.content.simulations;
        let at = all.partition_point(|known| known.index < simulation.index);
        all.insert(at, simulation);
        write_atomically(&self.path, |out| {
            serde_json::to_writer(&mut *out, &self.content)?;
            out.write_all(b"\n")
        })
    }
}
