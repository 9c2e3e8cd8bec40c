//! Did the chains agree, and did they draw enough? Gates that a fit must pass before its numbers are used.

use crate::math::decimals::telling;
use crate::model::compile::CompiledModel;
use crate::model::layout::Visibility;
use crate::posterior::Posterior;
use crate::posterior::summary::{Row, of_scalars, table};
use crate::problem::{Place, Problem, Problems};
use serde::Serialize;
use wanamaker_mcmc::diagnostics::e_bfmi;
use wanamaker_mcmc::draws::DrawStats;

/// Thresholds of the gates.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Gates {
    /// R-hat must stay below.
    pub r_hat: f64,
    /// Bulk and tail ESS must reach.
    pub ess: f64,
    /// At most this many divergences.
    pub divergences: usize,
}

impl Gates {
    /// R-hat < 1.01, ESS ≥ 400, no divergence.
    pub const DEFAULT: Gates = Gates { r_hat: 1.01, ess: 400.0, divergences: 0 };
    /// The older tools' thresholds: R-hat < 1.1, ESS ≥ 100, at most 10 divergences.
    pub const LEGACY: Gates = Gates { r_hat: 1.1, ess: 100.0, divergences: 10 };
}

/// The figures the gates look at, worst first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Convergence {
    /// Largest R-hat and whose it is.
    pub max_r_hat: (f64, String),
    /// Smallest bulk ESS and whose it is.
    pub min_ess_bulk: (f64, String),
    /// Smallest tail ESS and whose it is.
    pub min_ess_tail: (f64, String),
    /// Divergences after warm-up.
    pub divergences: usize,
    /// Trajectories cut at the greatest depth.
    pub max_depth_reached: usize,
    /// Energy Bayesian fraction of missing information, per chain.
    pub e_bfmi: Vec<f64>,
    /// Mean acceptance over all draws.
    pub acceptance: f64,
    /// Gradient evaluations per draw.
    pub leapfrogs_per_draw: f64,
    /// Draws kept per chain.
    pub draws: usize,
    /// Chains.
    pub chains: usize,
}

/// Reads the figures off a posterior: all public parameters and derived quantities, and every internal one too; on `threads`
/// threads (0 = all there are), which change nothing.
pub fn convergence(
    model: &CompiledModel,
    posterior: &Posterior,
    statistics: &[Vec<DrawStats>],
    threads: usize,
) -> Convergence {
    let mut rows = table(model, posterior, 0.95, threads);
    let internal = posterior.variables.iter().filter(|v| v.visibility == Visibility::Internal);
    let internal: Vec<_> = internal.flat_map(|v| (v.start..).zip(v.labels())).collect();
    rows.extend(of_scalars(posterior, &internal, 0.95, threads));
    let all: Vec<&DrawStats> = statistics.iter().flatten().collect();
    let count = |test: &dyn Fn(&DrawStats) -> bool| all.iter().filter(|stats| test(stats)).count();
    let mean =
        |value: &dyn Fn(&DrawStats) -> f64| all.iter().map(|s| value(s)).sum::<f64>() / all.len() as f64;
    let worst = |value: &dyn Fn(&Row) -> f64, sign: f64| {
        rows.iter()
            .map(|row| (value(row), row.name.clone()))
            // A figure that cannot be computed is the worst there is.
            .max_by(|a, b| key(a.0, sign).total_cmp(&key(b.0, sign)))
            .unwrap_or((f64::NAN, String::new()))
    };
    Convergence {
        max_r_hat: worst(&|row| row.summary.r_hat, 1.0),
        min_ess_bulk: worst(&|row| row.summary.ess_bulk, -1.0),
        min_ess_tail: worst(&|row| row.summary.ess_tail, -1.0),
        divergences: count(&|stats| stats.diverging),
        max_depth_reached: count(&|stats| stats.max_depth_reached),
        e_bfmi: statistics
            .iter()
            .map(|chain| e_bfmi(&chain.iter().map(|stats| stats.energy).collect::<Vec<_>>()))
            .collect(),
        acceptance: mean(&|stats| stats.acceptance),
        leapfrogs_per_draw: mean(&|stats| f64::from(stats.n_leapfrogs)),
        draws: posterior.n_draws,
        chains: posterior.n_chains,
    }
}

fn key(value: f64, sign: f64) -> f64 {
    if value.is_nan() { f64::INFINITY } else { sign * value }
}

/// What the gates say: an attention for each that fails, each with what to try.
pub fn judge(convergence: &Convergence, gates: &Gates) -> Problems {
    let mut problems = Problems::new();
    let mut warn = |code: &'static str, message: String, hint: &str| {
        problems.push(Problem::attention(code, Place::default(), message).hint(hint));
    };
    let (r_hat, whose) = &convergence.max_r_hat;
    // A figure that could not be computed fails too.
    if r_hat.is_nan() || *r_hat >= gates.r_hat {
        let decimals = telling(*r_hat, gates.r_hat, 3);
        warn(
            "fit.r_hat",
            format!(
                "the chains do not agree: R-hat of `{whose}` is {r_hat:.decimals$}, it should be below {}",
                gates.r_hat
            ),
            "draw longer (--tune 2000 --draws 2000), or say more about this parameter in its prior",
        );
    }
    for ((ess, whose), kind) in [(&convergence.min_ess_bulk, "bulk"), (&convergence.min_ess_tail, "tail")] {
        if ess.is_nan() || *ess < gates.ess {
            let decimals = telling(*ess, gates.ess, 0);
            warn(
                "fit.ess",
                format!(
                    "too few independent draws: {kind} ESS of `{whose}` is {ess:.decimals$}, it should be at least {}",
                    gates.ess
                ),
                "draw longer (--draws 2000)",
            );
        }
    }
    if convergence.divergences > gates.divergences {
        warn(
            "fit.divergences",
            format!(
                "{} divergent transitions, at most {} are allowed: the posterior has corners the sampler cannot enter",
                convergence.divergences, gates.divergences
            ),
            "raise --target-accept to 0.95 or 0.99, or give weakly identified channels tighter priors",
        );
    }
    if let Some(low) = convergence.e_bfmi.iter().copied().find(|value| *value < 0.3) {
        let decimals = telling(low, 0.3, 2);
        warn(
            "fit.e_bfmi",
            format!(
                "E-BFMI is {low:.decimals$}, it should be above 0.3: the sampler moves between energies too slowly"
            ),
            "draw longer, or give scales tighter priors",
        );
    }
    problems
}
