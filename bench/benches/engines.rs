//! The quick engines: what they draw alone, and whole fits with their convergence figures.
//! `cargo bench -p wanamaker-bench --bench engines`.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::ops::ControlFlow;
use wanamaker::engine::fit::fit;
use wanamaker::engine::laplace::around_mode;
use wanamaker::engine::space::Space;
use wanamaker::model::compile::{CompiledModel, from_table};
use wanamaker::simulate::options::Options;
use wanamaker::simulate::preset::Preset;
use wanamaker::simulate::simulate;
use wanamaker::spec::document::{Format, read};
use wanamaker::spec::{EngineName, PresetName};
use wanamaker_mcmc::gibbs::{GibbsSettings, LinearModel, VariancePrior, sample};

/// A simulated market under its own spec, a preset or an engine instead of the spec's.
fn model(market: Preset, preset: Option<PresetName>, engine: EngineName) -> CompiledModel {
    let market = simulate(&Options::new(market, 1)).expect("the options are sound");
    let mut spec = read(&market.spec, Format::Toml).spec;
    if let Some(preset) = preset {
        spec.preset = preset;
        for channel in &mut spec.channel {
            (channel.adstock, channel.saturation, channel.effect) = (None, None, None);
        }
    }
    spec.sampler.engine = Some(engine);
    from_table(&spec, &market.table).unwrap_or_else(|problems| panic!("{problems}")).0
}

/// 220 observations of eight standardised columns, 400 scans thrown away and 800 kept.
fn gibbs(criterion: &mut Criterion) {
    let (n, p) = (220, 8);
    let columns: Vec<Vec<f64>> = (0..p)
        .map(|j| (0..n).map(|i| ((i * (2 * j + 3)) as f64 * 0.7).sin() * 2_f64.sqrt()).collect())
        .collect();
    let y: Vec<f64> = (0..n).map(|i| columns[0][i] - 0.5 * columns[1][i] + (i as f64 * 2.3).sin()).collect();
    let model = LinearModel {
        columns: &columns,
        y: &y,
        prior_mean: &[0.0; 8],
        prior_sd: &[1.0; 8],
        variance: VariancePrior::InverseGamma { shape: 2.0, scale: 1.0 },
    };
    let settings = GibbsSettings { n_chains: 1, ..GibbsSettings::default() };
    criterion.bench_function("gibbs, n = 220, p = 8, 1,200 scans", |bencher| {
        bencher.iter(|| sample(black_box(&model), &settings));
    });
}

/// Mode, curvature and Pareto's k of a weekly model over two years.
fn laplace(criterion: &mut Criterion) {
    let model = model(Preset::Weekly4, None, EngineName::Laplace);
    let space = Space::of(&model);
    criterion.bench_function("laplace, weekly4, around the mode", |bencher| {
        bencher.iter(|| around_mode(black_box(&model), &space).expect("it has a mode"));
    });
}

fn fits(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fit");
    group.sample_size(10);
    for (name, model) in [
        ("gibbs, lite, 4 x 800", model(Preset::Lite, None, EngineName::Gibbs)),
        (
            "ridge, weekly4, 2,000 replicates",
            model(Preset::Weekly4, Some(PresetName::Ridge), EngineName::Ridge),
        ),
        ("laplace, weekly4, 4 x 1,000", model(Preset::Weekly4, None, EngineName::Laplace)),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| fit(model.clone(), 1, &mut |_| ControlFlow::Continue(())).expect("it fits"));
        });
    }
    group.finish();
}

criterion_group!(benches, gibbs, laplace, fits);
criterion_main!(benches);
