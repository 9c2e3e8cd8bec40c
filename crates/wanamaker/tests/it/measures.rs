//! What channels earned, curves and plans of a fit, against the forward pass run by hand on changed inputs.

use crate::gradient::model;
use crate::support::{plain_csv, shared};
use wanamaker::data::calendar::{Calendar, Spacing};
use wanamaker::data::panel::Panel;
use wanamaker::decision::contribution::{Counted, grouped_parts, over_time, parts, totals, totals_of};
use wanamaker::decision::response_curve::{flighting, steady};
use wanamaker::decision::returns::returns;
use wanamaker::decision::surface::fitted::{FittedOptions, surface};
use wanamaker::decision::surface::flighting::{Flighting, Shape};
use wanamaker::decision::window::{Span, Window};
use wanamaker::model::compile::{CompiledModel, from_table};
use wanamaker::posterior::Posterior;
use wanamaker::posterior::replay::Replay;
use wanamaker::simulate::options::Options;
use wanamaker::simulate::preset::Preset;
use wanamaker::simulate::simulate;
use wanamaker::simulate::truth::GroundTruth;
use wanamaker::spec::document::{Format, read};

pub const ADSTOCK: &str = "adstock = { kind = \"geometric\", l_max = 6 }\nsaturation = { kind = \"hill\" }";
const LOG: &str = "[outcome]\nlink = \"log\"\n[outcome.sigma]\nprior = { half_normal = { sd = 0.1 } }";

fn models() -> Vec<(&'static str, CompiledModel)> {
    let week = Spacing::Days(7);
    vec![
        ("national", model("", ADSTOCK, 1, week)),
        ("panel", model("", ADSTOCK, 3, week)),
        (
            "endless",
            model(
                "",
                "adstock = { kind = \"geometric\", l_max = \"infinite\", decay = { beta = [3, 3] } }\nsaturation = { kind = \"hill\" }",
                1,
                week,
            ),
        ),
        ("times intercept", model("[outcome]\nmedia = \"times_intercept\"", ADSTOCK, 2, week)),
        ("log link", model(LOG, ADSTOCK, 2, week)),
    ]
}

/// Mean in KPI units, `[geo, time]`, at a draw on the model's data with other media.
fn mean(model: &CompiledModel, posterior: &Posterior, draw: usize, panel: &Panel) -> Vec<f64> {
    let inputs = model.inputs(panel);
    let mut replay = Replay::new(model);
    replay.go_to(posterior, 0, draw);
    let mut work = model.mean.work(&inputs);
    replay.mean_on(&inputs, &mut work);
    let mut out = vec![0.0; inputs.n_geos * inputs.n_times];
    replay.add_mean(&inputs, &work, &mut out);
    out
}

fn close(a: f64, b: f64, what: &str) {
    assert!((a - b).abs() <= 1e-9 * (a.abs() + b.abs()) + 1e-12, "{what}: {a} {b}");
}

#[test]
fn the_parts_add_up_to_the_fitted_mean() {
    for (name, model) in models() {
        let posterior = Posterior::from_prior(&model, 5, 3);
        for all in [parts(&model), grouped_parts(&model)] {
            let counted = Counted::periods(&model, &(4..15));
            for (geo, totals) in totals_of(&model, &posterior, &all, &counted, true, 0.9) {
                let (fitted, rest) = totals.split_last().unwrap();
                let sum: f64 = rest.iter().map(|total| total.contribution.mean).sum();
                close(sum, fitted.contribution.mean, &format!("{name} {geo}"));
            }
            let by_period = over_time(&model, &posterior, &all, 4..15, false, 0.9);
            for t in 0..11 {
                let at = |part: &str| -> f64 {
                    by_period
                        .iter()
                        .filter(|p| (p.part == "fitted") == (part == "fitted"))
                        .map(|p| p.periods[t].mean)
                        .sum()
                };
                close(at("rest"), at("fitted"), name);
            }
        }
        let grouped: Vec<String> = grouped_parts(&model).into_iter().map(|(name, _)| name).collect();
        assert!(grouped.contains(&"paid media".to_owned()) && grouped.contains(&"organic media".to_owned()));
    }
}

