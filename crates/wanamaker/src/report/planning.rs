//! What to move: today's money against a plan, what that gains, and what other budgets would bring.

use super::about::{Finding, findings};
use super::figures::{Band, Estimate};
use super::study::Study;
use crate::decision::allocation::plan::{Binding, Plan};
use crate::decision::allocation::wishes::Wishes;
use crate::decision::appraisal::{appraise, compare, extrapolations};
use crate::decision::frontier::frontier as best_by_budget;
use crate::decision::scenario::{NamedPlan, Scenario, resolve, scenarios};
use crate::decision::surface::flighting::Shape;
use crate::decision::surface::{OutcomeUnit, Surface};
use crate::posterior::interval::{Interval, quantile};
use crate::problem::Problems;
use schemars::JsonSchema;
use serde::Serialize;

/// A plan that somebody made, to be held against today's.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenPlan {
    /// Money by name of cell over the horizon, under its name.
    pub plan: NamedPlan,
    /// Its time.
    pub shape: Shape,
    /// Whether its cells are channels in geos.
    pub by_geo: bool,
}

/// A plan against today's.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PlanOutlook {
    /// Its name.
    pub name: String,
    /// Whether it was found by `mmm` for the report, with its usual bounds; else it was given.
    pub is_proposed: bool,
    /// Periods it covers.
    pub periods: usize,
    /// Whether outcomes are money; else KPI units.
    pub in_money: bool,
    /// All its money over the horizon.
    pub budget: f64,
    /// Today's money over the same time.
    pub budget_today: f64,
    /// Incremental outcome over the horizon.
    pub outcome: Estimate,
    /// Today's.
    pub outcome_today: Estimate,
    /// Outcome less today's.
    pub gain: Estimate,
    /// Per today's; nothing where today brings nothing.
    pub relative_gain: Option<Estimate>,
    /// Probability that it brings more than today's.
    pub p_better: f64,
    /// The gain that it reaches with probability 0.9.
    pub gain_at_least: f64,
    /// How far any other plan within the bounds could be better at most, as a share; where it was proven.
    pub proven_within: Option<f64>,
    /// Channel by channel.
    pub moves: Vec<PlanMove>,
    /// What to know before acting.
    pub findings: Vec<Finding>,
}

/// What a plan does with one channel, or a channel in a geo.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PlanMove {
    /// Shown name: the channel, or `geo/channel`.
    pub name: String,
    /// Channel.
    pub channel: String,
    /// Money today over the horizon.
    pub today: f64,
    /// Money planned over the horizon.
    pub planned: f64,
    /// Planned over today's, less one; nothing where nothing is spent today.
    pub change: Option<f64>,
    /// Least allowed, where bounds are known.
    pub least: Option<f64>,
    /// Most allowed.
    pub most: Option<f64>,
    /// Which of them binds.
    pub binding: Option<Binding>,
    /// What the change of this channel alone brings.
    pub gain: Estimate,
    /// What the planned money brings.
    pub outcome: Estimate,
    /// What one more unit of money would bring at the planned spend.
    pub marginal: Estimate,
}

/// Plans side by side on the same draws.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PlanTable {
    /// Today's first.
    pub plans: Vec<PlanRow>,
    /// Names of what gets money, in the order of `PlanRow::spend`.
    pub cells: Vec<String>,
    /// Whether outcomes are money; else KPI units.
    pub in_money: bool,
}

/// One plan.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PlanRow {
    /// Name.
    pub name: String,
    /// All its money.
    pub budget: f64,
    /// Incremental outcome.
    pub outcome: Estimate,
    /// Outcome that it reaches with probability 0.9.
    pub outcome_at_least: f64,
    /// Outcome per money.
    pub roas: Option<Estimate>,
    /// Outcome less today's; nothing for today's itself.
    pub gain: Option<Estimate>,
    /// Probability that it brings more than today's.
    pub p_better: Option<f64>,
    /// Probability that none of these brings more.
    pub p_best: f64,
    /// Money, in the order of `PlanTable::cells`.
    pub spend: Vec<f64>,
}

