//! The paths of an older tool, with its bodies and the fields of its answers: the same datasets and fits as everywhere else.
//!
//! It knew bare points and no jobs. Its numbers are posterior means here, each with its interval beside it, and a fit is
//! answered when its job is over, however long that takes; the job goes on when the client hangs up.

use super::datasets::{Facts, find};
use super::fits::order;
use super::jobs::wait_long;
use super::planning::prepared;
use super::planning_words::Ground;
use super::results::seed;
use super::simulations::simulate;
use super::specs::unknown;
use super::{PageQuery, stored, time};
use crate::app::App;
use crate::auth::Caller;
use crate::http::compute::{blocking, load};
use crate::http::dashboard;
use crate::http::extract::{Id, Json, MaybeJson, Query};
use crate::http::files::{keep, receive};
use crate::ids::{self, is_id, new_id};
use crate::problem::{ApiError, Outcome, findings};
use crate::store::{Dataset, Fit as FitRow, Page, State as JobState};
use crate::worker::SimulationOptions;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use wanamaker::decision::allocation::plan::{Report, optimise};
use wanamaker::decision::allocation::problem::Budget;
use wanamaker::decision::allocation::wishes::Wishes;
use wanamaker::decision::returns::returns;
use wanamaker::decision::window::Window;
use wanamaker::engine::fit::Fit;
use wanamaker::posterior::summary::table;
use wanamaker::simulate::truth::GroundTruth;
use wanamaker::validation::accuracy::accuracy;
use wanamaker::validation::recovery::recovery;

/// Probability inside the intervals of these answers.
pub const LEVEL: f64 = 0.95;
/// Channels of the market that is simulated when these are asked for.
const WEEKLY: [&str; 4] = ["TV", "Radio", "Digital", "Social"];
/// Its revenue without media, season and trend.
const WEEKLY_BASE: f64 = 100_000.0;

/// A market to be simulated.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GenerateRequest {
    /// Number of weeks; 104 when not said.
    #[schemars(range(min = 1, max = 5200))]
    pub n_weeks: Option<u32>,
    /// Names of the channels.
    pub channels: Option<Vec<String>>,
    /// Revenue without media.
    pub base_revenue: Option<f64>,
    /// Seed; 42 when not said.
    pub seed: Option<u64>,
}

/// A fit to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelRequest {
    /// The dataset.
    pub dataset_id: String,
    /// Columns of spend, one per channel, or names of channels.
    pub channel_columns: Vec<String>,
    /// Column of the KPI; the one that was recognised when not said.
    #[serde(default)]
    pub target_column: Option<String>,
    /// Column of dates; the one that was recognised when not said.
    #[serde(default)]
    pub date_column: Option<String>,
    /// Columns of controls; those that were recognised when not said.
    #[serde(default)]
    pub control_columns: Option<Vec<String>>,
    /// Whether media work on; true when not said.
    #[serde(default)]
    pub use_adstock: Option<bool>,
    /// Whether returns diminish; true when not said.
    #[serde(default)]
    pub use_saturation: Option<bool>,
    /// Whether there is a trend.
    #[serde(default)]
    pub use_trend: Option<bool>,
    /// Whether there is a season.
    #[serde(default)]
    pub use_seasonality: Option<bool>,
}

/// The dataset that an answer is about; the one of the fit when not said.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OfDataset {
    /// The dataset.
    pub dataset_id: Option<String>,
}

/// How many rows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitQuery {
    /// Most rows, 1 to 100.
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
}

/// A budget to be spread.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptimizeRequest {
    /// The fit.
    pub model_id: String,
    /// Money per period.
    #[schemars(range(min = 0.01))]
    pub total_budget: f64,
    /// Least money by channel.
    #[serde(default)]
    pub min_budgets: Option<BTreeMap<String, f64>>,
    /// Most money by channel.
    #[serde(default)]
    pub max_budgets: Option<BTreeMap<String, f64>>,
}

/// The front page for people, a greeting for programs.
pub async fn root(headers: HeaderMap) -> Response {
    if dashboard::wants_page(&headers) {
        return dashboard::page();
    }
    let greeting = json!({
        "message": "Wanamaker, Bayesian marketing mix modelling",
        "version": env!("CARGO_PKG_VERSION"),
        "docs": "/docs",
        "openapi": "/openapi.json",
    });
    axum::Json(greeting).into_response()
}

