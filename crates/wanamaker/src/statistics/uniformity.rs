//! Whether ranks are uniform: exact simultaneous bands around their empirical distribution, and an exact p [sailynoja2022].
//!
//! Of `n` ranks in `0 … K−1` let `R_i` be the number below `i`. Where ranks are uniform, `R_i` is binomial with `n` trials
//! and probability `i/K`. The bands cut both tails of every one of them at the same `γ/2`, and `γ` is the largest for which
//! all `R_1 … R_{K−1}` stay inside together with the probability asked for.
//!
//! ```text
//! P(all inside) = Σ over paths inside of Π_i P(R_{i+1} | R_i)
//!               = (f * f * … * f)(n) / Poisson(n; n)         f = Poisson(·; n/K), the sums kept inside at every step
//! ```
//! for independent Poisson counts, given their sum, are multinomial: the probability is exact, not simulated.

use super::{Test, chi_squared_above};
use crate::math::special::ln_gamma;
use serde::Serialize;

/// Bands of one number of ranks, for as many samples as were drawn.
#[derive(Clone, Debug)]
pub struct Uniformity {
    n: usize,
    bins: usize,
    /// `2·min(P(B ≤ r), P(B ≥ r))` of the count below rank `i`, `[i − 1][r]`.
    tails: Vec<Vec<f64>>,
    /// `Poisson(k; n/K)`.
    steps: Vec<f64>,
}

/// The counts below each rank that uniform ranks keep to, ends included.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bands {
    /// Probability that all counts stay inside; at least what was asked for.
    pub level: f64,
    /// Least count below rank `i + 1`.
    pub lower: Vec<usize>,
    /// Greatest count below rank `i + 1`.
    pub upper: Vec<usize>,
}

impl Uniformity {
    /// Of `n` ranks in `0 … bins − 1`; `n` ≥ 1, `bins` ≥ 2.
    pub fn new(n: usize, bins: usize) -> Self {
        let ln_factorial: Vec<f64> = (0..=n).map(|k| ln_gamma(k as f64 + 1.0)).collect();
        let tails = (1..bins).map(|i| tails(n, i, bins, &ln_factorial)).collect();
        let mean = n as f64 / bins as f64;
        let steps = (0..=n).map(|k| (k as f64 * mean.ln() - mean - ln_factorial[k]).exp()).collect();
        Self { n, bins, tails, steps }
    }

    /// The bands that hold all counts together with probability `level` in (0, 1).
    pub fn bands(&self, level: f64) -> Bands {
        let (mut low, mut high) = (0.0, 1.0 - level);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if self.inside(middle) >= level { low = middle } else { high = middle }
        }
        let within = |tails: &Vec<f64>| kept(tails, low).unwrap_or((0, self.n));
        let (lower, upper) = self.tails.iter().map(within).unzip();
        Bands { level: self.inside(low), lower, upper }
    }

    /// Probability of ranks whose worst count lies as far out in its tail as that of `counts`, where ranks are uniform.
    ///
    /// - `counts`: number of ranks below 1, 2, …, as [`below`] gives them
    pub fn p(&self, counts: &[usize]) -> f64 {
        let worst = counts.iter().zip(&self.tails).map(|(count, tails)| tails[*count]).fold(1.0, f64::min);
        (1.0 - self.inside(worst)).clamp(0.0, 1.0)
    }

    /// Probability that every count has a tail above `gamma`.
    fn inside(&self, gamma: f64) -> f64 {
        let mut paths = vec![0.0; self.n + 1];
        paths[0] = 1.0;
        // Where the paths lie: outside they are zero.
        let (mut first, mut last) = (0, 0);
        for tails in &self.tails {
            let Some((low, high)) = kept(tails, gamma) else { return 0.0 };
            let mut next = vec![0.0; self.n + 1];
            for r in low.max(first)..=high {
                next[r] = (first..=last.min(r)).map(|from| paths[from] * self.steps[r - from]).sum();
            }
            (paths, first, last) = (next, low.max(first), high);
        }
        let end: f64 = (first..=last).map(|from| paths[from] * self.steps[self.n - from]).sum();
        let n = self.n as f64;
        end / (n * n.ln() - n - ln_gamma(n + 1.0)).exp()
    }

    /// Number of ranks there can be.
    pub fn bins(&self) -> usize {
        self.bins
    }
}

/// First and last count whose tail is above `gamma`.
fn kept(tails: &[f64], gamma: f64) -> Option<(usize, usize)> {
    let above = |tail: &f64| *tail > gamma;
    Some((tails.iter().position(above)?, tails.iter().rposition(above)?))
}

