//! What of a model can be integrated out: linear coefficients with normal or Laplace priors under a normal likelihood.

use crate::distribution::Distribution;
use crate::model::compile::CompiledModel;
use crate::model::likelihood::NoiseScale;
use crate::model::linear_coefficient::LinearCoefficient;
use crate::model::media::EffectKind;
use crate::model::outcome::Component;
use crate::spec::{LikelihoodKind, Link, MediaMode};

/// With more coefficients than this that move all cells, or the cells of one geo, the factor of every evaluation costs more than
/// it saves.
const MOST_COEFFICIENTS: usize = 128;

/// The coefficients of a model that can be integrated out, with what of their precision never changes.
#[derive(Clone, Debug, Default)]
pub struct LinearPart {
    /// The coefficients, in the order of the terms.
    pub coefficients: Vec<LinearCoefficient>,
    /// Their priors.
    pub prior: Vec<CoefficientPrior>,
    /// Those of them that move all cells.
    pub common: Vec<usize>,
    /// By geo: those that move its cells alone.
    pub own: Vec<Vec<usize>>,
    /// By geo.
    pub moments: Vec<Moments>,
    /// Where media multiply an intercept that is one of the coefficients.
    pub multiplier: Option<Multiplier>,
}

/// A normal prior, or a Laplace prior: a normal one of a scale that is sampled, see `mixtures`.
#[derive(Clone, Copy, Debug)]
pub struct CoefficientPrior {
    /// Mean.
    pub mean: f64,
    /// Standard deviation, or the scale of a Laplace prior.
    pub sd: f64,
    /// Whether it is a Laplace prior.
    pub is_mixture: bool,
}

/// Products over the cells of one geo, with their weights W, of the columns N of all linear terms.
#[derive(Clone, Debug)]
pub struct Moments {
    /// `NᵀWN`, `[term, term]`.
    pub gram: Vec<f64>,
    /// `NᵀWy`, `[term]`.
    pub target: Vec<f64>,
}

/// The intercept that multiplies the media.
#[derive(Clone, Debug)]
pub struct Multiplier {
    /// Its term.
    pub term: usize,
    /// By geo: its place among the geo's own coefficients and, behind them, the common ones.
    pub place: Vec<usize>,
}

impl LinearPart {
    /// What of a model can be integrated out, of the coefficients with Laplace priors those that are `mixed`; nothing where its spec
    /// forbids it, or the noise is not normal around the mean.
    pub fn of(model: &CompiledModel, mixed: &[usize]) -> Self {
        let wanted = model.spec.sampler.marginalise.unwrap_or(true)
            && model.mean.link == Link::Identity
            && model.likelihood.kind == LikelihoodKind::Normal
            && model.likelihood.scale != NoiseScale::Absent;
        let coefficients = if wanted { suitable(model, mixed) } else { Vec::new() };
        let of =
            |geo: Option<usize>| (0..coefficients.len()).filter(|&j| coefficients[j].geo == geo).collect();
        let common: Vec<usize> = of(None);
        let own: Vec<Vec<usize>> = (0..model.training.n_geos).map(|geo| of(Some(geo))).collect();
        let most = own.iter().map(Vec::len).max().unwrap_or(0).max(common.len());
        // A sampler without a dimension is none.
        if most == 0 || most > MOST_COEFFICIENTS || coefficients.len() == model.layout.n_free() {
            return Self::default();
        }
        let prior = coefficients.iter().filter_map(|c| suitable_prior(model, c, mixed)).collect();
        let moments = (0..model.training.n_geos).map(|geo| moments(model, geo)).collect();
        let mut part = Self { coefficients, prior, common, own, moments, multiplier: None };
        if model.mean.media_mode == MediaMode::TimesIntercept {
            part.multiplier = part.find_multiplier(model);
        }
        part
    }

    /// Number of coefficients.
    pub fn len(&self) -> usize {
        self.coefficients.len()
    }

    /// Whether nothing can be integrated out.
    pub fn is_empty(&self) -> bool {
        self.coefficients.is_empty()
    }

    /// The coefficients that move the cells of a geo: its own, and then the common ones.
    pub fn of_geo(&self, geo: usize) -> impl Iterator<Item = usize> + Clone {
        self.own[geo].iter().chain(&self.common).copied()
    }

    fn find_multiplier(&self, model: &CompiledModel) -> Option<Multiplier> {
        let is_intercept =
            |j: usize| model.mean.terms[self.coefficients[j].term].component == Component::Intercept;
        let place = |geo: usize| self.of_geo(geo).position(is_intercept);
        let term = self.coefficients[self.of_geo(0).find(|&j| is_intercept(j))?].term;
        let place = (0..model.training.n_geos).map(place).collect::<Option<_>>()?;
        Some(Multiplier { term, place })
    }
}

fn suitable_prior(model: &CompiledModel, c: &LinearCoefficient, mixed: &[usize]) -> Option<CoefficientPrior> {
    match model.layout.parameters[c.parameter].distribution {
        Distribution::Normal(prior) => {
            Some(CoefficientPrior { mean: prior.mean, sd: prior.sd, is_mixture: false })
        }
        Distribution::Laplace(prior) if mixed.contains(&c.parameter) => {
            Some(CoefficientPrior { mean: prior.location, sd: prior.scale, is_mixture: true })
        }
        _ => None,
    }
}

fn suitable(model: &CompiledModel, mixed: &[usize]) -> Vec<LinearCoefficient> {
    // An intercept that multiplies media enters their money figures, too, unless effects are plain coefficients; and a pooled
    // one is two columns in one.
    let multiplies = model.mean.media_mode == MediaMode::TimesIntercept;
    let has_money = model.mean.channels.iter().any(|channel| channel.kind != EffectKind::Coefficient);
    let is_intercept = |c: &LinearCoefficient| model.mean.terms[c.term].component == Component::Intercept;
    let direct: Vec<usize> = LinearCoefficient::direct(model).iter().map(|c| c.parameter).collect();
    (LinearCoefficient::all(model).into_iter())
        .filter(|c| suitable_prior(model, c, mixed).is_some())
        .filter(|c| !(multiplies && is_intercept(c)) || !has_money && direct.contains(&c.parameter))
        .collect()
}

fn moments(model: &CompiledModel, geo: usize) -> Moments {
    let (mean, inputs) = (&model.mean, &model.training);
    let (n_terms, n) = (mean.terms.len(), inputs.n_times);
    let cells = geo * n..(geo + 1) * n;
    let weight = &model.likelihood.weight[cells.clone()];
    let products = |series: &[f64], out: &mut [f64]| {
        let weighted: Vec<f64> = series.iter().zip(weight).map(|(x, w)| x * w).collect();
        mean.dot_terms(inputs, geo, &weighted, |term| term, out);
    };
    let mut gram = vec![0.0; n_terms * n_terms];
    for (column, row) in inputs.columns.iter().zip(gram.chunks_exact_mut(n_terms)) {
        match column.values(geo, n) {
            Some(values) => products(values, row),
            None => products(&vec![1.0; n], row),
        }
    }
    let mut target = vec![0.0; n_terms];
    products(&model.likelihood.y[cells], &mut target);
    Moments { gram, target }
}

/// Whether all geos have one noise.
pub fn shares_noise(model: &CompiledModel) -> bool {
    match model.likelihood.scale {
        NoiseScale::Sigma(place) | NoiseScale::Variance(place) => place.is_shared(),
        NoiseScale::Absent => true,
    }
}
