//! Exponential and logarithm of a whole series, written so that the compiler computes several periods at once.
//!
//! The functions of the C library are called once per number and cannot be vectorised; these have no branch and no
//! table. What is fused (`mul_add`, rounded once) is written so and nothing is reordered: a number gets the same bits at any
//! place of a slice of any length, on any processor. Only the width differs, and a processor without fused operations, of
//! before 2013, is slow.
//!
//! A long chain of operations on one number leaves the processor waiting, whatever else could be done: numbers go through a
//! function in blocks, one step of all of them after the other.

use std::f64::consts::{FRAC_1_SQRT_2, LN_2, LOG2_E};

/// `LN_2` without its last 20 bits: a product with a whole number below 2²⁰ is exact.
const LN_2_HIGH: f64 = f64::from_bits(LN_2.to_bits() & !0xf_ffff);
/// `ln 2 − LN_2_HIGH`; the second number is what `LN_2` itself lacks.
const LN_2_LOW: f64 = (LN_2 - LN_2_HIGH) + 2.319_046_813_846_299_6e-17;
/// Added and taken away again, it rounds to the nearest whole number; in between, that number and the bias of an exponent
/// stand in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0 + 1023.0;
/// `2⁵²`: a whole number below it, put into its lowest bits, is added to it.
const TWO_52: f64 = 4_503_599_627_370_496.0;
const MANTISSA: u64 = (1 << 52) - 1;

/// Numbers of a series that go through a function together: four of the widest registers, so that a step of all takes as long as
/// its result takes to come.
pub const BLOCK: usize = 32;

/// Defines a function that is compiled twice, for the widest registers and for any machine, and chosen where it runs.
///
/// A closure would do but for the compiler, which keeps its body apart from the wide caller and narrow with it.
/// Whatever the body calls in a loop must be inlined.
macro_rules! wide {
    ($(#[$about:meta])* $vis:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $output:ty)? $body:block) => {
        $(#[$about])*
        $vis fn $name($($argument: $type),*) $(-> $output)? {
            struct Task<T>(T);
            impl pulp::NullaryFnOnce for Task<($($type,)*)> {
                type Output = $crate::math::vector::output!($($output)?);
                #[inline(always)]
                fn call(self) -> Self::Output {
                    let Task(($($argument,)*)) = self;
                    $body
                }
            }
            pulp::Arch::new().dispatch(Task(($($argument,)*)))
        }
    };
}

/// A type, or `()` where none is given.
macro_rules! output {
    () => {
        ()
    };
    ($type:ty) => {
        $type
    };
}

/// Takes series through `step(arguments…, &input…, &mut output…)` block by block, inside of what is [`wide!`]; where they end, the
/// last block is filled up with zeros. All are as long as the first.
macro_rules! in_blocks {
    ($step:ident($($argument:expr),*; $first:ident $(, $input:ident)*; $($output:ident),+)) => {{
        use $crate::math::vector::{BLOCK, filled};
        let n = $first.len();
        let ($first, $($input,)*) = (&$first[..n], $(&$input[..n],)*);
        let ($($output,)+) = ($(&mut $output[..n],)+);
        let ($first, $($input,)*) = ($first.as_chunks::<BLOCK>(), $($input.as_chunks::<BLOCK>(),)*);
        let ($($output,)+) = ($($output.as_chunks_mut::<BLOCK>(),)+);
        for i in 0..$first.0.len() {
            $step($($argument,)* &$first.0[i], $(&$input.0[i],)* $(&mut $output.0[i],)+);
        }
        let rest = n % BLOCK;
        if rest > 0 {
            let ($first, $($input,)*) = (filled($first.1), $(filled($input.1),)*);
            $(let mut $output = ([0.0; BLOCK], $output.1);)+
            $step($($argument,)* &$first, $(&$input,)* $(&mut $output.0,)+);
            $($output.1.copy_from_slice(&$output.0[..rest]);)+
        }
    }};
}

/// A block that begins with `x` and goes on with zeros.
#[inline(always)]
pub(crate) fn filled(x: &[f64]) -> [f64; BLOCK] {
    let mut block = [0.0; BLOCK];
    block[..x.len()].copy_from_slice(x);
    block
}

pub(crate) use {in_blocks, output, wide};

wide! {
    /// `x[i] = e^{x[i]}`, within 2 ulp; 0 below −708.7 and ∞ above 709.4, where the range of normal numbers ends; NaN of NaN.
    pub fn exp_in_place(x: &mut [f64]) {
        let (blocks, rest) = x.as_chunks_mut::<BLOCK>();
        for block in blocks {
            *block = exp_each(block);
        }
        let n = rest.len();
        rest.copy_from_slice(&exp_each(&filled(rest))[..n]);
    }
}

wide! {
    /// `out[i] = ln x[i]`, within 2 ulp; −∞ of 0, of what is too small for a normal number, and below.
    pub fn ln_into(x: &[f64], out: &mut [f64]) {
        in_blocks!(ln_block(; x; out));
    }
}

#[inline(always)]
fn ln_block(x: &[f64; BLOCK], out: &mut [f64; BLOCK]) {
    *out = ln_each(x);
}

/// `e^x` of one number, by the formula of [`exp_each`].
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    exp_each(&[x])[0]
}

/// `ln x` of one number, by the formula of [`ln_each`].
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    ln_each(&[x])[0]
}

