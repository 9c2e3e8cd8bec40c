//! Whether residuals follow each other.

use super::{Test, chi_squared_above, mean};

/// `Σ (e_t − e_{t−1})² / Σ e²`: 2 without serial correlation of the first order, towards 0 with a positive one, towards 4
/// with a negative one. NaN of fewer than two residuals.
pub fn durbin_watson(e: &[f64]) -> f64 {
    if e.len() < 2 {
        return f64::NAN;
    }
    let steps: f64 = e.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
    steps / e.iter().map(|e| e * e).sum::<f64>()
}

/// Autocorrelation at lags 0 … `lags`, with the divisor of lag 0.
pub fn autocorrelation(x: &[f64], lags: usize) -> Vec<f64> {
    let centre = mean(x);
    let moment = |lag: usize| (lag..x.len()).map(|t| (x[t] - centre) * (x[t - lag] - centre)).sum::<f64>();
    let whole = moment(0);
    (0..=lags).map(|lag| moment(lag) / whole).collect()
}

/// Ljung–Box: `n(n + 2)·Σ_{k≤lags} r_k²/(n − k)`, chi-squared with `lags` degrees of freedom.
pub fn ljung_box(e: &[f64], lags: usize) -> Test {
    let n = e.len() as f64;
    if lags == 0 || e.len() <= lags {
        return Test { statistic: f64::NAN, p: f64::NAN };
    }
    let r = autocorrelation(e, lags);
    let sum: f64 = (1..=lags).map(|k| r[k].powi(2) / (n - k as f64)).sum();
    let statistic = n * (n + 2.0) * sum;
    Test { statistic, p: chi_squared_above(statistic, lags as f64) }
}
