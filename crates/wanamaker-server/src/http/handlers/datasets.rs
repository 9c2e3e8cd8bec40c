//! Datasets: uploaded or simulated files, kept byte for byte, with what was found in them.

use super::specs::with_data;
use super::{Listing, PageQuery, stored, time};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{Id, Query};
use crate::http::files::{download, forget_blob, keep, receive};
use crate::http::once::{Made, once};
use crate::http::reply::{self, Form, form};
use crate::http::tables;
use crate::ids;
use crate::problem::{ApiError, Finding, Outcome};
use crate::store::Dataset;
use crate::worker::Work;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

/// How long an upload may take.
const UPLOAD_TIME: Duration = Duration::from_secs(600);

/// What a column was taken for.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct ColumnView {
    /// Name of the column.
    pub name: String,
    /// Its part: `time`, `kpi`, `geo`, `population`, `revenue_per_kpi`, `spend`, `exposure`, `organic`, `control`, `events`, `excluded`.
    pub role: String,
    /// Why.
    pub why: String,
}

/// What was found in a file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Facts {
    /// Names of the sheets of a workbook.
    #[serde(default)]
    pub sheets: Vec<String>,
    /// The sheet that all this is about.
    #[serde(default)]
    pub sheet: Option<String>,
    /// Rows.
    pub rows: u64,
    /// Columns from left to right.
    pub columns: Vec<ColumnView>,
    /// The first rows.
    pub preview: Vec<Vec<Value>>,
    /// The spec that is proposed; null where the roles are not clear.
    pub spec: Option<Value>,
    /// Findings.
    pub findings: Vec<Finding>,
}

/// A dataset.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DatasetView {
    /// Its name in paths.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Kind of file, by extension.
    pub kind: String,
    /// Size in bytes.
    pub bytes: i64,
    /// SHA-256 of the file.
    pub sha256: String,
    /// When it came.
    pub created: String,
    /// Whether it is a simulated market, whose truth is known.
    pub is_simulated: bool,
    /// Names of the sheets of a workbook; empty for other files.
    pub sheets: Vec<String>,
    /// The sheet that rows, columns, spec and findings are about; null where there are none. Another one is asked for by
    /// `?sheet=`, and the spec that comes with it names it in `data.file` as `book.xlsx#Sheet`.
    pub sheet: Option<String>,
    /// Rows.
    pub rows: u64,
    /// Columns, each with the part it was taken for and why.
    pub columns: Vec<ColumnView>,
    /// A spec to begin from, for `/api/v1/fits`; null where the roles are not clear.
    pub spec: Option<Value>,
    /// What has to be decided or is worth knowing.
    pub findings: Vec<Finding>,
}

/// A dataset in a listing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DatasetLine {
    /// Its name in paths.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Kind of file, by extension.
    pub kind: String,
    /// Size in bytes.
    pub bytes: i64,
    /// When it came.
    pub created: String,
    /// Whether it is a simulated market.
    pub is_simulated: bool,
}

/// The first rows of a dataset.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Preview {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Up to a hundred rows, cell by cell as the file has them; long texts are cut.
    pub rows: Vec<Vec<Value>>,
    /// Rows of the whole file.
    pub total_rows: u64,
}

/// What an upload is called.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UploadQuery {
    /// Name of the file, for a body that is the file itself; its extension says what it is.
    pub name: Option<String>,
}

/// Which sheet.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetQuery {
    /// A sheet of a workbook; the one that was looked at first when not said.
    #[schemars(length(min = 1, max = 255))]
    pub sheet: Option<String>,
}

/// Which sheet, and the form of a table.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewQuery {
    /// A sheet of a workbook; the one that was looked at first when not said.
    #[schemars(length(min = 1, max = 255))]
    pub sheet: Option<String>,
    /// Form of the table; the header `Accept` decides when not said.
    pub format: Option<Form>,
}

/// Takes a file.
pub async fn upload(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<UploadQuery>,
    request: Request,
) -> Outcome<Response> {
    let headers = request.headers().clone();
    let received = tokio::time::timeout(UPLOAD_TIME, receive(&app, request, query.name)).await;
    let upload = received.map_err(|_| {
        ApiError::new(StatusCode::REQUEST_TIMEOUT, "body.too_slow", "the upload took too long")
    })??;
    let fingerprint = ids::sha256(format!("{}\n{}", upload.sha256, upload.name).as_bytes());
    let (shared, owner) = (app.clone(), caller.clone());
    once(&app, &caller, "create_dataset", &headers, &fingerprint, move |id| async move {
        let row = keep(&shared, &owner, id, upload, Value::Null).await?;
        Ok(Made::new(StatusCode::CREATED, format!("/api/v1/datasets/{}", row.id), &view(&row)?))
    })
    .await
}

