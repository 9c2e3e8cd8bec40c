//! Simulated markets are recovered: the truth comes back from fits with the spec that each market brings along.
//! Slow; they wait for `RUN_SLOW_TESTS=1`.

use crate::support::{has_few_divergences, is_slow_run};
use std::ops::ControlFlow;
use wanamaker::engine::convergence::Gates;
use wanamaker::engine::fit::{Fit, fit};
use wanamaker::model::compile::from_table;
use wanamaker::simulate::options::Options;
use wanamaker::simulate::preset::Preset;
use wanamaker::simulate::{simulate, validation_suite};
use wanamaker::spec::document::{Format, read};
use wanamaker::validation::recovery::{Recovered, recovery};

fn fit_market(options: &Options) -> (Fit, Vec<Recovered>) {
    let market = simulate(options).unwrap();
    let document = read(&market.spec, Format::Toml);
    assert!(document.problems.0.is_empty(), "{}", document.problems);
    let (model, _) =
        from_table(&document.spec, &market.table).unwrap_or_else(|problems| panic!("{problems}"));
    let fit = fit(model, 0, &mut |_| ControlFlow::Continue(())).unwrap();
    let rows = recovery(&fit.model, &fit.posterior, &market.truth, 0.95);
    (fit, rows.into_iter().filter(|row| row.name.starts_with("roas[")).collect())
}

fn passes_the_gates(fit: &Fit, what: &str) {
    let (c, gates) = (&fit.convergence, Gates::DEFAULT);
    println!(
        "{what}: R-hat {:.4}, ESS bulk {:.0} tail {:.0}, {} divergences",
        c.max_r_hat.0, c.min_ess_bulk.0, c.min_ess_tail.0, c.divergences
    );
    assert!(c.max_r_hat.0 < gates.r_hat, "{what}: R-hat {:?}", c.max_r_hat);
    assert!(c.min_ess_bulk.0 >= gates.ess && c.min_ess_tail.0 >= gates.ess, "{what}: ESS {c:?}");
    assert!(has_few_divergences(fit), "{what}: {} divergences", c.divergences);
}

#[test]
fn every_roas_of_the_recoverable_market_is_within_five_per_cent() {
    if !is_slow_run() {
        return;
    }
    for seed in [1, 2, 3] {
        let (fit, roas) = fit_market(&Options::new(Preset::Recoverable, seed));
        passes_the_gates(&fit, &format!("recoverable, seed {seed}"));
        assert_eq!(roas.len(), 4);
        for row in roas {
            println!("  {} {:+.2} %", row.name, 100.0 * row.relative_error);
            assert!(row.relative_error.abs() < 0.05, "seed {seed}: {row:?}");
        }
    }
}

#[test]
fn nine_in_ten_intervals_of_the_weekly4_suite_hold_the_truth() {
    if !is_slow_run() {
        return;
    }
    let mut rows = Vec::new();
    for options in validation_suite() {
        let (fit, roas) = fit_market(&options);
        passes_the_gates(&fit, &format!("weekly4, {:?}, seed {}", options.scenario, options.seed));
        rows.extend(roas);
    }
    let inside = rows.iter().filter(|row| row.inside).count();
    println!("weekly4 suite: {inside} of {} ROAS intervals hold the truth", rows.len());
    assert_eq!(rows.len(), 20);
    assert!(inside * 10 >= rows.len() * 9, "{rows:#?}");
}
