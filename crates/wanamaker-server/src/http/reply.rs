//! Answers: JSON with a tag of its contents, tables as JSON or CSV, things made.

use crate::ids::sha256;
use crate::problem::{ApiError, Outcome};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The ETag of an answer, in quotes; the outermost layer makes a header of it.
#[derive(Clone, Debug)]
pub struct Tagged(pub String);

/// Marks an answer that will never be another one.
#[derive(Clone, Copy, Debug)]
pub struct Immutable;

/// A computed answer of bytes: what caches hold.
#[derive(Clone, Debug)]
pub struct Computed {
    /// Its bytes.
    pub bytes: Bytes,
    /// Its media type.
    pub media_type: &'static str,
    /// Its tag.
    pub tag: String,
}

impl Computed {
    /// Bytes of a media type.
    pub fn new(bytes: Vec<u8>, media_type: &'static str) -> Self {
        let tag = format!("\"{}\"", &sha256(&bytes)[..32]);
        Self { bytes: bytes.into(), media_type, tag }
    }

    /// A value as JSON.
    pub fn json(value: &impl Serialize) -> Self {
        Self::new(serde_json::to_vec(value).expect("words and numbers are JSON"), "application/json")
    }

    /// As an answer; `is_final` where it will never be another one.
    pub fn reply(&self, is_final: bool) -> Response {
        let mut response = Body::from(self.bytes.clone()).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        response.extensions_mut().insert(Tagged(self.tag.clone()));
        if is_final {
            response.extensions_mut().insert(Immutable);
        }
        response
    }
}

/// A value as JSON with a tag.
pub fn json(value: &impl Serialize) -> Response {
    Computed::json(value).reply(false)
}

/// A value as JSON under another status, with the place of what was made.
pub fn made(status: StatusCode, location: &str, value: &impl Serialize) -> Response {
    let mut response = (status, axum::Json(value)).into_response();
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Forms that a table can come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// `application/json`
    Json,
    /// `text/csv`
    Csv,
}

/// The form that is asked for: by `format=` in the query, else by `Accept`.
///
/// # Errors
/// 406 when nothing that can be given is accepted.
pub fn form(headers: &HeaderMap, format: Option<Form>) -> Outcome<Form> {
    if let Some(form) = format {
        return Ok(form);
    }
    let accepted: Vec<&str> = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|kind| kind.split(';').next().unwrap_or_default().trim())
        .filter(|kind| !kind.is_empty())
        .collect();
    let takes = |kinds: &[&str]| accepted.iter().position(|kind| kinds.contains(kind));
    let json = takes(&["application/json", "application/*", "*/*", "application/problem+json"]);
    match (json, takes(&["text/csv", "text/*"])) {
        (None, None) if accepted.is_empty() => Ok(Form::Json),
        (None, None) => {
            let detail = "this comes as application/json or text/csv";
            Err(ApiError::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", detail))
        }
        (Some(json), Some(csv)) if csv < json => Ok(Form::Csv),
        (None, Some(_)) => Ok(Form::Csv),
        _ => Ok(Form::Json),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_form_that_can_be_given_is_given() {
        let asked = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            form(&headers, None).ok()
        };
        assert_eq!(asked("text/csv"), Some(Form::Csv));
        assert_eq!(asked("text/csv, application/json"), Some(Form::Csv));
        assert_eq!(asked("application/json, text/csv"), Some(Form::Json));
        assert_eq!(asked("text/html, */*;q=0.1"), Some(Form::Json));
        assert_eq!(asked("image/png"), None);
        assert_eq!(form(&HeaderMap::new(), Some(Form::Csv)).ok(), Some(Form::Csv));
    }
}
