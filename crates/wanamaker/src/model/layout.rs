//! Which number of the parameter vector means what: scalars with their priors, grouped into named variables.

use crate::distribution::Distribution;
use crate::distribution::support::Support;

/// One scalar parameter, on the scale on which its prior is stated.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Name with coordinates, e.g. `decay[tv]`.
    pub label: String,
    /// Its prior.
    pub distribution: Distribution,
    /// Where it lives; the prior's support.
    pub support: Support,
    /// Its place in the sampler's position; `None` when it is fixed.
    pub free: Option<usize>,
}

/// What a variable is to a reader of the posterior.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// A quantity with a meaning.
    Public,
    /// A building block of the parameterisation (standardised deviations); kept, but not reported.
    Internal,
}

/// A named array of scalars with labelled axes, as ArviZ has them.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Name, e.g. `decay`.
    pub name: String,
    /// Names of its axes, e.g. `["geo", "channel"]`; empty for a scalar.
    pub dims: Vec<String>,
    /// Coordinates along each axis.
    pub coords: Vec<Vec<String>>,
    /// First scalar in [`Layout::parameters`]; scalars lie in row-major order of `dims`.
    pub start: usize,
    /// What one unit of the prior's scale is in the user's unit, per scalar: `user = unit · model`.
    pub units: Vec<f64>,
    /// Whether it is reported.
    pub visibility: Visibility,
}

impl Variable {
    /// Number of scalars.
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// Whether it has no scalar.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// Labels of its scalars, e.g. `beta[north,tv]`, in order.
    pub fn labels(&self) -> Vec<String> {
        labels(&self.name, &self.coords)
    }
}

/// Labels of an array in row-major order: `name`, `name[a]`, `name[a,b]`.
pub fn labels(name: &str, coords: &[Vec<String>]) -> Vec<String> {
    let mut tails = vec![String::new()];
    for axis in coords {
        tails = tails
            .iter()
            .flat_map(|tail| {
                axis.iter().map(move |c| if tail.is_empty() { c.clone() } else { format!("{tail},{c}") })
            })
            .collect();
    }
    tails
        .into_iter()
        .map(|tail| if coords.is_empty() { name.to_owned() } else { format!("{name}[{tail}]") })
        .collect()
}

/// All parameters of a model in order.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// Scalars; fixed ones included.
    pub parameters: Vec<Parameter>,
    /// Their groups, in the same order, without gaps.
    pub variables: Vec<Variable>,
    n_free: usize,
}

impl Layout {
    /// Number of free scalars: the dimension of the sampler's space.
    pub fn n_free(&self) -> usize {
        self.n_free
    }

    /// Number of scalars, fixed ones included.
    pub fn n_parameters(&self) -> usize {
        self.parameters.len()
    }

    /// Appends a variable with one prior and one unit per scalar; returns the index of its first scalar.
    pub fn push(
        &mut self,
        name: &str,
        axes: Vec<(String, Vec<String>)>,
        priors: Vec<Distribution>,
        units: Vec<f64>,
        visibility: Visibility,
    ) -> usize {
        let (dims, coords): (Vec<_>, Vec<_>) = axes.into_iter().unzip();
        let start = self.parameters.len();
        let labels = labels(name, &coords);
        debug_assert_eq!(labels.len(), priors.len());
        debug_assert_eq!(labels.len(), units.len());
        for (label, distribution) in labels.into_iter().zip(priors) {
            let free = (!matches!(distribution, Distribution::Fixed(_))).then(|| {
                self.n_free += 1;
                self.n_free - 1
            });
            let support = distribution.support();
            self.parameters.push(Parameter { label, distribution, support, free });
        }
        self.variables.push(Variable { name: name.to_owned(), dims, coords, start, units, visibility });
        start
    }

    /// Labels of the free scalars, in the order of the sampler's position.
    pub fn free_labels(&self) -> Vec<&str> {
        self.parameters.iter().filter(|p| p.free.is_some()).map(|p| p.label.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_run_in_row_major_order() {
        let coords = [vec!["n".to_owned(), "s".to_owned()], vec!["tv".to_owned(), "web".to_owned()]];
        assert_eq!(labels("beta", &coords), ["beta[n,tv]", "beta[n,web]", "beta[s,tv]", "beta[s,web]"]);
        assert_eq!(labels("sigma", &[]), ["sigma"]);
    }
}
