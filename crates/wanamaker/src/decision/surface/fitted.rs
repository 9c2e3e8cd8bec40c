//! The curves of a fit: what money on each channel would bring at every draw of the posterior.
//!
//! Money becomes exposure by the price paid in the baseline, a national plan reaches the geos in the shares of the
//! baseline, and a count of KPI becomes money by the mean value of the baseline, unless other figures are stated.
//! With the log link the baseline's mean outcome without the planned media is what they multiply.

use super::flighting::{Flighting, Shape, shares, tail_of};
use super::{Cell, Combine, Horizon, OutcomeUnit, Surface};
use crate::math::parallel;
use crate::model::compile::CompiledModel;
use crate::model::response::sums::RayWork;
use crate::model::response::{Flight, Rays};
use crate::posterior::Posterior;
use crate::posterior::replay::Replay;
use crate::problem::{Place, Problem, Problems, nearest};
use crate::spec::{KpiKind, Link};
use std::collections::BTreeMap;
use std::ops::Range;

/// Most memory that the curves of all draws may take, in bytes; beyond it draws are thinned evenly.
const MOST_MEMORY: usize = 1 << 30;
/// Draws in one block of the making.
const BLOCK: usize = 128;

/// What to plan, from a fit.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedOptions {
    /// Time and rhythm.
    pub shape: Shape,
    /// Periods that say what is spent today, at which price and in which geos.
    pub baseline: Range<usize>,
    /// One cell per geo and channel.
    pub by_geo: bool,
    /// Channels that are planned; all paid ones when empty.
    pub channels: Vec<String>,
    /// Stated money per unit of exposure, by channel.
    pub cost_per_exposure: BTreeMap<String, f64>,
    /// Stated money per unit of KPI.
    pub value_per_kpi: Option<f64>,
    /// Threads; 0 for as many as there are.
    pub threads: usize,
}

impl FittedOptions {
    /// All channels in the steady state, per period, compared with the training window.
    pub fn of(model: &CompiledModel) -> Self {
        Self {
            shape: Shape::default(),
            baseline: model.window.start..model.window.end,
            by_geo: false,
            channels: Vec::new(),
            cost_per_exposure: BTreeMap::new(),
            value_per_kpi: None,
            threads: 0,
        }
    }
}

/// What one channel costs and where it ran.
struct Money {
    /// Money per unit of exposure, by geo.
    cost: Vec<f64>,
    /// Share of the money by geo.
    share: Vec<f64>,
    /// Money per period by geo.
    current: Vec<f64>,
    /// Spend by geo in the periods of the baseline.
    history: Vec<Vec<f64>>,
    /// Lowest and highest spend of one period over all geos, and by geo.
    seen: ((f64, f64), Vec<(f64, f64)>),
}

