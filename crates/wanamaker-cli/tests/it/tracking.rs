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

const FEW: &str = "--chains 2 --draws 60 --tune 60 --quiet";

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
    let plan = format!("--folds 1 --horizon 3 --min-train 30 {FEW} --seed 9");
    let of_spec = bench.run(&format!("backtest market/mmm.toml {plan} --format csv"));
    let of_fit = bench.run(&format!("backtest fit.mmm {plan} --format csv"));
    assert_eq!(of_spec.code, Some(1), "{}", of_spec.stderr);
    assert_eq!(of_spec.stdout, of_fit.stdout);
    assert!(of_fit.stdout.starts_with("fold,date,geo,mean,"), "{}", of_fit.stdout);
    assert_eq!(of_fit.stdout.lines().count(), 1 + 2 * 3);
    let text = bench.run(&format!("backtest market/mmm.toml {plan}")).stdout;
    for expected in ["1 NOT CONVERGED", "skill", "inside 50 %", "R-hat", "Fewer than two folds"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn folds_of_a_panel_that_converge_are_judged_by_every_gate() {
    let bench = Bench::new();
    market(&bench, "--preset geo --geos 2 --periods 80");
    let plan = "--folds 2 --horizon 6 --min-train 60 --target-accept 0.97 --quiet --json";
    // Nothing is foreseen to within a tenth of a per cent; all else is as it should be.
    let out = bench.run(&format!("backtest market/mmm.toml {plan} --max-mape 0.1"));
    assert_eq!(out.code, Some(1), "{}", out.stderr);
    let object = out.json();
    let codes: Vec<&Value> =
        object["problems"].as_array().unwrap().iter().map(|problem| &problem["code"]).collect();
    assert_eq!(codes, ["backtest.mape"], "{object}");
    for fold in object["backtest"]["folds"].as_array().unwrap() {
        assert_eq!(fold["converged"], true, "{fold}");
    }
    let totals = &object["backtest"]["totals"];
    assert!(number(&totals["accuracy"]["mape"]) < 10.0, "{totals}");
    assert_eq!(number(&totals["accuracy"]["n"]), 24.0);
    // ROAS and decay of four channels, fold against fold.
    assert_eq!(object["backtest"]["stability"].as_array().unwrap().len(), 8);
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
        ("backtest market/mmm.toml --data nowhere.csv", "file.not_found", "nowhere.csv"),
    ] {
        let out = bench.run(words);
        assert_eq!(out.code, Some(2), "{words}: {}", out.stderr);
        assert!(out.stderr.contains(code) && out.stderr.contains(expected), "{words}: {}", out.stderr);
        assert!(out.stdout.is_empty(), "{words}: {}", out.stdout);
    }
}

/// Seventy weeks, the first sixty of them fitted: `train.csv`, `fit.mmm`, and the rest as `new.csv`.
fn fitted() -> Bench {
    let bench = Bench::new();
    market(&bench, "--preset weekly4 --periods 70");
    let rows = bench.read("market/data.csv");
    let lines: Vec<&str> = rows.lines().collect();
    bench.write("train.csv", &(lines[..61].join("\n") + "\n"));
    bench.write("new.csv", &rows_of(&lines, |_, row| row.to_owned()));
    bench.fine(&format!("fit market/mmm.toml --data train.csv {FEW} --seed 5 -o fit.mmm"));
    bench
}

/// The header and the last ten rows, each rewritten.
fn rows_of(lines: &[&str], change: impl Fn(usize, &str) -> String) -> String {
    let new = lines[61..].iter().enumerate().map(|(k, row)| change(k, row) + "\n");
    std::iter::once(lines[0].to_owned() + "\n").chain(new).collect()
}

/// The row with the cell of `column` rewritten.
fn with_cell(header: &str, row: &str, column: &str, change: impl Fn(f64) -> String) -> String {
    let at = header.split(',').position(|name| name == column).unwrap();
    let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
    cells[at] = change(cells[at].parse().unwrap());
    cells.join(",")
}

