//! The KPI shaken a little: how far what is said of the channels moves, in posterior standard deviations.
//!
//! ```text
//! y' = y + share·s·N(0, 1)        s = residual sd of the geo; on the log link  ln y' = ln y + share·s·N(0, 1)
//! ```
//! Estimates are about linear in the KPI and their posterior sd comes from noise of sd `s`, so a shake of `share` moves
//! them by about `share·√(2/π)` posterior sd on average, and more only where the posterior hangs on single cells, has
//! several modes or was not drawn well.

use super::gate::{Gate, Unit, behind_convergence};
use super::placebo::parted;
use super::refit::{Effect, Unusable, effects, refit, usable};
use crate::data::panel::Panel;
use crate::distribution::{Distribution, Normal};
use crate::engine::batch::Worker;
use crate::engine::fit::Fit;
use crate::posterior::interval::Interval;
use crate::posterior::predictive::training_mean;
use crate::spec::{LikelihoodKind, Link, ModelSpec};
use serde::Serialize;
use wanamaker_mcmc::seed::{Purpose, stream};

/// Mean move from which a channel is not robust, in posterior sd.
pub const MOST: f64 = 1.0;

/// How far one channel moved.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moved {
    /// What the unshaken fit says.
    pub base: Effect,
    /// Mean over the refits of `|mean' − mean|/sd`.
    pub mean_move: f64,
    /// The largest of them.
    pub largest_move: f64,
    /// What the refits say.
    pub refits: Vec<Interval>,
}

/// What came of all shakes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PerturbationReport {
    /// Probability inside intervals.
    pub level: f64,
    /// Sd of the shake as a share of the residual sd.
    pub noise_share: f64,
    /// Mean move that a model linear in the KPI would show, in posterior sd.
    pub expected_move: f64,
    /// Channels.
    pub channels: Vec<Moved>,
    /// Refits that were not used.
    pub unusable: Vec<Unusable>,
    /// The gates, convergence first.
    pub gates: Vec<Gate>,
}

/// Residual standard deviation of every geo around the posterior mean, of the logarithms on the log link.
pub fn residual_sd(fit: &Fit) -> Vec<f64> {
    let (model, posterior) = (&fit.model, &fit.posterior);
    let n = model.panel.n_times();
    let mean = training_mean(model, posterior);
    let scale = |x: f64| if is_log(&model.spec) { x.max(f64::MIN_POSITIVE).ln() } else { x };
    let sd = |geo: usize| {
        let left = (geo * n..(geo + 1) * n)
            .filter(|i| model.window.observed[*i])
            .map(|i| scale(model.panel.kpi.values[i]) - scale(mean[i]));
        let left: Vec<f64> = left.collect();
        (left.iter().map(|e| e * e).sum::<f64>() / (left.len() as f64 - 1.0).max(1.0)).sqrt()
    };
    (0..model.panel.n_geos()).map(sd).collect()
}

fn is_log(spec: &ModelSpec) -> bool {
    spec.outcome.link == Some(Link::Log)
}

/// The panel with its KPI shaken for the `index`-th time; `sd` by geo, already times the share. Counts stay counts.
pub fn shaken(spec: &ModelSpec, panel: &Panel, sd: &[f64], seed: u64, index: usize) -> Panel {
    let counts =
        matches!(spec.outcome.likelihood, Some(LikelihoodKind::NegativeBinomial | LikelihoodKind::Poisson));
    let mut rng = stream(seed, Purpose::Resampling, index as u64);
    let mut panel = panel.clone();
    let unit = Distribution::Normal(Normal { mean: 0.0, sd: 1.0 });
    let n = panel.n_times();
    for (i, y) in panel.kpi.values.iter_mut().enumerate() {
        let shake = sd[i / n] * unit.sample(&mut rng);
        *y = if is_log(spec) { *y * shake.exp() } else { *y + shake };
        if counts {
            *y = y.round().max(0.0);
        }
    }
    panel
}

/// Fits the shaken panel and says what it says of the channels over the training window.
///
/// # Errors
/// A fit that cannot be used.
pub fn fit_shaken(
    spec: &ModelSpec,
    panel: &Panel,
    index: usize,
    level: f64,
    worker: Worker<'_>,
) -> Result<Vec<Effect>, Unusable> {
    let fit = refit(&format!("shake {}", index + 1), spec, panel, worker)?;
    Ok(effects_of(&fit, level))
}

/// What a fit says of the channels over its training window.
pub fn effects_of(fit: &Fit, level: f64) -> Vec<Effect> {
    effects(fit, &(fit.model.window.start..fit.model.window.end), level)
}

