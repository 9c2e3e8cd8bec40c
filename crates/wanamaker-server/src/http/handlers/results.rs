//! What a fit says: computed by the library, once, and kept for the next who asks.

use super::results_words::{
    ContributionsAnswer, ContributionsQuery, CurveWord, CurvesAnswer, CurvesQuery, DiagnosisAnswer,
    DiagnosisQuery, ProfileWord, ReturnsAnswer, SummaryAnswer, SummaryQuery, WindowQuery,
};
use crate::app::App;
use crate::auth::Caller;
use crate::http::compute::answer;
use crate::http::extract::{Id, Query};
use crate::http::reply::{Computed, Form, form};
use crate::http::tables;
use crate::problem::{ApiError, Outcome, findings};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};
use wanamaker::decision::contribution::{Counted, grouped_parts, over_time, parts, totals, totals_of};
use wanamaker::decision::identification::identification;
use wanamaker::decision::response_curve::{flighting, steady};
use wanamaker::decision::returns::returns as returns_of;
use wanamaker::decision::surface::fitted::{FittedOptions, surface};
use wanamaker::decision::window::{Span, Window};
use wanamaker::engine::convergence::judge;
use wanamaker::engine::fit::Fit;
use wanamaker::posterior::summary::table;
use wanamaker::validation::checklist::{Mark, Profile, checklist, worst};
use wanamaker::validation::diagnosis::diagnosis as diagnosis_of;

/// A level between 0 and 1.
///
/// # Errors
/// 400 for anything else.
pub fn level_of(level: Option<f64>) -> Outcome<f64> {
    let level = level.unwrap_or(0.95);
    if level > 0.0 && level < 1.0 {
        return Ok(level);
    }
    Err(ApiError::new(StatusCode::BAD_REQUEST, "query.invalid", "a level lies between 0 and 1"))
}

/// A span of days.
///
/// # Errors
/// 400 for texts that are no dates.
pub fn span_of(from: Option<&str>, to: Option<&str>, last: Option<u32>) -> Outcome<Span> {
    let date = |text: &str| {
        text.parse().map_err(|_| {
            let detail = format!("`{}` is no date; write it as 2024-01-31", text.escape_debug());
            ApiError::new(StatusCode::BAD_REQUEST, "query.invalid", detail)
        })
    };
    Ok(Span {
        from: from.map(date).transpose()?,
        to: to.map(date).transpose()?,
        last: last.map(|last| last as usize),
    })
}

/// The name of an answer in the cache: what was asked, word for word.
pub fn name(what: &str, query: &impl Serialize, form: Form) -> String {
    format!("{what}/{form:?}/{}", serde_json::to_string(query).unwrap_or_default())
}

/// Parameters and channels.
pub async fn summary(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<SummaryQuery>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let (form, level) = (form(&headers, query.format)?, level_of(query.level)?);
    let made = answer(&app, &caller, &id, name("summary", &query, form), move |fit| {
        let rows = table(&fit.model, &fit.posterior, level, 0);
        if form != Form::Json {
            return tables::of_records(&records(&json!(rows)), form, "summary");
        }
        Ok(Computed::json(&SummaryAnswer {
            level,
            interval: "equal-tailed".to_owned(),
            parameters: json!(rows),
            channels: json!(totals(&fit.model, &fit.posterior, level)),
            convergence: json!(fit.convergence),
            warnings: findings(&fit.warnings, ""),
        }))
    });
    Ok(made.await?.reply(true))
}

/// Whether it can be trusted.
pub async fn diagnosis(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<DiagnosisQuery>,
) -> Outcome<Response> {
    let level = level_of(query.level)?;
    let profile = match query.profile {
        None | Some(ProfileWord::Default) => Profile::DEFAULT,
        Some(ProfileWord::Legacy) => Profile::LEGACY,
    };
    let made = answer(&app, &caller, &id, name("diagnosis", &query, Form::Json), move |fit| {
        let mut failures = judge(&fit.convergence, &profile.gates);
        failures.extend(fit.report.findings());
        let found = diagnosis_of(&fit.model, &fit.posterior, level, seed(fit));
        let known = identification(&fit.model, &fit.posterior, level, seed(fit));
        let lines = checklist(fit, &found, &known, &profile);
        failures.extend(found.residuals.findings());
        failures.extend(found.information.findings());
        Ok(Computed::json(&DiagnosisAnswer {
            passed: worst(&lines) < Mark::Failed,
            level,
            checks: json!(lines),
            gates: json!(profile.gates),
            convergence: json!(fit.convergence),
            engine: json!(fit.report),
            accuracy: json!(found.accuracy),
            residuals: json!(found.residuals),
            information: json!(found.information),
            identification: json!(known),
            findings: findings(&failures, ""),
        }))
    });
    Ok(made.await?.reply(true))
}