/// The best outcome for every budget, with bounds that move with it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Frontier {
    /// Budgets over the horizon, ascending.
    pub budget: Vec<f64>,
    /// What the best plan of each brings.
    pub outcome: Band,
    /// What the last unit of money brings there.
    pub marginal: Band,
    /// Money by channel, `[budget][channel]`.
    pub spend: Vec<Vec<f64>>,
    /// Channels.
    pub channels: Vec<String>,
    /// Today's budget.
    pub today: f64,
    /// What today's plan brings.
    pub outcome_today: Estimate,
    /// Budget behind which the last unit of money brings less than one.
    pub break_even: Option<f64>,
    /// Whether outcomes are money.
    pub in_money: bool,
    /// Periods that budgets are for.
    pub periods: usize,
}

/// What is reached with this probability is called sure enough.
const AT_LEAST: f64 = 0.9;
/// Budgets of a frontier, from a quarter of today's to twice that.
const BUDGETS: usize = 15;
/// Name of today's plan.
const TODAY: &str = "today";
/// Name of the plan that is proposed.
const PROPOSED: &str = "proposed";

/// A plan on its surface.
pub(super) struct Planned<'a> {
    pub(super) surface: &'a Surface,
    pub(super) name: String,
    /// Money by cell over the horizon.
    pub(super) spend: Vec<f64>,
    /// As it was found, where it was.
    found: Option<&'a Plan>,
}

/// The plan that is given, or else the one found within the usual bounds at today's budget; nothing where nothing can be
/// planned.
pub(super) fn planned<'a>(study: &'a Study<'_>) -> Result<Option<Planned<'a>>, Problems> {
    if let Some(given) = study.plan() {
        let (surface, _) = study.plan_surface().map_err(Clone::clone)?;
        let mut problems = Problems::new();
        let spend = resolve(surface, &given.plan, &mut problems);
        let spend = problems.or(spend)?;
        return Ok(Some(Planned { surface, name: given.plan.name.clone(), spend, found: None }));
    }
    let Ok((surface, _)) = study.plan_surface() else { return Ok(None) };
    let Ok(found) = study.proposal() else { return Ok(None) };
    Ok(Some(Planned { surface, name: PROPOSED.to_owned(), spend: found.spend.clone(), found: Some(found) }))
}

/// The plan of `study` against today's.
///
/// # Errors
/// A given plan with names or amounts that cannot be.
pub fn plan(study: &Study<'_>) -> Result<Option<PlanOutlook>, Problems> {
    let Some(planned) = planned(study)? else { return Ok(None) };
    let (surface, spend, level) = (planned.surface, &planned.spend, study.settings.level);
    let today = surface.current();
    let weighed = appraise(surface, spend, 1.0, level);
    let held = compare(surface, spend, &today, TODAY, 1.0, level);
    let gains = surface.outcomes(spend).into_iter().zip(surface.outcomes(&today)).map(|(new, old)| new - old);
    let found = planned.found;
    let moves = weighed.channels.iter().enumerate().map(|(k, cell)| {
        let (with, without) = (surface.cell_outcomes(k, spend[k]), surface.cell_outcomes(k, today[k]));
        let mut gain: Vec<f64> = with.iter().zip(&without).map(|(new, old)| new.0 - old.0).collect();
        let found = found.map(|plan| &plan.moves[k]);
        PlanMove {
            name: cell.name.clone(),
            channel: cell.channel.clone(),
            today: today[k],
            planned: spend[k],
            change: (today[k] > 0.0).then(|| spend[k] / today[k] - 1.0),
            least: found.map(|found| found.bounds.0),
            most: found.map(|found| found.bounds.1),
            binding: found.and_then(|found| found.binding),
            gain: Interval::of(&mut gain, level).into(),
            outcome: cell.outcome.into(),
            marginal: cell.marginal.into(),
        }
    });
    let warnings = found.map_or_else(|| extrapolations(surface, spend), |plan| plan.warnings.clone());
    Ok(Some(PlanOutlook {
        moves: moves.collect(),
        is_proposed: found.is_some(),
        periods: surface.horizon.periods,
        in_money: surface.unit == OutcomeUnit::Money,
        budget: spend.iter().sum(),
        budget_today: today.iter().sum(),
        outcome: weighed.outcome.into(),
        outcome_today: held.outcome.into(),
        gain: held.lift.into(),
        relative_gain: held.relative_lift.map(Estimate::from),
        p_better: held.p_better,
        gain_at_least: surely(gains.collect()),
        proven_within: found.and_then(|plan| plan.proof).map(|proof| proof.relative_gap),
        findings: findings(&warnings),
        name: planned.name,
    }))
}

