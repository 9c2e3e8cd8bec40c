//! The arguments of a prior: numbers, or words about the data times a number.

use crate::problem::nearest;
use serde::de::{self, Visitor};
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
    pub(super) fn parse(text: &str) -> Result<Self, String> {
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
    pub(super) fn value(self, data: &dyn Fn(DataWord) -> Option<f64>) -> Option<f64> {
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
