//! Special functions in the forms that keep their digits: sigmoids, the normal tail, gamma and beta, and two
//! ways to invert and one to integrate.
//!
//! `erf`, `erfc` and `ln Γ` are those of `libm`, to the last digit; those of `statrs` 0.19 stop at the tenth.

use statrs::function::{beta, erf::erf_inv, erf::erfc_inv, gamma};
use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

/// `ln √(2π)`.
pub const LN_SQRT_2_PI: f64 = 0.918_938_533_204_672_741_780_329_736_406;

/// `σ(u) = 1 / (1 + e^{−u})`, to full relative precision on both sides.
pub fn sigmoid(u: f64) -> f64 {
    if u >= 0.0 {
        1.0 / (1.0 + (-u).exp())
    } else {
        let e = u.exp();
        e / (1.0 + e)
    }
}

/// `ln σ(u) = −ln(1 + e^{−u})`; about `u` for very negative `u`, never −∞ before `u` is.
pub fn ln_sigmoid(u: f64) -> f64 {
    u.min(0.0) - (-u.abs()).exp().ln_1p()
}

/// `ln(p/(1 − p))`, the inverse of [`sigmoid`].
pub fn logit(p: f64) -> f64 {
    p.ln() - (-p).ln_1p()
}

/// `ln Γ(x)` for `x > 0`.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// `ln Γ(x + ½) − ln Γ(x)` for `x > 0`; the two would cancel for large `x`, where the series in `1/x` takes over.
pub fn ln_gamma_half_step(x: f64) -> f64 {
    if x < 100.0 {
        return ln_gamma(x + 0.5) - ln_gamma(x);
    }
    let y = 1.0 / (x * x);
    0.5 * x.ln() - (0.125 - y * (1.0 / 192.0 - y / 640.0)) / x
}

/// `ln B(a, b)` for `a, b > 0`.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// `P(a, x) = γ(a, x)/Γ(a)`, the gamma distribution function at rate one; NaN outside `a > 0`.
pub fn gamma_lower(a: f64, x: f64) -> f64 {
    match x {
        x if x <= 0.0 => 0.0,
        f64::INFINITY => 1.0,
        x => gamma::checked_gamma_lr(a, x).unwrap_or(f64::NAN),
    }
}

/// `Q(a, x) = 1 − P(a, x)`, to relative precision in the upper tail.
pub fn gamma_upper(a: f64, x: f64) -> f64 {
    match x {
        x if x <= 0.0 => 1.0,
        f64::INFINITY => 0.0,
        x => gamma::checked_gamma_ur(a, x).unwrap_or(f64::NAN),
    }
}

/// `I_x(a, b)`, the beta distribution function at `x`, given also `rest = 1 − x` exactly; NaN outside `a, b > 0`.
pub fn beta_lower(a: f64, b: f64, x: f64, rest: f64) -> f64 {
    // The smaller of the two carries the digits.
    if x <= 0.5 {
        beta::checked_beta_reg(a, b, x).unwrap_or(f64::NAN)
    } else {
        1.0 - beta::checked_beta_reg(b, a, rest).unwrap_or(f64::NAN)
    }
}

/// `erf(x) = 2/√π ∫₀ˣ e^{−t²} dt`.
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// The inverse of [`erf`] on −1 … 1.
pub fn erf_inverse(p: f64) -> f64 {
    if p.abs() > 0.5 {
        return p.signum() * normal_quantile(0.5 * (1.0 - p.abs())).abs() * FRAC_1_SQRT_2;
    }
    let start = erf_inv(p);
    start - (erf(start) - p) * 0.5 * PI.sqrt() * (start * start).exp()
}

/// `Φ(z)`, the standard normal distribution function, to relative precision in the lower tail.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// `Φ⁻¹(p)`: a rational start from `statrs`, good to ten digits, and one Newton step on `ln Φ` for the rest.
pub fn normal_quantile(p: f64) -> f64 {
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    let start = -SQRT_2 * erfc_inv(2.0 * p);
    if !start.is_finite() {
        return start;
    }
    let ln_cdf = ln_normal_cdf(start);
    let slope = (-0.5 * start * start - LN_SQRT_2_PI - ln_cdf).exp();
    start - (ln_cdf - p.ln()) / slope
}

/// `ln Φ(z)`, also where `Φ` itself underflows.
///
/// In the tail `Φ(−x) = φ(x)/(x + 1/(x + 2/(x + 3/(x + …))))`, a continued fraction that sixty terms exhaust at 5.
pub fn ln_normal_cdf(z: f64) -> f64 {
    if z > 0.0 {
        return (-normal_cdf(-z)).ln_1p();
    }
    if z > -5.0 {
        return normal_cdf(z).ln();
    }
    let x = -z;
    let fraction = (1..=60).rev().fold(x, |below, k| x + f64::from(k) / below);
    -0.5 * x * x - LN_SQRT_2_PI - fraction.ln()
}

