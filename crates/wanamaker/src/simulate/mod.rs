//! Markets with a known truth: data to try the tool on, and answers to hold a fit against.
//!
//! Every preset is a file of its own with its constants at the top. All of them are deterministic by seed, and each
//! hands over the table, the truth that made it, and a spec that fits it.

mod analytics;
mod channel;
mod columns;
mod daily5;
mod daily5_controls;
mod daily5_spend;
mod flighting;
mod geo;
mod holidays;
mod kpi4;
mod lite;
pub mod options;
pub mod preset;
mod random;
mod recoverable;
mod spec_text;
pub mod truth;
mod weekly4;

use crate::data::table::Table;
use crate::problem::Problems;
use options::Options;
use preset::{Preset, Scenario};
use truth::GroundTruth;

/// A simulated market.
#[derive(Clone, Debug, PartialEq)]
pub struct Market {
    /// The data as a user would hold them: one row per period, or per geo and period.
    pub table: Table,
    /// The numbers that made them.
    pub truth: GroundTruth,
    /// Adstocked spend, saturation and contribution per channel and period (`daily5` only): 17 columns.
    pub contributions: Option<Table>,
    /// A spec in TOML that fits the table, which it expects in `data.csv` beside it.
    pub spec: String,
}

/// Simulates the market that `options` describe. The same options give the same market, to the last bit.
///
/// # Errors
///
/// Every fault of the options at once: no periods, too few for the preset, a date beyond the calendar, a scenario,
/// channel list or number of geos that the preset does not know, a noise that is not a number from 0 up.
pub fn simulate(options: &Options) -> Result<Market, Problems> {
    options.check()?;
    Ok(match options.preset {
        Preset::Weekly4 => weekly4::market(options),
        Preset::Daily5 => daily5::market(options),
        Preset::Kpi4 => kpi4::market(options),
        Preset::Analytics => analytics::market(options),
        Preset::Lite => lite::market(options),
        Preset::Recoverable => recoverable::market(options),
        Preset::Geo => geo::market(options),
    })
}

/// The five `weekly4` markets that a validation runs over: the baseline and four that each stress one thing, with
/// the seeds 42 to 46.
pub fn validation_suite() -> Vec<Options> {
    let scenarios = [
        None,
        Some(Scenario::SuiteHighTv),
        Some(Scenario::SuiteDigitalFirst),
        Some(Scenario::SuiteStrongAdstock),
        Some(Scenario::SuiteQuickSaturation),
    ];
    let seeded = (42..).zip(scenarios);
    seeded.map(|(seed, scenario)| Options { scenario, ..Options::new(Preset::Weekly4, seed) }).collect()
}

#[cfg(test)]
mod tests;
