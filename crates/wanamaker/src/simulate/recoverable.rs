//! `recoverable`: four years of weekly revenue whose channels go on and off, so that every one can be recovered.
//!
//! What makes it so: dark weeks show the decay, spend on both sides of half-saturation shows the curve, and the noise
//! is 1 % of the base. Under the true model the standard error of each ROAS is below 2 % (see the tests).

use super::Market;
use super::channel::{Channel, Simulated, total_contribution};
use super::columns::{cents, dates, mean, numbers};
use super::flighting::flights;
use super::options::Options;
use super::random::Streams;
use super::spec_text::{ChannelText, SpecText, WEAK_DECAY, hill, roas};
use super::truth::GroundTruth;
use crate::data::table::Table;
use std::f64::consts::TAU;

const BASE: f64 = 200_000.0;
/// Growth per week.
const TREND: f64 = 50.0;
/// Sine and cosine amplitudes of the year.
const SEASON: (f64, f64) = (9000.0, -4000.0);
/// Days of the year.
const YEAR: f64 = 365.25;
/// Spread of spend in the weeks that are on: sd / mean.
const CV: f64 = 0.6;
/// Half-saturation, in mean adstocked spend.
const EC50: f64 = 1.2;

struct Setup {
    name: &'static str,
    /// Mean spend of a week that is on.
    spend: f64,
    decay: f64,
    slope: f64,
    roas: f64,
}

/// The longer a channel lasts, the less its dark weeks tell; TV gets the spend and the return to make up for it.
const CHANNELS: [Setup; 4] = [
    Setup { name: "tv", spend: 40_000.0, decay: 0.7, slope: 2.0, roas: 2.8 },
    Setup { name: "radio", spend: 22_000.0, decay: 0.5, slope: 2.0, roas: 2.2 },
    Setup { name: "digital", spend: 22_000.0, decay: 0.3, slope: 1.8, roas: 1.9 },
    Setup { name: "social", spend: 20_000.0, decay: 0.2, slope: 1.5, roas: 1.7 },
];

pub(super) fn market(options: &Options) -> Market {
    let n = options.periods();
    let streams = Streams::new(options.seed);
    let channels: Vec<_> = CHANNELS.iter().map(|setup| simulated(setup, spend(&streams, setup, n))).collect();
    let media = total_contribution(&channels);
    let noise = streams.normals("noise", 0.0, options.noise(), n);
    let revenue: Vec<_> = (0..n).map(|t| without_media(t) + media[t] + noise[t]).collect();
    let truth = GroundTruth::new(options, "revenue", &revenue, &channels)
        .with_baseline([
            ("intercept", BASE),
            ("trend_per_period", TREND),
            ("season_sine", SEASON.0),
            ("season_cosine", SEASON.1),
            ("season_period_days", YEAR),
        ])
        .with_parameters([("intercept", BASE)]);
    let mut columns = vec![dates("week", &options.calendar())];
    columns.extend(channels.into_iter().map(|c| numbers(format!("{}_spend", c.channel.name), c.spend)));
    columns.push(numbers("revenue", revenue));
    Market { table: Table::new("data.csv", columns), truth, contributions: None, spec: spec() }
}

/// Gamma around the mean in the weeks that are on, nothing in the others.
fn spend(streams: &Streams, setup: &Setup, n: usize) -> Vec<f64> {
    let on = flights(&mut streams.of(&format!("flights/{}", setup.name)), n);
    let gammas = streams.gammas(&format!("spend/{}", setup.name), setup.spend, CV, n);
    gammas.into_iter().zip(on).map(|(gamma, on)| if on { cents(gamma) } else { 0.0 }).collect()
}

/// Half-saturation at 1.2 times the mean adstocked spend, and the effect that gives exactly the stated ROAS.
fn simulated(setup: &Setup, spend: Vec<f64>) -> Simulated {
    let mut channel = Channel::hill(setup.name, setup.decay, setup.slope, 1.0, 1.0);
    let ec50 = EC50 * mean(&channel.run(&spend, 1.0).adstocked);
    channel = Channel::hill(setup.name, setup.decay, setup.slope, ec50, 1.0);
    let saturated: f64 = channel.run(&spend, 1.0).saturated.iter().sum();
    channel.beta = setup.roas * spend.iter().sum::<f64>() / saturated;
    channel.spend(spend, 1.0)
}

fn without_media(t: usize) -> f64 {
    let week = t as f64;
    let angle = TAU * 7.0 * week / YEAR;
    BASE + TREND * week + SEASON.0 * angle.sin() + SEASON.1 * angle.cos()
}

