//! What a fit says of itself and of others.

use crate::bench::Bench;
use crate::measures::fitted;
use serde_json::Value;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn a_diagnosis_holds_accuracy_residuals_and_prediction_of_the_unseen() {
    let out = fitted().run("diagnose");
    // Sixty draws pass no gate: the exit code says so.
    assert_eq!(out.code, Some(1), "{}", out.stderr);
    for expected in [
        "adjusted R²",
        "CRPS",
        "inside their 50 % predictive interval",
        "PIT, distance from uniform",
        "Bayesian R²",
        "Durbin-Watson",
        "Ljung-Box",
        "Shapiro-Wilk",
        "Jarque-Bera",
        "D'Agostino",
        "Variance inflation: TV ",
        "leave-one-out",
        "WAIC",
        "AIC ",
    ] {
        assert!(out.stdout.contains(expected), "{expected}: {}", out.stdout);
    }
    let object = fitted().run("diagnose --json").json();
    let training = &object["accuracy"]["training"];
    assert!(number(&training["adjusted_r_squared"]) < number(&training["r_squared"]));
    let [half, most, nearly] =
        ["coverage_50", "coverage_80", "coverage_95"].map(|key| number(&training[key]));
    assert!(half <= most && most <= nearly);
    let loo = &object["information"]["loo"];
    assert_eq!(loo["pointwise"].as_array().unwrap().len(), 66);
    assert!(number(&loo["elpd"]) < 0.0 && number(&loo["p"]) > 0.0);
    assert_eq!(object["residuals"]["values"].as_array().unwrap().len(), 66);
}

#[test]
fn fits_of_the_same_data_are_compared_and_others_refused() {
    let bench = Bench::new();
    bench.fine("simulate --preset weekly4 --periods 80 --seed 3 -o market --quiet");
    bench.fine("fit market/mmm.toml --chains 2 --draws 200 --tune 200 --quiet -o whole.mmm");
    // The same model without the channel that matters most, by name of its block.
    let spec = bench.read("market/mmm.toml");
    let blocks: Vec<&str> = spec.split("[[channel]]").collect();
    bench.write("market/less.toml", &[blocks[0], blocks[1], blocks[2], blocks[4]].join("[[channel]]"));
    bench.fine("fit market/less.toml --chains 2 --draws 200 --tune 200 --quiet -o less.mmm");
    let standings = bench.fine("compare less.mmm whole.mmm --json").json();
    let best = standings["best_first"].as_array().unwrap();
    assert_eq!((best[0]["name"].as_str(), best[1]["name"].as_str()), (Some("whole.mmm"), Some("less.mmm")));
    assert!(number(&best[0]["difference"]) == 0.0 && number(&best[1]["difference"]) < 0.0);
    let weights = number(&best[0]["weight"]) + number(&best[1]["weight"]);
    assert!((weights - 1.0).abs() < 1e-9 && number(&best[0]["weight"]) > 0.5);
    let text = bench.fine("compare less.mmm whole.mmm").stdout;
    assert!(text.contains("behind the best") && text.contains("predict"), "{text}");
    let csv = bench.fine("compare less.mmm whole.mmm --format csv").stdout;
    assert!(csv.starts_with("fit,elpd_loo,se,difference,") && csv.lines().count() == 3, "{csv}");

    // Nothing was held out, and nothing is said of it.
    assert!(standings["holdout"] == "none" && !text.contains("held out"), "{text}");

    bench.fine("fit market/mmm.toml --chains 1 --draws 20 --tune 40 --holdout 8 --quiet -o held.mmm");
    for (words, code, expected) in [
        ("compare whole.mmm", "compare.single", "two or more"),
        ("compare whole.mmm held.mmm", "compare.other_data", "72 observations"),
        ("compare whole.mmm nowhere.mmm", "fit_file.cannot_read", "nowhere.mmm"),
    ] {
        let out = bench.run(words);
        assert_eq!(out.code, Some(2), "{words}: {}", out.stderr);
        assert!(out.stderr.contains(code) && out.stderr.contains(expected), "{words}: {}", out.stderr);
    }
}

#[test]
fn what_all_fits_held_out_is_compared_and_what_they_did_not_is_said() {
    let bench = Bench::new();
    bench.fine("simulate --preset weekly4 --periods 50 --seed 3 -o market --quiet");
    let few = "--chains 2 --draws 40 --tune 60 --quiet";
    bench.fine(&format!("fit market/mmm.toml --holdout 5 --seed 1 {few} -o a.mmm"));
    bench.fine(&format!("fit market/mmm.toml --holdout 5 --seed 2 {few} -o b.mmm"));
    // The same 45 weeks learned from, and nothing behind them.
    let rows = bench.read("market/data.csv");
    let lines: Vec<&str> = rows.lines().take(46).collect();
    bench.write("short.csv", &(lines.join("\n") + "\n"));
    bench.fine(&format!("fit market/mmm.toml --data short.csv --seed 3 {few} -o c.mmm"));

    let object = bench.fine("compare a.mmm b.mmm --json").json();
    assert_eq!(object["holdout"], "same");
    for standing in object["best_first"].as_array().unwrap() {
        let held = &standing["holdout"];
        assert!(held["n"] == 5 && number(&held["crps"]) > 0.0 && number(&held["mape"]) > 0.0, "{held}");
        // The very figures of `mmm diagnose`, but for the noise of the predictions.
        let name = standing["name"].as_str().unwrap();
        let alone = bench.run(&format!("diagnose {name} --json")).json();
        assert_eq!(held["rmse"], alone["accuracy"]["holdout"]["rmse"]);
    }
    let text = bench.fine("compare a.mmm b.mmm").stdout;
    assert!(text.contains("held out") && text.contains("inside 50 %"), "{text}");
    let csv = bench.fine("compare a.mmm b.mmm --format csv").stdout;
    assert!(
        csv.lines().next().unwrap().contains("holdout_rmse,holdout_mape,holdout_crps,holdout_coverage_50")
    );

    let object = bench.fine("compare a.mmm c.mmm --json").json();
    assert!(object["best_first"][0].get("holdout").is_none() && object["holdout"]["differs"].is_string());
    let text = bench.fine("compare a.mmm c.mmm").stdout;
    let expected = "`a.mmm` held out 2022-11-13 to 2022-12-11, 5 observations, `c.mmm` held out nothing";
    assert!(text.contains("Holdouts are not compared") && text.contains(expected), "{text}");
}
