//! Calibration by simulation: honest fits pass, faulty ones are caught, and neither threads nor interruption change a rank.

use crate::support::is_slow_run;
use std::ops::ControlFlow;
use wanamaker::distribution::{Distribution, Normal};
use wanamaker::engine::batch::Worker;
use wanamaker::engine::fit::{Fit, FitError};
use wanamaker::model::compile::{CompiledModel, from_table};
use wanamaker::simulate::options::Options;
use wanamaker::simulate::preset::Preset;
use wanamaker::simulate::simulate as market;
use wanamaker::spec::document::{Format, read};
use wanamaker::validation::sbc::calibration::{Calibration, calibration};
use wanamaker::validation::sbc::figures::{QuantityFigures, Verdict};
use wanamaker::validation::sbc::fingerprint::Fingerprint;
use wanamaker::validation::sbc::{Outcome, Settings, Simulation, simulate, simulate_with};

const SETTINGS: Settings = Settings { ranks: 99, seed: 20 };

/// Two channels whose transforms are fixed, sixty weeks: conjugate but for the prior of the variance.
const CONJUGATE: &str = r#"
preset = "lite"
[data]
time = "date"
kpi = "kpi"
[[channel]]
name = "search"
spend = "spend_search"
[[channel]]
name = "social"
spend = "spend_social"
[baseline]
trend = { kind = "none" }
seasonality = []
[sampler]
chains = 2
draws = 500
tune = 300
"#;

fn model() -> CompiledModel {
    let options = Options { n_periods: Some(60), ..Options::new(Preset::Analytics, 2) };
    let market = market(&options).unwrap();
    let document = read(CONJUGATE, Format::Toml);
    assert!(document.problems.0.is_empty(), "{}", document.problems);
    from_table(&document.spec, &market.table).unwrap_or_else(|problems| panic!("{problems}")).0
}

fn simulated(model: &CompiledModel, n: u64, threads: usize, known: &[Simulation]) -> Vec<Simulation> {
    let mut all = known.to_vec();
    let complete = simulate(model, &SETTINGS, n, known, threads, |told| {
        all.extend(told);
        ControlFlow::Continue(())
    });
    assert!(complete);
    all.sort_by_key(|simulation| simulation.index);
    all
}

fn print(name: &str, calibration: &Calibration) {
    println!(
        "{name}: {} simulations, {} not converged, {} lengthened, calibrated {}",
        calibration.simulations,
        calibration.not_converged,
        calibration.lengthened,
        calibration.all.calibrated
    );
    for q in &calibration.all.quantities {
        println!(
            "  {:20} p {:.4} adjusted {:.4} chi-squared p {:.4} inside {} {}",
            q.quantity.name,
            q.p,
            q.p_adjusted,
            q.chi_squared.p,
            q.inside,
            q.verdict.words()
        );
    }
    for channel in &calibration.all.channels {
        let held: Vec<String> =
            channel.coverage.iter().map(|c| format!("{} (expected {:?})", c.held, c.expected)).collect();
        println!("  {:20} held {} {}", channel.name, held.join(", "), channel.verdict.words());
    }
}

