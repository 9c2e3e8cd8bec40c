//! What of a model can be integrated out: linear coefficients with normal priors under a normal likelihood.

use crate::distribution::Distribution;
use crate::math::linalg::dot;
use crate::model::compile::CompiledModel;
use crate::model::likelihood::NoiseScale;
use crate::model::linear_coefficient::LinearCoefficient;
use crate::model::media::EffectKind;
use crate::model::outcome::Component;
use crate::spec::{LikelihoodKind, Link, MediaMode};

/// With more coefficients than this the factor of every evaluation costs more than it saves.
const MOST_COEFFICIENTS: usize = 128;

/// The coefficients of a model that can be integrated out, with what of their precision never changes.
#[derive(Clone, Debug)]
pub struct LinearPart {
    /// The coefficients, in the order of the terms.
    pub coefficients: Vec<LinearCoefficient>,
    /// Their prior means and standard deviations.
    pub prior: Vec<(f64, f64)>,
    /// `D·NᵀWN·D` of the cells of each noise, `[noise][row · p + column]`; scales that are sampled are not in it.
    pub grams: Vec<Vec<f64>>,
    /// By geo: which of the coefficients is the intercept that multiplies the media.
    pub multiplier: Option<Vec<usize>>,
}

impl LinearPart {
    /// What of a model can be integrated out; nothing where its spec forbids it, or the noise is not normal around the mean.
    pub fn of(model: &CompiledModel) -> Self {
        let wanted = model.spec.sampler.marginalise.unwrap_or(true)
            && model.mean.link == Link::Identity
            && model.likelihood.kind == LikelihoodKind::Normal
            && model.likelihood.scale != NoiseScale::Absent;
        let mut coefficients = if wanted { suitable(model) } else { Vec::new() };
        // A sampler without a dimension is none.
        if coefficients.len() > MOST_COEFFICIENTS || coefficients.len() == model.layout.n_free() {
            coefficients.clear();
        }
        let prior: Vec<(f64, f64)> = coefficients.iter().filter_map(|c| normal_prior(model, c)).collect();
        let grams = grams(model, &coefficients, &prior);
        let multiplier = (model.mean.media_mode == MediaMode::TimesIntercept)
            .then(|| multipliers(model, &coefficients))
            .flatten();
        Self { coefficients, prior, grams, multiplier }
    }

    /// Number of coefficients.
    pub fn len(&self) -> usize {
        self.coefficients.len()
    }

    /// Whether nothing can be integrated out.
    pub fn is_empty(&self) -> bool {
        self.coefficients.is_empty()
    }
}

fn normal_prior(model: &CompiledModel, c: &LinearCoefficient) -> Option<(f64, f64)> {
    match model.layout.parameters[c.parameter].distribution {
        Distribution::Normal(prior) => Some((prior.mean, prior.sd)),
        _ => None,
    }
}

fn suitable(model: &CompiledModel) -> Vec<LinearCoefficient> {
    // An intercept that multiplies media enters their money figures, too, unless effects are plain coefficients; and a pooled
    // one is two columns in one.
    let multiplies = model.mean.media_mode == MediaMode::TimesIntercept;
    let has_money = model.mean.channels.iter().any(|channel| channel.kind != EffectKind::Coefficient);
    let is_intercept = |c: &LinearCoefficient| model.mean.terms[c.term].component == Component::Intercept;
    let direct: Vec<usize> = LinearCoefficient::direct(model).iter().map(|c| c.parameter).collect();
    (LinearCoefficient::all(model).into_iter())
        .filter(|c| normal_prior(model, c).is_some())
        .filter(|c| !(multiplies && is_intercept(c)) || !has_money && direct.contains(&c.parameter))
        .collect()
}

/// By geo the index of its intercept among `coefficients`; `None` when it is not among them.
fn multipliers(model: &CompiledModel, coefficients: &[LinearCoefficient]) -> Option<Vec<usize>> {
    let of_geo = |geo: usize, c: &LinearCoefficient| {
        model.mean.terms[c.term].component == Component::Intercept && c.moves(geo)
    };
    (0..model.training.n_geos).map(|geo| coefficients.iter().position(|c| of_geo(geo, c))).collect()
}

/// Which noise each geo has, and how many there are.
pub fn noises(model: &CompiledModel) -> (impl Fn(usize) -> usize, usize) {
    let shared = match model.likelihood.scale {
        NoiseScale::Sigma(place) | NoiseScale::Variance(place) => place.is_shared(),
        NoiseScale::Absent => true,
    };
    (move |geo| if shared { 0 } else { geo }, if shared { 1 } else { model.training.n_geos })
}

fn grams(model: &CompiledModel, coefficients: &[LinearCoefficient], prior: &[(f64, f64)]) -> Vec<Vec<f64>> {
    let (p, n) = (coefficients.len(), model.training.n_times);
    let columns: Vec<Vec<f64>> = coefficients.iter().map(|c| c.column(model)).collect();
    let (noise_of, n_noises) = noises(model);
    let mut grams = vec![vec![0.0; p * p]; n_noises];
    for (j, column) in columns.iter().enumerate() {
        let weighted: Vec<f64> = column.iter().zip(&model.likelihood.weight).map(|(x, w)| x * w).collect();
        for i in 0..=j {
            for geo in 0..model.training.n_geos {
                let cells = geo * n..(geo + 1) * n;
                let product = prior[i].1 * prior[j].1 * dot(&columns[i][cells.clone()], &weighted[cells]);
                let gram = &mut grams[noise_of(geo)];
                gram[j * p + i] += product;
                if i != j {
                    gram[i * p + j] += product;
                }
            }
        }
    }
    grams
}
