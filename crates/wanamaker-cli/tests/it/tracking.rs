//! Models held against what came after them: backtests.

use crate::bench::Bench;
use serde_json::Value;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// Forty weeks, small enough to be fitted several times; so few draws pass no gate of convergence.
fn market(bench: &Bench, words: &str) {
    bench.fine(&format!("simulate {words} --seed 3 -o market --quiet"));
}

const FEW: &str = "--chains 2 --draws 40 --tune 60 --quiet";

#[test]
fn folds_that_have_not_converged_are_named_and_never_counted() {
    let bench = Bench::new();
    market(&bench, "--preset weekly4 --periods 50");
    let out = bench.run(&format!(
        "backtest market/mmm.toml --folds 2 --horizon 4 --min-train 40 {FEW} --json -o predictions.csv"
    ));
    assert_eq!(out.code, Some(1), "{}", out.stderr);
    let object = out.json();
    assert_eq!((&object["passed"], &object["backtest"]["totals"]), (&Value::Bool(false), &Value::Null));
    assert_eq!(object["problems"][0]["code"], "backtest.not_converged");
    assert!(object["problems"][0]["message"].as_str().unwrap().contains("folds 1, 2"));
    assert_eq!(object["backtest"]["stability"].as_array().unwrap().len(), 0);
    let folds = object["backtest"]["folds"].as_array().unwrap();
    let stretch = |k: usize, key: &str| folds[k][key].as_str().unwrap().to_owned();
    // Weeks of 2022; the last fold ends with the data, and each begins where its training stops.
    assert_eq!((stretch(0, "train_to"), stretch(0, "test_from")), ("2022-10-16".into(), "2022-10-23".into()));
    assert_eq!((stretch(1, "test_from"), stretch(1, "test_to")), ("2022-11-20".into(), "2022-12-11".into()));
    assert_eq!((number(&folds[0]["n_train"]), number(&folds[1]["n_train"])), (42.0, 46.0));
    for fold in folds {
        assert_eq!((number(&fold["accuracy"]["n"]), number(&fold["coverage"]["n"])), (4.0, 4.0));
        assert!(number(&fold["accuracy"]["crps"]) > 0.0 && number(&fold["naive_mae"]) > 0.0);
    }
    let csv = bench.read("predictions.csv");
    assert!(csv.starts_with("fold,date,mean,sd,median,lower,upper,actual,converged\n"), "{csv}");
    assert_eq!(csv.lines().count(), 9);
    // The same words, the same numbers, on any number of threads.
    let again = bench.run(&format!(
        "backtest market/mmm.toml --folds 2 --horizon 4 --min-train 40 {FEW} --threads 1 --format csv"
    ));
    assert_eq!(again.stdout, csv);
}

#[test]
fn a_panel_is_tested_by_geo_from_a_fit_as_well_as_from_a_spec() {
    let bench = Bench::new();
    market(&bench, "--preset geo --geos 2 --periods 40");
    bench.fine(&format!("fit market/mmm.toml {FEW} --seed 9 -o fit.mmm"));
    let plan = format!("--folds 1 --horizon 3 --min-train 30 {FEW} --seed 9 --format csv");
    let of_spec = bench.run(&format!("backtest market/mmm.toml {plan}"));
    let of_fit = bench.run(&format!("backtest fit.mmm {plan}"));
    assert_eq!(of_spec.code, Some(1), "{}", of_spec.stderr);
    assert_eq!(of_spec.stdout, of_fit.stdout);
    assert!(of_fit.stdout.starts_with("fold,date,geo,mean,"), "{}", of_fit.stdout);
    assert_eq!(of_fit.stdout.lines().count(), 1 + 2 * 3);
    let text = bench.run(&format!("backtest market/mmm.toml {plan} --format table")).stdout;
    for expected in ["1 NOT CONVERGED", "skill", "inside 50 %", "R-hat", "Fewer than two folds"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn a_backtest_that_cannot_be_done_says_what_would_do() {
    let bench = Bench::new();
    market(&bench, "--preset weekly4 --periods 60");
    for (words, code, expected) in [
        ("backtest market/mmm.toml", "backtest.too_few_periods", "3 folds need 76 weeks"),
        ("backtest market/mmm.toml", "backtest.too_few_periods", "--folds 1"),
        ("backtest market/mmm.toml --folds 0", "backtest.bad_plan", "--folds is 0"),
        ("backtest market/mmm.toml --horizon 2 --holdout 3", "", "cannot be used with"),
        ("backtest market/mmm.toml --max-mape 0", "", "above 0"),
        ("backtest nowhere.toml", "spec.unreadable", "nowhere.toml"),
        ("backtest market/mmm.toml --data nowhere.csv", "data.", "nowhere.csv"),
    ] {
        let out = bench.run(words);
        assert!(out.code == Some(2) || code == "data.", "{words}: {}", out.stderr);
        assert!(out.stderr.contains(code) && out.stderr.contains(expected), "{words}: {}", out.stderr);
        assert!(out.stdout.is_empty(), "{words}: {}", out.stdout);
    }
}
