//! `mmm report`, `mmm plot` and `mmm run`: one file, every chart, the whole way.

use crate::bench::{Bench, Out, finish};
use std::path::Path;

/// Names that would do harm if they were taken for anything but names.
const HOSTILE: [&str; 3] = ["<img src=x onerror=alert(1)>", "=HYPERLINK(\"x\")", "../../etc/passwd"];

/// A small fit; its channels are named by `names`.
fn fitted(bench: &Bench, names: &[&str]) {
    bench.fine("simulate --preset weekly4 --weeks 60 -o m");
    let mut spec = bench.read("m/mmm.toml");
    for (old, new) in ["TV", "Radio", "Digital", "Social"].iter().zip(names) {
        spec = spec.replace(&format!("name = \"{old}\""), &format!("name = '{new}'"));
    }
    bench.write("m/mmm.toml", &spec);
    bench.fine("fit m/mmm.toml -o fit.mmm --chains 2 --draws 100 --tune 200");
}

#[test]
fn a_report_is_one_file_that_asks_for_nothing_and_takes_names_for_names() {
    let bench = Bench::new();
    fitted(&bench, &HOSTILE);
    let out = bench.fine("report fit.mmm");
    assert!(out.stderr.contains("report.html") && out.stdout.is_empty(), "{out:?}");
    let html = bench.read("report.html");
    assert!(html.len() < 3_000_000, "{} bytes", html.len());
    assert!(html.contains("Content-Security-Policy\" content=\"default-src 'none'; script-src 'sha256-"));
    assert!(!html.contains("<img src=x") && html.contains("\\u003cimg src=x onerror=alert(1)>"));
    for chart in chart_names(&bench) {
        let svg = draw(&bench, &chart, "svg");
        if let Some(svg) = svg {
            assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{chart}");
            assert!(!svg.contains("<img") && !svg.contains("<script"), "{chart}");
            let csv = draw(&bench, &chart, "csv").unwrap_or_else(|| panic!("{chart} has numbers"));
            let formula = csv
                .lines()
                .skip(1)
                .flat_map(|line| line.split(','))
                .find(|cell| cell.trim_start_matches('"').starts_with('='));
            assert_eq!(formula, None, "{chart}");
        }
    }
}

fn chart_names(bench: &Bench) -> Vec<String> {
    let list: serde_json::Value = serde_json::from_str(&bench.fine("plot --json").stdout).unwrap();
    let charts = list["charts"].as_array().unwrap().iter();
    let names: Vec<String> = charts.map(|chart| chart["name"].as_str().unwrap().to_owned()).collect();
    assert!(names.len() >= 26, "{names:?}");
    names
}

/// A chart of the fit; `None` where the fit has nothing for it, which has to be said.
fn draw(bench: &Bench, chart: &str, form: &str) -> Option<String> {
    let folds = if matches!(chart, "backtest" | "stability") { "--backtest 1" } else { "" };
    let out = bench.run(&format!("plot {chart} fit.mmm -o {chart}.{form} {folds}"));
    if out.code != Some(0) {
        assert!(out.stderr.contains("plot.nothing"), "{chart}: {out:?}");
        return None;
    }
    // Every chart says something, with numbers that are numbers.
    let words: &str = &out.stderr;
    assert!(!["NaN", "undefined", "null", "Infinity"].iter().any(|word| words.contains(word)), "{words}");
    Some(bench.read(&format!("{chart}.{form}")))
}

