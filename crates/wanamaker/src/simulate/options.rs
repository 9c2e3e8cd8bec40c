//! What can be asked of the simulators, and the check at their door.

use super::preset::{Preset, Scenario};
use crate::data::calendar::{Calendar, days_between};
use crate::problem::{Place, Problem, Problems};
use jiff::civil::Date;
use std::collections::HashSet;

/// Most values a simulated table may hold, counted as rows × channels.
const MOST_CELLS: usize = 10_000_000;
/// Largest noise that still leaves sums of squares far from overflow.
const MOST_NOISE: f64 = 1e12;

/// What to simulate. Everything but the preset and the seed may be left to the preset.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Which market.
    pub preset: Preset,
    /// Seed of all random series; the same seed gives the same market.
    pub seed: u64,
    /// Number of periods, ≥ 1 (`recoverable` and `geo`: ≥ 26).
    pub n_periods: Option<usize>,
    /// First period. Not for `kpi4`, which numbers its weeks.
    pub start: Option<Date>,
    /// A variation, for `weekly4` only.
    pub scenario: Option<Scenario>,
    /// Channel names, for `lite` only; default `search, social, video`.
    pub channels: Option<Vec<String>>,
    /// Number of geos, for `geo` only; default 20.
    pub n_geos: Option<usize>,
    /// Standard deviation of the noise, 0 … 1e12, in units of the KPI (`geo`: per person).
    pub noise_sd: Option<f64>,
}

impl Options {
    /// A preset as it stands.
    pub fn new(preset: Preset, seed: u64) -> Self {
        Self {
            preset,
            seed,
            n_periods: None,
            start: None,
            scenario: None,
            channels: None,
            n_geos: None,
            noise_sd: None,
        }
    }

    /// Number of periods, the preset's where none is given.
    pub fn periods(&self) -> usize {
        self.n_periods.unwrap_or(self.preset.default_periods())
    }

    /// Number of geos: 1 for every preset but `geo`, whose default is 20.
    pub fn geos(&self) -> usize {
        if self.preset == Preset::Geo { self.n_geos.unwrap_or(20) } else { 1 }
    }

    /// Standard deviation of the noise, the preset's where none is given.
    pub fn noise(&self) -> f64 {
        self.noise_sd.unwrap_or(self.preset.default_noise_sd())
    }

    /// The time axis.
    pub fn calendar(&self) -> Calendar {
        let start = self.start.unwrap_or(self.preset.default_start());
        Calendar::new(start, self.preset.spacing(), self.periods())
    }

    /// Every fault at once.
    pub(super) fn check(&self) -> Result<(), Problems> {
        let mut problems = Problems::new();
        self.check_sizes(&mut problems);
        self.check_start(&mut problems);
        self.check_belonging(&mut problems);
        self.check_channels(&mut problems);
        if self.noise_sd.is_some_and(|sd| !(0.0..=MOST_NOISE).contains(&sd)) {
            let message = format!("the noise is {}, it must be a number from 0 to 1e12", self.noise());
            problems.push(Problem::error("simulate.bad_noise", Place::key("noise_sd"), message));
        }
        problems.or(())
    }

    fn check_sizes(&self, problems: &mut Problems) {
        let (periods, fewest) = (self.periods(), self.preset.fewest_periods());
        if periods < fewest {
            let preset = self.preset;
            let message = format!("{periods} periods were asked for, `{preset}` needs at least {fewest}");
            problems.push(Problem::error("simulate.too_few_periods", Place::key("n_periods"), message));
        }
        if self.geos() == 0 {
            let message = "0 geos were asked for, a panel needs at least 1";
            problems.push(Problem::error("simulate.too_few_geos", Place::key("n_geos"), message));
        }
        let n_channels = self.channels.as_ref().map_or(5, Vec::len);
        let cells = periods.checked_mul(self.geos()).and_then(|rows| rows.checked_mul(n_channels));
        if cells.is_none_or(|cells| cells > MOST_CELLS) {
            let message = format!(
                "{periods} periods × {} geos × {n_channels} channels are more than {MOST_CELLS} values",
                self.geos()
            );
            problems.push(Problem::error("simulate.too_large", Place::key("n_periods"), message));
        }
    }

