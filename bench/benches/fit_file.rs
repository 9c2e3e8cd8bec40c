//! Writing and opening a fit file of 4,000 draws × 50 parameters. `cargo bench -p wanamaker-bench --bench fit_file`.

use criterion::{Criterion, criterion_group, criterion_main};
use wanamaker::engine::convergence::convergence;
use wanamaker::engine::fit::Fit;
use wanamaker::engine::report::Report;
use wanamaker::posterior::Posterior;
use wanamaker::problem::Problems;
use wanamaker_bench::panel::{panel, panel_table};
use wanamaker_io::fit_file::{Host, Stamp, load, save};
use wanamaker_mcmc::draws::DrawStats;

/// 1,000 draws of each of four chains, from the prior.
fn fitted() -> Fit {
    let mut model = panel(1, 156, 9);
    model.spec.sampler.chains = Some(4);
    let mut posterior = Posterior::from_prior(&model, 4000, 1);
    (posterior.n_chains, posterior.n_draws) = (4, 1000);
    let statistics = vec![vec![DrawStats::default(); 1000]; 4];
    let convergence = convergence(&model, &posterior, &statistics, 0);
    let (report, warnings) = (Report::Nuts, Problems::new());
    Fit { model, posterior, statistics, convergence, report, warnings, cancelled: false }
}

fn fit_file(criterion: &mut Criterion) {
    let (fit, table) = (fitted(), panel_table(1, 156, 9));
    let host = Host { os: String::new(), arch: String::new(), threads: 1 };
    let stamp = Stamp { program_version: String::new(), created: String::new(), host, timings: Vec::new() };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("fit.mmm");
    let size = format!("4,000 draws x {} parameters", fit.posterior.n_scalars());
    criterion.bench_function(&format!("fit file, {size}, written"), |bencher| {
        bencher.iter(|| save(&path, &fit, &table, &stamp).expect("it can be written"));
    });
    criterion.bench_function(&format!("fit file, {size}, opened"), |bencher| {
        bencher.iter(|| load(&path).expect("it can be opened"));
    });
}

criterion_group!(benches, fit_file);
criterion_main!(benches);
