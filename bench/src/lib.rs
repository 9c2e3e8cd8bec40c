//! Markets and posteriors of every size to time the engine and the plans on.

pub mod panel;
pub mod posterior;

use wanamaker::model::compile::{CompiledModel, from_table};
use wanamaker::simulate::options::Options;
use wanamaker::simulate::preset::Preset;
use wanamaker::simulate::simulate;
use wanamaker::spec::document::{Format, read};

/// A simulated market, compiled with the spec it brings along.
pub fn market(preset: Preset) -> CompiledModel {
    compiled(&Options::new(preset, 1))
}

/// The geo panel with that many geos.
pub fn geo_market(n_geos: usize) -> CompiledModel {
    compiled(&Options { n_geos: Some(n_geos), ..Options::new(Preset::Geo, 1) })
}

fn compiled(options: &Options) -> CompiledModel {
    let market = simulate(options).expect("the options are sound");
    let spec = read(&market.spec, Format::Toml).spec;
    from_table(&spec, &market.table).expect("a market fits its own spec").0
}

/// Cells of media: geos × periods × channels.
pub fn cells(model: &CompiledModel) -> u64 {
    (model.panel.n_cells() * model.mean.channels.len()) as u64
}

/// The prior median, unconstrained.
pub fn middle(model: &CompiledModel) -> Vec<f64> {
    let free = model.layout.parameters.iter().filter(|parameter| parameter.free.is_some());
    free.map(|parameter| parameter.support.unconstrain(parameter.distribution.median())).collect()
}
