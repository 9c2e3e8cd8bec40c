//! Tables that other programs go on with: predictions, and the draws themselves.

use super::results::{level_of, name, seed};
use crate::app::App;
use crate::auth::Caller;
use crate::http::compute::answer;
use crate::http::extract::{Id, Query};
use crate::http::ranges::ranged;
use crate::http::reply::{Computed, Form, form, form_of};
use crate::http::tables;
use crate::problem::Outcome;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wanamaker::engine::fit::Fit;
use wanamaker::posterior::predictive::{IntervalKind, predict};
use wanamaker_io::rows::{Draws, draws_rows};

/// Forms of draws, which are too many for a sheet or for JSON.
pub const DRAWS: [Form; 3] = [Form::Parquet, Form::Arrow, Form::Csv];

/// What an interval is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IntervalWord {
    /// Where the expected KPI lies.
    Mean,
    /// Where the KPI itself lies: the noise is counted.
    Predictive,
}

/// Which predictions.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PredictionsQuery {
    /// Probability inside intervals, between 0 and 1; 0.95 when not said.
    #[schemars(range(min = 0.01, max = 0.999))]
    pub level: Option<f64>,
    /// What the interval is about; `predictive` when not said.
    pub interval: Option<IntervalWord>,
    /// Form of the table; the header `Accept` decides when not said.
    pub format: Option<Form>,
}

/// Predictions of a fit.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PredictionsAnswer {
    /// Probability inside intervals.
    pub level: f64,
    /// `equal-tailed`.
    pub interval: String,
    /// What the interval is about.
    pub about: IntervalWord,
    /// `date`, `geo` where there are geos, `prediction` with its interval, `actual`, and `window`: `training` or `holdout`.
    pub predictions: Vec<Value>,
}

/// Which draws.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DrawsWord {
    /// Every parameter, in the units of the user.
    #[default]
    Posterior,
    /// What follows from the parameters.
    Derived,
    /// What the sampler did.
    Stats,
}

/// Which draws, in which form.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DrawsQuery {
    /// Which draws; `posterior` when not said.
    pub what: Option<DrawsWord>,
    /// `parquet`, `arrow` or `csv`; the header `Accept` decides when not said.
    #[schemars(extend("enum" = ["parquet", "arrow", "csv"]))]
    pub format: Option<Form>,
}

/// The KPI as the model expects it.
pub async fn predictions(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<PredictionsQuery>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let (form, level) = (form(&headers, query.format)?, level_of(query.level)?);
    let about = query.interval.unwrap_or(IntervalWord::Predictive);
    let made = answer(&app, &caller, &id, name("predictions", &query, form), move |fit| {
        let predictions = records(fit, about, level);
        if form != Form::Json {
            return tables::of_records(&predictions, form, "predictions");
        }
        let interval = "equal-tailed".to_owned();
        Ok(Computed::json(&PredictionsAnswer { level, interval, about, predictions }))
    });
    Ok(made.await?.reply(true))
}

/// One record for each geo and period.
fn records(fit: &Fit, about: IntervalWord, level: f64) -> Vec<Value> {
    let (model, panel) = (&fit.model, &fit.model.panel);
    let kind = match about {
        IntervalWord::Mean => IntervalKind::Mean,
        IntervalWord::Predictive => IntervalKind::Predictive,
    };
    let range = model.window.start..panel.n_times();
    let found = predict(model, &fit.posterior, &model.training, range.clone(), kind, level, seed(fit));
    let cells = (0..panel.n_geos()).flat_map(|geo| range.clone().map(move |t| (geo, t)));
    let record = |((geo, t), interval): ((usize, usize), _)| {
        let mut record = json!({ "date": panel.calendar.date(t) });
        if panel.has_geo {
            record["geo"] = json!(panel.geos[geo]);
        }
        record["prediction"] = json!(interval);
        record["actual"] = json!(panel.kpi.values[geo * panel.n_times() + t]);
        record["window"] = json!(if t < model.window.end { "training" } else { "holdout" });
        record
    };
    cells.zip(&found).map(record).collect()
}

/// The draws.
pub async fn draws(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<DrawsQuery>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let form = form_of(&headers, query.format, &DRAWS)?;
    let (which, file) = match query.what.unwrap_or_default() {
        DrawsWord::Posterior => (Draws::Posterior, "draws"),
        DrawsWord::Derived => (Draws::Derived, "derived"),
        DrawsWord::Stats => (Draws::SampleStats, "stats"),
    };
    let made = answer(&app, &caller, &id, name("draws", &query, form), move |fit| {
        tables::of_rows(&draws_rows(fit, which), form, file)
    });
    ranged(&*made.await?, &headers)
}
