//! The joint log density of a compiled model with its gradient, in the order of the mathematics.
//!
//! ```text
//! u ──support maps──▶ θ ──pooling──▶ coefficients ──mean function──▶ eta, mu ──likelihood──▶ ln p(y | θ)
//! ln p(u) = Σ_i [ ln prior_i(θ_i) + ln |dθ_i/du_i| ] + ln p(y | θ)
//! ```
//! The gradient runs the same way back. One evaluator per chain; it owns its scratch and allocates nothing per call.

use super::compile::CompiledModel;
use super::likelihood::Noise;
use super::outcome::{AverageSlopes, MeanWork};
use crate::math::linalg::dot;
use crate::spec::{Link, TransformOrder};
use wanamaker_mcmc::log_density::LogDensity;

/// Evaluates the density of one model.
#[derive(Clone, Debug)]
pub struct Evaluator<'a> {
    pub(super) model: &'a CompiledModel,
    pub(super) parameters: Vec<f64>,
    pub(super) d_parameters: Vec<f64>,
    /// What of each log prior does not move.
    ln_constants: Vec<f64>,
    /// ∂θ/∂u of each, where it was placed.
    map_slopes: Vec<f64>,
    pub(super) coefficients: Vec<f64>,
    pub(super) d_coefficients: Vec<f64>,
    pub(super) d_eta: Vec<f64>,
    pub(super) work: MeanWork,
}

/// The log density at a point, term by term, on the scale of the priors.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// Log prior of each variable, in the order of the layout.
    pub priors: Vec<(String, f64)>,
    /// Log likelihood.
    pub likelihood: f64,
    /// Log Jacobian of each variable's support map.
    pub jacobians: Vec<(String, f64)>,
    /// Gradient of the joint density without Jacobian in each scalar parameter, fixed ones included.
    pub gradient: Vec<f64>,
    /// Gradient of the joint density with Jacobian in the unconstrained position.
    pub gradient_unconstrained: Vec<f64>,
}

impl Terms {
    /// Joint log density without Jacobian.
    pub fn joint(&self) -> f64 {
        self.priors.iter().map(|(_, value)| value).sum::<f64>() + self.likelihood
    }

    /// Joint log density with Jacobian: what the sampler sees.
    pub fn joint_with_jacobian(&self) -> f64 {
        self.joint() + self.jacobians.iter().map(|(_, value)| value).sum::<f64>()
    }
}

impl<'a> Evaluator<'a> {
    /// An evaluator with its own scratch space.
    pub fn new(model: &'a CompiledModel) -> Self {
        let n_cells = model.training.n_geos * model.training.n_times;
        Self {
            model,
            parameters: model.layout.parameters.iter().map(|p| p.distribution.median()).collect(),
            d_parameters: vec![0.0; model.layout.n_parameters()],
            ln_constants: model.layout.parameters.iter().map(|p| p.distribution.ln_constant()).collect(),
            map_slopes: vec![1.0; model.layout.n_parameters()],
            coefficients: vec![0.0; model.n_coefficients],
            d_coefficients: vec![0.0; model.n_coefficients],
            d_eta: vec![0.0; n_cells],
            work: model.mean.work(&model.training),
        }
    }

    /// Puts a position into the parameters: `Σ ln prior + ln Jacobian`, whose slopes are left in `gradient`.
    pub(super) fn place(&mut self, position: &[f64], gradient: &mut [f64]) -> f64 {
        let mut total = 0.0;
        for (i, parameter) in self.model.layout.parameters.iter().enumerate() {
            if let Some(free) = parameter.free {
                let (ln_density, slope) = self.place_one(i, position[free]);
                total += ln_density;
                gradient[free] = slope;
            }
        }
        total
    }

    /// Puts one coordinate into its parameter: `ln prior + ln Jacobian` and its slope.
    pub(super) fn place_one(&mut self, i: usize, u: f64) -> (f64, f64) {
        let parameter = &self.model.layout.parameters[i];
        let map = parameter.support.constrain(u);
        let (kernel, slope) = parameter.distribution.ln_kernel_and_slope(map.value);
        (self.parameters[i], self.map_slopes[i]) = (map.value, map.slope);
        (kernel + self.ln_constants[i] + map.ln_jacobian, slope * map.slope + map.d_ln_jacobian)
    }

    /// The noise of a geo at `self.coefficients`.
    pub(super) fn noise(&self, geo: usize) -> Noise {
        self.model.likelihood.noise(&self.coefficients, geo)
    }

    /// Mean over the training cells, or those of one geo, of what goes into a channel's saturation, after [`Evaluator::resolve`].
    pub(super) fn mean_bent_exposure(&self, channel: usize, geo: Option<usize>) -> f64 {
        let (model, n) = (self.model, self.model.training.n_times);
        let bent = match model.mean.channels[channel].order {
            TransformOrder::AdstockFirst => &self.work.channels[channel].first,
            TransformOrder::SaturationFirst => &model.training.exposure[channel],
        };
        let cells = geo.map_or(0..bent.len(), |geo| geo * n..(geo + 1) * n);
        let weight = &model.likelihood.weight[cells.clone()];
        dot(&bent[cells], weight) / weight.iter().sum::<f64>()
    }

    /// Coefficients and transformed media at `self.parameters`.
    pub(super) fn resolve(&mut self) {
        self.pool();
        let model = self.model;
        model.mean.resolve(&self.parameters, &self.coefficients, &model.training, &mut self.work);
    }

    /// The same, when only effects have changed since the media were transformed.
    pub(super) fn resolve_betas(&mut self) {
        self.pool();
        let model = self.model;
        model.mean.resolve_betas(&self.parameters, &self.coefficients, &model.training, &mut self.work);
    }

