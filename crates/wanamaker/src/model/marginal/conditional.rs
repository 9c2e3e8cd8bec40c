//! The linear coefficients given the rest: their conditional mean and covariance, and the determinant with its slopes.
//!
//! With `b = b0 + D·z`, `D` the prior standard deviations, and `W` the weights of the cells of geo g:
//!
//! ```text
//! S_g = D·N_gᵀ·W·N_g·D / σ_g²                                                     A = I + Σ_g S_g
//! ẑ   = A⁻¹·D·Σ_g c_g/σ_g²          c_g = N_gᵀ·W·(y − mu)     at b0               cov z = A⁻¹
//! ∂(−½ ln|A|)/∂σ_g    = tr(A⁻¹·S_g)/σ_g                     with one noise tr(A⁻¹·S) = p − tr A⁻¹
//! ∂(−½ ln|A|)/∂M[g,t] = −w[g,t]/σ_g² · Σ_j N[g,j,t]·Cov(b_j, b_0)             where media multiply the intercept b_0
//! ```
//! In that mode the intercept's own column is `1 + M`, M the sum of all media.
//!
//! What the products need of the data is known beforehand but for the media, so that one pass over the columns, for
//! `N_gᵀWM`, gives them at any coefficients: `c_g = N_gᵀWy − N_gᵀWN_g·b − amplitude·N_gᵀWM`.
//!
//! Coefficients of different geos never meet in a cell: A has the shape of an arrow.
//!
//! A pooled coefficient is its mean and, with a column times the scale τ, a standardised deviation; τ is sampled, so that D
//! moves:
//!
//! ```text
//! ∂(−½ ln|A|)/∂τ = −Σ_j (1 − (A⁻¹)_jj)/τ          over its deviations j
//! ```

use super::linear_part::{LinearPart, Moments, shares_noise};
use crate::math::arrow::Arrow;
use crate::math::linalg::{add_scaled, dot, product, scale_by};
use crate::model::compile::CompiledModel;
use crate::model::density::Evaluator;
use crate::model::likelihood::NoiseScale;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// Works out the conditional of one [`LinearPart`], again and again in the same memory.
#[derive(Debug)]
pub(super) struct Conditional<'a> {
    part: &'a LinearPart,
    arrow: Arrow,
    /// `D`; one number per coefficient.
    sds: Vec<f64>,
    /// `D` with the scale in each column.
    spreads: Vec<f64>,
    /// `ẑ` by geo, and of the common coefficients.
    own: Vec<Vec<f64>>,
    common: Vec<f64>,
    /// By geo.
    media: Vec<MediaMoments>,
    /// `NᵀWN` of one geo, media in the intercept's column, `[term, term]`.
    gram: Vec<f64>,
    /// `c` of one geo, `[term]`.
    products: Vec<f64>,
    /// `[geo, time]`.
    by_cell: Vec<f64>,
    /// One number per coefficient of the model.
    scattered: Vec<f64>,
}

/// Products of the sum of all media over the cells of one geo, with their weights.
#[derive(Clone, Debug)]
struct MediaMoments {
    /// `NᵀWM`, `[term]`.
    with_terms: Vec<f64>,
    /// `MᵀWM` and `MᵀWy`; only where media multiply the intercept.
    squares: f64,
    with_target: f64,
}

impl<'a> Conditional<'a> {
    pub(super) fn new(model: &CompiledModel, part: &'a LinearPart) -> Self {
        let n_terms = model.mean.terms.len();
        let media = MediaMoments { with_terms: vec![0.0; n_terms], squares: 0.0, with_target: 0.0 };
        Self {
            part,
            arrow: Arrow::new(part.own.iter().map(Vec::len), part.common.len()),
            sds: part.prior.iter().map(|prior| prior.sd).collect(),
            spreads: vec![1.0; part.len()],
            own: part.own.iter().map(|own| vec![0.0; own.len()]).collect(),
            common: vec![0.0; part.common.len()],
            media: vec![media; part.own.len()],
            gram: vec![0.0; n_terms * n_terms],
            products: vec![0.0; n_terms],
            by_cell: vec![0.0; model.likelihood.y.len()],
            scattered: vec![0.0; model.n_coefficients],
        }
    }

