//! Delayed adstock: the effect peaks some periods after the exposure and falls off on both sides.
//!
//! ```text
//! a[t] = Σ_{l=0}^{L-1} w[l] · x[t-l]     w[l] = decay^((l − peak)²), divided by their sum when normalised
//! ```
//!
//! `decay` in 0…1, dimensionless; `peak ≥ 0`, periods. Source: [jin2017] eq. 2.
//!
//! Normalised weights are formed relative to the lag `l*` nearest to the peak,
//! `(l − peak)² − (l* − peak)² = (l − l*)(l + l* − 2 peak)`: a peak between two lags, or past the window, with a tiny
//! decay would otherwise leave nothing to normalise by.

use super::{Pull, normalise};

/// Writes `w[l]`.
pub(super) fn weights(decay: f64, peak: f64, normalize: bool, weights: &mut [f64]) {
    let shape = Shape::new(decay, peak, normalize, weights.len());
    for (l, weight) in weights.iter_mut().enumerate() {
        *weight = shape.power(l);
    }
    if normalize {
        normalise(weights);
    }
}

/// `(∂L/∂decay, ∂L/∂peak)` from `∂L/∂w`.
///
/// With `e[l]` the exponent, `∂w/∂decay = w·e/decay` and `∂w/∂peak = −2 ln(decay)·w·(l − peak)`; normalised, both
/// are taken about their mean under the weights, so that any constant in `e` and `l` drops out.
pub(super) fn weights_pullback(
    decay: f64,
    peak: f64,
    normalize: bool,
    weights: &[f64],
    d_weights: &[f64],
) -> (f64, f64) {
    let shape = Shape::new(decay, peak, normalize, weights.len());
    let level = Pull::new(normalize, weights, d_weights, shape.nearest).level;
    let origin = if normalize { shape.nearest as f64 } else { peak };
    let (mut d_decay, mut d_peak) = (0.0, 0.0);
    for (l, (weight, d_weight)) in weights.iter().zip(d_weights).enumerate() {
        if *weight > 0.0 {
            let share = (d_weight - level) * weight;
            d_decay += share * shape.exponent(l) / shape.decay;
            d_peak -= 2.0 * shape.ln_decay * share * (l as f64 - origin);
        }
    }
    (d_decay, d_peak)
}

/// What the weights and their pull-back both need.
struct Shape {
    decay: f64,
    ln_decay: f64,
    peak: f64,
    /// `l*`, the lag in the window nearest to the peak.
    nearest: usize,
    relative: bool,
}

impl Shape {
    fn new(decay: f64, peak: f64, relative: bool, window: usize) -> Self {
        // A logistic map may round decay to 0, where powers between lags have an infinite slope.
        let decay = decay.max(f64::MIN_POSITIVE);
        let nearest = peak.round().clamp(0.0, window.saturating_sub(1) as f64) as usize;
        Self { decay, ln_decay: decay.ln(), peak, nearest, relative }
    }

    /// `(l − peak)²`, less its smallest value over the window when relative.
    fn exponent(&self, l: usize) -> f64 {
        let l = l as f64;
        if !self.relative {
            return (l - self.peak).powi(2);
        }
        let step = l - self.nearest as f64;
        if step == 0.0 { 0.0 } else { step * (l + self.nearest as f64 - 2.0 * self.peak) }
    }

    fn power(&self, l: usize) -> f64 {
        // ln 1 · ∞ is no number.
        if self.ln_decay == 0.0 { 1.0 } else { (self.ln_decay * self.exponent(l)).exp() }
    }
}

#[cfg(test)]
mod tests {
    use crate::adstock::Adstock;

    fn weights(decay: f64, peak: f64) -> Vec<f64> {
        let mut weights = vec![0.0; 4];
        Adstock::Delayed { window: 4, normalize: true }.weights(&[decay, peak], &mut weights);
        weights
    }

    #[test]
    fn a_peak_past_the_window_piles_up_at_its_end() {
        assert_eq!(weights(0.5, 1e12), [0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn without_decay_the_lag_nearest_to_the_peak_takes_all() {
        assert!(weights(0.0, 1.4)[1] == 1.0 && weights(0.0, 1.4).iter().sum::<f64>() == 1.0);
        assert_eq!(weights(0.0, 1.5), [0.0, 0.5, 0.5, 0.0]);
    }

    #[test]
    fn full_decay_spreads_evenly() {
        assert_eq!(weights(1.0, 1.4), [0.25; 4]);
    }
}
