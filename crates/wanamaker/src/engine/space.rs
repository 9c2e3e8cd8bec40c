//! The space in which samplers move: linear coefficients with normal priors, and with Laplace priors whose kink would be felt, are
//! integrated out, other linear ones whitened.

use super::whitening::{Whitened, Whitening};
use crate::distribution::support::Support;
use crate::distribution::{Distribution, Normal};
use crate::model::compile::CompiledModel;
use crate::model::layout::Parameter;
use crate::model::marginal::{Marginal, MarginalEvaluator, mixtures};
use rand::rngs::ChaCha8Rng;
use wanamaker_mcmc::laplace::{self, LaplaceError, Mode};
use wanamaker_mcmc::log_density::LogDensity;
use wanamaker_mcmc::seed::{Purpose, stream};

/// With more dimensions than this the curvature costs more than it saves.
const MOST_DIMENSIONS: usize = 200;

/// A kink counts where the coefficient's standard deviation is more than this share of its prior's scale. For the changes of a
/// piecewise trend on 208 weeks, which are above it, a sampled scale means 14 steps a draw instead of 27; for the waves of the
/// quickstart of PyMC-Marketing, which are below it, 10 instead of 7.
const FELT: f64 = 0.2;

/// The way from a model to the sampler and back.
#[derive(Clone, Debug)]
pub struct Space {
    marginal: Marginal,
    whitening: Whitening,
    /// By the curvature, at the mode or where the mass lies.
    shape: Whitening,
}

impl Space {
    /// The space of a model.
    pub fn of(model: &CompiledModel) -> Self {
        let marginal = Marginal::of(model);
        let whitening = Whitening::of(model, &marginal);
        let plain = Self { marginal, whitening, shape: Whitening::none() };
        let felt = plain.kinks_felt(model);
        if felt.is_empty() {
            return plain;
        }
        let marginal = Marginal::mixing(model, &felt);
        // With so many coefficients none is integrated out.
        if marginal.linear.is_empty() {
            return plain;
        }
        let whitening = Whitening::of(model, &marginal);
        Self { marginal, whitening, ..plain }
    }

    /// The whitened coefficients whose Laplace priors have a kink that trajectories would feel: the slope jumps there by `2/scale`,
    /// which is much where the data leave a wide range.
    fn kinks_felt(&self, model: &CompiledModel) -> Vec<usize> {
        let parameters = &model.layout.parameters;
        let at = |free: usize| parameters.iter().position(|own| own.free == Some(free));
        let felt = |(index, sd): (usize, f64)| {
            let parameter = at(self.free_index(index))?;
            match &parameters[parameter].distribution {
                Distribution::Laplace(prior) if sd > FELT * prior.scale => Some(parameter),
                _ => None,
            }
        };
        self.whitening.spreads().filter_map(felt).collect()
    }

    /// What of the model is integrated out.
    pub fn marginal(&self) -> &Marginal {
        &self.marginal
    }

    /// Whether the curvature costs less than it saves.
    pub fn can_be_shaped(&self) -> bool {
        self.dim() <= MOST_DIMENSIONS
    }

    /// The same, made round by the curvature at the mode, where there is one.
    pub fn shaped(self, model: &CompiledModel) -> Self {
        let around = if self.can_be_shaped() { self.mode(model).ok() } else { None };
        Self { shape: around.map_or_else(Whitening::none, |mode| Whitening::around(&mode)), ..self }
    }

    /// The same, made round by the average curvature at positions in it.
    pub(super) fn shaped_around<'p>(
        &self,
        model: &CompiledModel,
        positions: impl Iterator<Item = &'p [f64]>,
    ) -> Self {
        let unshaped = |position: &[f64]| {
            let mut position = position.to_vec();
            self.shape.apply(&mut position);
            position
        };
        let positions: Vec<Vec<f64>> = positions.map(unshaped).collect();
        let plain = Self { shape: Whitening::none(), ..self.clone() };
        match laplace::around(plain.density(model), &positions) {
            Some(mode) => Self { shape: Whitening::around(&mode), ..plain },
            None => self.clone(),
        }
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
        for (c, prior) in self.marginal.linear.coefficients.iter().zip(&self.marginal.linear.prior) {
            whole[c.free] = prior.mean;
        }
        let mut start = MarginalEvaluator::new(model, &self.marginal).others_of(&whole);
        let (centre, spread) = mixtures::AROUND_PRIOR;
        self.marginal.mixed().for_each(|index| start[index] = centre + spread * step());
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