    /// The standard deviation of the prior of coefficient `j`.
    pub(super) fn sd(&self, j: usize) -> f64 {
        self.sds[j]
    }

    /// Another standard deviation of the prior of coefficient `j`, where it is sampled.
    pub(super) fn set_sd(&mut self, j: usize, sd: f64) {
        self.sds[j] = sd;
    }

    /// From resolved media and coefficients at their prior means: finds `ẑ`, factors `A` and puts the coefficients at b̂.
    /// `‖ẑ‖² + ln|A|`, or `None` where there is none. Sums the media.
    pub(super) fn find(&mut self, inner: &mut Evaluator) -> Option<f64> {
        let part = self.part;
        inner.model.mean.sum_media(&mut inner.work);
        for ((spread, c), sd) in self.spreads.iter_mut().zip(&part.coefficients).zip(&self.sds) {
            *spread = sd * c.scale.map_or(1.0, |scale| inner.parameters[scale]);
        }
        self.common.fill(0.0);
        self.arrow.corner_mut().fill(0.0);
        for geo in 0..part.own.len() {
            self.meet_media(inner, geo);
            self.meet_rest(inner, geo);
            if let Some(multiplier) = &part.multiplier {
                let media = &self.media[geo];
                let on_media = media.with_target - inner.work.amplitude[geo] * media.squares;
                self.products[multiplier.term] += on_media - self.along_media(inner, geo);
            }
            self.fill_gram(geo);
            self.add_geo(inner, geo);
        }
        let n_common = part.common.len();
        (0..n_common).for_each(|i| self.arrow.corner_mut()[i * n_common + i] += 1.0);
        let ln_determinant = self.arrow.factor()?;
        self.arrow.solve(&mut self.own, &mut self.common);
        let mut squares = 0.0;
        for (j, z) in self.each(&self.own, &self.common) {
            inner.parameters[part.coefficients[j].parameter] = part.prior[j].mean + self.sds[j] * z;
            squares += z * z;
        }
        inner.pool();
        inner.model.mean.set_amplitude(&inner.coefficients, &mut inner.work);
        Some(squares + ln_determinant)
    }

    /// Draws the coefficients into a position of the whole model, after [`Conditional::find`].
    pub(super) fn draw<R: Rng>(&self, rng: &mut R, position: &mut [f64]) {
        let mut normals =
            |z: &Vec<f64>| -> Vec<f64> { z.iter().map(|_| StandardNormal.sample(rng)).collect() };
        let mut own: Vec<Vec<f64>> = self.own.iter().map(&mut normals).collect();
        let mut common = normals(&self.common);
        self.arrow.spread(&mut own, &mut common);
        let around = self.each(&self.own, &self.common);
        for ((j, z), (_, noise)) in around.zip(self.each(&own, &common)) {
            position[self.part.coefficients[j].free] = self.part.prior[j].mean + self.sds[j] * (z + noise);
        }
    }

