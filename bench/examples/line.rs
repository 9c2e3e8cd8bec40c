//! What one gradient costs as a panel grows: 156 weeks × 15 channels of 5 to 200 geos, preset `standard`, as samplers see it.
//! `cargo run --release -p wanamaker-bench --example line`.

use std::hint::black_box;
use std::time::{Duration, Instant};
use wanamaker::engine::space::Space;
use wanamaker_bench::cells;
use wanamaker_bench::panel::panel;
use wanamaker_mcmc::log_density::LogDensity;

/// How long each size is timed.
const LONG_ENOUGH: Duration = Duration::from_secs(4);

fn main() {
    println!("| geos | cells | dimensions | ms a gradient | ns a cell |");
    println!("|---:|---:|---:|---:|---:|");
    for n_geos in [5, 10, 20, 50, 100, 200] {
        let model = panel(n_geos, 156, 15);
        let space = Space::of(&model);
        let position = space.start(&model, || 0.1);
        let mut gradient = vec![0.0; position.len()];
        let mut density = space.density(&model);
        // The least of many is what the work takes; the rest is other work on the machine.
        let (began, mut least) = (Instant::now(), f64::INFINITY);
        while began.elapsed() < LONG_ENOUGH {
            let begin = Instant::now();
            let value = density.log_density(black_box(&position), &mut gradient);
            least = least.min(begin.elapsed().as_secs_f64());
            assert!(black_box(value).is_finite());
        }
        let n_cells = cells(&model);
        let per_cell = 1e9 * least / n_cells as f64;
        println!("| {n_geos} | {n_cells} | {} | {:.2} | {per_cell:.1} |", space.dim(), 1e3 * least);
    }
}
