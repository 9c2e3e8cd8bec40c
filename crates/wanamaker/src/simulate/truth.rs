//! The truth behind a simulated market, in the names and units that a fit reports.

use super::channel::Simulated;
use super::options::Options;
use super::preset::{Preset, Scenario};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that made a simulated table; what `ground_truth.json` holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroundTruth {
    /// Which market.
    pub preset: Preset,
    /// Which variation of it, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Scenario>,
    /// Seed of all random series.
    pub seed: u64,
    /// Number of periods.
    pub n_periods: usize,
    /// Column of the KPI.
    pub kpi: String,
    /// Sum of the KPI over the table, in its units.
    pub kpi_total: f64,
    /// Standard deviation of the noise, in units of the KPI (`geo`: per person).
    pub noise_sd: f64,
    /// The channels in the order of the table.
    pub channels: Vec<ChannelTruth>,
    /// Everything that is not media, by name: levels, slopes, amplitudes, effects of controls.
    pub baseline: BTreeMap<String, f64>,
    /// Contribution of all channels / total KPI; 0 where the total is 0.
    pub media_share: f64,
    /// The truth under the names of a fitted model: `decay[tv]`, `slope[tv]`, `ec50[tv]`, `rate[tv]`, `beta[tv]`,
    /// `roas[tv]`, `contribution_share[tv]`, `control[price]`, `sigma`, `intercept`.
    ///
    /// A fitted model centres its controls, so `intercept` includes their mean effect here, and with effects in
    /// shares of the intercept `beta` is divided by as much. A name is left out where the model that the spec
    /// states has no such parameter of exactly this meaning.
    pub parameters: BTreeMap<String, f64>,
    /// The geos of a panel in the order of the table; empty for a national market.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub geos: Vec<GeoTruth>,
}

/// The truth of one channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelTruth {
    /// Channel name, as in the spec.
    pub name: String,
    /// The parameters that generated it: `decay`, `slope`, `ec50` or `rate`, `beta`.
    pub parameters: BTreeMap<String, f64>,
    /// Spend over the table, currency.
    pub spend_total: f64,
    /// Contribution over the table, in units of the KPI, against zero spend.
    pub contribution_total: f64,
    /// Contribution / spend; 0 where nothing was spent.
    pub roas: f64,
    /// Contribution / total KPI; 0 where the total is 0.
    pub contribution_share: f64,
}

/// The truth of one geo of a panel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GeoTruth {
    /// Geo name.
    pub name: String,
    /// People.
    pub population: f64,
    /// Level without media, season and controls, KPI per person and period.
    pub intercept: f64,
    /// Largest effect of each channel, KPI per person and period.
    pub beta: BTreeMap<String, f64>,
    /// Contribution / spend of each channel; 0 where nothing was spent.
    pub roas: BTreeMap<String, f64>,
}

impl GroundTruth {
    /// The part of the truth that follows from the channels and the KPI alone.
    pub(super) fn new(options: &Options, kpi_name: &str, kpi: &[f64], channels: &[Simulated]) -> Self {
        let kpi_total = kpi.iter().sum();
        let noise_sd = options.noise();
        let channels: Vec<_> = channels.iter().map(|simulated| channel_truth(simulated, kpi_total)).collect();
        let contribution: f64 = channels.iter().map(|channel| channel.contribution_total).sum();
        let mut parameters: BTreeMap<_, _> = channels.iter().flat_map(named_parameters).collect();
        parameters.insert("sigma".to_owned(), noise_sd);
        Self {
            preset: options.preset,
            scenario: options.scenario,
            seed: options.seed,
            n_periods: options.periods(),
            kpi: kpi_name.to_owned(),
            kpi_total,
            noise_sd,
            channels,
            baseline: BTreeMap::new(),
            media_share: ratio(contribution, kpi_total),
            parameters,
            geos: Vec::new(),
        }
    }

    /// The same with these numbers of the baseline.
    pub(super) fn with_baseline<'a>(mut self, named: impl IntoIterator<Item = (&'a str, f64)>) -> Self {
        self.baseline.extend(named.into_iter().map(|(name, value)| (name.to_owned(), value)));
        self
    }

    /// The same with these parameters of the fitted model, replacing those of the same name.
    pub(super) fn with_parameters<N: Into<String>>(
        mut self,
        named: impl IntoIterator<Item = (N, f64)>,
    ) -> Self {
        self.parameters.extend(named.into_iter().map(|(name, value)| (name.into(), value)));
        self
    }

    /// The truth of the channel of that name.
    pub fn channel(&self, name: &str) -> Option<&ChannelTruth> {
        self.channels.iter().find(|channel| channel.name == name)
    }
}

fn channel_truth(simulated: &Simulated, kpi_total: f64) -> ChannelTruth {
    let spend_total = simulated.spend.iter().sum();
    let contribution_total = simulated.path.contribution.iter().sum();
    ChannelTruth {
        name: simulated.channel.name.clone(),
        parameters: simulated.channel.parameters(),
        spend_total,
        contribution_total,
        roas: ratio(contribution_total, spend_total),
        contribution_share: ratio(contribution_total, kpi_total),
    }
}

fn named_parameters(channel: &ChannelTruth) -> Vec<(String, f64)> {
    let name = &channel.name;
    let mut named: Vec<_> =
        channel.parameters.iter().map(|(key, &value)| (format!("{key}[{name}]"), value)).collect();
    named.push((format!("contribution_share[{name}]"), channel.contribution_share));
    if channel.spend_total > 0.0 {
        named.push((format!("roas[{name}]"), channel.roas));
    }
    named
}

/// `part / whole`, and 0 where the whole is 0: JSON has no word for a number that is none.
pub(super) fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}
