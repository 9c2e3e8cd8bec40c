//! Curves, plans, scenarios and frontiers: what they promise, what they print, and what can be asked for wrongly.

use crate::bench::{Bench, Out};
use crate::measures::fitted;
use serde_json::{Value, json};

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// The curves of the older weekly market: nobody disputes their optimum.
fn weekly4() -> Value {
    let hill = |name: &str, decay: f64, slope: f64, ec50: f64, coefficient: f64, current: f64| {
        json!({ "name": name, "coefficient": coefficient, "current": current,
            "saturation": { "kind": "hill", "slope": slope, "ec50": ec50 },
            "adstock": { "kind": "geometric", "decay": decay } })
    };
    json!({ "period": "week", "channels": [
        hill("TV", 0.7, 2.0, 10_000.0, 40_000.0, 18_000.0),
        hill("Radio", 0.5, 2.0, 5_000.0, 18_000.0, 9_000.0),
        hill("Digital", 0.3, 1.8, 8_000.0, 48_000.0, 14_000.0),
        hill("Social", 0.2, 1.5, 4_000.0, 25_000.0, 6_877.0),
    ] })
}

fn with_curves(curves: &Value) -> Bench {
    let bench = Bench::new();
    bench.write("c.json", &curves.to_string());
    bench
}

fn spends(plan: &Value) -> Vec<f64> {
    plan["plan"]["channels"].as_array().unwrap().iter().map(|c| number(&c["spend"]["total"])).collect()
}

/// One fault of that code, exit code 2, nothing on standard output, and the numbers a reader needs.
fn refused(out: &Out, words: &str, codes: &[&str], expected: &[&str]) {
    assert_eq!(out.code, Some(2), "{words}: {}", out.stderr);
    assert!(out.stdout.is_empty(), "{words}: {}", out.stdout);
    let found: Vec<&str> = out.stderr.lines().filter_map(|line| line.trim().strip_prefix("code: ")).collect();
    assert_eq!(found, codes, "{words}: {}", out.stderr);
    for part in expected {
        assert!(out.stderr.contains(part), "{words}: {part}: {}", out.stderr);
    }
}

#[test]
fn a_plan_of_a_fit_is_spent_to_the_cent_proven_and_no_worse_than_today() {
    let bench = fitted();
    for words in ["", "--budget 50000", "--budget 1m --horizon 13", "--budget 50000 --unbounded"] {
        let object = bench.fine(&format!("optimize --json --spread 20 {words}")).json();
        let plan = &object["plan"];
        let budget = number(&plan["budget"]["total"]);
        assert!((spends(&object).iter().sum::<f64>() - budget).abs() <= 1e-9 * budget, "{words}");
        assert!(number(&plan["proof"]["relative_gap"]) <= 1e-6, "{words}");
        assert!(number(&plan["kkt_residual"]) <= 1e-6, "{words}");
        let current = &plan["comparisons"][0];
        assert_eq!(current["against"], "current");
        assert!((0.0..=1.0).contains(&number(&current["p_better"])));
        if words.is_empty() {
            assert!(number(&current["lift"]["mean"]) >= 0.0);
        } else if budget == 50_000.0 {
            let to_the_cent = |b: f64| (b * 100.0 - (b * 100.0).round()).abs() < 1e-6;
            assert!(spends(&object).into_iter().all(to_the_cent), "{words}: {:?}", spends(&object));
        }
        for channel in plan["channels"].as_array().unwrap() {
            let [lower, upper, level] =
                ["lower", "upper", "level"].map(|key| number(&channel["outcome"][key]));
            assert!(lower <= upper && level == 0.95, "{channel}");
        }
    }
    let text = bench.fine("optimize --budget 1,040,000 --horizon 13 --level 0.8").stdout;
    for expected in [
        "Plan of 1,040,000 over 13 weeks, 80,000 per week",
        "outcome (80 %)",
        "next unit brings (80 %)",
        "Against current (",
        "better with probability",
        "carried on for a year",
        "proven: no plan within these bounds is better by more than",
        "Carry-over is counted for",
        "at most 30 % around today's mix",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 160), "{text}");
}

