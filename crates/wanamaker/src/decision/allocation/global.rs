//! Branch and bound over concave envelopes: the best plan for the mean, with a proven bound.
//!
//! The objective `Σ_k worth·F_k(b_k) − price·b_k` is a sum of one-dimensional curves, S-shaped or worse. On a box, every
//! curve is replaced by a concave one that is sure to lie above it (`Hull`); the relaxed problem is
//! solved exactly (`linear`) and its value bounds everything in the box. Its solution is a plan, whose true value is a
//! candidate. Curves are evaluated more closely where that solution lies; when that no longer helps, the gap comes from
//! a part that bends upwards, and the box is split there. Sigmoidal programming: Udell & Boyd (2013), with envelopes from
//! bounds of the slope instead of known inflexions, so that means over draws need no shape of their own.

use super::hull::{Hull, Knots};
use super::linear::{self, Limits, Relaxed, Row};
use super::problem::Task;
use crate::decision::surface::Surface;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A plan and what no plan exceeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Proven {
    /// Money by cell over the horizon.
    pub plan: Vec<f64>,
    /// Its value.
    pub value: f64,
    /// Upper bound of the value of any plan.
    pub bound: f64,
    /// Boxes looked into.
    pub nodes: usize,
}

/// Relaxations solved at most; the bound reached by then is reported as it is.
const MOST_STEPS: usize = 20_000;
/// Intervals narrower than this share of the money are not looked into more closely.
const FINEST: f64 = 1e-11;

/// Intervals into which the range of a curve is cut at first.
const EVEN: i32 = 8;
/// How often the first of them is halved again.
const CLOSE: i32 = 6;

/// Where an interval is looked into: as shares of the way from the plan to its ends.
const NEAR: [f64; 2] = [0.25, 0.03];

/// A box with the bound of the relaxation on it.
struct Node {
    bound: f64,
    bounds: Vec<(f64, f64)>,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Node {}
impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Node {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bound.total_cmp(&other.bound)
    }
}

struct Search<'a> {
    surface: &'a Surface,
    task: &'a Task,
    rows: Vec<Row>,
    knots: Vec<Knots>,
    best: Option<(f64, Vec<f64>)>,
}

/// The best plan to within `task.gap`, no worse than any feasible plan of `candidates`.
///
/// Outcomes must add up and the objective be a mean; bounds and groups must leave a plan. `None` when a target return
/// of the whole cannot be reached by any plan that was found.
pub fn solve(surface: &Surface, task: &Task, candidates: &[Vec<f64>]) -> Option<Proven> {
    let own = |k: usize| candidates.iter().map(move |start| start[k]);
    let points: Vec<Vec<f64>> =
        task.bounds.iter().enumerate().map(|(k, bounds)| grid(*bounds, own(k))).collect();
    let sums = surface.mean_curves(&points);
    let knots = points.into_iter().zip(sums).map(|(at, sums)| Knots::new(at, sums)).collect();
    let mut search = Search { surface, task, rows: task.rows(), knots, best: None };
    for candidate in candidates {
        search.offer(candidate);
    }
    search.run()
}

/// Where a curve is evaluated first: evenly, closer and closer towards the lower end, and where the candidates are.
fn grid((lower, upper): (f64, f64), candidates: impl Iterator<Item = f64>) -> Vec<f64> {
    if upper <= lower {
        return vec![lower];
    }
    let step = (upper - lower) / f64::from(EVEN);
    let even = (0..=EVEN).map(|i| lower + step * f64::from(i));
    let close = (1..=CLOSE).map(|i| lower + step * 0.5_f64.powi(i));
    let mut at: Vec<f64> =
        even.chain(close).chain(candidates.filter(|b| (lower..=upper).contains(b))).collect();
    at.sort_by(f64::total_cmp);
    at[0] = lower;
    let last = at.len() - 1;
    at[last] = upper;
    at.dedup();
    at
}

