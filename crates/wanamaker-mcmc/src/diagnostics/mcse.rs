//! t
/// t
pub fn mcse_mean(_: &[&[f64]]) -> f64 { 0.0 }
/// t
pub fn mcse_sd(_: &[&[f64]]) -> f64 { 0.0 }
/// t
pub fn mcse_quantile(_: &[&[f64]], _: f64) -> f64 { 0.0 }