/// Row A-1.9 through the command, and groups, bounds and changes on the way.
#[test]
fn stated_curves_lead_to_their_known_plan_and_wishes_are_kept() {
    let bench = with_curves(&weekly4());
    let plan = |words: &str| bench.fine(&format!("optimize --curves c.json --json {words}")).json();
    let best = plan("--budget 47,877 --unbounded");
    assert!((number(&best["plan"]["value"]) / 117_996.0 - 1.0).abs() < 0.005, "{best}");
    let grouped = plan("--unbounded --group screen=TV+Digital:..0.4 --group rest=Radio+Social:0.6..");
    let spent = spends(&grouped);
    assert!(spent[0] + spent[2] <= 0.4 * 47_877.0 + 0.01, "{spent:?}");
    assert!(number(&grouped["plan"]["proof"]["relative_gap"]) <= 1e-6);
    let held = spends(&plan("--change TV=0 --change Radio=-10:50 --max Digital=15k --min Social=7000"));
    assert!((held[0] - 18_000.0).abs() < 1e-9 && (8_100.0..=13_500.0).contains(&held[1]), "{held:?}");
    assert!(held[2] <= 15_000.0 && held[3] >= 7_000.0, "{held:?}");
    let part = plan("--channels TV,Radio --unbounded");
    assert!((spends(&part).iter().sum::<f64>() - 27_000.0).abs() < 1e-6);
    let values: Vec<f64> = ["global", "slsqp", "greedy", "gradient"]
        .map(|method| number(&plan(&format!("--method {method}"))["plan"]["value"]))
        .to_vec();
    assert!(values.iter().all(|value| (value / values[0] - 1.0).abs() < 1e-3), "{values:?}");
    // One set of numbers has no interval, and none is made up.
    let text = bench.fine("optimize --curves c.json").stdout;
    assert!(text.contains("nothing is said of how sure") && !text.contains('…'), "{text}");
}

#[test]
fn a_free_budget_ends_where_its_target_says() {
    let bench = with_curves(&weekly4());
    let plan =
        |words: &str| bench.fine(&format!("optimize --curves c.json --json --max 100k {words}")).json();
    let marginal = plan("--target-mroas 1.5");
    for channel in marginal["plan"]["channels"].as_array().unwrap() {
        let spent = number(&channel["spend"]["total"]);
        assert!(spent == 0.0 || (number(&channel["marginal"]["mean"]) / 1.5 - 1.0).abs() < 1e-3, "{channel}");
    }
    let average = plan("--target-roas 2");
    assert!(number(&average["plan"]["roas"]["mean"]) >= 2.0 - 1e-6, "{average}");
    assert!(spends(&average).iter().sum::<f64>() > spends(&marginal).iter().sum());
    let free = plan("--free --margin 0.4");
    for channel in free["plan"]["channels"].as_array().unwrap() {
        let spent = number(&channel["spend"]["total"]);
        assert!(spent == 0.0 || (number(&channel["marginal"]["mean"]) * 0.4 - 1.0).abs() < 1e-3, "{channel}");
    }
    let out = bench.run("optimize --curves c.json --max 100k --target-roas 50");
    refused(&out, "target", &["plan.target_out_of_reach"], &["50", "within reach"]);
}

#[test]
fn what_no_plan_can_do_is_refused_with_what_could() {
    let bench = with_curves(&weekly4());
    let cases: [(&str, &[&str], &[&str]); 17] = [
        ("--budget 0", &["plan.budget"], &["the budget is 0", "above 0"]),
        ("--budget -5", &["plan.budget"], &["the budget is -5"]),
        ("--budget 10000 --min 5000", &["plan.infeasible"], &["20000", "10000", "between 20000"]),
        ("--budget 100k --max 20k", &["plan.infeasible"], &["80000", "100000", "between 0 and 80000"]),
        ("--min TV=20k --max TV=10k", &["plan.bounds"], &["20000", "10000"]),
        ("--min TV=-1", &["plan.bounds"], &["`TV` are -1"]),
        ("--max TVV=3", &["plan.unknown_channel"], &["did you mean `TV`"]),
        (
            "--max TVV=3 --min Radio=9k --max Radio=8k --budget -1",
            &["plan.unknown_channel", "plan.budget", "plan.bounds"],
            &["9000"],
        ),
        ("--group a=TV+Radio:0.7..0.6", &["plan.group"], &["0.7", "0.6"]),
        ("--group a=TV+Radio:..0.2", &["plan.infeasible"], &["would do"]),
        ("--group a=TV+Radoi:0.1..", &["plan.unknown_channel"], &["did you mean `Radio`"]),
        ("--target-roas -1 --max 1k", &["plan.target"], &["-1"]),
        ("--method global --objective cvar:0.1", &["plan.method"], &["slsqp"]),
        ("--objective quantile:1.5", &["plan.objective"], &["1.5"]),
        ("--margin -1", &["plan.margin"], &["-1"]),
        ("--free", &["plan.no_maximum"; 4], &["--max"]),
        ("--last 3", &["usage.invalid"], &["no past"]),
    ];
    for (words, codes, expected) in cases {
        refused(&bench.run(&format!("optimize --curves c.json {words}")), words, codes, expected);
    }
    let words = [
        "--budget nan",
        "--budget much",
        "--budget inf",
        "--change TV=x",
        "--group a=TV",
        "--free --budget 3",
    ];
    for words in words {
        let out = bench.run(&format!("optimize --curves c.json {words}"));
        assert!(out.code == Some(2) && out.stdout.is_empty(), "{words}: {}", out.stderr);
    }
    let bench = fitted();
    let cases: [(&str, &[&str], &[&str]); 6] = [
        ("optimize --from 2031-01-01", &["window.outside"], &["2022-01-02 to 2023-04-30"]),
        ("optimize --channels TVV", &["plan.unknown_channel"], &["did you mean `TV`"]),
        ("optimize --cost TV=0", &["plan.cost"], &["above 0"]),
        ("optimize --horizon 0", &["usage.invalid"], &["from 1 up"]),
        ("optimize --by-geo", &["usage.invalid"], &["national"]),
        ("curves --reach 0", &["usage.invalid"], &["--reach"]),
    ];
    for (words, codes, expected) in cases {
        refused(&bench.run(words), words, codes, expected);
    }
}

