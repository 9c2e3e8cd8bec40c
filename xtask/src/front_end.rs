//! `cargo xtask front-end`: the front end's own checks, and whether what is built from it and committed is what its sources say.
//! Nothing else of the project needs Node.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Folders of generated files that are committed.
const GENERATED: [&str; 2] = ["ui/dist", "ui/src/api"];
/// What npm is asked, in order; the last needs a browser.
const STEPS: [&[&str]; 7] = [
    &["ci"],
    &["run", "types"],
    &["run", "api"],
    &["run", "lint"],
    &["test"],
    &["run", "build"],
    &["run", "test:browser"],
];
/// Names under which a browser that can be driven is installed.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Whether all checks pass, or cannot be made here.
pub fn run() -> bool {
    if !exists("npm") {
        eprintln!("front-end: skipped, there is no npm here");
        return true;
    }
    let committed = generated();
    for step in STEPS {
        if step.contains(&"test:browser") && !BROWSERS.iter().any(|name| exists(name)) {
            eprintln!("front-end: the tests in a browser are skipped, there is no Chromium here");
            continue;
        }
        eprintln!("== front-end: npm {}", step.join(" "));
        if !Command::new("npm").args(step).current_dir("ui").status().is_ok_and(|status| status.success()) {
            return false;
        }
    }
    let stale = differences(&committed, &generated());
    for path in &stale {
        eprintln!("front-end: {} is not what its sources make: commit what was built", path.display());
    }
    stale.is_empty()
}

fn exists(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

type Files = BTreeMap<PathBuf, Vec<u8>>;

fn generated() -> Files {
    let mut files = Files::new();
    for folder in GENERATED {
        gather(Path::new(folder), &mut files);
    }
    files
}

fn gather(folder: &Path, files: &mut Files) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(&path, files);
        } else {
            files.insert(path.clone(), fs::read(&path).unwrap_or_default());
        }
    }
}

/// Files that are new, gone or different.
fn differences(before: &Files, after: &Files) -> Vec<PathBuf> {
    let changed =
        before.iter().filter(|(path, bytes)| after.get(*path) != Some(*bytes)).map(|(path, _)| path);
    changed.chain(after.keys().filter(|path| !before.contains_key(*path))).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_differs_is_named() {
        let files = |all: &[(&str, &str)]| -> Files {
            all.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect()
        };
        let before = files(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let after = files(&[("a", "1"), ("b", "4"), ("d", "5")]);
        assert_eq!(differences(&before, &after), ["b", "c", "d"].map(PathBuf::from));
    }
}
