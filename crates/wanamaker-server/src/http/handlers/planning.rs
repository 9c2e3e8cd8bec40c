//! Plans and scenarios on a fit: wishes in the words of `mmm optimize`, answered at once.

use super::planning_words::{
    FlightingWord, FormQuery, Ground, MethodWord, ObjectiveWord, PlanAnswer, PlanQuery, PlanRequest,
    ScenarioAnswer, ScenarioRequest,
};
use super::results::{level_of, seed, span_of};
use crate::app::App;
use crate::auth::Caller;
use crate::http::compute::{answer, blocking, finished, load};
use crate::http::extract::{Id, Json, Query};
use crate::http::reply::{Computed, Form, form};
use crate::http::tables;
use crate::problem::{ApiError, Finding, Outcome, findings};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use wanamaker::data::calendar::Calendar;
use wanamaker::decision::allocation::objective::Objective;
use wanamaker::decision::allocation::plan::{Plan, Report, optimise};
use wanamaker::decision::allocation::problem::{Budget, Method, Target};
use wanamaker::decision::allocation::wishes::{GroupWish, Named, Wishes};
use wanamaker::decision::identification::identification;
use wanamaker::decision::scenario::{NamedPlan, scenarios};
use wanamaker::decision::schedule::{Schedule, schedules};
use wanamaker::decision::surface::Surface;
use wanamaker::decision::surface::fitted::{FittedOptions, surface};
use wanamaker::decision::surface::flighting::{Flighting, Shape};
use wanamaker::decision::window::Window;
use wanamaker::engine::fit::Fit;
use wanamaker::spec::Link;

/// Most periods of a horizon.
const MOST_PERIODS: u32 = 520;

/// A surface and the remarks on it.
pub struct Prepared {
    /// The curves.
    pub surface: Surface,
    /// The calendar of the data, after which a plan begins.
    pub calendar: Calendar,
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
            // With the log link there is a steady state and nothing else.
            None if self.horizon.is_none() || fit.model.mean.link == Link::Log => Flighting::Steady,
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
                Ok(Prepared {
                    surface,
                    calendar: fit.model.panel.calendar.clone(),
                    remarks: findings(&remarks, ""),
                })
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
    Query(query): Query<PlanQuery>,
    headers: HeaderMap,
    body: Json<PlanRequest>,
) -> Outcome<Response> {
    let (request, form) = (body.value, form(&headers, query.format)?);
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
    let (plan, schedules) = blocking(&app, move || {
        let mut wishes = wishes;
        wishes.budget = per_cell.map(Budget::Fixed).or(wishes.budget);
        let task = wishes.task(&ready.surface)?;
        let plan = optimise(&ready.surface, &task, Report { level, spread_draws: spread as usize })?;
        let schedules = schedules(&ready.surface, &plan.spend, &ready.calendar);
        Ok((plan, schedules))
    })
    .await?;
    if form != Form::Json {
        return Ok(as_table(&plan, &schedules, query.grain.as_deref(), form)?.reply(false));
    }
    all.extend(findings(&plan.warnings, ""));
    let interval = "equal-tailed".to_owned();
    let answer = PlanAnswer { level, interval, plan: json!(plan), schedules, findings: all };
    Ok(axum::Json(answer).into_response())
}

/// The cells with what they bring, or, where a grain is named, the media plan.
fn as_table(plan: &Plan, schedules: &[Schedule], grain: Option<&str>, form: Form) -> Outcome<Computed> {
    let Some(grain) = grain else {
        return tables::of_records(&rows(&json!(plan.appraisal.channels)), form, "plan");
    };
    let schedule = schedules.iter().find(|one| one.grain == grain).ok_or_else(|| {
        let known: Vec<&str> = schedules.iter().map(|one| one.grain.as_str()).collect();
        let detail = format!("the plan can be told by {}", known.join(", "));
        ApiError::new(StatusCode::BAD_REQUEST, "plan.unknown_grain", detail)
    })?;
    tables::of_records(&media_plan(plan, schedule), form, "media-plan")
}

/// A row for each cell: its money today and planned, then the planned money by period under its first day.
fn media_plan(plan: &Plan, schedule: &Schedule) -> Vec<Value> {
    let cells = plan.appraisal.channels.iter().zip(&plan.moves).zip(&schedule.spend);
    cells
        .map(|((cell, step), spend)| {
            let mut row = Map::new();
            row.insert("channel".into(), json!(cell.channel));
            if let Some(geo) = &cell.geo {
                row.insert("geo".into(), json!(geo));
            }
            row.insert("today".into(), json!(step.current.total));
            row.insert("planned".into(), json!(cell.spend.total));
            row.extend(schedule.first.iter().zip(spend).map(|(first, money)| (first.clone(), json!(money))));
            Value::Object(row)
        })
        .collect()
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
    Query(query): Query<FormQuery>,
    headers: HeaderMap,
    body: Json<ScenarioRequest>,
) -> Outcome<Response> {
    let (request, form) = (body.value, form(&headers, query.format)?);
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
    let answer = answer.await?;
    if form != Form::Json {
        return Ok(tables::of_records(&weighed(&answer.scenarios), form, "scenarios")?.reply(false));
    }
    Ok(axum::Json(answer).into_response())
}

/// A record of each channel of each plan.
fn weighed(scenarios: &Value) -> Vec<Value> {
    let of_plan = |scenario: Value| {
        let channels = rows(&scenario["channels"]);
        channels.into_iter().map(move |channel| {
            let mut record = json!({ "plan": scenario["name"] });
            if let (Value::Object(record), Value::Object(fields)) = (&mut record, channel) {
                record.extend(fields);
            }
            record
        })
    };
    rows(scenarios).into_iter().flat_map(of_plan).collect()
}

fn rows(list: &Value) -> Vec<Value> {
    list.as_array().cloned().unwrap_or_default()
}
