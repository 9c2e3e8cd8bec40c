//! Figures of trust against what can be computed by hand.

use crate::gradient::model;
use crate::measures::ADSTOCK;
use std::f64::consts::TAU;
use wanamaker::data::calendar::Spacing;
use wanamaker::model::compile::CompiledModel;
use wanamaker::posterior::Posterior;
use wanamaker::posterior::replay::Replay;
use wanamaker::validation::information::{information, ln_likelihoods};

/// Log likelihoods are those of a normal in the user's units, whatever the model divides by.
#[test]
fn log_likelihoods_stand_in_the_units_of_the_kpi() {
    for n_geos in [1, 3] {
        hold(&model("", ADSTOCK, n_geos, Spacing::Days(7)));
    }
}

fn hold(model: &CompiledModel) {
    let posterior = Posterior::from_prior(model, 12, 5);
    let found = ln_likelihoods(model, &posterior);
    let n_times = model.panel.n_times();
    let cells: Vec<usize> =
        (0..model.panel.n_cells()).filter(|i| model.likelihood.weight[*i] > 0.0).collect();
    assert_eq!(found.len(), cells.len());
    let mut replay = Replay::new(model);
    for s in 0..12 {
        replay.go_to(&posterior, 0, s);
        let mut mean = vec![0.0; model.panel.n_cells()];
        replay.add_mean(&model.training, replay.training(), &mut mean);
        for (own, &i) in found.iter().zip(&cells) {
            let sd = replay.noise(i / n_times).sigma * model.units.kpi_of(i / n_times);
            let z = (model.panel.kpi.values[i] - mean[i]) / sd;
            let expected = -0.5 * z * z - sd.ln() - 0.5 * TAU.ln();
            assert!((own[s] - expected).abs() < 1e-9 * (1.0 + expected.abs()), "{} {expected}", own[s]);
        }
    }
    let all = information(model, &posterior);
    let greatest =
        (0..12).map(|s| found.iter().map(|own| own[s]).sum::<f64>()).fold(f64::NEG_INFINITY, f64::max);
    assert!((all.aic - 2.0 * (all.n_parameters as f64 - greatest)).abs() < 1e-6 * all.aic.abs());
}