fn spec() -> String {
    let comment =
        "Weekly revenue and four channels that go on and off: the model that made the data, weak priors.";
    let mut text = SpecText::new(comment, "standard", "week", "revenue");
    for Setup { name, .. } in &CHANNELS {
        text = text.channel(&ChannelText {
            name,
            spend: &format!("{name}_spend"),
            exposure: None,
            decay: WEAK_DECAY,
            saturation: &hill("2 * mean_exposure"),
            effect: Some(&roas(1.5)),
        });
    }
    text.baseline(&["trend = { kind = \"linear\" }", "seasonality = [{ period = \"year\", order = 1 }]"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::preset::Preset;

    /// How each observation answers to each parameter: decay, slope, ec50 and beta by channel, then level, trend,
    /// sine and cosine; one column per parameter, scaled to length 1, with the lengths.
    fn jacobian(channels: &[Channel], spends: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let n = spends[0].len();
        let mut columns = Vec::new();
        for (channel, spend) in channels.iter().zip(spends) {
            let truth = channel.parameters();
            for name in ["decay", "slope", "ec50", "beta"] {
                let step = 1e-5 * truth[name];
                let at = |sign: f64| {
                    let value = |key: &str| truth[key] + if key == name { sign * step } else { 0.0 };
                    let moved =
                        Channel::hill("", value("decay"), value("slope"), value("ec50"), value("beta"));
                    moved.run(spend, 1.0).contribution
                };
                let (above, below) = (at(1.0), at(-1.0));
                columns.push((0..n).map(|t| (above[t] - below[t]) / (2.0 * step)).collect());
            }
        }
        let angle = |t: usize| TAU * 7.0 * t as f64 / YEAR;
        columns.push(vec![1.0; n]);
        columns.push((0..n).map(|t| t as f64).collect());
        columns.push((0..n).map(|t| angle(t).sin()).collect());
        columns.push((0..n).map(|t| angle(t).cos()).collect());
        columns
    }

    fn dot(a: &[f64], b: &[f64]) -> f64 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    /// `sqrt(gᵀ (JᵀJ)⁻¹ g)`, by the Cholesky factor `L` of the scaled `JᵀJ` and `L v = g`.
    fn standard_error(columns: &[Vec<f64>], gradient: &[f64]) -> f64 {
        let lengths: Vec<_> = columns.iter().map(|column| dot(column, column).sqrt()).collect();
        let p = columns.len();
        let mut factor = vec![vec![0.0; p]; p];
        let mut solved = vec![0.0; p];
        for i in 0..p {
            for j in 0..=i {
                let product = dot(&columns[i], &columns[j]) / (lengths[i] * lengths[j]);
                let rest = product - dot(&factor[i][..j], &factor[j][..j]);
                factor[i][j] = if i == j { rest.sqrt() } else { rest / factor[j][j] };
            }
            solved[i] = (gradient[i] / lengths[i] - dot(&factor[i][..i], &solved[..i])) / factor[i][i];
        }
        dot(&solved, &solved).sqrt()
    }

    #[test]
    fn every_return_can_be_known_to_two_percent() {
        // The Cramér–Rao bound of the model that made the data, all 20 parameters unknown: a ROAS error beyond 5 %
        // then is a miss of at least two and a half standard errors, and of three and more for most.
        for seed in 1..=10 {
            let options = Options::new(Preset::Recoverable, seed);
            let streams = Streams::new(seed);
            let spends = CHANNELS.each_ref().map(|setup| spend(&streams, setup, 208));
            let simulated: Vec<_> =
                CHANNELS.iter().zip(&spends).map(|(setup, spend)| simulated(setup, spend.clone())).collect();
            let channels: Vec<_> = simulated.iter().map(|simulated| simulated.channel.clone()).collect();
            let columns = jacobian(&channels, &spends);
            for (c, simulated) in simulated.iter().enumerate() {
                let mut gradient = vec![0.0; columns.len()];
                for i in 4 * c..4 * c + 4 {
                    gradient[i] = columns[i].iter().sum();
                }
                let total: f64 = simulated.path.contribution.iter().sum();
                let error = options.noise() * standard_error(&columns, &gradient) / total;
                println!("seed {seed} {:8} standard error {:.2} %", simulated.channel.name, 100.0 * error);
                assert!(error < 0.02, "seed {seed} {} {error}", simulated.channel.name);
            }
        }
    }

    #[test]
    fn returns_are_exactly_those_stated_and_noise_is_one_percent_of_the_base() {
        let truth = market(&Options::new(Preset::Recoverable, 3)).truth;
        for (channel, setup) in truth.channels.iter().zip(&CHANNELS) {
            assert!((channel.roas / setup.roas - 1.0).abs() < 1e-12, "{}", channel.name);
        }
        assert_eq!(truth.noise_sd, 0.01 * BASE);
        assert!((0.25..0.45).contains(&truth.media_share), "{}", truth.media_share);
    }
}
