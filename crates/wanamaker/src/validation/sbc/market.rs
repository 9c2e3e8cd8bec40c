//! A market drawn from the prior: true parameters, and the model with a KPI that came of them.

use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::replay::Replay;
use rand::Rng;
use wanamaker_mcmc::seed::{Purpose, stream};

/// Draws of the prior tried before a market is given up.
pub(super) const MOST_DRAWS: usize = 200;

/// Truth and data.
pub(super) struct Market {
    /// The model with the simulated KPI, and a sampler seed of its own.
    pub(super) model: CompiledModel,
    /// The true parameters, as a posterior of one draw.
    pub(super) truth: Posterior,
    /// Draws that no KPI could come of.
    pub(super) redrawn: usize,
    /// Where what is drawn beside parameters and KPI comes from.
    pub(super) seed: u64,
}

/// Market `index` of all those that `seed` stands for; `None` when no KPI comes of any draw.
///
/// A draw is refused only where the model's own density is nothing for every KPI, so that what is left is the prior the
/// model has.
pub(super) fn draw(model: &CompiledModel, seed: u64, index: u64) -> Option<Market> {
    let seed = stream(seed, Purpose::Simulation, index).next_u64();
    let drawn = Posterior::from_prior(model, MOST_DRAWS, seed);
    let mut replay = Replay::new(model);
    (0..MOST_DRAWS).find_map(|k| {
        replay.go_to(&drawn, 0, k);
        let y = kpi(model, &replay, seed, k)?;
        let mut model = model.clone();
        model.likelihood.y = y;
        model.spec.sampler.seed = Some(seed);
        let truth = Posterior { n_draws: 1, values: drawn.draw(0, k).to_vec(), ..drawn.clone() };
        Some(Market { model, truth, redrawn: k, seed })
    })
}

/// The KPI of the replay's draw on the scale of the priors, 0 where none was observed; `None` where none can be.
fn kpi(model: &CompiledModel, replay: &Replay<'_>, seed: u64, draw: usize) -> Option<Vec<f64>> {
    let likelihood = &model.likelihood;
    let n = model.panel.n_times();
    let mean = replay.training();
    let mut rng = stream(seed, Purpose::Predictive, draw as u64);
    let cell = |i: usize| {
        if likelihood.weight[i] == 0.0 {
            return Some(0.0);
        }
        let noise = replay.noise(i / n);
        let y = likelihood.sample(mean.mu[i], &noise, &mut rng);
        let possible =
            y.is_finite() && likelihood.ln_density_of(y, mean.eta[i], mean.mu[i], &noise).is_finite();
        possible.then_some(y)
    };
    (0..likelihood.y.len()).map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::compile::from_table;
    use crate::simulate::options::Options;
    use crate::simulate::preset::Preset;
    use crate::simulate::simulate;
    use crate::spec::document::{Format, read};

    fn model(spec: &dyn Fn(String) -> String) -> CompiledModel {
        let options = Options { n_periods: Some(60), ..Options::new(Preset::Kpi4, 1) };
        let market = simulate(&options).unwrap();
        let document = read(&spec(market.spec), Format::Toml);
        assert!(document.problems.0.is_empty(), "{}", document.problems);
        from_table(&document.spec, &market.table).unwrap_or_else(|problems| panic!("{problems}")).0
    }

    #[test]
    fn a_market_repeats_itself_differs_from_its_neighbour_and_keeps_everything_but_the_kpi() {
        let model = model(&|spec| spec);
        let [first, again, other] = [0, 0, 1].map(|index| draw(&model, 9, index).unwrap());
        assert_eq!(first.model.likelihood.y, again.model.likelihood.y);
        assert_eq!(first.truth, again.truth);
        assert_ne!(first.model.likelihood.y, other.model.likelihood.y);
        assert_ne!(first.truth, other.truth);
        assert_eq!(first.model.likelihood.weight, model.likelihood.weight);
        assert_eq!((&first.model.units, &first.model.panel), (&model.units, &model.panel));
    }

    /// The KPI scatters around the mean of the true parameters by their own noise.
    #[test]
    fn the_kpi_comes_of_the_truth() {
        let model = model(&|spec| spec);
        let n = model.panel.n_times();
        let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0);
        for index in 0..40 {
            let market = draw(&model, 4, index).unwrap();
            let mut replay = Replay::new(&model);
            replay.go_to(&market.truth, 0, 0);
            for i in (0..n).filter(|i| model.likelihood.weight[*i] > 0.0) {
                let z = (market.model.likelihood.y[i] - replay.training().mu[i]) / replay.noise(0).sigma;
                (sum, squares, count) = (sum + z, squares + z * z, count + 1.0);
            }
        }
        assert!((sum / count).abs() < 4.0 / f64::sqrt(count), "{}", sum / count);
        assert!((squares / count - 1.0).abs() < 4.0 * f64::sqrt(2.0 / count), "{}", squares / count);
    }
}
