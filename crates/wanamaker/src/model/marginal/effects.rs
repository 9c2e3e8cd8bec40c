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
use crate::math::linalg::{dot, dot_columns};
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
    /// `Σ w`
    n_observed: f64,
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
        Self { effects, of_level, n_observed: model.likelihood.weight.iter().sum() }
    }

    /// Whether one of them stands at a place in the position.
    pub(super) fn contain(&self, free: usize) -> bool {
        self.effects.iter().any(|e| e.free == free)
    }

    /// Turns `ln beta` into `v`, in place, at the parameters of a resolved model; `averages` becomes m̄`[c]`.
    pub(super) fn leave(&self, inner: &Evaluator, position: &mut [f64], averages: &mut [f64]) {
        self.find(inner, averages);
        let bring = |e: &Effect| inner.parameters[e.parameter] * averages[e.channel];
        let level = if self.of_level { self.effects.iter().map(bring).sum() } else { 0.0_f64 };
        for e in &self.effects {
            position[e.free] += averages[e.channel].ln() - level.ln_1p();
        }
    }

    /// Turns `v` into `ln beta`, in the position and the parameters of a model whose media are transformed: their log
    /// prior, Jacobian included; `averages` becomes m̄`[c]`. `None` where no effects are that large.
    pub(super) fn place(
        &self,
        inner: &mut Evaluator,
        position: &mut [f64],
        gradient: &mut [f64],
        averages: &mut [f64],
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
        self.find(inner, averages);
        let mut gained = ln_level;
        for e in &self.effects {
            let u = position[e.free] + ln_level - averages[e.channel].ln();
            let (ln_prior, slope) = inner.place_one(e.parameter, u);
            gained += ln_prior;
            (position[e.free], gradient[e.free]) = (u, slope);
        }
        inner.resolve_betas();
        gained.is_finite().then_some(gained)
    }

    /// From the slopes of the prior in `ln beta`, in `gradient`, and of everything else in beta, as
    /// [`Evaluator::pull_effects`] found them: the slopes in `v`, by place in the position, and, in place of `averages`,
    /// ∂L/∂m`[c]` per weight of a cell.
    pub(super) fn pull(
        &self,
        inner: &Evaluator,
        gradient: &[f64],
        slopes: &mut Vec<(usize, f64)>,
        averages: &mut [f64],
    ) {
        slopes.clear();
        let beta = |e: &Effect| inner.parameters[e.parameter];
        for e in &self.effects {
            let d_beta: f64 = inner.work.channels[e.channel].d_beta.iter().sum();
            slopes.push((e.free, gradient[e.free] + beta(e) * d_beta));
        }
        let all = 1.0 + slopes.iter().map(|(_, slope)| slope).sum::<f64>();
        for (e, (_, slope)) in self.effects.iter().zip(slopes) {
            let average = averages[e.channel];
            averages[e.channel] = -*slope / (average * self.n_observed);
            if self.of_level {
                // exp(v)·(1 + M̄) = beta·m̄
                *slope += all * beta(e) * average;
            }
        }
    }

    /// `m̄[c]` of each.
    fn find(&self, inner: &Evaluator, averages: &mut [f64]) {
        averages.fill(0.0);
        let media = self.effects.iter();
        let media = media.map(|e| (e.channel, inner.work.channels[e.channel].transformed.as_slice()));
        dot_columns(media, &inner.model.likelihood.weight, averages);
        averages.iter_mut().for_each(|average| *average /= self.n_observed);
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