#[test]
fn a_count_has_plans_but_no_profit_until_its_value_is_said() {
    let mut curves = weekly4();
    curves["kpi_kind"] = json!("count");
    curves["kpi"] = json!("signups");
    let bench = with_curves(&curves);
    for words in
        ["--objective profit", "--free --max 30k", "--target-roas 2 --max 30k", "--target-mroas 2 --max 30k"]
    {
        let out = bench.run(&format!("optimize --curves c.json {words}"));
        refused(&out, words, &["plan.no_money"], &["`signups`", "--value-per-kpi"]);
    }
    let text = bench.fine("optimize --curves c.json").stdout;
    assert!(text.contains("Outcome, signups") && text.contains("signups per money"), "{text}");
    assert!(!text.contains("ROAS") && !text.contains("Profit"), "{text}");
    let text = bench.fine("optimize --curves c.json --value-per-kpi 3 --objective profit").stdout;
    assert!(text.contains("Profit"), "{text}");
}

#[test]
fn every_fault_of_a_curves_file_is_said_at_once_with_its_place() {
    let bench = Bench::new();
    bench.write(
        "c.json",
        r#"{ "period": "fortnight", "value_per_kpi": -1, "channels": [
            { "name": "tv", "coefficient": [1, 2, 3], "saturation": { "kind": "hill", "slope": 2 },
              "adstock": { "kind": "geometric", "decay": 1.7 } },
            { "name": "tv", "coefficient": [1, 2], "current": -4 },
            { "name": "x", "cost_per_exposure": 0 } ] }"#,
    );
    let codes = [
        "curves.period",
        "curves.value",
        "curves.missing",
        "curves.range",
        "curves.name",
        "curves.amount",
        "curves.amount",
        "curves.missing",
        "curves.draws",
    ];
    let places = [
        "c.json, period",
        "channels[0].saturation.ec50",
        "channels[0].adstock.decay",
        "channels[1].name",
        "channels[1].current",
        "channels[2].cost_per_exposure",
        "channels[2].coefficient",
        "channels[1].coefficient",
    ];
    refused(&bench.run("optimize --curves c.json"), "faults", &codes, &places);
    bench.write("c.toml", "chanels = 3\n[[channels]]\nname = \"tv\"\ncoefficient = \"much\"\n");
    let out = bench.run("frontier --curves c.toml");
    refused(
        &out,
        "toml",
        &["spec.unknown_key", "spec.invalid_value"],
        &["c.toml", "channels[0].coefficient"],
    );
    bench.write("c.toml", "");
    refused(&bench.run("curves --curves c.toml"), "empty", &["curves.empty"], &["at least one channel"]);
    let out = bench.run("optimize --curves nowhere.json");
    assert!(out.code == Some(2) && out.stderr.contains("nowhere.json"), "{}", out.stderr);
    // What is asked for is what the schema says.
    assert!(bench.fine("schema --curves").stdout.contains("cost_per_exposure"));
}

