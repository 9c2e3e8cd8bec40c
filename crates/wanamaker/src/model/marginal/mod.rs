//! The density as samplers see it: linear coefficients integrated out, and the others in coordinates in which it is nearly
//! normal: effects as what channels bring (`effects`), curves as where usual exposures lie on them (`bends`), scales of Laplace
//! priors in place of their coefficients (`mixtures`).
//!
//! Given everything else (ψ), coefficients `b` with normal priors enter a normal likelihood linearly, so that their conditional
//! is normal with known moments (`conditional`), `b = b0 + D·z`:
//!
//! ```text
//! ln p(y | ψ) = ln p(y | b̂, ψ) − ½‖ẑ‖² − ½ ln|A|
//! ```
//! This is `p(y|b)·p(b)/p(b|y)` [chib1995] at `b = b̂`, where the powers of 2π and `|D|` cancel. At b̂ the slope in b is zero, so that the
//! gradient in ψ is that of the joint density with b held at b̂, and that of the determinant. After sampling, the coefficients
//! are drawn from their conditional: the posterior is the full one.

mod bends;
mod conditional;
mod effects;
mod linear_part;
pub mod mixtures;

use super::compile::CompiledModel;
use super::density::{Evaluator, finite};
use super::outcome::AverageSlopes;
use bends::Bends;
use conditional::Conditional;
use effects::AverageEffects;
use linear_part::LinearPart;
use mixtures::Mixtures;
use rand::Rng;
use wanamaker_mcmc::log_density::LogDensity;

/// What of a model samplers see, and as what.
#[derive(Clone, Debug)]
pub struct Marginal {
    /// What is integrated out.
    pub linear: LinearPart,
    mixtures: Mixtures,
    effects: AverageEffects,
    bends: Bends,
    /// Places, in the position of the whole model, of all other free parameters and of those whose prior's scale is sampled.
    pub others: Vec<usize>,
    /// Those of them that are seen as they are, `(parameter, place in the position)`.
    plain: Vec<(usize, usize)>,
}

impl Marginal {
    /// Finds out for a model: coefficients with normal priors are integrated out.
    pub fn of(model: &CompiledModel) -> Self {
        Self::mixing(model, &[])
    }

    /// The same, and of coefficients with Laplace priors those that are `mixed`, by their place among the parameters.
    pub fn mixing(model: &CompiledModel, mixed: &[usize]) -> Self {
        let linear = LinearPart::of(model, mixed);
        let (mixtures, effects) = (Mixtures::of(&linear), AverageEffects::of(model, &linear));
        let is_gone = |i: usize| linear.coefficients.iter().any(|c| c.free == i) && !mixtures.contain(i);
        let others: Vec<usize> = (0..model.layout.n_free()).filter(|i| !is_gone(*i)).collect();
        let parameters = model.layout.parameters.iter().enumerate();
        let plain = parameters
            .filter_map(|(i, parameter)| Some((i, parameter.free?)))
            .filter(|(_, free)| others.contains(free) && !effects.contain(*free) && !mixtures.contain(*free))
            .collect();
        Self { linear, mixtures, effects, bends: Bends::of(model), others, plain }
    }

    /// Which of the others are scales of Laplace priors.
    pub fn mixed(&self) -> impl Iterator<Item = usize> {
        (0..self.others.len()).filter(|&index| self.mixtures.contain(self.others[index]))
    }
}

/// The marginal density, in the position of [`Marginal::others`]. One per chain.
#[derive(Debug)]
pub struct MarginalEvaluator<'a> {
    marginal: &'a Marginal,
    inner: Evaluator<'a>,
    conditional: Conditional<'a>,
    /// Position and gradient of the whole model.
    position: Vec<f64>,
    gradient: Vec<f64>,
    /// By channel: m̄, and then ∂L/∂m per weight of a cell.
    averages: Vec<f64>,
    d_effects: Vec<(usize, f64)>,
}

