//! What went into the model: spend over time, and how far series say the same.

use super::about::{Finding, findings};
use super::figures::finite;
use super::kpi_over_time::total_kpi;
use super::study::Study;
use crate::data::panel::{Media, Series};
use crate::data::review::review;
use crate::statistics::collinearity::{correlations, standardized, variance_inflation};
use schemars::JsonSchema;
use serde::Serialize;

/// The data.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Inputs {
    /// First days of all periods, media history included.
    pub dates: Vec<String>,
    /// The KPI summed over geos.
    pub kpi: Vec<Option<f64>>,
    /// Channels.
    pub channels: Vec<InputOf>,
    /// Controls and treatments, means over geos.
    pub controls: Vec<ControlOf>,
    /// How series hang together over the training cells.
    pub correlation: CorrelationTable,
    /// What a careful analyst would say about them.
    pub findings: Vec<Finding>,
}

/// One channel's input, summed over geos.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct InputOf {
    /// Channel.
    pub name: String,
    /// Spend; nothing where it is not paid for.
    pub spend: Option<Vec<f64>>,
    /// Exposure, where it is not spend itself.
    pub exposure: Option<Vec<f64>>,
    /// Share of the periods of the training window without exposure.
    pub dark: f64,
}

/// One control.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ControlOf {
    /// Name.
    pub name: String,
    /// By period.
    pub values: Vec<f64>,
}

/// Pearson correlations, similar series side by side.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CorrelationTable {
    /// Series in order; those that do not vary are left out.
    pub names: Vec<String>,
    /// `[series][series]`.
    pub r: Vec<Vec<f64>>,
    /// Variance inflation of each; nothing where the others say it exactly.
    pub variance_inflation: Vec<Option<f64>>,
}

/// The data of `study`.
pub fn inputs(study: &Study<'_>) -> Inputs {
    let model = study.model();
    let panel = &model.panel;
    let (n_geos, n) = (panel.n_geos(), panel.n_times());
    let summed = |series: &[f64]| -> Vec<f64> {
        (0..n).map(|t| (0..n_geos).map(|geo| series[geo * n + t]).sum()).collect()
    };
    let channel = |media: &Media| {
        let dark = study.window().spent();
        let periods = dark.len() as f64;
        let exposure = summed(&media.exposure);
        InputOf {
            name: media.name.clone(),
            dark: dark.filter(|t| exposure[*t] == 0.0).count() as f64 / periods,
            exposure: (media.spend.as_ref() != Some(&media.exposure)).then_some(exposure),
            spend: media.spend.as_deref().map(summed),
        }
    };
    let control = |series: &Series| ControlOf {
        name: series.name.clone(),
        values: summed(&series.values).iter().map(|sum| sum / n_geos as f64).collect(),
    };
    Inputs {
        dates: panel.calendar.dates().iter().map(ToString::to_string).collect(),
        kpi: (0..n).map(|t| finite(total_kpi(model, t))).collect(),
        channels: panel.media.iter().chain(&panel.organic).map(channel).collect(),
        controls: panel.controls.iter().chain(&panel.treatments).map(control).collect(),
        correlation: correlation(study),
        findings: findings(&review(panel)),
    }
}

/// Correlations of exposures, controls, treatments and the KPI over the training cells.
fn correlation(study: &Study<'_>) -> CorrelationTable {
    let model = study.model();
    let panel = &model.panel;
    let media = panel.media.iter().chain(&panel.organic).map(|media| (&media.name, &media.exposure));
    let others = panel.controls.iter().chain(&panel.treatments).chain(std::iter::once(&panel.kpi));
    let all = media.chain(others.map(|series| (&series.name, &series.values)));
    let varying = all.filter_map(|(name, values)| {
        let cells: Vec<f64> = model.window.observed_values(values).collect();
        standardized(&cells).map(|standard| (name.clone(), standard))
    });
    let (names, series): (Vec<String>, Vec<Vec<f64>>) = varying.unzip();
    let p = names.len();
    let r = correlations(&series);
    // What the KPI says of a channel is no reason to doubt its effect.
    let explanatory: Vec<usize> = (0..p).filter(|i| names[*i] != panel.kpi.name).collect();
    let row = |i: &usize| explanatory.iter().map(|j| r[i * p + j]).collect::<Vec<f64>>();
    let own: Vec<f64> = explanatory.iter().flat_map(row).collect();
    let factors = variance_inflation(&own, explanatory.len());
    let factor = |i: &usize| explanatory.iter().position(|k| k == i).and_then(|k| finite(factors[k]));
    let order = side_by_side(&r, p);
    CorrelationTable {
        names: order.iter().map(|i| names[*i].clone()).collect(),
        r: order.iter().map(|i| order.iter().map(|j| r[i * p + j]).collect()).collect(),
        variance_inflation: order.iter().map(factor).collect(),
    }
}

/// An order in which each series stands beside the one most like it among those left, from the one most like the others.
fn side_by_side(r: &[f64], p: usize) -> Vec<usize> {
    let mut left: Vec<usize> = (0..p).collect();
    let mut order: Vec<usize> = Vec::with_capacity(p);
    while !left.is_empty() {
        let likeness = |i: usize| match order.last() {
            Some(last) => r[last * p + i].abs(),
            None => (0..p).map(|j| r[j * p + i].abs()).sum(),
        };
        let next = (0..left.len()).fold(
            0,
            |best, k| {
                if likeness(left[k]) > likeness(left[best]) { k } else { best }
            },
        );
        order.push(left.remove(next));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_series_stand_side_by_side() {
        // 0 and 2 are alike, 1 and 3 are; 0 is the most like all.
        let r = [1.0, 0.2, 0.9, 0.2, 0.2, 1.0, 0.1, 0.8, 0.9, 0.1, 1.0, 0.15, 0.2, 0.8, 0.15, 1.0];
        assert_eq!(side_by_side(&r, 4), [0, 2, 3, 1]);
        assert!(side_by_side(&[], 0).is_empty());
    }
}
