//! Looks a panel over before any model is fitted: how much data, what says the same, what hardly moves.

use super::cell::{counted, shown};
use super::panel::{Media, Panel};
use crate::problem::{Place, Problem, Problems};
use crate::statistics::collinearity::{correlations, standardized, variance_inflation};

/// Fewer observed cells than this cannot carry any model.
const FEWEST_CELLS: usize = 10;
/// Observed cells per estimated effect below which priors do most of the work.
const CELLS_PER_EFFECT: usize = 10;
/// Correlation from which two series cannot be told apart.
const SAME: f64 = 0.999;
/// Correlation worth a look.
const SIMILAR: f64 = 0.9;
/// Variance inflation worth a look.
const HIGH_VIF: f64 = 10.0;
/// Share of periods without pressure from which a channel is called dark.
const DARK: f64 = 0.9;
/// Coefficient of variation below which a channel hardly moves.
const FLAT: f64 = 0.1;
/// Distance from the median in robust standard deviations from which a KPI value is an outlier.
const OUTLIER: f64 = 5.0;

/// What stands out in a panel: errors where nothing can be estimated, attentions where a result would be in doubt,
/// infos otherwise. Every message holds its numbers.
///
/// | check | error | attention |
/// |---|---|---|
/// | observed cells | fewer than 10, or no more than effects | fewer than 10 per effect; less than a year |
/// | correlation of two series | > .999 | > .9 |
/// | variance inflation | | > 10 |
/// | dark channel | | zero in 90 % of cells or more |
/// | flat channel | | standard deviation below 10 % of the mean |
/// | spend without exposure, exposure without spend | | any cell |
/// | KPI | | 5 robust standard deviations off the median; more than 10 % missing |
pub fn review(panel: &Panel) -> Problems {
    let mut found = Problems::new();
    amount(panel, &mut found);
    kpi(panel, &mut found);
    for media in panel.media.iter().chain(&panel.organic) {
        channel(panel, media, &mut found);
        spend_and_exposure(panel, media, &mut found);
    }
    scales(panel, &mut found);
    same(panel, &mut found);
    found
}

fn place(panel: &Panel) -> Place {
    Place::file(&panel.source)
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

fn n_effects(panel: &Panel) -> usize {
    panel.media.len()
        + panel.organic.len()
        + panel.treatments.len()
        + panel.controls.len()
        + panel.events.len()
        + 1
}

fn amount(panel: &Panel, found: &mut Problems) {
    let n = panel.kpi.values.iter().filter(|y| !y.is_nan()).count();
    let (n_effects, unit) = (n_effects(panel), panel.calendar.spacing().name());
    let cells = counted(n, "observed cell");
    if n < FEWEST_CELLS || n <= n_effects {
        let message = format!("{cells} of the KPI cannot carry {} to estimate", counted(n_effects, "effect"));
        found.push(
            Problem::error("data.too_few_periods", place(panel), message)
                .hint("collect more periods or geos, or leave out channels and controls"),
        );
    } else if n < CELLS_PER_EFFECT * n_effects {
        let ratio = n as f64 / n_effects as f64;
        let message = format!(
            "{cells} for {} are {ratio:.1} per effect; priors will do much of the work below {CELLS_PER_EFFECT}",
            counted(n_effects, "effect")
        );
        found.push(
            Problem::attention("data.few_periods", place(panel), message)
                .hint("collect more periods or geos, join channels, or state priors you believe in"),
        );
    }
    let days = panel.calendar.spacing().mean_days() * (panel.n_times() - panel.n_history) as f64;
    if days < 365.0 {
        let message = format!(
            "{} cover {days:.0} days, less than a year: a season cannot be told from a trend",
            counted(panel.n_times() - panel.n_history, unit)
        );
        found.push(
            Problem::attention("data.less_than_a_year", place(panel), message)
                .hint("leave yearly seasonality out, or collect two years"),
        );
    }
}

fn kpi(panel: &Panel, found: &mut Problems) {
    let n_times = panel.n_times();
    let fitted = (0..panel.n_cells()).filter(|cell| cell % n_times >= panel.n_history);
    let (cells, missing): (Vec<usize>, Vec<usize>) =
        fitted.partition(|cell| !panel.kpi.values[*cell].is_nan());
    let share = missing.len() as f64 / (cells.len() + missing.len()).max(1) as f64;
    if share > 0.1 {
        let message = format!("KPI `{}` is missing in {} of its cells", panel.kpi.name, percent(share));
        found.push(
            Problem::attention("data.kpi_often_missing", place(panel), message)
                .hint("check the join that made the data"),
        );
    }
    for geo in 0..panel.n_geos() {
        let of_geo: Vec<usize> = cells.iter().copied().filter(|cell| cell / n_times == geo).collect();
        outliers(panel, geo, &of_geo, found);
    }
}

/// Robust z-score: `(y − median) / (1.4826 · median |y − median|)`.
fn outliers(panel: &Panel, geo: usize, cells: &[usize], found: &mut Problems) {
    let y: Vec<f64> = cells.iter().map(|cell| panel.kpi.values[*cell]).collect();
    let middle = median(&y);
    let spread = 1.4826 * median(&y.iter().map(|y| (y - middle).abs()).collect::<Vec<_>>());
    if spread.is_nan() || spread <= 0.0 {
        return;
    }
    let score = |y: f64| (y - middle) / spread;
    let far: Vec<usize> = (0..y.len()).filter(|i| score(y[*i]).abs() > OUTLIER).collect();
    let Some(&worst) = far.iter().max_by(|a, b| score(y[**a]).abs().total_cmp(&score(y[**b]).abs())) else {
        return;
    };
    let date = panel.calendar.date(cells[worst] % panel.n_times());
    let in_geo = if panel.n_geos() > 1 { format!(" in geo `{}`", panel.geos[geo]) } else { String::new() };
    let message = format!(
        "KPI `{}` lies far off its median {} in {}{in_geo}, farthest on {date}: {}, {:.1} robust standard deviations",
        panel.kpi.name,
        shown(middle),
        counted(far.len(), panel.calendar.spacing().name()),
        shown(y[worst]),
        score(y[worst])
    );
    found.push(
        Problem::attention("data.kpi_outlier", place(panel), message)
            .hint("name what happened as an event, or use the student_t likelihood"),
    );
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]),
    }
}

