//! Sequential least-squares programming (Kraft 1988) from many starts: the general method, for measures of risk, models
//! whose channels multiply, and anything else with a gradient.
//!
//! The library sees a scaled problem: money as shares of the whole, the objective in units of its size at the start. On
//! the raw one its absolute tolerance is met at once and it stays where it began, usually at the even split.

use super::judge::{Judge, Judged};
use basin::{
    BoxBounds, ConstraintDescription, ConstraintJacobian, ConstraintSet, ConstraintSolveError, Constraints,
    CostFunction, DenseMatrix, Executor, Gradient, LinearBlock, LinearBlocks, NoNonlinearBlock,
    NonlinearBlock, NonlinearBlocks, NonlinearInequalityValues, SelectedFirstOrderState, Slsqp, State,
};
use std::cell::RefCell;
use std::convert::Infallible;

const ACCURACY: f64 = 1e-12;
const MOST_ITERATIONS: u64 = 200;

type Rows = LinearBlock<DenseMatrix<f64>, Vec<f64>>;
type Set = ConstraintSet<
    BoxBounds<Vec<f64>>,
    LinearBlocks<Rows, Rows>,
    NonlinearBlocks<NoNonlinearBlock, NonlinearBlock>,
>;

/// The scaled problem that the library minimises: `x = b / money`, `f = −U / size`.
struct Scaled<'a> {
    judge: &'a Judge<'a>,
    money: f64,
    size: f64,
    set: Set,
    last: RefCell<Option<(Vec<f64>, Judged)>>,
}

impl Scaled<'_> {
    /// The judgement at `x`; value and gradient are asked for one after the other at the same point.
    fn at<T>(&self, x: &[f64], read: impl FnOnce(&Judged) -> T) -> T {
        let mut last = self.last.borrow_mut();
        if last.as_ref().is_none_or(|(at, _)| at != x) {
            let plan: Vec<f64> = x.iter().map(|x| x * self.money).collect();
            *last = Some((x.to_vec(), self.judge.judge(&plan)));
        }
        read(&last.as_ref().expect("it was just put there").1)
    }

    fn per_share(&self) -> f64 {
        self.money / self.size
    }
}

impl CostFunction for Scaled<'_> {
    type Param = Vec<f64>;
    type Output = f64;
    type Error = Infallible;
    fn cost(&self, x: &Vec<f64>) -> Result<f64, Infallible> {
        Ok(self.at(x, |judged| -judged.value / self.size))
    }
}

impl Gradient for Scaled<'_> {
    type Gradient = Vec<f64>;
    fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, Infallible> {
        let per_share = self.per_share();
        Ok(self.at(x, |judged| judged.gradient.iter().map(|g| -g * per_share).collect()))
    }
}

impl Constraints for Scaled<'_> {
    type Set = Set;
    fn constraints(&self) -> <Set as ConstraintDescription>::Borrowed<'_> {
        self.set.borrowed()
    }
}

impl NonlinearInequalityValues for Scaled<'_> {
    type Param = Vec<f64>;
    type Values = Vec<f64>;
    type Error = Infallible;
    /// The target return as `c(x) ≤ 0`; without one a constraint that always holds.
    fn nonlinear_inequalities(&self, x: &Vec<f64>) -> Result<Vec<f64>, ConstraintSolveError<Infallible>> {
        let has_floor = self.judge.task.floor().is_some();
        Ok(vec![if has_floor { self.at(x, |judged| -judged.margin / self.size) } else { -1.0 }])
    }
}

impl ConstraintJacobian for Scaled<'_> {
    type Param = Vec<f64>;
    type Jacobian = DenseMatrix<f64>;
    type Error = Infallible;
    fn constraint_jacobian(
        &self,
        x: &Vec<f64>,
    ) -> Result<DenseMatrix<f64>, ConstraintSolveError<Infallible>> {
        let per_share = self.per_share();
        let row: Vec<f64> =
            self.at(x, |judged| judged.margin_gradient.iter().map(|g| -g * per_share).collect());
        Ok(DenseMatrix::from_row_slice(1, x.len(), &row))
    }
}

/// The best plan found from any of `starts`; a start itself where nothing better is found.
pub fn solve(judge: &Judge<'_>, starts: &[Vec<f64>]) -> Vec<f64> {
    let mut best: Option<(f64, Vec<f64>)> = None;
    let mut offer = |plan: Vec<f64>| {
        if judge.admits(&plan) {
            let value = judge.value(&plan);
            if value.is_finite() && best.as_ref().is_none_or(|(most, _)| value > *most) {
                best = Some((value, plan));
            }
        }
    };
    for start in starts {
        offer(judge.nearest(&climb(judge, start)));
        offer(start.clone());
    }
    best.map_or_else(|| judge.nearest(&starts[0]), |(_, plan)| plan)
}

fn climb(judge: &Judge<'_>, start: &[f64]) -> Vec<f64> {
    let task = judge.task;
    let (n, money) = (start.len(), task.most());
    let begun = judge.judge(start);
    let steepest = begun.gradient.iter().fold(0.0_f64, |most, g| most.max(g.abs()));
    let size = begun.value.abs().max(1e-3 * steepest * money);
    if !(size.is_finite() && size > 0.0) {
        return start.to_vec();
    }
    let budget =
        task.fixed().map(|budget| (DenseMatrix::from_row_slice(1, n, &vec![1.0; n]), vec![budget / money]));
    let rows = (!judge.rows.is_empty()).then(|| {
        let a: Vec<f64> = judge.rows.iter().flat_map(|row| row.a.clone()).collect();
        let c = judge.rows.iter().map(|row| row.c / money).collect();
        (DenseMatrix::from_row_slice(judge.rows.len(), n, &a), c)
    });
    let lower = task.bounds.iter().map(|(lower, _)| lower / money).collect();
    let upper = task.bounds.iter().map(|(_, upper)| upper / money).collect();
    let set = ConstraintSet::new()
        .with_bounds(BoxBounds::new(Some(lower), Some(upper)))
        .with_linear_equalities(LinearBlock::optional(budget))
        .with_linear_inequalities(LinearBlock::optional(rows))
        .with_nonlinear_inequalities(1);
    let problem = Scaled { judge, money, size, set, last: RefCell::new(None) };
    let x: Vec<f64> = start.iter().map(|b| b / money).collect();
    let solver = Slsqp::new().with_absolute_accuracy_tolerance(ACCURACY);
    let result =
        Executor::new(problem, solver, SelectedFirstOrderState::new(x)).max_iter(MOST_ITERATIONS).run();
    match result {
        Ok(result) => result.state.param().iter().map(|x| x * money).collect(),
        Err(_) => start.to_vec(),
    }
}
