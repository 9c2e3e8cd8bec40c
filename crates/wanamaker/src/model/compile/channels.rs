//! Placing the media: transforms parameter by parameter over the channels that have it, then the effects.

use super::{Builder, Derived, DerivedValue, Item, SHARED, scaled_exposure};
use crate::adstock::{Adstock, Window};
use crate::data::panel::Media;
use crate::distribution::support::Support;
use crate::model::media::{EffectKind, MediaTerm};
use crate::model::pooling::{CoefficientRef, Rule};
use crate::model::scaling::{Words, divisor};
use crate::prior::Prior;
use crate::saturation::Saturation;
use crate::spec::{
    AdstockKind, AdstockSpec, ChannelSpec, EffectSpec, MediaMode, SaturationKind, SaturationSpec, WindowSpec,
};

impl<'a> Builder<'a> {
    /// All media: transforms parameter by parameter over the channels that have it, then the effects.
    pub(super) fn channels(&mut self) -> Vec<MediaTerm> {
        let spec = self.spec;
        let media: Vec<(&'a ChannelSpec, String)> = (spec.channel.iter().enumerate())
            .map(|(i, channel)| (channel, format!("channel[{i}]")))
            .chain(spec.organic.iter().enumerate().map(|(i, channel)| (channel, format!("organic[{i}]"))))
            .collect();
        let words: Vec<Words> = (0..media.len()).map(|c| self.channel_words(c)).collect();
        let adstocks: Vec<Adstock> =
            media.iter().map(|(channel, _)| adstock_of(channel.adstock.as_ref())).collect();
        let saturations: Vec<Saturation> =
            media.iter().map(|(channel, _)| saturation_of(channel.saturation.as_ref())).collect();
        let mut carry = vec![Vec::new(); media.len()];
        let mut bend = vec![Vec::new(); media.len()];
        for (variable, parameter) in
            [("decay", "decay"), ("peak", "peak"), ("adstock_shape", "shape"), ("adstock_scale", "scale")]
        {
            let mut items = Vec::new();
            let mut owners = Vec::new();
            for (c, (channel, key)) in media.iter().enumerate() {
                let Some(at) = adstocks[c].parameter_names().iter().position(|name| *name == parameter)
                else {
                    continue;
                };
                let Some(adstock) = &channel.adstock else { continue };
                owners.push(c);
                items.push(Item {
                    label: channel.name.clone(),
                    prior: adstock.prior(parameter),
                    pooling: adstock.pooling.as_ref().unwrap_or(&SHARED),
                    natural: adstocks[c].parameter_supports()[at],
                    unit: 1.0,
                    words: words[c],
                    key: format!("{key}.adstock.{parameter}"),
                });
            }
            for (c, place) in owners.into_iter().zip(self.group(variable, Some("channel"), &items)) {
                carry[c].push(place);
            }
        }
        for (variable, parameter) in [
            ("slope", "slope"),
            ("ec50", "ec50"),
            ("rate", "rate"),
            ("exponent", "exponent"),
            ("saturation_scale", "scale"),
        ] {
            let mut items = Vec::new();
            let mut owners = Vec::new();
            for (c, (channel, key)) in media.iter().enumerate() {
                let Some(at) = saturations[c].parameter_names().iter().position(|name| *name == parameter)
                else {
                    continue;
                };
                let Some(saturation) = &channel.saturation else { continue };
                owners.push(c);
                items.push(Item {
                    label: channel.name.clone(),
                    prior: saturation.prior(parameter),
                    pooling: saturation.pooling.as_ref().unwrap_or(&SHARED),
                    natural: saturations[c].parameter_supports()[at],
                    unit: self.units.media[c].powi(i32::from(saturations[c].parameter_units()[at])),
                    words: words[c],
                    key: format!("{key}.saturation.{parameter}"),
                });
            }
            for (c, place) in owners.into_iter().zip(self.group(variable, Some("channel"), &items)) {
                bend[c].push(place);
            }
        }
        let effects = self.effects(&media, &words);
        let mut terms = Vec::new();
        for (c, (channel, _)) in media.iter().enumerate() {
            let Some((effect, kind)) = effects[c].clone() else { continue };
            terms.push(MediaTerm {
                name: channel.name.clone(),
                adstock: adstocks[c],
                adstock_parameters: std::mem::take(&mut carry[c]),
                saturation: saturations[c],
                saturation_parameters: std::mem::take(&mut bend[c]),
                order: channel.order.unwrap_or_default(),
                effect,
                kind,
                feature_scale: 1.0,
            });
        }
        if self.problems.has_errors() {
            return terms;
        }
        self.scale_features(&mut terms);
        self.derive_betas(&terms);
        terms
    }

    fn channel_words(&self, channel: usize) -> Words {
        let n = self.panel.n_times();
        match self.media(channel) {
            Some(media) => {
                let scaled: Vec<f64> = media
                    .exposure
                    .iter()
                    .enumerate()
                    .map(|(i, x)| x / (self.units.media[channel] * self.units.geo[i / n]))
                    .collect();
                let words = self.words.with_exposure(&self.window.values(&scaled, n).collect::<Vec<_>>());
                let spent = |media: &Media| {
                    media.spend.as_ref().map(|spend| self.window.values(spend, n).sum::<f64>())
                };
                let all: f64 = self.panel.media.iter().filter_map(&spent).sum();
                spent(media).map_or(words, |own| words.with_spend_share(own / all))
            }
            None => self.words,
        }
    }

    fn media(&self, channel: usize) -> Option<&'a Media> {
        self.panel.media.iter().chain(&self.panel.organic).nth(channel)
    }

