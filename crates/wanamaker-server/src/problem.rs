//! What went wrong with a request: one type for every fault, written as `application/problem+json` (RFC 9457).

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use wanamaker::problem::{Problem, Problems, Severity};

/// What every handler may fail with.
pub type Outcome<T> = Result<T, ApiError>;

/// A fault of a request.
#[derive(Clone, Debug)]
pub struct ApiError {
    /// Status of the answer.
    pub status: StatusCode,
    /// Stable code with its area in front.
    pub code: Cow<'static, str>,
    /// One sentence.
    pub detail: String,
    /// Single faults inside the request.
    pub errors: Vec<Finding>,
    /// Headers that belong to it, such as `Retry-After`.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

/// The body of an answer that is an error.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProblemDetails {
    /// A name for the kind of fault: `urn:wanamaker:problem:` and its code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the status means.
    pub title: String,
    /// The status once more.
    pub status: u16,
    /// What is wrong, in one sentence.
    pub detail: String,
    /// The path that was asked for.
    pub instance: String,
    /// Stable code.
    pub code: String,
    /// Single faults inside the request, all at once.
    pub errors: Vec<Finding>,
    /// The request's id, as in the header `X-Request-Id` and in the log.
    pub trace_id: String,
}

/// One fault of a request, a spec or data, or a remark on them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// `error`, `attention` or `info`.
    pub severity: String,
    /// Stable code.
    pub code: String,
    /// JSON pointer into the body of the request, where it points there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Row of the data file as an editor counts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// Column of the data file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What is wrong or worth knowing.
    pub detail: String,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl ApiError {
    /// A fault with its status, code and sentence.
    pub fn new(status: StatusCode, code: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self { status, code: code.into(), detail: detail.into(), errors: Vec::new(), headers: Vec::new() }
    }

    /// Nothing of that name in this workspace.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("there is no such {what}"))
    }

    /// A fault in the request itself, 422.
    pub fn invalid(pointer: &str, code: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let mut error = Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail.clone());
        error.errors.push(Finding::error(code, Some(pointer.to_owned()), detail));
        error
    }

    /// A fault of ours; what it was is in the log, not in the answer.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the server failed; its log says why")
    }

    /// Not now: try again after so many seconds.
    pub fn busy(status: StatusCode, code: &'static str, detail: &str, seconds: u64) -> Self {
        Self::new(status, code, detail).header(header::RETRY_AFTER, &seconds.to_string())
    }

    /// Faults of a spec, of data or of wishes, 422. Keys of the library point below `base` in the body.
    pub fn problems(problems: &Problems, base: &str) -> Self {
        let errors: Vec<Finding> = findings(problems, base);
        let first = errors.iter().find(|found| found.severity == "error").or(errors.first());
        let (code, detail) = first.map_or_else(
            || ("invalid".to_owned(), "the request cannot be done".to_owned()),
            |f| (f.code.clone(), f.detail.clone()),
        );
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail) }
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// As a body.
    pub fn details(&self, instance: &str, trace_id: &str) -> ProblemDetails {
        ProblemDetails {
            kind: format!("urn:wanamaker:problem:{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            instance: instance.to_owned(),
            code: self.code.clone().into_owned(),
            errors: self.errors.clone(),
            trace_id: trace_id.to_owned(),
        }
    }
}

impl Finding {
    /// A fault.
    pub fn error(code: &str, pointer: Option<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: "error".to_owned(),
            code: code.to_owned(),
            pointer,
            row: None,
            column: None,
            detail: detail.into(),
            hint: None,
        }
    }

    /// The same with a way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A problem of the library; its key points below `base`.
    pub fn of(problem: &Problem, base: &str) -> Self {
        let severity = match problem.severity {
            Severity::Error => "error",
            Severity::Attention => "attention",
            Severity::Info => "info",
        };
        Self {
            severity: severity.to_owned(),
            code: problem.code.to_owned(),
            pointer: problem.at.key.as_deref().map(|key| format!("{base}{}", pointer(key))),
            row: problem.at.row,
            column: problem.at.column.clone(),
            detail: problem.message.clone(),
            hint: problem.hint.clone(),
        }
    }
}

/// Problems of the library as findings.
pub fn findings(problems: &Problems, base: &str) -> Vec<Finding> {
    problems.iter().map(|problem| Finding::of(problem, base)).collect()
}

/// The JSON pointer of a key path: `channel[2].adstock.decay` is `/channel/2/adstock/decay`.
pub fn pointer(key: &str) -> String {
    let mut pointer = String::new();
    for part in key.split(['.', '[', ']']).filter(|part| !part.is_empty() && *part != "?") {
        pointer.push('/');
        pointer += &part.replace('~', "~0").replace('/', "~1");
    }
    pointer
}

impl IntoResponse for ApiError {
    /// An answer without a body: the outermost layer writes it, since it knows the path and the request's id.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.headers_mut().extend(self.headers.iter().cloned());
        response.extensions_mut().insert(self);
        response
    }
}

impl From<sqlx::Error> for ApiError {
    /// A database that cannot be reached is back some time; a full disk is said by name.
    fn from(error: sqlx::Error) -> Self {
        let text = error.to_string();
        if text.contains("disk is full") || text.contains("No space left") {
            tracing::error!(error = %text, "the database's disk is full");
            return Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full", "the server's disk is full");
        }
        let passing = matches!(
            error,
            sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::Io(_)
                | sqlx::Error::WorkerCrashed
        );
        if passing || text.contains("database is locked") {
            tracing::error!(error = %text, "the database does not answer");
            let detail = "the database does not answer just now";
            return Self::busy(StatusCode::SERVICE_UNAVAILABLE, "database_unavailable", detail, 5);
        }
        Self::internal(&text)
    }
}

impl From<Problems> for ApiError {
    fn from(problems: Problems) -> Self {
        Self::problems(&problems, "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wanamaker::problem::Place;

    #[test]
    fn keys_become_pointers() {
        assert_eq!(pointer("channel[2].adstock.decay"), "/channel/2/adstock/decay");
        assert_eq!(pointer("a/b.~c"), "/a~1b/~0c");
        assert_eq!(pointer(""), "");
    }

    #[test]
    fn all_faults_of_a_spec_are_told_and_the_first_error_speaks_for_them() {
        let problems = Problems(vec![
            Problem::info("spec.note", Place::default(), "by the way"),
            Problem::error("spec.unknown_column", Place::key("channel[0].spend"), "no such column")
                .hint("the data has `tv`"),
        ]);
        let error = ApiError::problems(&problems, "/spec");
        assert_eq!((error.status.as_u16(), error.code.as_ref()), (422, "spec.unknown_column"));
        assert_eq!(error.errors[1].pointer.as_deref(), Some("/spec/channel/0/spend"));
        let body = serde_json::to_value(error.details("/api/v1/fits", "t")).unwrap();
        assert_eq!(body["type"], "urn:wanamaker:problem:spec.unknown_column");
        assert_eq!(body["errors"][1]["hint"], "the data has `tv`");
    }
}
