//! What a fit says of its channels: returns, parts in a window, doubts, and what can be asked for wrongly.

use crate::bench::Bench;
use serde_json::Value;
use std::sync::OnceLock;

/// Seventy weeks from 2 January 2022, the last four held back, fitted once for all tests that only read it.
pub fn fitted() -> &'static Bench {
    static BENCH: OnceLock<Bench> = OnceLock::new();
    BENCH.get_or_init(|| {
        let bench = Bench::new();
        bench.fine("simulate --preset weekly4 --periods 70 --seed 3 -o market --quiet");
        bench.fine("fit market/mmm.toml --chains 2 --draws 60 --tune 120 --seed 5 --holdout 4 --quiet");
        bench
    })
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9 * (1.0 + a.abs()), "{a} against {b}");
}

#[test]
fn returns_are_read_with_their_units_their_window_and_how_far_to_trust_them() {
    let out = fitted().fine("roi");
    for expected in [
        "ROAS",
        "marginal ROAS",
        "ROI",
        "95 % interval",
        "equal-tailed",
        "half-life",
        "EC50",
        "revenue, returns in money per money",
        "2022-01-02 to 2023-04-02, 66 weeks",
    ] {
        assert!(out.stdout.contains(expected), "{expected}: {}", out.stdout);
    }
    // Sixty draws pass no gate.
    assert!(out.stderr.contains("NOT CONVERGED"), "{}", out.stderr);
}

#[test]
fn every_figure_has_its_interval_and_the_figures_hang_together() {
    let object = fitted().fine("roi --json --level 0.8").json();
    assert_eq!((object["level"].as_f64(), object["interval"].as_str()), (Some(0.8), Some("equal-tailed")));
    assert_eq!(object["returns"]["in_money"], true);
    assert!(object["identification"]["confounded"].is_array() && object["findings"].is_array());
    let channels = object["returns"]["channels"].as_array().unwrap();
    assert_eq!(channels.len(), 4);
    for channel in channels {
        for measure in [
            "contribution",
            "share",
            "roas",
            "roi",
            "mroas",
            "cpik",
            "effectiveness",
            "immediate",
            "carry_over",
            "half_life",
            "time_to_5_percent",
            "peak_lag",
            "ec50",
            "ec90",
            "beyond_half",
        ] {
            let [lower, median, upper, level] =
                ["lower", "median", "upper", "level"].map(|key| number(&channel[measure][key]));
            assert!(lower <= median && median <= upper && level == 0.8, "{measure}: {channel}");
        }
        close(number(&channel["roi"]["mean"]), number(&channel["roas"]["mean"]) - 1.0);
        close(number(&channel["immediate"]["mean"]), 1.0 - number(&channel["carry_over"]["mean"]));
        let spent = number(&channel["spend"]);
        close(number(&channel["roas"]["mean"]) * spent, number(&channel["contribution"]["mean"]));
    }
}

#[test]
fn returns_leave_as_csv_json_and_parquet() {
    let bench = fitted();
    let csv = bench.fine("roi --format csv").stdout;
    let (header, rows) = csv.split_once('\n').unwrap();
    assert!(header.starts_with("channel,is_paid,from,to,returns_in,spend,exposure,contribution_mean,"));
    for name in ["roas_lower", "mroas_upper", "cpik_median", "half_life_sd", "ec90_mean", "contraction"] {
        assert!(header.split(',').any(|column| column == name), "{name}: {header}");
    }
    assert_eq!(rows.lines().count(), 4);
    assert!(rows.starts_with("TV,true,2022-01-02,2023-04-02,money per money,"), "{rows}");
    bench.fine("roi -o returns.json");
    let rows: Value = serde_json::from_str(&bench.read("returns.json")).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 4);
    bench.fine("roi -o returns.parquet");
    assert_eq!(std::fs::read(bench.path("returns.parquet")).unwrap()[..4], *b"PAR1");
}

#[test]
fn a_window_holds_what_was_spent_in_it_and_neighbours_share_nothing() {
    let bench = fitted();
    let spend = |words: &str| -> Vec<f64> {
        let object = bench.fine(&format!("roi --json {words}")).json();
        let channels = object["returns"]["channels"].as_array().unwrap().clone();
        channels.iter().map(|channel| number(&channel["spend"])).collect()
    };
    let (whole, year, rest) = (spend(""), spend("--to 2022-12-31"), spend("--from 2023-01-01"));
    for c in 0..4 {
        close(whole[c], year[c] + rest[c]);
    }
    assert_eq!(spend("--last 66"), whole);
    let one = bench.fine("roi --channel Radio --last 13");
    assert!(one.stdout.contains("13 weeks") && one.stdout.contains("Radio") && !one.stdout.contains("TV"));
    // Behind a window inside the data, what it carries over still counts.
    assert!(bench.fine("roi --to 2022-12-31").stdout.contains("carry-over counted for 14 more"));
}

