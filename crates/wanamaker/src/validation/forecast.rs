//! Joint predictive draws of periods that a model has not seen, and how far from them chance alone would lead.
//!
//! The cells of one forecast share the parameters, so their errors go together and a binomial distribution promises too
//! much. What chance does is therefore read off the draws: each is a future that the model holds possible, and is scored
//! as the true one is. Where cells are independent that is the binomial distribution.

use crate::data::panel::Panel;
use crate::model::compile::CompiledModel;
use crate::model::outcome::Inputs;
use crate::posterior::Posterior;
use crate::posterior::interval::{Interval, quantile};
use crate::posterior::replay::Replay;
use crate::validation::accuracy::{Accuracy, of_draws};
use serde::Serialize;
use std::ops::Range;
use wanamaker_mcmc::seed::{Purpose, stream};

/// Draws that are kept of a forecast.
const MOST_DRAWS: usize = 2000;
/// How seldom chance alone may raise an alarm.
pub const ALARM: f64 = 0.01;

/// Predictive draws of cells, beside what came true.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// Geo and period of each cell, geo by geo.
    pub cells: Vec<(usize, usize)>,
    /// Posterior mean of the expected KPI, by cell.
    pub mean: Vec<f64>,
    /// What came true, by cell; NaN where that is not known.
    pub actual: Vec<f64>,
    /// `[cell][draw]`, in the order drawn: one place in all cells is one future.
    pub draws: Vec<Vec<f64>>,
    /// `[cell]`, the draws sorted.
    pub ascending: Vec<Vec<f64>>,
}

/// Forecasts periods `range` of `panel`, whose `inputs` are those of `model` for it.
///
/// Noise is that of `seed`; forecasts with another `index` (below 2^20) have noise of their own.
pub fn forecast(
    model: &CompiledModel,
    posterior: &Posterior,
    (panel, inputs): (&Panel, &Inputs),
    range: Range<usize>,
    seed: u64,
    index: u64,
) -> Forecast {
    let n = panel.n_times();
    let cells: Vec<(usize, usize)> =
        (0..panel.n_geos()).flat_map(|geo| range.clone().map(move |t| (geo, t))).collect();
    let n_draws = posterior.n_chains * posterior.n_draws;
    let step = n_draws.div_ceil(MOST_DRAWS).max(1);
    let mut mean = vec![0.0; cells.len()];
    let mut draws = vec![Vec::with_capacity(n_draws.div_ceil(step)); cells.len()];
    let mut replay = Replay::new(model);
    let mut work = model.mean.work(inputs);
    for s in (0..n_draws).step_by(step) {
        replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
        replay.mean_on(inputs, &mut work);
        let mut rng = stream(seed, Purpose::Predictive, index << 32 | s as u64);
        for (k, &(geo, t)) in cells.iter().enumerate() {
            let (mu, unit) = (work.mu[geo * n + t], model.units.kpi_of(geo));
            mean[k] += mu * unit;
            draws[k].push(model.likelihood.sample(mu, &replay.noise(geo), &mut rng) * unit);
        }
    }
    let count = n_draws.div_ceil(step) as f64;
    mean.iter_mut().for_each(|mean| *mean /= count);
    let mut ascending = draws.clone();
    ascending.iter_mut().for_each(|draws| draws.sort_by(f64::total_cmp));
    let actual = cells.iter().map(|(geo, t)| panel.kpi.values[geo * n + t]).collect();
    Forecast { cells, mean, actual, draws, ascending }
}

impl Forecast {
    /// The cells whose truth is known.
    pub fn known(&self) -> impl Iterator<Item = usize> {
        (0..self.cells.len()).filter(|k| self.actual[*k].is_finite())
    }

    /// Number of futures.
    pub fn n_draws(&self) -> usize {
        self.draws.first().map_or(0, Vec::len)
    }

    /// Predictive interval of every cell: quantiles of the draws around the mean.
    pub fn intervals(&self, level: f64) -> Vec<Interval> {
        let of = |(draws, mean): (&Vec<f64>, &f64)| Interval {
            mean: *mean,
            ..Interval::of(&mut draws.clone(), level)
        };
        self.ascending.iter().zip(&self.mean).map(of).collect()
    }
}

/// Figures of all known cells of several forecasts.
pub fn accuracy_of(forecasts: &[&Forecast]) -> Accuracy {
    let cells = forecasts
        .iter()
        .flat_map(|own| own.known().map(|k| (own.actual[k], own.mean[k], own.ascending[k].as_slice())));
    of_draws(&cells.collect::<Vec<_>>())
}

