//! The checklist of a fit as text: a mark, the figure, what it should be, and what to try.

use crate::terminal::number::{Digits, count, percent};
use crate::terminal::table::TextTable;
use wanamaker::validation::checklist::{Check, Line, Mark, Wanted};
use wanamaker::validation::residuals::Residuals;

/// Lags that are shown as bars.
const BARS: usize = 13;
/// Half the width of a bar plot, in characters.
const HALF: usize = 20;

/// The list, one line per check, with its sum.
pub fn checklist_text(lines: &[Line]) -> String {
    let mut table = TextTable::new(&["", "check", ">figure", ">wanted", "of", "what to try"]);
    for line in lines {
        let mark = match line.mark {
            Mark::Ok => "ok",
            Mark::Look => "look",
            Mark::Failed => "FAILED",
        };
        table.row([
            mark.to_owned(),
            name(line.check).to_owned(),
            figure(line),
            wanted(line),
            line.whose.join(", "),
            line.advice.to_owned(),
        ]);
    }
    let number = |mark: Mark| lines.iter().filter(|line| line.mark == mark).count();
    let (looks, failed) = (number(Mark::Look), number(Mark::Failed));
    let meaning = match (failed, looks) {
        (0, 0) => "nothing speaks against these numbers",
        (0, _) => "the numbers can be used; read what is marked first",
        _ => "do not use these numbers yet",
    };
    format!(
        "{}{} checks: {} ok, {} worth a look, {} failed: {meaning}.\n",
        table.render(),
        count(lines.len()),
        count(number(Mark::Ok)),
        count(looks),
        count(failed),
    )
}

fn name(check: Check) -> &'static str {
    match check {
        Check::Complete => "stopped before the end",
        Check::RHat => "chains agree: largest R-hat",
        Check::EssBulk => "enough draws: smallest bulk ESS",
        Check::EssTail => "enough draws: smallest tail ESS",
        Check::Divergences => "divergent transitions",
        Check::Approximation => "preview: Pareto k of the normal",
        Check::EBfmi => "smallest E-BFMI",
        Check::RSquared => "R²",
        Check::Mape => "MAPE",
        Check::Coverage95 => "inside the 95 % predictive interval",
        Check::Coverage80 => "inside the 80 % predictive interval",
        Check::Coverage50 => "inside the 50 % predictive interval",
        Check::HoldoutCoverage95 => "holdout inside its 95 % interval",
        Check::SerialCorrelation => "residuals do not follow each other: p",
        Check::Normality => "residuals are normal: p",
        Check::Collinearity => "largest variance inflation",
        Check::ParetoK => "leave-one-out: largest Pareto k",
        Check::FollowsPrior => "channels known by their prior alone",
        Check::Confounded => "channels not told apart, pairs",
    }
}

fn figure(line: &Line) -> String {
    let value = line.figure;
    if !value.is_finite() {
        return Digits::Decimals(0).write(value);
    }
    let written = |least| Digits::Decimals(line.wanted.telling(value, least)).write(value);
    match line.check {
        Check::RHat => written(4),
        Check::EssBulk | Check::EssTail | Check::Divergences | Check::FollowsPrior | Check::Confounded => {
            written(0)
        }
        Check::Complete => "yes".to_owned(),
        Check::Approximation | Check::EBfmi | Check::RSquared | Check::ParetoK => written(2),
        Check::Mape => percent(value / 100.0),
        Check::Coverage95 | Check::Coverage80 | Check::Coverage50 | Check::HoldoutCoverage95 => {
            percent(value)
        }
        Check::SerialCorrelation | Check::Normality if value < 0.001 => "< 0.001".to_owned(),
        Check::SerialCorrelation | Check::Normality => written(3),
        Check::Collinearity => written(1),
    }
}

fn wanted(line: &Line) -> String {
    // Bounds are round numbers; their shortest form is the one people know them by.
    let bound = |x: f64| match line.check {
        Check::Mape => format!("{x} %"),
        Check::Coverage95 | Check::Coverage80 | Check::Coverage50 | Check::HoldoutCoverage95 => percent(x),
        _ => x.to_string(),
    };
    match line.wanted {
        Wanted::AtMost(_) if line.check == Check::Complete => "no".to_owned(),
        Wanted::Below(x) => format!("< {}", bound(x)),
        Wanted::AtMost(0.0) => "none".to_owned(),
        Wanted::AtMost(x) => format!("≤ {}", bound(x)),
        Wanted::AtLeast(x) => format!("≥ {}", bound(x)),
        Wanted::Between(low, high) => format!("{} … {}", bound(low).trim_end_matches(" %"), bound(high)),
    }
}

/// Autocorrelation of residuals as bars to the left and right of zero; a star marks what chance seldom does.
pub fn autocorrelation_bars(residuals: &Residuals) -> String {
    let bound = residuals.autocorrelation_bound;
    let two = |x: f64| Digits::Decimals(2).write(x);
    let mut text = format!("autocorrelation of residuals by lag (* beyond ±{})\n", two(bound));
    let greatest = residuals.autocorrelation.iter().take(BARS).fold(bound, |most, r| most.max(r.abs()));
    for (lag, r) in residuals.autocorrelation.iter().take(BARS).enumerate() {
        let length = (r.abs() / greatest * HALF as f64).round() as usize;
        let (left, right) = if *r < 0.0 { (length, 0) } else { (0, length) };
        let line = format!(
            "{:>4} {:>6} {}{}│{}{}",
            lag + 1,
            two(*r),
            " ".repeat(HALF - left),
            "█".repeat(left),
            "█".repeat(right),
            if r.abs() > bound { " *" } else { "" },
        );
        text += &format!("{}\n", line.trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(check: Check, mark: Mark, figure: f64, wanted: Wanted) -> Line {
        Line { check, mark, figure, wanted, whose: vec![], advice: "" }
    }

    #[test]
    fn figures_and_bounds_read_as_people_write_them() {
        let text = checklist_text(&[
            line(Check::RHat, Mark::Ok, 1.00234, Wanted::Below(1.01)),
            line(Check::RHat, Mark::Failed, 1.010_003, Wanted::Below(1.01)),
            line(Check::EssBulk, Mark::Failed, 399.7, Wanted::AtLeast(400.0)),
            line(Check::Coverage95, Mark::Look, 0.8712, Wanted::Between(0.8846, 1.0)),
            line(Check::Divergences, Mark::Failed, 12.0, Wanted::AtMost(0.0)),
            line(Check::SerialCorrelation, Mark::Look, 1e-7, Wanted::AtLeast(0.01)),
        ]);
        for expected in
            ["1.0023", "1.010003", "399.7", "< 1.01", "87.1 %", "88.5 … 100.0 %", "none", "< 0.001", "≥ 0.01"]
        {
            assert!(text.contains(expected), "{expected}: {text}");
        }
        assert!(text.contains("6 checks: 1 ok, 2 worth a look, 3 failed: do not use"), "{text}");
    }
}
