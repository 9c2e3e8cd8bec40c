//! The one door from a spec and a panel to a density: everything that needs checking is checked here.

use super::baseline::{ColumnSource, TrendClock};
use super::layout::{Layout, Visibility};
use super::likelihood::{Likelihood, NoiseScale};
use super::media::{EffectKind, MediaTerm};
use super::outcome::{Component, Inputs, LinearTerm, MeanFunction};
use super::pooling::{Block, CoefficientRef, Rule};
use super::scaling::{Training, Units, Words, find_units};
use crate::adstock::{Adstock, Window};
use crate::data::build::build_panel;
use crate::data::panel::{Media, Panel};
use crate::data::table::Table;
use crate::distribution::Distribution;
use crate::distribution::support::Support;
use crate::prior::{Prior, Resolved};
use crate::problem::{Place, Problem, Problems};
use crate::saturation::Saturation;
use crate::spec::pooling::Pooling;
use crate::spec::preset::{Facts, fill};
use crate::spec::roles::roles_of;
use crate::spec::{
    AdstockKind, AdstockSpec, ChannelSpec, DayOfWeek, EffectSpec, Level, LevelWord, LikelihoodKind, Link,
    MediaMode, ModelSpec, SaturationKind, SaturationSpec, TrendKind, TrendUnit, Weekday, WindowSpec, check,
};

/// A model that cannot be misconfigured: spec and data, compiled to a mean function, a likelihood and a layout.
#[derive(Clone, Debug)]
pub struct CompiledModel {
    /// The spec with everything said.
    pub spec: ModelSpec,
    /// The data it was compiled for.
    pub panel: Panel,
    /// The parameters.
    pub layout: Layout,
    /// Quantities that follow from parameters and are reported beside them.
    pub derived: Vec<Derived>,
    /// From parameters to coefficients.
    pub blocks: Vec<Block>,
    /// Number of coefficients.
    pub n_coefficients: usize,
    /// From coefficients to the mean.
    pub mean: MeanFunction,
    /// The noise.
    pub likelihood: Likelihood,
    /// The panel's inputs on the scale of the priors.
    pub training: Inputs,
    /// Which cells train.
    pub window: Training,
    /// The way back to the user's units.
    pub units: Units,
    /// Time of the trend.
    pub clock: TrendClock,
    /// Where each design column comes from.
    pub sources: Vec<ColumnSource>,
}

/// A reported array read from the coefficients, or a channel's `beta`.
#[derive(Clone, Debug)]
pub struct Derived {
    /// Name, e.g. `beta`.
    pub name: String,
    /// Names of its axes.
    pub dims: Vec<String>,
    /// Coordinates along each axis.
    pub coords: Vec<Vec<String>>,
    /// One value per label, in row-major order.
    pub values: Vec<DerivedValue>,
    /// `user = unit · model`, per value.
    pub units: Vec<f64>,
}

/// Where a derived value stands after an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DerivedValue {
    /// In the coefficients.
    Coefficient(usize),
    /// `beta` of a channel in a geo.
    Beta {
        /// Channel.
        channel: usize,
        /// Geo.
        geo: usize,
    },
}

/// Compiles; on failure says everything that is wrong at once.
///
/// # Errors
/// Unknown names, impossible combinations, priors off their support, data that cannot carry the model.
pub fn compile(spec: &ModelSpec, panel: &Panel) -> Result<CompiledModel, Problems> {
    let spec = fill(spec, &Facts::of(panel));
    let mut problems = check::check(&spec);
    problems.extend(check::check_against(&spec, panel));
    if problems.has_errors() {
        // Priors are still looked at, so that their faults are told in the same breath.
        let mut builder = Builder::new(&spec, panel);
        builder.parameters();
        problems.extend(builder.problems);
        return Err(problems);
    }
    let mut builder = Builder::new(&spec, panel);
    let parts = builder.parameters();
    problems.extend(std::mem::take(&mut builder.problems));
    if problems.has_errors() {
        return Err(problems);
    }
    Ok(builder.assemble(parts))
}

/// One coefficient to be placed.
struct Item<'a> {
    label: String,
    prior: Option<&'a Prior>,
    pooling: &'a Pooling,
    natural: Support,
    unit: f64,
    words: Words,
    key: String,
}

