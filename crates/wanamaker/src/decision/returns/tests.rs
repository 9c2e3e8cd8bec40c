//! Worked figures of one hand-made channel whose parameters are all fixed, so that every number is known.

use super::{Returns, returns};
use crate::data::calendar::{Calendar, Spacing};
use crate::data::panel::{Media, Panel, Series};
use crate::decision::contribution::totals;
use crate::decision::window::{Span, Window};
use crate::model::compile::{CompiledModel, compile};
use crate::posterior::Posterior;
use crate::spec::document::{Format, read};
use jiff::civil::date;

/// Thirty weeks of a level of 1000 and a channel of which one unit of exposure costs 2.
fn market(exposure: &[f64], n_history: usize, channel: &str, more: &str) -> CompiledModel {
    let n = exposure.len();
    let mut kpi: Vec<f64> = (0..n).map(|t| 1000.0 + (t % 5) as f64).collect();
    kpi[..n_history].fill(f64::NAN);
    let panel = Panel {
        source: "market.csv".into(),
        geos: vec!["national".into()],
        has_geo: false,
        calendar: Calendar::new(date(2023, 1, 2), Spacing::Days(7), n),
        population: vec![1.0],
        kpi: Series { name: "sales".into(), values: kpi },
        revenue_per_kpi: None,
        media: vec![Media {
            name: "tv".into(),
            exposure: exposure.to_vec(),
            spend: Some(exposure.iter().map(|x| 2.0 * x).collect()),
        }],
        organic: Vec::new(),
        treatments: Vec::new(),
        controls: Vec::new(),
        events: Vec::new(),
        n_history,
    };
    let text = format!(
        "[data]\nkpi = \"sales\"\ntime = \"week\"\n{more}\n[baseline]\nintercept = {{ prior = 1000 }}\n\
         trend = {{ kind = \"none\" }}\n[[channel]]\nname = \"tv\"\nexposure = \"grp\"\nspend = \"cost\"\n{channel}\n"
    );
    let document = read(&text, Format::Toml);
    assert!(document.problems.0.is_empty(), "{}", document.problems);
    compile(&document.spec, &panel).unwrap_or_else(|problems| panic!("{problems}"))
}

fn asked(model: &CompiledModel, span: Span) -> Returns {
    let posterior = Posterior::from_prior(model, 3, 1);
    returns(model, &posterior, Window::of(model, span).unwrap(), 0.9, 1)
}

fn close(actual: f64, expected: f64) {
    assert!((actual - expected).abs() < 1e-9 * (1.0 + expected.abs()), "{actual} against {expected}");
}

const HALVING: &str = "adstock = { kind = \"geometric\", l_max = \"infinite\", decay = 0.5 }\n";

fn pulse(at: usize, size: f64) -> Vec<f64> {
    (0..30).map(|t| if t == at { size } else { 0.0 }).collect()
}

#[test]
fn a_pulse_is_paid_back_at_once_and_over_time() {
    let model = market(
        &pulse(10, 8.0),
        0,
        &format!("{HALVING}saturation = {{ kind = \"none\" }}\neffect = {{ beta = 10 }}"),
        "",
    );
    let found = &asked(&model, Span::default()).channels[0];
    // 80 at once, 40 a week later, and so on for the twenty weeks that are left.
    let all = 160.0 * (1.0 - 0.5_f64.powi(20));
    close(found.contribution.mean, all);
    close(found.immediate.mean, 80.0 / all);
    close(found.roas.unwrap().mean, all / 16.0);
    close(found.roi.unwrap().mean, all / 16.0 - 1.0);
    // A straight line earns on the next unit what it earned on the last.
    assert!((found.mroas.unwrap().mean - all / 16.0).abs() < 1e-6);
    close(found.cpik.unwrap().mean, 16.0 / all);
    close(found.effectiveness.unwrap().mean, all / 8.0);
    close(found.share.mean, all / (30_000.0 + all));
    assert_eq!((found.half_life.mean, found.peak_lag.mean), (1.0, 0.0));
    assert!(found.ec50.is_none() && found.ec90.is_none() && found.beyond_half.is_none());
}

