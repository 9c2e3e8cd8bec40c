//! Guesses the part of each column from its name and its cells, with a reason for each: what `mmm init` proposes.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::date::read_dates;
use super::grid::read_geos;
use super::guess_media::{Group, group_media};
use super::names;
use super::number::Evidence;
use super::options::DataOptions;
use super::profile::{Look, Profile};
use super::roles::{ExposureColumns, MediaColumns, NamedColumn, Roles};
use super::table::{Column, Table};
use crate::problem::{Place, Problem, Problems};
use crate::statistics::collinearity::explained;

/// The part a column was guessed to play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnRole {
    /// The time axis.
    Time,
    /// The outcome.
    Kpi,
    /// Names of geos.
    Geo,
    /// People in each geo.
    Population,
    /// Money per unit of the outcome.
    RevenuePerKpi,
    /// Spend of a channel.
    Spend,
    /// Exposure of a channel.
    Exposure,
    /// Exposure of media without spend.
    Organic,
    /// A control.
    Control,
    /// Names or flags of events.
    Events,
    /// Not used.
    Excluded,
}

/// What was guessed of one column, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnNote {
    /// Name of the column.
    pub column: String,
    /// Its part.
    pub role: ColumnRole,
    /// The reason, as the end of the sentence "… because it is".
    pub why: String,
}

/// A proposal for the roles of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// The roles; `kpi` is empty when no column looks like an outcome.
    pub roles: Roles,
    /// Options the table needs; repairs are never guessed.
    pub options: DataOptions,
    /// One note per column, in the order of the table.
    pub notes: Vec<ColumnNote>,
    /// What a user has to decide before a model can be fitted.
    pub problems: Problems,
}

/// Guesses roles from names and cells. Never fails: what it cannot tell is in `problems`.
pub fn guess_roles(table: &Table) -> Guess {
    let file = Evidence::of_columns(&table.columns);
    let profiles = table.columns.iter().map(|column| Profile::of(table, column, file)).collect();
    let mut guesser =
        Guesser { table, profiles, parts: vec![None; table.columns.len()], problems: Problems::new() };
    let mut roles = Roles::default();
    guesser.time_and_geo(&mut roles);
    guesser.useless();
    guesser.kpi(&mut roles);
    guesser.by_name(&mut roles);
    guesser.media(&mut roles);
    guesser.rest(&mut roles);
    guesser.media_without_a_name(&mut roles);
    guesser.twins(&mut roles);
    guesser.finish(roles)
}

struct Guesser<'a> {
    table: &'a Table,
    profiles: Vec<Profile>,
    parts: Vec<Option<(ColumnRole, String)>>,
    problems: Problems,
}

