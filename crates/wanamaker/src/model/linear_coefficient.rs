//! Coefficients of the linear design that the sampler sees as they are: each a free parameter of its own, on the whole line.

use super::compile::CompiledModel;
use super::linear_form::direct;
use super::outcome::DesignColumn;
use crate::distribution::support::Support;

/// One of them.
#[derive(Clone, Debug)]
pub struct LinearCoefficient {
    /// Its place among the parameters.
    pub parameter: usize,
    /// Its place in the sampler's position.
    pub free: usize,
    /// The term it multiplies.
    pub term: usize,
    /// The geo whose cells it moves; `None` for all.
    pub geo: Option<usize>,
    /// Its place among the coefficients.
    pub coefficient: usize,
}

impl LinearCoefficient {
    /// All of a model, in the order of its terms.
    pub fn all(model: &CompiledModel) -> Vec<Self> {
        let mut found = Vec::new();
        for (term, linear) in model.mean.terms.iter().enumerate() {
            let place = linear.coefficient;
            for geo in 0..if place.is_shared() { 1 } else { model.training.n_geos } {
                let coefficient = place.index(geo);
                let Some(parameter) = direct(model, coefficient) else { continue };
                let own = &model.layout.parameters[parameter];
                let (Some(free), Support::Real) = (own.free, own.support) else { continue };
                let geo = (!place.is_shared()).then_some(geo);
                found.push(Self { parameter, free, term, geo, coefficient });
            }
        }
        found
    }

    /// Its column over all cells, `[geo, time]`.
    pub fn column(&self, model: &CompiledModel) -> Vec<f64> {
        let inputs = &model.training;
        let n = inputs.n_times;
        let value = |i: usize| match &inputs.columns[self.term] {
            DesignColumn::Ones => 1.0,
            DesignColumn::Common(values) => values[i % n],
            DesignColumn::ByGeo(values) => values[i],
        };
        let own = |i: usize| self.geo.is_none_or(|geo| geo == i / n);
        (0..n * inputs.n_geos).map(|i| if own(i) { value(i) } else { 0.0 }).collect()
    }
}
