//! What the ranks of a calibration depend on: two runs with the same fingerprint belong together.

use super::Settings;
use crate::model::compile::CompiledModel;
use serde::{Deserialize, Serialize};

/// Everything that decides a rank but the index of the simulation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Version of this library.
    pub version: String,
    /// Of the filled spec without data file and sampler.
    pub spec: String,
    /// Of the panel.
    pub data: String,
    /// The sampler's settings without its seed.
    pub sampler: String,
    /// Draws the truth is ranked among.
    pub ranks: usize,
    /// Seed of the simulations.
    pub seed: u64,
}

impl Fingerprint {
    /// That of a calibration of `model`.
    pub fn of(model: &CompiledModel, settings: &Settings) -> Self {
        let mut spec = model.spec.clone();
        let mut sampler = std::mem::take(&mut spec.sampler);
        sampler.seed = None;
        spec.data.file = None;
        let mut panel = model.panel.clone();
        panel.source.clear();
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            spec: digest(&serde_json::to_string(&spec).expect("a spec is JSON")),
            // A number is shown in the digits that read back as the same one.
            data: digest(&format!("{panel:?}")),
            sampler: serde_json::to_string(&sampler).expect("a spec is JSON"),
            ranks: settings.ranks,
            seed: settings.seed,
        }
    }

    /// What differs in `other`, in words; nothing where both are the same.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let parts = [
            ("the version of the program", self.version == other.version),
            ("the spec", self.spec == other.spec),
            ("the data", self.data == other.data),
            ("the sampling", self.sampler == other.sampler),
            ("the number of ranks", self.ranks == other.ranks),
            ("the seed", self.seed == other.seed),
        ];
        parts.iter().filter(|(_, same)| !same).map(|(name, _)| *name).collect()
    }
}

/// FNV-1a of 64 bits: told apart by chance, not by an adversary.
fn digest(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the table of its authors.
    #[test]
    fn the_digest_is_fnv() {
        assert_eq!(digest(""), "cbf29ce484222325");
        assert_eq!(digest("a"), "af63dc4c8601ec8c");
        assert_eq!(digest("foobar"), "85944171f73967e8");
    }
}
