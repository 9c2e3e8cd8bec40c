//! What each part of the model brought: counterfactual contributions per period, in total, and per unit of spend.
//!
//! A channel's contribution is the expected KPI minus the expected KPI had its exposure been zero. With the identity link
//! the parts add up to the fitted mean. With the log link they do not: the baseline is the mean with all media at zero,
//! channels are counterfactual, and what they bring only together stands as `joint`.

use crate::model::compile::CompiledModel;
use crate::model::outcome::Component;
use crate::posterior::Posterior;
use crate::posterior::interval::Interval;
use crate::posterior::replay::Replay;
use crate::spec::Link;
use serde::Serialize;
use std::ops::Range;

/// A part of the mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The linear terms of one component, by index.
    Terms(Vec<usize>),
    /// A channel, by index.
    Channel(usize),
    /// Channels together, by index.
    Channels(Vec<usize>),
    /// The mean without media (log link).
    Baseline,
    /// What these sets of channels bring only together (log link).
    Joint(Vec<Vec<usize>>),
    /// The fitted mean.
    Fitted,
}

/// The parts of a model with their names: components of the baseline, channels, then the fitted mean.
pub fn parts(model: &CompiledModel) -> Vec<(String, Part)> {
    let mut parts: Vec<(String, Part)> = Vec::new();
    if model.mean.link == Link::Identity {
        for (k, term) in model.mean.terms.iter().enumerate() {
            let name = match term.component {
                Component::Intercept => "intercept".to_owned(),
                Component::Trend => "trend".to_owned(),
                Component::Seasonality => "seasonality".to_owned(),
                Component::DayOfWeek => "day_of_week".to_owned(),
                Component::Events => "events".to_owned(),
                Component::Control(_) | Component::Treatment(_) => term.name.clone(),
            };
            match parts.iter_mut().find(|(known, _)| *known == name) {
                Some((_, Part::Terms(terms))) => terms.push(k),
                _ => parts.push((name, Part::Terms(vec![k]))),
            }
        }
    } else {
        parts.push(("baseline".to_owned(), Part::Baseline));
    }
    parts.extend(model.mean.channels.iter().enumerate().map(|(c, ch)| (ch.name.clone(), Part::Channel(c))));
    if model.mean.link == Link::Log {
        let alone = (0..model.mean.channels.len()).map(|c| vec![c]).collect();
        parts.push(("joint".to_owned(), Part::Joint(alone)));
    }
    parts.push(("fitted".to_owned(), Part::Fitted));
    parts
}

/// The same in few parts: baseline, paid and organic media, controls, treatments, then the fitted mean.
pub fn grouped_parts(model: &CompiledModel) -> Vec<(String, Part)> {
    let n_paid = model.panel.media.len();
    let (paid, organic) =
        ((0..n_paid).collect::<Vec<_>>(), (n_paid..model.mean.channels.len()).collect::<Vec<_>>());
    let mut parts: Vec<(String, Part)> = Vec::new();
    let identity = model.mean.link == Link::Identity;
    if identity {
        for (k, term) in model.mean.terms.iter().enumerate() {
            let name = match term.component {
                Component::Control(_) => "controls",
                Component::Treatment(_) => "treatments",
                _ => "baseline",
            };
            match parts.iter_mut().find(|(known, _)| known == name) {
                Some((_, Part::Terms(terms))) => terms.push(k),
                _ => parts.push((name.to_owned(), Part::Terms(vec![k]))),
            }
        }
    } else {
        parts.push(("baseline".to_owned(), Part::Baseline));
    }
    let media =
        [("paid media", paid), ("organic media", organic)].into_iter().filter(|(_, set)| !set.is_empty());
    let media: Vec<(&str, Vec<usize>)> = media.collect();
    parts.extend(media.iter().map(|(name, set)| ((*name).to_owned(), Part::Channels(set.clone()))));
    if !identity {
        parts.push(("joint".to_owned(), Part::Joint(media.into_iter().map(|(_, set)| set).collect())));
    }
    parts.push(("fitted".to_owned(), Part::Fitted));
    parts
}

