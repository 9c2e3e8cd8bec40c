//! The words for the KPI without media: level, trend, seasons, days of the week, events.

use super::pooling::Pooling;
use crate::prior::Prior;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The KPI without media.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BaselineSpec {
    /// The level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intercept: Option<CoefficientSpec>,
    /// The slow movement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trend: Option<TrendSpec>,
    /// Any number of periodic waves; `[]` for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seasonality: Option<Vec<SeasonalitySpec>>,
    /// `true`, `false`, or details.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_of_week: Option<DayOfWeek>,
    /// Holidays and other named events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<EventSpec>>,
    /// Prior of every event that has none of its own; a `horseshoe` makes them one group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_prior: Option<Prior>,
}

/// One coefficient and how geos share it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoefficientSpec {
    /// Its prior.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<Prior>,
    /// How geos share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}

/// Kinds of trend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrendKind {
    /// No trend.
    #[default]
    None,
    /// A straight line.
    Linear,
    /// A line that bends at changepoints.
    Piecewise,
    /// Values at knots, straight lines between.
    Knots,
}

/// What one unit of trend time is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrendUnit {
    /// The whole training window is 1, so a slope is the change over it.
    #[default]
    Window,
    /// One period is 1, so a slope is the change per period.
    Period,
}

/// The slow movement of the baseline. Time runs from the first KPI period and is kept as it is for prediction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrendSpec {
    /// Its shape.
    #[serde(default)]
    pub kind: TrendKind,
    /// Unit of trend time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<TrendUnit>,
    /// Number of bends (`piecewise`), evenly spaced over the first nine tenths of the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changepoints: Option<usize>,
    /// Number of knots (`knots`), evenly spaced over the window, both ends included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knots: Option<usize>,
    /// Prior of the slope (`linear`, `piecewise`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slope: Option<Prior>,
    /// Prior of each change of slope (`piecewise`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Prior>,
    /// Prior of each knot's value (`knots`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Prior>,
    /// How geos share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}

/// Length of a seasonal wave.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "\"year\", \"quarter\", \"month\", \"week\" or a number of days")]
pub enum SeasonPeriod {
    /// A natural length.
    Word(PeriodWord),
    /// Days.
    Days(f64),
}

/// Natural lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PeriodWord {
    /// 365.25 days.
    Year,
    /// A quarter of 365.25 days.
    Quarter,
    /// A twelfth of 365.25 days.
    Month,
    /// 7 days.
    Week,
}

impl Default for SeasonPeriod {
    fn default() -> Self {
        SeasonPeriod::Word(PeriodWord::Year)
    }
}

impl SeasonPeriod {
    /// Length in days.
    pub fn days(self) -> f64 {
        match self {
            SeasonPeriod::Word(PeriodWord::Year) => 365.25,
            SeasonPeriod::Word(PeriodWord::Quarter) => 365.25 / 4.0,
            SeasonPeriod::Word(PeriodWord::Month) => 365.25 / 12.0,
            SeasonPeriod::Word(PeriodWord::Week) => 7.0,
            SeasonPeriod::Days(days) => days,
        }
    }

    /// Name of the wave in parameter names: `year`, `week`, `364d`.
    pub fn name(self) -> String {
        match self {
            SeasonPeriod::Word(PeriodWord::Year) => "year".into(),
            SeasonPeriod::Word(PeriodWord::Quarter) => "quarter".into(),
            SeasonPeriod::Word(PeriodWord::Month) => "month".into(),
            SeasonPeriod::Word(PeriodWord::Week) => "week".into(),
            SeasonPeriod::Days(days) => format!("{days}d"),
        }
    }
}

/// Where a wave counts its days from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Days since the start of the year 2000: one unbroken wave.
    #[default]
    Elapsed,
    /// The day of the year, 1…366, begun anew each January (PyMC-Marketing's convention).
    DayOfYear,
}

/// One seasonal wave as a Fourier series.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeasonalitySpec {
    /// Its length.
    #[serde(default)]
    pub period: SeasonPeriod,
    /// Number of sine–cosine pairs, ≥ 1.
    #[serde(default)]
    pub order: usize,
    /// Where days are counted from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Prior of each coefficient; a `horseshoe` makes them one group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<Prior>,
    /// How geos share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}

/// Day-of-week effects: a switch or the details.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "true, false, or a table with `reference`, `prior`, `pooling`")]
pub enum DayOfWeek {
    /// On or off.
    Switch(bool),
    /// On, with details.
    Details(DayOfWeekSpec),
}

/// Day-of-week effects relative to a reference day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DayOfWeekSpec {
    /// The day that counts as zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Weekday>,
    /// Prior of each of the six others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<Prior>,
    /// How geos share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}

/// Days of the week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Weekday {
    #[default]
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// Lower-case English name.
    pub fn name(self) -> &'static str {
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"][self as usize]
    }
}

/// A named event or holiday: dates, or a column of the data whose values are event names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventSpec {
    /// Name shown (with `dates`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its dates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub dates: Vec<Date>,
    /// A text or flag column; each distinct value is an event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Days before and after that belong to it: `[2, 3]` is two days before to three days after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<[u32; 2]>,
    /// Prior of its effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<Prior>,
    /// How geos share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}