/// Health, and how many fits there are.
pub async fn health(State(app): State<App>, caller: Caller) -> Outcome<Response> {
    let n = app.store.finished_fits(&caller.workspace).await?;
    let health = json!({ "status": "healthy", "timestamp": time(ids::now()), "models_loaded": n });
    Ok(axum::Json(health).into_response())
}

/// Simulates a market.
pub async fn generate(
    State(app): State<App>,
    caller: Caller,
    body: MaybeJson<GenerateRequest>,
) -> Outcome<Response> {
    let request = body.0.unwrap_or_default();
    let is_weekly = request
        .channels
        .as_ref()
        .is_none_or(|names| names.iter().all(|name| WEEKLY.contains(&name.as_str())));
    let options = SimulationOptions {
        preset: if is_weekly { "weekly4" } else { "lite" }.to_owned(),
        seed: request.seed,
        periods: Some(request.n_weeks.unwrap_or(104)),
        channels: if is_weekly { None } else { request.channels.clone() },
        ..SimulationOptions::default()
    };
    let row = simulate(&app, &caller, new_id(), options).await?;
    let facts: Facts = stored(&row.facts, "dataset")?;
    let truth: GroundTruth = stored(&row.truth, "dataset")?;
    let mut notes = Vec::new();
    if !is_weekly {
        notes.push("channels of these names come from the market `lite`, which is daily".to_owned());
    }
    if request.base_revenue.is_some_and(|base| !is_weekly || base != WEEKLY_BASE) {
        notes.push(format!("base_revenue is not adjustable: the market `{}` has its own", truth.preset));
    }
    let roi: Map<String, Value> =
        truth.channels.iter().map(|channel| (channel.name.clone(), json!(channel.roas - 1.0))).collect();
    let answer = json!({
        "dataset_id": row.id,
        "file_path": format!("/api/v1/datasets/{}/file", row.id),
        "ground_truth_path": format!("/api/v1/datasets/{}/truth", row.id),
        "rows": facts.rows,
        "columns": facts.columns.iter().map(|column| &column.name).collect::<Vec<_>>(),
        "channels": truth.channels.iter().map(|channel| &channel.name).collect::<Vec<_>>(),
        "true_roi": roi,
        "notes": notes,
    });
    Ok(axum::Json(answer).into_response())
}

/// Takes a file in a form.
pub async fn upload(State(app): State<App>, caller: Caller, request: Request) -> Outcome<Response> {
    let upload = receive(&app, request, None).await?;
    let row = keep(&app, &caller, new_id(), upload, Value::Null).await?;
    let facts: Facts = stored(&row.facts, "dataset")?;
    let answer = json!({
        "dataset_id": row.id,
        "filename": row.name,
        "rows": facts.rows,
        "columns": facts.columns.iter().map(|column| &column.name).collect::<Vec<_>>(),
    });
    Ok(axum::Json(answer).into_response())
}

/// The first rows of a dataset.
pub async fn data(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<LimitQuery>,
) -> Outcome<Response> {
    let limit = query.limit.unwrap_or(100);
    if !(1..=100).contains(&limit) {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "query.invalid",
            "limit is a number from 1 to 100",
        ));
    }
    let row = find(&app, &caller, &id).await?;
    let facts: Facts = stored(&row.facts, "dataset")?;
    let names: Vec<String> = facts.columns.into_iter().map(|column| column.name).collect();
    let records: Vec<Value> = facts
        .preview
        .into_iter()
        .take(limit as usize)
        .map(|cells| Value::Object(names.iter().cloned().zip(cells).collect()))
        .collect();
    let answer = json!({ "dataset_id": id, "rows": facts.rows, "columns": names, "data": records });
    Ok(axum::Json(answer).into_response())
}

