//! From ranks to a verdict: which quantities are calibrated, how often intervals held the truth, and what that means.
//!
//! Every quantity is tested for uniform ranks, and every channel's intervals for their coverage. So many tests find
//! something by chance; the verdict is by Holm's adjusted p over all of them, below [`ALPHA`]. Bands and expected ranges are
//! drawn at 95 % for each quantity by itself, so that one in twenty strays outside where nothing is wrong.

use super::ranks::{Kind, Quantity};
use super::{LEVELS, Ranked};
use crate::model::compile::CompiledModel;
use crate::posterior::interval::quantile;
use crate::statistics::Test;
use crate::statistics::binomial::{expected, interval, two_sided};
use crate::statistics::multiplicity::holm;
use crate::statistics::uniformity::{Bands, Uniformity, below, chi_squared, histogram};
use serde::Serialize;

/// Probability of calling anything miscalibrated where nothing is.
pub const ALPHA: f64 = 0.05;
/// Level of bands, of expected ranges and of intervals of a coverage.
const LEVEL: f64 = 0.95;
/// Bars of a histogram of ranks at most.
const MOST_BARS: usize = 20;
/// Simulations expected in a bar at least.
const LEAST_PER_BAR: usize = 5;

/// What a set of simulations says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Simulations.
    pub n: usize,
    /// Counts below each rank that uniform ranks keep to; for every quantity the same.
    pub bands: Bands,
    /// By quantity.
    pub quantities: Vec<QuantityFigures>,
    /// By channel that ever ran.
    pub channels: Vec<ChannelFigures>,
    /// Whether no adjusted p lies below [`ALPHA`].
    pub calibrated: bool,
}

/// The ranks of one quantity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuantityFigures {
    /// Which.
    #[serde(flatten)]
    pub quantity: Quantity,
    /// Ranks by simulation.
    pub ranks: Vec<usize>,
    /// Ranks in bars of neighbours.
    pub histogram: Vec<usize>,
    /// Share of the ranks below 1, 2, … L, less that of uniform ranks.
    pub ecdf_difference: Vec<f64>,
    /// Whether all counts lie inside the bands.
    pub inside: bool,
    /// Probability of such ranks where they are uniform, exact.
    pub p: f64,
    /// The same among all tests.
    pub p_adjusted: f64,
    /// Pearson's test of the histogram; it decides nothing.
    pub chi_squared: Test,
    /// What the ranks say.
    pub verdict: Verdict,
}

/// The intervals of what one channel earned.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChannelFigures {
    /// Channel.
    pub name: String,
    /// Whether it is ROAS, or a contribution.
    pub is_roas: bool,
    /// At each of the levels 50, 80, 95 %.
    pub coverage: Vec<Coverage>,
    /// How closely it can be known.
    pub precision: Precision,
    /// What ranks and intervals say.
    pub verdict: Verdict,
}

/// How closely a channel can be known with these data and priors: half the width of its 95 % interval, as the median of the
/// markets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Precision {
    /// In units of the figure.
    pub half_width: f64,
    /// As a share of the figure itself.
    pub relative: f64,
}

/// How many intervals held the truth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// Probability inside the interval.
    pub level: f64,
    /// Intervals that held it.
    pub held: usize,
    /// The share, and its exact 95 % interval.
    pub share: f64,
    /// Lower end of that interval.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// Counts between which honest intervals stay in 95 of 100 calibrations.
    pub expected: (usize, usize),
    /// Two-sided binomial p.
    pub p: f64,
    /// The same among all tests.
    pub p_adjusted: f64,
}

/// What is wrong with the draws of a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing that shows.
    Calibrated,
    /// The truth lies outside too often.
    TooNarrow,
    /// The truth lies in the middle too often.
    TooWide,
    /// Estimates lie above the truth.
    BiasedHigh,
    /// Estimates lie below the truth.
    BiasedLow,
}

/// The figures of a set of simulations; `None` of none.
pub(super) fn figures(
    model: &CompiledModel,
    wanted: &[Quantity],
    set: &[&Ranked],
    ranks: usize,
) -> Option<Figures> {
    let n = set.len();
    if n == 0 {
        return None;
    }
    let bins = ranks + 1;
    let uniformity = Uniformity::new(n, bins);
    let bands = uniformity.bands(LEVEL);
    let bars = (n / LEAST_PER_BAR).clamp(2, MOST_BARS).min(bins);
    let mut quantities: Vec<QuantityFigures> = wanted
        .iter()
        .enumerate()
        .map(|(q, quantity)| {
            let ranks: Vec<usize> = set.iter().map(|ranked| ranked.ranks[q]).collect();
            let counts = below(&ranks, bins);
            let share = |(i, count): (usize, &usize)| *count as f64 / n as f64 - (i + 1) as f64 / bins as f64;
            let histogram = histogram(&ranks, bins, bars);
            QuantityFigures {
                quantity: quantity.clone(),
                ecdf_difference: counts.iter().enumerate().map(share).collect(),
                inside: counts
                    .iter()
                    .zip(bands.lower.iter().zip(&bands.upper))
                    .all(|(count, (low, high))| (low..=high).contains(&count)),
                p: uniformity.p(&counts),
                p_adjusted: f64::NAN,
                chi_squared: chi_squared(&histogram, bins),
                histogram,
                ranks,
                verdict: Verdict::Calibrated,
            }
        })
        .collect();
    let mut channels: Vec<ChannelFigures> = wanted
        .iter()
        .filter_map(|quantity| match quantity.kind {
            Kind::Channel(channel) => Some((channel, quantity.name.starts_with("roas"))),
            _ => None,
        })
        .enumerate()
        .map(|(k, (channel, is_roas))| ChannelFigures {
            name: model.mean.channels[channel].name.clone(),
            is_roas,
            coverage: (0..LEVELS.len()).map(|l| coverage(set, k, l)).collect(),
            precision: precision(set, k),
            verdict: Verdict::Calibrated,
        })
        .collect();
    let worst = judge(&mut quantities, &mut channels, bins);
    Some(Figures { n, bands, quantities, channels, calibrated: worst >= ALPHA })
}

