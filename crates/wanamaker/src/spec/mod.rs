//! What a user believes about a market: the spec, in the same words in TOML, JSON and Python.
//!
//! Whatever is left out is filled in by a preset ([`preset::fill`]); a filled spec says everything and prints as TOML.
//! A spec may be wrong: `model::compile` is the door at which all of it is checked against the data.

pub mod check;
pub mod document;
pub mod pooling;
pub mod preset;
pub mod roles;

use crate::adstock::BinomialConvention;
use crate::data::options::DataOptions;
use crate::prior::Prior;
use jiff::civil::Date;
use pooling::Pooling;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The whole spec (`mmm.toml`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// What fills in everything that is not said here.
    #[serde(default)]
    pub preset: PresetName,
    /// The file, its columns and its repairs.
    #[serde(default)]
    pub data: DataSpec,
    /// Paid media, in the order in which they are reported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channel: Vec<ChannelSpec>,
    /// Media without spend: newsletters, own social posts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organic: Vec<ChannelSpec>,
    /// Non-media treatments: price, promotion.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub treatment: Vec<TreatmentSpec>,
    /// Controls: what moves the KPI but is nobody's decision here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub control: Vec<ControlSpec>,
    /// What all channels, treatments and controls share unless they say otherwise.
    #[serde(default)]
    pub defaults: Defaults,
    /// The KPI without media.
    #[serde(default)]
    pub baseline: BaselineSpec,
    /// How media add to the baseline, on which scale, with what noise.
    #[serde(default)]
    pub outcome: OutcomeSpec,
    /// What is divided by what before the priors apply.
    #[serde(default)]
    pub scaling: ScalingSpec,
    /// How the posterior is drawn.
    #[serde(default)]
    pub sampler: SamplerSpec,
}

/// Presets: specs to start from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PresetName {
    /// The default for a newcomer's weekly or daily data: Hill, geometric adstock, ROAS priors where spend is known.
    #[default]
    Standard,
    /// The default model of PyMC-Marketing, density for density.
    PymcMarketing,
    /// The daily model whose media multiply the intercept.
    Adelon,
    /// The conjugate linear model with fixed transforms.
    Lite,
    /// Penalised least squares on fixed transforms.
    Ridge,
}

/// Where the data are and which column plays which part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataSpec {
    /// CSV, TSV, Parquet, Arrow or XLSX; a relative path is taken from the folder of the spec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Column of dates; without it the rows are numbered as periods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Column of the outcome.
    #[serde(default)]
    pub kpi: String,
    /// Whether the KPI is money (`revenue`) or a count of something (`count`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kpi_kind: Option<KpiKind>,
    /// Column of money per unit of KPI, when the KPI is a count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revenue_per_kpi: Option<String>,
    /// Column of geo names, for a panel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geo: Option<String>,
    /// Column of population by geo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<String>,
    /// Periods at the end held back from the fit, to be predicted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holdout: Option<usize>,
    /// Formats and explicit repairs; none by default.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: DataOptions,
}

/// What the KPI counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KpiKind {
    /// Money.
    #[default]
    Revenue,
    /// Sales in units, conversions, sign-ups.
    Count,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// One media channel. `[[channel]]` is paid, `[[organic]]` has no spend.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelSpec {
    /// Name shown everywhere.
    #[serde(default)]
    pub name: String,
    /// Column of spend in currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spend: Option<String>,
    /// Column of exposure (impressions, clicks, GRPs); the spend when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<String>,
    /// Column of people reached; with `frequency`, exposure is their product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<String>,
    /// Column of average contacts per person reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<String>,
    /// How long exposure works on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adstock: Option<AdstockSpec>,
    /// How its return diminishes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saturation: Option<SaturationSpec>,
    /// Which of the two comes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<TransformOrder>,
    /// How strong it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<EffectSpec>,
}

/// Which transform comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransformOrder {
    /// Exposure is carried over, then saturates.
    #[default]
    AdstockFirst,
    /// Each period's exposure saturates, then is carried over.
    SaturationFirst,
}

/// Kinds of adstock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdstockKind {
    /// A fixed share is kept from period to period.
    #[default]
    Geometric,
    /// The effect peaks some periods later.
    Delayed,
    /// Falls to zero at the end of the window.
    Binomial,
    /// Weibull density over the lags.
    WeibullPdf,
    /// Weibull survival over the lags.
    WeibullCdf,
    /// No carry-over.
    None,
}

/// Carry-over of a channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdstockSpec {
    /// Its shape.
    #[serde(default)]
    pub kind: AdstockKind,
    /// Number of taps L (lags 0…L−1), or `"infinite"` for the geometric recursion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub l_max: Option<WindowSpec>,
    /// Whether the weights are divided by their sum (default true; never for the infinite recursion).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normalize: Option<bool>,
    /// Which window the binomial kind counts to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub convention: Option<BinomialConvention>,
    /// Share kept from one period to the next, in [0, 1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decay: Option<Prior>,
    /// Lag of the peak in periods (`delayed`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak: Option<Prior>,
    /// Weibull shape.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<Prior>,
    /// Weibull scale in periods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Prior>,
    /// `shared` by all geos (default) or `independent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}

