//! Parameters on the whole line that the mean is linear in: coefficients of the linear design, and what pooled ones are made of.

use super::compile::CompiledModel;
use super::linear_form::direct;
use super::outcome::DesignColumn;
use super::pooling::Rule;
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
    /// Where the factor of its column stands among the parameters: the scale of a pooled coefficient's deviations.
    pub scale: Option<usize>,
}

impl LinearCoefficient {
    /// All coefficients that are parameters themselves, in the order of the terms.
    pub fn direct(model: &CompiledModel) -> Vec<Self> {
        Self::find(model, false)
    }

    /// Also the means and the standardised deviations of normally pooled ones.
    pub fn all(model: &CompiledModel) -> Vec<Self> {
        Self::find(model, true)
    }

    fn find(model: &CompiledModel, pooled_too: bool) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        for (term, linear) in model.mean.terms.iter().enumerate() {
            let place = linear.coefficient;
            let mut add = |parameter: usize, geo: Option<usize>, scale: Option<usize>| {
                let own = &model.layout.parameters[parameter];
                let known = found.iter().any(|known: &Self| known.parameter == parameter);
                if let (Some(free), Support::Real, false) = (own.free, own.support, known) {
                    found.push(Self { parameter, free, term, geo, scale });
                }
            };
            for geo in 0..if place.is_shared() { 1 } else { model.training.n_geos } {
                let of_geo = (!place.is_shared()).then_some(geo);
                if let Some(parameter) = direct(model, place.index(geo)) {
                    add(parameter, of_geo, None);
                } else if let (true, Some(pooled)) = (pooled_too, pooled(model, place.index(geo))) {
                    add(pooled.mean, None, None);
                    add(pooled.offset, of_geo, Some(pooled.scale));
                }
            }
        }
        found
    }

    /// Whether it moves the cells of a geo.
    pub fn moves(&self, geo: usize) -> bool {
        self.geo.is_none_or(|own| own == geo)
    }

    /// Its column over all cells, `[geo, time]`, without a factor that is sampled.
    pub fn column(&self, model: &CompiledModel) -> Vec<f64> {
        let inputs = &model.training;
        let n = inputs.n_times;
        let value = |i: usize| match &inputs.columns[self.term] {
            DesignColumn::Ones => 1.0,
            DesignColumn::Common(values) => values[i % n],
            DesignColumn::ByGeo(values) => values[i],
        };
        (0..n * inputs.n_geos).map(|i| if self.moves(i / n) { value(i) } else { 0.0 }).collect()
    }
}

/// The parameters behind a normally pooled coefficient.
struct Pooled {
    mean: usize,
    scale: usize,
    offset: usize,
}

fn pooled(model: &CompiledModel, coefficient: usize) -> Option<Pooled> {
    model.blocks.iter().find_map(|block| match block.rule {
        Rule::PooledNormal { mean, scale, offset } => {
            let within = coefficient.checked_sub(block.out)?;
            let item = within % block.n_items;
            (within < block.n_items * block.n_geos).then_some(Pooled {
                mean: mean + item,
                scale: scale + item,
                offset: offset + within,
            })
        }
        _ => None,
    })
}
