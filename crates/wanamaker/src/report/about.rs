//! What a report is about: the data, the model, the run, and in which units its numbers are.

use super::study::Study;
use crate::decision::window::Window;
use crate::model::compile::CompiledModel;
use crate::problem::{Problem, Problems, Severity};
use crate::spec::document::to_toml;
use crate::spec::{KpiKind, Link};
use schemars::JsonSchema;
use serde::Serialize;

/// What a report is about.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct About {
    /// Name of the KPI.
    pub kpi: String,
    /// Whether the KPI is money.
    pub kpi_is_money: bool,
    /// Whether ROAS, ROI and marginal ROAS are money per money; else KPI units per money.
    pub returns_in_money: bool,
    /// What one period is called: day, week, month.
    pub period: String,
    /// First day of the training window.
    pub from: String,
    /// First day of its last period.
    pub to: String,
    /// Periods that trained the model.
    pub periods: usize,
    /// Periods held back.
    pub holdout: usize,
    /// Geos; empty for national data.
    pub geos: Vec<String>,
    /// Channels in the order in which every exhibit has them and colours are given.
    pub channels: Vec<Channel>,
    /// Controls and treatments.
    pub controls: Vec<String>,
    /// Money spent in the training window.
    pub spend: f64,
    /// KPI in the training window.
    pub kpi_total: f64,
    /// Probability inside every interval, in (0, 1); all are equal-tailed.
    pub level: f64,
    /// Whether contributions add up; they do not on the log link.
    pub adds_up: bool,
    /// Where the data came from.
    pub source: String,
    /// Preset of the spec.
    pub preset: String,
    /// Engine that drew.
    pub engine: String,
    /// Chains.
    pub chains: usize,
    /// Draws kept per chain.
    pub draws: usize,
    /// Seed.
    pub seed: u64,
    /// Number of free parameters.
    pub parameters: usize,
    /// Version of the program.
    pub version: String,
    /// Whether its numbers may be used.
    pub converged: bool,
    /// What the numbers are drawn from where it is not the posterior.
    pub nature: Option<String>,
    /// Doubts of the fit.
    pub warnings: Vec<Finding>,
    /// The spec with everything said, as TOML.
    pub spec: String,
}

/// A channel.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Channel {
    /// Name.
    pub name: String,
    /// Whether it is paid for.
    pub is_paid: bool,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Good to know.
    Info,
    /// Worth a look before the result is used.
    Attention,
    /// Must be mended.
    Error,
}

/// Something to know, and what to do about it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Finding {
    /// How much it matters.
    pub weight: Weight,
    /// Stable code.
    pub code: String,
    /// Where it is, in words; empty where it is about the whole.
    pub place: String,
    /// What is the matter, in one sentence.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl From<&Problem> for Finding {
    fn from(problem: &Problem) -> Self {
        let weight = match problem.severity {
            Severity::Info => Weight::Info,
            Severity::Attention => Weight::Attention,
            Severity::Error => Weight::Error,
        };
        Self {
            weight,
            code: problem.code.to_owned(),
            place: problem.at.to_string(),
            message: problem.message.clone(),
            hint: problem.hint.clone(),
        }
    }
}

/// Findings in their order.
pub fn findings(problems: &Problems) -> Vec<Finding> {
    problems.iter().map(Finding::from).collect()
}

/// The draws behind a report, as far as it tells of them.
pub struct Drawn {
    /// Chains.
    pub chains: usize,
    /// Draws kept per chain.
    pub draws: usize,
    /// Whether its numbers may be used.
    pub converged: bool,
    /// What they are drawn from where it is not the posterior.
    pub nature: Option<String>,
    /// Doubts.
    pub warnings: Vec<Finding>,
}

/// What the report of `study` is about.
pub fn about(study: &Study<'_>) -> About {
    let fit = study.fit;
    let drawn = Drawn {
        chains: fit.posterior.n_chains,
        draws: fit.posterior.n_draws,
        converged: fit.converged(),
        nature: fit.report.nature().map(str::to_owned),
        warnings: findings(&fit.warnings),
    };
    about_model(study.model(), study.settings.level, drawn)
}

/// What is said of `model` under draws of it. `level`: probability inside the intervals.
pub fn about_model(model: &CompiledModel, level: f64, drawn: Drawn) -> About {
    let (panel, window) = (&model.panel, Window::training(model));
    let n = panel.n_times();
    let trained = |series: &[f64]| -> f64 {
        series.iter().enumerate().filter(|(i, _)| window.spent().contains(&(i % n))).map(|(_, x)| x).sum()
    };
    let channel = |name: &str, is_paid| Channel { name: name.to_owned(), is_paid };
    let paid = panel.media.iter().map(|media| channel(&media.name, media.spend.is_some()));
    let organic = panel.organic.iter().map(|media| channel(&media.name, false));
    let day = |t: usize| panel.calendar.date(t).to_string();
    let kpi_is_money = model.spec.data.kpi_kind.unwrap_or_default() == KpiKind::Revenue;
    About {
        kpi: panel.kpi.name.clone(),
        kpi_is_money,
        returns_in_money: kpi_is_money || panel.revenue_per_kpi.is_some(),
        period: panel.calendar.spacing().name().to_owned(),
        from: day(window.from),
        to: day(window.to.saturating_sub(1)),
        periods: window.spent().len(),
        holdout: n - window.to,
        geos: if panel.has_geo { panel.geos.clone() } else { Vec::new() },
        channels: paid.chain(organic).collect(),
        controls: panel.controls.iter().chain(&panel.treatments).map(|series| series.name.clone()).collect(),
        spend: panel.media.iter().filter_map(|media| media.spend.as_deref()).map(trained).sum(),
        kpi_total: model.window.observed_values(&panel.kpi.values).sum(),
        level,
        adds_up: model.mean.link == Link::Identity,
        source: panel.source.clone(),
        preset: word(&model.spec.preset),
        engine: model.spec.sampler.engine.unwrap_or_default().name().to_owned(),
        chains: drawn.chains,
        draws: drawn.draws,
        seed: model.spec.sampler.seed.unwrap_or_default(),
        parameters: model.layout.n_free(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        converged: drawn.converged,
        nature: drawn.nature,
        warnings: drawn.warnings,
        spec: to_toml(&model.spec),
    }
}

/// The word that a spec has for a kind.
fn word(kind: &impl Serialize) -> String {
    serde_json::to_value(kind).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