/// `2·min(P(B ≤ r), P(B ≥ r))` for `r` = 0 … n of a binomial with probability `i/bins`.
///
/// What is the same from above as from below is the same to the last bit: bands must not part the two by rounding.
fn tails(n: usize, i: usize, bins: usize, ln_factorial: &[f64]) -> Vec<f64> {
    if 2 * i > bins {
        let mut mirrored = tails(n, bins - i, bins, ln_factorial);
        mirrored.reverse();
        return mirrored;
    }
    let p = i as f64 / bins as f64;
    let mass = |r: usize| {
        let choices = ln_factorial[n] - ln_factorial[r] - ln_factorial[n - r];
        (choices + r as f64 * p.ln() + (n - r) as f64 * (-p).ln_1p()).exp()
    };
    let masses: Vec<f64> = (0..=n).map(mass).collect();
    let mut tails = vec![0.0; n + 1];
    let mut below = 0.0;
    for r in 0..=n {
        below += masses[r];
        tails[r] = below;
    }
    let mut above = 0.0;
    for r in (0..=n).rev() {
        above += masses[r];
        tails[r] = 2.0 * above.min(tails[r]);
    }
    if 2 * i == bins {
        (0..n - n / 2).for_each(|r| tails[n - r] = tails[r]);
    }
    tails
}

/// Number of `ranks` below 1, 2, …, `bins − 1`.
pub fn below(ranks: &[usize], bins: usize) -> Vec<usize> {
    let mut counts = vec![0; bins];
    ranks.iter().for_each(|rank| counts[*rank] += 1);
    let mut sum = 0;
    counts.pop();
    counts.iter_mut().for_each(|count| {
        sum += *count;
        *count = sum;
    });
    counts
}

/// Ranks counted in `groups` of neighbours, as equal in size as can be; `groups` ≤ `bins`.
pub fn histogram(ranks: &[usize], bins: usize, groups: usize) -> Vec<usize> {
    let mut counts = vec![0; groups];
    ranks.iter().for_each(|rank| counts[group_of(*rank, bins, groups)] += 1);
    counts
}

/// Pearson's test of a [`histogram`] against the uniform.
pub fn chi_squared(histogram: &[usize], bins: usize) -> Test {
    let groups = histogram.len();
    let n = histogram.iter().sum::<usize>() as f64;
    let mut sizes = vec![0.0; groups];
    (0..bins).for_each(|rank| sizes[group_of(rank, bins, groups)] += 1.0);
    let off = |(count, size): (&usize, &f64)| {
        let expected = n * size / bins as f64;
        (*count as f64 - expected).powi(2) / expected
    };
    let statistic: f64 = histogram.iter().zip(&sizes).map(off).sum();
    Test { statistic, p: chi_squared_above(statistic, groups as f64 - 1.0) }
}

