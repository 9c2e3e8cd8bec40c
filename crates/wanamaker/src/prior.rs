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

use crate::distribution::{
    Beta, Cauchy, Distribution, Exponential, Gamma, HalfCauchy, HalfNormal, HalfStudentT, InverseGamma,
    Laplace, LogNormal, Normal, StudentT, TruncatedNormal, Uniform, Weibull,
};
use crate::problem::nearest;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A word that stands for a number of the training data, on the scale of the priors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataWord {
    /// Mean of the KPI (of its logarithm with the log link).
    MeanKpi,
    /// Standard deviation of the KPI (of its logarithm with the log link).
    SdKpi,
    /// Greatest KPI.
    MaxKpi,
    /// Mean exposure of the channel over all periods.
    MeanExposure,
    /// Mean exposure of the channel over periods in which it ran.
    MeanActiveExposure,
    /// Greatest exposure of the channel.
    MaxExposure,
    /// One over `mean_active_exposure`: the natural unit of a rate.
    PerMeanExposure,
    /// The channel's share of all spend on media in the training window.
    SpendShare,
}

impl DataWord {
    const ALL: [(DataWord, &'static str); 8] = [
        (DataWord::MeanKpi, "mean_kpi"),
        (DataWord::SdKpi, "sd_kpi"),
        (DataWord::MaxKpi, "max_kpi"),
        (DataWord::MeanExposure, "mean_exposure"),
        (DataWord::MeanActiveExposure, "mean_active_exposure"),
        (DataWord::MaxExposure, "max_exposure"),
        (DataWord::PerMeanExposure, "per_mean_exposure"),
        (DataWord::SpendShare, "spend_share"),
    ];

    /// The word as it is written.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// A number, or a number times a word about the data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quantity {
    /// A number.
    Number(f64),
    /// `factor · word`.
    Data {
        /// Multiplier.
        factor: f64,
        /// What it multiplies.
        word: DataWord,
    },
}

impl Quantity {
    fn parse(text: &str) -> Result<Self, String> {
        let (factor, word) = match text.split_once('*') {
            Some((factor, word)) => {
                let number = factor.trim().parse().map_err(|_| {
                    format!("`{text}` is not a number times a word\nwrite e.g. \"0.5 * mean_kpi\"")
                })?;
                (number, word.trim())
            }
            None => (1.0, text.trim()),
        };
        let known = DataWord::ALL.map(|(_, name)| name);
        match DataWord::ALL.iter().find(|(_, name)| *name == word) {
            Some((word, _)) => Ok(Quantity::Data { factor, word: *word }),
            None => Err(match nearest(word, known) {
                Some(near) => format!("`{word}` is not a word about the data\ndid you mean `{near}`?"),
                None => format!(
                    "`{word}` is neither a number nor a word about the data\nknown: {}",
                    known.join(", ")
                ),
            }),
        }
    }

    /// The number; `None` when the place does not know the word.
    fn value(self, data: &dyn Fn(DataWord) -> Option<f64>) -> Option<f64> {
        match self {
            Quantity::Number(number) => Some(number),
            Quantity::Data { factor, word } => data(word).map(|value| factor * value),
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Quantity::Number(number) => write!(f, "{number}"),
            Quantity::Data { factor: 1.0, word } => f.write_str(word.name()),
            Quantity::Data { factor, word } => write!(f, "{factor} * {}", word.name()),
        }
    }
}

impl From<f64> for Quantity {
    fn from(number: f64) -> Self {
        Quantity::Number(number)
    }
}

impl From<&'static str> for Quantity {
    /// For presets; a word that is not known is our own mistake.
    fn from(text: &'static str) -> Self {
        Quantity::parse(text).unwrap_or_else(|fault| panic!("a preset says `{text}`: {fault}"))
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            // Whole numbers are written without a decimal point.
            Quantity::Number(x) if x.fract() == 0.0 && x.abs() < 1e15 => serializer.serialize_i64(*x as i64),
            Quantity::Number(x) => serializer.serialize_f64(*x),
            data => serializer.serialize_str(&data.to_string()),
        }
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl Visitor<'_> for Words {
            type Value = Quantity;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a word about the data such as \"mean_kpi\"")
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Quantity, E> {
                Ok(Quantity::Number(number))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Quantity, E> {
                Ok(Quantity::Number(number as f64))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Quantity, E> {
                Ok(Quantity::Number(number as f64))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Quantity, E> {
                match text.trim() {
                    "inf" | "infinity" => Ok(Quantity::Number(f64::INFINITY)),
                    "-inf" | "-infinity" => Ok(Quantity::Number(f64::NEG_INFINITY)),
                    text => Quantity::parse(text).map_err(E::custom),
                }
            }
        }
        deserializer.deserialize_any(Words)
    }
}