#[test]
fn contributions_are_the_forward_pass_without_the_channel_in_the_window() {
    for (name, model) in models() {
        let posterior = Posterior::from_prior(&model, 4, 5);
        let n = model.panel.n_times();
        let window = Window { from: 6, to: 13, until: 20 };
        let found = returns(&model, &posterior, window, 0.9, 1);
        for (c, channel) in found.channels.iter().enumerate() {
            let mut without = model.panel.clone();
            let mut raised = model.panel.clone();
            let n_paid = model.panel.media.len();
            for (panel, factor) in [(&mut without, 0.0), (&mut raised, 1.01)] {
                let media = if c < n_paid { &mut panel.media[c] } else { &mut panel.organic[c - n_paid] };
                let cells = media.exposure.iter_mut().enumerate();
                cells.filter(|(i, _)| window.spent().contains(&(i % n))).for_each(|(_, x)| *x *= factor);
            }
            let counted = |cells: &[f64], money: bool| -> f64 {
                let value =
                    |i: usize| if money { model.panel.revenue_per_kpi.as_ref().unwrap()[i] } else { 1.0 };
                (0..cells.len())
                    .filter(|i| window.counted().contains(&(i % n)))
                    .map(|i| cells[i] * value(i))
                    .sum()
            };
            let (mut kpi, mut money, mut up) = (0.0, 0.0, 0.0);
            for s in 0..4 {
                let as_it_was = mean(&model, &posterior, s, &model.panel);
                let cut = mean(&model, &posterior, s, &without);
                let more = mean(&model, &posterior, s, &raised);
                kpi += (counted(&as_it_was, false) - counted(&cut, false)) / 4.0;
                money += (counted(&as_it_was, true) - counted(&cut, true)) / 4.0;
                up += (counted(&more, true) - counted(&as_it_was, true)) / 4.0;
            }
            let what = format!("{name} {}", channel.name);
            let tolerance = 1e-8 * kpi.abs().max(1.0);
            assert!(
                (channel.contribution.mean - kpi).abs() < tolerance,
                "{what}: {} {kpi}",
                channel.contribution.mean
            );
            assert!((channel.immediate.mean + channel.carry_over.mean - 1.0).abs() < 1e-12);
            if let Some(spend) = channel.spend {
                close(channel.roas.unwrap().mean * spend, money, &what);
                let mroas = channel.mroas.unwrap().mean;
                assert!((mroas - up / (0.01 * spend)).abs() < 1e-6 * (1.0 + mroas.abs()), "{what}: {mroas}");
                close(channel.roi.unwrap().mean, channel.roas.unwrap().mean - 1.0, &what);
            } else {
                assert!(channel.roas.is_none() && channel.effectiveness.is_some());
            }
        }
        // The same on any number of threads.
        assert_eq!(
            format!("{:?}", returns(&model, &posterior, window, 0.9, 3).channels),
            format!("{:?}", found.channels)
        );
    }
}

fn compiled(preset: Preset) -> (CompiledModel, GroundTruth) {
    let market = simulate(&Options::new(preset, 1)).unwrap();
    let spec = read(&market.spec, Format::Toml).spec;
    (from_table(&spec, &market.table).unwrap().0, market.truth)
}

/// One draw that is the truth, for every parameter that has one; the others at their prior median.
fn truth_as_posterior(model: &CompiledModel, truth: &GroundTruth) -> Posterior {
    let mut posterior = Posterior::empty(model, 1, 1);
    let units = model.layout.variables.iter().flat_map(|variable| variable.units.iter());
    let medians = model.layout.parameters.iter().map(|parameter| parameter.distribution.median());
    posterior.values = medians.zip(units).map(|(median, unit)| median * unit).collect();
    for (value, label) in posterior.values.iter_mut().zip(posterior_labels(model)) {
        if let Some(known) = truth.parameters.get(&label) {
            *value = *known;
        }
    }
    posterior
}

fn posterior_labels(model: &CompiledModel) -> Vec<String> {
    Posterior::empty(model, 1, 1).labels()
}

