//! Where a backtest cuts the time axis: origins that roll towards the end, the last fold ending with the data.

use crate::data::calendar::{Calendar, Spacing};
use crate::problem::{Place, Problem, Problems};
use serde::Serialize;
use std::ops::Range;

/// Fewest periods a fold may learn from, whatever is asked for.
const FEWEST: usize = 8;

/// What a fold learns from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrainingWindow {
    /// Everything before its origin.
    #[default]
    Expanding,
    /// The fewest periods that are asked for, right before its origin.
    Rolling,
}

/// What is asked of a backtest; what is left out follows from the cadence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoldPlan {
    /// Number of folds.
    pub folds: usize,
    /// Periods that each fold predicts; [`usual_horizon`] where not said.
    pub horizon: Option<usize>,
    /// Periods from one origin to the next; the horizon where not said.
    pub step: Option<usize>,
    /// Periods that a fold learns from at least; [`usual_training`] where not said.
    pub min_train: Option<usize>,
    /// What a fold learns from.
    pub window: TrainingWindow,
}

/// One fold, in periods of the panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// Periods it learns from.
    pub train: Range<usize>,
    /// Periods it predicts, right behind.
    pub test: Range<usize>,
}

/// 8 weeks, 28 days, 3 months, 2 quarters; of other periods as many as fill 8 weeks.
pub fn usual_horizon(spacing: Spacing) -> usize {
    match spacing {
        Spacing::Days(1) => 28,
        Spacing::Months(1) => 3,
        Spacing::Months(_) => 2,
        Spacing::Days(days) => (56.0 / f64::from(days)).ceil() as usize,
    }
}

/// A year of periods, and at least 24.
pub fn usual_training(spacing: Spacing) -> usize {
    ((365.25 / spacing.mean_days()).round() as usize).max(24)
}

/// The folds of `plan` on an axis whose KPI begins with period `start`, in the order of time.
///
/// # Errors
/// Numbers that are no plan, or too few periods for it: how many there are, how many it needs, and what would do.
pub fn place(plan: &FoldPlan, calendar: &Calendar, start: usize) -> Result<Vec<Fold>, Problems> {
    let spacing = calendar.spacing();
    let horizon = plan.horizon.unwrap_or_else(|| usual_horizon(spacing));
    let step = plan.step.unwrap_or(horizon);
    let min_train = plan.min_train.unwrap_or_else(|| usual_training(spacing));
    let mut problems = Problems::new();
    for (option, value, least) in [
        ("folds", plan.folds, 1),
        ("horizon", horizon, 1),
        ("step", step, 1),
        ("min-train", min_train, FEWEST),
    ] {
        if value < least {
            let message = format!("--{option} is {value}, it must be at least {least}");
            problems.push(
                Problem::error("backtest.bad_plan", Place::default(), message)
                    .hint("`mmm backtest --help` says what is usual"),
            );
        }
    }
    problems.or(())?;
    let end = calendar.len();
    let there = end.saturating_sub(start);
    // Saturating: a plan too large for the data is too large for any.
    let tested = horizon.saturating_add(step.saturating_mul(plan.folds - 1));
    let needed = tested.saturating_add(min_train);
    if needed > there {
        return Err(too_few(plan, (horizon, step, min_train), there, spacing.name()).into());
    }
    let fold = |k: usize| {
        let origin = end - horizon - step * (plan.folds - 1 - k);
        let from = match plan.window {
            TrainingWindow::Expanding => start,
            TrainingWindow::Rolling => origin - min_train,
        };
        Fold { train: from..origin, test: origin..origin + horizon }
    };
    Ok((0..plan.folds).map(fold).collect())
}

