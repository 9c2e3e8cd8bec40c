//! Effects as the sampler sees them: what a channel brings on average, instead of a coefficient.
//!
//! A coefficient trades with the transform that it multiplies: a larger `ec50` and a larger `beta` bring the same money. And
//! where media multiply the intercept, a channel that hardly varies trades with the intercept, and all other effects have to
//! follow. What a channel brings, and its share of the level, stay where they are. So the sampler moves in
//!
//! ```text
//! additive           v[c] = ln(beta[c]·m̄[c])                    m̄[c] = Σ w·m[c] / Σ w,  M̄ = Σ_c beta[c]·m̄[c]
//! times_intercept    v[c] = ln(beta[c]·m̄[c]) − ln(1 + M̄)        1/(1 + M̄) = 1 − Σ_c exp(v[c])
//! ```
//! whose Jacobian `|∂ ln beta/∂v|` is 1, or `1 + M̄`. With `g[c] = ∂L/∂ln beta[c]` of everything else and `G` their sum:
//!
//! ```text
//! ∂L/∂v[c] = g[c], or g[c] + (1 + G)·exp(v[c])·(1 + M̄)          ∂L/∂m̄[c] = −g[c]/m̄[c]
//! ```

use super::linear_part::LinearPart;
use crate::distribution::support::Support;
use crate::math::linalg::dot;
use crate::model::compile::CompiledModel;
use crate::model::density::Evaluator;
use crate::model::linear_form::direct;
use crate::model::media::EffectKind;
use crate::spec::MediaMode;

/// The effects of a model that are seen this way.
#[derive(Clone, Debug)]
pub struct AverageEffects {
    effects: Vec<Effect>,
    /// Whether they are shares of the level.
    of_level: bool,
}

/// One channel's effect: a free positive coefficient.
#[derive(Clone, Copy, Debug)]
struct Effect {
    channel: usize,
    parameter: usize,
    free: usize,
}

impl AverageEffects {
    /// Those of a model whose `part` is integrated out.
    pub(super) fn of(model: &CompiledModel, part: &LinearPart) -> Self {
        let n_channels = model.mean.channels.len();
        let mut effects: Vec<Effect> =
            (0..n_channels).filter_map(|channel| positive_coefficient(model, channel)).collect();
        let of_level = part.multiplier.is_some() && effects.len() == n_channels;
        if model.mean.media_mode == MediaMode::TimesIntercept && !of_level {
            effects.clear();
        }
        Self { effects, of_level }
    }

    /// Whether one of them stands at a place in the position.
    pub(super) fn contain(&self, free: usize) -> bool {
        self.effects.iter().any(|e| e.free == free)
    }

    /// Turns `ln beta` into `v`, in place, at the parameters of a resolved model.
    pub(super) fn leave(&self, inner: &Evaluator, position: &mut [f64]) {
        let bring = |e: &Effect| inner.parameters[e.parameter] * average(inner, e.channel);
        let level = if self.of_level { self.effects.iter().map(bring).sum() } else { 0.0_f64 };
        for e in &self.effects {
            position[e.free] += average(inner, e.channel).ln() - level.ln_1p();
        }
    }

    /// Turns `v` into `ln beta`, in the position and the parameters of a model whose media are transformed: their log
    /// prior, Jacobian included. `None` where no effects are that large.
    pub(super) fn place(
        &self,
        inner: &mut Evaluator,
        position: &mut [f64],
        gradient: &mut [f64],
    ) -> Option<f64> {
        if self.effects.is_empty() {
            return Some(0.0);
        }
        let mut ln_level = 0.0;
        if self.of_level {
            // Beyond one there is no intercept left.
            let share: f64 = self.effects.iter().map(|e| position[e.free].exp()).sum();
            ln_level = (share < 1.0).then(|| -(-share).ln_1p())?;
        }
        let mut gained = ln_level;
        for e in &self.effects {
            let v = position[e.free];
            let u = v + ln_level - average(inner, e.channel).ln();
            let (ln_prior, slope) = inner.place_one(e.parameter, u);
            gained += ln_prior;
            (position[e.free], gradient[e.free]) = (u, slope);
        }
        inner.resolve_betas();
        gained.is_finite().then_some(gained)
    }

    /// From the slopes of the prior in `ln beta`, in `gradient`, and those of the likelihood in eta and `d_media`, the sum of all
    /// media: the slopes in `v`, by place in the position, and ∂L/∂m`[c]` per weight of a cell.
    pub(super) fn pull(
        &self,
        inner: &Evaluator,
        gradient: &[f64],
        d_media: &[f64],
        slopes: &mut Vec<(usize, f64)>,
        d_averages: &mut [f64],
    ) {
        slopes.clear();
        let n = inner.model.training.n_times;
        let weight = &inner.model.likelihood.weight;
        for e in &self.effects {
            let transformed = &inner.work.channels[e.channel].transformed;
            let mut d_beta = if d_media.is_empty() { 0.0 } else { dot(d_media, transformed) };
            for (geo, amplitude) in inner.work.amplitude.iter().enumerate() {
                let cells = geo * n..(geo + 1) * n;
                d_beta += amplitude * dot(&inner.d_eta[cells.clone()], &transformed[cells]);
            }
            let slope = gradient[e.free] + inner.parameters[e.parameter] * d_beta;
            slopes.push((e.free, slope));
            d_averages[e.channel] = -slope / dot(weight, transformed);
        }
        if self.of_level {
            let all = 1.0 + slopes.iter().map(|(_, slope)| slope).sum::<f64>();
            for (e, (_, slope)) in self.effects.iter().zip(slopes) {
                // exp(v)·(1 + M̄) = beta·m̄
                *slope += all * inner.parameters[e.parameter] * average(inner, e.channel);
            }
        }
    }
}

/// The effect of a channel, where it is one free positive number for all geos and the channel ran at all.
fn positive_coefficient(model: &CompiledModel, channel: usize) -> Option<Effect> {
    let term = &model.mean.channels[channel];
    if term.kind != EffectKind::Coefficient || !term.effect.is_shared() {
        return None;
    }
    let ran = dot(&model.likelihood.weight, &model.training.exposure[channel]) > 0.0;
    let parameter = direct(model, term.effect.at)?;
    let own = &model.layout.parameters[parameter];
    let free = own.free.filter(|_| ran && own.support == Support::Positive)?;
    Some(Effect { channel, parameter, free })
}

/// `m̄[c]`
fn average(inner: &Evaluator, channel: usize) -> f64 {
    let weight = &inner.model.likelihood.weight;
    dot(weight, &inner.work.channels[channel].transformed) / weight.iter().sum::<f64>()
}
