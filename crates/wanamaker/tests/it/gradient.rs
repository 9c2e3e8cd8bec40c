//! The whole density against high-order differences, over every kind of model and thousands of points.

use crate::support::difference;
use wanamaker::data::calendar::{Calendar, Spacing};
use wanamaker::data::panel::{EventSeries, Media, Panel, Series};
use wanamaker::model::compile::{CompiledModel, compile};
use wanamaker::model::density::Evaluator;
use wanamaker::spec::document::{Format, read};
use wanamaker_mcmc::log_density::LogDensity;

/// A deterministic stream of numbers in (0, 1), independent of the library's own generators.
pub struct Noise(pub u64);

impl Noise {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }
}

fn panel(n_geos: usize, spacing: Spacing, count: bool) -> Panel {
    let n = 24;
    let mut noise = Noise(7);
    let mut series = |low: f64, high: f64, dark: f64| -> Vec<f64> {
        (0..n_geos * n)
            .map(|_| if noise.next() < dark { 0.0 } else { low + (high - low) * noise.next() })
            .collect()
    };
    let media = (0..3)
        .map(|c| {
            let exposure = series(10.0, 90.0, 0.3);
            let spend = exposure.iter().map(|x| 2.0 * x).collect();
            Media { name: ["tv", "radio", "search"][c].into(), exposure, spend: Some(spend) }
        })
        .collect();
    let organic = vec![Media { name: "mail".into(), exposure: series(1.0, 5.0, 0.1), spend: None }];
    let mut kpi = series(80.0, 160.0, 0.0);
    if count {
        kpi.iter_mut().for_each(|y| *y = (*y / 8.0).round());
    }
    kpi[0] = f64::NAN;
    kpi[5] = f64::NAN;
    Panel {
        source: "test".into(),
        geos: (0..n_geos).map(|g| format!("g{g}")).collect(),
        has_geo: n_geos > 1,
        calendar: Calendar::new(jiff::civil::date(2023, 1, 2), spacing, n),
        population: (0..n_geos).map(|g| 1.0 + g as f64).collect(),
        kpi: Series { name: "kpi".into(), values: kpi },
        revenue_per_kpi: Some(series(1.0, 2.0, 0.0)),
        media,
        organic,
        treatments: vec![Series { name: "price".into(), values: series(0.5, 2.0, 0.0) }],
        controls: vec![
            Series { name: "heat".into(), values: series(-1.0, 1.0, 0.0) },
            Series { name: "rival".into(), values: series(3.0, 9.0, 0.0) },
        ],
        events: vec![EventSeries {
            column: "events".into(),
            name: "fair".into(),
            values: (0..n_geos * n).map(|i| f64::from(i % 7 == 0)).collect(),
        }],
        n_history: 0,
    }
}

const BASE: &str = r#"
[data]
kpi = "kpi"
time = "week"
[[channel]]
name = "tv"
spend = "a"
ADSTOCK
[[channel]]
name = "radio"
spend = "b"
adstock = { kind = "delayed", l_max = 5 }
saturation = { kind = "logistic" }
order = "saturation_first"
[[channel]]
name = "search"
spend = "c"
adstock = { kind = "none" }
saturation = { kind = "michaelis_menten" }
[[organic]]
name = "mail"
exposure = "d"
saturation = { kind = "root" }
[[treatment]]
column = "price"
[[control]]
column = "heat"
[[control]]
column = "rival"
"#;

/// A model with every kind of term: three paid channels, an organic one, a treatment, controls, events.
pub fn model(extra: &str, adstock: &str, n_geos: usize, spacing: Spacing) -> CompiledModel {
    let text = format!("{}\n{extra}", BASE.replace("ADSTOCK", adstock));
    let document = read(&text, Format::Toml);
    assert!(document.problems.0.is_empty(), "{}\n{text}", document.problems);
    let count = extra.contains("negative_binomial") || extra.contains("poisson");
    compile(&document.spec, &panel(n_geos, spacing, count))
        .unwrap_or_else(|problems| panic!("{problems}\n{text}"))
}

fn check(model: &CompiledModel, seed: u64, n_points: usize, what: &str) {
    let mut evaluator = Evaluator::new(model);
    let dim = evaluator.dim();
    let mut noise = Noise(seed);
    let medians: Vec<f64> = model
        .layout
        .parameters
        .iter()
        .filter(|p| p.free.is_some())
        .map(|p| p.support.unconstrain(p.distribution.median()))
        .collect();
    let scale: Vec<f64> = model
        .layout
        .parameters
        .iter()
        .filter(|p| p.free.is_some())
        .map(|p| {
            let at = |q: f64| p.support.unconstrain(p.distribution.quantile(q));
            (0.5 * (at(0.8) - at(0.2))).clamp(1e-6, 1e9)
        })
        .collect();
    let (mut checked, mut kinks) = (0, 0);
    for _ in 0..n_points {
        let at: Vec<f64> = (0..dim).map(|i| medians[i] + scale[i] * (2.0 * noise.next() - 1.0)).collect();
        let mut gradient = vec![0.0; dim];
        let value = evaluator.log_density(&at, &mut gradient);
        if !value.is_finite() {
            continue;
        }
        let mut f = |x: &[f64]| evaluator.log_density(x, &mut vec![0.0; dim]);
        for i in 0..dim {
            let h = 2e-3 * scale[i];
            let by_difference = difference(&mut f, &at, i, h);
            // Differences lose digits of the value they are taken from.
            let tolerance = 2e-8 * by_difference.abs() + 1e-11 * value.abs() / h + 1e-8 / scale[i];
            // At a kink (the centre of a Laplace, a change of peak under min-max scaling) no difference is right, and two
            // step lengths disagree.
            if (by_difference - difference(&mut f, &at, i, 0.3 * h)).abs() > tolerance {
                kinks += 1;
                continue;
            }
            assert!(
                (gradient[i] - by_difference).abs() <= tolerance,
                "{what}, {}: {} against {by_difference}",
                model.layout.free_labels()[i],
                gradient[i]
            );
            checked += 1;
        }
    }
    assert!(kinks <= 2 + checked / 20, "{what}: {kinks} kinks in {checked} slopes");
    assert!(checked >= dim * n_points / 2, "{what}: too few points were finite");
}

