//! Claims that hold for every simulated market, and the shapes of the tables.

mod mirrored;
mod panel;
mod paper;

use super::*;
use crate::data::table::{Column, Values};
use jiff::civil::date;
use std::collections::HashSet;

fn of(preset: Preset, seed: u64) -> Market {
    simulate(&Options::new(preset, seed)).unwrap()
}

fn cells<'a>(table: &'a Table, name: &str) -> Vec<f64> {
    let column: &'a Column = table.column(name).unwrap_or_else(|| panic!("no column {name}"));
    match &column.values {
        Values::Number(cells) => cells.iter().map(|cell| cell.unwrap()).collect(),
        Values::Bool(cells) => cells.iter().map(|cell| f64::from(cell.unwrap())).collect(),
        other => panic!("{name}: {other:?}"),
    }
}

fn close(got: f64, expected: f64, tolerance: f64) -> bool {
    (got - expected).abs() <= tolerance * expected.abs().max(1.0)
}

#[test]
fn the_same_seed_gives_the_same_market_and_another_another() {
    for preset in Preset::ALL {
        assert_eq!(of(preset, 42), of(preset, 42), "{preset}");
        assert_ne!(of(preset, 42).table, of(preset, 43).table, "{preset}");
    }
}

#[test]
fn the_random_series_do_not_change_between_versions() {
    // Our own numbers, pinned when they were first drawn: a change here changes every simulated market.
    let pinned = [
        (Preset::Weekly4, "revenue", 33800040.0598099),
        (Preset::Daily5, "revenue", 95480980.28206831),
        (Preset::Kpi4, "kpi", 43928.68767857015),
        (Preset::Analytics, "kpi", 50264.85126959992),
        (Preset::Lite, "sales", 421440.56029223214),
        (Preset::Recoverable, "revenue", 72880901.50636502),
        (Preset::Geo, "revenue", 2686944458.8407607),
    ];
    for (preset, column, expected) in pinned {
        let total: f64 = cells(&of(preset, 42).table, column).iter().sum();
        assert!(close(total, expected, 1e-9), "{preset} {column} {total:?}");
    }
}

#[test]
fn columns_stand_in_the_order_of_the_tables_mirrored() {
    let expected = [
        (
            Preset::Weekly4,
            "date week year month TV_spend Radio_spend Digital_spend Social_spend price promotion \
             TV_contribution_gt Radio_contribution_gt Digital_contribution_gt Social_contribution_gt revenue \
             total_media_contribution_gt",
        ),
        (
            Preset::Daily5,
            "date t day_of_week month quarter is_weekend is_us_holiday fourier_sin_1 fourier_cos_1 fourier_sin_2 \
             fourier_cos_2 fourier_sin_3 fourier_cos_3 tv_spend search_spend social_spend display_spend \
             print_ooh_spend price_index is_promotion competitor_spend economic_index revenue",
        ),
        (Preset::Kpi4, "week trend season spend_search spend_social spend_audio spend_display eps kpi"),
        (
            Preset::Analytics,
            "date week trend seasonality spend_search spend_social spend_display spend_audio noise kpi",
        ),
        (Preset::Lite, "date search social video sales"),
        (Preset::Recoverable, "week tv_spend radio_spend digital_spend social_spend revenue"),
        (
            Preset::Geo,
            "geo week tv_impressions search_impressions social_impressions display_impressions tv_spend \
             search_spend social_spend display_spend price_index competitor_activity population revenue",
        ),
    ];
    for (preset, names) in expected {
        let table = of(preset, 1).table;
        assert_eq!(table.names().collect::<Vec<_>>(), names.split_whitespace().collect::<Vec<_>>());
        let rows = preset.default_periods() * if preset == Preset::Geo { 20 } else { 1 };
        assert!(table.columns.iter().all(|column| column.values.len() == rows), "{preset}");
    }
}

#[test]
fn the_contributions_of_daily5_stand_in_seventeen_columns() {
    let table = of(Preset::Daily5, 1).contributions.unwrap();
    let mut expected = vec!["date".to_owned()];
    for channel in ["tv", "search", "social", "display", "print_ooh"] {
        expected.extend(["adstocked", "saturated", "contribution"].map(|what| format!("{channel}_{what}")));
    }
    expected.push("total_media_contribution".to_owned());
    assert_eq!(table.names().collect::<Vec<_>>(), expected);
}

#[test]
fn longer_series_begin_as_shorter_ones_do() {
    for preset in [Preset::Weekly4, Preset::Kpi4, Preset::Analytics, Preset::Lite] {
        let table = |n| simulate(&Options { n_periods: Some(n), ..Options::new(preset, 4) }).unwrap().table;
        let (short, long) = (table(50), table(90));
        for column in short.columns.iter().filter(|column| matches!(column.values, Values::Number(_))) {
            assert_eq!(
                cells(&short, &column.name),
                cells(&long, &column.name)[..50],
                "{preset} {}",
                column.name
            );
        }
    }
}

