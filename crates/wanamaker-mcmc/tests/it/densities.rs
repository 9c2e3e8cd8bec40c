//! Textbook densities with gradients by hand, and the shortest way to sample them.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::ops::ControlFlow;
use wanamaker_mcmc::draws::Chains;
use wanamaker_mcmc::log_density::LogDensity;
use wanamaker_mcmc::nuts::{NutsSettings, SampleError, sample};

/// A density given by a closure `(position, gradient) → log p`.
pub struct Density<F> {
    pub dim: usize,
    pub log_density: F,
}

impl<F: FnMut(&[f64], &mut [f64]) -> f64> LogDensity for Density<F> {
    fn dim(&self) -> usize {
        self.dim
    }

    fn log_density(&mut self, position: &[f64], gradient: &mut [f64]) -> f64 {
        (self.log_density)(position, gradient)
    }
}

/// Independent standard normals.
pub fn standard_normal(position: &[f64], gradient: &mut [f64]) -> f64 {
    let mut log_p = 0.0;
    for (g, x) in gradient.iter_mut().zip(position) {
        *g = -x;
        log_p -= 0.5 * x * x;
    }
    log_p
}

/// A normal with correlation `rho^|i−j|` and the given means and standard deviations.
pub struct Correlated {
    pub mean: Vec<f64>,
    pub sd: Vec<f64>,
    pub rho: f64,
}

impl Correlated {
    /// Standard deviations from 0.1 to 10, means beside zero.
    pub fn over_scales(dim: usize, rho: f64) -> Self {
        let share = |i: usize| i as f64 / (dim - 1) as f64;
        let sd: Vec<f64> = (0..dim).map(|i| 0.1 * 100f64.powf(share(i))).collect();
        Self { mean: sd.iter().enumerate().map(|(i, sd)| sd * (i as f64 - 3.0)).collect(), sd, rho }
    }
}

impl LogDensity for &Correlated {
    fn dim(&self) -> usize {
        self.mean.len()
    }

    /// The precision of a correlation `rho^|i−j|` is a band: 1 at the ends and 1 + ρ² between them, −ρ beside, all
    /// over 1 − ρ².
    fn log_density(&mut self, position: &[f64], gradient: &mut [f64]) -> f64 {
        let n = self.mean.len();
        let z: Vec<f64> = (0..n).map(|i| (position[i] - self.mean[i]) / self.sd[i]).collect();
        let mut log_p = 0.0;
        for i in 0..n {
            let diagonal = if i == 0 || i == n - 1 { 1.0 } else { 1.0 + self.rho * self.rho };
            let beside = if i > 0 { z[i - 1] } else { 0.0 } + if i + 1 < n { z[i + 1] } else { 0.0 };
            let force = (diagonal * z[i] - self.rho * beside) / (1.0 - self.rho * self.rho);
            gradient[i] = -force / self.sd[i];
            log_p -= 0.5 * z[i] * force;
        }
        log_p
    }
}

/// Starts anywhere within two of the origin.
pub fn around_zero(_chain: usize, rng: &mut ChaCha8Rng, position: &mut [f64]) {
    position.fill_with(|| rng.random_range(-2.0..2.0));
}

/// Samples from a density, unwatched.
pub fn draw<D: LogDensity>(
    make: impl Fn() -> D + Sync,
    settings: &NutsSettings,
) -> Result<Chains, SampleError> {
    sample(make, around_zero, settings, &mut |_| ControlFlow::Continue(()))
}

/// Samples from the density of a closure, unwatched.
pub fn draw_from<F>(dim: usize, log_density: F, settings: &NutsSettings) -> Result<Chains, SampleError>
where
    F: Fn(&[f64], &mut [f64]) -> f64 + Copy + Sync,
{
    draw(|| Density { dim, log_density }, settings)
}

/// Series as the slices the diagnostics take.
pub fn slices(series: &[Vec<f64>]) -> Vec<&[f64]> {
    series.iter().map(Vec::as_slice).collect()
}
