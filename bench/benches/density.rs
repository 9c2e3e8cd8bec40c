//! Log density with gradient by size, and whole fits. `cargo bench -p wanamaker-bench`.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::ops::ControlFlow;
use wanamaker::engine::fit::fit;
use wanamaker::engine::space::Space;
use wanamaker::math::vector::{exp_in_place, ln_into};
use wanamaker::model::compile::CompiledModel;
use wanamaker::model::density::Evaluator;
use wanamaker::simulate::preset::Preset;
use wanamaker_bench::{cells, geo_market, market, middle};
use wanamaker_mcmc::log_density::LogDensity;

fn markets() -> [(&'static str, CompiledModel); 5] {
    [
        ("weekly4", market(Preset::Weekly4)),
        ("recoverable", market(Preset::Recoverable)),
        ("daily5", market(Preset::Daily5)),
        ("geo_10", geo_market(10)),
        ("geo_40", geo_market(40)),
    ]
}

/// The joint density.
fn gradients(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("gradient");
    for (name, model) in &markets() {
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

/// The density as samplers see it.
fn marginal_gradients(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sampler");
    for (name, model) in &markets() {
        let space = Space::of(model);
        let position = space.start(model, || 0.0);
        let mut gradient = vec![0.0; position.len()];
        let mut density = space.density(model);
        group.throughput(Throughput::Elements(cells(model)));
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| density.log_density(black_box(&position), &mut gradient));
        });
    }
    group.finish();
}

/// What a Hill curve cannot do without: a logarithm and a power for every cell, of a series that stays in the cache.
fn roofline(criterion: &mut Criterion) {
    let x: Vec<f64> = (0..1096).map(|t| 0.01 + f64::from(t) / 512.0).collect();
    let mut out = x.clone();
    let mut group = criterion.benchmark_group("roofline");
    group.throughput(Throughput::Elements(x.len() as u64));
    group.bench_function("ln and exp", |bencher| {
        bencher.iter(|| {
            ln_into(black_box(&x), &mut out);
            exp_in_place(black_box(&mut out));
        });
    });
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

criterion_group!(benches, roofline, gradients, marginal_gradients, fits);
criterion_main!(benches);