#[test]
fn roas_over_all_data_is_that_of_the_totals_and_of_the_parameter() {
    let (model, _) = compiled(Preset::Recoverable);
    let posterior = Posterior::from_prior(&model, 6, 2);
    let found = returns(&model, &posterior, Window::training(&model), 0.9, 1);
    let attributed = totals(&model, &posterior, 0.9);
    let labels = posterior.labels();
    for channel in &found.channels {
        let total = attributed.iter().find(|total| total.name == channel.name).unwrap();
        close(channel.roas.unwrap().mean, total.roas.unwrap().mean, &channel.name);
        if let Some(at) = labels.iter().position(|label| *label == format!("roas[{}]", channel.name)) {
            let mean = (0..6).map(|s| posterior.draw(0, s)[at]).sum::<f64>() / 6.0;
            close(channel.roas.unwrap().mean, mean, &channel.name);
        }
    }
}

/// Rows and C41 on the older tool's data: what tv brought per day, in the steady state, and how long it lasts.
#[test]
fn the_daily_market_with_its_true_parameters_has_its_known_figures() {
    let Some(path) = shared("data/seed_tools/s3_daily5/mmm_daily_data.csv") else { return };
    let market = simulate(&Options::new(Preset::Daily5, 1)).unwrap();
    let spec = read(&market.spec, Format::Toml).spec;
    let (model, _) = from_table(&spec, &plain_csv(&path)).unwrap_or_else(|problems| panic!("{problems}"));
    let mut truth = market.truth;
    // Centred controls and intercept as the generator has them: media are shares of 50,000.
    truth.parameters.insert("intercept".into(), 50_000.0);
    for (name, beta) in
        [("tv", 0.35), ("search", 0.55), ("social", 0.42), ("display", 0.28), ("print_ooh", 0.18)]
    {
        truth.parameters.insert(format!("beta[{name}]"), beta);
    }
    let posterior = truth_as_posterior(&model, &truth);
    let found = returns(&model, &posterior, Window::training(&model), 0.9, 1);
    let tv = &found.channels[0];
    assert!(
        (tv.contribution.mean / 1095.0 / 10_492.0 - 1.0).abs() < 0.002,
        "{}",
        tv.contribution.mean / 1095.0
    );
    for (channel, roas) in found.channels.iter().zip([0.3653, 0.4607, 0.3169, 0.3773, 0.1780]) {
        assert!(
            (channel.roas.unwrap().mean / roas - 1.0).abs() < 0.005,
            "{} {}",
            channel.name,
            channel.roas.unwrap().mean
        );
    }
    assert!((tv.half_life.mean - 4.265).abs() < 0.001 && (tv.time_to_5_percent.mean - 18.43).abs() < 0.01);
    let (surface, _) = surface(&model, &posterior, &FittedOptions::of(&model)).unwrap();
    let brought = surface.cell_outcomes(0, surface.cells[0].current)[0].0;
    assert!((brought / 11_339.0 - 1.0).abs() < 0.01, "{brought}");
    let curve = &steady(&surface, 2.0, 40, 0.9)[0];
    assert!(curve.points.last().unwrap().beyond_seen && !curve.points[1].beyond_seen);
    assert!((curve.points.last().unwrap().spend / curve.highest.unwrap() - 2.0).abs() < 1e-9);
    for marked in [curve.current, curve.highest.unwrap()] {
        assert!(curve.points.iter().any(|point| point.spend == marked), "{marked}");
    }
}

#[test]
fn a_flighting_curve_runs_from_nothing_through_what_was() {
    for (name, model) in models() {
        let posterior = Posterior::from_prior(&model, 4, 8);
        let window = Window { from: 3, to: 20, until: 24 };
        let curves = flighting(&model, &posterior, window, 2.0, 4, 0.9, 1);
        let found = returns(&model, &posterior, window, 0.9, 1);
        for (curve, channel) in curves.iter().zip(&found.channels) {
            let money = channel.contribution_money.unwrap();
            close(curve.points[0].outcome.mean, 0.0, name);
            close(curve.points[2].outcome.mean, money.mean, name);
            close(curve.points[2].spend, channel.spend.unwrap(), name);
            assert!(!curve.points[2].beyond_seen || name.is_empty());
        }
    }
}

