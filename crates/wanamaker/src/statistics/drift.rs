//! Whether new numbers still look like old ones: cumulative sums of errors, and shifts of a distribution.

use rand::{Rng, RngExt};

/// Samples from which the shift that chance alone makes is read.
const SAMPLES: usize = 1000;

/// Page's two-sided cumulative sum of standardised errors [page1954].
#[derive(Clone, Debug, PartialEq)]
pub struct Cusum {
    /// `max(0, previous + z − k)`: rises while errors stay above `k`.
    pub high: Vec<f64>,
    /// `max(0, previous − z − k)`: rises while errors stay below `−k`.
    pub low: Vec<f64>,
}

/// The cumulative sums of `z`, each from 0, with the slack `k` ≥ 0, both in standard deviations.
pub fn cusum(z: &[f64], k: f64) -> Cusum {
    let sums = |sign: f64| {
        let step = |sum: &mut f64, z: &f64| {
            *sum = (*sum + sign * z - k).max(0.0);
            Some(*sum)
        };
        z.iter().scan(0.0, step).collect()
    };
    Cusum { high: sums(1.0), low: sums(-1.0) }
}

impl Cusum {
    /// The largest of both sums; 0 of none.
    pub fn largest(&self) -> f64 {
        self.high.iter().chain(&self.low).copied().fold(0.0, f64::max)
    }

    /// Where either sum first exceeds `h`, and whether it is the upper one.
    pub fn first_above(&self, h: f64) -> Option<(usize, bool)> {
        let mut both = self.high.iter().zip(&self.low).enumerate();
        both.find(|(_, (high, low))| **high > h || **low > h).map(|(t, (high, low))| (t, high >= low))
    }
}

/// Upper ends of bins that hold equal shares of `reference`, without the last, which is open; fewer where values tie.
pub fn quantile_bins(reference: &[f64], bins: usize) -> Vec<f64> {
    let mut sorted = reference.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(largest) = sorted.last().copied() else { return Vec::new() };
    let mut ends: Vec<f64> =
        (1..bins).map(|k| sorted[(k * sorted.len()).div_ceil(bins).max(1) - 1]).collect();
    ends.dedup();
    ends.retain(|end| *end < largest);
    ends
}

/// Population stability index over the bins of [`quantile_bins`], 0 where both are alike:
///
/// ```text
/// Σ_b (p_b − q_b)·ln(p_b/q_b)        p_b = (count_b + ½)/(n + ½·bins), so that an empty bin has a logarithm
/// ```
pub fn psi(reference: &[f64], new: &[f64], ends: &[f64]) -> f64 {
    let shares = |values: &[f64]| -> Vec<f64> {
        let mut counts = vec![0.5; ends.len() + 1];
        values.iter().for_each(|x| counts[ends.partition_point(|end| end < x)] += 1.0);
        let sum: f64 = counts.iter().sum();
        counts.iter().map(|count| count / sum).collect()
    };
    shares(reference).iter().zip(shares(new)).map(|(p, q)| (p - q) * (p / q).ln()).sum()
}

/// The index that `length` numbers of the same kind as `series` stay below but for the share `alarm` of cases.
///
/// The larger of two answers: samples drawn anew from the series, and each stretch of the series of that length against
/// the rest of it. The first knows how few the numbers are, the second that neighbours and seasons go together.
pub fn psi_by_chance(series: &[f64], length: usize, ends: &[f64], alarm: f64, rng: &mut impl Rng) -> f64 {
    let n = series.len();
    let mut sample = |m: usize| -> Vec<f64> { (0..m).map(|_| series[rng.random_range(0..n)]).collect() };
    let mut drawn: Vec<f64> = (0..SAMPLES).map(|_| psi(&sample(n), &sample(length), ends)).collect();
    drawn.sort_by(f64::total_cmp);
    let by_sampling = drawn[((1.0 - alarm) * (SAMPLES - 1) as f64).round() as usize];
    let stretches = if 2 * length <= n { 0..n - length + 1 } else { 0..0 };
    let by_stretch = stretches.map(|from| {
        let rest = [&series[..from], &series[from + length..]].concat();
        psi(&rest, &series[from..from + length], ends)
    });
    by_stretch.fold(by_sampling, f64::max)
}

