//! Predictions as an older tool answers them: columns of numbers, one number for each period and geo.

use super::older::{LEVEL, OfDataset, same_dataset};
use super::results::seed;
use crate::app::App;
use crate::auth::Caller;
use crate::http::compute::{blocking, load};
use crate::http::extract::{Id, MaybeJson, Query};
use crate::problem::{ApiError, Outcome, findings};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::ops::Range;
use wanamaker::decision::contribution::{Part, over_time, parts};
use wanamaker::engine::fit::Fit;
use wanamaker::posterior::predictive::{IntervalKind, predict};

/// What is to be predicted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PredictRequest {
    /// The dataset; the one of the fit when not said.
    pub dataset_id: Option<String>,
    /// Whether to say what each part of the model brings.
    pub include_components: bool,
}

/// Predicts the periods of the fit, holdout included.
pub async fn predictions(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<OfDataset>,
    body: MaybeJson<PredictRequest>,
) -> Outcome<Response> {
    let row = app.store.fit(&caller.workspace, &id).await?.ok_or_else(|| ApiError::not_found("model"))?;
    let request = body.0.unwrap_or_default();
    same_dataset(&row, request.dataset_id.or(query.dataset_id))?;
    let loaded = load(&app, &caller, &id).await?;
    let answer = blocking(&app, move || Ok(answer(&loaded, &id, request.include_components)));
    let mut answer = answer.await?;
    answer["dataset_id"] = json!(row.dataset);
    Ok(axum::Json(answer).into_response())
}

fn answer(fit: &Fit, id: &str, with_components: bool) -> Value {
    let (model, panel) = (&fit.model, &fit.model.panel);
    let range = model.window.start..panel.n_times();
    let kind = IntervalKind::Predictive;
    let found = predict(model, &fit.posterior, &model.training, range.clone(), kind, LEVEL, seed(fit));
    let cells: Vec<(usize, usize)> =
        (0..panel.n_geos()).flat_map(|geo| range.clone().map(move |t| (geo, t))).collect();
    let of_cells = |value: &dyn Fn(usize, usize) -> Value| -> Vec<Value> {
        cells.iter().map(|(geo, t)| value(*geo, *t)).collect()
    };
    let mut answer = json!({
        "model_id": id,
        "dates": of_cells(&|_, t| json!(panel.calendar.date(t))),
        "predictions": found.iter().map(|interval| interval.mean).collect::<Vec<_>>(),
        "lower_bound": found.iter().map(|interval| interval.lower).collect::<Vec<_>>(),
        "upper_bound": found.iter().map(|interval| interval.upper).collect::<Vec<_>>(),
        "actual": of_cells(&|geo, t| json!(panel.kpi.values[geo * panel.n_times() + t])),
        "level": LEVEL,
        "warnings": findings(&fit.warnings, ""),
    });
    if panel.has_geo {
        answer["geos"] = of_cells(&|geo, _| json!(panel.geos[geo])).into();
    }
    if with_components {
        answer["components"] = components(fit, range).into();
    }
    answer
}

/// Mean of each part, in the order of the predictions; together they are the expected KPI.
fn components(fit: &Fit, range: Range<usize>) -> Map<String, Value> {
    let (model, by_geo) = (&fit.model, fit.model.panel.has_geo);
    let parts: Vec<_> = parts(model).into_iter().filter(|(_, part)| *part != Part::Fitted).collect();
    let mut all: Map<String, Value> = Map::new();
    for part in over_time(model, &fit.posterior, &parts, range, by_geo, LEVEL) {
        let means = part.periods.iter().map(|interval| json!(interval.mean));
        if let Value::Array(column) = all.entry(part.part).or_insert_with(|| json!([])) {
            column.extend(means);
        }
    }
    all
}