#[test]
fn plans_travel_as_files_and_are_compared() {
    let bench = with_curves(&weekly4());
    bench.fine("optimize --curves c.json --unbounded -o best.json --quiet");
    bench.fine("optimize --curves c.json -o usual.csv --quiet");
    let out = bench.run("optimize --curves c.json -o best.json");
    assert!(out.code == Some(2) && out.stderr.contains("--force"), "{}", out.stderr);
    bench.write("half.csv", "channel,spend\nTV,9k\nRadio,\"4,500\"\nDigital,7000\nSocial,3438.5\n");
    bench.write("plain.json", r#"{ "TV": 20000, "Radio": 5000 }"#);
    let words = "scenario --curves c.json --plan best.json usual.csv --plan half.csv plain.json";
    let object = bench.fine(&format!("{words} --json")).json();
    let scenarios = object["scenarios"].as_array().unwrap();
    let names: Vec<&str> = scenarios.iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["current", "best", "usual", "half", "plain"]);
    let outcome = |i: usize| number(&scenarios[i]["outcome"]["mean"]);
    assert!(outcome(1) >= outcome(2) && outcome(2) >= outcome(0) && outcome(0) > outcome(3));
    assert!((number(&scenarios[3]["budget"]["total"]) - 23_938.5).abs() < 1e-9);
    let csv = bench.fine(&format!("{words} --format csv")).stdout;
    assert!(csv.starts_with("plan,channel,spend,spend_per_period,plan_budget,"), "{csv}");
    assert_eq!(csv.lines().count(), 1 + 5 * 4);
    let text = bench.fine(words).stdout;
    assert!(text.contains("best") && text.contains("Against current"), "{text}");

    bench.write("bad.csv", "channel,spend\nTV,x\n");
    bench.write("names.csv", "channel,spnd\nTV,3\n");
    let out = bench.run("scenario --curves c.json --plan bad.csv names.csv");
    refused(&out, "plans", &["plan.amount", "plan.columns"], &["bad.csv, row 2", "channel, spnd"]);
    bench.write("bad.csv", "channel,spend\nTV,-3\nRadoi,3\n");
    let out = bench.run("scenario --curves c.json --plan bad.csv");
    refused(&out, "plan", &["plan.amount", "plan.unknown_channel"], &["`TV` gets -3", "`Radoi`"]);
    refused(&bench.run("scenario --curves c.json"), "none", &["usage.invalid"], &["--plan"]);
}

#[test]
fn a_frontier_rises_ever_more_slowly_and_says_where_it_bends() {
    let bench = with_curves(&weekly4());
    let object =
        bench.fine("frontier --curves c.json --unbounded --json --least 20k --most 200k --points 10").json();
    let points = object["frontier"]["points"].as_array().unwrap();
    let of = |key: &str| -> Vec<f64> { points.iter().map(|p| number(&p[key]["mean"])).collect() };
    assert_eq!(points.len(), 10);
    assert!(of("outcome").windows(2).all(|pair| pair[0] < pair[1]));
    assert!(of("marginal").windows(2).all(|pair| pair[0] > pair[1]));
    assert!(points.iter().all(|p| number(&p["proof"]["relative_gap"]) <= 1e-6));
    let bends = number(&object["frontier"]["diminishing"]["budget"]["total"]);
    assert!((20e3..=200e3).contains(&bends), "{bends}");
    // The last unit of money brings one where it says so.
    let even = number(&object["frontier"]["break_even"]["budget"]["total"]);
    let at = bench.fine(&format!("frontier --curves c.json --unbounded --json --budgets {even}")).json();
    assert!((number(&at["frontier"]["points"][0]["marginal"]["mean"]) - 1.0).abs() < 0.05, "{at}");
    let csv = bench.fine("frontier --curves c.json --format csv --points 3").stdout;
    assert!(csv.starts_with("budget,budget_per_period,outcome_mean,") && csv.contains("spend[TV]"), "{csv}");
    let text = bench.fine("frontier --curves c.json").stdout;
    assert!(text.contains("the frontier bends most here") && text.contains("proven to within"), "{text}");

    let out = bench.fine("frontier --curves c.json --min 10k --budgets 20k,50k");
    assert!(out.stderr.contains("no plan for 20,000"), "{}", out.stderr);
    for (words, codes, expected) in [
        ("--min 20k --budgets 10k", &["plan.infeasible"], "80000"),
        ("--budgets=-5,100", &["plan.budget"], "-5"),
        ("--least 10 --most 5", &["usage.invalid"], "--least below --most"),
    ] {
        refused(&bench.run(&format!("frontier --curves c.json {words}")), words, codes, &[expected]);
    }
}

