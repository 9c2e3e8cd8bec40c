//! The shapes in which numbers reach a chart or a table: an estimate with its interval, and series of them.

use crate::posterior::interval::Interval;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// A number with its equal-tailed interval; its level is said once, in [`super::about::About::level`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Estimate {
    /// Mean.
    pub mean: f64,
    /// Median.
    pub median: f64,
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl From<Interval> for Estimate {
    fn from(interval: Interval) -> Self {
        let Interval { mean, median, lower, upper, .. } = interval;
        Self { mean, median, lower, upper }
    }
}

/// Estimates along an axis, column by column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Band {
    /// Means.
    pub mean: Vec<f64>,
    /// Lower ends.
    pub lower: Vec<f64>,
    /// Upper ends.
    pub upper: Vec<f64>,
}

impl FromIterator<Interval> for Band {
    fn from_iter<I: IntoIterator<Item = Interval>>(intervals: I) -> Self {
        let mut band = Self::default();
        for interval in intervals {
            band.mean.push(interval.mean);
            band.lower.push(interval.lower);
            band.upper.push(interval.upper);
        }
        band
    }
}

/// A line through points.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Line {
    /// Across.
    pub x: Vec<f64>,
    /// Up.
    pub y: Vec<f64>,
}

/// A bar of a histogram.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Bar {
    /// Lower end.
    pub from: f64,
    /// Upper end.
    pub to: f64,
    /// How many lie inside; the upper end belongs to the last bar alone.
    pub count: usize,
}

/// A number where there is one: what cannot be computed is left out and not invented.
pub fn finite(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

/// As JSON, with seven significant digits of each figure, which is more than any of them is worth. What is no number is `null`.
pub fn shortened(figures: &impl Serialize) -> Value {
    let mut value = serde_json::to_value(figures).expect("a report is numbers and words");
    shorten(&mut value);
    value
}

fn shorten(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(shorten),
        Value::Object(all) => all.values_mut().for_each(shorten),
        Value::Number(number) if number.is_f64() => {
            let exact = number.as_f64().unwrap_or_default();
            let short: f64 = format!("{exact:.6e}").parse().unwrap_or(exact);
            // A whole number is written as one.
            if short.fract() == 0.0 && short.abs() < 1e15 {
                *value = (short as i64).into();
            } else {
                *value = short.into();
            }
        }
        _ => {}
    }
}

/// A histogram of the finite `values` in `n` bars of one width; empty for none.
pub fn histogram(values: &[f64], n: usize) -> Vec<Bar> {
    let values = || values.iter().copied().filter(|x| x.is_finite());
    let low = values().fold(f64::INFINITY, f64::min);
    let high = values().fold(f64::NEG_INFINITY, f64::max);
    if low > high {
        return Vec::new();
    }
    let width = if high > low { (high - low) / n as f64 } else { 1.0 };
    let end = |k: usize| if k == n { high.max(low + width) } else { low + k as f64 * width };
    let mut bars: Vec<Bar> = (0..n).map(|k| Bar { from: end(k), to: end(k + 1), count: 0 }).collect();
    for x in values() {
        bars[(((x - low) / width) as usize).min(n - 1)].count += 1;
    }
    bars.truncate(if high > low { n } else { 1 });
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_counts_every_finite_value_once() {
        let values = [0.0, 0.1, 0.5, 1.0, 1.0, f64::NAN, 0.999];
        let bars = histogram(&values, 2);
        assert_eq!(bars.iter().map(|bar| bar.count).collect::<Vec<_>>(), [2, 4]);
        assert_eq!((bars[0].from, bars[1].to), (0.0, 1.0));
        assert_eq!(histogram(&[3.0, 3.0], 5), [Bar { from: 3.0, to: 4.0, count: 2 }]);
        assert!(histogram(&[f64::NAN], 5).is_empty());
    }
}