/// `e^x = 2^n·(1 + (e^r − 1))` of each, with n and r as `reduce` finds them; bounds as [`exp_in_place`] says.
#[inline(always)]
pub fn exp_each<const N: usize>(x: &[f64; N]) -> [f64; N] {
    // Comparisons that NaN passes unchanged; beyond these bounds nothing but 0 and ∞ can come out.
    let mut bounded = [0.0; N];
    for i in 0..N {
        let x = if x[i] < -709.0 { -709.0 } else { x[i] };
        bounded[i] = if x > 710.0 { 710.0 } else { x };
    }
    let (powers, less) = reduce(&bounded);
    let mut out = [0.0; N];
    for i in 0..N {
        out[i] = (1.0 + less[i]) * powers[i];
    }
    out
}

/// `e^x − 1` of one number `x ≤ 0`, within 2 ulp: a small `x` keeps its digits.
#[inline(always)]
pub fn exp_m1_of_negative(x: f64) -> f64 {
    let x = if x < -40.0 { -40.0 } else { x };
    let ([power], [less]) = reduce(&[x]);
    less.mul_add(power, power - 1.0)
}

/// `x = n·ln 2 + r` with `|r| ≤ ½ ln 2`: `2^n`, for −1023 ≤ n ≤ 1024 with 0 and ∞ at the ends, and `e^r − 1` from the series
/// `Σ_{k=1}^{13} r^k/k!`, whose next term is below 5e-18.
#[inline(always)]
fn reduce<const N: usize>(x: &[f64; N]) -> ([f64; N], [f64; N]) {
    let (mut powers, mut r, mut square) = ([0.0; N], [0.0; N], [0.0; N]);
    for i in 0..N {
        let rounded = x[i].mul_add(LOG2_E, ROUND);
        let n = rounded - ROUND;
        powers[i] = f64::from_bits(rounded.to_bits() << 52);
        r[i] = (-n).mul_add(LN_2_LOW, (-n).mul_add(LN_2_HIGH, x[i]));
        square[i] = r[i] * r[i];
    }
    let even = [1.0 / 2.0, 1.0 / 24.0, 1.0 / 720.0, 1.0 / 40_320.0, 1.0 / 3_628_800.0, 1.0 / 479_001_600.0];
    let odd =
        [1.0 / 6.0, 1.0 / 120.0, 1.0 / 5_040.0, 1.0 / 362_880.0, 1.0 / 39_916_800.0, 1.0 / 6_227_020_800.0];
    let (even, odd) = (polynomial(even, &square), polynomial(odd, &square));
    let mut less = [0.0; N];
    for i in 0..N {
        less[i] = square[i].mul_add(r[i].mul_add(odd[i], even[i]), r[i]);
    }
    (powers, less)
}

