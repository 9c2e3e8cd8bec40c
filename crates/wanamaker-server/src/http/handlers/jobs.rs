//! Jobs: where they are, their events as they happen, and how to pause and stop them.

use super::{Listing, PageQuery, time};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{Id, Query};
use crate::http::reply;
use crate::ids;
use crate::problem::{ApiError, Outcome};
use crate::store::{Event, Job, Pause};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// How often a watcher looks for what another server did.
const LOOK: Duration = Duration::from_secs(1);
/// How often a silent stream says that it lives.
const PULSE: Duration = Duration::from_secs(15);

/// A job.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JobView {
    /// Its name in paths.
    pub id: String,
    /// What it does: `fit`.
    pub kind: String,
    /// `queued`, `running`, `paused`, `cancelling`, `cancelled`, `succeeded` or `failed`.
    pub state: String,
    /// Times that it was begun; more than one after a server was killed or stopped.
    pub attempt: i64,
    /// The latest progress: phase, fraction, chains, seconds left; null before.
    pub progress: Option<Value>,
    /// Why it failed; null otherwise.
    pub problem: Option<Value>,
    /// When it was ordered.
    pub created: String,
    /// When it was first begun; null before.
    pub started: Option<String>,
    /// When it was over; null before.
    pub finished: Option<String>,
    /// Where to go from here.
    pub links: Links,
}

/// Where to go from a job.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Links {
    /// The job itself.
    #[serde(rename = "self")]
    pub this: String,
    /// Its events, as they happen.
    pub events: String,
    /// To pause it, by POST.
    pub pause: String,
    /// To go on with it, by POST.
    pub resume: String,
    /// To stop it, by POST.
    pub cancel: String,
    /// The fit that it makes.
    pub fit: String,
}

/// How long to wait for the end of a job.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitQuery {
    /// Seconds to wait for the job to be over before answering, 0 to 60.
    #[schemars(range(min = 0, max = 60))]
    pub wait: Option<u64>,
}

/// Where in the log of a job to begin.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventsQuery {
    /// Only events behind this one; the header `Last-Event-ID` says the same.
    #[schemars(range(min = 0))]
    pub after: Option<i64>,
}

/// Lists jobs.
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Outcome<Response> {
    let page = query.page()?;
    let rows = app.store.jobs(&caller.workspace, &page).await?;
    let next = PageQuery::next(&page, &rows, |row| &row.id);
    Ok(reply::json(&Listing { items: rows.iter().map(view).collect::<Vec<_>>(), next }))
}

/// One job, now or once it is over.
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<WaitQuery>,
) -> Outcome<Response> {
    let seconds = query.wait.unwrap_or(0);
    if seconds > 60 {
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "query.invalid", "wait is a number from 0 to 60"));
    }
    let job = wait(&app, &caller, &id, Duration::from_secs(seconds)).await?;
    let mut response = reply::json(&view(&job));
    if !job.state.is_over() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    Ok(response)
}

/// A job once it is over, or after so long.
pub async fn wait(app: &App, caller: &Caller, id: &str, limit: Duration) -> Outcome<Job> {
    let until = tokio::time::Instant::now() + limit;
    let news = app.hub.of(id);
    loop {
        let notified = news.notified();
        let job = app.store.job(&caller.workspace, id).await?.ok_or_else(|| ApiError::not_found("job"))?;
        if job.state.is_over() || tokio::time::Instant::now() >= until || app.hub.is_stopping() {
            return Ok(job);
        }
        tokio::select! {
            () = notified => {}
            () = app.hub.stopped() => {}
            () = tokio::time::sleep_until(until.min(tokio::time::Instant::now() + LOOK)) => {}
        }
    }
}

/// The end of a job, however long it takes; for older tools, which know no jobs.
pub async fn wait_long(app: &App, caller: &Caller, id: &str) -> Outcome<Job> {
    wait(app, caller, id, Duration::from_secs(24 * 3600)).await
}

/// Stops a job. Once it is over nothing happens.
pub async fn cancel(State(app): State<App>, caller: Caller, Id(id): Id) -> Outcome<Response> {
    app.store.cancel(&caller.workspace, &id).await?.ok_or_else(|| ApiError::not_found("job"))?;
    app.hub.wake(&id);
    let job = app.store.job(&caller.workspace, &id).await?.ok_or_else(|| ApiError::not_found("job"))?;
    let status = if job.state.is_over() { StatusCode::OK } else { StatusCode::ACCEPTED };
    Ok((status, axum::Json(view(&job))).into_response())
}

/// Pauses a job: it is not begun, or its chains stand still and keep what they have. Once it is over nothing happens.
pub async fn pause(State(app): State<App>, caller: Caller, Id(id): Id) -> Outcome<Response> {
    match app.store.pause(&caller.workspace, &id, app.settings.most_paused).await? {
        Pause::Now(_) => changed(&app, &caller, &id).await,
        Pause::TooMany => {
            let detail = "too many fits of this workspace are paused; resume or cancel one of them";
            Err(ApiError::new(StatusCode::CONFLICT, "job.too_many_paused", detail))
        }
        Pause::Unknown => Err(ApiError::not_found("job")),
    }
}

