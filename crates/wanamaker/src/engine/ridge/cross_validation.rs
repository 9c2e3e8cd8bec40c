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
    let tests = stretches(periods.len(), settings.folds.unwrap_or(5), kind);
    let mut errors = vec![0.0; settings.penalties.len()];
    for test in &tests {
        let rows_where = |wanted: &dyn Fn(usize) -> bool| -> Vec<usize> {
            let place = |i: &usize| periods.binary_search(&form.periods[*i]);
            (0..form.y.len()).filter(|i| place(i).is_ok_and(wanted)).collect()
        };
        let train = rows_where(&|at| trains(at, test, kind));
        let path = Path::of(form, &train, settings.standardize.unwrap_or(true));
        let held = rows_where(&|at| test.contains(&at));
        for (error, penalty) in errors.iter_mut().zip(&settings.penalties) {
            let mean = predict(form, &path.coefficients(&form.y, *penalty));
            let squares: f64 = held.iter().map(|&i| (form.y[i] - mean[i]).powi(2)).sum();
            *error += squares / held.len() as f64 / tests.len() as f64;
        }
    }
    let best = (0..errors.len()).min_by(|a, b| errors[*a].total_cmp(&errors[*b])).unwrap_or(0);
    Validated { penalty: settings.penalties.get(best).copied().unwrap_or(1.0), errors }
}

/// The stretches that are predicted, as positions among `n` periods.
fn stretches(n: usize, k: usize, kind: CrossValidation) -> Vec<Range<usize>> {
    match kind {
        CrossValidation::Expanding => {
            let size = n / (k + 1);
            (0..k).map(|fold| n - (k - fold) * size).map(|at| at..at + size).collect()
        }
        CrossValidation::Contiguous => {
            // The first n mod k stretches are one longer.
            let start = |fold: usize| fold * (n / k) + fold.min(n % k);
            (0..k).map(|fold| start(fold)..start(fold + 1)).collect()
        }
    }
}

/// Whether the period at position `at` may be learnt from when `test` is predicted.
fn trains(at: usize, test: &Range<usize>, kind: CrossValidation) -> bool {
    at < test.start || kind == CrossValidation::Contiguous && at >= test.end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_expanding_fold_sees_its_future() {
        let tests = stretches(104, 5, CrossValidation::Expanding);
        assert_eq!((&tests[0], &tests[4]), (&(19..36), &(87..104)));
        for test in tests {
            assert_eq!(test.len(), 17);
            assert!((0..104).all(|at| trains(at, &test, CrossValidation::Expanding) == (at < test.start)));
        }
    }

    #[test]
    fn contiguous_folds_cover_every_period_once_and_learn_from_all_others() {
        let kind = CrossValidation::Contiguous;
        let tests = stretches(104, 5, kind);
        assert_eq!(tests.iter().cloned().flatten().collect::<Vec<_>>(), (0..104).collect::<Vec<_>>());
        assert_eq!(tests.iter().map(ExactSizeIterator::len).collect::<Vec<_>>(), [21, 21, 21, 21, 20]);
        assert!((0..104).all(|at| trains(at, &tests[1], kind) != tests[1].contains(&at)));
    }
}
