//! The text of a new spec: TOML with a comment for each thing a reader will want to know or change.

use std::fmt::Write;
use wanamaker::data::guess::Guess;
use wanamaker::data::options::DataOptions;
use wanamaker::data::roles::{ExposureColumns, MediaColumns, NamedColumn};
use wanamaker::spec::PresetName;

/// What is known when a spec is begun.
pub struct Draft<'a> {
    /// Data file, seen from the folder of the spec.
    pub file: &'a str,
    /// Preset.
    pub preset: PresetName,
    /// Roles and reasons.
    pub guess: &'a Guess,
}

/// The commented TOML.
pub fn spec_text(draft: &Draft<'_>) -> String {
    let mut text = String::from(
        "# Written by `mmm init`: every column with the part it was taken for, and why. Mend what is wrong.\n\
         # `mmm check` reviews it, `mmm show-spec` prints what the preset fills in, `mmm fit` fits it.\n\n",
    );
    let preset = serde_json::to_value(draft.preset).unwrap_or_default();
    let _ = writeln!(
        text,
        "preset = {}  # standard, pymc-marketing, adelon, lite or ridge\n",
        quoted(preset.as_str().unwrap_or("standard"))
    );
    data(draft, &mut text);
    let roles = &draft.guess.roles;
    roles.media.iter().for_each(|media| channel(draft, "channel", media, &mut text));
    roles.organic.iter().for_each(|media| channel(draft, "organic", media, &mut text));
    roles.treatments.iter().for_each(|series| column(draft, "treatment", series, &mut text));
    roles.controls.iter().for_each(|series| column(draft, "control", series, &mut text));
    baseline(draft, &mut text);
    excluded(draft, &mut text);
    text
}

/// A TOML string; JSON's escapes are TOML's.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("text is JSON").replace('\u{7f}', "\\u007f")
}

/// `key = "column"  # why`.
fn line(draft: &Draft<'_>, key: &str, column: &str, text: &mut String) {
    let why = draft
        .guess
        .notes
        .iter()
        .find(|note| note.column == column)
        .map_or(String::new(), |note| comment(&note.why));
    let _ = writeln!(text, "{key} = {}{why}", quoted(column));
}

/// Comments end with their line, whatever a column is called.
fn comment(words: &str) -> String {
    format!("  # {}", words.replace(|c: char| c.is_control(), " "))
}

fn data(draft: &Draft<'_>, text: &mut String) {
    let roles = &draft.guess.roles;
    let _ = writeln!(text, "[data]\nfile = {}", quoted(draft.file));
    let _ = roles.time.as_ref().map(|column| line(draft, "time", column, text));
    line(draft, "kpi", &roles.kpi, text);
    if roles.revenue_per_kpi.is_some() {
        let _ = writeln!(text, "kpi_kind = \"count\"  # a count with a value, not money itself");
    }
    for (key, column) in
        [("revenue_per_kpi", &roles.revenue_per_kpi), ("geo", &roles.geo), ("population", &roles.population)]
    {
        let _ = column.as_ref().map(|column| line(draft, key, column, text));
    }
    text.push_str("# holdout = 8  # periods at the end to hold back and predict\n");
    options(&draft.guess.options, text);
    text.push('\n');
}

/// Formats that had to be recognised; nothing when the data speak for themselves.
fn options(options: &DataOptions, text: &mut String) {
    if *options == DataOptions::default() {
        return;
    }
    let Ok(serde_json::Value::Object(map)) = serde_json::to_value(options) else { return };
    text.push_str("\n[data.options]\n");
    for (key, value) in map.iter().filter(|(_, value)| !value.is_null()) {
        let _ = writeln!(text, "{key} = {value}");
    }
}

fn channel(draft: &Draft<'_>, kind: &str, media: &MediaColumns, text: &mut String) {
    let _ = writeln!(text, "[[{kind}]]\nname = {}", quoted(&media.name));
    if let Some(spend) = &media.spend {
        line(draft, "spend", spend, text);
    }
    match &media.exposure {
        ExposureColumns::One(column) if media.spend.as_ref() == Some(column) => {}
        ExposureColumns::One(column) => line(draft, "exposure", column, text),
        ExposureColumns::ReachFrequency { reach, frequency } => {
            line(draft, "reach", reach, text);
            line(draft, "frequency", frequency, text);
        }
    }
    text.push('\n');
}

fn column(draft: &Draft<'_>, kind: &str, series: &NamedColumn, text: &mut String) {
    let _ = writeln!(text, "[[{kind}]]");
    line(draft, "column", &series.column, text);
    if series.name != series.column {
        let _ = writeln!(text, "name = {}", quoted(&series.name));
    }
    text.push('\n');
}

fn baseline(draft: &Draft<'_>, text: &mut String) {
    text.push_str("[baseline]\n");
    if !draft.guess.roles.events.is_empty() {
        let events: Vec<String> = draft
            .guess
            .roles
            .events
            .iter()
            .map(|column| format!("{{ column = {} }}", quoted(column)))
            .collect();
        let _ = writeln!(text, "events = [{}]  # each distinct value is an event", events.join(", "));
    }
    text.push_str(
        "# The preset chooses these from the data; say one to choose it yourself.\n\
         # trend = { kind = \"piecewise\", changepoints = 6 }  # none, linear, piecewise, knots\n\
         # seasonality = [{ period = \"year\", order = 3 }]\n\
         # day_of_week = true  # for daily data\n\n",
    );
}

fn excluded(draft: &Draft<'_>, text: &mut String) {
    let roles = used(draft);
    let left: Vec<_> =
        draft.guess.notes.iter().filter(|note| !roles.contains(&note.column.as_str())).collect();
    if left.is_empty() {
        return;
    }
    text.push_str("# Columns left out:\n");
    for note in left {
        let _ = writeln!(
            text,
            "#   {}: {}",
            note.column.replace(|c: char| c.is_control(), " "),
            note.why.replace('\n', " ")
        );
    }
}

/// Every column that plays a part.
fn used<'a>(draft: &Draft<'a>) -> Vec<&'a str> {
    let roles = &draft.guess.roles;
    let mut used: Vec<&str> = vec![&roles.kpi];
    for column in [&roles.time, &roles.geo, &roles.population, &roles.revenue_per_kpi].into_iter().flatten() {
        used.push(column);
    }
    for media in roles.media.iter().chain(&roles.organic) {
        used.extend(media.spend.as_deref());
        match &media.exposure {
            ExposureColumns::One(column) => used.push(column),
            ExposureColumns::ReachFrequency { reach, frequency } => used.extend([reach.as_str(), frequency]),
        }
    }
    used.extend(roles.treatments.iter().chain(&roles.controls).map(|series| series.column.as_str()));
    used.extend(roles.events.iter().map(String::as_str));
    used
}