/// What [`Builder::parameters`] found.
struct Parts {
    terms: Vec<LinearTerm>,
    sources: Vec<ColumnSource>,
    channels: Vec<MediaTerm>,
    intercept: CoefficientRef,
    scale: NoiseScale,
    shape: Option<CoefficientRef>,
}

struct Builder<'a> {
    spec: &'a ModelSpec,
    panel: &'a Panel,
    window: Training,
    units: Units,
    clock: TrendClock,
    words: Words,
    layout: Layout,
    derived: Vec<Derived>,
    blocks: Vec<Block>,
    n_coefficients: usize,
    problems: Problems,
}

const SHARED: Pooling = Pooling::Shared;

impl<'a> Builder<'a> {
    fn new(spec: &'a ModelSpec, panel: &'a Panel) -> Self {
        let window = Training::new(panel, spec.data.holdout.unwrap_or(0));
        let levels: Vec<f64> = spec
            .treatment
            .iter()
            .zip(&panel.treatments)
            .map(|(treatment, series)| {
                level(treatment.counterfactual, window.observed_values(&series.values))
            })
            .collect();
        let units = find_units(panel, &window, &spec.scaling, &levels);
        let unit = spec.baseline.trend.as_ref().and_then(|trend| trend.unit).unwrap_or(TrendUnit::Window);
        let clock = TrendClock::new(window.start, window.end, unit);
        let n = panel.n_times();
        let log = spec.outcome.link == Some(Link::Log);
        let kpi: Vec<f64> = panel
            .kpi
            .values
            .iter()
            .enumerate()
            .filter(|(i, _)| window.observed[*i])
            .map(|(i, y)| y / units.kpi_of(i / n))
            .map(|y| if log { y.ln() } else { y })
            .filter(|y| y.is_finite())
            .collect();
        Self {
            spec,
            panel,
            window,
            units,
            clock,
            words: Words::of_kpi(&kpi),
            layout: Layout::default(),
            derived: Vec::new(),
            blocks: Vec::new(),
            n_coefficients: 0,
            problems: Problems::new(),
        }
    }

    /// One unit of the mean in KPI units, for reporting coefficients; 1 on the log scale.
    fn kpi_unit(&self) -> f64 {
        if self.spec.outcome.link == Some(Link::Log) { 1.0 } else { self.units.kpi }
    }

    /// Places every parameter of the model, in the order in which it is reported.
    fn parameters(&mut self) -> Parts {
        let mut terms = Vec::new();
        let mut sources = Vec::new();
        let intercept = self.intercept(&mut terms, &mut sources);
        self.trend(&mut terms, &mut sources);
        self.seasonality(&mut terms, &mut sources);
        self.day_of_week(&mut terms, &mut sources);
        self.events(&mut terms, &mut sources);
        self.controls(&mut terms, &mut sources);
        self.treatments(&mut terms, &mut sources);
        let channels = self.channels();
        let (scale, shape) = self.noise();
        Parts { terms, sources, channels, intercept, scale, shape }
    }

    fn intercept(&mut self, terms: &mut Vec<LinearTerm>, sources: &mut Vec<ColumnSource>) -> CoefficientRef {
        let spec = self.spec.baseline.intercept.as_ref();
        let item = Item {
            label: String::new(),
            prior: spec.and_then(|intercept| intercept.prior.as_ref()),
            pooling: spec.and_then(|intercept| intercept.pooling.as_ref()).unwrap_or(&SHARED),
            natural: Support::Real,
            unit: self.kpi_unit(),
            words: self.words,
            key: "baseline.intercept.prior".into(),
        };
        let place = self.group("intercept", None, &[item])[0];
        terms.push(LinearTerm {
            name: "intercept".into(),
            component: Component::Intercept,
            coefficient: place,
        });
        sources.push(ColumnSource::Ones);
        place
    }

