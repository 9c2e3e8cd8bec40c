//! `lite`: daily sales, any channels, spends that only grow. By the fourth day every channel is fully saturated, so
//! media effects cannot be identified: a market to test speed and honesty with, not recovery.

use super::Market;
use super::channel::{Channel, Curve, Simulated, total_contribution};
use super::columns::{cents, dates, numbers};
use super::options::Options;
use super::random::Streams;
use super::spec_text::{ChannelText, SpecText};
use super::truth::GroundTruth;
use crate::data::table::Table;
use std::f64::consts::TAU;

/// Sales without media, season and noise.
const BASE: f64 = 1000.0;
/// Amplitude of the weekly sine.
const SEASON: f64 = 100.0;
/// Days of the season.
const PERIOD: f64 = 7.0;
/// Decay, rate and effect of the first three channels; further ones begin again.
const RESPONSES: [(f64, f64, f64); 3] = [(0.5, 0.005, 500.0), (0.3, 0.007, 350.0), (0.2, 0.004, 250.0)];

pub(super) fn market(options: &Options) -> Market {
    let n = options.periods();
    let streams = Streams::new(options.seed);
    let channels: Vec<_> = channels(options)
        .into_iter()
        .map(|channel| {
            let spend = spend(&streams, &channel.name, n);
            channel.spend(spend, 1.0)
        })
        .collect();
    let media = total_contribution(&channels);
    let noise = streams.normals("noise", 0.0, options.noise(), n);
    let sales: Vec<_> = (0..n).map(|t| BASE + season(t) + media[t] + noise[t]).collect();
    let truth = GroundTruth::new(options, "sales", &sales, &channels).with_baseline([
        ("intercept", BASE),
        ("trend_per_period", 0.0),
        ("season_sine", SEASON),
        ("season_period", PERIOD),
    ]);
    Market { table: table(options, &channels, sales), truth, contributions: None, spec: spec(&channels) }
}

fn channels(options: &Options) -> Vec<Channel> {
    let usual = || ["search", "social", "video"].map(str::to_owned).to_vec();
    let names = options.channels.clone().unwrap_or_else(usual);
    let with_response = names.into_iter().zip(RESPONSES.into_iter().cycle());
    with_response
        .map(|(name, (decay, rate, beta))| Channel { name, decay, curve: Curve::Exponential { rate }, beta })
        .collect()
}

/// A random walk that climbs 2,000 a day and is cut off at 200 and 8,000.
fn spend(streams: &Streams, name: &str, n: usize) -> Vec<f64> {
    let up = streams.normals(&format!("spend/{name}/up"), 2000.0, 400.0, n);
    let down = streams.normals(&format!("spend/{name}/down"), 0.0, 50.0, n);
    let mut level = 0.0;
    let steps = up.iter().zip(&down).map(|(up, down)| up - down);
    steps
        .map(|step| {
            level += step;
            cents(f64::clamp(level, 200.0, 8000.0))
        })
        .collect()
}

fn season(t: usize) -> f64 {
    SEASON * (TAU * t as f64 / PERIOD).sin()
}

fn table(options: &Options, channels: &[Simulated], sales: Vec<f64>) -> Table {
    let mut columns = vec![dates("date", &options.calendar())];
    columns.extend(channels.iter().map(|c| numbers(&c.channel.name, c.spend.iter().copied())));
    columns.push(numbers("sales", sales));
    Table::new("data.csv", columns)
}

fn spec(channels: &[Simulated]) -> String {
    let comment = "Daily sales with fully saturated channels: their effects cannot be told from the data.\n\
                   Adstock and saturation are fixed numbers here: the conjugate model samples coefficients only.";
    let mut text = SpecText::new(comment, "lite", "date", "sales");
    for Simulated { channel, .. } in channels {
        let Curve::Exponential { rate } = channel.curve else { unreachable!("lite knows one curve") };
        text = text.channel(&ChannelText {
            name: &channel.name,
            spend: &channel.name,
            exposure: None,
            decay: &format!("{:?}", channel.decay),
            saturation: &format!("{{ kind = \"exponential\", rate = {rate:?} }}"),
            effect: None,
        });
    }
    text.baseline(&["trend = { kind = \"linear\" }", "seasonality = [{ period = 7, order = 2 }]"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::preset::Preset;

    #[test]
    fn spend_is_at_its_cap_within_a_week_and_every_channel_is_full() {
        let market = market(&Options::new(Preset::Lite, 42));
        let search = market.truth.channel("search").unwrap();
        assert!(search.contribution_total > 0.999 * 500.0 * 200.0);
        assert!(search.spend_total > 195.0 * 8000.0);
    }

    #[test]
    fn adding_a_channel_leaves_the_others_as_they_were() {
        let of = |names: &[&str]| {
            let channels = Some(names.iter().map(|&name| name.to_owned()).collect());
            market(&Options { channels, ..Options::new(Preset::Lite, 7) }).table
        };
        let (two, three) = (of(&["tv", "search"]), of(&["tv", "search", "radio"]));
        assert_eq!(two.column("tv"), three.column("tv"));
        assert_eq!(two.column("search"), three.column("search"));
    }
}
