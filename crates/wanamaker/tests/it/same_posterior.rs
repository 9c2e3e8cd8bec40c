//! The posterior is the same whether linear coefficients are integrated out or sampled. Slow; waits for `RUN_SLOW_TESTS=1`.

use crate::support::{is_slow_run, plain_csv, shared};
use std::ops::ControlFlow;
use wanamaker::data::table::Table;
use wanamaker::engine::fit::{Fit, fit};
use wanamaker::engine::space::Space;
use wanamaker::model::compile::from_table;
use wanamaker::posterior::summary::{Row, table};
use wanamaker::simulate::options::Options;
use wanamaker::simulate::preset::Preset;
use wanamaker::simulate::simulate;
use wanamaker::spec::ModelSpec;
use wanamaker::spec::document::{Format, read};

fn fitted(spec: &ModelSpec, data: &Table) -> (Fit, Vec<Row>) {
    let (model, _) = from_table(spec, data).unwrap_or_else(|problems| panic!("{problems}"));
    let fit = fit(model, 0, &mut |_| ControlFlow::Continue(())).unwrap();
    // The slower of the two need not pass every gate to be a witness, but its draws have to be draws.
    assert!(fit.convergence.max_r_hat.0 < 1.03, "{}", fit.warnings);
    let rows = table(&fit.model, &fit.posterior, 0.5, 0);
    (fit, rows)
}

/// Means within five standard errors of their difference, a probability of 6e-7 each; quartiles as far apart as each other within
/// a fifth: of a long tail the standard deviation would be anybody's guess.
fn check(what: &str, spec: &ModelSpec, data: &Table) {
    let mut sampled = spec.clone();
    sampled.sampler.marginalise = Some(false);
    let ((short, with), (long, without)) = (fitted(spec, data), fitted(&sampled, data));
    assert_eq!(with.len(), without.len());
    let mut furthest = (0.0, String::new());
    for (a, b) in with.iter().zip(&without) {
        assert_eq!(a.name, b.name);
        let error = (a.summary.mcse_mean.powi(2) + b.summary.mcse_mean.powi(2)).sqrt();
        let apart = (a.summary.mean - b.summary.mean).abs() / error;
        if apart > furthest.0 {
            furthest = (apart, a.name.clone());
        }
        let spread = (a.summary.upper - a.summary.lower) / (b.summary.upper - b.summary.lower);
        assert!((0.8..1.25).contains(&spread), "{what}, {}: spreads {spread}", a.name);
    }
    println!(
        "{what}: {} parameters, furthest apart {} by {:.1} standard errors; least ESS {:.0} and {:.0}",
        with.len(),
        furthest.1,
        furthest.0,
        short.convergence.min_ess_bulk.0,
        long.convergence.min_ess_bulk.0
    );
    assert!(furthest.0 < 5.0, "{what}: {} by {}", furthest.1, furthest.0);
}

fn faultless(text: &str) -> ModelSpec {
    let document = read(text, Format::Toml);
    assert!(document.problems.0.is_empty(), "{}", document.problems);
    document.spec
}

fn check_market(what: &str, options: &Options) {
    let market = simulate(options).unwrap();
    check(what, &faultless(&market.spec), &market.table);
}

#[test]
fn of_the_standard_preset() {
    if is_slow_run() {
        check_market("recoverable, preset standard", &Options::new(Preset::Recoverable, 1));
    }
}

/// Changes of the trend, whose Laplace priors become normal ones of a sampled scale.
#[test]
fn of_kinks() {
    if is_slow_run() {
        let market = simulate(&Options::new(Preset::Recoverable, 1)).unwrap();
        let spec = market.spec.replace("kind = \"linear\"", "kind = \"piecewise\", changepoints = 5");
        let spec = faultless(&spec);
        let (model, _) = from_table(&spec, &market.table).unwrap();
        assert_eq!(Space::of(&model).marginal().mixed().count(), 5);
        check("recoverable, five changes of trend", &spec, &market.table);
    }
}

/// With intercepts of their own, and pooled effects; pooled intercepts a sampler of all coefficients hardly explores.
#[test]
fn of_a_panel() {
    if is_slow_run() {
        let market = simulate(&Options { n_geos: Some(4), ..Options::new(Preset::Geo, 1) }).unwrap();
        let spec =
            market.spec.replace("[baseline]\n", "[baseline]\nintercept = { pooling = \"independent\" }\n");
        assert_ne!(spec, market.spec);
        check("four geos", &faultless(&spec), &market.table);
    }
}

#[test]
fn of_adelon() {
    if is_slow_run() {
        let market = simulate(&Options::new(Preset::Daily5, 1)).unwrap();
        let mut spec = faultless(&market.spec);
        spec.sampler.draws = Some(1000);
        check("daily market, preset adelon", &spec, &market.table);
    }
}

/// Its Fourier coefficients have Laplace priors: they stay with the sampler, and all others leave it.
#[test]
fn of_the_preset_pymc_marketing() {
    let Some(path) = shared("data/pymc_marketing/mmm_example.csv").filter(|_| is_slow_run()) else { return };
    let spec = "preset = \"pymc-marketing\"\n[data]\ntime = \"date_week\"\nkpi = \"y\"\n\
                [[channel]]\nname = \"x1\"\nspend = \"x1\"\n[[channel]]\nname = \"x2\"\nspend = \"x2\"\n\
                [[control]]\ncolumn = \"event_1\"\n[[control]]\ncolumn = \"event_2\"\n[[control]]\ncolumn = \"t\"\n";
    check("mmm_example, preset pymc-marketing", &faultless(spec), &plain_csv(&path));
}