#[test]
fn the_truth_reads_back_from_its_json() {
    for preset in Preset::ALL {
        let truth = of(preset, 42).truth;
        let text = serde_json::to_string(&truth).unwrap();
        let back: GroundTruth = serde_json::from_str(&text).unwrap();
        let rewritten: serde_json::Value = serde_json::to_value(&back).unwrap();
        same_within_rounding(&rewritten, &serde_json::to_value(&truth).unwrap());
        assert!(!text.contains("null"), "{preset} {text}");
    }
}

/// Equal, numbers to one part in 10¹⁵: the JSON reader may miss the last bit.
fn same_within_rounding(got: &serde_json::Value, expected: &serde_json::Value) {
    use serde_json::Value::{Array, Number, Object};
    match (got, expected) {
        (Number(a), Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            assert!((a - b).abs() <= 1e-15 * b.abs(), "{a} {b}");
        }
        (Array(a), Array(b)) => {
            assert_eq!(a.len(), b.len());
            a.iter().zip(b).for_each(|(a, b)| same_within_rounding(a, b));
        }
        (Object(a), Object(b)) => {
            assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
            a.iter().for_each(|(key, a)| same_within_rounding(a, &b[key]));
        }
        _ => assert_eq!(got, expected),
    }
}

#[test]
fn the_truth_names_every_parameter_of_every_channel() {
    for preset in Preset::ALL {
        let truth = of(preset, 42).truth;
        for channel in &truth.channels {
            let mut names = vec!["decay", "roas", "contribution_share"];
            names.extend(if preset == Preset::Lite { vec!["rate"] } else { vec!["slope", "ec50"] });
            names.extend((preset != Preset::Geo).then_some("beta"));
            for name in names {
                let key = format!("{name}[{}]", channel.name);
                assert!(truth.parameters[&key] > 0.0, "{preset} {key}");
            }
        }
        let shares: f64 = truth.channels.iter().map(|channel| channel.contribution_share).sum();
        assert!(close(shares, truth.media_share, 1e-12), "{preset}");
    }
}

#[test]
fn every_spec_is_toml_whose_columns_stand_in_the_table() {
    for preset in Preset::ALL {
        let market = of(preset, 1);
        let spec: toml::Table = market.spec.parse().unwrap_or_else(|e| panic!("{preset}: {e}"));
        let names: HashSet<_> = market.table.names().collect();
        let mut columns: Vec<_> = ["time", "kpi", "geo", "population"]
            .iter()
            .filter_map(|&key| spec["data"].get(key))
            .map(|column| column.as_str().unwrap())
            .collect();
        let channels = spec["channel"].as_array().unwrap();
        for channel in channels {
            columns.extend(["spend", "exposure"].iter().filter_map(|&key| channel.get(key)?.as_str()));
            assert_eq!(channel["adstock"]["l_max"].as_str(), Some("infinite"));
        }
        for control in spec.get("control").and_then(|controls| controls.as_array()).into_iter().flatten() {
            columns.push(control["column"].as_str().unwrap());
        }
        columns.iter().for_each(|column| assert!(names.contains(column), "{preset} {column}"));
        let named: Vec<_> = channels.iter().map(|channel| channel["name"].as_str().unwrap()).collect();
        let simulated: Vec<_> = market.truth.channels.iter().map(|channel| channel.name.as_str()).collect();
        assert_eq!(named, simulated, "{preset}");
    }
}

#[test]
fn a_market_of_one_period_is_a_market() {
    for preset in Preset::ALL {
        let options = Options { n_periods: Some(preset.fewest_periods()), ..Options::new(preset, 1) };
        let text = serde_json::to_string(&simulate(&options).unwrap().truth).unwrap();
        assert!(!text.contains("null"), "{preset} {text}");
    }
}

#[test]
fn a_market_may_lie_at_either_end_of_the_calendar() {
    for preset in Preset::ALL.into_iter().filter(|preset| *preset != Preset::Kpi4) {
        for start in [date(1, 1, 1), date(9999, 6, 1)] {
            let options = Options { start: Some(start), n_periods: Some(30), ..Options::new(preset, 1) };
            assert!(simulate(&options).is_ok(), "{preset} {start}");
        }
    }
}

#[test]
fn wrong_options_are_problems() {
    let options = Options { n_periods: Some(0), ..Options::new(Preset::Analytics, 1) };
    let problems = simulate(&options).unwrap_err();
    assert_eq!(problems.0[0].code, "simulate.too_few_periods");
}
