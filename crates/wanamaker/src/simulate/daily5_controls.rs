//! What surrounds the media of `daily5`: holidays, promotions, price, a competitor, the economy.

use super::columns::{cents, decimals};
use super::holidays::us_holidays;
use super::random::{Streams, standard_normal};
use crate::data::calendar::Calendar;
use jiff::civil::Date;
use rand::RngExt;
use rand_distr::{Distribution, Poisson};
use std::collections::HashSet;

/// Persistence and innovation sd of the price index around 1.
const PRICE: (f64, f64) = (0.95, 0.01);
/// Pull towards 1, innovation sd, and bounds of the economic index.
const ECONOMY: (f64, f64, f64, f64) = (0.001, 0.003, 0.85, 1.15);
/// Median of the competitor's daily spend, and sd of its log.
const COMPETITOR: (f64, f64) = (20_000.0, 0.15);
/// The competitor spends that many times as much in November and December.
const COMPETITOR_SEASON: f64 = 1.5;
/// Campaigns of the competitor that are expected in three years of 365 days.
const CAMPAIGNS: f64 = 12.0 / 1095.0;

/// `[day]` each.
pub(super) struct Controls {
    pub(super) holiday: Vec<bool>,
    pub(super) promotion: Vec<bool>,
    pub(super) price: Vec<f64>,
    pub(super) competitor: Vec<f64>,
    pub(super) economy: Vec<f64>,
}

impl Controls {
    pub(super) fn new(streams: &Streams, calendar: &Calendar) -> Self {
        let days = calendar.dates();
        let holidays = holidays(&days);
        let known: HashSet<_> = holidays.iter().copied().collect();
        Self {
            holiday: days.iter().map(|day| known.contains(day)).collect(),
            promotion: promotion(streams, calendar, &holidays),
            price: price(streams, days.len()),
            competitor: competitor(streams, &days),
            economy: economy(streams, days.len()),
        }
    }
}

/// All holidays of the years that `days` touch, in order.
fn holidays(days: &[Date]) -> Vec<Date> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Vec::new() };
    (first.year()..=last.year()).flat_map(us_holidays).collect()
}

/// A promotion of 5 to 10 days around every holiday, beginning up to 5 days before it.
fn promotion(streams: &Streams, calendar: &Calendar, holidays: &[Date]) -> Vec<bool> {
    let mut rng = streams.of("promotion");
    let mut on = vec![false; calendar.len()];
    for &holiday in holidays {
        let start = calendar.period_of(holiday) - rng.random_range(0..=5_i64);
        let length = rng.random_range(5..=10_i64);
        for day in start..start + length {
            // A burst may lie partly, or wholly, outside the calendar.
            if let Some(cell) = usize::try_from(day).ok().and_then(|day| on.get_mut(day)) {
                *cell = true;
            }
        }
    }
    on
}

/// `p[t] = 1 + 0.95·(p[t−1] − 1) + N(0, 0.01)`, from 1.
fn price(streams: &Streams, n: usize) -> Vec<f64> {
    let mut rng = streams.of("price_index");
    let mut deviation = 0.0;
    let mut walk = || {
        let now = 1.0 + deviation;
        deviation = PRICE.0 * deviation + PRICE.1 * standard_normal(&mut rng);
        decimals(now, 4)
    };
    (0..n).map(|_| walk()).collect()
}

/// `e[t] = e[t−1] + 0.001·(1 − e[t−1]) + N(0, 0.003)`, from 1, kept within 0.85 … 1.15.
fn economy(streams: &Streams, n: usize) -> Vec<f64> {
    let (pull, sd, lower, upper) = ECONOMY;
    let mut rng = streams.of("economic_index");
    let mut level: f64 = 1.0;
    let mut walk = || {
        let now = level;
        level = (level + pull * (1.0 - level) + sd * standard_normal(&mut rng)).clamp(lower, upper);
        decimals(now, 4)
    };
    (0..n).map(|_| walk()).collect()
}

/// Log-normal around 20,000, half as much again at the end of the year, two to three and a half times as much during
/// campaigns of 5 to 14 days.
fn competitor(streams: &Streams, days: &[Date]) -> Vec<f64> {
    let mut level = streams.of("competitor/level");
    let mut spend: Vec<_> = days
        .iter()
        .map(|day| {
            let season = if day.month() >= 11 { COMPETITOR_SEASON } else { 1.0 };
            COMPETITOR.0 * season * (COMPETITOR.1 * standard_normal(&mut level)).exp()
        })
        .collect();
    let mut campaigns = streams.of("competitor/campaigns");
    let expected = Poisson::new(CAMPAIGNS * days.len() as f64).expect("a calendar has at least one day");
    let n_campaigns: f64 = expected.sample(&mut campaigns);
    for _ in 0..n_campaigns as usize {
        let start = campaigns.random_range(0..days.len());
        let length = campaigns.random_range(5..=14);
        let factor = campaigns.random_range(2.0..3.5);
        spend.iter_mut().skip(start).take(length).for_each(|value| *value *= factor);
    }
    spend.into_iter().map(cents).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::calendar::Spacing;
    use jiff::civil::date;

    fn controls(n: usize) -> Controls {
        Controls::new(&Streams::new(42), &Calendar::new(date(2022, 1, 1), Spacing::Days(1), n))
    }

    #[test]
    fn three_years_have_thirty_holidays_and_promotions_near_each() {
        let controls = controls(1095);
        assert_eq!(controls.holiday.iter().filter(|on| **on).count(), 30);
        for (t, _) in controls.holiday.iter().enumerate().filter(|(_, on)| **on) {
            let near = t.saturating_sub(5)..(t + 6).min(1095);
            assert!(controls.promotion[near].contains(&true), "day {t}");
        }
        let days = controls.promotion.iter().filter(|on| **on).count();
        assert!((130..260).contains(&days), "{days}");
    }

    #[test]
    fn the_indices_stay_near_one_and_the_competitor_near_its_usual_spend() {
        let controls = controls(20_000);
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        assert!((mean(&controls.price) - 1.0).abs() < 0.01);
        assert!(controls.economy.iter().all(|value| (0.85..=1.15).contains(value)));
        // 20,000 · e^(.15²/2) · (1 + .5·61/365.25) · (1 + 12/1095·9.5·1.75) = 25.9k
        assert!((mean(&controls.competitor) / 25_900.0 - 1.0).abs() < 0.06, "{}", mean(&controls.competitor));
    }
}
