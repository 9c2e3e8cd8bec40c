//! The noise around the mean: density of the KPI, its gradient, and draws from it.
//!
//! ```text
//! normal             y ~ Normal(mu, sigma)
//! student_t          y ~ mu + sigma·t(df)
//! log_normal         ln y ~ Normal(eta, sigma)          with the log link; mu = exp(eta) is the median
//! negative_binomial  y ~ NB(mean mu, dispersion phi)    variance = mu + mu²/phi
//! poisson            y ~ Poisson(mu)
//! ```
//! Cells without a KPI value, and cells held out, contribute nothing.

use super::pooling::CoefficientRef;
use crate::math::linalg::{dot, sum};
use crate::math::vector::wide;
use crate::spec::{LikelihoodKind, Link};
use rand::Rng;
use rand_distr::Distribution as _;
use statrs::function::gamma::{digamma, ln_gamma};

const LN_2PI: f64 = 1.837_877_066_409_345_3;

/// What the noise scale parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoiseScale {
    /// Standard deviation.
    Sigma(CoefficientRef),
    /// Variance; sigma is its root.
    Variance(CoefficientRef),
    /// None: counts.
    Absent,
}

/// The likelihood of a panel of observations, on the scale of the priors.
#[derive(Clone, Debug)]
pub struct Likelihood {
    /// Family.
    pub kind: LikelihoodKind,
    /// Link between `eta` and `mu`.
    pub link: Link,
    /// Scale of the noise.
    pub scale: NoiseScale,
    /// `df` of the Student t, or the dispersion of the negative binomial.
    pub shape: Option<CoefficientRef>,
    /// KPI `[geo, time]`; 0 where not observed.
    pub y: Vec<f64>,
    /// 1 where observed and not held out, else 0. `[geo, time]`.
    pub weight: Vec<f64>,
    /// Number of geos.
    pub n_geos: usize,
}

/// The noise parameters of one geo.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// Standard deviation; NaN for counts.
    pub sigma: f64,
    /// `df` or dispersion; NaN where there is none.
    pub shape: f64,
}

/// Log density of one cell and its slopes.
#[derive(Clone, Copy, Debug)]
struct Cell {
    ln_density: f64,
    d_eta: f64,
    d_sigma: f64,
    d_shape: f64,
}

impl Likelihood {
    /// Noise parameters of geo `geo`.
    pub fn noise(&self, coefficients: &[f64], geo: usize) -> Noise {
        let sigma = match self.scale {
            NoiseScale::Sigma(place) => coefficients[place.index(geo)],
            NoiseScale::Variance(place) => coefficients[place.index(geo)].sqrt(),
            NoiseScale::Absent => f64::NAN,
        };
        Noise { sigma, shape: self.shape.map_or(f64::NAN, |place| coefficients[place.index(geo)]) }
    }

    /// Log likelihood; overwrites `d_eta[g,t]` and adds to `d_coefficients` of the noise parameters.
    pub fn ln_density(
        &self,
        coefficients: &[f64],
        eta: &[f64],
        mu: &[f64],
        d_eta: &mut [f64],
        d_coefficients: &mut [f64],
    ) -> f64 {
        let n_times = self.y.len() / self.n_geos;
        let mut total = 0.0;
        for geo in 0..self.n_geos {
            let cells = geo * n_times..(geo + 1) * n_times;
            let noise = self.noise(coefficients, geo);
            let sum = if self.kind == LikelihoodKind::Normal && self.link == Link::Identity {
                self.normal_geo(&noise, cells.clone(), mu, d_eta)
            } else {
                self.any_geo(&noise, cells.clone(), eta, mu, d_eta)
            };
            total += sum.ln_density;
            match self.scale {
                NoiseScale::Sigma(place) => d_coefficients[place.index(geo)] += sum.d_sigma,
                // ∂sigma/∂variance = 1/(2 sigma)
                NoiseScale::Variance(place) => {
                    d_coefficients[place.index(geo)] += sum.d_sigma / (2.0 * noise.sigma);
                }
                NoiseScale::Absent => {}
            }
            if let Some(place) = self.shape {
                d_coefficients[place.index(geo)] += sum.d_shape;
            }
        }
        total
    }

    /// The common case: `−½ Σ r²/sigma² − n ln sigma − ½ n ln 2π`, `r = weight·(y − mu)`.
    fn normal_geo(
        &self,
        noise: &Noise,
        cells: std::ops::Range<usize>,
        mu: &[f64],
        d_eta: &mut [f64],
    ) -> Cell {
        let (y, weight) = (&self.y[cells.clone()], &self.weight[cells.clone()]);
        let d_eta = &mut d_eta[cells.clone()];
        let variance = noise.sigma * noise.sigma;
        residuals(1.0 / variance, y, weight, &mu[cells], d_eta);
        // Σ r²/sigma²
        let squares = dot(d_eta, d_eta) * variance;
        let n = sum(weight);
        Cell {
            ln_density: -0.5 * squares - n * (noise.sigma.ln() + 0.5 * LN_2PI),
            d_eta: 0.0,
            d_sigma: (squares - n) / noise.sigma,
            d_shape: 0.0,
        }
    }

