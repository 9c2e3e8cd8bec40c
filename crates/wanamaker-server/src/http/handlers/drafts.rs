//! Drafts: specs and plans that somebody is still working on, kept until they are wanted, never lost to another's write.

use super::datasets::find as find_dataset;
use super::specs::unknown;
use super::{Listing, PageQuery, stored, time};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{Id, Json, Query};
use crate::http::once::{Made, once};
use crate::http::reply::{self, Computed};
use crate::ids;
use crate::problem::{ApiError, Outcome};
use crate::store::{Draft, Written};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Most bytes of what is drafted.
const MOST_BYTES: usize = 256 << 10;
/// Most letters of a name.
const MOST_LETTERS: usize = 200;

/// What a draft is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DraftKind {
    /// A spec; its subject is a dataset.
    Spec,
    /// A plan; its subject is a fit.
    Plan,
}

/// A draft to be kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend(
    "if" = { "properties": { "kind": { "const": "plan" } }, "required": ["kind"] },
    "then" = { "properties": { "subject": { "type": "string" } }, "required": ["subject"] },
))]
pub struct DraftRequest {
    /// What to call it.
    #[schemars(length(min = 1, max = 200), regex(pattern = "^[^\\x00-\\x20\\x7f-\\xa0]"))]
    pub name: String,
    /// What it is of.
    pub kind: DraftKind,
    /// The dataset of a spec or the fit of a plan; none for a spec that has no data yet.
    #[serde(default)]
    #[schemars(extend("format" = "uuid"))]
    pub subject: Option<String>,
    /// What was drafted, up to 256 kB of JSON: a spec in the words of `mmm.toml`, or the wishes and amounts of a plan. It need
    /// not be whole or right, and is given back as it came.
    pub content: Map<String, Value>,
}

/// A draft.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DraftView {
    /// Its name in paths.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is of.
    pub kind: DraftKind,
    /// The dataset or fit it is for, which may be gone by now; null for none.
    pub subject: Option<String>,
    /// What was drafted.
    pub content: Map<String, Value>,
    /// How often it was written; in quotes it is the `ETag`, and what `If-Match` asks for.
    pub revision: i64,
    /// When it was made.
    pub created: String,
    /// When it was written last.
    pub updated: String,
}

/// A draft in a listing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DraftLine {
    /// Its name in paths.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is of.
    pub kind: DraftKind,
    /// The dataset or fit it is for; null for none.
    pub subject: Option<String>,
    /// How often it was written.
    pub revision: i64,
    /// When it was made.
    pub created: String,
    /// When it was written last.
    pub updated: String,
}

/// Keeps a draft.
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: Json<DraftRequest>,
) -> Outcome<Response> {
    let (shared, owner) = (app.clone(), caller.clone());
    once(&app, &caller, "create_draft", &headers, &body.fingerprint, move |id| async move {
        let now = ids::now();
        let row = row_of(&shared, &owner, id, body.value, now).await?;
        shared.store.add_draft(&row).await?;
        Ok(Made::new(StatusCode::CREATED, format!("/api/v1/drafts/{}", row.id), &view(&row)?))
    })
    .await
}

/// Lists drafts.
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Outcome<Response> {
    let page = query.page()?;
    let rows = app.store.drafts(&caller.workspace, &page).await?;
    let next = PageQuery::next(&page, &rows, |row| &row.id);
    let items: Outcome<Vec<DraftLine>> = rows.into_iter().map(line).collect();
    Ok(reply::json(&Listing { items: items?, next }))
}

/// One draft.
pub async fn one(State(app): State<App>, caller: Caller, Id(id): Id) -> Outcome<Response> {
    let row = find(&app, &caller, &id).await?;
    let found = Computed { tag: tag(row.revision), ..Computed::json(&view(&row)?) };
    Ok(found.reply(false))
}

/// Writes a draft anew.
pub async fn replace(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    headers: HeaderMap,
    body: Json<DraftRequest>,
) -> Outcome<Response> {
    let old = find(&app, &caller, &id).await?;
    matches(&headers, old.revision)?;
    let new = row_of(&app, &caller, id, body.value, old.created).await?;
    let new = Draft { revision: old.revision + 1, updated: ids::now(), ..new };
    if app.store.replace_draft(&new).await? == Written::Stale {
        return Err(stale());
    }
    let mut response = Computed { tag: tag(new.revision), ..Computed::json(&view(&new)?) }.reply(false);
    if let Ok(tag) = HeaderValue::from_str(&tag(new.revision)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// Removes a draft.
pub async fn remove(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    headers: HeaderMap,
) -> Outcome<StatusCode> {
    let old = find(&app, &caller, &id).await?;
    matches(&headers, old.revision)?;
    match app.store.remove_draft(&caller.workspace, &id, old.revision).await? {
        Written::Done => Ok(StatusCode::NO_CONTENT),
        Written::Stale => Err(stale()),
    }
}

async fn find(app: &App, caller: &Caller, id: &str) -> Outcome<Draft> {
    app.store.draft(&caller.workspace, id).await?.ok_or_else(|| ApiError::not_found("draft"))
}

/// The row of what was sent, at its first revision.
async fn row_of(
    app: &App,
    caller: &Caller,
    id: String,
    request: DraftRequest,
    created: i64,
) -> Outcome<Draft> {
    let subject = subject(app, caller, request.kind, request.subject).await?;
    let content = Value::from(request.content).to_string();
    if content.len() > MOST_BYTES {
        let detail = format!("a draft may have {} kB", MOST_BYTES >> 10);
        return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail));
    }
    Ok(Draft {
        id,
        workspace: caller.workspace.clone(),
        name: named(&request.name)?,
        kind: word(request.kind).to_owned(),
        subject,
        content,
        revision: 1,
        created,
        updated: created,
    })
}

