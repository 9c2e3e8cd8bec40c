//! A fit of simulated data held against the truth that made them: parameters, contributions, accuracy, decisions, gates.

use super::accuracy::{FitAccuracy, accuracy};
use super::gate::{Gate, Unit, all_hold, behind_convergence};
use super::random_plans::{AgainstRandom, N_RANDOM, against_random};
use super::recovery::{Recovered, recovered_parameters};
use super::truth_match::check_match;
use crate::decision::contribution::{Counted, parts, totals_of};
use crate::engine::convergence::Convergence;
use crate::engine::fit::Fit;
use crate::problem::Problems;
use crate::simulate::preset::Preset;
use crate::simulate::truth::GroundTruth;
use serde::Serialize;

/// A channel's true and estimated effect over the whole table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChannelRecovery {
    /// Channel.
    pub name: String,
    /// Contribution in KPI units.
    pub contribution: Recovered,
    /// Contribution per spend; `None` where nothing was spent or the KPI of the fit is valued in money.
    pub roas: Option<Recovered>,
}

/// How a fit stands against the truth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TruthReport {
    /// Probability inside intervals.
    pub level: f64,
    /// Whether every gate holds.
    pub passed: bool,
    /// The gates, convergence first.
    pub gates: Vec<Gate>,
    /// Parameters that mean the same in the fit and in the truth.
    pub parameters: Vec<Recovered>,
    /// Parameters of the truth that the fit has, but with another meaning, by label.
    pub other_meaning: Vec<String>,
    /// Channels.
    pub channels: Vec<ChannelRecovery>,
    /// Accuracy of the fit.
    pub accuracy: FitAccuracy,
    /// The R² that the noise of the truth leaves to the true mean on average; its draw may leave somewhat more or less.
    pub best_r_squared: f64,
    /// Convergence of the fit.
    pub convergence: Convergence,
    /// Plans on the true curves.
    pub plans: Option<AgainstRandom>,
    /// Why there are none.
    pub no_plans: Option<String>,
}

/// Holds `fit` against `truth`; intervals have probability `level`, `seed` draws predictive noise and random plans.
///
/// # Errors
/// A truth that made other data.
pub fn against_truth(fit: &Fit, truth: &GroundTruth, level: f64, seed: u64) -> Result<TruthReport, Problems> {
    check_match(&fit.model, truth)?;
    let (parameters, other_meaning) = recovered_parameters(&fit.model, &fit.posterior, truth, level);
    let channels = channels(fit, truth, level);
    let accuracy = accuracy(&fit.model, &fit.posterior, level, seed);
    let noise = Noise::of(fit, truth);
    let (plans, no_plans) = match against_random(fit, truth, level, seed) {
        Ok(plans) => (Some(plans), None),
        Err(why) => (None, Some(why)),
    };
    let mut gates = vec![Gate::convergence(usize::from(!fit.converged()), 1)];
    gates.extend(recovery_gates(&parameters, &channels, level));
    gates.extend(identifiable(truth).then(|| five_per_cent(&channels)));
    gates.extend(accuracy_gates(&accuracy, &noise));
    gates.extend(plans.as_ref().map(plan_gate));
    let gates = behind_convergence(gates);
    Ok(TruthReport {
        level,
        passed: all_hold(&gates),
        gates,
        parameters,
        other_meaning,
        channels,
        accuracy,
        best_r_squared: noise.best_r_squared,
        convergence: fit.convergence.clone(),
        plans,
        no_plans,
    })
}

/// Contributions and ROAS over all periods of the table, for that is what a truth states, held-back ones included.
fn channels(fit: &Fit, truth: &GroundTruth, level: f64) -> Vec<ChannelRecovery> {
    let model = &fit.model;
    let everything = Counted::periods(model, &(0..model.panel.n_times()));
    let totals = totals_of(model, &fit.posterior, &parts(model), &everything, false, level);
    let valued = model.panel.revenue_per_kpi.is_some();
    let found = totals.into_iter().flat_map(|(_, totals)| totals).filter(|total| total.is_channel);
    let channel = |total: crate::decision::contribution::Total| {
        let channel = truth.channel(&total.name)?;
        let contribution = format!("contribution[{}]", total.name);
        Some(ChannelRecovery {
            contribution: Recovered::of(contribution, channel.contribution_total, &total.contribution),
            roas: (total.roas.filter(|_| !valued))
                .map(|roas| Recovered::of(format!("roas[{}]", total.name), channel.roas, &roas)),
            name: total.name,
        })
    };
    found.filter_map(channel).collect()
}

