//! The one forward pass: from coefficients and inputs to the expected KPI, and its pull-back.
//!
//! ```text
//! linear[g,t] = Σ_k b[g,k]·N[g,k,t]                                  intercept, trend, season, events, controls, treatments
//! media[g,t]  = Σ_c beta[g,c]·m[g,c,t]
//! eta[g,t]    = linear[g,t] + amplitude[g]·media[g,t]                amplitude = 1, or the intercept (`times_intercept`)
//! mu[g,t]     = eta[g,t], or exp(eta[g,t]) with the log link
//! ```
//! Everything here is on the scale of the priors; the compiler alone knows the user's units.

use super::media::{MediaTerm, MediaWork};
use super::pooling::CoefficientRef;
use crate::math::linalg::{add_columns, affine, combine, dot, dot_columns, sum};
use crate::math::vector::exp_in_place;
use crate::spec::{Link, MediaMode};

/// What a linear term stands for in a decomposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Component {
    /// The level.
    Intercept,
    /// The slow movement.
    Trend,
    /// Periodic waves.
    Seasonality,
    /// Day-of-week effects.
    DayOfWeek,
    /// Holidays and events.
    Events,
    /// A control, by index.
    Control(usize),
    /// A non-media treatment, by index.
    Treatment(usize),
}

/// One column of the linear design with its coefficient.
#[derive(Clone, Debug)]
pub struct LinearTerm {
    /// Name shown, e.g. `price` or `sin_1`.
    pub name: String,
    /// What it belongs to.
    pub component: Component,
    /// Its coefficient.
    pub coefficient: CoefficientRef,
}

/// What the mean is a function of: exposures and design columns on one grid, on the scale of the priors.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// Number of geos.
    pub n_geos: usize,
    /// Number of periods.
    pub n_times: usize,
    /// Exposure by channel, `[geo, time]`.
    pub exposure: Vec<Vec<f64>>,
    /// Design columns, one per linear term.
    pub columns: Vec<DesignColumn>,
}

/// Values of one linear term.
#[derive(Clone, Debug, PartialEq)]
pub enum DesignColumn {
    /// All ones: the intercept.
    Ones,
    /// The same for every geo, `[time]`.
    Common(Vec<f64>),
    /// `[geo, time]`.
    ByGeo(Vec<f64>),
}

impl DesignColumn {
    /// The values for one geo; `None` for all ones.
    pub(super) fn values(&self, geo: usize, n_times: usize) -> Option<&[f64]> {
        match self {
            DesignColumn::Ones => None,
            DesignColumn::Common(values) => Some(values),
            DesignColumn::ByGeo(values) => Some(&values[geo * n_times..(geo + 1) * n_times]),
        }
    }
}

/// The mean as a function of coefficients.
#[derive(Clone, Debug)]
pub struct MeanFunction {
    /// Linear terms, in the order of [`Inputs::columns`].
    pub terms: Vec<LinearTerm>,
    /// Channels, in the order of [`Inputs::exposure`]: paid, then organic.
    pub channels: Vec<MediaTerm>,
    /// The intercept, for `times_intercept`.
    pub intercept: CoefficientRef,
    /// How media enter.
    pub media_mode: MediaMode,
    /// The scale on which the parts add up.
    pub link: Link,
}

/// Scratch and results of one evaluation.
#[derive(Clone, Debug)]
pub struct MeanWork {
    /// Per channel.
    pub channels: Vec<MediaWork>,
    /// Multiplier of all media by geo.
    pub amplitude: Vec<f64>,
    /// `media[g,t]`, before the amplitude.
    pub(super) media_sum: Vec<f64>,
    /// Linear predictor `eta[g,t]`.
    pub eta: Vec<f64>,
    /// Expected KPI `mu[g,t]`.
    pub mu: Vec<f64>,
    d_sum: Vec<f64>,
    /// Of one geo, by channel.
    d_beta: Vec<f64>,
    d_amplitude: Vec<f64>,
}

/// Slopes in the averages of the media, which something beside the mean depends on.
#[derive(Clone, Copy, Debug)]
pub struct AverageSlopes<'a> {
    /// By channel: ∂L/∂m`[c,g,t]` is this times the weight.
    pub slopes: &'a [f64],
    /// `[g,t]`
    pub weight: &'a [f64],
}

