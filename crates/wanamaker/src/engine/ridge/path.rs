//! Estimates at any penalty from one decomposition.
//!
//! ```text
//! X = Z·γ + P·β        Z: intercepts, one or one by geo; P less its projection on Z, divided by s, = U·D·Vᵀ
//! β(penalty) = diag(1/s)·V·diag( d/(d² + penalty) )·Uᵀ·y        γ = what is left of y, by least squares
//! ```

use crate::model::linear_form::LinearForm;
use faer::Mat;

/// The decomposition of some rows of a design.
pub(super) struct Path<'a> {
    form: &'a LinearForm,
    rows: Vec<usize>,
    penalised: Vec<usize>,
    free: Vec<usize>,
    /// s, `[penalised]`; infinite for a column that does not move.
    scale: Vec<f64>,
    u: Mat<f64>,
    d: Vec<f64>,
    v: Mat<f64>,
}

impl<'a> Path<'a> {
    /// Decomposes `rows`.
    pub(super) fn of(form: &'a LinearForm, rows: &[usize], standardize: bool) -> Self {
        let (free, penalised): (Vec<usize>, Vec<usize>) =
            (0..form.columns.len()).partition(|j| form.columns[*j].is_intercept);
        let (n, k) = (rows.len(), penalised.len());
        let mut path = Self {
            form,
            rows: rows.to_vec(),
            penalised,
            free,
            scale: vec![1.0; k],
            u: Mat::zeros(n, 0),
            d: Vec::new(),
            v: Mat::zeros(k, 0),
        };
        let mut columns: Vec<Vec<f64>> =
            path.penalised.iter().map(|&j| path.without_intercepts(path.column(j))).collect();
        for (column, scale) in columns.iter_mut().zip(&mut path.scale) {
            let sd = (column.iter().map(|x| x * x).sum::<f64>() / n as f64).sqrt();
            let still = sd <= 1e-12 * (1.0 + column.iter().fold(0.0_f64, |most, x| most.max(x.abs())));
            *scale = match (still, standardize) {
                (true, _) => f64::INFINITY,
                (false, true) => sd,
                (false, false) => 1.0,
            };
            column.iter_mut().for_each(|x| *x /= *scale);
        }
        if k > 0 {
            let svd = Mat::from_fn(n.max(k), k, |i, j| if i < n { columns[j][i] } else { 0.0 })
                .thin_svd()
                .expect("a singular value decomposition of finite numbers converges");
            path.u = svd.U().to_owned();
            path.v = svd.V().to_owned();
            path.d = (0..k).map(|j| svd.S().column_vector()[j]).collect();
        }
        path
    }

    /// Coefficients in the order of the form for a KPI `y` over its rows, of which this path reads its own.
    pub(super) fn coefficients(&self, y: &[f64], penalty: f64) -> Vec<f64> {
        let own: Vec<f64> = self.rows.iter().map(|&i| y[i]).collect();
        let target = self.without_intercepts(own.clone());
        let k = self.penalised.len();
        let z: Vec<f64> = (0..k)
            .map(|j| {
                let q: f64 = target.iter().enumerate().map(|(i, y)| self.u[(i, j)] * y).sum();
                self.d[j] * q / (self.d[j] * self.d[j] + penalty)
            })
            .collect();
        let mut coefficients = vec![0.0; self.form.columns.len()];
        let mut left = own;
        for (at, &j) in self.penalised.iter().enumerate() {
            let b = (0..k).map(|c| self.v[(at, c)] * z[c]).sum::<f64>() / self.scale[at];
            coefficients[j] = b;
            left.iter_mut().zip(self.column(j)).for_each(|(left, x)| *left -= b * x);
        }
        for &j in &self.free {
            coefficients[j] = level(&self.column(j), &left);
        }
        coefficients
    }

    /// `Σ d²/(d² + penalty)` and one for every intercept.
    pub(super) fn degrees_of_freedom(&self, penalty: f64) -> f64 {
        self.free.len() as f64 + self.d.iter().map(|d| d * d / (d * d + penalty)).sum::<f64>()
    }

