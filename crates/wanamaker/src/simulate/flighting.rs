//! On/off flighting: campaigns of some weeks with dark weeks between them.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// Weeks that a campaign runs, on average 6.
const ON: std::ops::RangeInclusive<usize> = 4..=8;
/// Weeks that the screen stays dark, on average 4.
const DARK: std::ops::RangeInclusive<usize> = 3..=5;

/// Whether the channel is on in each week: blocks of 3 to 8 weeks by turns, 40 % of the weeks dark in the long run.
///
/// The series begins in the middle of a block, so that channels do not all start together.
pub(super) fn flights(rng: &mut ChaCha8Rng, n: usize) -> Vec<bool> {
    let mut on = rng.random_bool(0.6);
    let mut skipped = rng.random_range(0..3);
    let mut weeks = Vec::with_capacity(n + 8);
    while weeks.len() < n {
        let block = rng.random_range(if on { ON } else { DARK });
        weeks.extend(std::iter::repeat_n(on, block - skipped));
        skipped = 0;
        on = !on;
    }
    weeks.truncate(n);
    weeks
}

#[cfg(test)]
mod tests {
    use super::super::random::Streams;
    use super::*;

    #[test]
    fn two_weeks_in_five_are_dark() {
        let weeks = flights(&mut Streams::new(1).of("flights"), 100_000);
        let dark = weeks.iter().filter(|on| !**on).count();
        assert!((39_000..41_000).contains(&dark), "{dark}");
    }

    #[test]
    fn every_block_inside_lasts_three_to_eight_weeks() {
        let weeks = flights(&mut Streams::new(2).of("flights"), 10_000);
        let blocks: Vec<_> = weeks.chunk_by(|a, b| a == b).map(<[bool]>::len).collect();
        assert!(blocks[1..blocks.len() - 1].iter().all(|length| (3..=8).contains(length)));
    }

    #[test]
    fn half_a_year_always_has_weeks_on_and_weeks_dark() {
        for seed in 0..200 {
            let weeks = flights(&mut Streams::new(seed).of("flights"), 26);
            assert!(weeks.contains(&true) && weeks.contains(&false));
        }
    }
}