    /// Every coefficient with its number among `own` and `common`.
    fn each<'n>(
        &self,
        own: &'n [Vec<f64>],
        common: &'n [f64],
    ) -> impl Iterator<Item = (usize, f64)> + use<'n, 'a> {
        let part = self.part;
        let own = part.own.iter().zip(own).flat_map(|(places, numbers)| places.iter().zip(numbers));
        own.chain(part.common.iter().zip(common)).map(|(&j, &number)| (j, number))
    }

    /// The products of the media of a geo.
    fn meet_media(&mut self, inner: &Evaluator, geo: usize) {
        let model = inner.model;
        let n = model.training.n_times;
        let cells = geo * n..(geo + 1) * n;
        let media = &inner.work.media_sum[cells.clone()];
        let weighted = &mut self.by_cell[cells.clone()];
        product(media, &model.likelihood.weight[cells.clone()], weighted);
        let moments = &mut self.media[geo];
        moments.with_terms.fill(0.0);
        model.mean.dot_terms(&model.training, geo, weighted, |term| term, &mut moments.with_terms);
        if self.part.multiplier.is_some() {
            moments.squares = dot(weighted, media);
            moments.with_target = dot(weighted, &model.likelihood.y[cells]);
        }
    }

    /// `c` of a geo at the present coefficients, media left out of the intercept's column.
    fn meet_rest(&mut self, inner: &Evaluator, geo: usize) {
        let Moments { gram, target } = &self.part.moments[geo];
        self.products.copy_from_slice(target);
        add_scaled(-inner.work.amplitude[geo], &self.media[geo].with_terms, &mut self.products);
        for (term, row) in inner.model.mean.terms.iter().zip(gram.chunks_exact(self.products.len())) {
            let b = inner.coefficients[term.coefficient.index(geo)];
            add_scaled(-b, row, &mut self.products);
        }
    }

    /// `Σ_k b[g,k]·(NᵀWM)[k]` at the present coefficients.
    fn along_media(&self, inner: &Evaluator, geo: usize) -> f64 {
        let b = |k: usize| inner.coefficients[inner.model.mean.terms[k].coefficient.index(geo)];
        self.media[geo].with_terms.iter().enumerate().map(|(k, m)| b(k) * m).sum()
    }

    /// `NᵀWN` of a geo, where media multiply the intercept with `1 + M` in its column.
    fn fill_gram(&mut self, geo: usize) {
        self.gram.copy_from_slice(&self.part.moments[geo].gram);
        let Some(multiplier) = &self.part.multiplier else { return };
        let (media, a) = (&self.media[geo], multiplier.term);
        let n = media.with_terms.len();
        for (k, with) in media.with_terms.iter().enumerate() {
            self.gram[a * n + k] += with;
            self.gram[k * n + a] += with;
        }
        self.gram[a * n + a] += media.squares;
    }

    /// What a geo adds to `A` and to the right-hand side.
    fn add_geo(&mut self, inner: &Evaluator, geo: usize) {
        let (part, n_terms) = (self.part, self.products.len());
        let precision = inner.noise(geo).sigma.powi(-2);
        let (n_own, n_common) = (part.own[geo].len(), part.common.len());
        let column = |j: usize| (part.coefficients[j].term, self.spreads[j]);
        for (i, &j) in part.own[geo].iter().enumerate() {
            let (term, spread) = column(j);
            let row = &self.gram[term * n_terms..(term + 1) * n_terms];
            let scale = precision * spread;
            let (own, border) = self.arrow.block_mut(geo);
            for (k, &j) in part.own[geo][..=i].iter().enumerate() {
                let (term, spread) = column(j);
                own[i * n_own + k] = scale * spread * row[term] + f64::from(i == k);
            }
            for (entry, &j) in border[i * n_common..(i + 1) * n_common].iter_mut().zip(&part.common) {
                let (term, spread) = column(j);
                *entry = scale * spread * row[term];
            }
            self.own[geo][i] = scale * self.products[term];
        }
        let corner = self.arrow.corner_mut();
        for (i, &j) in part.common.iter().enumerate() {
            let (term, spread) = column(j);
            let row = &self.gram[term * n_terms..(term + 1) * n_terms];
            let scale = precision * spread;
            for (entry, &j) in corner[i * n_common..=i * n_common + i].iter_mut().zip(&part.common) {
                let (term, spread) = column(j);
                *entry += scale * spread * row[term];
            }
            self.common[i] += scale * self.products[term];
        }
    }

    /// Back from the likelihood at b̂ to the linear coefficients, those that are not integrated out among them.
    pub(super) fn pull_linear(&mut self, inner: &mut Evaluator) {
        for geo in 0..self.part.own.len() {
            self.meet_rest(inner, geo);
            let precision = inner.noise(geo).sigma.powi(-2);
            for (term, product) in inner.model.mean.terms.iter().zip(&self.products) {
                inner.d_coefficients[term.coefficient.index(geo)] += precision * product;
            }
        }
    }

    /// Adds the slopes of `−½ ln|A|` in the noise to those of the likelihood; returns those in the sum of all media,
    /// `[geo, time]`, which are none where media do not multiply the intercept.
    pub(super) fn pull_determinant(&mut self, inner: &mut Evaluator) -> &[f64] {
        self.arrow.invert();
        if shares_noise(inner.model) {
            let trace: f64 = self.variances().map(|(_, variance)| 1.0 - variance).sum();
            pull_noise(inner, 0, trace);
        } else {
            for geo in 0..self.part.own.len() {
                self.fill_gram(geo);
                let trace = self.trace(inner, geo);
                pull_noise(inner, geo, trace);
            }
        }
        self.pull_multiplier(inner)
    }

    /// `tr(A⁻¹·S_g)`, after [`Conditional::fill_gram`].
    fn trace(&self, inner: &Evaluator, geo: usize) -> f64 {
        let n_terms = self.products.len();
        let columns = self.part.of_geo(geo).map(|j| (self.part.coefficients[j].term, self.spreads[j]));
        let mut trace = 0.0;
        for (i, (term, spread)) in columns.clone().enumerate() {
            for (k, (other, factor)) in columns.clone().enumerate().take(i + 1) {
                let twice = if i == k { 1.0 } else { 2.0 };
                trace += twice
                    * self.arrow.inverse(geo, i, k)
                    * spread
                    * factor
                    * self.gram[term * n_terms + other];
            }
        }
        trace * inner.noise(geo).sigma.powi(-2)
    }

    /// The slopes of `−½ ln|A|` in the sum of all media.
    fn pull_multiplier(&mut self, inner: &Evaluator) -> &[f64] {
        let model = inner.model;
        let (part, n) = (self.part, model.training.n_times);
        let Some(multiplier) = &part.multiplier else { return &[] };
        for geo in 0..part.own.len() {
            let cells = geo * n..(geo + 1) * n;
            let a = multiplier.place[geo];
            self.scattered.fill(0.0);
            let spread = part.of_geo(geo).nth(a).map_or(0.0, |j| self.spreads[j]);
            let mut with_itself = 0.0;
            for (k, j) in part.of_geo(geo).enumerate() {
                let covariance = self.arrow.inverse(geo, k, a) * self.spreads[j] * spread;
                let term = part.coefficients[j].term;
                self.scattered[model.mean.terms[term].coefficient.index(geo)] += covariance;
                if k == a {
                    with_itself = covariance;
                }
            }
            let slope = &mut self.by_cell[cells.clone()];
            let media = &inner.work.media_sum[cells.clone()];
            model.mean.add_linear(&self.scattered, &model.training, geo, with_itself, media, slope);
            scale_by(-inner.noise(geo).sigma.powi(-2), &model.likelihood.weight[cells], slope);
        }
        &self.by_cell
    }

    /// Every coefficient with its `(A⁻¹)_jj`.
    fn variances(&self) -> impl Iterator<Item = (usize, f64)> {
        let (part, arrow) = (self.part, &self.arrow);
        let own = part.own.iter().enumerate();
        let own = own.flat_map(move |(geo, own)| {
            own.iter().enumerate().map(move |(i, &j)| (j, arrow.inverse(geo, i, i)))
        });
        own.chain(part.common.iter().enumerate().map(move |(i, &j)| (j, arrow.corner_inverse(i, i))))
    }

    /// The slope in `ln D_j` of every coefficient, `ẑ² − (1 − (A⁻¹)_jj)`, after [`Conditional::pull_determinant`].
    pub(super) fn slopes_in_ln_sd(&self) -> impl Iterator<Item = (usize, f64)> {
        let conditional = self.each(&self.own, &self.common).zip(self.variances());
        conditional.map(|((j, z), (_, variance))| (j, z * z - (1.0 - variance)))
    }

    /// Adds the slopes of `−½ ln|A|` in the scales to those of the parameters, after [`Conditional::pull_determinant`].
    pub(super) fn pull_scales(&self, inner: &mut Evaluator) {
        for (j, variance) in self.variances() {
            let Some(scale) = self.part.coefficients[j].scale else { continue };
            let tau = inner.parameters[scale];
            // At zero there is nothing to move, in either direction.
            if tau > 0.0 {
                inner.d_parameters[scale] -= (1.0 - variance) / tau;
            }
        }
    }
}

/// Adds `trace/σ`, the slope in a noise, to the one of the likelihood.
fn pull_noise(inner: &mut Evaluator, geo: usize, trace: f64) {
    let sigma = inner.noise(geo).sigma;
    match inner.model.likelihood.scale {
        NoiseScale::Sigma(place) => inner.d_coefficients[place.index(geo)] += trace / sigma,
        NoiseScale::Variance(place) => {
            inner.d_coefficients[place.index(geo)] += trace / (2.0 * sigma * sigma)
        }
        NoiseScale::Absent => {}
    }
}
