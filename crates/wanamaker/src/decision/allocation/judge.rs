//! The value of a plan under a task, with its gradient: what every method climbs.

use super::linear::{self, Row};
use super::problem::Task;
use super::project::project;
use crate::decision::surface::Surface;
use rand::RngExt;
use wanamaker_mcmc::seed::{Purpose, stream};

/// Share of the money at which the slope of a curve that starts vertically is taken when nothing is spent on it.
pub const NUDGE: f64 = 1e-9;
/// Random starts of the local methods, besides the stated ones.
const RANDOM_STARTS: u64 = 8;

/// A surface and a task on it.
#[derive(Clone, Debug)]
pub struct Judge<'a> {
    /// Curves.
    pub surface: &'a Surface,
    /// What is asked.
    pub task: &'a Task,
    /// The groups of the task.
    pub rows: Vec<Row>,
}

/// A value with its slopes.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The objective.
    pub value: f64,
    /// Its gradient by cell.
    pub gradient: Vec<f64>,
    /// Outcome less what the target return asks for; 0 without such a target.
    pub margin: f64,
    /// Gradient of that.
    pub margin_gradient: Vec<f64>,
}

impl<'a> Judge<'a> {
    /// A judge of plans for `task` on `surface`.
    pub fn new(surface: &'a Surface, task: &'a Task) -> Self {
        Self { surface, task, rows: task.rows() }
    }

    /// The objective at `plan`.
    pub fn value(&self, plan: &[f64]) -> f64 {
        self.value_of(&self.surface.outcomes(plan), plan)
    }

    /// The objective of outcomes by draw.
    pub fn value_of(&self, outcomes: &[f64], plan: &[f64]) -> f64 {
        let spent: f64 = plan.iter().sum();
        self.task.worth() * self.task.objective.weigh(outcomes).0 - self.task.price() * spent
    }

    /// The objective at `plan` with its gradient.
    pub fn judge(&self, plan: &[f64]) -> Judged {
        let sloped = self.surface.sloped(plan, NUDGE * self.task.most());
        let (outcome, weights) = self.task.objective.weigh(&sloped.outcome);
        let slopes: Vec<f64> = sloped
            .slopes
            .iter()
            .map(|own| own.iter().zip(&weights).map(|(slope, w)| slope * w).sum())
            .collect();
        let (worth, price) = (self.task.worth(), self.task.price());
        let spent: f64 = plan.iter().sum();
        let (margin, margin_gradient) = match self.task.floor() {
            Some(floor) => (outcome - floor * spent, slopes.iter().map(|slope| slope - floor).collect()),
            None => (0.0, vec![0.0; plan.len()]),
        };
        Judged {
            value: worth * outcome - price * spent,
            gradient: slopes.iter().map(|slope| worth * slope - price).collect(),
            margin,
            margin_gradient,
        }
    }

    /// Whether `plan` keeps bounds, budget, groups and target.
    pub fn admits(&self, plan: &[f64]) -> bool {
        let slack = 1e-9 * self.task.most();
        let spent: f64 = plan.iter().sum();
        let inside = plan
            .iter()
            .zip(&self.task.bounds)
            .all(|(b, (lower, upper))| *b >= lower - slack && *b <= upper + slack);
        inside
            && self.task.fixed().is_none_or(|budget| (spent - budget).abs() <= slack)
            && self.rows.iter().all(|row| row.room(plan) >= -slack)
            && self.task.floor().is_none_or(|floor| {
                let outcomes = self.surface.outcomes(plan);
                self.task.objective.weigh(&outcomes).0 >= floor * spent - 1e-9 * floor * self.task.most()
            })
    }

    /// The plan nearest to `wish` that keeps bounds and budget, drawn towards the groups where it breaks one.
    pub fn nearest(&self, wish: &[f64]) -> Vec<f64> {
        let plan = project(wish, &self.task.bounds, self.task.fixed());
        if self.rows.iter().all(|row| row.room(&plan) >= 0.0) {
            return plan;
        }
        let Some(anchor) = linear::feasible(&self.task.bounds, self.task.fixed(), &self.rows) else {
            return plan;
        };
        // Both ends keep bounds and budget, so every mixture does; the rows say how far it may go.
        let share = self.rows.iter().fold(1.0_f64, |share, row| {
            let (here, there) = (row.room(&anchor), row.room(&plan));
            if there >= 0.0 { share } else { share.min((here / (here - there)).max(0.0)) }
        });
        anchor.iter().zip(&plan).map(|(a, b)| a + share * (b - a)).collect()
    }

    /// Where a local method begins: the candidates and random splits.
    pub fn starts(&self) -> Vec<Vec<f64>> {
        let n = self.task.bounds.len();
        let money = self.money();
        let mut starts = self.candidates();
        for i in 0..RANDOM_STARTS {
            let mut rng = stream(self.task.seed, Purpose::Search, i);
            // Exponential variables over their sum are uniform on the simplex.
            let parts: Vec<f64> = (0..n).map(|_| -(1.0 - rng.random::<f64>()).ln()).collect();
            let whole: f64 = parts.iter().sum();
            let wish: Vec<f64> = parts.iter().map(|part| part / whole * money).collect();
            starts.push(self.nearest(&wish));
        }
        starts
    }

    /// The plans that need no search: today's mix at this budget, the even split, today's plan.
    pub fn candidates(&self) -> Vec<Vec<f64>> {
        let n = self.task.bounds.len();
        let current = self.surface.current();
        let today: f64 = current.iter().sum();
        let money = self.money();
        let mut wishes = vec![vec![money / n as f64; n]];
        if today > 0.0 {
            wishes.insert(0, current.iter().map(|b| b * money / today).collect());
            wishes.push(current);
        }
        wishes.iter().map(|wish| self.nearest(wish)).collect()
    }

    /// The budget, or what is spent today as far as the bounds allow.
    fn money(&self) -> f64 {
        let today: f64 = self.surface.current().iter().sum();
        self.task.fixed().unwrap_or_else(|| today.min(self.task.most()))
    }
}
