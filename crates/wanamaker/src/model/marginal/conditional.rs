//! The linear coefficients given the rest: their conditional mean and covariance, and the determinant with its slopes.
//!
//! With `b = b0 + D·z`, `D` the prior standard deviations, and `W` the weights of the cells:
//!
//! ```text
//! S_g = D·N_gᵀ·W·N_g·D / σ_g²          of the cells of one noise σ_g          A = I + Σ_g S_g
//! ẑ   = A⁻¹·D·Nᵀ·W·(y − mu(b0))/σ²                                            cov z = A⁻¹
//! ∂(−½ ln|A|)/∂σ_g    = tr(A⁻¹·S_g)/σ_g
//! ∂(−½ ln|A|)/∂M[g,t] = −w[g,t]/σ_g² · Σ_j N[g,j,t]·Cov(b_j, b_0)             where media multiply the intercept b_0
//! ```
//! In that mode the intercept's own column is `1 + M`, M the sum of all media.
//!
//! A pooled coefficient is its mean and, with a column times the scale τ, a standardised deviation; τ is sampled, so that D
//! moves:
//!
//! ```text
//! ∂(−½ ln|A|)/∂τ = −Σ_j (1 − (A⁻¹)_jj)/τ          over its deviations j
//! ```

use super::linear_part::{LinearPart, noises};
use crate::math::cholesky::Cholesky;
use crate::math::linalg::dot;
use crate::model::compile::CompiledModel;
use crate::model::density::Evaluator;
use crate::model::likelihood::NoiseScale;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// Works out the conditional of one [`LinearPart`], again and again in the same memory.
#[derive(Debug)]
pub(super) struct Conditional<'a> {
    part: &'a LinearPart,
    /// `S` of each noise.
    precisions: Vec<Vec<f64>>,
    /// The scale in each column; 1 where there is none.
    factors: Vec<f64>,
    /// `ẑ`.
    z: Vec<f64>,
    cholesky: Cholesky,
    /// `[geo, time]`.
    media: Vec<f64>,
    /// One number per coefficient of the model.
    scattered: Vec<f64>,
}

impl<'a> Conditional<'a> {
    pub(super) fn new(model: &CompiledModel, part: &'a LinearPart) -> Self {
        Self {
            part,
            precisions: part.grams.clone(),
            factors: vec![1.0; part.len()],
            z: vec![0.0; part.len()],
            cholesky: Cholesky::new(part.len()),
            media: vec![0.0; model.likelihood.y.len()],
            scattered: vec![0.0; model.n_coefficients],
        }
    }

    /// From resolved media and coefficients at their prior means: finds `ẑ`, factors `A` and puts the coefficients at b̂.
    /// `‖ẑ‖² + ln|A|`, or `None` where there is none.
    pub(super) fn find(&mut self, inner: &mut Evaluator) -> Option<f64> {
        let (part, p) = (self.part, self.part.len());
        if p == 0 {
            return Some(0.0);
        }
        inner.likelihood();
        self.pull_linear(inner);
        inner.pool_back();
        for (j, (c, (_, sd))) in part.coefficients.iter().zip(&part.prior).enumerate() {
            self.z[j] = sd * inner.d_parameters[c.parameter];
        }
        self.fill_precisions(inner);
        let precisions = &self.precisions;
        let ln_determinant = self
            .cholesky
            .factor(|i, j| f64::from(i == j) + precisions.iter().map(|s| s[i * p + j]).sum::<f64>())?;
        self.cholesky.solve(&mut self.z);
        for (j, (c, (mean, sd))) in part.coefficients.iter().zip(&part.prior).enumerate() {
            inner.parameters[c.parameter] = mean + sd * self.z[j];
        }
        inner.pool();
        inner.model.mean.set_amplitude(&inner.coefficients, &mut inner.work);
        Some(dot(&self.z, &self.z) + ln_determinant)
    }

    /// Draws the coefficients into a position of the whole model, after [`Conditional::find`].
    pub(super) fn draw<R: Rng>(&self, rng: &mut R, position: &mut [f64]) {
        let mut noise: Vec<f64> = self.z.iter().map(|_| StandardNormal.sample(rng)).collect();
        self.cholesky.spread(&mut noise);
        for (j, (c, (mean, sd))) in self.part.coefficients.iter().zip(&self.part.prior).enumerate() {
            position[c.free] = mean + sd * (self.z[j] + noise[j]);
        }
    }

    /// Adds `∂ ln p(y | b)/∂b` to the slopes of the coefficients.
    fn pull_linear(&self, inner: &mut Evaluator) {
        let (mean, inputs) = (&inner.model.mean, &inner.model.training);
        for geo in 0..inputs.n_geos {
            let cells = geo * inputs.n_times..(geo + 1) * inputs.n_times;
            let d = &inner.d_eta[cells.clone()];
            mean.pull_columns(inputs, geo, d, &mut inner.d_coefficients);
            if self.part.multiplier.is_some() {
                inner.d_coefficients[mean.intercept.index(geo)] += dot(d, &inner.work.media_sum[cells]);
            }
        }
    }

