//! Could this model have made these data? What the predictive draws look like beside the KPI, figure by figure.
//!
//! For a figure `T` of a series, `p = 2·min(P(T(y*) ≤ T(y)), P(T(y*) ≥ T(y)))` over predictive draws `y*` [gelman2013]. Draws
//! come from a fit to the same data, so that p near ½ says little and p near 0 says much.

use crate::model::compile::CompiledModel;
use crate::posterior::interval::{Interval, quantile};
use crate::statistics::binomial::expected;
use crate::statistics::normality::skewness;
use crate::statistics::scores::pit;
use crate::statistics::serial::autocorrelation;
use schemars::JsonSchema;
use serde::Serialize;

/// Below it a figure is one the model does not make.
pub const LEAST_P: f64 = 0.01;
/// Bars of the PIT.
const PIT_BARS: usize = 10;
/// Bars of the KPI.
const BARS: usize = 12;
/// Level of the interval whose outside is counted.
const OUTSIDE: f64 = 0.95;

/// A figure of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Mean.
    Mean,
    /// Standard deviation.
    Sd,
    /// Smallest value.
    Min,
    /// Greatest value.
    Max,
    /// Autocorrelation at lag 1.
    Lag1,
    /// Skewness.
    Skewness,
    /// Share of cells outside their 95 % predictive interval.
    Outside95,
}

/// One figure of the KPI beside that of predictive draws.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// Which.
    pub figure: Figure,
    /// Of the KPI.
    pub observed: f64,
    /// Of predictive draws.
    pub predicted: Interval,
    /// Two-sided.
    pub p: f64,
}

/// A bar of a histogram.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bar {
    /// Lower end.
    pub from: f64,
    /// Upper end.
    pub to: f64,
    /// Share of the KPI inside.
    pub observed: f64,
    /// Share of predictive draws inside.
    pub predicted: Interval,
}

/// All that is compared.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PredictiveCheck {
    /// Predictive draws.
    pub draws: usize,
    /// Cells compared.
    pub cells: usize,
    /// Figures, of the KPI by period summed over geos; `outside95` of cells.
    pub figures: Vec<Compared>,
    /// Cells by tenths of their probability integral transform; level where the draws are honest.
    pub pit: Vec<usize>,
    /// Counts that all tenths together keep to with probability 0.99.
    pub pit_expected: (usize, usize),
    /// The KPI by period, in bars of one width.
    pub density: Vec<Bar>,
}

/// Compares the KPI of the cells that trained with predictive draws `[cell][draw]`, both in KPI units.
pub fn predictive_check(model: &CompiledModel, predictive: &[Vec<f64>], level: f64) -> PredictiveCheck {
    let (n_geos, n_times) = (model.panel.n_geos(), model.panel.n_times());
    let kpi = &model.panel.kpi.values;
    let cells: Vec<usize> = (0..kpi.len()).filter(|i| model.window.observed[*i]).collect();
    let periods = model.window.whole_periods(n_times);
    let n_draws = cells.first().map_or(0, |cell| predictive[*cell].len());
    let series = |value: &dyn Fn(usize) -> f64| -> Vec<f64> {
        periods.iter().map(|t| (0..n_geos).map(|geo| value(geo * n_times + t)).sum()).collect()
    };
    let observed = series(&|i| kpi[i]);
    let replicas: Vec<Vec<f64>> = (0..n_draws).map(|s| series(&|i| predictive[i][s])).collect();

    let figures = [Figure::Mean, Figure::Sd, Figure::Min, Figure::Max, Figure::Lag1, Figure::Skewness];
    let mut compared: Vec<Compared> = figures
        .into_iter()
        .map(|figure| {
            let draws = replicas.iter().map(|replica| of(figure, replica)).collect();
            compare(figure, of(figure, &observed), draws, level)
        })
        .collect();
    let sorted: Vec<Vec<f64>> = cells
        .iter()
        .map(|&i| {
            let mut draws = predictive[i].clone();
            draws.sort_by(f64::total_cmp);
            draws
        })
        .collect();
    let ends: Vec<(f64, f64)> = sorted
        .iter()
        .map(|draws| (quantile(draws, 0.5 - 0.5 * OUTSIDE), quantile(draws, 0.5 + 0.5 * OUTSIDE)))
        .collect();
    let outside = |value: &dyn Fn(usize) -> f64| -> f64 {
        let out = cells.iter().zip(&ends).filter(|(i, (low, high))| !(*low..=*high).contains(&value(**i)));
        out.count() as f64 / cells.len() as f64
    };
    let draws = (0..n_draws).map(|s| outside(&|i| predictive[i][s])).collect();
    compared.push(compare(Figure::Outside95, outside(&|i| kpi[i]), draws, level));

    let mut tenths = vec![0; PIT_BARS];
    for (&i, draws) in cells.iter().zip(&sorted) {
        let at = (pit(draws, kpi[i]) * PIT_BARS as f64) as usize;
        tenths[at.min(PIT_BARS - 1)] += 1;
    }
    PredictiveCheck {
        draws: n_draws,
        cells: cells.len(),
        figures: compared,
        pit: tenths,
        // A tenth of the risk for each.
        pit_expected: expected(cells.len(), 1.0 / PIT_BARS as f64, 1.0 - 0.01 / PIT_BARS as f64),
        density: density(&observed, &replicas, level),
    }
}

