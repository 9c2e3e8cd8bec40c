//! A report says what the functions behind it say, and nothing that is no number.

use crate::support::quick_fit;
use std::ops::ControlFlow;
use wanamaker::decision::contribution::{over_time, parts, totals};
use wanamaker::decision::returns::returns;
use wanamaker::decision::scenario::NamedPlan;
use wanamaker::decision::surface::flighting::Shape;
use wanamaker::decision::window::Window;
use wanamaker::report::planning::GivenPlan;
use wanamaker::report::study::{Settings, Study};
use wanamaker::report::{Exhibit, Report, report};
use wanamaker::simulate::options::Options;
use wanamaker::simulate::preset::Preset;
use wanamaker::validation::backtest;
use wanamaker::validation::backtest::folds::{FoldPlan, TrainingWindow};

const SETTINGS: Settings = Settings { level: 0.9, seed: 3, threads: 2 };

fn whole(options: &Options) -> (wanamaker::engine::fit::Fit, Report) {
    let fit = quick_fit(options);
    let found = report(&Study::new(&fit, SETTINGS), &Exhibit::ALL).unwrap();
    (fit, found)
}

#[test]
fn a_report_says_what_the_functions_behind_it_say() {
    let (fit, found) = whole(&Options { n_periods: Some(80), ..Options::new(Preset::Weekly4, 5) });
    let exhibits = &found.exhibits;
    let (model, posterior) = (&fit.model, &fit.posterior);
    let earned = returns(model, posterior, Window::training(model), 0.9, 1);
    let channels = exhibits.channels.as_ref().unwrap();
    for (row, channel) in channels.rows.iter().zip(&earned.channels) {
        let roas = channel.roas.unwrap();
        assert_eq!((row.name.as_str(), row.roas.unwrap().lower), (channel.name.as_str(), roas.lower));
        // Probabilities agree with the interval that they are read beside.
        let p = row.p_pays.unwrap();
        assert!(if roas.lower > 1.0 {
            p >= 0.95
        } else if roas.upper < 1.0 {
            p <= 0.05
        } else {
            p > 0.04
        });
    }
    let shares: f64 = channels.rows.iter().map(|row| row.effect_share.unwrap().mean).sum();
    assert!((shares - 1.0).abs() < 1e-9);
    let waterfall = exhibits.waterfall.as_ref().unwrap();
    for (part, total) in waterfall.parts.iter().zip(&totals(model, posterior, 0.9)) {
        assert_eq!((&part.name, part.contribution.upper), (&total.name, total.contribution.upper));
    }
    let sum: f64 = waterfall.parts.iter().map(|part| part.contribution.mean).sum();
    assert!((sum / waterfall.fitted.mean - 1.0).abs() < 1e-9);

    let grains = &exhibits.over_time.as_ref().unwrap().grains;
    let all = parts(model);
    let by_week = over_time(model, posterior, &all[..all.len() - 1], 0..80, false, 0.9);
    let means = |part: &wanamaker::decision::contribution::PartOverTime| -> Vec<f64> {
        part.periods.iter().map(|interval| interval.mean).collect()
    };
    for (k, part) in by_week.iter().enumerate() {
        assert_eq!(grains[0].parts[k].contribution.mean, means(part));
        // Means add up over time at every grain; of intervals, errors that cancel leave the coarse ones narrower.
        for grain in &grains[1..] {
            let (fine, coarse) = (&grains[0].parts[k].contribution, &grain.parts[k].contribution);
            let total: f64 = fine.mean.iter().sum();
            assert!((coarse.mean.iter().sum::<f64>() - total).abs() <= 1e-9 * total.abs().max(1.0));
            let width = |band: &wanamaker::report::figures::Band| -> f64 {
                band.upper.iter().zip(&band.lower).map(|(upper, lower)| upper - lower).sum()
            };
            assert!(width(coarse) <= width(fine) * 1.02, "{} {}", grain.name, part.part);
        }
    }
}

