//! `analytics`: two years of a weekly count, four channels of different size, much noise.

use super::Market;
use super::channel::{Channel, Simulated, total_contribution};
use super::columns::{cents, dates, numbers};
use super::options::Options;
use super::random::Streams;
use super::spec_text::{ChannelText, SpecText, WEAK_DECAY, hill};
use super::truth::GroundTruth;
use crate::data::table::Table;
use std::f64::consts::TAU;

const BASE: f64 = 200.0;
const TREND: f64 = 0.5;
/// Amplitude of the yearly sine.
const SEASON: f64 = 20.0;
/// Weeks of the season.
const PERIOD: f64 = 52.0;
/// Hill slope of every channel.
const SLOPE: f64 = 2.0;
/// Spread of spend: sd / mean.
const CV: f64 = 0.3;
/// Name, mean spend, largest effect, decay and half-saturation.
const CHANNELS: [(&str, f64, f64, f64, f64); 4] = [
    ("search", 1200.0, 120.0, 0.4, 600.0),
    ("social", 800.0, 80.0, 0.3, 400.0),
    ("display", 600.0, 40.0, 0.6, 500.0),
    ("audio", 400.0, 50.0, 0.5, 300.0),
];

pub(super) fn market(options: &Options) -> Market {
    let n = options.periods();
    let streams = Streams::new(options.seed);
    let channels = CHANNELS.map(|(name, mean, beta, decay, ec50)| {
        Channel::hill(name, decay, SLOPE, ec50, beta).spend(spend(&streams, name, mean, n), 1.0)
    });
    let trend: Vec<_> = (0..n).map(|t| TREND * t as f64).collect();
    let season: Vec<_> = (0..n).map(|t| SEASON * (TAU * t as f64 / PERIOD).sin()).collect();
    let noise = streams.normals("noise", 0.0, options.noise(), n);
    let media = total_contribution(&channels);
    let kpi: Vec<_> =
        (0..n).map(|t| f64::max(0.0, BASE + trend[t] + season[t] + media[t] + noise[t])).collect();
    let truth = GroundTruth::new(options, "kpi", &kpi, &channels)
        .with_baseline([
            ("intercept", BASE),
            ("trend_per_period", TREND),
            ("season_sine", SEASON),
            ("season_period", PERIOD),
        ])
        .with_parameters([("intercept", BASE)]);
    let mut columns = vec![
        dates("date", &options.calendar()),
        numbers("week", (0..n).map(|t| t as f64)),
        numbers("trend", trend),
        numbers("seasonality", season),
    ];
    columns.extend(channels.into_iter().map(spend_column));
    columns.extend([numbers("noise", noise), numbers("kpi", kpi)]);
    Market { table: Table::new("data.csv", columns), truth, contributions: None, spec: spec() }
}

/// Gamma around the mean, in a rhythm of four weeks.
fn spend(streams: &Streams, name: &str, mean: f64, n: usize) -> Vec<f64> {
    let gammas = streams.gammas(&format!("spend/{name}"), mean, CV, n).into_iter().enumerate();
    gammas.map(|(t, gamma)| cents(gamma * (1.0 + 0.1 * (TAU * t as f64 / 4.0).sin()))).collect()
}

fn spend_column(simulated: Simulated) -> crate::data::table::Column {
    numbers(format!("spend_{}", simulated.channel.name), simulated.spend)
}

fn spec() -> String {
    let comment = "A weekly count and four channels. `trend`, `seasonality` and `noise` are truth, not data.";
    let mut text = SpecText::new(comment, "standard", "date", "kpi").data("kpi_kind", "count");
    for (name, ..) in CHANNELS {
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
    fn the_long_run_shares_of_media_are_those_of_the_market_this_is_modelled_on() {
        // Shares there, seed 42, 104 weeks: .4216, .2752, .1365, .1667.
        let truth = market(&Options { n_periods: Some(4000), ..Options::new(Preset::Analytics, 42) }).truth;
        let media: f64 = truth.channels.iter().map(|channel| channel.contribution_total).sum();
        for (channel, share) in truth.channels.iter().zip([0.4216, 0.2752, 0.1365, 0.1667]) {
            let got = channel.contribution_total / media;
            assert!((got - share).abs() < 0.005, "{} {got} {share}", channel.name);
        }
    }
}
