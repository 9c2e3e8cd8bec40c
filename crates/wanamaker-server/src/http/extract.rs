//! What a request brings: bodies, queries and names, read strictly, every fault with its place.

use crate::ids;
use crate::problem::{ApiError, Finding, Outcome, pointer};
use axum::body::{Bytes, HttpBody};
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;

/// How long a body that is not an upload may take.
const BODY_TIME: Duration = Duration::from_secs(30);

/// A body of JSON, and the hash of its bytes.
pub struct Json<T> {
    /// What was sent.
    pub value: T,
    /// SHA-256 of it.
    pub fingerprint: String,
}

/// A body of JSON, or none.
pub struct MaybeJson<T>(pub Option<T>);

/// A query.
pub struct Query<T>(pub T);

/// The `{id}` of a path, spelt as names are spelt.
pub struct Id(pub String);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            let detail = "send JSON, with Content-Type: application/json";
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
        let bytes = bytes(request).await?;
        Ok(Self { value: read(&bytes)?, fingerprint: ids::sha256(&bytes) })
    }
}

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for MaybeJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let says_json = is_json(request.headers());
        let says_something = request.headers().contains_key(header::CONTENT_TYPE);
        if request.body().is_end_stream() {
            return Ok(Self(None));
        }
        let bytes = bytes(request).await?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self(None));
        }
        if says_something && !says_json {
            let detail = "send JSON, with Content-Type: application/json, or nothing";
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
        read(&bytes).map(|value| Self(Some(value)))
    }
}

async fn bytes(request: Request) -> Outcome<Bytes> {
    let read = tokio::time::timeout(BODY_TIME, Bytes::from_request(request, &()));
    match read.await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let detail = format!("a body may have {} bytes", super::MOST_BODY);
            Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail))
        }
        Ok(Err(_)) => Err(ApiError::new(StatusCode::BAD_REQUEST, "body.broken", "the body ended too early")),
        Err(_) => Err(ApiError::new(StatusCode::REQUEST_TIMEOUT, "body.too_slow", "the body took too long")),
    }
}

/// Reads JSON, with a pointer to what is wrong.
///
/// # Errors
/// 400 for what is no JSON, 422 for JSON of another shape.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Outcome<T> {
    let mut value: Value = serde_json::from_slice(bytes)
        .map_err(|error| ApiError::new(StatusCode::BAD_REQUEST, "json.syntax", sentence(&error)))?;
    whole_numbers(&mut value);
    serde_path_to_error::deserialize(value).map_err(|error| misread(&error))
}

/// JSON knows no difference between 4 and 4.0, Rust does.
fn whole_numbers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let whole = number.as_f64().filter(|x| number.is_f64() && x.fract() == 0.0 && x.abs() < 9e15);
            if let Some(whole) = whole {
                *value = (whole as i64).into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(whole_numbers),
        Value::Object(fields) => fields.values_mut().for_each(whole_numbers),
        _ => {}
    }
}

fn misread(error: &serde_path_to_error::Error<serde_json::Error>) -> ApiError {
    let words = sentence(error.inner());
    let code = if words.starts_with("unknown field") {
        "json.unknown_field"
    } else if words.starts_with("missing field") {
        "json.missing_field"
    } else {
        "json.invalid"
    };
    let mut refused = ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, code, words.clone());
    refused.errors.push(Finding::error(code, Some(pointer(&error.path().to_string())), words));
    refused
}

/// Its words without the place in the text, which the pointer tells better.
fn sentence(error: &serde_json::Error) -> String {
    let words = error.to_string();
    words.rsplit_once(" at line ").map_or(words.clone(), |(before, _)| before.to_owned())
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        axum::extract::Query::<T>::try_from_uri(&parts.uri).map(|query| Self(query.0)).map_err(|error| {
            let words = error.to_string();
            let words = words.rsplit_once("query string: ").map_or(words.as_str(), |(_, why)| why);
            ApiError::new(StatusCode::BAD_REQUEST, "query.invalid", words)
        })
    }
}

impl<S: Sync + Send> FromRequestParts<S> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let params = RawPathParams::from_request_parts(parts, state).await;
        let id = params.ok().and_then(|params| params.iter().next().map(|(_, id)| id.to_owned()));
        id.filter(|id| ids::is_id(id)).map(Self).ok_or_else(|| ApiError::not_found("thing"))
    }
}

/// The `Idempotency-Key` of a request.
///
/// # Errors
/// 400 for one that is empty, too long or not of visible ASCII.
pub fn idempotency_key(headers: &HeaderMap) -> Outcome<Option<String>> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim().trim_matches('"');
    if text.is_empty()
        || text.len() > 255
        || !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"')
    {
        let detail = "an Idempotency-Key is 1 to 255 visible ASCII characters without blanks";
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "idempotency.invalid_key", detail));
    }
    Ok(Some(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[allow(dead_code)]
        budget: f64,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[allow(dead_code)]
        plans: Vec<Inner>,
    }

    #[test]
    fn faults_of_a_body_are_placed() {
        let fault = |text: &str| {
            let error = read::<Outer>(text.as_bytes()).unwrap_err();
            let pointer = error.errors.first().and_then(|found| found.pointer.clone());
            (error.status.as_u16(), error.code.into_owned(), pointer)
        };
        assert_eq!(
            fault(r#"{"plans":[{"budget":1},{"budget":"x"}]}"#),
            (422, "json.invalid".into(), Some("/plans/1/budget".into()))
        );
        assert_eq!(
            fault(r#"{"plans":[{"budget":1,"tenant":"x"}]}"#),
            (422, "json.unknown_field".into(), Some("/plans/0/tenant".into()))
        );
        assert_eq!(fault("{").0, 400);
        assert_eq!(fault(r#"{"plans":[]} x"#).0, 400);
        // Depth is bounded.
        assert_eq!(read::<Value>("[".repeat(100_000).as_bytes()).unwrap_err().status.as_u16(), 400);
    }
}
