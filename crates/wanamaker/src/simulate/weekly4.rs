//! `weekly4`: two years of weekly revenue, four channels with campaign spikes, price and promotion; with scenarios.
//!
//! TV spends far beyond its half-saturation, so its effect is known only within wide limits whatever the model.

use super::Market;
use super::channel::{Channel, Simulated, total_contribution};
use super::columns::{cents, dates, decimals, flags, mean, numbers};
use super::options::Options;
use super::preset::Scenario;
use super::random::{Streams, standard_normal};
use super::spec_text::{ChannelText, SpecText, WEAK_DECAY, hill, roas};
use super::truth::GroundTruth;
use crate::data::table::{Column, Table};
use rand::RngExt;
use std::f64::consts::TAU;

const BASE: f64 = 100_000.0;
/// Weekly growth of one of the two bases.
const GROWTH: f64 = 1.002;
/// Amplitude of the yearly sine, as a share of the base.
const SEASON: f64 = 1.5 * 0.15;
/// Weeks of the season.
const PERIOD: f64 = 52.0;
const PRICE_EFFECT: f64 = -500.0;
const PRICE_MEAN: f64 = 100.0;
const PRICE_SD: f64 = 5.0;
const PROMOTION_EFFECT: f64 = 8000.0;
const PROMOTION_FREQUENCY: f64 = 0.15;

/// A channel as this market states it: the effect is `effect · ceiling · A^slope / (A^slope + ec50^slope)`.
#[derive(Clone)]
struct Setup {
    name: &'static str,
    mean: f64,
    sd: f64,
    decay: f64,
    ceiling: f64,
    slope: f64,
    ec50: f64,
    effect: f64,
    spike_frequency: f64,
    spike_factor: f64,
}

#[rustfmt::skip]
const BASELINE: [Setup; 4] = [
    Setup { name: "TV", mean: 15000.0, sd: 5000.0, decay: 0.7, ceiling: 50000.0, slope: 2.0, ec50: 10000.0, effect: 0.8, spike_frequency: 0.15, spike_factor: 2.5 },
    Setup { name: "Radio", mean: 8000.0, sd: 3000.0, decay: 0.5, ceiling: 30000.0, slope: 2.0, ec50: 5000.0, effect: 0.6, spike_frequency: 0.10, spike_factor: 2.0 },
    Setup { name: "Digital", mean: 12000.0, sd: 4000.0, decay: 0.3, ceiling: 40000.0, slope: 1.8, ec50: 8000.0, effect: 1.2, spike_frequency: 0.25, spike_factor: 1.8 },
    Setup { name: "Social", mean: 6000.0, sd: 2500.0, decay: 0.2, ceiling: 25000.0, slope: 1.5, ec50: 4000.0, effect: 1.0, spike_frequency: 0.20, spike_factor: 1.5 },
];

/// What everything but the media adds to revenue, `[week]` each.
struct Surroundings {
    price: Vec<f64>,
    promotion: Vec<bool>,
    noise: Vec<f64>,
}

pub(super) fn market(options: &Options) -> Market {
    let n = options.periods();
    let streams = Streams::new(options.seed);
    let channels: Vec<_> = setups(options.scenario)
        .iter()
        .map(|setup| {
            let beta = setup.effect * setup.ceiling;
            let channel = Channel::hill(setup.name, setup.decay, setup.slope, setup.ec50, beta);
            channel.spend(spend(&streams, setup, n), 1.0)
        })
        .collect();
    let around = surroundings(&streams, options.noise(), n);
    let media = total_contribution(&channels);
    let revenue: Vec<_> =
        (0..n).map(|t| f64::max(0.0, without_media(&around, t) + media[t] + around.noise[t])).collect();
    let truth = truth(options, &revenue, &channels, &around);
    Market {
        table: table(options, &channels, around, media, revenue),
        truth,
        contributions: None,
        spec: spec(),
    }
}

