//! What must hold before a result is believed: one figure, the range it must lie in, and what to do where it does not.

use crate::problem::{Place, Problem, Problems};
use crate::statistics::binomial::plausible_counts;
use serde::Serialize;

/// In what the figure of a gate is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Whole things.
    Count,
    /// A share, shown in per cent.
    Share,
    /// Standard deviations.
    Sd,
    /// A number without unit.
    Number,
}

/// One figure with the range in which it must lie, ends included.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gate {
    /// Code of the problem that a failure is.
    pub code: &'static str,
    /// What is measured, in words.
    pub name: String,
    /// In what.
    pub unit: Unit,
    /// The figure.
    pub value: f64,
    /// The least that passes; `None` where nothing is too little.
    pub least: Option<f64>,
    /// The most that passes; `None` where nothing is too much.
    pub most: Option<f64>,
    /// Whether it holds; `None` where it was not judged because the draws are not to be trusted.
    pub holds: Option<bool>,
    /// What to do where it fails.
    pub hint: String,
}

impl Gate {
    /// A gate that is judged. A figure that is no number fails.
    pub fn new(
        code: &'static str,
        name: impl Into<String>,
        (unit, value): (Unit, f64),
        (least, most): (Option<f64>, Option<f64>),
        hint: impl Into<String>,
    ) -> Self {
        let holds = !value.is_nan()
            && least.is_none_or(|least| value >= least)
            && most.is_none_or(|most| value <= most);
        Self { code, name: name.into(), unit, value, least, most, holds: Some(holds), hint: hint.into() }
    }

    /// A count of `n` that must not be so low that intervals of probability `level` could not be its cause.
    ///
    /// Intervals that hold what they claim leave each truth outside with probability `1 − level`, so a few misses are no
    /// fault: the gate fails below the count that an honest model undercuts one time in a hundred. Misses of one fit are
    /// correlated, which makes honest counts spread somewhat more.
    pub fn honest_count(
        code: &'static str,
        name: impl Into<String>,
        inside: usize,
        n: usize,
        level: f64,
        hint: impl Into<String>,
    ) -> Self {
        let (least, _) = plausible_counts(n, level, 1.0, CHANCE);
        Self::new(code, name, (Unit::Count, inside as f64), (Some(least as f64), None), hint)
    }

    /// Cells inside their 95 % predictive interval, out of `n`.
    ///
    /// Coverage has to lie between 92 and 98 %. In `n` cells it is only seen with binomial error (2.1 points of standard
    /// error with 104 cells), so the gate fails where the count contradicts *every* coverage in that range, at one per
    /// cent a side: with 104 cells fewer than 89, with 520 fewer than 463 or more than 516. The upper end is as wide as
    /// that on purpose: these cells were fitted to, so residuals are smaller and predictive intervals wider than sigma
    /// by about the leverage of a cell, and the right model covers more than 95 % here. With few cells only too narrow
    /// intervals can be told, which are the dangerous ones.
    pub fn coverage(code: &'static str, inside: usize, n: usize) -> Self {
        let (least, most) = plausible_counts(n, 0.92, 0.98, CHANCE);
        Self::new(
            code,
            format!("cells of {n} inside their 95 % predictive interval"),
            (Unit::Count, inside as f64),
            (Some(least as f64), Some(most as f64)),
            "too few: the noise is understated or heavier than normal, try likelihood = \"student_t\"; too many: it is \
             overstated, look at the prior of sigma",
        )
    }

    /// Fits that did not converge, of which there may be none.
    pub fn convergence(failed: usize, of: usize) -> Self {
        let fits = if of == 1 { "fits".to_owned() } else { format!("fits of {of}") };
        Self::new(
            "validate.convergence",
            format!("{fits} that did not converge"),
            (Unit::Count, failed as f64),
            (None, Some(0.0)),
            "what is drawn must have R-hat < 1.01, ESS ≥ 400 and no divergence before it is judged: draw longer, e.g. --tune \
             2000 --draws 2000 --target-accept 0.95",
        )
    }

    /// The same without a verdict.
    #[must_use]
    pub fn unjudged(self) -> Self {
        Self { holds: None, ..self }
    }