fn of(figure: Figure, x: &[f64]) -> f64 {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    match figure {
        Figure::Mean => mean,
        Figure::Sd => (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (x.len() as f64 - 1.0)).sqrt(),
        Figure::Min => x.iter().copied().fold(f64::INFINITY, f64::min),
        Figure::Max => x.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Figure::Lag1 => autocorrelation(x, 1)[1],
        Figure::Skewness => skewness(x),
        Figure::Outside95 => f64::NAN,
    }
}

fn compare(figure: Figure, observed: f64, mut draws: Vec<f64>, level: f64) -> Compared {
    let n = draws.len() as f64;
    let below = draws.iter().filter(|draw| **draw <= observed).count() as f64;
    let above = draws.iter().filter(|draw| **draw >= observed).count() as f64;
    let p = (2.0 * below.min(above) / n).min(1.0);
    Compared { figure, observed, predicted: Interval::of(&mut draws, level), p }
}

/// Bars over all that was observed and the middle 99 % of what was predicted; what lies beyond counts in the last of them.
fn density(observed: &[f64], replicas: &[Vec<f64>], level: f64) -> Vec<Bar> {
    let mut all: Vec<f64> = replicas.concat();
    all.sort_by(f64::total_cmp);
    let low = observed.iter().copied().fold(quantile(&all, 0.005), f64::min);
    let high = observed.iter().copied().fold(quantile(&all, 0.995), f64::max);
    let width = (high - low) / BARS as f64;
    if !(width > 0.0 && width.is_finite()) {
        return Vec::new();
    }
    let shares = |x: &[f64]| -> Vec<f64> {
        let mut shares = vec![0.0; BARS];
        for x in x {
            // Below the first bar saturates to 0.
            let at = ((x - low) / width) as usize;
            shares[at.min(BARS - 1)] += 1.0;
        }
        shares.iter_mut().for_each(|share| *share /= x.len() as f64);
        shares
    };
    let own = shares(observed);
    let others: Vec<Vec<f64>> = replicas.iter().map(|replica| shares(replica)).collect();
    (0..BARS)
        .map(|k| Bar {
            from: low + k as f64 * width,
            to: low + (k + 1) as f64 * width,
            observed: own[k],
            predicted: Interval::of(&mut others.iter().map(|shares| shares[k]).collect::<Vec<_>>(), level),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_is_two_sided_and_small_in_either_tail() {
        let draws = || (1..=100).map(f64::from).collect();
        let p = |observed: f64| compare(Figure::Max, observed, draws(), 0.95).p;
        assert_eq!((p(0.0), p(101.0)), (0.0, 0.0));
        assert!((p(1.0) - 0.02).abs() < 1e-15 && (p(100.0) - 0.02).abs() < 1e-15);
        assert_eq!(p(50.5), 1.0);
    }

    #[test]
    fn bars_hold_everything_once() {
        let observed = [1.0, 2.0, 3.0, 10.0];
        let bars = density(&observed, &[vec![0.0, 5.0, 5.0, 100.0], vec![2.0, 2.0, 3.0, 4.0]], 0.9);
        let sum = |value: &dyn Fn(&Bar) -> f64| bars.iter().map(value).sum::<f64>();
        assert!((sum(&|bar| bar.observed) - 1.0).abs() < 1e-12);
        assert!((sum(&|bar| bar.predicted.mean) - 1.0).abs() < 1e-12);
        assert!(density(&[1.0, 1.0], &[vec![1.0, 1.0]], 0.9).is_empty());
    }

    #[test]
    fn figures_are_what_their_names_say() {
        let x = [1.0, 2.0, 4.0, 5.0];
        assert_eq!((of(Figure::Mean, &x), of(Figure::Min, &x), of(Figure::Max, &x)), (3.0, 1.0, 5.0));
        assert!((of(Figure::Sd, &x) - (10.0_f64 / 3.0).sqrt()).abs() < 1e-15);
        // (1·2 − 1·1 + 1·2)/10
        assert!((of(Figure::Lag1, &x) - 0.3).abs() < 1e-15 && of(Figure::Skewness, &x) == 0.0);
    }
}
