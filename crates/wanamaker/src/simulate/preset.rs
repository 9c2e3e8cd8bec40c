//! The markets that can be simulated, their scenarios, and what each does when nothing else is asked.

use crate::data::calendar::Spacing;
use crate::problem::{Place, Problem, Problems, nearest};
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The markets that can be simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Two years of weeks, four channels in spikes, price and promotion. TV is nearly saturated: hard to recover.
    Weekly4,
    /// Three years of days, five correlated channels, holidays, promotions, a competitor and the economy.
    Daily5,
    /// Two years of weeks of a count, four channels of independent spend: channels that are hard to tell apart.
    Kpi4,
    /// Two years of weeks of a count, four channels that differ in size.
    Analytics,
    /// Days, any channels, all of them fully saturated: media effects cannot be identified, by design.
    Lite,
    /// Four years of weeks, four channels that go on and off: every channel can be recovered within a few percent.
    Recoverable,
    /// A panel of geos with population, impressions and spend, whose effects differ by geo.
    Geo,
}

impl Preset {
    /// All presets.
    pub const ALL: [Preset; 7] = [
        Preset::Weekly4,
        Preset::Daily5,
        Preset::Kpi4,
        Preset::Analytics,
        Preset::Lite,
        Preset::Recoverable,
        Preset::Geo,
    ];

    /// Its name, as in `--preset`.
    pub fn name(self) -> &'static str {
        match self {
            Preset::Weekly4 => "weekly4",
            Preset::Daily5 => "daily5",
            Preset::Kpi4 => "kpi4",
            Preset::Analytics => "analytics",
            Preset::Lite => "lite",
            Preset::Recoverable => "recoverable",
            Preset::Geo => "geo",
        }
    }

    /// Periods simulated when nothing else is asked.
    pub fn default_periods(self) -> usize {
        match self {
            Preset::Weekly4 | Preset::Kpi4 | Preset::Analytics | Preset::Geo => 104,
            Preset::Daily5 => 1095,
            Preset::Lite => 200,
            Preset::Recoverable => 208,
        }
    }

    /// Fewest periods that the preset makes sense with: its blocks on and off need room.
    pub fn fewest_periods(self) -> usize {
        match self {
            Preset::Recoverable | Preset::Geo => 26,
            _ => 1,
        }
    }

    /// First period when nothing else is asked.
    pub fn default_start(self) -> Date {
        match self {
            Preset::Weekly4 => date(2022, 1, 2),
            Preset::Daily5 => date(2022, 1, 1),
            Preset::Recoverable | Preset::Geo => date(2021, 1, 4),
            Preset::Kpi4 | Preset::Analytics | Preset::Lite => date(2023, 1, 1),
        }
    }

    /// Days or weeks.
    pub fn spacing(self) -> Spacing {
        match self {
            Preset::Daily5 | Preset::Lite => Spacing::Days(1),
            _ => Spacing::Days(7),
        }
    }

    /// Standard deviation of the noise when nothing else is asked, in units of the KPI (`geo`: per person).
    pub fn default_noise_sd(self) -> f64 {
        match self {
            Preset::Weekly4 => 5000.0,
            Preset::Daily5 => 2500.0,
            Preset::Kpi4 | Preset::Analytics => 15.0,
            Preset::Lite => 50.0,
            Preset::Recoverable => 2000.0,
            Preset::Geo => 0.05,
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Preset {
    type Err = Problems;

    fn from_str(word: &str) -> Result<Self, Problems> {
        let found = Self::ALL.into_iter().find(|preset| preset.name() == word.to_lowercase());
        found.ok_or_else(|| {
            unknown("simulate.unknown_preset", "preset", word, &Self::ALL.map(Self::name)).into()
        })
    }
}

/// A variation of `weekly4`: some constants differ from the baseline, all others stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scenario {
    /// TV works nearly twice as well and lasts longer.
    HighTvEffectiveness,
    /// Digital works best, TV worse.
    DigitalDominant,
    /// TV and radio last long.
    LongAdstock,
    /// TV and digital saturate early and at a lower ceiling.
    QuickSaturation,
    /// Set two of the validation suite: TV works nearly twice as well.
    SuiteHighTv,
    /// Set three of the validation suite: digital works half as well again.
    SuiteDigitalFirst,
    /// Set four of the validation suite: TV and radio last somewhat longer.
    SuiteStrongAdstock,
    /// Set five of the validation suite: TV and digital saturate very early.
    SuiteQuickSaturation,
}

impl Scenario {
    /// All scenarios.
    pub const ALL: [Scenario; 8] = [
        Scenario::HighTvEffectiveness,
        Scenario::DigitalDominant,
        Scenario::LongAdstock,
        Scenario::QuickSaturation,
        Scenario::SuiteHighTv,
        Scenario::SuiteDigitalFirst,
        Scenario::SuiteStrongAdstock,
        Scenario::SuiteQuickSaturation,
    ];

    /// Its name, as in `--scenario`.
    pub fn name(self) -> &'static str {
        match self {
            Scenario::HighTvEffectiveness => "high_tv_effectiveness",
            Scenario::DigitalDominant => "digital_dominant",
            Scenario::LongAdstock => "long_adstock",
            Scenario::QuickSaturation => "quick_saturation",
            Scenario::SuiteHighTv => "suite_high_tv",
            Scenario::SuiteDigitalFirst => "suite_digital_first",
            Scenario::SuiteStrongAdstock => "suite_strong_adstock",
            Scenario::SuiteQuickSaturation => "suite_quick_saturation",
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scenario {
    type Err = Problems;

    fn from_str(word: &str) -> Result<Self, Problems> {
        let found = Self::ALL.into_iter().find(|scenario| scenario.name() == word.to_lowercase());
        found.ok_or_else(|| {
            unknown("simulate.unknown_scenario", "scenario", word, &Self::ALL.map(Self::name)).into()
        })
    }
}

fn unknown(code: &'static str, what: &str, word: &str, names: &[&str]) -> Problem {
    let hint = match nearest(word, names.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("choose one of {}", names.join(", ")),
    };
    Problem::error(code, Place::key(what), format!("there is no {what} `{word}`")).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for preset in Preset::ALL {
            assert_eq!(preset.to_string().parse(), Ok(preset));
            assert_eq!(serde_json::to_value(preset).unwrap(), preset.name());
        }
        for scenario in Scenario::ALL {
            assert_eq!(scenario.to_string().parse(), Ok(scenario));
            assert_eq!(serde_json::to_value(scenario).unwrap(), scenario.name());
        }
    }

    #[test]
    fn a_misspelt_preset_is_answered_with_the_nearest() {
        let problems = "weekly".parse::<Preset>().unwrap_err();
        assert_eq!(problems.0[0].code, "simulate.unknown_preset");
        assert_eq!(problems.0[0].hint.as_deref(), Some("did you mean `weekly4`?"));
    }
}
