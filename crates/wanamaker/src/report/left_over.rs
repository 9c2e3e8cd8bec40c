//! What the model leaves over, and what that says of it.

use super::about::{Finding, findings};
use super::figures::{Bar, Line, finite, histogram};
use super::study::Study;
use crate::distribution::{Distribution, Normal};
use crate::validation::diagnosis::Diagnosis;
use schemars::JsonSchema;
use serde::Serialize;

/// Residuals by period, summed over geos, in KPI units.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LeftOver {
    /// First days of the training periods in which every geo was observed.
    pub dates: Vec<String>,
    /// KPI less posterior mean.
    pub residual: Vec<f64>,
    /// Posterior mean.
    pub fitted: Vec<f64>,
    /// Runs of six or more of one sign: what the model missed for a while.
    pub runs: Vec<Run>,
    /// Histogram.
    pub bars: Vec<Bar>,
    /// Normal density of the same mean and spread, times count and bar width.
    pub normal: Line,
    /// Quantiles of the standard normal against standardized residuals, ascending.
    pub quantiles: Line,
    /// Autocorrelation at lags 1, 2, ….
    pub autocorrelation: Vec<f64>,
    /// Of honest residuals one in twenty lies further from 0.
    pub autocorrelation_bound: f64,
    /// 2 without serial correlation.
    pub durbin_watson: f64,
    /// p of Ljung and Box.
    pub ljung_box_p: Option<f64>,
    /// p of Shapiro and Wilk.
    pub shapiro_wilk_p: Option<f64>,
    /// What an analyst would remark.
    pub findings: Vec<Finding>,
}

/// Periods whose residuals have one sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Run {
    /// Index of the first.
    pub from: usize,
    /// Index of the last.
    pub to: usize,
    /// Whether the KPI was above the mean.
    pub above: bool,
}

/// A run of one sign from which on it is marked: one in thirty-two begins so by chance.
const LONG: usize = 6;
/// Bars of the histogram.
const BARS: usize = 20;
/// Points of the normal curve.
const POINTS: usize = 60;

/// The residuals of `study`.
pub fn left_over(study: &Study<'_>) -> LeftOver {
    let model = study.model();
    let panel = &model.panel;
    let (n_geos, n) = (panel.n_geos(), panel.n_times());
    let Diagnosis { residuals: found, mean, .. } = study.diagnosis();
    let periods = model.window.whole_periods(n);
    let residual = &found.values;
    let count = residual.len() as f64;
    let middle = residual.iter().sum::<f64>() / count;
    let sd = (residual.iter().map(|e| (e - middle).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
    let bars = histogram(residual, BARS);
    let width = bars.first().map_or(0.0, |bar| bar.to - bar.from);
    let reach = 3.5 * sd;
    let x: Vec<f64> = (0..=POINTS).map(|i| middle - reach + 2.0 * reach * i as f64 / POINTS as f64).collect();
    let standard = Distribution::Normal(Normal { mean: 0.0, sd: 1.0 });
    let height = |x: &f64| count * width / sd * standard.ln_density((x - middle) / sd).exp();
    let mut ascending: Vec<f64> = residual.iter().map(|e| (e - middle) / sd).collect();
    ascending.sort_by(f64::total_cmp);
    LeftOver {
        dates: periods.iter().map(|t| panel.calendar.date(*t).to_string()).collect(),
        fitted: periods.iter().map(|t| (0..n_geos).map(|geo| mean[geo * n + t]).sum()).collect(),
        runs: runs(residual),
        normal: Line { y: x.iter().map(height).collect(), x },
        quantiles: Line {
            x: (0..residual.len()).map(|i| standard.quantile((i as f64 + 0.5) / count)).collect(),
            y: ascending,
        },
        bars,
        autocorrelation: found.autocorrelation.clone(),
        autocorrelation_bound: found.autocorrelation_bound,
        durbin_watson: found.durbin_watson,
        ljung_box_p: finite(found.ljung_box.p),
        shapiro_wilk_p: finite(found.shapiro_wilk.p),
        findings: findings(&found.findings()),
        residual: residual.clone(),
    }
}

/// Runs of at least [`LONG`] residuals of one sign.
fn runs(residual: &[f64]) -> Vec<Run> {
    let mut found = Vec::new();
    let mut from = 0;
    for i in 1..=residual.len() {
        if i == residual.len() || (residual[i] > 0.0) != (residual[from] > 0.0) {
            if i - from >= LONG {
                found.push(Run { from, to: i - 1, above: residual[from] > 0.0 });
            }
            from = i;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_runs_are_found_at_either_end_and_short_ones_are_not() {
        let signs = "++++++-+-----++-------";
        let residual: Vec<f64> = signs.chars().map(|sign| if sign == '+' { 1.0 } else { -2.0 }).collect();
        let expected = [Run { from: 0, to: 5, above: true }, Run { from: 15, to: 21, above: false }];
        assert_eq!(runs(&residual), expected);
        assert!(runs(&[]).is_empty());
    }
}
