//! What a model is made of: its data, period by period and column by column, and how many of them carry each parameter.

use super::compile::CompiledModel;
use crate::data::panel::Panel;
use crate::math::decimals::grouped;
use crate::problem::{Place, Problem, Problems};
use jiff::civil::Date;

/// Fewer observations per parameter than this leave much to the priors.
const FEW: f64 = 4.0;

/// What a model is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Periods.
    pub periods: usize,
    /// Of these before the first KPI.
    pub history_periods: usize,
    /// Of these held back.
    pub holdout_periods: usize,
    /// What a period is called: day, week, month.
    pub spacing: &'static str,
    /// First day of the first period.
    pub first: Date,
    /// First day of the last period.
    pub last: Date,
    /// Cells with a KPI that train.
    pub observations: usize,
    /// Free parameters.
    pub parameters: usize,
    /// Observations for each of them.
    pub observations_per_parameter: f64,
    /// Draws that its sampler keeps, all chains together.
    pub draws: usize,
    /// Bytes of these draws.
    pub posterior_bytes: usize,
    /// Columns, the KPI first.
    pub series: Vec<Series>,
}

/// A column of the panel as a reader thinks of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its part: kpi, channel, organic, treatment, control, event.
    pub role: &'static str,
    /// Name.
    pub name: String,
    /// Sum.
    pub total: f64,
    /// Mean.
    pub mean: f64,
    /// Smallest value.
    pub least: f64,
    /// Largest value.
    pub most: f64,
    /// Share of zeros.
    pub zero: f64,
    /// Cells without a value, which count nowhere else.
    pub missing: usize,
}

/// The facts of `model`.
pub fn facts(model: &CompiledModel) -> Facts {
    let (panel, sampler) = (&model.panel, &model.spec.sampler);
    let observations = model.window.observed.iter().filter(|seen| **seen).count();
    let parameters = model.layout.n_free();
    let draws = sampler.n_chains() * sampler.draws.unwrap_or(1000);
    Facts {
        periods: panel.n_times(),
        history_periods: panel.n_history,
        holdout_periods: panel.n_times() - model.window.end,
        spacing: panel.calendar.spacing().name(),
        first: panel.calendar.start(),
        last: panel.calendar.date(panel.n_times().saturating_sub(1)),
        observations,
        parameters,
        observations_per_parameter: observations as f64 / parameters.max(1) as f64,
        draws,
        posterior_bytes: draws * parameters * size_of::<f64>(),
        series: series(panel),
    }
}

impl Facts {
    /// What is to be thought of so many parameters on so few observations.
    pub fn findings(&self) -> Problems {
        let ratio = self.observations_per_parameter;
        if ratio >= FEW {
            return Problems::new();
        }
        let message = format!(
            "{} observations carry {} parameters, {ratio:.1} each: much of what comes out will be what the priors put in",
            grouped(&self.observations.to_string()),
            grouped(&self.parameters.to_string())
        );
        let hint = "give more history, merge channels that move together, or drop controls and harmonics";
        Problem::attention("data.few_per_parameter", Place::default(), message).hint(hint).into()
    }
}

fn series(panel: &Panel) -> Vec<Series> {
    let mut all = vec![summed("kpi", &panel.kpi.name, &panel.kpi.values)];
    for (role, media) in [("channel", &panel.media), ("organic", &panel.organic)] {
        all.extend(
            media
                .iter()
                .map(|media| summed(role, &media.name, media.spend.as_ref().unwrap_or(&media.exposure))),
        );
    }
    for (role, series) in [("treatment", &panel.treatments), ("control", &panel.controls)] {
        all.extend(series.iter().map(|series| summed(role, &series.name, &series.values)));
    }
    all.extend(panel.events.iter().map(|event| summed("event", &event.name, &event.values)));
    all
}

fn summed(role: &'static str, name: &str, values: &[f64]) -> Series {
    let seen: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
    let total: f64 = seen.iter().sum();
    Series {
        role,
        name: name.to_owned(),
        total,
        mean: total / seen.len() as f64,
        least: seen.iter().copied().fold(f64::INFINITY, f64::min),
        most: seen.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        zero: seen.iter().filter(|x| **x == 0.0).count() as f64 / seen.len() as f64,
        missing: values.len() - seen.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_without_a_value_count_nowhere_but_among_the_missing() {
        let found = summed("kpi", "sales", &[f64::NAN, 0.0, 4.0, -1.0]);
        assert_eq!((found.total, found.mean, found.least, found.most), (3.0, 1.0, -1.0, 4.0));
        assert_eq!((found.zero, found.missing), (1.0 / 3.0, 1));
    }
}