/// `there` periods are not enough for `plan`, whose horizon, step and training are filled in.
fn too_few(
    plan: &FoldPlan,
    (horizon, step, min_train): (usize, usize, usize),
    there: usize,
    period: &str,
) -> Problem {
    let folds = plan.folds;
    let tested = horizon.saturating_add(step.saturating_mul(folds - 1));
    let needed = tested.saturating_add(min_train);
    let one = if folds == 1 { "1 fold needs".to_owned() } else { format!("{folds} folds need") };
    let message = format!(
        "{one} {needed} {period}s, {min_train} to learn from before the first and {tested} to test on, but the data have {there}"
    );
    let room = there.saturating_sub(min_train);
    let fitting = if room < horizon { 0 } else { 1 + (room - horizon) / step };
    let left = there.saturating_sub(tested);
    let mut ways = Vec::new();
    if fitting > 0 {
        ways.push(format!("ask for fewer folds (--folds {fitting})"));
    }
    if left >= FEWEST {
        ways.push(format!("let the first learn from less (--min-train {left})"));
    }
    if room >= folds && plan.step.is_none() {
        ways.push(format!("predict a shorter stretch (--horizon {})", room / folds));
    }
    if ways.is_empty() {
        ways.push(format!(
            "bring more {period}s: a model this young cannot be tested on time it has not seen"
        ));
    }
    Problem::error("backtest.too_few_periods", Place::default(), message).hint(ways.join(", or "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn weeks(n: usize) -> Calendar {
        Calendar::new(date(2022, 1, 3), Spacing::Days(7), n)
    }

    fn plan(folds: usize) -> FoldPlan {
        FoldPlan { folds, horizon: None, step: None, min_train: None, window: TrainingWindow::Expanding }
    }

    #[test]
    fn origins_roll_and_the_last_fold_ends_with_the_data() {
        let folds = place(&plan(3), &weeks(104), 2).unwrap();
        let ranges: Vec<_> = folds.iter().map(|fold| (fold.train.clone(), fold.test.clone())).collect();
        assert_eq!(ranges, [(2..80, 80..88), (2..88, 88..96), (2..96, 96..104)]);
        let rolling = FoldPlan { step: Some(4), window: TrainingWindow::Rolling, ..plan(2) };
        let folds = place(&rolling, &weeks(104), 2).unwrap();
        let ranges: Vec<_> = folds.iter().map(|fold| (fold.train.clone(), fold.test.clone())).collect();
        assert_eq!(ranges, [(40..92, 92..100), (44..96, 96..104)]);
    }

    #[test]
    fn no_fold_tests_what_it_learned_from_whatever_the_plan() {
        for folds in 1..5 {
            for horizon in [1, 3, 8] {
                for step in [1, 3, 8, 11] {
                    for window in [TrainingWindow::Expanding, TrainingWindow::Rolling] {
                        let plan = FoldPlan {
                            folds,
                            horizon: Some(horizon),
                            step: Some(step),
                            min_train: Some(20),
                            window,
                        };
                        let Ok(all) = place(&plan, &weeks(60), 3) else {
                            assert!(horizon + step * (folds - 1) + 20 > 57);
                            continue;
                        };
                        assert_eq!((all.len(), all[folds - 1].test.end), (folds, 60));
                        for fold in &all {
                            assert_eq!(fold.train.end, fold.test.start);
                            assert_eq!(fold.test.len(), horizon);
                            assert!(fold.train.start >= 3 && fold.train.len() >= 20);
                        }
                        assert!(all.windows(2).all(|two| two[0].test.start + step == two[1].test.start));
                    }
                }
            }
        }
    }

    #[test]
    fn too_few_periods_are_counted_and_every_way_out_named_works() {
        let problems = place(&plan(3), &weeks(70), 0).unwrap_err();
        let problem = &problems.0[0];
        assert_eq!(problem.code, "backtest.too_few_periods");
        assert_eq!(
            problem.message,
            "3 folds need 76 weeks, 52 to learn from before the first and 24 to test on, but the data have 70"
        );
        let hint = problem.hint.as_deref().unwrap();
        for (words, way) in [
            ("--folds 2", plan(2)),
            ("--min-train 46", FoldPlan { min_train: Some(46), ..plan(3) }),
            ("--horizon 6", FoldPlan { horizon: Some(6), ..plan(3) }),
        ] {
            assert!(hint.contains(words), "{hint}");
            assert!(place(&way, &weeks(70), 0).is_ok(), "{words}");
        }
        let young = place(&plan(3), &weeks(10), 0).unwrap_err();
        assert!(young.0[0].hint.as_deref().unwrap().contains("bring more weeks"));
    }

    #[test]
    fn numbers_that_are_no_plan_are_told_at_once() {
        let none = FoldPlan { folds: 0, horizon: Some(0), step: Some(0), min_train: Some(1), ..plan(1) };
        assert_eq!(place(&none, &weeks(104), 0).unwrap_err().0.len(), 4);
        let huge = FoldPlan { folds: usize::MAX, ..plan(1) };
        assert_eq!(place(&huge, &weeks(104), 0).unwrap_err().0[0].code, "backtest.too_few_periods");
    }
}