    /// Places linear coefficients that share a name, an axis and a component.
    fn linear(
        &mut self,
        name: &str,
        axis: Option<&str>,
        items: Vec<(Item<'a>, ColumnSource, Component)>,
        terms: &mut Vec<LinearTerm>,
        sources: &mut Vec<ColumnSource>,
    ) {
        let (items, columns): (Vec<_>, Vec<_>) = items.into_iter().map(|(i, s, c)| (i, (s, c))).unzip();
        let places = self.group(name, axis, &items);
        for ((item, (source, component)), coefficient) in items.iter().zip(columns).zip(places) {
            let name = if item.label.is_empty() { name.to_owned() } else { item.label.clone() };
            terms.push(LinearTerm { name, component, coefficient });
            sources.push(source);
        }
    }

    fn coefficient(
        &self,
        label: &str,
        prior: Option<&'a Prior>,
        pooling: Option<&'a Pooling>,
        key: String,
    ) -> Item<'a> {
        Item {
            label: label.to_owned(),
            prior,
            pooling: pooling.unwrap_or(&SHARED),
            natural: Support::Real,
            unit: self.kpi_unit(),
            words: self.words,
            key,
        }
    }

    fn trend(&mut self, terms: &mut Vec<LinearTerm>, sources: &mut Vec<ColumnSource>) {
        let Some(trend) = &self.spec.baseline.trend else { return };
        let pooling = trend.pooling.as_ref();
        if matches!(trend.kind, TrendKind::Linear | TrendKind::Piecewise) {
            let item = self.coefficient("", trend.slope.as_ref(), pooling, "baseline.trend.slope".into());
            self.linear("trend", None, vec![(item, ColumnSource::Time, Component::Trend)], terms, sources);
        }
        let end = self.clock.time(self.window.end.saturating_sub(1)).max(f64::MIN_POSITIVE);
        if trend.kind == TrendKind::Piecewise {
            let n = trend.changepoints.unwrap_or(0);
            let items = (1..=n).map(|j| {
                let at = 0.9 * end * j as f64 / (n + 1) as f64;
                let item = self.coefficient(
                    &self.date_label(at),
                    trend.change.as_ref(),
                    pooling,
                    "baseline.trend.change".into(),
                );
                (item, ColumnSource::Hinge { at }, Component::Trend)
            });
            let items = items.collect();
            self.linear("trend_change", Some("changepoint"), items, terms, sources);
        }
        if trend.kind == TrendKind::Knots {
            let n = trend.knots.unwrap_or(2);
            let items = (0..n).map(|index| {
                let at = end * index as f64 / (n - 1).max(1) as f64;
                let label = self.date_label(at);
                let item =
                    self.coefficient(&label, trend.value.as_ref(), pooling, "baseline.trend.value".into());
                (item, ColumnSource::Hat { index, n, end }, Component::Trend)
            });
            let items = items.collect();
            self.linear("trend_knot", Some("knot"), items, terms, sources);
        }
    }

    fn date_label(&self, time: f64) -> String {
        let t = self.clock.origin + (time * self.clock.length).round() as usize;
        self.panel.calendar.date(t).to_string()
    }

    fn seasonality(&mut self, terms: &mut Vec<LinearTerm>, sources: &mut Vec<ColumnSource>) {
        for (i, wave) in self.spec.baseline.seasonality.iter().flatten().enumerate() {
            let name = format!("seasonality_{}", wave.period.name());
            let (period, phase) = (wave.period.days(), wave.phase.unwrap_or_default());
            let item = |label: String| {
                let key = format!("baseline.seasonality[{i}].prior");
                self.coefficient(&label, wave.prior.as_ref(), wave.pooling.as_ref(), key)
            };
            // All sines, then all cosines.
            let sines = (1..=wave.order).map(|n| {
                (item(format!("sin_{n}")), ColumnSource::Sine { n, period, phase }, Component::Seasonality)
            });
            let cosines = (1..=wave.order).map(|n| {
                (item(format!("cos_{n}")), ColumnSource::Cosine { n, period, phase }, Component::Seasonality)
            });
            let items = sines.chain(cosines).collect();
            self.linear(&name, Some("fourier_mode"), items, terms, sources);
        }
    }

    fn day_of_week(&mut self, terms: &mut Vec<LinearTerm>, sources: &mut Vec<ColumnSource>) {
        let Some(DayOfWeek::Details(details)) = &self.spec.baseline.day_of_week else { return };
        let items = Weekday::ALL
            .into_iter()
            .filter(|day| *day != details.reference.unwrap_or_default())
            .map(|day| {
                let key = "baseline.day_of_week.prior".into();
                let item =
                    self.coefficient(day.name(), details.prior.as_ref(), details.pooling.as_ref(), key);
                (item, ColumnSource::Weekday(day), Component::DayOfWeek)
            })
            .collect();
        self.linear("day_of_week", Some("day"), items, terms, sources);
    }