pub const WEEK: Spacing = Spacing::Days(7);

#[test]
fn every_adstock_and_saturation_gives_the_right_gradient() {
    for (k, adstock) in
        ["geometric", "delayed", "binomial", "weibull_pdf", "weibull_cdf", "none"].iter().enumerate()
    {
        for (j, saturation) in [
            "hill",
            "exponential",
            "logistic",
            "tanh",
            "michaelis_menten",
            "root",
            "log1p",
            "sigmoid",
            "none",
        ]
        .iter()
        .enumerate()
        {
            for order in ["adstock_first", "saturation_first"] {
                let window = if *adstock == "none" { "" } else { ", l_max = 4" };
                let transform = format!(
                    "adstock = {{ kind = \"{adstock}\"{window} }}\nsaturation = {{ kind = \"{saturation}\" }}\norder = \"{order}\""
                );
                let model = model("", &transform, 1, WEEK);
                check(&model, (10 * k + j) as u64, 6, &transform);
            }
        }
    }
}

#[test]
fn every_part_of_the_baseline_and_every_likelihood_gives_the_right_gradient() {
    let infinite = "adstock = { kind = \"geometric\", l_max = \"infinite\" }";
    for extra in [
        "[baseline]\ntrend = { kind = \"linear\" }",
        "[baseline]\ntrend = { kind = \"piecewise\", changepoints = 3 }\nseasonality = [{ period = 60, order = 2 }]",
        "[baseline]\ntrend = { kind = \"knots\", knots = 4 }\nevents = [{ column = \"events\", window = [0, 7] }]",
        "[baseline]\nevents = [{ name = \"bf\", dates = [\"2023-02-03\"] }]\nevent_prior = { horseshoe = { scale = 2, slab_scale = 3, slab_df = 4 } }",
        "[defaults]\ncontrol_prior = { horseshoe = { scale = 2, slab_scale = 3, slab_df = 4 } }",
        "[outcome]\nlikelihood = \"student_t\"",
        "[outcome]\nlink = \"log\"\nlikelihood = \"log_normal\"",
        "[outcome]\nlink = \"log\"\nlikelihood = \"negative_binomial\"",
        "[outcome]\nlink = \"log\"\nlikelihood = \"poisson\"",
        "[outcome]\nmedia = \"times_intercept\"",
        "[scaling]\nkpi = \"max\"\nmedia = \"median_nonzero\"\ncontrol = \"max\"",
        "[defaults.effect]\ncontribution_share = { beta = [2, 8] }",
        "[defaults.effect]\nbeta = { half_normal = { sd = 40 } }",
    ] {
        check(&model(extra, infinite, 1, WEEK), 3, 12, extra);
    }
    let daily = "[baseline]\nday_of_week = true";
    check(&model(daily, infinite, 1, Spacing::Days(1)), 5, 12, daily);
}

#[test]
fn every_pooling_gives_the_right_gradient() {
    for pooling in ["shared", "independent", "pooled"] {
        for effect in [
            "roas = { log_normal = { median = 1, sd_log = 1 } }",
            "beta = { half_normal = { sd = 30 } }",
            "beta = { normal = { mean = 1, sd = 30 } }",
        ] {
            for mode in ["additive", "times_intercept"] {
                for likelihood in ["normal", "student_t"] {
                    let transform = if pooling == "independent" { "independent" } else { "shared" };
                    let tv = format!(
                        "adstock = {{ kind = \"geometric\", l_max = 4, pooling = \"{transform}\" }}\nsaturation = {{ kind = \"hill\", pooling = \"{transform}\" }}\neffect = {{ {effect}, pooling = \"{pooling}\" }}"
                    );
                    let extra = format!(
                        "[baseline]\nintercept = {{ pooling = \"{pooling}\" }}\ntrend = {{ kind = \"linear\", pooling = \"{pooling}\" }}\n\
                         [outcome]\nmedia = \"{mode}\"\nlikelihood = \"{likelihood}\"\nsigma = {{ pooling = \"{transform}\" }}"
                    );
                    check(&model(&extra, &tv, 3, WEEK), 11, 3, &format!("{tv}\n{extra}"));
                }
            }
        }
    }
}
