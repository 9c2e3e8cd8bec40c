//! What a user writes for a prior, in TOML, JSON and Python alike, and the distribution it stands for.
//!
//! ```text
//! 0.5                                           fixed
//! { beta = [3, 3] }                             arguments in order
//! { normal = { mean = 0, sd = 2 } }             arguments by name
//! { gamma = { mean = 2, sd = 1 } }              by moments: gamma, inverse_gamma, beta, log_normal
//! { log_normal = { median = 1.2, sd_log = 0.9 } }
//! { half_normal = { sd = "0.5 * sd_kpi" } }     an argument may be a word about the data, times a number
//! { horseshoe = { scale = 0.1, slab_scale = 2, slab_df = 4 } }      a group of coefficients, most of them near zero
//! ```

mod forms;
mod quantity;
mod text;

pub use quantity::{DataWord, Quantity};

use crate::distribution::Distribution;
use forms::{FORMS, HORSESHOE, forms_of};

/// A prior as stated.
#[derive(Clone, Debug, PartialEq)]
pub enum Prior {
    /// A known value: the parameter is not sampled.
    Fixed(Quantity),
    /// A distribution by name; the arguments are those of one of its forms, in order.
    Family {
        /// Name, e.g. `log_normal`.
        family: &'static str,
        /// Argument names and values.
        arguments: Vec<(&'static str, Quantity)>,
    },
    /// The regularised horseshoe on a group of coefficients: `scale` (global), `slab_scale`, `slab_df`.
    Horseshoe(Vec<Quantity>),
}

/// Numbers of a regularised horseshoe.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Horseshoe {
    /// Scale of the global shrinkage: how large a typical small coefficient is.
    pub scale: f64,
    /// Scale of coefficients that are not shrunk.
    pub slab_scale: f64,
    /// Degrees of freedom of the slab.
    pub slab_df: f64,
}

/// What a prior stands for.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// A distribution of one number.
    One(Distribution),
    /// A joint prior of a group.
    Horseshoe(Horseshoe),
}

