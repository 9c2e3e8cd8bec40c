//! Simulated markets: datasets whose truth is known.

use super::datasets::view;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Json;
use crate::http::files::{Upload, disk, display_name, errand, keep_with};
use crate::http::once::{Made, once};
use crate::ids;
use crate::problem::{ApiError, Outcome};
use crate::store::Dataset;
use crate::worker::{SimulationOptions, Work};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

/// Makes a market.
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: Json<SimulationOptions>,
) -> Outcome<Response> {
    let (shared, owner) = (app.clone(), caller.clone());
    once(&app, &caller, "create_simulation", &headers, &body.fingerprint, move |id| async move {
        let row = simulate(&shared, &owner, id, body.value).await?;
        Ok(Made::new(StatusCode::CREATED, format!("/api/v1/datasets/{}", row.id), &view(&row)?))
    })
    .await
}

/// Makes and keeps a market under a name.
pub async fn simulate(
    app: &App,
    caller: &Caller,
    id: String,
    options: SimulationOptions,
) -> Outcome<Dataset> {
    let name = format!("{}.csv", display_name(&options.preset));
    let scratch = app.blobs.scratch().map_err(|error| disk(&error))?;
    let made = errand(app, scratch.path(), Work::Simulate { options, output: "data.csv".into() }).await;
    let mut made = made.map_err(pointing_at_options)?;
    let upload = Upload { scratch, name, extension: "csv", sha256: ids::sha256(b"") };
    keep_with(app, caller, id, upload, made["facts"].take(), made["truth"].take()).await
}

/// Workers speak of specs; here the options are the body itself, under the words of this door.
fn pointing_at_options(mut error: ApiError) -> ApiError {
    for found in &mut error.errors {
        let pointer = found.pointer.take().map(|pointer| pointer.trim_start_matches("/spec").to_owned());
        found.pointer = pointer.map(|pointer| match pointer.as_str() {
            "/n_periods" => "/periods".to_owned(),
            "/n_geos" => "/geos".to_owned(),
            _ => pointer,
        });
    }
    error
}
