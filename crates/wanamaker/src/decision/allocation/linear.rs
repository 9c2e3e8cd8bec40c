//! The concave relaxation of a plan: piecewise linear curves under a budget and linear rows, solved to a proven bound.
//!
//! ```text
//! maximise  Σ_k worth·E_k(b_k) − price·Σ_k b_k
//! subject to  Σ b = budget (if fixed),  a_r·b ≤ c_r,  Σ_k E_k(b_k) ≥ floor·Σ_k b_k (if there is a floor)
//! ```
//! With a budget alone the segments of all curves in descending order of slope are the solution. With rows it is a
//! linear program. What is proven does not rest on that program's solver: from its point we take multipliers λ (budget),
//! μ ≥ 0 (rows), ν ≥ 0 (floor), and any such multipliers bound the optimum from above,
//!
//! ```text
//! D = λ·budget + Σ_r μ_r·c_r + Σ_k max_b [ (worth + ν)·E_k(b) − (price + λ + ν·floor + Σ_r μ_r·a_rk)·b ].
//! ```

use super::hull::Hull;
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

/// `a·b ≤ c`.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// One coefficient per cell.
    pub a: Vec<f64>,
    /// Right side.
    pub c: f64,
}

impl Row {
    /// `a·b`.
    pub fn used(&self, plan: &[f64]) -> f64 {
        self.a.iter().zip(plan).map(|(a, b)| a * b).sum()
    }

    /// `c − a·b`: what is left; negative where the limit is broken.
    pub fn room(&self, plan: &[f64]) -> f64 {
        self.c - self.used(plan)
    }
}

/// What limits a plan besides the ends of its curves.
#[derive(Clone, Copy, Debug)]
pub struct Limits<'a> {
    /// Money to be spent in full.
    pub budget: Option<f64>,
    /// Linear rows.
    pub rows: &'a [Row],
    /// Least outcome per unit of money.
    pub floor: Option<f64>,
}

/// A solution of the relaxation.
#[derive(Clone, Debug, PartialEq)]
pub struct Relaxed {
    /// Money by cell.
    pub plan: Vec<f64>,
    /// A number that no plan exceeds.
    pub bound: f64,
}

/// Solves the relaxation; `None` when nothing is feasible.
pub fn maximise(hulls: &[Hull], worth: f64, price: f64, limits: Limits<'_>) -> Option<Relaxed> {
    if limits.rows.is_empty() && limits.floor.is_none() {
        return by_slope(hulls, worth, price, limits.budget);
    }
    let scale = Scale::of(hulls, worth, limits.budget);
    let plan = program(hulls, worth, price, limits, scale)?;
    let multipliers = multipliers(hulls, &plan, worth, price, limits, scale);
    let bound = dual(hulls, worth, price, limits, &multipliers);
    Some(Relaxed { plan, bound })
}

/// A plan within `bounds` and `rows` that spends `budget`, if there is one.
pub fn feasible(bounds: &[(f64, f64)], budget: Option<f64>, rows: &[Row]) -> Option<Vec<f64>> {
    let hulls: Vec<Hull> = bounds
        .iter()
        .map(|(lower, upper)| Hull { start: *lower, value: 0.0, segments: vec![(upper - lower, 0.0)] })
        .collect();
    let limits = Limits { budget, rows, floor: None };
    program(&hulls, 1.0, 0.0, limits, Scale::of(&hulls, 1.0, budget))
}

/// The segments in descending order of slope, until the money is gone or a segment costs more than it brings.
fn by_slope(hulls: &[Hull], worth: f64, price: f64, budget: Option<f64>) -> Option<Relaxed> {
    let mut plan: Vec<f64> = hulls.iter().map(|hull| hull.start).collect();
    let mut bound: f64 = hulls.iter().map(|hull| worth * hull.value - price * hull.start).sum();
    let mut order: Vec<(usize, f64, f64)> = hulls
        .iter()
        .enumerate()
        .flat_map(|(k, hull)| {
            hull.segments.iter().map(move |(width, slope)| (k, *width, worth * slope - price))
        })
        .collect();
    // A stable sort keeps the segments of one curve in their order.
    order.sort_by(|a, b| b.2.total_cmp(&a.2));
    let widest: f64 = order.iter().map(|(_, width, _)| width).sum();
    let spent: f64 = plan.iter().sum();
    let slack = 1e-9 * budget.unwrap_or(0.0).abs();
    let mut left = match budget {
        Some(budget) if spent > budget + slack || spent + widest < budget - slack => return None,
        Some(budget) => (budget - spent).max(0.0),
        None => f64::INFINITY,
    };
    for (k, width, slope) in order {
        if left <= 0.0 || (budget.is_none() && slope <= 0.0) {
            break;
        }
        let step = width.min(left);
        plan[k] += step;
        bound += slope * step;
        left -= step;
    }
    Some(Relaxed { plan, bound })
}

