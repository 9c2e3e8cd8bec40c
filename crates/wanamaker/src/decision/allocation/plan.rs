//! From a task to a plan: solve, polish, round to the cent, weigh over all draws, and say how good it is.

use super::judge::Judge;
use super::kkt::Conditions;
use super::objective::Objective;
use super::polish::polish;
use super::problem::{Budget, Method, Target, Task};
use super::round::to_cents;
use super::{global, gradient, greedy, slsqp};
use crate::decision::appraisal::{Appraisal, Comparison, Money, appraise, compare, extrapolations};
use crate::decision::surface::{Horizon, OutcomeUnit, Surface};
use crate::math::parallel;
use crate::posterior::interval::Interval;
use crate::problem::{Place, Problem, Problems};
use schemars::JsonSchema;
use serde::Serialize;

/// How near to the best a plan is proven to be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Proof {
    /// No plan is worth more than this.
    pub bound: f64,
    /// `(bound − value)/|value|`.
    pub relative_gap: f64,
    /// Boxes looked into by branch and bound.
    pub nodes: usize,
}

/// A limit that holds the plan back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// The least.
    Lower,
    /// The most.
    Upper,
    /// Both are one.
    Fixed,
}

/// What a plan does with one cell besides what it brings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Move {
    /// Name of the cell.
    pub name: String,
    /// Money today.
    pub current: Money,
    /// Planned over today's money, less one; `None` where nothing is spent today.
    pub change: Option<f64>,
    /// Least and most, over the horizon.
    pub bounds: (f64, f64),
    /// Which of them binds.
    pub binding: Option<Binding>,
    /// What would be put on it if one draw were the truth, over draws; `None` where that was not asked for or has no
    /// meaning.
    pub spend_interval: Option<Interval>,
}

/// What a group of the plan gets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupShare {
    /// Name.
    pub name: String,
    /// Share of all the money.
    pub share: f64,
    /// Least and greatest share asked for.
    pub limits: (Option<f64>, Option<f64>),
    /// Which of them binds.
    pub binding: Option<Binding>,
}

/// A plan with everything that is known about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    /// The method that found it.
    pub method: Method,
    /// What it is good at.
    pub objective: Objective,
    /// Its value there.
    pub value: f64,
    /// In what outcomes are counted.
    pub unit: OutcomeUnit,
    /// The time it covers.
    pub horizon: Horizon,
    /// Number of draws it was weighed over.
    pub n_draws: usize,
    /// Money by cell over the horizon, in the order of `appraisal.channels`.
    pub spend: Vec<f64>,
    /// Outcomes, returns, profit.
    #[serde(flatten)]
    pub appraisal: Appraisal,
    /// What changes, cell by cell.
    pub moves: Vec<Move>,
    /// What groups get.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupShare>,
    /// Against today's plan, today's mix at this budget, and the even split.
    pub comparisons: Vec<Comparison>,
    /// The bound of `global`.
    pub proof: Option<Proof>,
    /// How far marginal returns are from equal where nothing binds, as a share of the largest; before rounding.
    pub kkt_residual: f64,
    /// What a reader should know before acting.
    pub warnings: Problems,
}

/// How a plan is reported.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Report {
    /// Probability inside intervals, in (0, 1).
    pub level: f64,
    /// Draws over which the spread of the best spend is shown; 0 for none.
    pub spread_draws: usize,
}

/// A plan before it is weighed.
#[derive(Clone, Debug, PartialEq)]
pub struct Solved {
    /// Money by cell over the horizon, to the cent.
    pub plan: Vec<f64>,
    /// Its objective.
    pub value: f64,
    /// The method that found it.
    pub method: Method,
    /// The bound of `global`.
    pub proof: Option<Proof>,
    /// How far it is from the conditions of an optimum, before rounding.
    pub kkt_residual: f64,
}