    /// Places `beta`, `roas` and `contribution_share`, each over the channels that are parameterised by it.
    fn effects(
        &mut self,
        media: &[(&'a ChannelSpec, String)],
        words: &[Words],
    ) -> Vec<Option<(CoefficientRef, EffectKind)>> {
        let mut found = vec![None; media.len()];
        let beta_unit = match self.spec.outcome.media {
            Some(MediaMode::TimesIntercept) => 1.0,
            _ => self.kpi_unit(),
        };
        for name in ["beta", "roas", "contribution_share"] {
            let mut items = Vec::new();
            let mut owners = Vec::new();
            for (c, (channel, key)) in media.iter().enumerate() {
                let Some(effect) = &channel.effect else { continue };
                let Some(prior) = stated(effect, name) else { continue };
                owners.push(c);
                items.push(Item {
                    label: channel.name.clone(),
                    prior: Some(prior),
                    pooling: effect.pooling.as_ref().unwrap_or(&SHARED),
                    natural: Support::Real,
                    unit: if name == "beta" { beta_unit } else { 1.0 },
                    words: words[c],
                    key: format!("{key}.effect.{name}"),
                });
            }
            let places = self.group(name, Some("channel"), &items);
            for (c, place) in owners.into_iter().zip(places) {
                let kind = match name {
                    "beta" => EffectKind::Coefficient,
                    _ => self.money_effect(c, name == "roas", place),
                };
                found[c] = Some((place, kind));
            }
        }
        found
    }

    /// `T` and `value[g,t]` of a money figure over the training window.
    fn money_effect(&self, channel: usize, is_roas: bool, effect: CoefficientRef) -> EffectKind {
        let n = self.panel.n_times();
        let in_window = |i: usize| self.window.observed[i];
        let money = |i: usize| match (&self.panel.revenue_per_kpi, is_roas) {
            (Some(value), true) => value[i],
            _ => 1.0,
        };
        let value: Vec<f64> = (0..self.panel.n_cells())
            .map(|i| if in_window(i) { self.units.kpi_of(i / n) * money(i) } else { 0.0 })
            .collect();
        let of_cell = |i: usize| -> f64 {
            if !in_window(i) {
                return 0.0;
            }
            if is_roas {
                self.media(channel).and_then(|media| media.spend.as_ref()).map_or(0.0, |spend| spend[i])
            } else {
                self.panel.kpi.values[i]
            }
        };
        let total: Vec<f64> =
            (0..self.panel.n_geos()).map(|geo| (geo * n..(geo + 1) * n).map(of_cell).sum()).collect();
        let pooled_mean = self.blocks.iter().find_map(|block| match block.rule {
            Rule::PooledLogNormal { mean, .. } | Rule::PooledNormal { mean, .. }
                if (block.out..block.out + block.n_items).contains(&effect.at) =>
            {
                Some(mean + effect.at - block.out)
            }
            _ => None,
        });
        match (effect.is_shared(), pooled_mean) {
            (true, _) => EffectKind::Total { mean: None, total: total.iter().sum(), value },
            (false, Some(mean)) => EffectKind::Total { mean: Some(mean), total: total.iter().sum(), value },
            (false, None) => EffectKind::PerGeo { total, value },
        }
    }

    /// Divides the transformed media of channels with fixed transforms, when the spec asks for scaled features.
    fn scale_features(&mut self, terms: &mut [MediaTerm]) {
        let medians: Vec<f64> = self.layout.parameters.iter().map(|p| p.distribution.median()).collect();
        let mut coefficients = vec![0.0; self.n_coefficients];
        for block in &self.blocks {
            block.forward(&medians, &mut coefficients);
        }
        let n = self.panel.n_times();
        for (c, term) in terms.iter_mut().enumerate() {
            let places = term.adstock_parameters.iter().chain(&term.saturation_parameters);
            let fixed = places.clone().all(|place| {
                self.blocks.iter().any(|block| match block.rule {
                    Rule::Direct { values }
                        if (block.out..block.out + block.n_items * block.n_geos).contains(&place.at) =>
                    {
                        self.layout.parameters[values + place.at - block.out].free.is_none()
                    }
                    _ => false,
                })
            });
            if !fixed || self.spec.scaling.features.is_none() {
                continue;
            }
            let exposure = self.scaled_exposure(c);
            let mut work = term.work(self.panel.n_geos(), n);
            term.transform(&coefficients, &exposure, n, &mut work);
            let values: Vec<f64> = self.window.values(&work.transformed, n).collect();
            term.feature_scale = divisor(self.spec.scaling.features, &values);
        }
    }

    fn scaled_exposure(&self, channel: usize) -> Vec<f64> {
        scaled_exposure(self.panel, &self.units, channel)
    }

    /// `beta` is reported for channels whose effect is a money figure.
    fn derive_betas(&mut self, terms: &[MediaTerm]) {
        let unit = match self.spec.outcome.media {
            Some(MediaMode::TimesIntercept) => 1.0,
            _ => self.kpi_unit(),
        };
        let owners: Vec<usize> =
            (0..terms.len()).filter(|c| terms[*c].kind != EffectKind::Coefficient).collect();
        if owners.is_empty() {
            return;
        }
        let by_geo = owners.iter().any(|c| !terms[*c].effect.is_shared());
        let geos = if by_geo { self.panel.n_geos() } else { 1 };
        let axis = if owners.len() == terms.len() { "channel" } else { "beta_channel" };
        let mut dims = vec![axis.to_owned()];
        let mut coords: Vec<Vec<String>> = vec![owners.iter().map(|c| terms[*c].name.clone()).collect()];
        if by_geo {
            dims.insert(0, "geo".into());
            coords.insert(0, self.panel.geos.clone());
        }
        let values: Vec<DerivedValue> = (0..geos)
            .flat_map(|geo| owners.iter().map(move |&channel| DerivedValue::Beta { channel, geo }))
            .collect();
        let name = if terms.iter().any(|term| term.kind == EffectKind::Coefficient) {
            "beta_of_money"
        } else {
            "beta"
        };
        let units = vec![unit; values.len()];
        self.derived.push(Derived { name: name.into(), dims, coords, values, units });
    }
}

fn stated<'a>(effect: &'a EffectSpec, name: &str) -> Option<&'a Prior> {
    match name {
        "beta" => effect.beta.as_ref(),
        "roas" => effect.roas.as_ref(),
        _ => effect.contribution_share.as_ref(),
    }
}

