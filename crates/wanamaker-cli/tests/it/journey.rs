//! From a data file to a posterior and what is asked of it, on a small simulated market with few draws.

use crate::bench::Bench;
use std::sync::OnceLock;

/// A market fitted once for all tests that only read it.
fn fitted() -> &'static Bench {
    static BENCH: OnceLock<Bench> = OnceLock::new();
    BENCH.get_or_init(|| {
        let bench = Bench::new();
        bench.fine("simulate --preset weekly4 --periods 70 --seed 3 -o market");
        // The last six weeks are kept back as new periods.
        let rows: Vec<String> = bench.read("market/data.csv").lines().map(str::to_owned).collect();
        bench.write("past.csv", &(rows[..65].join("\n") + "\n"));
        bench.write(
            "next.csv",
            &(rows[..1].iter().chain(&rows[65..]).cloned().collect::<Vec<_>>().join("\n") + "\n"),
        );
        bench.fine("init past.csv");
        bench.fine("fit --chains 2 --draws 60 --tune 120 --seed 5 --holdout 4");
        bench
    })
}

#[test]
fn init_writes_a_spec_that_check_accepts() {
    let bench = fitted();
    let spec = bench.read("mmm.toml");
    for expected in ["preset = \"standard\"", "file = \"past.csv\"", "[[channel]]", "  # "] {
        assert!(spec.contains(expected), "{expected}: {spec}");
    }
    let check = bench.fine("check --json").json();
    assert_eq!(check["ok"], true);
    assert_eq!(check["facts"]["periods"], 64);
    assert!(check["facts"]["observations_per_parameter"].as_f64().unwrap() > 1.0);
    assert!(bench.fine("check").stdout.contains("64 weeks"));
    assert_eq!(bench.fine("init past.csv -o -").stdout, spec);
    let json = bench.fine("init past.csv -o - --json").json();
    assert_eq!(json["preset"], "standard");
}

#[test]
fn a_summary_has_every_number_with_its_interval() {
    let bench = fitted();
    let out = bench.fine("summary");
    for expected in ["95 % interval", "R-hat", "ROAS", "equal-tailed"] {
        assert!(out.stdout.contains(expected), "{expected}: {}", out.stdout);
    }
    let object = bench.fine("summary --json --level 0.8").json();
    assert_eq!(object["level"], 0.8);
    for row in object["parameters"].as_array().unwrap() {
        let [lower, median, upper] = ["lower", "median", "upper"].map(|key| row[key].as_f64().unwrap());
        assert!(lower <= median && median <= upper, "{row}");
        assert!(row["name"].is_string() && !row["r_hat"].is_object());
    }
    let channels = object["channels"].as_array().unwrap();
    assert!(channels.iter().any(|channel| channel["is_channel"] == true && channel["roas"]["level"] == 0.8));
    let csv = bench.fine("summary --format csv").stdout;
    assert!(csv.starts_with("parameter,mean,sd,median,lower,upper,"), "{csv}");
    let truth = bench.fine("summary --truth market/ground_truth.json").stdout;
    assert!(truth.contains("intervals hold the truth"), "{truth}");
}

#[test]
fn few_draws_do_not_pass_the_gates_and_diagnose_says_so_in_its_exit_code() {
    let bench = fitted();
    let out = bench.run("diagnose");
    assert_eq!(out.code, Some(1));
    assert!(out.stdout.contains("smallest bulk ESS") && out.stdout.contains("holdout"), "{}", out.stdout);
    assert!(out.stderr.contains("GATE FAILED"), "{}", out.stderr);
    let object = bench.run("diagnose --json").json();
    assert_eq!(object["passed"], false);
    assert!(object["convergence"]["max_r_hat"].is_array() && object["accuracy"]["holdout"].is_object());
    assert!(bench.fine("summary").stderr.contains("NOT CONVERGED"));
}

