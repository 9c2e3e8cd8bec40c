//! The space in which samplers move: linear coefficients with normal priors are integrated out, other linear ones whitened.

use super::whitening::{Whitened, Whitening};
use crate::distribution::support::Support;
use crate::distribution::{Distribution, Normal};
use crate::model::compile::CompiledModel;
use crate::model::layout::Parameter;
use crate::model::marginal::{Marginal, MarginalEvaluator};
use rand::rngs::ChaCha8Rng;
use wanamaker_mcmc::laplace::{self, LaplaceError, Mode};
use wanamaker_mcmc::log_density::LogDensity;
use wanamaker_mcmc::seed::{Purpose, stream};

/// With more dimensions than this the curvature costs more than it saves.
const MOST_DIMENSIONS: usize = 200;

/// The way from a model to the sampler and back.
#[derive(Clone, Debug)]
pub struct Space {
    marginal: Marginal,
    whitening: Whitening,
    /// By the curvature at the mode.
    shape: Whitening,
}

impl Space {
    /// The space of a model.
    pub fn of(model: &CompiledModel) -> Self {
        let marginal = Marginal::of(model);
        let whitening = Whitening::of(model, &marginal);
        Self { marginal, whitening, shape: Whitening::none() }
    }

    /// The same, made round by the curvature at the mode, where there is one.
    pub fn shaped(self, model: &CompiledModel) -> Self {
        let around = if self.dim() <= MOST_DIMENSIONS { self.mode(model).ok() } else { None };
        Self { shape: around.map_or_else(Whitening::none, |mode| Whitening::around(&mode)), ..self }
    }

    /// The mode in this space of the model or, where its priors have kinks, of one without them.
    ///
    /// # Errors
    /// See [`LaplaceError`].
    pub fn mode(&self, model: &CompiledModel) -> Result<Mode, LaplaceError> {
        let rounded = without_kinks(model);
        let start = self.start(model, || 0.0);
        laplace::mode(self.density(&rounded), &start)
    }

    /// Whether the curvature is known.
    pub fn is_shaped(&self) -> bool {
        !self.shape.indices().is_empty()
    }

    /// Number of dimensions.
    pub fn dim(&self) -> usize {
        self.marginal.others.len()
    }

    /// The density of `model`, the one this is the space of or one with other priors on what is not integrated out.
    pub fn density<'a>(&'a self, model: &'a CompiledModel) -> impl LogDensity + 'a {
        let marginal = MarginalEvaluator::new(model, &self.marginal);
        Whitened::new(Whitened::new(marginal, &self.whitening), &self.shape)
    }

    /// A place where a chain can start: around the prior medians by half a prior standard deviation, but by no more than one
    /// unit, times `step`, numbers between −1 and 1; whitened coefficients around their ridge estimate.
    pub fn start(&self, model: &CompiledModel, mut step: impl FnMut() -> f64) -> Vec<f64> {
        let free = model.layout.parameters.iter().filter(|parameter| parameter.free.is_some());
        let mut whole: Vec<f64> = free
            .map(|parameter| {
                let (centre, spread) = around_prior(parameter);
                centre + spread * step()
            })
            .collect();
        for (c, (mean, _)) in self.marginal.linear.coefficients.iter().zip(&self.marginal.linear.prior) {
            whole[c.free] = *mean;
        }
        let mut start = MarginalEvaluator::new(model, &self.marginal).others_of(&whole);
        self.whitening.indices().iter().for_each(|&index| start[index] = step());
        self.shape.undo(&mut start);
        start
    }

    /// The way back to positions of the whole model.
    pub fn completion<'a>(&'a self, model: &'a CompiledModel) -> Completion<'a> {
        Completion { space: self, evaluator: MarginalEvaluator::new(model, &self.marginal) }
    }

    /// The place in the whole position of coordinate `index`.
    pub fn free_index(&self, index: usize) -> usize {
        self.marginal.others[index]
    }
}

/// Completes one position after another.
pub struct Completion<'a> {
    space: &'a Space,
    evaluator: MarginalEvaluator<'a>,
}

impl Completion<'_> {
    /// The position of the whole model for `position`, which becomes scratch: unwhitened, with the coefficients that were
    /// integrated out drawn given the rest, one draw for each. `rng` is the chain's own, see [`conditional_stream`].
    pub fn of(&mut self, position: &mut [f64], rng: &mut ChaCha8Rng) -> &[f64] {
        self.space.shape.apply(position);
        self.space.whitening.apply(position);
        // A draw has a finite density, so its conditional exists.
        self.evaluator.complete(position, rng)
    }
}

/// What chain `chain` draws its coefficients with, draw after draw from the first.
pub fn conditional_stream(model: &CompiledModel, chain: usize) -> ChaCha8Rng {
    stream(model.spec.sampler.seed.unwrap_or_default(), Purpose::Conditional, chain as u64)
}

/// The same model with normal priors of the same spread for Laplace ones, whose peak has no curvature: the changes of a
/// piecewise trend often have their mode right there.
fn without_kinks(model: &CompiledModel) -> CompiledModel {
    let mut rounded = model.clone();
    for parameter in &mut rounded.layout.parameters {
        if let Distribution::Laplace(prior) = &parameter.distribution {
            let sd = prior.scale * std::f64::consts::SQRT_2;
            parameter.distribution = Distribution::Normal(Normal { mean: prior.location, sd });
        }
    }
    rounded
}

fn around_prior(parameter: &Parameter) -> (f64, f64) {
    let at = |p: f64| parameter.support.unconstrain(parameter.distribution.quantile(p));
    let (low, centre, high) = (at(0.31), at(0.5), at(0.69));
    let spread = 0.5 * (high - low);
    // On the whole line the unit is the user's; elsewhere it is a logarithm.
    let widest = if parameter.support == Support::Real { f64::MAX } else { 1.0 };
    (if centre.is_finite() { centre } else { 0.0 }, if spread.is_finite() { spread.min(widest) } else { 1.0 })
}
