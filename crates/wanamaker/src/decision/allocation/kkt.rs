//! How far a plan is from the conditions of an optimum (Karush, Kuhn, Tucker): equal marginal returns where nothing binds.
//!
//! ```text
//! residual = min over λ, μ ≥ 0, ν ≥ 0 of  max_k | violation of  g_k + ν·(f_k − floor) = λ + Σ_r μ_r·a_rk |  /  max_k |g_k|
//! ```
//! `g` is the gradient of the objective, `f` that of the outcome; at a lower bound only a gain, at an upper bound only a
//! loss violates. λ is zero when the budget is free, μ where a row has room, ν without a target return.

use super::linear::Row;
use microlp::{ComparisonOp, OptimizationDirection, Problem};

/// What holds at a plan.
#[derive(Clone, Copy, Debug)]
pub struct Conditions<'a> {
    /// Money by cell.
    pub plan: &'a [f64],
    /// Gradient of the objective by cell.
    pub gradient: &'a [f64],
    /// Least and most by cell.
    pub bounds: &'a [(f64, f64)],
    /// The budget, unless free.
    pub budget: Option<f64>,
    /// Linear rows.
    pub rows: &'a [Row],
    /// Gradient of the outcome by cell and the target return, where that holds the plan back.
    pub floor: Option<(&'a [f64], f64)>,
}

impl Conditions<'_> {
    /// The residual; 0 at an exact optimum, and for a plan without any choice.
    pub fn residual(&self) -> f64 {
        let money = self.budget.unwrap_or_else(|| self.bounds.iter().map(|(_, upper)| upper).sum());
        let slack = 1e-9 * money;
        let can_rise = |k: usize| self.plan[k] < self.bounds[k].1 - slack;
        let can_fall = |k: usize| self.plan[k] > self.bounds[k].0 + slack;
        let size = self.gradient.iter().fold(0.0_f64, |most, g| most.max(g.abs()));
        if size == 0.0 {
            return 0.0;
        }
        if self.rows.is_empty() && self.floor.is_none() {
            let gain = (0..self.plan.len()).filter(|&k| can_rise(k)).map(|k| self.gradient[k]);
            let loss = (0..self.plan.len()).filter(|&k| can_fall(k)).map(|k| self.gradient[k]);
            let (gain, loss) = (gain.fold(f64::NEG_INFINITY, f64::max), loss.fold(f64::INFINITY, f64::min));
            let violation = if self.budget.is_some() { 0.5 * (gain - loss) } else { gain.max(-loss) };
            return (violation / size).max(0.0);
        }
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let off = problem.add_var(1.0, (0.0, f64::INFINITY));
        let free = if self.budget.is_some() { (f64::NEG_INFINITY, f64::INFINITY) } else { (0.0, 0.0) };
        let lambda = problem.add_var(0.0, free);
        let mut active = Vec::new();
        for row in self.rows {
            if row.room(self.plan) <= 1e-7 * money {
                active.push((row, problem.add_var(0.0, (0.0, f64::INFINITY))));
            }
        }
        let nu = problem.add_var(0.0, (0.0, if self.floor.is_some() { f64::INFINITY } else { 0.0 }));
        for k in 0..self.plan.len() {
            let outcome = self.floor.map_or(0.0, |(gradient, floor)| (gradient[k] - floor) / size);
            let terms = |sign: f64| {
                let rows = active.iter().map(|(row, mu)| (*mu, row.a[k]));
                [(off, sign), (lambda, 1.0), (nu, -outcome)].into_iter().chain(rows).collect::<Vec<_>>()
            };
            if can_rise(k) {
                problem.add_constraint(terms(1.0), ComparisonOp::Ge, self.gradient[k] / size);
            }
            if can_fall(k) {
                problem.add_constraint(terms(-1.0), ComparisonOp::Le, self.gradient[k] / size);
            }
        }
        let solution = problem.solve().ok().and_then(|found| found.into_solution().ok());
        solution.map_or(f64::INFINITY, |solution| solution.var_value(off).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn residual(plan: &[f64], gradient: &[f64], budget: Option<f64>, rows: &[Row]) -> f64 {
        let bounds = vec![(0.0, 10.0); plan.len()];
        Conditions { plan, gradient, bounds: &bounds, budget, rows, floor: None }.residual()
    }

    #[test]
    fn equal_marginals_and_bounds_that_bind_leave_nothing() {
        assert_eq!(residual(&[3.0, 4.0], &[2.0, 2.0], Some(7.0), &[]), 0.0);
        assert_eq!(residual(&[0.0, 7.0], &[1.0, 2.0], Some(7.0), &[]), 0.0);
        assert_eq!(residual(&[0.0, 7.0], &[2.0, 1.0], Some(7.0), &[]), 0.25);
        assert_eq!(residual(&[0.0, 7.0], &[-1.0, 0.0], None, &[]), 0.0);
        assert_eq!(residual(&[1.0, 7.0], &[-1.0, 0.0], None, &[]), 1.0);
    }

    #[test]
    fn a_row_that_binds_explains_unequal_marginals() {
        let rows = [Row { a: vec![1.0, 0.0, 0.0], c: 3.0 }];
        let unequal = [5.0, 2.0, 2.0];
        assert!(residual(&[3.0, 4.0, 1.0], &unequal, Some(8.0), &rows) < 1e-9);
        assert!(residual(&[2.0, 4.0, 2.0], &unequal, Some(8.0), &rows) > 0.2);
    }

    #[test]
    fn a_target_return_that_binds_has_a_multiplier() {
        let (plan, gradient) = ([2.0, 3.0], [0.8, 0.8]);
        let bounds = [(0.0, 10.0); 2];
        let free = |floor| Conditions {
            plan: &plan,
            gradient: &gradient,
            bounds: &bounds,
            budget: None,
            rows: &[],
            floor,
        };
        assert!(free(None).residual() > 0.9);
        assert!(free(Some((&gradient, 1.2))).residual() < 1e-9);
    }
}