#[test]
fn parts_of_a_window_add_up_grouped_or_not() {
    let bench = fitted();
    for words in ["--last 13", "--last 13 --grouped", "--from 2022-06-01 --to 2023-04-30 --grouped"] {
        let rows = bench.fine(&format!("decompose --json {words}")).json();
        let mean = |row: &Value| number(&row["contribution_mean"]);
        let (fitted, parts): (Vec<_>, Vec<_>) =
            rows.as_array().unwrap().iter().partition(|row| row["part"] == "fitted");
        close(parts.iter().map(|row| mean(row)).sum::<f64>() / mean(fitted[0]), 1.0);
    }
    let part = |words: &str, names: &[&str]| -> f64 {
        let rows = bench.fine(&format!("decompose --json --last 13 {words}")).json();
        let rows =
            rows.as_array().unwrap().iter().filter(|row| names.iter().any(|name| row["part"] == *name));
        rows.map(|row| number(&row["contribution_mean"])).sum()
    };
    let channels = part("", &["TV", "Radio", "Digital", "Social"]);
    close(part("--grouped", &["paid media"]) / channels, 1.0);
    let weeks = bench.fine("decompose --over-time --grouped --last 5 --format csv").stdout;
    assert_eq!(weeks.lines().filter(|line| line.contains(",baseline,")).count(), 5, "{weeks}");
}

#[test]
fn what_cannot_be_answered_is_refused_once_with_what_can() {
    let bench = fitted();
    let cases = [
        ("roi --channel TVV", "usage.unknown_channel", "did you mean `TV`?"),
        ("roi --from 2019-01-01", "window.outside", "2022-01-02 to 2023-04-30"),
        ("roi --to 2030-01-01", "window.outside", "2022-01-02 to 2023-04-30"),
        ("decompose --from 2031-01-01", "window.outside", "2022-01-02 to 2023-04-30"),
        ("roi --from 2023-03-01 --to 2022-03-01", "window.order", "back to 2022-03-01"),
        ("roi --from 2022-03-01 --to 2022-03-02", "window.empty", "no week"),
        ("roi --last 67", "window.length", "of 66"),
        ("decompose --last 0", "window.length", "of 66"),
    ];
    for (words, code, expected) in cases {
        let out = bench.run(words);
        assert_eq!(out.code, Some(2), "{words}");
        assert!(out.stderr.contains(code) && out.stderr.contains(expected), "{words}: {}", out.stderr);
        assert!(out.stdout.is_empty() && out.stderr.matches("code:").count() == 1, "{words}: {}", out.stderr);
    }
    for words in ["roi --from yesterday", "roi --last 3 --from 2022-03-01", "roi --last x"] {
        assert_eq!(bench.run(words).code, Some(2), "{words}");
    }
}

#[test]
fn a_count_without_a_value_has_returns_in_its_own_unit_and_no_roi() {
    let bench = Bench::new();
    bench.fine("simulate --preset kpi4 --periods 60 -o k --quiet");
    bench.fine("fit k/mmm.toml --chains 1 --draws 20 --tune 40 --quiet");
    let out = bench.fine("roi");
    assert!(out.stdout.contains("kpi per money") && out.stdout.contains("marginal kpi per money"));
    assert!(!out.stdout.contains("ROAS") && !out.stdout.contains("money per money"), "{}", out.stdout);
    let object = bench.fine("roi --json").json();
    assert_eq!(object["returns"]["in_money"], false);
    assert!(object["returns"]["channels"][0]["roi"].is_null());
    assert!(number(&object["returns"]["channels"][0]["roas"]["mean"]) > 0.0);
    // Twenty draws of channels that run together: somebody has to be doubted, with a figure.
    assert!(out.stderr.contains("identification."), "{}", out.stderr);
}

#[test]
fn on_the_log_link_what_channels_bring_together_stands_by_itself() {
    let bench = Bench::new();
    bench.fine("simulate --preset weekly4 --periods 60 -o w --quiet");
    let spec: Vec<String> = bench.read("w/mmm.toml").lines().map(str::to_owned).collect();
    let spec: Vec<&str> =
        spec.iter().map(String::as_str).filter(|line| !line.starts_with("effect")).collect();
    bench.write(
        "w/log.toml",
        &(spec.join("\n") + "\n[outcome]\nlink = \"log\"\nlikelihood = \"log_normal\"\n"),
    );
    bench.fine("fit w/log.toml --chains 1 --draws 20 --tune 40 --quiet");
    for words in ["decompose --json", "decompose --json --grouped --last 9"] {
        let rows = bench.fine(words).json();
        let rows = rows.as_array().unwrap();
        assert!(rows.iter().any(|row| row["part"] == "joint"));
        let sum = |fitted: bool| -> f64 {
            let rows = rows.iter().filter(|row| (row["part"] == "fitted") == fitted);
            rows.map(|row| number(&row["contribution_mean"])).sum()
        };
        close(sum(false) / sum(true), 1.0);
    }
    assert!(bench.fine("decompose").stdout.contains("`joint` being what channels bring only together"));
    assert!(bench.fine("roi").stdout.contains("they do not add up"));
}