/// Writes one part on the training data at the replay's draw, `[geo, time]`, in KPI units.
pub fn write_part(replay: &Replay<'_>, model: &CompiledModel, part: &Part, out: &mut [f64]) {
    let (inputs, work) = (&model.training, replay.training());
    out.fill(0.0);
    match part {
        Part::Terms(terms) => terms.iter().for_each(|term| replay.add_term(*term, inputs, out)),
        Part::Channel(channel) => replay.add_channels(&[*channel], inputs, work, out),
        Part::Channels(channels) => replay.add_channels(channels, inputs, work, out),
        Part::Baseline => replay.add_baseline(inputs, work, out),
        Part::Fitted => replay.add_mean(inputs, work, out),
        Part::Joint(sets) => {
            replay.add_baseline(inputs, work, out);
            sets.iter().for_each(|set| replay.add_channels(set, inputs, work, out));
            let mut mean = vec![0.0; out.len()];
            replay.add_mean(inputs, work, &mut mean);
            out.iter_mut().zip(mean).for_each(|(rest, mean)| *rest = mean - *rest);
        }
    }
}

/// Contributions of one part by geo group and period.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartOverTime {
    /// Part name.
    pub part: String,
    /// Geo name, or `total` for the sum over geos.
    pub geo: String,
    /// One interval per period, or span, asked for.
    pub periods: Vec<Interval>,
}

/// Every part of `all` by period of `range`: summed over geos, or geo by geo. Per draw first, then summarised.
pub fn over_time(
    model: &CompiledModel,
    posterior: &Posterior,
    all: &[(String, Part)],
    range: Range<usize>,
    by_geo: bool,
    level: f64,
) -> Vec<PartOverTime> {
    let of_period = |t: usize| if range.contains(&t) { vec![t - range.start] } else { Vec::new() };
    let spans = Spans { len: range.len(), of: (0..model.panel.n_times()).map(of_period).collect() };
    over_spans(model, posterior, all, &spans, by_geo, level)
}

/// Spans of time that contributions are summed over, each period in none of them, one, or several.
#[derive(Clone, Debug)]
pub struct Spans {
    /// How many.
    pub len: usize,
    /// Those that hold each period.
    pub of: Vec<Vec<usize>>,
}

/// The same by span of time: draws are summed over the periods of a span before they are summarised.
pub fn over_spans(
    model: &CompiledModel,
    posterior: &Posterior,
    all: &[(String, Part)],
    spans: &Spans,
    by_geo: bool,
    level: f64,
) -> Vec<PartOverTime> {
    let panel = &model.panel;
    let geos: Vec<String> =
        if by_geo && panel.has_geo { panel.geos.clone() } else { vec![total_name(panel.has_geo)] };
    let at_once = posterior.series_within(AT_ONCE);
    let intervals = all_intervals(model, posterior, all, spans, geos.len(), level, at_once);
    let mut intervals = intervals.into_iter();
    let mut result = Vec::new();
    for (part, _) in all {
        for geo in &geos {
            let periods = intervals.by_ref().take(spans.len).collect();
            result.push(PartOverTime { part: part.clone(), geo: geo.clone(), periods });
        }
    }
    result
}

/// Draws of contributions that are held at once, in bytes.
const AT_ONCE: usize = 256 << 20;

/// Intervals `[part, group, span]`, where there is one group of all geos or one for each; in turns of `at_once`, each with all
/// draws.
fn all_intervals(
    model: &CompiledModel,
    posterior: &Posterior,
    all: &[(String, Part)],
    spans: &Spans,
    n_groups: usize,
    level: f64,
    at_once: usize,
) -> Vec<Interval> {
    let n = model.panel.n_times();
    let n_draws = posterior.n_chains * posterior.n_draws;
    let per_part = n_groups * spans.len;
    let n_all = all.len() * per_part;
    let mut intervals = Vec::with_capacity(n_all);
    let mut replay = Replay::new(model);
    let mut cells = vec![0.0; model.panel.n_cells()];
    while intervals.len() < n_all {
        let block = intervals.len()..(intervals.len() + at_once).min(n_all);
        let mut draws = vec![0.0; block.len() * n_draws];
        for s in 0..n_draws {
            replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
            for part in block.start / per_part..block.end.div_ceil(per_part) {
                write_part(&replay, model, &all[part].1, &mut cells);
                for (i, value) in cells.iter().enumerate() {
                    let group = if n_groups > 1 { i / n } else { 0 };
                    for span in &spans.of[i % n] {
                        let place = part * per_part + group * spans.len + span;
                        if block.contains(&place) {
                            draws[(place - block.start) * n_draws + s] += value;
                        }
                    }
                }
            }
        }
        let of_place = |k: usize| Interval::of(&mut draws[k * n_draws..(k + 1) * n_draws], level);
        intervals.extend((0..block.len()).map(of_place));
    }
    intervals
}

