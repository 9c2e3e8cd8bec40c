//! Figures of trust against what can be computed by hand.

use crate::gradient::model;
use crate::measures::ADSTOCK;
use std::f64::consts::TAU;
use std::fmt::Debug;
use wanamaker::data::calendar::Spacing;
use wanamaker::model::compile::{CompiledModel, compile, from_table};
use wanamaker::posterior::Posterior;
use wanamaker::posterior::replay::Replay;
use wanamaker::simulate::options::Options;
use wanamaker::simulate::preset::Preset;
use wanamaker::simulate::simulate;
use wanamaker::spec::PresetName;
use wanamaker::spec::document::{Format, read};
use wanamaker::validation::accuracy::accuracy;
use wanamaker::validation::diagnosis::diagnosis;
use wanamaker::validation::information::{information, ln_likelihoods};
use wanamaker::validation::predictive_check::{Figure, predictive_check};
use wanamaker::validation::prior_check::prior_check;
use wanamaker::validation::residuals::residuals;

/// Log likelihoods are those of a normal in the user's units, whatever the model divides by.
#[test]
fn log_likelihoods_stand_in_the_units_of_the_kpi() {
    for n_geos in [1, 3] {
        hold(&model("", ADSTOCK, n_geos, Spacing::Days(7)));
    }
}

/// Priors, scales and likelihood are the same whatever happens in the periods that are held back.
#[test]
fn what_is_held_out_changes_nothing_that_is_learnt() {
    for preset in [PresetName::Standard, PresetName::PymcMarketing, PresetName::Lite] {
        let market = simulate(&Options::new(Preset::Weekly4, 1)).unwrap();
        let mut spec = read(&market.spec, Format::Toml).spec;
        spec.preset = preset;
        spec.data.holdout = Some(8);
        for channel in &mut spec.channel {
            (channel.adstock, channel.saturation, channel.effect) = (None, None, None);
        }
        let (model, _) = from_table(&spec, &market.table).unwrap_or_else(|problems| panic!("{problems}"));
        let mut other = model.panel.clone();
        let n = other.n_times();
        for media in &mut other.media {
            media.exposure[n - 8..].fill(1e9);
            media.spend.iter_mut().for_each(|spend| spend[n - 8..].fill(1e9));
        }
        other.controls.iter_mut().for_each(|control| control.values[n - 8..].fill(-1e9));
        other.kpi.values[n - 8..].fill(1e12);
        let again = compile(&spec, &other).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(model.units, again.units, "{preset:?}");
        assert_eq!(model.likelihood.y, again.likelihood.y, "{preset:?}");
        let priors = |model: &CompiledModel| format!("{:?}", model.layout.parameters);
        assert_eq!(priors(&model), priors(&again), "{preset:?}");
        let features = |model: &CompiledModel| -> Vec<f64> {
            model.mean.channels.iter().map(|channel| channel.feature_scale).collect()
        };
        assert_eq!(features(&model), features(&again), "{preset:?}");
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

/// One pass over the draws gives what three give.
#[test]
fn a_diagnosis_is_accuracy_residuals_and_information_at_once() {
    for n_geos in [1, 3] {
        let model = model("", ADSTOCK, n_geos, Spacing::Days(7));
        let posterior = Posterior::from_prior(&model, 30, 5);
        let found = diagnosis(&model, &posterior, 0.9, 3);
        // As text, for some figures are not numbers.
        let same = |one: &dyn Debug, other: &dyn Debug| assert_eq!(format!("{one:?}"), format!("{other:?}"));
        same(&found.accuracy, &accuracy(&model, &posterior, 0.9, 3));
        same(&found.residuals, &residuals(&model, &posterior));
        same(&found.information, &information(&model, &posterior));
        assert_eq!(found.predictive.len(), model.panel.n_cells());
        assert!(found.predictive.iter().all(|draws| draws.len() == 30));
    }
}

/// A posterior that is the prior makes the data it would make: markets from the prior are foreseen as often as claimed.
#[test]
fn what_a_model_makes_it_calls_possible_and_what_it_does_not_it_names() {
    let mut model = model("", ADSTOCK, 1, Spacing::Days(7));
    let posterior = Posterior::from_prior(&model, 200, 5);
    let found = diagnosis(&model, &posterior, 0.95, 3);
    // A draw of the model's own as data.
    let own: Vec<f64> = found.predictive.iter().map(|draws| draws[17]).collect();
    model.panel.kpi.values.iter_mut().zip(&own).for_each(|(y, own)| *y = *own);
    let check = predictive_check(&model, &found.predictive, 0.95);
    assert!(check.figures.iter().all(|figure| figure.p >= 0.005), "{:?}", check.figures);
    assert_eq!(check.pit.iter().sum::<usize>(), check.cells);
    // The same far beyond anything drawn.
    let most = found.predictive.iter().flatten().fold(0.0_f64, |most, y| most.max(y.abs()));
    model.panel.kpi.values.iter_mut().for_each(|y| *y += 10.0 * most);
    let check = predictive_check(&model, &found.predictive, 0.95);
    let p = |figure: Figure| check.figures.iter().find(|c| c.figure == figure).unwrap().p;
    assert_eq!((p(Figure::Mean), p(Figure::Min), p(Figure::Max)), (0.0, 0.0, 0.0));
    assert_eq!(check.pit[9], check.cells);
    assert!(check.pit_expected.1 < check.cells);
}

#[test]
fn a_prior_check_counts_what_the_prior_allows() {
    let model = model("", ADSTOCK, 3, Spacing::Days(7));
    let found = prior_check(&model, 400, 0.95, 8);
    assert_eq!((found.markets, found.impossible, found.channels.len()), (400, 0, model.mean.channels.len()));
    assert!(found.mean.lower < found.mean.upper && (0.0..=1.0).contains(&found.negative_cells));
    // Shares of all media are the sum of the shares of each, in the mean too.
    let sum: f64 = found.channels.iter().map(|channel| channel.share.mean).sum();
    assert!((sum / found.media_share.mean - 1.0).abs() < 1e-9);
    assert_eq!(found, prior_check(&model, 400, 0.95, 8));
}