impl AdstockSpec {
    /// The prior of a parameter by its name in the transform.
    pub fn prior(&self, parameter: &str) -> Option<&Prior> {
        match parameter {
            "decay" => self.decay.as_ref(),
            "peak" => self.peak.as_ref(),
            "shape" => self.shape.as_ref(),
            "scale" => self.scale.as_ref(),
            _ => None,
        }
    }
}

/// Length of an adstock window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a number of periods such as 13, or \"infinite\"")]
pub enum WindowSpec {
    /// That many taps.
    Periods(usize),
    /// The whole past, by recursion.
    Word(InfiniteWord),
}

/// The word `infinite`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InfiniteWord {
    /// The whole past.
    Infinite,
}

/// Kinds of saturation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SaturationKind {
    /// S-shaped when slope > 1.
    #[default]
    Hill,
    /// `1 − exp(−rate·x)`.
    Exponential,
    /// `(1 − e^(−rate·x)) / (1 + e^(−rate·x))`.
    Logistic,
    /// `tanh(rate·x)`.
    Tanh,
    /// `x/(ec50 + x)`.
    MichaelisMenten,
    /// `x^exponent`.
    Root,
    /// `ln(1 + x/scale)`.
    #[serde(rename = "log1p")]
    Log1p,
    /// Shifted sigmoid.
    Sigmoid,
    /// A straight line.
    None,
}

/// Diminishing return of a channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaturationSpec {
    /// Its shape.
    #[serde(default)]
    pub kind: SaturationKind,
    /// Steepness (`hill`, `sigmoid`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slope: Option<Prior>,
    /// Exposure at half of the maximum (`hill`, `michaelis_menten`, `sigmoid`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ec50: Option<Prior>,
    /// Rate per unit of exposure (`exponential`, `logistic`, `tanh`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Prior>,
    /// Exponent in (0, 1] (`root`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exponent: Option<Prior>,
    /// Scale of exposure (`log1p`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Prior>,
    /// `shared` by all geos (default) or `independent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}

impl SaturationSpec {
    /// The prior of a parameter by its name in the transform.
    pub fn prior(&self, parameter: &str) -> Option<&Prior> {
        match parameter {
            "slope" => self.slope.as_ref(),
            "ec50" => self.ec50.as_ref(),
            "rate" => self.rate.as_ref(),
            "exponent" => self.exponent.as_ref(),
            "scale" => self.scale.as_ref(),
            _ => None,
        }
    }
}

/// How strong a channel is: a prior on exactly one of the three.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EffectSpec {
    /// The coefficient of the transformed media, on the (scaled) KPI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beta: Option<Prior>,
    /// Incremental revenue per unit of spend over the training window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roas: Option<Prior>,
    /// Share of the KPI over the training window that the channel brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contribution_share: Option<Prior>,
    /// How geos share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}

/// A non-media treatment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TreatmentSpec {
    /// Column.
    #[serde(default)]
    pub column: String,
    /// Name shown; the column's when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The level it is compared with: a word or a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counterfactual: Option<Level>,
    /// Prior of its coefficient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<Prior>,
    /// How geos share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}

/// The counterfactual level of a treatment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "\"min\", \"max\", \"mean\" or a number")]
pub enum Level {
    /// Taken from the training data.
    Word(LevelWord),
    /// A number in the column's unit.
    Number(f64),
}

/// Words for a level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LevelWord {
    /// The least seen.
    #[default]
    Min,
    /// The most seen.
    Max,
    /// The mean.
    Mean,
}

/// A control.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ControlSpec {
    /// Column.
    #[serde(default)]
    pub column: String,
    /// Name shown; the column's when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Prior of its coefficient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<Prior>,
    /// How geos share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}

/// What channels, treatments and controls share unless they say otherwise.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Defaults {
    /// Adstock of every channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adstock: Option<AdstockSpec>,
    /// Saturation of every channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saturation: Option<SaturationSpec>,
    /// Order of the transforms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<TransformOrder>,
    /// Effect of every channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<EffectSpec>,
    /// Prior of every control; a `horseshoe` makes all of them one group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control_prior: Option<Prior>,
    /// Prior of every treatment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub treatment_prior: Option<Prior>,
}

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

/// How the parts make the expected KPI, and the noise around it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeSpec {
    /// The scale on which the parts add up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// Whether the media sum is multiplied by the intercept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaMode>,
    /// Noise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<LikelihoodKind>,
    /// Standard deviation of the noise (`normal`, `student_t`, `log_normal`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sigma: Option<CoefficientSpec>,
    /// Variance of the noise, instead of `sigma` (`normal`): the conjugate form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variance: Option<CoefficientSpec>,
    /// Degrees of freedom (`student_t`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub df: Option<Prior>,
    /// Dispersion φ (`negative_binomial`): variance = mean + mean²/φ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispersion: Option<Prior>,
}

