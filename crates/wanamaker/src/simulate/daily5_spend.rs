//! Spend of the `daily5` channels: seasons, weekends, bursts that come together, noise that is correlated.

use super::columns::{cents, mean};
use super::random::{Streams, standard_normal};
use jiff::civil::{Date, Weekday};
use rand::RngExt;

/// November and December, January to March, the rest of the year.
const SEASONS: (f64, f64, f64) = (1.8, 0.75, 1.0);
const WEEKEND: f64 = 0.6;
/// Factor of a day in a campaign burst.
const BURST: f64 = 2.5;
/// Chance per day of a burst that all channels share, and of one of a channel's own.
const BURST_FREQUENCY: (f64, f64) = (0.08, 0.024);
/// Correlation of the noise between any two channels.
const CORRELATION: f64 = 0.45;
/// Days over which print is booked evenly.
const PRINT_WINDOW: usize = 7;

/// Spend of one channel, `[day]`, whole cents.
///
/// ```text
/// spend[t] = base · season[t] · weekend[t] · burst[t] · exp(noise · (√ρ z₀[t] + √(1−ρ) z[t]))
/// ```
///
/// - `base`: usual spend per day, currency
/// - `noise`: sd of the log of spend
/// - `smooth`: whether the mean of the last seven days is spent, as print is booked
pub(super) fn spend(
    streams: &Streams,
    name: &str,
    base: f64,
    noise: f64,
    smooth: bool,
    days: &[Date],
) -> Vec<f64> {
    // Streams of the same name are the same series: what is shared is shared by drawing it again.
    let mut common_noise = streams.of("spend/common/noise");
    let mut common_burst = streams.of("spend/common/burst");
    let mut own_noise = streams.of(&format!("spend/{name}/noise"));
    let mut own_burst = streams.of(&format!("spend/{name}/burst"));
    let daily: Vec<_> = days
        .iter()
        .map(|&day| {
            let shared = common_burst.random_bool(BURST_FREQUENCY.0);
            let own = own_burst.random_bool(BURST_FREQUENCY.1);
            let burst = if shared || own { BURST } else { 1.0 };
            let z = CORRELATION.sqrt() * standard_normal(&mut common_noise)
                + (1.0 - CORRELATION).sqrt() * standard_normal(&mut own_noise);
            base * season(day) * weekend(day) * burst * (noise * z).exp()
        })
        .collect();
    let paid = if smooth { rolling_mean(&daily) } else { daily };
    paid.into_iter().map(cents).collect()
}

fn season(day: Date) -> f64 {
    match day.month() {
        11 | 12 => SEASONS.0,
        1..=3 => SEASONS.1,
        _ => SEASONS.2,
    }
}

fn weekend(day: Date) -> f64 {
    if is_weekend(day) { WEEKEND } else { 1.0 }
}

/// Saturday or Sunday.
pub(super) fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Mean of a day and those before it, seven at most.
fn rolling_mean(values: &[f64]) -> Vec<f64> {
    (0..values.len()).map(|t| mean(&values[(t + 1).saturating_sub(PRINT_WINDOW)..=t])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rolling_mean_begins_with_what_is_there() {
        let values: Vec<_> = (1..=9).map(f64::from).collect();
        assert_eq!(rolling_mean(&values), [1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0]);
    }
}
