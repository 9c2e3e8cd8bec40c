//! A model that is linear in all it does not know: its mean as one design matrix, for the engines that want no more.
//!
//! ```text
//! mu[i] = offset[i] + Σ_j b[j]·X[i,j]          y[i] ~ Normal(mu[i], σ)
//! ```
//! The columns are read off the forward pass, one coefficient at a time, so that nothing is said twice.

use super::compile::CompiledModel;
use super::likelihood::NoiseScale;
use super::outcome::Component;
use super::point::prior_median;
use super::pooling::{CoefficientRef, Rule};
use crate::distribution::Distribution;
use crate::problem::{Place, Problem, Problems};
use crate::spec::{EngineName, LikelihoodKind, Link, MediaMode};

/// Design, offset and noise, over the observed cells, period by period and geo by geo within a period.
#[derive(Clone, Debug)]
pub struct LinearForm {
    /// One per free coefficient, in the order of the layout.
    pub columns: Vec<LinearColumn>,
    /// KPI less what fixed coefficients bring, `[row]`.
    pub y: Vec<f64>,
    /// Period of each row, ascending.
    pub periods: Vec<usize>,
    /// Geo of each row.
    pub geos: Vec<usize>,
    /// Where the noise scale stands among the parameters, and whether it is a variance.
    pub noise: LinearNoise,
}

/// One free coefficient.
#[derive(Clone, Debug)]
pub struct LinearColumn {
    /// Its place among the parameters.
    pub parameter: usize,
    /// `[row]`, on the scale of the priors.
    pub values: Vec<f64>,
    /// Whether it is (a geo's) intercept.
    pub is_intercept: bool,
}

/// The parameter of the noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinearNoise {
    /// Its place among the parameters.
    pub parameter: usize,
    /// σ² rather than σ.
    pub is_variance: bool,
}

impl LinearForm {
    /// Reads the form off a model.
    ///
    /// # Errors
    /// Whatever is not linear with one normal noise: all of it, each with a way out.
    pub fn of(model: &CompiledModel) -> Result<Self, Problems> {
        let mut faults =
            Faults { engine: model.spec.sampler.engine.unwrap_or_default(), found: Problems::new() };
        let noise = noise(model, &mut faults);
        let free = linear_parameters(model, &mut faults);
        if !faults.found.0.is_empty() {
            return Err(faults.found);
        }
        let n = model.training.n_times;
        let rows: Vec<usize> = (0..n)
            .flat_map(|t| (0..model.training.n_geos).map(move |geo| geo * n + t))
            .filter(|i| model.likelihood.weight[*i] > 0.0)
            .collect();
        let mut parameters = prior_median(&model.layout);
        free.iter().for_each(|(parameter, _)| parameters[*parameter] = 0.0);
        let offset = mean(model, &parameters);
        let columns = free
            .into_iter()
            .map(|(parameter, is_intercept)| {
                parameters[parameter] = 1.0;
                let with = mean(model, &parameters);
                parameters[parameter] = 0.0;
                let values = rows.iter().map(|&i| with[i] - offset[i]).collect();
                LinearColumn { parameter, values, is_intercept }
            })
            .collect();
        Ok(Self {
            columns,
            y: rows.iter().map(|&i| model.likelihood.y[i] - offset[i]).collect(),
            periods: rows.iter().map(|i| i % n).collect(),
            geos: rows.iter().map(|i| i / n).collect(),
            noise: noise.expect("a model without one was refused above"),
        })
    }

    /// Also what the Gibbs sampler needs: normal priors, and an inverse-gamma variance or a known one.
    ///
    /// # Errors
    /// As [`LinearForm::of`], and every prior that is not conjugate.
    pub fn conjugate(model: &CompiledModel) -> Result<Self, Problems> {
        let form = Self::of(model)?;
        let mut faults = Faults { engine: EngineName::Gibbs, found: Problems::new() };
        let parameters = &model.layout.parameters;
        let odd: Vec<String> = (form.columns.iter().map(|column| &parameters[column.parameter]))
            .filter(|parameter| !matches!(parameter.distribution, Distribution::Normal(_)))
            .map(|parameter| format!("{} is {}", parameter.label, parameter.distribution.name()))
            .collect();
        if !odd.is_empty() {
            faults.add(
                "engine.not_conjugate",
                "defaults",
                format!("needs normal priors on all coefficients; {}", odd.join(", ")),
                "write e.g. effect = { beta = { normal = { mean = 0, sd = 1 } } }, or engine = \"nuts\"",
            );
        }
        let noise = &parameters[form.noise.parameter];
        let known = noise.free.is_none();
        let conjugate = form.noise.is_variance && matches!(noise.distribution, Distribution::InverseGamma(_));
        if !known && !conjugate {
            faults.add(
                "engine.not_conjugate",
                "outcome",
                "needs an inverse-gamma prior on the variance of the noise".to_owned(),
                "write variance = { prior = { inverse_gamma = { shape = 2, scale = 1 } } } under [outcome]",
            );
        }
        faults.found.or(form)
    }
}

