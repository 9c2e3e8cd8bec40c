//! The joint log density of a compiled model with its gradient, in the order of the mathematics.
//!
//! ```text
//! u ──support maps──▶ θ ──pooling──▶ coefficients ──mean function──▶ eta, mu ──likelihood──▶ ln p(y | θ)
//! ln p(u) = Σ_i [ ln prior_i(θ_i) + ln |dθ_i/du_i| ] + ln p(y | θ)
//! ```
//! The gradient runs the same way back. One evaluator per chain; it owns its scratch and allocates nothing per call.

use super::compile::CompiledModel;
use super::outcome::MeanWork;
use wanamaker_mcmc::log_density::LogDensity;

/// Evaluates the density of one model.
#[derive(Clone, Debug)]
pub struct Evaluator<'a> {
    model: &'a CompiledModel,
    parameters: Vec<f64>,
    d_parameters: Vec<f64>,
    coefficients: Vec<f64>,
    d_coefficients: Vec<f64>,
    d_eta: Vec<f64>,
    work: MeanWork,
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
            coefficients: vec![0.0; model.n_coefficients],
            d_coefficients: vec![0.0; model.n_coefficients],
            d_eta: vec![0.0; n_cells],
            work: model.mean.work(&model.training),
        }
    }

    /// Log likelihood at `self.parameters`; leaves its gradient in `self.d_parameters`, which it adds to.
    fn likelihood(&mut self) -> f64 {
        let model = self.model;
        for block in &model.blocks {
            block.forward(&self.parameters, &mut self.coefficients);
        }
        model.mean.resolve(&self.parameters, &self.coefficients, &model.training, &mut self.work);
        model.mean.mean(&self.coefficients, &model.training, &mut self.work);

        self.d_coefficients.fill(0.0);
        let ln_density = model.likelihood.ln_density(
            &self.coefficients,
            &self.work.eta,
            &self.work.mu,
            &mut self.d_eta,
            &mut self.d_coefficients,
        );

        model.mean.pullback(
            &self.parameters,
            &self.coefficients,
            &model.training,
            &self.d_eta,
            &mut self.work,
            &mut self.d_parameters,
            &mut self.d_coefficients,
        );
        for block in &model.blocks {
            block.pullback(
                &self.parameters,
                &self.coefficients,
                &self.d_coefficients,
                &mut self.d_parameters,
            );
        }
        ln_density
    }

    /// Every term at a point given as one number per scalar parameter, on the scale of the priors.
    ///
    /// Fixed parameters keep the value of the model, whatever stands in `point`.
    pub fn terms(&mut self, point: &[f64]) -> Terms {
        let layout = &self.model.layout;
        let mut priors = Vec::new();
        let mut jacobians = Vec::new();
        self.d_parameters.fill(0.0);
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
                    self.d_parameters[i] = slope;
                }
            }
            priors.push((variable.name.clone(), prior));
            jacobians.push((variable.name.clone(), jacobian));
        }
        let likelihood = self.likelihood();
        let mut gradient_unconstrained = vec![0.0; layout.n_free()];
        for (i, parameter) in layout.parameters.iter().enumerate() {
            if let Some(free) = parameter.free {
                let map = parameter.support.constrain(parameter.support.unconstrain(point[i]));
                gradient_unconstrained[free] = self.d_parameters[i] * map.slope + map.d_ln_jacobian;
            }
        }
        Terms { priors, likelihood, jacobians, gradient: self.d_parameters.clone(), gradient_unconstrained }
    }
}

impl LogDensity for Evaluator<'_> {
    fn dim(&self) -> usize {
        self.model.layout.n_free()
    }

    fn log_density(&mut self, position: &[f64], gradient: &mut [f64]) -> f64 {
        let mut ln_density = 0.0;
        for (i, parameter) in self.model.layout.parameters.iter().enumerate() {
            self.d_parameters[i] = 0.0;
            let Some(free) = parameter.free else { continue };
            let map = parameter.support.constrain(position[free]);
            let (ln_prior, slope) = parameter.distribution.ln_density_and_slope(map.value);
            self.parameters[i] = map.value;
            ln_density += ln_prior + map.ln_jacobian;
            // The prior's part of the gradient goes straight to the position; the likelihood's is added below.
            gradient[free] = slope * map.slope + map.d_ln_jacobian;
        }
        if !ln_density.is_finite() {
            return f64::NEG_INFINITY;
        }
        ln_density += self.likelihood();
        for (i, parameter) in self.model.layout.parameters.iter().enumerate() {
            if let Some(free) = parameter.free {
                gradient[free] += self.d_parameters[i] * parameter.support.constrain(position[free]).slope;
            }
        }
        if ln_density.is_finite() && gradient.iter().all(|g| g.is_finite()) {
            ln_density
        } else {
            f64::NEG_INFINITY
        }
    }
}
