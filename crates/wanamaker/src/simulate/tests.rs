//! Claims that hold for every simulated market, and the shapes of the tables.

use super::*;
use crate::data::table::{Column, Values};
use crate::simulate::truth::ChannelTruth;
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

/// The contribution of a channel from the numbers in its truth and nothing else, on one series of exposure.
fn on_paper(channel: &ChannelTruth, exposure: &[f64], level: f64) -> Vec<f64> {
    let p = |name: &str| channel.parameters[name];
    let mut adstocked = 0.0;
    let mut step = |x: &f64| {
        adstocked = x + p("decay") * adstocked;
        let saturated: f64 = match channel.parameters.get("rate") {
            Some(rate) => 1.0 - (-rate * adstocked).exp(),
            None => adstocked.powf(p("slope")) / (adstocked.powf(p("slope")) + p("ec50").powf(p("slope"))),
        };
        level * p("beta") * saturated
    };
    exposure.iter().map(&mut step).collect()
}

fn spend_column(preset: Preset, channel: &str) -> String {
    match preset {
        Preset::Lite => channel.to_owned(),
        Preset::Analytics | Preset::Kpi4 => format!("spend_{channel}"),
        _ => format!("{channel}_spend"),
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
        (Preset::Weekly4, "revenue", 0.0),
        (Preset::Daily5, "revenue", 0.0),
        (Preset::Kpi4, "kpi", 0.0),
        (Preset::Analytics, "kpi", 0.0),
        (Preset::Lite, "sales", 0.0),
        (Preset::Recoverable, "revenue", 0.0),
        (Preset::Geo, "revenue", 0.0),
    ];
    for (preset, column, expected) in pinned {
        let total: f64 = cells(&of(preset, 42).table, column).iter().sum();
        println!("{preset} {column} {total:?}");
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
fn contributions_follow_from_the_table_and_the_truth_on_paper() {
    for preset in Preset::ALL.into_iter().filter(|preset| *preset != Preset::Geo) {
        let market = of(preset, 5);
        let level = if preset == Preset::Daily5 { market.truth.baseline["intercept"] } else { 1.0 };
        for channel in &market.truth.channels {
            let spend = cells(&market.table, &spend_column(preset, &channel.name));
            let contribution = on_paper(channel, &spend, level);
            let total: f64 = contribution.iter().sum();
            assert!(close(channel.spend_total, spend.iter().sum(), 1e-12));
            assert!(close(channel.contribution_total, total, 1e-10), "{preset} {}", channel.name);
            assert!(close(channel.roas, total / channel.spend_total, 1e-10));
            let recorded = match preset {
                Preset::Weekly4 => Some(cells(&market.table, &format!("{}_contribution_gt", channel.name))),
                Preset::Daily5 => {
                    let table = market.contributions.as_ref().unwrap();
                    Some(cells(table, &format!("{}_contribution", channel.name)))
                }
                _ => None,
            };
            let per_period = recorded.iter().flatten().zip(&contribution);
            per_period.for_each(|(got, expected)| assert!(close(*got, *expected, 1e-10)));
        }
    }
}

#[test]
fn without_noise_the_outcome_is_the_sum_of_its_parts() {
    for preset in Preset::ALL.into_iter().filter(|preset| *preset != Preset::Geo) {
        let quiet = simulate(&Options { noise_sd: Some(0.0), ..Options::new(preset, 9) }).unwrap();
        let kpi = cells(&quiet.table, &quiet.truth.kpi);
        let rest = parts_without_media(preset, &quiet);
        let level = if preset == Preset::Daily5 { quiet.truth.baseline["intercept"] } else { 1.0 };
        let mut sum = rest;
        for channel in &quiet.truth.channels {
            let spend = cells(&quiet.table, &spend_column(preset, &channel.name));
            for (sum, media) in sum.iter_mut().zip(on_paper(channel, &spend, level)) {
                *sum += media;
            }
        }
        for (t, (got, expected)) in kpi.iter().zip(&sum).enumerate() {
            assert!(close(*got, *expected, 1e-10), "{preset} period {t}: {got} {expected}");
        }
    }
}

/// Everything but the media and the noise, from the table and the numbers in `truth.baseline`.
fn parts_without_media(preset: Preset, market: &Market) -> Vec<f64> {
    let b = |name: &str| market.truth.baseline[name];
    let column = |name: &str| cells(&market.table, name);
    let n = market.truth.n_periods;
    let sine = |t: usize, period: f64| (std::f64::consts::TAU * t as f64 / period).sin();
    match preset {
        Preset::Weekly4 => {
            let (price, promotion) = (column("price"), column("promotion"));
            let part = |t: usize| {
                b("base")
                    + b("growing_base") * b("growth_per_period").powi(t as i32)
                    + b("season_sine") * sine(t, b("season_period"))
                    + b("price_effect") * (price[t] - b("price_reference"))
                    + b("promotion_effect") * promotion[t]
            };
            (0..n).map(part).collect()
        }
        Preset::Daily5 => {
            let controls = ["price_index", "economic_index", "competitor_spend"].map(column);
            let (holiday, promotion) = (column("is_us_holiday"), column("is_promotion"));
            let day = column("day_of_week");
            let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
            let yearly = [1, 2, 3].map(|k| {
                let pair = [format!("yearly_sin_{k}"), format!("yearly_cos_{k}")];
                (column(&format!("fourier_sin_{k}")), column(&format!("fourier_cos_{k}")), pair)
            });
            let part = |t: usize| {
                let season: f64 = yearly.iter().map(|(sin, cos, [s, c])| b(s) * sin[t] + b(c) * cos[t]).sum();
                b("intercept")
                    + b("trend_per_period") * t as f64
                    + season
                    + b(names[day[t] as usize])
                    + b("holiday_effect") * holiday[t]
                    + b("promotion_effect") * promotion[t]
                    + b("price_index_effect") * (controls[0][t] - 1.0)
                    + b("economic_index_effect") * (controls[1][t] - 1.0)
                    + b("competitor_spend_effect") * controls[2][t]
            };
            (0..n).map(part).collect()
        }
        Preset::Recoverable => {
            let part = |t: usize| {
                let angle = std::f64::consts::TAU * 7.0 * t as f64 / b("season_period_days");
                let season = b("season_sine") * angle.sin() + b("season_cosine") * angle.cos();
                b("intercept") + b("trend_per_period") * t as f64 + season
            };
            (0..n).map(part).collect()
        }
        _ => {
            let season = |t: usize| b("season_sine") * sine(t, b("season_period"));
            (0..n).map(|t| b("intercept") + b("trend_per_period") * t as f64 + season(t)).collect()
        }
    }
}

#[test]
fn noise_has_the_standard_deviation_stated() {
    for preset in Preset::ALL {
        let options = Options { n_periods: Some(2000), ..Options::new(preset, 11) };
        let noisy = simulate(&options).unwrap();
        let quiet = simulate(&Options { noise_sd: Some(0.0), ..options.clone() }).unwrap();
        let (noisy_kpi, quiet_kpi) =
            (cells(&noisy.table, &noisy.truth.kpi), cells(&quiet.table, &noisy.truth.kpi));
        let people = noisy.table.column("population").map(|_| cells(&noisy.table, "population"));
        let noise: Vec<_> = (0..noisy_kpi.len())
            .map(|i| (noisy_kpi[i] - quiet_kpi[i]) / people.as_ref().map_or(1.0, |people| people[i]))
            .collect();
        let sd = (noise.iter().map(|e| e * e).sum::<f64>() / noise.len() as f64).sqrt();
        assert!((sd / noisy.truth.noise_sd - 1.0).abs() < 0.06, "{preset} {sd}");
    }
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
fn the_panel_is_a_complete_grid_of_geos_and_weeks() {
    let options = Options { n_geos: Some(7), n_periods: Some(52), ..Options::new(Preset::Geo, 3) };
    let table = simulate(&options).unwrap().table;
    let (Values::Text(geos), Values::Date(weeks)) = (&table.columns[0].values, &table.columns[1].values)
    else {
        panic!("geo and week lead the table");
    };
    let keys: HashSet<_> = geos.iter().zip(weeks).collect();
    assert_eq!((keys.len(), table.n_rows()), (7 * 52, 7 * 52));
    assert_eq!(geos.iter().collect::<HashSet<_>>().len(), 7);
    assert_eq!(weeks.iter().collect::<HashSet<_>>().len(), 52);
    let people = cells(&table, "population");
    assert!(people.chunks(52).all(|geo| geo[0] > 0.0 && geo.iter().all(|count| *count == geo[0])));
    for name in ["tv_spend", "tv_impressions", "display_spend", "revenue"] {
        assert!(cells(&table, name).iter().all(|value| value.is_finite() && *value >= 0.0), "{name}");
    }
}

#[test]
fn the_effects_of_geos_lie_log_normally_around_the_channel() {
    let options = Options { n_geos: Some(2000), n_periods: Some(26), ..Options::new(Preset::Geo, 8) };
    let truth = simulate(&options).unwrap().truth;
    for channel in &truth.channels {
        let logs: Vec<_> =
            truth.geos.iter().map(|g| (g.beta[&channel.name] / channel.parameters["beta"]).ln()).collect();
        let mean = logs.iter().sum::<f64>() / 2000.0;
        let sd = (logs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 2000.0).sqrt();
        assert!((mean + 0.045).abs() < 0.025 && (sd - 0.3).abs() < 0.02, "{} {mean} {sd}", channel.name);
    }
}

#[test]
fn a_geo_follows_from_the_table_and_its_truth_on_paper() {
    let options = Options { n_geos: Some(3), noise_sd: Some(0.0), ..Options::new(Preset::Geo, 6) };
    let market = simulate(&options).unwrap();
    let (table, truth) = (&market.table, &market.truth);
    let b = |name: &str| truth.baseline[name];
    let (price, rival) = (cells(table, "price_index"), cells(table, "competitor_activity"));
    let revenue = cells(table, "revenue");
    for (g, geo) in truth.geos.iter().enumerate() {
        let rows = g * 104..(g + 1) * 104;
        let mut expected: Vec<_> = rows
            .clone()
            .enumerate()
            .map(|(t, row)| {
                let angle = std::f64::consts::TAU * 7.0 * t as f64 / b("season_period_days");
                geo.intercept
                    + b("trend_per_period_per_person") * t as f64
                    + b("season_sine_per_person") * angle.sin()
                    + b("price_index_effect_per_person") * (price[row] - 1.0)
                    + b("competitor_activity_effect_per_person") * rival[row]
            })
            .collect();
        for channel in &truth.channels {
            let impressions = cells(table, &format!("{}_impressions", channel.name));
            let exposure: Vec<_> = impressions[rows.clone()].iter().map(|x| x / geo.population).collect();
            let mut here = channel.clone();
            here.parameters.insert("beta".to_owned(), geo.beta[&channel.name]);
            let media = on_paper(&here, &exposure, 1.0);
            let spend: f64 = cells(table, &format!("{}_spend", channel.name))[rows.clone()].iter().sum();
            assert!(close(
                geo.roas[&channel.name],
                geo.population * media.iter().sum::<f64>() / spend,
                1e-10
            ));
            expected.iter_mut().zip(media).for_each(|(sum, media)| *sum += media);
        }
        for (row, per_person) in rows.zip(expected) {
            assert!(close(revenue[row], geo.population * per_person, 1e-10));
        }
    }
}

#[test]
fn the_returns_of_the_panel_are_such_as_a_marketer_may_meet() {
    for seed in [1, 2, 3] {
        let truth = of(Preset::Geo, seed).truth;
        assert!((0.1..0.3).contains(&truth.media_share), "{}", truth.media_share);
        for channel in &truth.channels {
            assert!((0.8..4.0).contains(&channel.roas), "seed {seed} {} {}", channel.name, channel.roas);
        }
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
fn wrong_options_are_problems() {
    let options = Options { n_periods: Some(0), ..Options::new(Preset::Analytics, 1) };
    let problems = simulate(&options).unwrap_err();
    assert_eq!(problems.0[0].code, "simulate.too_few_periods");
}
