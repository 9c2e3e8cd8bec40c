//! Each way of going wrong: one pass tells all of it, with places, hints and the right exit code.

use crate::bench::Bench;

const SPEC: &str = "[data]\nfile = \"data.csv\"\ntime = \"week\"\nkpi = \"sales\"\n\n\
                    [[channel]]\nname = \"tv\"\nspend = \"tv_spend\"\n\n\
                    [[channel]]\nname = \"web\"\nspend = \"web_spend\"\n";

/// Sixty weeks that move, with whatever `change` does to a row.
fn data(change: impl Fn(usize, &mut Vec<String>)) -> String {
    let mut text = String::from("week,sales,tv_spend,web_spend\n");
    for i in 0..60_usize {
        let date = jiff::civil::date(2023, 1, 2) + jiff::ToSpan::weeks(i as i64);
        let (tv, web) = ((i * 37 % 11) * 10, (i * 53 % 7) * 9);
        let sales = 1000 + 2 * tv + web + i * 29 % 13;
        let mut row = vec![date.to_string(), sales.to_string(), tv.to_string(), web.to_string()];
        change(i, &mut row);
        text += &(row.join(",") + "\n");
    }
    text
}

fn market() -> Bench {
    let bench = Bench::new();
    bench.write("mmm.toml", SPEC);
    bench.write("data.csv", &data(|_, _| {}));
    bench
}

#[test]
fn a_missing_spec_says_how_to_get_one() {
    for command in ["check", "fit", "density", "show-spec"] {
        let out = Bench::new().run(command);
        assert_eq!(out.code, Some(2), "{command}");
        assert!(out.stderr.contains("mmm.toml") && out.stderr.contains("mmm init"), "{}", out.stderr);
        assert!(out.stdout.is_empty());
    }
}

#[test]
fn faults_of_spec_and_data_are_told_together() {
    let bench = market();
    bench.write(
        "mmm.toml",
        &SPEC
            .replace("kpi =", "kip =")
            .replace("name = \"web\"", "name = \"web\"\nadstock = { kind = \"geometrc\" }"),
    );
    bench.write(
        "data.csv",
        &data(|i, row| {
            if i == 8 {
                row[2] = "-5".into();
            }
        }),
    );
    let out = bench.run("check");
    assert_eq!(out.code, Some(1));
    for expected in ["mmm.toml:4:1", "did you mean `kpi`?", "geometrc", "^"] {
        assert!(out.stderr.contains(expected), "{expected}: {}", out.stderr);
    }
    bench.write("mmm.toml", &SPEC.replace("spend = \"web_spend\"", "spend = \"web_spent\""));
    let out = bench.run("check");
    assert_eq!(out.code, Some(1));
    for expected in ["web_spent", "web_spend", "row 10", "-5", "tv_spend"] {
        assert!(out.stderr.contains(expected), "{expected}: {}", out.stderr);
    }
}

#[test]
fn faulty_data_exit_with_one_and_a_faulty_spec_with_two() {
    let bench = market();
    bench.write(
        "data.csv",
        &data(|i, row| {
            if i == 8 {
                row[2] = "-5".into();
            }
        }),
    );
    assert_eq!(bench.run("fit").code, Some(1));
    assert!(!bench.path("fit.mmm").exists());
    let bench = market();
    bench.write("mmm.toml", &SPEC.replace("[data]", "[dta]"));
    assert_eq!(bench.run("fit").code, Some(2));
}

#[test]
fn problems_are_json_for_programs() {
    let bench = market();
    bench.write("mmm.toml", &SPEC.replace("time =", "tiem ="));
    let check = bench.run("check --json");
    assert_eq!(check.code, Some(1));
    let object = check.json();
    assert_eq!(object["ok"], false);
    let first = &object["problems"][0];
    assert_eq!(first["code"], "spec.unknown_key");
    assert_eq!(first["at"]["position"]["line"], 3);
    let fit = bench.run("fit --json");
    assert!(fit.stdout.is_empty());
    let object: serde_json::Value = serde_json::from_str(&fit.stderr).unwrap();
    assert_eq!(object["problems"][0]["severity"], "error");
}

#[test]
fn a_missing_data_file_is_one_clear_fault() {
    let bench = Bench::new();
    bench.write("mmm.toml", SPEC);
    let out = bench.run("check");
    assert_eq!(out.code, Some(1));
    assert!(out.stderr.contains("data.csv"), "{}", out.stderr);
    assert_eq!(Bench::new().run("init gone.csv").code, Some(2));
}

#[test]
fn a_file_that_is_no_fit_is_told_so_by_every_command() {
    let bench = Bench::new();
    bench.write("fit.mmm", "not a fit");
    for words in ["summary", "diagnose", "predict", "decompose", "export"] {
        for words in [words.to_owned(), format!("{words} gone.mmm")] {
            let out = bench.run(&words);
            assert_eq!(out.code, Some(2), "{words}: {}", out.stderr);
            assert!(out.stderr.contains("error:") && out.stdout.is_empty(), "{words}");
        }
    }
}

#[test]
fn init_does_not_replace_a_spec_unless_told_to() {
    let bench = market();
    let out = bench.run("init data.csv");
    assert_eq!(out.code, Some(2));
    assert!(out.stderr.contains("--force"), "{}", out.stderr);
    assert_eq!(bench.read("mmm.toml"), SPEC);
    bench.fine("init data.csv --force");
    assert!(bench.read("mmm.toml").contains("tv_spend"));
}

#[test]
fn simulate_does_not_replace_a_market_unless_told_to() {
    let bench = Bench::new();
    bench.fine("simulate --periods 60 -o m --seed 1");
    bench.fine("simulate --periods 60 -o m --seed 1");
    assert_eq!(bench.run("simulate --periods 60 -o m --seed 2").code, Some(2));
    bench.fine("simulate --periods 60 -o m --seed 2 --force");
    assert_eq!(bench.run("simulate --periods 0 -o n").code, Some(2));
}

#[test]
fn a_point_with_wrong_names_is_told_the_right_ones() {
    let bench = market();
    bench.write("point.json", "{\"decy\": 0.5}");
    let out = bench.run("density --at point.json");
    assert_eq!(out.code, Some(2));
    assert!(out.stderr.contains("did you mean `decay`?") && out.stderr.contains("sigma"), "{}", out.stderr);
    bench.write("point.json", "{");
    assert!(bench.run("density --at point.json").stderr.contains("not JSON"));
}
