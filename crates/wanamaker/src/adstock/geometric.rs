//! Geometric adstock: every period keeps a fixed share of the pressure before it.
//!
//! ```text
//! windowed   a[t] = Σ_{l=0}^{L-1} w[l] · x[t-l]     w[l] = decay^l, divided by Σ decay^k when normalised
//! infinite   a[t] = x[t] + decay · a[t-1]           a[0] = x[0], never normalised
//! ```
//!
//! `decay` in 0…1, per period. Worked: `[100, 0, 0, 0, 0]` with decay 0.5, infinite, is `[100, 50, 25, 12.5, 6.25]`.

use super::{Pull, normalise};
use crate::math::linalg::dot;
use crate::math::vector::wide;

/// Periods of the recursion that are solved together: sums of up to eight terms by doubling, then one step of eight. What one block
/// hands to the next is worked out beside its periods, so that no block waits for more than one product.
const BLOCK: usize = 16;

/// Writes `w[l]`; `0⁰ = 1`, so no decay keeps nothing of the past.
pub(super) fn weights(decay: f64, normalize: bool, weights: &mut [f64]) {
    let mut power = 1.0;
    for weight in weights.iter_mut() {
        *weight = power;
        power *= decay;
    }
    if normalize {
        normalise(weights);
    }
}

/// `∂L/∂decay` from `∂L/∂w`, with `d decay^l = decay · d decay^(l-1) + decay^(l-1)`.
pub(super) fn weights_pullback(decay: f64, normalize: bool, weights: &[f64], d_weights: &[f64]) -> f64 {
    let pull = Pull::new(normalize, weights, d_weights, 0);
    let (mut power, mut d_power, mut d_decay) = (1.0, 0.0, 0.0);
    for d_weight in d_weights {
        d_decay += pull.raw(*d_weight) * d_power;
        d_power = power + decay * d_power;
        power *= decay;
    }
    d_decay
}

wide! {
    /// The recursion without a window.
    pub(super) fn forward_infinite(decay: f64, exposure: &[f64], out: &mut [f64]) {
        let powers = powers(decay);
        let (blocks, rest) = out.as_chunks_mut::<BLOCK>();
        let (x_blocks, x_rest) = exposure.as_chunks::<BLOCK>();
        let mut carried = 0.0;
        for (out, x) in blocks.iter_mut().zip(x_blocks) {
            carried = carry_ahead(&powers, x, carried, out);
        }
        for (out, x) in rest.iter_mut().zip(x_rest) {
            carried = decay.mul_add(carried, *x);
            *out = carried;
        }
    }
}

/// `λ[t] = ∂L/∂a[t] + decay·λ[t+1]` is `∂L/∂x[t]`, written to `scratch`; returns `∂L/∂decay = Σ λ[t]·a[t-1]`.
pub(super) fn pullback_infinite(decay: f64, adstocked: &[f64], d_out: &[f64], scratch: &mut [f64]) -> f64 {
    let n = d_out.len();
    adjoint(decay, d_out, &mut scratch[..n]);
    if n == 0 { 0.0 } else { dot(&scratch[1..n], &adstocked[..n - 1]) }
}

wide! {
    /// `λ`, from the last period to the first.
    fn adjoint(decay: f64, d_out: &[f64], adjoint: &mut [f64]) {
        let powers = powers(decay);
        let (rest, blocks) = adjoint.as_rchunks_mut::<BLOCK>();
        let (d_rest, d_blocks) = d_out.as_rchunks::<BLOCK>();
        let mut carried = 0.0;
        for (out, d) in blocks.iter_mut().zip(d_blocks).rev() {
            carried = carry_back(&powers, d, carried, out);
        }
        for (out, d) in rest.iter_mut().zip(d_rest).rev() {
            carried = decay.mul_add(carried, *d);
            *out = carried;
        }
    }
}

