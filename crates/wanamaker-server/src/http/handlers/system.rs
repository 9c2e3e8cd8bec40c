//! The server itself: health, figures, version, its own description.

use crate::app::App;
use crate::http::{assets, openapi, reply};
use crate::problem::{ApiError, Outcome};
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::LazyLock;

/// Whether the server lives or is ready.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Health {
    /// `ok`.
    pub status: String,
}

/// What answers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Version {
    /// `mmm`.
    pub name: String,
    /// Version of the program.
    pub version: String,
    /// Version of the interface.
    pub api: String,
}

/// It lives.
pub async fn healthz() -> Response {
    axum::Json(Health { status: "ok".to_owned() }).into_response()
}

/// It can work: the database answers, and it is not about to end.
pub async fn readyz(State(app): State<App>) -> Outcome<Response> {
    if app.hub.is_stopping() {
        return Err(ApiError::busy(
            StatusCode::SERVICE_UNAVAILABLE,
            "stopping",
            "the server is about to end",
            5,
        ));
    }
    app.store.ping().await.map_err(|error| {
        tracing::error!(%error, "the database does not answer");
        let detail = "the database does not answer";
        ApiError::busy(StatusCode::SERVICE_UNAVAILABLE, "database_unavailable", detail, 5)
    })?;
    Ok(healthz().await)
}

/// Figures in the format of Prometheus.
pub async fn metrics(State(app): State<App>) -> Outcome<Response> {
    let jobs = app.store.job_counts().await?;
    let mut response = app.metrics.text(&jobs, app.cache.bytes()).into_response();
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

/// Its version.
pub async fn version() -> Response {
    let version = Version {
        name: "mmm".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        api: "v1".to_owned(),
    };
    axum::Json(version).into_response()
}

/// The OpenAPI document.
pub async fn document() -> Response {
    static DOCUMENT: LazyLock<reply::Computed> =
        LazyLock::new(|| reply::Computed::json(&openapi::document()));
    DOCUMENT.reply(false)
}

/// The documentation, made of the document by a script of our own.
pub async fn docs() -> Response {
    assets::reply(&assets::DOCS_PAGE)
}

/// Its script.
pub async fn docs_script() -> Response {
    assets::reply(&assets::DOCS_SCRIPT)
}

/// Its looks.
pub async fn docs_style() -> Response {
    assets::reply(&assets::DOCS_STYLE)
}