    /// Coefficients at `self.parameters`.
    pub(super) fn pool(&mut self) {
        for block in &self.model.blocks {
            block.forward(&self.parameters, &mut self.coefficients);
        }
    }

    /// Log likelihood at what was resolved; leaves its slopes in `self.d_eta` and, of the noise, in `self.d_coefficients`.
    pub(super) fn likelihood(&mut self) -> f64 {
        self.model.mean.sum_media(&mut self.work);
        self.likelihood_of_sums()
    }

    /// The same, from the sum of the media.
    pub(super) fn likelihood_of_sums(&mut self) -> f64 {
        let model = self.model;
        model.mean.add_up(&self.coefficients, &model.training, &mut self.work);
        let mut mu = &self.work.eta;
        if model.mean.link == Link::Log {
            model.mean.exponentiate(&mut self.work);
            mu = &self.work.mu;
        }
        self.d_coefficients.fill(0.0);
        model.likelihood.ln_density(
            &self.coefficients,
            &self.work.eta,
            mu,
            &mut self.d_eta,
            &mut self.d_coefficients,
        )
    }

    /// Back from the likelihood to the linear coefficients.
    pub(super) fn pull_linear(&mut self) {
        let (mean, inputs) = (&self.model.mean, &self.model.training);
        for geo in 0..inputs.n_geos {
            let cells = geo * inputs.n_times..(geo + 1) * inputs.n_times;
            mean.pull_linear(inputs, geo, &self.d_eta[cells], &mut self.d_coefficients);
        }
    }

    /// Back to the effects of the channels, from the likelihood and from `d_media`, what else depends on the sum of the media.
    pub(super) fn pull_effects(&mut self, d_media: &[f64]) {
        self.d_parameters.fill(0.0);
        self.model.mean.pull_effects(
            &self.parameters,
            &self.coefficients,
            &self.d_eta,
            d_media,
            &mut self.work,
            &mut self.d_parameters,
            &mut self.d_coefficients,
        );
    }

    /// Back through the transforms of the media to all parameters: `self.d_parameters`.
    pub(super) fn pull_media(&mut self, averages: Option<AverageSlopes>) {
        let model = self.model;
        model.mean.pull_media(
            &self.coefficients,
            &model.training,
            averages,
            &mut self.work,
            &mut self.d_coefficients,
        );
        self.pool_back();
    }

    fn pool_back(&mut self) {
        for block in &self.model.blocks {
            block.pullback(
                &self.parameters,
                &self.coefficients,
                &self.d_coefficients,
                &mut self.d_parameters,
            );
        }
    }

    /// Adds the slopes of the likelihood to a gradient in the position.
    pub(super) fn add_slopes(&self, gradient: &mut [f64]) {
        let slopes = self.d_parameters.iter().zip(&self.map_slopes);
        for (parameter, (d, slope)) in self.model.layout.parameters.iter().zip(slopes) {
            if let Some(free) = parameter.free {
                gradient[free] += d * slope;
            }
        }
    }

    /// Log likelihood at `self.parameters`; leaves its slopes in `self.d_parameters`.
    fn likelihood_and_slopes(&mut self) -> f64 {
        let likelihood = self.likelihood();
        self.pull_linear();
        self.pull_effects(&[]);
        self.pull_media(None);
        likelihood
    }

    /// Every term at a point given as one number per scalar parameter, on the scale of the priors.
    ///
    /// Fixed parameters keep the value of the model, whatever stands in `point`.
    pub fn terms(&mut self, point: &[f64]) -> Terms {
        let layout = &self.model.layout;
        let mut priors = Vec::new();
        let mut jacobians = Vec::new();
        let mut gradient = vec![0.0; layout.n_parameters()];
        for variable in &layout.variables {
            let (mut prior, mut jacobian) = (0.0, 0.0);
            for i in variable.start..variable.start + variable.len() {
                let parameter = &layout.parameters[i];
                if parameter.free.is_some() {
                    self.parameters[i] = point[i];
                    let (ln_density, slope) = parameter.distribution.ln_density_and_slope(point[i]);
                    prior += ln_density;
                    jacobian +=
                        parameter.support.constrain(parameter.support.unconstrain(point[i])).ln_jacobian;
                    gradient[i] = slope;
                }
            }
            priors.push((variable.name.clone(), prior));
            jacobians.push((variable.name.clone(), jacobian));
        }
        self.resolve();
        let likelihood = self.likelihood_and_slopes();
        gradient.iter_mut().zip(&self.d_parameters).for_each(|(prior, d)| *prior += d);
        let mut gradient_unconstrained = vec![0.0; layout.n_free()];
        for (i, parameter) in layout.parameters.iter().enumerate() {
            if let Some(free) = parameter.free {
                let map = parameter.support.constrain(parameter.support.unconstrain(point[i]));
                gradient_unconstrained[free] = gradient[i] * map.slope + map.d_ln_jacobian;
            }
        }
        Terms { priors, likelihood, jacobians, gradient, gradient_unconstrained }
    }
}

impl LogDensity for Evaluator<'_> {
    fn dim(&self) -> usize {
        self.model.layout.n_free()
    }

    fn log_density(&mut self, position: &[f64], gradient: &mut [f64]) -> f64 {
        let prior = self.place(position, gradient);
        if !prior.is_finite() {
            return f64::NEG_INFINITY;
        }
        self.resolve();
        let likelihood = self.likelihood_and_slopes();
        self.add_slopes(gradient);
        finite(prior + likelihood, gradient)
    }
}

/// The density, or minus infinity where it or a slope is not a number a sampler can use.
pub(super) fn finite(ln_density: f64, gradient: &[f64]) -> f64 {
    if ln_density.is_finite() && gradient.iter().all(|g| g.is_finite()) {
        ln_density
    } else {
        f64::NEG_INFINITY
    }
}
