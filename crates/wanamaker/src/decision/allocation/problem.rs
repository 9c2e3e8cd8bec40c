//! What is asked of a plan, and whether it can be done at all.

use super::linear::{self, Row};
use super::objective::Objective;
use crate::decision::surface::{OutcomeUnit, Surface};
use crate::problem::{Place, Problem, Problems};
use serde::Serialize;

/// How much money there is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// This much over the horizon, spent to the cent.
    Fixed(f64),
    /// As much as the target, or the profit, asks for within the bounds.
    Free(Target),
}

/// What ends the spending of a free budget.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// The last unit of money brings one unit of money times the margin.
    Profit,
    /// The whole plan brings at least this much per unit of money.
    Roas(f64),
    /// The last unit of money still brings this much.
    MarginalRoas(f64),
}

/// How a plan is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// `global` where it applies, else `slsqp`.
    #[default]
    Auto,
    /// Branch and bound over concave envelopes, with a proven bound.
    Global,
    /// Sequential least-squares programming from many starts.
    Slsqp,
    /// From the lower bounds up, each step to the best marginal return.
    Greedy,
    /// Projected gradient.
    Gradient,
}

/// A limit on a set of cells together, as shares of all the money.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Name shown.
    pub name: String,
    /// Cells, by index.
    pub members: Vec<usize>,
    /// Least share, 0 … 1.
    pub min: Option<f64>,
    /// Greatest share, 0 … 1.
    pub max: Option<f64>,
}

/// All that is asked of a plan. Money is over the horizon.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// What it is to be good at.
    pub objective: Objective,
    /// Share of the outcome that is earned, for profit.
    pub margin: f64,
    /// How much money there is.
    pub budget: Budget,
    /// Least and most for each cell.
    pub bounds: Vec<(f64, f64)>,
    /// Limits on sets of cells.
    pub groups: Vec<Group>,
    /// How it is looked for.
    pub method: Method,
    /// One step of `greedy`; a five-hundredth of the money when not said.
    pub step: Option<f64>,
    /// Relative gap at which `global` stops.
    pub gap: f64,
    /// Seed of random starts.
    pub seed: u64,
}

impl Task {
    /// The expected outcome of `budget` within `bounds`.
    pub fn new(budget: Budget, bounds: Vec<(f64, f64)>) -> Self {
        Self {
            objective: if budget == Budget::Free(Target::Profit) {
                Objective::Profit
            } else {
                Objective::Mean
            },
            margin: 1.0,
            budget,
            bounds,
            groups: Vec::new(),
            method: Method::Auto,
            step: None,
            gap: 1e-6,
            seed: 0,
        }
    }

    /// The money to be spent in full, or `None` when it is free.
    pub fn fixed(&self) -> Option<f64> {
        match self.budget {
            Budget::Fixed(total) => Some(total),
            Budget::Free(_) => None,
        }
    }

    /// What one unit of money costs in the objective.
    pub fn price(&self) -> f64 {
        match self.budget {
            Budget::Free(Target::MarginalRoas(target)) => target,
            _ if self.is_profit() => 1.0,
            _ => 0.0,
        }
    }

    /// What one unit of outcome is worth in the objective.
    pub fn worth(&self) -> f64 {
        if self.is_profit() { self.margin } else { 1.0 }
    }

    /// Whether money counts against the outcome, also under a measure of risk.
    fn is_profit(&self) -> bool {
        self.objective == Objective::Profit || self.budget == Budget::Free(Target::Profit)
    }

    /// The least outcome per unit of money, where there is such a target.
    pub fn floor(&self) -> Option<f64> {
        match self.budget {
            Budget::Free(Target::Roas(target)) => Some(target),
            _ => None,
        }
    }

    /// The most money that can be spent.
    pub fn most(&self) -> f64 {
        self.fixed().unwrap_or_else(|| self.bounds.iter().map(|(_, upper)| upper).sum())
    }

    /// The groups as rows `a·b ≤ c`.
    pub fn rows(&self) -> Vec<Row> {
        let n = self.bounds.len();
        let mut rows = Vec::new();
        for group in &self.groups {
            let inside = |k: usize| if group.members.contains(&k) { 1.0 } else { 0.0 };
            for (share, sign) in [(group.max, 1.0), (group.min, -1.0)] {
                let Some(share) = share else { continue };
                rows.push(match self.fixed() {
                    Some(total) => {
                        Row { a: (0..n).map(|k| sign * inside(k)).collect(), c: sign * share * total }
                    }
                    None => Row { a: (0..n).map(|k| sign * (inside(k) - share)).collect(), c: 0.0 },
                });
            }
        }
        rows
    }

