//! A change of coordinates before sampling: the linear coefficients that are not integrated out, which a normal likelihood
//! ties together, become nearly independent with unit spread.
//!
//! Given everything else, linear coefficients under a normal likelihood have the precision `P = NᵀN/σ² + V⁻¹` (N the
//! design, V the prior variances). With `P = R·Rᵀ` and b̂ their ridge estimate, the sampler moves in
//!
//! ```text
//! b = b̂ + R⁻ᵀ·z            ln p(z) = ln p(b) + constant
//! ```
//! `R⁻ᵀ` is upper triangular. Coefficients that are integrated out stand first in P, so that the lower right corner of
//! `R⁻ᵀ` alone is the root of the covariance of those that are left, whatever the first ones are.
//! The posterior is the same; only the paths to it are shorter. All other coordinates stay as they are.

use crate::distribution::Distribution;
use crate::model::compile::CompiledModel;
use crate::model::likelihood::NoiseScale;
use crate::model::linear_coefficient::LinearCoefficient;
use crate::model::marginal::Marginal;
use crate::model::point::prior_median;
use crate::spec::{LikelihoodKind, Link};
use faer::linalg::solvers::Solve;
use faer::{Mat, Side};
use wanamaker_mcmc::laplace::Mode;
use wanamaker_mcmc::log_density::LogDensity;

/// More coefficients than this are left as they are: their covariance would cost more than it saves.
const MOST_COEFFICIENTS: usize = 400;

/// `position = centre + map·z` on the coordinates of `indices`; the identity on all others.
#[derive(Clone, Debug)]
pub struct Whitening {
    indices: Vec<usize>,
    centre: Vec<f64>,
    /// Upper triangular `R⁻ᵀ`, row-major.
    map: Vec<f64>,
}

impl Whitening {
    /// The whitening of the linear coefficients that `marginal` leaves to the sampler, in the position of what it leaves; empty
    /// where the likelihood is not normal-like on the identity link.
    pub fn of(model: &CompiledModel, marginal: &Marginal) -> Self {
        let fits = model.mean.link == Link::Identity
            && matches!(model.likelihood.kind, LikelihoodKind::Normal | LikelihoodKind::StudentT)
            && model.likelihood.scale != NoiseScale::Absent;
        let left = if fits { LinearCoefficient::direct(model) } else { Vec::new() };
        let integrated = &marginal.linear.coefficients;
        let left: Vec<(LinearCoefficient, usize)> = (left.into_iter())
            .filter(|c| integrated.iter().all(|gone| gone.parameter != c.parameter))
            .filter_map(|c| Some((c.clone(), marginal.others.iter().position(|other| *other == c.free)?)))
            .collect();
        if left.is_empty() || integrated.len() + left.len() > MOST_COEFFICIENTS {
            return Self::none();
        }
        // The index of those that are integrated out means nothing.
        let integrated = integrated.iter().map(|c| Coefficient::of(model, c, 0));
        let left = left.iter().map(|(c, index)| Coefficient::of(model, c, *index));
        let columns: Vec<Coefficient> = integrated.chain(left).collect();
        Self::from_columns(model, &columns).without_first(marginal.linear.len())
    }

    /// No change at all.
    pub fn none() -> Self {
        Self { indices: Vec::new(), centre: Vec::new(), map: Vec::new() }
    }

    /// All coordinates by the mode of a density and its curvature there.
    pub fn around(mode: &Mode) -> Self {
        let p = mode.position.len();
        let map = inverse_transpose(p, |i, j| mode.factor[i * p + j]);
        Self { indices: (0..p).collect(), centre: mode.position.clone(), map }
    }

    /// What is left when the first `n` coefficients are integrated out.
    fn without_first(mut self, n: usize) -> Self {
        let p = self.indices.len();
        self.map = (n..p).flat_map(|r| self.map[r * p + n..(r + 1) * p].to_vec()).collect();
        self.indices.drain(..n);
        self.centre.drain(..n);
        self
    }

