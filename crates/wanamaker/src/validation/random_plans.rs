//! A plan made from a fit against random plans of the same money, all weighed on the curves the market was made with.

use super::true_curves::true_surface;
use crate::decision::allocation::plan::solve;
use crate::decision::allocation::wishes::Wishes;
use crate::decision::surface::fitted::{FittedOptions, surface};
use crate::decision::surface::{OutcomeUnit, Surface};
use crate::engine::fit::Fit;
use crate::posterior::interval::{Interval, quantile};
use crate::simulate::truth::GroundTruth;
use rand::RngExt;
use serde::Serialize;
use wanamaker_mcmc::seed::{Purpose, stream};

/// Random plans.
pub const N_RANDOM: usize = 100;
/// The plan must be worth more than this share of them.
pub const PERCENTILE: f64 = 0.95;

/// Where a plan comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The best plan by the fit, as free as the random ones.
    Recommended,
    /// The best by the fit within the usual bounds around today.
    NearToday,
    /// The money as it is spent today.
    Today,
    /// The same for every channel.
    Even,
}

/// A plan and what it would truly bring.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Weighed {
    /// Where it comes from.
    pub origin: Origin,
    /// Money per period, by channel.
    pub spend: Vec<f64>,
    /// What the fit says it brings, per period.
    pub promised: Interval,
    /// What it brings on the true curves, per period.
    pub truth: f64,
    /// How many of the random plans bring less.
    pub beats: usize,
}

/// Plans of the same money per period in the steady state, on the true curves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgainstRandom {
    /// Channels, in the order of `spend`.
    pub channels: Vec<String>,
    /// Money per period.
    pub budget: f64,
    /// What a period is called.
    pub period: String,
    /// What outcomes are counted in.
    pub unit: OutcomeUnit,
    /// The recommended plan first.
    pub plans: Vec<Weighed>,
    /// True outcomes of the random plans, ascending.
    pub random: Vec<f64>,
    /// Their 95th percentile, which the recommended plan has to beat.
    pub percentile_95: f64,
    /// Their mean.
    pub random_mean: f64,
}

/// Weighs the plan of `fit` against [`N_RANDOM`] plans drawn evenly from all splits of the same money (flat Dirichlet).
///
/// # Errors
/// In one sentence, why there is nothing to compare: the true curves are not known, or no plan can be made.
pub fn against_random(
    fit: &Fit,
    truth: &GroundTruth,
    level: f64,
    seed: u64,
) -> Result<AgainstRandom, String> {
    let first = |problems: crate::problem::Problems| {
        problems.0.into_iter().next().map_or_else(String::new, |problem| problem.message)
    };
    let (fitted, _) = surface(&fit.model, &fit.posterior, &FittedOptions::of(&fit.model)).map_err(first)?;
    let names: Vec<String> = fitted.cells.iter().map(|cell| cell.channel.clone()).collect();
    let today = fitted.current();
    let budget: f64 = today.iter().sum();
    if names.len() < 2 || budget <= 0.0 {
        return Err("with one channel, or no money, there is nothing to split".into());
    }
    let truth = true_surface(&fit.model, truth, &names, &today)?;
    let best = |unbounded: bool| -> Result<Vec<f64>, String> {
        let wishes = Wishes { unbounded, seed, ..Wishes::default() };
        let task = wishes.task(&fitted).map_err(first)?;
        Ok(solve(&fitted, &task).map_err(first)?.plan)
    };
    let even = vec![budget / names.len() as f64; names.len()];
    let plans = [
        (Origin::Recommended, best(true)?),
        (Origin::NearToday, best(false)?),
        (Origin::Today, today),
        (Origin::Even, even),
    ];
    let mut random: Vec<f64> =
        splits(names.len(), N_RANDOM, seed).map(|split| value(&truth, &split, budget)).collect();
    random.sort_by(f64::total_cmp);
    let weigh = |(origin, spend): (Origin, Vec<f64>)| {
        let value = truth.outcomes(&spend)[0];
        Weighed {
            origin,
            promised: Interval::of(&mut fitted.outcomes(&spend), level),
            truth: value,
            beats: random.iter().filter(|random| **random < value).count(),
            spend,
        }
    };
    Ok(AgainstRandom {
        plans: plans.into_iter().map(weigh).collect(),
        percentile_95: quantile(&random, PERCENTILE),
        random_mean: random.iter().sum::<f64>() / random.len() as f64,
        random,
        channels: names,
        budget,
        period: fitted.horizon.period.clone(),
        unit: fitted.unit,
    })
}

fn value(truth: &Surface, split: &[f64], budget: f64) -> f64 {
    truth.outcomes(&split.iter().map(|share| share * budget).collect::<Vec<_>>())[0]
}

/// Splits of one whole into `n` parts, every split as likely as any other: exponentials over their sum.
fn splits(n: usize, count: usize, seed: u64) -> impl Iterator<Item = Vec<f64>> {
    (0..count).map(move |index| {
        let mut rng = stream(seed, Purpose::Resampling, index as u64);
        let parts: Vec<f64> = (0..n).map(|_| -(1.0 - rng.random::<f64>()).ln()).collect();
        let sum: f64 = parts.iter().sum();
        parts.into_iter().map(|part| part / sum).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_splits_are_whole_flat_and_the_same_for_a_seed() {
        let all: Vec<Vec<f64>> = splits(3, 4000, 7).collect();
        assert!(all.iter().all(|split| (split.iter().sum::<f64>() - 1.0).abs() < 1e-12));
        // Of a flat Dirichlet over three parts, one part is above t with probability (1 − t)².
        for t in [0.2, 0.5, 0.8] {
            let above = all.iter().filter(|split| split[1] > t).count() as f64 / 4000.0;
            assert!((above - (1.0 - t) * (1.0 - t)).abs() < 0.03, "{t} {above}");
        }
        assert_eq!(all[..3], splits(3, 3, 7).collect::<Vec<_>>()[..]);
        assert_ne!(all[0], splits(3, 1, 8).next().unwrap());
    }
}