    fn any_geo(
        &self,
        noise: &Noise,
        cells: std::ops::Range<usize>,
        eta: &[f64],
        mu: &[f64],
        d_eta: &mut [f64],
    ) -> Cell {
        let mut sum = Cell { ln_density: 0.0, d_eta: 0.0, d_sigma: 0.0, d_shape: 0.0 };
        for i in cells {
            d_eta[i] = 0.0;
            if self.weight[i] > 0.0 {
                let cell = self.cell(self.y[i], eta[i], mu[i], noise);
                sum.ln_density += cell.ln_density;
                sum.d_sigma += cell.d_sigma;
                sum.d_shape += cell.d_shape;
                d_eta[i] = cell.d_eta;
            }
        }
        sum
    }

    /// Log density of one observation, on the scale of the priors.
    pub fn ln_density_of(&self, y: f64, eta: f64, mu: f64, noise: &Noise) -> f64 {
        self.cell(y, eta, mu, noise).ln_density
    }

    fn cell(&self, y: f64, eta: f64, mu: f64, noise: &Noise) -> Cell {
        let (sigma, shape) = (noise.sigma, noise.shape);
        let gaussian = |r: f64| {
            let z = r / sigma;
            (-0.5 * z * z - sigma.ln() - 0.5 * LN_2PI, z / sigma, (z * z - 1.0) / sigma)
        };
        let (ln_density, d_mu, d_sigma, d_shape) = match self.kind {
            LikelihoodKind::Normal => {
                let (ln_density, d_mu, d_sigma) = gaussian(y - mu);
                (ln_density, d_mu, d_sigma, 0.0)
            }
            LikelihoodKind::LogNormal => {
                let (ln_density, d_eta, d_sigma) = gaussian(y.ln() - eta);
                return Cell { ln_density: ln_density - y.ln(), d_eta, d_sigma, d_shape: 0.0 };
            }
            LikelihoodKind::StudentT => student_t(y - mu, sigma, shape),
            LikelihoodKind::NegativeBinomial => {
                let (ln_density, d_mu, d_shape) = negative_binomial(y, mu, shape);
                (ln_density, d_mu, 0.0, d_shape)
            }
            LikelihoodKind::Poisson => {
                if mu > 0.0 {
                    (y * mu.ln() - mu - ln_gamma(y + 1.0), y / mu - 1.0, 0.0, 0.0)
                } else {
                    (f64::NEG_INFINITY, 0.0, 0.0, 0.0)
                }
            }
        };
        let slope = if self.link == Link::Log { mu } else { 1.0 };
        Cell { ln_density, d_eta: d_mu * slope, d_sigma, d_shape }
    }

    /// One observation drawn around `mu`.
    pub fn sample<R: Rng>(&self, mu: f64, noise: &Noise, rng: &mut R) -> f64 {
        let standard_normal = |rng: &mut R| -> f64 { rand_distr::StandardNormal.sample(rng) };
        match self.kind {
            LikelihoodKind::Normal => mu + noise.sigma * standard_normal(rng),
            LikelihoodKind::LogNormal => mu * (noise.sigma * standard_normal(rng)).exp(),
            LikelihoodKind::StudentT => match rand_distr::StudentT::new(noise.shape) {
                Ok(t) => mu + noise.sigma * t.sample(rng),
                Err(_) => f64::NAN,
            },
            LikelihoodKind::NegativeBinomial => match rand_distr::Gamma::new(noise.shape, mu / noise.shape) {
                Ok(rate) => poisson(rate.sample(rng), rng),
                Err(_) => f64::NAN,
            },
            LikelihoodKind::Poisson => poisson(mu, rng),
        }
    }
}

wide! {
    /// `out = precision·weight·(y − mu)`
    fn residuals(precision: f64, y: &[f64], weight: &[f64], mu: &[f64], out: &mut [f64]) {
        for (((out, y), w), mu) in out.iter_mut().zip(y).zip(weight).zip(mu) {
            *out = precision * w * (y - mu);
        }
    }
}

fn poisson<R: Rng>(rate: f64, rng: &mut R) -> f64 {
    if rate == 0.0 {
        return 0.0;
    }
    rand_distr::Poisson::new(rate).map_or(f64::NAN, |poisson| poisson.sample(rng))
}