/// The curves of `model` over `posterior`, with remarks on what had to be thinned.
///
/// # Errors
/// An unknown channel, a stated figure that is no positive number, a channel that was never paid for, the log link with
/// a flighting other than steady.
pub fn surface(
    model: &CompiledModel,
    posterior: &Posterior,
    options: &FittedOptions,
) -> Result<(Surface, Problems), Problems> {
    let planned = check(model, options)?;
    let panel = &model.panel;
    let n_geos = panel.n_geos();
    let monies: Vec<Money> = planned.iter().map(|&c| money(model, c, options)).collect();
    let log = model.mean.link == Link::Log;
    let value: Vec<f64> = (0..n_geos).map(|geo| value_of(model, geo, options)).collect();
    let steady = options.shape.flighting == Flighting::Steady;
    let tail = if steady { None } else { Some(tail(model, posterior, &planned, &options.shape)) };

    // Which geos a cell acts in, and where its rays stand: `[planned channel][geo]`.
    let mut cells: Vec<Cell> = Vec::new();
    let mut owner: Vec<(usize, Vec<usize>)> = Vec::new();
    for (p, (&c, money)) in planned.iter().zip(&monies).enumerate() {
        let channel = &model.mean.channels[c];
        let periods = options.shape.horizon as f64;
        let mut groups = Vec::new();
        if options.by_geo && panel.has_geo {
            let own = |g: usize| (Some(&panel.geos[g]), vec![g], money.current[g], money.seen.1[g]);
            groups.extend((0..n_geos).map(own));
        } else {
            groups.push((None, (0..n_geos).collect(), money.current.iter().sum(), money.seen.0));
        }
        for (geo, geos, current, (lowest, highest)) in groups {
            owner.push((p, geos.clone()));
            cells.push(Cell {
                name: geo.map_or_else(|| channel.name.clone(), |geo| format!("{geo}/{}", channel.name)),
                channel: channel.name.clone(),
                geo: geo.cloned(),
                current: current * periods,
                highest: Some(highest),
                lowest: Some(lowest),
                shares: over_time(&channel.name, money, &geos, &options.shape),
                rays: Rays::new(channel.transforms()),
                geos,
            });
        }
    }
    let flights: Vec<Vec<Series>> = owner
        .iter()
        .map(|(p, geos)| {
            let alone = geos.len() == 1;
            geos.iter().map(|&g| series(model, planned[*p], &monies[*p], g, alone, options, tail)).collect()
        })
        .collect();

    let n_all = posterior.n_chains * posterior.n_draws;
    let levels: usize = flights.iter().flatten().map(Series::n_levels).sum();
    let stride = (n_all * levels * 3 * size_of::<f64>()).div_ceil(MOST_MEMORY).max(1);
    let draws: Vec<usize> = (0..n_all).step_by(stride).collect();
    let n_blocks = draws.len().div_ceil(BLOCK);
    let parts = parallel::map(n_blocks, options.threads, |block| {
        let mut replay = Replay::new(model);
        let mut work = RayWork::default();
        let mut rays: Vec<Rays> = cells.iter().map(|cell| cell.rays.clone()).collect();
        let mut base = Vec::new();
        for &s in &draws[block * BLOCK..((block + 1) * BLOCK).min(draws.len())] {
            replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
            let media = replay.training();
            for ((rays, (p, geos)), flights) in rays.iter_mut().zip(&owner).zip(&flights) {
                let c = planned[*p];
                let transforms = model.mean.channels[c].transforms();
                let (n_carry, n_bend) = (
                    transforms.adstock.parameter_names().len(),
                    transforms.saturation.parameter_names().len(),
                );
                for (&geo, flight) in geos.iter().zip(flights) {
                    let (carry, bend) = replay.transform_parameters(c, geo);
                    let mut effect = media.amplitude[geo] * media.channels[c].beta[geo]
                        / model.mean.channels[c].feature_scale;
                    if !log {
                        effect *= model.units.kpi_of(geo) * value[geo];
                    }
                    rays.push(&carry[..n_carry], &bend[..n_bend], effect, flight.flight(log), &mut work);
                }
            }
            if log {
                base.extend(
                    replay
                        .mean_without(&planned, options.baseline.clone())
                        .iter()
                        .zip(&value)
                        .map(|(mean, value)| mean * value * options.shape.horizon as f64),
                );
            }
        }
        (rays, base)
    });
    let mut base = Vec::new();
    for (rays, part) in parts {
        cells.iter_mut().zip(rays).for_each(|(cell, rays)| cell.rays.append(rays));
        base.extend(part);
    }
    let spacing = panel.calendar.spacing();
    let surface = Surface {
        cells,
        n_draws: draws.len(),
        horizon: Horizon {
            periods: options.shape.horizon,
            period: spacing.name().to_owned(),
            per_year: 365.25 / spacing.mean_days(),
            tail,
        },
        unit: unit_of(model, options),
        threads: options.threads,
        combine: if log { Combine::Exponential { base, n_geos } } else { Combine::Sum },
    };
    let mut remarks = Problems::new();
    if stride > 1 {
        let message = format!(
            "the plan is made over {} of {n_all} draws: all of them would need more than a gigabyte",
            draws.len()
        );
        remarks.push(Problem::info("plan.thinned", Place::default(), message));
    }
    Ok((surface, remarks))
}

/// In what outcomes of this model are counted.
fn unit_of(model: &CompiledModel, options: &FittedOptions) -> OutcomeUnit {
    let is_money = model.spec.data.kpi_kind.unwrap_or_default() == KpiKind::Revenue;
    if is_money || model.panel.revenue_per_kpi.is_some() || options.value_per_kpi.is_some() {
        OutcomeUnit::Money
    } else {
        OutcomeUnit::Kpi(model.panel.kpi.name.clone())
    }
}