/// How many cells lie inside their predictive interval, and how many chance would put there.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// Probability inside.
    pub level: f64,
    /// Cells with a known truth.
    pub n: usize,
    /// Of these inside.
    pub inside: usize,
    /// `inside/n`.
    pub share: f64,
    /// The share that 99 in 100 futures of the model have or exceed, and
    pub least: f64,
    /// the one that 99 in 100 have or stay below.
    pub most: f64,
    /// Probability of so few inside, or fewer, where the model is right.
    pub p: f64,
}

impl Coverage {
    /// Whether more cells lie outside than chance explains.
    pub fn is_too_low(&self) -> bool {
        self.p < ALARM
    }
}

/// Coverage at `level` of all known cells of several forecasts, which are independent of each other.
pub fn coverage(forecasts: &[&Forecast], level: f64) -> Coverage {
    let n_draws = forecasts.iter().map(|own| own.n_draws()).min().unwrap_or(0);
    let mut counts = vec![0_usize; n_draws];
    let (mut n, mut inside) = (0, 0);
    for own in forecasts {
        for k in own.known() {
            let ends = |p: f64| quantile(&own.ascending[k], p);
            let (lower, upper) = (ends(0.5 - 0.5 * level), ends(0.5 + 0.5 * level));
            let holds = |y: f64| usize::from(lower <= y && y <= upper);
            n += 1;
            inside += holds(own.actual[k]);
            counts.iter_mut().zip(&own.draws[k]).for_each(|(count, y)| *count += holds(*y));
        }
    }
    let p = chance(counts.iter().filter(|count| **count <= inside).count(), n_draws);
    let mut shares: Vec<f64> = counts.iter().map(|count| *count as f64 / n as f64).collect();
    shares.sort_by(f64::total_cmp);
    Coverage {
        level,
        n,
        inside,
        share: inside as f64 / n as f64,
        least: quantile(&shares, ALARM),
        most: quantile(&shares, 1.0 - ALARM),
        p,
    }
}

/// Probability of something at least as extreme, seen `extreme` times among `n` futures; never 0.
pub fn chance(extreme: usize, n: usize) -> f64 {
    (extreme as f64 + 1.0) / (n as f64 + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::special::normal_quantile;
    use crate::math::testing;

    /// `n` cells whose draws share a shift of `shared` standard deviations; all truths at `actual`.
    fn cells(n: usize, shared: f64, actual: f64) -> Forecast {
        let mut rng = testing::stream(7);
        let mut normal = || normal_quantile(testing::uniform(&mut rng, 1e-12, 1.0 - 1e-12));
        let mut draws = vec![Vec::new(); n];
        for _ in 0..2000 {
            let shift = shared * normal();
            draws.iter_mut().for_each(|own| own.push(shift + normal()));
        }
        let mut ascending = draws.clone();
        ascending.iter_mut().for_each(|own| own.sort_by(f64::total_cmp));
        Forecast {
            cells: (0..n).map(|t| (0, t)).collect(),
            mean: vec![0.0; n],
            actual: vec![actual; n],
            draws,
            ascending,
        }
    }

    #[test]
    fn independent_cells_are_judged_as_by_a_binomial() {
        let mut own = cells(20, 0.0, 0.0);
        own.actual[..3].fill(9.0);
        let found = coverage(&[&own], 0.8);
        assert_eq!((found.n, found.inside), (20, 17));
        // P(K ≤ 17) for 20 cells of 0.8 is 0.794.
        assert!((found.p - 0.794).abs() < 0.03, "{found:?}");
        // The binomial's first and last percentile are 11 and 20.
        assert!((found.least - 0.55).abs() < 0.051 && (found.most - 1.0).abs() < 0.051, "{found:?}");
        own.actual[..12].fill(9.0);
        assert!(coverage(&[&own], 0.8).is_too_low());
    }

    #[test]
    fn cells_that_err_together_are_judged_more_mildly() {
        let mild = |shared: f64| {
            let mut own = cells(20, shared, 0.0);
            own.actual[..10].fill(100.0);
            coverage(&[&own], 0.8).p
        };
        // P(K ≤ 10) for 20 independent cells of 0.8 is 0.0026.
        assert!(mild(0.0) < 0.006 && mild(3.0) > 0.05, "{} {}", mild(0.0), mild(3.0));
    }

    #[test]
    fn what_is_not_known_is_not_counted() {
        let mut own = cells(10, 0.0, 0.0);
        own.actual[2] = f64::NAN;
        assert_eq!(coverage(&[&own, &own], 0.5).n, 18);
        assert_eq!(accuracy_of(&[&own]).n, 9);
    }
}
