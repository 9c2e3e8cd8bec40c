//! `daily5`: three years of daily revenue, five correlated channels whose effect is a share of the intercept,
//! holidays, promotions, price, a competitor and the economy.

use super::Market;
use super::channel::{Channel, Simulated, total_contribution};
use super::columns::{dates, flags, mean, numbers};
use super::daily5_controls::Controls;
use super::daily5_spend::{is_weekend, spend};
use super::options::Options;
use super::random::Streams;
use super::spec_text::{ChannelText, SpecText};
use super::truth::GroundTruth;
use crate::data::calendar::Calendar;
use crate::data::table::Table;
use jiff::civil::Date;
use std::f64::consts::TAU;

const INTERCEPT: f64 = 50_000.0;
/// Growth per day.
const TREND: f64 = 15.0;
/// Sine and cosine amplitudes of the first three harmonics of the year.
const YEARLY: [(f64, f64); 3] = [(4000.0, 2000.0), (-1500.0, 500.0), (800.0, -300.0)];
const YEAR: f64 = 365.25;
/// Monday to Sunday.
const DAYS_OF_WEEK: [f64; 7] = [0.0, 500.0, 800.0, 1200.0, 2000.0, -3000.0, -4500.0];
const DAY_NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const HOLIDAY: f64 = 12_000.0;
const PROMOTION: f64 = 18_000.0;
/// Effect of the price index and of the economic index, per unit away from 1.
const PRICE: f64 = -8000.0;
const ECONOMY: f64 = 6000.0;
const COMPETITOR: f64 = -0.08;

struct Setup {
    name: &'static str,
    decay: f64,
    ec50: f64,
    slope: f64,
    /// Largest effect as a share of the intercept.
    beta: f64,
    spend: f64,
    noise: f64,
    /// What the spec believes of decay (a beta distribution) and half-saturation (sd of a half-normal).
    prior: (&'static str, f64),
}

#[rustfmt::skip]
const CHANNELS: [Setup; 5] = [
    Setup { name: "tv", decay: 0.85, ec50: 150_000.0, slope: 2.5, beta: 0.35, spend: 25_000.0, noise: 0.20, prior: ("[8.5, 1.5]", 200_000.0) },
    Setup { name: "search", decay: 0.20, ec50: 30_000.0, slope: 3.0, beta: 0.55, spend: 18_000.0, noise: 0.15, prior: ("[2, 8]", 50_000.0) },
    Setup { name: "social", decay: 0.50, ec50: 45_000.0, slope: 2.8, beta: 0.42, spend: 12_000.0, noise: 0.25, prior: ("[5, 5]", 75_000.0) },
    Setup { name: "display", decay: 0.40, ec50: 25_000.0, slope: 2.2, beta: 0.28, spend: 8000.0, noise: 0.30, prior: ("[4, 6]", 50_000.0) },
    Setup { name: "print_ooh", decay: 0.70, ec50: 60_000.0, slope: 1.8, beta: 0.18, spend: 5000.0, noise: 0.10, prior: ("[7, 3]", 100_000.0) },
];

pub(super) fn market(options: &Options) -> Market {
    let calendar = options.calendar();
    let days = calendar.dates();
    let streams = Streams::new(options.seed);
    let channels: Vec<_> = CHANNELS
        .iter()
        .map(|setup| {
            let smooth = setup.name == "print_ooh";
            let spend = spend(&streams, setup.name, setup.spend, setup.noise, smooth, &days);
            Channel::hill(setup.name, setup.decay, setup.slope, setup.ec50, setup.beta)
                .spend(spend, INTERCEPT)
        })
        .collect();
    let controls = Controls::new(&streams, &calendar);
    let noise = streams.normals("noise", 0.0, options.noise(), days.len());
    let media = total_contribution(&channels);
    let revenue: Vec<_> = (0..days.len())
        .map(|t| without_media(t, days[t]) + effect_of_controls(&controls, t) + media[t] + noise[t])
        .collect();
    let truth = truth(options, &revenue, &channels, &controls);
    Market {
        contributions: Some(contributions(&calendar, &channels, media)),
        table: table(&calendar, channels, controls, revenue),
        truth,
        spec: spec(),
    }
}

/// `50000 + 15·t + Σ_k (s_k sin(2πkt/365.25) + c_k cos(2πkt/365.25)) + day of week`.
fn without_media(t: usize, day: Date) -> f64 {
    let harmonics = (1..).zip(YEARLY).map(|(k, (sine, cosine))| {
        let angle = angle(k, t);
        sine * angle.sin() + cosine * angle.cos()
    });
    INTERCEPT + TREND * t as f64 + harmonics.sum::<f64>() + DAYS_OF_WEEK[day_of_week(day)]
}

fn effect_of_controls(controls: &Controls, t: usize) -> f64 {
    HOLIDAY * f64::from(controls.holiday[t])
        + PROMOTION * f64::from(controls.promotion[t])
        + PRICE * (controls.price[t] - 1.0)
        + ECONOMY * (controls.economy[t] - 1.0)
        + COMPETITOR * controls.competitor[t]
}

fn angle(harmonic: usize, t: usize) -> f64 {
    TAU * harmonic as f64 * t as f64 / YEAR
}

/// Monday is 0.
fn day_of_week(day: Date) -> usize {
    usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())
}

