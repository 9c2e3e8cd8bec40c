//! Calibration by simulation as a command: what it says, what it keeps, and what it refuses.

use crate::bench::{Bench, finish};
use serde_json::Value;
use std::process::Stdio;
use std::time::Duration;

/// Two channels whose transforms are fixed: fits take a moment.
const SPEC: &str = r#"
preset = "lite"
[data]
file = "data.csv"
time = "date"
kpi = "kpi"
[[channel]]
name = "search"
spend = "spend_search"
[[channel]]
name = "social"
spend = "spend_social"
[baseline]
trend = { kind = "none" }
seasonality = []
"#;

fn bench() -> Bench {
    let bench = Bench::new();
    bench.fine("simulate --preset analytics --periods 40 --seed 3 -o market --quiet");
    bench.write("market/mmm.toml", SPEC);
    bench
}

const WORDS: &str = "validate market/mmm.toml --sbc 10 --ranks 19 --draws 80 --tune 100 --seed 4";

#[test]
fn a_calibration_is_told_channel_by_channel_kept_and_gone_on_from() {
    let bench = bench();
    let out = bench.run(WORDS);
    assert!(matches!(out.code, Some(0 | 1)), "{}", out.stderr);
    for expected in [
        "10 markets simulated from the prior on your own spend",
        "search: the 95 % interval of its ROAS held the truth in",
        "of 10 simulated markets (8–10 expected)",
        "nothing against it yet",
        "roas[social]",
        "log likelihood",
        "inside the band",
        "p of all",
        "With these data and priors, search's ROAS can be known to within ± ",
    ] {
        assert!(out.stdout.contains(expected), "{expected}: {}", out.stdout);
    }
    assert!(out.stderr.contains("10 simulations show gross faults only"), "{}", out.stderr);

    // The same again is read from the file, to the last bit, on any number of threads.
    let first = bench.run(&format!("{WORDS} --json")).json();
    let threads = bench.run(&format!("{WORDS} --json --threads 1 --state other.json")).json();
    assert_eq!(first, threads);
    let figures = &first["calibration"]["all"];
    // Half an interval is no number of the truth: it is positive, and a share of the figure.
    for channel in figures["channels"].as_array().unwrap() {
        let of = |key: &str| channel["precision"][key].as_f64().unwrap();
        assert!(of("half_width") > 0.0 && of("relative") > 0.0, "{channel}");
    }
    let quantities = figures["quantities"].as_array().unwrap();
    for quantity in quantities {
        assert_eq!(quantity["ranks"].as_array().unwrap().len(), 10);
        assert_eq!(quantity["ecdf_difference"].as_array().unwrap().len(), 19);
        let sum: u64 = quantity["histogram"].as_array().unwrap().iter().map(|x| x.as_u64().unwrap()).sum();
        assert_eq!(sum, 10);
    }
    assert_eq!(figures["bands"]["lower"].as_array().unwrap().len(), 19);
    assert_eq!(figures["channels"].as_array().unwrap().len(), 2);

    // Twelve are the ten and two more.
    let more = WORDS.replace("--sbc 10", "--sbc 12");
    let out = bench.run(&format!("{more} -o ranks.csv"));
    assert!(out.stderr.contains("10 of 12 simulations are there already"), "{}", out.stderr);
    let csv = bench.read("ranks.csv");
    assert!(csv.starts_with("simulation,converged,lengthened,") && csv.lines().count() == 13, "{csv}");
    let state: Value = serde_json::from_str(&bench.read("sbc.json")).unwrap();
    assert_eq!(state["simulations"].as_array().unwrap().len(), 12);
}

#[test]
fn a_kill_loses_what_was_not_made_and_changes_nothing() {
    let bench = bench();
    let whole = bench.run(&format!("{WORDS} --json --state whole.json")).json();
    let mut victim = bench
        .command(&format!("{WORDS} --json"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !bench.path("sbc.json").exists() && victim.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(5));
    }
    victim.kill().unwrap();
    victim.wait().unwrap();
    assert!(bench.path("sbc.json").exists());
    let resumed = finish(bench.command(&format!("{WORDS} --json")));
    assert_eq!(resumed.json(), whole);
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let bench = bench();
    bench.run(WORDS);
    bench.write("nonsense.json", "{ \"simulations\": 3 }");
    let other_seed = WORDS.replace("--seed 4", "--seed 5");
    let other_draws = WORDS.replace("--draws 80", "--draws 81");
    for (words, code, expected) in [
        (other_seed.as_str(), "sbc.other_state", "the seed differs"),
        (&other_draws, "sbc.other_state", "the sampling differs"),
        ("validate market/mmm.toml --sbc 10 --state nonsense.json", "sbc.state", "--state"),
        ("validate market/mmm.toml --sbc 10 --ranks 5000", "sbc.ranks", "5000 draws"),
        ("validate market/mmm.toml", "required arguments", "--sbc <N>"),
        ("validate nowhere.toml --sbc 10", "spec.unreadable", "nowhere.toml"),
    ] {
        let out = bench.run(words);
        assert_eq!(out.code, Some(2), "{words}: {}", out.stderr);
        assert!(out.stdout.is_empty(), "{words}: {}", out.stdout);
        assert!(out.stderr.contains(code) && out.stderr.contains(expected), "{words}: {}", out.stderr);
    }
    let out = bench.run("validate market/mmm.toml --sbc 5");
    assert!(out.code == Some(2) && out.stderr.contains("10.."), "{}", out.stderr);
    // The state of the first is as it was.
    let state: Value = serde_json::from_str(&bench.read("sbc.json")).unwrap();
    assert_eq!(state["simulations"].as_array().unwrap().len(), 10);
}
