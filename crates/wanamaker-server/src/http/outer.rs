//! The outermost layer: names for requests, protection of browsers, errors in one form, ETags, figures and the log.

use super::dashboard::{self, StyleNonce};
use super::guard::RouteName;
use super::reply::{Immutable, Tagged};
use crate::app::App;
use crate::ids;
use crate::problem::ApiError;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

/// What pages of this server may load, and who may show them.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
    img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
    form-action 'self'; object-src 'none'";

/// Headers of every answer.
const PROTECTION: [(&str, &str); 7] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("x-frame-options", "DENY"),
];

/// Goes around everything.
pub async fn outer(State(app): State<App>, request: Request, next: Next) -> Response {
    let (began, trace) = (Instant::now(), ids::new_id());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let headers = request.headers().clone();
    app.metrics.begin();
    let inner = async {
        if is_known_host(&app, &headers) {
            next.run(request).await
        } else {
            let detail = "this server does not go by the name in the header Host; see --host";
            ApiError::new(StatusCode::MISDIRECTED_REQUEST, "unknown_host", detail).into_response()
        }
    };
    let response = AssertUnwindSafe(inner).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!(trace, "a handler panicked");
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the server failed; its log says why")
            .into_response()
    });
    let response = finish_error(response, &path, &trace).await;
    let mut response = conditional(response, &method, &headers);
    for (name, value) in PROTECTION {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let nonce = response.extensions().get::<StyleNonce>().and_then(|nonce| dashboard::policy(POLICY, nonce));
    if let Some(policy) = nonce {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Ok(value) = HeaderValue::from_str(&trace) {
        response.headers_mut().insert("x-request-id", value);
    }
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    let route = response.extensions().get::<RouteName>().map_or("none", |name| name.0);
    let (status, seconds) = (response.status().as_u16(), began.elapsed().as_secs_f64());
    app.metrics.end(route, status, seconds);
    // The path may hold what a client likes; the log quotes it. Queries, headers and bodies are not logged.
    tracing::info!(trace, %method, route, path, status, seconds);
    response
}

/// Against names that were bound to this address by somebody else's DNS.
fn is_known_host(app: &App, headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else {
        // HTTP/1.0 knows no Host; browsers do not speak it.
        return true;
    };
    let name =
        host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(name, _)| name);
    let is_loopback = matches!(name.to_ascii_lowercase().as_str(), "localhost" | "127.0.0.1" | "[::1]");
    let is_named = app.settings.hosts.iter().any(|known| known.eq_ignore_ascii_case(name));
    // With credentials, and no names stated, any name will do: what a browser is lured to lacks them.
    is_loopback || is_named || (!app.is_open && app.settings.hosts.is_empty())
}

/// Whatever is wrong is said in one form, also where the framework says it.
async fn finish_error(response: Response, path: &str, trace: &str) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let error = match parts.extensions.remove::<ApiError>() {
        Some(error) => error,
        None => {
            let text = to_bytes(body, 4096).await.unwrap_or_default();
            foreign(status, &String::from_utf8_lossy(&text))
        }
    };
    let bytes = serde_json::to_vec(&error.details(path, trace)).expect("words are JSON");
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    Response::from_parts(parts, Body::from(bytes))
}

/// An error of the framework.
fn foreign(status: StatusCode, text: &str) -> ApiError {
    let (code, detail) = match status {
        StatusCode::NOT_FOUND => ("not_found", "there is no such path"),
        StatusCode::METHOD_NOT_ALLOWED => ("method_not_allowed", "this path does not take that method"),
        StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "the body is too large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            ("unsupported_media_type", "the body is of a media type that is not read here")
        }
        _ if status.is_server_error() => ("internal", "the server failed; its log says why"),
        _ => {
            return ApiError::new(
                status,
                "invalid",
                text.lines().next().unwrap_or("the request is not understood"),
            );
        }
    };
    ApiError::new(status, code, detail)
}

/// Answers that the client has already are not sent again.
fn conditional(mut response: Response, method: &Method, headers: &HeaderMap) -> Response {
    let is_content = matches!(response.status(), StatusCode::OK | StatusCode::PARTIAL_CONTENT);
    if !is_content || !matches!(*method, Method::GET | Method::HEAD) {
        return response;
    }
    let Some(tag) = response.extensions().get::<Tagged>().map(|tagged| tagged.0.clone()) else {
        return response;
    };
    let policy = match response.extensions().get::<Immutable>() {
        Some(_) => "private, max-age=31536000, immutable",
        None => "private, no-cache",
    };
    let Ok(value) = HeaderValue::from_str(&tag) else { return response };
    response.headers_mut().insert(header::ETAG, value);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(policy));
    response
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("Accept, Authorization, Cookie, X-Api-Key"));
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let is_known = known
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag);
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::CONTENT_RANGE] {
            response.headers_mut().remove(name);
        }
        *response.body_mut() = Body::empty();
    }
    response
}
