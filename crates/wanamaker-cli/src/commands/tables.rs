//! The tables and sentences that more than one command shows.

use crate::problems::{Sources, show};
use crate::terminal::number::{Digits, amount, count, level as level_words, percent, plain};
use crate::terminal::table::TextTable;
use crate::terminal::{Style, Terminal};
use wanamaker::decision::contribution::Total;
use wanamaker::engine::fit::Fit;
use wanamaker::engine::report::{Report, RidgeReport};
use wanamaker::posterior::interval::Interval;
use wanamaker::posterior::summary::Row;
use wanamaker::spec::CrossValidation;
use wanamaker::validation::recovery::Recovered;

/// `0.312 … 0.548`.
pub fn range(digits: Digits, lower: f64, upper: f64) -> String {
    format!("{} … {}", digits.write(lower), digits.write(upper))
}

/// The heading of a column of intervals: its level and kind are never left out.
pub fn interval_heading(level: f64) -> String {
    format!(">{} interval", level_words(level))
}

/// The remark under tables of intervals.
pub fn interval_note(level: f64, fit: &Fit) -> String {
    let what = fit.report.drawn_from();
    format!("Intervals are equal-tailed and hold {} of {what}.\n", level_words(level))
}

/// Parameters with their spread and how far to trust them.
pub fn parameters(rows: &[Row], level: f64) -> String {
    let interval = interval_heading(level);
    let mut table =
        TextTable::new(&["parameter", ">mean", ">sd", ">median", &interval, ">R-hat", ">ESS", ">ESS tail"]);
    for row in rows {
        let s = &row.summary;
        let digits = Digits::for_spread(s.sd, s.mean);
        table.row([
            row.name.clone(),
            digits.write(s.mean),
            digits.write(s.sd),
            digits.write(s.median),
            range(digits, s.lower, s.upper),
            Digits::Decimals(3).write(s.r_hat),
            Digits::Decimals(0).write(s.ess_bulk),
            Digits::Decimals(0).write(s.ess_tail),
        ]);
    }
    table.render()
}

/// Channels: what went in, what came out.
pub fn channels(totals: &[Total], level: f64) -> String {
    let channels: Vec<&Total> = totals.iter().filter(|total| total.is_channel).collect();
    let most = channels.iter().map(|total| total.contribution.upper.abs()).fold(0.0, f64::max);
    let (unit, sign) = match most {
        x if x >= 1e9 => (1e6, " M"),
        x if x >= 1e6 => (1e3, " k"),
        _ => (1.0, ""),
    };
    let words = format!(">{}", level_words(level));
    let (spend, contribution) = (format!(">spend{sign}"), format!(">contribution{sign}"));
    let mut table =
        TextTable::new(&["channel", &spend, &contribution, &words, ">share", &words, ">ROAS", &words]);
    for total in channels {
        let c = scaled(&total.contribution, unit);
        let digits = money_digits(&c);
        let (roas, roas_range) = total.roas.as_ref().map_or_else(
            || ("–".to_owned(), String::new()),
            |r| {
                let digits = Digits::for_spread(r.sd, r.mean);
                (digits.write(r.mean), range(digits, r.lower, r.upper))
            },
        );
        table.row([
            total.name.clone(),
            total.spend.map_or_else(|| "–".into(), |spend| amount(spend / unit)),
            digits.write(c.mean),
            range(digits, c.lower, c.upper),
            percent(total.share.mean),
            share_range(&total.share),
            roas,
            roas_range,
        ]);
    }
    table.render()
}

fn scaled(interval: &Interval, unit: f64) -> Interval {
    let Interval { mean, sd, median, lower, upper, level } = *interval;
    Interval {
        mean: mean / unit,
        sd: sd / unit,
        median: median / unit,
        lower: lower / unit,
        upper: upper / unit,
        level,
    }
}

/// Digits for an amount with an interval: whole numbers where the numbers are large.
pub fn money_digits(interval: &Interval) -> Digits {
    match Digits::for_spread(interval.sd, interval.mean) {
        Digits::Decimals(_) if interval.mean.abs() >= 1000.0 => Digits::Decimals(0),
        digits => digits,
    }
}

