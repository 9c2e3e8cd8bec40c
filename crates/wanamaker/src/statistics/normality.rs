//! Whether residuals are normal.

use super::{Test, central_moment, chi_squared_above};
use crate::math::special::{normal_cdf, normal_quantile};

const UNKNOWN: Test = Test { statistic: f64::NAN, p: f64::NAN };

/// `m₃/m₂^{3/2}`.
pub fn skewness(x: &[f64]) -> f64 {
    central_moment(x, 3) / central_moment(x, 2).powf(1.5)
}

/// `m₄/m₂²`: 3 of a normal.
pub fn kurtosis(x: &[f64]) -> f64 {
    central_moment(x, 4) / central_moment(x, 2).powi(2)
}

/// Jarque–Bera: `n/6·(S² + (K − 3)²/4)`, chi-squared with two degrees of freedom.
pub fn jarque_bera(x: &[f64]) -> Test {
    if x.len() < 2 {
        return UNKNOWN;
    }
    let statistic = x.len() as f64 / 6.0 * (skewness(x).powi(2) + 0.25 * (kurtosis(x) - 3.0).powi(2));
    Test { statistic, p: chi_squared_above(statistic, 2.0) }
}

/// D'Agostino's K²: squared z scores of skewness (D'Agostino 1970) and kurtosis (Anscombe and Glynn 1983), chi-squared
/// with two degrees of freedom. NaN of fewer than eight.
pub fn dagostino(x: &[f64]) -> Test {
    if x.len() < 8 {
        return UNKNOWN;
    }
    let statistic = skewness_score(x).powi(2) + kurtosis_score(x).powi(2);
    Test { statistic, p: chi_squared_above(statistic, 2.0) }
}

fn skewness_score(x: &[f64]) -> f64 {
    let n = x.len() as f64;
    let y = skewness(x) * ((n + 1.0) * (n + 3.0) / (6.0 * (n - 2.0))).sqrt();
    let beta = 3.0 * (n * n + 27.0 * n - 70.0) * (n + 1.0) * (n + 3.0)
        / ((n - 2.0) * (n + 5.0) * (n + 7.0) * (n + 9.0));
    let w2 = (2.0 * (beta - 1.0)).sqrt() - 1.0;
    let delta = 1.0 / (0.5 * w2.ln()).sqrt();
    let alpha = (2.0 / (w2 - 1.0)).sqrt();
    delta * (y / alpha).asinh()
}

fn kurtosis_score(x: &[f64]) -> f64 {
    let n = x.len() as f64;
    let expected = 3.0 * (n - 1.0) / (n + 1.0);
    let variance = 24.0 * n * (n - 2.0) * (n - 3.0) / ((n + 1.0).powi(2) * (n + 3.0) * (n + 5.0));
    let z = (kurtosis(x) - expected) / variance.sqrt();
    let third = 6.0 * (n * n - 5.0 * n + 2.0) / ((n + 7.0) * (n + 9.0))
        * (6.0 * (n + 3.0) * (n + 5.0) / (n * (n - 2.0) * (n - 3.0))).sqrt();
    let a = 6.0 + 8.0 / third * (2.0 / third + (1.0 + 4.0 / (third * third)).sqrt());
    let root = (1.0 - 2.0 / a) / (1.0 + z * (2.0 / (a - 4.0)).sqrt());
    (1.0 - 2.0 / (9.0 * a) - root.cbrt()) / (2.0 / (9.0 * a)).sqrt()
}

/// Shapiro–Wilk `W` by Royston's algorithm AS R94 (1995), for 3 to 5,000 values that are not all the same; above 5,000 the
/// probability is an extrapolation.
pub fn shapiro_wilk(x: &[f64]) -> Test {
    let n = x.len();
    let mut x = x.to_vec();
    x.sort_by(f64::total_cmp);
    if n < 3 || x.iter().any(|x| x.is_nan()) || x[n - 1] <= x[0] {
        return UNKNOWN;
    }
    let a = weights(n);
    // W is the squared correlation of the ordered values with the weights; 1 − W keeps its digits.
    let centre = super::mean(&x);
    let (mut xx, mut ax, mut aa) = (0.0, 0.0, 0.0);
    for (x, a) in x.iter().zip(&a) {
        xx += (x - centre).powi(2);
        ax += a * (x - centre);
        aa += a * a;
    }
    let root = (aa * xx).sqrt();
    let lack = (root - ax) * (root + ax) / (aa * xx);
    let w = 1.0 - lack;
    let size = n as f64;
    if n == 3 {
        let p = 6.0 / std::f64::consts::PI * (w.sqrt().asin() - 0.75_f64.sqrt().asin());
        return Test { statistic: w.max(0.75), p: p.max(0.0) };
    }
    let y = lack.ln();
    let (y, mean, sd) = if n <= 11 {
        let gamma = 0.459 * size - 2.273;
        if y >= gamma {
            return Test { statistic: w, p: 1e-99 };
        }
        (
            -(gamma - y).ln(),
            polynomial(&[0.544, -0.39978, 0.025_054, -6.714e-4], size),
            polynomial(&[1.3822, -0.77857, 0.062_767, -0.002_032_2], size).exp(),
        )
    } else {
        let ln_n = size.ln();
        (
            y,
            polynomial(&[-1.5861, -0.31082, -0.083_751, 0.003_891_5], ln_n),
            polynomial(&[-0.4803, -0.082_676, 0.003_030_2], ln_n).exp(),
        )
    };
    Test { statistic: w, p: normal_cdf((mean - y) / sd) }
}

/// The weights of the ordered values, antisymmetric.
fn weights(n: usize) -> Vec<f64> {
    if n == 3 {
        return vec![-0.5_f64.sqrt(), 0.0, 0.5_f64.sqrt()];
    }
    let half = n / 2;
    let size = n as f64;
    // Expected order statistics of a normal, roughly, from the largest down.
    let m: Vec<f64> = (0..half).map(|i| -normal_quantile((i as f64 + 1.0 - 0.375) / (size + 0.25))).collect();
    let sum: f64 = 2.0 * m.iter().map(|m| m * m).sum::<f64>();
    let (root, u) = (sum.sqrt(), 1.0 / size.sqrt());
    let first = polynomial(&[0.0, 0.221_157, -0.147_981, -2.071_19, 4.434_685, -2.706_056], u) + m[0] / root;
    let mut upper = vec![first];
    let rest = if n > 5 {
        let second =
            polynomial(&[0.0, 0.042_981, -0.293_762, -1.752_461, 5.682_633, -3.582_633], u) + m[1] / root;
        upper.push(second);
        (sum - 2.0 * (m[0] * m[0] + m[1] * m[1])) / (1.0 - 2.0 * (first * first + second * second))
    } else {
        (sum - 2.0 * m[0] * m[0]) / (1.0 - 2.0 * first * first)
    };
    let done = upper.len();
    upper.extend(m[done..].iter().map(|m| m / rest.sqrt()));
    let middle = if n % 2 == 1 { vec![0.0] } else { Vec::new() };
    upper.iter().map(|a| -a).chain(middle).chain(upper.iter().rev().copied()).collect()
}

/// `Σ c_i·x^i`.
fn polynomial(c: &[f64], x: f64) -> f64 {
    c.iter().rev().fold(0.0, |sum, c| sum * x + c)
}
