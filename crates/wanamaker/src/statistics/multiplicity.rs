//! Many tests at once: what is left of a small p when it was looked for among many.

/// Holm's adjusted p: rejecting those below `α` is wrong about any true hypothesis with probability `α` at most, however
/// the tests depend on each other [holm1979]. A NaN is no test and stays one.
///
/// ```text
/// p̃_(i) = max_{j ≤ i} min(1, (m − j + 1)·p_(j))
/// ```
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).filter(|i| !p[*i].is_nan()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let mut adjusted = vec![f64::NAN; p.len()];
    let mut most = 0.0_f64;
    for (k, &i) in order.iter().enumerate() {
        most = most.max(((order.len() - k) as f64 * p[i]).min(1.0));
        adjusted[i] = most;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four tests by hand: 4·0.005, 3·0.01, 2·0.03, and 0.04, which may not fall below the one before.
    #[test]
    fn the_smallest_pays_for_all_and_none_falls_below_a_smaller_one() {
        let found = holm(&[0.01, 0.04, f64::NAN, 0.03, 0.005]);
        for (found, expected) in [(found[0], 0.03), (found[1], 0.06), (found[3], 0.06), (found[4], 0.02)] {
            assert!((found - expected).abs() < 1e-15, "{found} {expected}");
        }
        assert!(found[2].is_nan());
        assert_eq!(holm(&[0.7, 0.8]), [1.0, 1.0]);
    }
}