impl<'a> Guesser<'a> {
    fn columns(&self) -> &'a [Column] {
        &self.table.columns
    }

    fn name(&self, i: usize) -> &'a str {
        &self.columns()[i].name
    }

    fn set(&mut self, i: usize, role: ColumnRole, why: impl Into<String>) {
        self.parts[i] = Some((role, why.into()));
    }

    fn open(&self) -> Vec<usize> {
        (0..self.parts.len()).filter(|i| self.parts[*i].is_none()).collect()
    }

    fn is_number(&self, i: usize) -> bool {
        matches!(self.profiles[i].look, Look::Numbers | Look::Flag)
    }

    fn time_and_geo(&mut self, roles: &mut Roles) {
        let dated: Vec<usize> =
            (0..self.profiles.len()).filter(|i| self.profiles[*i].look == Look::Dates).collect();
        let named = |i: &&usize| names::is_time(self.name(**i));
        let counter = || {
            (0..self.profiles.len()).find(|&i| {
                let is_named = names::is_time(self.name(i)) || names::is_counter(self.name(i));
                let starts = (0.0..=1.0).contains(&self.profiles[i].least);
                is_named
                    && starts
                    && self.profiles[i].look == Look::Numbers
                    && self.profiles[i].is_even_climb()
            })
        };
        let date = dated.iter().find(named).or_else(|| dated.first()).copied();
        let Some(time) = date.or_else(counter) else {
            self.problems.push(no_time(self.table));
            return;
        };
        let why = if date.is_some() { "a column of dates" } else { "a count of periods; there are no dates" };
        self.set(time, ColumnRole::Time, why);
        roles.time = Some(self.name(time).to_owned());
        let mut found = Problems::new();
        let dates = read_dates(self.table, &self.columns()[time], None, &mut found).of_row;
        self.problems.0.extend(found.0.into_iter().filter(|problem| problem.code == "data.ambiguous_date"));
        let distinct: HashSet<_> = dates.iter().collect();
        if distinct.len() < dates.len() {
            self.geo(&dates, roles);
        }
    }

    /// Dates that repeat call for a geo: a column that makes (geo, date) unique, one with the name of a geo first.
    fn geo(&mut self, dates: &[Option<jiff::civil::Date>], roles: &mut Roles) {
        let mut candidates: Vec<usize> = self
            .open()
            .into_iter()
            .filter(|&i| names::is_geo(self.name(i)) || self.profiles[i].look == Look::Text)
            .collect();
        candidates.sort_by_key(|&i| (!names::is_geo(self.name(i)), i));
        let unique = candidates.iter().copied().find(|&i| {
            let (geos, _) = read_geos(self.table, &self.columns()[i], &mut Problems::new());
            let keys: HashSet<_> = geos.iter().zip(dates).collect();
            keys.len() == dates.len()
        });
        let named = candidates.first().copied().filter(|&i| names::is_geo(self.name(i)));
        match unique.or(named) {
            Some(i) => {
                self.set(i, ColumnRole::Geo, "the name of the geo; each date occurs once per geo");
                roles.geo = Some(self.name(i).to_owned());
            }
            None => {
                let message = "dates occur more than once and no column tells the rows apart";
                self.problems.push(
                    Problem::attention("data.no_geo", Place::file(&self.table.source), message)
                        .hint("name the geo column, or add the rows of a period up"),
                );
            }
        }
    }

    /// Columns that say nothing, and columns made from others.
    fn useless(&mut self) {
        for i in self.open() {
            let why = match &self.profiles[i] {
                profile if profile.look == Look::Empty => Some("empty"),
                profile if profile.look == Look::Dates => Some("a second column of dates"),
                profile
                    if self.is_number(i) && profile.is_constant && !names::is_population(self.name(i)) =>
                {
                    Some("the same number in every row")
                }
                _ => names::derived(self.name(i)),
            };
            if let Some(why) = why {
                self.set(i, ColumnRole::Excluded, why);
            }
        }
    }

    fn kpi(&mut self, roles: &mut Roles) {
        let rank = |i: &usize| names::kpi_rank(self.name(*i));
        let is_candidate = |i: &usize| self.profiles[*i].look == Look::Numbers && rank(i) > 0;
        let candidates: Vec<usize> = self.open().into_iter().filter(is_candidate).collect();
        // The first of the strongest names.
        let Some(&best) = candidates.iter().max_by_key(|i| (rank(i), std::cmp::Reverse(**i))) else {
            self.problems.push(no_kpi(self.table));
            return;
        };
        let kpi = self.name(best);
        self.set(best, ColumnRole::Kpi, "the outcome by its name");
        roles.kpi = kpi.to_owned();
        for i in self.open() {
            if candidates.contains(&i) || (self.is_number(i) && names::is_numbered(self.name(i), kpi)) {
                self.set(
                    i,
                    ColumnRole::Excluded,
                    format!("another outcome beside `{kpi}`; a model explains one"),
                );
            }
        }
    }

    /// Population, money per outcome, controls by name, counters and waves.
    fn by_name(&mut self, roles: &mut Roles) {
        let dates = self.dates(roles);
        for i in self.open() {
            let name = self.name(i);
            if !self.is_number(i) {
                continue;
            }
            if names::is_population(name) && roles.population.is_none() && roles.geo.is_some() {
                roles.population = Some(name.to_owned());
                self.set(i, ColumnRole::Population, "the population of each geo by its name");
            } else if names::is_revenue_per_kpi(name) && roles.revenue_per_kpi.is_none() {
                roles.revenue_per_kpi = Some(name.to_owned());
                self.set(i, ColumnRole::RevenuePerKpi, "money per unit of the outcome by its name");
            } else if names::is_competitor(name) {
                self.control(i, roles, "about competitors: not ours to spend, so a control");
            } else if names::is_control(name) {
                self.control(i, roles, "called a control");
            } else if names::is_counter(name) && self.profiles[i].is_even_climb() {
                self.set(i, ColumnRole::Excluded, "a count of the periods; the trend of the spec covers it");
            } else if names::media_part(name).is_none() && is_yearly_wave(&dates, &self.profiles[i]) {
                self.set(
                    i,
                    ColumnRole::Excluded,
                    "a wave of one year; the seasonality of the spec covers it",
                );
            }
        }
    }

    fn control(&mut self, i: usize, roles: &mut Roles, why: &str) {
        let name = self.name(i).to_owned();
        roles.controls.push(NamedColumn { name: name.clone(), column: name });
        self.set(i, ColumnRole::Control, why);
    }

    fn dates(&self, roles: &Roles) -> Vec<Option<jiff::civil::Date>> {
        let column = roles.time.as_ref().and_then(|name| self.table.column(name));
        column
            .map_or_else(Vec::new, |column| read_dates(self.table, column, None, &mut Problems::new()).of_row)
    }

    /// Channels by the words of measure in their names.
    fn media(&mut self, roles: &mut Roles) {
        let numbers = self.open().into_iter().filter(|i| self.profiles[*i].look == Look::Numbers);
        let columns: Vec<(usize, &str)> = numbers.map(|i| (i, self.name(i))).collect();
        let groups = group_media(&columns);
        let has_spend = groups.iter().any(|group| group.spend.is_some());
        for group in &groups {
            self.channel(group, has_spend, roles);
        }
        for (i, name) in columns {
            if self.parts[i].is_none() && names::is_organic(name) {
                let media = one(name, name, None);
                roles.organic.push(media);
                self.set(i, ColumnRole::Organic, "media without spend by its name");
            } else if self.parts[i].is_none() && names::media_part(name).is_some() {
                self.set(i, ColumnRole::Excluded, "a total or a second measure of media named elsewhere");
            }
        }
    }

    fn channel(&mut self, group: &Group, has_spend: bool, roles: &mut Roles) {
        let column = |i: usize| self.name(i).to_owned();
        let exposure = match (group.reach, group.frequency, group.exposures.first(), group.spend) {
            (Some(reach), Some(frequency), ..) => {
                ExposureColumns::ReachFrequency { reach: column(reach), frequency: column(frequency) }
            }
            (_, _, Some(&exposure), _) => ExposureColumns::One(column(exposure)),
            (Some(reach), None, None, _) => ExposureColumns::One(column(reach)),
            (.., Some(spend)) => ExposureColumns::One(column(spend)),
            _ => return,
        };
        let is_organic = group.spend.is_none() && (has_spend || names::is_organic(&group.name));
        let media = MediaColumns {
            name: group.name.clone(),
            exposure: exposure.clone(),
            spend: group.spend.map(column),
        };
        let part = if is_organic { ColumnRole::Organic } else { ColumnRole::Exposure };
        let what = if is_organic { "media without spend" } else { "channel" };
        for i in group.exposures.iter().copied().chain(group.reach).chain(group.frequency) {
            let name = self.name(i).to_owned();
            if uses(&exposure, &name) {
                self.set(i, part, format!("the exposure of {what} `{}`", group.name));
            } else {
                self.set(i, ColumnRole::Excluded, format!("a second measure of channel `{}`", group.name));
            }
        }
        if let Some(i) = group.spend {
            self.set(i, ColumnRole::Spend, format!("the spend of channel `{}`", group.name));
        }
        if is_organic { roles.organic.push(media) } else { roles.media.push(media) }
    }

    /// Flags and numbers of unknown meaning are controls, short lists of texts are events.
    fn rest(&mut self, roles: &mut Roles) {
        for i in self.open() {
            let name = self.name(i);
            match self.profiles[i].look {
                Look::Flag => self.control(i, roles, "a yes/no flag"),
                Look::Text => {
                    let n_rows = self.table.n_rows();
                    let n = self.profiles[i].n_distinct;
                    if n <= 20 && 3 * n <= n_rows {
                        roles.events.push(name.to_owned());
                        self.set(
                            i,
                            ColumnRole::Events,
                            format!("text with {n} distinct values: names of events"),
                        );
                    } else {
                        self.set(i, ColumnRole::Excluded, format!("text with {n} distinct values"));
                    }
                }
                Look::Numbers if names::is_population(name) || self.profiles[i].is_constant => {
                    self.set(i, ColumnRole::Excluded, "not needed without geos");
                }
                // Numbers wait until it is known whether the table names any media.
                _ => {}
            }
        }
    }

    /// Where no name holds a word of measure: `x1, x2`, then known media, then all numbers that are never negative.
    fn media_without_a_name(&mut self, roles: &mut Roles) {
        let numbers: Vec<usize> =
            self.open().into_iter().filter(|i| self.profiles[*i].look == Look::Numbers).collect();
        let positive = |i: &&usize| self.profiles[**i].least >= 0.0;
        let named = |fits: fn(&str) -> bool| -> Vec<usize> {
            numbers.iter().filter(positive).filter(|i| fits(self.name(**i))).copied().collect()
        };
        let (channels, why) = match (named(names::is_medium), named(names::is_textbook_input)) {
            (media, _) if !media.is_empty() => (media, "a medium by its name"),
            (_, inputs) if !inputs.is_empty() && roles.media.is_empty() => (inputs, "an input by its name"),
            _ if roles.media.is_empty() => {
                (numbers.iter().filter(positive).copied().collect(), "a number that is never negative")
            }
            _ => (Vec::new(), ""),
        };
        for i in channels {
            let name = self.name(i);
            roles.media.push(one(name, name, Some(name)));
            self.set(i, ColumnRole::Spend, format!("{why}, taken as the spend of a channel"));
        }
        for i in self.open() {
            self.control(i, roles, "a number beside the media");
        }
        if roles.media.is_empty() && roles.organic.is_empty() {
            let message = "no column looks like media";
            self.problems.push(
                Problem::error("data.no_media", Place::file(&self.table.source), message).hint(
                    "columns called `tv_spend`, `spend_tv`, `tv_cost` or `tv_impressions` are recognised",
                ),
            );
        }
    }

    /// Of several controls that are the same in every row only the first can be estimated.
    fn twins(&mut self, roles: &mut Roles) {
        let mut seen: HashMap<Vec<u64>, usize> = HashMap::new();
        for i in 0..self.parts.len() {
            let is_control = self.parts[i].as_ref().is_some_and(|(role, _)| *role == ColumnRole::Control);
            if !is_control {
                continue;
            }
            let bits = self.profiles[i].numbers.iter().map(|x| x.unwrap_or(f64::NAN).to_bits()).collect();
            if let Some(&first) = seen.get(&bits) {
                let why = format!("the same as `{}` in every row", self.name(first));
                let name = self.name(i);
                roles.controls.retain(|control| control.column != name);
                self.set(i, ColumnRole::Excluded, why);
            } else {
                seen.insert(bits, i);
            }
        }
    }

    fn finish(self, mut roles: Roles) -> Guess {
        let order = |column: &String| self.table.names().position(|name| name == column);
        roles.controls.sort_by_key(|control| order(&control.column));
        let notes = self.parts.into_iter().zip(&self.table.columns).map(|(part, column)| {
            let (role, why) = part.unwrap_or((ColumnRole::Excluded, "of unknown use".to_owned()));
            ColumnNote { column: column.name.clone(), role, why }
        });
        Guess { roles, options: DataOptions::default(), notes: notes.collect(), problems: self.problems }
    }
}

