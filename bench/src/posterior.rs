//! Curves of a made-up posterior, of any number of channels and draws.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use wanamaker::decision::surface::stated::StatedCurves;
use wanamaker::distribution::{Distribution, LogNormal, Normal};
use wanamaker::spec::SaturationKind;

/// Weeks over which a channel carries over.
const CARRY_OVER: usize = 8;

/// Weekly channels with geometric carry-over over eight weeks and curves of that kind, `hill` (S-shaped as often as not)
/// or `logistic`, whose parameters scatter over the draws as those of a two-year weekly model do.
pub fn stated(n_channels: usize, n_draws: usize, kind: SaturationKind, seed: u64) -> StatedCurves {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let channels: Vec<Value> = (0..n_channels).map(|k| channel(k, n_draws, kind, &mut rng)).collect();
    let curves = json!({ "period": "week", "channels": channels });
    serde_json::from_value(curves).expect("the curves are well-formed")
}

fn channel(k: usize, n_draws: usize, kind: SaturationKind, rng: &mut ChaCha8Rng) -> Value {
    let current: f64 = 1_000.0 * 50.0_f64.powf(rng.random());
    let middle_decay: f64 = rng.random_range(0.1..0.8);
    let middle_ec50: f64 = current * rng.random_range(0.4..2.5);
    let middle_slope: f64 = rng.random_range(0.7..3.0);
    let middle_coefficient: f64 = current * rng.random_range(1.0..4.0);
    let mut draws = |distribution: Distribution, link: &dyn Fn(f64) -> f64| -> Vec<f64> {
        (0..n_draws).map(|_| link(distribution.sample(rng))).collect()
    };
    let around =
        |middle: f64, sd: f64| Distribution::LogNormal(LogNormal { mean_log: middle.ln(), sd_log: sd });
    let log_odds = Distribution::Normal(Normal { mean: (middle_decay / (1.0 - middle_decay)).ln(), sd: 0.3 });
    let decay = draws(log_odds, &|x| 1.0 / (1.0 + (-x).exp()));
    let coefficient = draws(around(middle_coefficient, 0.4), &|x| x);
    let saturation = match kind {
        SaturationKind::Logistic => {
            // Half the effect at the same exposure: (1 − e^(−rate·x)) / (1 + e^(−rate·x)) = 1/2.
            let rate = draws(around(3.0_f64.ln() / middle_ec50, 0.4), &|x| x);
            json!({ "kind": "logistic", "rate": rate })
        }
        _ => json!({
            "kind": "hill",
            "slope": draws(around(middle_slope, 0.2), &|x| x),
            "ec50": draws(around(middle_ec50, 0.4), &|x| x),
        }),
    };
    json!({
        "name": format!("channel_{k}"),
        "coefficient": coefficient,
        "current": current.round(),
        "adstock": { "kind": "geometric", "l_max": CARRY_OVER, "normalize": true, "decay": decay },
        "saturation": saturation,
    })
}
