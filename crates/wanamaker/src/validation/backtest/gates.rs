//! Whether a backtest speaks for its model: gates, and what is worth a remark though no gate fails.

use super::Backtest;
use crate::problem::{Place, Problem, Problems};
use serde::Serialize;

/// What a backtest has to pass.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Gates {
    /// MAPE over all folds may be at most, in per cent.
    pub max_mape: f64,
    /// A figure may move from fold to fold by at most so many posterior standard deviations.
    pub max_move: f64,
    /// Skill over all folds must reach; `None` for a remark only where it is below 0.
    pub min_skill: Option<f64>,
}

impl Gates {
    /// MAPE of 15 %, moves of three standard deviations, no demand on skill.
    pub const DEFAULT: Gates = Gates { max_mape: 15.0, max_move: 3.0, min_skill: None };
}

/// What fails, each with what to try. Coverage fails where chance alone puts so few cells inside once in a hundred times.
pub fn failures(backtest: &Backtest, gates: &Gates) -> Problems {
    let mut problems = Problems::new();
    let mut fail = |code: &'static str, message: String, hint: &str| {
        problems.push(Problem::attention(code, Place::default(), message).hint(hint));
    };
    let lost: Vec<String> =
        backtest.folds.iter().filter(|fold| !fold.converged).map(|fold| fold.number.to_string()).collect();
    if !lost.is_empty() {
        let (fold, verb) = if lost.len() == 1 { ("fold", "has") } else { ("folds", "have") };
        fail(
            "backtest.not_converged",
            format!("{fold} {} {verb} not converged and count in no total", lost.join(", ")),
            "draw longer (--tune 2000 --draws 2000) or raise --target-accept to 0.95",
        );
    }
    let Some(totals) = &backtest.totals else { return problems };
    let c = &totals.coverage;
    if c.is_too_low() {
        fail(
            "backtest.coverage",
            format!(
                "intervals are too narrow: {} of {} tested cells lie inside their {} % interval, chance would put at least {} there",
                c.inside,
                c.n,
                per_cent(c.level),
                (c.least * c.n as f64).round()
            ),
            "something that moves is missing (trend, season, a control), or the noise is not normal: try likelihood = \"student_t\"",
        );
    }
    // A figure that could not be computed fails too.
    if totals.accuracy.mape.is_nan() || totals.accuracy.mape > gates.max_mape {
        fail(
            "backtest.mape",
            format!(
                "MAPE is {:.1} %, at most {} % is allowed (--max-mape)",
                totals.accuracy.mape, gates.max_mape
            ),
            "see in which fold it is lost: one bad stretch is an event without a name, all of them a missing driver",
        );
    }
    if let Some(least) = gates.min_skill
        && (totals.skill.is_nan() || totals.skill < least)
    {
        fail(
            "backtest.skill",
            format!("skill is {:.2}, at least {least} is asked for (--min-skill)", totals.skill),
            "a model that adds little to last year's figures has little to say about media either",
        );
    }
    for moved in backtest.stability.iter().filter(|moved| moved.largest_move > gates.max_move) {
        fail(
            "backtest.stability",
            format!(
                "{} of `{}` moves by {:.1} posterior sd from fold {} to fold {}, at most {} are allowed (--max-move)",
                moved.figure.name(),
                moved.channel,
                moved.largest_move,
                moved.between.0,
                moved.between.1,
                gates.max_move
            ),
            "do not plan on this figure yet: calibrate it by an experiment, or give it a tighter prior",
        );
    }
    problems
}

/// What is worth a remark.
pub fn remarks(backtest: &Backtest, gates: &Gates) -> Problems {
    let mut problems = Problems::new();
    let mut note = |code: &'static str, message: String, hint: &str| {
        problems.push(Problem::attention(code, Place::default(), message).hint(hint));
    };
    let Some(totals) = &backtest.totals else { return problems };
    if gates.min_skill.is_none() && totals.skill < 0.0 {
        note(
            "backtest.no_skill",
            format!(
                "the model predicts worse than last year's figures do: its mean absolute error is {:.0} % higher",
                -100.0 * totals.skill
            ),
            "see whether trend and season are right before you read anything into the channels",
        );
    }
    let c = &totals.coverage;
    if c.n as f64 * (1.0 - c.level) >= 4.0 && c.share > c.most {
        note(
            "backtest.too_wide",
            format!(
                "intervals are too wide: {} of {} tested cells lie inside their {} % interval, chance would put at most {} there",
                c.inside,
                c.n,
                per_cent(c.level),
                (c.most * c.n as f64).round()
            ),
            "the prior of the noise may be too wide",
        );
    }
    let moved =
        backtest.stability.iter().filter(|moved| moved.outside && moved.largest_move <= gates.max_move);
    let names: Vec<String> = moved.map(|m| format!("{} of `{}`", m.figure.name(), m.channel)).collect();
    if !names.is_empty() {
        note(
            "backtest.moved",
            format!("a later fold's mean lies outside an earlier fold's interval: {}", names.join(", ")),
            "one figure in twenty does so by chance; the same one in each backtest does not",
        );
    }
    problems
}

