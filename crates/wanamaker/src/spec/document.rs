//! From the text of a spec file to a [`ModelSpec`]: every fault at once, each with its line and a hint.
//!
//! Serde stops at the first fault. Here a faulty key is noted, taken out of the document, and the rest read again, until
//! nothing is left to complain about.

use super::ModelSpec;
use crate::problem::{Place, Position, Problem, Problems, nearest};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How a spec is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `mmm.toml`.
    Toml,
    /// The same words as JSON.
    Json,
}

/// A spec, or another file of keys, as read, what was wrong with it, and where each key stands.
#[derive(Clone, Debug)]
pub struct Document<T = ModelSpec> {
    /// What could be understood.
    pub spec: T,
    /// What could not.
    pub problems: Problems,
    positions: BTreeMap<String, Position>,
    broken: Vec<String>,
}

/// Reads a spec; never fails, but says in [`Document::problems`] what it could not understand.
pub fn read(text: &str, format: Format) -> Document {
    read_as(text, format)
}

/// The same for any file of keys.
pub fn read_as<T: DeserializeOwned + Default>(text: &str, format: Format) -> Document<T> {
    let mut positions = BTreeMap::new();
    let (mut value, mut problems) = match format {
        Format::Toml => from_toml(text, &mut positions),
        Format::Json => from_json(text),
    };
    let mut broken = Vec::new();
    let spec = loop {
        match serde_path_to_error::deserialize::<_, T>(&value) {
            Ok(spec) => break spec,
            Err(error) => {
                let (key, problem) = explain(&error.path().to_string(), &error.inner().to_string());
                problems.push(problem);
                if !take_out(&mut value, &key) {
                    break T::default();
                }
                broken.push(key);
            }
        }
    };
    let mut document = Document { spec, problems: Problems::new(), positions, broken };
    document.add(problems);
    document
}

impl<T> Document<T> {
    /// Adds problems found later, with their positions; those that only follow from a key already reported are left out.
    pub fn add(&mut self, problems: Problems) {
        for mut problem in problems.0 {
            if let Some(key) = &problem.at.key {
                if problem.code != "spec.syntax" && !self.problems.0.is_empty() && self.is_echo(key, &problem)
                {
                    continue;
                }
                problem.at.position = problem.at.position.or_else(|| self.position(key));
            }
            self.problems.push(problem);
        }
    }

    fn is_echo(&self, key: &str, problem: &Problem) -> bool {
        problem.code == "spec.missing_key" && self.broken.iter().any(|broken| broken.starts_with(key))
    }

    /// Where `key` stands, or the nearest key above it.
    pub fn position(&self, key: &str) -> Option<Position> {
        let mut key = key;
        loop {
            if let Some(position) = self.positions.get(key) {
                return Some(*position);
            }
            key = &key[..key.rfind(['.', '['])?];
        }
    }
}