#[test]
fn carry_over_and_saturation_agree_with_what_is_said_of_them_in_figures() {
    let (_, found) = whole(&Options { n_periods: Some(80), ..Options::new(Preset::Weekly4, 5) });
    for channel in &found.exhibits.carry_over.unwrap().channels {
        assert!(channel.felt.mean.iter().sum::<f64>() <= 1.0 + 1e-9);
        // A geometric decay is at its strongest at once.
        assert!(channel.felt.mean.windows(2).all(|pair| pair[1] <= pair[0]), "{}", channel.name);
        let whole = channel.at_once.mean + channel.later.mean;
        let share = channel.at_once.mean / whole;
        assert!((channel.immediate.lower..=channel.immediate.upper).contains(&share), "{}", channel.name);
    }
    for channel in &found.exhibits.saturation.unwrap().channels {
        let reached = &channel.reached.mean;
        assert!(reached.windows(2).all(|pair| pair[1] >= pair[0]) && reached[0] == 0.0);
        assert!(reached.iter().all(|share| (0.0..=1.0).contains(share)));
        // Half saturation lies where the curve passes one half, as far as the mean of curves can say.
        if let Some(i) = reached.iter().position(|share| *share >= 0.5) {
            assert!(
                channel.ec50.lower <= channel.exposure[i] && channel.exposure[i - 1] <= channel.ec50.upper
            );
        }
        assert_eq!(channel.history.iter().map(|bar| bar.count).sum::<usize>(), 80);
    }
}

#[test]
fn a_plan_and_its_table_tell_the_same() {
    let (_, found) = whole(&Options { n_periods: Some(80), ..Options::new(Preset::Weekly4, 5) });
    let (plan, plans) = (found.exhibits.plan.unwrap(), found.exhibits.plans.unwrap().plans);
    assert!(plan.is_proposed && plan.proven_within.is_some_and(|gap| gap <= 1e-6));
    assert_eq!((plans[0].name.as_str(), plans[1].name.as_str()), ("today", "proposed"));
    assert_eq!((plans[1].outcome.mean, plans[1].p_better), (plan.outcome.mean, Some(plan.p_better)));
    let gains: f64 = plan.moves.iter().map(|step| step.gain.mean).sum();
    assert!((gains - plan.gain.mean).abs() < 1e-6 * plan.outcome.mean);
    assert!(plan.gain.lower <= plan.gain_at_least && plan.gain_at_least <= plan.gain.mean);
    for step in &plan.moves {
        assert!(step.least.unwrap() <= step.planned && step.planned <= step.most.unwrap());
    }
    let frontier = found.exhibits.frontier.unwrap();
    assert!(frontier.outcome.mean.windows(2).all(|pair| pair[1] >= pair[0]));
}

#[test]
fn a_forecast_goes_on_where_the_data_end_and_today_again_gains_nothing() {
    let options = Options { n_periods: Some(60), n_geos: Some(2), ..Options::new(Preset::Geo, 2) };
    let fit = quick_fit(&options);
    let study = Study::new(&fit, SETTINGS);
    let found = report(&study, &[Exhibit::Forecast, Exhibit::KpiOverTime]).unwrap().exhibits;
    let ahead = found.forecast.unwrap();
    let calendar = &fit.model.panel.calendar;
    assert_eq!((ahead.dates.len(), ahead.dates[0].as_str()), (13, calendar.date(60).to_string().as_str()));
    let sum: f64 = ahead.plan.mean.mean.iter().sum();
    assert!((sum / ahead.plan.total.mean - 1.0).abs() < 1e-9);
    let gain = ahead.plan.total.mean - ahead.today.total.mean;
    assert!((ahead.gain.mean - gain).abs() < 1e-6 * sum);
    let seen = found.kpi_over_time.unwrap().mean.mean;
    let usual = seen.iter().sum::<f64>() / seen.len() as f64;
    assert!((0.5..2.0).contains(&(ahead.today.mean.mean[5] / usual)));
    for (narrow, wide) in ahead.plan.mean.upper.iter().zip(&ahead.plan.predictive.upper) {
        assert!(narrow < wide);
    }
    // The very money of today, as a given plan.
    let (surface, _) = study.surface().unwrap();
    let spend = surface.cells.iter().map(|cell| (cell.name.clone(), cell.current)).collect();
    let plan = NamedPlan { name: "as it is".into(), spend };
    let given = GivenPlan { plan, shape: Shape::default(), by_geo: false };
    let again = Study::new(&fit, SETTINGS).with_plan(Some(given));
    let found = report(&again, &[Exhibit::Forecast, Exhibit::Plan]).unwrap().exhibits;
    let (ahead, plan) = (found.forecast.unwrap(), found.plan.unwrap());
    assert_eq!((ahead.gain.lower, ahead.gain.upper, plan.gain.mean), (0.0, 0.0, 0.0));
    assert_eq!((plan.name.as_str(), plan.is_proposed), ("as it is", false));
}