/// Puts a paused job into the queue again. One that is not paused stays as it is.
pub async fn resume(State(app): State<App>, caller: Caller, Id(id): Id) -> Outcome<Response> {
    app.store.resume(&caller.workspace, &id).await?.ok_or_else(|| ApiError::not_found("job"))?;
    app.hub.work.notify_one();
    changed(&app, &caller, &id).await
}

/// A job of which something was wished.
async fn changed(app: &App, caller: &Caller, id: &str) -> Outcome<Response> {
    app.hub.wake(id);
    let job = app.store.job(&caller.workspace, id).await?.ok_or_else(|| ApiError::not_found("job"))?;
    Ok(axum::Json(view(&job)).into_response())
}

/// What a stream of events knows.
struct Watch {
    app: App,
    workspace: String,
    id: String,
    after: i64,
    waiting: VecDeque<Event>,
    news: Arc<Notify>,
    is_over: bool,
}

/// Events of a job as they happen, from the beginning or behind the last one seen, until it is over.
pub async fn events(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<EventsQuery>,
    headers: HeaderMap,
) -> Outcome<Response> {
    app.store.job(&caller.workspace, &id).await?.ok_or_else(|| ApiError::not_found("job"))?;
    let seen = headers
        .get("last-event-id")
        .map(|value| value.to_str().ok().and_then(|text| text.trim().parse().ok()));
    let after = match (seen, query.after) {
        (Some(Some(seen)), _) => seen,
        (Some(None), _) => {
            let detail = "Last-Event-ID is not one that was given out";
            return Err(ApiError::new(StatusCode::BAD_REQUEST, "header.invalid", detail));
        }
        (None, after) => after.unwrap_or(0),
    };
    let news = app.hub.of(&id);
    let watch =
        Watch { app, workspace: caller.workspace, id, after, waiting: VecDeque::new(), news, is_over: false };
    let stream = unfold(watch, |mut watch| async move {
        let event = watch.next().await?;
        Some((Ok::<_, Infallible>(event), watch))
    });
    let mut response = Sse::new(stream).keep_alive(KeepAlive::new().interval(PULSE)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

impl Watch {
    async fn next(&mut self) -> Option<SseEvent> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                self.after = event.seq;
                self.is_over = event.kind == "state" && is_last(&event.data);
                return Some(
                    SseEvent::default().id(event.seq.to_string()).event(event.kind).data(event.data),
                );
            }
            // Events of an earlier attempt may stand behind an end that was reported: there is none.
            if self.is_over || self.app.hub.is_stopping() {
                return None;
            }
            let news = Arc::clone(&self.news);
            let notified = news.notified();
            match self.app.store.events(&self.workspace, &self.id, self.after).await {
                Ok(events) if !events.is_empty() => self.waiting.extend(events),
                // Somebody who has seen the end comes again: there is nothing more, now or later.
                Ok(_) if self.has_ended().await => return None,
                _ => tokio::select! {
                    () = notified => {}
                    () = self.app.hub.stopped() => {}
                    () = tokio::time::sleep(LOOK) => {}
                },
            }
        }
    }

    async fn has_ended(&self) -> bool {
        match self.app.store.job(&self.workspace, &self.id).await {
            Ok(Some(job)) if job.state.is_over() => {
                // It may have ended between the two looks.
                matches!(self.app.store.events(&self.workspace, &self.id, self.after).await, Ok(events) if events.is_empty())
            }
            Ok(Some(_)) | Err(_) => false,
            Ok(None) => true,
        }
    }
}

fn is_last(data: &str) -> bool {
    let state =
        serde_json::from_str::<Value>(data).ok().and_then(|value| value["state"].as_str().map(str::to_owned));
    matches!(state.as_deref(), Some("succeeded" | "failed" | "cancelled"))
}

/// How a job is shown.
pub fn view(job: &Job) -> JobView {
    let parsed = |text: &str| serde_json::from_str(text).ok();
    let this = format!("/api/v1/jobs/{}", job.id);
    JobView {
        id: job.id.clone(),
        kind: job.kind.clone(),
        state: job.state.word().to_owned(),
        attempt: job.attempt,
        progress: parsed(&job.progress),
        problem: parsed(&job.problem),
        created: time(job.created),
        started: ids::time(job.started),
        finished: ids::time(job.finished),
        links: Links {
            events: format!("{this}/events"),
            pause: format!("{this}/pause"),
            resume: format!("{this}/resume"),
            cancel: format!("{this}/cancel"),
            fit: format!("/api/v1/fits/{}", job.subject),
            this,
        },
    }
}