/// What the noise of the truth leaves possible.
struct Noise {
    best_r_squared: f64,
    /// Mean of `|noise/y|` that the noise alone makes.
    mape: f64,
}

impl Noise {
    fn of(fit: &Fit, truth: &GroundTruth) -> Self {
        let panel = &fit.model.panel;
        // In a panel of geos the noise is per person.
        let sd = |geo: usize| {
            let people = truth.geos.iter().find(|known| known.name == panel.geos[geo]);
            truth.noise_sd * people.map_or(1.0, |geo| geo.population)
        };
        let cells: Vec<(f64, f64)> = (0..panel.n_cells())
            .filter(|i| fit.model.window.observed[*i])
            .map(|i| (panel.kpi.values[i], sd(i / panel.n_times())))
            .collect();
        let n = cells.len() as f64;
        let centre = cells.iter().map(|(y, _)| y).sum::<f64>() / n;
        let spread: f64 = cells.iter().map(|(y, _)| (y - centre).powi(2)).sum();
        let nonzero: Vec<&(f64, f64)> = cells.iter().filter(|(y, _)| *y != 0.0).collect();
        // The mean of |N(0, sd)| is sd·√(2/π).
        let share = |(y, sd): &&(f64, f64)| sd * std::f64::consts::FRAC_2_PI.sqrt() / y.abs();
        Self {
            best_r_squared: 1.0 - cells.iter().map(|(_, sd)| sd * sd).sum::<f64>() / spread,
            mape: nonzero.iter().map(share).sum::<f64>() / nonzero.len() as f64,
        }
    }
}

fn recovery_gates(parameters: &[Recovered], channels: &[ChannelRecovery], level: f64) -> Vec<Gate> {
    let inside = |rows: &mut dyn Iterator<Item = &Recovered>| rows.filter(|row| row.inside).count();
    let hint = "the spec may not be able to say what the truth does: hold its transforms, trend and controls against it";
    let mut gates = Vec::new();
    if !parameters.is_empty() {
        let n = parameters.len();
        let name = format!("parameters of {n} inside their interval");
        gates.push(Gate::honest_count(
            "validate.recovery",
            name,
            inside(&mut parameters.iter()),
            n,
            level,
            hint,
        ));
    }
    let n = channels.len();
    let name = format!("contributions of {n} inside their interval");
    let count = inside(&mut channels.iter().map(|channel| &channel.contribution));
    gates.push(Gate::honest_count("validate.contribution", name, count, n, level, hint));
    gates
}

/// Whether the market is one on which every ROAS is known within 2 % under the true model.
fn identifiable(truth: &GroundTruth) -> bool {
    let preset = Preset::Recoverable;
    truth.preset == preset
        && truth.n_periods >= preset.default_periods()
        && truth.noise_sd <= preset.default_noise_sd()
}

fn five_per_cent(channels: &[ChannelRecovery]) -> Gate {
    let errors = channels.iter().flat_map(|channel| &channel.roas).map(|roas| roas.relative_error.abs());
    Gate::new(
        "validate.roas",
        "largest relative error of a ROAS",
        (Unit::Share, errors.fold(0.0, f64::max)),
        (None, Some(0.05)),
        "this market can be recovered: look at the spec, then at the sampler",
    )
}

/// R² of 0.8 and a MAPE of 10 %, or what the noise of the truth leaves possible: no model explains noise.
fn accuracy_gates(accuracy: &FitAccuracy, noise: &Noise) -> [Gate; 3] {
    let training = &accuracy.training;
    let least = f64::min(0.8, noise.best_r_squared - 0.05 * noise.best_r_squared.abs());
    let most = f64::max(0.1, 1.25 * noise.mape);
    let hint = "the baseline misses something: trend, season, events, controls; `mmm diagnose` looks at what is left over";
    let covered = (training.coverage_95 * training.n as f64).round() as usize;
    [
        Gate::new("validate.r_squared", "R²", (Unit::Number, training.r_squared), (Some(least), None), hint),
        Gate::new("validate.mape", "MAPE", (Unit::Share, training.mape / 100.0), (None, Some(most)), hint),
        Gate::coverage("validate.coverage", covered, training.n),
    ]
}

/// Of a hundred random plans at most five may bring more.
fn plan_gate(plans: &AgainstRandom) -> Gate {
    let recommended = &plans.plans[0];
    Gate::new(
        "validate.plan",
        format!("share of {N_RANDOM} random plans that the recommended plan beats"),
        (Unit::Share, recommended.beats as f64 / plans.random.len() as f64),
        (Some(super::random_plans::PERCENTILE), None),
        "the fitted curves send the money the wrong way: see which channel's curve is far from the truth above",
    )
}