    /// Whether all of this can be asked of `surface`.
    ///
    /// # Errors
    /// Numbers that are none, bounds that cross, a budget that the bounds or groups leave no room for, profit or ROAS of
    /// a count without a value: all of them at once, each with the numbers and what would be feasible.
    pub fn check(&self, surface: &Surface) -> Result<(), Problems> {
        let mut problems = Problems::new();
        self.check_numbers(surface, &mut problems);
        self.check_money(surface, &mut problems);
        self.check_method(surface, &mut problems);
        if !problems.has_errors() {
            self.check_room(surface, &mut problems);
        }
        problems.or(())
    }

    fn check_numbers(&self, surface: &Surface, problems: &mut Problems) {
        let mut fault = |code: &'static str, message: String, hint: &str| {
            problems.push(Problem::error(code, Place::default(), message).hint(hint));
        };
        match self.budget {
            Budget::Fixed(total) if !(total.is_finite() && total > 0.0) => {
                fault(
                    "plan.budget",
                    format!("the budget is {total}"),
                    "give money over the horizon, above 0",
                );
            }
            Budget::Free(Target::Roas(target) | Target::MarginalRoas(target))
                if !(target.is_finite() && target > 0.0) =>
            {
                fault(
                    "plan.target",
                    format!("the target return is {target}"),
                    "give money per money, above 0",
                );
            }
            _ => {}
        }
        if !(self.margin.is_finite() && self.margin > 0.0) {
            fault(
                "plan.margin",
                format!("the margin is {}", self.margin),
                "give a share of revenue, e.g. 0.4",
            );
        }
        if self.step.is_some_and(|step| !(step.is_finite() && step > 0.0)) {
            fault("plan.step", "the step is no amount above 0".into(), "give money over the horizon");
        }
        if !(self.gap.is_finite() && self.gap >= 0.0) {
            fault("plan.gap", format!("the gap is {}", self.gap), "give a relative gap such as 1e-6");
        }
        match self.objective {
            Objective::Quantile(p) | Objective::Cvar(p) if !(p > 0.0 && p < 1.0) => {
                fault(
                    "plan.objective",
                    format!("the share of draws is {p}"),
                    "give a number between 0 and 1",
                );
            }
            Objective::MeanMinusSd(lambda) if !(lambda.is_finite() && lambda >= 0.0) => {
                fault(
                    "plan.objective",
                    format!("the weight of the spread is {lambda}"),
                    "give a number from 0 up",
                );
            }
            _ => {}
        }
        for (cell, (lower, upper)) in surface.cells.iter().zip(&self.bounds) {
            if !(lower.is_finite() && *lower >= 0.0 && upper.is_finite()) {
                let message =
                    format!("the bounds of `{}` are {} and {}", cell.name, show(*lower), show(*upper));
                fault("plan.bounds", message, "give amounts from 0 up");
            } else if lower > upper {
                let message = format!(
                    "`{}` must get at least {} and at most {}",
                    cell.name,
                    show(*lower),
                    show(*upper)
                );
                fault("plan.bounds", message, "lower the minimum or raise the maximum");
            }
        }
        for group in &self.groups {
            let ends = [group.min, group.max];
            let odd = ends.iter().flatten().any(|share| !(0.0..=1.0).contains(share));
            if odd || group.min.zip(group.max).is_some_and(|(min, max)| min > max) {
                let say =
                    |share: Option<f64>| share.map_or_else(|| "–".to_owned(), |share| share.to_string());
                let message = format!(
                    "group `{}` has shares from {} to {}",
                    group.name,
                    say(group.min),
                    say(group.max)
                );
                fault("plan.group", message, "shares of all the money lie between 0 and 1, the least first");
            }
        }
    }

    /// Profit and returns need an outcome in money.
    fn check_money(&self, surface: &Surface, problems: &mut Problems) {
        let asked = match self.budget {
            _ if self.is_profit() => Some("profit"),
            Budget::Free(Target::Roas(_)) => Some("a return on spend"),
            Budget::Free(Target::MarginalRoas(_)) => Some("a marginal return on spend"),
            _ => None,
        };
        if let (Some(asked), OutcomeUnit::Kpi(name)) = (asked, &surface.unit) {
            let message =
                format!("{asked} is asked for, but `{name}` is a count whose value in money is not known");
            problems.push(Problem::error("plan.no_money", Place::default(), message).hint(
                "give --value-per-kpi MONEY, or name the column revenue_per_kpi in the spec and fit again",
            ));
        }
    }

    fn check_method(&self, surface: &Surface, problems: &mut Problems) {
        let mut fault = |message: &str, hint: &str| {
            problems.push(Problem::error("plan.method", Place::default(), message).hint(hint));
        };
        match self.method {
            Method::Global if !self.objective.is_mean() => {
                fault(
                    "`global` proves plans for the mean and for profit, not for a measure of risk",
                    "take --method slsqp, or leave --method out",
                );
            }
            Method::Global if !surface.is_additive() => {
                fault(
                    "`global` needs channels whose outcomes add up, and this model has the log link",
                    "take --method slsqp, or leave --method out",
                );
            }
            Method::Greedy | Method::Gradient if !self.groups.is_empty() => {
                fault("`greedy` and `gradient` know no groups", "take --method global or slsqp");
            }
            Method::Greedy | Method::Gradient if self.floor().is_some() => {
                fault(
                    "`greedy` and `gradient` know no target return of the whole",
                    "take --method global or slsqp",
                );
            }
            _ => {}
        }
        if self.floor().is_some() && !(surface.is_additive() && self.objective.is_mean()) {
            fault(
                "a target return of the whole plan needs outcomes that add up and the mean as objective",
                "give a budget, or --target-mroas",
            );
        }
    }

    /// Whether bounds, groups and budget leave any plan.
    fn check_room(&self, surface: &Surface, problems: &mut Problems) {
        let least: f64 = self.bounds.iter().map(|(lower, _)| lower).sum();
        let most: f64 = self.bounds.iter().map(|(_, upper)| upper).sum();
        let per = |total: f64| -> String {
            let horizon = &surface.horizon;
            let words = format!("{} over the horizon", show(total));
            if horizon.periods == 1 { show(total) } else { words }
        };
        if let Some(total) = self.fixed() {
            // A hair of slack, for bounds that were computed from the budget.
            let slack = 1e-9 * total;
            if least > total + slack || most < total - slack {
                let (code, message) = if least > total {
                    (
                        "plan.infeasible",
                        format!(
                            "the minima add up to {}, more than the budget of {}",
                            per(least),
                            per(total)
                        ),
                    )
                } else {
                    (
                        "plan.infeasible",
                        format!("the maxima add up to {}, less than the budget of {}", per(most), per(total)),
                    )
                };
                let hint =
                    format!("a budget between {} and {} would do, or other bounds", show(least), show(most));
                problems.push(Problem::error(code, Place::default(), message).hint(hint));
                return;
            }
        } else if most <= 0.0 {
            let message = "the bounds leave no money to spend";
            problems
                .push(Problem::error("plan.infeasible", Place::default(), message).hint("raise a maximum"));
            return;
        }
        let rows = self.rows();
        if rows.is_empty() {
            return;
        }
        if linear::feasible(&self.bounds, self.fixed(), &rows).is_none() {
            for group in &self.groups {
                let of = |end: fn(&(f64, f64)) -> f64| -> f64 {
                    group.members.iter().map(|k| end(&self.bounds[*k])).sum()
                };
                let (low, high) = (of(|b| b.0), of(|b| b.1));
                let total = self.fixed().unwrap_or(most);
                let clash = group.min.is_some_and(|min| high < min * total)
                    || group.max.is_some_and(|max| low > max * total);
                if clash {
                    let message = format!(
                        "group `{}` can get between {} and {} of {} by its bounds, which its shares exclude",
                        group.name,
                        show(low),
                        show(high),
                        show(total)
                    );
                    let hint = format!(
                        "shares between {:.4} and {:.4} would do",
                        low / total,
                        (high / total).min(1.0)
                    );
                    problems.push(Problem::error("plan.infeasible", Place::default(), message).hint(hint));
                }
            }
            if !problems.has_errors() {
                let message = "the groups contradict each other, or the bounds, under this budget";
                problems.push(
                    Problem::error("plan.infeasible", Place::default(), message)
                        .hint("loosen a share or a bound; each group alone would be feasible"),
                );
            }
        }
    }
}

/// An amount in a message: whole from a thousand on, else with at most four decimals.
fn show(x: f64) -> String {
    if x.abs() >= 1000.0 { format!("{x:.0}") } else { format!("{}", (x * 1e4).round() / 1e4) }
}