fn total_name(has_geo: bool) -> String {
    if has_geo { "total".to_owned() } else { "national".to_owned() }
}

/// What a part brought over the window in total.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Total {
    /// Part name.
    pub name: String,
    /// Whether it is a paid or organic channel.
    pub is_channel: bool,
    /// Contribution in KPI units.
    pub contribution: Interval,
    /// Share of the fitted mean.
    pub share: Interval,
    /// Spend in currency, for paid channels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spend: Option<f64>,
    /// Contribution per spend: money per money when the KPI is money or has a value, else KPI per money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roas: Option<Interval>,
}

/// Which cells a total is summed over.
#[derive(Clone, Debug)]
pub struct Counted(Vec<bool>);

impl Counted {
    /// The training cells in which the KPI was observed.
    pub fn observed(model: &CompiledModel) -> Self {
        Self(model.window.observed.clone())
    }

    /// All cells of the periods in `range`.
    pub fn periods(model: &CompiledModel, range: &Range<usize>) -> Self {
        let n = model.panel.n_times();
        Self((0..model.panel.n_cells()).map(|i| range.contains(&(i % n))).collect())
    }

    /// Sum of `cells` over those that count in geos `geos`.
    fn sum(&self, cells: &[f64], n_times: usize, geos: &Range<usize>) -> f64 {
        let inside = geos.start * n_times..geos.end * n_times;
        cells[inside.clone()].iter().zip(&self.0[inside]).filter(|(_, counts)| **counts).map(|(x, _)| x).sum()
    }
}

/// Draws of every part's total.
#[derive(Clone, Debug)]
pub struct TotalDraws {
    /// Total in KPI units, `[part][draw]`.
    pub kpi: Vec<Vec<f64>>,
    /// Total in money (KPI × revenue per KPI), `[part][draw]`; the same as `kpi` where no value is known.
    pub money: Vec<Vec<f64>>,
}

/// Sums every part over the counted cells of each group of geos, draw by draw (chain after chain).
pub fn total_draws(
    model: &CompiledModel,
    posterior: &Posterior,
    parts: &[(String, Part)],
    counted: &Counted,
    groups: &[Range<usize>],
) -> Vec<TotalDraws> {
    let n = model.panel.n_times();
    let n_draws = posterior.n_chains * posterior.n_draws;
    let none = vec![Vec::with_capacity(n_draws); parts.len()];
    let mut totals = vec![TotalDraws { kpi: none.clone(), money: none }; groups.len()];
    let mut replay = Replay::new(model);
    let mut cells = vec![0.0; model.panel.n_cells()];
    for s in 0..n_draws {
        replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
        for (p, (_, part)) in parts.iter().enumerate() {
            write_part(&replay, model, part, &mut cells);
            for (total, geos) in totals.iter_mut().zip(groups) {
                total.kpi[p].push(counted.sum(&cells, n, geos));
            }
            if let Some(value) = &model.panel.revenue_per_kpi {
                cells.iter_mut().zip(value).for_each(|(cell, value)| *cell *= value);
            }
            for (total, geos) in totals.iter_mut().zip(groups) {
                total.money[p].push(counted.sum(&cells, n, geos));
            }
        }
    }
    totals
}

