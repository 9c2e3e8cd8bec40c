//! `geo`: a panel of geos with population, impressions and spend, whose levels and effects differ by geo.
//!
//! Everything happens per person: exposure is impressions per person and week, and a geo's revenue is its population
//! times the revenue per person.

use super::Market;
use super::channel::{Channel, Path, Simulated};
use super::columns::{cents, decimals, numbers};
use super::flighting::flights;
use super::options::Options;
use super::random::{Streams, standard_normal};
use super::spec_text::{ChannelText, SpecText, WEAK_DECAY, hill, roas};
use super::truth::{GeoTruth, GroundTruth, ratio};
use crate::data::table::{Column, Table, TextColumn, Values};
use std::f64::consts::TAU;

/// Median population and sd of its log.
const POPULATION: (f64, f64) = (1_000_000.0, 0.7);
/// Median level per person and week, currency, and sd of its log.
const LEVEL: (f64, f64) = (1.0, 0.2);
/// Growth per person and week.
const TREND: f64 = 0.0005;
/// Amplitude of the yearly sine, per person.
const SEASON: f64 = 0.08;
const YEAR: f64 = 365.25;
/// Effect of the price index per unit away from 1, and of the competitor's activity score, per person.
const PRICE: f64 = -0.6;
const COMPETITOR: f64 = -0.03;
/// Persistence of both, and sd of their innovations.
const PRICE_WALK: (f64, f64) = (0.9, 0.02);
const COMPETITOR_WALK: (f64, f64) = (0.7, 0.7);
/// Sd of the log of a geo's effects around the channel's mean.
const EFFECT_SPREAD: f64 = 0.3;
/// Spread of spend in the weeks that are on: sd / mean.
const CV: f64 = 0.5;
/// Sd of the log of the price of a thousand impressions.
const PRICE_OF_MEDIA_SPREAD: f64 = 0.05;
/// Share of the weeks that are on.
const SHARE_ON: f64 = 0.6;
/// Half-saturation, in the long-run mean of adstocked exposure.
const EC50: f64 = 1.2;

struct Setup {
    name: &'static str,
    /// Spend per person in a week that is on.
    spend: f64,
    /// Price of a thousand impressions.
    cpm: f64,
    decay: f64,
    slope: f64,
    /// Largest effect per person and week.
    beta: f64,
}

const CHANNELS: [Setup; 4] = [
    Setup { name: "tv", spend: 0.08, cpm: 20.0, decay: 0.7, slope: 2.0, beta: 0.26 },
    Setup { name: "search", spend: 0.04, cpm: 30.0, decay: 0.2, slope: 1.5, beta: 0.20 },
    Setup { name: "social", spend: 0.04, cpm: 8.0, decay: 0.4, slope: 1.8, beta: 0.16 },
    Setup { name: "display", spend: 0.03, cpm: 4.0, decay: 0.3, slope: 1.5, beta: 0.09 },
];

/// One geo: who lives there, what is spent there, and what comes of it; series are `[week]`.
struct Geo {
    name: String,
    population: f64,
    level: f64,
    price: Vec<f64>,
    competitor: Vec<f64>,
    channels: Vec<Local>,
    revenue: Vec<f64>,
}

/// A channel in one geo.
struct Local {
    spend: Vec<f64>,
    impressions: Vec<f64>,
    beta: f64,
    /// Exposure per person in, revenue of the whole geo out.
    path: Path,
}

pub(super) fn market(options: &Options) -> Market {
    let streams = Streams::new(options.seed);
    let width = options.geos().to_string().len().max(2);
    let geos: Vec<_> = (1..=options.geos())
        .map(|number| geo(&streams, format!("geo_{number:0width$}"), options.periods(), options.noise()))
        .collect();
    let truth = truth(options, &geos);
    Market { table: table(options, geos), truth, contributions: None, spec: spec() }
}