/// Indices of the planned channels.
fn check(model: &CompiledModel, options: &FittedOptions) -> Result<Vec<usize>, Problems> {
    let mut problems = Problems::new();
    let paid: Vec<&str> = model.panel.media.iter().map(|media| media.name.as_str()).collect();
    let mut known = |name: &str, what: &str| -> Option<usize> {
        let found = paid.iter().position(|paid| *paid == name);
        if found.is_none() {
            let message = format!("{what} names `{name}`, which is no paid channel of this fit");
            let hint = match nearest(name, paid.iter().copied()) {
                Some(near) => format!("did you mean `{near}`? The paid channels are {}", paid.join(", ")),
                None => format!("the paid channels are {}", paid.join(", ")),
            };
            problems.push(Problem::error("plan.unknown_channel", Place::default(), message).hint(hint));
        }
        found
    };
    let mut planned: Vec<usize> = if options.channels.is_empty() {
        (0..paid.len()).collect()
    } else {
        options.channels.iter().filter_map(|name| known(name, "the list of channels")).collect()
    };
    planned.sort_unstable();
    planned.dedup();
    for name in options.cost_per_exposure.keys() {
        known(name, "a cost per exposure");
    }
    if let Flighting::Stated(weights) = &options.shape.flighting {
        weights.keys().filter(|name| *name != "*").for_each(|name| {
            known(name, "the flighting");
        });
    }
    for (name, cost) in &options.cost_per_exposure {
        if !(cost.is_finite() && *cost > 0.0) {
            let message = format!("the cost per exposure of `{name}` is {cost}");
            let problem = Problem::error("plan.cost", Place::default(), message);
            problems.push(problem.hint("give money per unit of exposure, a number above 0"));
        }
    }
    if let Some(value) = options.value_per_kpi.filter(|value| !(value.is_finite() && *value > 0.0)) {
        let message = format!("the value of one unit of KPI is {value}");
        problems.push(
            Problem::error("plan.value", Place::default(), message).hint("give money, a number above 0"),
        );
    }
    for &c in &planned {
        let media = &model.panel.media[c];
        let spent = media.spend.as_ref().is_some_and(|spend| spend.iter().sum::<f64>() > 0.0);
        if !spent && !options.cost_per_exposure.contains_key(&media.name) {
            let message = format!("nothing was ever spent on `{}`, so its price is not known", media.name);
            let hint = format!("state it with --cost {}=PRICE, or plan without it: --channels …", media.name);
            problems.push(Problem::error("plan.no_price", Place::default(), message).hint(hint));
        }
    }
    if model.mean.link == Link::Log && options.shape.flighting != Flighting::Steady {
        let message = "with the log link a plan is made in the steady state only";
        let problem = Problem::error("plan.log_link", Place::default(), message);
        problems.push(problem.hint("leave --flighting out, or say --flighting steady"));
    }
    problems.or(planned)
}

fn money(model: &CompiledModel, channel: usize, options: &FittedOptions) -> Money {
    let panel = &model.panel;
    let (n, n_geos) = (panel.n_times(), panel.n_geos());
    let media = &panel.media[channel];
    let none = Vec::new();
    let spend = media.spend.as_ref().unwrap_or(&none);
    let part = |series: &[f64], geo: usize, range: Range<usize>| -> Vec<f64> {
        series.get(geo * n + range.start..geo * n + range.end).map(<[f64]>::to_vec).unwrap_or_default()
    };
    let sum = |series: &[f64], geo: usize, range: Range<usize>| part(series, geo, range).iter().sum::<f64>();
    let over_geos = |series: &[f64], range: &Range<usize>| -> f64 {
        (0..n_geos).map(|geo| sum(series, geo, range.clone())).sum()
    };
    // The price of the baseline, in the geo or, where nothing ran there, in all of them, or else of all data.
    let price = |geo: usize| -> f64 {
        if let Some(stated) = options.cost_per_exposure.get(&media.name) {
            return *stated;
        }
        let here =
            (sum(spend, geo, options.baseline.clone()), sum(&media.exposure, geo, options.baseline.clone()));
        let all = (over_geos(spend, &options.baseline), over_geos(&media.exposure, &options.baseline));
        let ever = (over_geos(spend, &(0..n)), over_geos(&media.exposure, &(0..n)));
        let known = [here, all, ever].into_iter().find(|(spend, exposure)| *spend > 0.0 && *exposure > 0.0);
        known.map_or(1.0, |(spend, exposure)| spend / exposure)
    };
    let history: Vec<Vec<f64>> = (0..n_geos).map(|geo| part(spend, geo, options.baseline.clone())).collect();
    let periods = options.baseline.len() as f64;
    let current: Vec<f64> = history.iter().map(|spend| spend.iter().sum::<f64>() / periods).collect();
    let total: f64 = current.iter().sum();
    let people: f64 = panel.population.iter().sum();
    let share = (0..n_geos)
        .map(|geo| if total > 0.0 { current[geo] / total } else { panel.population[geo] / people });
    let at = |geo: usize, t: usize| spend.get(geo * n + t).copied().unwrap_or(0.0);
    let range = |spend: &dyn Fn(usize) -> f64| {
        let spends = (0..n).map(spend);
        spends.fold((f64::INFINITY, 0.0_f64), |(low, high), spend| (low.min(spend), high.max(spend)))
    };
    Money {
        cost: (0..n_geos).map(price).collect(),
        share: share.collect(),
        seen: (
            range(&|t| (0..n_geos).map(|geo| at(geo, t)).sum()),
            (0..n_geos).map(|geo| range(&|t| at(geo, t))).collect(),
        ),
        current,
        history,
    }
}