fn setups(scenario: Option<Scenario>) -> [Setup; 4] {
    let mut setups = BASELINE;
    let [tv, radio, digital, _] = &mut setups;
    match scenario {
        None => {}
        Some(Scenario::HighTvEffectiveness) => (tv.effect, tv.decay) = (1.5, 0.8),
        Some(Scenario::DigitalDominant) => (digital.effect, digital.decay, tv.effect) = (2.0, 0.4, 0.5),
        Some(Scenario::LongAdstock) => (tv.decay, radio.decay) = (0.85, 0.7),
        Some(Scenario::QuickSaturation) => {
            (tv.ceiling, tv.ec50) = (30000.0, 5000.0);
            (digital.ceiling, digital.ec50) = (25000.0, 4000.0);
        }
        Some(Scenario::SuiteHighTv) => tv.effect = 1.5,
        Some(Scenario::SuiteDigitalFirst) => (digital.effect, digital.decay) = (1.8, 0.3),
        Some(Scenario::SuiteStrongAdstock) => (tv.decay, radio.decay) = (0.8, 0.6),
        Some(Scenario::SuiteQuickSaturation) => (tv.ec50, digital.ec50) = (3000.0, 2500.0),
    }
    setups
}

/// Normal around the channel's mean, cut off at zero, multiplied in the weeks of a spike.
fn spend(streams: &Streams, setup: &Setup, n: usize) -> Vec<f64> {
    let mut level = streams.of(&format!("spend/{}", setup.name));
    let mut spike = streams.of(&format!("spike/{}", setup.name));
    (0..n)
        .map(|_| {
            let usual = f64::max(0.0, setup.mean + setup.sd * standard_normal(&mut level));
            let factor = if spike.random_bool(setup.spike_frequency) { setup.spike_factor } else { 1.0 };
            cents(usual * factor)
        })
        .collect()
}

fn surroundings(streams: &Streams, noise_sd: f64, n: usize) -> Surroundings {
    let mut promotion = streams.of("promotion");
    let price = streams.normals("price", PRICE_MEAN, PRICE_SD, n);
    Surroundings {
        price: price.into_iter().map(|price| decimals(price, 4)).collect(),
        promotion: (0..n).map(|_| promotion.random_bool(PROMOTION_FREQUENCY)).collect(),
        noise: streams.normals("noise", 0.0, noise_sd, n),
    }
}

/// `base + base·1.002^t + 0.225·base·sin(2πt/52) − 500·(price − 100) + 8000·promotion`.
///
/// The base stands there twice, as in the market this one is modelled on: the level starts at 200,000.
fn without_media(around: &Surroundings, t: usize) -> f64 {
    let week = t as f64;
    let trend = BASE * GROWTH.powf(week);
    let season = SEASON * BASE * (TAU * week / PERIOD).sin();
    let price = PRICE_EFFECT * (around.price[t] - PRICE_MEAN);
    BASE + trend + season + price + PROMOTION_EFFECT * f64::from(around.promotion[t])
}

/// `intercept` is not among the parameters: growth is exponential here, and the spec's trend is a line.
fn truth(options: &Options, revenue: &[f64], channels: &[Simulated], around: &Surroundings) -> GroundTruth {
    GroundTruth::new(options, "revenue", revenue, channels)
        .with_baseline([
            ("base", BASE),
            ("growing_base", BASE),
            ("growth_per_period", GROWTH),
            ("season_sine", SEASON * BASE),
            ("season_period", PERIOD),
            ("price_effect", PRICE_EFFECT),
            ("price_reference", PRICE_MEAN),
            ("price_mean", mean(&around.price)),
            ("promotion_effect", PROMOTION_EFFECT),
        ])
        .with_parameters([("control[price]", PRICE_EFFECT), ("control[promotion]", PROMOTION_EFFECT)])
}

