//! Plans made from fits of the older tools' data, weighed on the curves that the data were made with. Slow; they wait for
//! `RUN_SLOW_TESTS=1`.

use crate::known_markets::{analytics, daily5, kpi4};
use crate::support::{is_slow_run, plain_csv, shared};
use std::ops::ControlFlow;
use wanamaker::decision::allocation::plan::{Plan, Report, optimise};
use wanamaker::decision::allocation::problem::Budget;
use wanamaker::decision::allocation::wishes::Wishes;
use wanamaker::decision::surface::Surface;
use wanamaker::decision::surface::fitted::{FittedOptions, surface};
use wanamaker::engine::fit::{Fit, fit};
use wanamaker::model::compile::from_table;
use wanamaker::simulate::options::Options;
use wanamaker::simulate::preset::Preset;
use wanamaker::simulate::simulate;
use wanamaker::spec::document::{Format, read};

/// A fit of `file` with the spec that the market modelled on it brings along.
fn fitted(preset: Preset, file: &str) -> Option<Fit> {
    if !is_slow_run() {
        return None;
    }
    let table = plain_csv(&shared(file)?);
    let document = read(&simulate(&Options::new(preset, 1)).unwrap().spec, Format::Toml);
    let (model, _) = from_table(&document.spec, &table).unwrap_or_else(|problems| panic!("{problems}"));
    Some(fit(model, 0, &mut |_| ControlFlow::Continue(())).unwrap())
}

fn curves(fit: &Fit, options: &FittedOptions) -> Surface {
    surface(&fit.model, &fit.posterior, options).unwrap_or_else(|problems| panic!("{problems}")).0
}

fn plan(surface: &Surface, wishes: &Wishes) -> Plan {
    let task = wishes.task(surface).unwrap_or_else(|problems| panic!("{problems}"));
    optimise(surface, &task, Report { level: 0.95, spread_draws: 0 }).unwrap()
}

fn true_value(truth: &Surface, plan: &[f64]) -> f64 {
    truth.outcomes(plan)[0]
}

/// Row: the suggestion loses nothing on the truth, and the lift it claims is honest.
#[test]
fn the_lift_that_is_claimed_for_the_analytics_data_holds_the_true_one() {
    let Some(fit) = fitted(Preset::Analytics, "data/seed_tools/s2_analytics/data.csv") else { return };
    let surface = curves(&fit, &FittedOptions::of(&fit.model));
    let today = surface.current();
    let truth = analytics(&today);
    for unbounded in [false, true] {
        let plan = plan(&surface, &Wishes { unbounded, ..Wishes::default() });
        let true_lift = true_value(&truth, &plan.spend) / true_value(&truth, &today) - 1.0;
        let claimed = plan.comparisons[0].relative_lift.unwrap();
        println!(
            "analytics, unbounded {unbounded}: true {true_lift:+.4}, claimed {claimed:?}, {:?}",
            plan.spend
        );
        assert!(claimed.lower <= true_lift && true_lift <= claimed.upper);
        // The bound that a newcomer gets; without one, the plan may go where no data were.
        if !unbounded {
            assert!(true_lift >= -0.005, "{true_lift}");
        }
    }
}

/// Row: the last week's 2,215 put where they bring no less than the older tool's suggestion.
#[test]
fn the_last_week_of_the_kpi4_data_is_put_to_better_use() {
    let Some(fit) = fitted(Preset::Kpi4, "data/seed_tools/s4_kpi4/data.csv") else { return };
    let end = fit.model.window.end;
    let options = FittedOptions { baseline: end - 1..end, ..FittedOptions::of(&fit.model) };
    let surface = curves(&fit, &options);
    let today = surface.current();
    let total: f64 = today.iter().sum();
    assert!((total - 2_215.0).abs() < 1.0, "{total}");
    let truth = kpi4(&today);
    let older = true_value(&truth, &[692.0, 245.0, 626.0, 652.0]);
    for unbounded in [false, true] {
        let plan = plan(&surface, &Wishes { unbounded, ..Wishes::default() });
        let value = true_value(&truth, &plan.spend);
        println!("kpi4, unbounded {unbounded}: {value:.3} against {older:.3}, {:?}", plan.spend);
        assert!((plan.spend.iter().sum::<f64>() - total).abs() <= 1e-9 * total);
        assert!(value >= older, "{value} {older}");
    }
}

/// Row: from the fit of the daily data, the plan is worth at least 38,000 a day on the truth.
#[test]
fn the_plan_of_the_daily_data_is_worth_what_it_should() {
    let Some(fit) = fitted(Preset::Daily5, "data/seed_tools/s3_daily5/mmm_daily_data.csv") else { return };
    let surface = curves(&fit, &FittedOptions::of(&fit.model));
    let truth = daily5();
    let today = true_value(&truth, &truth.current());
    for unbounded in [false, true] {
        let wishes = Wishes { unbounded, budget: Some(Budget::Fixed(77_079.0)), ..Wishes::default() };
        let plan = plan(&surface, &wishes);
        let value = true_value(&truth, &plan.spend);
        println!("daily5, unbounded {unbounded}: {value:.0}, today {today:.0}, {:?}", plan.spend);
        assert!(value >= if unbounded { 38_000.0 } else { today }, "{value}");
    }
}
