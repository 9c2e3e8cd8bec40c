//! How much of a column the others already say.

use faer::Mat;
use faer::linalg::solvers::SolveLstsq;

/// Variance inflation factors `1/(1 − R²)` of columns, each regressed on all others and a constant; infinite where the
/// others say it exactly, NaN of a column that does not vary.
pub fn variance_inflation(columns: &[Vec<f64>]) -> Vec<f64> {
    (0..columns.len()).map(|j| inflation(columns, j)).collect()
}

fn inflation(columns: &[Vec<f64>], j: usize) -> f64 {
    let n = columns[j].len();
    let centred = |column: &[f64]| -> Option<Vec<f64>> {
        let centre = super::mean(column);
        let centred: Vec<f64> = column.iter().map(|x| x - centre).collect();
        let size = centred.iter().map(|x| x * x).sum::<f64>().sqrt();
        // A column that is constant but for rounding says nothing.
        (size > 1e-12 * centre.abs() * (n as f64).sqrt()).then(|| centred.iter().map(|x| x / size).collect())
    };
    let Some(own) = centred(&columns[j]) else { return f64::NAN };
    let others: Vec<Vec<f64>> = columns
        .iter()
        .enumerate()
        .filter(|(k, _)| *k != j)
        .filter_map(|(_, column)| centred(column))
        .collect();
    if others.is_empty() {
        return 1.0;
    }
    let x = Mat::from_fn(n, others.len(), |i, k| others[k][i]);
    let y = Mat::from_fn(n, 1, |i, _| own[i]);
    let fitted = &x * x.col_piv_qr().solve_lstsq(&y);
    let left: f64 = (0..n).map(|i| (own[i] - fitted[(i, 0)]).powi(2)).sum();
    if left < 1e-14 { f64::INFINITY } else { 1.0 / left }
}