impl Search<'_> {
    fn run(mut self) -> Option<Proven> {
        let mut open = BinaryHeap::new();
        open.push(Node { bound: f64::INFINITY, bounds: self.task.bounds.clone() });
        let mut closed = f64::NEG_INFINITY;
        let mut nodes = 0;
        for _ in 0..MOST_STEPS {
            let Some(node) = open.pop() else { break };
            if node.bound <= self.goal() {
                closed = closed.max(node.bound);
                break;
            }
            let Some((_, relaxed)) = self.relax(&node.bounds) else { continue };
            let bound = relaxed.bound.min(node.bound);
            if bound <= self.goal() {
                closed = closed.max(bound);
                continue;
            }
            if open.peek().is_some_and(|next: &Node| next.bound > bound) {
                open.push(Node { bound, ..node });
                continue;
            }
            nodes += 1;
            self.look_closer(&self.sharpened(relaxed.plan, &node.bounds));
            match self.relax(&node.bounds) {
                None => {}
                Some((_, again)) if again.bound.min(bound) <= self.goal() => {
                    closed = closed.max(again.bound.min(bound));
                }
                // Looking closer took a fair part of the gap away: once more on the same box.
                Some((_, again)) if again.bound < bound - 0.3 * (bound - self.goal()) => {
                    open.push(Node { bound: again.bound, ..node });
                }
                Some((hulls, again)) => {
                    let plan = self.sharpened(again.plan, &node.bounds);
                    self.look_closer(&plan);
                    let bound = again.bound.min(bound);
                    match self.split(&node.bounds, &hulls, &plan) {
                        Some(parts) => open.extend(parts.map(|bounds| Node { bound, bounds })),
                        // Too narrow to be split: its bound stands.
                        None => closed = closed.max(bound),
                    }
                }
            }
        }
        let (value, plan) = self.best?;
        let bound = open.into_iter().map(|node| node.bound).fold(closed.max(value), f64::max);
        Some(Proven { plan, value, bound, nodes })
    }

    /// A bound that is low enough.
    fn goal(&self) -> f64 {
        self.best.as_ref().map_or(f64::NEG_INFINITY, |(value, _)| value + self.task.gap * value.abs())
    }

    fn limits(&self) -> Limits<'_> {
        Limits { budget: self.task.fixed(), rows: &self.rows, floor: self.task.floor() }
    }

    fn relax(&self, bounds: &[(f64, f64)]) -> Option<(Vec<Hull>, Relaxed)> {
        let hulls: Vec<Hull> =
            self.knots.iter().zip(bounds).map(|(knots, (lower, upper))| knots.hull(*lower, *upper)).collect();
        let mut relaxed = linear::maximise(&hulls, self.task.worth(), self.task.price(), self.limits())?;
        // A point that is a knot but for rounding is that knot.
        let finest = FINEST * self.task.most();
        for (b, knots) in relaxed.plan.iter_mut().zip(&self.knots) {
            *b = knots.snapped(*b, finest);
        }
        Some((hulls, relaxed))
    }

    /// `plan` moved, within the intervals that hold it, to where all slopes are one price, if slopes run straight from
    /// knot to knot; `plan` itself where rows or a target stand in between.
    fn sharpened(&self, plan: Vec<f64>, bounds: &[(f64, f64)]) -> Vec<f64> {
        if !self.rows.is_empty() || self.task.floor().is_some() {
            return plan;
        }
        let moved = |price: f64| -> Vec<f64> {
            let cells = self.knots.iter().zip(&plan).zip(bounds);
            cells
                .map(|((knots, b), bounds)| knots.where_slope_is(price, *b).clamp(bounds.0, bounds.1))
                .collect()
        };
        let Some(budget) = self.task.fixed() else {
            return moved(self.task.price() / self.task.worth());
        };
        let slopes = self.knots.iter().flat_map(|knots| &knots.sums.slope).filter(|slope| slope.is_finite());
        let (mut low, mut high) =
            slopes.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), s| (low.min(*s), high.max(*s)));
        // What is spent falls with the price.
        for _ in 0..80 {
            let price = 0.5 * (low + high);
            if moved(price).iter().sum::<f64>() > budget {
                low = price;
            } else {
                high = price;
            }
        }
        // Both ends of the last step, mixed to the budget.
        let (more, less) = (moved(low), moved(high));
        let (over, under) = (more.iter().sum::<f64>() - budget, budget - less.iter().sum::<f64>());
        if over < 0.0 || under < 0.0 {
            return plan;
        }
        let share = if over + under > 0.0 { over / (over + under) } else { 0.0 };
        more.iter().zip(&less).map(|(more, less)| more + share * (less - more)).collect()
    }

    /// Evaluates every curve at `plan` and around it, and offers the plan.
    fn look_closer(&mut self, plan: &[f64]) {
        let finest = FINEST * self.task.most();
        let points: Vec<Vec<f64>> =
            self.knots.iter().zip(plan).map(|(knots, b)| around(&knots.at, *b, finest)).collect();
        let sums = self.surface.mean_curves(&points);
        for ((knots, points), sums) in self.knots.iter_mut().zip(points).zip(sums) {
            if !points.is_empty() {
                knots.refine(Knots::new(points, sums));
            }
        }
        self.offer(plan);
    }

    /// Takes `plan` as the best so far when it is feasible and better; where only the target return fails, the way to it
    /// from the best is gone as far as it holds.
    fn offer(&mut self, plan: &[f64]) {
        let (value, holds) = self.value(plan);
        if !self.keeps_rows(plan) {
            return;
        }
        if holds {
            if self.best.as_ref().is_none_or(|(best, _)| value > *best) {
                self.best = Some((value, plan.to_vec()));
            }
            return;
        }
        let from = self.best.as_ref().map_or_else(
            || self.task.bounds.iter().map(|(lower, _)| *lower).collect(),
            |(_, plan)| plan.clone(),
        );
        if !self.value(&from).1 || !self.keeps_rows(&from) {
            return;
        }
        let (mut near, mut far) = (0.0, 1.0);
        let mut last = None;
        for _ in 0..40 {
            let share = 0.5 * (near + far);
            let between: Vec<f64> = from.iter().zip(plan).map(|(a, b)| a + share * (b - a)).collect();
            let (value, holds) = self.value(&between);
            if holds {
                near = share;
                last = Some((value, between));
            } else {
                far = share;
            }
        }
        if let Some((value, plan)) = last
            && self.best.as_ref().is_none_or(|(best, _)| value > *best)
        {
            self.best = Some((value, plan));
        }
    }

    /// The objective at `plan`, and whether the target return holds.
    fn value(&self, plan: &[f64]) -> (f64, bool) {
        let known: Option<Vec<f64>> =
            self.knots.iter().zip(plan).map(|(knots, b)| knots.value_at(*b)).collect();
        let outcomes: Vec<f64> = known.unwrap_or_else(|| {
            let points: Vec<Vec<f64>> = plan.iter().map(|b| vec![*b]).collect();
            self.surface.mean_curves(&points).iter().map(|sums| sums.value[0]).collect()
        });
        let outcome: f64 = outcomes.iter().sum();
        let spent: f64 = plan.iter().sum();
        let holds = self.task.floor().is_none_or(|floor| outcome >= floor * spent);
        (self.task.worth() * outcome - self.task.price() * spent, holds)
    }

    fn keeps_rows(&self, plan: &[f64]) -> bool {
        let slack = 1e-9 * self.task.most();
        let spent: f64 = plan.iter().sum();
        let inside = plan
            .iter()
            .zip(&self.task.bounds)
            .all(|(b, (lower, upper))| *b >= lower - slack && *b <= upper + slack);
        inside
            && self.task.fixed().is_none_or(|budget| (spent - budget).abs() <= slack)
            && self.rows.iter().all(|row| row.room(plan) >= -slack)
    }

    /// The box split at the relaxed plan in the cell whose envelope stands highest over its curve; `None` when it is
    /// too narrow for that.
    fn split(&self, bounds: &[(f64, f64)], hulls: &[Hull], plan: &[f64]) -> Option<[Vec<(f64, f64)>; 2]> {
        let finest = FINEST * self.task.most();
        let height =
            |k: usize| hulls[k].at(plan[k]) - self.knots[k].value_at(plan[k]).unwrap_or(f64::NEG_INFINITY);
        let wide = (0..plan.len()).filter(|&k| bounds[k].1 - bounds[k].0 > 4.0 * finest);
        let k = wide.max_by(|&a, &b| height(a).total_cmp(&height(b)))?;
        let (lower, upper) = bounds[k];
        let margin = 1e-3 * (upper - lower);
        // A cut at the very end would leave the box as it is: cut at a known point inside instead.
        let at = if plan[k] > lower + margin && plan[k] < upper - margin {
            plan[k]
        } else {
            let middle = 0.5 * (lower + upper);
            let inside = self.knots[k].at.iter().filter(|x| **x > lower && **x < upper);
            *inside.min_by(|a, b| (*a - middle).abs().total_cmp(&(*b - middle).abs()))?
        };
        let part = |ends: (f64, f64)| {
            let mut bounds = bounds.to_vec();
            bounds[k] = ends;
            bounds
        };
        Some([part((lower, at)), part((at, upper))])
    }
}