/// Today's plan, the one of `study`, and the even split, side by side.
///
/// # Errors
/// As [`plan`].
pub fn plans(study: &Study<'_>) -> Result<Option<PlanTable>, Problems> {
    let Some(planned) = planned(study)? else { return Ok(None) };
    let surface = planned.surface;
    let total: f64 = planned.spend.iter().sum();
    let even = vec![total / surface.cells.len() as f64; surface.cells.len()];
    let all = [(TODAY, surface.current()), (planned.name.as_str(), planned.spend), ("even split", even)];
    let named = |(name, spend): &(&str, Vec<f64>)| NamedPlan {
        name: (*name).to_owned(),
        spend: surface.cells.iter().map(|cell| cell.name.clone()).zip(spend.iter().copied()).collect(),
    };
    let plans: Vec<NamedPlan> = all.iter().map(named).collect();
    let found = scenarios(surface, &plans, 1.0, study.settings.level)?;
    let row = |(scenario, (_, spend)): (Scenario, &(&str, Vec<f64>))| PlanRow {
        name: scenario.name,
        budget: scenario.appraisal.budget.total,
        outcome: scenario.appraisal.outcome.into(),
        outcome_at_least: surely(surface.outcomes(spend)),
        roas: scenario.appraisal.roas.map(Estimate::from),
        gain: scenario.against_first.as_ref().map(|held| held.lift.into()),
        p_better: scenario.against_first.as_ref().map(|held| held.p_better),
        p_best: scenario.p_best,
        spend: spend.clone(),
    };
    Ok(Some(PlanTable {
        plans: found.into_iter().zip(&all).map(row).collect(),
        cells: surface.cells.iter().map(|cell| cell.name.clone()).collect(),
        in_money: surface.unit == OutcomeUnit::Money,
    }))
}

/// The best outcome for budgets around today's, over the time of the plan; nothing where nothing can be planned.
pub fn frontier(study: &Study<'_>) -> Option<Frontier> {
    let (surface, _) = study.plan_surface().ok()?;
    let today = surface.current();
    let total: f64 = today.iter().sum();
    if total <= 0.0 {
        return None;
    }
    let budgets: Vec<f64> =
        (0..BUDGETS).map(|i| total * (0.25 + 1.75 * i as f64 / (BUDGETS - 1) as f64)).collect();
    let wishes = Wishes { seed: study.settings.seed, ..Wishes::default() };
    let found = best_by_budget(surface, &wishes, &budgets, study.settings.level).ok()?;
    let points = &found.points;
    Some(Frontier {
        budget: points.iter().map(|point| point.budget.total).collect(),
        outcome: points.iter().map(|point| point.outcome).collect(),
        marginal: points.iter().map(|point| point.marginal).collect(),
        spend: points.iter().map(|point| point.spend.clone()).collect(),
        outcome_today: Interval::of(&mut surface.outcomes(&today), study.settings.level).into(),
        break_even: found.break_even.map(|mark| mark.budget.total),
        channels: found.cells,
        today: total,
        in_money: surface.unit == OutcomeUnit::Money,
        periods: surface.horizon.periods,
    })
}

/// What is reached with probability [`AT_LEAST`].
fn surely(mut draws: Vec<f64>) -> f64 {
    draws.sort_by(f64::total_cmp);
    quantile(&draws, 1.0 - AT_LEAST)
}