/// A name without what cannot be seen.
fn named(name: &str) -> Outcome<String> {
    let seen: String = name.chars().filter(|c| !c.is_control()).collect();
    let seen = seen.trim();
    if seen.is_empty() || name.chars().count() > MOST_LETTERS {
        let detail = format!("a name has 1 to {MOST_LETTERS} letters");
        return Err(ApiError::invalid("/name", "draft.invalid_name", detail));
    }
    Ok(seen.to_owned())
}

/// The dataset or fit that a draft is for, which has to be there when it is named.
async fn subject(app: &App, caller: &Caller, kind: DraftKind, id: Option<String>) -> Outcome<String> {
    let Some(id) = id else {
        if kind == DraftKind::Spec {
            return Ok(String::new());
        }
        return Err(ApiError::invalid(
            "/subject",
            "json.missing_field",
            "a plan needs the fit it is made with",
        ));
    };
    let is_there = ids::is_id(&id)
        && match kind {
            DraftKind::Spec => find_dataset(app, caller, &id).await.map(|_| true).or_else(absent)?,
            DraftKind::Plan => app.store.fit(&caller.workspace, &id).await?.is_some(),
        };
    let what = if kind == DraftKind::Spec { "dataset" } else { "fit" };
    if is_there { Ok(id) } else { Err(unknown("/subject", what)) }
}

fn absent(error: ApiError) -> Outcome<bool> {
    if error.status == StatusCode::NOT_FOUND { Ok(false) } else { Err(error) }
}

/// Whether the client knows the draft as it is.
fn matches(headers: &HeaderMap, revision: i64) -> Outcome<()> {
    let values = headers.get_all(header::IF_MATCH);
    let known: Vec<&str> = values
        .iter()
        .map(|value| value.to_str().unwrap_or_default())
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .collect();
    if known.is_empty() {
        let detail = "say in If-Match which ETag of the draft you know";
        return Err(ApiError::new(StatusCode::PRECONDITION_REQUIRED, "draft.no_revision", detail));
    }
    if let Some(strange) = known.iter().find(|known| !is_tag(known)) {
        let detail =
            format!("`{}` in If-Match is no ETag; it is a text in quotes, or *", strange.escape_debug());
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "header.invalid", detail));
    }
    let tag = tag(revision);
    if known.iter().any(|known| *known == "*" || *known == tag) { Ok(()) } else { Err(stale()) }
}

fn is_tag(text: &str) -> bool {
    let quoted = text.strip_prefix("W/").unwrap_or(text);
    text == "*" || (quoted.len() > 1 && quoted.starts_with('"') && quoted.ends_with('"'))
}

fn stale() -> ApiError {
    let detail = "the draft was written by somebody else in the meantime; get it again";
    ApiError::new(StatusCode::PRECONDITION_FAILED, "draft.stale", detail)
}

fn tag(revision: i64) -> String {
    format!("\"{revision}\"")
}

fn word(kind: DraftKind) -> &'static str {
    match kind {
        DraftKind::Spec => "spec",
        DraftKind::Plan => "plan",
    }
}

fn kind(row: &Draft) -> DraftKind {
    if row.kind == "plan" { DraftKind::Plan } else { DraftKind::Spec }
}

fn view(row: &Draft) -> Outcome<DraftView> {
    Ok(DraftView {
        id: row.id.clone(),
        name: row.name.clone(),
        kind: kind(row),
        subject: Some(row.subject.clone()).filter(|subject| !subject.is_empty()),
        content: stored(&row.content, "draft")?,
        revision: row.revision,
        created: time(row.created),
        updated: time(row.updated),
    })
}

fn line(row: Draft) -> Outcome<DraftLine> {
    Ok(DraftLine {
        kind: kind(&row),
        id: row.id,
        name: row.name,
        subject: Some(row.subject).filter(|subject| !subject.is_empty()),
        revision: row.revision,
        created: time(row.created),
        updated: time(row.updated),
    })
}