fn geo(streams: &Streams, name: String, n: usize, noise_sd: f64) -> Geo {
    let mut person = streams.of(&format!("{name}/people"));
    let population = (POPULATION.0 * (POPULATION.1 * standard_normal(&mut person)).exp()).round();
    let level = LEVEL.0 * (LEVEL.1 * standard_normal(&mut person)).exp();
    let price = walk(streams, &format!("{name}/price_index"), PRICE_WALK, n);
    let competitor = walk(streams, &format!("{name}/competitor_activity"), COMPETITOR_WALK, n);
    let price: Vec<_> = price.into_iter().map(|deviation| decimals(1.0 + deviation, 4)).collect();
    let channels: Vec<_> = CHANNELS.iter().map(|setup| local(streams, &name, setup, population, n)).collect();
    let noise = streams.normals(&format!("{name}/noise"), 0.0, noise_sd, n);
    let revenue = (0..n).map(|t| {
        let season = SEASON * (TAU * 7.0 * t as f64 / YEAR).sin();
        let controls = PRICE * (price[t] - 1.0) + COMPETITOR * competitor[t];
        let per_person = level + TREND * t as f64 + season + controls + noise[t];
        let media: f64 = channels.iter().map(|local| local.path.contribution[t]).sum();
        population * per_person + media
    });
    let revenue = revenue.collect();
    Geo { name, population, level, price, competitor, channels, revenue }
}

/// `v[t] = persistence · v[t−1] + N(0, sd)`, from its long-run distribution, four decimals.
fn walk(streams: &Streams, series: &str, (persistence, sd): (f64, f64), n: usize) -> Vec<f64> {
    let mut rng = streams.of(series);
    let mut value = sd / (1.0 - persistence * persistence).sqrt() * standard_normal(&mut rng);
    let mut step = || {
        let now = value;
        value = persistence * value + sd * standard_normal(&mut rng);
        decimals(now, 4)
    };
    (0..n).map(|_| step()).collect()
}

/// Spend in flights of the geo's own, impressions bought with it, and the effect they have there.
fn local(streams: &Streams, geo: &str, setup: &Setup, population: f64, n: usize) -> Local {
    let series = |what: &str| format!("{geo}/{}/{what}", setup.name);
    let on = flights(&mut streams.of(&series("flights")), n);
    let gammas = streams.gammas(&series("spend"), setup.spend * population, CV, n);
    let spend: Vec<_> =
        gammas.iter().zip(on).map(|(gamma, on)| if on { cents(*gamma) } else { 0.0 }).collect();
    let dearness = streams.normals(&series("price"), 0.0, PRICE_OF_MEDIA_SPREAD, n);
    let impressions: Vec<_> =
        spend.iter().zip(dearness).map(|(s, z)| (1000.0 * s / (setup.cpm * z.exp())).round()).collect();
    // Half the variance is taken off so that the mean over geos is the channel's, not its median.
    let z = standard_normal(&mut streams.of(&series("effect")));
    let beta = setup.beta * (EFFECT_SPREAD * z - EFFECT_SPREAD * EFFECT_SPREAD / 2.0).exp();
    let channel = Channel { beta, ..channel(setup) };
    let per_person: Vec<_> = impressions.iter().map(|count| count / population).collect();
    Local { path: channel.run(&per_person, population), spend, impressions, beta }
}

/// The channel's mean over geos; half-saturation at 1.2 times the long-run mean of adstocked impressions per person.
fn channel(setup: &Setup) -> Channel {
    let mean_exposure = SHARE_ON * 1000.0 * setup.spend / setup.cpm;
    let ec50 = EC50 * mean_exposure / (1.0 - setup.decay);
    Channel::hill(setup.name, setup.decay, setup.slope, ec50, setup.beta)
}

