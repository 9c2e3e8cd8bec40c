//! The text of a new spec: TOML with a comment for each thing a reader will want to know or change.

use std::fmt::Write;
use wanamaker::data::guess::ColumnNote;
use wanamaker::data::options::DataOptions;
use wanamaker::spec::{ChannelSpec, EventSpec, ModelSpec};

/// What is known when a spec is begun.
pub struct Draft<'a> {
    /// The spec that the data propose.
    pub spec: &'a ModelSpec,
    /// Every column, with why it was taken for what it was.
    pub notes: &'a [ColumnNote],
}

/// The commented TOML.
pub fn spec_text(draft: &Draft<'_>) -> String {
    let mut text = String::from(
        "# Written by `mmm init`: every column with the part it was taken for, and why. Mend what is wrong.\n\
         # `mmm check` reviews it, `mmm show-spec` prints what the preset fills in, `mmm fit` fits it.\n\n",
    );
    let preset = serde_json::to_value(draft.spec.preset).unwrap_or_default();
    let _ = writeln!(
        text,
        "preset = {}  # standard, pymc-marketing, adelon, lite or ridge\n",
        quoted(preset.as_str().unwrap_or("standard"))
    );
    data(draft, &mut text);
    let spec = draft.spec;
    spec.channel.iter().for_each(|media| channel(draft, "channel", media, &mut text));
    spec.organic.iter().for_each(|media| channel(draft, "organic", media, &mut text));
    for series in &spec.treatment {
        column(draft, "treatment", &series.column, series.name.as_deref(), &mut text);
    }
    for series in &spec.control {
        column(draft, "control", &series.column, series.name.as_deref(), &mut text);
    }
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
    let data = &draft.spec.data;
    let _ = writeln!(text, "[data]\nfile = {}", quoted(data.file.as_deref().unwrap_or_default()));
    let _ = data.time.as_ref().map(|column| line(draft, "time", column, text));
    line(draft, "kpi", &data.kpi, text);
    if data.kpi_kind.is_some() {
        let _ = writeln!(text, "kpi_kind = \"count\"  # a count with a value, not money itself");
    }
    for (key, column) in
        [("revenue_per_kpi", &data.revenue_per_kpi), ("geo", &data.geo), ("population", &data.population)]
    {
        let _ = column.as_ref().map(|column| line(draft, key, column, text));
    }
    text.push_str("# holdout = 8  # periods at the end to hold back and predict\n");
    options(&data.options, text);
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

fn channel(draft: &Draft<'_>, kind: &str, media: &ChannelSpec, text: &mut String) {
    let _ = writeln!(text, "[[{kind}]]\nname = {}", quoted(&media.name));
    for (key, column) in columns_of(media) {
        line(draft, key, column, text);
    }
    text.push('\n');
}

/// The columns of a channel under their keys.
fn columns_of(media: &ChannelSpec) -> impl Iterator<Item = (&'static str, &str)> {
    let all = [
        ("spend", &media.spend),
        ("exposure", &media.exposure),
        ("reach", &media.reach),
        ("frequency", &media.frequency),
    ];
    all.into_iter().filter_map(|(key, column)| Some((key, column.as_deref()?)))
}

fn column(draft: &Draft<'_>, kind: &str, column: &str, name: Option<&str>, text: &mut String) {
    let _ = writeln!(text, "[[{kind}]]");
    line(draft, "column", column, text);
    if let Some(name) = name {
        let _ = writeln!(text, "name = {}", quoted(name));
    }
    text.push('\n');
}

/// Columns of events.
fn events<'a>(draft: &Draft<'a>) -> impl Iterator<Item = &'a str> {
    let events: &'a [EventSpec] = draft.spec.baseline.events.as_deref().unwrap_or_default();
    events.iter().filter_map(|event| event.column.as_deref())
}

fn baseline(draft: &Draft<'_>, text: &mut String) {
    text.push_str("[baseline]\n");
    let events: Vec<String> =
        events(draft).map(|column| format!("{{ column = {} }}", quoted(column))).collect();
    if !events.is_empty() {
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
    let left: Vec<_> = draft.notes.iter().filter(|note| !roles.contains(&note.column.as_str())).collect();
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
    let spec = draft.spec;
    let data = &spec.data;
    let mut used: Vec<&str> = vec![&data.kpi];
    for column in [&data.time, &data.geo, &data.population, &data.revenue_per_kpi].into_iter().flatten() {
        used.push(column);
    }
    for media in spec.channel.iter().chain(&spec.organic) {
        used.extend(columns_of(media).map(|(_, column)| column));
    }
    used.extend(spec.treatment.iter().map(|series| series.column.as_str()));
    used.extend(spec.control.iter().map(|series| series.column.as_str()));
    used.extend(events(draft));
    used
}