fn from_toml(text: &str, positions: &mut BTreeMap<String, Position>) -> (Value, Problems) {
    let lines = LineIndex::new(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    let problems = errors
        .iter()
        .map(|error| {
            let position = error.span().map(|span| lines.position(span));
            let at = Place { position, ..Place::default() };
            Problem::error("spec.syntax", at, first_line(error.message())).hint(
                "TOML writes `key = value`, text in quotes, and one `[[channel]]` line before each channel",
            )
        })
        .collect();
    let value = table_value(table.get_ref(), "", &lines, positions);
    (value, Problems(problems))
}

fn from_json(text: &str) -> (Value, Problems) {
    match serde_json::from_str(text) {
        Ok(value) => (value, Problems::new()),
        Err(error) => {
            let lines = LineIndex::new(text);
            let position = lines.position_at(error.line(), error.column());
            let at = Place { position: Some(position), ..Place::default() };
            let problem = Problem::error("spec.syntax", at, first_line(&error.to_string()));
            (Value::Object(Map::new()), problem.into())
        }
    }
}

fn table_value(
    table: &DeTable<'_>,
    path: &str,
    lines: &LineIndex,
    positions: &mut BTreeMap<String, Position>,
) -> Value {
    let mut map = Map::new();
    for (key, value) in table.iter() {
        let name: &str = key.get_ref();
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        positions.insert(path.clone(), lines.position(key.span()));
        map.insert(name.to_owned(), spanned_value(value, &path, lines, positions));
    }
    Value::Object(map)
}

fn spanned_value(
    value: &Spanned<DeValue<'_>>,
    path: &str,
    lines: &LineIndex,
    positions: &mut BTreeMap<String, Position>,
) -> Value {
    match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(&number.as_str().replace('_', ""), number.radix())
            .map_or_else(|_| Value::String(number.as_str().to_owned()), Value::from),
        DeValue::Float(number) => number
            .as_str()
            .replace('_', "")
            .parse::<f64>()
            .ok()
            .and_then(serde_json::Number::from_f64)
            .map_or_else(|| Value::String(number.as_str().to_owned()), Value::Number),
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(items) => {
            let items = items.iter().enumerate().map(|(i, item)| {
                let path = format!("{path}[{i}]");
                positions.insert(path.clone(), lines.position(item.span()));
                spanned_value(item, &path, lines, positions)
            });
            Value::Array(items.collect())
        }
        DeValue::Table(table) => table_value(table, path, lines, positions),
    }
}

/// Turns serde's words into ours; returns the key to take out and the problem.
fn explain(path: &str, message: &str) -> (String, Problem) {
    let path = if path == "." { "" } else { path };
    if let Some(name) = quoted_after(message, "unknown field ") {
        let key = if path == name || path.ends_with(&format!(".{name}")) {
            path.to_owned()
        } else {
            join(path, name)
        };
        let known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        let hint = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known here: {}", known.join(", ")),
        };
        let place = if key.contains('.') { parent(&key) } else { "this file" };
        let problem =
            Problem::error("spec.unknown_key", Place::key(&key), format!("`{name}` is not a key of {place}"));
        return (key, problem.hint(hint));
    }
    if let Some(name) = quoted_after(message, "unknown variant ") {
        let known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        let hint = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? known here: {}", known.join(", ")),
            None => format!("known here: {}", known.join(", ")),
        };
        let problem =
            Problem::error("spec.unknown_word", Place::key(path), format!("`{name}` is not known here"));
        return (path.to_owned(), problem.hint(hint));
    }
    // A prior's message carries its hint after a line break.
    let (sentence, hint) = match message.split_once('\n') {
        Some((sentence, hint)) => (sentence, Some(hint)),
        None => (message, None),
    };
    let sentence = sentence.strip_prefix("invalid type: ").map_or_else(
        || sentence.to_owned(),
        |rest| match rest.split_once(", expected ") {
            Some((got, wanted)) => format!("{} must be {wanted}, not {got}", last_segment(path)),
            None => rest.to_owned(),
        },
    );
    let problem = Problem::error("spec.invalid_value", Place::key(path), sentence);
    (
        path.to_owned(),
        match hint {
            Some(hint) => problem.hint(hint),
            None => problem,
        },
    )
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn parent(key: &str) -> &str {
    key.rfind('.').map_or("", |dot| &key[..dot])
}

fn last_segment(path: &str) -> String {
    format!("`{}`", path.rsplit('.').next().unwrap_or(path))
}

fn quoted_after<'a>(message: &'a str, words: &str) -> Option<&'a str> {
    message.strip_prefix(words)?.strip_prefix('`')?.split('`').next()
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or(message).to_owned()
}

/// Removes the value at `key` so that the rest can be read; an element of a list becomes an empty table, to keep the
/// numbering of its neighbours. Returns whether anything changed.
fn take_out(root: &mut Value, key: &str) -> bool {
    let pointer = format!("/{}", key.replace('[', "/").replace(']', "").replace('.', "/"));
    let Some((above, last)) = pointer.rsplit_once('/') else { return false };
    match root.pointer_mut(above) {
        Some(Value::Object(map)) => map.remove(last).is_some(),
        Some(Value::Array(items)) => match last.parse::<usize>().ok().and_then(|i| items.get_mut(i)) {
            Some(item) if item.as_object().is_none_or(|table| !table.is_empty()) => {
                *item = Value::Object(Map::new());
                true
            }
            // An empty table does not fit either: a list of plain values. The whole list goes.
            _ => take_out(root, &key[..key.rfind('[').unwrap_or(0)]),
        },
        _ => false,
    }
}