/// Units in which the numbers of a linear program are near one.
#[derive(Clone, Copy)]
struct Scale {
    money: f64,
    value: f64,
}

impl Scale {
    fn of(hulls: &[Hull], worth: f64, budget: Option<f64>) -> Self {
        let money = budget.unwrap_or_else(|| hulls.iter().map(Hull::end).sum());
        let rise =
            |hull: &Hull| hull.segments.iter().map(|(width, slope)| (width * slope).abs()).sum::<f64>();
        let value = worth * hulls.iter().map(rise).sum::<f64>();
        let or_one = |x: f64| if x.is_finite() && x > 0.0 { x } else { 1.0 };
        Self { money: or_one(money), value: or_one(value) }
    }
}

/// The linear program over segments; money in `scale.money`, values in `scale.value`.
fn program(hulls: &[Hull], worth: f64, price: f64, limits: Limits<'_>, scale: Scale) -> Option<Vec<f64>> {
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let per = scale.money / scale.value;
    let parts: Vec<Vec<(Variable, f64, f64)>> = hulls
        .iter()
        .map(|hull| {
            let segments = hull.segments.iter().map(|(width, slope)| {
                let gain = (worth * slope - price) * per;
                (problem.add_var(gain, (0.0, width / scale.money)), *slope, *width)
            });
            segments.collect()
        })
        .collect();
    let starts: Vec<f64> = hulls.iter().map(|hull| hull.start).collect();
    let spent: f64 = starts.iter().sum();
    if let Some(budget) = limits.budget {
        let all = parts.iter().flatten().map(|(variable, _, _)| (*variable, 1.0));
        problem.add_constraint(all, ComparisonOp::Eq, (budget - spent) / scale.money);
    }
    for row in limits.rows {
        let terms =
            parts.iter().zip(&row.a).flat_map(|(parts, a)| parts.iter().map(move |part| (part.0, *a)));
        let terms: Vec<(Variable, f64)> = terms.filter(|(_, a)| *a != 0.0).collect();
        problem.add_constraint(terms, ComparisonOp::Le, row.room(&starts) / scale.money);
    }
    if let Some(floor) = limits.floor {
        let terms = parts.iter().flatten().map(|(variable, slope, _)| (*variable, (slope - floor) * per));
        let before: f64 = hulls.iter().map(|hull| hull.value - floor * hull.start).sum();
        problem.add_constraint(terms, ComparisonOp::Ge, -before / scale.value);
    }
    let solution = problem.solve().ok()?.into_solution().ok()?;
    let plan = hulls.iter().zip(&parts).map(|(hull, parts)| {
        let steps = parts
            .iter()
            .map(|(variable, _, width)| (solution.var_value(*variable) * scale.money).clamp(0.0, *width));
        hull.start + steps.sum::<f64>()
    });
    Some(plan.collect())
}

/// `λ`, `μ` by row, `ν`.
struct Multipliers {
    budget: f64,
    rows: Vec<f64>,
    floor: f64,
}

/// Multipliers under which each cell would stay where `plan` has it, as nearly as there are any.
fn multipliers(
    hulls: &[Hull],
    plan: &[f64],
    worth: f64,
    price: f64,
    limits: Limits<'_>,
    scale: Scale,
) -> Multipliers {
    let none = || Multipliers { budget: 0.0, rows: vec![0.0; limits.rows.len()], floor: 0.0 };
    let per = scale.money / scale.value;
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let off = problem.add_var(1.0, (0.0, f64::INFINITY));
    let free = if limits.budget.is_some() { (f64::NEG_INFINITY, f64::INFINITY) } else { (0.0, 0.0) };
    let lambda = problem.add_var(0.0, free);
    let tight = |row: &Row| row.room(plan) <= 1e-7 * scale.money;
    let mu: Vec<Variable> = limits
        .rows
        .iter()
        .map(|row| problem.add_var(0.0, (0.0, if tight(row) { f64::INFINITY } else { 0.0 })))
        .collect();
    let nu = problem.add_var(0.0, (0.0, if limits.floor.is_some() { f64::INFINITY } else { 0.0 }));
    let floor = limits.floor.unwrap_or(0.0);
    for (k, (hull, b)) in hulls.iter().zip(plan).enumerate() {
        let (left, right) = hull.slopes(*b);
        let terms = |slope: f64, sign: f64| -> Vec<(Variable, f64)> {
            // λ + Σ μ·a + ν·(floor − slope) against worth·slope − price
            let rows = limits.rows.iter().zip(&mu).map(|(row, mu)| (*mu, row.a[k]));
            let all = [(off, sign), (lambda, 1.0), (nu, (floor - slope) * per)].into_iter().chain(rows);
            all.filter(|(_, a)| *a != 0.0).collect()
        };
        if right.is_finite() {
            problem.add_constraint(terms(right, 1.0), ComparisonOp::Ge, (worth * right - price) * per);
        }
        if left.is_finite() {
            problem.add_constraint(terms(left, -1.0), ComparisonOp::Le, (worth * left - price) * per);
        }
    }
    let Some(solution) = problem.solve().ok().and_then(|found| found.into_solution().ok()) else {
        return none();
    };
    // In the program money and value are scaled, so λ and μ are values per money; ν is a pure number.
    let positive = |variable: Variable| solution.var_value(variable).max(0.0);
    Multipliers {
        budget: solution.var_value(lambda) / per,
        rows: mu.iter().map(|mu| positive(*mu) / per).collect(),
        floor: if limits.floor.is_some() { positive(nu) } else { 0.0 },
    }
}

