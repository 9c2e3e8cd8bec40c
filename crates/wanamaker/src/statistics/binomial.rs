//! Counts of successes: which of them a probability can bring about.

use crate::math::special::beta_lower;

/// `P(K ≤ k)` of `n` trials that succeed with `p`, by `I_{1−p}(n − k, k + 1)` [dlmf] 8.17.5.
pub fn at_most(k: usize, n: usize, p: f64) -> f64 {
    if k >= n {
        return 1.0;
    }
    beta_lower((n - k) as f64, k as f64 + 1.0, 1.0 - p, p)
}

/// The least and the greatest count of `n` that do not speak against a probability in `least … most`: fewer would come
/// about with probability below `alpha` even if it were `least`, more even if it were `most`.
pub fn plausible_counts(n: usize, least: f64, most: f64, alpha: f64) -> (usize, usize) {
    let lower = (0..=n).find(|&k| at_most(k, n, least) >= alpha).unwrap_or(n);
    // At least k successes are at most n − k failures.
    let upper = (0..=n).rev().find(|&k| at_most(n - k, n, 1.0 - most) >= alpha).unwrap_or(0);
    (lower, upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `C(n, k) p^k (1 − p)^(n − k)`, summed.
    fn by_hand(k: usize, n: usize, p: f64) -> f64 {
        let mut term = (1.0 - p).powi(n as i32);
        let mut sum = term;
        for j in 1..=k {
            term *= (n - j + 1) as f64 / j as f64 * p / (1.0 - p);
            sum += term;
        }
        sum
    }

    #[test]
    fn the_distribution_is_the_sum_of_its_terms() {
        for (k, n, p) in [(0, 1, 0.3), (2, 4, 0.95), (88, 104, 0.92), (13, 17, 0.95), (500, 520, 0.98)] {
            let (got, expected) = (at_most(k, n, p), by_hand(k, n, p));
            assert!((got / expected - 1.0).abs() < 1e-9, "{k} of {n}: {got} {expected}");
        }
        assert_eq!(at_most(4, 4, 0.5), 1.0);
    }

    #[test]
    fn few_trials_allow_nearly_any_count_and_many_nearly_one() {
        assert_eq!(plausible_counts(4, 0.95, 1.0, 0.01), (2, 4));
        let (lower, upper) = plausible_counts(10_000, 0.92, 0.98, 0.01);
        assert!((9_100..9_200).contains(&lower) && (9_800..9_850).contains(&upper), "{lower} {upper}");
        for n in [1, 20, 104] {
            let (lower, upper) = plausible_counts(n, 0.92, 0.98, 0.01);
            assert!(at_most(lower, n, 0.92) >= 0.01 && (lower == 0 || at_most(lower - 1, n, 0.92) < 0.01));
            assert!(lower <= upper && upper <= n);
        }
    }
}
