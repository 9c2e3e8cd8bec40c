//! Predictive checks as text: figures of the KPI beside predicted ones, histograms as bars, and what the prior foresees.

use crate::commands::tables::{interval_heading, range};
use crate::terminal::number::{Digits, amount, count, level as level_words, percent};
use crate::terminal::table::TextTable;
use wanamaker::posterior::interval::Interval;
use wanamaker::validation::predictive_check::{Bar, Compared, Figure, LEAST_P, PredictiveCheck};
use wanamaker::validation::prior_check::PriorCheck;

/// Characters of the longest bar.
const LONGEST: usize = 24;

/// A posterior predictive check.
pub fn check_text(found: &PredictiveCheck, level: f64) -> String {
    let interval = interval_heading(level);
    let mut table = TextTable::new(&["KPI by period", ">observed", ">predicted", &interval, ">p", ""]);
    for compared in &found.figures {
        table.row(compared_row(compared));
    }
    format!(
        "{}{} predictive draws of {} cells; p is two-sided, and below {LEAST_P} the model does not make what is seen.\n\n{}\n{}",
        table.render(),
        count(found.draws),
        count(found.cells),
        density_text(&found.density, level),
        pit_text(found),
    )
}

fn compared_row(compared: &Compared) -> [String; 6] {
    let name = match compared.figure {
        Figure::Mean => "mean",
        Figure::Sd => "standard deviation",
        Figure::Min => "smallest",
        Figure::Max => "greatest",
        Figure::Lag1 => "autocorrelation at lag 1",
        Figure::Skewness => "skewness",
        Figure::Outside95 => "outside their 95 % interval",
    };
    let Interval { mean, sd, lower, upper, .. } = compared.predicted;
    let share = compared.figure == Figure::Outside95;
    let digits = match Digits::for_spread(sd, mean) {
        _ if share => Digits::Decimals(1),
        Digits::Decimals(_) if mean.abs() >= 1000.0 => Digits::Decimals(0),
        digits => digits,
    };
    let unit = if share { 100.0 } else { 1.0 };
    let sign = if share { " %" } else { "" };
    [
        name.to_owned(),
        digits.write(unit * compared.observed) + sign,
        digits.write(unit * mean) + sign,
        range(digits, unit * lower, unit * upper) + sign,
        if compared.p < 0.001 { "< 0.001".to_owned() } else { Digits::Decimals(3).write(compared.p) },
        if compared.p < LEAST_P { "LOOK" } else { "" }.to_owned(),
    ]
}

/// The KPI in bars, with how many were predicted in each.
fn density_text(bars: &[Bar], level: f64) -> String {
    let interval = interval_heading(level);
    let mut table = TextTable::new(&["KPI from … to", ">periods", ">predicted", &interval, ""]);
    let tallest = bars.iter().map(|bar| bar.observed.max(bar.predicted.mean)).fold(0.0, f64::max);
    for bar in bars {
        let length = |share: f64| (share / tallest * LONGEST as f64).round() as usize;
        let (seen, foreseen) = (length(bar.observed), length(bar.predicted.mean));
        // The bar is what was seen, the mark what was predicted.
        let mut drawn: Vec<char> = "█".repeat(seen).chars().collect();
        drawn.resize(drawn.len().max(foreseen + 1), ' ');
        drawn[foreseen] = '│';
        let one = |share: f64| Digits::Decimals(1).write(100.0 * share);
        table.row([
            format!("{} … {}", amount(bar.from), amount(bar.to)),
            percent(bar.observed),
            percent(bar.predicted.mean),
            format!("{} … {} %", one(bar.predicted.lower), one(bar.predicted.upper)),
            drawn.into_iter().collect::<String>().trim_end().to_owned(),
        ]);
    }
    table.render() + "Bars are what was seen, │ is what was predicted.\n"
}

