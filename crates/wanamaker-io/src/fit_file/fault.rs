//! What can be wrong with a fit file, each with its code, its place and a way out.

use super::archive::Fault;
use std::io::{self, ErrorKind};
use std::path::Path;
use wanamaker::problem::{Place, Problem, Problems};

const COPY: &str = "take another copy of the file, or fit again";

/// The file that is spoken of.
pub struct At(String);

impl At {
    /// A file as the user named it.
    pub fn path(path: &Path) -> Self {
        Self(path.display().to_string())
    }

    fn file(&self) -> Place {
        Place::file(&self.0)
    }

    fn entry(&self, name: &str) -> Place {
        Place { key: Some(name.to_owned()), ..self.file() }
    }

    /// The operating system would not give the bytes.
    pub fn cannot_read(&self, error: &io::Error) -> Problem {
        let (reason, hint) = match error.kind() {
            ErrorKind::NotFound => {
                ("it does not exist".to_owned(), "check the path, or make one with `mmm fit`")
            }
            ErrorKind::PermissionDenied => {
                ("permission is denied".to_owned(), "ask for the right to read it")
            }
            ErrorKind::IsADirectory => ("it is a folder".to_owned(), "name the fit file inside it"),
            _ => (error.to_string(), "check the path and the disk"),
        };
        let message = format!("the fit file cannot be read: {reason}");
        Problem::error("fit_file.cannot_read", self.file(), message).hint(hint)
    }

    /// What the container found.
    pub fn fault(&self, fault: Fault) -> Problem {
        match fault {
            Fault::Empty => Problem::error("fit_file.empty", self.file(), "the file is empty").hint(COPY),
            Fault::NotAZip => Problem::error("fit_file.not_a_fit", self.file(), "the file is not a fit file")
                .hint("name a file that `mmm fit` wrote; data and specs go to other commands"),
            Fault::Damaged(reason) => {
                let message = format!("the file is damaged or cut short: {reason}");
                Problem::error("fit_file.damaged", self.file(), message).hint(COPY)
            }
        }
    }

    /// A zip that no `mmm` wrote.
    pub fn foreign(&self) -> Problem {
        let message = "the file is a zip, but not a fit file: it has no `manifest.json` of ours";
        Problem::error("fit_file.foreign_zip", self.file(), message)
            .hint("name a file that `mmm fit` wrote; spreadsheets are zips too and go to `mmm init`")
    }

    /// Ours by its manifest, but without the seal.
    pub fn unsealed(&self) -> Problem {
        let message = "the file is damaged or was packed again: the checksum at its end is missing";
        Problem::error("fit_file.damaged", self.file(), message).hint(COPY)
    }

    /// A format of the future.
    pub fn newer(&self, version: u64, program: &str) -> Problem {
        let message = format!(
            "the file was written by a newer mmm ({program}, format {version}); this one reads formats up to {}",
            super::FORMAT_VERSION
        );
        Problem::error("fit_file.newer_version", self.file(), message).hint("update mmm, then open it again")
    }

    /// An entry that should be there.
    pub fn missing(&self, name: &str) -> Problem {
        let message = format!("the entry `{name}` is missing");
        Problem::error("fit_file.missing_entry", self.entry(name), message).hint(COPY)
    }

    /// An entry that should not be there.
    pub fn extra(&self, name: &str) -> Problem {
        let message = format!("the entry `{name}` is not one that the manifest lists");
        Problem::error("fit_file.extra_entry", self.entry(name), message).hint(COPY)
    }

    /// An entry with other bytes than the manifest says.
    pub fn checksum(&self, name: &str) -> Problem {
        let message = format!("the entry `{name}` was changed: its checksum is not the manifest's");
        Problem::error("fit_file.checksum", self.entry(name), message).hint(COPY)
    }

    /// An entry that has its checksum and still makes no sense.
    pub fn invalid(&self, name: &str, reason: &str) -> Problem {
        let message = format!("the entry `{name}` cannot be understood: {reason}");
        Problem::error("fit_file.invalid_entry", self.entry(name), message).hint(COPY)
    }

    /// An entry that could not be made.
    pub fn not_encoded(&self, name: &str, reason: &str) -> Problem {
        let message = format!("the entry `{name}` cannot be written: {reason}");
        Problem::error("fit_file.not_encoded", self.entry(name), message)
            .hint("rename columns and channels with unusual names, then fit again")
    }

    /// The spec inside is refused; what the compiler said follows.
    pub fn not_compiled(&self, mut problems: Problems) -> Problems {
        problems.0.insert(
            0,
            Problem::error(
                "fit_file.spec_not_compiled",
                self.entry(super::SPEC_JSON),
                "this version of mmm does not accept the spec in the fit file",
            )
            .hint("unzip the file, mend its spec.toml as said below, and fit again"),
        );
        problems.in_file(&self.0)
    }

    /// The spec inside compiles to another model than the draws belong to.
    pub fn model_changed(&self, program: &str) -> Problem {
        let message = format!("this version of mmm makes other parameters from the spec than {program} did");
        Problem::error("fit_file.model_changed", self.entry(super::SPEC_JSON), message)
            .hint("unzip the file and fit again with its spec.toml and data.parquet")
    }
}
