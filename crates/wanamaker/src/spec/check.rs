//! What a filled spec may not say, by itself and against the data.

use super::pooling::Pooling;
use super::{
    AdstockKind, ChannelSpec, DayOfWeek, EffectSpec, EngineName, InfiniteWord, LikelihoodKind, Link,
    MediaMode, ModelSpec, Scale, ScaleWord, TrendKind, WindowSpec,
};
use crate::data::calendar::Spacing;
use crate::data::panel::Panel;
use crate::problem::{Place, Problem, Problems};

/// Everything that is wrong with a filled spec whatever the data are.
pub fn check(spec: &ModelSpec) -> Problems {
    let mut found = Found::default();
    found.missing(spec.data.kpi.is_empty(), "data.kpi", "the column of the outcome", "kpi = \"revenue\"");
    if spec.channel.is_empty() && spec.organic.is_empty() {
        found.error(
            "spec.no_channel",
            "channel",
            "the spec names no media channel",
            "add a [[channel]] with a name and its spend column",
        );
    }
    names(spec, &mut found);
    for (i, channel) in spec.channel.iter().enumerate() {
        check_channel(channel, spec, &format!("channel[{i}]"), true, &mut found);
    }
    for (i, channel) in spec.organic.iter().enumerate() {
        check_channel(channel, spec, &format!("organic[{i}]"), false, &mut found);
    }
    for (i, control) in spec.control.iter().enumerate() {
        found.missing(
            control.column.is_empty(),
            &format!("control[{i}].column"),
            "a control's column",
            "column = \"price\"",
        );
    }
    for (i, treatment) in spec.treatment.iter().enumerate() {
        let key = format!("treatment[{i}].column");
        found.missing(treatment.column.is_empty(), &key, "a treatment's column", "column = \"price\"");
    }
    baseline(spec, &mut found);
    outcome(spec, &mut found);
    scaling(spec, &mut found);
    sampler(spec, &mut found);
    found.problems
}

#[derive(Default)]
struct Found {
    problems: Problems,
}

impl Found {
    fn error(&mut self, code: &'static str, key: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(Problem::error(code, Place::key(key), message).hint(hint));
    }

    fn missing(&mut self, is_missing: bool, key: &str, what: &str, example: &str) {
        if is_missing {
            self.error(
                "spec.missing_key",
                key,
                format!("{what} is not said"),
                format!("write e.g. {example}"),
            );
        }
    }

    fn unless(&mut self, holds: bool, key: &str, message: impl Into<String>, hint: &str) {
        if !holds {
            self.error("spec.invalid_value", key, message, hint);
        }
    }
}

fn names(spec: &ModelSpec, found: &mut Found) {
    let channels =
        spec.channel.iter().enumerate().map(|(i, c)| (c.name.as_str(), format!("channel[{i}].name")));
    let organic =
        spec.organic.iter().enumerate().map(|(i, c)| (c.name.as_str(), format!("organic[{i}].name")));
    unique(channels.chain(organic), "channel", found);
    let controls = spec.control.iter().enumerate();
    unique(
        controls.map(|(i, c)| (c.name.as_deref().unwrap_or(&c.column), format!("control[{i}]"))),
        "control",
        found,
    );
    let treatments = spec.treatment.iter().enumerate();
    unique(
        treatments.map(|(i, t)| (t.name.as_deref().unwrap_or(&t.column), format!("treatment[{i}]"))),
        "treatment",
        found,
    );
    let events = spec.baseline.events.iter().flatten().enumerate();
    unique(
        events.filter_map(|(i, e)| e.name.as_deref().map(|name| (name, format!("baseline.events[{i}]")))),
        "event",
        found,
    );
    let columns: Vec<(&str, String)> = spec
        .channel
        .iter()
        .enumerate()
        .flat_map(|(i, c)| {
            let own = [(c.exposure.as_deref().or(c.spend.as_deref()), "exposure")];
            own.into_iter().filter_map(move |(column, word)| {
                column.map(|column| (column, format!("channel[{i}].{word}")))
            })
        })
        .chain(
            spec.control.iter().enumerate().map(|(i, c)| (c.column.as_str(), format!("control[{i}].column"))),
        )
        .collect();
    for (i, (column, key)) in columns.iter().enumerate() {
        if let Some((_, first)) = columns[..i].iter().find(|(other, _)| other == column && !column.is_empty())
        {
            let message = format!("the column `{column}` is used twice: here and in {first}");
            found.error(
                "spec.column_used_twice",
                key,
                message,
                "one column can drive only one part of the model",
            );
        }
    }
}

