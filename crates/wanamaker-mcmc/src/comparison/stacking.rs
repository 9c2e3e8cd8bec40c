//! Weights of several models whose mixture predicts best [yao2018].
//!
//! ```text
//! maximise  Σ_i ln Σ_k w_k·exp(elpd_ki)      w ≥ 0,  Σ w = 1
//! ```
//! A concave problem; expectation–maximisation climbs it without a step length and stays on the simplex.

const MOST_STEPS: usize = 100_000;

/// Weights, `[model]`, from pointwise `elpd`, `[model][observation]`, all over the same observations.
pub fn stacking(pointwise: &[Vec<f64>]) -> Vec<f64> {
    let (n_models, n) = (pointwise.len(), pointwise.first().map_or(0, Vec::len));
    if n_models == 0 || n == 0 {
        return vec![1.0 / n_models as f64; n_models];
    }
    // Relative to the best model of each observation nothing overflows.
    let density: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            let most = pointwise.iter().map(|own| own[i]).fold(f64::NEG_INFINITY, f64::max);
            pointwise.iter().map(|own| (own[i] - most).exp()).collect()
        })
        .collect();
    let mut weights = vec![1.0 / n_models as f64; n_models];
    for _ in 0..MOST_STEPS {
        let mut next = vec![0.0; n_models];
        for own in &density {
            let mixed: f64 = own.iter().zip(&weights).map(|(p, w)| p * w).sum();
            for ((next, p), w) in next.iter_mut().zip(own).zip(&weights) {
                *next += p * w / mixed / n as f64;
            }
        }
        let moved = next.iter().zip(&weights).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        weights = next;
        if moved < 1e-12 {
            break;
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_is_better_everywhere_gets_all_the_weight() {
        let weights = stacking(&[vec![-1.0; 20], vec![-3.0; 20]]);
        assert!(weights[0] > 0.999, "{weights:?}");
    }

    #[test]
    fn models_that_are_good_at_different_things_share() {
        let a: Vec<f64> = (0..20).map(|i| if i < 15 { -1.0 } else { -9.0 }).collect();
        let b: Vec<f64> = (0..20).map(|i| if i < 15 { -9.0 } else { -1.0 }).collect();
        let weights = stacking(&[a, b]);
        assert!((weights[0] - 0.75).abs() < 1e-3 && (weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