#[test]
fn neither_threads_nor_interruption_change_a_rank() {
    let mut model = model();
    model.spec.sampler.draws = Some(120);
    model.spec.sampler.tune = Some(100);
    let whole = simulated(&model, 5, 1, &[]);
    assert_eq!(whole.iter().map(|s| s.index).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    // Stopped after two, in whatever order they came, and gone on with on other threads.
    let mut begun = Vec::new();
    let complete = simulate(&model, &SETTINGS, 5, &[], 4, |told| {
        begun.extend(told);
        if begun.len() == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(!complete && begun.len() == 2);
    assert_eq!(simulated(&model, 5, 3, &begun), whole);
    let other = Settings { seed: 21, ..SETTINGS };
    let mut first = None;
    simulate(&model, &other, 1, &[], 0, |told| {
        first = told.or(first.take());
        ControlFlow::Continue(())
    });
    assert_ne!(first.unwrap().outcome, whole[0].outcome);
}

#[test]
fn ranks_cover_parameters_returns_and_the_likelihood() {
    let mut model = model();
    model.spec.sampler.draws = Some(120);
    model.spec.sampler.tune = Some(100);
    let found = simulated(&model, 3, 0, &[]);
    let calibration = calibration(&model, &found, SETTINGS.ranks).unwrap();
    let names: Vec<&str> = calibration.all.quantities.iter().map(|q| q.quantity.name.as_str()).collect();
    for expected in ["intercept", "variance", "roas[search]", "roas[social]", "log likelihood"] {
        assert!(names.contains(&expected), "{expected}: {names:?}");
    }
    let Outcome::Ranked(ranked) = &found[0].outcome else { panic!("{found:?}") };
    assert_eq!(ranked.ranks.len(), names.len());
    assert!(ranked.ranks.iter().all(|rank| *rank <= 99) && ranked.inside.len() == 2);
    // Three simulations fail nothing, and say that they are few.
    assert!(calibration.all.calibrated);
    assert!(calibration.findings().iter().any(|problem| problem.code == "sbc.few"));
}

#[test]
fn a_fingerprint_names_what_differs() {
    let one = model();
    let first = Fingerprint::of(&one, &SETTINGS);
    assert!(first.differences(&Fingerprint::of(&one.clone(), &SETTINGS)).is_empty());
    let mut other = one.clone();
    other.panel.kpi.values[0] += 1.0;
    other.spec.sampler.draws = Some(7);
    other.spec.channel.remove(1);
    let settings = Settings { seed: 3, ranks: 9 };
    assert_eq!(
        first.differences(&Fingerprint::of(&other, &settings)),
        ["the spec", "the data", "the sampling", "the number of ranks", "the seed"]
    );
    // Where the data came from is not what they are, and the sampler's own seed is not used.
    let mut moved = one.clone();
    moved.panel.source = "elsewhere.csv".to_owned();
    moved.spec.data.file = Some("elsewhere.csv".to_owned());
    moved.spec.sampler.seed = Some(99);
    assert_eq!(first, Fingerprint::of(&moved, &SETTINGS));
    assert!(Settings { ranks: 0, seed: 1 }.check(&one).is_err());
    assert!(Settings { ranks: 1001, seed: 1 }.check(&one).is_err());
    assert!(Settings { ranks: 1000, seed: 1 }.check(&one).is_ok());
}

#[test]
fn a_conjugate_model_is_calibrated() {
    if !is_slow_run() {
        return;
    }
    let model = model();
    let found = calibration(&model, &simulated(&model, 200, 0, &[]), SETTINGS.ranks).unwrap();
    print("conjugate", &found);
    assert!(found.passed(), "{:#?}", found.findings());
    assert!(found.not_converged <= 10 && found.failed == 0);
}

/// What a sampler with this fault makes of two hundred markets.
fn faulty(fit: impl Fn(CompiledModel, Worker<'_>) -> Result<Fit, FitError> + Sync) -> Calibration {
    let mut all = Vec::new();
    simulate_with(&model(), &SETTINGS, 200, &[], 0, fit, |told| {
        all.extend(told);
        ControlFlow::Continue(())
    });
    calibration(&model(), &all, SETTINGS.ranks).unwrap()
}

fn is_caught_as_too_narrow(found: &Calibration) {
    assert!(!found.passed());
    for channel in &found.all.channels {
        assert_eq!(channel.verdict, Verdict::TooNarrow, "{channel:?}");
        let nearly = &channel.coverage[2];
        assert!(nearly.held < nearly.expected.0, "{nearly:?}");
    }
    let returns = |q: &&QuantityFigures| q.quantity.name.starts_with("roas");
    assert!(found.all.quantities.iter().filter(returns).all(|q| !q.inside));
}

#[test]
fn a_density_whose_prior_is_too_narrow_is_caught() {
    if !is_slow_run() {
        return;
    }
    let found = faulty(|mut market, worker| {
        for parameter in market.layout.parameters.iter_mut().filter(|p| p.label.starts_with("beta")) {
            parameter.distribution = Distribution::Normal(Normal { mean: 0.0, sd: 0.05 });
        }
        worker.fit(market)
    });
    print("prior too narrow by twenty", &found);
    is_caught_as_too_narrow(&found);
}

#[test]
fn draws_that_are_too_narrow_or_shifted_are_caught() {
    if !is_slow_run() {
        return;
    }
    // Every draw is moved to its mean by `share` of the way, and up by `shift` standard deviations.
    let spoilt = |share: f64, shift: f64| {
        faulty(move |market, worker| {
            let mut fit = worker.fit(market)?;
            let n = fit.posterior.n_scalars();
            for k in 0..n {
                let all = fit.posterior.scalar(k).concat();
                let mean = all.iter().sum::<f64>() / all.len() as f64;
                let sd = (all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / all.len() as f64).sqrt();
                for value in fit.posterior.values.iter_mut().skip(k).step_by(n) {
                    *value = mean + (1.0 - share) * (*value - mean) + shift * sd;
                }
            }
            Ok(fit)
        })
    };
    let narrow = spoilt(0.4, 0.0);
    print("draws too narrow by 0.4", &narrow);
    is_caught_as_too_narrow(&narrow);
    let shifted = spoilt(0.0, 0.5);
    print("draws shifted up by half a standard deviation", &shifted);
    assert!(!shifted.passed());
    assert!(shifted.all.channels.iter().all(|channel| channel.verdict == Verdict::BiasedHigh));
}
