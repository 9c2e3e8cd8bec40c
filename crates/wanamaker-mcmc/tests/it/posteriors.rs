//! The draws have the moments that mathematics says they have.

use crate::densities::{Correlated, Density, around_zero, draw, slices, standard_normal};
use std::ops::ControlFlow;
use wanamaker_mcmc::diagnostics::{e_bfmi, ess_bulk, ess_tail, mcse_mean, mcse_sd, r_hat, summarize};
use wanamaker_mcmc::draws::Chains;
use wanamaker_mcmc::log_density::LogDensity;
use wanamaker_mcmc::nuts::{Metric, NutsSettings, sample};

/// Whether the mean of `f` over the draws is `expected`, to within five of its Monte Carlo errors.
fn check_mean(what: &str, chains: &Chains, expected: f64, f: impl Fn(&[f64]) -> f64) {
    let series: Vec<Vec<f64>> =
        chains.chains.iter().map(|chain| chain.rows(chains.dim).map(&f).collect()).collect();
    let series = slices(&series);
    let (found, error) = (summarize(&series, 0.9).mean, mcse_mean(&series));
    assert!(r_hat(&series) < 1.02, "{what}: R-hat {}", r_hat(&series));
    assert!((found - expected).abs() < 5.0 * error, "{what}: {found} ± {error} against {expected}");
}

fn check_correlated_normal(metric: Metric) {
    let target = Correlated::over_scales(20, 0.8);
    let settings = NutsSettings { metric, seed: 3, ..NutsSettings::default() };
    let chains = draw(|| &target, &settings).unwrap();
    assert_eq!(chains.n_divergences(), 0);
    for i in 0..20 {
        let (mean, sd) = (target.mean[i], target.sd[i]);
        check_mean(&format!("mean {i}"), &chains, mean, |x| x[i]);
        check_mean(&format!("variance {i}"), &chains, sd * sd, |x| (x[i] - mean).powi(2));
        let series = chains.coordinate(i);
        let series = slices(&series);
        let found = summarize(&series, 0.9).sd;
        assert!((found - sd).abs() < 5.0 * mcse_sd(&series), "sd {i}: {found} against {sd}");
        assert!(ess_bulk(&series) > 400.0 && ess_tail(&series) > 400.0, "{i}");
        if i > 0 {
            let covariance = target.rho * sd * target.sd[i - 1];
            check_mean(&format!("covariance {i}"), &chains, covariance, |x| {
                (x[i] - mean) * (x[i - 1] - target.mean[i - 1])
            });
        }
    }
    for energy in chains.energies() {
        assert!(e_bfmi(&energy) > 0.5);
    }
}

#[test]
fn a_correlated_normal_over_scales_is_recovered_by_the_diagonal_metric() {
    check_correlated_normal(Metric::Diagonal);
}

#[test]
fn a_correlated_normal_over_scales_is_recovered_by_the_low_rank_metric() {
    check_correlated_normal(Metric::LowRank { update_every: 50 });
}

/// Neal's funnel, `v ~ N(0, 3)`, `x[i] ~ N(0, e^{v/2})`, written over `z[i] = x[i]·e^{−v/2}`.
#[test]
fn the_non_centred_funnel_is_recovered_to_its_neck() {
    let log_density = |position: &[f64], gradient: &mut [f64]| {
        let log_p = standard_normal(position, gradient);
        gradient[0] = -position[0] / 9.0;
        log_p + 0.5 * position[0].powi(2) * (1.0 - 1.0 / 9.0)
    };
    let chains = draw(|| Density { dim: 10, log_density }, &NutsSettings::default()).unwrap();
    assert_eq!(chains.n_divergences(), 0);
    check_mean("v", &chains, 0.0, |x| x[0]);
    check_mean("v²", &chains, 9.0, |x| x[0] * x[0]);
    check_mean("sign of x", &chains, 0.0, |x| x[4].signum());
    // P(v < −3) = Φ(−1): half of the funnel's trouble lies there.
    check_mean("the neck", &chains, 0.158_655_253_931_457_05, |x| f64::from(u8::from(x[0] < -3.0)));
}

const SCHOOLS: [(f64, f64); 8] = [
    (28.0, 15.0),
    (8.0, 10.0),
    (-3.0, 16.0),
    (7.0, 11.0),
    (-1.0, 9.0),
    (1.0, 11.0),
    (18.0, 10.0),
    (12.0, 18.0),
];

/// Eight schools [rubin1981], non-centred: `mu ~ N(0, 5)`, `tau ~ HalfCauchy(5)`, `theta = mu + tau·z`.
///
/// The position is `mu, ln tau, z[1..8]`.
struct EightSchools;

