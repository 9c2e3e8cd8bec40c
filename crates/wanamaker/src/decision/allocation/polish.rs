//! The last digits: Newton steps on the conditions of an optimum, where outcomes add up and the objective is a mean.
//!
//! ```text
//! worth·F_k'(b_k) − price = λ + Σ_r μ_r·a_rk        for every cell that is inside its bounds
//! Σ b = budget,  a_r·b = c_r                        for every row that binds
//! ```
//! Curvature comes from slopes on either side. A step that would leave the bounds is cut short there, and the result is
//! taken only where it is worth no less.

use super::judge::{Judge, NUDGE};
use super::linear::Row;

const MOST_STEPS: usize = 80;
/// A step that moves no slope by more than this share of the greatest is the last: the next would move it by the square.
const SETTLED: f64 = 1e-10;

/// `plan`, or a better one near it.
pub fn polish(judge: &Judge<'_>, plan: Vec<f64>) -> Vec<f64> {
    let task = judge.task;
    let applies = judge.surface.is_additive() && task.objective.is_mean() && task.floor().is_none();
    if !applies {
        return plan;
    }
    let money = task.most();
    let slack = 1e-9 * money;
    let mut b = plan.clone();
    // Cells within a hair of a bound start on it.
    for (b, (lower, upper)) in b.iter_mut().zip(&task.bounds) {
        if *b - lower <= slack {
            *b = *lower;
        } else if upper - *b <= slack {
            *b = *upper;
        }
    }
    let mut best_value = if b == plan { f64::NEG_INFINITY } else { judge.value(&plan) };
    let mut best = plan;
    let all = vec![1.0; b.len()];
    let budget = task.fixed().map(|budget| Row { a: all, c: budget });
    let mut held: Vec<bool> =
        b.iter().zip(&task.bounds).map(|(b, (lower, upper))| b == lower || b == upper).collect();
    let mut released = vec![false; judge.rows.len()];
    for _ in 0..MOST_STEPS {
        let Some(Local { value, gradient, bend }) = local(judge, &b, money) else { break };
        // Near the optimum values no longer tell plans apart, but their slopes do.
        if value >= best_value - 1e-13 * best_value.abs()
            && judge.rows.iter().all(|row| row.room(&b) >= -slack)
            && budget.iter().all(|row| row.room(&b).abs() <= 1e-12 * money)
        {
            best_value = best_value.max(value);
            best.clone_from(&b);
        }
        let binding: Vec<usize> =
            (0..judge.rows.len()).filter(|&r| !released[r] && judge.rows[r].room(&b) <= slack).collect();
        let rows: Vec<&Row> = budget.iter().chain(binding.iter().map(|r| &judge.rows[*r])).collect();
        let Some((step, multipliers)) = newton(&b, &gradient, &bend, &held, &rows) else { break };
        // The longest part of the step that stays inside; a cell that is reached by it stays at its bound.
        let mut share = 1.0_f64;
        let mut stopped = None;
        for k in (0..b.len()).filter(|k| !held[*k]) {
            let (lower, upper) = task.bounds[k];
            let room = if step[k] < 0.0 { lower - b[k] } else { upper - b[k] };
            if step[k] != 0.0 && room / step[k] < share {
                share = (room / step[k]).max(0.0);
                stopped = Some((k, if step[k] < 0.0 { lower } else { upper }));
            }
        }
        for r in (0..judge.rows.len()).filter(|r| !binding.contains(r)) {
            let (room, rise) = (judge.rows[r].room(&b).max(0.0), judge.rows[r].used(&step));
            if rise > 0.0 && room / rise < share {
                (share, stopped) = (room / rise, None);
                released[r] = false;
            }
        }
        b.iter_mut().zip(&step).for_each(|(b, step)| *b += share * step);
        if let Some((k, bound)) = stopped {
            b[k] = bound;
            held[k] = true;
        }
        let size = gradient.iter().fold(0.0_f64, |most, g| most.max(g.abs()));
        let settled = (0..b.len()).all(|k| held[k] || (bend[k] * step[k]).abs() <= SETTLED * size);
        if stopped.is_none() && settled {
            // Whoever would gain by leaving its bound is let go once more.
            let price =
                |k: usize| -> f64 { rows.iter().zip(&multipliers).map(|(row, m)| m * row.a[k]).sum() };
            let leaves = |k: usize| {
                let gain = gradient[k] - price(k);
                let (lower, upper) = task.bounds[k];
                lower < upper
                    && ((b[k] == lower && gain > 1e-9 * size) || (b[k] == upper && gain < -1e-9 * size))
            };
            let free: Vec<usize> = (0..b.len()).filter(|&k| held[k] && leaves(k)).collect();
            // A row with a negative multiplier holds back a plan that would rather stay below it.
            let pushing = &multipliers[rows.len() - binding.len()..];
            let loose = binding.iter().zip(pushing).find(|(_, m)| **m < -1e-9 * size).map(|(r, _)| *r);
            if free.is_empty() && loose.is_none() {
                break;
            }
            free.into_iter().for_each(|k| held[k] = false);
            loose.into_iter().for_each(|r| released[r] = true);
        }
    }
    best
}

/// The objective at a plan.
struct Local {
    value: f64,
    gradient: Vec<f64>,
    /// Change of the gradient per unit of money.
    bend: Vec<f64>,
}