fn unique<'a>(names: impl Iterator<Item = (&'a str, String)>, what: &str, found: &mut Found) {
    let mut seen: Vec<(&str, String)> = Vec::new();
    for (name, key) in names {
        if name.contains(['[', ']', ',']) {
            let message = format!("the {what} name `{name}` holds a bracket or a comma");
            found.error(
                "spec.invalid_name",
                &key,
                message,
                "parameter names are written like decay[tv]; choose a plain name",
            );
        }
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == name && !name.is_empty()) {
            let message = format!("the {what} name `{name}` is taken already by {first}");
            found.error("spec.duplicate_name", &key, message, format!("give each {what} its own name"));
        }
        seen.push((name, key));
    }
}

fn check_channel(channel: &ChannelSpec, spec: &ModelSpec, key: &str, paid: bool, found: &mut Found) {
    found.missing(channel.name.is_empty(), &format!("{key}.name"), "a channel's name", "name = \"tv\"");
    let has_columns = channel.spend.is_some() || channel.exposure.is_some() || channel.reach.is_some();
    let word = if paid { "spend = \"tv_spend\"" } else { "exposure = \"newsletter\"" };
    found.missing(!has_columns, key, &format!("the column of channel `{}`", channel.name), word);
    if !paid && channel.spend.is_some() {
        let message = format!("organic channel `{}` has a spend column", channel.name);
        found.error(
            "spec.organic_spend",
            &format!("{key}.spend"),
            message,
            "make it a [[channel]], or use `exposure`",
        );
    }
    if channel.reach.is_some() != channel.frequency.is_some() {
        let message = format!("channel `{}` needs both `reach` and `frequency`, or neither", channel.name);
        found.error("spec.reach_frequency", key, message, "exposure is their product");
    }
    if let Some(adstock) = &channel.adstock {
        let infinite = adstock.l_max == Some(WindowSpec::Word(InfiniteWord::Infinite));
        found.unless(
            !(infinite && adstock.kind != AdstockKind::Geometric),
            &format!("{key}.adstock.l_max"),
            "only the geometric adstock can be infinite",
            "give a number of periods, e.g. l_max = 13",
        );
        found.unless(
            !(infinite && adstock.normalize == Some(true)),
            &format!("{key}.adstock.normalize"),
            "the infinite recursion has no window to normalise over",
            "remove `normalize`, or give l_max a number",
        );
        if let Some(WindowSpec::Periods(periods)) = adstock.l_max {
            found.unless(
                (1..=1000).contains(&periods),
                &format!("{key}.adstock.l_max"),
                format!("l_max = {periods} is not between 1 and 1000 periods"),
                "it is the number of periods that one period of advertising works on",
            );
        }
        not_pooled(adstock.pooling.as_ref(), &format!("{key}.adstock.pooling"), found);
    }
    if let Some(saturation) = &channel.saturation {
        not_pooled(saturation.pooling.as_ref(), &format!("{key}.saturation.pooling"), found);
    }
    if let Some(effect) = &channel.effect {
        check_effect(channel, effect, spec, key, found);
    }
}

fn not_pooled(pooling: Option<&Pooling>, key: &str, found: &mut Found) {
    if matches!(pooling, Some(Pooling::Pooled { .. })) {
        let message = "the shape of a transform can be shared or independent by geo, not pooled";
        found.error(
            "spec.pooling",
            key,
            message,
            "pool the effect instead: effect = { …, pooling = \"pooled\" }",
        );
    }
}

