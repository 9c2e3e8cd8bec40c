//! `manifest.json`: what a fit file holds, by whom, from what, and how far to trust it.

use serde::{Deserialize, Serialize};
use wanamaker::engine::convergence::Convergence;
use wanamaker::engine::report::Report;
use wanamaker::problem::{Problem, Problems, Severity};

/// What [`Manifest::format`] says in every fit file.
pub const FORMAT: &str = "wanamaker-fit";
/// The version of the format that this program writes. It reads this one and all before it.
pub const FORMAT_VERSION: u32 = 1;

/// The first entry of every fit file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always [`FORMAT`].
    pub format: String,
    /// Version of the format, from 1; a program opens its own and all earlier ones.
    pub format_version: u32,
    /// Who wrote it, when and where.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Seed of the draws.
    pub seed: u64,
    /// SHA-256 of the data as used: names, types and cells, whatever file they came in.
    pub data_sha256: String,
    /// SHA-256 of `spec.json`, the spec with everything said.
    pub spec_sha256: String,
    /// Whether sampling was cut short by the user.
    pub cancelled: bool,
    /// Whether the chains agreed.
    pub convergence: Figures,
    /// What the engine says of its own run; absent in files of the first version, which knew one engine.
    #[serde(default)]
    pub report: Report,
    /// Doubts about the result.
    pub warnings: Vec<Warning>,
    /// The other entries of the file in order.
    pub entries: Vec<EntryRecord>,
}

/// What the caller knows about a fit that the core does not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    /// Version of the program.
    pub program_version: String,
    /// Moment of writing, ISO 8601 with its zone.
    pub created: String,
    /// The machine.
    pub host: Host,
    /// Wall time of each stage, in order.
    pub timings: Vec<Timing>,
}

/// The machine on which a fit ran.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Operating system, e.g. `linux`.
    pub os: String,
    /// Processor family, e.g. `x86_64`.
    pub arch: String,
    /// Threads used.
    pub threads: usize,
}

/// How long a stage took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// Stage, e.g. `sample`.
    pub stage: String,
    /// Wall time in seconds.
    pub seconds: f64,
}

/// Name, length and checksum of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRecord {
    /// Name inside the zip.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// A doubt as it was told when the file was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Stable code, e.g. `fit.r_hat`.
    pub code: String,
    /// `info`, `attention` or `error`.
    pub severity: String,
    /// One sentence.
    pub message: String,
    /// What to try.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Warning {
    /// The warnings of a fit.
    pub fn all(problems: &Problems) -> Vec<Self> {
        problems.iter().map(Self::of).collect()
    }

    fn of(problem: &Problem) -> Self {
        let severity = match problem.severity {
            Severity::Info => "info",
            Severity::Attention => "attention",
            Severity::Error => "error",
        };
        Self {
            code: problem.code.to_owned(),
            severity: severity.to_owned(),
            message: problem.message.clone(),
            hint: problem.hint.clone(),
        }
    }
}

/// A scalar's figure and whose it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Worst {
    /// The figure.
    #[serde(with = "figure")]
    pub value: f64,
    /// Label of the scalar, e.g. `decay[tv]`.
    pub of: String,
}

impl Worst {
    fn new((value, of): &(f64, String)) -> Self {
        Self { value: *value, of: of.clone() }
    }

    fn pair(&self) -> (f64, String) {
        (self.value, self.of.clone())
    }
}

/// The convergence figures of a fit, exact to the last bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Largest R-hat.
    pub max_r_hat: Worst,
    /// Smallest bulk ESS.
    pub min_ess_bulk: Worst,
    /// Smallest tail ESS.
    pub min_ess_tail: Worst,
    /// Divergences after warm-up.
    pub divergences: usize,
    /// Trajectories cut at the greatest depth.
    pub max_depth_reached: usize,
    /// E-BFMI per chain.
    #[serde(with = "figure::list")]
    pub e_bfmi: Vec<f64>,
    /// Mean acceptance.
    #[serde(with = "figure")]
    pub acceptance: f64,
    /// Gradient evaluations per draw.
    #[serde(with = "figure")]
    pub leapfrogs_per_draw: f64,
    /// Draws per chain.
    pub draws: usize,
    /// Chains.
    pub chains: usize,
}

impl From<&Convergence> for Figures {
    fn from(c: &Convergence) -> Self {
        Self {
            max_r_hat: Worst::new(&c.max_r_hat),
            min_ess_bulk: Worst::new(&c.min_ess_bulk),
            min_ess_tail: Worst::new(&c.min_ess_tail),
            divergences: c.divergences,
            max_depth_reached: c.max_depth_reached,
            e_bfmi: c.e_bfmi.clone(),
            acceptance: c.acceptance,
            leapfrogs_per_draw: c.leapfrogs_per_draw,
            draws: c.draws,
            chains: c.chains,
        }
    }
}

impl From<&Figures> for Convergence {
    fn from(f: &Figures) -> Self {
        Self {
            max_r_hat: f.max_r_hat.pair(),
            min_ess_bulk: f.min_ess_bulk.pair(),
            min_ess_tail: f.min_ess_tail.pair(),
            divergences: f.divergences,
            max_depth_reached: f.max_depth_reached,
            e_bfmi: f.e_bfmi.clone(),
            acceptance: f.acceptance,
            leapfrogs_per_draw: f.leapfrogs_per_draw,
            draws: f.draws,
            chains: f.chains,
        }
    }
}

/// Numbers in JSON, where the ones JSON does not know are the words `NaN`, `inf` and `-inf`.
mod figure {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Figure {
        Number(f64),
        Word(String),
    }

    fn say(value: f64) -> Figure {
        if value.is_finite() { Figure::Number(value) } else { Figure::Word(value.to_string()) }
    }

    fn hear<E: serde::de::Error>(figure: Figure) -> Result<f64, E> {
        match figure {
            Figure::Number(value) => Ok(value),
            Figure::Word(word) => word.parse().map_err(|_| E::custom(format!("`{word}` is not a number"))),
        }
    }

    pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        say(*value).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        hear(Figure::deserialize(deserializer)?)
    }

    pub mod list {
        use super::*;

        pub fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(values.iter().map(|value| say(*value)))
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
            Vec::<Figure>::deserialize(deserializer)?.into_iter().map(hear).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_come_back_to_the_last_bit_whatever_they_are() {
        let odd = [0.1 + 0.2, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 5e-324, -0.0, 1e300 / 3.0];
        let of_each = |value: f64| Worst { value, of: "decay[tv]".to_owned() };
        for value in odd {
            let text = serde_json::to_string(&of_each(value)).unwrap();
            let again: Worst = serde_json::from_str(&text).unwrap();
            assert_eq!(again.value.to_bits(), value.to_bits(), "{text}");
        }
    }
}