/// Fits, and answers when it is done.
pub async fn fit(State(app): State<App>, caller: Caller, body: Json<ModelRequest>) -> Outcome<Response> {
    let request = body.value;
    let row = named(&app, &caller, &request.dataset_id, "/dataset_id").await?;
    let spec = spec_of(&request, &row)?;
    let fit = order(&app, &caller, new_id(), row.name.clone(), &row, spec).await.map_err(without_spec)?;
    let job = wait_long(&app, &caller, &fit.job).await?;
    if job.state != JobState::Succeeded {
        let problem: Value = serde_json::from_str(&job.problem).unwrap_or_default();
        let detail = problem["detail"].as_str().unwrap_or("the job of this fit is not over").to_owned();
        let status = if job.state.is_over() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        return Err(ApiError::new(
            status,
            "fit.not_made",
            format!("{detail} (job {}, {})", job.id, job.state),
        ));
    }
    let loaded = load(&app, &caller, &fit.id).await?;
    let params = blocking(&app, move || Ok(params_of(&loaded))).await?;
    let mut answer = json!({ "model_id": fit.id, "status": "success", "dataset_id": row.id });
    merge(&mut answer, params);
    Ok(axum::Json(answer).into_response())
}

/// These columns in the words of a spec. The preset says the rest.
fn spec_of(request: &ModelRequest, row: &Dataset) -> Outcome<Value> {
    let facts: Facts = stored(&row.facts, "dataset")?;
    let has = |name: &str| facts.columns.iter().any(|column| column.name == name);
    let of_role =
        |role: &str| facts.columns.iter().find(|column| column.role == role).map(|c| c.name.clone());
    let mut channels = Vec::new();
    for (i, named) in request.channel_columns.iter().enumerate() {
        let candidates = [named.clone(), format!("{named}_spend"), format!("{named}_Spend")];
        let Some(column) = candidates.iter().find(|name| has(name)) else {
            let detail = format!("the data have no column `{}`", named.escape_debug());
            return Err(ApiError::invalid(&format!("/channel_columns/{i}"), "spec.unknown_column", detail));
        };
        let name = column.strip_suffix("_spend").or(column.strip_suffix("_Spend")).unwrap_or(column);
        channels.push(json!({ "name": name, "spend": column }));
    }
    let proposed = facts.spec.unwrap_or(Value::Null);
    let controls = match &request.control_columns {
        Some(columns) => columns.iter().map(|column| json!({ "column": column })).collect(),
        None => proposed["control"].as_array().cloned().unwrap_or_default(),
    };
    let kpi = request.target_column.clone().or(of_role("kpi")).unwrap_or_default();
    let mut spec = json!({
        "preset": "standard",
        "data": { "kpi": kpi },
        "channel": channels,
        "control": controls,
        "defaults": {},
        "baseline": {},
    });
    if let Some(time) = request.date_column.clone().or(of_role("time")) {
        spec["data"]["time"] = json!(time);
    }
    if proposed["data"]["options"].is_object() {
        spec["data"]["options"] = proposed["data"]["options"].clone();
    }
    if request.use_adstock == Some(false) {
        spec["defaults"]["adstock"] = json!({ "kind": "none" });
    }
    if request.use_saturation == Some(false) {
        spec["defaults"]["saturation"] = json!({ "kind": "none" });
    }
    match request.use_trend {
        Some(true) => spec["baseline"]["trend"] = json!({ "kind": "linear" }),
        Some(false) => spec["baseline"]["trend"] = json!({ "kind": "none" }),
        None => {}
    }
    match request.use_seasonality {
        Some(true) => spec["baseline"]["seasonality"] = json!([{ "period": "year", "order": 2 }]),
        Some(false) => spec["baseline"]["seasonality"] = json!([]),
        None => {}
    }
    Ok(spec)
}

/// Pointers into a spec lead nowhere in a body that has none.
fn without_spec(mut error: ApiError) -> ApiError {
    for found in &mut error.errors {
        found.pointer = None;
    }
    error
}

/// `fitted_params` as points, their intervals, and doubts.
fn params_of(fit: &Fit) -> Value {
    let rows = table(&fit.model, &fit.posterior, LEVEL, 0);
    let find = |name: &str| rows.iter().find(|row| row.name == name);
    let mean = |name: &str| find(name).map(|row| row.summary.mean);
    let range = |name: &str| find(name).map(|row| json!([row.summary.lower, row.summary.upper]));
    let (mut points, mut intervals) = (Map::new(), Map::new());
    for channel in &fit.model.mean.channels {
        let of = |parameter: &str| format!("{parameter}[{}]", channel.name);
        let pairs =
            [("beta", of("beta")), ("decay", of("decay")), ("alpha_sat", of("slope")), ("K_sat", of("ec50"))];
        let named = |value: &dyn Fn(&str) -> Value| -> Map<String, Value> {
            pairs.iter().map(|(old, new)| ((*old).to_owned(), value(new))).collect()
        };
        points.insert(channel.name.clone(), named(&|name| json!(mean(name))).into());
        intervals.insert(channel.name.clone(), named(&|name| json!(range(name))).into());
    }
    json!({
        "fitted_params": { "intercept": mean("intercept"), "sigma": mean("sigma"), "channels": points },
        "intervals": {
            "level": LEVEL,
            "intercept": range("intercept"),
            "sigma": range("sigma"),
            "channels": intervals,
        },
        "converged": fit.converged(),
        "warnings": findings(&fit.warnings, ""),
    })
}

