//! t
/// t
pub fn e_bfmi(e: &[f64]) -> f64 { let d: f64 = e.windows(2).map(|w| (w[1]-w[0]).powi(2)).sum::<f64>() / e.len() as f64; d / super::variance(e) }
