//! `fit` by every engine: the file that comes out serves every other command, and says what its draws are.

use crate::bench::Bench;

/// Weekly data under the preset of an engine.
fn weekly(preset: &str) -> Bench {
    let bench = Bench::new();
    bench.fine("simulate --preset weekly4 --periods 104 --seed 3 -o market --quiet");
    bench.fine(&format!("init market/data.csv --preset {preset} -o mmm.toml"));
    bench
}

#[test]
fn every_measure_and_plan_works_on_the_fit_of_every_engine() {
    for preset in ["lite", "ridge"] {
        let bench = weekly(preset);
        bench.fine("fit --quiet");
        for words in [
            "summary",
            "roi",
            "decompose",
            "curves",
            "optimize -o plan.json",
            "scenario --plan plan.json",
            "frontier --points 3",
            "predict",
            "diagnose --json",
            "export -o out.parquet",
        ] {
            let out = bench.run(words);
            assert!(
                out.code == Some(0) || words.starts_with("diagnose"),
                "{preset}, {words}: {}",
                out.stderr
            );
            assert!(!out.stdout.contains("NaN"), "{preset}, {words}: {}", out.stdout);
        }
    }
}

#[test]
fn a_ridge_fit_says_how_it_came_about() {
    let bench = weekly("ridge");
    let out = bench.fine("fit");
    for expected in ["estimated:", "moving-block bootstrap", "expanding-window cross-validation over 5 folds"]
    {
        assert!(out.stderr.contains(expected), "{expected}: {}", out.stderr);
    }
    assert!(out.stdout.contains("of the replicates of the bootstrap"), "{}", out.stdout);
    let object = bench.fine("fit --json").json();
    assert_eq!(object["engine"]["engine"], "ridge");
    assert_eq!(object["engine"]["cross_validation"].as_array().unwrap().len(), 5);
    // The file remembers.
    assert!(bench.fine("summary").stderr.contains("moving-block bootstrap"));
}

#[test]
fn a_preview_that_is_off_says_so_wherever_it_is_used() {
    let bench = weekly("pymc-marketing");
    let out = bench.fine("fit --engine laplace");
    assert!(out.stderr.contains("NOT A GOOD APPROXIMATION"), "{}", out.stderr);
    assert!(
        out.stderr.contains("laplace.pareto_k") && out.stderr.contains("engine = \"nuts\""),
        "{}",
        out.stderr
    );
    for words in ["summary", "roi"] {
        assert!(bench.fine(words).stderr.contains("laplace.pareto_k"), "{words}");
    }
    assert_eq!(bench.run("diagnose").code, Some(1));
}

#[test]
fn an_engine_that_cannot_fit_a_model_says_why() {
    let bench = weekly("standard");
    for engine in ["gibbs", "ridge"] {
        let out = bench.run(&format!("fit --engine {engine}"));
        assert_eq!(out.code, Some(2), "{}", out.stderr);
        assert!(
            out.stderr.contains("engine.not_linear") && out.stderr.contains("decay[TV]"),
            "{}",
            out.stderr
        );
        assert!(out.stderr.contains("preset = \"lite\""), "{}", out.stderr);
    }
    bench
        .write("bad.toml", &(bench.read("mmm.toml") + "\n[sampler.ridge]\npenalties = [1, -1]\nfolds = 1\n"));
    let out = bench.run("fit bad.toml --engine nuts");
    assert_eq!(out.code, Some(2));
    assert!(
        out.stderr.contains("a penalty must be positive") && out.stderr.contains("folds = 1"),
        "{}",
        out.stderr
    );
}

/// Row: the older tool's quick start, with `mmm` in front.
#[test]
fn the_quick_start_of_the_conjugate_tool_works_word_for_word() {
    let bench = Bench::new();
    bench.fine("simulate --channels search,social,video --n 220 --out data.csv");
    let fit = bench.run(
        "fit --data data.csv --channels search,social,video --adstock {\"search\":0.5,\"social\":0.3,\"video\":0.2} \
         --saturation {\"search\":0.005,\"social\":0.007,\"video\":0.004} --draws 800 --burn 400 --tau2 1.0 --a0 2.0 --b0 1.0 \
         --model-out mmm_bayes_model.json",
    );
    assert_eq!(fit.code, Some(0), "{}", fit.stderr);
    assert!(fit.stderr.contains("converged:"), "{}", fit.stderr);
    bench.fine("predict --model mmm_bayes_model.json --data data.csv --out preds.csv");
    assert!(bench.read("preds.csv").starts_with("date,"), "{}", bench.read("preds.csv"));
    bench.fine(
        "optimize --model mmm_bayes_model.json --budget 60000 --min 0 --max 40000 --step 500 --out alloc.csv",
    );
    let plan = bench.read("alloc.csv");
    assert!(plan.lines().count() == 4 && plan.starts_with("channel,"), "{plan}");
}