/// One way of stating a family: its name and its arguments in order.
struct Form {
    family: &'static str,
    arguments: &'static [&'static str],
    build: fn(&[f64]) -> Result<Distribution, Rule>,
}

/// The argument that breaks a rule, by index, and the rule.
type Rule = (usize, &'static str);

fn positive(values: &[f64], indices: &[usize]) -> Result<(), Rule> {
    match indices.iter().find(|i| !(values[**i] > 0.0 && values[**i].is_finite())) {
        Some(i) => Err((*i, "must be positive")),
        None => Ok(()),
    }
}

/// Every form of every family. The first form of a family is the positional one; later ones differ in argument names.
const FORMS: &[Form] = &[
    Form {
        family: "normal",
        arguments: &["mean", "sd"],
        build: |a| Ok(Distribution::Normal(Normal { mean: a[0], sd: a[1] })),
    },
    Form {
        family: "truncated_normal",
        arguments: &["mean", "sd", "lower", "upper"],
        build: |a| {
            Ok(Distribution::TruncatedNormal(TruncatedNormal {
                mean: a[0],
                sd: a[1],
                lower: a[2],
                upper: a[3],
            }))
        },
    },
    Form {
        family: "half_normal",
        arguments: &["sd"],
        build: |a| Ok(Distribution::HalfNormal(HalfNormal { sd: a[0] })),
    },
    Form {
        family: "log_normal",
        arguments: &["mean_log", "sd_log"],
        build: |a| Ok(Distribution::LogNormal(LogNormal { mean_log: a[0], sd_log: a[1] })),
    },
    Form {
        family: "log_normal",
        arguments: &["median", "sd_log"],
        build: |a| {
            positive(a, &[0, 1])?;
            Ok(Distribution::LogNormal(LogNormal { mean_log: a[0].ln(), sd_log: a[1] }))
        },
    },
    // Moments: s² = ln(1 + sd²/mean²), m = ln mean − s²/2.
    Form {
        family: "log_normal",
        arguments: &["mean", "sd"],
        build: |a| {
            positive(a, &[0, 1])?;
            let variance = (a[1] / a[0]).powi(2).ln_1p();
            Ok(Distribution::LogNormal(LogNormal {
                mean_log: a[0].ln() - 0.5 * variance,
                sd_log: variance.sqrt(),
            }))
        },
    },
    Form {
        family: "gamma",
        arguments: &["shape", "rate"],
        build: |a| Ok(Distribution::Gamma(Gamma { shape: a[0], rate: a[1] })),
    },
    // Moments: shape = mean²/sd², rate = mean/sd².
    Form {
        family: "gamma",
        arguments: &["mean", "sd"],
        build: |a| {
            positive(a, &[0, 1])?;
            Ok(Distribution::Gamma(Gamma { shape: (a[0] / a[1]).powi(2), rate: a[0] / (a[1] * a[1]) }))
        },
    },
    Form {
        family: "inverse_gamma",
        arguments: &["shape", "scale"],
        build: |a| Ok(Distribution::InverseGamma(InverseGamma { shape: a[0], scale: a[1] })),
    },
    // Moments: shape = mean²/sd² + 2, scale = mean·(mean²/sd² + 1).
    Form {
        family: "inverse_gamma",
        arguments: &["mean", "sd"],
        build: |a| {
            positive(a, &[0, 1])?;
            let ratio = (a[0] / a[1]).powi(2);
            Ok(Distribution::InverseGamma(InverseGamma { shape: ratio + 2.0, scale: a[0] * (ratio + 1.0) }))
        },
    },
    Form {
        family: "beta",
        arguments: &["alpha", "beta"],
        build: |a| Ok(Distribution::Beta(Beta { alpha: a[0], beta: a[1] })),
    },
    // Moments: nu = mean·(1 − mean)/sd² − 1, alpha = mean·nu, beta = (1 − mean)·nu.
    Form {
        family: "beta",
        arguments: &["mean", "sd"],
        build: |a| {
            positive(a, &[0, 1])?;
            if a[0] >= 1.0 {
                return Err((0, "must be between 0 and 1"));
            }
            let nu = a[0] * (1.0 - a[0]) / (a[1] * a[1]) - 1.0;
            if nu <= 0.0 {
                return Err((1, "is too wide for numbers between 0 and 1"));
            }
            Ok(Distribution::Beta(Beta { alpha: a[0] * nu, beta: (1.0 - a[0]) * nu }))
        },
    },
    Form {
        family: "exponential",
        arguments: &["rate"],
        build: |a| Ok(Distribution::Exponential(Exponential { rate: a[0] })),
    },
    Form {
        family: "exponential",
        arguments: &["mean"],
        build: |a| {
            positive(a, &[0])?;
            Ok(Distribution::Exponential(Exponential { rate: 1.0 / a[0] }))
        },
    },
    Form {
        family: "laplace",
        arguments: &["location", "scale"],
        build: |a| Ok(Distribution::Laplace(Laplace { location: a[0], scale: a[1] })),
    },
    Form {
        family: "student_t",
        arguments: &["df", "location", "scale"],
        build: |a| Ok(Distribution::StudentT(StudentT { df: a[0], location: a[1], scale: a[2] })),
    },
    Form {
        family: "half_student_t",
        arguments: &["df", "scale"],
        build: |a| Ok(Distribution::HalfStudentT(HalfStudentT { df: a[0], scale: a[1] })),
    },
    Form {
        family: "cauchy",
        arguments: &["location", "scale"],
        build: |a| Ok(Distribution::Cauchy(Cauchy { location: a[0], scale: a[1] })),
    },
    Form {
        family: "half_cauchy",
        arguments: &["scale"],
        build: |a| Ok(Distribution::HalfCauchy(HalfCauchy { scale: a[0] })),
    },
    Form {
        family: "uniform",
        arguments: &["lower", "upper"],
        build: |a| Ok(Distribution::Uniform(Uniform { lower: a[0], upper: a[1] })),
    },
    Form {
        family: "weibull",
        arguments: &["shape", "scale"],
        build: |a| Ok(Distribution::Weibull(Weibull { shape: a[0], scale: a[1] })),
    },
];

const HORSESHOE: &[&str] = &["scale", "slab_scale", "slab_df"];

/// Other spellings of arguments that users bring along.
fn accepted(family: &str, argument: &str) -> String {
    let ours = match (family, argument) {
        ("normal" | "truncated_normal", "mu") => "mean",
        ("normal" | "truncated_normal" | "half_normal", "sigma") => "sd",
        ("log_normal", "mu") => "mean_log",
        ("log_normal", "sigma") => "sd_log",
        ("gamma" | "inverse_gamma" | "weibull", "alpha") => "shape",
        ("gamma", "beta") => "rate",
        ("inverse_gamma" | "weibull", "beta") => "scale",
        ("exponential", "lam") => "rate",
        ("laplace" | "student_t" | "cauchy", "mu") => "location",
        ("laplace", "b") | ("student_t" | "half_student_t", "sigma") | ("cauchy" | "half_cauchy", "beta") => {
            "scale"
        }
        ("student_t" | "half_student_t", "nu") => "df",
        _ => argument,
    };
    ours.to_owned()
}

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

fn forms_of(family: &str) -> String {
    let forms: Vec<String> =
        FORMS.iter().filter(|form| form.family == family).map(|form| form.arguments.join(", ")).collect();
    forms.join(" or ")
}

fn families() -> Vec<&'static str> {
    let mut names: Vec<&str> = FORMS.iter().map(|form| form.family).collect();
    names.dedup();
    names.push("horseshoe");
    names.push("fixed");
    names
}