#[test]
fn a_plan_that_is_given_late_has_its_own_time() {
    let fit = quick_fit(&Options { n_periods: Some(60), ..Options::new(Preset::Weekly4, 5) });
    let study = Study::new(&fit, SETTINGS);
    let quarter = study.proposal().unwrap().spend.iter().sum::<f64>();
    let (surface, _) = study.plan_surface().unwrap();
    assert_eq!(surface.horizon.periods, 13);
    let spend = surface.cells.iter().map(|cell| (cell.name.clone(), cell.current * 4.0 / 13.0)).collect();
    let plan = NamedPlan { name: "a month".into(), spend };
    let given = GivenPlan { plan, shape: Shape { horizon: 4, ..Shape::default() }, by_geo: false };
    let study = study.with_plan(Some(given));
    let found = report(&study, &[Exhibit::Plan]).unwrap().exhibits.plan.unwrap();
    assert_eq!((found.name.as_str(), found.periods), ("a month", 4));
    assert!((found.budget_today / quarter - 4.0 / 13.0).abs() < 1e-9);
}

#[test]
fn a_backtest_and_the_prior_are_told_by_period() {
    let fit = quick_fit(&Options { n_periods: Some(80), ..Options::new(Preset::Weekly4, 5) });
    let plan = FoldPlan {
        folds: 2,
        horizon: Some(6),
        step: None,
        min_train: None,
        window: TrainingWindow::Expanding,
    };
    let options = backtest::Options { plan, level: SETTINGS.level, threads: 2 };
    let made = backtest::backtest(&fit.model.spec, &fit.model.panel, &options, |_| ControlFlow::Continue(()));
    let made = made.unwrap().unwrap();
    let study = Study::new(&fit, SETTINGS).with_backtest(Some(made.clone()));
    let found = report(&study, &[Exhibit::Foresight, Exhibit::PriorBelief]).unwrap().exhibits;
    let foresight = found.foresight.unwrap();
    for (row, fold) in foresight.folds.iter().zip(&made.folds) {
        assert_eq!(row.dates.first(), Some(&fold.test_from.to_string()));
        assert_eq!(row.dates.last(), Some(&fold.test_to.to_string()));
        // A national cell is a period, so that what is inside can be counted again.
        let inside = (0..6).filter(|t| {
            row.kpi[*t].is_some_and(|y| row.predictive.lower[*t] <= y && y <= row.predictive.upper[*t])
        });
        assert_eq!(inside.count(), row.inside);
    }
    let prior = found.prior_belief.unwrap();
    assert_eq!(prior.dates.len(), 80);
    for t in 0..80 {
        assert!(
            prior.predictive.lower[t] < prior.half.lower[t]
                && prior.half.upper[t] < prior.predictive.upper[t]
        );
    }
}

#[test]
fn geos_a_holdout_and_a_count_are_told_apart() {
    let options = Options { n_periods: Some(60), n_geos: Some(3), ..Options::new(Preset::Geo, 2) };
    let (fit, found) = whole(&options);
    assert_eq!(found.about.geos, fit.model.panel.geos);
    let over_time = found.exhibits.kpi_over_time.as_ref().unwrap();
    assert_eq!((over_time.geos.len(), over_time.geos[0].mean.mean.len()), (3, 60));
    let by_geo: f64 = over_time.geos.iter().map(|geo| geo.mean.mean[7]).sum();
    assert!((by_geo / over_time.mean.mean[7] - 1.0).abs() < 1e-9);

    let (fit, found) = whole(&Options { n_periods: Some(80), ..Options::new(Preset::Kpi4, 2) });
    assert!(!found.about.kpi_is_money);
    assert_eq!(found.about.returns_in_money, fit.model.panel.revenue_per_kpi.is_some());
}

#[test]
fn the_json_of_a_report_has_no_more_digits_than_it_is_worth() {
    let (_, found) = whole(&Options { n_periods: Some(80), ..Options::new(Preset::Weekly4, 5) });
    let exact = serde_json::to_value(&found).unwrap();
    let short: serde_json::Value = serde_json::from_str(&found.to_json()).unwrap();
    fn compare(exact: &serde_json::Value, short: &serde_json::Value) {
        match (exact, short) {
            (serde_json::Value::Array(a), serde_json::Value::Array(b)) => {
                assert_eq!(a.len(), b.len());
                a.iter().zip(b).for_each(|(a, b)| compare(a, b));
            }
            (serde_json::Value::Object(a), serde_json::Value::Object(b)) => {
                assert!(a.keys().eq(b.keys()));
                a.values().zip(b.values()).for_each(|(a, b)| compare(a, b));
            }
            (serde_json::Value::Number(a), serde_json::Value::Number(b)) => {
                let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
                assert!((a - b).abs() <= 1e-6 * a.abs(), "{a} {b}");
            }
            _ => assert_eq!(exact, short),
        }
    }
    compare(&exact, &short);
}