/// Value, gradient and its change at `b`; `None` where a slope is no number.
fn local(judge: &Judge<'_>, b: &[f64], money: f64) -> Option<Local> {
    let task = judge.task;
    // Where a curve starts vertically its slope changes over shares of `b`, and at 0 it is taken a hair above.
    let centre = |k: usize| {
        if judge.surface.cells[k].starts_vertically() {
            let centre = b[k].max(NUDGE * money).min(task.bounds[k].1);
            (centre, 1e-4 * b[k].max(NUDGE * money))
        } else {
            (b[k], 1e-5 * b[k].max(1e-3 * money))
        }
    };
    // The point itself, and one on either side of where the slope is taken.
    let points: Vec<Vec<f64>> = (0..b.len())
        .map(|k| {
            let ((centre, near), (lower, upper)) = (centre(k), task.bounds[k]);
            let mut points = vec![b[k], (centre - near).max(lower), centre, (centre + near).min(upper)];
            points.sort_by(f64::total_cmp);
            points.dedup();
            points
        })
        .collect();
    let sums = judge.surface.mean_curves(&points);
    let at = |k: usize, x: f64| points[k].iter().position(|point| *point == x);
    let outcome: f64 = (0..b.len()).filter_map(|k| at(k, b[k]).map(|i| sums[k].value[i])).sum();
    let per_cell = (0..b.len()).map(|k| {
        let ((centre, near), (lower, upper)) = (centre(k), task.bounds[k]);
        let (left, right) = ((centre - near).max(lower), (centre + near).min(upper));
        if left == right {
            // A cell without choice has no slope to be balanced.
            return Some((0.0, -1.0));
        }
        let slope_at = |x: f64| at(k, x).map(|i| sums[k].slope[i]);
        let slope = task.worth() * slope_at(centre)? - task.price();
        let bend = task.worth() * (slope_at(right)? - slope_at(left)?) / (right - left);
        slope.is_finite().then_some((slope, bend))
    });
    let (gradient, bend) = per_cell.collect::<Option<Vec<_>>>()?.into_iter().unzip();
    let value = task.worth() * outcome - task.price() * b.iter().sum::<f64>();
    Some(Local { value, gradient, bend })
}

/// The Newton step of the free cells and the multipliers of `rows`; `None` where a curve is straight or the rows leave no
/// room. One cell may bend upwards at an optimum when the others bend down more: the conditions are the same.
fn newton(
    b: &[f64],
    gradient: &[f64],
    bend: &[f64],
    held: &[bool],
    rows: &[&Row],
) -> Option<(Vec<f64>, Vec<f64>)> {
    let free: Vec<usize> = (0..b.len()).filter(|k| !held[*k]).collect();
    if free.iter().any(|&k| bend[k] == 0.0 || !bend[k].is_finite()) {
        return None;
    }
    let m = rows.len();
    // Σ_k a_i·a_j/h·ν_j = Σ_k a_i·g/h − (c_i − a_i·b), h the negative curvature
    let mut matrix = vec![vec![0.0; m + 1]; m];
    for (i, row) in rows.iter().enumerate() {
        for &k in &free {
            let per = row.a[k] / -bend[k];
            for (j, other) in rows.iter().enumerate() {
                matrix[i][j] += per * other.a[k];
            }
            matrix[i][m] += per * gradient[k];
        }
        matrix[i][m] -= row.room(b);
    }
    let multipliers = eliminate(matrix)?;
    let mut step = vec![0.0; b.len()];
    for &k in &free {
        let price: f64 = rows.iter().zip(&multipliers).map(|(row, nu)| nu * row.a[k]).sum();
        step[k] = (gradient[k] - price) / -bend[k];
    }
    step.iter().all(|step| step.is_finite()).then_some((step, multipliers))
}

/// Solves a small system by elimination with pivots; a row without a pivot (no free cell in it) gets multiplier 0.
fn eliminate(mut matrix: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let m = matrix.len();
    let size = matrix.iter().flat_map(|row| &row[..m]).fold(0.0_f64, |most, x| most.max(x.abs()));
    let mut pivot_of = vec![None; m];
    let mut taken = vec![false; m];
    for column in 0..m {
        let open = (0..m).filter(|row| !taken[*row]);
        let Some(row) = open.max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()))
        else {
            break;
        };
        if matrix[row][column].abs() <= 1e-12 * size {
            continue;
        }
        taken[row] = true;
        pivot_of[column] = Some(row);
        let pivot = matrix[row].clone();
        for other in (0..m).filter(|other| *other != row) {
            let factor = matrix[other][column] / pivot[column];
            for (x, p) in matrix[other].iter_mut().zip(&pivot) {
                *x -= factor * p;
            }
        }
    }
    let solution: Vec<f64> = (0..m)
        .map(|column| pivot_of[column].map_or(0.0, |row| matrix[row][m] / matrix[row][column]))
        .collect();
    solution.iter().all(|x| x.is_finite()).then_some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_systems_are_solved_and_empty_rows_are_passed_over() {
        let solved = eliminate(vec![vec![0.0, 2.0, 4.0], vec![3.0, 1.0, 5.0]]).unwrap();
        assert!((solved[0] - 1.0).abs() < 1e-12 && (solved[1] - 2.0).abs() < 1e-12);
        let singular = eliminate(vec![vec![2.0, 0.0, 4.0], vec![0.0, 0.0, 0.0]]).unwrap();
        assert_eq!(singular, [2.0, 0.0]);
    }
}