#[test]
fn predictions_cover_the_fit_and_go_on_behind_it() {
    let bench = fitted();
    let all = bench.fine("predict --format csv").stdout;
    assert_eq!(all.lines().count(), 65);
    assert!(all.starts_with("date,mean,sd,median,lower,upper,actual,window"), "{all}");
    assert_eq!(all.matches("holdout").count(), 4);
    bench.fine("predict --data next.csv -o next.json");
    let new: serde_json::Value = serde_json::from_str(&bench.read("next.json")).unwrap();
    assert_eq!(new.as_array().unwrap().len(), 6);
    assert_eq!(new[0]["window"], "new");
    let width = |words: &str| {
        let rows = bench.fine(&format!("predict --data next.csv --json {words}")).json();
        rows[0]["upper"].as_f64().unwrap() - rows[0]["lower"].as_f64().unwrap()
    };
    assert!(width("--interval mean") < width("--interval predictive"));
    assert!(width("--level 0.5") < width("--level 0.9"));
    let short = bench.fine("predict --data next.csv --format csv --no-ci").stdout;
    assert!(short.starts_with("date,mean,actual"), "{short}");
}

#[test]
fn the_data_of_the_fit_are_predicted_as_its_own_periods() {
    let bench = fitted();
    let own = bench.fine("predict --format csv").stdout;
    assert_eq!(bench.fine("predict --data past.csv --format csv").stdout, own);
}

#[test]
fn new_periods_that_overlap_or_leave_a_gap_are_refused() {
    let bench = fitted();
    let past: Vec<String> = bench.read("past.csv").lines().map(str::to_owned).collect();
    bench.write("part.csv", &past[..1].iter().chain(&past[40..]).cloned().collect::<Vec<_>>().join("\n"));
    let overlap = bench.run("predict --data part.csv");
    assert_eq!(overlap.code, Some(1));
    assert!(overlap.stderr.contains("data.overlap"), "{}", overlap.stderr);
    let rows: Vec<String> = bench.read("next.csv").lines().map(str::to_owned).collect();
    bench.write("late.csv", &rows[..1].iter().chain(&rows[3..]).cloned().collect::<Vec<_>>().join("\n"));
    let gap = bench.run("predict --data late.csv");
    assert_eq!(gap.code, Some(1));
    assert!(gap.stderr.contains("data.gap_after_fit"), "{}", gap.stderr);
}

#[test]
fn the_parts_add_up_to_the_fitted_mean() {
    let bench = fitted();
    let rows = bench.fine("decompose --json").json();
    let mean = |row: &serde_json::Value| row["contribution_mean"].as_f64().unwrap();
    let (fitted, parts): (Vec<_>, Vec<_>) =
        rows.as_array().unwrap().iter().partition(|row| row["part"] == "fitted");
    let sum: f64 = parts.iter().map(|row| mean(row)).sum();
    assert!((sum / mean(fitted[0]) - 1.0).abs() < 1e-9, "{sum}");
    bench.fine("decompose --over-time -o parts.csv");
    assert!(bench.read("parts.csv").starts_with("date,part,mean,"));
    assert!(bench.fine("decompose").stdout.contains("95 % interval"));
}

#[test]
fn every_part_of_a_fit_can_be_taken_out() {
    let bench = fitted();
    for (what, first) in [
        ("draws", "chain,draw,"),
        ("derived", "chain,draw,"),
        ("stats", "chain,draw,"),
        ("summary", "parameter,mean"),
        ("contributions", "date,part,mean"),
        ("data", ""),
    ] {
        let out = bench.fine(&format!("export --what {what}"));
        assert!(out.stdout.starts_with(first) && out.stdout.lines().count() > 2, "{what}: {}", out.stdout);
        bench.fine(&format!("export --what {what} -o {what}.parquet"));
        assert_eq!(std::fs::read(bench.path(&format!("{what}.parquet"))).unwrap()[..4], *b"PAR1");
        assert!(bench.fine(&format!("export --what {what} --json")).json().is_array());
    }
    assert_eq!(bench.fine("export").stdout.lines().count(), 121);
    assert_eq!(bench.run("export -o draws.xyz").code, Some(2));
}

