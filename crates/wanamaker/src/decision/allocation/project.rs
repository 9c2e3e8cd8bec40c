//! The nearest plan that keeps its bounds and spends its budget.

/// The point nearest to `y` with `lower ≤ b ≤ upper` and, when a budget is given, `Σ b = budget`.
///
/// ```text
/// b_k = clamp(y_k − τ)      with the τ at which the sum is right, found by bisection; the sum falls as τ rises
/// ```
/// The budget must lie between the sums of the bounds.
pub fn project(y: &[f64], bounds: &[(f64, f64)], budget: Option<f64>) -> Vec<f64> {
    let at = |tau: f64| -> Vec<f64> {
        y.iter().zip(bounds).map(|(y, (lower, upper))| (y - tau).clamp(*lower, *upper)).collect()
    };
    let Some(budget) = budget else { return at(0.0) };
    // At `low` every cell is at its upper bound, at `high` at its lower.
    let ends = y.iter().zip(bounds);
    let (mut low, mut high) = ends
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (y, (lower, upper))| {
            (low.min(y - upper), high.max(y - lower))
        });
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if at(middle).iter().sum::<f64>() > budget { low = middle } else { high = middle }
    }
    let mut plan = at(high);
    settle(&mut plan, bounds, budget);
    plan
}

/// Puts what rounding left of the budget on the cells that have room.
pub fn settle(plan: &mut [f64], bounds: &[(f64, f64)], budget: f64) {
    for _ in 0..4 {
        for k in 0..plan.len() {
            let left = budget - plan.iter().sum::<f64>();
            if left == 0.0 {
                return;
            }
            plan[k] = (plan[k] + left).clamp(bounds[k].0, bounds[k].1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_projection_keeps_bounds_and_budget_and_is_nearest() {
        let bounds = [(0.0, 4.0), (1.0, 2.0), (0.0, 10.0)];
        let y = [3.0, 5.0, -1.0];
        let plan = project(&y, &bounds, Some(6.0));
        assert!((plan.iter().sum::<f64>() - 6.0).abs() < 1e-12);
        let distance = |b: &[f64]| b.iter().zip(&y).map(|(b, y)| (b - y).powi(2)).sum::<f64>();
        for i in 0..=40 {
            for j in 0..=10 {
                let b = [0.1 * f64::from(i), 1.0 + 0.1 * f64::from(j), 0.0];
                let b = [b[0], b[1], 6.0 - b[0] - b[1]];
                if (0.0..=10.0).contains(&b[2]) {
                    assert!(distance(&b) >= distance(&plan) - 1e-9);
                }
            }
        }
        assert_eq!(project(&y, &bounds, None), [3.0, 2.0, 0.0]);
        assert_eq!(project(&y, &bounds, Some(16.0)), [4.0, 2.0, 10.0]);
    }
}
