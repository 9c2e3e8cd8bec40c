//! The Gibbs sampler draws from the posterior that quadrature finds.

use crate::arviz::{number, numbers};
use serde_json::Value;
use wanamaker_mcmc::diagnostics::{ess_bulk, mcse_mean, r_hat};
use wanamaker_mcmc::gibbs::{GibbsChain, GibbsSettings, LinearModel, VariancePrior, sample};

/// SciPy 1.17.1, 2026-11-27, `tests/golden/make_gibbs.py`.
const GOLDEN: &str = include_str!("../golden/gibbs.json");

/// Four chains of 10,000 draws.
fn draws(golden: &Value, variance: VariancePrior) -> Vec<GibbsChain> {
    let columns: Vec<Vec<f64>> = golden["columns"].as_array().unwrap().iter().map(numbers).collect();
    let (y, prior_mean, prior_sd) =
        (numbers(&golden["y"]), numbers(&golden["prior_mean"]), numbers(&golden["prior_sd"]));
    let model =
        LinearModel { columns: &columns, y: &y, prior_mean: &prior_mean, prior_sd: &prior_sd, variance };
    sample(&model, &GibbsSettings { n_draws: 10_000, ..GibbsSettings::default() })
}

/// Mean within three Monte Carlo standard errors, standard deviation within three per cent.
fn agrees(chains: &[Vec<f64>], mean: f64, sd: f64, what: &str) {
    let all: Vec<f64> = chains.iter().flatten().copied().collect();
    let chains: Vec<&[f64]> = chains.iter().map(Vec::as_slice).collect();
    let chains = chains.as_slice();
    let found = all.iter().sum::<f64>() / all.len() as f64;
    let spread = (all.iter().map(|x| (x - found).powi(2)).sum::<f64>() / all.len() as f64).sqrt();
    assert!((found - mean).abs() < 3.0 * mcse_mean(chains), "{what}: mean {found}, quadrature {mean}");
    assert!((spread / sd - 1.0).abs() < 0.03, "{what}: sd {spread}, quadrature {sd}");
    assert!(r_hat(chains) < 1.01 && ess_bulk(chains) > 10_000.0, "{what}");
}

fn coefficient(chains: &[GibbsChain], j: usize, p: usize) -> Vec<Vec<f64>> {
    chains.iter().map(|chain| chain.coefficients.iter().skip(j).step_by(p).copied().collect()).collect()
}

#[test]
fn draws_have_the_moments_of_quadrature() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    let variance = VariancePrior::InverseGamma { shape: number(&golden["a0"]), scale: number(&golden["b0"]) };
    let chains = draws(&golden, variance);
    for (j, (mean, sd)) in numbers(&golden["mean"]).into_iter().zip(numbers(&golden["sd"])).enumerate() {
        agrees(&coefficient(&chains, j, 4), mean, sd, &format!("b{j}"));
    }
    let variances: Vec<Vec<f64>> = chains.iter().map(|chain| chain.variance.clone()).collect();
    agrees(&variances, number(&golden["variance_mean"]), number(&golden["variance_sd"]), "variance");
}

#[test]
fn draws_of_a_known_variance_are_the_exact_conditional() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    let chains = draws(&golden, VariancePrior::Known(number(&golden["known_variance"])));
    let (means, sds) = (numbers(&golden["known_mean"]), numbers(&golden["known_sd"]));
    for (j, (mean, sd)) in means.into_iter().zip(sds).enumerate() {
        agrees(&coefficient(&chains, j, 4), mean, sd, &format!("b{j}"));
    }
}
