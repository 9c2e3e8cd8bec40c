//! One channel: from exposure to transformed media, and from its effect to a coefficient.

use super::pooling::CoefficientRef;
use super::response::Transforms;
use crate::adstock::Adstock;
use crate::math::linalg::{add_scaled, affine, combine, dot};
use crate::saturation::Saturation;
use crate::spec::TransformOrder;

/// The transforms and the effect of one channel, with the places of their parameters.
#[derive(Clone, Debug)]
pub struct MediaTerm {
    /// Channel name.
    pub name: String,
    /// Carry-over.
    pub adstock: Adstock,
    /// Its parameters, in the order of [`Adstock::parameter_names`].
    pub adstock_parameters: Vec<CoefficientRef>,
    /// Diminishing return.
    pub saturation: Saturation,
    /// Its parameters, in the order of [`Saturation::parameter_names`].
    pub saturation_parameters: Vec<CoefficientRef>,
    /// Which comes first.
    pub order: TransformOrder,
    /// The coefficient, or the money figure it follows from.
    pub effect: CoefficientRef,
    /// How `beta` follows from `effect`.
    pub kind: EffectKind,
    /// Divisor of the transformed media; 1 unless features are scaled.
    pub feature_scale: f64,
}

/// How the coefficient of a channel follows from its effect parameter.
///
/// With `A[g] = Σ_t value[g,t]·amplitude[g]·m[g,t]`, the money that one unit of `beta` brings in geo `g`:
///
/// ```text
/// Coefficient       beta[g] = e[g]
/// Total             beta[g] = e[g]·T / Σ_h (e[h]/mean)·A[h]      one figure for all geos; `mean` is its common value
/// PerGeo            beta[g] = e[g]·T[g] / A[g]                   a figure of its own for each geo
/// ```
/// `T` is the spend for `roas` and the KPI for `contribution_share`.
#[derive(Clone, Debug, PartialEq)]
pub enum EffectKind {
    /// `effect` is the coefficient.
    Coefficient,
    /// `effect` is a figure over all geos.
    Total {
        /// Where its common value stands among the parameters; `None` when all geos share `effect` itself.
        mean: Option<usize>,
        /// `T`
        total: f64,
        /// `value[g,t]`, zero outside the window.
        value: Vec<f64>,
    },
    /// `effect` is a figure by geo.
    PerGeo {
        /// `T[g]`
        total: Vec<f64>,
        /// `value[g,t]`, zero outside the window.
        value: Vec<f64>,
    },
}

/// Scratch and results of one channel.
#[derive(Clone, Debug, Default)]
pub struct MediaWork {
    weights: Vec<f64>,
    d_weights: Vec<f64>,
    /// What stands between adstock and saturation `[g,t]`.
    pub(super) first: Vec<f64>,
    aux: Vec<f64>,
    /// Transformed media `m[g,t]`.
    pub transformed: Vec<f64>,
    /// Coefficient by geo.
    pub beta: Vec<f64>,
    /// `A[g]` of [`EffectKind`].
    value_per_beta: Vec<f64>,
    /// ∂L/∂beta`[g]`, directly.
    pub(super) d_beta: Vec<f64>,
    /// ∂L/∂A`[g]`, as [`MediaTerm::pull_beta`] found it.
    d_value: Vec<f64>,
    d_transformed: Vec<f64>,
    d_first: Vec<f64>,
    scratch: Vec<f64>,
    /// The transform's own output, where features are scaled.
    unscaled: Vec<f64>,
}

/// Gathers the parameters of one transform for one geo; no transform has more than two.
fn gather(places: &[CoefficientRef], coefficients: &[f64], geo: usize) -> [f64; 2] {
    let mut values = [0.0; 2];
    for (value, place) in values.iter_mut().zip(places) {
        *value = coefficients[place.index(geo)];
    }
    values
}

fn scatter(places: &[CoefficientRef], gradient: [f64; 2], d_coefficients: &mut [f64], geo: usize) {
    for (value, place) in gradient.iter().zip(places) {
        d_coefficients[place.index(geo)] += value;
    }
}