#[test]
fn a_picture_is_a_picture_and_a_wrong_word_is_told() {
    let bench = Bench::new();
    fitted(&bench, &[]);
    bench.fine("plot returns fit.mmm -o r.png --width 700 --scale 1");
    let png = std::fs::read(bench.path("r.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    assert_eq!(u32::from_be_bytes(png[16..20].try_into().unwrap()), 700);
    // The same words, the same bytes; another theme, another picture.
    bench.fine("plot returns fit.mmm -o again.png --width 700 --scale 1");
    bench.fine("plot returns fit.mmm -o dark.png --width 700 --scale 1 --theme dark");
    assert_eq!(std::fs::read(bench.path("again.png")).unwrap(), png);
    assert_ne!(std::fs::read(bench.path("dark.png")).unwrap(), png);
    let table = bench.fine("plot");
    assert!(table.stdout.contains("What did each channel earn?"));
    for (words, told) in [
        ("plot retuns fit.mmm", "did you mean `returns`"),
        ("plot returns fit.mmm -o r.gif", ".svg, .png or .csv"),
        ("plot curves fit.mmm --channel tv", "did you mean `TV`"),
        ("report fit.mmm --plan none.json", "cannot be read"),
        ("plot returns none.mmm", "none.mmm"),
        ("plot backtest fit.mmm", "give --backtest"),
    ] {
        let out = bench.run(words);
        assert!(out.code == Some(2) && out.stderr.contains(told), "{words}: {out:?}");
    }
}

#[test]
fn a_given_plan_is_what_a_report_recommends() {
    let bench = Bench::new();
    fitted(&bench, &[]);
    bench.fine("optimize fit.mmm --budget 500k --horizon 4 -o plan.json");
    bench.write("ours.csv", "channel,spend\nTV,30000\nRadio,1000\n");
    let report = |words: &str| -> serde_json::Value {
        serde_json::from_str(&bench.fine(&format!("report fit.mmm --json {words}")).stdout).unwrap()
    };
    let plan = &report("--plan plan.json")["exhibits"]["plan"];
    assert_eq!((plan["name"].as_str(), plan["periods"].as_u64()), (Some("plan"), Some(4)));
    let optimal: serde_json::Value = serde_json::from_str(&bench.read("plan.json")).unwrap();
    let (told, found) = (plan["outcome"]["mean"].as_f64(), optimal["plan"]["outcome"]["mean"].as_f64());
    assert!((told.unwrap() / found.unwrap() - 1.0).abs() < 1e-6, "{told:?} {found:?}");
    let ours = &report("--plan ours.csv")["exhibits"]["plan"];
    assert_eq!(ours["budget"].as_f64(), Some(31_000.0));
    let own = &report("")["exhibits"]["plan"];
    assert_eq!(own["is_proposed"].as_bool(), Some(true));
}

#[test]
fn a_run_goes_the_whole_way_once_and_only_what_changed_again() {
    let bench = Bench::new();
    bench.fine("simulate --preset weekly4 --weeks 60 -o m");
    // A hundred draws pass no gate, and are still reported.
    let run = |words: &str| bench.run(&format!("run m/mmm.toml -o out --draws 100 --tune 200 {words}"));
    let first = run("");
    assert_eq!(first.code, Some(1), "{first:?}");
    let fit = std::fs::read(bench.path("out/fit.mmm")).unwrap();
    for name in
        ["parameters.csv", "channels.csv", "contributions.csv", "curves.csv", "plan.json", "report.html"]
    {
        assert!(!bench.read(&format!("out/{name}")).is_empty(), "{name}");
    }
    std::fs::remove_file(bench.path("out/report.html")).unwrap();
    let second = run("--json");
    let object: serde_json::Value = serde_json::from_str(&second.stdout).unwrap();
    assert_eq!((object["fitted"].as_bool(), object["passed"].as_bool()), (Some(false), Some(false)));
    assert!(bench.path("out/report.html").exists());
    assert_eq!(std::fs::read(bench.path("out/fit.mmm")).unwrap(), fit);
    // Another seed is another fit, and so is one whose file was damaged.
    let told = |out: Out, words: &str| assert!(out.stderr.contains(words), "{out:?}");
    told(run("--seed 9"), "fitted again");
    std::fs::write(bench.path("out/fit.mmm"), &fit[..fit.len() / 2]).unwrap();
    told(run(""), "cannot be used");
    bench.fine("summary out/fit.mmm");
}

#[test]
fn a_machine_without_a_browser_says_so_and_keeps_the_page() {
    let bench = Bench::new();
    fitted(&bench, &[]);
    let mut command = bench.command("report fit.mmm --pdf");
    command.env("PATH", "").env_remove("MMM_CHROMIUM");
    let out = finish(command);
    assert!(out.code == Some(2) && out.stderr.contains("no Chromium"), "{out:?}");
    assert!(bench.path("report.html").exists() && !bench.path("report.pdf").exists());
    let mut command = bench.command("report fit.mmm --pdf");
    command.env("MMM_CHROMIUM", "true");
    let out = finish(command);
    assert!(out.code == Some(2) && out.stderr.contains("printed nothing"), "{out:?}");
    let left: Vec<_> = std::fs::read_dir(bench.path("."))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(".mmm-pdf"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    if Path::new("/usr/bin/chromium").exists() {
        bench.fine("report fit.mmm --pdf");
        assert!(std::fs::read(bench.path("report.pdf")).unwrap().starts_with(b"%PDF"));
    } else {
        println!("skipped: no Chromium is here to print a report");
    }
}
