//! The tables of a backtest.

use crate::commands::output::with_intervals;
use crate::commands::tables::range;
use crate::terminal::number::{Digits, count, level as level_words, percent, plain};
use crate::terminal::table::TextTable;
use wanamaker::data::panel::Panel;
use wanamaker::posterior::interval::Interval;
use wanamaker::validation::accuracy::Accuracy;
use wanamaker::validation::backtest::folds::TrainingWindow;
use wanamaker::validation::backtest::stability::Stability;
use wanamaker::validation::backtest::{Backtest, FoldReport};
use wanamaker::validation::forecast::Coverage;
use wanamaker_io::rows::{RowValues, Rows};

/// Cells from which an R² is shown.
const FEWEST_FOR_R_SQUARED: usize = 8;

/// The report for people.
pub fn text(result: &Backtest, panel: &Panel, level: f64) -> String {
    let period = panel.calendar.spacing().name();
    let what = match result.window {
        TrainingWindow::Expanding => "everything before its origin",
        TrainingWindow::Rolling => "the stretch before its origin",
    };
    let heading = format!(
        "{} of {} {period}s each; a fold learns from {what}, at first {} to {}\n",
        if result.folds.len() == 1 { "1 fold".to_owned() } else { format!("{} folds", result.folds.len()) },
        result.horizon,
        result.folds[0].train_from,
        result.folds[0].train_to,
    );
    [
        heading,
        error_table(result),
        coverage_table(result, level),
        convergence_table(result),
        stability_table(result, level),
    ]
    .join("\n")
}

/// A row for every fold, then one for all that converged.
fn by_fold(
    columns: &[&str],
    result: &Backtest,
    fold_row: impl Fn(&FoldReport) -> Vec<String>,
    total_row: Option<Vec<String>>,
) -> String {
    let mut table = TextTable::new(columns);
    for fold in &result.folds {
        table.row(std::iter::once(name(fold)).chain(fold_row(fold)));
    }
    if let Some((totals, row)) = result.totals.as_ref().zip(total_row) {
        let words = if totals.folds.len() == result.folds.len() { "all" } else { "all converged" };
        table.row(std::iter::once(words.to_owned()).chain(row));
    }
    table.render()
}

fn name(fold: &FoldReport) -> String {
    if fold.converged { fold.number.to_string() } else { format!("{} NOT CONVERGED", fold.number) }
}

fn error_table(result: &Backtest) -> String {
    let figures = |a: &Accuracy, skill: f64| {
        // Of a handful of cells the variance says nothing.
        let r_squared = if a.n < FEWEST_FOR_R_SQUARED { f64::NAN } else { a.r_squared };
        let [mape, wmape] = [a.mape, a.wmape].map(|x| percent(x / 100.0));
        let [r2, skill] = [r_squared, skill].map(|x| Digits::Decimals(2).write(x));
        vec![mape, wmape, plain(a.rmse), r2, plain(a.crps), skill]
    };
    let of_fold = |fold: &FoldReport| {
        let stretch = format!("{} to {}", fold.test_from, fold.test_to);
        let counts = vec![stretch, count(fold.n_train), count(fold.accuracy.n)];
        [counts, figures(&fold.accuracy, fold.skill)].concat()
    };
    let total = result.totals.as_ref().map(|totals| {
        let counts = vec![String::new(), String::new(), count(totals.accuracy.n)];
        [counts, figures(&totals.accuracy, totals.skill)].concat()
    });
    let columns =
        ["fold", "tested on", ">train", ">test", ">MAPE", ">WMAPE", ">RMSE", ">R²", ">CRPS", ">skill"];
    by_fold(&columns, result, of_fold, total)
        + "Skill: the share of the naive forecast's absolute error that the model saves (naive: a year before, else the last value).\n"
}

fn coverage_table(result: &Backtest, level: f64) -> String {
    let own = format!(">inside {}", level_words(level));
    let columns = ["fold", ">inside 50 %", ">80 %", ">95 %", &own, ">chance puts there at least", ">p"];
    let row = |a: &Accuracy, c: &Coverage| {
        let [half, most, nearly] = [a.coverage_50, a.coverage_80, a.coverage_95].map(percent);
        let inside = format!("{} of {}", count(c.inside), count(c.n));
        let p = Digits::Decimals(3).write(c.p);
        vec![half, most, nearly, inside, count((c.least * c.n as f64).round() as usize), p]
    };
    let total = result.totals.as_ref().map(|totals| row(&totals.accuracy, &totals.coverage));
    by_fold(&columns, result, |fold| row(&fold.accuracy, &fold.coverage), total)
        + "Intervals are predictive and equal-tailed. The gate is the last line: p below 0.01 fails.\n"
}

