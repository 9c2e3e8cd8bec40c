//! Fits: ordered, watched through their job, kept as one immutable file.

use super::specs::{check_now, dataset, spec_or_proposed};
use super::{Listing, PageQuery, stored, time};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{Id, Json, Query};
use crate::http::files::{download, forget_blob};
use crate::http::once::{Made, once};
use crate::http::{compute, reply};
use crate::ids::new_id;
use crate::jobs::FitWork;
use crate::problem::{ApiError, Outcome};
use crate::store::{Dataset, Fit, NewJob};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wanamaker::spec::ModelSpec;

/// Most bytes of draws that are ordered without a second thought.
const MOST_POSTERIOR: u64 = 8 << 30;

/// An order for a fit.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FitRequest {
    /// Name of the dataset.
    pub dataset: String,
    /// The spec, in the words of `mmm.toml`; what is proposed for the dataset when left out. `data.file` is not opened.
    #[serde(default)]
    #[schemars(with = "Option<ModelSpec>")]
    pub spec: Option<Value>,
    /// What to call the fit.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub name: Option<String>,
}

/// A fit.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FitView {
    /// Its name in paths.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The dataset it was ordered for.
    pub dataset: String,
    /// The job that makes it.
    pub job: String,
    /// `queued`, `running`, `paused`, `cancelling`, `cancelled`, `succeeded` or `failed`.
    pub state: String,
    /// When it was ordered.
    pub created: String,
    /// When it was done; null until then.
    pub finished: Option<String>,
    /// Size of the fit file; 0 until it is there.
    pub bytes: i64,
    /// SHA-256 of the fit file; null until it is there.
    pub sha256: Option<String>,
    /// What is worth knowing: channels, periods, size, convergence, warnings; null until it is there.
    pub facts: Option<Value>,
    /// The spec as ordered.
    pub spec: Value,
}

/// A fit in a listing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FitLine {
    /// Its name in paths.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The dataset it was ordered for.
    pub dataset: String,
    /// The job that makes it.
    pub job: String,
    /// State of the job.
    pub state: String,
    /// When it was ordered.
    pub created: String,
    /// When it was done; null until then.
    pub finished: Option<String>,
    /// Whether its chains agree; null until it is there.
    pub converged: Option<bool>,
}

/// Orders a fit.
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: Json<FitRequest>,
) -> Outcome<Response> {
    let (shared, owner) = (app.clone(), caller.clone());
    once(&app, &caller, "create_fit", &headers, &body.fingerprint, move |id| async move {
        let row = dataset(&shared, &owner, &body.value.dataset).await?;
        let spec = spec_or_proposed(body.value.spec, &row)?;
        let name = body.value.name.as_deref().map(cleaned).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| row.name.clone());
        let fit = order(&shared, &owner, id, name, &row, spec).await?;
        Ok(Made::new(StatusCode::ACCEPTED, format!("/api/v1/jobs/{}", fit.job), &view(&fit)?))
    })
    .await
}

/// A name without what cannot be seen, not too long.
fn cleaned(name: &str) -> String {
    let seen: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    seen.trim().to_owned()
}