impl<'a> MarginalEvaluator<'a> {
    /// An evaluator with its own scratch space.
    pub fn new(model: &'a CompiledModel, marginal: &'a Marginal) -> Self {
        Self {
            marginal,
            inner: Evaluator::new(model),
            conditional: Conditional::new(model, &marginal.linear),
            position: vec![0.0; model.layout.n_free()],
            gradient: vec![0.0; model.layout.n_free()],
            averages: vec![0.0; model.mean.channels.len()],
            d_effects: Vec::new(),
        }
    }

    /// Draws the coefficients given the rest: the position of the whole model. Where the rest has no finite density, the
    /// coefficients stay at their prior means.
    pub fn complete<R: Rng>(&mut self, others: &[f64], rng: &mut R) -> &[f64] {
        let drawable = self.place(others).is_some() && !self.marginal.linear.is_empty();
        if drawable && self.conditional.find(&mut self.inner).is_some() {
            self.conditional.draw(rng, &mut self.position);
        }
        &self.position
    }

    /// The sampler's position for a position of the whole model.
    pub fn others_of(&mut self, whole: &[f64]) -> Vec<f64> {
        let Marginal { mixtures, effects, bends, others, .. } = self.marginal;
        self.position.copy_from_slice(whole);
        self.inner.place(&self.position, &mut self.gradient);
        self.inner.resolve();
        effects.leave(&self.inner, &mut self.position, &mut self.averages);
        bends.leave(&mut self.position);
        mixtures.leave(&mut self.position);
        others.iter().map(|&i| self.position[i]).collect()
    }

    /// Puts the rest into the model, the coefficients at their prior means, and resolves the media: `Σ ln prior + ln Jacobian`
    /// of the rest, or `None` where that is not finite.
    fn place(&mut self, others: &[f64]) -> Option<f64> {
        let Marginal { linear, mixtures, effects, bends, others: places, plain } = self.marginal;
        let inner = &mut self.inner;
        places.iter().zip(others).for_each(|(&free, u)| self.position[free] = *u);
        let mut prior =
            bends.place(&mut self.position) + mixtures.place(&self.position, &mut self.conditional);
        for &(parameter, free) in plain {
            let (ln_density, slope) = inner.place_one(parameter, self.position[free]);
            prior += ln_density;
            self.gradient[free] = slope;
        }
        for (c, prior) in linear.coefficients.iter().zip(&linear.prior) {
            self.position[c.free] = prior.mean;
            inner.parameters[c.parameter] = prior.mean;
        }
        if !prior.is_finite() {
            return None;
        }
        inner.resolve();
        Some(prior + effects.place(inner, &mut self.position, &mut self.gradient, &mut self.averages)?)
    }
}

impl LogDensity for MarginalEvaluator<'_> {
    fn dim(&self) -> usize {
        self.marginal.others.len()
    }

    fn log_density(&mut self, position: &[f64], gradient: &mut [f64]) -> f64 {
        let Some(prior) = self.place(position) else { return f64::NEG_INFINITY };
        let Self { inner, conditional, averages, .. } = self;
        let integrates = !self.marginal.linear.is_empty();
        let value = if integrates {
            let Some(twice) = conditional.find(inner) else { return f64::NEG_INFINITY };
            let likelihood = inner.likelihood_of_sums();
            conditional.pull_linear(inner);
            let d_media = conditional.pull_determinant(inner);
            inner.pull_effects(d_media);
            prior + likelihood - 0.5 * twice
        } else {
            let likelihood = inner.likelihood();
            inner.pull_linear();
            inner.pull_effects(&[]);
            prior + likelihood
        };
        self.marginal.effects.pull(inner, &self.gradient, &mut self.d_effects, averages);
        inner.pull_media(Some(AverageSlopes { slopes: averages, weight: &inner.model.likelihood.weight }));
        if integrates {
            conditional.pull_scales(inner);
        }
        inner.add_slopes(&mut self.gradient);
        self.d_effects.iter().for_each(|(free, slope)| self.gradient[*free] = *slope);
        self.marginal.mixtures.pull(&self.conditional, &mut self.gradient);
        self.marginal.bends.pull(&self.position, &mut self.gradient);
        gradient.iter_mut().zip(&self.marginal.others).for_each(|(g, &i)| *g = self.gradient[i]);
        finite(value, gradient)
    }
}