impl LogDensity for EightSchools {
    fn dim(&self) -> usize {
        10
    }

    fn log_density(&mut self, position: &[f64], gradient: &mut [f64]) -> f64 {
        let (mu, tau) = (position[0], position[1].exp());
        let ratio = (tau / 5.0).powi(2);
        let mut log_p = -0.5 * (mu / 5.0).powi(2) - (1.0 + ratio).ln() + position[1];
        gradient[0] = -mu / 25.0;
        gradient[1] = 1.0 - 2.0 * ratio / (1.0 + ratio);
        for (j, (y, sigma)) in SCHOOLS.into_iter().enumerate() {
            let z = position[2 + j];
            let residual = (y - mu - tau * z) / sigma;
            log_p -= 0.5 * (z * z + residual * residual);
            gradient[0] += residual / sigma;
            gradient[1] += residual / sigma * tau * z;
            gradient[2 + j] = -z + residual / sigma * tau;
        }
        log_p
    }
}

/// The posterior means of mu and tau by quadrature over tau, with mu integrated out: given tau, both the prior of
/// mu and the likelihood of the schools' means are normal in mu.
fn eight_schools_by_quadrature() -> (f64, f64) {
    let (mut mass, mut mass_mu, mut mass_tau) = (0.0, 0.0, 0.0);
    // In u = ln tau the integrand is smooth and dies off at both ends: the trapezoid rule is exact to many digits.
    for step in 0..4000 {
        let u = -20.0 + 0.01 * f64::from(step);
        let tau = u.exp();
        let (mut precision, mut weighted) = (1.0 / 25.0, 0.0);
        let mut log_p = u - (1.0 + (tau / 5.0).powi(2)).ln();
        for (y, sigma) in SCHOOLS {
            let variance = sigma * sigma + tau * tau;
            precision += 1.0 / variance;
            weighted += y / variance;
            log_p -= 0.5 * (variance.ln() + y * y / variance);
        }
        log_p += 0.5 * (weighted * weighted / precision - precision.ln());
        let weight = log_p.exp();
        mass += weight;
        mass_mu += weight * weighted / precision;
        mass_tau += weight * tau;
    }
    (mass_mu / mass, mass_tau / mass)
}

#[test]
fn eight_schools_agree_with_quadrature() {
    let settings = NutsSettings { target_accept: 0.95, n_draws: 2000, seed: 8, ..NutsSettings::default() };
    let chains = draw(|| EightSchools, &settings).unwrap();
    let (mu, tau) = eight_schools_by_quadrature();
    check_mean("mu", &chains, mu, |x| x[0]);
    check_mean("tau", &chains, tau, |x| x[1].exp());
}

#[test]
fn what_is_told_of_a_draw_is_true() {
    let target = Correlated::over_scales(6, 0.3);
    let settings = NutsSettings { target_accept: 0.85, ..NutsSettings::default() };
    let mut last = None;
    let mut watch = |progress: &wanamaker_mcmc::progress::Progress| {
        last = Some(progress.clone());
        ControlFlow::Continue(())
    };
    let chains = sample(|| &target, around_zero, &settings, &mut watch).unwrap();
    for chain in &chains.chains {
        let n = chain.n_draws() as f64;
        let mean_acceptance = chain.stats.iter().map(|draw| draw.acceptance).sum::<f64>() / n;
        assert!((mean_acceptance - 0.85).abs() < 0.1, "{mean_acceptance}");
        let adopted = chain.warmup.step_size.unwrap();
        let mut gradient = [0.0; 6];
        for (row, draw) in chain.rows(6).zip(&chain.stats) {
            assert_eq!((&target).log_density(row, &mut gradient), draw.log_density);
            assert!(draw.energy >= -draw.log_density);
            assert!((draw.step_size / adopted - 1.0).abs() < 0.1 + 1e-9);
            assert!(draw.n_leapfrogs >= (1 << draw.depth) - 1 && !draw.max_depth_reached);
        }
        let inverse_mass = chain.warmup.inverse_mass.as_ref().unwrap();
        for (estimate, sd) in inverse_mass.iter().zip(&target.sd) {
            assert!((0.5..2.0).contains(&(estimate / (sd * sd))), "{estimate} against {}", sd * sd);
        }
    }
    let last = last.unwrap();
    assert_eq!((last.done(), last.total(), last.fraction()), (8000, 8000, 1.0));
    for (progress, chain) in last.chains.iter().zip(&chains.chains) {
        let drawing: usize = chain.stats.iter().map(|draw| draw.n_leapfrogs as usize).sum();
        assert_eq!(progress.n_leapfrogs, chain.warmup.n_leapfrogs + drawing);
        assert!(!progress.warming_up);
    }
}