/// Checks an order and puts it into the queue; the job is durable when this returns.
pub async fn order(
    app: &App,
    caller: &Caller,
    id: String,
    name: String,
    row: &Dataset,
    spec: Value,
) -> Outcome<Fit> {
    let checked = check_now(app, row, &spec).await?;
    if !checked.ok {
        let first = checked.findings.iter().find(|found| found.severity == "error");
        let (code, detail) = first.map_or_else(
            || ("spec.invalid".to_owned(), "the spec cannot be fitted".to_owned()),
            |found| (found.code.clone(), found.detail.clone()),
        );
        let mut error = ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
        error.errors = checked.findings;
        return Err(error);
    }
    let bytes = checked.facts.as_ref().and_then(|facts| facts["posterior_bytes"].as_u64()).unwrap_or(0);
    if bytes > MOST_POSTERIOR {
        let detail = format!("the draws of this fit would take {} GB; ask for fewer", bytes >> 30);
        return Err(ApiError::invalid("/spec/sampler/draws", "fit.too_large", detail));
    }
    let work = FitWork {
        blob: row.blob.clone(),
        name: row.name.clone(),
        extension: row.extension.clone(),
        spec: spec.clone(),
    };
    let job = NewJob {
        id: new_id(),
        workspace: caller.workspace.clone(),
        kind: "fit".to_owned(),
        subject: id.clone(),
        work: serde_json::to_string(&work).expect("words are JSON"),
    };
    let fit = Fit {
        id: id.clone(),
        workspace: caller.workspace.clone(),
        name,
        dataset: row.id.clone(),
        job: job.id.clone(),
        spec: spec.to_string(),
        blob: String::new(),
        bytes: 0,
        facts: String::new(),
        created: 0,
        finished: 0,
        state: String::new(),
    };
    if !app.store.order_fit(&fit, &job, app.settings.most_waiting).await? {
        let detail = "too many jobs of this workspace are waiting already";
        return Err(ApiError::busy(StatusCode::TOO_MANY_REQUESTS, "too_many_jobs", detail, 30));
    }
    app.hub.work.notify_one();
    app.store.fit(&caller.workspace, &id).await?.ok_or_else(|| ApiError::not_found("fit"))
}

/// Lists fits.
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Outcome<Response> {
    let page = query.page()?;
    let rows = app.store.fits(&caller.workspace, &page).await?;
    let next = PageQuery::next(&page, &rows, |row| &row.id);
    let items = rows.into_iter().map(|row| FitLine {
        converged: serde_json::from_str::<Value>(&row.facts)
            .ok()
            .and_then(|facts| facts["converged"].as_bool()),
        id: row.id,
        name: row.name,
        dataset: row.dataset,
        job: row.job,
        state: row.state,
        created: time(row.created),
        finished: crate::ids::time(row.finished),
    });
    Ok(reply::json(&Listing { items: items.collect(), next }))
}

/// One fit.
pub async fn one(State(app): State<App>, caller: Caller, Id(id): Id) -> Outcome<Response> {
    let fit = app.store.fit(&caller.workspace, &id).await?.ok_or_else(|| ApiError::not_found("fit"))?;
    Ok(reply::json(&view(&fit)?))
}

/// The fit file.
pub async fn file(State(app): State<App>, caller: Caller, Id(id): Id) -> Outcome<Response> {
    let fit = compute::finished(&app, &caller, &id).await?;
    download(&app, &fit.blob, &format!("fit-{id}.mmm")).await
}

/// Removes a fit whose job is over.
pub async fn remove(State(app): State<App>, caller: Caller, Id(id): Id) -> Outcome<StatusCode> {
    let fit = app.store.fit(&caller.workspace, &id).await?.ok_or_else(|| ApiError::not_found("fit"))?;
    if !app.store.remove_fit(&caller.workspace, &id, &fit.job).await? {
        let detail = "the job of this fit is not over; cancel it first";
        return Err(ApiError::new(StatusCode::CONFLICT, "fit.in_use", detail));
    }
    app.cache.forget(&format!("{}/{id}/", caller.workspace));
    if !fit.blob.is_empty() {
        forget_blob(&app, &fit.blob).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// How a fit is shown.
pub fn view(fit: &Fit) -> Outcome<FitView> {
    let is_there = !fit.blob.is_empty();
    Ok(FitView {
        id: fit.id.clone(),
        name: fit.name.clone(),
        dataset: fit.dataset.clone(),
        job: fit.job.clone(),
        state: fit.state.clone(),
        created: time(fit.created),
        finished: crate::ids::time(fit.finished),
        bytes: fit.bytes,
        sha256: is_there.then(|| fit.blob.clone()),
        facts: if is_there { Some(stored(&fit.facts, "fit")?) } else { None },
        spec: stored(&fit.spec, "fit")?,
    })
}
