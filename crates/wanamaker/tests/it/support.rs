//! What the tests share: the reference folder, small tables, and derivatives by differences.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use wanamaker::data::table::{Column, Table, Values};
use wanamaker::engine::fit::{Fit, fit};
use wanamaker::model::compile::from_table;
use wanamaker::simulate::options::Options;
use wanamaker::simulate::simulate;
use wanamaker::spec::document::{Format, read};

/// Whether the statistical tests are asked for; one line is said where they are not.
pub fn is_slow_run() -> bool {
    let slow = std::env::var("RUN_SLOW_TESTS").is_ok_and(|value| value == "1");
    if !slow {
        println!("skipped: set RUN_SLOW_TESTS=1 to run the statistical tests");
    }
    slow
}

/// A file of the reference folder beside the checkout; `None`, with one line said, where it is absent.
pub fn shared(path: &str) -> Option<PathBuf> {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(path);
    if full.exists() {
        return Some(full);
    }
    println!("skipped: the reference file shared/{path} is not here");
    None
}

/// A plain CSV file without quotes, as text cells.
pub fn plain_csv(path: &Path) -> Table {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let columns = names
        .iter()
        .enumerate()
        .map(|(i, name)| Column {
            name: (*name).to_owned(),
            values: Values::Text(rows.iter().map(|row| row[i]).collect()),
        })
        .collect();
    Table::new(path.file_name().unwrap().to_str().unwrap(), columns)
}

/// Sixth-order central difference of `f` along coordinate `i` with step `h`.
pub fn difference(f: &mut dyn FnMut(&[f64]) -> f64, at: &[f64], i: usize, h: f64) -> f64 {
    let mut value = |k: f64| {
        let mut x = at.to_vec();
        x[i] += k * h;
        f(&x)
    };
    (45.0 * (value(1.0) - value(-1.0)) - 9.0 * (value(2.0) - value(-2.0)) + value(3.0) - value(-3.0))
        / (60.0 * h)
}

/// At most one divergence in 4,000 draws. At an acceptance of .99 one fit in twenty of the weekly market has one, and which of them
/// it is changes with the last digit of anything.
pub fn has_few_divergences(fit: &Fit) -> bool {
    let c = &fit.convergence;
    c.divergences * 4000 <= c.chains * c.draws
}

/// A fit of a simulated market on its own spec: two chains of 200 draws, quick and good enough to compare functions on.
pub fn quick_fit(options: &Options) -> Fit {
    let market = simulate(options).unwrap();
    let mut spec = read(&market.spec, Format::Toml).spec;
    spec.sampler.chains = Some(2);
    spec.sampler.draws = Some(200);
    spec.sampler.tune = Some(200);
    let (model, _) = from_table(&spec, &market.table).unwrap();
    fit(model, 2, &mut |_| ControlFlow::Continue(())).unwrap()
}