fn table(
    options: &Options,
    channels: &[Simulated],
    around: Surroundings,
    media: Vec<f64>,
    revenue: Vec<f64>,
) -> Table {
    let calendar = options.calendar();
    let days = calendar.dates();
    let mut columns = vec![
        dates("date", &calendar),
        numbers("week", (0..days.len()).map(|t| t as f64)),
        numbers("year", days.iter().map(|day| f64::from(day.year()))),
        numbers("month", days.iter().map(|day| f64::from(day.month()))),
    ];
    columns.extend(channels.iter().map(|c| per_channel(c, "spend", &c.spend)));
    columns.extend([numbers("price", around.price), flags("promotion", around.promotion)]);
    columns.extend(channels.iter().map(|c| per_channel(c, "contribution_gt", &c.path.contribution)));
    columns.extend([numbers("revenue", revenue), numbers("total_media_contribution_gt", media)]);
    Table::new("data.csv", columns)
}

fn per_channel(simulated: &Simulated, what: &str, values: &[f64]) -> Column {
    numbers(format!("{}_{what}", simulated.channel.name), values.iter().copied())
}

fn spec() -> String {
    let comment = "Weekly revenue, four channels with campaign spikes, price and promotion.";
    let mut text = SpecText::new(comment, "standard", "date", "revenue");
    for Setup { name, .. } in &BASELINE {
        text = text.channel(&ChannelText {
            name,
            spend: &format!("{name}_spend"),
            exposure: None,
            decay: WEAK_DECAY,
            saturation: &hill("mean_exposure"),
            effect: Some(&roas(2.0)),
        });
    }
    let text = text.control("price").control("promotion").baseline(&[
        "trend = { kind = \"linear\" }",
        "# The season of this market has 52 weeks, which are 364 days.",
        "seasonality = [{ period = 364, order = 1 }]",
    ]);
    format!(
        "{text}\n# Spend of this market hardly leaves the flat part of its curves: the posterior is wide and wants small steps.\n\
         [sampler]\ntarget_accept = 0.99\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::preset::Preset;
    use crate::simulate::validation_suite;

    fn long(scenario: Option<Scenario>) -> GroundTruth {
        market(&Options { n_periods: Some(4000), scenario, ..Options::new(Preset::Weekly4, 42) }).truth
    }

    #[test]
    fn the_long_run_contributions_are_those_of_the_market_this_is_modelled_on() {
        // Contribution per week there, mean of its two published runs of 104 weeks, TV scaled to the same effect.
        // Not ROAS: TV is so saturated that its ROAS in one run goes with one over the spend that was drawn.
        let truth = long(None);
        for (name, weekly) in
            [("TV", 38_626.0), ("Radio", 16_343.0), ("Digital", 39_324.0), ("Social", 17_702.0)]
        {
            let got = truth.channel(name).unwrap().contribution_total / 4000.0;
            assert!((got / weekly - 1.0).abs() < 0.03, "{name} {got} {weekly}");
        }
    }

    #[test]
    fn media_make_a_good_third_of_revenue() {
        let truth = market(&Options::new(Preset::Weekly4, 42)).truth;
        assert!((0.32..0.38).contains(&truth.media_share), "{}", truth.media_share);
    }

    #[test]
    fn a_scenario_moves_its_channel_and_no_other() {
        let (base, high) = (long(None), long(Some(Scenario::HighTvEffectiveness)));
        assert!(high.channels[0].roas > 1.8 * base.channels[0].roas);
        assert_eq!(high.channels[1..].iter().map(|c| c.roas).collect::<Vec<_>>(), {
            base.channels[1..].iter().map(|c| c.roas).collect::<Vec<_>>()
        });
    }

    #[test]
    fn no_scenario_is_the_baseline_again() {
        let base = long(None);
        for scenario in Scenario::ALL {
            assert_ne!(long(Some(scenario)).channels, base.channels, "{scenario}");
        }
    }

    #[test]
    fn the_suite_has_five_different_markets() {
        let suite = validation_suite();
        assert_eq!(suite.iter().map(|options| options.seed).collect::<Vec<_>>(), [42, 43, 44, 45, 46]);
        assert!(suite.iter().all(|options| options.check().is_ok()));
    }
}
