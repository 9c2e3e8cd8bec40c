//! LOO, WAIC and stacking equal ArviZ on log likelihoods that both sides make from the same stream of whole numbers.

use crate::arviz::{number, numbers};
use serde_json::Value;
use std::f64::consts::TAU;
use wanamaker_mcmc::comparison::{loo, stacking, waic};

/// ArviZ 0.23.4, 2026-11-27, `tests/golden/make_comparison.py`.
const GOLDEN: &str = include_str!("../golden/comparison.json");

/// SplitMix64: the same numbers in any language.
struct Stream(u64);

impl Stream {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (TAU * self.uniform()).cos()
    }
}

/// As in the script; `[observation][draw]`.
fn ln_likelihood(
    seed: u64,
    n_draws: usize,
    n: usize,
    spread: f64,
    outlier: f64,
    shift: f64,
) -> Vec<Vec<f64>> {
    let mut stream = Stream(seed);
    let mut y: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
    y[n - 1] = outlier;
    let mut all = vec![Vec::new(); n];
    for _ in 0..n_draws {
        let (mean, sd) = (shift + spread * stream.normal(), (0.1 * stream.normal()).exp());
        for (own, y) in all.iter_mut().zip(&y) {
            own.push(-0.5 * ((y - mean) / sd).powi(2) - sd.ln() - 0.5 * TAU.ln());
        }
    }
    all
}

fn close(found: f64, expected: f64, what: &str) {
    let agree = found == expected || (found - expected).abs() <= 1e-8 * expected.abs().max(1e-2);
    assert!(agree, "{what}: {found} against {expected}");
}

#[test]
fn loo_and_waic_agree_with_arviz() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    for (i, case) in golden["cases"].as_array().unwrap().iter().enumerate() {
        let a = numbers(&case["arguments"]);
        let rows = ln_likelihood(a[0] as u64, a[1] as usize, a[2] as usize, a[3], a[4], 0.0);
        let found = loo(&rows, a[5]);
        let expected = numbers(&case["loo"]);
        for (k, found) in [found.elpd, found.se, found.p].into_iter().enumerate() {
            close(found, expected[k], &format!("case {i}, loo {k}"));
        }
        for (k, (found, expected)) in found.pointwise.iter().zip(numbers(&case["loo_pointwise"])).enumerate()
        {
            close(*found, expected, &format!("case {i}, observation {k}"));
        }
        for (k, (found, expected)) in
            found.pareto_k.iter().zip(case["pareto_k"].as_array().unwrap()).enumerate()
        {
            close(*found, number(expected), &format!("case {i}, k {k}"));
        }
        let found = waic(&rows);
        let expected = numbers(&case["waic"]);
        for (k, found) in [found.elpd, found.se, found.p].into_iter().enumerate() {
            close(found, expected[k], &format!("case {i}, waic {k}"));
        }
    }
}

#[test]
fn weights_agree_with_arviz() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    let shifts = numbers(&golden["stacking"]["shifts"]);
    let pointwise: Vec<Vec<f64>> =
        shifts.iter().map(|shift| waic(&ln_likelihood(7, 500, 40, 0.1, 2.0, *shift)).pointwise).collect();
    let weights = stacking(&pointwise);
    for (found, expected) in weights.iter().zip(numbers(&golden["stacking"]["weights"])) {
        assert!((found - expected).abs() < 1e-4, "{weights:?} against {}", golden["stacking"]["weights"]);
    }
}
