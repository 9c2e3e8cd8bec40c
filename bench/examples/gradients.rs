//! So many gradients of the daily market's density, as samplers see it, for whoever counts instructions. usage: gradients N

use std::hint::black_box;
use wanamaker::engine::space::Space;
use wanamaker::simulate::preset::Preset;
use wanamaker_bench::market;
use wanamaker_mcmc::log_density::LogDensity;

fn main() {
    let n: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).expect("usage: gradients N");
    let model = market(Preset::Daily5);
    let space = Space::of(&model);
    let position = space.start(&model, || 0.0);
    let mut gradient = vec![0.0; position.len()];
    let mut density = space.density(&model);
    for _ in 0..n {
        let value = density.log_density(black_box(&position), &mut gradient);
        assert!(black_box(value).is_finite());
    }
}