/// A fitted model centres its controls, so its intercept holds their mean effect; and since media are shares of the
/// intercept, its `beta` is smaller by as much as that intercept is larger.
fn truth(options: &Options, revenue: &[f64], channels: &[Simulated], controls: &Controls) -> GroundTruth {
    let n = revenue.len();
    let mean_effect = (0..n).map(|t| effect_of_controls(controls, t)).sum::<f64>() / n as f64;
    let centred = INTERCEPT + mean_effect;
    let betas = CHANNELS.iter().map(|s| (format!("beta[{}]", s.name), s.beta * INTERCEPT / centred));
    let harmonics = YEARLY.iter().zip(["1", "2", "3"]).flat_map(|(&(sine, cosine), k)| {
        [(format!("yearly_sin_{k}"), sine), (format!("yearly_cos_{k}"), cosine)]
    });
    let harmonics: Vec<_> = harmonics.collect();
    GroundTruth::new(options, "revenue", revenue, channels)
        .with_baseline([
            ("intercept", INTERCEPT),
            ("trend_per_period", TREND),
            ("holiday_effect", HOLIDAY),
            ("promotion_effect", PROMOTION),
            ("price_index_effect", PRICE),
            ("price_index_mean", mean(&controls.price)),
            ("economic_index_effect", ECONOMY),
            ("economic_index_mean", mean(&controls.economy)),
            ("competitor_spend_effect", COMPETITOR),
            ("mean_effect_of_controls", mean_effect),
            ("season_period_days", YEAR),
        ])
        .with_baseline(harmonics.iter().map(|(name, value)| (name.as_str(), *value)))
        .with_baseline(DAY_NAMES.into_iter().zip(DAYS_OF_WEEK))
        .with_parameters(betas)
        .with_parameters([
            ("intercept", centred),
            ("control[is_us_holiday]", HOLIDAY),
            ("control[is_promotion]", PROMOTION),
            ("control[price_index]", PRICE),
            ("control[competitor_spend]", COMPETITOR),
            ("control[economic_index]", ECONOMY),
        ])
}

fn table(calendar: &Calendar, channels: Vec<Simulated>, controls: Controls, revenue: Vec<f64>) -> Table {
    let days = calendar.dates();
    let n = days.len();
    let mut columns = vec![
        dates("date", calendar),
        numbers("t", (0..n).map(|t| t as f64)),
        numbers("day_of_week", days.iter().map(|&day| day_of_week(day) as f64)),
        numbers("month", days.iter().map(|day| f64::from(day.month()))),
        numbers("quarter", days.iter().map(|day| f64::from((day.month() + 2) / 3))),
        flags("is_weekend", days.iter().map(|&day| is_weekend(day))),
        flags("is_us_holiday", controls.holiday),
    ];
    for k in 1..=YEARLY.len() {
        columns.push(numbers(format!("fourier_sin_{k}"), (0..n).map(|t| angle(k, t).sin())));
        columns.push(numbers(format!("fourier_cos_{k}"), (0..n).map(|t| angle(k, t).cos())));
    }
    columns.extend(channels.into_iter().map(|c| numbers(format!("{}_spend", c.channel.name), c.spend)));
    columns.extend([
        numbers("price_index", controls.price),
        numbers("is_promotion", controls.promotion.into_iter().map(f64::from)),
        numbers("competitor_spend", controls.competitor),
        numbers("economic_index", controls.economy),
        numbers("revenue", revenue),
    ]);
    Table::new("data.csv", columns)
}

