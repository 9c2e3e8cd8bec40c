//! What a reader is told of a fit: one exhibit per question, as tidy data that a face only has to draw.
//!
//! A [`Study`] is a fit under the settings of a report; what several exhibits need is computed once. An exhibit is its data
//! with intervals, units and findings; how it looks, and the sentence under it, are the face's.

pub mod about;
pub mod accuracy;
pub mod beliefs;
pub mod calibration;
pub mod carry_over;
pub mod channels;
pub mod decomposition;
pub mod figures;
pub mod forecast;
pub mod foresight;
pub mod health;
pub mod inputs;
pub mod kpi_over_time;
pub mod left_over;
pub mod planning;
pub mod prior_belief;
pub mod prior_preview;
pub mod response;
pub mod sampling;
pub mod saturation;
pub mod study;

use crate::problem::Problems;
use figures::shortened;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use study::Study;

/// A report: what it is about, and its exhibits.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "Report")]
pub struct Report {
    /// What it is about.
    pub about: about::About,
    /// The exhibits asked for.
    pub exhibits: Exhibits,
}

/// One place per exhibit; those not asked for, or without a subject in this fit, are missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Exhibits {
    /// Are the numbers to be trusted?
    pub health: Option<health::Health>,
    /// What did each channel earn?
    pub channels: Option<channels::Channels>,
    /// What should be moved?
    pub plan: Option<planning::PlanOutlook>,
    /// How do plans compare?
    pub plans: Option<planning::PlanTable>,
    /// What would other budgets bring?
    pub frontier: Option<planning::Frontier>,
    /// What comes next?
    pub forecast: Option<forecast::ForecastOutlook>,
    /// What is the KPI made of?
    pub waterfall: Option<decomposition::Waterfall>,
    /// What was it made of, when?
    pub over_time: Option<decomposition::OverTime>,
    /// What would other levels of spend bring?
    pub response: Option<response::Response>,
    /// How long does an effect last?
    pub carry_over: Option<carry_over::CarryOver>,
    /// How far is a channel saturated?
    pub saturation: Option<saturation::Saturation>,
    /// Does the model follow the KPI?
    pub kpi_over_time: Option<kpi_over_time::KpiOverTime>,
    /// How closely?
    pub accuracy: Option<accuracy::AccuracyTable>,
    /// What is left over?
    pub left_over: Option<left_over::LeftOver>,
    /// Are intervals as wide as they should be?
    pub calibration: Option<calibration::Calibration>,
    /// Would it have foreseen what came?
    pub foresight: Option<foresight::Foresight>,
    /// What was held possible before the data?
    pub prior_belief: Option<prior_belief::PriorBelief>,
    /// What did the data add to what was believed?
    pub beliefs: Option<beliefs::Beliefs>,
    /// Did the chains agree?
    pub sampling: Option<sampling::Sampling>,
    /// What went in?
    pub inputs: Option<inputs::Inputs>,
}

/// Names of the exhibits, as the fields of [`Exhibits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Exhibit {
    /// Checks.
    Health,
    /// What each channel earned.
    Channels,
    /// What should be moved.
    Plan,
    /// Plans side by side.
    Plans,
    /// Other budgets.
    Frontier,
    /// What comes next.
    Forecast,
    /// What the KPI is made of.
    Waterfall,
    /// The same over time.
    OverTime,
    /// Other levels of spend.
    Response,
    /// How long effects last.
    CarryOver,
    /// How far channels are saturated.
    Saturation,
    /// KPI and model.
    KpiOverTime,
    /// How closely they agree.
    Accuracy,
    /// Residuals.
    LeftOver,
    /// Width of intervals.
    Calibration,
    /// A backtest, where one was made.
    Foresight,
    /// What the prior holds possible.
    PriorBelief,
    /// Prior and posterior.
    Beliefs,
    /// Convergence.
    Sampling,
    /// The data.
    Inputs,
}

impl Exhibit {
    /// All of them, in the order of a report.
    pub const ALL: [Exhibit; 20] = [
        Exhibit::Health,
        Exhibit::Channels,
        Exhibit::Plan,
        Exhibit::Plans,
        Exhibit::Frontier,
        Exhibit::Forecast,
        Exhibit::Waterfall,
        Exhibit::OverTime,
        Exhibit::Response,
        Exhibit::CarryOver,
        Exhibit::Saturation,
        Exhibit::KpiOverTime,
        Exhibit::Accuracy,
        Exhibit::LeftOver,
        Exhibit::Calibration,
        Exhibit::Foresight,
        Exhibit::PriorBelief,
        Exhibit::Beliefs,
        Exhibit::Sampling,
        Exhibit::Inputs,
    ];
}

/// The report of `study` with the exhibits `wanted`.
///
/// # Errors
/// A given plan with names or amounts that cannot be.
pub fn report(study: &Study<'_>, wanted: &[Exhibit]) -> Result<Report, Problems> {
    let mut exhibits = Exhibits::default();
    for exhibit in wanted {
        match exhibit {
            Exhibit::Health => exhibits.health = Some(health::health(study)),
            Exhibit::Channels => exhibits.channels = channels::channels(study),
            Exhibit::Plan => exhibits.plan = planning::plan(study)?,
            Exhibit::Plans => exhibits.plans = planning::plans(study)?,
            Exhibit::Frontier => exhibits.frontier = planning::frontier(study),
            Exhibit::Forecast => exhibits.forecast = forecast::forecast(study)?,
            Exhibit::Waterfall => exhibits.waterfall = Some(decomposition::waterfall(study)),
            Exhibit::OverTime => exhibits.over_time = Some(decomposition::contributions_over_time(study)),
            Exhibit::Response => exhibits.response = response::response(study),
            Exhibit::CarryOver => exhibits.carry_over = carry_over::carry_over(study),
            Exhibit::Saturation => exhibits.saturation = saturation::saturation(study),
            Exhibit::KpiOverTime => exhibits.kpi_over_time = Some(kpi_over_time::kpi_over_time(study)),
            Exhibit::Accuracy => exhibits.accuracy = Some(accuracy::accuracy(study)),
            Exhibit::LeftOver => exhibits.left_over = Some(left_over::left_over(study)),
            Exhibit::Calibration => exhibits.calibration = Some(calibration::calibration(study)),
            Exhibit::Foresight => exhibits.foresight = foresight::foresight(study),
            Exhibit::PriorBelief => exhibits.prior_belief = Some(prior_belief::prior_belief(study)),
            Exhibit::Beliefs => exhibits.beliefs = Some(beliefs::beliefs(study)),
            Exhibit::Sampling => exhibits.sampling = Some(sampling::sampling(study)),
            Exhibit::Inputs => exhibits.inputs = Some(inputs::inputs(study)),
        }
    }
    Ok(Report { about: about::about(study), exhibits })
}

impl Report {
    /// What a page of it is headed by.
    pub fn title(&self) -> String {
        format!("What moved {}", self.about.kpi)
    }

    /// As JSON, on one line: figures with seven significant digits, which is more than any of them is worth, so that a year
    /// of days is no burden to a page. What is no number is `null`.
    pub fn to_json(&self) -> String {
        shortened(self).to_string()
    }
}