/// `Σ_k c[k]·x^k`, by Horner.
#[inline(always)]
fn polynomial<const N: usize, const K: usize>(c: [f64; K], x: &[f64; N]) -> [f64; N] {
    let mut sum = [c[K - 1]; N];
    for k in (0..K - 1).rev() {
        for i in 0..N {
            sum[i] = sum[i].mul_add(x[i], c[k]);
        }
    }
    sum
}

/// `ln x` of each, as [`ln_into`] says:
///
/// ```text
/// x = 2^k·m          √½ ≤ m < √2          f = m − 1          s = f/(2 + f)
/// ln m = 2·atanh s = f − (f²/2 − s·(f²/2 + R))          R = Σ_{j≥1} 2·s^{2j}/(2j + 1)
/// ```
#[inline(always)]
pub fn ln_each<const N: usize>(x: &[f64; N]) -> [f64; N] {
    let (mut f, mut k, mut s) = ([0.0; N], [0.0; N], [0.0; N]);
    for i in 0..N {
        // Shifted so that the exponent turns over at √½ and not at 1.
        let shifted = x[i].to_bits().wrapping_add(1f64.to_bits() - FRAC_1_SQRT_2.to_bits());
        f[i] = f64::from_bits((shifted & MANTISSA).wrapping_add(FRAC_1_SQRT_2.to_bits())) - 1.0;
        k[i] = f64::from_bits((shifted >> 52) | TWO_52.to_bits()) - (TWO_52 + 1023.0);
        s[i] = f[i] / (2.0 + f[i]);
    }
    // s² and s⁴
    let (mut z, mut z2) = ([0.0; N], [0.0; N]);
    for i in 0..N {
        z[i] = s[i] * s[i];
        z2[i] = z[i] * z[i];
    }
    let odd = polynomial([2.0 / 3.0, 2.0 / 7.0, 2.0 / 11.0, 2.0 / 15.0, 2.0 / 19.0], &z2);
    let even = polynomial([2.0 / 5.0, 2.0 / 9.0, 2.0 / 13.0, 2.0 / 17.0, 2.0 / 21.0], &z2);
    let mut out = [0.0; N];
    for i in 0..N {
        let series = z[i].mul_add(odd[i], z2[i] * even[i]);
        let half_square = 0.5 * f[i] * f[i];
        let small = half_square - s[i].mul_add(half_square + series, k[i] * LN_2_LOW);
        let value = k[i].mul_add(LN_2_HIGH, f[i] - small);
        let value = if x[i] < f64::INFINITY { value } else { x[i] };
        out[i] = if x[i] < f64::MIN_POSITIVE { f64::NEG_INFINITY } else { value };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::testing::{stream, uniforms};

    /// Distance in units in the last place of two numbers of one sign.
    fn ulps(a: f64, b: f64) -> u64 {
        if a == b || (a.is_nan() && b.is_nan()) { 0 } else { a.to_bits().abs_diff(b.to_bits()) }
    }

    /// Many points between the bounds.
    fn points(low: f64, high: f64) -> Vec<f64> {
        uniforms(&mut stream(7), 20_000, low, high)
    }

    fn check(points: &[f64], actual: &[f64], expected: fn(f64) -> f64, allowed: u64) {
        for (x, actual) in points.iter().zip(actual) {
            let expected = expected(*x);
            assert!(ulps(*actual, expected) <= allowed, "of {x:e}: {actual:e}, not {expected:e}");
        }
    }

    #[test]
    fn exp_is_within_two_ulp_of_the_library() {
        for (low, high) in [(-1e-3, 1e-3), (-1.0, 1.0), (-40.0, 40.0), (-708.0, 709.4)] {
            let x = points(low, high);
            let mut out = x.clone();
            exp_in_place(&mut out);
            check(&x, &out, f64::exp, 2);
        }
    }

    #[test]
    fn exp_keeps_its_corners_and_the_ends_of_the_normal_numbers() {
        let x = [0.0, -0.0, 1.0, -1.0, 709.43, 709.79, 710.5, 1e300, -708.3, -746.0, -1e300];
        let mut out = x;
        exp_in_place(&mut out);
        check(&x, &out, f64::exp, 2);
        assert_eq!((exp(0.0), exp(f64::INFINITY), exp(f64::NEG_INFINITY)), (1.0, f64::INFINITY, 0.0));
        assert!(exp(f64::NAN).is_nan());
        // In between, it is all or nothing.
        let all_or_nothing = |out: f64, x: f64| out == 0.0 || out == f64::INFINITY || ulps(out, x.exp()) <= 2;
        let ends = points(-746.0, -708.0).into_iter().chain(points(709.4, 709.8));
        assert!(ends.into_iter().all(|x| all_or_nothing(exp(x), x)));
    }

    #[test]
    fn exp_m1_of_a_negative_number_is_within_two_ulp_of_the_library() {
        for (low, high) in [(-1e-12, 0.0), (-1e-3, 0.0), (-1.0, 0.0), (-60.0, 0.0)] {
            let x = points(low, high);
            let out: Vec<f64> = x.iter().map(|x| exp_m1_of_negative(*x)).collect();
            check(&x, &out, f64::exp_m1, 2);
        }
        let corners = [0.0, -0.0, -1e-300, f64::NEG_INFINITY, f64::NAN, -0.34657359, -0.34657360];
        check(&corners, &corners.map(exp_m1_of_negative), f64::exp_m1, 2);
    }

    #[test]
    fn ln_is_within_two_ulp_of_the_library() {
        for (low, high) in [(0.999, 1.001), (0.5, 2.0), (0.0, 1e-3), (0.0, 1e6), (3e-308, 1e-307)] {
            let x = points(low, high);
            let mut out = vec![0.0; x.len()];
            ln_into(&x, &mut out);
            check(&x, &out, f64::ln, 2);
        }
        let spread: Vec<f64> = points(-708.0, 709.0).iter().map(|x| x.exp()).collect();
        let mut out = vec![0.0; spread.len()];
        ln_into(&spread, &mut out);
        check(&spread, &out, f64::ln, 2);
    }

    #[test]
    fn ln_keeps_its_corners() {
        let x = [1.0, 0.0, -0.0, f64::INFINITY, f64::MAX, f64::MIN_POSITIVE, FRAC_1_SQRT_2, 0.1, 10.0];
        let mut out = x;
        ln_into(&x, &mut out);
        check(&x, &out, f64::ln, 2);
        assert_eq!(
            (out[0], out[1], out[2], out[3]),
            (0.0, f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY)
        );
        assert!([-1.0, 1e-310, f64::NEG_INFINITY].into_iter().all(|x| ln(x) == f64::NEG_INFINITY));
        assert!(ln(f64::NAN).is_nan());
    }

    #[test]
    fn a_number_gets_the_same_bits_at_every_place_of_every_slice() {
        let x = points(-30.0, 30.0);
        for start in 0..9 {
            for length in 0..35 {
                let part = &x[start..start + length];
                let mut powers = part.to_vec();
                exp_in_place(&mut powers);
                let mut logs = vec![0.0; length];
                ln_into(&powers, &mut logs);
                for i in 0..length {
                    assert_eq!(powers[i].to_bits(), exp(part[i]).to_bits());
                    assert_eq!(logs[i].to_bits(), ln(powers[i]).to_bits());
                }
            }
        }
    }
}
