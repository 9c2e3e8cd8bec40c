//! The statistics equal SciPy's and statsmodels'.

use super::Test;
use super::collinearity::inflation_by_regression;
use super::normality::{dagostino, jarque_bera, shapiro_wilk};
use super::scores::{crps, pit};
use super::serial::{autocorrelation, durbin_watson, ljung_box};
use crate::math::testing::{check_close, numbers};
use serde_json::Value;

/// SciPy 1.17.1 and statsmodels 0.15.0, 2026-11-27, `tests/golden/statistics.py`.
const GOLDEN: &str = include_str!("../../tests/golden/statistics.json");

fn close(found: f64, expected: f64, what: &dyn Fn() -> String) {
    check_close(found, expected, 1e-8, 1e-12, what);
}

fn same(found: Test, expected: &Value, name: &str, tolerance: f64) {
    let expected = numbers(expected);
    check_close(found.statistic, expected[0], tolerance, 1e-12, &|| format!("{name}: statistic"));
    check_close(found.p, expected[1], tolerance, 1e-12, &|| format!("{name}: p"));
}

#[test]
fn series_are_judged_as_elsewhere() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    for case in golden["series"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let x = numbers(&case["x"]);
        close(durbin_watson(&x), case["durbin_watson"].as_f64().unwrap(), &|| {
            format!("{name}: Durbin-Watson")
        });
        let acf = numbers(&case["acf"]);
        for (lag, (found, expected)) in autocorrelation(&x, acf.len() - 1).iter().zip(&acf).enumerate() {
            close(*found, *expected, &|| format!("{name}: lag {lag}"));
        }
        for row in case["ljung_box"].as_array().unwrap() {
            let row = numbers(row);
            let found = ljung_box(&x, row[0] as usize);
            close(found.statistic, row[1], &|| format!("{name}: Ljung-Box {}", row[0]));
            close(found.p, row[2], &|| format!("{name}: Ljung-Box {}, p", row[0]));
        }
        same(jarque_bera(&x), &case["jarque_bera"], &format!("{name}: Jarque-Bera"), 1e-6);
        same(shapiro_wilk(&x), &case["shapiro"], &format!("{name}: Shapiro-Wilk"), 1e-6);
        if !case["dagostino"].is_null() {
            same(dagostino(&x), &case["dagostino"], &format!("{name}: D'Agostino"), 1e-6);
        }
    }
}

#[test]
fn columns_are_judged_as_elsewhere() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    for case in golden["tables"].as_array().unwrap() {
        let columns: Vec<Vec<f64>> = case["columns"].as_array().unwrap().iter().map(numbers).collect();
        for (found, expected) in inflation_by_regression(&columns).iter().zip(numbers(&case["vif"])) {
            check_close(*found, expected, 1e-8, 0.0, &|| "VIF".into());
        }
    }
    let twice = inflation_by_regression(&[vec![1.0, 2.0, 4.0], vec![2.0, 4.0, 8.0], vec![5.0; 3]]);
    assert!(twice[0] == f64::INFINITY && twice[1] == f64::INFINITY && twice[2].is_nan(), "{twice:?}");
    assert_eq!(inflation_by_regression(&[vec![1.0, 2.0, 4.0]]), [1.0]);
}

#[test]
fn draws_are_scored_as_elsewhere() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    for case in golden["scores"].as_array().unwrap() {
        let mut draws = numbers(&case["draws"]);
        draws.sort_by(f64::total_cmp);
        let y = case["y"].as_f64().unwrap();
        close(crps(&draws, y), case["crps"].as_f64().unwrap(), &|| format!("CRPS at {y}"));
        close(pit(&draws, y), case["pit"].as_f64().unwrap(), &|| format!("PIT at {y}"));
    }
}

#[test]
fn what_cannot_be_judged_has_no_number() {
    for x in [&[][..], &[1.0], &[2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]] {
        assert!(shapiro_wilk(x).p.is_nan() && dagostino(x).p.is_nan() && jarque_bera(x).p.is_nan(), "{x:?}");
        assert!(ljung_box(x, 10).p.is_nan());
    }
    assert!(durbin_watson(&[1.0]).is_nan());
}
