//! What can be asked of plans and scenarios, and what is answered.

use crate::http::reply::Form;
use crate::problem::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use wanamaker::decision::schedule::Schedule;

/// Form of a table.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormQuery {
    /// Form of the table of channels; the header `Accept` decides when not said.
    pub format: Option<Form>,
}

/// What is planned and when: the curves from money to outcome.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ground {
    /// Periods that the plan covers; all money is the total over them. One period in the steady state when not said.
    #[schemars(range(min = 1, max = 520))]
    pub horizon: Option<u32>,
    /// When money is spent; the same in every period of a stated horizon when not said.
    pub flighting: Option<FlightingWord>,
    /// Periods behind the horizon in which carry-over still counts; all of it when not said.
    #[schemars(range(max = 520))]
    pub tail: Option<u32>,
    /// Whether earlier spend still works while the plan runs; true when not said.
    pub carry_in: Option<bool>,
    /// First day of the periods that today's spend, prices and geo shares are taken from.
    #[schemars(extend("format" = "date"))]
    pub from: Option<String>,
    /// Last day of them.
    #[schemars(extend("format" = "date"))]
    pub to: Option<String>,
    /// The last so many training periods instead.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub last: Option<u32>,
    /// Plan every geo by itself.
    pub by_geo: bool,
    /// Channels to plan; all paid ones when empty.
    pub channels: Vec<String>,
    /// Money per unit of exposure by channel; what was paid when not said.
    pub cost_per_exposure: BTreeMap<String, f64>,
    /// Money per unit of a KPI that is a count.
    pub value_per_kpi: Option<f64>,
}

/// When money is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlightingWord {
    /// The same in every period for ever, carry-over at its limit.
    Steady,
    /// The same in every period of the horizon, nothing after it.
    Even,
    /// In the rhythm of the last periods.
    Historic,
}

/// What a plan is to be good at.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ObjectiveWord {
    /// The expected outcome.
    Mean,
    /// The expected outcome times the margin, less the money.
    Profit,
    /// The outcome that is exceeded with probability `1 - parameter`.
    Quantile,
    /// The mean of the worst share `parameter` of outcomes.
    Cvar,
    /// The expected outcome less `parameter` standard deviations.
    MeanSd,
}

/// How a plan is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MethodWord {
    /// `global` where it applies, else `slsqp`.
    Auto,
    /// Branch and bound, proven to be near the best.
    Global,
    /// Sequential quadratic programming from many starts.
    Slsqp,
    /// Step by step to the best marginal return.
    Greedy,
    /// Projected gradient.
    Gradient,
}

/// A limit on a set of channels together.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupWords {
    /// Name shown.
    pub name: String,
    /// Channels or geos.
    pub members: Vec<String>,
    /// Least share of all the money.
    #[serde(default)]
    pub min: Option<f64>,
    /// Greatest share of all the money.
    #[serde(default)]
    pub max: Option<f64>,
}

/// What is asked of a plan. In `min`, `max` and `change` the name `*` stands for all channels.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanRequest {
    /// What is planned and when.
    pub ground: Ground,
    /// Money over the horizon; today's when nothing is said. At most one of this and the three below.
    pub budget: Option<f64>,
    /// A free budget: as much as keeps the return of the whole plan at this.
    pub target_roas: Option<f64>,
    /// A free budget: until the last unit of money brings no more than this.
    pub target_mroas: Option<f64>,
    /// A free budget: the most profitable one.
    pub free: bool,
    /// Least money over the horizon, by channel.
    pub min: BTreeMap<String, f64>,
    /// Most money over the horizon, by channel.
    pub max: BTreeMap<String, f64>,
    /// Allowed change against today as a share, by channel: `[-0.1, 0.5]`.
    pub change: BTreeMap<String, [f64; 2]>,
    /// No bounds but zero and the budget.
    pub unbounded: bool,
    /// Limits on sets of channels.
    pub groups: Vec<GroupWords>,
    /// What it is to be good at; `mean` when not said.
    pub objective: Option<ObjectiveWord>,
    /// The parameter of the objective.
    pub parameter: Option<f64>,
    /// How it is looked for; `auto` when not said.
    pub method: Option<MethodWord>,
    /// One step of `greedy`.
    pub step: Option<f64>,
    /// Relative gap at which `global` stops.
    pub gap: Option<f64>,
    /// Share of revenue that is earned, for profit.
    pub margin: Option<f64>,
    /// Seed of random starts.
    pub seed: Option<u64>,
    /// Probability inside intervals.
    #[schemars(range(min = 0.01, max = 0.999))]
    pub level: Option<f64>,
    /// Draws over which the spread of each channel's best spend is shown; 0 for none.
    #[schemars(range(max = 2000))]
    pub spread_draws: Option<u32>,
}

/// How a plan is answered.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanQuery {
    /// Form of the table; the header `Accept` decides when not said.
    pub format: Option<Form>,
    /// One of the grains of `schedules`: a table is then the media plan, a row for each cell and a column for each period.
    pub grain: Option<String>,
}

/// A plan with everything that is known about it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlanAnswer {
    /// Probability inside intervals.
    pub level: f64,
    /// `equal-tailed`.
    pub interval: String,
    /// Money by channel, outcomes, comparisons, the proof.
    pub plan: Value,
    /// When the money of each cell is spent: by period, and by month, quarter and year as far as the plan reaches.
    pub schedules: Vec<Schedule>,
    /// What a reader should know before acting.
    pub findings: Vec<Finding>,
}

/// A plan by name.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanWords {
    /// Name shown.
    pub name: String,
    /// Money over the horizon by channel; channels that are not named get nothing.
    pub spend: BTreeMap<String, f64>,
}

/// Plans to be weighed side by side.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioRequest {
    /// What is planned and when.
    #[serde(default)]
    pub ground: Ground,
    /// The plans.
    #[schemars(length(min = 1, max = 50))]
    pub plans: Vec<PlanWords>,
    /// Whether today's plan stands before them; true when not said.
    #[serde(default)]
    pub with_current: Option<bool>,
    /// Share of revenue that is earned, for profit.
    #[serde(default)]
    pub margin: Option<f64>,
    /// Probability inside intervals.
    #[serde(default)]
    #[schemars(range(min = 0.01, max = 0.999))]
    pub level: Option<f64>,
}

/// Plans side by side.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ScenarioAnswer {
    /// Probability inside intervals.
    pub level: f64,
    /// `equal-tailed`.
    pub interval: String,
    /// In what outcomes are counted.
    pub unit: Value,
    /// The time they cover.
    pub horizon: Value,
    /// Each plan with what it brings, against the first, and how likely it is the best.
    pub scenarios: Value,
}