fn channel(panel: &Panel, media: &Media, found: &mut Problems) {
    let n = media.exposure.len() as f64;
    let dark = media.exposure.iter().filter(|x| **x == 0.0).count() as f64 / n;
    if dark >= DARK {
        let message = format!("channel `{}` is zero in {} of its cells", media.name, percent(dark));
        found.push(
            Problem::attention("data.dark_channel", place(panel), message)
                .hint("join it with a similar channel, or expect a wide interval"),
        );
    }
    let mean = media.exposure.iter().sum::<f64>() / n;
    let variance = media.exposure.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    let variation = variance.sqrt() / mean;
    if variation < FLAT {
        let message = format!(
            "channel `{}` hardly moves: its standard deviation is {} of its mean {}",
            media.name,
            percent(variation),
            shown(mean)
        );
        found.push(
            Problem::attention("data.flat_channel", place(panel), message)
                .hint("its effect cannot be told from the baseline; vary its spend, or state a prior from an experiment"),
        );
    }
}

fn spend_and_exposure(panel: &Panel, media: &Media, found: &mut Problems) {
    let Some(spend) = &media.spend else { return };
    let pairs = || spend.iter().zip(&media.exposure);
    let paid_for_nothing = pairs().filter(|(spend, x)| **spend > 0.0 && **x == 0.0).count();
    let free = pairs().filter(|(spend, x)| **spend == 0.0 && **x > 0.0).count();
    let kinds = [
        (paid_for_nothing, "data.spend_without_exposure", "spend but no exposure"),
        (free, "data.exposure_without_spend", "exposure but no spend"),
    ];
    for (n, code, what) in kinds.into_iter().filter(|(n, ..)| *n > 0) {
        let message =
            format!("channel `{}` has {what} in {} of {}", media.name, n, counted(spend.len(), "cell"));
        found.push(
            Problem::attention(code, place(panel), message)
                .hint("check that both are booked in the period they ran in"),
        );
    }
}

