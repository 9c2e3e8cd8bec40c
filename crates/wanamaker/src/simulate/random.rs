//! Random series: every series owns a stream, so that adding one leaves all others as they were.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, StandardNormal};

/// The random streams of one seed.
pub(super) struct Streams {
    seed: u64,
}

impl Streams {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The stream of the series of that name, e.g. `spend/tv`.
    pub(super) fn of(&self, series: &str) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(fingerprint(series));
        rng
    }

    /// `n` independent normal values from the stream of `series`.
    pub(super) fn normals(&self, series: &str, mean: f64, sd: f64, n: usize) -> Vec<f64> {
        let mut rng = self.of(series);
        (0..n).map(|_| mean + sd * standard_normal(&mut rng)).collect()
    }

    /// `n` independent gamma values of that mean and coefficient of variation `cv = sd / mean`: shape `1/cv²`.
    pub(super) fn gammas(&self, series: &str, mean: f64, cv: f64, n: usize) -> Vec<f64> {
        let gamma =
            Gamma::new(1.0 / (cv * cv), mean * cv * cv).expect("mean and cv of a preset are positive");
        gamma.sample_iter(self.of(series)).take(n).collect()
    }
}

/// One draw from the standard normal.
pub(super) fn standard_normal(rng: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(rng)
}

/// FNV-1a of 64 bits: a number for a name, the same on every machine and in every version.
fn fingerprint(name: &str) -> u64 {
    name.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_fnv_1a() {
        // The published test vectors of the function.
        assert_eq!(fingerprint(""), 0xcbf29ce484222325);
        assert_eq!(fingerprint("a"), 0xaf63dc4c8601ec8c);
        assert_eq!(fingerprint("foobar"), 0x85944171f73967e8);
    }

    #[test]
    fn a_stream_depends_on_seed_and_name_alone() {
        let draw = |seed, name: &str| Streams::new(seed).normals(name, 0.0, 1.0, 4);
        assert_eq!(draw(1, "spend/tv"), draw(1, "spend/tv"));
        assert_ne!(draw(1, "spend/tv"), draw(2, "spend/tv"));
        assert_ne!(draw(1, "spend/tv"), draw(1, "spend/radio"));
    }

    #[test]
    fn gammas_have_the_moments_asked_for() {
        let values = Streams::new(3).gammas("x", 1200.0, 0.3, 100_000);
        let mean = values.iter().sum::<f64>() / 1e5;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 1e5;
        assert!((mean / 1200.0 - 1.0).abs() < 0.005, "{mean}");
        assert!((variance.sqrt() / 360.0 - 1.0).abs() < 0.01, "{variance}");
    }
}
