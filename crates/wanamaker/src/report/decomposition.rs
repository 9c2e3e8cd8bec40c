//! What each part of the model brought, in total and over time.

use super::figures::{Band, Estimate, finite};
use super::kpi_over_time::total_kpi;
use super::study::Study;
use crate::data::grain::groupings;
use crate::decision::contribution::{Part, Spans, over_spans, parts, totals};
use crate::model::compile::CompiledModel;
use crate::model::outcome::Component;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// Level, trend, season, events: what would be there without doing anything.
    Baseline,
    /// A control or a treatment.
    Control,
    /// A channel.
    Channel,
    /// What channels bring only together (log link).
    Joint,
}

/// Total contributions over the training window, in KPI units.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Waterfall {
    /// Parts in order: baseline, controls, channels.
    pub parts: Vec<PartTotal>,
    /// The fitted mean, which the parts add up to.
    pub fitted: Estimate,
    /// The KPI.
    pub observed: f64,
}

/// What one part brought.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PartTotal {
    /// Name.
    pub name: String,
    /// What it is.
    pub kind: PartKind,
    /// In KPI units.
    pub contribution: Estimate,
    /// Per fitted mean.
    pub share: Estimate,
}

/// Contributions over time at several grains, each summed draw by draw before it is summarised.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OverTime {
    /// From the periods of the data to quarters and years, as far as the data reach.
    pub grains: Vec<Grain>,
}

/// Contributions at one grain.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Grain {
    /// day, week, month, quarter, year.
    pub name: String,
    /// First days; a period counts where it begins.
    pub dates: Vec<String>,
    /// Whether the first and the last are cut short by the data.
    pub is_partial: Vec<bool>,
    /// Parts in order.
    pub parts: Vec<PartOverTime>,
    /// The KPI.
    pub kpi: Vec<Option<f64>>,
}

/// One part over time.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PartOverTime {
    /// Name.
    pub name: String,
    /// What it is.
    pub kind: PartKind,
    /// In KPI units.
    pub contribution: Band,
}

/// Total contributions of `study` over the observed cells of the training window.
pub fn waterfall(study: &Study<'_>) -> Waterfall {
    let model = study.model();
    let found = totals(model, study.posterior(), study.settings.level);
    let kinds = parts(model);
    let total = |i: usize| PartTotal {
        name: found[i].name.clone(),
        kind: kind_of(model, &kinds[i].1),
        contribution: found[i].contribution.into(),
        share: found[i].share.into(),
    };
    // The fitted mean comes last.
    let last = found.len() - 1;
    Waterfall {
        parts: (0..last).map(total).collect(),
        fitted: found[last].contribution.into(),
        observed: model.window.observed_values(&model.panel.kpi.values).sum(),
    }
}

/// Contributions of `study` over time, period by period and by longer grains.
pub fn contributions_over_time(study: &Study<'_>) -> OverTime {
    let model = study.model();
    let from = study.window().from;
    let dates: Vec<Date> = model.panel.calendar.dates().split_off(from);
    let grouped = groupings(&dates, model.panel.calendar.spacing());
    let kinds = parts(model);
    let (drawn, kinds) = (kinds.as_slice(), &kinds[..kinds.len() - 1]);
    let starts: Vec<usize> = grouped
        .iter()
        .scan(0, |next, grouping| Some(std::mem::replace(next, *next + grouping.first.len())))
        .collect();
    // One pass over the draws for all grains: a period is in one span of each.
    let of_period = |t: usize| match t.checked_sub(from) {
        Some(i) => grouped.iter().zip(&starts).map(|(grouping, start)| start + grouping.of[i]).collect(),
        None => Vec::new(),
    };
    let spans = Spans {
        len: grouped.iter().map(|grouping| grouping.first.len()).sum(),
        of: (0..model.panel.n_times()).map(of_period).collect(),
    };
    let found =
        over_spans(model, study.posterior(), &drawn[..kinds.len()], &spans, false, study.settings.level);
    let grains = grouped.iter().zip(&starts).map(|(grouping, &start)| {
        let range = start..start + grouping.first.len();
        let of_part = |(name, part): &(String, Part), periods: &[_]| PartOverTime {
            name: name.clone(),
            kind: kind_of(model, part),
            contribution: periods[range.clone()].iter().copied().collect(),
        };
        let mut kpi = vec![0.0; range.len()];
        grouping.of.iter().enumerate().for_each(|(i, span)| kpi[*span] += total_kpi(model, from + i));
        Grain {
            name: grouping.name.to_owned(),
            dates: grouping.first.iter().map(Date::to_string).collect(),
            is_partial: grouping.is_partial.clone(),
            parts: kinds.iter().zip(&found).map(|(part, found)| of_part(part, &found.periods)).collect(),
            kpi: kpi.into_iter().map(finite).collect(),
        }
    });
    OverTime { grains: grains.collect() }
}

fn kind_of(model: &CompiledModel, part: &Part) -> PartKind {
    match part {
        Part::Channel(_) | Part::Channels(_) => PartKind::Channel,
        Part::Joint(_) => PartKind::Joint,
        Part::Terms(terms) => match terms.first().map(|term| model.mean.terms[*term].component) {
            Some(Component::Control(_) | Component::Treatment(_)) => PartKind::Control,
            _ => PartKind::Baseline,
        },
        Part::Baseline | Part::Fitted => PartKind::Baseline,
    }
}
