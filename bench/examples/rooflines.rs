//! How many rooflines a gradient takes: the roofline, what a Hill curve cannot do without, and the gradients of every market are
//! timed in turns, a few milliseconds each, and the least of each counts, so that neighbours on the machine weigh little.
//! usage: rooflines [SECONDS]

use std::hint::black_box;
use std::time::{Duration, Instant};
use wanamaker::engine::space::Space;
use wanamaker::math::vector::{exp_in_place, ln_into};
use wanamaker::model::compile::CompiledModel;
use wanamaker::model::density::Evaluator;
use wanamaker::simulate::preset::Preset;
use wanamaker_bench::{cells, geo_market, market, middle};
use wanamaker_mcmc::log_density::LogDensity;

/// What is timed: its name, its cells, and one evaluation.
struct Timed<'a> {
    name: String,
    cells: u64,
    evaluate: Box<dyn FnMut() + 'a>,
    /// ns a cell, of the fastest turn.
    least: f64,
}

impl Timed<'_> {
    fn take_turn(&mut self) {
        let n = 1 + 400_000 / self.cells;
        let begin = Instant::now();
        (0..n).for_each(|_| (self.evaluate)());
        self.least = self.least.min(begin.elapsed().as_nanos() as f64 / (n * self.cells) as f64);
    }
}

fn main() {
    let seconds =
        std::env::args().nth(1).map_or(Some(20), |n| n.parse().ok()).expect("usage: rooflines [SECONDS]");
    let markets = [
        ("weekly4", market(Preset::Weekly4)),
        ("recoverable", market(Preset::Recoverable)),
        ("daily5", market(Preset::Daily5)),
        ("geo, 10", geo_market(10)),
        ("geo, 40", geo_market(40)),
    ];
    let spaces = markets.each_ref().map(|(_, model)| Space::of(model));
    let mut all = vec![roofline()];
    for ((name, model), space) in markets.iter().zip(&spaces) {
        all.push(timed(format!("joint, {name}"), model, Evaluator::new(model), middle(model)));
        let position = space.start(model, || 0.0);
        all.push(timed(format!("as sampled, {name}"), model, space.density(model), position));
    }
    let end = Instant::now() + Duration::from_secs(seconds);
    while Instant::now() < end {
        all.iter_mut().for_each(Timed::take_turn);
    }
    println!("{:<26} {:>9} {:>10} {:>14}", "density", "ns a cell", "rooflines", "M cells a s");
    for timed in &all {
        let rooflines = timed.least / all[0].least;
        println!("{:<26} {:>9.2} {rooflines:>10.2} {:>14.0}", timed.name, timed.least, 1e3 / timed.least);
    }
}

/// A logarithm and a power for every cell of a series that stays in the cache.
fn roofline() -> Timed<'static> {
    let x: Vec<f64> = (0..1096).map(|t| 0.01 + f64::from(t) / 512.0).collect();
    let mut out = x.clone();
    let cells = x.len() as u64;
    let evaluate = Box::new(move || {
        ln_into(black_box(&x), &mut out);
        exp_in_place(black_box(&mut out));
    });
    Timed { name: "roofline: ln and exp".into(), cells, evaluate, least: f64::INFINITY }
}

fn timed<'a>(
    name: String,
    model: &CompiledModel,
    mut density: impl LogDensity + 'a,
    position: Vec<f64>,
) -> Timed<'a> {
    let mut gradient = vec![0.0; position.len()];
    let evaluate = Box::new(move || {
        black_box(density.log_density(black_box(&position), &mut gradient));
    });
    Timed { name, cells: cells(model), evaluate, least: f64::INFINITY }
}
