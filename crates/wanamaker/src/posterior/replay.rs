//! Running the forward pass again at drawn parameters: the mean and its parts, on any inputs, in the user's units.

use super::Posterior;
use crate::model::compile::{CompiledModel, DerivedValue};
use crate::model::likelihood::Noise;
use crate::model::media::MediaWork;
use crate::model::outcome::{DesignColumn, Inputs, MeanWork};
use crate::spec::Link;

/// Evaluates the mean function at one draw after another. The only road from draws to outcomes.
#[derive(Clone, Debug)]
pub struct Replay<'a> {
    model: &'a CompiledModel,
    parameters: Vec<f64>,
    coefficients: Vec<f64>,
    training: MeanWork,
}

impl<'a> Replay<'a> {
    /// Nothing evaluated yet.
    pub fn new(model: &'a CompiledModel) -> Self {
        Self {
            model,
            parameters: vec![0.0; model.layout.n_parameters()],
            coefficients: vec![0.0; model.n_coefficients],
            training: model.mean.work(&model.training),
        }
    }

    /// Goes to a draw: the training mean and every coefficient stand ready.
    pub fn go_to(&mut self, posterior: &Posterior, chain: usize, draw: usize) {
        self.parameters = posterior.parameters(self.model, chain, draw);
        for block in &self.model.blocks {
            block.forward(&self.parameters, &mut self.coefficients);
        }
        let mean = &self.model.mean;
        mean.resolve(&self.parameters, &self.coefficients, &self.model.training, &mut self.training);
        mean.mean(&self.coefficients, &self.model.training, &mut self.training);
    }

    /// A derived value at this draw, on the scale of the priors.
    pub fn derived(&self, value: DerivedValue) -> f64 {
        match value {
            DerivedValue::Coefficient(at) => self.coefficients[at],
            DerivedValue::Beta { channel, geo } => self.training.channels[channel].beta[geo],
        }
    }

    /// Parameters of adstock and saturation of a channel in a geo, on the scale of the priors.
    pub fn transform_parameters(&self, channel: usize, geo: usize) -> ([f64; 2], [f64; 2]) {
        self.model.mean.channels[channel].parameters(&self.coefficients, geo)
    }

    /// Noise parameters of a geo.
    pub fn noise(&self, geo: usize) -> Noise {
        self.model.likelihood.noise(&self.coefficients, geo)
    }

    /// The training mean.
    pub fn training(&self) -> &MeanWork {
        &self.training
    }

    /// The mean on other inputs, with the coefficients that hold on the training data.
    pub fn mean_on(&self, inputs: &Inputs, work: &mut MeanWork) {
        let beta: Vec<Vec<f64>> = self.training.channels.iter().map(|channel| channel.beta.clone()).collect();
        self.model.mean.transform(&self.coefficients, &beta, inputs, work);
        self.model.mean.mean(&self.coefficients, inputs, work);
    }

    /// Adds to `out[g,t]`, in KPI units, what `channels` brought together: the mean minus the mean with their exposure at
    /// zero.
    ///
    /// With the identity link that is `amplitude·Σ beta·m`; with the log link `mu·(1 − exp(−amplitude·Σ beta·m))`.
    pub fn add_channels(&self, channels: &[usize], inputs: &Inputs, work: &MeanWork, out: &mut [f64]) {
        let n = inputs.n_times;
        for geo in 0..inputs.n_geos {
            for i in geo * n..(geo + 1) * n {
                let media: f64 = channels
                    .iter()
                    .map(|&c| work.channels[c].beta[geo] * work.channels[c].transformed[i])
                    .sum();
                out[i] += self.fall(geo, work.mu[i], work.amplitude[geo] * media);
            }
        }
    }