/// Channels on very different scales are no fault, but often a mix-up of units.
fn scales(panel: &Panel, found: &mut Problems) {
    let mut sizes: Vec<(f64, &str)> = Vec::new();
    for media in &panel.media {
        let Some(spend) = &media.spend else { continue };
        let total: f64 = spend.iter().sum();
        if total > 0.0 {
            sizes.push((total, &media.name));
        }
    }
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (Some(least), Some(most)) = (sizes.first(), sizes.last()) else { return };
    let ratio = most.0 / least.0;
    if ratio > 1000.0 {
        let message = format!(
            "channel `{}` spends {ratio:.0} times as much as `{}` ({} against {})",
            most.1,
            least.1,
            shown(most.0),
            shown(least.0)
        );
        found.push(
            Problem::info("data.different_scales", place(panel), message)
                .hint("check that all spend is in one currency unit"),
        );
    }
}

/// The series whose effects are estimated side by side, standardized; constant ones are left out.
fn regressors(panel: &Panel) -> (Vec<String>, Vec<Vec<f64>>) {
    let n_times = panel.n_times();
    let media =
        panel.media.iter().chain(&panel.organic).map(|m| (format!("channel `{}`", m.name), &m.exposure));
    let treatments = panel.treatments.iter().map(|s| (format!("treatment `{}`", s.name), &s.values));
    let controls = panel.controls.iter().map(|s| (format!("control `{}`", s.name), &s.values));
    let events = panel.events.iter().map(|e| (format!("event `{}`", e.name), &e.values));
    let observed: Vec<usize> = (0..panel.n_cells())
        .filter(|c| c % n_times >= panel.n_history && !panel.kpi.values[*c].is_nan())
        .collect();
    let all = media.chain(treatments).chain(controls).chain(events);
    let kept = all.filter_map(|(name, values)| {
        let seen: Vec<f64> = observed.iter().map(|cell| values[*cell]).collect();
        Some((name, standardized(&seen)?))
    });
    kept.unzip()
}

fn same(panel: &Panel, found: &mut Problems) {
    let (names, series) = regressors(panel);
    let p = names.len();
    let r = correlations(&series);
    let mut is_paired = vec![false; p];
    for i in 0..p {
        for j in 0..i {
            let value = r[i * p + j];
            if value.abs() > SIMILAR {
                is_paired[i] |= value.abs() > SAME;
                found.push(pair(panel, &names[j], &names[i], value));
            }
        }
    }
    for (i, factor) in variance_inflation(&r, p).into_iter().enumerate() {
        if factor > HIGH_VIF && !is_paired[i] {
            found.push(inflated(panel, &names, &r, i, factor));
        }
    }
}

fn pair(panel: &Panel, one: &str, other: &str, r: f64) -> Problem {
    if r.abs() > SAME {
        let message =
            format!("{one} and {other} move as one (r = {r:.4}): their effects cannot be told apart");
        return Problem::error("data.collinear_pair", place(panel), message)
            .hint("leave one out, or join the two into one channel");
    }
    let message = format!("{one} and {other} move much alike (r = {r:.3})");
    Problem::attention("data.similar_pair", place(panel), message).hint(
        "their effects will be hard to tell apart; a prior from an experiment on one of them helps both",
    )
}

