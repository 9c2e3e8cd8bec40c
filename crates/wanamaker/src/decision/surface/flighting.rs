//! When the money of a plan is spent: evenly for ever, evenly over the horizon, as it was, or as stated.

use crate::adstock::{Adstock, Window};
use std::collections::BTreeMap;

/// When the money of a plan is spent.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Flighting {
    /// The same in every period, for so long that carry-over is at its limit.
    #[default]
    Steady,
    /// The same in every period of the horizon, nothing after it.
    Even,
    /// In the rhythm of the last periods of the baseline.
    Historic,
    /// By stated weights, one per period of the horizon: for a channel by name, or under `*` for all others.
    Stated(BTreeMap<String, Vec<f64>>),
}

/// What a plan is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Periods in which money is spent, ≥ 1.
    pub horizon: usize,
    /// When it is spent.
    pub flighting: Flighting,
    /// Periods behind the horizon in which carry-over is counted; by default all of it, or, where it has no end, until
    /// one per cent is left.
    pub tail: Option<usize>,
    /// Whether earlier spend still works while the plan runs.
    pub carry_in: bool,
}

impl Default for Shape {
    fn default() -> Self {
        Self { horizon: 1, flighting: Flighting::Steady, tail: None, carry_in: true }
    }
}

/// Longest tail that is counted by default, in periods.
const LONGEST_TAIL: usize = 104;
/// Share of a pulse that may be left uncounted behind the default tail of an adstock without end.
const LEFT: f64 = 0.01;

/// Periods behind the horizon in which a channel with these parameters is still felt.
pub(super) fn tail_of(adstock: Adstock, carry: &[f64]) -> usize {
    match adstock {
        Adstock::None => 0,
        Adstock::Geometric { window: Window::Infinite, .. } => {
            let periods = adstock.periods_until(carry, LEFT);
            (periods.ceil() as usize).min(LONGEST_TAIL)
        }
        _ => adstock.n_weights().saturating_sub(1),
    }
}

/// Shares of the money by period of the horizon; they sum to one.
///
/// `history`: what was spent in the periods of the baseline, in order; an even split where nothing was.
pub(super) fn shares(shape: &Shape, channel: &str, history: &[f64]) -> Vec<f64> {
    let n = shape.horizon;
    let weights: Vec<f64> = match &shape.flighting {
        Flighting::Steady | Flighting::Even => vec![1.0; n],
        // The last `n` periods; a shorter history is gone through again.
        Flighting::Historic if !history.is_empty() => {
            let len = history.len();
            (0..n).map(|t| history[(t + len - n % len) % len]).collect()
        }
        Flighting::Historic => vec![1.0; n],
        Flighting::Stated(by_channel) => {
            by_channel.get(channel).or_else(|| by_channel.get("*")).cloned().unwrap_or_else(|| vec![1.0; n])
        }
    };
    let total: f64 = weights.iter().sum();
    if total > 0.0 { weights.iter().map(|w| w / total).collect() } else { vec![1.0 / n as f64; n] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn historic(horizon: usize) -> Shape {
        Shape { horizon, flighting: Flighting::Historic, ..Shape::default() }
    }

    #[test]
    fn the_historic_rhythm_ends_where_the_baseline_ends() {
        let history = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(shares(&historic(2), "tv", &history), [3.0 / 7.0, 4.0 / 7.0]);
        let six: Vec<f64> =
            shares(&historic(6), "tv", &history).iter().map(|share| (share * 17.0).round()).collect();
        assert_eq!(six, [3.0, 4.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(shares(&historic(2), "tv", &[0.0, 0.0]), [0.5, 0.5]);
    }

    #[test]
    fn stated_weights_go_by_channel_and_then_by_the_rest() {
        let stated = [("tv".to_owned(), vec![1.0, 3.0]), ("*".to_owned(), vec![1.0, 0.0])];
        let shape = Shape {
            horizon: 2,
            flighting: Flighting::Stated(stated.into_iter().collect()),
            ..Shape::default()
        };
        assert_eq!(shares(&shape, "tv", &[]), [0.25, 0.75]);
        assert_eq!(shares(&shape, "radio", &[]), [1.0, 0.0]);
    }

    #[test]
    fn the_tail_holds_all_that_is_felt() {
        let geometric = Adstock::Geometric { window: Window::Periods(8), normalize: true };
        assert_eq!(tail_of(geometric, &[0.5]), 7);
        let endless = Adstock::Geometric { window: Window::Infinite, normalize: false };
        assert_eq!(tail_of(endless, &[0.5]), 7);
        assert_eq!(tail_of(endless, &[0.9999]), LONGEST_TAIL);
        assert_eq!(tail_of(Adstock::None, &[]), 0);
    }
}
