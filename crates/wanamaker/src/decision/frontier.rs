//! The frontier: the best outcome for every budget, and where more money stops being worth it.

use super::allocation::plan::{Proof, Solved, solve};
use super::allocation::problem::{Budget, Task};
use super::allocation::wishes::Wishes;
use super::appraisal::Money;
use super::surface::{OutcomeUnit, Surface};
use crate::posterior::interval::Interval;
use crate::problem::{Place, Problem, Problems};
use serde::Serialize;

/// The best plan for one budget.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The budget.
    pub budget: Money,
    /// What its best plan brings.
    pub outcome: Interval,
    /// Outcome per money.
    pub roas: Interval,
    /// What the last unit of money brings at this point.
    pub marginal: Interval,
    /// Outcome times margin less money, where the outcome is money.
    pub profit: Option<Interval>,
    /// Money by cell, in the order of the surface.
    pub spend: Vec<f64>,
    /// How near to the best it is proven to be.
    pub proof: Option<Proof>,
}

/// A point of the frontier with a meaning.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mark {
    /// Budget there.
    pub budget: Money,
    /// What it is.
    pub meaning: String,
}

/// The frontier.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Frontier {
    /// Names of the cells.
    pub cells: Vec<String>,
    /// From the smallest budget to the largest.
    pub points: Vec<Point>,
    /// Budgets that the bounds and groups leave no plan for, with the reason.
    pub infeasible: Vec<(Money, String)>,
    /// The budget behind which the last unit of money brings less than a unit; where the outcome is money and the
    /// frontier reaches there.
    pub break_even: Option<Mark>,
    /// Where the frontier bends most: the point furthest above the line between its ends.
    pub diminishing: Option<Mark>,
}

/// The best plan for each of `budgets` (money over the horizon, ascending) under otherwise the same wishes.
///
/// Bounds in money stay as they are, so a budget that they exclude is named instead of being cut to what they hold.
///
/// # Errors
/// What is wrong with the wishes whatever the budget.
pub fn frontier(
    surface: &Surface,
    wishes: &Wishes,
    budgets: &[f64],
    level: f64,
) -> Result<Frontier, Problems> {
    let mut points = Vec::new();
    let mut infeasible = Vec::new();
    for &total in budgets {
        let budget = Money::over(total, surface);
        let wishes = Wishes { budget: Some(Budget::Fixed(total)), ..wishes.clone() };
        let task = wishes.task(surface)?;
        match solve(surface, &task) {
            Ok(solved) => points.push(point(surface, &task, &solved, budget, level)),
            Err(problems) if problems.iter().all(|problem| problem.code == "plan.infeasible") => {
                infeasible.push((budget, problems.0[0].message.clone()));
            }
            Err(problems) => return Err(problems),
        }
    }
    if points.is_empty() {
        let reason = infeasible.first().map_or_else(String::new, |(_, reason)| format!(": {reason}"));
        let message = format!("no budget of the frontier has a plan{reason}");
        return Err(Problem::error("plan.infeasible", Place::default(), message)
            .hint("widen the bounds, or state bounds in per cent: --change 50")
            .into());
    }
    let returns = |total: f64| {
        let task = Wishes { budget: Some(Budget::Fixed(total)), ..wishes.clone() }.task(surface).ok()?;
        let solved = solve(surface, &task).ok()?;
        Some(point(surface, &task, &solved, Money::over(total, surface), level).marginal.mean)
    };
    let mark =
        |at: f64, meaning: &str| Mark { budget: Money::over(at, surface), meaning: meaning.to_owned() };
    Ok(Frontier {
        cells: surface.cells.iter().map(|cell| cell.name.clone()).collect(),
        break_even: (surface.unit == OutcomeUnit::Money)
            .then(|| crossing(&points, 1.0 / wishes.margin, &returns))
            .flatten()
            .map(|at| mark(at, "the last unit of money brings one unit of money, margin counted")),
        diminishing: knee(&points).map(|at| mark(at, "the frontier bends most here")),
        points,
        infeasible,
    })
}

fn point(surface: &Surface, task: &Task, solved: &Solved, budget: Money, level: f64) -> Point {
    let margin = task.margin;
    let outcomes = surface.outcomes(&solved.plan);
    let of = |value: &dyn Fn(f64) -> f64| {
        Interval::of(&mut outcomes.iter().map(|x| value(*x)).collect::<Vec<_>>(), level)
    };
    // The last unit goes to cells that are free to take it, where marginal returns are equal in the mean; where every cell
    // is at a bound, it would be spread over all as the money is.
    let slack = 1e-9 * budget.total;
    let is_free = |k: usize| {
        let (lower, upper) = task.bounds[k];
        solved.plan[k] > lower + slack && solved.plan[k] < upper - slack
    };
    let free: Vec<usize> = (0..solved.plan.len()).filter(|&k| is_free(k)).collect();
    let taking = if free.is_empty() { (0..solved.plan.len()).collect() } else { free };
    let money: f64 = taking.iter().map(|k| solved.plan[*k]).sum();
    let sloped = surface.sloped(&solved.plan, slack);
    let mut marginal = vec![0.0; surface.n_draws];
    for k in taking {
        let share = solved.plan[k] / money;
        marginal.iter_mut().zip(&sloped.slopes[k]).for_each(|(sum, slope)| *sum += share * slope);
    }
    Point {
        budget,
        outcome: of(&|x| x),
        roas: of(&|x| x / budget.total),
        marginal: Interval::of(&mut marginal, level),
        profit: (surface.unit == OutcomeUnit::Money).then(|| of(&|x| margin * x - budget.total)),
        spend: solved.plan.clone(),
        proof: solved.proof,
    }
}

/// The budget at which the mean marginal return falls through `level`: between the last two points on either side of it,
/// found by bisection over plans of their own.
fn crossing(points: &[Point], level: f64, returns: &dyn Fn(f64) -> Option<f64>) -> Option<f64> {
    let pair = points
        .windows(2)
        .rev()
        .find(|pair| pair[0].marginal.mean >= level && pair[1].marginal.mean < level)?;
    let (mut low, mut high) = (pair[0].budget.total, pair[1].budget.total);
    while high - low > 1e-3 * high {
        let middle = 0.5 * (low + high);
        if returns(middle)? >= level {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(0.5 * (low + high))
}

/// The budget at which the mean outcome is furthest above the line between the ends (Satopää et al. 2011).
fn knee(points: &[Point]) -> Option<f64> {
    let (first, last) = (points.first()?, points.last()?);
    let (width, height) = (last.budget.total - first.budget.total, last.outcome.mean - first.outcome.mean);
    if points.len() < 3 || width <= 0.0 || height <= 0.0 {
        return None;
    }
    let over = |point: &Point| {
        (point.outcome.mean - first.outcome.mean) / height - (point.budget.total - first.budget.total) / width
    };
    let best = points.iter().max_by(|a, b| over(a).total_cmp(&over(b)))?;
    (over(best) > 0.0).then_some(best.budget.total)
}
