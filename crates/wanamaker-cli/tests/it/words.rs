//! Help, manners, and the words of older tools.

use crate::bench::{Bench, finish};
use std::process::Stdio;

const COMMANDS: [&str; 15] = [
    "demo",
    "simulate",
    "init",
    "check",
    "fit",
    "summary",
    "diagnose",
    "predict",
    "decompose",
    "export",
    "density",
    "transform",
    "show-spec",
    "schema",
    "completions",
];

#[test]
fn no_words_at_all_give_help_and_no_fault() {
    let out = Bench::new().fine("");
    for command in COMMANDS {
        assert!(out.stdout.contains(command), "{command}");
    }
    assert!(out.stdout.contains("Examples:") && out.stderr.is_empty());
}

#[test]
fn every_command_has_help_that_fits_the_screen() {
    let bench = Bench::new();
    for command in COMMANDS {
        let out = bench.fine(&format!("{command} --help"));
        assert!(out.stdout.contains("Usage:"), "{command}");
        let widest = out.stdout.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= 120, "{command}: {widest}");
    }
}

#[test]
fn the_version_is_the_package_s() {
    assert_eq!(Bench::new().fine("--version").stdout, format!("mmm {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_words_exit_with_two_and_suggest_the_right_ones() {
    let bench = Bench::new();
    for (words, expected) in [
        ("sumary", "summary"),
        ("fit --drws 3", "--draws"),
        ("summary --level 95", "did you mean 0.95?"),
        ("summary --json --format csv", "cannot be used with"),
        ("simulate --preset wekly4", "did you mean `weekly4`?"),
    ] {
        let out = bench.run(words);
        assert_eq!(out.code, Some(2), "{words}");
        assert!(out.stderr.contains(expected) && out.stdout.is_empty(), "{words}: {}", out.stderr);
    }
}

#[test]
fn older_tools_words_are_understood() {
    let bench = Bench::new();
    bench.fine("generate --weeks 60 --output data.csv -s 7 --quiet");
    assert_eq!(bench.read("data.csv").lines().count(), 61);
    bench.fine("simulate --channels search,social --n 90 --out other/lite.csv --quiet");
    assert!(bench.read("other/lite.csv").lines().next().unwrap().contains("social"));
    bench.fine(
        "simulate --preset daily5 --n-days 120 --start-date 2022-01-01 --output-dir daily --log-level ERROR",
    );
    assert!(bench.path("daily/ground_truth.json").exists());
    let flags =
        "--channels search,social --y-col sales --season-period 7 --season-K 1 --tau2 1.0 --a0 2.0 --b0 1.0";
    let draws = "--chains 1 --draws 30 --burn 60 --thin 1 --model-out lite.mmm";
    bench.fine(&format!("fit --data other/lite.csv {flags} {draws} --adstock {{\"search\":0.4}}"));
    bench.fine("predict --model lite.mmm --out preds.csv");
    assert_eq!(bench.read("preds.csv").lines().count(), 91);
    assert_eq!(bench.run("train --config gone.toml --sampler nutpie").code, Some(2));
}

#[test]
fn colour_is_there_when_asked_for_and_never_else() {
    let bench = Bench::new();
    let coloured = |words: &str, no_color: bool| {
        let mut command = bench.command(words);
        if no_color {
            command.env("NO_COLOR", "1");
        }
        finish(command).stderr.contains('\u{1b}')
    };
    assert!(!coloured("check", false) && !coloured("check", true));
    assert!(coloured("check --color always", false));
    assert!(!coloured("check --color never", true));
}

#[test]
fn flags_win_over_the_environment_and_that_over_defaults() {
    let bench = Bench::new();
    let data = |words: &str, seed: Option<&str>| {
        let mut command = bench.command(&format!("simulate --periods 60 --force -o s --quiet {words}"));
        if let Some(seed) = seed {
            command.env("MMM_SEED", seed);
        }
        assert_eq!(finish(command).code, Some(0));
        bench.read("s/data.csv")
    };
    assert_eq!(data("", Some("7")), data("--seed 7", None));
    assert_eq!(data("--seed 7", Some("8")), data("--seed 7", None));
    assert_eq!(data("", None), data("--seed 42", None));
    assert_ne!(data("--seed 7", None), data("--seed 8", None));
}

#[test]
fn a_reader_who_closes_the_pipe_is_no_fault() {
    let bench = Bench::new();
    for words in ["", "--help", "schema", "completions bash"] {
        let mut child = bench.command(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let out = child.wait_with_output().unwrap();
        assert_eq!(out.status.code(), Some(0), "{words}");
        assert!(out.stderr.is_empty(), "{words}: {}", String::from_utf8_lossy(&out.stderr));
    }
}

#[test]
fn what_is_said_can_be_kept_in_a_file() {
    let bench = Bench::new();
    bench.run("check gone.toml --log-file log.txt --color always");
    let log = bench.read("log.txt");
    assert!(log.contains("error:") && !log.contains('\u{1b}'), "{log}");
}