/// Totals, shares and ROAS of `parts` over the counted cells, with intervals of probability `level`: over all geos, or one
/// entry per geo in the order of the panel. Shares are of the fitted mean of the same geos, the last of `parts`.
pub fn totals_of(
    model: &CompiledModel,
    posterior: &Posterior,
    parts: &[(String, Part)],
    counted: &Counted,
    by_geo: bool,
    level: f64,
) -> Vec<(String, Vec<Total>)> {
    let n_geos = model.panel.n_geos();
    let groups: Vec<(String, Range<usize>)> = if by_geo {
        model.panel.geos.iter().cloned().enumerate().map(|(g, name)| (name, g..g + 1)).collect()
    } else {
        vec![(total_name(model.panel.has_geo), 0..n_geos)]
    };
    let ranges: Vec<Range<usize>> = groups.iter().map(|(_, range)| range.clone()).collect();
    let draws = total_draws(model, posterior, parts, counted, &ranges);
    let all = groups.into_iter().zip(draws);
    all.map(|((name, geos), draws)| {
        let fitted = draws.kpi.last().cloned().unwrap_or_default();
        let totals = parts.iter().enumerate().map(|(p, (name, part))| {
            let spend = spend_of(model, part, counted, &geos);
            let mut share: Vec<f64> = draws.kpi[p].iter().zip(&fitted).map(|(x, all)| x / all).collect();
            let roas = spend.filter(|spend| *spend > 0.0).map(|spend| {
                let mut values: Vec<f64> = draws.money[p].iter().map(|x| x / spend).collect();
                Interval::of(&mut values, level)
            });
            Total {
                name: name.clone(),
                is_channel: matches!(part, Part::Channel(_)),
                contribution: Interval::of(&mut draws.kpi[p].clone(), level),
                share: Interval::of(&mut share, level),
                spend,
                roas,
            }
        });
        (name, totals.collect())
    })
    .collect()
}

/// Totals of every part over the observed training cells of all geos.
pub fn totals(model: &CompiledModel, posterior: &Posterior, level: f64) -> Vec<Total> {
    let counted = Counted::observed(model);
    let found = totals_of(model, posterior, &parts(model), &counted, false, level);
    found.into_iter().flat_map(|(_, totals)| totals).collect()
}

/// Spend of a part over the counted cells; `None` where nothing of it is paid for.
fn spend_of(model: &CompiledModel, part: &Part, counted: &Counted, geos: &Range<usize>) -> Option<f64> {
    let channels: &[usize] = match part {
        Part::Channel(channel) => std::slice::from_ref(channel),
        Part::Channels(channels) => channels,
        _ => return None,
    };
    let spends: Option<Vec<f64>> = channels
        .iter()
        .map(|&c| Some(counted.sum(model.panel.media.get(c)?.spend.as_ref()?, model.panel.n_times(), geos)))
        .collect();
    spends.map(|spends| spends.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::compile::from_table;
    use crate::simulate::options::Options;
    use crate::simulate::preset::Preset;
    use crate::simulate::simulate;
    use crate::spec::document::{Format, read};

    #[test]
    fn turns_change_no_interval() {
        let options = Options { n_periods: Some(30), n_geos: Some(3), ..Options::new(Preset::Geo, 1) };
        let market = simulate(&options).unwrap();
        let (model, _) = from_table(&read(&market.spec, Format::Toml).spec, &market.table).unwrap();
        let posterior = Posterior::from_prior(&model, 20, 1);
        let all = parts(&model);
        let of_period = |t: usize| if (4..9).contains(&t) { vec![t - 4] } else { Vec::new() };
        let spans = Spans { len: 5, of: (0..model.panel.n_times()).map(of_period).collect() };
        for n_groups in [1, 3] {
            let intervals = |at_once| all_intervals(&model, &posterior, &all, &spans, n_groups, 0.9, at_once);
            let whole = intervals(usize::MAX >> 1);
            assert_eq!(whole.len(), all.len() * n_groups * 5);
            // A turn ends inside a part, and spans several.
            assert_eq!(intervals(4), whole);
            assert_eq!(intervals(17), whole);
        }
        // Geo by geo, the means add up to those of all.
        let mean = |part: &PartOverTime| part.periods.iter().map(|interval| interval.mean).sum::<f64>();
        let (total, by_geo) = (
            over_time(&model, &posterior, &all, 4..9, false, 0.9),
            over_time(&model, &posterior, &all, 4..9, true, 0.9),
        );
        for (total, geos) in total.iter().zip(by_geo.chunks(3)) {
            let sum: f64 = geos.iter().map(mean).sum();
            assert!((mean(total) - sum).abs() < 1e-9 * (1.0 + sum.abs()), "{}", total.part);
        }
    }
}