/// The calendar of a panel prolonged by `more` periods, with exposure and spend given for them and all else repeated.
fn prolonged(panel: &Panel, more: usize, exposure: &dyn Fn(usize, usize, usize) -> f64) -> Panel {
    let n = panel.n_times();
    let longer = |series: &[f64], new: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
        (0..panel.n_geos())
            .flat_map(|g| {
                let old = series[g * n..(g + 1) * n].to_vec();
                old.into_iter().chain((0..more).map(move |t| new(g, t))).collect::<Vec<_>>()
            })
            .collect()
    };
    let mut panel = panel.clone();
    panel.calendar = Calendar::new(panel.calendar.start(), panel.calendar.spacing(), n + more);
    panel.kpi.values = longer(&panel.kpi.values.clone(), &|_, _| f64::NAN);
    let value = panel.revenue_per_kpi.clone().unwrap();
    panel.revenue_per_kpi = Some(longer(&value, &|_, _| 1.0));
    for c in 0..panel.media.len() {
        let old = panel.media[c].exposure.clone();
        panel.media[c].exposure = longer(&old, &|g, t| exposure(c, g, t));
        let spend = panel.media[c].spend.clone().unwrap();
        panel.media[c].spend = Some(longer(&spend, &|_, _| 0.0));
    }
    for series in panel.organic.iter_mut().map(|media| &mut media.exposure) {
        *series = longer(&series.clone(), &|_, _| 0.0);
    }
    let rest = panel.treatments.iter_mut().chain(&mut panel.controls).map(|series| &mut series.values);
    for series in rest.chain(panel.events.iter_mut().map(|event| &mut event.values)) {
        *series = longer(&series.clone(), &|_, _| 0.0);
    }
    panel
}

/// A plan over a horizon is worth what the forward pass says of the data followed by that plan.
#[test]
fn a_plan_is_worth_what_the_forward_pass_says_of_the_data_followed_by_it() {
    for (name, model) in models().into_iter().take(4) {
        let posterior = Posterior::from_prior(&model, 3, 6);
        let (horizon, tail) = (5, 7);
        for (flighting, by_geo) in
            [(Flighting::Even, false), (Flighting::Historic, false), (Flighting::Even, true)]
        {
            let by_geo = by_geo && model.panel.has_geo;
            let historic = flighting == Flighting::Historic;
            let options = FittedOptions {
                shape: Shape { horizon, flighting, tail: Some(tail), carry_in: true },
                by_geo,
                value_per_kpi: Some(1.0),
                threads: 2,
                ..FittedOptions::of(&model)
            };
            let (surface, _) = surface(&model, &posterior, &options).unwrap();
            let plan: Vec<f64> = (0..surface.cells.len()).map(|k| 300.0 + 70.0 * k as f64).collect();
            let outcomes = surface.outcomes(&plan);
            let n = model.panel.n_times();
            let baseline = model.window.start..model.window.end;
            let share = |c: usize, g: usize| -> f64 {
                let spend = model.panel.media[c].spend.as_ref().unwrap();
                let of = |g: usize| spend[g * n..][baseline.clone()].iter().sum::<f64>();
                of(g) / (0..model.panel.n_geos()).map(of).sum::<f64>()
            };
            // Every unit of exposure cost 2 in these data.
            let exposure = |c: usize, g: usize, t: usize| -> f64 {
                let money = if by_geo { plan[c * model.panel.n_geos() + g] } else { plan[c] * share(c, g) };
                if t >= horizon {
                    return 0.0;
                }
                let when = if historic {
                    let spend = &model.panel.media[c].spend.as_ref().unwrap()[g * n..][baseline.clone()];
                    let last = &spend[spend.len() - horizon..];
                    let sum: f64 = last.iter().sum();
                    if sum > 0.0 { last[t] / sum } else { 1.0 / horizon as f64 }
                } else {
                    1.0 / horizon as f64
                };
                money * when / 2.0
            };
            let with = prolonged(&model.panel, horizon + tail, &exposure);
            let without = prolonged(&model.panel, horizon + tail, &|_, _, _| 0.0);
            for (s, outcome) in outcomes.iter().enumerate() {
                let (a, b) = (mean(&model, &posterior, s, &with), mean(&model, &posterior, s, &without));
                let expected: f64 = a.iter().zip(&b).map(|(a, b)| a - b).sum();
                let scale = a.iter().map(|x| x.abs()).sum::<f64>();
                assert!(
                    (outcome - expected).abs() < 1e-10 * scale,
                    "{name} {historic} {by_geo}: {outcome} {expected}"
                );
            }
        }
    }
}