/// `12.1 … 18.0`, in per cent.
pub fn share_range(share: &Interval) -> String {
    range(Digits::Decimals(1), 100.0 * share.lower, 100.0 * share.upper)
}

/// Estimates beside the truth of a simulated market.
pub fn recovery(rows: &[Recovered], level: f64) -> String {
    let interval = interval_heading(level);
    let mut table = TextTable::new(&["quantity", ">true", ">estimate", &interval, ">error", "inside"]);
    for row in rows {
        let digits = Digits::for_spread(0.25 * (row.upper - row.lower), row.mean);
        table.row([
            row.name.clone(),
            digits.write(row.truth),
            digits.write(row.mean),
            range(digits, row.lower, row.upper),
            percent(row.relative_error),
            if row.inside { "yes" } else { "NO" }.to_owned(),
        ]);
    }
    let inside = rows.iter().filter(|row| row.inside).count();
    let hold = format!(
        "{inside} of {} intervals hold the truth; {} are expected to.\n",
        rows.len(),
        level_words(level)
    );
    table.render() + &hold
}

/// Whether the fit can be used, loudly where it cannot; to standard error.
pub fn verdict(fit: &Fit, terminal: &Terminal) {
    let c = &fit.convergence;
    let figures = format!(
        "{} chains × {} draws: R-hat ≤ {} ({}), ESS ≥ {} ({}), {} divergent",
        c.chains,
        count(c.draws),
        Digits::Decimals(3).write(c.max_r_hat.0),
        c.max_r_hat.1,
        plain_count(c.min_ess_bulk.0.min(c.min_ess_tail.0)),
        if c.min_ess_bulk.0 <= c.min_ess_tail.0 { &c.min_ess_bulk.1 } else { &c.min_ess_tail.1 },
        c.divergences,
    );
    let figures = match fit.report.nature() {
        // R-hat of independent draws says nothing.
        Some(nature) => format!("{nature} ({} draws)", count(c.chains * c.draws)),
        None => figures,
    };
    let words = match (fit.converged(), &fit.report) {
        (true, Report::Nuts | Report::Gibbs) => Style::Green.paint("converged:"),
        (true, Report::Ridge(_)) => Style::Green.paint("estimated:"),
        (true, Report::Laplace { .. }) => Style::Yellow.paint("approximated:"),
        (false, Report::Laplace { .. }) => {
            Style::Red.paint("NOT A GOOD APPROXIMATION, do not use these numbers:")
        }
        (false, _) => Style::Red.paint("NOT CONVERGED, do not use these numbers yet:"),
    };
    terminal.say(&format!("{words} {figures}"));
    if let Report::Ridge(ridge) = &fit.report {
        terminal.say(&penalty(ridge));
    }
    show(terminal, &fit.warnings, &Sources::default());
}

/// How the penalty was found, in a sentence, and the transforms that were searched for.
fn penalty(ridge: &RidgeReport) -> String {
    let least = ridge.cross_validation.iter().map(|(_, error)| *error).fold(f64::INFINITY, f64::min);
    let kind = match ridge.kind {
        CrossValidation::Expanding => "expanding-window",
        CrossValidation::Contiguous => "contiguous",
    };
    let mut words = format!(
        "penalty {} by {kind} cross-validation over {} folds (RMSE {}), {} effective coefficients, blocks of {} periods",
        ridge.penalty,
        ridge.folds,
        plain(least),
        Digits::Decimals(1).write(ridge.degrees_of_freedom),
        ridge.block,
    );
    for found in &ridge.searched {
        let part = |name: &str, value: Option<f64>| value.map(|value| format!("{name} {}", plain(value)));
        let parts: Vec<String> =
            part("decay", found.decay).into_iter().chain(part("ec50", found.ec50)).collect();
        words += &format!("\n  {}: {}", found.channel, parts.join(", "));
    }
    words
}

fn plain_count(value: f64) -> String {
    if value.is_finite() { Digits::Decimals(0).write(value) } else { plain(value) }
}