/// One fit with its parameters.
pub async fn model(State(app): State<App>, caller: Caller, Id(id): Id) -> Outcome<Response> {
    let row = app.store.fit(&caller.workspace, &id).await?.ok_or_else(|| ApiError::not_found("model"))?;
    let mut answer = line(&row);
    if !row.blob.is_empty() {
        let loaded = load(&app, &caller, &id).await?;
        merge(&mut answer, blocking(&app, move || Ok(params_of(&loaded))).await?);
    }
    Ok(axum::Json(answer).into_response())
}

/// Fits, the youngest first.
pub async fn models(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Outcome<Response> {
    let page: Page = query.page()?;
    let rows = app.store.fits(&caller.workspace, &page).await?;
    let next = PageQuery::next(&page, &rows, |row| &row.id);
    let models: Vec<Value> = rows.iter().map(line).collect();
    Ok(axum::Json(json!({ "models": models, "next": next })).into_response())
}

fn line(row: &FitRow) -> Value {
    let facts: Value = serde_json::from_str(&row.facts).unwrap_or_default();
    json!({
        "model_id": row.id,
        "dataset_id": row.dataset,
        "status": if row.blob.is_empty() { row.state.as_str() } else { "success" },
        "channels": facts["channels"],
        "created": time(row.created),
    })
}

/// ROI by channel over the data of the fit.
pub async fn roi(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<OfDataset>,
    body: MaybeJson<OfDataset>,
) -> Outcome<Response> {
    let row = app.store.fit(&caller.workspace, &id).await?.ok_or_else(|| ApiError::not_found("model"))?;
    same_dataset(&row, body.0.unwrap_or_default().dataset_id.or(query.dataset_id))?;
    let loaded = load(&app, &caller, &id).await?;
    let answer = blocking(&app, move || {
        let found = returns(&loaded.model, &loaded.posterior, Window::training(&loaded.model), LEVEL, 0);
        let by_channel: Map<String, Value> = found
            .channels
            .iter()
            .map(|channel| {
                let roi = channel.roi.as_ref();
                let value = json!({
                    "roi_mean": roi.map(|roi| roi.mean),
                    "roi_median": roi.map(|roi| roi.median),
                    "roi_lower": roi.map(|roi| roi.lower),
                    "roi_upper": roi.map(|roi| roi.upper),
                    "total_spend": channel.spend,
                    "total_contribution": channel.contribution.mean,
                    "contribution": channel.contribution,
                });
                (channel.name.clone(), value)
            })
            .collect();
        Ok(json!({
            "model_id": id, "level": LEVEL, "roi_by_channel": by_channel,
            "warnings": findings(&loaded.warnings, ""),
        }))
    });
    Ok(axum::Json(answer.await?).into_response())
}

/// Spreads a budget per period, in the steady state.
pub async fn optimize(
    State(app): State<App>,
    caller: Caller,
    body: Json<OptimizeRequest>,
) -> Outcome<Response> {
    let request = body.value;
    if !is_id(&request.model_id) || app.store.fit(&caller.workspace, &request.model_id).await?.is_none() {
        return Err(unknown("/model_id", "model"));
    }
    let ready = prepared(&app, &caller, &request.model_id, &Ground::default()).await?;
    let answer = blocking(&app, move || {
        let named = |bounds: &Option<BTreeMap<String, f64>>| {
            bounds.iter().flatten().map(|(name, money)| (Some(name.clone()), *money)).collect::<Vec<_>>()
        };
        let (min, max) = (named(&request.min_budgets), named(&request.max_budgets));
        // Without bounds the older tool lets every channel take everything.
        let wishes = Wishes {
            budget: Some(Budget::Fixed(request.total_budget)),
            unbounded: min.is_empty() && max.is_empty(),
            min,
            max,
            ..Wishes::default()
        };
        let task = wishes.task(&ready.surface)?;
        let plan = optimise(&ready.surface, &task, Report { level: LEVEL, spread_draws: 0 })?;
        let by_channel = |value: &dyn Fn(usize) -> Value| -> Map<String, Value> {
            plan.appraisal
                .channels
                .iter()
                .enumerate()
                .map(|(k, cell)| (cell.name.clone(), value(k)))
                .collect()
        };
        let cells = &plan.appraisal.channels;
        let allocation = by_channel(&|k| json!(cells[k].spend.total));
        let roi = by_channel(&|k| json!(cells[k].roas.as_ref().map(|roas| roas.mean - 1.0)));
        let marginal = by_channel(&|k| json!(cells[k].marginal.mean));
        Ok(json!({
            "model_id": request.model_id,
            "total_budget": plan.appraisal.budget.total,
            "optimal_allocation": allocation,
            "expected_contribution": plan.appraisal.outcome.mean,
            "net_profit": plan.appraisal.profit.as_ref().map(|profit| profit.mean),
            "roi_by_channel": roi,
            "marginal_returns": marginal,
            "optimization_success": true,
            "level": LEVEL,
            "intervals": {
                "expected_contribution": plan.appraisal.outcome,
                "net_profit": plan.appraisal.profit,
                "marginal_returns": by_channel(&|k| json!(cells[k].marginal)),
            },
            "warnings": findings(&plan.warnings, ""),
        }))
    });
    Ok(axum::Json(answer.await?).into_response())
}

/// Accuracy and convergence, and against the truth where it is known.
pub async fn validate(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<OfDataset>,
    body: MaybeJson<OfDataset>,
) -> Outcome<Response> {
    let row = app.store.fit(&caller.workspace, &id).await?.ok_or_else(|| ApiError::not_found("model"))?;
    same_dataset(&row, query.dataset_id.or(body.0.unwrap_or_default().dataset_id))?;
    let data = app.store.dataset(&caller.workspace, &row.dataset).await?;
    let truth = data.filter(|data| !data.truth.is_empty());
    let truth: Option<GroundTruth> = truth.map(|data| stored(&data.truth, "dataset")).transpose()?;
    let loaded = load(&app, &caller, &id).await?;
    let answer = blocking(&app, move || {
        let figures = accuracy(&loaded.model, &loaded.posterior, LEVEL, seed(&loaded));
        let recovered = truth.map(|truth| recovery(&loaded.model, &loaded.posterior, &truth, LEVEL));
        let split = |is_roas: bool| {
            let rows = recovered.as_ref()?.iter().filter(|row| row.name.starts_with("roas[") == is_roas);
            Some(json!(rows.collect::<Vec<_>>()))
        };
        let training = &figures.training;
        Ok(json!({
            "model_id": id,
            "dataset_id": row.dataset,
            "passed": loaded.converged(),
            "metrics": {
                "mape": training.mape, "r2": training.r_squared, "mae": training.mae, "rmse": training.rmse,
                "coverage": training.coverage_95, "n": training.n,
            },
            "convergence": loaded.convergence,
            "parameter_recovery": split(false),
            "roi_accuracy": split(true),
            "warnings": findings(&loaded.warnings, ""),
        }))
    });
    Ok(axum::Json(answer.await?).into_response())
}

/// A fit is of its own data.
pub fn same_dataset(row: &FitRow, asked: Option<String>) -> Outcome<()> {
    match asked {
        Some(asked) if asked != row.dataset => {
            let detail = "the model was fitted to another dataset";
            Err(ApiError::invalid("/dataset_id", "dataset.another", detail))
        }
        _ => Ok(()),
    }
}

async fn named(app: &App, caller: &Caller, id: &str, pointer: &str) -> Outcome<Dataset> {
    let unknown = || unknown(pointer, "dataset");
    if !is_id(id) {
        return Err(unknown());
    }
    find(app, caller, id)
        .await
        .map_err(|error| if error.status == StatusCode::NOT_FOUND { unknown() } else { error })
}

fn merge(into: &mut Value, more: Value) {
    if let (Value::Object(into), Value::Object(more)) = (into, more) {
        into.extend(more);
    }
}
