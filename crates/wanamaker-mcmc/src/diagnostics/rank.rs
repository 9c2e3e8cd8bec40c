//! Chains cut in halves, folded about their median, and replaced by the normal scores of their ranks.

use super::quantile::median;
use statrs::function::erf::erfc_inv;
use std::f64::consts::SQRT_2;

/// Both halves of every chain, all first halves before all second ones; the middle draw of an odd chain is left out.
pub(super) fn split<'a>(chains: &[&'a [f64]]) -> Vec<&'a [f64]> {
    let first = chains.iter().map(|chain| &chain[..chain.len() / 2]);
    let second = chains.iter().map(|chain| &chain[chain.len() - chain.len() / 2..]);
    first.chain(second).collect()
}

/// A pool of draws with the length of the chains it came from.
pub(super) struct Pool {
    values: Vec<f64>,
    n_draws: usize,
}

impl Pool {
    /// The draws of chains of one length, end to end.
    pub(super) fn new(chains: &[&[f64]]) -> Self {
        Self { values: chains.concat(), n_draws: chains.first().map_or(0, |chain| chain.len()) }
    }

    /// The chains again.
    pub(super) fn chains(&self) -> Vec<&[f64]> {
        self.values.chunks_exact(self.n_draws.max(1)).collect()
    }

    /// The distance of every draw to the median of all.
    ///
    /// Chains that differ in scale but not in place show here and nowhere else.
    pub(super) fn folded(mut self) -> Self {
        let center = median(&self.values);
        for x in &mut self.values {
            *x = (*x - center).abs();
        }
        self
    }

    /// Every draw replaced by the normal score of its rank among all, ties sharing their mean rank.
    ///
    /// ```text
    /// z = Φ⁻¹((r − 3/8) / (S + 1/4))        r = rank, 1 to S
    /// ```
    ///
    /// Source: [vehtari2021] eq. 14, with the offset of [blom1958].
    pub(super) fn normal_scores(mut self) -> Self {
        let size = self.values.len();
        let mut order: Vec<(f64, usize)> = self.values.iter().copied().zip(0..).collect();
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut first = 0;
        while first < size {
            let tied = order[first..].iter().take_while(|(x, _)| *x == order[first].0).count().max(1);
            let rank = first as f64 + (tied as f64 + 1.0) / 2.0;
            let score = normal_quantile((rank - 0.375) / (size as f64 + 0.25));
            for &(_, i) in &order[first..first + tied] {
                self.values[i] = score;
            }
            first += tied;
        }
        self
    }
}

/// `Φ⁻¹(p)`, the quantile function of the standard normal distribution.
fn normal_quantile(p: f64) -> f64 {
    -SQRT_2 * erfc_inv(2.0 * p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_draw_of_an_odd_chain_belongs_to_no_half() {
        let chain = [1.0, 2.0, 3.0, 4.0, 5.0];
        assert_eq!(split(&[&chain]), [[1.0, 2.0], [4.0, 5.0]]);
    }

    #[test]
    fn scores_are_symmetric_and_ties_share() {
        let pool = Pool::new(&[&[10.0, -3.0], &[-3.0, -70.0]]).normal_scores();
        let scores = pool.values;
        assert_eq!(scores[1], scores[2]);
        assert_eq!(scores[1], 0.0);
        assert!((scores[0] + scores[3]).abs() < 1e-15, "{scores:?}");
    }

    #[test]
    fn negative_zero_ties_with_zero() {
        let scores = Pool::new(&[&[0.0, -0.0]]).normal_scores().values;
        assert_eq!(scores[0], scores[1]);
    }

    #[test]
    fn folding_measures_the_distance_to_the_median() {
        assert_eq!(Pool::new(&[&[1.0, 2.0, 7.0]]).folded().values, [1.0, 0.0, 5.0]);
    }
}