fn group_of(rank: usize, bins: usize, groups: usize) -> usize {
    rank * groups / bins
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::binomial::{at_least, at_most};
    use rand::RngExt;
    use wanamaker_mcmc::seed::{Purpose, stream};

    fn samples(n: usize, count: usize, seed: u64, mut rank: impl FnMut(f64) -> usize) -> Vec<Vec<usize>> {
        let mut rng = stream(seed, Purpose::Resampling, 0);
        (0..count).map(|_| (0..n).map(|_| rank(rng.random_range(0.0..1.0))).collect()).collect()
    }

    fn is_inside(bands: &Bands, counts: &[usize]) -> bool {
        counts.iter().zip(bands.lower.iter().zip(&bands.upper)).all(|(c, (low, high))| low <= c && c <= high)
    }

    #[test]
    fn tails_are_those_of_the_binomial() {
        let uniformity = Uniformity::new(30, 8);
        for i in 1..8 {
            let p = i as f64 / 8.0;
            for r in 0..=30 {
                let expected = 2.0 * at_most(r, 30, p).min(at_least(r, 30, p));
                assert!((uniformity.tails[i - 1][r] - expected).abs() < 1e-12);
            }
        }
    }

    /// Two bins leave one count, whose bands are quantiles of a binomial; three bins can be counted out by hand.
    #[test]
    fn few_bins_are_counted_out() {
        let bands = Uniformity::new(20, 2).bands(0.95);
        // P(B ≤ 5) = 0.0207 and P(B ≤ 4) = 0.0059 of twenty tosses.
        assert_eq!((bands.lower.as_slice(), bands.upper.as_slice()), (&[6][..], &[14][..]));
        assert!((bands.level - (1.0 - 2.0 * at_most(5, 20, 0.5))).abs() < 1e-12);
        let uniformity = Uniformity::new(4, 3);
        // All 81 ways to place four ranks in three bins.
        let ways: Vec<Vec<usize>> =
            (0..81_usize).map(|k| vec![k % 3, k / 3 % 3, k / 9 % 3, k / 27]).collect();
        for gamma in [0.05, 0.2, 0.5, 0.9] {
            let inside = |ranks: &&Vec<usize>| {
                below(ranks, 3).iter().zip(&uniformity.tails).all(|(count, tails)| tails[*count] > gamma)
            };
            let share = ways.iter().filter(inside).count() as f64 / 81.0;
            assert!((uniformity.inside(gamma) - share).abs() < 1e-12, "{gamma}");
        }
    }

    /// An independent Monte Carlo: of 20,000 uniform samples the bands hold the share they claim, to four standard errors.
    #[test]
    fn bands_hold_the_share_of_uniform_samples_they_claim() {
        for (n, bins) in [(25, 10), (100, 100), (60, 21)] {
            let bands = Uniformity::new(n, bins).bands(0.95);
            assert!((0.95..0.97).contains(&bands.level), "{n} {bins}: {}", bands.level);
            let all = samples(n, 20_000, 7, |u| (u * bins as f64) as usize);
            let inside = all.iter().filter(|ranks| is_inside(&bands, &below(ranks, bins))).count();
            let (share, error) = (inside as f64 / 20_000.0, (0.05 * 0.95 / 20_000.0_f64).sqrt());
            assert!((share - bands.level).abs() < 4.0 * error, "{n} {bins}: {share} {}", bands.level);
        }
    }

    #[test]
    fn p_is_uniform_where_ranks_are_and_agrees_with_the_bands() {
        let uniformity = Uniformity::new(80, 50);
        let bands = uniformity.bands(0.95);
        let all = samples(80, 4000, 3, |u| (u * 50.0) as usize);
        for level in [0.05, 0.3, 0.7] {
            let below_level = all.iter().filter(|ranks| uniformity.p(&below(ranks, 50)) <= level).count();
            // The statistic is discrete: p is never too small, and hardly too large.
            let share = below_level as f64 / 4000.0;
            assert!((level - 0.05..level + 0.03).contains(&share), "{level} {share}");
        }
        for ranks in &all {
            let counts = below(ranks, 50);
            assert_eq!(uniformity.p(&counts) > 1.0 - bands.level + 1e-9, is_inside(&bands, &counts));
        }
    }

    /// Draws that are too narrow push the truth's rank to the ends, biased ones to one side; too wide ones to the middle.
    #[test]
    fn faults_of_ranks_are_found() {
        let (n, bins) = (100, 100);
        let uniformity = Uniformity::new(n, bins);
        let at = |u: f64| ((u * bins as f64) as usize).min(bins - 1);
        let narrow = |u: f64| at(0.5 + 0.5 * (2.0 * u - 1.0).signum() * (2.0 * u - 1.0).abs().powf(0.4));
        let wide = |u: f64| at(0.5 + 0.5 * (2.0 * u - 1.0).signum() * (2.0 * u - 1.0).abs().powf(2.5));
        let biased = |u: f64| at(u.powf(0.5));
        for (name, fault) in
            [("narrow", &narrow as &dyn Fn(f64) -> usize), ("wide", &wide), ("biased", &biased)]
        {
            let found = samples(n, 50, 11, fault);
            let caught = found.iter().filter(|ranks| uniformity.p(&below(ranks, bins)) < 0.05).count();
            assert!(caught >= 48, "{name}: {caught} of 50");
        }
    }

    #[test]
    fn groups_of_ranks_are_weighed_by_their_size() {
        let ranks: Vec<usize> = (0..101).collect();
        let counts = histogram(&ranks, 101, 10);
        assert_eq!(counts.iter().sum::<usize>(), 101);
        assert!(counts.iter().all(|count| [10, 11].contains(count)));
        assert!(chi_squared(&counts, 101).statistic < 1e-12);
        assert_eq!(below(&[0, 0, 3, 1], 4), [2, 3, 3]);
        // Ten ranks all in one of two groups: (10 − 5)²/5 twice.
        assert!((chi_squared(&[10, 0], 2).statistic - 10.0).abs() < 1e-12);
    }
}
