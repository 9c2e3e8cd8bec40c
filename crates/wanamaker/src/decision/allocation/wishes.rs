//! What a planner asks for by name, resolved to a task: bounds in money or in per cent of today, groups, defaults.
//!
//! A bound is over the horizon. Where no bound of any kind is stated, a fixed budget moves each cell by at most
//! [`USUAL_CHANGE`] around today's mix at that budget, and a free budget stays within the highest spend per period that
//! the data have seen: a curve is trusted where there were data.

use super::objective::Objective;
use super::problem::{Budget, Group, Method, Task};
use super::round::quantum;
use crate::decision::surface::Surface;
use crate::problem::{Place, Problem, Problems, nearest};

/// Change of a cell that is allowed when nothing is said, as a share of today's mix at the new budget.
pub const USUAL_CHANGE: f64 = 0.3;

/// For one name, or for all cells.
pub type Named<T> = (Option<String>, T);

/// A limit on a set of cells together.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupWish {
    /// Name shown.
    pub name: String,
    /// Names of cells, channels or geos.
    pub members: Vec<String>,
    /// Least share of all the money.
    pub min: Option<f64>,
    /// Greatest share of all the money.
    pub max: Option<f64>,
}

/// What is asked of a plan, by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Wishes {
    /// What it is to be good at.
    pub objective: Objective,
    /// Share of the outcome that is earned.
    pub margin: f64,
    /// Money over the horizon; today's when `None`.
    pub budget: Option<Budget>,
    /// Least money over the horizon.
    pub min: Vec<Named<f64>>,
    /// Most money over the horizon.
    pub max: Vec<Named<f64>>,
    /// Allowed change against today, e.g. `(-0.1, 0.5)`.
    pub change: Vec<Named<(f64, f64)>>,
    /// Only non-negative amounts and the budget bound a cell, where nothing else is said.
    pub unbounded: bool,
    /// Limits on sets of cells.
    pub groups: Vec<GroupWish>,
    /// How the plan is looked for.
    pub method: Method,
    /// One step of `greedy`.
    pub step: Option<f64>,
    /// Relative gap at which `global` stops.
    pub gap: f64,
    /// Seed of random starts.
    pub seed: u64,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            objective: Objective::Mean,
            margin: 1.0,
            budget: None,
            min: Vec::new(),
            max: Vec::new(),
            change: Vec::new(),
            unbounded: false,
            groups: Vec::new(),
            method: Method::Auto,
            step: None,
            gap: 1e-6,
            seed: 0,
        }
    }
}

impl Wishes {
    /// Whether bounds are left to the defaults.
    pub fn has_usual_bounds(&self) -> bool {
        self.min.is_empty() && self.max.is_empty() && self.change.is_empty() && !self.unbounded
    }

    /// The task on `surface`.
    ///
    /// # Errors
    /// Names that are no cell, channel or geo; no budget where today's is not known; a free budget without any maximum.
    pub fn task(&self, surface: &Surface) -> Result<Task, Problems> {
        let mut problems = Problems::new();
        let current = surface.current();
        let today: f64 = current.iter().sum();
        let budget = self.budget.unwrap_or(Budget::Fixed(today));
        if self.budget.is_none() && today <= 0.0 {
            problems.push(
                Problem::error(
                    "plan.no_budget",
                    Place::default(),
                    "no budget is said, and today's is not known",
                )
                .hint("give --budget MONEY over the horizon"),
            );
        }
        let mut bounds = self.default_bounds(surface, budget, &mut problems);
        let mut stated_most = vec![false; bounds.len()];
        for (name, (least, most)) in &self.change {
            for k in cells(surface, name.as_deref(), &mut problems) {
                bounds[k] = whole((1.0 + least) * current[k], (1.0 + most) * current[k]);
                stated_most[k] = true;
            }
        }
        for (name, min) in &self.min {
            for k in cells(surface, name.as_deref(), &mut problems) {
                bounds[k].0 = *min;
            }
        }
        for (name, max) in &self.max {
            for k in cells(surface, name.as_deref(), &mut problems) {
                bounds[k].1 = *max;
                stated_most[k] = true;
            }
        }
        for ((lower, upper), stated) in bounds.iter_mut().zip(stated_most) {
            // A maximum that is above the budget says no more than the budget, and one that nobody stated gives way to
            // a minimum.
            if let Budget::Fixed(total) = budget
                && total.is_finite()
            {
                *upper = upper.min(total.max(*lower));
            }
            if !stated {
                *upper = upper.max(*lower);
            }
        }
        let groups = self.groups.iter().map(|group| Group {
            name: group.name.clone(),
            members: {
                let named = group.members.iter();
                let mut members: Vec<usize> =
                    named.flat_map(|name| cells(surface, Some(name), &mut problems)).collect();
                members.sort_unstable();
                members.dedup();
                members
            },
            min: group.min,
            max: group.max,
        });
        let groups = groups.collect();
        let task = Task::new(budget, bounds);
        let objective = if self.objective == Objective::Mean { task.objective } else { self.objective };
        let task = Task {
            objective,
            margin: self.margin,
            groups,
            method: self.method,
            step: self.step,
            gap: self.gap,
            seed: self.seed,
            ..task
        };
        if problems.has_errors() {
            // What else is wrong is said at once; what follows from a name that is not known is not.
            let echoes = ["plan.infeasible", "plan.group"];
            let more = task.check(surface).err().into_iter().flat_map(|more| more.0);
            problems.0.extend(more.filter(|problem| !echoes.contains(&problem.code)));
        }
        problems.or(task)
    }

