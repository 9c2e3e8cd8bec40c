//! How long an exposure is remembered: half-life, time until 5 % are left, and the lag of the strongest effect.
//!
//! Times are counted in periods, fractions allowed, from the peak of a pulse's effect until the share `s` of it is left:
//!
//! ```text
//! geometric   ln s / ln decay            delayed   √(ln s / ln decay)
//! others      between the two lags around it, straight in ln w:    l + (ln w[l] − ln(s·w[peak])) / (ln w[l] − ln w[l+1])
//! ```
//! Memory ends with the window: no time runs beyond the last lag `L − 1`. Worked: decay 0.85 halves in 4.27 periods and is
//! down to 5 % in 18.43.

use super::{Adstock, Window, geometric};

/// What the memory of a channel amounts to, in periods.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memory {
    /// From the peak until half of it is left.
    pub half_life: f64,
    /// From the peak until 5 % of it are left.
    pub time_to_5_percent: f64,
    /// From the exposure to the peak of its effect.
    pub peak_lag: f64,
}

impl Adstock {
    /// Half-life, time to 5 % and peak; all zero for [`Adstock::None`].
    pub fn memory(&self, parameters: &[f64]) -> Memory {
        Memory {
            half_life: self.half_life(parameters),
            time_to_5_percent: self.periods_until(parameters, 0.05),
            peak_lag: self.peak_lag(parameters),
        }
    }

    /// Periods from the peak of a pulse's effect until half of it is left.
    pub fn half_life(&self, parameters: &[f64]) -> f64 {
        self.periods_until(parameters, 0.5)
    }

    /// Periods from the peak of a pulse's effect until the share `share` (0…1) of it is left, or memory ends.
    pub fn periods_until(&self, parameters: &[f64], share: f64) -> f64 {
        let last = self.n_weights().saturating_sub(1) as f64;
        match *self {
            Self::None => 0.0,
            Self::Geometric { window: Window::Infinite, .. } => {
                geometric::periods_until(parameters[0], share)
            }
            Self::Geometric { .. } => geometric::periods_until(parameters[0], share).min(last),
            Self::Delayed { .. } => {
                // The square of the distance from the peak falls as the lag itself does without one.
                let distance = geometric::periods_until(parameters[0], share).sqrt();
                distance.min(last - self.peak_lag(parameters))
            }
            _ => until(&self.weights_of(parameters), share),
        }
    }

    /// Periods from the exposure to the peak of its effect: the parameter `peak` where there is one, no later than the last
    /// lag; else the lag of the greatest weight, the first where several are alike.
    pub fn peak_lag(&self, parameters: &[f64]) -> f64 {
        match *self {
            Self::None | Self::Geometric { .. } => 0.0,
            Self::Delayed { window, .. } => parameters[1].min(window as f64 - 1.0),
            _ => greatest(&self.weights_of(parameters)) as f64,
        }
    }
}

fn greatest(weights: &[f64]) -> usize {
    (1..weights.len()).fold(0, |peak, l| if weights[l] > weights[peak] { l } else { peak })
}

/// Periods from the greatest weight until `share` of it is left; straight in the logarithm between lags.
fn until(weights: &[f64], share: f64) -> f64 {
    let peak = greatest(weights);
    let Some(top) = weights.get(peak) else { return 0.0 };
    let level = share * top;
    match (peak + 1..weights.len()).find(|l| weights[*l] <= level) {
        None => (weights.len() - 1 - peak) as f64,
        Some(below) => {
            let (before, after) = (weights[below - 1], weights[below]);
            // A weight of nothing falls without end in the logarithm: the lag before is the last that is felt.
            let part = if after > 0.0 { (before / level).ln() / (before / after).ln() } else { 0.0 };
            (below - 1 - peak) as f64 + part
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adstock::BinomialConvention;

    const INFINITE: Adstock = Adstock::Geometric { window: Window::Infinite, normalize: false };

    fn close(actual: f64, expected: f64) {
        assert!((actual - expected).abs() < 1e-9, "{actual} against {expected}");
    }

    #[test]
    fn a_decay_of_85_per_cent_halves_in_4_27_periods_and_is_down_to_5_per_cent_in_18_4() {
        let memory = INFINITE.memory(&[0.85]);
        close(memory.half_life, 4.265_024_281_798_7);
        close(memory.time_to_5_percent, 18.433_128_268_9);
        assert_eq!(memory.peak_lag, 0.0);
        assert_eq!(INFINITE.memory(&[0.0]), Memory::default());
        assert_eq!(INFINITE.half_life(&[1.0]), f64::INFINITY);
        assert_eq!(Adstock::None.memory(&[]), Memory::default());
    }

    #[test]
    fn memory_ends_with_the_window() {
        let short = Adstock::Geometric { window: Window::Periods(8), normalize: true };
        close(short.half_life(&[0.85]), 4.265_024_281_798_7);
        assert_eq!(short.memory(&[0.85]).time_to_5_percent, 7.0);
        let delayed = Adstock::Delayed { window: 6, normalize: true };
        assert_eq!(delayed.memory(&[0.9, 40.0]), Memory { peak_lag: 5.0, ..Memory::default() });
        let flat =
            Adstock::Binomial { window: 9, normalize: true, convention: BinomialConvention::WindowPlusOne };
        assert_eq!(flat.half_life(&[1.0]), 8.0);
    }

    #[test]
    fn a_delayed_effect_is_counted_from_its_peak() {
        let memory = Adstock::Delayed { window: 20, normalize: true }.memory(&[0.8, 3.4]);
        assert_eq!(memory.peak_lag, 3.4);
        close(memory.half_life, (0.5_f64.ln() / 0.8_f64.ln()).sqrt());
        close(memory.half_life, 1.762_465_239_2);
    }

    #[test]
    fn reading_off_weights_agrees_with_the_formula_for_a_geometric_shape() {
        for decay in [0.05_f64, 0.3, 0.6, 0.85] {
            let weights: Vec<f64> = (0..200).map(|l| decay.powi(l)).collect();
            for share in [0.5, 0.05, 0.9] {
                close(until(&weights, share), share.ln() / decay.ln());
            }
        }
    }

    #[test]
    fn the_peak_of_read_weights_is_where_counting_starts() {
        // Half of 0.8 is passed between 0.6 and 0.3, at ln(0.6/0.4)/ln(0.6/0.3) of the way.
        close(until(&[0.1, 0.8, 0.6, 0.3, 0.0], 0.5), 1.0 + 1.5_f64.ln() / 2.0_f64.ln());
        assert_eq!(until(&[1.0, 0.0, 0.0], 0.5), 0.0);
        assert_eq!(until(&[], 0.5), 0.0);
        let line =
            Adstock::Binomial { window: 9, normalize: true, convention: BinomialConvention::WindowPlusOne };
        close(line.half_life(&[0.5]), 5.0);
    }
}