/// Finds the plan that `task` asks for.
///
/// # Errors
/// What [`Task::check`] finds, and a target return that no plan reaches.
pub fn solve(surface: &Surface, task: &Task) -> Result<Solved, Problems> {
    task.check(surface)?;
    let judge = Judge::new(surface, task);
    let candidates = judge.candidates();
    let method = match task.method {
        Method::Auto if surface.is_additive() && task.objective.is_mean() => Method::Global,
        Method::Auto => Method::Slsqp,
        stated => stated,
    };
    let mut bound = None;
    let found = match method {
        Method::Global | Method::Auto => {
            let proven =
                global::solve(surface, task, &candidates).ok_or_else(|| unreachable_target(&judge))?;
            bound = Some((proven.bound, proven.nodes));
            proven.plan
        }
        Method::Slsqp => slsqp::solve(&judge, &judge.starts()),
        Method::Gradient => gradient::solve(&judge, &judge.starts()),
        Method::Greedy => greedy::solve(&judge),
    };
    let mut found = if method == Method::Greedy { found } else { polish(&judge, found) };
    // No method may do worse than today's mix.
    let today = &candidates[0];
    let today_value = if judge.admits(today) { judge.value(today) } else { f64::NEG_INFINITY };
    if judge.value(&found) < today_value {
        found.clone_from(today);
    }
    if task.floor().is_some() && found.iter().sum::<f64>() <= 0.0 {
        return Err(unreachable_target(&judge));
    }
    let kkt_residual = kkt(&judge, &found);
    let rounded = to_cents(&found, &task.bounds, &judge.rows, task.most(), task.fixed().is_some());
    let value = judge.value(&rounded);
    let (plan, value) = if value < today_value || !judge.admits(&rounded) {
        let value = judge.value(&found);
        (found, value)
    } else {
        (rounded, value)
    };
    let proof = bound.map(|(bound, nodes)| {
        let bound = bound.max(value);
        Proof { bound, relative_gap: if bound > value { (bound - value) / value.abs() } else { 0.0 }, nodes }
    });
    Ok(Solved { plan, value, method, proof, kkt_residual })
}

/// Finds the plan that `task` asks for and weighs it.
///
/// # Errors
/// As [`solve`].
pub fn optimise(surface: &Surface, task: &Task, report: Report) -> Result<Plan, Problems> {
    let solved = solve(surface, task)?;
    let Report { level, spread_draws } = report;
    let plan = &solved.plan;
    let spread = spread(surface, task, spread_draws, level);
    let total: f64 = plan.iter().sum();
    let moves = surface.cells.iter().zip(&task.bounds).enumerate().map(|(k, (cell, bounds))| Move {
        name: cell.name.clone(),
        current: Money::over(cell.current, surface),
        change: (cell.current > 0.0).then(|| plan[k] / cell.current - 1.0),
        bounds: *bounds,
        binding: binding(plan[k], *bounds, 1e-9 * task.most()),
        spend_interval: spread.as_ref().map(|spread| spread[k]),
    });
    let groups = task.groups.iter().map(|group| {
        let share = group.members.iter().map(|k| plan[*k]).sum::<f64>() / total;
        let limits = (group.min.unwrap_or(0.0), group.max.unwrap_or(1.0));
        GroupShare {
            name: group.name.clone(),
            share,
            limits: (group.min, group.max),
            binding: binding(share, limits, 1e-7).filter(|end| match end {
                Binding::Lower => group.min.is_some(),
                Binding::Upper => group.max.is_some(),
                Binding::Fixed => true,
            }),
        }
    });
    let mut plan_report = Plan {
        method: solved.method,
        objective: task.objective,
        value: solved.value,
        unit: surface.unit.clone(),
        horizon: surface.horizon.clone(),
        n_draws: surface.n_draws,
        spend: plan.clone(),
        appraisal: appraise(surface, plan, task.margin, level),
        moves: moves.collect(),
        groups: groups.collect(),
        comparisons: comparisons(surface, task, plan, level),
        proof: solved.proof,
        kkt_residual: solved.kkt_residual,
        warnings: extrapolations(surface, plan),
    };
    let doubts = doubts(surface, task, &plan_report);
    plan_report.warnings.extend(doubts);
    Ok(plan_report)
}

fn binding(x: f64, (lower, upper): (f64, f64), slack: f64) -> Option<Binding> {
    match (x <= lower + slack, x >= upper - slack) {
        (true, true) => Some(Binding::Fixed),
        (true, false) => Some(Binding::Lower),
        (false, true) => Some(Binding::Upper),
        (false, false) => None,
    }
}

fn kkt(judge: &Judge<'_>, plan: &[f64]) -> f64 {
    let judged = judge.judge(plan);
    let outcome: Vec<f64> =
        judged.margin_gradient.iter().map(|g| g + judge.task.floor().unwrap_or(0.0)).collect();
    let held_back = judged.margin <= 1e-6 * (judged.value.abs() + 1e-300);
    let floor = judge.task.floor().filter(|_| held_back).map(|floor| (outcome.as_slice(), floor));
    Conditions {
        plan,
        gradient: &judged.gradient,
        bounds: &judge.task.bounds,
        budget: judge.task.fixed(),
        rows: &judge.rows,
        floor,
    }
    .residual()
}

