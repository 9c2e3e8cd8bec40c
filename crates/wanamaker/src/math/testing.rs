//! What the tests of the formulas share: seeded points, one comparison, and the folder of reference values.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};

/// A stream of points that is the same in every run.
pub fn stream(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// Uniform between `lower` and `upper`.
pub fn uniform(rng: &mut impl Rng, lower: f64, upper: f64) -> f64 {
    lower + (upper - lower) * rng.random::<f64>()
}

/// Uniform in the logarithm: as many points between 0.01 and 0.1 as between 10 and 100.
pub fn log_uniform(rng: &mut impl Rng, lower: f64, upper: f64) -> f64 {
    uniform(rng, lower.ln(), upper.ln()).exp()
}

/// `count` draws of `uniform`.
pub fn uniforms(rng: &mut impl Rng, count: usize, lower: f64, upper: f64) -> Vec<f64> {
    (0..count).map(|_| uniform(rng, lower, upper)).collect()
}

/// Fails unless `|actual − expected| ≤ relative·|expected| + absolute`; `what` says where.
#[track_caller]
pub fn check_close(actual: f64, expected: f64, relative: f64, absolute: f64, what: &dyn Fn() -> String) {
    let same = actual == expected || (actual.is_nan() && expected.is_nan());
    let distance = (actual - expected).abs();
    assert!(
        same || distance <= relative * expected.abs() + absolute,
        "{}: {actual:e} is not {expected:e} (off by {distance:e})",
        what()
    );
}

/// A JSON file of the shared reference folder, or `None`, said aloud, where that folder is not checked out.
pub fn shared_reference(name: &str) -> Option<serde_json::Value> {
    let path = format!("{}/../../../shared/reference/{name}", env!("CARGO_MANIFEST_DIR"));
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(serde_json::from_str(&text).expect("the reference file is JSON")),
        Err(_) => {
            println!("skipped: the shared reference folder with `{name}` is not beside this checkout");
            None
        }
    }
}

/// The numbers of a JSON array.
pub fn numbers(value: &serde_json::Value) -> Vec<f64> {
    value.as_array().expect("an array").iter().map(|x| x.as_f64().expect("a number")).collect()
}