/// Why a prior stands for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriorFault {
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl Prior {
    fn of(family: &'static str, form: usize, values: &[Quantity]) -> Self {
        let form = FORMS.iter().filter(|f| f.family == family).nth(form).expect("a family of the table");
        let arguments = form.arguments.iter().copied().zip(values.iter().copied()).collect();
        Prior::Family { family, arguments }
    }

    /// Normal.
    pub fn normal(mean: impl Into<Quantity>, sd: impl Into<Quantity>) -> Self {
        Self::of("normal", 0, &[mean.into(), sd.into()])
    }

    /// Half-normal.
    pub fn half_normal(sd: impl Into<Quantity>) -> Self {
        Self::of("half_normal", 0, &[sd.into()])
    }

    /// Log-normal by its median and the standard deviation of its logarithm.
    pub fn log_normal_median(median: impl Into<Quantity>, sd_log: impl Into<Quantity>) -> Self {
        Self::of("log_normal", 1, &[median.into(), sd_log.into()])
    }

    /// Gamma by shape and rate.
    pub fn gamma(shape: impl Into<Quantity>, rate: impl Into<Quantity>) -> Self {
        Self::of("gamma", 0, &[shape.into(), rate.into()])
    }

    /// Beta.
    pub fn beta(alpha: impl Into<Quantity>, beta: impl Into<Quantity>) -> Self {
        Self::of("beta", 0, &[alpha.into(), beta.into()])
    }

    /// Laplace.
    pub fn laplace(location: impl Into<Quantity>, scale: impl Into<Quantity>) -> Self {
        Self::of("laplace", 0, &[location.into(), scale.into()])
    }

    /// Turns words into numbers and numbers into a distribution.
    ///
    /// # Errors
    /// A word that means nothing at this place, or an argument outside its range; says which and what range.
    pub fn resolve(&self, data: &dyn Fn(DataWord) -> Option<f64>) -> Result<Resolved, PriorFault> {
        let number = |name: &str, quantity: &Quantity| {
            quantity.value(data).filter(|x| !x.is_nan()).ok_or_else(|| PriorFault {
                message: format!("`{name} = \"{quantity}\"` means nothing here"),
                hint: "words about exposure belong to channels; elsewhere use mean_kpi, sd_kpi, max_kpi or a number".into(),
            })
        };
        match self {
            Prior::Fixed(quantity) => {
                let value = number("value", quantity)?;
                if !value.is_finite() {
                    let message = format!("a fixed value must be finite, not {value}");
                    return Err(PriorFault { message, hint: "write a number".into() });
                }
                Ok(Resolved::One(Distribution::Fixed(value)))
            }
            Prior::Horseshoe(quantities) => {
                let mut values = [0.0; 3];
                for (k, quantity) in quantities.iter().enumerate() {
                    values[k] = number(HORSESHOE[k], quantity)?;
                    if !(values[k] > 0.0 && values[k].is_finite()) {
                        let message = format!(
                            "`{}` of the horseshoe must be positive, not {}",
                            HORSESHOE[k], values[k]
                        );
                        return Err(PriorFault { message, hint: "e.g. { horseshoe = [0.1, 2, 4] }".into() });
                    }
                }
                Ok(Resolved::Horseshoe(Horseshoe {
                    scale: values[0],
                    slab_scale: values[1],
                    slab_df: values[2],
                }))
            }
            Prior::Family { family, arguments } => {
                let names: Vec<&str> = arguments.iter().map(|(name, _)| *name).collect();
                let values: Vec<f64> = arguments
                    .iter()
                    .map(|(name, quantity)| number(name, quantity))
                    .collect::<Result<_, _>>()?;
                let form = FORMS
                    .iter()
                    .find(|form| form.family == *family && form.arguments == names)
                    .expect("a prior is only made from a form");
                let fault = |argument: &str, rule: &str, value: f64| PriorFault {
                    message: format!("`{argument}` of {family} {rule}, not {value}"),
                    hint: format!("{family} takes {}", forms_of(family)),
                };
                let distribution =
                    (form.build)(&values).map_err(|(at, rule)| fault(names[at], rule, values[at]))?;
                match distribution.check() {
                    Ok(()) => Ok(Resolved::One(distribution)),
                    Err(unsound) => Err(fault(unsound.argument, unsound.rule, unsound.value)),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prior(text: &str) -> Result<Prior, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    fn resolved(text: &str) -> Distribution {
        match prior(text).unwrap().resolve(&|_| Some(10.0)) {
            Ok(Resolved::One(distribution)) => distribution,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn every_form_reads_back_from_what_it_writes() {
        for form in FORMS {
            let mut values: Vec<Quantity> = form.arguments.iter().map(|_| Quantity::Number(0.25)).collect();
            if form.arguments.contains(&"upper") {
                *values.last_mut().unwrap() = Quantity::Number(2.0);
            }
            values[0] = Quantity::Data { factor: 0.05, word: DataWord::SdKpi };
            let arguments = form.arguments.iter().copied().zip(values).collect();
            let stated = Prior::Family { family: form.family, arguments };
            let json = serde_json::to_string(&stated).unwrap();
            assert_eq!(prior(&json).unwrap(), stated, "{json}");
            assert!(stated.resolve(&|_| Some(10.0)).is_ok(), "{json}");
            assert!(stated.resolve(&|_| None).is_err(), "{json}");
        }
        for text in ["0.5", "\"2 * mean_kpi\"", r#"{"horseshoe":{"scale":0.1,"slab_scale":2,"slab_df":4}}"#] {
            assert_eq!(serde_json::to_string(&prior(text).unwrap()).unwrap(), text);
        }
    }

    #[test]
    fn moments_are_those_asked_for() {
        for family in ["gamma", "log_normal", "inverse_gamma"] {
            let distribution = resolved(&format!(r#"{{"{family}": {{"mean": 2, "sd": 1}}}}"#));
            assert!(
                (distribution.mean() - 2.0).abs() < 1e-12 && (distribution.sd() - 1.0).abs() < 1e-12,
                "{family}"
            );
        }
        let beta = resolved(r#"{"beta": {"mean": 0.3, "sd": 0.1}}"#);
        assert!((beta.mean() - 0.3).abs() < 1e-12 && (beta.sd() - 0.1).abs() < 1e-12);
        assert!((resolved(r#"{"log_normal": {"median": 3, "sd_log": 1}}"#).median() - 3.0).abs() < 1e-12);
    }

    #[test]
    fn mistakes_are_told_with_what_to_write() {
        for (text, message) in [
            (r#"{"normall": [0, 1]}"#, "did you mean `normal`?"),
            (r#"{"normal": [0, 1, 2]}"#, "takes 2 numbers in the order mean, sd, not 3"),
            (r#"{"normal": {"mean": 0, "variance": 1}}"#, "`variance` is not an argument of normal"),
            (r#"{"gamma": {"shape": 1, "sd": 1}}"#, "cannot be stated by shape, sd"),
            (r#"{"normal": [0, 1], "beta": [1, 1]}"#, "names one distribution"),
            (r#"{}"#, "a prior is empty"),
            (r#""mean_kpy""#, "did you mean `mean_kpi`?"),
            ("true", "a number (fixed) or a distribution"),
        ] {
            let error = prior(text).unwrap_err();
            assert!(error.contains(message), "{text}: {error}");
        }
        for (text, message) in [
            (r#"{"normal": [0, -1]}"#, "`sd` of normal must be above 0 and finite, not -1"),
            (r#"{"uniform": [2, 1]}"#, "`upper` of uniform must be above `lower`, not 1"),
            (r#"{"beta": {"mean": 0.5, "sd": 3}}"#, "`sd` of beta is too wide"),
            (r#"{"horseshoe": [0.1, 0, 4]}"#, "`slab_scale` of the horseshoe must be positive, not 0"),
        ] {
            let fault = prior(text).unwrap().resolve(&|_| None).unwrap_err();
            assert!(fault.message.contains(message), "{text}: {}", fault.message);
        }
    }

    #[test]
    fn other_spellings_are_understood() {
        assert_eq!(prior(r#"{"normal": {"mu": 0, "sigma": 2}}"#), prior(r#"{"normal": [0, 2]}"#));
        assert_eq!(prior(r#"{"gamma": {"alpha": 3, "beta": 1}}"#), prior(r#"{"gamma": [3, 1]}"#));
    }
}