    fn events(&mut self, terms: &mut Vec<LinearTerm>, sources: &mut Vec<ColumnSource>) {
        let mut items = Vec::new();
        for (i, event) in self.spec.baseline.events.iter().flatten().enumerate() {
            let [before, after] = event.window.unwrap_or([0, 0]);
            let key = format!("baseline.events[{i}].prior");
            let mut add = |builder: &Self, label: &str, source| {
                let item =
                    builder.coefficient(label, event.prior.as_ref(), event.pooling.as_ref(), key.clone());
                items.push((item, source, Component::Events));
            };
            if let Some(name) = &event.name {
                add(self, name, ColumnSource::Dates { dates: event.dates.clone(), before, after });
            }
            if let Some(column) = &event.column {
                for series in self.panel.events.iter().filter(|series| &series.column == column) {
                    let name = series.name.clone();
                    add(self, &series.name, ColumnSource::EventSeries { name, before, after });
                }
            }
        }
        if !items.is_empty() {
            self.linear("event", Some("event"), items, terms, sources);
        }
    }

    fn controls(&mut self, terms: &mut Vec<LinearTerm>, sources: &mut Vec<ColumnSource>) {
        let items: Vec<_> = (self.spec.control.iter().enumerate())
            .map(|(index, control)| {
                let name = control.name.as_deref().unwrap_or(&control.column);
                let key = format!("control[{index}].prior");
                let mut item = self.coefficient(name, control.prior.as_ref(), control.pooling.as_ref(), key);
                item.unit /= self.units.controls.get(index).map_or(1.0, |(_, divisor)| *divisor);
                (item, ColumnSource::Control { index }, Component::Control(index))
            })
            .collect();
        if !items.is_empty() {
            self.linear("control", Some("control"), items, terms, sources);
        }
    }

    fn treatments(&mut self, terms: &mut Vec<LinearTerm>, sources: &mut Vec<ColumnSource>) {
        let items: Vec<_> = (self.spec.treatment.iter().enumerate())
            .map(|(index, treatment)| {
                let name = treatment.name.as_deref().unwrap_or(&treatment.column);
                let key = format!("treatment[{index}].prior");
                let mut item =
                    self.coefficient(name, treatment.prior.as_ref(), treatment.pooling.as_ref(), key);
                item.unit /= self.units.treatments.get(index).map_or(1.0, |(_, divisor)| *divisor);
                (item, ColumnSource::Treatment { index }, Component::Treatment(index))
            })
            .collect();
        if !items.is_empty() {
            self.linear("treatment", Some("treatment"), items, terms, sources);
        }
    }

