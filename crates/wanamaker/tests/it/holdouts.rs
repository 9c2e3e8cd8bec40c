//! Periods that a fit has not seen, predicted as closely as they can be. Slow; they wait for `RUN_SLOW_TESTS=1`.

use crate::support::{is_slow_run, plain_csv, shared};
use std::ops::ControlFlow;
use wanamaker::data::build::build_panel;
use wanamaker::data::cut::cut;
use wanamaker::data::table::Table;
use wanamaker::engine::fit::fit;
use wanamaker::model::compile::{compile, from_table};
use wanamaker::simulate::options::Options;
use wanamaker::simulate::preset::Preset;
use wanamaker::simulate::simulate;
use wanamaker::spec::ModelSpec;
use wanamaker::spec::document::{Format, read};
use wanamaker::spec::roles::roles_of;
use wanamaker::validation::accuracy::{FitAccuracy, accuracy};
use wanamaker::validation::monitor::{Side, Verdict, monitor};

/// Fits all but the last `holdout` periods of `table` with `spec`, and says how well all of them are foreseen; fails where
/// the fit has not converged.
fn held_out(spec: &ModelSpec, table: &Table, holdout: usize) -> FitAccuracy {
    let mut spec = spec.clone();
    spec.data.holdout = Some(holdout);
    let (model, _) = from_table(&spec, table).unwrap_or_else(|problems| panic!("{problems}"));
    let fit = fit(model, 0, &mut |_| ControlFlow::Continue(())).unwrap();
    let c = &fit.convergence;
    let ess = c.min_ess_bulk.0.min(c.min_ess_tail.0);
    println!("R-hat {:.4}, ESS {ess:.0}, {} divergent", c.max_r_hat.0, c.divergences);
    assert!(fit.converged(), "{c:?}");
    accuracy(&fit.model, &fit.posterior, 0.95, 1)
}

/// Row: within 1.5 % where it was fitted, and 3 % in the eight weeks behind.
#[test]
fn the_last_eight_weeks_of_the_weekly4_market_are_foreseen() {
    if !is_slow_run() {
        return;
    }
    let market = simulate(&Options::new(Preset::Weekly4, 42)).unwrap();
    let spec = read(&market.spec, Format::Toml).spec;
    let found = held_out(&spec, &market.table, 8);
    let held = found.holdout.unwrap();
    println!(
        "weekly4: MAPE {:.2} % in sample, {:.2} % held out, coverage {}",
        found.training.mape, held.mape, held.coverage_95
    );
    assert_eq!((found.training.n, held.n), (96, 8));
    assert!(found.training.mape <= 1.5, "{found:?}");
    assert!(held.mape <= 3.0, "{found:?}");
}

/// Row: the last 90 days within 2.5 %, and 97 % of their variance.
#[test]
fn the_last_ninety_days_of_the_daily_data_are_foreseen() {
    if !is_slow_run() {
        return;
    }
    let Some(file) = shared("data/seed_tools/s3_daily5/mmm_daily_data.csv") else { return };
    let market = simulate(&Options::new(Preset::Daily5, 1)).unwrap();
    assert!(market.spec.contains("is_us_holiday") && market.spec.contains("adelon"));
    let mut spec = read(&market.spec, Format::Toml).spec;
    spec.sampler.target_accept = Some(0.995);
    let held = held_out(&spec, &plain_csv(&file), 90).holdout.unwrap();
    println!("daily5: MAPE {:.2} %, R² {:.4}, coverage {:.3}", held.mape, held.r_squared, held.coverage_95);
    assert_eq!(held.n, 90);
    assert!(held.mape <= 2.5, "{held:?}");
    assert!(held.r_squared >= 0.97, "{held:?}");
}

/// Thirteen weeks behind a fit: as simulated they ask for nothing, a tenth less they ask for a new fit.
#[test]
fn a_monitor_is_quiet_until_something_happens() {
    if !is_slow_run() {
        return;
    }
    for seed in [1, 2, 3] {
        let market =
            simulate(&Options { n_periods: Some(117), ..Options::new(Preset::Weekly4, seed) }).unwrap();
        let spec = read(&market.spec, Format::Toml).spec;
        let (panel, _) = build_panel(&market.table, &roles_of(&spec), &spec.data.options).unwrap();
        let model = compile(&spec, &cut(&panel, 0..104)).unwrap_or_else(|problems| panic!("{problems}"));
        let fit = fit(model, 0, &mut |_| ControlFlow::Continue(())).unwrap();
        let quiet = monitor(&fit, &panel, 0.95, 1).unwrap();
        let mut fallen = panel.clone();
        fallen.kpi.values[104..].iter_mut().for_each(|y| *y *= 0.9);
        let loud = monitor(&fit, &fallen, 0.95, 1).unwrap();
        println!(
            "seed {seed}: {:?}, {} of 13, PIT p {:.3}; a tenth less {:?}, {} of 13, alarm {:?}",
            quiet.verdict,
            quiet.coverage.inside,
            quiet.pit.p,
            loud.verdict,
            loud.coverage.inside,
            loud.cusum.alarm
        );
        assert!(quiet.converged && quiet.broken().0.is_empty(), "{quiet:?}");
        assert!(quiet.inputs.iter().all(|input| !input.has_shifted()), "{:?}", quiet.inputs);
        assert_eq!(loud.verdict, Verdict::Refit);
        assert!(matches!(loud.cusum.alarm, Some((_, Side::Below))));
    }
}