/// Line starts, to turn byte offsets into lines and columns.
struct LineIndex<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> LineIndex<'a> {
    fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    fn position(&self, span: Range<usize>) -> Position {
        let offset = span.start.min(self.text.len());
        let line = self.starts.partition_point(|&start| start <= offset);
        let before = self.text.get(self.starts[line - 1]..offset).unwrap_or("");
        Position {
            line,
            column: before.chars().count() + 1,
            offset,
            length: span.end.saturating_sub(span.start),
        }
    }

    fn position_at(&self, line: usize, column: usize) -> Position {
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        Position { line, column, offset: (start + column.saturating_sub(1)).min(self.text.len()), length: 1 }
    }
}

/// The spec as TOML, as `mmm show-spec` and `mmm init` print it.
pub fn to_toml(spec: &ModelSpec) -> String {
    toml::to_string(spec).expect("every spec can be written as TOML")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_reported_at_once_with_its_line() {
        let text = r#"preset = "standrad"
[data]
kpi = "revenue"
tiem = "week"

[[channel]]
name = "tv"
spend = 3
adstock = { kind = "geometrc", l_max = "long" }

[[channel]]
name = "search"
effect = { roas = { log_normall = [1, 2] } }

[sampler]
chains = -1
"#;
        let document = read(text, Format::Toml);
        let found: Vec<(usize, &str)> = document
            .problems
            .iter()
            .map(|problem| (problem.at.position.unwrap().line, problem.at.key.as_deref().unwrap()))
            .collect();
        for expected in [
            (1, "preset"),
            (4, "data.tiem"),
            (8, "channel[0].spend"),
            (9, "channel[0].adstock.kind"),
            (9, "channel[0].adstock.l_max"),
            (13, "channel[1].effect.roas"),
            (16, "sampler.chains"),
        ] {
            assert!(found.contains(&expected), "{expected:?} not in {found:?}\n{}", document.problems);
        }
        assert_eq!(found.len(), 7, "{}", document.problems);
        assert_eq!(document.spec.channel[1].name, "search");
        let misspelt = document.problems.iter().find(|p| p.at.key.as_deref() == Some("data.tiem")).unwrap();
        assert_eq!(misspelt.hint.as_deref(), Some("did you mean `time`?"));
    }

    #[test]
    fn syntax_errors_name_their_line() {
        let document = read("[data]\nkpi = revenue\n", Format::Toml);
        assert_eq!(document.problems.0[0].code, "spec.syntax");
        assert_eq!(document.problems.0[0].at.position.unwrap().line, 2);
        let document = read("{\"data\": {\n\"kpi\": }}", Format::Json);
        assert_eq!(document.problems.0[0].at.position.unwrap().line, 2);
    }

    #[test]
    fn a_spec_reads_back_from_its_own_toml() {
        let text = "[data]\nkpi = \"y\"\n[[channel]]\nname = \"tv\"\nspend = \"tv_spend\"\n\
                    adstock = { kind = \"geometric\", l_max = \"infinite\", decay = 0.5 }\n\
                    [baseline]\nevents = [{ name = \"bf\", dates = [2024-11-29], window = [0, 3] }]\n";
        let document = read(text, Format::Toml);
        assert_eq!(document.problems, Problems::new());
        let again = read(&to_toml(&document.spec), Format::Toml);
        assert_eq!(again.problems, Problems::new());
        assert_eq!(again.spec, document.spec);
    }

    #[test]
    fn a_spec_that_is_no_table_at_all_is_one_clear_fault() {
        let document = read("[1, 2]", Format::Json);
        assert_eq!(document.problems.0.len(), 1);
    }
}
