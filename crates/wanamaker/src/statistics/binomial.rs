//! How many of `n` should have happened, and what a count of them says of their probability.

use crate::math::special::{beta_lower, invert_on_logit_axis};

/// `P(B ≤ k)` of a binomial `B`.
///
/// - `n`: trials; `p`: 0 … 1
pub fn at_most(k: usize, n: usize, p: f64) -> f64 {
    if k >= n { 1.0 } else { beta_lower((n - k) as f64, k as f64 + 1.0, 1.0 - p, p) }
}

/// `P(B ≥ k)`, to relative precision in the upper tail.
pub fn at_least(k: usize, n: usize, p: f64) -> f64 {
    if k == 0 {
        1.0
    } else if k > n {
        0.0
    } else {
        beta_lower(k as f64, (n - k) as f64 + 1.0, p, 1.0 - p)
    }
}

/// The counts that are no surprise: the `(1 − level)/2` and `(1 + level)/2` quantiles of a binomial, ends included.
pub fn expected(n: usize, p: f64, level: f64) -> (usize, usize) {
    let quantile = |share: f64| {
        let (mut low, mut high) = (0, n);
        while low < high {
            let middle = (low + high) / 2;
            if at_most(middle, n, p) >= share { high = middle } else { low = middle + 1 }
        }
        low
    };
    (quantile(0.5 - 0.5 * level), quantile(0.5 + 0.5 * level))
}

/// Probability of a count at least as far out in the nearer tail, doubled; at most 1.
pub fn two_sided(k: usize, n: usize, p: f64) -> f64 {
    (2.0 * at_most(k, n, p).min(at_least(k, n, p))).min(1.0)
}

/// The exact interval of a probability of which `k` of `n` are known [clopper1934]; (0, 1) for no trials.
pub fn interval(k: usize, n: usize, level: f64) -> (f64, f64) {
    let (tail, rest) = (0.5 * (1.0 - level), 0.5 * (1.0 + level));
    let quantile = |a: f64, b: f64, p: f64, q: f64| {
        invert_on_logit_axis(p, q, |x, y| beta_lower(a, b, x, y), |x, y| beta_lower(b, a, y, x))
    };
    let (hits, misses) = (k as f64, (n - k) as f64);
    let lower = if k == 0 { 0.0 } else { quantile(hits, misses + 1.0, tail, rest) };
    let upper = if k == n { 1.0 } else { quantile(hits + 1.0, misses, rest, tail) };
    (lower, upper)
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

    /// `P(B = k)` by its definition.
    fn mass(k: usize, n: usize, p: f64) -> f64 {
        let choices = (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product::<f64>();
        choices * p.powi(k as i32) * (1.0 - p).powi((n - k) as i32)
    }

    #[test]
    fn tails_are_sums_of_the_masses() {
        for (n, p) in [(1, 0.3), (12, 0.5), (40, 0.95), (100, 0.8)] {
            for k in 0..=n {
                let below: f64 = (0..=k).map(|i| mass(i, n, p)).sum();
                let above: f64 = (k..=n).map(|i| mass(i, n, p)).sum();
                assert!((at_most(k, n, p) - below).abs() < 1e-12, "{k} {n} {p}");
                assert!((at_least(k, n, p) - above).abs() < 1e-12, "{k} {n} {p}");
            }
        }
    }

    #[test]
    fn ranges_leave_the_tails_they_say() {
        // Known from tables of the binomial.
        assert_eq!(expected(100, 0.95, 0.95), (90, 99));
        assert_eq!(expected(100, 0.5, 0.95), (40, 60));
        for (n, p, level) in [(20, 0.8, 0.95), (104, 0.5, 0.99), (7, 0.95, 0.9)] {
            let (low, high) = expected(n, p, level);
            let tail = 0.5 * (1.0 - level);
            assert!(low == 0 || at_most(low - 1, n, p) < tail);
            assert!(at_most(low, n, p) >= tail && at_least(high, n, p) > tail);
            assert!(at_least(high + 1, n, p) <= tail + 1e-12);
        }
        assert!((two_sided(5, 10, 0.5) - 1.0).abs() < 1e-15);
        assert!((two_sided(0, 10, 0.5) - 2.0 / 1024.0).abs() < 1e-15);
    }

    /// The ends of the exact interval are the probabilities under which the count is just in the tail.
    #[test]
    fn intervals_end_where_the_count_becomes_a_surprise() {
        for (k, n, level) in [(94, 100, 0.95), (1, 8, 0.9), (50, 101, 0.8)] {
            let (low, high) = interval(k, n, level);
            let tail = 0.5 * (1.0 - level);
            assert!((at_least(k, n, low) - tail).abs() < 1e-12, "{k} {n}: {low}");
            assert!((at_most(k, n, high) - tail).abs() < 1e-12, "{k} {n}: {high}");
        }
        // All of ten: the lower end is the tenth root of the tail.
        let (low, high) = interval(10, 10, 0.95);
        assert!((low - 0.025_f64.powf(0.1)).abs() < 1e-12 && high == 1.0);
        assert!((interval(0, 10, 0.95).1 - (1.0 - 0.025_f64.powf(0.1))).abs() < 1e-12);
        assert_eq!(interval(0, 0, 0.95), (0.0, 1.0));
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
