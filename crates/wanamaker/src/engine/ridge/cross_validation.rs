//! Which penalty predicts best, and how well.
//!
//! ```text
//! expanding    fold k of K is the k-th of the last K stretches of n/(K+1) periods; it is predicted from all before it
//! contiguous   the n periods are cut into K stretches; each is predicted from all others
//! ```

use super::path::{Path, predict};
use crate::model::linear_form::LinearForm;
use crate::spec::{CrossValidation, RidgeSpec};
use std::ops::Range;

/// The penalty with the least mean squared error, and that error for each in the order of the settings.
pub(super) struct Validated {
    pub(super) penalty: f64,
    pub(super) errors: Vec<f64>,
}

/// Mean over folds of the mean squared error of each penalty; every fold scales its columns by its own training periods.
pub(super) fn validate(form: &LinearForm, settings: &RidgeSpec) -> Validated {
    let mut periods = form.periods.clone();
    periods.dedup();
    let kind = settings.cross_validation.unwrap_or_default();
    let folds = folds(periods.len(), settings.folds.unwrap_or(5), kind);
    let mut errors = vec![0.0; settings.penalties.len()];
    for (train, test) in &folds {
        let rows_of = |ranges: &[Range<usize>]| -> Vec<usize> {
            let wanted = |period: usize| {
                periods.binary_search(&period).is_ok_and(|at| ranges.iter().any(|range| range.contains(&at)))
            };
            (0..form.y.len()).filter(|i| wanted(form.periods[*i])).collect()
        };
        let path = Path::of(form, &rows_of(train), settings.standardize.unwrap_or(true));
        let held = rows_of(std::slice::from_ref(test));
        for (error, penalty) in errors.iter_mut().zip(&settings.penalties) {
            let mean = predict(form, &path.coefficients(&form.y, *penalty));
            let squares: f64 = held.iter().map(|&i| (form.y[i] - mean[i]).powi(2)).sum();
            *error += squares / held.len() as f64 / folds.len() as f64;
        }
    }
    let best = (0..errors.len()).min_by(|a, b| errors[*a].total_cmp(&errors[*b])).unwrap_or(0);
    Validated { penalty: settings.penalties.get(best).copied().unwrap_or(1.0), errors }
}

/// Training stretches and test stretch of every fold, as positions among `n` periods.
fn folds(n: usize, k: usize, kind: CrossValidation) -> Vec<(Vec<Range<usize>>, Range<usize>)> {
    match kind {
        CrossValidation::Expanding => {
            let size = n / (k + 1);
            (0..k).map(|fold| n - (k - fold) * size).map(|at| (vec![0..at], at..at + size)).collect()
        }
        CrossValidation::Contiguous => {
            // The first n mod K stretches are one longer.
            let start = |fold: usize| fold * (n / k) + fold.min(n % k);
            (0..k)
                .map(|fold| start(fold)..start(fold + 1))
                .map(|test| (vec![0..test.start, test.end..n], test))
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_expanding_fold_sees_its_future() {
        for (train, test) in folds(104, 5, CrossValidation::Expanding) {
            assert_eq!(train, [0..test.start]);
            assert_eq!(test.len(), 17);
        }
        assert_eq!(folds(104, 5, CrossValidation::Expanding)[0].1, 19..36);
        assert_eq!(folds(104, 5, CrossValidation::Expanding)[4].1, 87..104);
    }

    #[test]
    fn contiguous_folds_cover_every_period_once() {
        let folds = folds(104, 5, CrossValidation::Contiguous);
        let tested: Vec<usize> = folds.iter().flat_map(|(_, test)| test.clone()).collect();
        assert_eq!(tested, (0..104).collect::<Vec<_>>());
        assert_eq!(folds.iter().map(|(_, test)| test.len()).collect::<Vec<_>>(), [21, 21, 21, 21, 20]);
        assert_eq!(folds[1].0, [0..21, 42..104]);
    }
}