/// Gathers what came of the shakes and judges it against the unshaken fit's `base`.
pub fn report(
    base: Vec<Effect>,
    results: Vec<Result<Vec<Effect>, Unusable>>,
    noise_share: f64,
    level: f64,
) -> PerturbationReport {
    let n = results.len();
    let (refits, unusable) = parted(results);
    let channels: Vec<Moved> = (base.into_iter().enumerate())
        .map(|(c, base)| {
            let refits: Vec<Interval> = refits.iter().map(|effects| effects[c].value).collect();
            let moves: Vec<f64> =
                refits.iter().map(|refit| (refit.mean - base.value.mean).abs() / base.value.sd).collect();
            Moved {
                mean_move: moves.iter().sum::<f64>() / moves.len() as f64,
                largest_move: moves.iter().copied().fold(f64::NAN, f64::max),
                refits,
                base,
            }
        })
        .collect();
    let gate = |moved: &Moved| {
        Gate::new(
            "validate.perturbation",
            format!("mean move of `{}`", moved.base.channel),
            (Unit::Sd, moved.mean_move),
            (None, Some(MOST)),
            "its effect hangs on a few cells or has several explanations: more draws tell which; then a stronger prior, \
             or fewer channels that are alike",
        )
    };
    let gates = std::iter::once(usable(&unusable, n)).chain(channels.iter().map(gate)).collect();
    PerturbationReport {
        level,
        noise_share,
        expected_move: noise_share * std::f64::consts::FRAC_2_PI.sqrt(),
        channels,
        unusable,
        gates: behind_convergence(gates),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::compile::from_table;
    use crate::simulate::options::Options;
    use crate::simulate::preset::Preset;
    use crate::simulate::simulate;
    use crate::spec::document::{Format, read};

    #[test]
    fn a_shake_has_the_spread_that_was_asked_for_and_is_another_each_time() {
        let market = simulate(&Options { n_periods: Some(600), ..Options::new(Preset::Weekly4, 1) }).unwrap();
        let (model, _) = from_table(&read(&market.spec, Format::Toml).spec, &market.table).unwrap();
        let shake = |spec: &ModelSpec, sd: f64, index: usize| -> Vec<(f64, f64)> {
            let after = shaken(spec, &model.panel, &[sd], 7, index).kpi.values;
            model.panel.kpi.values.iter().copied().zip(after).collect()
        };
        let spread = |pairs: &[(f64, f64)], difference: &dyn Fn(f64, f64) -> f64| {
            (pairs.iter().map(|(y, z)| difference(*y, *z).powi(2)).sum::<f64>() / pairs.len() as f64).sqrt()
        };
        let plain = shake(&model.spec, 1000.0, 0);
        assert!((spread(&plain, &|y, z| z - y) / 1000.0 - 1.0).abs() < 0.1);
        assert_eq!(plain, shake(&model.spec, 1000.0, 0));
        assert_ne!(plain, shake(&model.spec, 1000.0, 1));
        let mut log = model.spec.clone();
        log.outcome.link = Some(Link::Log);
        assert!((spread(&shake(&log, 0.1, 0), &|y, z| (z / y).ln()) / 0.1 - 1.0).abs() < 0.1);
        let mut counts = model.spec.clone();
        counts.outcome.likelihood = Some(LikelihoodKind::Poisson);
        assert!(shake(&counts, 1e6, 0).iter().all(|(_, z)| *z >= 0.0 && z.fract() == 0.0));
    }

    #[test]
    fn moves_are_counted_in_posterior_sd_and_one_too_many_fails() {
        let value = |mean: f64| Interval { mean, sd: 0.5, median: mean, lower: 0.0, upper: 4.0, level: 0.95 };
        let effect = |mean: f64| Effect { channel: "tv".into(), is_roas: true, value: value(mean) };
        let judged = |shaken: [f64; 2]| {
            let refits = shaken.iter().map(|mean| Ok(vec![effect(*mean)])).collect();
            report(vec![effect(2.0)], refits, 0.25, 0.95)
        };
        let calm = judged([2.1, 1.7]);
        assert!((calm.channels[0].mean_move - 0.4).abs() < 1e-12);
        assert!((calm.channels[0].largest_move - 0.6).abs() < 1e-12);
        assert_eq!(calm.gates.iter().map(|gate| gate.holds).collect::<Vec<_>>(), [Some(true); 2]);
        assert_eq!(judged([2.1, 3.0]).gates[1].holds, Some(false));
        let lost = Unusable { name: "shake 1".into(), why: "it did not converge".into() };
        let none = report(vec![effect(2.0)], vec![Err(lost)], 0.25, 0.95);
        assert_eq!(none.gates.iter().map(|gate| gate.holds).collect::<Vec<_>>(), [Some(false), None]);
    }
}