/// `beta` and `intercept` differ by geo and stand there; `sigma` is per person.
fn truth(options: &Options, geos: &[Geo]) -> GroundTruth {
    let channels: Vec<_> = (0..CHANNELS.len()).map(|c| over_geos(geos, c)).collect();
    let revenue: Vec<_> = geos.iter().flat_map(|geo| geo.revenue.iter().copied()).collect();
    let mut truth = GroundTruth::new(options, "revenue", &revenue, &channels).with_baseline([
        ("level_median_per_person", LEVEL.0),
        ("level_sd_log", LEVEL.1),
        ("trend_per_period_per_person", TREND),
        ("season_sine_per_person", SEASON),
        ("season_period_days", YEAR),
        ("price_index_effect_per_person", PRICE),
        ("competitor_activity_effect_per_person", COMPETITOR),
        ("effect_sd_log", EFFECT_SPREAD),
    ]);
    truth.parameters.retain(|name, _| name != "sigma" && !name.starts_with("beta["));
    truth.geos = geos.iter().map(geo_truth).collect();
    truth
}

/// One channel over all geos, `[geo, time]`.
fn over_geos(geos: &[Geo], c: usize) -> Simulated {
    let gather = |series: fn(&Local) -> &[f64]| -> Vec<f64> {
        geos.iter().flat_map(|geo| series(&geo.channels[c]).iter().copied()).collect()
    };
    Simulated {
        channel: channel(&CHANNELS[c]),
        spend: gather(|local| &local.spend),
        path: Path {
            adstocked: gather(|local| &local.path.adstocked),
            saturated: gather(|local| &local.path.saturated),
            contribution: gather(|local| &local.path.contribution),
        },
    }
}

fn geo_truth(geo: &Geo) -> GeoTruth {
    let named = |value: fn(&Local) -> f64| {
        let values = geo.channels.iter().map(value);
        CHANNELS.iter().map(|setup| setup.name.to_owned()).zip(values).collect()
    };
    GeoTruth {
        name: geo.name.clone(),
        population: geo.population,
        intercept: geo.level,
        beta: named(|local| local.beta),
        roas: named(|local| ratio(local.path.contribution.iter().sum(), local.spend.iter().sum())),
    }
}

fn table(options: &Options, geos: Vec<Geo>) -> Table {
    let calendar = options.calendar();
    let n = calendar.len();
    let names: TextColumn = geos.iter().flat_map(|geo| std::iter::repeat_n(geo.name.as_str(), n)).collect();
    let days = geos.iter().flat_map(|_| calendar.dates()).map(Some).collect();
    let per_channel = |what: &str, series: fn(&Local) -> &[f64]| -> Vec<Column> {
        let column = |c: usize, setup: &Setup| {
            let values = geos.iter().flat_map(|geo| series(&geo.channels[c]).iter().copied());
            numbers(format!("{}_{what}", setup.name), values)
        };
        CHANNELS.iter().enumerate().map(|(c, setup)| column(c, setup)).collect()
    };
    let mut columns = vec![
        Column { name: "geo".to_owned(), values: Values::Text(names) },
        Column { name: "week".to_owned(), values: Values::Date(days) },
    ];
    columns.extend(per_channel("impressions", |local| &local.impressions));
    columns.extend(per_channel("spend", |local| &local.spend));
    columns.extend([
        numbers("price_index", geos.iter().flat_map(|geo| geo.price.iter().copied())),
        numbers("competitor_activity", geos.iter().flat_map(|geo| geo.competitor.iter().copied())),
        numbers("population", geos.iter().flat_map(|geo| std::iter::repeat_n(geo.population, n))),
        numbers("revenue", geos.iter().flat_map(|geo| geo.revenue.iter().copied())),
    ]);
    Table::new("data.csv", columns)
}

fn spec() -> String {
    let comment = "A panel of geos: weekly revenue, four channels with impressions and spend, two controls.";
    let mut text = SpecText::new(comment, "standard", "week", "revenue")
        .data("geo", "geo")
        .data("population", "population");
    for Setup { name, .. } in &CHANNELS {
        text = text.channel(&ChannelText {
            name,
            spend: &format!("{name}_spend"),
            exposure: Some(&format!("{name}_impressions")),
            decay: WEAK_DECAY,
            saturation: &hill("2 * mean_exposure"),
            effect: Some(&roas(1.5)),
        });
    }
    text.control("price_index")
        .control("competitor_activity")
        .baseline(&["trend = { kind = \"linear\" }", "seasonality = [{ period = \"year\", order = 1 }]"])
}