#[test]
fn curves_mark_today_the_most_ever_and_what_nobody_has_seen() {
    let bench = fitted();
    let text = bench.fine("curves --channels TV").stdout;
    for expected in ["today", "most ever", "never seen", "spend per week", "outcome, money (95 %)"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let object = bench.fine("curves --json --points 20").json();
    for curve in object["curves"].as_array().unwrap() {
        let points = curve["points"].as_array().unwrap();
        let outcome: Vec<f64> = points.iter().map(|p| number(&p["outcome"]["mean"])).collect();
        assert!(outcome[0] == 0.0 && outcome.windows(2).all(|pair| pair[0] < pair[1]), "{curve}");
        assert!(points.iter().any(|p| p["spend"] == curve["current"]), "{curve}");
        assert!(points.iter().any(|p| p["spend"] == curve["highest"]), "{curve}");
    }
    let csv = bench.fine("curves --kind flighting --last 20 --format csv").stdout;
    assert!(csv.starts_with("channel,spend,factor,current,highest,beyond_seen,outcome_mean,"), "{csv}");
    // At its own flighting a curve says what `roi` says of the same window.
    let at_one = csv.lines().find(|line| line.starts_with("TV,") && line.split(',').nth(2) == Some("1"));
    let contribution: f64 = at_one.unwrap().split(',').nth(6).unwrap().parse().unwrap();
    let returns = bench.fine("roi --last 20 --json").json();
    let expected = number(&returns["returns"]["channels"][0]["contribution"]["mean"]);
    assert!((contribution / expected - 1.0).abs() < 1e-9, "{contribution} {expected}");
}

#[test]
fn money_is_spent_in_the_stated_rhythm() {
    let bench = fitted();
    bench.write("rhythm.csv", "week,all,TV\n1,1,0\n2,1,0\n3,1,1\n4,1,3\n");
    let object = bench.fine("optimize --json --horizon 4 --flighting rhythm.csv --budget 200k").json();
    assert!((spends(&object).iter().sum::<f64>() - 200_000.0).abs() < 1e-4);
    let even = bench.fine("optimize --json --horizon 4 --budget 200k").json();
    assert!(number(&object["plan"]["value"]) != number(&even["plan"]["value"]));
    bench.write("short.csv", "week,all\n1,1\n2,-1\n");
    let out = bench.run("optimize --horizon 4 --flighting short.csv");
    refused(&out, "short", &["flighting.length", "flighting.weight"], &["2 rows", "4 periods", "`all`"]);
    let out = bench.run("optimize --horizon 4 --flighting burst");
    refused(&out, "word", &["usage.invalid"], &["steady, even, historic"]);
}

#[test]
fn a_panel_is_planned_as_a_whole_or_geo_by_geo() {
    let bench = Bench::new();
    bench.fine("simulate --preset geo --geos 3 --periods 60 -o g --quiet");
    bench.fine("fit g/mmm.toml --chains 1 --draws 20 --tune 60 --quiet");
    let whole = bench.fine("optimize --json").json();
    let by_geo = bench.fine("optimize --json --by-geo").json();
    let (n, cells) = (spends(&whole).len(), spends(&by_geo));
    assert_eq!(cells.len(), 3 * n);
    assert!((cells.iter().sum::<f64>() / spends(&whole).iter().sum::<f64>() - 1.0).abs() < 1e-9);
    // Whoever may move money between geos does no worse.
    assert!(number(&by_geo["plan"]["value"]) >= number(&whole["plan"]["value"]) * (1.0 - 1e-6));
    let names: Vec<&str> =
        by_geo["plan"]["channels"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    let held = format!("optimize --json --by-geo --change 30 --change {}=0", names[0]);
    let held = bench.fine(&held).json();
    let today = number(&held["plan"]["moves"][0]["current"]["total"]);
    assert!((spends(&held)[0] / today - 1.0).abs() < 1e-6, "{held}");
}

/// Row A-0.6: spends so high that every curve is flat; whoever plans on them is told.
#[test]
fn a_plan_on_effects_that_cannot_be_told_apart_says_so() {
    let bench = Bench::new();
    bench.fine("simulate --preset lite -o l --quiet");
    bench.fine("fit l/mmm.toml --chains 2 --draws 150 --tune 200 --quiet");
    let out = bench.fine("optimize --budget 60000 --min 0 --max 40000 --spread 0 --json");
    let spent = spends(&out.json());
    assert!((spent.iter().sum::<f64>() - 60_000.0).abs() < 1e-6, "{spent:?}");
    assert!(spent.iter().all(|b| (0.0..=40_000.0).contains(b)), "{spent:?}");
    assert!(out.stderr.contains("identification."), "{}", out.stderr);
}