impl fmt::Display for Prior {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |values: Vec<String>| values.join(", ");
        match self {
            Prior::Fixed(quantity) => write!(f, "{quantity}"),
            Prior::Horseshoe(values) => {
                write!(f, "horseshoe({})", join(values.iter().map(ToString::to_string).collect()))
            }
            Prior::Family { family, arguments } => {
                let positional = FORMS.iter().find(|form| form.family == *family).map(|form| form.arguments);
                let names: Vec<&str> = arguments.iter().map(|(name, _)| *name).collect();
                let by_position = positional == Some(names.as_slice());
                let values = arguments.iter().map(|(name, value)| {
                    if by_position { value.to_string() } else { format!("{name}={value}") }
                });
                write!(f, "{family}({})", join(values.collect()))
            }
        }
    }
}

impl Serialize for Prior {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Arguments<'a>(Vec<(&'a str, &'a Quantity)>);
        impl Serialize for Arguments<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(Some(self.0.len()))?;
                for (name, value) in &self.0 {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
        let (family, arguments) = match self {
            Prior::Fixed(quantity) => return quantity.serialize(serializer),
            Prior::Family { family, arguments } => {
                (*family, arguments.iter().map(|(n, q)| (*n, q)).collect())
            }
            Prior::Horseshoe(values) => ("horseshoe", HORSESHOE.iter().copied().zip(values).collect()),
        };
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(family, &Arguments(arguments))?;
        map.end()
    }
}