#[test]
fn half_saturation_is_told_as_steady_spend() {
    let curve = "saturation = { kind = \"michaelis_menten\", ec50 = 40 }\neffect = { beta = 1000 }";
    let steady = vec![15.0; 30];
    let first = market(&steady, 0, &format!("{HALVING}{curve}"), "");
    let found = &asked(&first, Span::default()).channels[0];
    // An adstock of 40 is a steady exposure of 20, which costs 40; of 360 one of 180.
    close(found.ec50.unwrap().median, 40.0);
    close(found.ec90.unwrap().median, 360.0);
    assert_eq!(found.beyond_half.unwrap().mean, 0.0);
    let after = market(&steady, 0, &format!("{HALVING}{curve}\norder = \"saturation_first\""), "");
    let found = &asked(&after, Span::default()).channels[0];
    // The curve bends the exposure itself: 40 of it cost 80, whatever the carry-over.
    close(found.ec50.unwrap().median, 80.0);
    close(found.ec90.unwrap().median, 720.0);
}

#[test]
fn periods_beyond_half_saturation_are_counted_with_their_carry_over() {
    let curve = "saturation = { kind = \"michaelis_menten\", ec50 = 40 }\neffect = { beta = 1000 }";
    // 100, 50, then 25: two of thirty weeks lie beyond 40, of the exposure itself only one.
    let first = market(&pulse(4, 100.0), 0, &format!("{HALVING}{curve}"), "");
    close(asked(&first, Span::default()).channels[0].beyond_half.unwrap().mean, 2.0 / 30.0);
    let after = market(&pulse(4, 100.0), 0, &format!("{HALVING}{curve}\norder = \"saturation_first\""), "");
    close(asked(&after, Span::default()).channels[0].beyond_half.unwrap().mean, 1.0 / 30.0);
}

#[test]
fn what_was_spent_before_the_window_is_not_its_merit() {
    let line = format!("{HALVING}saturation = {{ kind = \"none\" }}\neffect = {{ beta = 10 }}");
    // A pulse in media history is felt later, but no money of the window stands behind it.
    let mut exposure = pulse(1, 8.0);
    exposure[20] = 8.0;
    let model = market(&exposure, 2, &line, "");
    let own = 160.0 * (1.0 - 0.5_f64.powi(10));
    close(asked(&model, Span::default()).channels[0].contribution.mean, own);
    let felt = totals(&model, &Posterior::from_prior(&model, 3, 1), 0.9);
    let felt = felt.iter().find(|total| total.name == "tv").unwrap().contribution.mean;
    close(felt, own + 80.0 * (1.0 - 0.5_f64.powi(28)));
    // On a curve the window's money brings what would be lost without it: 100 on top of the 50 left of the week before.
    let curve = "saturation = { kind = \"michaelis_menten\", ec50 = 50 }\neffect = { beta = 600 }";
    let mut two = pulse(9, 100.0);
    two[10] = 100.0;
    let model = market(&two, 0, &format!("{HALVING}{curve}"), "");
    let week = Span { from: Some(date(2023, 3, 13)), to: Some(date(2023, 3, 13)), last: None };
    let lost: f64 = (0..20)
        .map(|l| {
            let h = |x: f64| 600.0 * x / (50.0 + x);
            h(150.0 * 0.5_f64.powi(l)) - h(50.0 * 0.5_f64.powi(l))
        })
        .sum();
    let found = &asked(&model, week).channels[0];
    close(found.contribution.mean, lost);
    // All that is felt in that week of the window's own money is felt at once: 600·(150/200 − 50/100).
    close(found.immediate.mean, 150.0 / lost);
}

#[test]
fn a_count_without_a_value_has_no_roi() {
    let line = format!("{HALVING}saturation = {{ kind = \"none\" }}\neffect = {{ beta = 10 }}");
    let found = asked(&market(&pulse(10, 8.0), 0, &line, "kpi_kind = \"count\""), Span::default());
    assert!(!found.in_money && found.channels[0].roi.is_none() && found.channels[0].roas.is_some());
}
