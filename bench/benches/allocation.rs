//! Plans with a proof: the curves of a plan, the plan itself, and both. `cargo bench -p wanamaker-bench --bench allocation`.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use wanamaker::decision::allocation::plan::solve;
use wanamaker::decision::allocation::problem::{Budget, Method, Task};
use wanamaker::decision::surface::Surface;
use wanamaker::decision::surface::flighting::{Flighting, Shape};
use wanamaker::spec::SaturationKind;
use wanamaker_bench::posterior::stated;

/// Everything may go anywhere: the hardest bounds.
fn task(surface: &Surface) -> Task {
    let today: f64 = surface.current().iter().sum();
    let bounds = vec![(0.0, today); surface.cells.len()];
    Task { method: Method::Global, ..Task::new(Budget::Fixed(today), bounds) }
}

fn plans(criterion: &mut Criterion) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let quarter = Shape { horizon: 13, flighting: Flighting::Even, ..Shape::default() };
    for (name, channels, draws, shape) in [
        ("20 x 4,000, steady", 20, 4_000, Shape::default()),
        ("20 x 4,000, 13 weeks with carry-over", 20, 4_000, quarter),
        ("200 x 1,000, steady", 200, 1_000, Shape::default()),
    ] {
        let curves = stated(channels, draws, SaturationKind::Hill, 1);
        let build = || curves.surface(&shape, None, threads).expect("the curves are sound");
        let surface = build();
        let task = task(&surface);
        let solved = solve(&surface, &task).expect("there is a plan");
        let gap = solved.proof.expect("global proves").relative_gap;
        println!("{name}: relative gap {gap:.1e}");
        assert!(gap <= 1e-6);
        let mut group = criterion.benchmark_group("allocation");
        group.sample_size(10);
        group.bench_function(BenchmarkId::new("curves", name), |bencher| bencher.iter(&build));
        group.bench_function(BenchmarkId::new("global", name), |bencher| {
            bencher.iter(|| solve(black_box(&surface), &task));
        });
        group.finish();
    }
}

criterion_group!(benches, plans);
criterion_main!(benches);
