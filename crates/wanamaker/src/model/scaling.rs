//! Divisors taken from the training cells, and the way back to the user's units. Nobody outside sees scaled numbers.

use crate::data::panel::Panel;
use crate::prior::DataWord;
use crate::spec::{Scale, ScaleWord, ScalingSpec};

/// Which cells train the model.
#[derive(Clone, Debug)]
pub struct Training {
    /// Periods `0..end` train; later ones are held out.
    pub end: usize,
    /// First period with a KPI value.
    pub start: usize,
    /// Whether cell `[geo, time]` enters the likelihood.
    pub observed: Vec<bool>,
}

impl Training {
    /// The training cells of `panel` with its last `holdout` periods held back.
    pub fn new(panel: &Panel, holdout: usize) -> Self {
        let n = panel.n_times();
        let end = n.saturating_sub(holdout);
        let observed =
            panel.kpi.values.iter().enumerate().map(|(i, y)| y.is_finite() && i % n < end).collect();
        Self { end, start: panel.n_history, observed }
    }

    /// Values of `[geo, time]` in periods that train, whether the KPI is there or not.
    pub fn values<'a>(&'a self, series: &'a [f64], n_times: usize) -> impl Iterator<Item = f64> + 'a {
        series.iter().enumerate().filter(move |(i, _)| i % n_times < self.end).map(|(_, x)| *x)
    }

    /// Periods in which every geo is observed, ascending.
    pub fn whole_periods(&self, n_times: usize) -> Vec<usize> {
        (0..n_times).filter(|t| self.observed.iter().skip(*t).step_by(n_times).all(|seen| *seen)).collect()
    }

    /// Values of `[geo, time]` where the KPI is observed.
    pub fn observed_values<'a>(&'a self, series: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        series.iter().zip(&self.observed).filter(|(_, seen)| **seen).map(|(x, _)| *x)
    }
}

/// The constants between the user's units and the scale of the priors.
#[derive(Clone, Debug, PartialEq)]
pub struct Units {
    /// KPI: `user = kpi · population-or-1 · model`.
    pub kpi: f64,
    /// Exposure by channel, paid then organic.
    pub media: Vec<f64>,
    /// Divisor of a geo's KPI and exposure: its population with `per_capita`, else 1.
    pub geo: Vec<f64>,
    /// Control: centre and divisor.
    pub controls: Vec<(f64, f64)>,
    /// Treatment: counterfactual level and divisor.
    pub treatments: Vec<(f64, f64)>,
}

impl Units {
    /// What one unit of the mean is in KPI units in geo `geo`.
    pub fn kpi_of(&self, geo: usize) -> f64 {
        self.kpi * self.geo[geo]
    }
}

/// Mean of the values; NaN for none.
pub fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0usize), |(sum, n), x| (sum + x, n + 1));
    sum / n as f64
}

/// Population standard deviation; NaN for none.
pub fn standard_deviation(values: &[f64]) -> f64 {
    let centre = mean(values.iter().copied());
    mean(values.iter().map(|x| (x - centre).powi(2))).sqrt()
}

/// The divisor that `scale` asks for; 1 where the data give none (all zero, constant).
pub fn divisor(scale: Option<Scale>, values: &[f64]) -> f64 {
    let found = match scale.unwrap_or(Scale::Word(ScaleWord::None)) {
        Scale::Fixed(number) => number,
        Scale::Word(ScaleWord::None) => 1.0,
        Scale::Word(ScaleWord::Max) => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Scale::Word(ScaleWord::Mean) => mean(values.iter().copied()),
        Scale::Word(ScaleWord::MedianNonzero) => {
            let mut nonzero: Vec<f64> = values.iter().copied().filter(|x| *x != 0.0).collect();
            nonzero.sort_by(f64::total_cmp);
            match nonzero.len() {
                0 => 1.0,
                n if n % 2 == 1 => nonzero[n / 2],
                n => 0.5 * (nonzero[n / 2 - 1] + nonzero[n / 2]),
            }
        }
        Scale::Word(ScaleWord::Standardize) => standard_deviation(values),
    };
    if found.is_finite() && found != 0.0 { found } else { 1.0 }
}

