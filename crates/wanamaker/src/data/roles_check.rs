//! Checks that every role names a column of the table, and no column plays two parts.

use super::roles::{ExposureColumns, MediaColumns, NamedColumn, Roles};
use super::table::Table;
use crate::problem::{Place, Problem, Problems, nearest};

/// One use of a column: the spec key that names it, the words for messages, and the column.
struct Use<'a> {
    key: String,
    what: String,
    column: &'a str,
}

/// Reports unknown columns, columns used twice and names used twice.
///
/// With `is_new` the table holds new periods for a fitted model: KPI and population may be absent.
pub fn check_roles(table: &Table, roles: &Roles, is_new: bool, found: &mut Problems) {
    let uses = uses(roles);
    for role in &uses {
        let may_lack = is_new && matches!(role.key.as_str(), "data.kpi" | "data.population");
        if table.column(role.column).is_none() && !may_lack {
            found.push(unknown(table, role));
        }
    }
    check_twice(&uses, found);
    check_names(roles, found);
}

fn unknown(table: &Table, role: &Use<'_>) -> Problem {
    let at = Place::key(&role.key);
    if role.column.is_empty() {
        return Problem::error("spec.missing_column", at, format!("{} names no column", role.what))
            .hint(listed(table));
    }
    let message = format!("{} names the column `{}`, which is not in the data", role.what, role.column);
    let hint = match nearest(role.column, table.names()) {
        Some(name) => format!("the data has `{name}`"),
        None => listed(table),
    };
    Problem::error("spec.unknown_column", at, message).hint(hint)
}

fn listed(table: &Table) -> String {
    const SHOWN: usize = 12;
    let names: Vec<String> = table.names().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let rest = table.columns.len().saturating_sub(SHOWN);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("the data has {}{more}", names.join(", "))
}

fn uses(roles: &Roles) -> Vec<Use<'_>> {
    let mut uses = vec![Use { key: "data.kpi".into(), what: "the KPI".into(), column: &roles.kpi }];
    let single = [
        ("time", "the time", &roles.time),
        ("geo", "the geo", &roles.geo),
        ("population", "the population", &roles.population),
        ("revenue_per_kpi", "the revenue per KPI", &roles.revenue_per_kpi),
    ];
    for (key, what, column) in single {
        if let Some(column) = column {
            uses.push(Use { key: format!("data.{key}"), what: what.into(), column });
        }
    }
    for (i, media) in roles.media.iter().enumerate() {
        media_uses(media, &format!("channel[{i}]"), "channel", &mut uses);
    }
    for (i, media) in roles.organic.iter().enumerate() {
        media_uses(media, &format!("organic[{i}]"), "organic channel", &mut uses);
    }
    for (kind, what, list) in
        [("control", "control", &roles.controls), ("treatment", "treatment", &roles.treatments)]
    {
        for (i, NamedColumn { name, column }) in list.iter().enumerate() {
            uses.push(Use { key: format!("{kind}[{i}].column"), what: format!("{what} `{name}`"), column });
        }
    }
    for (i, column) in roles.events.iter().enumerate() {
        uses.push(Use { key: format!("data.events[{i}]"), what: "the list of events".into(), column });
    }
    uses
}

fn media_uses<'a>(media: &'a MediaColumns, key: &str, what: &str, uses: &mut Vec<Use<'a>>) {
    let mut add = |part: &str, column: &'a str| {
        uses.push(Use { key: format!("{key}.{part}"), what: format!("{what} `{}`", media.name), column });
    };
    match &media.exposure {
        // Exposure is spend by default: one column in one part.
        ExposureColumns::One(column) if media.spend.as_ref() == Some(column) => {}
        ExposureColumns::One(column) => add("exposure", column),
        ExposureColumns::ReachFrequency { reach, frequency } => {
            add("reach", reach);
            add("frequency", frequency);
        }
    }
    if let Some(spend) = &media.spend {
        add("spend", spend);
    }
}

fn check_twice(uses: &[Use<'_>], found: &mut Problems) {
    for (i, later) in uses.iter().enumerate() {
        let Some(first) = uses[..i].iter().find(|first| first.column == later.column) else { continue };
        let message =
            format!("the column `{}` is used twice: by {} and by {}", later.column, first.what, later.what);
        found.push(
            Problem::error("spec.column_used_twice", Place::key(&later.key), message)
                .hint("give each column one part; leave out the one that is not meant"),
        );
    }
}

/// Names of channels, controls and treatments share the posterior, so they must differ.
fn check_names(roles: &Roles, found: &mut Problems) {
    let media = |kind: &'static str, list: &[MediaColumns]| -> Vec<(String, String)> {
        list.iter().enumerate().map(|(i, m)| (format!("{kind}[{i}].name"), m.name.clone())).collect()
    };
    let named = |kind: &'static str, list: &[NamedColumn]| -> Vec<(String, String)> {
        list.iter().enumerate().map(|(i, c)| (format!("{kind}[{i}].name"), c.name.clone())).collect()
    };
    let mut names = media("channel", &roles.media);
    names.extend(media("organic", &roles.organic));
    names.extend(named("control", &roles.controls));
    names.extend(named("treatment", &roles.treatments));
    for (i, (key, name)) in names.iter().enumerate() {
        if name.trim().is_empty() {
            found.push(
                Problem::error("spec.empty_name", Place::key(key), "a name is empty").hint("give it a name"),
            );
        } else if names[..i].iter().any(|(_, other)| other == name) {
            let message = format!("the name `{name}` is used twice");
            found.push(
                Problem::error("spec.name_used_twice", Place::key(key), message).hint("choose another name"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::table::{Column, Values};

    #[test]
    fn unknown_and_doubled_columns_are_named_with_their_key() {
        let columns = ["sales", "tv_spent", "week"]
            .map(|name| Column { name: name.into(), values: Values::Number(vec![Some(1.0)]) });
        let table = Table::new("f", columns.to_vec());
        let channel = |name: &str, column: &str| MediaColumns {
            name: name.into(),
            exposure: ExposureColumns::One(column.into()),
            spend: Some(column.into()),
        };
        let roles = Roles {
            kpi: "sales".into(),
            time: Some("sales".into()),
            media: vec![channel("tv", "tv_spend"), channel("tv", "zzz")],
            ..Roles::default()
        };
        let mut found = Problems::new();
        check_roles(&table, &roles, false, &mut found);
        let seen: Vec<_> = found
            .iter()
            .map(|p| (p.code, p.at.key.as_deref().unwrap(), p.hint.as_deref().unwrap()))
            .collect();
        assert_eq!(
            seen,
            [
                ("spec.unknown_column", "channel[0].spend", "the data has `tv_spent`"),
                ("spec.unknown_column", "channel[1].spend", "the data has `sales`, `tv_spent`, `week`"),
                (
                    "spec.column_used_twice",
                    "data.time",
                    "give each column one part; leave out the one that is not meant"
                ),
                ("spec.name_used_twice", "channel[1].name", "choose another name"),
            ]
        );
    }
}