fn one(name: &str, exposure: &str, spend: Option<&str>) -> MediaColumns {
    MediaColumns {
        name: name.to_owned(),
        exposure: ExposureColumns::One(exposure.to_owned()),
        spend: spend.map(str::to_owned),
    }
}

fn uses(exposure: &ExposureColumns, column: &str) -> bool {
    match exposure {
        ExposureColumns::One(one) => one == column,
        ExposureColumns::ReachFrequency { reach, frequency } => reach == column || frequency == column,
    }
}

fn no_time(table: &Table) -> Problem {
    let message = "no column holds dates or counts periods";
    Problem::attention("data.no_time", Place::file(&table.source), message)
        .hint("add a column of dates, or say `time = \"…\"`; without one the rows are taken as weeks")
}

fn no_kpi(table: &Table) -> Problem {
    let message = "no column looks like an outcome, so this may not be market data";
    Problem::error("data.no_kpi", Place::file(&table.source), message).hint(
        "say `kpi = \"…\"`; columns called `revenue`, `sales`, `conversions`, `orders` or `y` are recognised",
    )
}

/// Whether a series is a mix of the first three waves of the year and nothing else.
///
/// The first rows are enough to see it: the check must not cost more than reading the table.
fn is_yearly_wave(dates: &[Option<jiff::civil::Date>], profile: &Profile) -> bool {
    const ORDERS: [f64; 3] = [1.0, 2.0, 3.0];
    const LOOKED_AT: usize = 5000;
    let known = dates.iter().zip(&profile.numbers).filter_map(|(date, x)| Some(((*date)?, (*x)?)));
    let (dates, y): (Vec<_>, Vec<_>) = known.filter(|(_, x)| x.is_finite()).take(LOOKED_AT).unzip();
    if profile.look != Look::Numbers || y.len() < 30 {
        return false;
    }
    let angle: Vec<f64> =
        dates.iter().map(|date| std::f64::consts::TAU * f64::from(date.day_of_year()) / 365.25).collect();
    let mut waves = Vec::new();
    for order in ORDERS {
        waves.push(angle.iter().map(|a| (order * a).sin()).collect());
        waves.push(angle.iter().map(|a| (order * a).cos()).collect());
    }
    explained(&y, &waves) > 0.999
}