#[test]
fn the_density_has_all_its_terms_and_comes_back_from_its_own_point() {
    let bench = fitted();
    let at_median = bench.fine("density --json").json();
    let terms = &at_median["terms"];
    let sum: f64 = terms["priors"].as_object().unwrap().values().map(|value| value.as_f64().unwrap()).sum();
    let joint = at_median["joint"].as_f64().unwrap();
    assert!((sum + terms["likelihood"].as_f64().unwrap() - joint).abs() < 1e-9 * joint.abs());
    let unconstrained = serde_json::json!({ "unconstrained": at_median["point_unconstrained"] });
    bench.write("point.json", &unconstrained.to_string());
    let again = bench.fine("density --at point.json --json").json();
    assert!((again["joint"].as_f64().unwrap() - joint).abs() < 1e-9 * joint.abs());
    assert_eq!(
        again["gradient"].as_object().unwrap().len(),
        again["gradient_unconstrained"].as_object().unwrap().len()
    );
    assert!(bench.fine("density").stdout.contains("joint with Jacobian"));
}

#[test]
fn explain_shows_the_model_and_fits_nothing() {
    let bench = fitted();
    let out = bench.fine("fit --explain -o other.mmm");
    let integrated =
        "integrated out and drawn given the others (marginalise = true under [sampler]): intercept, ";
    assert!(out.stdout.contains(integrated), "{}", out.stdout);
    let moves = "dimensions, made round by its curvature; ";
    assert!(out.stdout.contains(moves) && out.stdout.contains("warm-ups"), "{}", out.stdout);
    assert!(out.stdout.contains("free parameters") && out.stdout.contains("Design matrix"), "{}", out.stdout);
    assert!(!bench.path("other.mmm").exists());
}

#[test]
fn a_filled_spec_fits_the_same_model() {
    let bench = fitted();
    let filled = bench.fine("show-spec").stdout;
    bench.write("filled.toml", &filled);
    assert_eq!(bench.fine("show-spec filled.toml").stdout, filled);
    assert_eq!(bench.fine("density filled.toml --json").stdout, bench.fine("density --json").stdout);
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let bench = fitted();
    let draws = |words: &str, name: &str| {
        bench.fine(&format!("fit --chains 2 --draws 20 --tune 40 -o {name} --quiet {words}"));
        bench.fine(&format!("export {name}")).stdout
    };
    let one = draws("--seed 9 --threads 1", "one.mmm");
    assert_eq!(one, draws("--seed 9 --threads 2", "two.mmm"));
    assert_ne!(one, draws("--seed 10 --threads 2", "three.mmm"));
}

#[test]
fn the_demo_goes_the_whole_way() {
    let bench = Bench::new();
    let out = bench.fine("demo --preset weekly4 --quick --chains 2 --draws 40 --tune 80 -o d");
    for expected in ["parameter", "95 % interval", "intervals hold the truth"] {
        assert!(out.stdout.contains(expected), "{expected}: {}", out.stdout);
    }
    assert!(out.stderr.contains("quick check: MAPE") && out.stderr.contains("passed"), "{}", out.stderr);
    for file in ["data.csv", "ground_truth.json", "mmm.toml", "fit.mmm"] {
        assert!(bench.path("d").join(file).exists(), "{file}");
    }
    bench.fine("summary d/fit.mmm");
}

/// Row: the exit code of the quick demo is its verdict.
#[test]
fn a_quick_demo_that_misses_its_data_fails() {
    let bench = Bench::new();
    // Of this market hardly anything but noise is left to explain.
    let out = bench.run("demo --preset lite --quick -o d");
    assert_eq!(out.code, Some(1), "{}", out.stderr);
    assert!(out.stderr.contains("quick check: MAPE") && out.stderr.contains("FAILED"), "{}", out.stderr);
}