/// New points in the interval that holds `b`, or in both where `b` is a knot, closer and closer to `b`; the ends of those
/// intervals included. Empty when nothing is left to be seen there.
fn around(at: &[f64], b: f64, finest: f64) -> Vec<f64> {
    if at.len() < 2 {
        return Vec::new();
    }
    let below = at.partition_point(|x| *x < b);
    let is_knot = at.get(below) == Some(&b);
    let left = if is_knot { below.saturating_sub(1) } else { below.max(1) - 1 };
    let right = if is_knot { (below + 1).min(at.len() - 1) } else { below.min(at.len() - 1) };
    let mut points = vec![at[left], b, at[right]];
    for share in NEAR {
        points.push(b - share * (b - at[left]));
        points.push(b + share * (at[right] - b));
    }
    points.sort_by(f64::total_cmp);
    let (first, last) = (at[left], at[right]);
    // Points that have come too close to each other teach nothing; the ends and `b` stay.
    let mut kept: Vec<f64> = vec![first];
    for x in points {
        let close = kept.last().is_some_and(|before| x - before <= finest) || last - x <= finest;
        if (x == last || (x == b && x > first) || !close) && kept.last() != Some(&x) {
            kept.push(x);
        }
    }
    if is_knot && kept.len() <= 3 { Vec::new() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_gather_around_the_plan_between_its_neighbours() {
        let at = [0.0, 1.0, 2.0, 4.0];
        let points = around(&at, 1.5, 1e-9);
        assert_eq!((points[0], *points.last().unwrap()), (1.0, 2.0));
        assert!(
            points.contains(&1.5) && points.len() == 7 && points.windows(2).all(|pair| pair[0] < pair[1])
        );
        let knot = around(&at, 2.0, 1e-9);
        assert_eq!((knot[0], *knot.last().unwrap()), (1.0, 4.0));
        assert!(around(&[0.0, 1e-12, 2e-12], 1e-12, 1e-9).is_empty());
        assert!(around(&[3.0], 3.0, 1e-9).is_empty());
    }
}