fn inflated(panel: &Panel, names: &[String], r: &[f64], i: usize, factor: f64) -> Problem {
    let p = names.len();
    let partner = (0..p).filter(|j| *j != i).max_by(|a, b| r[i * p + a].abs().total_cmp(&r[i * p + b].abs()));
    let nearest =
        partner.map_or(String::new(), |j| format!("; nearest is {} (r = {:.3})", names[j], r[i * p + j]));
    let message = if factor.is_finite() {
        format!("{} is largely explained by the others together (VIF = {factor:.1}){nearest}", names[i])
    } else {
        format!("{} is an exact combination of the others{nearest}", names[i])
    };
    Problem::attention("data.high_vif", place(panel), message)
        .hint("leave out or join series that say the same, or expect wide intervals")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::calendar::{Calendar, Spacing};
    use crate::data::panel::Series;
    use crate::problem::Severity::{self, Attention, Error, Info};

    /// Three channels and a control that have nothing to do with each other.
    fn panel(n: usize) -> Panel {
        let wave = |step: f64| -> Vec<f64> { (0..n).map(|t| 10.0 + 5.0 * (step * t as f64).sin()).collect() };
        let media = |name: &str, exposure: Vec<f64>| Media {
            name: name.into(),
            spend: Some(exposure.clone()),
            exposure,
        };
        let series = |name: &str, values: Vec<f64>| Series { name: name.into(), values };
        Panel {
            source: "f.csv".into(),
            geos: vec!["national".into()],
            has_geo: false,
            calendar: Calendar::new(jiff::civil::date(2024, 1, 1), Spacing::Days(7), n),
            population: vec![1.0],
            kpi: series("sales", wave(0.31)),
            revenue_per_kpi: None,
            media: vec![media("tv", wave(1.1)), media("radio", wave(2.3)), media("search", wave(0.77))],
            organic: Vec::new(),
            treatments: Vec::new(),
            controls: vec![series("price", wave(1.9))],
            events: Vec::new(),
            n_history: 0,
        }
    }

    fn check(panel: &Panel, expected: &[(&str, Severity, &str)]) {
        let found = review(panel);
        let seen: Vec<_> = found.iter().map(|problem| (problem.code, problem.severity)).collect();
        let wanted: Vec<_> = expected.iter().map(|(code, severity, _)| (*code, *severity)).collect();
        assert_eq!(seen, wanted, "{found}");
        for (problem, (_, _, part)) in found.iter().zip(expected) {
            assert!(problem.message.contains(part) && problem.hint.is_some(), "{problem}");
        }
    }

    #[test]
    fn a_plain_panel_passes() {
        check(&panel(104), &[]);
    }

    #[test]
    fn few_periods_are_an_error_or_a_doubt_by_their_count() {
        check(
            &panel(5),
            &[
                ("data.too_few_periods", Error, "5 observed cells"),
                ("data.less_than_a_year", Attention, "35 days"),
            ],
        );
        check(
            &panel(10),
            &[
                ("data.few_periods", Attention, "2.0 per effect"),
                ("data.less_than_a_year", Attention, "70 days"),
            ],
        );
    }

    #[test]
    fn series_that_say_the_same_are_named_with_their_correlation() {
        let mut same = panel(104);
        same.media[1].exposure = same.media[0].exposure.iter().map(|x| 3.0 * x).collect();
        same.media[1].spend = None;
        check(
            &same,
            &[("data.collinear_pair", Error, "channel `tv` and channel `radio` move as one (r = 1.0000)")],
        );
        let mut alike = panel(104);
        for t in 0..104 {
            alike.media[1].exposure[t] = alike.media[0].exposure[t] + 0.3 * alike.media[1].exposure[t];
        }
        alike.media[1].spend = None;
        check(
            &alike,
            &[
                ("data.similar_pair", Attention, "r = 0.9"),
                ("data.high_vif", Attention, "channel `tv`"),
                ("data.high_vif", Attention, "channel `radio`"),
            ],
        );
        let mut sum = panel(104);
        for t in 0..104 {
            sum.controls[0].values[t] =
                sum.media[0].exposure[t] - 2.0 * sum.media[2].exposure[t] + sum.media[1].exposure[t];
        }
        check(&sum, &[("data.high_vif", Attention, "control `price` is an exact combination of the others")]);
    }

    #[test]
    fn channels_that_rest_or_stand_still_and_odd_bookings_are_counted() {
        let mut odd = panel(104);
        odd.media[0].exposure.iter_mut().skip(8).for_each(|x| *x = 0.0);
        odd.media[0].spend = Some(vec![1.0; 104]);
        odd.media[1].exposure.iter_mut().for_each(|x| *x += 1000.0);
        odd.media[1].spend = Some(vec![1e6; 104]);
        check(
            &odd,
            &[
                ("data.dark_channel", Attention, "92.3 %"),
                ("data.spend_without_exposure", Attention, "in 96 of 104 cells"),
                ("data.flat_channel", Attention, "of its mean 1010"),
                ("data.different_scales", Info, "1000000 times"),
            ],
        );
    }

    #[test]
    fn kpi_outliers_and_holes_are_told_with_their_dates_and_shares() {
        let mut odd = panel(104);
        odd.kpi.values[7] = 90.0;
        odd.kpi.values[20..40].fill(f64::NAN);
        check(
            &odd,
            &[
                ("data.kpi_often_missing", Attention, "19.2 %"),
                ("data.kpi_outlier", Attention, "in 1 week, farthest on 2024-02-19: 90"),
            ],
        );
    }
}
