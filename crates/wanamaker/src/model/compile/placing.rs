//! Placing coefficients: one idea is cut into blocks of one rule each, priors are turned into distributions and held
//! against the range of their parameter. Every coefficient of the model goes through [`Builder::group`].

use super::{Builder, Derived, DerivedValue, Item};
use crate::distribution::support::Support;
use crate::distribution::{Distribution, HalfCauchy, HalfNormal, InverseGamma, Normal};
use crate::model::layout::Visibility;
use crate::model::pooling::{Block, CoefficientRef, Rule};
use crate::prior::Resolved;
use crate::problem::{Place, Problem};
use crate::spec::pooling::Pooling;

impl<'a> Builder<'a> {
    /// Places the coefficients of one idea, cut into blocks of one rule each; returns where each item's stands.
    pub(super) fn group(
        &mut self,
        name: &str,
        axis: Option<&str>,
        items: &[Item<'a>],
    ) -> Vec<CoefficientRef> {
        let resolved: Vec<Option<Resolved>> = items.iter().map(|item| self.resolve(item)).collect();
        let national = self.panel.n_geos() == 1;
        let rule_of = |i: usize| {
            let pooling = match items[i].pooling {
                _ if national => 0,
                Pooling::Shared => 0,
                Pooling::Independent => 1,
                Pooling::Pooled { .. } => 2,
            };
            (matches!(resolved[i], Some(Resolved::Horseshoe(_))), pooling)
        };
        let mut places = vec![CoefficientRef { at: 0, stride: 0 }; items.len()];
        let mut rules: Vec<(bool, i32)> = Vec::new();
        for i in 0..items.len() {
            if !rules.contains(&rule_of(i)) {
                rules.push(rule_of(i));
            }
        }
        for (k, rule) in rules.iter().enumerate() {
            let members: Vec<usize> = (0..items.len()).filter(|i| rule_of(*i) == *rule).collect();
            let suffix = match (k, rule) {
                (0, _) => "",
                (_, (true, _)) => "_shrunk",
                (_, (_, 1)) => "_by_geo",
                (_, (_, 2)) => "_pooled",
                _ => "_shared",
            };
            let variable = format!("{name}{suffix}");
            let axis = axis.map(|axis| {
                let labels: Vec<String> = members.iter().map(|i| items[*i].label.clone()).collect();
                let all = if axis == "channel" {
                    self.spec.channel.len() + self.spec.organic.len()
                } else {
                    items.len()
                };
                let own = if labels.len() == all { axis.to_owned() } else { format!("{variable}_{axis}") };
                (own, labels)
            });
            let priors: Vec<&Resolved> = members.iter().filter_map(|i| resolved[*i].as_ref()).collect();
            if priors.len() < members.len() {
                continue;
            }
            let units: Vec<f64> = members.iter().map(|i| items[*i].unit).collect();
            let out = self.n_coefficients;
            let (block, n_geos) = match rule.1 {
                2 => (
                    self.pooled(
                        &variable,
                        axis,
                        &priors,
                        &units,
                        items[members[0]].pooling,
                        &items[members[0]].key,
                    ),
                    self.panel.n_geos(),
                ),
                geos => {
                    let n_geos = if geos == 1 { self.panel.n_geos() } else { 1 };
                    let block = if rule.0 {
                        self.horseshoe(&variable, axis, &priors, &units, n_geos, &items[members[0]].key)
                    } else {
                        self.direct(&variable, axis, &priors, &units, n_geos)
                    };
                    (block, n_geos)
                }
            };
            let Some(rule) = block else { continue };
            let n_items = members.len();
            self.blocks.push(Block { rule, out, n_items, n_geos });
            self.n_coefficients += n_items * n_geos;
            for (i, member) in members.iter().enumerate() {
                places[*member] =
                    CoefficientRef { at: out + i, stride: if n_geos > 1 { n_items } else { 0 } };
            }
        }
        places
    }

    /// Turns the words of a prior into numbers and checks that it stays where the parameter may live.
    fn resolve(&mut self, item: &Item<'_>) -> Option<Resolved> {
        let Some(prior) = item.prior else {
            let problem =
                Problem::error("spec.missing_prior", Place::key(&item.key), "a prior is missing here");
            self.problems.push(problem.hint("name a distribution, e.g. { half_normal = { sd = 1 } }"));
            return None;
        };
        match prior.resolve(&|word| item.words.get(word)) {
            Err(fault) => {
                let problem = Problem::error("spec.invalid_prior", Place::key(&item.key), fault.message);
                self.problems.push(problem.hint(fault.hint));
                None
            }
            Ok(Resolved::One(distribution)) => {
                let fits = match &distribution {
                    Distribution::Fixed(value) => item.natural.admits(*value),
                    other => within(other.support(), item.natural),
                };
                if !fits {
                    let range = range_words(item.natural);
                    let message =
                        format!("the prior {prior} reaches outside {range}, where this parameter lives");
                    let hint = match item.natural {
                        Support::UnitInterval => "use e.g. { beta = [2, 2] } or { uniform = [0, 1] }",
                        Support::Positive => {
                            "use e.g. { half_normal = { sd = 1 } } or { log_normal = { median = 1, sd_log = 0.5 } }"
                        }
                        _ => "use a prior on that range",
                    };
                    self.problems.push(
                        Problem::error("spec.prior_support", Place::key(&item.key), message).hint(hint),
                    );
                    return None;
                }
                Some(Resolved::One(distribution))
            }
            Ok(horseshoe) => {
                if item.natural != Support::Real || item.label.is_empty() {
                    let message = "a horseshoe needs a group of coefficients that may be of either sign";
                    let problem = Problem::error("spec.invalid_prior", Place::key(&item.key), message);
                    self.problems.push(problem.hint("it fits controls, events, treatments and seasonality"));
                    return None;
                }
                Some(horseshoe)
            }
        }
    }

    fn axes(&self, axis: Option<(String, Vec<String>)>, n_geos: usize) -> Vec<(String, Vec<String>)> {
        let geo = (n_geos > 1).then(|| ("geo".to_owned(), self.panel.geos.clone()));
        geo.into_iter().chain(axis).collect()
    }

    fn direct(
        &mut self,
        name: &str,
        axis: Option<(String, Vec<String>)>,
        priors: &[&Resolved],
        units: &[f64],
        n_geos: usize,
    ) -> Option<Rule> {
        let one: Vec<Distribution> = priors
            .iter()
            .filter_map(|prior| match prior {
                Resolved::One(distribution) => Some(*distribution),
                Resolved::Horseshoe(_) => None,
            })
            .collect();
        let axes = self.axes(axis, n_geos);
        let values =
            self.layout.push(name, axes, repeat(&one, n_geos), repeat(units, n_geos), Visibility::Public);
        Some(Rule::Direct { values })
    }

    fn pooled(
        &mut self,
        name: &str,
        axis: Option<(String, Vec<String>)>,
        priors: &[&Resolved],
        units: &[f64],
        pooling: &Pooling,
        key: &str,
    ) -> Option<Rule> {
        let mut fail = |message: &str, hint: &str| {
            self.problems.push(Problem::error("spec.pooling", Place::key(key), message).hint(hint));
            None
        };
        let mut means = Vec::new();
        for prior in priors {
            match prior {
                Resolved::One(distribution) => means.push(*distribution),
                Resolved::Horseshoe(_) => {
                    return fail(
                        "a horseshoe cannot be pooled over geos",
                        "use pooling = \"shared\" or \"independent\"",
                    );
                }
            }
        }
        let positive = means.iter().all(|mean| is_positive(mean.support()));
        if !positive && !means.iter().all(|mean| mean.support() == Support::Real) {
            return fail(
                "only coefficients on the whole line or on the positive half can be pooled",
                "use pooling = \"shared\" or \"independent\"",
            );
        }
        let stated = match pooling {
            Pooling::Pooled { scale: Some(prior) } => match prior.resolve(&|word| self.words.get(word)) {
                Ok(Resolved::One(distribution)) if within(distribution.support(), Support::Positive) => {
                    Some(distribution)
                }
                _ => {
                    return fail(
                        "the scale of pooling needs a prior on positive numbers",
                        "use e.g. { half_normal = { sd = 0.3 } }",
                    );
                }
            },
            _ => None,
        };
        let half_normal = |sd: f64| Distribution::HalfNormal(HalfNormal { sd });
        let scales: Vec<Distribution> = means
            .iter()
            .map(|mean| {
                stated.unwrap_or_else(|| half_normal(if positive { 0.3 } else { positive_or_one(mean.sd()) }))
            })
            .collect();
        let scale_units = if positive { vec![1.0; units.len()] } else { units.to_vec() };
        let n_geos = self.panel.n_geos();
        let n_items = means.len();
        let public = Visibility::Public;
        let axes = self.axes(axis.clone(), 1);
        let mean = self.layout.push(name, axes.clone(), means, units.to_vec(), public);
        let scale = self.layout.push(&format!("{name}_scale"), axes, scales, scale_units, public);
        let axes = self.axes(axis, n_geos);
        let standard = Distribution::Normal(Normal { mean: 0.0, sd: 1.0 });
        let offsets = vec![standard; n_items * n_geos];
        let offset = self.layout.push(
            &format!("{name}_offset"),
            axes.clone(),
            offsets,
            vec![1.0; n_items * n_geos],
            Visibility::Internal,
        );
        self.derive(&format!("{name}_geo"), axes, n_items * n_geos, repeat(units, n_geos));
        Some(if positive {
            Rule::PooledLogNormal { mean, scale, offset }
        } else {
            Rule::PooledNormal { mean, scale, offset }
        })
    }

    fn horseshoe(
        &mut self,
        name: &str,
        axis: Option<(String, Vec<String>)>,
        priors: &[&Resolved],
        units: &[f64],
        n_geos: usize,
        key: &str,
    ) -> Option<Rule> {
        let Resolved::Horseshoe(first) = priors[0] else { return None };
        if priors.iter().any(|prior| !matches!(prior, Resolved::Horseshoe(other) if other == first)) {
            let message = "a group has one horseshoe: its members state different numbers";
            let problem = Problem::error("spec.invalid_prior", Place::key(key), message);
            self.problems.push(problem.hint("state it once, e.g. in defaults.control_prior"));
            return None;
        }
        let n = priors.len() * n_geos;
        let axes = self.axes(axis, n_geos);
        let (public, internal) = (Visibility::Public, Visibility::Internal);
        let standard = Distribution::Normal(Normal { mean: 0.0, sd: 1.0 });
        let half_cauchy = |scale: f64| Distribution::HalfCauchy(HalfCauchy { scale });
        let half_df = 0.5 * first.slab_df;
        let slab = Distribution::InverseGamma(InverseGamma {
            shape: half_df,
            scale: half_df * first.slab_scale * first.slab_scale,
        });
        let offset = self.layout.push(
            &format!("{name}_offset"),
            axes.clone(),
            vec![standard; n],
            vec![1.0; n],
            internal,
        );
        let local = self.layout.push(
            &format!("{name}_local"),
            axes.clone(),
            vec![half_cauchy(1.0); n],
            vec![1.0; n],
            internal,
        );
        let global = self.layout.push(
            &format!("{name}_global"),
            vec![],
            vec![half_cauchy(first.scale)],
            vec![1.0],
            public,
        );
        let slab = self.layout.push(&format!("{name}_slab"), vec![], vec![slab], vec![1.0], public);
        self.derive(name, axes, n, repeat(units, n_geos));
        Some(Rule::Horseshoe { offset, global, local, slab })
    }

    /// Reports the coefficients that the block placed next will write.
    fn derive(&mut self, name: &str, axes: Vec<(String, Vec<String>)>, n: usize, units: Vec<f64>) {
        let (dims, coords) = axes.into_iter().unzip();
        let values = (0..n).map(|k| DerivedValue::Coefficient(self.n_coefficients + k)).collect();
        self.derived.push(Derived { name: name.into(), dims, coords, values, units });
    }
}

fn repeat<T: Clone>(items: &[T], times: usize) -> Vec<T> {
    (0..times).flat_map(|_| items.iter().cloned()).collect()
}

fn positive_or_one(x: f64) -> f64 {
    if x.is_finite() && x > 0.0 { x } else { 1.0 }
}

fn within(inner: Support, outer: Support) -> bool {
    let ((a, b), (lower, upper)) = (inner.bounds(), outer.bounds());
    a >= lower && b <= upper
}

fn is_positive(support: Support) -> bool {
    support.bounds().0 >= 0.0 && support.bounds().1 == f64::INFINITY
}

fn range_words(support: Support) -> &'static str {
    match support {
        Support::UnitInterval => "[0, 1]",
        Support::Positive => "the positive numbers",
        _ => "its range",
    }
}