/// What each channel earned.
pub async fn returns(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<WindowQuery>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let (form, level) = (form(&headers, query.format)?, level_of(query.level)?);
    let span = span_of(query.from.as_deref(), query.to.as_deref(), query.last)?;
    let made = answer(&app, &caller, &id, name("returns", &query, form), move |fit| {
        let window = Window::of(&fit.model, span)?;
        let found = returns_of(&fit.model, &fit.posterior, window, level, 0);
        if form != Form::Json {
            return tables::of_records(&records(&json!(found.channels)), form, "returns");
        }
        let known = identification(&fit.model, &fit.posterior, level, seed(fit));
        let calendar = &fit.model.panel.calendar;
        Ok(Computed::json(&ReturnsAnswer {
            level,
            interval: "equal-tailed".to_owned(),
            from: calendar.date(window.from).to_string(),
            to: calendar.date(window.to - 1).to_string(),
            returns: json!(found),
            findings: findings(&known.findings(), ""),
            identification: json!(known),
            warnings: findings(&fit.warnings, ""),
        }))
    });
    Ok(made.await?.reply(true))
}

/// What each part brought.
pub async fn contributions(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<ContributionsQuery>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let (form, level) = (form(&headers, query.format)?, level_of(query.level)?);
    let span = span_of(query.from.as_deref(), query.to.as_deref(), query.last)?;
    let asked = query.clone();
    let made = answer(&app, &caller, &id, name("contributions", &query, form), move |fit| {
        let found = contributions_of(fit, &asked, span, level)?;
        match form {
            Form::Json => Ok(Computed::json(&ContributionsAnswer {
                level,
                interval: "equal-tailed".to_owned(),
                contributions: found,
            })),
            _ => tables::of_records(&found, form, "contributions"),
        }
    });
    Ok(made.await?.reply(true))
}

fn contributions_of(fit: &Fit, query: &ContributionsQuery, span: Span, level: f64) -> Outcome<Vec<Value>> {
    let (model, posterior) = (&fit.model, &fit.posterior);
    let parts = if query.grouped == Some(true) { grouped_parts(model) } else { parts(model) };
    let (is_stated, by_geo) = (span != Span::default(), query.by_geo == Some(true));
    let window = Window::of(model, span)?;
    if query.over_time == Some(true) {
        let end = if is_stated { window.to } else { model.panel.n_times() };
        let found = over_time(model, posterior, &parts, window.from..end, by_geo, level);
        let calendar = &model.panel.calendar;
        let records = found.iter().flat_map(|part| {
            part.periods.iter().enumerate().map(move |(t, interval)| {
                let date = calendar.date(window.from + t);
                json!({ "date": date, "geo": part.geo, "part": part.part, "contribution": interval })
            })
        });
        return Ok(records.collect());
    }
    let counted = if is_stated { Counted::periods(model, &window.spent()) } else { Counted::observed(model) };
    let groups = totals_of(model, posterior, &parts, &counted, by_geo, level);
    let records = groups.iter().flat_map(|(geo, totals)| {
        totals.iter().map(move |total| {
            let mut record = json!({ "geo": geo });
            if let (Value::Object(record), Value::Object(fields)) = (&mut record, json!(total)) {
                record.extend(fields);
            }
            record
        })
    });
    Ok(records.collect())
}

/// What each channel would bring at other levels of spend.
pub async fn curves(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<CurvesQuery>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let (form, level) = (form(&headers, query.format)?, level_of(query.level)?);
    let is_steady = query.kind != Some(CurveWord::Flighting);
    let reach = query.reach.unwrap_or(2.0);
    let points = query.points.map_or(if is_steady { 100 } else { 40 }, |points| points as usize);
    if !(0.01..=100.0).contains(&reach) || !(1..=500).contains(&points) {
        let detail = "reach lies between 0.01 and 100, points between 1 and 500";
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "query.invalid", detail));
    }
    let made = answer(&app, &caller, &id, name("curves", &query, form), move |fit| {
        let curves = if is_steady {
            let (surface, _) = surface(&fit.model, &fit.posterior, &FittedOptions::of(&fit.model))?;
            steady(&surface, reach, points, level)
        } else {
            let window = Window::training(&fit.model);
            flighting(&fit.model, &fit.posterior, window, reach, points, level, 0)
        };
        if form != Form::Json {
            let records: Vec<Value> = curves
                .iter()
                .flat_map(|curve| {
                    curve.points.iter().map(move |point| {
                        let mut record = json!({ "channel": curve.name });
                        if let (Value::Object(record), Value::Object(fields)) = (&mut record, json!(point)) {
                            record.extend(fields);
                        }
                        record
                    })
                })
                .collect();
            return tables::of_records(&records, form, "curves");
        }
        Ok(Computed::json(&CurvesAnswer {
            level,
            interval: "equal-tailed".to_owned(),
            kind: if is_steady { "steady" } else { "flighting" }.to_owned(),
            curves: json!(curves),
        }))
    });
    Ok(made.await?.reply(true))
}

/// The seed of a fit, which also draws what answers need to be drawn.
pub fn seed(fit: &Fit) -> u64 {
    fit.model.spec.sampler.seed.unwrap_or_default()
}

fn records(list: &Value) -> Vec<Value> {
    list.as_array().cloned().unwrap_or_default()
}