/// The arguments of a family as they stand in a document.
enum RawArguments {
    One(Quantity),
    Positional(Vec<Quantity>),
    Named(Vec<(String, Quantity)>),
}

impl<'de> Deserialize<'de> for RawArguments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = RawArguments;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("arguments such as [0, 1] or { mean = 0, sd = 1 }")
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<RawArguments, E> {
                Ok(RawArguments::One(Quantity::Number(number)))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<RawArguments, E> {
                self.visit_f64(number as f64)
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<RawArguments, E> {
                self.visit_f64(number as f64)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawArguments, E> {
                Quantity::parse(text).map(RawArguments::One).map_err(E::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RawArguments, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = seq.next_element()? {
                    values.push(value);
                }
                Ok(RawArguments::Positional(values))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawArguments, A::Error> {
                let mut values = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    values.push(entry);
                }
                Ok(RawArguments::Named(values))
            }
        }
        deserializer.deserialize_any(Words)
    }
}

fn assemble(family: &str, raw: RawArguments) -> Result<Prior, String> {
    let known = families();
    let Some(family) = known.iter().copied().find(|name| *name == family) else {
        let hint = match nearest(family, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? known: {}", known.join(", ")),
            None => format!("known: {}", known.join(", ")),
        };
        return Err(format!("`{family}` is not a distribution\n{hint}"));
    };
    if family == "fixed" {
        return match raw {
            RawArguments::One(quantity) => Ok(Prior::Fixed(quantity)),
            _ => Err("`fixed` takes one number\nwrite e.g. { fixed = 0.5 } or simply 0.5".into()),
        };
    }
    let forms: Vec<&[&'static str]> = if family == "horseshoe" {
        vec![HORSESHOE]
    } else {
        FORMS.iter().filter(|form| form.family == family).map(|form| form.arguments).collect()
    };
    let takes = forms.iter().map(|names| names.join(", ")).collect::<Vec<_>>().join(" or ");
    let raw = match raw {
        RawArguments::One(quantity) => RawArguments::Positional(vec![quantity]),
        other => other,
    };
    let (names, values): (&[&'static str], Vec<Quantity>) = match raw {
        RawArguments::Positional(values) if values.len() == forms[0].len() => (forms[0], values),
        RawArguments::Positional(values) => {
            let (wanted, found) = (forms[0].len(), values.len());
            return Err(format!(
                "{family} takes {wanted} numbers in the order {}, not {found}\nor name them: {takes}",
                forms[0].join(", ")
            ));
        }
        RawArguments::Named(entries) => {
            let entries: Vec<(String, Quantity)> =
                entries.into_iter().map(|(name, value)| (accepted(family, &name), value)).collect();
            if let Some((unknown, _)) =
                entries.iter().find(|(name, _)| !forms.iter().any(|form| form.contains(&name.as_str())))
            {
                return Err(format!("`{unknown}` is not an argument of {family}\nit takes {takes}"));
            }
            let form = forms.iter().find(|form| {
                form.len() == entries.len()
                    && form.iter().all(|name| entries.iter().any(|(other, _)| other == name))
            });
            let Some(form) = form else {
                let given: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
                return Err(format!("{family} cannot be stated by {}\nit takes {takes}", given.join(", ")));
            };
            let values = form.iter().filter_map(|name| entries.iter().find(|(other, _)| other == name));
            (form, values.map(|(_, value)| *value).collect())
        }
        RawArguments::One(_) => return Err(format!("{family} takes {takes}")),
    };
    Ok(if family == "horseshoe" {
        Prior::Horseshoe(values)
    } else {
        Prior::Family { family, arguments: names.iter().copied().zip(values).collect() }
    })
}

impl<'de> Deserialize<'de> for Prior {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = Prior;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number (fixed) or a distribution such as { half_normal = { sd = 1 } }")
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Prior, E> {
                Ok(Prior::Fixed(Quantity::Number(number)))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Prior, E> {
                self.visit_f64(number as f64)
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Prior, E> {
                self.visit_f64(number as f64)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Prior, E> {
                Quantity::parse(text).map(Prior::Fixed).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Prior, A::Error> {
                let Some((family, raw)) = map.next_entry::<String, RawArguments>()? else {
                    return Err(de::Error::custom(
                        "a prior is empty\nname a distribution, e.g. { normal = [0, 1] }",
                    ));
                };
                let prior = assemble(&family, raw).map_err(de::Error::custom)?;
                if let Some((second, _)) = map.next_entry::<String, de::IgnoredAny>()? {
                    let message =
                        format!("a prior names one distribution, not `{family}` and `{second}`\nkeep one");
                    return Err(de::Error::custom(message));
                }
                Ok(prior)
            }
        }
        deserializer.deserialize_any(Words)
    }
}

impl JsonSchema for Prior {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Prior".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let quantity = serde_json::json!({ "type": ["number", "string"] });
        let families: Vec<serde_json::Value> = families()
            .into_iter()
            .map(|family| {
                let mut names: Vec<&str> = if family == "horseshoe" {
                    HORSESHOE.to_vec()
                } else {
                    FORMS
                        .iter()
                        .filter(|form| form.family == family)
                        .flat_map(|form| form.arguments.iter().copied())
                        .collect()
                };
                names.sort_unstable();
                names.dedup();
                let named: serde_json::Map<String, serde_json::Value> =
                    names.into_iter().map(|name| (name.to_owned(), quantity.clone())).collect();
                serde_json::json!({
                    "type": "object",
                    "required": [family],
                    "additionalProperties": false,
                    "properties": { family: { "anyOf": [
                        quantity,
                        { "type": "array", "items": quantity },
                        { "type": "object", "properties": named }
                    ] } }
                })
            })
            .collect();
        let mut any = vec![quantity];
        any.extend(families);
        json_schema!({ "description": "A fixed number, or a distribution with its arguments in order or by name.", "anyOf": any })
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
