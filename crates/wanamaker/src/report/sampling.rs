//! Whether the chains agree and drew enough.

use super::figures::{Bar, finite, histogram};
use super::study::Study;
use crate::engine::convergence::Gates;
use crate::model::layout::Visibility;
use crate::posterior::summary::Row;
use schemars::JsonSchema;
use serde::Serialize;
use wanamaker_mcmc::draws::DrawStats;

/// Convergence of all parameters.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Sampling {
    /// The parameters that converged worst, worst first; ten at most.
    pub worst: Vec<ParameterRow>,
    /// Parameters by R-hat.
    pub r_hat: Vec<Bar>,
    /// Parameters by the smaller of their effective sample sizes.
    pub ess: Vec<Bar>,
    /// What R-hat must stay below.
    pub r_hat_gate: f64,
    /// What effective sample sizes must reach.
    pub ess_gate: f64,
    /// Divergences after warm-up; nothing for engines without trajectories.
    pub divergences: Option<usize>,
    /// Energy Bayesian fraction of missing information, per chain.
    pub e_bfmi: Vec<f64>,
    /// Gradient evaluations per draw.
    pub leapfrogs_per_draw: Option<f64>,
    /// Mean acceptance.
    pub acceptance: Option<f64>,
    /// Chains, draws and ranks of the parameters that converged worst.
    pub traces: Vec<Trace>,
    /// Every public parameter and derived quantity.
    pub table: Vec<ParameterRow>,
}

/// One row of the parameter table.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ParameterRow {
    /// Label.
    pub name: String,
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
    /// Lower end of the interval.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// R-hat.
    pub r_hat: Option<f64>,
    /// Bulk effective sample size.
    pub ess_bulk: Option<f64>,
    /// Tail effective sample size.
    pub ess_tail: Option<f64>,
    /// Monte Carlo standard error of the mean.
    pub mcse_mean: Option<f64>,
}

/// The draws of one parameter.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Trace {
    /// Label.
    pub name: String,
    /// Every so many draws are shown.
    pub step: usize,
    /// Draws, `[chain][draw]`.
    pub draws: Vec<Vec<f64>>,
    /// Counts of each chain's ranks among all draws, in twenty bars; level where chains agree.
    pub ranks: Vec<Vec<usize>>,
    /// Indices of shown draws after which the trajectory diverged, `[chain]`.
    pub divergent: Vec<Vec<usize>>,
}

/// Rows of the list of the worst.
const WORST: usize = 10;
/// Parameters whose draws are shown.
const TRACES: usize = 6;
/// Draws of a chain that are shown.
const SHOWN: usize = 250;
/// Bars of a rank histogram.
const RANK_BARS: usize = 20;
/// Bars of the overview.
const BARS: usize = 24;

/// Convergence of `study`.
pub fn sampling(study: &Study<'_>) -> Sampling {
    let found = &study.fit.convergence;
    let rows = study.table();
    let mut worst: Vec<&Row> = rows.iter().collect();
    worst.sort_by(|a, b| badness(b).total_cmp(&badness(a)));
    let of = |value: &dyn Fn(&Row) -> f64| rows.iter().map(value).collect::<Vec<_>>();
    // Engines that move without trajectories have no statistics of them.
    let has_trajectories = !found.e_bfmi.is_empty();
    Sampling {
        worst: worst.iter().take(WORST).map(|row| parameter_row(row)).collect(),
        r_hat: histogram(&of(&|row| row.summary.r_hat), BARS),
        ess: histogram(&of(&|row| row.summary.ess_bulk.min(row.summary.ess_tail)), BARS),
        r_hat_gate: Gates::DEFAULT.r_hat,
        ess_gate: Gates::DEFAULT.ess,
        divergences: has_trajectories.then_some(found.divergences),
        e_bfmi: found.e_bfmi.clone(),
        leapfrogs_per_draw: has_trajectories.then_some(found.leapfrogs_per_draw),
        acceptance: has_trajectories.then_some(found.acceptance),
        traces: traces(study, &worst),
        table: rows.iter().map(parameter_row).collect(),
    }
}

/// What cannot be computed is the worst there is.
fn badness(row: &Row) -> f64 {
    if row.summary.r_hat.is_nan() { f64::INFINITY } else { row.summary.r_hat }
}

fn parameter_row(row: &Row) -> ParameterRow {
    let summary = &row.summary;
    ParameterRow {
        name: row.name.clone(),
        mean: summary.mean,
        sd: summary.sd,
        lower: summary.lower,
        upper: summary.upper,
        r_hat: finite(summary.r_hat),
        ess_bulk: finite(summary.ess_bulk),
        ess_tail: finite(summary.ess_tail),
        mcse_mean: finite(summary.mcse_mean),
    }
}

/// Draws of the parameters of `worst` that are parameters and no derived quantities.
fn traces(study: &Study<'_>, worst: &[&Row]) -> Vec<Trace> {
    let posterior = study.posterior();
    let public = posterior.variables.iter().filter(|v| v.visibility == Visibility::Public);
    let scalars: Vec<(usize, String)> = public.flat_map(|v| (v.start..).zip(v.labels())).collect();
    let places = worst.iter().filter_map(|row| scalars.iter().find(|(_, name)| *name == row.name));
    let step = posterior.n_draws.div_ceil(SHOWN).max(1);
    let thinned = |chain: &Vec<f64>| chain.iter().copied().step_by(step).collect();
    let diverged = |chain: &Vec<DrawStats>| -> Vec<usize> {
        let stats = chain.iter().enumerate().filter(|(_, stats)| stats.diverging);
        let mut shown: Vec<usize> = stats.map(|(draw, _)| draw / step).collect();
        shown.dedup();
        shown
    };
    let divergent: Vec<Vec<usize>> = study.fit.statistics.iter().map(diverged).collect();
    let trace = |(index, name): &(usize, String)| {
        let chains = posterior.scalar(*index);
        Trace {
            name: name.clone(),
            step,
            draws: chains.iter().map(thinned).collect(),
            ranks: rank_counts(&chains),
            divergent: divergent.clone(),
        }
    };
    places.take(TRACES).map(trace).collect()
}

/// Counts of each chain's ranks among the draws of all, `[chain][bar]`.
fn rank_counts(chains: &[Vec<f64>]) -> Vec<Vec<usize>> {
    let mut all: Vec<(f64, usize)> =
        chains.iter().enumerate().flat_map(|(c, draws)| draws.iter().map(move |x| (*x, c))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut counts = vec![vec![0; RANK_BARS]; chains.len()];
    for (rank, (_, chain)) in all.iter().enumerate() {
        counts[*chain][rank * RANK_BARS / all.len()] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_level_where_chains_agree_and_pile_up_where_one_lies_above() {
        let mixed: Vec<Vec<f64>> = (0..2).map(|c| (0..100).map(|i| f64::from(2 * i + c)).collect()).collect();
        assert_eq!(rank_counts(&mixed), vec![vec![5; RANK_BARS]; 2]);
        let apart = vec![vec![0.0; 100], vec![1.0; 100]];
        let counts = rank_counts(&apart);
        assert_eq!(
            (counts[0][..10].iter().sum::<usize>(), counts[1][10..].iter().sum::<usize>()),
            (100, 100)
        );
    }
}