    /// A figure of this gate in words.
    pub fn write(&self, value: f64) -> String {
        match self.unit {
            Unit::Count => format!("{value:.0}"),
            Unit::Share => format!("{:.1} %", 100.0 * value),
            Unit::Sd => format!("{value:.2} sd"),
            Unit::Number => format!("{value:.3}"),
        }
    }

    /// The range in words: `≥ 89`, `≤ 10.0 %`, `89 … 104`.
    pub fn range(&self) -> String {
        match (self.least, self.most) {
            (Some(least), Some(most)) => format!("{} … {}", self.write(least), self.write(most)),
            (Some(least), None) => format!("≥ {}", self.write(least)),
            (None, Some(most)) => format!("≤ {}", self.write(most)),
            (None, None) => String::new(),
        }
    }

    fn problem(&self) -> Problem {
        let message = format!("{}: {}, accepted is {}", self.name, self.write(self.value), self.range());
        Problem::attention(self.code, Place::default(), message).hint(self.hint.clone())
    }
}

/// How improbable a count must be under an honest model before it counts against it.
const CHANCE: f64 = 0.01;

/// Takes the verdicts away from all gates but the first, which failed: what follows from draws that are not to be trusted
/// neither passes nor fails.
pub fn behind_convergence(gates: Vec<Gate>) -> Vec<Gate> {
    match gates.first() {
        Some(first) if first.holds == Some(false) => {
            let mut gates = gates.into_iter();
            gates.next().into_iter().chain(gates.map(Gate::unjudged)).collect()
        }
        _ => gates,
    }
}

/// Whether every gate was judged and holds.
pub fn all_hold(gates: &[Gate]) -> bool {
    gates.iter().all(|gate| gate.holds == Some(true))
}

/// An attention for every gate that fails, each with what to do.
pub fn failures(gates: &[Gate]) -> Problems {
    Problems(gates.iter().filter(|gate| gate.holds == Some(false)).map(Gate::problem).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_holds_within_its_range_and_a_missing_figure_never_does() {
        let gate =
            |value| Gate::new("validate.r_squared", "R²", (Unit::Number, value), (Some(0.8), Some(0.9)), "x");
        assert_eq!(
            [0.8, 0.9, 0.79, 0.91, f64::NAN].map(|x| gate(x).holds),
            [true, true, false, false, false].map(Some)
        );
        let failures = failures(&[gate(0.85), gate(0.5)]);
        assert_eq!(failures.0.len(), 1);
        assert_eq!(failures.0[0].message, "R²: 0.500, accepted is 0.800 … 0.900");
        assert_eq!(failures.0[0].hint.as_deref(), Some("x"));
    }

    #[test]
    fn coverage_is_judged_by_what_that_many_cells_can_tell() {
        let holds = |inside, n| Gate::coverage("validate.coverage", inside, n).holds;
        assert_eq!([88, 89, 104].map(|k| holds(k, 104)), [false, true, true].map(Some));
        assert_eq!([462, 463, 516, 517].map(|k| holds(k, 520)), [false, true, true, false].map(Some));
        // A tenth of the intervals missing is told from three years of days at once.
        assert_eq!(holds(945, 1095), Some(false));
    }

    #[test]
    fn a_few_misses_are_no_fault_and_many_are() {
        let holds = |inside, n| Gate::honest_count("validate.recovery", "x", inside, n, 0.95, "y").holds;
        assert_eq!(
            [holds(2, 4), holds(1, 4), holds(14, 17), holds(13, 17)],
            [true, false, true, false].map(Some)
        );
    }

    #[test]
    fn nothing_passes_behind_a_fit_that_did_not_converge() {
        let other = || Gate::new("validate.mape", "MAPE", (Unit::Share, 0.01), (None, Some(0.1)), "x");
        let bad = behind_convergence(vec![Gate::convergence(1, 1), other()]);
        assert_eq!(bad.iter().map(|gate| gate.holds).collect::<Vec<_>>(), [Some(false), None]);
        assert!(!all_hold(&bad) && failures(&bad).0.len() == 1);
        let good = behind_convergence(vec![Gate::convergence(0, 1), other()]);
        assert!(all_hold(&good));
    }
}
