//! Any plan weighed over all draws: its outcome, what each channel brings, and how it stands against another plan.

use super::surface::{OutcomeUnit, Surface};
use crate::posterior::interval::Interval;
use crate::problem::{Place, Problem, Problems};
use serde::Serialize;

/// An amount over the horizon and per period: neither is ever said without the other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Money {
    /// Over the horizon.
    pub total: f64,
    /// Per period of the horizon.
    pub per_period: f64,
}

impl Money {
    /// `total` over the horizon of `surface`.
    pub fn over(total: f64, surface: &Surface) -> Self {
        Self { total, per_period: total / surface.horizon.periods as f64 }
    }
}

/// What one cell of a plan brings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CellAppraisal {
    /// The channel, or `geo/channel`.
    pub name: String,
    /// Channel.
    pub channel: String,
    /// Geo, where the plan is made by geo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geo: Option<String>,
    /// Money put on it.
    pub spend: Money,
    /// Share of all the money.
    pub share: f64,
    /// What it brings: the outcome less that without this cell.
    pub outcome: Interval,
    /// Outcome per money; `None` without money.
    pub roas: Option<Interval>,
    /// What one more unit of money over the horizon would bring.
    pub marginal: Interval,
}

/// A plan weighed over all draws.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Appraisal {
    /// All the money.
    pub budget: Money,
    /// Incremental outcome over the horizon, against no money on the planned channels.
    pub outcome: Interval,
    /// The same per period.
    pub outcome_per_period: Interval,
    /// Outcome per money; `None` without money.
    pub roas: Option<Interval>,
    /// Outcome times margin less money, where the outcome is money.
    pub profit: Option<Interval>,
    /// Cell by cell.
    pub channels: Vec<CellAppraisal>,
}

/// One plan against another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// What it is held against.
    pub against: String,
    /// The other plan's money.
    pub budget: Money,
    /// The other plan's outcome.
    pub outcome: Interval,
    /// Outcome less the other's.
    pub lift: Interval,
    /// That as a share of the other's; `None` where the other brings nothing.
    pub relative_lift: Option<Interval>,
    /// The lift carried on for a year.
    pub annual_lift: Interval,
    /// Profit less the other's, where the outcome is money.
    pub profit_lift: Option<Interval>,
    /// Probability that the outcome is higher.
    pub p_better: f64,
}

/// Weighs `plan` (money by cell over the horizon); intervals hold `level`, `margin` is the share of revenue earned.
pub fn appraise(surface: &Surface, plan: &[f64], margin: f64, level: f64) -> Appraisal {
    let total: f64 = plan.iter().sum();
    let outcomes = surface.outcomes(plan);
    let periods = surface.horizon.periods as f64;
    let sloped = (!surface.is_additive()).then(|| surface.sloped(plan, 1e-9 * total));
    let channels = surface.cells.iter().enumerate().map(|(k, cell)| {
        let parts: Vec<(f64, f64)> = match &sloped {
            None => surface.cell_outcomes(k, plan[k]),
            Some(sloped) => {
                let mut without = plan.to_vec();
                without[k] = 0.0;
                let rest = surface.outcomes(&without);
                let brought = outcomes.iter().zip(&rest).map(|(all, rest)| all - rest);
                brought.zip(sloped.slopes[k].iter().copied()).collect()
            }
        };
        let brought = |per: f64| of(parts.iter().map(|(value, _)| value / per), level);
        CellAppraisal {
            name: cell.name.clone(),
            channel: cell.channel.clone(),
            geo: cell.geo.clone(),
            spend: Money::over(plan[k], surface),
            share: if total > 0.0 { plan[k] / total } else { 0.0 },
            outcome: brought(1.0),
            roas: (plan[k] > 0.0).then(|| brought(plan[k])),
            marginal: of(parts.iter().map(|(_, slope)| *slope), level),
        }
    });
    Appraisal {
        budget: Money::over(total, surface),
        outcome: of(outcomes.iter().copied(), level),
        outcome_per_period: of(outcomes.iter().map(|x| x / periods), level),
        roas: (total > 0.0).then(|| of(outcomes.iter().map(|x| x / total), level)),
        profit: (surface.unit == OutcomeUnit::Money)
            .then(|| of(outcomes.iter().map(|x| margin * x - total), level)),
        channels: channels.collect(),
    }
}

/// Holds `plan` against `other`, called `against`.
pub fn compare(
    surface: &Surface,
    plan: &[f64],
    other: &[f64],
    against: &str,
    margin: f64,
    level: f64,
) -> Comparison {
    let (mine, theirs) = (surface.outcomes(plan), surface.outcomes(other));
    let lift = || mine.iter().zip(&theirs).map(|(mine, theirs)| mine - theirs);
    let per_year = surface.horizon.per_year / surface.horizon.periods as f64;
    let (spent, paid): (f64, f64) = (plan.iter().sum(), other.iter().sum());
    let better = lift().filter(|lift| *lift > 0.0).count();
    Comparison {
        against: against.to_owned(),
        budget: Money::over(paid, surface),
        outcome: of(theirs.iter().copied(), level),
        lift: of(lift(), level),
        relative_lift: theirs
            .iter()
            .all(|x| *x != 0.0)
            .then(|| of(lift().zip(&theirs).map(|(lift, theirs)| lift / theirs.abs()), level)),
        annual_lift: of(lift().map(|lift| lift * per_year), level),
        profit_lift: (surface.unit == OutcomeUnit::Money)
            .then(|| of(lift().map(|lift| margin * lift - (spent - paid)), level)),
        p_better: better as f64 / mine.len() as f64,
    }
}

/// Names the cells that leave the range of spend that the data have seen, with the figures.
pub fn extrapolations(surface: &Surface, plan: &[f64]) -> Problems {
    let mut problems = Problems::new();
    let period = &surface.horizon.period;
    for (cell, b) in surface.cells.iter().zip(plan) {
        let spend = b / surface.horizon.periods as f64;
        // A hair is not an extrapolation.
        let message = if let Some(highest) = cell.highest.filter(|highest| spend > highest * (1.0 + 1e-6)) {
            format!("`{}` gets {spend:.0} per {period}; the data have seen {highest:.0} at most", cell.name)
        } else if let Some(lowest) = cell.lowest.filter(|lowest| spend < lowest * (1.0 - 1e-6)) {
            format!(
                "`{}` gets {spend:.0} per {period}; the data have never seen less than {lowest:.0}",
                cell.name
            )
        } else {
            continue;
        };
        let problem = Problem::attention("plan.extrapolation", Place::default(), message);
        problems.push(problem.hint("what happens out there is the shape of the curve speaking, not data: move in steps and measure, or bound it"));
    }
    problems
}

fn of(draws: impl Iterator<Item = f64>, level: f64) -> Interval {
    Interval::of(&mut draws.collect::<Vec<_>>(), level)
}
