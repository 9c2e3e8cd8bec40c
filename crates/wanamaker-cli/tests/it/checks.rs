//! The checklist, predictive checks before and after a fit, and the draws behind predictions.

use crate::bench::Bench;
use crate::measures::fitted;
use serde_json::Value;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn a_diagnosis_begins_with_a_checklist_that_says_what_to_try() {
    let out = fitted().run("diagnose");
    assert_eq!(out.code, Some(1));
    let list = out.stdout.split("\n\n").next().unwrap();
    for expected in
        ["FAILED", "chains agree: largest R-hat", "< 1.01", "what to try", "draw longer", "checks:"]
    {
        assert!(list.contains(expected), "{expected}: {list}");
    }
    assert!(out.stdout.contains("autocorrelation of residuals by lag"), "{}", out.stdout);
    let alone = fitted().run("diagnose --checklist").stdout;
    assert!(alone.contains("checks:") && !alone.contains("adjusted R²"), "{alone}");
    // Targets of accuracy are the older tools' alone.
    assert!(!alone.contains("MAPE"), "{alone}");
    let legacy = fitted().run("diagnose --checklist --profile legacy").stdout;
    assert!(legacy.contains("MAPE") && legacy.contains("< 10 %") && legacy.contains("≥ 0.8"), "{legacy}");

    let object = fitted().run("diagnose --json").json();
    let lines = object["checks"].as_array().unwrap();
    let failed: Vec<&str> = lines
        .iter()
        .filter(|line| line["mark"] == "failed")
        .map(|line| line["check"].as_str().unwrap())
        .collect();
    assert!(failed.contains(&"ess_bulk") && object["passed"] == false, "{failed:?}");
    // Only convergence fails a fit.
    let gates = ["complete", "r_hat", "ess_bulk", "ess_tail", "divergences", "e_bfmi"];
    assert!(failed.iter().all(|check| gates.contains(check)), "{failed:?}");
    for line in lines {
        assert_eq!(line["mark"] != "ok", line["advice"].is_string(), "{line}");
    }
    assert!(number(&object["residuals"]["autocorrelation_bound"]) > 0.0);
}

#[test]
fn a_fit_is_asked_whether_it_could_have_made_its_data() {
    let text = fitted().run("diagnose --ppc").stdout;
    for expected in [
        "KPI by period",
        "autocorrelation at lag 1",
        "outside their 95 % interval",
        "Bars are what was seen",
        "expected in all tenths",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let object = fitted().run("diagnose --ppc --json").json();
    let check = &object["predictive_check"];
    let figures = check["figures"].as_array().unwrap();
    assert_eq!(figures.len(), 7);
    for figure in figures {
        assert!((0.0..=1.0).contains(&number(&figure["p"])), "{figure}");
        assert!(number(&figure["predicted"]["lower"]) <= number(&figure["predicted"]["upper"]));
    }
    let cells: f64 = check["pit"].as_array().unwrap().iter().map(number).sum();
    assert_eq!(cells, 66.0);
    let seen: f64 = check["density"].as_array().unwrap().iter().map(|bar| number(&bar["observed"])).sum();
    assert!((seen - 1.0).abs() < 1e-9);
    assert!(fitted().run("diagnose --json").json()["predictive_check"].is_null());
}

#[test]
fn a_prior_is_looked_at_before_a_fit_and_nonsense_is_named() {
    let text = fitted().fine("check market/mmm.toml --prior").stdout;
    for expected in [
        "1,000 markets drawn from the prior",
        "prior median",
        "all media",
        "Below zero",
        "hold 95 % of the prior",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let bench = Bench::new();
    bench.fine("simulate --preset weekly4 --periods 60 --seed 3 -o market --quiet");
    let spec = bench.read("market/mmm.toml")
        + "\n[outcome]\nsigma = { prior = { half_normal = { sd = \"30 * mean_kpi\" } } }\n";
    bench.write("market/wild.toml", &spec);
    let out = bench.fine("check market/wild.toml --prior --json");
    let object = out.json();
    assert!(number(&object["prior"]["negative_cells"]) > 0.3, "{object}");
    let codes: Vec<&str> =
        object["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"prior.negative"), "{codes:?}");
}

#[test]
fn every_draw_behind_a_prediction_can_be_had() {
    let bench = fitted();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("draws.csv");
    let out = bench.fine(&format!("predict --draws {}", path.display()));
    // 2 chains of 60 draws, 70 weeks.
    assert!(out.stdout.is_empty() && out.stderr.contains("8400 rows"), "{}{}", out.stdout, out.stderr);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("draw,date,value\n0,2022-01-02,"), "{}", &text[..60]);
    let of_first: Vec<f64> = text
        .lines()
        .filter(|line| line.split(',').nth(1) == Some("2022-01-02"))
        .map(|line| line.rsplit(',').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(of_first.len(), 120);
    let intervals = bench.fine("predict --json").json();
    let mean = of_first.iter().sum::<f64>() / 120.0;
    assert!((number(&intervals[0]["mean"]) / mean - 1.0).abs() < 1e-9);

    // Before any fit, and both at once.
    let (prior, table) = (folder.path().join("prior.parquet"), folder.path().join("table.csv"));
    let words = format!("predict --prior market/mmm.toml --draws {} -o {}", prior.display(), table.display());
    bench.fine(&words);
    assert!(prior.exists() && std::fs::read_to_string(&table).unwrap().starts_with("date,mean,"));
    let text = bench.fine("predict --prior market/mmm.toml").stdout;
    assert!(text.contains("no KPI was looked at"), "{text}");

    for (words, expected) in [
        ("predict fit.mmm --prior market/mmm.toml", "--prior"),
        ("predict --draws draws.xls", "export.unknown_format"),
        ("predict --prior nowhere.toml", "spec.unreadable"),
    ] {
        let out = bench.run(words);
        assert_eq!(out.code, Some(2), "{words}: {}", out.stderr);
        assert!(out.stdout.is_empty() && out.stderr.contains(expected), "{words}: {}", out.stderr);
    }
}