struct Faults {
    engine: EngineName,
    found: Problems,
}

impl Faults {
    fn add(&mut self, code: &'static str, key: &str, what: String, hint: &str) {
        let message = format!("the engine `{}` {what}", self.engine.name());
        self.found.push(Problem::error(code, Place::key(key), message).hint(hint));
    }
}

fn noise(model: &CompiledModel, faults: &mut Faults) -> Option<LinearNoise> {
    let fixed = "or engine = \"nuts\", which fits every model";
    if model.mean.link != Link::Identity || model.likelihood.kind != LikelihoodKind::Normal {
        faults.add(
            "engine.not_linear",
            "outcome",
            "needs the identity link and normal noise".to_owned(),
            &format!("write link = \"identity\" and likelihood = \"normal\" under [outcome], {fixed}"),
        );
        return None;
    }
    let (place, is_variance) = match model.likelihood.scale {
        NoiseScale::Sigma(place) => (place, false),
        NoiseScale::Variance(place) => (place, true),
        NoiseScale::Absent => return None,
    };
    let parameter = place.is_shared().then(|| direct(model, place.at)).flatten();
    if parameter.is_none() {
        faults.add(
            "engine.not_linear",
            "outcome",
            "needs one noise for all geos".to_owned(),
            &format!("write pooling = \"shared\" beside the prior of sigma, {fixed}"),
        );
    }
    parameter.map(|parameter| LinearNoise { parameter, is_variance })
}

/// Free parameters that enter the mean linearly, and whether each is an intercept; all others are faults.
fn linear_parameters(model: &CompiledModel, faults: &mut Faults) -> Vec<(usize, bool)> {
    let parameters = &model.layout.parameters;
    let n_geos = model.training.n_geos;
    let at = |place: &CoefficientRef| (0..n_geos).filter_map(|geo| direct(model, place.index(geo))).collect();
    let of_noise: Vec<usize> = match model.likelihood.scale {
        NoiseScale::Sigma(place) | NoiseScale::Variance(place) => at(&place),
        NoiseScale::Absent => Vec::new(),
    };
    let terms = model.mean.terms.iter().map(|term| (&term.coefficient, term.component));
    let intercepts: Vec<usize> = terms
        .clone()
        .filter(|(_, component)| *component == Component::Intercept)
        .flat_map(|(c, _)| at(c))
        .collect();
    let effects = model.mean.channels.iter().map(|channel| &channel.effect);
    let linear: Vec<usize> = terms.map(|(c, _)| c).chain(effects).flat_map(&at).collect();
    let free = (0..parameters.len()).filter(|i| parameters[*i].free.is_some() && !of_noise.contains(i));
    let (inside, outside): (Vec<usize>, Vec<usize>) = free.partition(|i| linear.contains(i));
    if !outside.is_empty() {
        let labels: Vec<&str> = outside.iter().map(|i| parameters[*i].label.as_str()).collect();
        faults.add(
            "engine.not_linear",
            "sampler.engine",
            format!("needs all transforms fixed and no pooling; it cannot learn {}", labels.join(", ")),
            "write preset = \"lite\" (gibbs) or \"ridge\" (ridge) and leave the transforms out or fix them, e.g. decay = 0.5; or engine = \"nuts\"",
        );
    }
    if model.mean.media_mode == MediaMode::TimesIntercept && intercepts.iter().any(|i| inside.contains(i)) {
        faults.add(
            "engine.not_linear",
            "outcome.media",
            "cannot multiply media by an intercept that it has to learn".to_owned(),
            "write media = \"additive\" under [outcome], or engine = \"nuts\"",
        );
    }
    inside.into_iter().map(|i| (i, intercepts.contains(&i))).collect()
}

/// The parameter that a coefficient is, where it is one.
pub fn direct(model: &CompiledModel, coefficient: usize) -> Option<usize> {
    model.blocks.iter().find_map(|block| match block.rule {
        Rule::Direct { values } => {
            let within = coefficient.checked_sub(block.out)?;
            (within < block.n_items * block.n_geos).then_some(values + within)
        }
        _ => None,
    })
}

/// The mean at given parameters, `[geo, time]`, by the forward pass.
fn mean(model: &CompiledModel, parameters: &[f64]) -> Vec<f64> {
    let mut coefficients = vec![0.0; model.n_coefficients];
    model.blocks.iter().for_each(|block| block.forward(parameters, &mut coefficients));
    let mut work = model.mean.work(&model.training);
    model.mean.resolve(parameters, &coefficients, &model.training, &mut work);
    model.mean.mean(&coefficients, &model.training, &mut work);
    work.mu
}