    fn column(&self, j: usize) -> Vec<f64> {
        self.rows.iter().map(|&i| self.form.columns[j].values[i]).collect()
    }

    /// Intercepts are of one geo each or of all, so that they are orthogonal and can be taken out one by one.
    fn without_intercepts(&self, mut series: Vec<f64>) -> Vec<f64> {
        for &j in &self.free {
            let column = self.column(j);
            let level = level(&column, &series);
            series.iter_mut().zip(column).for_each(|(x, z)| *x -= level * z);
        }
        series
    }
}

/// Coefficient of the least-squares fit of `y` on one column; 0 where the column is.
fn level(column: &[f64], y: &[f64]) -> f64 {
    let squares: f64 = column.iter().map(|z| z * z).sum();
    if squares > 0.0 { column.iter().zip(y).map(|(z, y)| z * y).sum::<f64>() / squares } else { 0.0 }
}

/// The mean of every row of a form.
pub(super) fn predict(form: &LinearForm, coefficients: &[f64]) -> Vec<f64> {
    let mut mean = vec![0.0; form.y.len()];
    for (column, b) in form.columns.iter().zip(coefficients) {
        mean.iter_mut().zip(&column.values).for_each(|(mean, x)| *mean += b * x);
    }
    mean
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::linear_form::{LinearColumn, LinearNoise};

    fn form() -> LinearForm {
        let n = 12;
        let column = |parameter: usize, f: &dyn Fn(f64) -> f64| LinearColumn {
            parameter,
            values: (0..n).map(|i| f(f64::from(i))).collect(),
            is_intercept: parameter == 0,
        };
        LinearForm {
            columns: vec![
                column(0, &|_| 1.0),
                column(1, &|i| (0.9 * i).sin()),
                column(2, &|i| 3.0 + 0.1 * i * i),
            ],
            y: (0..n).map(|i| 5.0 + (0.9 * f64::from(i)).sin() + 0.4 * (2.3 * f64::from(i)).cos()).collect(),
            periods: (0..n as usize).collect(),
            geos: vec![0; n as usize],
            noise: LinearNoise { parameter: 3, is_variance: true },
        }
    }

    /// At the minimum of `‖y − X·b‖² + penalty·Σ (s·b)²` its gradient is zero; intercepts are not penalised.
    #[test]
    fn the_estimate_is_where_the_gradient_vanishes() {
        let form = form();
        let rows: Vec<usize> = (0..12).collect();
        for (penalty, standardize) in [(1e-9, true), (0.5, true), (7.0, true), (7.0, false)] {
            let path = Path::of(&form, &rows, standardize);
            let b = path.coefficients(&form.y, penalty);
            let mean = predict(&form, &b);
            for (column, b) in form.columns.iter().zip(&b) {
                let centre = column.values.iter().sum::<f64>() / 12.0;
                let variance = column.values.iter().map(|x| (x - centre).powi(2)).sum::<f64>() / 12.0;
                let s2 = if standardize { variance } else { 1.0 };
                let pull: f64 =
                    column.values.iter().zip(&form.y).zip(&mean).map(|((x, y), mu)| x * (y - mu)).sum();
                let push = if column.is_intercept { 0.0 } else { penalty * s2 * b };
                assert!(
                    (pull - push).abs() < 1e-9 * (1.0 + push.abs()),
                    "{penalty} {standardize}: {pull} {push}"
                );
            }
        }
    }

    #[test]
    fn a_column_that_does_not_move_gets_nothing() {
        let mut form = form();
        form.columns[1].values.fill(2.0);
        let path = Path::of(&form, &(0..12).collect::<Vec<_>>(), true);
        assert_eq!(path.coefficients(&form.y, 1.0)[1], 0.0);
        assert!(path.degrees_of_freedom(1e-12) < 2.0 + 1e-6);
    }
}