    fn default_bounds(&self, surface: &Surface, budget: Budget, problems: &mut Problems) -> Vec<(f64, f64)> {
        let current = surface.current();
        let today: f64 = current.iter().sum();
        match budget {
            // Refused later, for what it is.
            Budget::Fixed(total) if !(total.is_finite() && total > 0.0) => vec![(0.0, 0.0); current.len()],
            Budget::Fixed(total) if self.has_usual_bounds() && today > 0.0 => {
                let scale = total / today;
                current
                    .iter()
                    .map(|b| whole((1.0 - USUAL_CHANGE) * b * scale, (1.0 + USUAL_CHANGE) * b * scale))
                    .collect()
            }
            Budget::Fixed(total) => vec![(0.0, total); current.len()],
            Budget::Free(_) => {
                let periods = surface.horizon.periods as f64;
                let stated = |name: &str, channel: &str| {
                    self.max
                        .iter()
                        .any(|(said, _)| said.as_deref().is_none_or(|said| said == name || said == channel))
                };
                let most = surface.cells.iter().map(|cell| match cell.highest {
                    Some(highest) => highest * periods,
                    None => {
                        if !stated(&cell.name, &cell.channel) {
                            let message = format!(
                                "the budget is free, and nothing says how much `{}` may get at most",
                                cell.name
                            );
                            problems.push(Problem::error("plan.no_maximum", Place::default(), message).hint(
                                "give --max AMOUNT, or state the highest spend seen in the curves file",
                            ));
                        }
                        0.0
                    }
                });
                most.map(|most| (0.0, most)).collect()
            }
        }
    }
}

/// Bounds that were computed, drawn in to whole cents where that leaves room between them.
fn whole(lower: f64, upper: f64) -> (f64, f64) {
    let per_unit = (1.0 / quantum(upper)).round();
    let inside = ((lower * per_unit).ceil() / per_unit, (upper * per_unit).floor() / per_unit);
    if per_unit.is_finite() && inside.1 > inside.0 { inside } else { (lower, upper) }
}

/// The cells that a name means: one cell, all of a channel, or all of a geo; all cells without a name.
fn cells(surface: &Surface, name: Option<&str>, problems: &mut Problems) -> Vec<usize> {
    let Some(name) = name else { return (0..surface.cells.len()).collect() };
    let found: Vec<usize> = surface
        .cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| cell.name == name || cell.channel == name || cell.geo.as_deref() == Some(name))
        .map(|(k, _)| k)
        .collect();
    if found.is_empty() {
        let known: Vec<&str> = surface.cells.iter().map(|cell| cell.name.as_str()).collect();
        let hint = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? Planned are {}", known.join(", ")),
            None => format!("planned are {}", known.join(", ")),
        };
        let message = format!("`{name}` is no channel of this plan");
        problems.push(Problem::error("plan.unknown_channel", Place::default(), message).hint(hint));
    }
    found
}
