//! `cargo xtask check`: what continuous integration runs, one step per concern. `cargo xtask mutants`: whether the tests
//! would notice a fault. `cargo xtask instructions`: whether a gradient costs what it did. `cargo xtask front-end`: whether the
//! front end passes its checks and is built. `cargo xtask api-fuzz`: whether the server answers as its description says.

mod api_fuzz;
mod front_end;
mod instructions;
mod mutants;

use std::process::{Command, ExitCode};

/// A step: what it is called, and the arguments to cargo.
const STEPS: &[(&str, &[&str])] = &[
    ("format", &["fmt", "--all", "--check"]),
    ("lint", &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]),
    ("test", &["test", "--workspace", "--no-fail-fast"]),
    ("front-end", &["run", "--quiet", "--package", "xtask", "--", "front-end"]),
    ("api-fuzz", &["run", "--quiet", "--package", "xtask", "--", "api-fuzz"]),
    ("instructions", &["run", "--quiet", "--package", "xtask", "--", "instructions"]),
    ("doc", &["doc", "--workspace", "--no-deps", "--quiet"]),
];

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let known = || STEPS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    match wanted.first().map(String::as_str) {
        Some("check") => {}
        Some("api-fuzz") => return code(api_fuzz::run()),
        Some("front-end") => return code(front_end::run()),
        Some("instructions") => return code(instructions::run()),
        Some("mutants") => return code(mutants::run(&wanted[1..])),
        _ => {
            eprintln!(
                "usage: cargo xtask check [{}], cargo xtask api-fuzz, cargo xtask front-end, cargo xtask instructions, or cargo xtask mutants [NUMBER…]",
                known()
            );
            return ExitCode::from(2);
        }
    }
    if let Some(word) = wanted[1..].iter().find(|word| !STEPS.iter().any(|(name, _)| name == word)) {
        eprintln!("no step is called `{word}`; there are {}", known());
        return ExitCode::from(2);
    }
    let mut failed = Vec::new();
    for (name, arguments) in
        STEPS.iter().filter(|(name, _)| wanted.len() == 1 || wanted[1..].iter().any(|w| w == name))
    {
        eprintln!("== {name}: cargo {}", arguments.join(" "));
        let mut command = Command::new(env!("CARGO"));
        command.args(*arguments);
        if *name == "doc" {
            command.env("RUSTDOCFLAGS", "-D warnings");
        }
        if !command.status().is_ok_and(|status| status.success()) {
            failed.push(*name);
        }
    }
    if failed.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("failed: {}", failed.join(", "));
    ExitCode::FAILURE
}

fn code(passed: bool) -> ExitCode {
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