fn per_cent(level: f64) -> f64 {
    (level * 1e10).round() / 1e8
}

#[cfg(test)]
mod tests {
    use super::super::folds::TrainingWindow;
    use super::super::stability::{Figure, Stability};
    use super::super::{Backtest, Totals};
    use super::*;
    use crate::posterior::interval::Interval;
    use crate::validation::accuracy::of_pairs;
    use crate::validation::forecast::Coverage;
    use jiff::civil::date;

    /// Twenty-four cells at 95 %, all converged.
    fn tested(mape: f64, p: f64, skill: f64, largest_move: f64) -> Backtest {
        let value = Interval { mean: 1.0, sd: 0.1, median: 1.0, lower: 0.8, upper: 1.2, level: 0.95 };
        let moved = Stability {
            channel: "tv".into(),
            figure: Figure::Roas,
            by_fold: vec![(1, value), (2, value)],
            largest_move,
            between: (1, 2),
            outside: largest_move > 2.0,
        };
        let accuracy = of_pairs(&[(100.0, 100.0 + mape)]);
        let coverage = Coverage { level: 0.95, n: 24, inside: 18, share: 0.75, least: 0.833, most: 1.0, p };
        Backtest {
            window: TrainingWindow::Expanding,
            horizon: 12,
            folds: Vec::new(),
            totals: Some(Totals { folds: vec![1, 2], accuracy, coverage, skill }),
            compared_from: date(2022, 1, 3),
            compared_to: date(2023, 1, 2),
            stability: vec![moved],
        }
    }

    #[test]
    fn each_gate_fails_by_itself_and_says_what_it_allows() {
        let codes = |backtest: &Backtest, gates: &Gates| -> Vec<&'static str> {
            failures(backtest, gates).iter().map(|problem| problem.code).collect()
        };
        let usual = Gates::DEFAULT;
        assert!(codes(&tested(5.0, 0.3, 0.5, 1.0), &usual).is_empty());
        assert_eq!(codes(&tested(16.0, 0.3, 0.5, 1.0), &usual), ["backtest.mape"]);
        assert_eq!(codes(&tested(f64::NAN, 0.3, 0.5, 1.0), &usual), ["backtest.mape"]);
        assert_eq!(codes(&tested(5.0, 0.009, 0.5, 1.0), &usual), ["backtest.coverage"]);
        assert_eq!(codes(&tested(5.0, 0.3, 0.5, 3.1), &usual), ["backtest.stability"]);
        let demanding = Gates { min_skill: Some(0.2), max_mape: 4.0, max_move: 0.5 };
        assert_eq!(
            codes(&tested(5.0, 0.3, 0.1, 1.0), &demanding),
            ["backtest.mape", "backtest.skill", "backtest.stability"]
        );
        let words = failures(&tested(5.0, 0.001, 0.5, 4.0), &usual).to_string();
        assert!(
            words.contains("18 of 24") && words.contains("at least 20") && words.contains("roas of `tv`")
        );
    }

    #[test]
    fn what_fails_no_gate_may_still_be_remarked() {
        let codes = |backtest: &Backtest| -> Vec<&'static str> {
            remarks(backtest, &Gates::DEFAULT).iter().map(|problem| problem.code).collect()
        };
        assert!(codes(&tested(5.0, 0.3, 0.5, 1.0)).is_empty());
        assert_eq!(codes(&tested(5.0, 0.3, -0.2, 2.5)), ["backtest.no_skill", "backtest.moved"]);
    }

    #[test]
    fn without_a_converged_fold_nothing_is_judged_good_or_bad() {
        let none = Backtest { totals: None, stability: Vec::new(), ..tested(99.0, 0.0, -1.0, 9.0) };
        assert!(
            failures(&none, &Gates::DEFAULT).0.is_empty() && remarks(&none, &Gates::DEFAULT).0.is_empty()
        );
    }
}