/// Lists datasets.
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Outcome<Response> {
    let page = query.page()?;
    let rows = app.store.datasets(&caller.workspace, &page).await?;
    let next = PageQuery::next(&page, &rows, |row| &row.id);
    let items = rows.into_iter().map(|row| DatasetLine {
        is_simulated: !row.truth.is_empty(),
        id: row.id,
        name: row.name,
        kind: row.extension,
        bytes: row.bytes,
        created: time(row.created),
    });
    Ok(reply::json(&Listing { items: items.collect(), next }))
}

/// One dataset.
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<SheetQuery>,
) -> Outcome<Response> {
    let row = find(&app, &caller, &id).await?;
    let facts = facts_of(&app, &row, query.sheet).await?;
    Ok(reply::json(&view_of(&row, facts)))
}

/// What was found in the sheet that is asked for, else what was found first.
async fn facts_of(app: &App, row: &Dataset, sheet: Option<String>) -> Outcome<Facts> {
    let Some(sheet) = sheet else { return stored(&row.facts, "dataset") };
    if sheet.is_empty() || sheet.chars().count() > 255 {
        let detail = "the name of a sheet has 1 to 255 letters";
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "query.invalid", detail));
    }
    let name = format!("{}/{}/sheet/{sheet}", row.workspace, row.id);
    let unpacked_bytes = app.settings.unpacked_bytes;
    let look = with_data(app, row, |file| Work::Inspect { file, sheet: Some(sheet), unpacked_bytes });
    let found = app.cache.get(&name, |text: &String| text.len() + 200, async { Ok(look.await?.to_string()) });
    stored(&found.await?, "dataset")
}

/// Its first rows.
pub async fn preview(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<PreviewQuery>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let form = form(&headers, query.format)?;
    let row = find(&app, &caller, &id).await?;
    let facts = facts_of(&app, &row, query.sheet).await?;
    let columns: Vec<String> = facts.columns.into_iter().map(|column| column.name).collect();
    if form != Form::Json {
        let records: Vec<Value> = facts
            .preview
            .into_iter()
            .map(|cells| Value::Object(columns.iter().cloned().zip(cells).collect()))
            .collect();
        return Ok(tables::of_records(&records, form, "preview")?.reply(true));
    }
    let preview = Preview { columns, rows: facts.preview, total_rows: facts.rows };
    Ok(reply::Computed::json(&preview).reply(true))
}

/// The truth behind a simulated market.
pub async fn truth(State(app): State<App>, caller: Caller, Id(id): Id) -> Outcome<Response> {
    let row = find(&app, &caller, &id).await?;
    if row.truth.is_empty() {
        return Err(ApiError::not_found("truth: the dataset is not simulated"));
    }
    let truth: Value = stored(&row.truth, "dataset")?;
    Ok(reply::Computed::json(&truth).reply(true))
}

/// The file, byte for byte.
pub async fn file(State(app): State<App>, caller: Caller, Id(id): Id) -> Outcome<Response> {
    let row = find(&app, &caller, &id).await?;
    download(&app, &row.blob, &format!("dataset-{}.{}", row.id, row.extension)).await
}

/// Removes a dataset that no fit was ordered for.
pub async fn remove(State(app): State<App>, caller: Caller, Id(id): Id) -> Outcome<StatusCode> {
    let row = find(&app, &caller, &id).await?;
    if !app.store.remove_dataset(&caller.workspace, &id).await? {
        let detail = "fits were ordered for this dataset; remove them first";
        return Err(ApiError::new(StatusCode::CONFLICT, "dataset.in_use", detail));
    }
    app.cache.forget(&format!("{}/{id}/", caller.workspace));
    forget_blob(&app, &row.blob).await;
    Ok(StatusCode::NO_CONTENT)
}

/// The row of a dataset.
pub async fn find(app: &App, caller: &Caller, id: &str) -> Outcome<Dataset> {
    app.store.dataset(&caller.workspace, id).await?.ok_or_else(|| ApiError::not_found("dataset"))
}

/// How a dataset is shown.
pub fn view(row: &Dataset) -> Outcome<DatasetView> {
    Ok(view_of(row, stored(&row.facts, "dataset")?))
}

fn view_of(row: &Dataset, facts: Facts) -> DatasetView {
    DatasetView {
        id: row.id.clone(),
        name: row.name.clone(),
        kind: row.extension.clone(),
        bytes: row.bytes,
        sha256: row.blob.clone(),
        created: time(row.created),
        is_simulated: !row.truth.is_empty(),
        sheets: facts.sheets,
        sheet: facts.sheet,
        rows: facts.rows,
        columns: facts.columns,
        spec: facts.spec,
        findings: facts.findings,
    }
}
