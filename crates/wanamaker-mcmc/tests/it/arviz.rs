//! The diagnostics equal ArviZ on the same draws.

use crate::densities::slices;
use serde_json::Value;
use wanamaker_mcmc::diagnostics::{
    e_bfmi, ess_bulk, ess_mean, ess_quantile, ess_tail, mcse_mean, mcse_quantile, mcse_sd, r_hat, summarize,
};

/// ArviZ 0.23.4, 2026-11-22, `tests/golden/make_arviz.py`, tolerance 1e-8.
const GOLDEN: &str = include_str!("../golden/arviz.json");

/// A number as the script writes it: what JSON cannot hold is text.
pub fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().expect("nan, inf or -inf"),
        other => other.as_f64().expect("a number"),
    }
}

pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(number).collect()
}

fn check(case: &str, what: &str, found: f64, expected: f64) {
    let agree = match expected {
        nan if nan.is_nan() => found.is_nan(),
        infinite if infinite.is_infinite() => found == infinite,
        finite => (found - finite).abs() <= 1e-8 * finite.abs().max(1e-4),
    };
    assert!(agree, "{case}, {what}: {found} against {expected}");
}

#[test]
fn diagnostics_agree_with_arviz() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    for case in golden["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let chains: Vec<Vec<f64>> = case["draws"].as_array().unwrap().iter().map(numbers).collect();
        let chains = slices(&chains);
        let summary = summarize(&chains, 0.95);
        let found = [
            ("r_hat", r_hat(&chains)),
            ("ess_bulk", ess_bulk(&chains)),
            ("ess_tail", ess_tail(&chains)),
            ("ess_mean", ess_mean(&chains)),
            ("ess_quantile_0.3", ess_quantile(&chains, 0.3)),
            ("mcse_mean", mcse_mean(&chains)),
            ("mcse_sd", mcse_sd(&chains)),
            ("mcse_quantile_0.05", mcse_quantile(&chains, 0.05)),
            ("mcse_quantile_0.5", mcse_quantile(&chains, 0.5)),
            ("mcse_quantile_0.9", mcse_quantile(&chains, 0.9)),
            ("mean", summary.mean),
            ("sd", summary.sd),
            ("median", summary.median),
            ("quantile_0.025", summary.lower),
            ("quantile_0.975", summary.upper),
        ];
        for (what, found) in found {
            check(name, what, found, number(&case["expected"][what]));
        }
        for (energy, expected) in chains.iter().zip(numbers(&case["expected"]["bfmi"])) {
            check(name, "bfmi", e_bfmi(energy), expected);
        }
    }
}
