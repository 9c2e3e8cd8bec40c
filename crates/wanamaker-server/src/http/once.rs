//! Making a thing once: the same `Idempotency-Key` with the same body is answered with the same thing, however often and
//! however many at a time, also when the server died in between.

use super::extract::idempotency_key;
use crate::app::App;
use crate::auth::Caller;
use crate::ids::new_id;
use crate::problem::{ApiError, Outcome};
use crate::store::{Begun, Done};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// What was made.
pub struct Made {
    status: StatusCode,
    location: String,
    body: String,
}

impl Made {
    /// A thing, its place, and how it is described.
    pub fn new(status: StatusCode, location: String, value: &impl Serialize) -> Self {
        Self { status, location, body: serde_json::to_string(value).expect("words are JSON") }
    }
}

/// Makes a thing under a new name with `make`, or answers as it was answered before.
///
/// # Errors
/// 422 for a key that came with another body before, 409 for one that is being worked on, and those of `make`, after which
/// the key is free again.
pub async fn once<F: Future<Output = Outcome<Made>> + Send + 'static>(
    app: &App,
    caller: &Caller,
    route: &'static str,
    headers: &HeaderMap,
    fingerprint: &str,
    make: impl FnOnce(String) -> F + Send + 'static,
) -> Outcome<Response> {
    let Some(key) = idempotency_key(headers)? else {
        return detached(make(new_id())).await.map(reply);
    };
    let (workspace, server) = (caller.workspace.clone(), &app.blobs.server);
    let begin = async || app.store.begin_once(&workspace, route, &key, fingerprint, &new_id(), server).await;
    let mut begun = begin().await?;
    // What a server asked of PostgreSQL just before it died may have been done after it was found dead.
    if begun == Begun::UnderWay && !app.blobs.dead.is_empty() {
        app.store.free_once(&app.blobs.dead).await?;
        begun = begin().await?;
    }
    let reserved = match begun {
        Begun::Ours(reserved) => reserved,
        Begun::Done(done) => {
            let status = StatusCode::from_u16(done.status).unwrap_or(StatusCode::OK);
            let mut response = reply(Made { status, location: done.location, body: done.body });
            response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
            return Ok(response);
        }
        Begun::UnderWay => {
            let detail = "a request with this Idempotency-Key is being worked on";
            return Err(ApiError::busy(StatusCode::CONFLICT, "idempotency.under_way", detail, 1));
        }
        Begun::Another => {
            let detail = "this Idempotency-Key came with another request before";
            return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency.reused_key", detail));
        }
    };
    let app = app.clone();
    // It goes on when the client goes away: whoever asks again finds it done.
    detached(async move {
        match make(reserved).await {
            Ok(made) => {
                let done = Done {
                    status: made.status.as_u16(),
                    location: made.location.clone(),
                    body: made.body.clone(),
                };
                app.store.finish_once(&workspace, route, &key, &done).await?;
                Ok(made)
            }
            Err(error) => {
                app.store.forget_once(&workspace, route, &key).await?;
                Err(error)
            }
        }
    })
    .await
    .map(reply)
}

async fn detached(work: impl Future<Output = Outcome<Made>> + Send + 'static) -> Outcome<Made> {
    tokio::spawn(work).await.map_err(|error| ApiError::internal(&error))?
}

fn reply(made: Made) -> Response {
    let mut response = (made.status, made.body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(location) = HeaderValue::from_str(&made.location).ok().filter(|location| !location.is_empty())
    {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}