    fn from_columns(model: &CompiledModel, columns: &[Coefficient]) -> Self {
        let p = columns.len();
        let target = residual_of_media(model);
        let weight = &model.likelihood.weight;
        let dot =
            |a: &[f64], b: &[f64]| a.iter().zip(b).zip(weight).map(|((a, b), w)| w * a * b).sum::<f64>();
        let gram = Mat::from_fn(p, p, |i, j| dot(&columns[i].values, &columns[j].values));
        let cross: Vec<f64> = columns.iter().map(|column| dot(&column.values, &target)).collect();
        let n: f64 = weight.iter().sum();
        let mut sigma2 = (dot(&target, &target) / n).max(f64::MIN_POSITIVE);
        // Two rounds: the first finds the noise around the ridge fit, the second the fit and precision at that noise.
        let mut centre = vec![0.0; p];
        let mut map = identity(p);
        for _ in 0..2 {
            let precision = Mat::from_fn(p, p, |i, j| {
                gram[(i, j)] / sigma2 + if i == j { columns[i].sd.powi(-2) } else { 0.0 }
            });
            let Ok(factor) = precision.llt(Side::Lower) else { break };
            let right =
                Mat::from_fn(p, 1, |i, _| cross[i] / sigma2 + columns[i].mean * columns[i].sd.powi(-2));
            let solution = factor.solve(&right);
            centre = (0..p).map(|i| solution[(i, 0)]).collect();
            let mut rest = target.clone();
            for (column, b) in columns.iter().zip(&centre) {
                rest.iter_mut().zip(&column.values).for_each(|(r, x)| *r -= b * x);
            }
            sigma2 = (dot(&rest, &rest) / n).max(1e-12 * sigma2);
            let l = factor.L();
            map = inverse_transpose(p, |i, j| l[(i, j)]);
        }
        Self { indices: columns.iter().map(|column| column.index).collect(), centre, map }
    }

    /// Where the coordinates that it changes are.
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }

    /// The standard deviations of the coordinates that it changes, with their indices.
    pub fn spreads(&self) -> impl Iterator<Item = (usize, f64)> {
        let p = self.indices.len();
        let spread = move |r: usize| self.map[r * p..(r + 1) * p].iter().map(|m| m * m).sum::<f64>().sqrt();
        self.indices.iter().enumerate().map(move |(r, &index)| (index, spread(r)))
    }

    /// From the sampler's coordinates to the model's unconstrained position, in place.
    pub fn apply(&self, position: &mut [f64]) {
        let p = self.indices.len();
        let z: Vec<f64> = self.indices.iter().map(|&i| position[i]).collect();
        for (r, &index) in self.indices.iter().enumerate() {
            // Upper triangular.
            let row = &self.map[r * p..(r + 1) * p];
            position[index] = self.centre[r] + row[r..].iter().zip(&z[r..]).map(|(m, z)| m * z).sum::<f64>();
        }
    }

    /// The way back from [`Whitening::apply`], in place.
    pub fn undo(&self, position: &mut [f64]) {
        let p = self.indices.len();
        for r in (0..p).rev() {
            let row = &self.map[r * p..(r + 1) * p];
            let above: f64 = (r + 1..p).map(|c| row[c] * position[self.indices[c]]).sum();
            let at = &mut position[self.indices[r]];
            *at = (*at - self.centre[r] - above) / row[r];
        }
    }

    /// Pull-back of [`Whitening::apply`], in place: `∂L/∂z = mapᵀ·∂L/∂b`.
    fn pull(&self, gradient: &mut [f64]) {
        let p = self.indices.len();
        let d: Vec<f64> = self.indices.iter().map(|&i| gradient[i]).collect();
        for (c, &index) in self.indices.iter().enumerate() {
            gradient[index] = (0..=c).map(|r| self.map[r * p + c] * d[r]).sum();
        }
    }
}

/// A density in whitened coordinates.
#[derive(Clone, Debug)]
pub struct Whitened<'a, D> {
    inner: D,
    whitening: &'a Whitening,
    position: Vec<f64>,
}

impl<'a, D: LogDensity> Whitened<'a, D> {
    /// The same density seen through `whitening`.
    pub fn new(inner: D, whitening: &'a Whitening) -> Self {
        let position = vec![0.0; inner.dim()];
        Self { inner, whitening, position }
    }
}

