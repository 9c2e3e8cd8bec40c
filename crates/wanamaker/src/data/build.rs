//! From a table and the roles of its columns to a complete panel, or to the list of everything in the way.

use jiff::ToSpan;

use super::calendar::Spacing;
use super::cell::counted;
use super::date::{COUNTER_START, Dates, is_date_column, read_dates};
use super::fill::{Filler, Laid};
use super::grid::{Grid, Keys, build_grid, read_geos};
use super::new_periods::{align_events, align_geos, check_axis};
use super::number::Evidence;
use super::options::DataOptions;
use super::panel::{EventSeries, Media, Panel, Series};
use super::roles::{ExposureColumns, MediaColumns, NamedColumn, Roles};
use super::roles_check::check_roles;
use super::substance::{check_kpi, check_media, check_moves};
use super::table::{Column, Table};
use crate::problem::{Place, Problem, Problems};

/// Builds the panel to fit a model on.
///
/// `Ok` carries remarks: what was understood, sorted or repaired. `Err` carries every fault found in one pass.
pub fn build_panel(
    table: &Table,
    roles: &Roles,
    options: &DataOptions,
) -> Result<(Panel, Problems), Problems> {
    Builder { table, roles, options, fitted: None, found: Problems::new() }.build()
}

/// Builds the panel of new periods for a model fitted on `fitted`.
///
/// The KPI may be absent; geos, spacing and events are those of `fitted`, in its order, and so is the population.
/// A channel may rest and a control may stand still, as nothing is estimated here.
pub fn build_new_periods(
    table: &Table,
    roles: &Roles,
    options: &DataOptions,
    fitted: &Panel,
) -> Result<(Panel, Problems), Problems> {
    let builder = Builder { table, roles, options, fitted: Some(fitted), found: Problems::new() };
    let (mut panel, mut found) = builder.build()?;
    check_axis(&panel, fitted, &mut found);
    align_geos(&mut panel, fitted, &mut found);
    align_events(&mut panel, fitted, &mut found);
    if found.has_errors() { Err(found) } else { Ok((panel, found)) }
}

struct Builder<'a> {
    table: &'a Table,
    roles: &'a Roles,
    options: &'a DataOptions,
    fitted: Option<&'a Panel>,
    found: Problems,
}

impl<'a> Builder<'a> {
    fn build(mut self) -> Result<(Panel, Problems), Problems> {
        check_roles(self.table, self.roles, self.fitted.is_some(), &mut self.found);
        if self.table.n_rows() == 0 {
            let at = Place::file(&self.table.source);
            self.found.push(
                Problem::error("data.no_rows", at, "the table has no rows")
                    .hint("export the data again, rows included"),
            );
            return Err(self.found);
        }
        let grid = self.grid();
        let panel = self.fill(grid.as_ref());
        match panel {
            Some(panel) if !self.found.has_errors() => Ok((panel, self.found)),
            _ => Err(self.found),
        }
    }