impl MediaTerm {
    /// Scratch for `n_geos · n_times` cells.
    pub fn work(&self, n_geos: usize, n_times: usize) -> MediaWork {
        let cells = vec![0.0; n_geos * n_times];
        let n_weights = self.adstock.n_weights() * if self.shares_weights() { 1 } else { n_geos };
        MediaWork {
            weights: vec![0.0; n_weights],
            d_weights: vec![0.0; n_weights],
            first: cells.clone(),
            aux: vec![0.0; n_times * n_geos],
            transformed: cells,
            beta: vec![0.0; n_geos],
            value_per_beta: vec![0.0; n_geos],
            d_beta: vec![0.0; n_geos],
            d_value: vec![0.0; n_geos],
            d_transformed: vec![0.0; n_times],
            d_first: vec![0.0; n_times],
            scratch: vec![0.0; n_times],
            unscaled: vec![0.0; if self.feature_scale == 1.0 { 0 } else { n_times }],
        }
    }

    /// Its transforms without their parameters.
    pub fn transforms(&self) -> Transforms {
        Transforms { adstock: self.adstock, saturation: self.saturation, order: self.order }
    }

    /// The parameters of adstock and saturation in geo `geo`; no transform has more than two.
    pub fn parameters(&self, coefficients: &[f64], geo: usize) -> ([f64; 2], [f64; 2]) {
        (
            gather(&self.adstock_parameters, coefficients, geo),
            gather(&self.saturation_parameters, coefficients, geo),
        )
    }

    fn shares_weights(&self) -> bool {
        self.adstock_parameters.iter().all(|place| place.is_shared())
    }

    fn weight_range(&self, geo: usize) -> std::ops::Range<usize> {
        let n = self.adstock.n_weights();
        let start = if self.shares_weights() { 0 } else { geo * n };
        start..start + n
    }

    /// Transforms `exposure[g,t]` into `work.transformed`.
    pub fn transform(&self, coefficients: &[f64], exposure: &[f64], n_times: usize, work: &mut MediaWork) {
        let n_geos = exposure.len() / n_times;
        for geo in 0..n_geos {
            let cells = geo * n_times..(geo + 1) * n_times;
            let carry = gather(&self.adstock_parameters, coefficients, geo);
            let carry = &carry[..self.adstock_parameters.len()];
            let bend = gather(&self.saturation_parameters, coefficients, geo);
            let bend = &bend[..self.saturation_parameters.len()];
            let range = self.weight_range(geo);
            if geo == 0 || range.start > 0 {
                self.adstock.weights(carry, &mut work.weights[range.clone()]);
            }
            let weights = &work.weights[range];
            let x = &exposure[cells.clone()];
            let first = &mut work.first[cells.clone()];
            let aux = &mut work.aux[cells.clone()];
            let out = &mut work.transformed[cells];
            match self.order {
                TransformOrder::AdstockFirst => {
                    self.adstock.forward(carry, weights, x, first);
                    self.saturation.forward(bend, first, out, aux);
                }
                TransformOrder::SaturationFirst => {
                    self.saturation.forward(bend, x, first, aux);
                    self.adstock.forward(carry, weights, first, out);
                }
            }
            if self.feature_scale != 1.0 {
                out.iter_mut().for_each(|m| *m /= self.feature_scale);
            }
        }
    }

    /// Share of each period's effect of the exposure in `window` that comes from that very period, `[time]`; the rest is
    /// carry-over.
    ///
    /// ```text
    /// share[t] = w[0]·u[t] / Σ_l w[l]·u[t−l]      u = x inside the window, else 0 (saturation first: h(x))
    /// ```
    /// A saturated sum has no parts of its own: it is shared among the periods that fed it in proportion to what they fed.
    pub fn immediate_shares(
        &self,
        coefficients: &[f64],
        geo: usize,
        exposure: &[f64],
        window: std::ops::Range<usize>,
        out: &mut [f64],
    ) {
        let (carry, bend) = self.parameters(coefficients, geo);
        let carry = &carry[..self.adstock_parameters.len()];
        let mut own = vec![0.0; exposure.len()];
        own[window.clone()].copy_from_slice(&exposure[window]);
        if self.order == TransformOrder::SaturationFirst {
            let (x, mut aux) = (own.clone(), vec![0.0; own.len()]);
            self.saturation.forward(&bend[..self.saturation_parameters.len()], &x, &mut own, &mut aux);
        }
        let mut weights = vec![0.0; self.adstock.n_weights()];
        self.adstock.weights(carry, &mut weights);
        self.adstock.forward(carry, &weights, &own, out);
        let at_once = weights.first().copied().unwrap_or(1.0);
        for (share, own) in out.iter_mut().zip(own) {
            *share = if *share > 0.0 { at_once * own / *share } else { 0.0 };
        }
    }