/// `lnΓ((ν+1)/2) − lnΓ(ν/2) − ½ ln(νπ) − ln σ − (ν+1)/2·ln(1 + z²/ν)`, `z = r/σ`; returns it with ∂/∂mu, ∂/∂sigma, ∂/∂df.
fn student_t(r: f64, sigma: f64, df: f64) -> (f64, f64, f64, f64) {
    let z = r / sigma;
    let tail = (z * z / df).ln_1p();
    let half = 0.5 * (df + 1.0);
    let ln_density = ln_gamma(half)
        - ln_gamma(0.5 * df)
        - 0.5 * (df * std::f64::consts::PI).ln()
        - sigma.ln()
        - half * tail;
    let pull = (df + 1.0) * z / (df + z * z);
    let d_df = 0.5
        * (digamma(half) - digamma(0.5 * df) - 1.0 / df - tail + (df + 1.0) * z * z / (df * (df + z * z)));
    (ln_density, pull / sigma, (pull * z - 1.0) / sigma, d_df)
}

/// `lnΓ(y+φ) − lnΓ(φ) − lnΓ(y+1) + φ ln(φ/(φ+μ)) + y ln(μ/(φ+μ))`; returns it with ∂/∂mu and ∂/∂phi.
fn negative_binomial(y: f64, mu: f64, phi: f64) -> (f64, f64, f64) {
    if mu <= 0.0 {
        return (f64::NEG_INFINITY, 0.0, 0.0);
    }
    let total = phi + mu;
    let ln_density = ln_gamma(y + phi) - ln_gamma(phi) - ln_gamma(y + 1.0)
        + phi * (phi / total).ln()
        + y * (mu / total).ln();
    let d_phi = digamma(y + phi) - digamma(phi) + (phi / total).ln() + 1.0 - (y + phi) / total;
    (ln_density, y / mu - (y + phi) / total, d_phi)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::differences::{difference, uniforms};

    fn likelihood(kind: LikelihoodKind, link: Link) -> Likelihood {
        let scale = CoefficientRef { at: 0, stride: 0 };
        let shape = CoefficientRef { at: 1, stride: 0 };
        Likelihood {
            kind,
            link,
            scale: NoiseScale::Sigma(scale),
            shape: Some(shape),
            y: vec![3.0, 0.0, 7.0, 2.0, 5.0, 1.0],
            weight: vec![1.0, 0.0, 1.0, 1.0, 1.0, 1.0],
            n_geos: 2,
        }
    }

    #[test]
    fn every_gradient_matches_differences() {
        use LikelihoodKind::*;
        for (kind, link) in [
            (Normal, Link::Identity),
            (Normal, Link::Log),
            (StudentT, Link::Identity),
            (LogNormal, Link::Log),
            (NegativeBinomial, Link::Identity),
            (NegativeBinomial, Link::Log),
            (Poisson, Link::Log),
        ] {
            let likelihood = likelihood(kind, link);
            let value = |p: &[f64], gradient: &mut [f64]| {
                let eta = &p[2..];
                let mu: Vec<f64> = eta.iter().map(|e| if link == Link::Log { e.exp() } else { *e }).collect();
                let (d_noise, d_eta) = gradient.split_at_mut(2);
                d_noise.fill(0.0);
                likelihood.ln_density(&p[..2], eta, &mu, d_eta, d_noise)
            };
            // sigma and shape first, then one eta per cell.
            for mut random in uniforms(400) {
                let mut base = [0.0; 8];
                base[0] = 0.6 + 2.0 * random();
                base[1] = 1.5 + 6.0 * random();
                base[2..].iter_mut().for_each(|eta| *eta = 0.4 + 2.0 * random());
                let mut gradient = vec![0.0; 8];
                value(&base, &mut gradient);
                for i in 0..8 {
                    let slope = difference(|x| value(x, &mut [0.0; 8]), &base, i, 4e-3);
                    let tolerance = 1e-9 * (1.0 + slope.abs());
                    assert!(
                        (gradient[i] - slope).abs() < tolerance,
                        "{kind:?} {link:?} {i}: {} {slope}",
                        gradient[i]
                    );
                }
            }
        }
    }

    #[test]
    fn a_cell_without_weight_changes_nothing() {
        let mut with = likelihood(LikelihoodKind::Normal, Link::Identity);
        let eta = [1.0; 6];
        let mut d = [0.0; 6];
        let before = with.ln_density(&[1.0, 3.0], &eta, &eta, &mut d, &mut [0.0; 2]);
        with.y[1] = 1e9;
        assert_eq!(with.ln_density(&[1.0, 3.0], &eta, &eta, &mut d, &mut [0.0; 2]), before);
        assert_eq!(d[1], 0.0);
    }

    #[test]
    fn count_densities_sum_to_one() {
        for kind in [LikelihoodKind::NegativeBinomial, LikelihoodKind::Poisson] {
            let likelihood = likelihood(kind, Link::Identity);
            let noise = Noise { sigma: f64::NAN, shape: 2.5 };
            let total: f64 =
                (0..2000).map(|y| likelihood.ln_density_of(f64::from(y), 4.0, 4.0, &noise).exp()).sum();
            assert!((total - 1.0).abs() < 1e-12, "{kind:?} {total}");
        }
    }
}
