//! The handlers, one file per chapter: words in, JSON out.

pub mod access;
pub mod datasets;
pub mod drafts;
pub mod exports;
pub mod fits;
pub mod jobs;
pub mod older;
pub mod older_predict;
pub mod planning;
pub mod planning_words;
pub mod reports;
pub mod results;
pub mod results_words;
pub mod simulations;
pub mod specs;
pub mod system;
pub mod webhooks;

use crate::ids;
use crate::problem::{ApiError, Outcome};
use crate::store;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Where in a listing to go on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// Most items, 1 to 200.
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<i64>,
    /// The `next` of the page before.
    #[schemars(regex(pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"))]
    pub cursor: Option<String>,
}

impl PageQuery {
    /// As the database takes it.
    ///
    /// # Errors
    /// 400 for a limit out of range or a cursor that is none.
    pub fn page(&self) -> Outcome<store::Page> {
        let limit = self.limit.unwrap_or(50);
        let before = self.cursor.clone().unwrap_or_default();
        if !(1..=200).contains(&limit) {
            return Err(ApiError::new(
                StatusCode::BAD_REQUEST,
                "query.invalid",
                "limit is a number from 1 to 200",
            ));
        }
        if self.cursor.is_some() && !ids::is_id(&before) {
            return Err(ApiError::new(
                StatusCode::BAD_REQUEST,
                "query.invalid",
                "cursor is not one that was given out",
            ));
        }
        Ok(store::Page { before, limit })
    }

    /// The `next` of a full page.
    pub fn next<T>(page: &store::Page, items: &[T], id: impl Fn(&T) -> &str) -> Option<String> {
        (items.len() as i64 == page.limit).then(|| items.last().map(|item| id(item).to_owned())).flatten()
    }
}

/// JSON that was written into the database by us.
///
/// # Errors
/// 500 with its own code when it is damaged; the server stays up.
pub fn stored<T: DeserializeOwned>(text: &str, what: &str) -> Outcome<T> {
    serde_json::from_str(text).map_err(|error| {
        tracing::error!(%error, what, "a row of the database is damaged");
        let detail =
            format!("what the database holds of this {what} is damaged; restore it, or make it again");
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "row_damaged", detail)
    })
}

/// A point in time as text; empty for none, which does not happen to things that are there.
pub fn time(milliseconds: i64) -> String {
    ids::time(milliseconds).unwrap_or_default()
}

/// One page of a listing.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{T}Page")]
pub struct Listing<T> {
    /// The youngest first.
    pub items: Vec<T>,
    /// Where the next page begins; null on the last.
    pub next: Option<String>,
}