fn check_effect(channel: &ChannelSpec, effect: &EffectSpec, spec: &ModelSpec, key: &str, found: &mut Found) {
    let key = format!("{key}.effect");
    let stated =
        [&effect.beta, &effect.roas, &effect.contribution_share].iter().filter(|p| p.is_some()).count();
    found.unless(
        stated == 1,
        &key,
        format!("the effect of channel `{}` needs exactly one prior, not {stated}", channel.name),
        "state one of beta, roas and contribution_share",
    );
    let money = effect.roas.is_some() || effect.contribution_share.is_some();
    if effect.roas.is_some() && channel.spend.is_none() {
        let message = format!("channel `{}` has a prior on its ROAS but no spend column", channel.name);
        found.error(
            "spec.roas_without_spend",
            &key,
            message,
            "name its `spend`, or state contribution_share or beta",
        );
    }
    if money && spec.outcome.link == Some(Link::Log) {
        let message =
            "roas and contribution_share need the identity link: on the log scale parts do not add up";
        found.error("spec.money_on_log_link", &key, message, "state the effect as beta");
    }
}

fn baseline(spec: &ModelSpec, found: &mut Found) {
    let b = &spec.baseline;
    for (i, wave) in b.seasonality.iter().flatten().enumerate() {
        let key = format!("baseline.seasonality[{i}]");
        found.unless(
            (1..=100).contains(&wave.order),
            &format!("{key}.order"),
            format!("order = {} is not between 1 and 100", wave.order),
            "3 is a good start for a year",
        );
        let days = wave.period.days();
        found.unless(
            days.is_finite() && days > 0.0,
            &format!("{key}.period"),
            format!("a wave of {days} days has no length"),
            "write \"year\", \"month\", \"week\" or days > 0",
        );
    }
    if let Some(trend) = &b.trend {
        let n = trend.changepoints.unwrap_or(1);
        found.unless(
            trend.kind != TrendKind::Piecewise || (1..=200).contains(&n),
            "baseline.trend.changepoints",
            format!("{n} changepoints are not between 1 and 200"),
            "use kind = \"linear\" for none",
        );
        let n = trend.knots.unwrap_or(2);
        found.unless(
            trend.kind != TrendKind::Knots || (2..=1000).contains(&n),
            "baseline.trend.knots",
            format!("{n} knots are not between 2 and 1000"),
            "two knots are a straight line",
        );
    }
    for (i, event) in b.events.iter().flatten().enumerate() {
        let key = format!("baseline.events[{i}]");
        let by_dates = event.name.is_some() || !event.dates.is_empty();
        if by_dates == event.column.is_some() {
            found.error(
                "spec.event",
                &key,
                "an event needs either a name and dates, or a column",
                "e.g. { name = \"black_friday\", dates = [\"2024-11-29\"] } or { column = \"events\" }",
            );
        } else if by_dates {
            found.missing(
                event.name.as_deref().unwrap_or("").is_empty(),
                &format!("{key}.name"),
                "an event's name",
                "name = \"black_friday\"",
            );
            found.missing(
                event.dates.is_empty(),
                &format!("{key}.dates"),
                "an event's dates",
                "dates = [\"2024-11-29\"]",
            );
        }
        if let Some([before, after]) = event.window {
            found.unless(
                before.max(after) <= 366,
                &format!("{key}.window"),
                "a window reaches at most 366 days",
                "it counts days before and after",
            );
        }
    }
}

fn outcome(spec: &ModelSpec, found: &mut Found) {
    let o = &spec.outcome;
    let likelihood = o.likelihood.unwrap_or_default();
    let log = o.link == Some(Link::Log);
    found.unless(
        log || likelihood != LikelihoodKind::LogNormal,
        "outcome.likelihood",
        "the log-normal likelihood needs the log link",
        "set link = \"log\"",
    );
    found.unless(
        !(log && o.media == Some(MediaMode::TimesIntercept)),
        "outcome.media",
        "media times intercept needs the identity link",
        "on the log scale effects multiply already",
    );
    let counts = matches!(likelihood, LikelihoodKind::NegativeBinomial | LikelihoodKind::Poisson);
    let scaled = spec.scaling.kpi.is_some_and(|scale| scale != Scale::Word(ScaleWord::None))
        || spec.scaling.per_capita == Some(true);
    found.unless(
        !(counts && scaled),
        "scaling.kpi",
        "a count likelihood needs the counts as they are",
        "set scaling.kpi = \"none\" and per_capita = false",
    );
    if o.sigma.is_some() && o.variance.is_some() {
        found.error(
            "spec.sigma_and_variance",
            "outcome.variance",
            "state either sigma or variance",
            "they are the same quantity",
        );
    }
}