/// On the log link a steady plan multiplies the mean outcome of the baseline without the planned media.
#[test]
fn on_the_log_link_channels_multiply() {
    let model = model(LOG, ADSTOCK, 2, Spacing::Days(7));
    let posterior = Posterior::from_prior(&model, 3, 6);
    let (surface, _) =
        surface(&model, &posterior, &FittedOptions { value_per_kpi: Some(1.0), ..FittedOptions::of(&model) })
            .unwrap();
    assert!(!surface.is_additive());
    let plan = [100.0, 50.0, 80.0];
    let sloped = surface.sloped(&plan, 0.0);
    for k in 0..3 {
        let moved = |h: f64| {
            let mut plan = plan;
            plan[k] += h;
            surface.outcomes(&plan)
        };
        let (up, down) = (moved(1e-3), moved(-1e-3));
        for s in 0..3 {
            let slope = (up[s] - down[s]) / 2e-3;
            assert!((sloped.slopes[k][s] - slope).abs() < 1e-5 * (1.0 + slope.abs()), "{k} {s}");
        }
    }
    let alone: f64 = (0..3)
        .map(|k| {
            let mut one = [0.0; 3];
            one[k] = plan[k];
            surface.outcomes(&one)[0]
        })
        .sum();
    assert!((sloped.outcome[0] - alone).abs() > 1e-12 * alone.abs());
    let even = FittedOptions {
        shape: Shape { horizon: 4, flighting: Flighting::Even, ..Shape::default() },
        ..FittedOptions::of(&model)
    };
    let problems = wanamaker::decision::surface::fitted::surface(&model, &posterior, &even).unwrap_err();
    assert_eq!(problems.0[0].code, "plan.log_link");
}

#[test]
fn windows_outside_the_data_and_unknown_channels_are_refused_with_what_would_do() {
    let model = model("", ADSTOCK, 1, Spacing::Days(7));
    let date = |text: &str| Some(text.parse().unwrap());
    let window = |from, to, last| Window::of(&model, Span { from, to, last });
    assert_eq!(window(None, None, None).unwrap(), Window::training(&model));
    let inside = window(date("2023-02-01"), date("2023-03-05"), None).unwrap();
    assert_eq!((inside.from, inside.to, inside.until), (5, 9, model.window.end));
    for (from, to, last, code) in [
        (date("2030-01-01"), None, None, "window.outside"),
        (None, date("2020-01-01"), None, "window.outside"),
        (date("2023-05-01"), date("2023-02-01"), None, "window.order"),
        (None, None, Some(0), "window.length"),
        (None, None, Some(1000), "window.length"),
    ] {
        let problems = window(from, to, last).unwrap_err();
        assert_eq!(problems.0[0].code, code);
        assert!(problems.0[0].hint.as_ref().unwrap().contains("2023-01-02"));
    }
    let posterior = Posterior::from_prior(&model, 2, 1);
    let odd = FittedOptions {
        channels: vec!["tvv".into()],
        cost_per_exposure: [("tv".to_owned(), -1.0)].into_iter().collect(),
        value_per_kpi: Some(f64::NAN),
        ..FittedOptions::of(&model)
    };
    let problems = surface(&model, &posterior, &odd).unwrap_err();
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["plan.unknown_channel", "plan.cost", "plan.value"]);
    assert!(problems.0[0].hint.as_ref().unwrap().contains("did you mean `tv`"));
}
