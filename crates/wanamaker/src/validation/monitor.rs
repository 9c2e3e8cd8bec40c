//! Whether periods that came after a fit still look like its model: predictions, their errors, and the inputs.
//!
//! Predictions that fail ask for a new fit. Inputs that shift, while predictions hold, ask for attention: a curve is
//! known only where money was spent.

use super::accuracy::Accuracy;
use super::forecast::{ALARM, Coverage, Forecast, accuracy_of, chance, coverage, forecast};
use super::inputs::{Shift, shifts};
use crate::data::calendar::days_between;
use crate::data::panel::Panel;
use crate::engine::fit::Fit;
use crate::posterior::interval::quantile;
use crate::problem::{Place, Problem, Problems};
use crate::statistics::drift::cusum;
use crate::statistics::scores::{distance_from_uniform, pit};
use jiff::civil::Date;
use serde::Serialize;

/// Slack of the cumulative sums, in standard deviations.
const SLACK: f64 = 0.5;
/// The cumulative sum that raises an alarm at least, in standard deviations.
const LEAST_THRESHOLD: f64 = 5.0;

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The new data look as the model expects.
    Nothing,
    /// Predictions hold, inputs have shifted.
    Watch,
    /// Predictions no longer hold, or the fit never was to be used.
    Refit,
}

/// Probability integral transforms of the known cells: uniform where predictions are honest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pit {
    /// ½ where predictions are neither too low (above ½) nor too high (below).
    pub mean: f64,
    /// Kolmogorov's distance from the uniform.
    pub distance: f64,
    /// Probability of such a distance, or a larger one, where the model is right.
    pub p: f64,
}

/// Which way the KPI leaves the prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The KPI is higher than predicted.
    Above,
    /// It is lower.
    Below,
}

/// Cumulative sums of standardised errors of the KPI over all geos.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tracking {
    /// First days of the periods in which every geo is known.
    pub dates: Vec<Date>,
    /// `(KPI − mean of the prediction)/its standard deviation`.
    pub z: Vec<f64>,
    /// Sum of what lies above the slack.
    pub high: Vec<f64>,
    /// Sum of what lies below it.
    pub low: Vec<f64>,
    /// Slack, in standard deviations.
    pub slack: f64,
    /// The larger of 5 and what one in a hundred futures of the model exceeds.
    pub threshold: f64,
    /// First period with a sum above the threshold, and on which side.
    pub alarm: Option<(Date, Side)>,
}

/// What new periods say of a fit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Monitor {
    /// First day of the first new period.
    pub from: Date,
    /// First day of the last.
    pub to: Date,
    /// New periods.
    pub n_periods: usize,
    /// Cells whose KPI is not known: they leave predictions and errors, and count among the inputs.
    pub unknown: usize,
    /// Days from the last period the model learned from to the last new one.
    pub days_since_training: i64,
    /// Whether the fit passed the gates of convergence.
    pub converged: bool,
    /// Errors of the prediction.
    pub accuracy: Accuracy,
    /// Cells inside their predictive interval.
    pub coverage: Coverage,
    /// Their probability integral transforms.
    pub pit: Pit,
    /// Cumulative errors.
    pub cusum: Tracking,
    /// Spend and exposure of channels, controls and treatments.
    pub inputs: Vec<Shift>,
    /// What to do.
    pub verdict: Verdict,
}

/// Holds `fit` against the periods that `panel` has behind its own, which [`append`](crate::data::append::append) has put
/// there. Intervals hold `level`.
///
/// # Errors
/// When the KPI is not known in any new period.
pub fn monitor(fit: &Fit, panel: &Panel, level: f64, seed: u64) -> Result<Monitor, Problems> {
    let model = &fit.model;
    let range = model.panel.n_times()..panel.n_times();
    let inputs = model.inputs(panel);
    let own = forecast(model, &fit.posterior, (panel, &inputs), range.clone(), seed, 0);
    if own.known().next().is_none() {
        let message = format!(
            "`{}` has no value in the new periods: there is nothing to hold the model against",
            panel.kpi.name
        );
        let at = Place { column: Some(panel.kpi.name.clone()), ..Place::default() };
        let hint = "fill in the KPI of the periods that are over; `mmm predict` is for those to come";
        return Err(Problem::error("data.no_kpi", at, message).hint(hint).into());
    }
    let date = |t: usize| panel.calendar.date(t);
    let mut found = Monitor {
        from: date(range.start),
        to: date(range.end - 1),
        n_periods: range.len(),
        unknown: own.cells.len() - own.known().count(),
        days_since_training: days_between(date(model.window.end - 1), date(range.end - 1)),
        converged: fit.converged(),
        accuracy: accuracy_of(&[&own]),
        coverage: coverage(&[&own], level),
        pit: transforms(&own),
        cusum: tracking(&own, panel),
        inputs: shifts(panel, model.window.start..model.window.end, range, seed),
        verdict: Verdict::Nothing,
    };
    found.verdict = match () {
        () if !found.converged || !found.broken().0.is_empty() => Verdict::Refit,
        () if !found.shifted().0.is_empty() => Verdict::Watch,
        () => Verdict::Nothing,
    };
    Ok(found)
}