/// Today's plan, today's mix at this budget where that is another, and the even split.
fn comparisons(surface: &Surface, task: &Task, plan: &[f64], level: f64) -> Vec<Comparison> {
    let (total, n) = (plan.iter().sum::<f64>(), plan.len() as f64);
    let current = surface.current();
    let today: f64 = current.iter().sum();
    let mut others = Vec::new();
    if today > 0.0 {
        let scaled: Vec<f64> = current.iter().map(|b| b * total / today).collect();
        others.push(("current", current));
        if (total / today - 1.0).abs() > 1e-9 {
            others.push(("current mix at this budget", scaled));
        }
    }
    others.push(("even split", vec![total / n; plan.len()]));
    others.iter().map(|(name, other)| compare(surface, plan, other, name, task.margin, level)).collect()
}

/// Interval of the best spend by cell if one draw were the truth.
fn spread(surface: &Surface, task: &Task, draws: usize, level: f64) -> Option<Vec<Interval>> {
    if draws == 0 || surface.n_draws < 2 || !surface.is_additive() {
        return None;
    }
    let objective = if task.objective == Objective::Profit { Objective::Profit } else { Objective::Mean };
    let one = Task { objective, method: Method::Global, gap: 1e-3, ..task.clone() };
    let n = draws.min(surface.n_draws);
    let plans: Vec<Option<Vec<f64>>> = parallel::map(n, surface.threads, |i| {
        let alone = surface.at_draw(i * surface.n_draws / n);
        let candidates = Judge::new(&alone, &one).candidates();
        global::solve(&alone, &one, &candidates[..1]).map(|proven| proven.plan)
    });
    let found: Vec<Vec<f64>> = plans.into_iter().flatten().collect();
    (found.len() > 1).then(|| {
        (0..surface.cells.len())
            .map(|k| Interval::of(&mut found.iter().map(|plan| plan[k]).collect::<Vec<_>>(), level))
            .collect()
    })
}

fn unreachable_target(judge: &Judge<'_>) -> Problems {
    let (surface, task) = (judge.surface, judge.task);
    // What the best average return is: that of the plan with the least money, from which returns only fall on concave
    // curves, or of any start.
    let least: Vec<f64> = task.bounds.iter().map(|(lower, upper)| lower.max(1e-3 * upper)).collect();
    let tried = judge.starts().into_iter().chain([least]);
    let best = tried
        .map(|plan| {
            let spent: f64 = plan.iter().sum();
            task.objective.weigh(&surface.outcomes(&plan)).0 / spent
        })
        .filter(|roas| roas.is_finite())
        .fold(f64::NEG_INFINITY, f64::max);
    let message =
        format!("no plan within the bounds brings {} per unit of money", task.floor().unwrap_or_default());
    Problem::error("plan.target_out_of_reach", Place::default(), message)
        .hint(format!("about {best:.3} is within reach; lower the target or the minima"))
        .into()
}

/// What a reader should know before acting on a plan.
fn doubts(surface: &Surface, task: &Task, plan: &Plan) -> Problems {
    let mut problems = Problems::new();
    let mut doubt = |code: &'static str, message: String, hint: &str| {
        problems.push(Problem::attention(code, Place::default(), message).hint(hint));
    };
    if let Some(today) = plan.comparisons.iter().find(|other| other.against == "current")
        && surface.n_draws > 1
        && (today.budget.total / plan.appraisal.budget.total - 1.0).abs() < 1e-6
        && today.p_better < 0.8
    {
        let message = format!(
            "the plan beats today's with probability {:.2} only: the data do not say clearly that it is better",
            today.p_better
        );
        doubt(
            "plan.uncertain",
            message,
            "smaller moves, or an experiment on the channels that move most, cost less than a mistake",
        );
    }
    if let Some(proof) = plan.proof.filter(|proof| proof.relative_gap > task.gap.max(1e-6)) {
        let message = format!("the plan is proven to within {:.2e} only", proof.relative_gap);
        doubt(
            "plan.gap",
            message,
            "state bounds, or accept it: the figure is how much better any plan could be",
        );
    }
    if plan.proof.is_none() && !surface.is_concave() {
        let message = "no bound is proven for this plan: curves bend upwards in places, or the objective is a measure of risk";
        doubt("plan.unproven", message.into(), "--method global proves plans for the mean and for profit");
    }
    if matches!(task.budget, Budget::Free(Target::Profit | Target::MarginalRoas(_)))
        && plan.moves.iter().all(|step| matches!(step.binding, Some(Binding::Upper | Binding::Fixed)))
    {
        doubt(
            "plan.all_full",
            "every channel is at its maximum: the budget was not what ended the spending".into(),
            "raise the maxima to see where it would end",
        );
    }
    problems
}
