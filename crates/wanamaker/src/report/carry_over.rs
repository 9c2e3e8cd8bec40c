//! How the effect of a channel spreads over time.

use super::figures::{Band, Estimate};
use super::study::Study;
use crate::posterior::Posterior;
use crate::posterior::interval::Interval;
use crate::posterior::replay::Replay;
use schemars::JsonSchema;
use serde::Serialize;

/// Carry-over of all channels.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CarryOver {
    /// One per channel.
    pub channels: Vec<CarryOverOf>,
}

/// Carry-over of one channel; means over geos.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CarryOverOf {
    /// Channel.
    pub name: String,
    /// Share of the effect of one unit of exposure that is felt after 0, 1, 2, … periods.
    pub felt: Band,
    /// The same as the prior has it.
    pub felt_prior: Band,
    /// Periods from the peak until half of the effect is left.
    pub half_life: Estimate,
    /// Periods from the peak until 5 % are left.
    pub time_to_5_percent: Estimate,
    /// Periods from the exposure to the strongest effect.
    pub peak_lag: Estimate,
    /// Share of the contribution felt in the period of the exposure.
    pub immediate: Estimate,
    /// Contribution felt in the period of the exposure, KPI units.
    pub at_once: Estimate,
    /// Contribution felt later, KPI units.
    pub later: Estimate,
}

/// Most lags that are shown.
const MOST_LAGS: usize = 60;
/// Fewest.
const FEWEST_LAGS: usize = 4;
/// From the lag on at which less than this is surely felt, nothing is shown.
const NOTHING: f64 = 0.005;

/// Carry-over of the channels of `study`; nothing without any channel.
pub fn carry_over(study: &Study<'_>) -> Option<CarryOver> {
    let returns = study.returns();
    let mut felt = felt(study, study.posterior());
    let mut prior = self::felt(study, study.prior());
    let channels = returns.channels.iter().enumerate().map(|(c, channel)| {
        let last = felt[c].iter().rposition(|share| share.upper > NOTHING).map_or(0, |lag| lag + 2);
        let shown = last.clamp(FEWEST_LAGS, MOST_LAGS);
        CarryOverOf {
            name: channel.name.clone(),
            felt: felt[c].drain(..).take(shown).collect(),
            felt_prior: prior[c].drain(..).take(shown).collect(),
            half_life: channel.half_life.into(),
            time_to_5_percent: channel.time_to_5_percent.into(),
            peak_lag: channel.peak_lag.into(),
            immediate: channel.immediate.into(),
            at_once: channel.at_once.into(),
            later: channel.later.into(),
        }
    });
    let channels: Vec<CarryOverOf> = channels.collect();
    (!channels.is_empty()).then_some(CarryOver { channels })
}

/// Shares of the adstock of one unit of exposure by lag, means over geos, `[channel][lag]`.
fn felt(study: &Study<'_>, posterior: &Posterior) -> Vec<Vec<Interval>> {
    let model = study.model();
    let n_draws = posterior.n_chains * posterior.n_draws;
    let n_geos = model.panel.n_geos();
    let mut impulse = vec![0.0; MOST_LAGS];
    impulse[0] = 1.0;
    let mut replay = Replay::new(model);
    let mut draws = vec![vec![vec![0.0; n_draws]; MOST_LAGS]; model.mean.channels.len()];
    for s in 0..n_draws {
        replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
        for (c, term) in model.mean.channels.iter().enumerate() {
            let n_carry = term.adstock.parameter_names().len();
            let (mut weights, mut out) = (vec![0.0; term.adstock.n_weights()], vec![0.0; MOST_LAGS]);
            for geo in 0..n_geos {
                let (carry, _) = replay.transform_parameters(c, geo);
                let carry = &carry[..n_carry];
                term.adstock.weights(carry, &mut weights);
                term.adstock.forward(carry, &weights, &impulse, &mut out);
                let whole = term.adstock.steady_state_gain(carry) * n_geos as f64;
                out.iter().enumerate().for_each(|(lag, weight)| draws[c][lag][s] += weight / whole);
            }
        }
    }
    let level = study.settings.level;
    let interval = |mut draws: Vec<f64>| Interval::of(&mut draws, level);
    draws.into_iter().map(|lags| lags.into_iter().map(interval).collect()).collect()
}
