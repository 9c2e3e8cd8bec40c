//! How far series say the same: correlation, variance inflation, share explained by others.

/// Centred to mean zero and scaled to length one; `None` for a constant series.
pub fn standardized(values: &[f64]) -> Option<Vec<f64>> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let centred: Vec<f64> = values.iter().map(|x| x - mean).collect();
    let length = dot(&centred, &centred).sqrt();
    let largest = values.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    // Rounding of the mean alone leaves this much of a constant series.
    let varies = length > 1e-12 * largest * n.sqrt();
    (varies && length.is_finite()).then(|| centred.iter().map(|x| x / length).collect())
}

/// Σ a·b
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Pearson correlations of standardized series. `[p, p]`, row by row.
pub fn correlations(series: &[Vec<f64>]) -> Vec<f64> {
    let p = series.len();
    let mut r = vec![1.0; p * p];
    for i in 0..p {
        for j in 0..i {
            let value = dot(&series[i], &series[j]).clamp(-1.0, 1.0);
            (r[i * p + j], r[j * p + i]) = (value, value);
        }
    }
    r
}

/// Variance inflation factor of each series given the others.
///
/// ```text
/// VIF[j] = 1 / (1 − R²[j]) = (R⁻¹)[j,j]
/// ```
///
/// - `r`: correlations, shape `[p, p]`
///
/// A series that is an exact combination of those before it gets ∞ and is left out of the factors of the others.
pub fn variance_inflation(r: &[f64], p: usize) -> Vec<f64> {
    const PIVOT: f64 = 1e-9;
    let mut l = vec![0.0; p * p];
    let mut kept: Vec<usize> = Vec::new();
    let mut factors = vec![f64::INFINITY; p];
    for j in 0..p {
        let k = kept.len();
        let mut row = vec![0.0; k];
        for (a, &i) in kept.iter().enumerate() {
            let known: f64 = (0..a).map(|b| l[a * p + b] * row[b]).sum();
            row[a] = (r[j * p + i] - known) / l[a * p + a];
        }
        let pivot = 1.0 - dot(&row, &row);
        if pivot > PIVOT {
            l[k * p..k * p + k].copy_from_slice(&row);
            l[k * p + k] = pivot.sqrt();
            kept.push(j);
        }
    }
    for (a, &j) in kept.iter().enumerate() {
        factors[j] = column_of_inverse(&l, p, kept.len(), a).iter().map(|x| x * x).sum();
    }
    factors
}

/// Variance inflation factor `1 / (1 − R²)` of each column, regressed on all others and a constant; infinite for every
/// column that the others say exactly, NaN of one that does not vary.
pub fn inflation_by_regression(columns: &[Vec<f64>]) -> Vec<f64> {
    let factor = |j: usize| {
        if standardized(&columns[j]).is_none() {
            return f64::NAN;
        }
        let others: Vec<Vec<f64>> =
            (0..columns.len()).filter(|k| *k != j).map(|k| columns[k].clone()).collect();
        let left = 1.0 - explained(&columns[j], &others);
        if left < 1e-14 { f64::INFINITY } else { 1.0 / left }
    };
    (0..columns.len()).map(factor).collect()
}

/// Column `a` of `L⁻¹` by forward substitution, so that `(R⁻¹)[a,a] = Σ_i (L⁻¹)[i,a]²`.
fn column_of_inverse(l: &[f64], p: usize, n: usize, a: usize) -> Vec<f64> {
    let mut column = vec![0.0; n];
    column[a] = 1.0 / l[a * p + a];
    for i in a + 1..n {
        let known: f64 = (a..i).map(|b| l[i * p + b] * column[b]).sum();
        column[i] = -known / l[i * p + i];
    }
    column
}

/// Share of the variance of `y` that `columns` explain by least squares with an intercept: R², 0…1.
pub fn explained(y: &[f64], columns: &[Vec<f64>]) -> f64 {
    let Some(y) = standardized(y) else { return 0.0 };
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let mut share = 0.0;
    for column in columns.iter().filter_map(|column| standardized(column)) {
        let mut rest = column;
        // Twice, so that what rounding leaves of the first pass is taken out too.
        for _ in 0..2 {
            for q in &basis {
                let along = dot(&rest, q);
                rest.iter_mut().zip(q).for_each(|(x, q)| *x -= along * q);
            }
        }
        let length = dot(&rest, &rest).sqrt();
        if length > 1e-9 {
            rest.iter_mut().for_each(|x| *x /= length);
            share += dot(&rest, &y).powi(2);
            basis.push(rest);
        }
    }
    share.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series() -> Vec<Vec<f64>> {
        let a: Vec<f64> = (0..40).map(|t| (f64::from(t) * 0.7).sin()).collect();
        let b: Vec<f64> = (0..40).map(|t| (f64::from(t) * 1.3).cos()).collect();
        let c: Vec<f64> =
            a.iter().zip(&b).enumerate().map(|(t, (a, b))| a + 0.5 * b + 0.1 * (t as f64).sin()).collect();
        vec![a, b, c]
    }

    #[test]
    fn variance_inflation_is_one_over_what_the_others_leave() {
        let series = series();
        let standard: Vec<Vec<f64>> = series.iter().map(|s| standardized(s).unwrap()).collect();
        let factors = variance_inflation(&correlations(&standard), 3);
        for j in 0..3 {
            let others: Vec<Vec<f64>> = (0..3).filter(|i| *i != j).map(|i| series[i].clone()).collect();
            let expected = 1.0 / (1.0 - explained(&series[j], &others));
            assert!((factors[j] / expected - 1.0).abs() < 1e-9, "{j}: {} {expected}", factors[j]);
        }
    }

    #[test]
    fn an_exact_combination_is_infinite_and_spares_the_others() {
        let mut series = series();
        let sum: Vec<f64> = series[0].iter().zip(&series[1]).map(|(a, b)| 3.0 * a - b + 7.0).collect();
        series.push(sum);
        let standard: Vec<Vec<f64>> = series.iter().map(|s| standardized(s).unwrap()).collect();
        let factors = variance_inflation(&correlations(&standard), 4);
        assert!(factors[3].is_infinite() && factors[..3].iter().all(|f| f.is_finite()), "{factors:?}");
        assert!((explained(&series[3], &series[..2]) - 1.0).abs() < 1e-12);
        assert_eq!(standardized(&[3.1; 9]), None);
    }
}
