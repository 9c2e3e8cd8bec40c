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

/// A part of the mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The linear terms of one component, by index.
    Terms(Vec<usize>),
    /// A channel, by index.
    Channel(usize),
    /// The mean without media (log link).
    Baseline,
    /// What channels bring only together (log link).
    Joint,
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
        parts.push(("joint".to_owned(), Part::Joint));
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
        Part::Channel(channel) => replay.add_channel(*channel, inputs, work, out),
        Part::Baseline => replay.add_baseline(inputs, work, out),
        Part::Fitted => replay.add_mean(inputs, work, out),
        Part::Joint => {
            replay.add_baseline(inputs, work, out);
            (0..model.mean.channels.len()).for_each(|c| replay.add_channel(c, inputs, work, out));
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
    /// One interval per period from the first KPI period on.
    pub periods: Vec<Interval>,
}

/// Every part by period: summed over geos, or geo by geo. Per draw first, then summarised.
pub fn over_time(
    model: &CompiledModel,
    posterior: &Posterior,
    by_geo: bool,
    level: f64,
) -> Vec<PartOverTime> {
    let panel = &model.panel;
    let (n, start) = (panel.n_times(), model.window.start);
    let geos: Vec<String> =
        if by_geo && panel.has_geo { panel.geos.clone() } else { vec![total_name(panel.has_geo)] };
    let n_draws = posterior.n_chains * posterior.n_draws;
    let kept = n - start;
    // Parts are taken in turns so that the draws of a turn fit in a quarter of a gigabyte; all draws are used.
    let per_part = geos.len() * kept * n_draws.max(1) * size_of::<f64>();
    let at_once = (256 << 20) / per_part.max(1);
    let all = parts(model);
    let mut result = Vec::new();
    for turn in all.chunks(at_once.max(1)) {
        let mut draws = vec![vec![0.0; geos.len() * kept * n_draws]; turn.len()];
        let mut replay = Replay::new(model);
        let mut cells = vec![0.0; panel.n_cells()];
        for s in 0..n_draws {
            replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
            for ((_, part), draws) in turn.iter().zip(&mut draws) {
                write_part(&replay, model, part, &mut cells);
                for (i, value) in cells.iter().enumerate().filter(|(i, _)| i % n >= start) {
                    let group = if geos.len() > 1 { i / n } else { 0 };
                    draws[(group * kept + i % n - start) * n_draws + s] += value;
                }
            }
        }
        for ((name, _), mut draws) in turn.iter().zip(draws) {
            let mut intervals = draws
                .chunks_exact_mut(n_draws.max(1))
                .map(|values| Interval::of(values, level))
                .collect::<Vec<_>>();
            for geo in &geos {
                let rest = intervals.split_off(kept.min(intervals.len()));
                result.push(PartOverTime { part: name.clone(), geo: geo.clone(), periods: intervals });
                intervals = rest;
            }
        }
    }
    result
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

/// Draws of every part's total over the training cells where the KPI was observed.
#[derive(Clone, Debug)]
pub struct TotalDraws {
    /// Part names, `fitted` last.
    pub parts: Vec<(String, Part)>,
    /// Total in KPI units, `[part][draw]`.
    pub kpi: Vec<Vec<f64>>,
    /// Total in money (KPI × revenue per KPI), `[part][draw]`; the same as `kpi` where no value is known.
    pub money: Vec<Vec<f64>>,
}

/// Sums every part over the observed training cells, draw by draw (chain after chain).
pub fn total_draws(model: &CompiledModel, posterior: &Posterior) -> TotalDraws {
    let parts = parts(model);
    let n_draws = posterior.n_chains * posterior.n_draws;
    let mut kpi = vec![Vec::with_capacity(n_draws); parts.len()];
    let mut money = kpi.clone();
    let mut replay = Replay::new(model);
    let mut cells = vec![0.0; model.panel.n_cells()];
    for s in 0..n_draws {
        replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
        for (p, (_, part)) in parts.iter().enumerate() {
            write_part(&replay, model, part, &mut cells);
            let seen = || cells.iter().enumerate().filter(|(i, _)| model.window.observed[*i]);
            kpi[p].push(seen().map(|(_, x)| x).sum());
            money[p].push(match &model.panel.revenue_per_kpi {
                Some(value) => seen().map(|(i, x)| x * value[i]).sum(),
                None => *kpi[p].last().unwrap_or(&f64::NAN),
            });
        }
    }
    TotalDraws { parts, kpi, money }
}

/// Totals, shares and ROAS of every part, with intervals of probability `level`.
pub fn totals(model: &CompiledModel, posterior: &Posterior, level: f64) -> Vec<Total> {
    let draws = total_draws(model, posterior);
    let fitted = draws.kpi.last().cloned().unwrap_or_default();
    let mut result = Vec::new();
    for (p, (name, part)) in draws.parts.iter().enumerate() {
        let spend = match part {
            Part::Channel(channel) => spend_in_window(model, *channel),
            _ => None,
        };
        let mut share: Vec<f64> = draws.kpi[p].iter().zip(&fitted).map(|(x, all)| x / all).collect();
        let roas = spend.filter(|spend| *spend > 0.0).map(|spend| {
            let mut values: Vec<f64> = draws.money[p].iter().map(|x| x / spend).collect();
            Interval::of(&mut values, level)
        });
        result.push(Total {
            name: name.clone(),
            is_channel: matches!(part, Part::Channel(_)),
            contribution: Interval::of(&mut draws.kpi[p].clone(), level),
            share: Interval::of(&mut share, level),
            spend,
            roas,
        });
    }
    result
}

/// Spend of a channel over the observed training cells; `None` for organic media.
pub fn spend_in_window(model: &CompiledModel, channel: usize) -> Option<f64> {
    let spend = model.panel.media.get(channel)?.spend.as_ref()?;
    Some(spend.iter().zip(&model.window.observed).filter(|(_, seen)| **seen).map(|(x, _)| x).sum())
}