fn transforms(own: &Forecast) -> Pit {
    let distance = |value: &dyn Fn(usize) -> f64| {
        let mut all: Vec<f64> = own.known().map(|k| pit(&own.ascending[k], value(k))).collect();
        all.sort_by(f64::total_cmp);
        (all.iter().sum::<f64>() / all.len() as f64, distance_from_uniform(&all))
    };
    let (mean, found) = distance(&|k| own.actual[k]);
    let farther = (0..own.n_draws()).filter(|s| distance(&|k| own.draws[k][*s]).1 >= found).count();
    Pit { mean, distance: found, p: chance(farther, own.n_draws()) }
}

fn tracking(own: &Forecast, panel: &Panel) -> Tracking {
    let n = own.cells.len() / panel.n_geos();
    let n_draws = own.n_draws();
    let cells = |t: usize| (0..panel.n_geos()).map(move |geo| geo * n + t);
    let whole: Vec<usize> = (0..n).filter(|t| cells(*t).all(|cell| own.actual[cell].is_finite())).collect();
    let mut z = Vec::new();
    let mut futures = vec![Vec::new(); n_draws];
    for &t in &whole {
        let drawn: Vec<f64> =
            (0..n_draws).map(|s| cells(t).map(|cell| own.draws[cell][s]).sum::<f64>()).collect();
        let mean = drawn.iter().sum::<f64>() / n_draws as f64;
        let sd = (drawn.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / (n_draws as f64 - 1.0)).sqrt();
        z.push((cells(t).map(|cell| own.actual[cell]).sum::<f64>() - mean) / sd);
        futures.iter_mut().zip(&drawn).for_each(|(future, y)| future.push((y - mean) / sd));
    }
    let mut largest: Vec<f64> = futures.iter().map(|z| cusum(z, SLACK).largest()).collect();
    largest.sort_by(f64::total_cmp);
    let threshold = quantile(&largest, 1.0 - ALARM).max(LEAST_THRESHOLD);
    let sums = cusum(&z, SLACK);
    let date = |t: usize| panel.calendar.date(own.cells[t].1);
    let alarm = sums
        .first_above(threshold)
        .map(|(at, above)| (date(whole[at]), if above { Side::Above } else { Side::Below }));
    let dates = whole.iter().map(|t| date(*t)).collect();
    Tracking { dates, z, high: sums.high, low: sums.low, slack: SLACK, threshold, alarm }
}

impl Monitor {
    /// What says that predictions no longer hold; each happens by chance once in a hundred times.
    pub fn broken(&self) -> Problems {
        let mut problems = Problems::new();
        let mut fail = |code: &'static str, message: String, hint: &str| {
            problems.push(Problem::attention(code, Place::default(), message).hint(hint));
        };
        let (c, pit) = (&self.coverage, &self.pit);
        if c.is_too_low() {
            let least = (c.least * c.n as f64).round();
            fail(
                "monitor.coverage",
                format!(
                    "{} of {} new cells lie inside their interval, chance would put at least {least} there",
                    c.inside, c.n
                ),
                "`mmm predict --data` lists them: a few far outside are events, many just outside a level or noise that moved",
            );
        }
        if pit.p < ALARM {
            let way = if pit.mean > 0.5 { "too low" } else { "too high" };
            fail(
                "monitor.pit",
                format!(
                    "the new KPI does not scatter as predicted (PIT {:.2} from uniform, p {:.3}): predictions are mostly {way}",
                    pit.distance, pit.p
                ),
                "a mean PIT far from 0.5 is a level that has moved, one near 0.5 a noise that has changed",
            );
        }
        if let Some((date, side)) = self.cusum.alarm {
            let side = match side {
                Side::Above => "above",
                Side::Below => "below",
            };
            fail(
                "monitor.cusum",
                format!("by {date} the KPI had run {side} its prediction for too long"),
                "see what happened before that day, name it as an event or a control, and fit again",
            );
        }
        problems
    }

    /// What says that inputs have shifted.
    pub fn shifted(&self) -> Problems {
        let mut problems = Problems::new();
        for input in self.inputs.iter().filter(|input| input.has_shifted() || input.has_left()) {
            let mut words = Vec::new();
            if input.has_shifted() {
                words.push(format!("is spread otherwise than in training (PSI {:.2})", input.psi));
            }
            if input.has_left() {
                words.push(format!(
                    "lies outside what training has seen in {} of {} cells",
                    input.outside, input.n
                ));
            }
            problems.push(
                Problem::attention(
                    "monitor.inputs",
                    Place::default(),
                    format!("{} `{}` {}", input.kind.words(), input.name, words.join(" and ")),
                )
                .hint("what the model says there is a guess beyond its data; a fit on the new periods would know"),
            );
        }
        problems
    }
}
