//! Causal convolution of a series with a short kernel, and its pull-back: where adstock spends its time.
//!
//! ```text
//! out[t] = Σ_{l=0}^{min(L-1, t)} w[l] · x[t-l]          before the first period x = 0
//! ```
//!
//! Each sum runs over the lags in the same order wherever `t` stands in a block, so the result does not depend on
//! the block size, bit for bit.

use super::linalg::sums_of;
use super::vector::wide;
use std::ops::Range;

/// Periods computed together, so that the compiler keeps their sums in registers.
const LANES: usize = 32;
/// The same where fewer are left.
const FEW: usize = 8;
/// Lags whose weights are pulled back together, so that the exposure is read once for all of them.
const LAGS: usize = 4;

/// `out[t] = Σ_l w[l] · x[t-l]`.
///
/// - `weights`: `w`, shape `[lag]`; an empty kernel gives zeros
/// - `x`, `out`: shape `[time]`
pub fn forward(weights: &[f64], x: &[f64], out: &mut [f64]) {
    debug_assert_eq!(x.len(), out.len());
    let lit = lit(x);
    let end = (lit.end + weights.len().max(1) - 1).min(x.len());
    out[..lit.start].fill(0.0);
    out[end..].fill(0.0);
    carry(weights, &x[lit.start..end], &mut out[lit.start..end]);
}

/// From the first to the last period in which `x` is not 0.
fn lit(x: &[f64]) -> Range<usize> {
    let start = x.iter().position(|x| *x != 0.0).unwrap_or(x.len());
    start..x.iter().rposition(|x| *x != 0.0).map_or(start, |last| last + 1)
}

wide! {
    fn carry(weights: &[f64], x: &[f64], out: &mut [f64]) {
        let n = x.len();
        let at = |t: usize| weights.iter().zip(x[..=t].iter().rev()).fold(0.0, |sum, (w, x)| w.mul_add(*x, sum));
        let head = weights.len().saturating_sub(1).min(n);
        for t in 0..head {
            out[t] = at(t);
        }
        let t = carry_blocks::<LANES>(weights, x, head, out);
        let t = carry_blocks::<FEW>(weights, x, t, out);
        for t in t..n {
            out[t] = at(t);
        }
    }
}

/// As many whole blocks as there are from period `t` on; returns the period behind them.
#[inline(always)]
fn carry_blocks<const N: usize>(weights: &[f64], x: &[f64], mut t: usize, out: &mut [f64]) -> usize {
    while t + N <= x.len() {
        let mut sums = [0.0; N];
        for (l, w) in weights.iter().enumerate() {
            let past = &x[t - l..t - l + N];
            for k in 0..N {
                sums[k] = w.mul_add(past[k], sums[k]);
            }
        }
        out[t..t + N].copy_from_slice(&sums);
        t += N;
    }
    t
}

wide! {
    /// Accumulates `∂L/∂x[t] += Σ_l w[l] · ∂L/∂out[t+l]`.
    pub fn pullback_signal(weights: &[f64], d_out: &[f64], d_x: &mut [f64]) {
        debug_assert_eq!(d_out.len(), d_x.len());
        let n = d_out.len();
        let at = |t: usize| weights.iter().zip(&d_out[t..]).fold(0.0, |sum, (w, d)| w.mul_add(*d, sum));
        let whole = (n + 1).saturating_sub(weights.len()); // periods whose every lag stays inside the series
        let t = pull_blocks::<LANES>(weights, d_out, whole, 0, d_x);
        let t = pull_blocks::<FEW>(weights, d_out, whole, t, d_x);
        for t in t..n {
            d_x[t] += at(t);
        }
    }
}

/// As many whole blocks as there are between period `t` and `end`; returns the period behind them.
#[inline(always)]
fn pull_blocks<const N: usize>(
    weights: &[f64],
    d_out: &[f64],
    end: usize,
    mut t: usize,
    d_x: &mut [f64],
) -> usize {
    while t + N <= end {
        let mut sums = [0.0; N];
        for (l, w) in weights.iter().enumerate() {
            let future = &d_out[t + l..t + l + N];
            for k in 0..N {
                sums[k] = w.mul_add(future[k], sums[k]);
            }
        }
        for k in 0..N {
            d_x[t + k] += sums[k];
        }
        t += N;
    }
    t
}