/// Finds all constants from the training cells of `panel`.
pub fn find_units(panel: &Panel, training: &Training, scaling: &ScalingSpec, levels: &[f64]) -> Units {
    let n = panel.n_times();
    let geo =
        if scaling.per_capita == Some(true) { panel.population.clone() } else { vec![1.0; panel.n_geos()] };
    let per_geo =
        |series: &[f64]| -> Vec<f64> { series.iter().enumerate().map(|(i, x)| x / geo[i / n]).collect() };
    let kpi = per_geo(&panel.kpi.values);
    let kpi: Vec<f64> = training.observed_values(&kpi).collect();
    let media = panel
        .media
        .iter()
        .chain(&panel.organic)
        .map(|media| {
            divisor(scaling.media, &training.values(&per_geo(&media.exposure), n).collect::<Vec<_>>())
        })
        .collect();
    let controls = panel
        .controls
        .iter()
        .map(|control| {
            let values: Vec<f64> = training.observed_values(&control.values).collect();
            let centre =
                if scaling.center_controls == Some(false) { 0.0 } else { mean(values.iter().copied()) };
            (if centre.is_finite() { centre } else { 0.0 }, divisor(scaling.control, &values))
        })
        .collect();
    let treatments = panel
        .treatments
        .iter()
        .zip(levels)
        .map(|(treatment, level)| {
            let values: Vec<f64> = training.observed_values(&treatment.values).collect();
            (*level, divisor(scaling.control, &values))
        })
        .collect();
    Units { kpi: divisor(scaling.kpi, &kpi), media, geo, controls, treatments }
}

/// What the words in priors mean for one channel, on the scale of the priors.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    mean_kpi: f64,
    sd_kpi: f64,
    max_kpi: f64,
    mean_exposure: f64,
    mean_active_exposure: f64,
    max_exposure: f64,
    spend_share: f64,
}

impl Words {
    /// Words about the KPI alone, from its scaled training values.
    pub fn of_kpi(kpi: &[f64]) -> Self {
        Self {
            mean_kpi: mean(kpi.iter().copied()),
            sd_kpi: standard_deviation(kpi),
            max_kpi: kpi.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            mean_exposure: f64::NAN,
            mean_active_exposure: f64::NAN,
            max_exposure: f64::NAN,
            spend_share: f64::NAN,
        }
    }

    /// The same with words about one channel's scaled exposure.
    pub fn with_exposure(self, exposure: &[f64]) -> Self {
        Self {
            mean_exposure: mean(exposure.iter().copied()),
            mean_active_exposure: mean(exposure.iter().copied().filter(|x| *x > 0.0)),
            max_exposure: exposure.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            ..self
        }
    }

    /// The same with the channel's share of all spend.
    pub fn with_spend_share(self, spend_share: f64) -> Self {
        Self { spend_share, ..self }
    }

    /// The number behind a word; `None` where it means nothing.
    pub fn get(&self, word: DataWord) -> Option<f64> {
        let value = match word {
            DataWord::MeanKpi => self.mean_kpi,
            DataWord::SdKpi => self.sd_kpi,
            DataWord::MaxKpi => self.max_kpi,
            DataWord::MeanExposure => self.mean_exposure,
            DataWord::MeanActiveExposure => self.mean_active_exposure,
            DataWord::MaxExposure => self.max_exposure,
            DataWord::PerMeanExposure => 1.0 / self.mean_active_exposure,
            DataWord::SpendShare => self.spend_share,
        };
        value.is_finite().then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_divisor_is_what_its_word_says() {
        let values = [0.0, 2.0, 4.0, 10.0];
        let word = |word| divisor(Some(Scale::Word(word)), &values);
        assert_eq!(word(ScaleWord::None), 1.0);
        assert_eq!(word(ScaleWord::Max), 10.0);
        assert_eq!(word(ScaleWord::Mean), 4.0);
        assert_eq!(word(ScaleWord::MedianNonzero), 4.0);
        assert!((word(ScaleWord::Standardize) - 14.0_f64.sqrt()).abs() < 1e-12);
        assert_eq!(divisor(Some(Scale::Fixed(7.0)), &values), 7.0);
        assert_eq!(divisor(Some(Scale::Word(ScaleWord::Max)), &[0.0, 0.0]), 1.0);
    }
}
