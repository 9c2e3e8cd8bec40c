//! Plans and scenarios on a fit: wishes in the words of `mmm optimize`, answered at once.

use super::results::{level_of, seed, span_of};
use crate::app::App;
use crate::auth::Caller;
use crate::http::compute::{answer, blocking, finished, load};
use crate::http::extract::{Id, Json};
use crate::http::reply::Computed;
use crate::problem::{ApiError, Finding, Outcome, findings};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use wanamaker::decision::allocation::objective::Objective;
use wanamaker::decision::allocation::plan::{Report, optimise};
use wanamaker::decision::allocation::problem::{Budget, Method, Target};
use wanamaker::decision::allocation::wishes::{GroupWish, Named, Wishes};
use wanamaker::decision::identification::identification;
use wanamaker::decision::scenario::{NamedPlan, scenarios};
use wanamaker::decision::surface::Surface;
use wanamaker::decision::surface::fitted::{FittedOptions, surface};
use wanamaker::decision::surface::flighting::{Flighting, Shape};
use wanamaker::decision::window::Window;
use wanamaker::engine::fit::Fit;

/// Most periods of a horizon.
const MOST_PERIODS: u32 = 520;

/// What is planned and when: the curves from money to outcome.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ground {
    /// Periods that the plan covers; all money is the total over them. One period in the steady state when not said.
    #[schemars(range(min = 1, max = 520))]
    pub horizon: Option<u32>,
    /// When money is spent.
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

/// A plan with everything that is known about it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlanAnswer {
    /// Probability inside intervals.
    pub level: f64,
    /// `equal-tailed`.
    pub interval: String,
    /// Money by channel, outcomes, comparisons, the proof.
    pub plan: Value,
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

/// A surface and the remarks on it.
pub struct Prepared {
    /// The curves.
    pub surface: Surface,
    /// What had to be thinned.
    pub remarks: Vec<Finding>,
}

impl Ground {
    fn options(&self, fit: &Fit) -> Outcome<FittedOptions> {
        let horizon = self.horizon.unwrap_or(1);
        if !(1..=MOST_PERIODS).contains(&horizon) || self.tail.is_some_and(|tail| tail > MOST_PERIODS) {
            let detail = format!("a horizon has 1 to {MOST_PERIODS} periods, a tail at most as many");
            return Err(ApiError::invalid("/ground/horizon", "plan.bad_horizon", detail));
        }
        if self.by_geo && !fit.model.panel.has_geo {
            let detail = "the fit is national: there are no geos to plan";
            return Err(ApiError::invalid("/ground/by_geo", "plan.no_geos", detail));
        }
        let span = span_of(self.from.as_deref(), self.to.as_deref(), self.last).map_err(in_body)?;
        let flighting = match self.flighting {
            None if self.horizon.is_none() => Flighting::Steady,
            Some(FlightingWord::Steady) => Flighting::Steady,
            None | Some(FlightingWord::Even) => Flighting::Even,
            Some(FlightingWord::Historic) => Flighting::Historic,
        };
        Ok(FittedOptions {
            shape: Shape {
                horizon: horizon as usize,
                flighting,
                tail: self.tail.map(|tail| tail as usize),
                carry_in: self.carry_in.unwrap_or(true),
            },
            baseline: Window::of(&fit.model, span)?.spent(),
            by_geo: self.by_geo,
            channels: self.channels.clone(),
            cost_per_exposure: self.cost_per_exposure.clone(),
            value_per_kpi: self.value_per_kpi,
            threads: 0,
        })
    }
}

/// What was a fault of a query is one of a body here.
fn in_body(mut error: ApiError) -> ApiError {
    error.status = StatusCode::UNPROCESSABLE_ENTITY;
    error
}

/// The curves of a fit, made once.
pub async fn prepared(app: &App, caller: &Caller, id: &str, ground: &Ground) -> Outcome<Arc<Prepared>> {
    let row = finished(app, caller, id).await?;
    let words = serde_json::to_string(ground).unwrap_or_default();
    let name = format!("{}/{id}/surface/{words}/{}", caller.workspace, row.blob);
    let size = |made: &Prepared| 200 * made.surface.n_draws * (made.surface.cells.len() + 1);
    app.cache
        .get(&name, size, async {
            let fit = load(app, caller, id).await?;
            let ground = ground.clone();
            blocking(app, move || {
                let (surface, remarks) = surface(&fit.model, &fit.posterior, &ground.options(&fit)?)?;
                Ok(Prepared { surface, remarks: findings(&remarks, "") })
            })
            .await
        })
        .await
}

/// What the data can tell of the channels of a fit, found once.
async fn doubts(app: &App, caller: &Caller, id: &str, level: f64) -> Outcome<Vec<Finding>> {
    let known = answer(app, caller, id, format!("doubts/{level}"), move |fit| {
        let known = identification(&fit.model, &fit.posterior, level, seed(fit));
        let mut all = findings(&known.findings(), "");
        all.extend(findings(&fit.warnings, ""));
        Ok(Computed::json(&all))
    });
    serde_json::from_slice(&known.await?.bytes).map_err(|error| ApiError::internal(&error))
}