/// The transform that an adstock spec describes.
pub fn adstock_of(spec: Option<&AdstockSpec>) -> Adstock {
    let Some(spec) = spec else { return Adstock::None };
    let window = match spec.l_max {
        Some(WindowSpec::Periods(periods)) => Window::Periods(periods),
        _ => Window::Infinite,
    };
    let taps = match window {
        Window::Periods(periods) => periods,
        Window::Infinite => 1,
    };
    let normalize = spec.normalize.unwrap_or(true);
    match spec.kind {
        AdstockKind::None => Adstock::None,
        AdstockKind::Geometric => {
            Adstock::Geometric { window, normalize: normalize && window != Window::Infinite }
        }
        AdstockKind::Delayed => Adstock::Delayed { window: taps, normalize },
        AdstockKind::Binomial => {
            Adstock::Binomial { window: taps, normalize, convention: spec.convention.unwrap_or_default() }
        }
        AdstockKind::WeibullPdf => Adstock::WeibullPdf { window: taps, normalize },
        AdstockKind::WeibullCdf => Adstock::WeibullCdf { window: taps, normalize },
    }
}

/// The curve that a saturation spec describes.
pub fn saturation_of(spec: Option<&SaturationSpec>) -> Saturation {
    match spec.map_or(SaturationKind::None, |spec| spec.kind) {
        SaturationKind::Hill => Saturation::Hill,
        SaturationKind::Exponential => Saturation::Exponential,
        SaturationKind::Logistic => Saturation::Logistic,
        SaturationKind::Tanh => Saturation::Tanh,
        SaturationKind::MichaelisMenten => Saturation::MichaelisMenten,
        SaturationKind::Root => Saturation::Root,
        SaturationKind::Log1p => Saturation::Log1p,
        SaturationKind::Sigmoid => Saturation::Sigmoid,
        SaturationKind::None => Saturation::None,
    }
}
