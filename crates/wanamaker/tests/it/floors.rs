//! Imports run down: the floors of STYLE.md, read from the `use` lines.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the crate, from the ground up; an import runs to a lower floor, or stays in its own module.
const FLOORS: &[&[&str]] = &[
    &["math", "problem"],
    &["distribution", "statistics"],
    &["data", "adstock", "saturation"],
    &["prior"],
    &["spec"],
    &["model", "simulate"],
    &["posterior"],
    &["engine", "decision"],
    &["validation"],
    &["report"],
];

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.ends_with("tests") {
            continue;
        } else if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test(&path) {
            found.push(path);
        }
    }
}

/// Files that are compiled into tests only.
fn is_test(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
    matches!(stem, "laws" | "tests" | "testing") || stem.ends_with("_tests")
}

/// Names that follow `crate::` anywhere in a line, grouped imports included.
fn imported(line: &str) -> Vec<String> {
    line.match_indices("crate::")
        .flat_map(|(at, word)| {
            let rest = &line[at + word.len()..];
            let names = rest.strip_prefix('{').map_or(rest, |group| group.split('}').next().unwrap_or(group));
            let names: Vec<&str> =
                if rest.starts_with('{') { names.split(',').collect() } else { vec![names] };
            names
                .into_iter()
                .map(|name| name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
                .collect::<Vec<String>>()
        })
        .collect()
}

#[test]
fn imports_run_down() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let mut faults = Vec::new();
    let mut n_imports = 0;
    for file in &files {
        let path = file.strip_prefix(&source).unwrap();
        let module = path.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        let Some(floor) = floor_of(module) else {
            faults.push(format!("{} stands on no floor", path.display()));
            continue;
        };
        for (number, line) in fs::read_to_string(file).unwrap().lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for name in imported(line) {
                n_imports += 1;
                let fine = name == module || floor_of(&name).is_some_and(|other| other < floor);
                if !fine {
                    faults.push(format!("{}:{} imports `{name}`", path.display(), number + 1));
                }
            }
        }
    }
    assert!(n_imports > 50, "the floors are read from the wrong place");
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn the_library_touches_no_file_clock_terminal_or_entropy() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let mut faults = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for word in [
            "std::fs",
            "std::env",
            "std::net",
            "SystemTime",
            "Instant",
            "println!",
            "eprintln!",
            "rand::rng()",
        ] {
            if code.contains(word) {
                faults.push(format!("{}: {word}", file.strip_prefix(&source).unwrap().display()));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}