    fn column(&self, name: &str) -> Option<&'a Column> {
        self.table.column(name)
    }

    fn grid(&mut self) -> Option<Grid> {
        let table = self.table;
        let (dates, time_column) = match &self.roles.time {
            Some(name) => {
                let column = self.column(name)?;
                (
                    read_dates(table, column, self.options.date_format.as_deref(), &mut self.found),
                    name.as_str(),
                )
            }
            None => (self.numbered_rows()?, ""),
        };
        let (geo_of_row, geos) = match &self.roles.geo {
            Some(name) => read_geos(table, self.column(name)?, &mut self.found),
            None => (vec![Some(0); table.n_rows()], vec!["national".to_owned()]),
        };
        if geos.is_empty() {
            return None;
        }
        let known = self.fitted.map(|fitted| fitted.calendar.spacing());
        let keys = Keys { time_column, dates: &dates, geo_of_row, geos };
        build_grid(table, keys, self.options, known, &mut self.found)
    }

    /// Without a time column the rows are weeks in order, which is believable only where nothing says otherwise.
    fn numbered_rows(&mut self) -> Option<Dates> {
        let place = Place::key("data.time");
        let dated = self.table.columns.iter().find(|column| is_date_column(column));
        if let Some(column) = dated {
            let message = format!("no time column is named, but the column `{}` holds dates", column.name);
            let hint = format!("say `time = \"{}\"`", column.name);
            self.found.push(Problem::error("spec.missing_time", place, message).hint(hint));
            return None;
        }
        if self.roles.geo.is_some() {
            let message = "a geo column needs a time column: rows cannot be numbered across geos";
            self.found.push(Problem::error("spec.missing_time", place, message).hint("name the time column"));
            return None;
        }
        let message = format!("there is no time column; rows are taken as weeks from {COUNTER_START}");
        self.found.push(
            Problem::info("data.counted_periods", place, message)
                .hint("dates would let the model know the seasons"),
        );
        let n_rows = i64::try_from(self.table.n_rows()).unwrap_or(i64::MAX).min(400_000);
        let of_row = (0..n_rows).map(|row| Some(COUNTER_START.saturating_add((7 * row).days()))).collect();
        Some(Dates { of_row, counter: Some(Spacing::Days(7)) })
    }

    /// Evidence on the decimal sign from the columns that hold numbers.
    fn evidence(&self) -> Evidence {
        let roles = self.roles;
        let is_number = |column: &&Column| {
            let name = &column.name;
            roles.time.as_ref() != Some(name)
                && roles.geo.as_ref() != Some(name)
                && !roles.events.contains(name)
        };
        Evidence::of_columns(self.table.columns.iter().filter(is_number))
    }

    fn fill(&mut self, grid: Option<&Grid>) -> Option<Panel> {
        let filler = Filler { table: self.table, options: self.options, file: self.evidence(), grid };
        let (kpi, n_history) = self.kpi(&filler);
        let media = self.roles.media.iter().map(|media| self.media(media, &filler)).collect();
        let organic = self.roles.organic.iter().map(|media| self.media(media, &filler)).collect();
        let treatments = self.steady(&self.roles.treatments, "treatment", &filler, n_history);
        let controls = self.steady(&self.roles.controls, "control", &filler, n_history);
        let events = self.events(&filler);
        let population = self.population(&filler);
        let revenue_per_kpi = self.roles.revenue_per_kpi.as_ref().and_then(|name| self.column(name));
        let revenue_per_kpi =
            revenue_per_kpi.map(|column| filler.revenue_per_kpi(column, n_history, &mut self.found).values);
        let grid = grid?;
        let panel = Panel {
            source: self.table.source.clone(),
            geos: grid.geos.clone(),
            has_geo: self.roles.geo.is_some(),
            calendar: grid.calendar.clone(),
            population: if population.is_empty() { vec![1.0; grid.geos.len()] } else { population },
            kpi,
            revenue_per_kpi,
            media,
            organic,
            treatments,
            controls,
            events,
            n_history,
        };
        Some(panel)
    }

    fn kpi(&mut self, filler: &Filler<'_>) -> (Series, usize) {
        let name = self.roles.kpi.clone();
        let n_cells = filler.grid.map_or(0, Grid::n_cells);
        let Some(column) = self.column(&name) else {
            // Absent for new periods: unknown everywhere. Else it is reported already.
            return (Series { name, values: vec![f64::NAN; n_cells] }, 0);
        };
        let laid = filler.kpi(column, &mut self.found);
        let mut n_history = 0;
        if let (Some(grid), true, None) = (filler.grid, laid.is_sound, self.fitted) {
            n_history = check_kpi(self.table, &name, &laid.values, grid, &mut self.found);
        }
        (Series { name, values: laid.values }, n_history)
    }

    fn media(&mut self, media: &MediaColumns, filler: &Filler<'_>) -> Media {
        let mut exposure_columns = Vec::new();
        let exposure = match &media.exposure {
            ExposureColumns::One(name) => self.column(name).map(|column| {
                exposure_columns.push(name.as_str());
                filler.media(column, "exposure", &mut self.found)
            }),
            ExposureColumns::ReachFrequency { reach, frequency } => {
                exposure_columns.push(reach.as_str());
                let columns = self.column(reach).zip(self.column(frequency));
                columns.map(|(reach, frequency)| filler.reach_frequency(reach, frequency, &mut self.found))
            }
        };
        let spend = match &media.spend {
            Some(name) if exposure_columns.contains(&name.as_str()) => None,
            Some(name) => self.column(name).map(|column| filler.media(column, "spend", &mut self.found)),
            None => None,
        };
        let is_estimated = self.fitted.is_none() && filler.grid.is_some();
        for (laid, part) in [(&exposure, "exposure"), (&spend, "spend")] {
            if let (Some(laid), true) = (laid, is_estimated) {
                check_media(self.table, media, part, laid, &mut self.found);
            }
        }
        let values = |laid: Option<Laid>| laid.map(|laid| laid.values);
        let exposure = values(exposure).unwrap_or_default();
        let spend = match (values(spend), &media.spend) {
            (Some(spend), _) => Some(spend),
            (None, Some(_)) => Some(exposure.clone()),
            (None, None) => None,
        };
        Media { name: media.name.clone(), exposure, spend }
    }

    fn steady(
        &mut self,
        columns: &[NamedColumn],
        role: &str,
        filler: &Filler<'_>,
        n_history: usize,
    ) -> Vec<Series> {
        let mut series = Vec::new();
        for NamedColumn { name, column } in columns {
            let Some(column) = self.column(column) else { continue };
            let laid = filler.control(column, role, n_history, &mut self.found);
            if let (Some(grid), true, None) = (filler.grid, laid.is_sound, self.fitted) {
                let what = format!("{role} `{name}`");
                check_moves(self.table, &column.name, &what, &laid.values, grid, n_history, &mut self.found);
            }
            series.push(Series { name: name.clone(), values: laid.values });
        }
        series
    }

    fn events(&mut self, filler: &Filler<'_>) -> Vec<EventSeries> {
        let mut events: Vec<EventSeries> = Vec::new();
        for name in &self.roles.events {
            let Some(column) = self.column(name) else { continue };
            for mut event in filler.events(column, &mut self.found) {
                if events.iter().any(|other| other.name == event.name) {
                    event.name = format!("{name}: {}", event.name);
                }
                if let (Some(grid), None) = (filler.grid, self.fitted) {
                    let what = format!("event `{}`", event.name);
                    check_moves(self.table, name, &what, &event.values, grid, 0, &mut self.found);
                }
                events.push(event);
            }
        }
        if let (Some(grid), false) = (filler.grid, events.is_empty()) {
            self.remark_events(&events, grid);
        }
        events
    }

    fn remark_events(&mut self, events: &[EventSeries], grid: &Grid) {
        let said: Vec<String> = events
            .iter()
            .map(|event| {
                let n = event.values.iter().filter(|x| **x > 0.0).count();
                format!("`{}` in {}", event.name, counted(n, grid.calendar.spacing().name()))
            })
            .collect();
        let message = format!("{} understood: {}", counted(events.len(), "event"), said.join(", "));
        self.found.push(Problem::info("data.events", Place::file(&self.table.source), message));
    }

    fn population(&mut self, filler: &Filler<'_>) -> Vec<f64> {
        let column = self.roles.population.as_ref().and_then(|name| self.column(name));
        // New periods take the population of the fitted panel, whatever the table says.
        match (column, self.fitted) {
            (Some(column), None) => filler.population(column, &mut self.found),
            _ => Vec::new(),
        }
    }
}
