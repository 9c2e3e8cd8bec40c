//! Panels of any size with made-up numbers, under preset `standard`.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use std::fmt::Write;
use wanamaker::data::table::{Column, Table, TextColumn, Values};
use wanamaker::model::compile::{CompiledModel, from_table};
use wanamaker::spec::document::{Format, read};

/// Weekly data of `n_geos` geos (one: no geo column) with that many paid channels and a price, compiled under preset `standard`.
pub fn panel(n_geos: usize, n_weeks: usize, n_channels: usize) -> CompiledModel {
    let mut spec = "preset = 'standard'\n[data]\ntime = 'week'\nkpi = 'revenue'\n".to_owned();
    if n_geos > 1 {
        spec += "geo = 'geo'\npopulation = 'population'\n";
    }
    for c in 0..n_channels {
        write!(spec, "[[channel]]\nname = 'c{c}'\nspend = 'c{c}_spend'\n").expect("a string takes any text");
    }
    spec += "[[control]]\ncolumn = 'price'\n";
    let spec = read(&spec, Format::Toml).spec;
    let table = panel_table(n_geos, n_weeks, n_channels);
    from_table(&spec, &table).unwrap_or_else(|problems| panic!("{problems}")).0
}

/// The table that [`panel`] is compiled from.
pub fn panel_table(n_geos: usize, n_weeks: usize, n_channels: usize) -> Table {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let n = n_geos * n_weeks;
    let population: Vec<f64> = (0..n_geos).map(|_| 1e5 * rng.random_range(-1.0_f64..1.0).exp()).collect();
    let of_geo = |row: usize| population[row / n_weeks];
    let price: Vec<f64> = (0..n).map(|_| rng.random_range(-1.0..1.0)).collect();
    let mut kpi: Vec<f64> =
        (0..n).map(|i| of_geo(i) * (1.0 - 0.05 * price[i] + rng.random_range(-0.1..0.1))).collect();
    let mut columns = Vec::new();
    for c in 0..n_channels {
        // Two weeks in three, and the money works within the week.
        let spend = (0..n).map(|i| of_geo(i) / 1e3 * (rng.random_range(-1.0_f64..2.0)).max(0.0));
        let spend: Vec<f64> = spend.collect();
        for (i, (kpi, spend)) in kpi.iter_mut().zip(&spend).enumerate() {
            *kpi += of_geo(i) * 0.03 * spend / (spend + of_geo(i) / 1e3);
        }
        columns.push(number(&format!("c{c}_spend"), spend));
    }
    columns.push(number("price", price));
    columns.push(number("revenue", kpi));
    let start = jiff::civil::date(2021, 1, 4);
    let week = |i: usize| start.saturating_add(jiff::Span::new().weeks((i % n_weeks) as i64));
    columns.push(Column {
        name: "week".to_owned(),
        values: Values::Date((0..n).map(|i| Some(week(i))).collect()),
    });
    if n_geos > 1 {
        let geos: TextColumn = (0..n).map(|i| format!("g{}", i / n_weeks)).collect();
        columns.push(Column { name: "geo".to_owned(), values: Values::Text(geos) });
        columns.push(number("population", (0..n).map(of_geo).collect()));
    }
    Table::new("panel", columns)
}

fn number(name: &str, cells: Vec<f64>) -> Column {
    Column { name: name.to_owned(), values: Values::Number(cells.into_iter().map(Some).collect()) }
}