fn precision(set: &[&Ranked], channel: usize) -> Precision {
    let median = |of: &dyn Fn([f64; 2]) -> f64| {
        let mut all: Vec<f64> = set.iter().map(|ranked| of(ranked.known[channel])).collect();
        all.sort_by(f64::total_cmp);
        quantile(&all, 0.5)
    };
    Precision { half_width: median(&|[_, half]| half), relative: median(&|[mean, half]| half / mean.abs()) }
}

fn coverage(set: &[&Ranked], channel: usize, level: usize) -> Coverage {
    let n = set.len();
    let held = set.iter().filter(|ranked| ranked.inside[channel][level]).count();
    let level = LEVELS[level];
    let (lower, upper) = interval(held, n, LEVEL);
    Coverage {
        level,
        held,
        share: held as f64 / n as f64,
        lower,
        upper,
        expected: expected(n, level, LEVEL),
        p: two_sided(held, n, level),
        p_adjusted: f64::NAN,
    }
}

/// Adjusts every p for all the others and says what fails; gives the smallest adjusted p.
fn judge(quantities: &mut [QuantityFigures], channels: &mut [ChannelFigures], bins: usize) -> f64 {
    let of_ranks = quantities.iter().map(|quantity| quantity.p);
    let of_intervals = channels.iter().flat_map(|channel| channel.coverage.iter().map(|c| c.p));
    let adjusted = holm(&of_ranks.chain(of_intervals).collect::<Vec<_>>());
    let mut next = adjusted.iter().copied();
    for quantity in quantities.iter_mut() {
        quantity.p_adjusted = next.next().unwrap_or(f64::NAN);
        if quantity.p_adjusted < ALPHA {
            quantity.verdict = tendency(&quantity.ranks, bins);
        }
    }
    let of_channels = quantities.iter().filter(|q| matches!(q.quantity.kind, Kind::Channel(_)));
    for (channel, own) in channels.iter_mut().zip(of_channels) {
        for coverage in &mut channel.coverage {
            coverage.p_adjusted = next.next().unwrap_or(f64::NAN);
        }
        let fails = own.p_adjusted < ALPHA || channel.coverage.iter().any(|c| c.p_adjusted < ALPHA);
        if fails {
            channel.verdict = tendency(&own.ranks, bins);
        }
    }
    adjusted.into_iter().fold(1.0, f64::min)
}

/// Where ranks that are not uniform lie: to one side, at the ends, or in the middle, by what is further from the uniform.
///
/// ```text
/// u = (rank + ½)/bins        mean ½ with variance 1/(12 n)        mean (u − ½)² = 1/12 with variance 1/(180 n)
/// ```
fn tendency(ranks: &[usize], bins: usize) -> Verdict {
    let n = ranks.len() as f64;
    let off: Vec<f64> = ranks.iter().map(|rank| (*rank as f64 + 0.5) / bins as f64 - 0.5).collect();
    let shift = off.iter().sum::<f64>() / n * (12.0 * n).sqrt();
    let spread = (off.iter().map(|x| x * x).sum::<f64>() / n - 1.0 / 12.0) * (180.0 * n).sqrt();
    match () {
        // A truth that ranks high lies above the draws.
        () if shift.abs() > spread.abs() && shift > 0.0 => Verdict::BiasedLow,
        () if shift.abs() > spread.abs() => Verdict::BiasedHigh,
        () if spread > 0.0 => Verdict::TooNarrow,
        () => Verdict::TooWide,
    }
}

impl Verdict {
    /// The verdict as the end of a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Calibrated => "trustworthy",
            Verdict::TooNarrow => "too narrow",
            Verdict::TooWide => "too wide",
            Verdict::BiasedHigh => "biased high",
            Verdict::BiasedLow => "biased low",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_known_is_half_an_interval_in_the_median_market() {
        let market = |mean: f64, half: f64| Ranked {
            converged: true,
            lengthened: false,
            ranks: vec![0],
            inside: vec![[true; LEVELS.len()]],
            known: vec![[mean, half]],
        };
        let markets = [market(4.0, 1.0), market(1.0, 3.0), market(-10.0, 2.0)];
        let found = precision(&markets.iter().collect::<Vec<_>>(), 0);
        assert_eq!(found, Precision { half_width: 2.0, relative: 0.25 });
    }

    #[test]
    fn the_side_of_the_ranks_names_the_fault() {
        let of = |rank: &dyn Fn(usize) -> usize| tendency(&(0..100).map(rank).collect::<Vec<_>>(), 100);
        assert_eq!(of(&|i| i / 2), Verdict::BiasedHigh);
        assert_eq!(of(&|i| 50 + i / 2), Verdict::BiasedLow);
        assert_eq!(of(&|i| if i % 2 == 0 { i / 5 } else { 99 - i / 5 }), Verdict::TooNarrow);
        assert_eq!(of(&|i| 25 + i / 2), Verdict::TooWide);
    }
}