/// Finds a plan.
pub async fn plan(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    body: Json<PlanRequest>,
) -> Outcome<Response> {
    let request = body.value;
    let level = level_of(request.level).map_err(in_body)?;
    let (wishes, spread) = (wishes(&request)?, request.spread_draws.unwrap_or(200));
    if spread > 2000 {
        return Err(ApiError::invalid(
            "/spread_draws",
            "plan.too_many_draws",
            "spread_draws is at most 2000",
        ));
    }
    let ready = prepared(&app, &caller, &id, &request.ground).await?;
    let mut all = ready.remarks.clone();
    all.extend(doubts(&app, &caller, &id, level).await?);
    let per_cell = request.budget;
    let plan = blocking(&app, move || {
        let mut wishes = wishes;
        wishes.budget = per_cell.map(Budget::Fixed).or(wishes.budget);
        let task = wishes.task(&ready.surface)?;
        Ok(optimise(&ready.surface, &task, Report { level, spread_draws: spread as usize })?)
    })
    .await?;
    all.extend(findings(&plan.warnings, ""));
    let answer = PlanAnswer { level, interval: "equal-tailed".to_owned(), plan: json!(plan), findings: all };
    Ok(axum::Json(answer).into_response())
}

/// In the words of the library.
fn wishes(request: &PlanRequest) -> Outcome<Wishes> {
    let stated = [
        request.budget.is_some(),
        request.target_roas.is_some(),
        request.target_mroas.is_some(),
        request.free,
    ];
    if stated.iter().filter(|stated| **stated).count() > 1 {
        let detail = "say at most one of budget, target_roas, target_mroas and free";
        return Err(ApiError::invalid("", "plan.two_budgets", detail));
    }
    let parameter = request.parameter;
    let objective = match request.objective.unwrap_or(ObjectiveWord::Mean) {
        ObjectiveWord::Mean => Objective::Mean,
        ObjectiveWord::Profit => Objective::Profit,
        ObjectiveWord::Quantile => Objective::Quantile(parameter.unwrap_or(0.1)),
        ObjectiveWord::Cvar => Objective::Cvar(parameter.unwrap_or(0.1)),
        ObjectiveWord::MeanSd => Objective::MeanMinusSd(parameter.unwrap_or(1.0)),
    };
    if request.free && !objective.is_mean() {
        let detail = "a free budget under a measure of risk has no end of its own";
        return Err(ApiError::invalid("/free", "plan.free_risk", detail));
    }
    Ok(Wishes {
        objective,
        margin: request.margin.unwrap_or(1.0),
        budget: match (request.target_roas, request.target_mroas, request.free) {
            (Some(target), ..) => Some(Budget::Free(Target::Roas(target))),
            (_, Some(target), _) => Some(Budget::Free(Target::MarginalRoas(target))),
            (_, _, true) => Some(Budget::Free(Target::Profit)),
            _ => None,
        },
        min: named(&request.min),
        max: named(&request.max),
        change: named(&request.change)
            .into_iter()
            .map(|(name, [least, most])| (name, (least, most)))
            .collect(),
        unbounded: request.unbounded,
        groups: request
            .groups
            .iter()
            .cloned()
            .map(|group| GroupWish {
                name: group.name,
                members: group.members,
                min: group.min,
                max: group.max,
            })
            .collect(),
        method: match request.method.unwrap_or(MethodWord::Auto) {
            MethodWord::Auto => Method::Auto,
            MethodWord::Global => Method::Global,
            MethodWord::Slsqp => Method::Slsqp,
            MethodWord::Greedy => Method::Greedy,
            MethodWord::Gradient => Method::Gradient,
        },
        step: request.step,
        gap: request.gap.unwrap_or(1e-6),
        seed: request.seed.unwrap_or_default(),
    })
}

/// `*` is everybody, and comes first, so that names win over it.
fn named<T: Copy>(stated: &BTreeMap<String, T>) -> Vec<Named<T>> {
    let all = stated.get("*").map(|value| (None, *value));
    let others =
        stated.iter().filter(|(name, _)| *name != "*").map(|(name, value)| (Some(name.clone()), *value));
    all.into_iter().chain(others).collect()
}

/// Weighs plans.
pub async fn scenario(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    body: Json<ScenarioRequest>,
) -> Outcome<Response> {
    let request = body.value;
    let level = level_of(request.level).map_err(in_body)?;
    if request.plans.is_empty() || request.plans.len() > 50 {
        return Err(ApiError::invalid("/plans", "plan.number", "send 1 to 50 plans"));
    }
    let ready = prepared(&app, &caller, &id, &request.ground).await?;
    let answer = blocking(&app, move || {
        let surface = &ready.surface;
        let mut plans = Vec::new();
        if request.with_current.unwrap_or(true) && surface.current().iter().sum::<f64>() > 0.0 {
            let spend = surface.cells.iter().map(|cell| (cell.name.clone(), cell.current)).collect();
            plans.push(NamedPlan { name: "current".into(), spend });
        }
        plans.extend(
            request
                .plans
                .into_iter()
                .map(|plan| NamedPlan { name: plan.name, spend: plan.spend.into_iter().collect() }),
        );
        let found = scenarios(surface, &plans, request.margin.unwrap_or(1.0), level)?;
        Ok(ScenarioAnswer {
            level,
            interval: "equal-tailed".to_owned(),
            unit: json!(surface.unit),
            horizon: json!(surface.horizon),
            scenarios: json!(found),
        })
    });
    Ok(axum::Json(answer.await?).into_response())
}
