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

/// Periods of the recursion solved together: only one of them has to wait for the block before.
const BLOCK: usize = 8;

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
            *out = carry_block(decay, powers, *x, carried);
            carried = out[BLOCK - 1];
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
            let mut backwards = *d;
            backwards.reverse();
            *out = carry_block(decay, powers, backwards, carried);
            carried = out[BLOCK - 1];
            out.reverse();
        }
        for (out, d) in rest.iter_mut().zip(d_rest).rev() {
            carried = decay.mul_add(carried, *d);
            *out = carried;
        }
    }
}

/// `decay¹ … decay^BLOCK`.
#[inline(always)]
fn powers(decay: f64) -> [f64; BLOCK] {
    let mut powers = [decay; BLOCK];
    for k in 1..BLOCK {
        powers[k] = decay * powers[k - 1];
    }
    powers
}

/// One block of the recursion: as if nothing came before, plus `decay^(k+1)` of what did.
#[inline(always)]
fn carry_block(decay: f64, powers: [f64; BLOCK], x: [f64; BLOCK], carried: f64) -> [f64; BLOCK] {
    let mut own = x;
    for k in 1..BLOCK {
        own[k] = decay.mul_add(own[k - 1], own[k]);
    }
    for k in 0..BLOCK {
        own[k] = powers[k].mul_add(carried, own[k]);
    }
    own
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
