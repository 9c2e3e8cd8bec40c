//! Weibull density adstock: a hump of any delay and skew, stretched so that the window spans 0 to 1.
//!
//! ```text
//! a[t] = Σ_{l=0}^{L-1} w[l] · x[t-l]     w[l] = (f(l+1) − min f) / (max f − min f)
//! ```
//!
//! divided by their sum when normalised; `f` the Weibull density, min and max over the window. `shape > 0`,
//! dimensionless; `scale > 0`, periods. Everything in `ln f` that does not move with the lag cancels:
//! `q[j] = (shape − 1) ln j − (j/scale)^shape` is enough, and the differences are taken by `expm1`.
//!
//! Two corners are settled by convention: where `f` is flat over the window (one tap among them) every lag weighs
//! the same, and where it has fallen beyond what a double can hold by lag 1, all weight is on lag 0. The derivative
//! there is zero.

use super::{Pull, normalise};

/// Writes `w[l]`.
pub(super) fn weights(shape: f64, scale: f64, normalize: bool, weights: &mut [f64]) {
    match Extremes::find(shape, scale, weights.len()) {
        Extremes::Flat => weights.fill(1.0),
        Extremes::Gone => {
            weights.fill(0.0);
            weights[0] = 1.0;
        }
        Extremes::Between { most, least, .. } => {
            for (l, weight) in weights.iter_mut().enumerate() {
                *weight = rise(least, ln_density(shape, scale, l), most) / rise(least, most, most);
            }
        }
    }
    if normalize {
        normalise(weights);
    }
}

/// `(∂L/∂shape, ∂L/∂scale)` from `∂L/∂w`.
///
/// With `g = f / max f` and `D = 1 − min g`, `∂L/∂g[l] = raw[l]/D`, and the lag of the least density, which is
/// subtracted from all, collects `Σ raw (w − 1)/D` besides. A common factor of `f` changes nothing, so the `∂L/∂q` sum
/// to zero and every slope is taken relative to that of the highest lag, whose own share then drops out:
/// `∂q/∂shape = ln j − h ln(j/scale)`, `∂q/∂scale = h·shape/scale`, `h = (j/scale)^shape`.
pub(super) fn weights_pullback(
    shape: f64,
    scale: f64,
    normalize: bool,
    weights: &[f64],
    d_weights: &[f64],
) -> (f64, f64) {
    let Extremes::Between { most, least, most_at, least_at } = Extremes::find(shape, scale, weights.len())
    else {
        return (0.0, 0.0);
    };
    let pull = Pull::new(normalize, weights, d_weights, most_at);
    let pairs = weights.iter().zip(d_weights);
    let to_least: f64 = pairs.map(|(w, d)| pull.raw(*d) * (w / weights[most_at] - 1.0)).sum();
    let (ln_ratio_most, hazard_most) = hazard(shape, scale, most_at);
    let (mut d_shape, mut d_scale) = (0.0, 0.0);
    for (l, d_weight) in d_weights.iter().enumerate() {
        let relative = (ln_density(shape, scale, l) - most).exp();
        if l == most_at || relative == 0.0 {
            continue; // nothing against itself; and an infinite h times nothing is nothing
        }
        let raw = pull.raw(*d_weight) + if l == least_at { to_least } else { 0.0 };
        let d_q = raw * relative / rise(least, most, most);
        let (ln_ratio, hazard) = hazard(shape, scale, l);
        let ln_step = ((l + 1) as f64).ln() - ((most_at + 1) as f64).ln();
        d_shape += d_q * (ln_step - (hazard * ln_ratio - hazard_most * ln_ratio_most));
        d_scale += d_q * (hazard - hazard_most);
    }
    (d_shape, d_scale * shape / scale.max(f64::MIN_POSITIVE))
}

/// `e^{to − top} − e^{from − top}` without cancellation.
fn rise(from: f64, to: f64, top: f64) -> f64 {
    if from == to { 0.0 } else { -(to - top).exp() * (from - to).exp_m1() }
}

/// `q` at lag `l`, which is age `j = l + 1`.
fn ln_density(shape: f64, scale: f64, l: usize) -> f64 {
    (shape - 1.0) * ((l + 1) as f64).ln() - hazard(shape, scale, l).1
}

/// `ln(j/scale)` and `(j/scale)^shape` at age `j = l + 1`.
fn hazard(shape: f64, scale: f64, l: usize) -> (f64, f64) {
    let ln_ratio = ((l + 1) as f64).ln() - scale.max(f64::MIN_POSITIVE).ln();
    (ln_ratio, (shape * ln_ratio).exp())
}

/// Where in the window the density is highest and lowest.
enum Extremes {
    /// All alike.
    Flat,
    /// Below anything a double can hold.
    Gone,
    /// `q` and lag of both ends.
    Between { most: f64, least: f64, most_at: usize, least_at: usize },
}

impl Extremes {
    fn find(shape: f64, scale: f64, window: usize) -> Self {
        let (mut most, mut least, mut most_at, mut least_at) = (f64::NEG_INFINITY, f64::INFINITY, 0, 0);
        for l in 0..window {
            let q = ln_density(shape, scale, l);
            if q > most {
                (most, most_at) = (q, l);
            }
            if q < least {
                (least, least_at) = (q, l);
            }
        }
        match (most.is_finite(), most > least) {
            (false, _) => Self::Gone,
            (true, false) => Self::Flat,
            (true, true) => Self::Between { most, least, most_at, least_at },
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::adstock::Adstock;

    fn weights(shape: f64, scale: f64, window: usize) -> Vec<f64> {
        let mut weights = vec![0.0; window];
        Adstock::WeibullPdf { window, normalize: true }.weights(&[shape, scale], &mut weights);
        weights
    }

    #[test]
    fn one_tap_keeps_all() {
        assert_eq!(weights(2.0, 3.0, 1), [1.0]);
    }

    #[test]
    fn a_density_that_is_gone_by_lag_one_is_a_pulse() {
        assert_eq!(weights(50.0, 1e-12, 3), [1.0, 0.0, 0.0]);
    }

    #[test]
    fn near_flat_keeps_its_digits() {
        // Exponential with a very long scale: f falls in equal steps, so the stretched weights are 1, 2/3, 1/3, 0.
        for (weight, expected) in weights(1.0, 1e10, 4).iter().zip([0.5, 1.0 / 3.0, 1.0 / 6.0, 0.0]) {
            assert!((weight - expected).abs() < 1e-9);
        }
    }
}
