//! From the lower bounds up: each step of money goes to the cell that gains most by it, until the money is gone, every
//! cell is full, or, with a free budget, no step is worth its price.
//!
//! With curves that only diminish this is the optimum to within one step. On an S-curve the first steps look poor and a
//! cell may be left out that would pay; `global` is the method for those.

use super::judge::Judge;
use crate::decision::surface::Surface;

/// Steps that the money is cut into when no step is stated.
const STEPS: f64 = 500.0;
/// A stated step is not allowed to cut the money into more steps than this.
const MOST_STEPS: f64 = 100_000.0;

/// The plan that single steps lead to.
pub fn solve(judge: &Judge<'_>) -> Vec<f64> {
    let task = judge.task;
    let money = task.most();
    let step = task.step.unwrap_or(money / STEPS).max(money / MOST_STEPS);
    let mut plan: Vec<f64> = task.bounds.iter().map(|(lower, _)| *lower).collect();
    let additive = judge.surface.is_additive();
    let mut gains = Gains { judge, step, held: Vec::new(), outcomes: judge.surface.outcomes(&plan) };
    if additive {
        gains.held = (0..plan.len()).map(|k| Held::new(judge.surface, k, plan[k])).collect();
    }
    loop {
        let left = task.fixed().map_or(f64::INFINITY, |budget| budget - plan.iter().sum::<f64>());
        if left <= 1e-12 * money {
            break;
        }
        let size = |k: usize| step.min(task.bounds[k].1 - plan[k]).min(left);
        let open = (0..plan.len()).filter(|&k| size(k) > 1e-12 * money);
        // Gain per money, so that a short last step is weighed fairly.
        let tried: Vec<(usize, f64, f64)> =
            open.map(|k| (k, size(k), gains.of(&plan, k, size(k)) / size(k))).collect();
        let Some(&(k, size, gain)) = tried.iter().max_by(|a, b| a.2.total_cmp(&b.2)) else { break };
        if task.fixed().is_none() && gain <= 0.0 {
            break;
        }
        plan[k] += size;
        gains.moved(&plan, k);
    }
    plan
}

/// What one cell brings where it stands and one step further, by draw.
struct Held {
    here: Vec<f64>,
    size: f64,
    further: Vec<f64>,
}

impl Held {
    fn new(surface: &Surface, cell: usize, spend: f64) -> Self {
        let here = surface.cell_outcomes(cell, spend).into_iter().map(|(value, _)| value).collect();
        Self { here, size: 0.0, further: Vec::new() }
    }
}

struct Gains<'a> {
    judge: &'a Judge<'a>,
    step: f64,
    /// By cell, where outcomes add up.
    held: Vec<Held>,
    outcomes: Vec<f64>,
}

impl Gains<'_> {
    /// What `size` more on cell `k` adds to the objective.
    fn of(&mut self, plan: &[f64], k: usize, size: f64) -> f64 {
        let mut next = plan.to_vec();
        next[k] += size;
        let before = self.judge.value_of(&self.outcomes, plan);
        if self.held.is_empty() {
            return self.judge.value(&next) - before;
        }
        let held = &mut self.held[k];
        if held.size != size {
            let further = self.judge.surface.cell_outcomes(k, next[k]);
            held.further = further.into_iter().map(|(value, _)| value).collect();
            held.size = size;
        }
        let after: Vec<f64> = self
            .outcomes
            .iter()
            .zip(&held.here)
            .zip(&held.further)
            .map(|((all, here), further)| all - here + further)
            .collect();
        self.judge.value_of(&after, &next) - before
    }

    /// Cell `k` has moved to where `plan` has it.
    fn moved(&mut self, plan: &[f64], k: usize) {
        debug_assert!(self.step > 0.0);
        if self.held.is_empty() {
            self.outcomes = self.judge.surface.outcomes(plan);
            return;
        }
        let held = &mut self.held[k];
        for ((all, here), further) in self.outcomes.iter_mut().zip(&held.here).zip(&held.further) {
            *all += further - here;
        }
        held.here = std::mem::take(&mut held.further);
        held.size = 0.0;
    }
}
