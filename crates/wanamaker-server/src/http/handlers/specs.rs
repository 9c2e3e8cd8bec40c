//! Specs: held against data before anything is fitted, their schema, their presets.

use super::datasets::find;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Json;
use crate::http::files::{disk, errand};
use crate::http::reply;
use crate::jobs::runner::lend;
use crate::problem::{ApiError, Finding, Outcome, findings};
use crate::store::Dataset;
use crate::worker::{DataFile, Work};
use axum::extract::State;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wanamaker::spec::document::{self, Format};
use wanamaker::spec::preset::{Facts, fill, text};
use wanamaker::spec::{ModelSpec, PresetName};

/// A spec to be held against a dataset.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    /// Name of the dataset.
    pub dataset: String,
    /// The spec, in the words of `mmm.toml`; what is proposed for the dataset when left out.
    #[serde(default)]
    #[schemars(with = "Option<ModelSpec>")]
    pub spec: Option<Value>,
}

/// A spec whose prior is to be shown.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorRequest {
    /// Name of the dataset.
    pub dataset: String,
    /// The spec, in the words of `mmm.toml`; what is proposed for the dataset when left out.
    #[serde(default)]
    #[schemars(with = "Option<ModelSpec>")]
    pub spec: Option<Value>,
    /// Probability inside intervals, between 0 and 1; 0.95 when not said.
    #[serde(default)]
    #[schemars(range(min = 0.01, max = 0.999))]
    pub level: Option<f64>,
}

/// What came of holding a spec against data.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct CheckAnswer {
    /// Whether it could be fitted.
    pub ok: bool,
    /// Everything wrong, doubtful or worth knowing, with pointers into the request.
    pub findings: Vec<Finding>,
    /// Size of the model and what the data cover; null where it cannot be fitted.
    pub facts: Option<Value>,
    /// The spec with everything said; null where it cannot be fitted.
    pub spec: Option<Value>,
}

/// A preset.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PresetView {
    /// Its name, as in `preset = "standard"`.
    pub name: String,
    /// Its text in TOML, with comments.
    pub text: String,
    /// The spec that it makes of nothing, for two years of national weeks.
    pub spec: Value,
}

/// The presets.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Presets {
    /// In the order in which they are recommended.
    pub items: Vec<PresetView>,
}

/// Holds a spec against a dataset.
pub async fn check(State(app): State<App>, caller: Caller, body: Json<CheckRequest>) -> Outcome<Response> {
    let row = dataset(&app, &caller, &body.value.dataset).await?;
    let spec = spec_or_proposed(body.value.spec, &row)?;
    Ok(axum::response::IntoResponse::into_response(axum::Json(check_now(&app, &row, &spec).await?)))
}

/// The dataset that a body names.
pub async fn dataset(app: &App, caller: &Caller, id: &str) -> Outcome<Dataset> {
    let unknown = || unknown("/dataset", "dataset");
    if !crate::ids::is_id(id) {
        return Err(unknown());
    }
    find(app, caller, id).await.map_err(|error| if error.status == 404 { unknown() } else { error })
}

/// A name in a body that leads nowhere in this workspace.
pub fn unknown(pointer: &str, what: &str) -> ApiError {
    let detail = format!("there is no such {what}");
    ApiError { status: axum::http::StatusCode::NOT_FOUND, ..ApiError::invalid(pointer, "not_found", detail) }
}

/// The spec that was sent, with every key understood, or the one that is proposed.
pub fn spec_or_proposed(spec: Option<Value>, row: &Dataset) -> Outcome<Value> {
    if let Some(spec) = spec {
        let read = document::read(&spec.to_string(), Format::Json);
        if read.problems.has_errors() {
            return Err(ApiError::problems(&read.problems, "/spec"));
        }
        return Ok(spec);
    }
    let facts: super::datasets::Facts = super::stored(&row.facts, "dataset")?;
    facts.spec.ok_or_else(|| {
        let mut error =
            ApiError::invalid("/spec", "spec.missing", "no spec is proposed for this dataset; send one");
        error.errors.extend(facts.findings);
        error
    })
}

/// The same for handlers that go on from it.
pub async fn check_now(app: &App, row: &Dataset, spec: &Value) -> Outcome<CheckAnswer> {
    let answer = with_data(app, row, |file| Work::Check { file, spec: spec.clone() }).await?;
    serde_json::from_value(answer).map_err(|error| ApiError::internal(&error))
}

/// What a spec believes before it has seen the KPI.
pub async fn prior(State(app): State<App>, caller: Caller, body: Json<PriorRequest>) -> Outcome<Response> {
    let level = body.value.level.unwrap_or(0.95);
    if !(0.01..=0.999).contains(&level) {
        return Err(ApiError::invalid("/level", "level.invalid", "a level lies between 0.01 and 0.999"));
    }
    let row = dataset(&app, &caller, &body.value.dataset).await?;
    let spec = spec_or_proposed(body.value.spec, &row)?;
    let answer = with_data(&app, &row, |file| Work::Prior { file, spec, level }).await?;
    Ok(axum::response::IntoResponse::into_response(axum::Json(answer)))
}

/// Lets a worker do something with the file of a dataset.
pub async fn with_data(app: &App, row: &Dataset, work: impl FnOnce(DataFile) -> Work) -> Outcome<Value> {
    let scratch = app.blobs.scratch().map_err(|error| disk(&error))?;
    let name = format!("data.{}", row.extension);
    let (shared, sha256, target) = (app.clone(), row.blob.clone(), scratch.path().join(&name));
    let lent = tokio::task::spawn_blocking(move || lend(&shared, &sha256, &target)).await;
    lent.map_err(|error| ApiError::internal(&error))?.map_err(crate::http::compute::damaged)?;
    errand(app, scratch.path(), work(DataFile { path: name.into(), name: row.name.clone() })).await
}

/// The JSON Schema of a spec.
pub async fn schema(_: Caller) -> Response {
    reply::json(&schemars::schema_for!(ModelSpec))
}

/// The presets.
pub async fn presets(_: Caller) -> Response {
    let all = [
        PresetName::Standard,
        PresetName::PymcMarketing,
        PresetName::Adelon,
        PresetName::Lite,
        PresetName::Ridge,
    ];
    let items = all.map(|preset| PresetView {
        name: json!(preset).as_str().unwrap_or_default().to_owned(),
        text: text(preset).to_owned(),
        spec: json!(fill(&ModelSpec { preset, ..ModelSpec::default() }, &Facts::default())),
    });
    reply::json(&Presets { items: items.into() })
}

/// A spec written as TOML, turned into JSON: for those who have an `mmm.toml` and no reader for it.
pub async fn from_toml(_: Caller, body: axum::body::Bytes) -> Outcome<Response> {
    let text = String::from_utf8(body.to_vec())
        .map_err(|_| ApiError::invalid("", "spec.syntax", "the spec is not UTF-8"))?;
    let read = document::read(&text, Format::Toml);
    if read.problems.has_errors() {
        let mut error = ApiError::problems(&read.problems, "");
        error.errors = findings(&read.problems, "");
        return Err(error);
    }
    Ok(axum::response::IntoResponse::into_response(axum::Json(json!({ "spec": read.spec }))))
}