    fn check_start(&self, problems: &mut Problems) {
        let calendar = self.calendar();
        let start = calendar.start();
        let days = self.preset.spacing().mean_days() * self.periods() as f64;
        let room = days_between(start, Date::MAX) as f64;
        if start.year() < 1 || days > room {
            let message = format!(
                "{} periods from {start} leave the calendar, which runs from 0001-01-01 to 9999-12-31",
                self.periods()
            );
            problems.push(Problem::error("simulate.beyond_calendar", Place::key("start"), message));
        }
    }

    fn check_belonging(&self, problems: &mut Problems) {
        let preset = self.preset;
        let mut only = |given: bool, key: &str, owner: Preset| {
            if given && preset != owner {
                problems.push(
                    Problem::error(
                        "simulate.option_not_for_preset",
                        Place::key(key),
                        format!("`{key}` is an option of `{owner}`, not of `{preset}`"),
                    )
                    .hint(format!("leave `{key}` out, or choose the preset `{owner}`")),
                );
            }
        };
        only(self.scenario.is_some(), "scenario", Preset::Weekly4);
        only(self.channels.is_some(), "channels", Preset::Lite);
        only(self.n_geos.is_some(), "n_geos", Preset::Geo);
        if self.start.is_some() && preset == Preset::Kpi4 {
            let message = "`kpi4` numbers its weeks and has no dates to start from";
            let problem = Problem::error("simulate.option_not_for_preset", Place::key("start"), message);
            problems.push(problem.hint("leave `start` out, or choose the preset `analytics`"));
        }
    }

    fn check_channels(&self, problems: &mut Problems) {
        let Some(channels) = &self.channels else { return };
        let mut fault = |message: String| {
            problems.push(Problem::error("simulate.bad_channels", Place::key("channels"), message));
        };
        if channels.is_empty() {
            fault("the list of channels is empty".to_owned());
        }
        let mut seen = HashSet::from(["date", "sales"]);
        for name in channels {
            if name.is_empty() || name.trim() != name || name.chars().any(char::is_control) {
                fault(format!("`{}` cannot be the name of a channel", name.escape_debug()));
            } else if !seen.insert(name.as_str()) {
                fault(format!("the column `{name}` would stand in the table twice"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn codes(options: &Options) -> Vec<&'static str> {
        options.check().err().map_or(vec![], |problems| problems.iter().map(|p| p.code).collect())
    }

    #[test]
    fn the_presets_as_they_stand_are_sound() {
        for preset in Preset::ALL {
            assert_eq!(codes(&Options::new(preset, 0)), Vec::<&str>::new());
        }
    }

    #[test]
    fn every_fault_is_found_in_one_pass() {
        let options = Options {
            n_periods: Some(0),
            start: Some(date(-5, 1, 1)),
            channels: Some(vec!["sales".into(), " tv".into()]),
            n_geos: Some(3),
            noise_sd: Some(f64::NAN),
            scenario: Some(Scenario::LongAdstock),
            ..Options::new(Preset::Daily5, 1)
        };
        let expected = [
            "simulate.too_few_periods",
            "simulate.beyond_calendar",
            "simulate.option_not_for_preset",
            "simulate.option_not_for_preset",
            "simulate.option_not_for_preset",
            "simulate.bad_channels",
            "simulate.bad_channels",
            "simulate.bad_noise",
        ];
        assert_eq!(codes(&options), expected);
    }

    #[test]
    fn absurd_sizes_are_refused_before_memory_is() {
        let many = Options { n_periods: Some(usize::MAX), ..Options::new(Preset::Lite, 1) };
        assert_eq!(codes(&many), ["simulate.too_large", "simulate.beyond_calendar"]);
        let geos = Options { n_geos: Some(usize::MAX), ..Options::new(Preset::Geo, 1) };
        assert_eq!(codes(&geos), ["simulate.too_large"]);
        let none = Options { n_geos: Some(0), ..Options::new(Preset::Geo, 1) };
        assert_eq!(codes(&none), ["simulate.too_few_geos"]);
    }

    #[test]
    fn kpi4_has_no_start() {
        let options = Options { start: Some(date(2024, 1, 1)), ..Options::new(Preset::Kpi4, 1) };
        assert_eq!(codes(&options), ["simulate.option_not_for_preset"]);
    }
}
