//! A simulated channel: its true adstock, saturation and effect, and what they make of a series of exposure.

use crate::adstock::{Adstock, Window};
use crate::saturation::Saturation;
use std::collections::BTreeMap;

/// The true saturation of a channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Curve {
    Hill { slope: f64, ec50: f64 },
    Exponential { rate: f64 },
}

/// A channel and its truth. Its adstock is geometric, unnormalised, without a last lag.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Channel {
    pub(super) name: String,
    pub(super) decay: f64,
    pub(super) curve: Curve,
    /// Largest effect per period, in units of the KPI divided by `level`.
    pub(super) beta: f64,
}

/// What a channel made of its exposure, `[time]` each.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Path {
    pub(super) adstocked: Vec<f64>,
    pub(super) saturated: Vec<f64>,
    pub(super) contribution: Vec<f64>,
}

/// A channel with the spend that went in and the path that came out, `[geo, time]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Simulated {
    pub(super) channel: Channel,
    pub(super) spend: Vec<f64>,
    pub(super) path: Path,
}

impl Channel {
    pub(super) fn hill(name: &str, decay: f64, slope: f64, ec50: f64, beta: f64) -> Self {
        Self { name: name.to_owned(), decay, curve: Curve::Hill { slope, ec50 }, beta }
    }

    /// `contribution[t] = level · beta · h(a[t])`, `a[t] = x[t] + decay · a[t−1]`.
    ///
    /// - `exposure`: `x`, shape `[time]`, ≥ 0
    /// - `level`: 1 for additive effects, the intercept where effects are shares of it
    pub(super) fn run(&self, exposure: &[f64], level: f64) -> Path {
        let n = exposure.len();
        let mut adstocked = vec![0.0; n];
        let adstock = Adstock::Geometric { window: Window::Infinite, normalize: false };
        adstock.forward(&[self.decay], &[], exposure, &mut adstocked);
        let (mut saturated, mut auxiliary) = (vec![0.0; n], vec![0.0; n]);
        match self.curve {
            Curve::Hill { slope, ec50 } => {
                Saturation::Hill.forward(&[slope, ec50], &adstocked, &mut saturated, &mut auxiliary);
            }
            Curve::Exponential { rate } => {
                Saturation::Exponential.forward(&[rate], &adstocked, &mut saturated, &mut auxiliary);
            }
        }
        let contribution = saturated.iter().map(|h| level * self.beta * h).collect();
        Path { adstocked, saturated, contribution }
    }

    /// The same with its exposure being its spend.
    pub(super) fn spend(self, spend: Vec<f64>, level: f64) -> Simulated {
        let path = self.run(&spend, level);
        Simulated { channel: self, spend, path }
    }

    /// The true parameters by name: `decay`, `slope`, `ec50` or `rate`, `beta`.
    pub(super) fn parameters(&self) -> BTreeMap<String, f64> {
        let mut named = vec![("decay", self.decay), ("beta", self.beta)];
        match self.curve {
            Curve::Hill { slope, ec50 } => named.extend([("slope", slope), ("ec50", ec50)]),
            Curve::Exponential { rate } => named.push(("rate", rate)),
        }
        named.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Sum over channels of their contribution in each period, `[time]`.
pub(super) fn total_contribution(channels: &[Simulated]) -> Vec<f64> {
    let n = channels.first().map_or(0, |simulated| simulated.path.contribution.len());
    (0..n).map(|t| channels.iter().map(|simulated| simulated.path.contribution[t]).sum()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pulse_decays_and_saturates_as_on_paper() {
        let path = Channel::hill("tv", 0.5, 2.0, 50.0, 10.0).run(&[100.0, 0.0, 0.0], 1.0);
        assert_eq!(path.adstocked, [100.0, 50.0, 25.0]);
        for (got, expected) in path.contribution.iter().zip([8.0, 5.0, 2.0]) {
            assert!((got - expected).abs() < 1e-12, "{got} {expected}");
        }
    }

    #[test]
    fn the_exponential_curve_is_half_full_at_ln_2_over_rate() {
        let curve = Curve::Exponential { rate: 0.005 };
        let channel = Channel { name: "search".into(), decay: 0.0, curve, beta: 1.0 };
        let path = channel.run(&[2f64.ln() / 0.005], 1.0);
        assert!((path.saturated[0] - 0.5).abs() < 1e-12);
    }
}