    /// All media: transforms parameter by parameter over the channels that have it, then the effects.
    fn channels(&mut self) -> Vec<MediaTerm> {
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
                self.words.with_exposure(&self.window.values(&scaled, n).collect::<Vec<_>>())
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
            term.feature_scale = super::scaling::divisor(self.spec.scaling.features, &values);
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

    fn noise(&mut self) -> (NoiseScale, Option<CoefficientRef>) {
        let outcome = &self.spec.outcome;
        let unit = self.kpi_unit();
        let mut place = |name: &str, prior: Option<&'a Prior>, pooling: Option<&'a Pooling>, unit: f64| {
            let item = Item {
                label: String::new(),
                prior,
                pooling: pooling.unwrap_or(&SHARED),
                natural: Support::Positive,
                unit,
                words: self.words,
                key: format!("outcome.{name}"),
            };
            self.group(name, None, &[item])[0]
        };
        let scale = match (&outcome.sigma, &outcome.variance) {
            (_, Some(variance)) => {
                let unit = unit * unit;
                NoiseScale::Variance(place(
                    "variance",
                    variance.prior.as_ref(),
                    variance.pooling.as_ref(),
                    unit,
                ))
            }
            (Some(sigma), None) => {
                NoiseScale::Sigma(place("sigma", sigma.prior.as_ref(), sigma.pooling.as_ref(), unit))
            }
            (None, None) => NoiseScale::Absent,
        };
        let shape = match outcome.likelihood.unwrap_or_default() {
            LikelihoodKind::StudentT => Some(place("df", outcome.df.as_ref(), None, 1.0)),
            LikelihoodKind::NegativeBinomial => {
                Some(place("dispersion", outcome.dispersion.as_ref(), None, 1.0))
            }
            _ => None,
        };
        (scale, shape)
    }

    /// Places the coefficients of one idea, cut into blocks of one rule each; returns where each item's stands.
    fn group(&mut self, name: &str, axis: Option<&str>, items: &[Item<'a>]) -> Vec<CoefficientRef> {
        let resolved: Vec<Option<Resolved>> = items.iter().map(|item| self.resolve(item)).collect();
        let national = self.panel.n_geos() == 1;
        let rule_of = |i: usize| {
            let pooling = match items[i].pooling {
                _ if national => 0,
                Pooling::Shared => 0,
                Pooling::Independent => 1,
                Pooling::Pooled { .. } => 2,
            };
            (matches!(resolved[i], Some(Resolved::Horseshoe(_))), pooling)
        };
        let mut places = vec![CoefficientRef { at: 0, stride: 0 }; items.len()];
        let mut rules: Vec<(bool, i32)> = Vec::new();
        for i in 0..items.len() {
            if !rules.contains(&rule_of(i)) {
                rules.push(rule_of(i));
            }
        }
        for (k, rule) in rules.iter().enumerate() {
            let members: Vec<usize> = (0..items.len()).filter(|i| rule_of(*i) == *rule).collect();
            let suffix = match (k, rule) {
                (0, _) => "",
                (_, (true, _)) => "_shrunk",
                (_, (_, 1)) => "_by_geo",
                (_, (_, 2)) => "_pooled",
                _ => "_shared",
            };
            let variable = format!("{name}{suffix}");
            let axis = axis.map(|axis| {
                let labels: Vec<String> = members.iter().map(|i| items[*i].label.clone()).collect();
                let all = if axis == "channel" {
                    self.spec.channel.len() + self.spec.organic.len()
                } else {
                    items.len()
                };
                let own = if labels.len() == all { axis.to_owned() } else { format!("{variable}_{axis}") };
                (own, labels)
            });
            let priors: Vec<&Resolved> = members.iter().filter_map(|i| resolved[*i].as_ref()).collect();
            if priors.len() < members.len() {
                continue;
            }
            let units: Vec<f64> = members.iter().map(|i| items[*i].unit).collect();
            let out = self.n_coefficients;
            let (block, n_geos) = match rule.1 {
                2 => (
                    self.pooled(
                        &variable,
                        axis,
                        &priors,
                        &units,
                        items[members[0]].pooling,
                        &items[members[0]].key,
                    ),
                    self.panel.n_geos(),
                ),
                geos => {
                    let n_geos = if geos == 1 { self.panel.n_geos() } else { 1 };
                    let block = if rule.0 {
                        self.horseshoe(&variable, axis, &priors, &units, n_geos, &items[members[0]].key)
                    } else {
                        self.direct(&variable, axis, &priors, &units, n_geos)
                    };
                    (block, n_geos)
                }
            };
            let Some(rule) = block else { continue };
            let n_items = members.len();
            self.blocks.push(Block { rule, out, n_items, n_geos });
            self.n_coefficients += n_items * n_geos;
            for (i, member) in members.iter().enumerate() {
                places[*member] =
                    CoefficientRef { at: out + i, stride: if n_geos > 1 { n_items } else { 0 } };
            }
        }
        places
    }

    /// Turns the words of a prior into numbers and checks that it stays where the parameter may live.
    fn resolve(&mut self, item: &Item<'_>) -> Option<Resolved> {
        let Some(prior) = item.prior else {
            let problem =
                Problem::error("spec.missing_prior", Place::key(&item.key), "a prior is missing here");
            self.problems.push(problem.hint("name a distribution, e.g. { half_normal = { sd = 1 } }"));
            return None;
        };
        match prior.resolve(&|word| item.words.get(word)) {
            Err(fault) => {
                let problem = Problem::error("spec.invalid_prior", Place::key(&item.key), fault.message);
                self.problems.push(problem.hint(fault.hint));
                None
            }
            Ok(Resolved::One(distribution)) => {
                let fits = match &distribution {
                    Distribution::Fixed(value) => item.natural.contains(*value) || *value == 0.0,
                    other => within(other.support(), item.natural),
                };
                if !fits {
                    let range = range_words(item.natural);
                    let message =
                        format!("the prior {prior} reaches outside {range}, where this parameter lives");
                    let hint = match item.natural {
                        Support::UnitInterval => "use e.g. { beta = [2, 2] } or { uniform = [0, 1] }",
                        Support::Positive => {
                            "use e.g. { half_normal = { sd = 1 } } or { log_normal = { median = 1, sd_log = 0.5 } }"
                        }
                        _ => "use a prior on that range",
                    };
                    self.problems.push(
                        Problem::error("spec.prior_support", Place::key(&item.key), message).hint(hint),
                    );
                    return None;
                }
                Some(Resolved::One(distribution))
            }
            Ok(horseshoe) => {
                if item.natural != Support::Real || item.label.is_empty() {
                    let message = "a horseshoe needs a group of coefficients that may be of either sign";
                    let problem = Problem::error("spec.invalid_prior", Place::key(&item.key), message);
                    self.problems.push(problem.hint("it fits controls, events, treatments and seasonality"));
                    return None;
                }
                Some(horseshoe)
            }
        }
    }

    fn axes(&self, axis: Option<(String, Vec<String>)>, n_geos: usize) -> Vec<(String, Vec<String>)> {
        let geo = (n_geos > 1).then(|| ("geo".to_owned(), self.panel.geos.clone()));
        geo.into_iter().chain(axis).collect()
    }

    fn direct(
        &mut self,
        name: &str,
        axis: Option<(String, Vec<String>)>,
        priors: &[&Resolved],
        units: &[f64],
        n_geos: usize,
    ) -> Option<Rule> {
        let one: Vec<Distribution> = priors
            .iter()
            .filter_map(|prior| match prior {
                Resolved::One(distribution) => Some(*distribution),
                Resolved::Horseshoe(_) => None,
            })
            .collect();
        let axes = self.axes(axis, n_geos);
        let values =
            self.layout.push(name, axes, repeat(&one, n_geos), repeat(units, n_geos), Visibility::Public);
        Some(Rule::Direct { values })
    }

    fn pooled(
        &mut self,
        name: &str,
        axis: Option<(String, Vec<String>)>,
        priors: &[&Resolved],
        units: &[f64],
        pooling: &Pooling,
        key: &str,
    ) -> Option<Rule> {
        let mut fail = |message: &str, hint: &str| {
            self.problems.push(Problem::error("spec.pooling", Place::key(key), message).hint(hint));
            None
        };
        let mut means = Vec::new();
        for prior in priors {
            match prior {
                Resolved::One(distribution) => means.push(*distribution),
                Resolved::Horseshoe(_) => {
                    return fail(
                        "a horseshoe cannot be pooled over geos",
                        "use pooling = \"shared\" or \"independent\"",
                    );
                }
            }
        }
        let positive = means.iter().all(|mean| is_positive(mean.support()));
        if !positive && !means.iter().all(|mean| mean.support() == Support::Real) {
            return fail(
                "only coefficients on the whole line or on the positive half can be pooled",
                "use pooling = \"shared\" or \"independent\"",
            );
        }
        let stated = match pooling {
            Pooling::Pooled { scale: Some(prior) } => match prior.resolve(&|word| self.words.get(word)) {
                Ok(Resolved::One(distribution)) if within(distribution.support(), Support::Positive) => {
                    Some(distribution)
                }
                _ => {
                    return fail(
                        "the scale of pooling needs a prior on positive numbers",
                        "use e.g. { half_normal = { sd = 0.3 } }",
                    );
                }
            },
            _ => None,
        };
        let half_normal = |sd: f64| Distribution::HalfNormal(crate::distribution::HalfNormal { sd });
        let scales: Vec<Distribution> = means
            .iter()
            .map(|mean| {
                stated.unwrap_or_else(|| half_normal(if positive { 0.3 } else { positive_or_one(mean.sd()) }))
            })
            .collect();
        let scale_units = if positive { vec![1.0; units.len()] } else { units.to_vec() };
        let n_geos = self.panel.n_geos();
        let n_items = means.len();
        let public = Visibility::Public;
        let axes = self.axes(axis.clone(), 1);
        let mean = self.layout.push(name, axes.clone(), means, units.to_vec(), public);
        let scale = self.layout.push(&format!("{name}_scale"), axes, scales, scale_units, public);
        let axes = self.axes(axis, n_geos);
        let standard = Distribution::Normal(crate::distribution::Normal { mean: 0.0, sd: 1.0 });
        let offsets = vec![standard; n_items * n_geos];
        let offset = self.layout.push(
            &format!("{name}_offset"),
            axes.clone(),
            offsets,
            vec![1.0; n_items * n_geos],
            Visibility::Internal,
        );
        self.derive(&format!("{name}_geo"), axes, n_items * n_geos, repeat(units, n_geos));
        Some(if positive {
            Rule::PooledLogNormal { mean, scale, offset }
        } else {
            Rule::PooledNormal { mean, scale, offset }
        })
    }

    fn horseshoe(
        &mut self,
        name: &str,
        axis: Option<(String, Vec<String>)>,
        priors: &[&Resolved],
        units: &[f64],
        n_geos: usize,
        key: &str,
    ) -> Option<Rule> {
        let Resolved::Horseshoe(first) = priors[0] else { return None };
        if priors.iter().any(|prior| !matches!(prior, Resolved::Horseshoe(other) if other == first)) {
            let message = "a group has one horseshoe: its members state different numbers";
            let problem = Problem::error("spec.invalid_prior", Place::key(key), message);
            self.problems.push(problem.hint("state it once, e.g. in defaults.control_prior"));
            return None;
        }
        let n = priors.len() * n_geos;
        let axes = self.axes(axis, n_geos);
        let (public, internal) = (Visibility::Public, Visibility::Internal);
        let standard = Distribution::Normal(crate::distribution::Normal { mean: 0.0, sd: 1.0 });
        let half_cauchy = |scale: f64| Distribution::HalfCauchy(crate::distribution::HalfCauchy { scale });
        let half_df = 0.5 * first.slab_df;
        let slab = Distribution::InverseGamma(crate::distribution::InverseGamma {
            shape: half_df,
            scale: half_df * first.slab_scale * first.slab_scale,
        });
        let offset = self.layout.push(
            &format!("{name}_offset"),
            axes.clone(),
            vec![standard; n],
            vec![1.0; n],
            internal,
        );
        let local = self.layout.push(
            &format!("{name}_local"),
            axes.clone(),
            vec![half_cauchy(1.0); n],
            vec![1.0; n],
            internal,
        );
        let global = self.layout.push(
            &format!("{name}_global"),
            vec![],
            vec![half_cauchy(first.scale)],
            vec![1.0],
            public,
        );
        let slab = self.layout.push(&format!("{name}_slab"), vec![], vec![slab], vec![1.0], public);
        self.derive(name, axes, n, repeat(units, n_geos));
        Some(Rule::Horseshoe { offset, global, local, slab })
    }

    /// Reports the coefficients that the block placed next will write.
    fn derive(&mut self, name: &str, axes: Vec<(String, Vec<String>)>, n: usize, units: Vec<f64>) {
        let (dims, coords) = axes.into_iter().unzip();
        let values = (0..n).map(|k| DerivedValue::Coefficient(self.n_coefficients + k)).collect();
        self.derived.push(Derived { name: name.into(), dims, coords, values, units });
    }

    fn assemble(self, parts: Parts) -> CompiledModel {
        let (spec, panel) = (self.spec, self.panel);
        let n = panel.n_times();
        let link = spec.outcome.link.unwrap_or_default();
        let likelihood = Likelihood {
            kind: spec.outcome.likelihood.unwrap_or_default(),
            link,
            scale: parts.scale,
            shape: parts.shape,
            y: (0..panel.n_cells())
                .map(|i| {
                    if self.window.observed[i] { panel.kpi.values[i] / self.units.kpi_of(i / n) } else { 0.0 }
                })
                .collect(),
            weight: self.window.observed.iter().map(|seen| f64::from(*seen)).collect(),
            n_geos: panel.n_geos(),
        };
        let mean = MeanFunction {
            terms: parts.terms,
            channels: parts.channels,
            intercept: parts.intercept,
            media_mode: spec.outcome.media.unwrap_or_default(),
            link,
        };
        let training = inputs(panel, &self.units, &self.clock, &parts.sources, mean.channels.len());
        CompiledModel {
            spec: spec.clone(),
            panel: panel.clone(),
            layout: self.layout,
            derived: self.derived,
            blocks: self.blocks,
            n_coefficients: self.n_coefficients,
            mean,
            likelihood,
            training,
            window: self.window,
            units: self.units,
            clock: self.clock,
            sources: parts.sources,
        }
    }
}

impl CompiledModel {
    /// The inputs of another panel with the same columns whose calendar starts with the training data, such as the
    /// training panel followed by new periods.
    pub fn inputs(&self, panel: &Panel) -> Inputs {
        inputs(panel, &self.units, &self.clock, &self.sources, self.mean.channels.len())
    }
}

fn inputs(
    panel: &Panel,
    units: &Units,
    clock: &TrendClock,
    sources: &[ColumnSource],
    n_channels: usize,
) -> Inputs {
    Inputs {
        n_geos: panel.n_geos(),
        n_times: panel.n_times(),
        exposure: (0..n_channels).map(|c| scaled_exposure(panel, units, c)).collect(),
        columns: sources.iter().map(|source| source.column(panel, clock, units)).collect(),
    }
}

fn scaled_exposure(panel: &Panel, units: &Units, channel: usize) -> Vec<f64> {
    let n = panel.n_times();
    let media = panel.media.iter().chain(&panel.organic).nth(channel);
    media.map_or_else(Vec::new, |media| {
        media
            .exposure
            .iter()
            .enumerate()
            .map(|(i, x)| x / (units.media[channel] * units.geo[i / n]))
            .collect()
    })
}

fn repeat<T: Clone>(items: &[T], times: usize) -> Vec<T> {
    (0..times).flat_map(|_| items.iter().cloned()).collect()
}

fn positive_or_one(x: f64) -> f64 {
    if x.is_finite() && x > 0.0 { x } else { 1.0 }
}

fn level(stated: Option<Level>, values: impl Iterator<Item = f64>) -> f64 {
    match stated.unwrap_or(Level::Word(LevelWord::Min)) {
        Level::Number(number) => number,
        Level::Word(LevelWord::Min) => values.fold(f64::INFINITY, f64::min),
        Level::Word(LevelWord::Max) => values.fold(f64::NEG_INFINITY, f64::max),
        Level::Word(LevelWord::Mean) => super::scaling::mean(values),
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

fn bounds(support: Support) -> (f64, f64) {
    match support {
        Support::Real => (f64::NEG_INFINITY, f64::INFINITY),
        Support::Positive => (0.0, f64::INFINITY),
        Support::UnitInterval => (0.0, 1.0),
        Support::Interval { lower, upper } => (lower, upper),
        Support::Above(lower) => (lower, f64::INFINITY),
        Support::Below(upper) => (f64::NEG_INFINITY, upper),
    }
}

fn within(inner: Support, outer: Support) -> bool {
    let ((a, b), (lower, upper)) = (bounds(inner), bounds(outer));
    a >= lower && b <= upper
}

fn is_positive(support: Support) -> bool {
    bounds(support).0 >= 0.0 && bounds(support).1 == f64::INFINITY
}

fn range_words(support: Support) -> &'static str {
    match support {
        Support::UnitInterval => "[0, 1]",
        Support::Positive => "the positive numbers",
        _ => "its range",
    }
}

/// From a spec and a raw table to a model, with remarks on what was understood or repaired on the way.
///
/// # Errors
/// Every fault of the spec and of the data that can be found in one pass.
pub fn from_table(spec: &ModelSpec, table: &Table) -> Result<(CompiledModel, Problems), Problems> {
    match build_panel(table, &roles_of(spec), &spec.data.options) {
        Ok((panel, remarks)) => compile(spec, &panel).map(|model| (model, remarks)),
        Err(mut problems) => {
            // The spec is still checked by itself, so that its faults are told in the same breath.
            problems.extend(check::check(&fill(spec, &Facts::default())));
            Err(problems)
        }
    }
}
