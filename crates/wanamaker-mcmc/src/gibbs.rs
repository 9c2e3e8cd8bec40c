//! Gibbs sampling of the conjugate linear model [gelman2013] sec. 14.8, in the coordinates in which it falls apart.
//!
//! ```text
//! y ~ N(X·b, σ²·I)        b_j ~ N(m_j, s_j²)        σ² ~ InvGamma(a0, b0)
//! ```
//! With `e = y − X·m`, `X·diag(s) = U·D·Wᵀ` and `q = Uᵀ·e`, coefficients are `b = m + diag(s)·W·z` with z standard normal
//! a priori, and the two conditionals are
//!
//! ```text
//! z_j | σ² ~ N( d_j·q_j/(σ² + d_j²), σ²/(σ² + d_j²) )        independent
//! σ² | z   ~ InvGamma( a0 + n/2, b0 + ½·(‖e‖² − ‖q‖² + Σ_j (q_j − d_j·z_j)²) )
//! ```
//! The decomposition is made once; a scan then costs as many operations as there are coefficients.

use crate::seed::{Purpose, stream};
use faer::Mat;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, StandardNormal};

/// A linear model with independent normal priors on its coefficients.
#[derive(Clone, Debug)]
pub struct LinearModel<'a> {
    /// Columns of X, `[coefficient][observation]`.
    pub columns: &'a [Vec<f64>],
    /// `[observation]`.
    pub y: &'a [f64],
    /// m, `[coefficient]`.
    pub prior_mean: &'a [f64],
    /// s > 0, `[coefficient]`.
    pub prior_sd: &'a [f64],
    /// What is believed of σ².
    pub variance: VariancePrior,
}

/// What is believed of the noise variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum VariancePrior {
    /// Density ∝ `x^(−shape−1)·exp(−scale/x)`; both > 0.
    InverseGamma {
        /// a0
        shape: f64,
        /// b0
        scale: f64,
    },
    /// Known, > 0: coefficients are then drawn from their exact posterior, independently.
    Known(f64),
}

/// How long to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GibbsSettings {
    /// Independent chains, ≥ 1.
    pub n_chains: usize,
    /// Draws kept per chain.
    pub n_draws: usize,
    /// Scans before the first draw, thrown away.
    pub n_tune: usize,
    /// Scans per draw that is kept, ≥ 1.
    pub thin: usize,
    /// Same seed, same draws.
    pub seed: u64,
}

impl Default for GibbsSettings {
    fn default() -> Self {
        Self { n_chains: 4, n_draws: 800, n_tune: 400, thin: 1, seed: 42 }
    }
}

/// The draws of one chain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GibbsChain {
    /// `[draw, coefficient]`, coefficient contiguous.
    pub coefficients: Vec<f64>,
    /// σ², `[draw]`.
    pub variance: Vec<f64>,
}

/// The model in its own coordinates.
struct Rotated<'a> {
    model: &'a LinearModel<'a>,
    /// W, `[coefficient, z]`, row-major.
    directions: Vec<f64>,
    d: Vec<f64>,
    q: Vec<f64>,
    /// `‖e‖² − ‖q‖²`: what no coefficient can explain.
    rest: f64,
    /// Variance of e, where chains start around.
    start: f64,
}

/// Draws chain by chain; chain `k` owns stream `k`.
pub fn sample(model: &LinearModel<'_>, settings: &GibbsSettings) -> Vec<GibbsChain> {
    let rotated = Rotated::of(model);
    (0..settings.n_chains).map(|chain| rotated.chain(settings, chain as u64)).collect()
}

impl<'a> Rotated<'a> {
    fn of(model: &'a LinearModel<'a>) -> Self {
        let (n, p) = (model.y.len(), model.columns.len());
        let mut e = model.y.to_vec();
        for (column, mean) in model.columns.iter().zip(model.prior_mean) {
            e.iter_mut().zip(column).for_each(|(e, x)| *e -= mean * x);
        }
        // Rows of zeros where there are fewer observations than coefficients, so that W is always square.
        let scaled =
            Mat::from_fn(
                n.max(p),
                p,
                |i, j| {
                    if i < n { model.columns[j][i] * model.prior_sd[j] } else { 0.0 }
                },
            );
        let svd = scaled.thin_svd().expect("a singular value decomposition of finite numbers converges");
        let (u, w, s) = (svd.U(), svd.V(), svd.S().column_vector());
        let q: Vec<f64> = (0..p).map(|j| (0..n).map(|i| u[(i, j)] * e[i]).sum()).collect();
        let squares: f64 = e.iter().map(|e| e * e).sum();
        Self {
            model,
            directions: (0..p * p).map(|k| w[(k / p, k % p)]).collect(),
            d: (0..p).map(|j| s[j]).collect(),
            rest: (squares - q.iter().map(|q| q * q).sum::<f64>()).max(0.0),
            q,
            start: (squares / n.max(1) as f64).max(f64::MIN_POSITIVE),
        }
    }

