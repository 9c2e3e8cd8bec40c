//! Draws with names, in the user's units.

pub mod interval;
pub mod predictive;
pub mod replay;
pub mod summary;

use crate::model::compile::CompiledModel;
use crate::model::layout::{Visibility, labels};
use crate::model::point::prior_median;
use wanamaker_mcmc::seed::{Purpose, stream};

/// A named array of the posterior.
#[derive(Clone, Debug, PartialEq)]
pub struct PosteriorVariable {
    /// Name, e.g. `decay`.
    pub name: String,
    /// Names of its axes after chain and draw.
    pub dims: Vec<String>,
    /// Coordinates along each axis.
    pub coords: Vec<Vec<String>>,
    /// First scalar in a draw.
    pub start: usize,
    /// Number of scalars.
    pub len: usize,
    /// Whether it is reported.
    pub visibility: Visibility,
}

impl PosteriorVariable {
    /// Labels of its scalars in order.
    pub fn labels(&self) -> Vec<String> {
        labels(&self.name, &self.coords)
    }
}

/// Draws of every parameter, axes `[chain, draw, scalar]`, in the user's units.
///
/// Parameters alone are kept; whatever follows from them is computed again when asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior {
    /// The arrays, covering all scalars without gaps.
    pub variables: Vec<PosteriorVariable>,
    /// Number of chains.
    pub n_chains: usize,
    /// Draws per chain.
    pub n_draws: usize,
    /// `[chain, draw, scalar]`.
    pub values: Vec<f64>,
}

impl Posterior {
    /// Puts a draw in its place, from its position on the sampler's scale, `[free parameter]`.
    pub fn set(&mut self, model: &CompiledModel, chain: usize, draw: usize, position: &[f64]) {
        let units = model.layout.variables.iter().flat_map(|variable| &variable.units);
        let values = self.draw_mut(chain, draw).iter_mut();
        for ((value, parameter), unit) in values.zip(&model.layout.parameters).zip(units) {
            let of_prior = match parameter.free {
                Some(free) => parameter.support.constrain(position[free]).value,
                None => parameter.distribution.median(),
            };
            *value = of_prior * unit;
        }
    }

    /// The same draws with room for `n_draws` of each chain, zeros where there were none.
    pub fn with_room(&self, n_draws: usize) -> Self {
        let n = self.n_scalars();
        let mut values = vec![0.0; self.n_chains * n_draws * n];
        let kept = self.n_draws.min(n_draws) * n;
        for chain in 0..self.n_chains {
            let (from, to) = (chain * self.n_draws * n, chain * n_draws * n);
            values[to..to + kept].copy_from_slice(&self.values[from..from + kept]);
        }
        Self { variables: self.variables.clone(), n_chains: self.n_chains, n_draws, values }
    }

    /// Draws that `fill` writes on the scale of the priors, `(chain, draw, parameters)`; fixed parameters stand there already.
    pub fn from_values(
        model: &CompiledModel,
        n_chains: usize,
        n_draws: usize,
        mut fill: impl FnMut(usize, usize, &mut [f64]),
    ) -> Self {
        let medians = prior_median(&model.layout);
        let mut posterior = Self::empty(model, n_chains, n_draws);
        for chain in 0..n_chains {
            for d in 0..n_draws {
                let values = posterior.draw_mut(chain, d);
                values.copy_from_slice(&medians);
                fill(chain, d, values);
            }
        }
        posterior.convert_to_user_units(model);
        posterior
    }

    /// Draws from the prior, so that everything that can be asked of a posterior can be asked before a fit.
    pub fn from_prior(model: &CompiledModel, n_draws: usize, seed: u64) -> Self {
        let mut posterior = Self::empty(model, 1, n_draws);
        let mut rng = stream(seed, Purpose::Prior, 0);
        for d in 0..n_draws {
            let draw = posterior.draw_mut(0, d);
            for (value, parameter) in draw.iter_mut().zip(&model.layout.parameters) {
                *value = parameter.distribution.sample(&mut rng);
            }
        }
        posterior.convert_to_user_units(model);
        posterior
    }

    /// The shape of a posterior of `model`, all zeros.
    pub fn empty(model: &CompiledModel, n_chains: usize, n_draws: usize) -> Self {
        let variables = model
            .layout
            .variables
            .iter()
            .map(|variable| PosteriorVariable {
                name: variable.name.clone(),
                dims: variable.dims.clone(),
                coords: variable.coords.clone(),
                start: variable.start,
                len: variable.len(),
                visibility: variable.visibility,
            })
            .collect();
        Self {
            variables,
            n_chains,
            n_draws,
            values: vec![0.0; n_chains * n_draws * model.layout.n_parameters()],
        }
    }

    fn convert_to_user_units(&mut self, model: &CompiledModel) {
        let units: Vec<f64> =
            model.layout.variables.iter().flat_map(|variable| variable.units.clone()).collect();
        for draw in self.values.chunks_exact_mut(units.len().max(1)) {
            draw.iter_mut().zip(&units).for_each(|(value, unit)| *value *= unit);
        }
    }

    /// How many series with a number for every draw fit into `bytes`; one at least.
    pub fn series_within(&self, bytes: usize) -> usize {
        let n_draws = self.n_chains * self.n_draws;
        (bytes / (n_draws.max(1) * size_of::<f64>())).max(1)
    }

    /// Number of scalars per draw.
    pub fn n_scalars(&self) -> usize {
        self.variables.iter().map(|variable| variable.len).sum()
    }

    /// One draw in the user's units.
    pub fn draw(&self, chain: usize, draw: usize) -> &[f64] {
        let n = self.n_scalars();
        let start = (chain * self.n_draws + draw) * n;
        &self.values[start..start + n]
    }

    fn draw_mut(&mut self, chain: usize, draw: usize) -> &mut [f64] {
        let n = self.n_scalars();
        let start = (chain * self.n_draws + draw) * n;
        &mut self.values[start..start + n]
    }

    /// The same draws of every chain, by index, in the order given.
    pub fn kept(&self, draws: &[usize]) -> Self {
        let all = (0..self.n_chains).flat_map(|chain| draws.iter().map(move |&draw| (chain, draw)));
        Self {
            variables: self.variables.clone(),
            n_chains: self.n_chains,
            n_draws: draws.len(),
            values: all.flat_map(|(chain, draw)| self.draw(chain, draw)).copied().collect(),
        }
    }

    /// One draw on the scale of the priors, as the model's own functions want it.
    pub fn parameters(&self, model: &CompiledModel, chain: usize, draw: usize) -> Vec<f64> {
        let units = model.layout.variables.iter().flat_map(|variable| variable.units.iter());
        self.draw(chain, draw).iter().zip(units).map(|(value, unit)| value / unit).collect()
    }

    /// All draws of one scalar, one vector per chain.
    pub fn scalar(&self, index: usize) -> Vec<Vec<f64>> {
        (0..self.n_chains).map(|c| (0..self.n_draws).map(|d| self.draw(c, d)[index]).collect()).collect()
    }

    /// Labels of all scalars in order.
    pub fn labels(&self) -> Vec<String> {
        self.variables.iter().flat_map(PosteriorVariable::labels).collect()
    }
}