/// Link functions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// The parts add up to the expected KPI.
    #[default]
    Identity,
    /// The parts add up to its logarithm.
    Log,
}

/// How media enter the mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediaMode {
    /// They are added.
    #[default]
    Additive,
    /// Their sum is multiplied by the intercept.
    TimesIntercept,
}

/// Likelihoods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LikelihoodKind {
    /// Gaussian noise.
    #[default]
    Normal,
    /// Heavier tails.
    StudentT,
    /// Gaussian noise on the logarithm (needs the log link).
    LogNormal,
    /// Counts with more spread than Poisson.
    NegativeBinomial,
    /// Counts.
    Poisson,
}

/// What is divided by what before the priors apply.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScalingSpec {
    /// The KPI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kpi: Option<Scale>,
    /// Exposure of each channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<Scale>,
    /// Transformed media of channels whose transforms are all fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub features: Option<Scale>,
    /// Controls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<Scale>,
    /// Whether controls are centred at their training mean, so that the intercept is the level at average controls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub center_controls: Option<bool>,
    /// Whether KPI and exposure are divided by population first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_capita: Option<bool>,
}

/// A divisor: a word about the training data, or a number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "\"none\", \"max\", \"mean\", \"median_nonzero\", \"standardize\" or a positive number"
)]
pub enum Scale {
    /// Taken from the training data.
    Word(ScaleWord),
    /// Stated.
    Fixed(f64),
}

/// Divisors taken from the training data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScaleWord {
    /// 1.
    #[default]
    None,
    /// The maximum.
    Max,
    /// The mean.
    Mean,
    /// The median of the values that are not zero.
    MedianNonzero,
    /// The standard deviation.
    Standardize,
}

/// How the posterior is drawn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SamplerSpec {
    /// The engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<EngineName>,
    /// Independent chains, ≥ 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chains: Option<usize>,
    /// Draws kept per chain, ≥ 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<usize>,
    /// Warm-up draws per chain, thrown away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tune: Option<usize>,
    /// End the warm-up of a chain early where it has settled (`nuts`); `true` unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adaptive_tune: Option<bool>,
    /// Stop drawing when this is reached (`nuts`); `draws` are the most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<UntilSpec>,
    /// Same seed, same draws, on any number of threads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Target acceptance in (0, 1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_accept: Option<f64>,
    /// Deepest trajectory tree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_depth: Option<u64>,
    /// Integrate linear coefficients with normal priors out of the density and draw them given the rest (`nuts`, `laplace`);
    /// `true` unless said otherwise. The posterior is the same either way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marginalise: Option<bool>,
    /// Keep every n-th draw (`gibbs`), ≥ 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thin: Option<usize>,
    /// How the penalty is chosen (`ridge`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ridge: Option<RidgeSpec>,
}

/// When the draws are enough: R-hat as in the gates of convergence, and this.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UntilSpec {
    /// Bulk and tail ESS of every parameter, > 0.
    pub ess: f64,
}

impl SamplerSpec {
    /// Chains; what presets say where nothing does.
    pub fn n_chains(&self) -> usize {
        self.chains.unwrap_or(4)
    }

    /// Draws kept per chain; what presets say where nothing does.
    pub fn n_draws(&self) -> usize {
        self.draws.unwrap_or(1000)
    }
}

/// How penalised least squares finds its penalty and its intervals.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RidgeSpec {
    /// Penalties to choose from, > 0; the one that predicts best in cross-validation is taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub penalties: Vec<f64>,
    /// What is predicted from what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cross_validation: Option<CrossValidation>,
    /// Number of folds, ≥ 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folds: Option<usize>,
    /// Whether every column is divided by its standard deviation before it is penalised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standardize: Option<bool>,
    /// Length of the blocks of the bootstrap in periods; the cube root of their number when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<usize>,
    /// Whether decay and ec50 of every channel are searched for, too, by the same cross-validation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<bool>,
}

/// Kinds of cross-validation in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CrossValidation {
    /// Each fold is predicted from all periods before it.
    #[default]
    Expanding,
    /// Each of equal stretches is predicted from all others, later ones included.
    Contiguous,
}

/// Engines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EngineName {
    /// The No-U-Turn sampler: for every model.
    #[default]
    Nuts,
    /// Gibbs sampling of the conjugate linear model: fixed transforms, normal priors, inverse-gamma variance.
    Gibbs,
    /// Penalised least squares with a block bootstrap: fixed transforms; priors are not used.
    Ridge,
    /// A normal around the mode: a preview in a moment.
    Laplace,
}

impl EngineName {
    /// Its word in a spec.
    pub fn name(self) -> &'static str {
        match self {
            EngineName::Nuts => "nuts",
            EngineName::Gibbs => "gibbs",
            EngineName::Ridge => "ridge",
            EngineName::Laplace => "laplace",
        }
    }
}