    fn chain(&self, settings: &GibbsSettings, chain: u64) -> GibbsChain {
        let p = self.d.len();
        let mut rng = stream(settings.seed, Purpose::Chain, chain);
        let mut z = vec![0.0; p];
        // Apart from each other by two orders of magnitude, so that chains which agree have forgotten where they began.
        let apart: f64 = StandardNormal.sample(&mut stream(settings.seed, Purpose::Initial, chain));
        let mut variance = self.start * (1.5 * apart).exp();
        let mut drawn = GibbsChain {
            coefficients: Vec::with_capacity(p * settings.n_draws),
            variance: Vec::with_capacity(settings.n_draws),
        };
        for scan in 1..=settings.n_tune + settings.n_draws * settings.thin {
            if let VariancePrior::Known(known) = self.model.variance {
                variance = known;
            }
            self.draw_coefficients(variance, &mut rng, &mut z);
            if let VariancePrior::InverseGamma { shape, scale } = self.model.variance {
                variance = self.draw_variance(shape, scale, &z, &mut rng);
            }
            if scan > settings.n_tune && (scan - settings.n_tune).is_multiple_of(settings.thin) {
                drawn.variance.push(variance);
                drawn.coefficients.extend((0..p).map(|j| self.coefficient(j, &z)));
            }
        }
        drawn
    }

    fn draw_coefficients(&self, variance: f64, rng: &mut ChaCha8Rng, z: &mut [f64]) {
        for ((z, d), q) in z.iter_mut().zip(&self.d).zip(&self.q) {
            let noise: f64 = StandardNormal.sample(rng);
            let total = variance + d * d;
            *z = d * q / total + (variance / total).sqrt() * noise;
        }
    }

    fn draw_variance(&self, shape: f64, scale: f64, z: &[f64], rng: &mut ChaCha8Rng) -> f64 {
        let explained = self.d.iter().zip(&self.q).zip(z);
        let squares = self.rest + explained.map(|((d, q), z)| (q - d * z).powi(2)).sum::<f64>();
        let (shape, scale) = (shape + 0.5 * self.model.y.len() as f64, scale + 0.5 * squares);
        Gamma::new(shape, 1.0 / scale).map_or(f64::NAN, |precision| 1.0 / precision.sample(rng))
    }

    /// `b_j = m_j + s_j·Σ_k W[j,k]·z_k`.
    fn coefficient(&self, j: usize, z: &[f64]) -> f64 {
        let row = &self.directions[j * z.len()..(j + 1) * z.len()];
        let rotated: f64 = row.iter().zip(z).map(|(w, z)| w * z).sum();
        self.model.prior_mean[j] + self.model.prior_sd[j] * rotated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model<'a>(columns: &'a [Vec<f64>], y: &'a [f64], variance: VariancePrior) -> LinearModel<'a> {
        LinearModel { columns, y, prior_mean: &[0.5, -1.0, 0.0], prior_sd: &[1.0, 0.5, 2.0], variance }
    }

    #[test]
    fn directions_without_data_keep_their_prior() {
        // Two observations cannot say anything about the third coefficient: its column is zero.
        let columns = vec![vec![1.0, 1.0], vec![1.0, -1.0], vec![0.0, 0.0]];
        let settings = GibbsSettings { n_chains: 1, n_draws: 40_000, ..GibbsSettings::default() };
        let y = [3.0, 1.0];
        let chain = &sample(&model(&columns, &y, VariancePrior::Known(1.0)), &settings)[0];
        let third: Vec<f64> = chain.coefficients.iter().skip(2).step_by(3).copied().collect();
        let mean = third.iter().sum::<f64>() / 40_000.0;
        let sd = (third.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 40_000.0).sqrt();
        assert!(mean.abs() < 0.04 && (sd - 2.0).abs() < 0.03, "{mean} {sd}");
    }

    #[test]
    fn chains_are_their_own_and_thinning_skips() {
        let columns = vec![vec![1.0; 4], vec![1.0, -1.0, 2.0, 0.5], vec![0.3, 0.1, -1.0, 2.0]];
        let y = [1.0, 2.0, 0.5, 4.0];
        let prior = VariancePrior::InverseGamma { shape: 2.0, scale: 1.0 };
        let settings = GibbsSettings { n_draws: 6, n_tune: 4, n_chains: 3, ..GibbsSettings::default() };
        let three = sample(&model(&columns, &y, prior), &settings);
        let one = sample(&model(&columns, &y, prior), &GibbsSettings { n_chains: 1, ..settings });
        assert_eq!(three[0], one[0]);
        assert_ne!(three[0], three[1]);
        let thinned = sample(&model(&columns, &y, prior), &GibbsSettings { thin: 2, n_draws: 3, ..settings });
        assert_eq!(thinned[0].variance[0], three[0].variance[1]);
        assert_eq!(thinned[0].coefficients[3..6], three[0].coefficients[9..12]);
    }
}