fn scaling(spec: &ModelSpec, found: &mut Found) {
    let s = &spec.scaling;
    for (key, scale) in [("kpi", s.kpi), ("media", s.media), ("features", s.features), ("control", s.control)]
    {
        if let Some(Scale::Fixed(number)) = scale {
            found.unless(
                number.is_finite() && number > 0.0,
                &format!("scaling.{key}"),
                format!("a divisor must be positive, not {number}"),
                "write \"none\" to leave the numbers as they are",
            );
        }
    }
}

fn sampler(spec: &ModelSpec, found: &mut Found) {
    let s = &spec.sampler;
    let mut range = |key: &str, value: Option<usize>, least: usize, most: usize, hint: &str| {
        let n = value.unwrap_or(least);
        found.unless(
            (least..=most).contains(&n),
            &format!("sampler.{key}"),
            format!("{key} = {n} is not between {least} and {most}"),
            hint,
        );
    };
    range("chains", s.chains, 1, 1000, "four is a good number");
    range("draws", s.draws, 4, 1_000_000, "1000 per chain is a good number");
    range("tune", s.tune, 20, 1_000_000, "1000 per chain is a good number");
    range("thin", s.thin, 1, 1000, "1 keeps every draw");
    if let Some(ridge) = &s.ridge {
        range("ridge.folds", Some(ridge.folds.unwrap_or(5)), 2, 100, "five is a good number");
        range("ridge.block", ridge.block, 1, 1000, "leave it out for the cube root of the number of periods");
    }
    range("max_depth", s.max_depth.map(|depth| depth as usize), 1, 20, "10 is a good number");
    let seed = s.seed.unwrap_or(0);
    found.unless(
        i64::try_from(seed).is_ok(),
        "sampler.seed",
        format!("seed = {seed} is above 2^63 − 1"),
        "any smaller number does as well",
    );
    let penalties = s.ridge.iter().flat_map(|ridge| &ridge.penalties);
    for penalty in penalties.filter(|penalty| !(penalty.is_finite() && **penalty > 0.0)) {
        found.error(
            "spec.invalid_value",
            "sampler.ridge.penalties",
            format!("a penalty must be positive, not {penalty}"),
            "0.01 to 100 are usual for standardised columns",
        );
    }
    let accept = s.target_accept.unwrap_or(0.8);
    found.unless(
        accept > 0.0 && accept < 1.0,
        "sampler.target_accept",
        format!("target_accept = {accept} is not between 0 and 1"),
        "0.8 to 0.95 are usual",
    );
    let goal = s.until.map_or(400.0, |until| until.ess);
    found.unless(
        goal.is_finite() && goal > 0.0,
        "sampler.until.ess",
        format!("ess = {goal} is not a positive number"),
        "400 is a good number",
    );
    let engine = s.engine.unwrap_or_default();
    found.unless(
        s.until.is_none() || engine == EngineName::Nuts,
        "sampler.until",
        format!("engine = \"{}\" makes all its draws; only nuts stops at a goal", engine.name()),
        "leave `until` out, or take engine = \"nuts\"",
    );
}

