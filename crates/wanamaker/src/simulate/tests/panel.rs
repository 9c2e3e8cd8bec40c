//! Claims about the panel of geos.

use super::paper::on_paper;
use super::{cells, close, of};
use crate::data::table::Values;
use crate::simulate::options::Options;
use crate::simulate::preset::Preset;
use crate::simulate::simulate;
use std::collections::HashSet;

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
