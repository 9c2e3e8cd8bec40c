//! The same model some weeks ago: whether new data would have changed what was said of the old ones.
//!
//! The last periods are held back from a refit, and both fits are asked for the ROAS over the periods both have seen. More
//! data may move an estimate, but by little: of nested data the difference has the variance by which the posterior
//! narrows, `Var(before) − Var(after)` [hausman1978], a fifth of a standard deviation where it narrows by two per cent.

use super::gate::{Gate, Unit, behind_convergence};
use super::placebo::parted;
use super::refit::{Effect, Unusable, effects, refit, usable};
use crate::data::calendar::Spacing;
use crate::data::panel::Panel;
use crate::engine::batch::Worker;
use crate::engine::fit::Fit;
use crate::posterior::interval::Interval;
use crate::spec::ModelSpec;
use serde::Serialize;

/// Move from which an estimate was not stable, in posterior sd of the fit to all data.
pub const MOST: f64 = 1.0;

/// One channel before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Refreshed {
    /// Channel.
    pub channel: String,
    /// Periods held back.
    pub held_back: usize,
    /// Whether the figures are returns on spend.
    pub is_roas: bool,
    /// Without the last periods.
    pub before: Interval,
    /// With all of them, over the same periods.
    pub after: Interval,
    /// `(before − after)/sd` of the means, by the sd of `after`.
    pub moved: f64,
    /// Length that the intervals share over the length that they cover together, 0 … 1.
    pub overlap: f64,
    /// Sd before over sd after.
    pub sd_ratio: f64,
    /// Whether each interval holds the mean of the other.
    pub agree: bool,
}

/// What came of all steps back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RefreshReport {
    /// Probability inside intervals.
    pub level: f64,
    /// Every channel at every step that could be used.
    pub rows: Vec<Refreshed>,
    /// The other steps.
    pub unusable: Vec<Unusable>,
    /// The gates, convergence first.
    pub gates: Vec<Gate>,
}

/// Four weeks in periods of these data: 28 days, 4 weeks, 1 month.
pub fn usual_step(spacing: Spacing) -> usize {
    ((28.0 / spacing.mean_days()).round() as usize).max(1)
}

/// Fits without the last `held_back` training periods and compares with `full` over what both have seen.
///
/// # Errors
/// A fit that cannot be used.
pub fn fit_before(
    full: &Fit,
    spec: &ModelSpec,
    panel: &Panel,
    held_back: usize,
    level: f64,
    worker: Worker<'_>,
) -> Result<Vec<Refreshed>, Unusable> {
    let mut spec = spec.clone();
    spec.data.holdout = Some(spec.data.holdout.unwrap_or(0) + held_back);
    let fit = refit(&format!("without the last {held_back}"), &spec, panel, worker)?;
    let common = fit.model.window.start..fit.model.window.end;
    let pairs = effects(&fit, &common, level).into_iter().zip(effects(full, &common, level));
    Ok(pairs.map(|(before, after)| compare(before, after.value, held_back)).collect())
}

fn compare(before: Effect, after: Interval, held_back: usize) -> Refreshed {
    let (channel, is_roas, before) = (before.channel, before.is_roas, before.value);
    let shared = (before.upper.min(after.upper) - before.lower.max(after.lower)).max(0.0);
    let together = before.upper.max(after.upper) - before.lower.min(after.lower);
    Refreshed {
        channel,
        held_back,
        is_roas,
        moved: (before.mean - after.mean) / after.sd,
        overlap: shared / together,
        sd_ratio: before.sd / after.sd,
        agree: before.contains(after.mean) && after.contains(before.mean),
        before,
        after,
    }
}

/// Gathers what came of the steps and judges it, channel by channel.
pub fn report(results: Vec<Result<Vec<Refreshed>, Unusable>>, level: f64) -> RefreshReport {
    let n = results.len();
    let (steps, unusable) = parted(results);
    let rows: Vec<Refreshed> = steps.into_iter().flatten().collect();
    let mut gates = vec![usable(&unusable, n)];
    if !rows.is_empty() {
        gates.push(Gate::new(
            "validate.refresh",
            "intervals that do not hold the mean of the other fit",
            (Unit::Count, rows.iter().filter(|row| !row.agree).count() as f64),
            (None, Some(0.0)),
            HINT,
        ));
    }
    let mut seen: Vec<&str> = Vec::new();
    for row in &rows {
        if seen.contains(&row.channel.as_str()) {
            continue;
        }
        seen.push(&row.channel);
        let own = rows.iter().filter(|other| other.channel == row.channel);
        gates.push(Gate::new(
            "validate.refresh",
            format!("largest move of `{}`", row.channel),
            (Unit::Sd, own.map(|row| row.moved.abs()).fold(0.0, f64::max)),
            (None, Some(MOST)),
            HINT,
        ));
    }
    RefreshReport { level, gates: behind_convergence(gates), rows, unusable }
}

const HINT: &str = "what the last weeks said changed what is said of the years before: look at what happened in them \
                    (events, a new price), or at effects that change over time";

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(mean: f64, sd: f64) -> Effect {
        let value =
            Interval { mean, sd, median: mean, lower: mean - 2.0 * sd, upper: mean + 2.0 * sd, level: 0.95 };
        Effect { channel: "tv".into(), is_roas: true, value }
    }

    #[test]
    fn a_step_that_moves_an_estimate_beyond_its_interval_fails() {
        let row = |before, after: Effect| compare(before, after.value, 4);
        let close = row(effect(1.0, 0.2), effect(1.1, 0.2));
        assert!(close.agree && (close.moved + 0.5).abs() < 1e-12 && (close.overlap - 0.7 / 0.9).abs() < 1e-9);
        let holds = |rows: Vec<Refreshed>| -> Vec<Option<bool>> {
            report(vec![Ok(rows)], 0.95).gates.iter().map(|gate| gate.holds).collect()
        };
        assert_eq!(holds(vec![close.clone()]), [Some(true); 3]);
        let far = row(effect(2.0, 0.2), effect(1.1, 0.2));
        assert_eq!(holds(vec![close.clone(), far]), [Some(true), Some(false), Some(false)]);
        // A step that could not be used takes the verdict from the others.
        let lost = Unusable { name: "without the last 8".into(), why: "it did not converge".into() };
        let report = report(vec![Ok(vec![close]), Err(lost)], 0.95);
        assert!(report.gates[0].holds == Some(false) && report.gates[0].name.contains("without the last 8"));
        assert!(report.gates[1..].iter().all(|gate| gate.holds.is_none()));
    }

    #[test]
    fn four_weeks_are_as_many_periods_as_they_are() {
        let steps =
            [Spacing::Days(1), Spacing::Days(7), Spacing::Months(1), Spacing::Months(3)].map(usual_step);
        assert_eq!(steps, [28, 4, 1, 1]);
    }
}
