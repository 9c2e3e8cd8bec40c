//! What each part of the model brought, in total and over time.

use super::figures::{Band, Estimate, finite};
use super::kpi_over_time::total_kpi;
use super::study::Study;
use crate::data::calendar::Spacing;
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

/// Periods gathered into spans of one grain.
struct Grouping {
    name: &'static str,
    /// First day of each span: that of the calendar's week, month, quarter or year.
    first: Vec<Date>,
    is_partial: Vec<bool>,
    /// Span of each period.
    of: Vec<usize>,
}

/// A grain of the calendar: its name, its days at least, and the first day of the span that holds a date.
type LongGrain<'a> = (&'static str, f64, &'a dyn Fn(Date) -> Date);

/// The periods themselves, then every longer grain of which there are at least two spans.
fn groupings(dates: &[Date], spacing: Spacing) -> Vec<Grouping> {
    let own = Grouping {
        name: spacing.name(),
        first: dates.to_vec(),
        is_partial: vec![false; dates.len()],
        of: (0..dates.len()).collect(),
    };
    let quarter = |date: Date| date.month() - (date.month() - 1) % 3;
    let starts: [LongGrain<'_>; 4] = [
        ("week", 7.0, &|date| {
            date.saturating_sub(jiff::Span::new().days(i64::from(date.weekday().to_monday_zero_offset())))
        }),
        ("month", 30.0, &|date| date.first_of_month()),
        ("quarter", 91.0, &|date| Date::new(date.year(), quarter(date), 1).unwrap_or(date)),
        ("year", 365.0, &|date| date.first_of_year()),
    ];
    let longer = starts.into_iter().filter(|(_, days, _)| *days > 1.5 * spacing.mean_days());
    let grouped = longer.map(|(name, _, start)| {
        let mut grouping = Grouping { name, first: Vec::new(), is_partial: Vec::new(), of: Vec::new() };
        for date in dates {
            let first = start(*date);
            if grouping.first.last() != Some(&first) {
                grouping.first.push(first);
            }
            grouping.of.push(grouping.first.len() - 1);
        }
        let last = grouping.first.len() - 1;
        grouping.is_partial = vec![false; last + 1];
        // A span is cut short where periods that belong to it are outside the data.
        let before = dates[0].saturating_sub(jiff::Span::new().days(spacing.mean_days().round() as i64));
        let after =
            dates[dates.len() - 1].saturating_add(jiff::Span::new().days(spacing.mean_days().round() as i64));
        grouping.is_partial[0] |= start(before) == grouping.first[0];
        grouping.is_partial[last] |= start(after) == grouping.first[last];
        grouping
    });
    std::iter::once(own).chain(grouped.filter(|grouping| grouping.first.len() > 1)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_week_counts_where_it_begins_and_cut_spans_say_so() {
        // Mondays from 18 December 2023 to 8 April 2024.
        let dates: Vec<Date> =
            (0..17).map(|w| date(2023, 12, 18).saturating_add(jiff::Span::new().days(7 * w))).collect();
        let found = groupings(&dates, Spacing::Days(7));
        let names: Vec<_> = found.iter().map(|grouping| grouping.name).collect();
        assert_eq!(names, ["week", "month", "quarter", "year"]);
        let months = &found[1];
        assert_eq!(months.first[..2], [date(2023, 12, 1), date(2024, 1, 1)]);
        assert_eq!(months.of.iter().filter(|span| **span == 1).count(), 5);
        assert_eq!(months.is_partial, [true, false, false, false, true]);
        assert_eq!(found[2].first, [date(2023, 10, 1), date(2024, 1, 1), date(2024, 4, 1)]);
    }
}
