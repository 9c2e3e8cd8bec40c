//! Plain statistics of a series or a table, equal to SciPy and statsmodels on the same numbers; they know no model.

pub mod binomial;
pub mod collinearity;
pub mod density;
pub mod drift;
pub mod multiplicity;
pub mod normality;
pub mod scores;
pub mod serial;
pub mod uniformity;

use crate::math::special::gamma_upper;
use serde::Serialize;

/// A test: its statistic, and the probability of one at least as extreme where nothing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Test {
    /// The statistic.
    pub statistic: f64,
    /// In 0 … 1; NaN where it cannot be known.
    pub p: f64,
}

/// Upper tail of chi-squared with `df` degrees of freedom.
fn chi_squared_above(x: f64, df: f64) -> f64 {
    if x.is_nan() {
        f64::NAN
    } else if x <= 0.0 {
        1.0
    } else {
        gamma_upper(0.5 * df, 0.5 * x)
    }
}

fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

/// `mean (x − mean)^power`.
fn central_moment(x: &[f64], power: i32) -> f64 {
    let centre = mean(x);
    x.iter().map(|x| (x - centre).powi(power)).sum::<f64>() / x.len() as f64
}

#[cfg(test)]
mod tests;
