//! Weibull survival adstock: each period what is left survives with a probability that changes with age.
//!
//! ```text
//! a[t] = Σ_{l=0}^{L-1} w[l] · x[t-l]     w[0] = 1,  w[l] = Π_{j=1}^{l} (1 − F(j))  = exp(−Σ_{j=1}^{l} (j/scale)^shape)
//! ```
//!
//! divided by their sum when normalised; `F` the Weibull distribution function. `shape > 0`, dimensionless;
//! `scale > 0`, periods. The product telescopes into one sum of hazards, which cannot underflow on the way.
//! PyMC-Marketing calls the same kernel with `l_max = L − 1`, for it prepends the leading one to its window.

use super::{Pull, normalise};

/// `exp(−H)` is zero in double precision from here on.
const EXTINCT: f64 = 745.2;

/// Writes `w[l]`.
pub(super) fn weights(shape: f64, scale: f64, normalize: bool, weights: &mut [f64]) {
    let ln_scale = ln_scale(scale);
    let mut hazard = 0.0;
    for (l, weight) in weights.iter_mut().enumerate() {
        if l > 0 {
            hazard += (shape * ((l as f64).ln() - ln_scale)).exp();
        }
        *weight = (-hazard).exp();
    }
    if normalize {
        normalise(weights);
    }
}

/// `(∂L/∂shape, ∂L/∂scale)` from `∂L/∂w`: `−w Σ h ln(j/scale)` and `w Σ h · shape/scale`, with `h = (j/scale)^shape`.
pub(super) fn weights_pullback(
    shape: f64,
    scale: f64,
    normalize: bool,
    weights: &[f64],
    d_weights: &[f64],
) -> (f64, f64) {
    let pull = Pull::new(normalize, weights, d_weights, 0);
    let ln_scale = ln_scale(scale);
    let (mut hazard, mut d_hazard, mut d_shape, mut d_scale) = (0.0, 0.0, 0.0, 0.0);
    for (l, d_weight) in d_weights.iter().enumerate().skip(1) {
        let ln_ratio = (l as f64).ln() - ln_scale;
        let step = (shape * ln_ratio).exp();
        hazard += step;
        if hazard > EXTINCT {
            break; // and every later weight is zero too
        }
        d_hazard += step * ln_ratio;
        let raw = pull.raw(*d_weight) * (-hazard).exp();
        d_shape -= raw * d_hazard;
        d_scale += raw * hazard;
    }
    (d_shape, d_scale * shape / scale.max(f64::MIN_POSITIVE))
}

fn ln_scale(scale: f64) -> f64 {
    scale.max(f64::MIN_POSITIVE).ln()
}

#[cfg(test)]
mod tests {
    use crate::adstock::Adstock;

    #[test]
    fn shape_one_survives_by_a_growing_power() {
        // F(j) = 1 − e^{−j}, so w[l] = e^{−l(l+1)/2}.
        let mut weights = [0.0; 4];
        Adstock::WeibullCdf { window: 4, normalize: false }.weights(&[1.0, 1.0], &mut weights);
        for (l, weight) in weights.iter().enumerate() {
            assert!((weight - (-((l * (l + 1)) as f64) / 2.0).exp()).abs() < 1e-15);
        }
    }
}