impl<D: LogDensity> LogDensity for Whitened<'_, D> {
    fn dim(&self) -> usize {
        self.inner.dim()
    }

    fn log_density(&mut self, position: &[f64], gradient: &mut [f64]) -> f64 {
        self.position.copy_from_slice(position);
        self.whitening.apply(&mut self.position);
        let value = self.inner.log_density(&self.position, gradient);
        self.whitening.pull(gradient);
        value
    }
}

/// A linear coefficient: its place in the position, its column over all cells, its prior.
struct Coefficient {
    index: usize,
    values: Vec<f64>,
    mean: f64,
    sd: f64,
}

impl Coefficient {
    fn of(model: &CompiledModel, c: &LinearCoefficient, index: usize) -> Self {
        let of = |parameter: usize| &model.layout.parameters[parameter].distribution;
        let (mean, sd) = location_and_spread(of(c.parameter));
        let sd = sd * c.scale.map_or(1.0, |scale| of(scale).median());
        Self { index, values: c.column(model), mean, sd }
    }
}

/// Median and a standard deviation that exists for every family.
fn location_and_spread(prior: &Distribution) -> (f64, f64) {
    let sd = 0.5 * (prior.quantile(0.841) - prior.quantile(0.159));
    (prior.median(), if sd.is_finite() && sd > 0.0 { sd } else { 1.0 })
}

/// The KPI less the media at the prior medians.
fn residual_of_media(model: &CompiledModel) -> Vec<f64> {
    let parameters = prior_median(&model.layout);
    let mut coefficients = vec![0.0; model.n_coefficients];
    for block in &model.blocks {
        block.forward(&parameters, &mut coefficients);
    }
    let mut work = model.mean.work(&model.training);
    model.mean.resolve(&parameters, &coefficients, &model.training, &mut work);
    let n = model.training.n_times;
    (0..model.likelihood.y.len())
        .map(|i| {
            let geo = i / n;
            let media: f64 = work.channels.iter().map(|c| c.beta[geo] * c.transformed[i]).sum();
            let rest = model.likelihood.y[i] - work.amplitude[geo] * media;
            if rest.is_finite() { rest } else { model.likelihood.y[i] }
        })
        .collect()
}

fn identity(p: usize) -> Vec<f64> {
    (0..p * p).map(|k| f64::from(k / p == k % p)).collect()
}

/// `L⁻ᵀ` of a lower triangular `L`, row-major: upper triangular.
fn inverse_transpose(p: usize, l: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    // Forward substitution for each unit vector gives the columns of L⁻¹, which are the rows of L⁻ᵀ.
    let mut map = vec![0.0; p * p];
    for column in 0..p {
        for i in column..p {
            let above: f64 = (column..i).map(|k| l(i, k) * map[column * p + k]).sum();
            map[column * p + i] = (f64::from(i == column) - above) / l(i, i);
        }
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_turns_a_precision_into_the_identity() {
        let p = 3;
        let l = [[2.0, 0.0, 0.0], [0.5, 1.5, 0.0], [-1.0, 0.25, 3.0]];
        let map = inverse_transpose(p, |i, j| l[i][j]);
        // mapᵀ·(L·Lᵀ)·map = I
        for a in 0..p {
            for b in 0..p {
                let mut sum = 0.0;
                for i in 0..p {
                    for j in 0..p {
                        let precision: f64 = (0..p).map(|k| l[i][k] * l[j][k]).sum();
                        sum += map[i * p + a] * precision * map[j * p + b];
                    }
                }
                assert!((sum - f64::from(a == b)).abs() < 1e-12, "{a} {b} {sum}");
            }
        }
    }

    #[test]
    fn pull_is_the_transpose_of_apply() {
        let whitening =
            Whitening { indices: vec![2, 0], centre: vec![0.0, 0.0], map: vec![1.5, -0.5, 0.0, 2.0] };
        let (z, d) = ([0.3, 7.0, -1.1], [0.9, 4.0, -0.2]);
        let (mut forward, mut back) = (z, d);
        whitening.apply(&mut forward);
        whitening.pull(&mut back);
        let inner = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        assert!((inner(&forward, &d) - inner(&z, &back)).abs() < 1e-12);
    }
}