/// `decay¹ … decay⁸`.
#[inline(always)]
fn powers(decay: f64) -> [f64; 8] {
    let mut powers = [decay; 8];
    for k in 1..8 {
        powers[k] = decay * powers[k - 1];
    }
    powers
}

/// A block of the recursion after `carried`; returns what it carries on.
#[inline(always)]
fn carry_ahead(powers: &[f64; 8], x: &[f64; BLOCK], carried: f64, out: &mut [f64; BLOCK]) -> f64 {
    let (mut two, mut four, mut eight) = ([0.0; BLOCK], [0.0; BLOCK], [0.0; BLOCK]);
    for k in 0..BLOCK {
        two[k] = if k < 1 { x[k] } else { powers[0].mul_add(x[k - 1], x[k]) };
    }
    for k in 0..BLOCK {
        four[k] = if k < 2 { two[k] } else { powers[1].mul_add(two[k - 2], two[k]) };
    }
    for k in 0..BLOCK {
        eight[k] = if k < 4 { four[k] } else { powers[3].mul_add(four[k - 4], four[k]) };
    }
    for k in 0..8 {
        out[k] = powers[k].mul_add(carried, eight[k]);
    }
    for k in 8..BLOCK {
        out[k] = powers[7].mul_add(out[k - 8], eight[k]);
    }
    let own = powers[7].mul_add(eight[7], eight[15]);
    (powers[7] * powers[7]).mul_add(carried, own)
}

/// A block of the recursion backwards before `carried`; returns what it carries on.
#[inline(always)]
fn carry_back(powers: &[f64; 8], d: &[f64; BLOCK], carried: f64, out: &mut [f64; BLOCK]) -> f64 {
    let (mut two, mut four, mut eight) = ([0.0; BLOCK], [0.0; BLOCK], [0.0; BLOCK]);
    for k in 0..BLOCK {
        two[k] = if k + 1 < BLOCK { powers[0].mul_add(d[k + 1], d[k]) } else { d[k] };
    }
    for k in 0..BLOCK {
        four[k] = if k + 2 < BLOCK { powers[1].mul_add(two[k + 2], two[k]) } else { two[k] };
    }
    for k in 0..BLOCK {
        eight[k] = if k + 4 < BLOCK { powers[3].mul_add(four[k + 4], four[k]) } else { four[k] };
    }
    for k in 8..BLOCK {
        out[k] = powers[BLOCK - 1 - k].mul_add(carried, eight[k]);
    }
    for k in 0..8 {
        out[k] = powers[7].mul_add(out[k + 8], eight[k]);
    }
    let own = powers[7].mul_add(eight[8], eight[0]);
    (powers[7] * powers[7]).mul_add(carried, own)
}

/// Periods until the share `share` of a pulse is left: `ln share / ln decay`; 0 without carry-over, ∞ at `decay = 1`.
pub(super) fn periods_until(decay: f64, share: f64) -> f64 {
    // −0/+0 would turn the limit at decay = 1 around.
    if decay >= 1.0 { f64::INFINITY } else { share.ln() / decay.ln() }
}

#[cfg(test)]
mod tests {
    use crate::adstock::{Adstock, Window};

    fn infinite(decay: f64) -> Vec<f64> {
        let mut out = vec![0.0; 5];
        Adstock::Geometric { window: Window::Infinite, normalize: false }.forward(
            &[decay],
            &[],
            &[100.0, 0.0, 0.0, 0.0, 0.0],
            &mut out,
        );
        out
    }

    #[test]
    fn a_pulse_decays_as_in_the_worked_examples() {
        assert_eq!(infinite(0.5), [100.0, 50.0, 25.0, 12.5, 6.25]);
        for (actual, expected) in infinite(0.6).iter().zip([100.0, 60.0, 36.0, 21.6, 12.96]) {
            assert!((actual - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn the_steady_gain_is_the_closed_form() {
        let kind = Adstock::Geometric { window: Window::Infinite, normalize: false };
        assert!((kind.steady_state_gain(&[0.85]) - 1.0 / 0.15).abs() < 1e-12);
    }
}