/// The `x > 0` with `lower(x) = p`, for a rising `lower` and `upper = 1 − lower`, each exact in its own tail.
pub fn invert_on_log_axis(p: f64, lower: impl Fn(f64) -> f64, upper: impl Fn(f64) -> f64) -> f64 {
    let rest = 1.0 - p;
    let below = |u: f64| if p <= 0.5 { lower(u.exp()) < p } else { upper(u.exp()) > rest };
    bisect(-745.0, 709.7, below).exp()
}

/// The `x` in 0 … 1 with `lower(x, 1 − x) = p`, as [`invert_on_log_axis`].
pub fn invert_on_logit_axis(p: f64, lower: impl Fn(f64, f64) -> f64, upper: impl Fn(f64, f64) -> f64) -> f64 {
    let rest = 1.0 - p;
    let below = |u: f64| {
        let (x, complement) = (sigmoid(u), sigmoid(-u));
        if p <= 0.5 { lower(x, complement) < p } else { upper(x, complement) > rest }
    };
    sigmoid(bisect(-745.0, 745.0, below))
}

/// The point in `from … to` where `below` turns from true to false, to the last digit.
pub fn bisect(mut from: f64, mut to: f64, below: impl Fn(f64) -> bool) -> f64 {
    loop {
        let middle = 0.5 * (from + to);
        // Also ends on NaN, since no comparison with it holds.
        if !(from < middle && middle < to) {
            return middle;
        }
        if below(middle) { from = middle } else { to = middle }
    }
}

/// `∫ f` over `from … to` by Gauss and Legendre's ten points on each of sixteen equal panels.
pub fn integrate(f: impl Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    /// Positive nodes and their weights on −1 … 1.
    const RULE: [(f64, f64); 5] = [
        (0.148_874_338_981_631_21, 0.295_524_224_714_752_87),
        (0.433_395_394_129_247_19, 0.269_266_719_309_996_36),
        (0.679_409_568_299_024_41, 0.219_086_362_515_982_04),
        (0.865_063_366_688_984_51, 0.149_451_349_150_580_59),
        (0.973_906_528_517_171_72, 0.066_671_344_308_688_138),
    ];
    const PANELS: usize = 16;
    let half = 0.5 * (to - from) / PANELS as f64;
    let panel = |k: usize| {
        let centre = from + half * (2 * k + 1) as f64;
        RULE.iter()
            .map(|(node, weight)| weight * (f(centre - half * node) + f(centre + half * node)))
            .sum::<f64>()
    };
    half * (0..PANELS).map(panel).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::testing::check_close;

    #[test]
    fn sigmoids_keep_their_digits_in_both_tails() {
        assert_eq!(sigmoid(-700.0), (-700f64).exp());
        assert_eq!(ln_sigmoid(-800.0), -800.0);
        assert_eq!(ln_sigmoid(40.0), -(-40f64).exp());
        for u in [-30.0, -1.0, 0.0, 2.0, 20.0] {
            check_close(logit(sigmoid(u)), u, 1e-7, 1e-15, &|| format!("{u}"));
        }
    }

    #[test]
    fn the_log_of_the_normal_tail_matches_mpmath() {
        // mpmath 1.4.1, 50 digits: log(ncdf(z)); see tests/golden/distributions.py.
        let known = [
            (-1.0, -1.841_021_645_009_263_5),
            (-4.9, -14.551_182_689_355_312),
            (-5.1, -15.588_487_091_871_466),
            (-40.0, -804.608_442_013_753_8),
            (2.0, -0.023_012_909_328_963_49),
            (10.0, -7.619_853_024_160_526e-24),
        ];
        for (z, expected) in known {
            check_close(ln_normal_cdf(z), expected, 1e-13, 0.0, &|| format!("z {z}"));
        }
    }

    #[test]
    fn the_half_step_of_ln_gamma_joins_its_series() {
        for x in [100.0, 150.0] {
            let direct = ln_gamma(x + 0.5) - ln_gamma(x);
            check_close(ln_gamma_half_step(x), direct, 1e-12, 0.0, &|| format!("{x}"));
        }
        check_close(ln_gamma_half_step(1e12), 0.5 * 1e12f64.ln(), 1e-13, 0.0, &|| "large".into());
    }

    #[test]
    fn the_rule_is_exact_for_polynomials_and_for_a_bell() {
        check_close(integrate(|x| x.powi(19), 0.0, 2.0), 2f64.powi(20) / 20.0, 1e-14, 0.0, &|| "x^19".into());
        let bell = integrate(|x| (-0.5 * x * x).exp(), -9.0, 9.0);
        check_close(bell.ln(), LN_SQRT_2_PI, 1e-13, 0.0, &|| "bell".into());
    }
}
