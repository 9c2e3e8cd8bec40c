//! The tables, worked out again on paper from the truth alone.

use super::{cells, close, of};
use crate::simulate::options::Options;
use crate::simulate::preset::Preset;
use crate::simulate::truth::ChannelTruth;
use crate::simulate::{Market, simulate};

/// The contribution of a channel from the numbers in its truth and nothing else, on one series of exposure.
pub(super) fn on_paper(channel: &ChannelTruth, exposure: &[f64], level: f64) -> Vec<f64> {
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
