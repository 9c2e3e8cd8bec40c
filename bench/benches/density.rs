//! Log density with gradient by size, and whole fits. `cargo bench -p wanamaker-bench`.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::ops::ControlFlow;
use wanamaker::engine::fit::fit;
use wanamaker::model::density::Evaluator;
use wanamaker::simulate::preset::Preset;
use wanamaker_bench::{cells, geo_market, market, middle};
use wanamaker_mcmc::log_density::LogDensity;

fn gradients(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("gradient");
    let markets = [
        ("weekly4", market(Preset::Weekly4)),
        ("recoverable", market(Preset::Recoverable)),
        ("daily5", market(Preset::Daily5)),
        ("geo_10", geo_market(10)),
        ("geo_40", geo_market(40)),
    ];
    for (name, model) in &markets {
        let position = middle(model);
        let mut gradient = vec![0.0; position.len()];
        let mut evaluator = Evaluator::new(model);
        group.throughput(Throughput::Elements(cells(model)));
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| evaluator.log_density(black_box(&position), &mut gradient));
        });
    }
    group.finish();
}

fn fits(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fit");
    group.sample_size(10);
    let model = market(Preset::Recoverable);
    group.bench_function("recoverable, 4 x (1000 + 1000)", |bencher| {
        bencher.iter(|| fit(model.clone(), 0, &mut |_| ControlFlow::Continue(())));
    });
    group.finish();
}

criterion_group!(benches, gradients, fits);
criterion_main!(benches);
