//! `kpi4`: two years of a weekly count, four channels whose spend is alike and independent: hard to tell apart.

use super::Market;
use super::channel::{Channel, total_contribution};
use super::columns::{cents, numbers};
use super::options::Options;
use super::random::Streams;
use super::spec_text::{ChannelText, SpecText, WEAK_DECAY, hill};
use super::truth::GroundTruth;
use crate::data::table::Table;
use std::f64::consts::TAU;

/// The column `trend` is `200 + 0.5·week`, and the KPI takes 0.8 of it.
const TREND: (f64, f64, f64) = (200.0, 0.5, 0.8);
/// The column `season` is `10·sin(2π·week/52)`, and the KPI takes 1.5 times it.
const SEASON: (f64, f64, f64) = (10.0, 52.0, 1.5);
const DECAY: f64 = 0.6;
const SLOPE: f64 = 1.2;
const EC50: f64 = 500.0;
/// Spend of every channel: gamma with shape 5 and scale 200.
const SPEND_SHAPE: f64 = 5.0;
const SPEND_MEAN: f64 = 1000.0;
/// Name and largest effect, in the order of the table.
const CHANNELS: [(&str, f64); 4] = [("search", 120.0), ("social", 80.0), ("audio", 50.0), ("display", 30.0)];

pub(super) fn market(options: &Options) -> Market {
    let n = options.periods();
    let streams = Streams::new(options.seed);
    let channels = CHANNELS.map(|(name, beta)| {
        let cv = SPEND_SHAPE.sqrt().recip();
        let spend = streams.gammas(&format!("spend/{name}"), SPEND_MEAN, cv, n).into_iter().map(cents);
        Channel::hill(name, DECAY, SLOPE, EC50, beta).spend(spend.collect(), 1.0)
    });
    let weeks = || (0..n).map(|t| t as f64);
    let trend: Vec<_> = weeks().map(|week| TREND.0 + TREND.1 * week).collect();
    let season: Vec<_> = weeks().map(|week| SEASON.0 * (TAU * week / SEASON.1).sin()).collect();
    let noise = streams.normals("noise", 0.0, options.noise(), n);
    let media = total_contribution(&channels);
    let kpi: Vec<_> =
        (0..n).map(|t| media[t] + TREND.2 * trend[t] + SEASON.2 * season[t] + noise[t]).collect();
    let intercept = TREND.2 * TREND.0;
    let truth = GroundTruth::new(options, "kpi", &kpi, &channels)
        .with_baseline([
            ("intercept", intercept),
            ("trend_per_period", TREND.2 * TREND.1),
            ("season_sine", SEASON.2 * SEASON.0),
            ("season_period", SEASON.1),
        ])
        .with_parameters([("intercept", intercept)]);
    let mut columns = vec![numbers("week", weeks()), numbers("trend", trend), numbers("season", season)];
    columns.extend(channels.into_iter().map(|c| numbers(format!("spend_{}", c.channel.name), c.spend)));
    columns.extend([numbers("eps", noise), numbers("kpi", kpi)]);
    Market { table: Table::new("data.csv", columns), truth, contributions: None, spec: spec() }
}

fn spec() -> String {
    let comment = "A weekly count and four channels that are hard to tell apart.\n\
                   `trend`, `season` and `eps` are truth, not data; `week` counts from 0.";
    let mut text = SpecText::new(comment, "standard", "week", "kpi").data("kpi_kind", "count");
    for (name, _) in CHANNELS {
        text = text.channel(&ChannelText {
            name,
            spend: &format!("spend_{name}"),
            exposure: None,
            decay: WEAK_DECAY,
            saturation: &hill("mean_exposure"),
            effect: None,
        });
    }
    text.baseline(&[
        "trend = { kind = \"linear\" }",
        "# The season of this market has 52 weeks, which are 364 days.",
        "seasonality = [{ period = 364, order = 1 }]",
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::preset::Preset;

    #[test]
    fn the_long_run_shares_and_returns_are_those_of_the_market_this_is_modelled_on() {
        // There, seed 42, 104 weeks: shares .4263, .2891, .1777, .1070; ROAS .1077, .0653, .0444, .0260.
        let truth = market(&Options { n_periods: Some(4000), ..Options::new(Preset::Kpi4, 42) }).truth;
        let media: f64 = truth.channels.iter().map(|channel| channel.contribution_total).sum();
        let known = [(0.4263, 0.1077), (0.2891, 0.0653), (0.1777, 0.0444), (0.1070, 0.0260)];
        for (channel, (share, roas)) in truth.channels.iter().zip(known) {
            let got = channel.contribution_total / media;
            assert!((got - share).abs() < 0.006, "{} {got} {share}", channel.name);
            assert!((channel.roas / roas - 1.0).abs() < 0.12, "{} {} {roas}", channel.name, channel.roas);
        }
    }
}