#[test]
fn new_periods_are_held_against_the_fit_and_what_breaks_is_named_with_its_date() {
    let bench = fitted();
    let rows = bench.read("market/data.csv");
    let lines: Vec<&str> = rows.lines().collect();
    let kpi = |change: &dyn Fn(usize, f64) -> String| {
        rows_of(&lines, |k, row| with_cell(lines[0], row, "revenue", |y| change(k, y)))
    };
    let codes = |object: &Value, key: &str| -> Vec<String> {
        let all = object[key].as_array().unwrap().iter();
        all.map(|problem| problem["code"].as_str().unwrap().to_owned()).collect()
    };

    // As it was simulated: nothing is broken. But sixty draws pass no gate, and that is said first and decides.
    let out = bench.run("monitor fit.mmm --data new.csv");
    assert_eq!(out.code, Some(1), "{}", out.stderr);
    for expected in
        ["2023-02-26 to 2023-04-30, 10 weeks, 70 days since training", "CUSUM", "PSI", "TV", "price"]
    {
        assert!(out.stdout.contains(expected), "{expected}: {}", out.stdout);
    }
    let doubt = out.stderr.find("NOT CONVERGED").unwrap();
    assert!(doubt < out.stderr.find("REFIT: the fit had not converged").unwrap(), "{}", out.stderr);
    let object = bench.run("monitor fit.mmm --data new.csv --json").json();
    assert_eq!(
        (codes(&object, "problems").len(), &object["verdict"]),
        (0, &Value::from("refit")),
        "{object}"
    );
    assert_eq!(object["monitor"]["coverage"]["n"], 10);
    assert!(object["monitor"]["inputs"].as_array().unwrap().iter().all(|input| input["degree"] == "stable"));

    // The KPI falls by half from the second new week on.
    bench.write("fallen.csv", &kpi(&|k, y| if k < 1 { y } else { 0.5 * y }.to_string()));
    let object = bench.run("monitor fit.mmm --data fallen.csv --json").json();
    assert_eq!(codes(&object, "problems"), ["monitor.coverage", "monitor.pit", "monitor.cusum"]);
    assert_eq!(object["monitor"]["cusum"]["alarm"], serde_json::json!(["2023-03-05", "below"]));

    // What is not known yet leaves predictions, and stays among the inputs.
    bench.write("partly.csv", &kpi(&|k, y| if k < 6 { y.to_string() } else { String::new() }));
    let object = bench.run("monitor fit.mmm --data partly.csv --json").json();
    let own = &object["monitor"];
    assert_eq!(
        (&own["unknown"], &own["coverage"]["n"], &own["n_periods"]),
        (&4.into(), &6.into(), &10.into())
    );
    assert_eq!(own["inputs"][0]["n"], 10);

    // Five times the money where there never was so much.
    let spent =
        rows_of(&lines, |_, row| with_cell(lines[0], row, "TV_spend", |x| (5.0 * x + 1e5).to_string()));
    bench.write("spent.csv", &spent);
    let object = bench.run("monitor fit.mmm --data spent.csv --json -o inputs.csv").json();
    assert_eq!(codes(&object, "remarks"), ["monitor.inputs"]);
    let tv = &object["monitor"]["inputs"][0];
    assert_eq!((&tv["name"], &tv["degree"], &tv["outside"]), (&"TV".into(), &"shifted".into(), &10.into()));
    let csv = bench.read("inputs.csv");
    assert!(csv.starts_with("input,kind,training_mean,new_mean,psi,") && csv.contains("TV,spend,"), "{csv}");
}

#[test]
fn new_periods_that_say_nothing_are_refused_with_what_to_do() {
    let bench = fitted();
    let rows = bench.read("market/data.csv");
    let lines: Vec<&str> = rows.lines().collect();
    bench.write(
        "blank.csv",
        &rows_of(&lines, |_, row| with_cell(lines[0], row, "revenue", |_| String::new())),
    );
    for (words, exit, code, expected) in [
        ("monitor fit.mmm --data blank.csv", 1, "data.no_kpi", "`revenue` has no value"),
        ("monitor fit.mmm --data train.csv", 1, "data.overlap", "2023-02-26"),
        ("monitor fit.mmm --data nowhere.csv", 2, "file.not_found", "nowhere.csv"),
        ("monitor nowhere.mmm --data new.csv", 2, "fit_file.cannot_read", "nowhere.mmm"),
        ("monitor fit.mmm", 2, "", "--data"),
    ] {
        let out = bench.run(words);
        assert_eq!(out.code, Some(exit), "{words}: {}", out.stderr);
        assert!(out.stderr.contains(code) && out.stderr.contains(expected), "{words}: {}", out.stderr);
        assert!(out.stdout.is_empty(), "{words}: {}", out.stdout);
    }
}
