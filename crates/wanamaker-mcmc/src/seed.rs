//! Random numbers by name: one seed, and a stream of its own for every purpose and every chain.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// What random numbers are wanted for. Two purposes never share a number, so adding a use of chance
/// somewhere leaves the draws everywhere else as they were.
///
/// The discriminants are part of the promise "same seed, same draws": they may be added to, never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Purpose {
    /// The starting point of a chain.
    Initial = 1,
    /// The moves of a chain.
    Chain = 2,
    /// Coefficients drawn from their exact conditional after sampling.
    Conditional = 3,
    /// Draws from a prior.
    Prior = 4,
    /// New observations from a posterior.
    Predictive = 5,
    /// A simulated market.
    Simulation = 6,
    /// Bootstrap, cross-validation and other resampling of data.
    Resampling = 7,
    /// Starting points and moves of an optimiser.
    Search = 8,
    /// A short run before the chains begin.
    Pilot = 9,
}

/// The random stream of one purpose and one index, which is the chain, the geo or whatever is counted there.
///
/// ```text
/// key = seed_from_u64(seed)        stream = purpose · 2^56 + index
/// ```
///
/// - `seed`: any number; the user's one knob
/// - `index`: 0 ≤ index < 2^56
///
/// ChaCha with eight rounds is a counter-mode generator with 2^64 independent streams per key, so streams do
/// not overlap and the stream of chain 3 does not depend on how many chains there are.
pub fn stream(seed: u64, purpose: Purpose, index: u64) -> ChaCha8Rng {
    debug_assert!(index < 1 << 56, "a stream index beyond 2^56 would run into the next purpose");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(((purpose as u64) << 56) | index);
    rng
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;
    use std::collections::HashSet;

    fn first(seed: u64, purpose: Purpose, index: u64) -> u64 {
        stream(seed, purpose, index).next_u64()
    }

    #[test]
    fn a_stream_repeats_itself() {
        assert_eq!(first(7, Purpose::Chain, 3), first(7, Purpose::Chain, 3));
    }

    #[test]
    fn seeds_purposes_and_indices_all_part_the_streams() {
        let purposes =
            [Purpose::Initial, Purpose::Chain, Purpose::Conditional, Purpose::Prior, Purpose::Predictive];
        let mut seen = HashSet::new();
        for seed in 0..4 {
            for purpose in purposes {
                for index in 0..8 {
                    assert!(seen.insert(first(seed, purpose, index)), "{seed} {purpose:?} {index}");
                }
            }
        }
    }

    #[test]
    fn the_numbers_are_pinned_across_releases() {
        assert_eq!(first(42, Purpose::Chain, 0), 1_491_449_246_528_654_903);
    }
}