fn contributions(calendar: &Calendar, channels: &[Simulated], media: Vec<f64>) -> Table {
    let mut columns = vec![dates("date", calendar)];
    for Simulated { channel, path, .. } in channels {
        let parts = [
            ("adstocked", &path.adstocked),
            ("saturated", &path.saturated),
            ("contribution", &path.contribution),
        ];
        columns.extend(
            parts.map(|(what, values)| numbers(format!("{}_{what}", channel.name), values.iter().copied())),
        );
    }
    columns.push(numbers("total_media_contribution", media));
    Table::new("contributions.csv", columns)
}

fn spec() -> String {
    let comment = "Daily revenue, five channels whose effect is a share of the intercept, five controls.";
    let mut text = SpecText::new(comment, "adelon", "date", "revenue");
    for Setup { name, prior: (decay, ec50), .. } in &CHANNELS {
        text = text.channel(&ChannelText {
            name,
            spend: &format!("{name}_spend"),
            exposure: None,
            decay: &format!("{{ beta = {decay} }}"),
            saturation: &format!(
                "{{ kind = \"hill\", slope = {{ half_normal = 2 }}, ec50 = {{ half_normal = {ec50} }} }}"
            ),
            effect: Some("{ beta = { half_normal = 1 } }"),
        });
    }
    for control in ["is_us_holiday", "price_index", "is_promotion", "competitor_spend", "economic_index"] {
        text = text.control(control);
    }
    let text = text.baseline(&[
        "trend = { kind = \"linear\" }",
        "seasonality = [{ period = \"year\", order = 3 }]",
        "day_of_week = true",
    ]);
    format!("{text}\n# The tail in which print hardly varies is visited seldom.\n[sampler]\ndraws = 2000\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::preset::Preset;

    #[test]
    fn media_make_near_a_third_of_revenue_and_search_returns_most_print_least() {
        // The market this is modelled on: media share .319; ROAS search .461, print .178.
        for seed in [1, 7, 42] {
            let truth = market(&Options::new(Preset::Daily5, seed)).truth;
            assert!((0.28..0.36).contains(&truth.media_share), "{}", truth.media_share);
            let roas = |name: &str| truth.channel(name).unwrap().roas;
            for name in ["tv", "social", "display"] {
                assert!(roas("search") > roas(name) && roas(name) > roas("print_ooh"), "seed {seed} {name}");
            }
        }
    }

    #[test]
    fn spends_move_together_as_campaigns_do() {
        let table = market(&Options::new(Preset::Daily5, 42)).table;
        let spend_of = |name: &str| match &table.column(name).unwrap().values {
            crate::data::table::Values::Number(cells) => cells.iter().map(|x| x.unwrap()).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        let correlation = |a: &[f64], b: &[f64]| {
            let (mean_a, mean_b) = (mean(a), mean(b));
            let product = |x: &[f64], mx: f64, y: &[f64], my: f64| -> f64 {
                x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum()
            };
            product(a, mean_a, b, mean_b)
                / (product(a, mean_a, a, mean_a) * product(b, mean_b, b, mean_b)).sqrt()
        };
        let (tv, search, print) =
            (spend_of("tv_spend"), spend_of("search_spend"), spend_of("print_ooh_spend"));
        let tv_search = correlation(&tv, &search);
        assert!((0.72..0.88).contains(&tv_search), "{tv_search}");
        assert!((0.35..0.65).contains(&correlation(&tv, &print)), "{}", correlation(&tv, &print));
    }

    #[test]
    fn the_intercept_of_a_fitted_model_holds_the_mean_effect_of_the_controls() {
        let truth = market(&Options::new(Preset::Daily5, 42)).truth;
        let (generating, fitted) = (truth.baseline["intercept"], truth.parameters["intercept"]);
        assert!((fitted - generating - truth.baseline["mean_effect_of_controls"]).abs() < 1e-6);
        let level = truth.parameters["beta[tv]"] * fitted;
        assert!((level - truth.channel("tv").unwrap().parameters["beta"] * generating).abs() < 1e-6);
    }
}
