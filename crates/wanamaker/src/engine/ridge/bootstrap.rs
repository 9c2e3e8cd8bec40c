//! The moving-block bootstrap of residuals [kunsch1989]: neighbouring periods stay together, so that serial correlation
//! stays in the intervals.

use super::path::{Path, predict};
use crate::model::linear_form::LinearForm;
use rand::RngExt;
use wanamaker_mcmc::seed::{Purpose, stream};

/// Estimates from replicated data.
pub(super) struct Replicates {
    /// `[replicate, coefficient]`.
    pub(super) coefficients: Vec<f64>,
    /// Variance of the noise, `[replicate]`.
    pub(super) variance: Vec<f64>,
}

/// The cube root of the number of periods, the order at which the error of the variance is least [lahiri2003].
pub(super) fn block_length(n_periods: usize) -> usize {
    (n_periods as f64).cbrt().round().max(1.0) as usize
}

/// Adds blocks of residuals, drawn with replacement, to the fitted mean and estimates again at the same penalty.
///
/// Residuals are inflated by `√(n/(n − df))`: those of a fit are smaller than the noise. All geos take the same blocks, so
/// that what moves them together stays. Chain `k` owns stream `k`.
pub(super) fn replicates(
    form: &LinearForm,
    path: &Path<'_>,
    penalty: f64,
    block: usize,
    n_draws: usize,
    seed: u64,
    chain: u64,
) -> Replicates {
    let n = form.y.len();
    let mean = predict(form, &path.coefficients(&form.y, penalty));
    let spare = (n as f64 - path.degrees_of_freedom(penalty)).max(1.0);
    let inflation = (n as f64 / spare).sqrt();
    let residuals: Vec<f64> = form.y.iter().zip(&mean).map(|(y, mean)| inflation * (y - mean)).collect();
    let n_geos = form.geos.iter().max().map_or(0, |geo| geo + 1);
    let rows: Vec<Vec<usize>> =
        (0..n_geos).map(|geo| (0..n).filter(|i| form.geos[*i] == geo).collect()).collect();
    let longest = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut rng = stream(seed, Purpose::Resampling, chain);
    let mut made = Replicates { coefficients: Vec::new(), variance: Vec::new() };
    let mut y = vec![0.0; n];
    for _ in 0..n_draws {
        for begin in (0..longest).step_by(block) {
            let share: f64 = rng.random();
            for rows in rows.iter().filter(|rows| begin < rows.len()) {
                let starts = rows.len() - block.min(rows.len()) + 1;
                let from = (share * starts as f64) as usize;
                for (offset, &row) in rows[begin..].iter().take(block).enumerate() {
                    y[row] = mean[row] + residuals[rows[from + offset]];
                }
            }
        }
        let coefficients = path.coefficients(&y, penalty);
        let again = predict(form, &coefficients);
        let squares: f64 = y.iter().zip(&again).map(|(y, mean)| (y - mean).powi(2)).sum();
        made.coefficients.extend(coefficients);
        made.variance.push(squares / spare);
    }
    made
}
