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
    /// The name under which a browser is to keep it.
    pub file: Option<String>,
}

impl Computed {
    /// Bytes of a media type.
    pub fn new(bytes: Vec<u8>, media_type: &'static str) -> Self {
        let tag = format!("\"{}\"", &sha256(&bytes)[..32]);
        Self { bytes: bytes.into(), media_type, tag, file: None }
    }

    /// A value as JSON.
    pub fn json(value: &impl Serialize) -> Self {
        Self::new(serde_json::to_vec(value).expect("words and numbers are JSON"), "application/json")
    }

    /// As an answer; `is_final` where it will never be another one.
    pub fn reply(&self, is_final: bool) -> Response {
        let mut response = Body::from(self.bytes.clone()).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        let file = self.file.as_ref().map(|name| format!("attachment; filename=\"{name}\""));
        if let Some(value) = file.and_then(|value| HeaderValue::from_str(&value).ok()) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
        }
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
    /// An Arrow IPC stream.
    Arrow,
    /// Parquet.
    Parquet,
    /// An Excel workbook of one sheet.
    Xlsx,
}

impl Form {
    /// All of them; the first is what comes when nothing is said.
    pub const ALL: [Form; 5] = [Form::Json, Form::Csv, Form::Arrow, Form::Parquet, Form::Xlsx];

    /// Its media type, without parameters.
    pub fn media_type(self) -> &'static str {
        match self {
            Form::Json => "application/json",
            Form::Csv => "text/csv",
            Form::Arrow => "application/vnd.apache.arrow.stream",
            Form::Parquet => "application/vnd.apache.parquet",
            Form::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The extension of a file of it.
    pub fn extension(self) -> &'static str {
        match self {
            Form::Json => "json",
            Form::Csv => "csv",
            Form::Arrow => "arrows",
            Form::Parquet => "parquet",
            Form::Xlsx => "xlsx",
        }
    }
}

/// The form that is asked for: by `format=` in the query, else by `Accept`.
///
/// # Errors
/// 406 when nothing that can be given is accepted.
pub fn form(headers: &HeaderMap, format: Option<Form>) -> Outcome<Form> {
    form_of(headers, format, &Form::ALL)
}

/// The same of `offered` forms, of which the first comes when nothing is said.
///
/// # Errors
/// 400 for a form in the query that is not offered, 406 when nothing of `offered` is accepted.
pub fn form_of(headers: &HeaderMap, format: Option<Form>, offered: &[Form]) -> Outcome<Form> {
    let words = || offered.iter().map(|form| form.media_type()).collect::<Vec<_>>().join(", ");
    if let Some(form) = format {
        let detail = || format!("this does not come as {}; it comes as {}", form.media_type(), words());
        let refused = || ApiError::new(StatusCode::BAD_REQUEST, "query.invalid", detail());
        return offered.contains(&form).then_some(form).ok_or_else(refused);
    }
    let ranges = accepted(headers);
    if ranges.is_empty() {
        return Ok(offered[0]);
    }
    // The best by quality; of equals the one that is named first.
    let mut best: Option<(f64, usize, Form)> = None;
    for form in offered {
        let Some((quality, at)) = quality(&ranges, *form) else { continue };
        if best.is_none_or(|(most, first, _)| quality > most || (quality == most && at < first)) {
            best = Some((quality, at, *form));
        }
    }
    best.map(|(.., form)| form).ok_or_else(|| {
        let detail = format!("this comes as {}", words());
        ApiError::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", detail)
    })
}

/// The media ranges of `Accept` with their qualities.
fn accepted(headers: &HeaderMap) -> Vec<(String, f64)> {
    let range = |text: &str| {
        let mut parts = text.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
        (kind, quality)
    };
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(range)
        .filter(|(kind, _)| !kind.is_empty())
        .collect()
}

/// How much a form is wanted, and where that is said; nothing where it is not wanted at all. The closest range speaks for it.
fn quality(ranges: &[(String, f64)], form: Form) -> Option<(f64, usize)> {
    let whole = form.media_type();
    let family = format!("{}/*", whole.split('/').next().unwrap_or_default());
    let closest = [whole, &family, "*/*"].into_iter().find_map(|kind| {
        let at = ranges.iter().position(|(known, _)| known == kind)?;
        Some((ranges[at].1, at))
    });
    // Who takes nothing but problems takes what they are written in.
    let of_problems = || {
        let at = ranges.iter().position(|(known, _)| known == "application/problem+json")?;
        (form == Form::Json).then_some((ranges[at].1, at))
    };
    closest.or_else(of_problems).filter(|(quality, _)| *quality > 0.0)
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
        assert_eq!(asked("application/json;q=0.5, text/*"), Some(Form::Csv));
        assert_eq!(asked("*/*, application/json;q=0"), Some(Form::Csv));
        assert_eq!(asked("application/vnd.apache.parquet"), Some(Form::Parquet));
        assert_eq!(asked("application/vnd.apache.arrow.stream, */*;q=0.1"), Some(Form::Arrow));
        assert_eq!(asked("image/png"), None);
        assert_eq!(form(&HeaderMap::new(), Some(Form::Csv)).ok(), Some(Form::Csv));
        assert_eq!(form_of(&HeaderMap::new(), None, &[Form::Parquet]).ok(), Some(Form::Parquet));
        let refused = form_of(&HeaderMap::new(), Some(Form::Json), &[Form::Parquet]).unwrap_err();
        assert_eq!(refused.status, 400);
    }
}