fn pit_text(found: &PredictiveCheck) -> String {
    let (low, high) = found.pit_expected;
    let tallest = found.pit.iter().copied().max().unwrap_or(1).max(high);
    let mut text = format!(
        "cells by where they fall in their predictive distribution ({}–{} of {} expected in all tenths)\n",
        count(low),
        count(high),
        count(found.cells)
    );
    for (k, cells) in found.pit.iter().enumerate() {
        let length = (*cells as f64 / tallest as f64 * LONGEST as f64).round() as usize;
        let mark = if (low..=high).contains(cells) { "" } else { " *" };
        text += &format!(
            "{:>4}–{:<3} % {:>6} {}{mark}\n",
            10 * k,
            10 * (k + 1),
            count(*cells),
            "█".repeat(length)
        );
    }
    let shape = match shape_of(&found.pit, high) {
        Some(shape) => format!("{shape}\n"),
        None => String::new(),
    };
    text + &shape
}

/// What too many cells at the ends, in the middle or on one side mean.
fn shape_of(pit: &[usize], most: usize) -> Option<&'static str> {
    let (first, last) = (pit.first()?, pit.last()?);
    match (*first > most, *last > most) {
        (true, true) => Some("Too many at both ends: intervals are too narrow."),
        (true, false) => Some("Too many at the low end: predictions lie too high."),
        (false, true) => Some("Too many at the high end: predictions lie too low."),
        (false, false) => {
            pit.iter().any(|cells| *cells > most).then_some("Too many in the middle: intervals are too wide.")
        }
    }
}

/// What the prior thinks possible.
pub fn prior_text(found: &PriorCheck, level: f64) -> String {
    let interval = interval_heading(level);
    let mut kpi = TextTable::new(&["the KPI before it is seen", ">yours", ">prior median", &interval]);
    for (name, own, prior) in
        [("mean", found.observed_mean, &found.mean), ("standard deviation", found.observed_sd, &found.sd)]
    {
        let digits = Digits::for_size(own);
        kpi.row([
            name.to_owned(),
            amount(own),
            amount(prior.median),
            match digits {
                Digits::Decimals(_) => format!("{} … {}", amount(prior.lower), amount(prior.upper)),
                digits => range(digits, prior.lower, prior.upper),
            },
        ]);
    }
    let mut media = TextTable::new(&[
        "what media bring before it is seen",
        ">ROAS, median",
        &interval,
        ">of your KPI",
        &interval,
    ]);
    let share = |share: &Interval| {
        let one = |x: f64| Digits::Decimals(1).write(100.0 * x);
        [percent(share.median), format!("{} … {}", one(share.lower), one(share.upper))]
    };
    for channel in &found.channels {
        let roas = channel.roas.as_ref().map_or(["–".to_owned(), String::new()], |roas| {
            let digits = Digits::for_spread(0.25 * (roas.upper - roas.lower), roas.median);
            [digits.write(roas.median), range(digits, roas.lower, roas.upper)]
        });
        media.row(std::iter::once(channel.name.clone()).chain(roas).chain(share(&channel.share)));
    }
    media.row(
        ["all media".to_owned(), String::new(), String::new()].into_iter().chain(share(&found.media_share)),
    );
    format!(
        "{} markets drawn from the prior on your own spend, controls and calendar{}\n\n{}\n{}\nBelow zero: {} of the KPI. Ten times your KPI or more: {} of markets. Media above your whole KPI: {} of markets.\nIntervals are equal-tailed and hold {} of the prior.\n",
        count(found.markets),
        match found.impossible {
            0 => String::new(),
            n => format!("; {} have no KPI at all", count(n)),
        },
        kpi.render(),
        media.render(),
        percent(found.negative_cells),
        percent(found.beyond_ten),
        percent(found.media_beyond_kpi),
        level_words(level),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_a_pit_name_what_is_wrong() {
        assert_eq!(shape_of(&[5, 5, 5], 9), None);
        assert!(shape_of(&[12, 5, 12], 9).unwrap().contains("too narrow"));
        assert!(shape_of(&[12, 5, 1], 9).unwrap().contains("too high"));
        assert!(shape_of(&[1, 5, 12], 9).unwrap().contains("too low"));
        assert!(shape_of(&[1, 12, 1], 9).unwrap().contains("too wide"));
    }
}