impl MeanFunction {
    /// Scratch for `inputs`.
    pub fn work(&self, inputs: &Inputs) -> MeanWork {
        let cells = vec![0.0; inputs.n_geos * inputs.n_times];
        MeanWork {
            channels: self
                .channels
                .iter()
                .map(|channel| channel.work(inputs.n_geos, inputs.n_times))
                .collect(),
            amplitude: vec![1.0; inputs.n_geos],
            media_sum: cells.clone(),
            eta: cells.clone(),
            mu: cells.clone(),
            d_sum: cells,
            d_beta: vec![0.0; self.channels.len()],
            d_amplitude: vec![0.0; inputs.n_geos],
        }
    }

    /// Transforms all media and finds each channel's `beta`; fills `work.channels` and `work.amplitude`.
    ///
    /// On the training inputs only: money figures refer to what was spent there.
    pub fn resolve(&self, parameters: &[f64], coefficients: &[f64], training: &Inputs, work: &mut MeanWork) {
        for (c, channel) in self.channels.iter().enumerate() {
            channel.transform(coefficients, &training.exposure[c], training.n_times, &mut work.channels[c]);
        }
        self.resolve_betas(parameters, coefficients, training, work);
    }

    /// Each channel's `beta` from its transformed media.
    pub(super) fn resolve_betas(
        &self,
        parameters: &[f64],
        coefficients: &[f64],
        training: &Inputs,
        work: &mut MeanWork,
    ) {
        self.set_amplitude(coefficients, work);
        for (c, channel) in self.channels.iter().enumerate() {
            let state = &mut work.channels[c];
            channel.resolve_beta(parameters, coefficients, &work.amplitude, training.n_times, state);
        }
    }

    /// Transforms the media of other inputs with the coefficients that [`MeanFunction::resolve`] found.
    pub fn transform(&self, coefficients: &[f64], beta: &[Vec<f64>], inputs: &Inputs, work: &mut MeanWork) {
        self.set_amplitude(coefficients, work);
        for (c, channel) in self.channels.iter().enumerate() {
            channel.transform(coefficients, &inputs.exposure[c], inputs.n_times, &mut work.channels[c]);
            work.channels[c].beta.copy_from_slice(&beta[c]);
        }
    }

    /// Takes the multiplier of all media from the coefficients.
    pub(super) fn set_amplitude(&self, coefficients: &[f64], work: &mut MeanWork) {
        if self.media_mode == MediaMode::TimesIntercept {
            for (geo, amplitude) in work.amplitude.iter_mut().enumerate() {
                *amplitude = coefficients[self.intercept.index(geo)];
            }
        }
    }

    /// Adds up `eta` and `mu` from the transformed media in `work`.
    pub fn mean(&self, coefficients: &[f64], inputs: &Inputs, work: &mut MeanWork) {
        self.sum_media(work);
        self.add_up(coefficients, inputs, work);
        match self.link {
            Link::Identity => work.mu.copy_from_slice(&work.eta),
            Link::Log => self.exponentiate(work),
        }
    }

    /// The sum of the media from each of them.
    pub(super) fn sum_media(&self, work: &mut MeanWork) {
        let n_geos = work.amplitude.len();
        let n = work.media_sum.len() / n_geos;
        for geo in 0..n_geos {
            let cells = geo * n..(geo + 1) * n;
            let sum = &mut work.media_sum[cells.clone()];
            sum.fill(0.0);
            let media =
                work.channels.iter().map(|channel| (channel.beta[geo], &channel.transformed[cells.clone()]));
            add_columns(media, sum);
        }
    }

    /// `eta` from the sum of the media.
    pub(super) fn add_up(&self, coefficients: &[f64], inputs: &Inputs, work: &mut MeanWork) {
        let n = inputs.n_times;
        for geo in 0..inputs.n_geos {
            let cells = geo * n..(geo + 1) * n;
            let (sum, eta) = (&work.media_sum[cells.clone()], &mut work.eta[cells]);
            self.add_linear(coefficients, inputs, geo, work.amplitude[geo], sum, eta);
        }
    }

    /// `mu` from `eta`, with the log link.
    pub(super) fn exponentiate(&self, work: &mut MeanWork) {
        work.mu.copy_from_slice(&work.eta);
        exp_in_place(&mut work.mu);
    }

    /// `out[t] = factor·media[t] + Σ_k b[g,k]·N[g,k,t]` of one geo.
    pub(super) fn add_linear(
        &self,
        coefficients: &[f64],
        inputs: &Inputs,
        geo: usize,
        factor: f64,
        media: &[f64],
        out: &mut [f64],
    ) {
        let terms = || {
            self.terms.iter().zip(&inputs.columns).map(|(term, column)| {
                (coefficients[term.coefficient.index(geo)], column.values(geo, inputs.n_times))
            })
        };
        let level: f64 = terms().filter(|(_, values)| values.is_none()).map(|(b, _)| b).sum();
        affine(factor, media, level, out);
        add_columns(terms().filter_map(|(b, values)| Some((b, values?))), out);
    }

