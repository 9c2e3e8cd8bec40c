//! Whether the predictive intervals are as wide as they should be.

use super::figures::Estimate;
use super::study::Study;
use crate::validation::predictive_check::{Bar, Compared, Figure, predictive_check};
use schemars::JsonSchema;
use serde::Serialize;

/// The KPI among its predictive draws.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Calibration {
    /// Cells looked at.
    pub cells: usize,
    /// Cells by tenths of their probability integral transform; level where the draws are honest.
    pub pit: Vec<usize>,
    /// Fewest that all tenths together keep to with probability 0.99.
    pub pit_fewest: usize,
    /// Most.
    pub pit_most: usize,
    /// Figures of the KPI beside those of predictive draws.
    pub figures: Vec<FigureRow>,
    /// The KPI by period in bars, beside predictive draws.
    pub density: Vec<DensityBar>,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FigureRow {
    /// Which.
    pub figure: Figure,
    /// Of the KPI.
    pub observed: f64,
    /// Of predictive draws.
    pub predicted: Estimate,
    /// Two-sided.
    pub p: f64,
}

/// A bar of the KPI's histogram.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DensityBar {
    /// Lower end.
    pub from: f64,
    /// Upper end.
    pub to: f64,
    /// Share of the KPI inside.
    pub observed: f64,
    /// Share of predictive draws inside.
    pub predicted: Estimate,
}

/// The KPI of `study` among its predictive draws.
pub fn calibration(study: &Study<'_>) -> Calibration {
    let found = predictive_check(study.model(), &study.diagnosis().predictive, study.settings.level);
    let figure = |row: &Compared| FigureRow {
        figure: row.figure,
        observed: row.observed,
        predicted: row.predicted.into(),
        p: row.p,
    };
    let bar = |bar: &Bar| DensityBar {
        from: bar.from,
        to: bar.to,
        observed: bar.observed,
        predicted: bar.predicted.into(),
    };
    Calibration {
        cells: found.cells,
        pit: found.pit.clone(),
        pit_fewest: found.pit_expected.0,
        pit_most: found.pit_expected.1,
        figures: found.figures.iter().map(figure).collect(),
        density: found.density.iter().map(bar).collect(),
    }
}