    /// Fills `work.beta` from the effect; `amplitude[g]` multiplies all media of a geo (1 when media are additive).
    pub fn resolve_beta(
        &self,
        parameters: &[f64],
        coefficients: &[f64],
        amplitude: &[f64],
        n_times: usize,
        work: &mut MediaWork,
    ) {
        let n_geos = amplitude.len();
        let effect = |geo: usize| coefficients[self.effect.index(geo)];
        if let EffectKind::Total { value, .. } | EffectKind::PerGeo { value, .. } = &self.kind {
            for geo in 0..n_geos {
                let cells = geo * n_times..(geo + 1) * n_times;
                work.value_per_beta[geo] =
                    amplitude[geo] * dot(&value[cells.clone()], &work.transformed[cells]);
            }
        }
        match &self.kind {
            EffectKind::Coefficient => (0..n_geos).for_each(|geo| work.beta[geo] = effect(geo)),
            EffectKind::Total { mean: None, total, .. } => {
                let beta = effect(0) * total / work.value_per_beta.iter().sum::<f64>();
                work.beta.fill(beta);
            }
            EffectKind::Total { mean: Some(mean), total, .. } => {
                let mean = parameters[*mean];
                let weighted: f64 = (0..n_geos).map(|geo| effect(geo) * work.value_per_beta[geo]).sum();
                (0..n_geos).for_each(|geo| work.beta[geo] = effect(geo) * mean * total / weighted);
            }
            EffectKind::PerGeo { total, .. } => {
                for geo in 0..n_geos {
                    // A geo in which the channel never ran has nothing to attribute.
                    let a = work.value_per_beta[geo];
                    work.beta[geo] = if a == 0.0 { 0.0 } else { effect(geo) * total[geo] / a };
                }
            }
        }
    }

    /// The first half of the way back: from ∂L/∂beta, in `work.d_beta`, through [`MediaTerm::resolve_beta`] to the effect.
    pub fn pull_beta(
        &self,
        parameters: &[f64],
        coefficients: &[f64],
        work: &mut MediaWork,
        d_parameters: &mut [f64],
        d_coefficients: &mut [f64],
    ) {
        let n_geos = work.beta.len();
        let effect = |geo: usize| coefficients[self.effect.index(geo)];
        let MediaWork { beta, value_per_beta, d_beta, d_value, .. } = work;
        match &self.kind {
            EffectKind::Coefficient => {
                (0..n_geos).for_each(|geo| d_coefficients[self.effect.index(geo)] += d_beta[geo]);
            }
            EffectKind::Total { mean: None, total, .. } => {
                let a: f64 = value_per_beta.iter().sum();
                let d: f64 = d_beta.iter().sum();
                d_coefficients[self.effect.index(0)] += d * total / a;
                d_value.fill(-d * beta[0] / a);
            }
            EffectKind::Total { mean: Some(mean), total, .. } => {
                let mean_value = parameters[*mean];
                let weighted: f64 = (0..n_geos).map(|geo| effect(geo) * value_per_beta[geo]).sum();
                let through = dot(d_beta, beta) / weighted;
                for geo in 0..n_geos {
                    let direct = d_beta[geo] * mean_value * total / weighted;
                    d_coefficients[self.effect.index(geo)] += direct - through * value_per_beta[geo];
                    d_value[geo] = -through * effect(geo);
                }
                d_parameters[*mean] += dot(d_beta, beta) / mean_value;
            }
            EffectKind::PerGeo { total, .. } => {
                for geo in 0..n_geos {
                    let a = value_per_beta[geo];
                    d_value[geo] = 0.0;
                    if a != 0.0 {
                        d_coefficients[self.effect.index(geo)] += d_beta[geo] * total[geo] / a;
                        d_value[geo] = -d_beta[geo] * beta[geo] / a;
                    }
                }
            }
        }
    }