/// Accumulates `∂L/∂w[l] += Σ_{t≥l} ∂L/∂out[t] · x[t-l]`.
pub fn pullback_weights(x: &[f64], d_out: &[f64], d_weights: &mut [f64]) {
    debug_assert_eq!(x.len(), d_out.len());
    let lit = lit(x);
    meet(&x[lit.clone()], &d_out[lit.start..], d_weights);
}

wide! {
    /// `d_weights[l] += Σ_t d_out[t+l] · x[t]`, as far as both go.
    fn meet(x: &[f64], d_out: &[f64], d_weights: &mut [f64]) {
        let n_felt = d_weights.len().min(d_out.len());
        let mut l = 0;
        while l + LAGS <= n_felt {
            meet_lags::<LAGS>(x, &d_out[l..], &mut d_weights[l..]);
            l += LAGS;
        }
        while l < n_felt {
            meet_lags::<1>(x, &d_out[l..], &mut d_weights[l..]);
            l += 1;
        }
    }
}

/// The first `N` of the lags.
#[inline(always)]
fn meet_lags<const N: usize>(x: &[f64], d_out: &[f64], d_weights: &mut [f64]) {
    // What all of them reach; behind it, a few periods for all but the last.
    let together = x.len().min(d_out.len() - (N - 1));
    let later: [&[f64]; N] = std::array::from_fn(|l| &d_out[l..l + together]);
    let sums = sums_of(later, &x[..together], |sum, d, x| d.mul_add(x, sum));
    for l in 0..N {
        let rest = d_out[l + together..].iter().zip(&x[together..]);
        d_weights[l] += rest.fold(sums[l], |sum, (d, x)| d.mul_add(*x, sum));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::linalg::dot;
    use crate::math::testing::{check_close, stream, uniforms};

    /// Shapes that meet every branch: shorter than the kernel, block edges, one period, no period.
    const SHAPES: [(usize, usize); 10] =
        [(0, 3), (1, 1), (1, 5), (4, 9), (7, 1), (8, 8), (15, 8), (40, 13), (131, 28), (16, 0)];

    #[test]
    fn forward_is_the_double_sum() {
        let mut rng = stream(1);
        for (n, l_max) in SHAPES {
            let (w, x) = (uniforms(&mut rng, l_max, -1.0, 1.0), uniforms(&mut rng, n, -1.0, 1.0));
            let mut out = vec![f64::NAN; n];
            forward(&w, &x, &mut out);
            for t in 0..n {
                let expected: f64 = (0..l_max.min(t + 1)).map(|l| w[l] * x[t - l]).sum();
                check_close(out[t], expected, 1e-14, 1e-15, &|| format!("n {n}, L {l_max}, t {t}"));
            }
        }
    }

    #[test]
    fn the_pullbacks_are_the_transposed_maps() {
        let mut rng = stream(2);
        for (n, l_max) in SHAPES {
            let (w, x) = (uniforms(&mut rng, l_max, -1.0, 1.0), uniforms(&mut rng, n, -1.0, 1.0));
            let d_out = uniforms(&mut rng, n, -1.0, 1.0);
            let mut out = vec![0.0; n];
            forward(&w, &x, &mut out);
            let (mut d_x, mut d_w) = (vec![0.0; n], vec![0.0; l_max]);
            pullback_signal(&w, &d_out, &mut d_x);
            pullback_weights(&x, &d_out, &mut d_w);
            // <d_out, W x> = <Wᵀ d_out, x> = <Xᵀ d_out, w>, for the map is linear in each.
            let product = dot(&d_out, &out);
            check_close(dot(&d_x, &x), product, 1e-12, 1e-13, &|| format!("signal, n {n}, L {l_max}"));
            check_close(dot(&d_w, &w), product, 1e-12, 1e-13, &|| format!("weights, n {n}, L {l_max}"));
        }
    }

    #[test]
    fn pullbacks_accumulate() {
        let (mut d_x, mut d_w) = ([10.0, 20.0], [30.0]);
        pullback_signal(&[2.0], &[1.0, 1.0], &mut d_x);
        pullback_weights(&[3.0, 4.0], &[1.0, 1.0], &mut d_w);
        assert_eq!((d_x, d_w), ([12.0, 22.0], [37.0]));
    }
}