/// What the data cannot carry.
pub fn check_against(spec: &ModelSpec, panel: &Panel) -> Problems {
    let mut found = Found::default();
    let n = panel.n_times();
    let usable = n - panel.n_history.min(n);
    let holdout = spec.data.holdout.unwrap_or(0);
    if holdout + 2 > usable {
        let message = format!(
            "a holdout of {holdout} periods leaves {} of {usable} to learn from",
            usable.saturating_sub(holdout)
        );
        found.error(
            "spec.holdout",
            "data.holdout",
            message,
            "hold back the last few periods only, e.g. 8 weeks",
        );
        return found.problems;
    }
    let trains = |i: usize| i % n < n - holdout && panel.kpi.values[i].is_finite();
    let positive_needed = matches!(spec.outcome.link, Some(Link::Log)) && !is_count(spec);
    let faulty = |bad: &dyn Fn(f64) -> bool| {
        let cells: Vec<usize> =
            (0..panel.n_cells()).filter(|i| trains(*i) && bad(panel.kpi.values[*i])).collect();
        cells.first().map(|i| {
            (cells.len(), panel.calendar.date(i % n), panel.geos[i / n].clone(), panel.kpi.values[*i])
        })
    };
    let likelihood = spec.outcome.likelihood.unwrap_or_default();
    if positive_needed
        && likelihood == LikelihoodKind::LogNormal
        && let Some((count, date, geo, value)) = faulty(&|y| y <= 0.0)
    {
        let message = format!(
            "the log-normal likelihood needs a positive KPI; {count} cells are not, first {value} on {date} in {geo}"
        );
        found.error(
            "spec.kpi_not_positive",
            "outcome.likelihood",
            message,
            "use the identity link with likelihood = \"normal\"",
        );
    }
    if is_count(spec)
        && let Some((count, date, geo, value)) = faulty(&|y| y < 0.0 || y.fract() != 0.0)
    {
        let message = format!(
            "a count likelihood needs whole numbers ≥ 0; {count} cells are not, first {value} on {date} in {geo}"
        );
        found.error(
            "spec.kpi_not_counts",
            "outcome.likelihood",
            message,
            "use likelihood = \"normal\" or \"student_t\"",
        );
    }
    let daily = panel.calendar.spacing() == Spacing::Days(1);
    if matches!(spec.baseline.day_of_week, Some(DayOfWeek::Details(_))) && !daily {
        let message = format!(
            "day-of-week effects need daily data; the data are by {}",
            panel.calendar.spacing().name()
        );
        found.error("spec.day_of_week", "baseline.day_of_week", message, "set day_of_week = false");
    }
    for (i, wave) in spec.baseline.seasonality.iter().flatten().enumerate() {
        let (days, step) = (wave.period.days(), panel.calendar.spacing().mean_days());
        if days / wave.order.max(1) as f64 <= 2.0 * step * 0.999 {
            let message = format!(
                "a wave of {days} days with {} harmonics is faster than data by {} can show",
                wave.order,
                panel.calendar.spacing().name()
            );
            found.error(
                "spec.seasonality",
                &format!("baseline.seasonality[{i}]"),
                message,
                "lower its order, or drop it",
            );
        }
    }
    check_totals(spec, panel, &trains, &mut found);
    found.problems
}

fn is_count(spec: &ModelSpec) -> bool {
    matches!(spec.outcome.likelihood, Some(LikelihoodKind::NegativeBinomial | LikelihoodKind::Poisson))
}

/// Money figures need something to divide.
fn check_totals(spec: &ModelSpec, panel: &Panel, trains: &dyn Fn(usize) -> bool, found: &mut Found) {
    let sum = |values: &[f64]| -> f64 {
        values.iter().enumerate().filter(|(i, _)| trains(*i)).map(|(_, x)| x).sum()
    };
    let media =
        panel.media.iter().zip(spec.channel.iter().enumerate().map(|(i, c)| (c, format!("channel[{i}]"))));
    let organic =
        panel.organic.iter().zip(spec.organic.iter().enumerate().map(|(i, c)| (c, format!("organic[{i}]"))));
    for (series, (channel, key)) in media.chain(organic) {
        let Some(effect) = &channel.effect else { continue };
        if sum(&series.exposure) == 0.0 {
            let message = format!("channel `{}` has no exposure in the training window", channel.name);
            found.error("spec.dark_channel", &key, message, "remove the channel, or hold back fewer periods");
        } else if effect.roas.is_some() && series.spend.as_ref().is_some_and(|spend| sum(spend) == 0.0) {
            let message = format!(
                "channel `{}` has a prior on its ROAS but no spend in the training window",
                channel.name
            );
            found.error("spec.roas_without_spend", &key, message, "state contribution_share or beta instead");
        }
        if effect.contribution_share.is_some() && sum(&panel.kpi.values) <= 0.0 {
            let message = "contribution_share needs a KPI whose sum is positive";
            found.error(
                "spec.kpi_not_positive",
                &format!("{key}.effect"),
                message,
                "state the effect as beta",
            );
        }
    }
}
