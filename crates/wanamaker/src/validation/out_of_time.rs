//! Placebos: the spend of a real channel out of its time.
//!
//! The spend is cut into blocks of about √n periods, which are put into a random order. So a placebo has the amounts, the
//! spread and the flights of a real channel, but it did not happen when it happened. It carries over and saturates as the
//! fit found its donor to do (posterior means), and only the size of its effect is free: of a channel without effect the
//! data say nothing about its shape, and a posterior over all shapes of nothing cannot be drawn with confidence.

use crate::data::panel::{Media, Panel};
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::replay::Replay;
use crate::prior::{Prior, Quantity};
use crate::problem::{Place, Problem, Problems};
use crate::spec::{AdstockSpec, ChannelSpec, ModelSpec, SaturationSpec};
use rand::seq::SliceRandom;
use wanamaker_mcmc::seed::{Purpose, stream};

/// A placebo to be fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Placebo {
    /// Its name, `placebo of tv`.
    pub name: String,
    /// The paid channel whose spend it has, by index.
    pub donor: usize,
    /// Which period of the donor stands in each of its periods.
    pub order: Vec<usize>,
    /// Parameters of its adstock by name, on the scale of the priors.
    pub carry: Vec<(&'static str, f64)>,
    /// Parameters of its saturation.
    pub bend: Vec<(&'static str, f64)>,
}

/// An order under which a placebo still moves with its donor beyond this correlation is drawn again.
const STILL_ALIKE: f64 = 0.2;

/// `count` placebos from the channels that got most money, in turns, shaped as `posterior` finds these to be.
///
/// # Errors
/// No paid channel, or too few periods to put out of order.
pub fn placebos(
    model: &CompiledModel,
    posterior: &Posterior,
    count: usize,
    seed: u64,
) -> Result<Vec<Placebo>, Problems> {
    let fault = |message: &str, hint: &str| {
        Problem::error("placebo.impossible", Place::default(), message).hint(hint)
    };
    let panel = &model.panel;
    let n = panel.n_times();
    if n < 16 {
        return Err(fault("too few periods to put out of order", "give at least 16 periods").into());
    }
    let total = |media: &Media| media.spend.as_ref().unwrap_or(&media.exposure).iter().sum::<f64>();
    let mut donors: Vec<usize> = (0..panel.media.len()).filter(|c| total(&panel.media[*c]) > 0.0).collect();
    donors.sort_by(|a, b| total(&panel.media[*b]).total_cmp(&total(&panel.media[*a])));
    if donors.is_empty() {
        return Err(fault("there is no paid channel to take spend from", "name one under [[channel]]").into());
    }
    let placebo = |k: usize| {
        let donor = donors[k % donors.len()];
        let name = &panel.media[donor].name;
        let turn = if k < donors.len() { String::new() } else { format!(" ({})", k / donors.len() + 1) };
        let (carry, bend) = shape(model, posterior, donor);
        Placebo {
            name: format!("placebo of {name}{turn}"),
            donor,
            order: order(panel, donor, seed, k as u64),
            carry,
            bend,
        }
    };
    Ok((0..count).map(placebo).collect())
}

/// Parameters by name.
type Named = Vec<(&'static str, f64)>;

/// Means over draws and geos of the parameters of adstock and saturation of a channel.
fn shape(model: &CompiledModel, posterior: &Posterior, channel: usize) -> (Named, Named) {
    let n_geos = model.panel.n_geos();
    let n_draws = posterior.n_chains * posterior.n_draws;
    let mut sums = ([0.0; 2], [0.0; 2]);
    let mut replay = Replay::new(model);
    for s in 0..n_draws {
        replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
        for geo in 0..n_geos {
            let (carry, bend) = replay.transform_parameters(channel, geo);
            sums.0.iter_mut().zip(carry).for_each(|(sum, value)| *sum += value);
            sums.1.iter_mut().zip(bend).for_each(|(sum, value)| *sum += value);
        }
    }
    let n = (n_draws * n_geos) as f64;
    let term = &model.mean.channels[channel];
    let named = |names: &[&'static str], sums: [f64; 2]| -> Named {
        names.iter().zip(sums).map(|(name, sum)| (*name, sum / n)).collect()
    };
    (named(term.adstock.parameter_names(), sums.0), named(term.saturation.parameter_names(), sums.1))
}

/// Periods in one block.
pub fn block_of(n_times: usize) -> usize {
    ((n_times as f64).sqrt().round() as usize).max(1)
}

/// The first order of blocks that takes the exposure away from the donor's; the best of twenty where none does.
fn order(panel: &Panel, donor: usize, seed: u64, index: u64) -> Vec<usize> {
    let n = panel.n_times();
    let mut rng = stream(seed, Purpose::Resampling, index);
    let periods: Vec<usize> = (0..n).collect();
    let mut best: Option<(f64, Vec<usize>)> = None;
    for _ in 0..20 {
        let mut blocks: Vec<&[usize]> = periods.chunks(block_of(n)).collect();
        blocks.shuffle(&mut rng);
        let order = blocks.concat();
        let alike = correlation_with_donor(panel, donor, &order).abs();
        if best.as_ref().is_none_or(|(least, _)| alike < *least) {
            best = Some((alike, order));
        }
        if alike <= STILL_ALIKE {
            break;
        }
    }
    best.map(|(_, order)| order).unwrap_or(periods)
}

/// Correlation of the donor's exposure with itself in the new order, over all cells.
pub(super) fn correlation_with_donor(panel: &Panel, donor: usize, order: &[usize]) -> f64 {
    let x = &panel.media[donor].exposure;
    let moved = reordered(x, order);
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    let product: f64 = x.iter().zip(&moved).map(|(a, b)| (a - mean) * (b - mean)).sum();
    let spread: f64 = x.iter().map(|a| (a - mean).powi(2)).sum();
    if spread > 0.0 { product / spread } else { 0.0 }
}

/// `[geo, time]` with the periods of every geo in the same new order.
fn reordered(values: &[f64], order: &[usize]) -> Vec<f64> {
    values.chunks(order.len()).flat_map(|geo| order.iter().map(|t| geo[*t])).collect()
}

/// Spec and panel with the placebo as the last paid channel, under the prior of its donor's effect.
pub fn with_placebo(spec: &ModelSpec, panel: &Panel, placebo: &Placebo) -> (ModelSpec, Panel) {
    let (mut spec, mut panel) = (spec.clone(), panel.clone());
    let donor = &panel.media[placebo.donor];
    let media = Media {
        name: placebo.name.clone(),
        exposure: reordered(&donor.exposure, &placebo.order),
        spend: donor.spend.as_ref().map(|spend| reordered(spend, &placebo.order)),
    };
    let own = &spec.channel[placebo.donor];
    // No column of the file holds it; two channels may not name the same.
    let column = Some(placebo.name.clone());
    let mut channel = ChannelSpec {
        name: placebo.name.clone(),
        spend: own.spend.as_ref().and(column.clone()),
        exposure: column,
        reach: None,
        frequency: None,
        ..own.clone()
    };
    if let Some(adstock) = &mut channel.adstock {
        placebo.carry.iter().for_each(|(name, value)| fix_carry(adstock, name, *value));
        adstock.pooling = None;
    }
    if let Some(saturation) = &mut channel.saturation {
        placebo.bend.iter().for_each(|(name, value)| fix_bend(saturation, name, *value));
        saturation.pooling = None;
    }
    spec.channel.push(channel);
    panel.media.push(media);
    (spec, panel)
}

fn fix_carry(adstock: &mut AdstockSpec, parameter: &str, value: f64) {
    let prior = match parameter {
        "decay" => &mut adstock.decay,
        "peak" => &mut adstock.peak,
        "shape" => &mut adstock.shape,
        _ => &mut adstock.scale,
    };
    *prior = Some(Prior::Fixed(Quantity::Number(value)));
}

fn fix_bend(saturation: &mut SaturationSpec, parameter: &str, value: f64) {
    let prior = match parameter {
        "slope" => &mut saturation.slope,
        "ec50" => &mut saturation.ec50,
        "rate" => &mut saturation.rate,
        "exponent" => &mut saturation.exponent,
        _ => &mut saturation.scale,
    };
    *prior = Some(Prior::Fixed(Quantity::Number(value)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::compile::{compile, from_table};
    use crate::simulate::options::Options;
    use crate::simulate::preset::Preset;
    use crate::simulate::simulate;
    use crate::spec::document::{Format, read};

    fn model(preset: Preset) -> CompiledModel {
        let market = simulate(&Options { n_periods: Some(60), ..Options::new(preset, 1) }).unwrap();
        from_table(&read(&market.spec, Format::Toml).spec, &market.table).unwrap().0
    }

    #[test]
    fn a_placebo_has_its_donors_money_at_other_times_and_its_model_compiles() {
        for preset in [Preset::Weekly4, Preset::Daily5, Preset::Geo] {
            let model = model(preset);
            let posterior = Posterior::from_prior(&model, 20, 1);
            let found = placebos(&model, &posterior, 7, 3).unwrap();
            assert_eq!(found, placebos(&model, &posterior, 7, 3).unwrap());
            for placebo in &found {
                let (spec, panel) = with_placebo(&model.spec, &model.panel, placebo);
                let (own, donor) = (panel.media.last().unwrap(), &panel.media[placebo.donor]);
                let sorted = |x: &[f64]| {
                    let mut x = x.to_vec();
                    x.sort_by(f64::total_cmp);
                    x
                };
                assert_ne!(own.exposure, donor.exposure);
                assert_eq!(sorted(&own.exposure), sorted(&donor.exposure));
                let compiled = compile(&spec, &panel).unwrap_or_else(|problems| panic!("{problems}"));
                assert_eq!(compiled.panel.media.len(), model.panel.media.len() + 1);
                let donor = &model.mean.channels[placebo.donor];
                let own = compiled.mean.channels.iter().find(|term| term.name == placebo.name).unwrap();
                assert!((own.adstock, own.saturation) == (donor.adstock, donor.saturation));
                // Its effect is all that is free of it; a geo may have its own, around a common mean and spread.
                let free = compiled.layout.n_free() - model.layout.n_free();
                let most = if model.panel.has_geo { model.panel.n_geos() + 2 } else { 1 };
                assert!((1..=most).contains(&free), "{preset}: {free}");
            }
            let names: std::collections::BTreeSet<&str> = found.iter().map(|p| p.name.as_str()).collect();
            assert_eq!(names.len(), 7, "{names:?}");
        }
    }
}