/// `D` of these multipliers.
fn dual(hulls: &[Hull], worth: f64, price: f64, limits: Limits<'_>, m: &Multipliers) -> f64 {
    let floor = limits.floor.unwrap_or(0.0);
    let fixed = m.budget * limits.budget.unwrap_or(0.0)
        + limits.rows.iter().zip(&m.rows).map(|(row, mu)| mu * row.c).sum::<f64>();
    let cells = hulls.iter().enumerate().map(|(k, hull)| {
        let rows: f64 = limits.rows.iter().zip(&m.rows).map(|(row, mu)| mu * row.a[k]).sum();
        hull.best(worth + m.floor, price + m.budget + m.floor * floor + rows)
    });
    fixed + cells.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hull(slopes: &[f64]) -> Hull {
        Hull { start: 0.0, value: 0.0, segments: slopes.iter().map(|slope| (1.0, *slope)).collect() }
    }

    fn limits(budget: Option<f64>, rows: &[Row]) -> Limits<'_> {
        Limits { budget, rows, floor: None }
    }

    #[test]
    fn money_goes_to_the_steepest_segments() {
        let hulls = [hull(&[5.0, 2.0, 1.0]), hull(&[4.0, 3.0])];
        let found = maximise(&hulls, 1.0, 0.0, limits(Some(3.5), &[])).unwrap();
        assert_eq!(found, Relaxed { plan: vec![1.5, 2.0], bound: 5.0 + 4.0 + 3.0 + 1.0 });
        assert!(maximise(&hulls, 1.0, 0.0, limits(Some(5.5), &[])).is_none());
        let free = maximise(&hulls, 1.0, 2.5, limits(None, &[])).unwrap();
        assert_eq!(free.plan, [1.0, 2.0]);
        assert!((free.bound - (2.5 + 1.5 + 0.5)).abs() < 1e-12);
    }

    #[test]
    fn rows_are_kept_and_the_bound_is_the_value() {
        let hulls = [hull(&[5.0, 2.0, 1.0]), hull(&[4.0, 3.0]), hull(&[2.5, 0.5])];
        let rows = [Row { a: vec![1.0, 1.0, 0.0], c: 2.5 }, Row { a: vec![0.0, 0.0, 1.0], c: 1.8 }];
        let found = maximise(&hulls, 1.0, 0.0, limits(Some(4.0), &rows)).unwrap();
        let value: f64 = hulls.iter().zip(&found.plan).map(|(hull, b)| hull.at(*b)).sum();
        assert!((found.plan[0] + found.plan[1] - 2.5).abs() < 1e-9 && (found.plan[2] - 1.5).abs() < 1e-9);
        assert!((found.bound - value).abs() < 1e-9, "{} {value}", found.bound);
        assert!(
            feasible(&[(0.0, 1.0), (0.0, 1.0)], Some(1.5), &[Row { a: vec![1.0, 1.0], c: 1.0 }]).is_none()
        );
    }

    #[test]
    fn a_floor_ends_the_spending_where_the_whole_brings_just_enough() {
        let hulls = [hull(&[5.0, 2.0, 1.0]), hull(&[4.0, 3.0])];
        let limits = Limits { budget: None, rows: &[], floor: Some(3.2) };
        let found = maximise(&hulls, 1.0, 0.0, limits).unwrap();
        let value: f64 = hulls.iter().zip(&found.plan).map(|(hull, b)| hull.at(*b)).sum();
        let spent: f64 = found.plan.iter().sum();
        assert!(
            (value - 3.2 * spent).abs() < 1e-9 && (found.bound - value).abs() < 1e-9,
            "{found:?} {value}"
        );
    }
}
