//! Webhooks: who is told when a job is over, and what became of it.

use super::{Listing, PageQuery, stored, time};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{Id, Json, Query};
use crate::http::reply;
use crate::ids::{self, new_id};
use crate::problem::{ApiError, Outcome};
use crate::store::{Delivery, Topic, Webhook};
use crate::webhooks::address;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Somebody to be told.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookRequest {
    /// Where to: an address that begins with `https://`, without a login in it, outside of private networks.
    #[schemars(length(min = 1, max = 2000))]
    pub url: String,
    /// What of; everything when not said.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub topics: Option<Vec<Topic>>,
}

/// A webhook without its secret.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WebhookView {
    /// Its name.
    pub id: String,
    /// Where it is told.
    pub url: String,
    /// What it is told of.
    pub topics: Vec<Topic>,
    /// When it was made.
    pub created: String,
}

/// A new webhook; its secret is shown this once, and cannot be printed.
#[derive(Serialize, JsonSchema)]
pub struct NewWebhook {
    /// What signs each delivery: `Mmm-Signature` is `v1=` and the HMAC-SHA256, in hexadecimal digits and under this secret, of
    /// `Mmm-Timestamp`, a dot and the body.
    pub secret: String,
    /// What is kept beside it.
    #[serde(flatten)]
    pub view: WebhookView,
}

/// Something that a webhook was or will be told. It may be told twice; `Mmm-Delivery` is then the same.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DeliveryView {
    /// Its name, as in the header `Mmm-Delivery` and in the body.
    pub id: String,
    /// What it is about: a topic, or `ping`.
    pub topic: String,
    /// `waiting`, `delivered` or `failed`.
    pub state: String,
    /// Times that it was sent.
    pub attempts: i64,
    /// The status that came back last; null for none.
    pub status: Option<i64>,
    /// Why the last try failed; null where none did.
    pub error: Option<String>,
    /// When it happened.
    pub created: String,
    /// When it is sent next; null once it is over.
    pub next: Option<String>,
    /// When it was over; null before.
    pub finished: Option<String>,
}

/// Registers a webhook in the caller's workspace.
pub async fn create(State(app): State<App>, caller: Caller, body: Json<WebhookRequest>) -> Outcome<Response> {
    let request = body.value;
    let url = address::check(&request.url, app.settings.private_webhooks)
        .map_err(|why| ApiError::invalid("/url", "webhook.bad_url", why))?;
    let wanted = request.topics.unwrap_or(Topic::ALL.to_vec());
    let topics: Vec<Topic> = Topic::ALL.into_iter().filter(|topic| wanted.contains(topic)).collect();
    if topics.is_empty() {
        return Err(ApiError::invalid("/topics", "webhook.no_topics", "name a topic, or leave topics out"));
    }
    let hook = Webhook {
        id: new_id(),
        workspace: caller.workspace.clone(),
        url: url.to_string(),
        topics: serde_json::to_string(&topics).map_err(|error| ApiError::internal(&error))?,
        secret: format!("mmm_hook_{}", ids::secret()),
        created: ids::now(),
    };
    if !app.store.add_webhook(&hook).await? {
        let detail = "this workspace has as many webhooks as it may have; remove one";
        return Err(ApiError::new(StatusCode::CONFLICT, "webhook.too_many", detail));
    }
    tracing::info!(by = caller.name, webhook = hook.id, "a webhook was made");
    let answer = NewWebhook { view: view(&hook)?, secret: hook.secret };
    Ok(reply::made(StatusCode::CREATED, &format!("/api/v1/webhooks/{}", hook.id), &answer))
}

/// Lists the webhooks of the caller's workspace.
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Outcome<Response> {
    let page = query.page()?;
    let rows = app.store.webhooks(&caller.workspace, &page).await?;
    let next = PageQuery::next(&page, &rows, |row| &row.id);
    let items = rows.iter().map(view).collect::<Outcome<Vec<_>>>()?;
    Ok(reply::json(&Listing { items, next }))
}

/// One webhook.
pub async fn one(State(app): State<App>, caller: Caller, Id(id): Id) -> Outcome<Response> {
    Ok(reply::json(&view(&found(&app, &caller, &id).await?)?))
}

/// Removes a webhook, with what it was still to be told.
pub async fn remove(State(app): State<App>, caller: Caller, Id(id): Id) -> Outcome<StatusCode> {
    if !app.store.remove_webhook(&caller.workspace, &id).await? {
        return Err(ApiError::not_found("webhook"));
    }
    tracing::info!(by = caller.name, webhook = id, "a webhook was removed");
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a webhook something that means nothing.
pub async fn ping(State(app): State<App>, caller: Caller, Id(id): Id) -> Outcome<Response> {
    let hook = found(&app, &caller, &id).await?;
    let put = app.store.ping_webhook(&hook).await?.ok_or_else(|| ApiError::not_found("webhook"))?;
    app.hub.post.notify_one();
    Ok((StatusCode::ACCEPTED, axum::Json(delivery(&put))).into_response())
}

/// What a webhook was told and will be.
pub async fn deliveries(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<PageQuery>,
) -> Outcome<Response> {
    let page = query.page()?;
    let hook = found(&app, &caller, &id).await?;
    let rows = app.store.deliveries(&caller.workspace, &hook.id, &page).await?;
    let next = PageQuery::next(&page, &rows, |row| &row.id);
    Ok(reply::json(&Listing { items: rows.iter().map(delivery).collect::<Vec<_>>(), next }))
}

async fn found(app: &App, caller: &Caller, id: &str) -> Outcome<Webhook> {
    app.store.webhook(&caller.workspace, id).await?.ok_or_else(|| ApiError::not_found("webhook"))
}

fn view(hook: &Webhook) -> Outcome<WebhookView> {
    Ok(WebhookView {
        id: hook.id.clone(),
        url: hook.url.clone(),
        topics: stored(&hook.topics, "webhook")?,
        created: time(hook.created),
    })
}

fn delivery(row: &Delivery) -> DeliveryView {
    DeliveryView {
        id: row.id.clone(),
        topic: row.topic.clone(),
        state: row.state.clone(),
        attempts: row.attempts,
        status: (row.status != 0).then_some(row.status),
        error: (!row.error.is_empty()).then(|| row.error.clone()),
        created: time(row.created),
        next: if row.finished == 0 { ids::time(row.next) } else { None },
        finished: ids::time(row.finished),
    }
}