/// How many of `m` new numbers may exceed the largest of `n` of the same kind: the most that happens with a probability of
/// at least `alarm`.
///
/// ```text
/// P(k or more) = Π_{i<k} (m − i)/(n + m − i)        that the k largest of all are new
/// ```
pub fn exceed_by_chance(n: usize, m: usize, alarm: f64) -> usize {
    let mut p = 1.0;
    for k in 0..m {
        p *= (m - k) as f64 / (n + m - k) as f64;
        if p < alarm {
            return k;
        }
    }
    m
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::special::normal_quantile;
    use crate::math::testing::{stream, uniform, uniforms};

    #[test]
    fn sums_rise_while_errors_stay_on_one_side() {
        let sums = cusum(&[1.0, 1.5, -0.25, -3.0, -2.0], 0.5);
        assert_eq!(sums.high, [0.5, 1.5, 0.75, 0.0, 0.0]);
        assert_eq!(sums.low, [0.0, 0.0, 0.0, 2.5, 4.0]);
        assert_eq!(
            (sums.largest(), sums.first_above(1.0), sums.first_above(5.0)),
            (4.0, Some((1, true)), None)
        );
        assert_eq!(sums.first_above(2.0), Some((3, false)));
        assert_eq!(cusum(&[], 0.5).largest(), 0.0);
    }

    /// Siegmund's approximation [siegmund1985] gives 465 periods to a false alarm for k = ½ and h = 5, and 10.4 to a true one after a
    /// shift by one standard deviation.
    #[test]
    fn alarms_come_as_late_and_as_soon_as_they_should() {
        let mut rng = stream(3);
        let mut run = |shift: f64| {
            let z: Vec<f64> =
                (0..6000).map(|_| shift + normal_quantile(uniform(&mut rng, 1e-12, 1.0 - 1e-12))).collect();
            cusum(&z, 0.5).first_above(5.0).map_or(6000.0, |(t, _)| t as f64 + 1.0)
        };
        let mut mean = |shift: f64, n: usize| (0..n).map(|_| run(shift)).sum::<f64>() / n as f64;
        let (quiet, shifted) = (mean(0.0, 200), mean(1.0, 200));
        assert!((370.0..570.0).contains(&quiet), "{quiet}");
        assert!((9.4..11.4).contains(&shifted), "{shifted}");
    }

    #[test]
    fn bins_hold_equal_shares_and_ties_share_one() {
        let ten: Vec<f64> = (0..100).map(f64::from).collect();
        assert_eq!(quantile_bins(&ten, 4), [24.0, 49.0, 74.0]);
        assert_eq!(quantile_bins(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0], 4), [0.0]);
        assert!(quantile_bins(&[5.0; 9], 10).is_empty() && quantile_bins(&[], 10).is_empty());
    }

    #[test]
    fn the_index_is_what_a_hand_computes() {
        let reference = [1.0, 2.0, 3.0, 4.0];
        let ends = quantile_bins(&reference, 2);
        assert_eq!(psi(&reference, &reference, &ends), 0.0);
        // Shares ½ and ½ against 0.5/4 and 3.5/4.
        let by_hand = 0.375 * 4.0_f64.ln() - 0.375 * (0.5_f64 / 0.875).ln();
        assert!((psi(&reference, &[5.0, 6.0, 7.0], &ends) - by_hand).abs() < 1e-12);
        assert_eq!(psi(&[5.0; 9], &[7.0; 3], &[]), 0.0);
    }

    #[test]
    fn few_numbers_of_the_same_kind_seldom_exceed_what_chance_does() {
        let mut rng = stream(11);
        let mut alarms = 0;
        for _ in 0..200 {
            let series = uniforms(&mut rng, 104, 0.0, 1.0);
            let new = uniforms(&mut rng, 13, 0.0, 1.0);
            let ends = quantile_bins(&series, 3);
            let most = psi_by_chance(&series, 13, &ends, 0.01, &mut rng);
            alarms += usize::from(psi(&series, &new, &ends) > most);
            let other = uniforms(&mut rng, 13, 0.8, 1.8);
            assert!(psi(&series, &other, &ends) > most);
        }
        assert!(alarms <= 4, "{alarms} of 200");
    }

    #[test]
    fn a_few_numbers_beyond_the_largest_are_no_wonder() {
        // One of ten above the largest of sixty: 1/7; two: 9/69 of that; three: 8/68 of that, 0.0022.
        assert_eq!(exceed_by_chance(60, 10, 0.15), 0);
        assert_eq!(exceed_by_chance(60, 10, 0.05), 1);
        assert_eq!(exceed_by_chance(60, 10, 0.01), 2);
        assert_eq!((exceed_by_chance(60, 0, 0.01), exceed_by_chance(0, 5, 0.01)), (0, 5));
    }
}