    /// Adds to `out[g,t]`, in KPI units, the training mean minus the training mean had channel `channel` had the exposure
    /// `exposure[g,t]`, on the scale of the priors; `media` is scratch.
    pub fn add_change(&self, channel: usize, exposure: &[f64], media: &mut MediaWork, out: &mut [f64]) {
        let (inputs, work) = (&self.model.training, &self.training);
        let n = inputs.n_times;
        if exposure.iter().all(|x| *x == 0.0) {
            // Nothing, whatever the transforms: every curve begins at nothing.
            media.transformed.fill(0.0);
        } else {
            self.model.mean.channels[channel].transform(&self.coefficients, exposure, n, media);
        }
        let own = &work.channels[channel];
        for geo in 0..inputs.n_geos {
            let effect = work.amplitude[geo] * own.beta[geo];
            for i in geo * n..(geo + 1) * n {
                let part = effect * (own.transformed[i] - media.transformed[i]);
                out[i] += self.fall(geo, work.mu[i], part);
            }
        }
    }

    /// What the mean `mu` loses, in KPI units, when `part` is taken from its linear predictor.
    fn fall(&self, geo: usize, mu: f64, part: f64) -> f64 {
        self.model.units.kpi_of(geo)
            * match self.model.mean.link {
                Link::Identity => part,
                Link::Log => -mu * (-part).exp_m1(),
            }
    }

    /// Share of each period's effect of the exposure in `window` that comes from that very period, `[geo, time]`.
    pub fn immediate_shares(&self, channel: usize, window: std::ops::Range<usize>, out: &mut [f64]) {
        let inputs = &self.model.training;
        let term = &self.model.mean.channels[channel];
        for (geo, out) in out.chunks_exact_mut(inputs.n_times).enumerate() {
            let x = &inputs.exposure[channel][geo * inputs.n_times..(geo + 1) * inputs.n_times];
            term.immediate_shares(&self.coefficients, geo, x, window.clone(), out);
        }
    }

    /// Adds to `out[g,t]`, in KPI units, one linear term. Only with the identity link do terms add up.
    pub fn add_term(&self, term: usize, inputs: &Inputs, out: &mut [f64]) {
        let n = inputs.n_times;
        let place = self.model.mean.terms[term].coefficient;
        for geo in 0..inputs.n_geos {
            let b = self.coefficients[place.index(geo)] * self.model.units.kpi_of(geo);
            for t in 0..n {
                out[geo * n + t] += b * match &inputs.columns[term] {
                    DesignColumn::Ones => 1.0,
                    DesignColumn::Common(values) => values[t],
                    DesignColumn::ByGeo(values) => values[geo * n + t],
                };
            }
        }
    }

    /// The mean in KPI units.
    pub fn add_mean(&self, inputs: &Inputs, work: &MeanWork, out: &mut [f64]) {
        let n = inputs.n_times;
        for (i, mu) in work.mu.iter().enumerate() {
            out[i] += mu * self.model.units.kpi_of(i / n);
        }
    }

    /// The mean with all media at zero, in KPI units.
    pub fn add_baseline(&self, inputs: &Inputs, work: &MeanWork, out: &mut [f64]) {
        let all: Vec<usize> = (0..work.channels.len()).collect();
        for (i, out) in out.iter_mut().enumerate() {
            let geo = i / inputs.n_times;
            *out += self.without(&all, work, geo, i) * self.model.units.kpi_of(geo);
        }
    }

    /// Mean over periods `range` of the training mean with the media of `channels` at zero, in KPI units; `[geo]`.
    pub fn mean_without(&self, channels: &[usize], range: std::ops::Range<usize>) -> Vec<f64> {
        let n = self.model.training.n_times;
        let mean = |geo: usize| {
            let cells = range.clone().map(|t| self.without(channels, &self.training, geo, geo * n + t));
            cells.sum::<f64>() / range.len() as f64 * self.model.units.kpi_of(geo)
        };
        (0..self.model.training.n_geos).map(mean).collect()
    }

    /// The mean of cell `i` with the media of `channels` at zero, on the scale of the priors.
    fn without(&self, channels: &[usize], work: &MeanWork, geo: usize, i: usize) -> f64 {
        let media: f64 =
            channels.iter().map(|&c| work.channels[c].beta[geo] * work.channels[c].transformed[i]).sum();
        let eta = work.eta[i] - work.amplitude[geo] * media;
        if self.model.mean.link == Link::Log { eta.exp() } else { eta }
    }
}
