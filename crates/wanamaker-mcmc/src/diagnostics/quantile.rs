//! Quantiles of a sample, by linear interpolation between its order statistics.

/// The quantile of a sample at probability `p`: type 7 of [hyndman1996], the default of R and NumPy.
///
/// ```text
/// h = 1 + (n − 1)·p        k = ⌊h⌋        q = (1 − (h − k))·x[k] + (h − k)·x[k+1]        (x counted from 1)
/// ```
///
/// - `sorted`: the sample in ascending order, without NaN
/// - `p`: 0 ≤ p ≤ 1
///
/// NaN for an empty sample.
pub fn quantile_sorted(sorted: &[f64], p: f64) -> f64 {
    match sorted {
        [] => return f64::NAN,
        [only] => return *only,
        _ => {}
    }
    // The order of operations is that of SciPy's `mquantiles`, to the last bit: draws are later compared with
    // this number, and when it falls on a draw, one bit more or less moves that draw across.
    let n = sorted.len() as f64;
    let h = n * p + (1.0 - p);
    let k = h.clamp(1.0, n - 1.0).floor();
    let share = (h - k).clamp(0.0, 1.0);
    let i = k as usize;
    (1.0 - share) * sorted[i - 1] + share * sorted[i]
}

/// All draws in ascending order.
pub(super) fn pooled_sorted(chains: &[&[f64]]) -> Vec<f64> {
    let mut pooled = chains.concat();
    pooled.sort_unstable_by(f64::total_cmp);
    pooled
}

/// The median of a series, the mean of the middle two when there are two.
pub(super) fn median(series: &[f64]) -> f64 {
    let mut work = series.to_vec();
    let half = work.len() / 2;
    let (below, &mut upper, _) = work.select_nth_unstable_by(half, f64::total_cmp);
    if series.len() % 2 == 1 {
        return upper;
    }
    let lower =
        below.iter().copied().max_by(f64::total_cmp).expect("an even number of draws is at least two");
    (lower + upper) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate_between_order_statistics() {
        let check = |p, expected: f64| assert_eq!(quantile_sorted(&[1.0, 2.0, 4.0, 8.0], p), expected);
        check(0.0, 1.0);
        check(0.5, 3.0);
        check(0.75, 5.0);
        check(1.0, 8.0);
        assert_eq!(quantile_sorted(&[3.0], 0.2), 3.0);
        assert!(quantile_sorted(&[], 0.2).is_nan());
    }

    #[test]
    fn the_median_is_the_middle_or_between_the_middle_two() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[8.0, 1.0, 4.0, 2.0]), 3.0);
    }
}