    /// `S_g` at the present noise and media.
    fn fill_precisions(&mut self, inner: &Evaluator) {
        let model = inner.model;
        let (part, p, n) = (self.part, self.part.len(), model.training.n_times);
        let (noise_of, _) = noises(model);
        for (factor, c) in self.factors.iter_mut().zip(&part.coefficients) {
            *factor = c.scale.map_or(1.0, |scale| inner.parameters[scale]);
        }
        for geo in 0..model.training.n_geos {
            let precision = inner.noise(geo).sigma.powi(-2);
            let noise = noise_of(geo);
            if geo == 0 || noise > 0 {
                for (row, factor) in self.factors.iter().enumerate() {
                    let cells = row * p..(row + 1) * p;
                    let s = self.precisions[noise][cells.clone()].iter_mut();
                    for ((s, gram), other) in s.zip(&part.grams[noise][cells]).zip(&self.factors) {
                        *s = precision * factor * other * gram;
                    }
                }
            }
            // The intercept's column is 1 + M: what M adds to its products with every column, itself included.
            let Some(multiplier) = &part.multiplier else { continue };
            let (a, cells) = (multiplier[geo], geo * n..(geo + 1) * n);
            let media = &inner.work.media_sum[cells.clone()];
            let weighted = &mut self.media[cells.clone()];
            for ((own, m), w) in weighted.iter_mut().zip(media).zip(&model.likelihood.weight[cells]) {
                *own = w * m;
            }
            self.scattered.fill(0.0);
            model.mean.pull_columns(&model.training, geo, weighted, &mut self.scattered);
            let squares = dot(weighted, media);
            let s = &mut self.precisions[noise];
            for (j, c) in part.coefficients.iter().enumerate().filter(|(_, c)| c.moves(geo)) {
                let scale = precision * part.prior[a].1 * part.prior[j].1 * self.factors[j];
                let product = scale * self.scattered[model.mean.terms[c.term].coefficient.index(geo)];
                s[j * p + a] += product;
                s[a * p + j] += product;
                if j == a {
                    s[a * p + a] += scale * squares;
                }
            }
        }
    }

    /// Adds the slopes of `−½ ln|A|` in the noise to those of the likelihood; returns those in the sum of all media,
    /// `[geo, time]`, which are none where media do not multiply the intercept.
    pub(super) fn pull_determinant(&mut self, inner: &mut Evaluator) -> &[f64] {
        let model = inner.model;
        let (part, p, n) = (self.part, self.part.len(), model.training.n_times);
        if p == 0 {
            return &[];
        }
        let covariance = self.cholesky.inverse();
        let (_, n_noises) = noises(model);
        for noise in 0..n_noises {
            let s = &self.precisions[noise];
            let mut trace = 0.0;
            for j in 0..p {
                trace += covariance[(j, j)] * s[j * p + j];
                trace += 2.0 * (j + 1..p).map(|i| covariance[(i, j)] * s[i * p + j]).sum::<f64>();
            }
            let sigma = inner.noise(noise).sigma;
            match model.likelihood.scale {
                NoiseScale::Sigma(place) => inner.d_coefficients[place.index(noise)] += trace / sigma,
                NoiseScale::Variance(place) => {
                    inner.d_coefficients[place.index(noise)] += trace / (2.0 * sigma * sigma);
                }
                NoiseScale::Absent => {}
            }
        }
        let Some(multiplier) = &part.multiplier else { return &[] };
        for geo in 0..model.training.n_geos {
            let (a, cells) = (multiplier[geo], geo * n..(geo + 1) * n);
            let with_intercept = |j: usize| {
                let sds = part.prior[j].1 * self.factors[j] * part.prior[a].1;
                covariance[(j.max(a), j.min(a))] * sds
            };
            self.scattered.fill(0.0);
            for (j, c) in part.coefficients.iter().enumerate().filter(|(_, c)| c.moves(geo)) {
                self.scattered[model.mean.terms[c.term].coefficient.index(geo)] += with_intercept(j);
            }
            let slope = &mut self.media[cells.clone()];
            let media = inner.work.media_sum[cells.clone()].iter();
            slope.iter_mut().zip(media).for_each(|(slope, m)| *slope = with_intercept(a) * m);
            model.mean.add_linear(&self.scattered, &model.training, geo, slope);
            let precision = inner.noise(geo).sigma.powi(-2);
            let weights = model.likelihood.weight[cells].iter();
            slope.iter_mut().zip(weights).for_each(|(slope, w)| *slope *= -w * precision);
        }
        &self.media
    }

    /// Adds the slopes of `−½ ln|A|` in the scales to those of the parameters, after [`Conditional::pull_determinant`].
    pub(super) fn pull_scales(&self, inner: &mut Evaluator) {
        let covariance = self.cholesky.inverted();
        for (j, (c, factor)) in self.part.coefficients.iter().zip(&self.factors).enumerate() {
            // At zero there is nothing to move, in either direction.
            if let (Some(scale), true) = (c.scale, *factor > 0.0) {
                inner.d_parameters[scale] -= (1.0 - covariance[(j, j)]) / factor;
            }
        }
    }
}