/// When a cell that reaches `geos` spends its money, as shares by period.
fn over_time(channel: &str, money: &Money, geos: &[usize], shape: &Shape) -> Vec<f64> {
    let total: f64 = geos.iter().map(|&geo| money.share[geo]).sum();
    let mut by_period = vec![0.0; shape.horizon];
    for &geo in geos {
        let weight = if geos.len() == 1 { 1.0 } else { money.share[geo] / total };
        let own = shares(shape, channel, &money.history[geo]);
        by_period.iter_mut().zip(own).for_each(|(all, share)| *all += weight * share);
    }
    by_period
}

/// Money per unit of KPI in a geo: stated, or the mean of the baseline weighted by the KPI; 1 where the KPI is all
/// there is to count.
fn value_of(model: &CompiledModel, geo: usize, options: &FittedOptions) -> f64 {
    if let Some(stated) = options.value_per_kpi {
        return stated;
    }
    let Some(values) = &model.panel.revenue_per_kpi else { return 1.0 };
    let n = model.panel.n_times();
    let cells =
        || options.baseline.clone().map(|t| geo * n + t).filter(|i| model.panel.kpi.values[*i].is_finite());
    let weighted: f64 = cells().map(|i| values[i] * model.panel.kpi.values[i]).sum();
    let kpi: f64 = cells().map(|i| model.panel.kpi.values[i]).sum();
    if kpi > 0.0 {
        weighted / kpi
    } else {
        cells().map(|i| values[i]).sum::<f64>() / cells().count().max(1) as f64
    }
}

/// The tail that holds all of the carry-over at the posterior's middle draw.
fn tail(model: &CompiledModel, posterior: &Posterior, planned: &[usize], shape: &Shape) -> usize {
    shape.tail.unwrap_or_else(|| {
        let mut replay = Replay::new(model);
        let n = posterior.n_chains * posterior.n_draws;
        // Half of the draws must have died away: the upper median over draws of the longest tail of any channel.
        let mut tails: Vec<usize> = (0..n)
            .step_by((n / 200).max(1))
            .map(|s| {
                replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
                let longest = planned.iter().flat_map(|&c| {
                    let adstock = model.mean.channels[c].adstock;
                    let carry = (0..model.panel.n_geos()).map(|geo| replay.transform_parameters(c, geo).0);
                    carry
                        .map(|carry| tail_of(adstock, &carry[..adstock.parameter_names().len()]))
                        .collect::<Vec<_>>()
                });
                longest.max().unwrap_or(0)
            })
            .collect();
        tails.sort_unstable();
        tails.get(tails.len() / 2).copied().unwrap_or(0)
    })
}

/// The exposure of one channel in one geo per unit of money, on the scale of the priors.
enum Series {
    Steady { gain: f64, periods: f64 },
    Along { past: Vec<f64>, profile: Vec<f64>, from: usize },
}

impl Series {
    fn flight(&self, log: bool) -> Flight<'_> {
        match self {
            // On the log link the horizon stands in the base, which the exponent multiplies.
            Series::Steady { gain, periods } => {
                Flight::Steady { gain: *gain, periods: if log { 1.0 } else { *periods } }
            }
            Series::Along { past, profile, from } => Flight::Along { past, profile, from: *from },
        }
    }

    fn n_levels(&self) -> usize {
        match self {
            Series::Steady { .. } => 1,
            Series::Along { profile, from, .. } => profile.len() - from,
        }
    }
}

fn series(
    model: &CompiledModel,
    channel: usize,
    money: &Money,
    geo: usize,
    alone: bool,
    options: &FittedOptions,
    tail: Option<usize>,
) -> Series {
    let scale = model.units.media[channel] * model.units.geo[geo];
    let share = if alone && options.by_geo { 1.0 } else { money.share[geo] };
    let per_money = share / (money.cost[geo] * scale);
    let horizon = options.shape.horizon;
    let Some(tail) = tail else {
        return Series::Steady { gain: per_money / horizon as f64, periods: horizon as f64 };
    };
    let n = model.panel.n_times();
    let exposure = &model.training.exposure[channel][geo * n..(geo + 1) * n];
    let history = if options.shape.carry_in { exposure } else { &[] };
    let shares = shares(&options.shape, &model.mean.channels[channel].name, &money.history[geo]);
    let behind = horizon + tail;
    let past = history.iter().copied().chain(std::iter::repeat_n(0.0, behind)).collect();
    let before = std::iter::repeat_n(0.0, history.len());
    let money = shares.into_iter().map(|share| share * per_money);
    let profile = before.chain(money).chain(std::iter::repeat_n(0.0, tail)).collect();
    Series::Along { past, profile, from: history.len() }
}