fn convergence_table(result: &Backtest) -> String {
    let row = |fold: &FoldReport| {
        let c = &fold.convergence;
        let ess = c.min_ess_bulk.0.min(c.min_ess_tail.0);
        vec![
            Digits::Decimals(3).write(c.max_r_hat.0),
            Digits::Decimals(0).write(ess),
            count(c.divergences),
            if fold.converged { "yes" } else { "NO" }.to_owned(),
        ]
    };
    by_fold(&["fold", ">largest R-hat", ">smallest ESS", ">divergences", "converged"], result, row, None)
}

/// Columns of folds: all of few, the first and the last of many.
fn stability_table(result: &Backtest, level: f64) -> String {
    let numbers: Vec<usize> =
        result.folds.iter().filter(|fold| fold.converged).map(|fold| fold.number).collect();
    if numbers.len() < 2 {
        return "Fewer than two folds have converged: nothing can be said about how steady the channels are.\n".into();
    }
    let shown =
        if numbers.len() <= 4 { numbers.clone() } else { vec![numbers[0], numbers[numbers.len() - 1]] };
    let mut columns = vec!["figure".to_owned()];
    columns.extend(shown.iter().map(|k| format!(">fold {k} ({})", level_words(level))));
    columns.extend([">largest move".to_owned(), "between".to_owned(), String::new()]);
    let mut table = TextTable::new(&columns);
    let row = |s: &Stability| -> Vec<String> {
        let greatest = |value: &dyn Fn(&Interval) -> f64| {
            s.by_fold.iter().map(|(_, own)| value(own).abs()).fold(0.0, f64::max)
        };
        let digits = Digits::for_spread(greatest(&|own| own.sd), greatest(&|own| own.mean));
        let cell = |k: &usize| {
            let value = s.by_fold.iter().find(|(fold, _)| fold == k).map(|(_, value)| value);
            value.map_or_else(String::new, |v| {
                format!("{} ({})", digits.write(v.mean), range(digits, v.lower, v.upper))
            })
        };
        let moved = format!("{} sd", Digits::Decimals(1).write(s.largest_move));
        let between = format!("{} and {}", s.between.0, s.between.1);
        let mark = if s.outside { "outside an earlier interval" } else { "" };
        let label = format!("{}[{}]", s.figure.name(), s.channel);
        std::iter::once(label)
            .chain(shown.iter().map(cell))
            .chain([moved, between, mark.to_owned()])
            .collect()
    };
    for figure in &result.stability {
        table.row(row(figure));
    }
    format!(
        "{}ROAS over {} to {} in every fold. A move is measured in posterior standard deviations of the earlier fold.\n",
        table.render(),
        result.compared_from,
        result.compared_to
    )
}

/// Every predicted cell of every fold.
pub fn prediction_rows(result: &Backtest, panel: &Panel, level: f64) -> Rows {
    let cells =
        || result.folds.iter().flat_map(|fold| fold.forecast.cells.iter().map(move |cell| (fold, cell)));
    let intervals: Vec<_> =
        result.folds.iter().flat_map(|fold| fold.forecast.intervals(level)).map(Some).collect();
    let mut rows = Rows::new()
        .with("fold", RowValues::Integer(cells().map(|(fold, _)| fold.number as i64).collect()))
        .with("date", RowValues::Date(cells().map(|(_, (_, t))| Some(panel.calendar.date(*t))).collect()));
    if panel.has_geo {
        let names = cells().map(|(_, (geo, _))| panel.geos[*geo].clone());
        rows = rows.with("geo", RowValues::Text(names.collect()));
    }
    let actual = result.folds.iter().flat_map(|fold| fold.forecast.actual.iter().copied());
    with_intervals(rows, "", &intervals)
        .with("actual", RowValues::Number(actual.collect()))
        .with("converged", RowValues::Bool(cells().map(|(fold, _)| Some(fold.converged)).collect()))
}
