//! Reports of a fit: the data of every chart, the charts as pictures, and all of it as one page.

use super::results::level_of;
use crate::app::App;
use crate::auth::Caller;
use crate::http::compute::{answer, blocking};
use crate::http::extract::{Id, Query};
use crate::http::reply::Computed;
use crate::ids::is_id;
use crate::problem::{ApiError, Outcome};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use wanamaker::engine::fit::Fit;
use wanamaker::report::study::{Settings, Study};
use wanamaker::report::{Exhibit, Report, report};
use wanamaker_render::page::page;
use wanamaker_render::picture::png;
use wanamaker_render::studio::{Look, RenderError, Theme, charts, csv, draw};

/// Pixels of a PNG per pixel of the chart.
const SCALE: f32 = 2.0;

/// Which exhibits.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportQuery {
    /// Names of exhibits, separated by commas; all of them when not said.
    #[schemars(regex(pattern = lists_of_exhibits()))]
    pub exhibits: Option<String>,
    /// Probability inside intervals, between 0 and 1; 0.95 when not said.
    #[schemars(range(min = 0.01, max = 0.999))]
    pub level: Option<f64>,
}

/// How a page is made.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageOfReportQuery {
    /// Probability inside intervals, between 0 and 1; 0.95 when not said.
    #[schemars(range(min = 0.01, max = 0.999))]
    pub level: Option<f64>,
}

/// How a chart is to look.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlotQuery {
    /// Probability inside intervals, between 0 and 1; 0.95 when not said.
    #[schemars(range(min = 0.01, max = 0.999))]
    pub level: Option<f64>,
    /// `light` or `dark`.
    #[schemars(regex(pattern = "^(light|dark)$"))]
    pub theme: Option<String>,
    /// One channel alone, where a chart has a panel for each.
    pub channel: Option<String>,
    /// Width in pixels; the chart's own when not said.
    #[schemars(range(min = 200, max = 4000))]
    pub width: Option<u32>,
}

/// The data behind every chart.
pub async fn data(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<ReportQuery>,
) -> Outcome<Response> {
    let level = level_of(query.level)?;
    let wanted = exhibits(query.exhibits.as_deref())?;
    let name = format!("report/{level}/{wanted:?}");
    let found = answer(&app, &caller, &id, name, move |fit| {
        let json = of_fit(fit, level, &wanted)?.to_json();
        Ok(Computed::new(json.into_bytes(), "application/json"))
    })
    .await?;
    Ok(found.reply(true))
}

/// The report as one HTML file that needs nothing else; to be kept, not to be shown by this server.
pub async fn html(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Query(query): Query<PageOfReportQuery>,
) -> Outcome<Response> {
    let level = level_of(query.level)?;
    let found = answer(&app, &caller, &id, format!("report.html/{level}"), move |fit| {
        let found = of_fit(fit, level, &Exhibit::ALL)?;
        let text = page(&found.to_json(), &found.title());
        Ok(Computed::new(text.into_bytes(), "text/html; charset=utf-8"))
    })
    .await?;
    let mut response = found.reply(true);
    let name = HeaderValue::from_str(&format!("attachment; filename=\"report-{id}.html\""));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name.map_err(|e| ApiError::internal(&e))?);
    Ok(response)
}

/// One chart: SVG, PNG, or the numbers behind it.
pub async fn plot(
    State(app): State<App>,
    caller: Caller,
    Path((id, file)): Path<(String, String)>,
    Query(query): Query<PlotQuery>,
) -> Outcome<Response> {
    if !is_id(&id) {
        return Err(ApiError::not_found("fit"));
    }
    let level = level_of(query.level)?;
    let theme = match query.theme.as_deref() {
        None | Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        Some(_) => return Err(refused("theme is light or dark")),
    };
    if query.width.is_some_and(|width| !(200..=4000).contains(&width)) {
        return Err(refused("width is 200 to 4000 pixels"));
    }
    let (chart, form) = file.rsplit_once('.').ok_or_else(|| ApiError::not_found("chart"))?;
    let known = blocking(&app, || charts().map_err(|error| ApiError::internal(&error))).await?;
    let chart = known.iter().find(|known| known.name == chart);
    let chart = chart.ok_or_else(|| ApiError::not_found("chart"))?;
    let form = Form::of(form).ok_or_else(|| ApiError::not_found("chart"))?;
    let wanted = exhibits(Some(&chart.exhibits.join(",")))?;
    let look = Look { theme, width: query.width, height: None, channel: query.channel };
    let name = format!("plot/{file}/{level}/{look:?}");
    let found = answer(&app, &caller, &id, name, move |fit| {
        let json = of_fit(fit, level, &wanted)?.to_json();
        form.made(&chart.name, &json, &look).map_err(|error| nothing(&error))
    })
    .await?;
    Ok(found.reply(true))
}

/// What a chart can come as.
#[derive(Clone, Copy)]
enum Form {
    Svg,
    Png,
    Csv,
}

impl Form {
    fn of(extension: &str) -> Option<Self> {
        match extension {
            "svg" => Some(Self::Svg),
            "png" => Some(Self::Png),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }

    fn made(self, chart: &str, report: &str, look: &Look) -> Result<Computed, RenderError> {
        Ok(match self {
            Self::Svg => Computed::new(draw(chart, report, look)?.into_bytes(), "image/svg+xml"),
            Self::Png => Computed::new(png(&draw(chart, report, look)?, SCALE)?, "image/png"),
            Self::Csv => Computed::new(csv(chart, report)?.into_bytes(), "text/csv; charset=utf-8"),
        })
    }
}

fn of_fit(fit: &Fit, level: f64, wanted: &[Exhibit]) -> Outcome<Report> {
    let seed = fit.model.spec.sampler.seed.unwrap_or_default();
    let study = Study::new(fit, Settings { level, seed, threads: 0 });
    report(&study, wanted).map_err(|problems| ApiError::problems(&problems, ""))
}

fn exhibits(names: Option<&str>) -> Outcome<Vec<Exhibit>> {
    let Some(names) = names else { return Ok(Exhibit::ALL.to_vec()) };
    let of = |name: &str| {
        serde_json::from_value(serde_json::Value::from(name.trim()))
            .map_err(|_| refused(&format!("`{}` is no exhibit; see the schema of a report", name.trim())))
    };
    names.split(',').map(of).collect()
}

/// Names of exhibits, separated by commas, as a pattern.
fn lists_of_exhibits() -> String {
    let names = Exhibit::ALL.map(|exhibit| {
        let name = serde_json::to_value(exhibit).expect("a name is JSON");
        name.as_str().expect("an exhibit is a name").to_owned()
    });
    let one = format!("({})", names.join("|"));
    format!("^{one}(,{one})*$")
}

fn refused(detail: &str) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "query.invalid", detail)
}

/// The chart has nothing to draw, and says why; or it is broken, which a test of the bundle excludes.
fn nothing(error: &RenderError) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "plot.nothing", error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_of_exhibits_knows_all_of_them_twice() {
        for exhibit in Exhibit::ALL {
            let name = serde_json::to_value(exhibit).unwrap().as_str().unwrap().to_owned();
            let pattern = lists_of_exhibits();
            let known = pattern.split(['(', ')', '|', ',', '*', '^', '$']).filter(|word| *word == name);
            assert_eq!(known.count(), 2, "{name}");
        }
    }
}