    /// The first half of the way back, linear terms left out: from `d_eta[g,t]` = ∂L/∂eta, and from `d_media[g,t]`, what
    /// else depends on the sum of the media, empty for nothing, to the effects of the channels.
    pub fn pull_effects(
        &self,
        parameters: &[f64],
        coefficients: &[f64],
        d_eta: &[f64],
        d_media: &[f64],
        work: &mut MeanWork,
        d_parameters: &mut [f64],
        d_coefficients: &mut [f64],
    ) {
        let n_geos = work.amplitude.len();
        let n = d_eta.len() / n_geos;
        for geo in 0..n_geos {
            let cells = geo * n..(geo + 1) * n;
            let d = &d_eta[cells.clone()];
            let amplitude = work.amplitude[geo];
            match d_media.get(cells.clone()) {
                Some(own) => combine(amplitude, d, 1.0, own, &mut work.d_sum[cells.clone()]),
                None => affine(amplitude, d, 0.0, &mut work.d_sum[cells.clone()]),
            }
            work.d_amplitude[geo] = 0.0;
            if self.media_mode == MediaMode::TimesIntercept {
                work.d_amplitude[geo] = dot(d, &work.media_sum[cells]);
            }
        }
        self.pull_products(n_geos, work);
        for (channel, state) in self.channels.iter().zip(&mut work.channels) {
            channel.pull_beta(parameters, coefficients, state, d_parameters, d_coefficients);
        }
    }

    /// `∂L/∂beta[c,g] = Σ_t d_sum[g,t]·m[c,g,t]` of every channel, together.
    fn pull_products(&self, n_geos: usize, work: &mut MeanWork) {
        let n = work.d_sum.len() / n_geos;
        for geo in 0..n_geos {
            let cells = geo * n..(geo + 1) * n;
            work.d_beta.fill(0.0);
            let media = work.channels.iter().enumerate();
            let media = media.map(|(c, channel)| (c, &channel.transformed[cells.clone()]));
            dot_columns(media, &work.d_sum[cells.clone()], &mut work.d_beta);
            for (channel, d_beta) in work.channels.iter_mut().zip(&work.d_beta) {
                channel.d_beta[geo] = *d_beta;
            }
        }
    }

    /// The second half: through the transforms of the media, and what else depends on their averages.
    pub fn pull_media(
        &self,
        coefficients: &[f64],
        inputs: &Inputs,
        averages: Option<AverageSlopes>,
        work: &mut MeanWork,
        d_coefficients: &mut [f64],
    ) {
        for (c, channel) in self.channels.iter().enumerate() {
            channel.pull_media(
                coefficients,
                &work.amplitude,
                &inputs.exposure[c],
                &work.d_sum,
                averages.map(|averages| (averages.slopes[c], averages.weight)),
                inputs.n_times,
                &mut work.channels[c],
                d_coefficients,
                &mut work.d_amplitude,
            );
        }
        if self.media_mode == MediaMode::TimesIntercept {
            for geo in 0..inputs.n_geos {
                d_coefficients[self.intercept.index(geo)] += work.d_amplitude[geo];
            }
        }
    }

    /// Adds `∂L/∂b[g,k] = Σ_t N[g,k,t]·d[t]` for every linear term of one geo.
    pub(super) fn pull_linear(&self, inputs: &Inputs, geo: usize, d: &[f64], d_coefficients: &mut [f64]) {
        self.dot_terms(inputs, geo, d, |term| self.terms[term].coefficient.index(geo), d_coefficients);
    }

    /// Adds `Σ_t N[g,k,t]·d[t]` to `totals[place(k)]` for every linear term of one geo.
    pub(super) fn dot_terms(
        &self,
        inputs: &Inputs,
        geo: usize,
        d: &[f64],
        place: impl Fn(usize) -> usize,
        totals: &mut [f64],
    ) {
        let values = |term: usize| inputs.columns[term].values(geo, inputs.n_times);
        let terms = || 0..self.terms.len();
        for term in terms().filter(|term| values(*term).is_none()) {
            totals[place(term)] += sum(d);
        }
        dot_columns(terms().filter_map(|term| Some((place(term), values(term)?))), d, totals);
    }
}
