//! Our tables beside the tables they are modelled on, where those are at hand.

use super::{cells, of};
use crate::simulate::preset::Preset;
use std::fs::read_to_string;
use std::path::Path;

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");

/// Mean and standard deviation.
fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt())
}

/// Same columns in the same order; means of spend and KPI within `mean`, their spreads within `sd`, as ratios.
///
/// The generators differ, so only the distributions can agree. One run of two or three years leaves that much room.
fn check(preset: Preset, file: &str, columns: &[&str], mean: f64, sd: f64) {
    let path = Path::new(SHARED).join("data/seed_tools").join(file);
    let Ok(text) = read_to_string(&path) else {
        println!("skipped: the reference data are not beside this checkout");
        return;
    };
    let table = of(preset, 42).table;
    let mut lines = text.lines();
    let names: Vec<_> = lines.next().unwrap().split(',').collect();
    assert_eq!(table.names().collect::<Vec<_>>(), names, "{preset}");
    let rows: Vec<Vec<_>> = lines.map(|line| line.split(',').collect()).collect();
    for name in columns {
        let c = names.iter().position(|column| column == name).unwrap();
        let theirs = moments(&rows.iter().map(|row| row[c].parse().unwrap()).collect::<Vec<f64>>());
        let ours = moments(&cells(&table, name));
        println!("{preset} {name}: mean {:.0} / {:.0}, sd {:.0} / {:.0}", ours.0, theirs.0, ours.1, theirs.1);
        assert!((ours.0 / theirs.0).ln().abs() < mean, "{preset} {name} mean {} {}", ours.0, theirs.0);
        assert!((ours.1 / theirs.1).ln().abs() < sd, "{preset} {name} sd {} {}", ours.1, theirs.1);
    }
}

#[test]
fn weekly4_looks_like_the_market_it_is_modelled_on() {
    let columns = ["TV_spend", "Radio_spend", "Digital_spend", "Social_spend", "price", "revenue"];
    check(Preset::Weekly4, "s1_weekly4/baseline_104w_seed42.csv", &columns, 0.15, 0.3);
}

#[test]
fn analytics_looks_like_the_market_it_is_modelled_on() {
    let columns =
        ["spend_search", "spend_social", "spend_display", "spend_audio", "trend", "seasonality", "kpi"];
    check(Preset::Analytics, "s2_analytics/data.csv", &columns[..4], 0.15, 0.3);
    check(Preset::Analytics, "s2_analytics/data.csv", &columns[6..], 0.03, 0.3);
}

#[test]
fn daily5_looks_like_the_market_it_is_modelled_on() {
    let spends = ["tv_spend", "search_spend", "social_spend", "display_spend", "print_ooh_spend"];
    check(Preset::Daily5, "s3_daily5/mmm_daily_data.csv", &spends, 0.1, 0.2);
    let rest = ["price_index", "economic_index", "competitor_spend", "revenue"];
    check(Preset::Daily5, "s3_daily5/mmm_daily_data.csv", &rest, 0.1, 0.5);
}

#[test]
fn kpi4_looks_like_the_market_it_is_modelled_on() {
    let columns = ["trend", "spend_search", "spend_social", "spend_audio", "spend_display", "kpi"];
    check(Preset::Kpi4, "s4_kpi4/data.csv", &columns, 0.15, 0.3);
}

#[test]
fn lite_looks_like_the_market_it_is_modelled_on() {
    check(Preset::Lite, "s0_lite/data.csv", &["search", "social", "video", "sales"], 0.03, 0.3);
}