#[test]
fn as_many_draws_are_kept_as_asked_for() {
    let bench = fitted();
    bench.fine("fit --chains 2 --draws 20 --tune 40 --seed 9 -o all.mmm");
    bench.fine("fit --chains 2 --draws 20 --tune 40 --seed 9 --save-draws 9 -o few.mmm");
    let rows = |fit: &str| {
        bench.fine(&format!("export {fit} --what draws -o draws.csv"));
        let text = bench.read("draws.csv");
        text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    // The fourth, eighth … twentieth of each chain; the first two columns count.
    let values = |row: &String| row.splitn(3, ',').nth(2).unwrap().to_owned();
    let all: Vec<String> = rows("all.mmm").iter().map(values).collect();
    let few: Vec<String> = rows("few.mmm").iter().map(values).collect();
    let kept = [0, 1].map(|chain| [3, 7, 11, 15, 19].map(|draw| all[20 * chain + draw].clone())).concat();
    assert_eq!(few, kept);
    let figures = |fit: &str| bench.run(&format!("diagnose {fit} --json")).json()["convergence"].clone();
    assert_eq!(figures("few.mmm"), figures("all.mmm"));
    let out = bench.run("fit --chains 2 --draws 20 --tune 40 --save-draws 7 -o none.mmm");
    assert_eq!(out.code, Some(2));
    assert!(out.stderr.contains("--save-draws 8 or more"), "{}", out.stderr);
}

#[test]
fn a_fit_stops_at_its_goal() {
    let bench = fitted();
    bench.fine("fit --chains 2 --draws 5000 --tune 100 --seed 9 --until ess=150 -o enough.mmm");
    let figures = bench.run("diagnose enough.mmm --json").json()["convergence"].clone();
    assert!(figures["draws"].as_u64().unwrap() < 2000, "{figures}");
    for figure in ["min_ess_bulk", "min_ess_tail"] {
        assert!(figures[figure][0].as_f64().unwrap() >= 150.0, "{figures}");
    }
    assert!(figures["max_r_hat"][0].as_f64().unwrap() < 1.01, "{figures}");
    for (words, expected) in [
        ("fit --until much", "write ess=400"),
        ("fit --until ess=-3", "ess = -3 is not a positive number"),
        ("fit --until ess=400 --engine laplace", "only nuts stops at a goal"),
    ] {
        let out = bench.run(words);
        assert_eq!(out.code, Some(2), "{words}: {}", out.stderr);
        assert!(out.stderr.contains(expected), "{words}: {}", out.stderr);
    }
}

#[test]
fn what_geos_bring_adds_up_to_the_total() {
    let bench = Bench::new();
    bench.fine("simulate --preset geo --geos 3 --periods 60 -o m");
    bench.fine("fit m/mmm.toml --chains 1 --draws 20 --tune 40");
    let sum = |words: &str, part: &str| -> f64 {
        let rows = bench.fine(&format!("decompose --json {words}")).json();
        let rows = rows.as_array().unwrap().iter().filter(|row| row["part"] == part);
        rows.map(|row| row["contribution_mean"].as_f64().unwrap_or(f64::NAN)).sum()
    };
    let whole = sum("", "fitted");
    assert!((sum("--by-geo", "fitted") / whole - 1.0).abs() < 1e-9);
    assert!(bench.fine("decompose --by-geo").stdout.starts_with("geo "));
    assert!(bench.fine("predict --format csv").stdout.starts_with("date,geo,mean"));
}

#[test]
fn the_real_markets_are_understood() {
    let shared = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    if !std::path::Path::new(shared).exists() {
        println!("the shared reference data are not here; nothing to check");
        return;
    }
    let bench = Bench::new();
    for market in [
        "pymc_marketing/mmm_example.csv",
        "meridian/national_media.csv",
        "meridian/geo_media.csv",
        "robyn/dt_simulated_weekly.csv",
        "mmm_stan/data.csv",
        "seed_tools/s3_daily5/mmm_daily_data.csv",
    ] {
        bench.fine(&format!("init {shared}/{market} --force --quiet"));
        assert_eq!(bench.fine("check --json").json()["ok"], true, "{market}");
    }
    bench.fine(&format!(
        "init {shared}/pymc_marketing/mmm_example.csv --preset pymc-marketing --force --quiet"
    ));
    bench.fine("fit --chains 1 --draws 20 --tune 40 --quiet");
    assert_eq!(bench.run(&format!("init {shared}/robyn/dt_prophet_holidays.csv -o no.toml")).code, Some(1));
    assert!(!bench.path("no.toml").exists());
}

#[cfg(unix)]
#[test]
fn an_interrupted_fit_keeps_what_was_drawn() {
    let bench = Bench::new();
    bench.fine("simulate --preset weekly4 --periods 60 -o m");
    let mut command = bench.command("fit m/mmm.toml --chains 2 --draws 200000 --tune 30 -o cut.mmm");
    let child =
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_secs(4));
    let pressed =
        std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(pressed.success());
    let out = child.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(130), "{}", String::from_utf8_lossy(&out.stderr));
    let object = bench.run("diagnose cut.mmm --json").json();
    assert_eq!(object["cancelled"], true);
    assert_eq!(object["passed"], false);
}