    /// The second half: adds the pull-back of [`MediaTerm::transform`], from the same `d_sum`.
    ///
    /// `d_average` times its weights comes on top of what that brings to ∂L/∂m. What flows into the amplitude through the money
    /// figure is added to `d_amplitude`.
    pub fn pull_media(
        &self,
        coefficients: &[f64],
        amplitude: &[f64],
        exposure: &[f64],
        d_sum: &[f64],
        d_average: Option<(f64, &[f64])>,
        n_times: usize,
        work: &mut MediaWork,
        d_coefficients: &mut [f64],
        d_amplitude: &mut [f64],
    ) {
        let n_geos = amplitude.len();
        work.d_weights.fill(0.0);
        for geo in 0..n_geos {
            let cells = geo * n_times..(geo + 1) * n_times;
            let beta = work.beta[geo];
            let (d_media, d_sum) = (&mut work.d_transformed, &d_sum[cells.clone()]);
            match d_average.filter(|(slope, _)| *slope != 0.0) {
                Some((slope, weight)) => combine(beta, d_sum, slope, &weight[cells.clone()], d_media),
                None => affine(beta, d_sum, 0.0, d_media),
            }
            if let EffectKind::Total { value, .. } | EffectKind::PerGeo { value, .. } = &self.kind {
                let through = work.d_value[geo] * amplitude[geo];
                add_scaled(through, &value[cells.clone()], d_media);
                if amplitude[geo] != 0.0 {
                    d_amplitude[geo] += work.d_value[geo] * work.value_per_beta[geo] / amplitude[geo];
                }
            }
            self.pull_transform(coefficients, &exposure[cells], geo, n_times, work, d_coefficients);
        }
        self.pull_weights(coefficients, n_geos, work, d_coefficients);
    }

    /// Pull-back of the transform of one geo from `work.d_transformed`; gradients of the weights wait in `work.d_weights`.
    fn pull_transform(
        &self,
        coefficients: &[f64],
        x: &[f64],
        geo: usize,
        n_times: usize,
        work: &mut MediaWork,
        d_coefficients: &mut [f64],
    ) {
        let cells = geo * n_times..(geo + 1) * n_times;
        let carry = gather(&self.adstock_parameters, coefficients, geo);
        let carry = &carry[..self.adstock_parameters.len()];
        let bend = gather(&self.saturation_parameters, coefficients, geo);
        let bend = &bend[..self.saturation_parameters.len()];
        let mut d_carry = [0.0; 2];
        let mut d_bend = [0.0; 2];
        let range = self.weight_range(geo);
        let weights = &work.weights[range.clone()];
        let d_weights = &mut work.d_weights[range];
        let first = &work.first[cells.clone()];
        let out = &work.transformed[cells.clone()];
        let aux = &work.aux[cells];
        let mut own_output = out;
        if self.feature_scale != 1.0 {
            work.d_transformed.iter_mut().for_each(|d| *d /= self.feature_scale);
            // The pull-backs read the transform's own output, not the scaled feature.
            work.unscaled.iter_mut().zip(out).for_each(|(own, m)| *own = m * self.feature_scale);
            own_output = &work.unscaled;
        }
        match self.order {
            TransformOrder::AdstockFirst => {
                let d_first = &mut work.d_first;
                self.saturation.pullback(
                    bend,
                    first,
                    own_output,
                    aux,
                    &work.d_transformed,
                    d_first,
                    &mut d_bend[..bend.len()],
                );
                self.adstock.pullback(
                    carry,
                    weights,
                    x,
                    first,
                    d_first,
                    d_weights,
                    &mut d_carry[..carry.len()],
                    None,
                    &mut work.scratch,
                );
            }
            TransformOrder::SaturationFirst => {
                work.d_first.fill(0.0);
                self.adstock.pullback(
                    carry,
                    weights,
                    first,
                    own_output,
                    &work.d_transformed,
                    d_weights,
                    &mut d_carry[..carry.len()],
                    Some(&mut work.d_first),
                    &mut work.scratch,
                );
                // Exposure is data: its own gradient is not asked for.
                let d_exposure = &mut work.scratch;
                self.saturation.pullback(
                    bend,
                    x,
                    first,
                    aux,
                    &work.d_first,
                    d_exposure,
                    &mut d_bend[..bend.len()],
                );
            }
        }
        scatter(&self.adstock_parameters, d_carry, d_coefficients, geo);
        scatter(&self.saturation_parameters, d_bend, d_coefficients, geo);
    }

    fn pull_weights(
        &self,
        coefficients: &[f64],
        n_geos: usize,
        work: &MediaWork,
        d_coefficients: &mut [f64],
    ) {
        if self.adstock.n_weights() == 0 {
            return;
        }
        let n_sets = if self.shares_weights() { 1 } else { n_geos };
        for geo in 0..n_sets {
            let range = self.weight_range(geo);
            let carry = gather(&self.adstock_parameters, coefficients, geo);
            let carry = &carry[..self.adstock_parameters.len()];
            let mut d_carry = [0.0; 2];
            let d_weights = &work.d_weights[range.clone()];
            self.adstock.weights_pullback(
                carry,
                &work.weights[range],
                d_weights,
                &mut d_carry[..carry.len()],
            );
            scatter(&self.adstock_parameters, d_carry, d_coefficients, geo);
        }
    }
}
