//! Plans as files: what `mmm optimize -o` writes and what a planner types, in JSON or as a table.

use super::source::read_text;
use crate::outcome::Failure;
use serde_json::Value;
use std::path::{Path, PathBuf};
use wanamaker::data::table::{Table, Values};
use wanamaker::decision::scenario::NamedPlan;
use wanamaker::decision::surface::flighting::{Flighting, Shape};
use wanamaker::problem::{Place, Problem, Problems};
use wanamaker::report::planning::GivenPlan;
use wanamaker_io::read::read_table;

/// Reads plans; what is wrong with any of them is said at once.
pub fn read_plans(paths: &[PathBuf]) -> Result<Vec<NamedPlan>, Failure> {
    let mut problems = Problems::new();
    let mut plans = Vec::new();
    for path in paths {
        match read_plan(path) {
            Ok(plan) => plans.push(plan),
            Err(Failure::Problems(more, _)) => problems.0.extend(more.0),
            Err(other) => return Err(other),
        }
    }
    Ok(problems.or(plans)?)
}

/// Reads a plan that is to be held against today's: its money, its time and whether it is made by geo. A plan that says no time
/// is about one period in the steady state.
pub fn read_given_plan(path: &Path) -> Result<GivenPlan, Failure> {
    let plan = read_plan(path)?;
    let by_geo = plan.spend.iter().any(|(name, _)| name.contains('/'));
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let file: Value = if is_json {
        serde_json::from_str(&read_text(path, "plan")?).unwrap_or_default()
    } else {
        Value::Null
    };
    let horizon = file.pointer("/plan/horizon").or_else(|| file.get("horizon"));
    let number = |key: &str| horizon.and_then(|horizon| horizon[key].as_u64()).map(|n| n as usize);
    let shape = match (number("periods"), number("tail")) {
        // With an end there is something behind it; without, the money goes on for ever.
        (Some(horizon), tail @ Some(_)) => {
            Shape { horizon, tail, flighting: Flighting::Even, ..Shape::default() }
        }
        (Some(horizon), None) => Shape { horizon, ..Shape::default() },
        (None, _) => Shape::default(),
    };
    Ok(GivenPlan { plan, shape, by_geo })
}

/// Reads a plan; its name is that of the file.
fn read_plan(path: &Path) -> Result<NamedPlan, Failure> {
    let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let spend = if is_json { from_json(path)? } else { from_table(path)? };
    Ok(NamedPlan { name, spend })
}

/// `{"tv": 1000, …}`, or anything with a list `channels` whose entries have a `name` and a `spend`.
fn from_json(path: &Path) -> Result<Vec<(String, f64)>, Failure> {
    let text = read_text(path, "plan")?;
    let at = || Place::file(path.display().to_string());
    let hint =
        "a plan is {\"tv\": 1000, …}, or what `mmm optimize -o plan.json` writes; money is over the horizon";
    let value: Value = serde_json::from_str(&text).map_err(|error| {
        Problem::error("plan.syntax", at(), format!("this is no JSON: {error}")).hint(hint)
    })?;
    let channels = value.pointer("/plan/channels").or_else(|| value.get("channels"));
    let found: Option<Vec<(String, f64)>> = match (channels.and_then(Value::as_array), value.as_object()) {
        (Some(list), _) => list
            .iter()
            .map(|entry| {
                let spend = &entry["spend"];
                let total = spend.as_f64().or_else(|| spend["total"].as_f64())?;
                Some((entry["name"].as_str()?.to_owned(), total))
            })
            .collect(),
        (None, Some(map)) => map.iter().map(|(name, spend)| Some((name.clone(), spend.as_f64()?))).collect(),
        _ => None,
    };
    found.filter(|plan| !plan.is_empty()).ok_or_else(|| {
        Problem::error("plan.unreadable", at(), "no channel with its spend stands in this file")
            .hint(hint)
            .into()
    })
}

/// Columns `channel` (or `name`), `spend`, and `geo` where the plan is made by geo.
fn from_table(path: &Path) -> Result<Vec<(String, f64)>, Failure> {
    let table = read_table(path)?.table;
    let file = path.display().to_string();
    let mut problems = Problems::new();
    let find = |names: &[&str]| {
        names.iter().find(|name| table.names().any(|known| known == **name)).map(|name| (*name).to_owned())
    };
    let (Some(channel), Some(spend)) =
        (find(&["channel", "name"]), find(&["spend", "spend_total", "budget"]))
    else {
        let have = table.names().collect::<Vec<_>>().join(", ");
        return Err(Problem::error(
            "plan.columns",
            Place::file(&file),
            "a plan needs the columns channel and spend",
        )
        .hint(format!("the file has {have}"))
        .into());
    };
    let amounts = numbers(&table, &spend, &mut problems);
    let channels = words(&table, &channel);
    let geos = find(&["geo"]).map(|geo| words(&table, &geo));
    let names = channels.iter().enumerate().map(|(i, channel)| match &geos {
        Some(geos) if !geos[i].is_empty() => format!("{}/{channel}", geos[i]),
        _ => channel.clone(),
    });
    let plan = names.zip(amounts).collect();
    Ok(problems.or(plan)?)
}

fn words(table: &Table, name: &str) -> Vec<String> {
    match table.column(name).map(|column| &column.values) {
        Some(Values::Text(cells)) => cells.iter().map(|cell| cell.trim().to_owned()).collect(),
        Some(Values::Number(numbers)) => {
            numbers.iter().map(|cell| cell.map_or_else(String::new, |number| number.to_string())).collect()
        }
        _ => vec![String::new(); table.n_rows()],
    }
}

/// The numbers of a column; cells that are none are noted.
pub fn numbers(table: &Table, name: &str, problems: &mut Problems) -> Vec<f64> {
    let cells: Vec<Result<f64, String>> = match table.column(name).map(|column| &column.values) {
        Some(Values::Number(numbers)) => {
            numbers.iter().map(|cell| cell.ok_or_else(|| "a number is missing".to_owned())).collect()
        }
        Some(Values::Text(cells)) => cells.iter().map(super::amount::amount).collect(),
        _ => vec![Err(format!("`{name}` holds no numbers")); table.n_rows().min(1)],
    };
    let read = cells.into_iter().enumerate().map(|(i, cell)| {
        cell.unwrap_or_else(|message| {
            let at = Place::cell(&table.source, table.row_number(i), name);
            problems.push(Problem::error("plan.amount", at, message).hint("write an amount from 0 up"));
            f64::NAN
        })
    });
    read.collect()
}
