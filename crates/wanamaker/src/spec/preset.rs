//! Presets: specs to start from, and how they fill in what a user left out.

use super::document::{self, Format};
use super::pooling::Pooling;
use super::{
    AdstockKind, AdstockSpec, ChannelSpec, CoefficientSpec, CrossValidation, DayOfWeek, DayOfWeekSpec,
    EffectSpec, EngineName, InfiniteWord, KpiKind, Link, ModelSpec, PeriodWord, Phase, PresetName, RidgeSpec,
    SaturationKind, SaturationSpec, SeasonPeriod, SeasonalitySpec, TrendKind, TrendSpec, TrendUnit, Weekday,
    WindowSpec,
};
use crate::data::calendar::Spacing;
use crate::data::panel::Panel;
use crate::prior::{Prior, Quantity};

/// What a preset has to know about the data to choose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facts {
    /// The step of the calendar.
    pub spacing: Spacing,
    /// Length of the training window in days.
    pub days: f64,
    /// More than one geo.
    pub has_geos: bool,
    /// Population is known.
    pub has_population: bool,
}

impl Facts {
    /// The facts of a panel.
    pub fn of(panel: &Panel) -> Self {
        let spacing = panel.calendar.spacing();
        Self {
            spacing,
            days: spacing.mean_days() * (panel.n_times() - panel.n_history) as f64,
            has_geos: panel.n_geos() > 1,
            has_population: panel.population.iter().any(|p| *p != 1.0),
        }
    }

    fn is_daily(&self) -> bool {
        self.spacing == Spacing::Days(1)
    }
}

impl Default for Facts {
    /// Two years of national weeks.
    fn default() -> Self {
        Self { spacing: Spacing::Days(7), days: 728.0, has_geos: false, has_population: false }
    }
}

/// The text of a preset, as `mmm show-spec --preset` begins from.
pub fn text(preset: PresetName) -> &'static str {
    match preset {
        PresetName::Standard => include_str!("presets/standard.toml"),
        PresetName::PymcMarketing => include_str!("presets/pymc-marketing.toml"),
        PresetName::Adelon => include_str!("presets/adelon.toml"),
        PresetName::Lite => include_str!("presets/lite.toml"),
        PresetName::Ridge => include_str!("presets/ridge.toml"),
    }
}

fn base(preset: PresetName) -> ModelSpec {
    let document = document::read(text(preset), Format::Toml);
    debug_assert!(document.problems.0.is_empty(), "a preset is a faultless spec: {}", document.problems);
    document.spec
}

/// The same spec with everything said: what the user wrote stays, the preset fills in the rest.
pub fn fill(spec: &ModelSpec, facts: &Facts) -> ModelSpec {
    let mut preset = base(spec.preset);
    adapt(&mut preset, spec, facts);
    let mut filled = spec.clone();
    let d = &mut filled.defaults;
    let p = preset.defaults;
    d.adstock = merge(d.adstock.take(), p.adstock, merge_adstock).map(|a| complete_adstock(a, facts));
    d.saturation = merge(d.saturation.take(), p.saturation, merge_saturation).map(complete_saturation);
    d.order = d.order.or(p.order);
    let effect_is_stated = d.effect.is_some();
    d.effect = d.effect.take().or(p.effect);
    d.control_prior = d.control_prior.take().or(p.control_prior);
    d.treatment_prior = d.treatment_prior.take().or(p.treatment_prior);

    fill_baseline(&mut filled, preset.baseline);
    fill_outcome(&mut filled, preset.outcome);
    let (s, p) = (&mut filled.scaling, preset.scaling);
    s.kpi = s.kpi.or(p.kpi);
    s.media = s.media.or(p.media);
    s.features = s.features.or(p.features);
    s.control = s.control.or(p.control);
    s.center_controls = s.center_controls.or(p.center_controls);
    s.per_capita = s.per_capita.or(p.per_capita);
    let (s, p) = (&mut filled.sampler, preset.sampler);
    s.engine = s.engine.or(p.engine);
    s.chains = s.chains.or(p.chains);
    s.draws = s.draws.or(p.draws);
    s.tune = s.tune.or(p.tune);
    s.seed = s.seed.or(p.seed);
    s.target_accept = s.target_accept.or(p.target_accept);
    s.max_depth = s.max_depth.or(p.max_depth);
    s.thin = s.thin.or(p.thin);
    s.until = s.until.or(p.until);
    s.adaptive_tune = s.adaptive_tune.or(p.adaptive_tune);
    s.marginalise = s.marginalise.or(p.marginalise);
    if s.engine == Some(EngineName::Nuts) {
        s.adaptive_tune = s.adaptive_tune.or(Some(true));
    }
    if matches!(s.engine, Some(EngineName::Nuts | EngineName::Laplace)) {
        s.marginalise = s.marginalise.or(Some(true));
    }
    if s.engine == Some(EngineName::Ridge) {
        s.ridge = Some(complete_ridge(s.ridge.take().unwrap_or_default()));
    }
    filled.data.kpi_kind = Some(filled.data.kpi_kind.unwrap_or_default());

    let pooling = default_pooling(&filled, facts);
    let mut channels = std::mem::take(&mut filled.channel);
    let mut organic = std::mem::take(&mut filled.organic);
    for channel in &mut channels {
        fill_channel(channel, &filled, facts, effect_is_stated, &pooling);
    }
    for channel in &mut organic {
        fill_channel(channel, &filled, facts, effect_is_stated, &pooling);
    }
    filled.channel = channels;
    filled.organic = organic;
    let linear = if filled.preset == PresetName::PymcMarketing { pooling.clone() } else { Pooling::Shared };
    fill_linear_pooling(&mut filled, &pooling, &linear);
    filled
}

/// What depends on the data: cadence, length, geos, money.
fn adapt(preset: &mut ModelSpec, spec: &ModelSpec, facts: &Facts) {
    if preset.preset == PresetName::Lite && !facts.is_daily() {
        // Slower data cannot show a week.
        let waves = preset.baseline.seasonality.iter_mut().flatten();
        waves.for_each(|wave| wave.period = SeasonPeriod::Word(PeriodWord::Year));
    }
    if preset.preset != PresetName::Standard {
        return;
    }
    let wave = |period, order| SeasonalitySpec {
        period: SeasonPeriod::Word(period),
        order,
        prior: Some(Prior::normal(0.0, "0.5 * sd_kpi")),
        ..SeasonalitySpec::default()
    };
    let months = matches!(facts.spacing, Spacing::Months(_));
    let order = if months { 2 } else { 3 };
    let yearly = if facts.days >= 365.0 { vec![wave(PeriodWord::Year, order)] } else { Vec::new() };
    preset.baseline.seasonality = Some(yearly);
    preset.baseline.day_of_week = Some(if facts.is_daily() {
        DayOfWeek::Details(DayOfWeekSpec {
            prior: Some(Prior::normal(0.0, "sd_kpi")),
            ..DayOfWeekSpec::default()
        })
    } else {
        DayOfWeek::Switch(false)
    });
    preset.scaling.per_capita = Some(facts.has_population);
    if spec.outcome.link == Some(Link::Log) {
        // On the log scale the words about the KPI are about its logarithm.
        preset.baseline.intercept =
            Some(CoefficientSpec { prior: Some(Prior::normal("mean_kpi", 1.0)), pooling: None });
    }
}

/// The settings of penalised least squares with everything said.
fn complete_ridge(mut ridge: RidgeSpec) -> RidgeSpec {
    if ridge.penalties.is_empty() {
        ridge.penalties = vec![0.01, 0.1, 1.0, 10.0, 100.0];
    }
    ridge.cross_validation = ridge.cross_validation.or(Some(CrossValidation::Expanding));
    ridge.folds = ridge.folds.or(Some(5));
    ridge.standardize = ridge.standardize.or(Some(true));
    ridge.search = ridge.search.or(Some(false));
    ridge
}

fn merge<T>(user: Option<T>, preset: Option<T>, both: impl Fn(T, T) -> T) -> Option<T> {
    match (user, preset) {
        (Some(user), Some(preset)) => Some(both(user, preset)),
        (user, preset) => user.or(preset),
    }
}

fn merge_adstock(user: AdstockSpec, from: AdstockSpec) -> AdstockSpec {
    if user.kind != from.kind {
        return user;
    }
    // The infinite recursion has no window to normalise over, whatever the preset says of windows.
    let normalize =
        if user.l_max == Some(WindowSpec::Word(InfiniteWord::Infinite)) { None } else { from.normalize };
    AdstockSpec {
        kind: user.kind,
        l_max: user.l_max.or(from.l_max),
        normalize: user.normalize.or(normalize),
        convention: user.convention.or(from.convention),
        decay: user.decay.or(from.decay),
        peak: user.peak.or(from.peak),
        shape: user.shape.or(from.shape),
        scale: user.scale.or(from.scale),
        pooling: user.pooling.or(from.pooling),
    }
}

fn merge_saturation(user: SaturationSpec, from: SaturationSpec) -> SaturationSpec {
    if user.kind != from.kind {
        return user;
    }
    SaturationSpec {
        kind: user.kind,
        slope: user.slope.or(from.slope),
        ec50: user.ec50.or(from.ec50),
        rate: user.rate.or(from.rate),
        exponent: user.exponent.or(from.exponent),
        scale: user.scale.or(from.scale),
        pooling: user.pooling.or(from.pooling),
    }
}

/// A quarter of weeks, four weeks of days, three months.
fn default_window(facts: &Facts) -> usize {
    match facts.spacing {
        Spacing::Days(1) => 28,
        Spacing::Days(_) => 13,
        Spacing::Months(_) => 3,
    }
}

fn complete_adstock(mut a: AdstockSpec, facts: &Facts) -> AdstockSpec {
    let infinite = a.l_max == Some(WindowSpec::Word(InfiniteWord::Infinite));
    if a.kind != AdstockKind::None {
        a.l_max.get_or_insert(WindowSpec::Periods(default_window(facts)));
        a.normalize.get_or_insert(!infinite);
    }
    match a.kind {
        AdstockKind::Geometric => {
            a.decay.get_or_insert_with(|| Prior::beta(2.0, 2.0));
        }
        AdstockKind::Delayed => {
            a.decay.get_or_insert_with(|| Prior::beta(2.0, 2.0));
            a.peak.get_or_insert_with(|| Prior::half_normal(2.0));
        }
        AdstockKind::Binomial => {
            a.decay.get_or_insert_with(|| Prior::beta(2.0, 2.0));
            a.convention.get_or_insert_default();
        }
        AdstockKind::WeibullPdf => {
            a.shape.get_or_insert_with(|| Prior::gamma(9.0, 3.0));
            a.scale.get_or_insert_with(|| Prior::gamma(4.0, 2.0));
        }
        AdstockKind::WeibullCdf => {
            a.shape.get_or_insert_with(|| Prior::gamma(2.0, 1.0));
            a.scale.get_or_insert_with(|| Prior::gamma(2.0, 1.0));
        }
        AdstockKind::None => {}
    }
    a
}

fn complete_saturation(mut s: SaturationSpec) -> SaturationSpec {
    let exposure = || Prior::log_normal_median("mean_active_exposure", 0.8);
    let rate = || Prior::log_normal_median("per_mean_exposure", 0.8);
    match s.kind {
        SaturationKind::Hill => {
            s.slope.get_or_insert_with(|| Prior::log_normal_median(1.5, 0.4));
            s.ec50.get_or_insert_with(exposure);
        }
        SaturationKind::Exponential | SaturationKind::Logistic | SaturationKind::Tanh => {
            s.rate.get_or_insert_with(rate);
        }
        SaturationKind::MichaelisMenten => {
            s.ec50.get_or_insert_with(exposure);
        }
        SaturationKind::Root => {
            s.exponent.get_or_insert_with(|| Prior::beta(2.0, 2.0));
        }
        SaturationKind::Log1p => {
            s.scale.get_or_insert_with(exposure);
        }
        SaturationKind::Sigmoid => {
            s.slope.get_or_insert_with(|| Prior::log_normal_median("4 * per_mean_exposure", 0.8));
            s.ec50.get_or_insert_with(exposure);
        }
        SaturationKind::None => {}
    }
    s
}

/// How geos share media effects when nothing is said.
fn default_pooling(spec: &ModelSpec, facts: &Facts) -> Pooling {
    match (facts.has_geos, spec.preset) {
        (false, _) => Pooling::Shared,
        (true, PresetName::PymcMarketing) => Pooling::Independent,
        (true, PresetName::Standard) => Pooling::Pooled { scale: None },
        (true, _) => Pooling::Shared,
    }
}

fn fill_channel(
    channel: &mut ChannelSpec,
    spec: &ModelSpec,
    facts: &Facts,
    effect_is_stated: bool,
    pooling: &Pooling,
) {
    channel.order = channel.order.or(spec.defaults.order);
    let adstock = merge(channel.adstock.take(), spec.defaults.adstock.clone(), merge_adstock);
    channel.adstock = adstock.map(|a| complete_adstock(a, facts));
    let saturation = merge(channel.saturation.take(), spec.defaults.saturation.clone(), merge_saturation);
    channel.saturation = saturation.map(complete_saturation);
    let transform = if spec.preset == PresetName::PymcMarketing { pooling.clone() } else { Pooling::Shared };
    if let Some(adstock) = &mut channel.adstock {
        adstock.pooling.get_or_insert_with(|| transform.clone());
    }
    if let Some(saturation) = &mut channel.saturation {
        saturation.pooling.get_or_insert_with(|| transform.clone());
    }
    let stated = channel.effect.take().unwrap_or_default();
    let mut effect = if stated.beta.is_some() || stated.roas.is_some() || stated.contribution_share.is_some()
    {
        stated
    } else {
        let default = spec.defaults.effect.clone().filter(|effect| {
            effect_is_stated || spec.preset != PresetName::Standard || effect.beta.is_some()
        });
        let mut effect = default.unwrap_or_else(|| standard_effect(channel, spec));
        effect.pooling = stated.pooling.or(effect.pooling);
        effect
    };
    effect.pooling.get_or_insert_with(|| pooling.clone());
    channel.effect = Some(effect);
}

/// A ROAS prior where spend and money are known; where money is not, a share of the KPI in proportion to the spend, which is
/// the same belief in every channel's efficiency; without spend, a share of its own.
fn standard_effect(channel: &ChannelSpec, spec: &ModelSpec) -> EffectSpec {
    let money = spec.data.kpi_kind != Some(KpiKind::Count) || spec.data.revenue_per_kpi.is_some();
    if spec.outcome.link == Some(Link::Log) {
        EffectSpec { beta: Some(Prior::half_normal(0.5)), ..EffectSpec::default() }
    } else if channel.spend.is_some() && money {
        EffectSpec { roas: Some(Prior::log_normal_median(1.2, 0.9)), ..EffectSpec::default() }
    } else {
        let median =
            if channel.spend.is_some() { "0.2 * spend_share".into() } else { Quantity::Number(0.05) };
        EffectSpec {
            contribution_share: Some(Prior::log_normal_median(median, 1.0)),
            ..EffectSpec::default()
        }
    }
}

fn fill_baseline(filled: &mut ModelSpec, preset: super::BaselineSpec) {
    let b = &mut filled.baseline;
    b.intercept = merge(b.intercept.take(), preset.intercept, |user, preset| CoefficientSpec {
        prior: user.prior.or(preset.prior),
        pooling: user.pooling.or(preset.pooling),
    });
    let preset_wave =
        preset.seasonality.as_ref().and_then(|waves| waves.first()).and_then(|wave| wave.prior.clone());
    let wave_prior = preset_wave.unwrap_or_else(|| Prior::normal(0.0, "0.5 * sd_kpi"));
    let preset_phase =
        preset.seasonality.as_ref().and_then(|waves| waves.first()).and_then(|wave| wave.phase);
    b.seasonality = b.seasonality.take().or(preset.seasonality);
    for wave in b.seasonality.iter_mut().flatten() {
        wave.prior.get_or_insert_with(|| wave_prior.clone());
        wave.phase.get_or_insert(preset_phase.unwrap_or(Phase::Elapsed));
    }
    b.trend = merge(b.trend.take(), preset.trend, |user, preset| TrendSpec {
        kind: user.kind,
        unit: user.unit.or(preset.unit),
        changepoints: user.changepoints.or(preset.changepoints),
        knots: user.knots.or(preset.knots),
        slope: user.slope.or(preset.slope),
        change: user.change.or(preset.change),
        value: user.value.or(preset.value),
        pooling: user.pooling.or(preset.pooling),
    });
    if let Some(trend) = &mut b.trend {
        complete_trend(trend);
    }
    let preset_day = match &preset.day_of_week {
        Some(DayOfWeek::Details(details)) => details.clone(),
        _ => DayOfWeekSpec { prior: Some(Prior::normal(0.0, "sd_kpi")), ..DayOfWeekSpec::default() },
    };
    let stated = b.day_of_week.take().or(preset.day_of_week).unwrap_or(DayOfWeek::Switch(false));
    b.day_of_week = Some(match stated {
        DayOfWeek::Switch(false) => DayOfWeek::Switch(false),
        DayOfWeek::Switch(true) => DayOfWeek::Details(DayOfWeekSpec {
            reference: Some(preset_day.reference.unwrap_or(Weekday::Monday)),
            ..preset_day
        }),
        DayOfWeek::Details(details) => DayOfWeek::Details(DayOfWeekSpec {
            reference: Some(details.reference.or(preset_day.reference).unwrap_or(Weekday::Monday)),
            prior: details.prior.or(preset_day.prior),
            pooling: details.pooling,
        }),
    });
    b.event_prior = b.event_prior.take().or(preset.event_prior);
    b.events.get_or_insert_default();
}

fn complete_trend(trend: &mut TrendSpec) {
    let slope = || Prior::normal(0.0, "2 * sd_kpi");
    if trend.kind != TrendKind::None {
        trend.unit.get_or_insert(TrendUnit::Window);
    }
    match trend.kind {
        TrendKind::None => *trend = TrendSpec::default(),
        TrendKind::Linear => {
            trend.slope.get_or_insert_with(slope);
            trend.changepoints = None;
            trend.change = None;
        }
        TrendKind::Piecewise => {
            trend.slope.get_or_insert_with(slope);
            trend.changepoints.get_or_insert(6);
            trend.change.get_or_insert_with(|| Prior::laplace(0.0, "0.5 * sd_kpi"));
        }
        TrendKind::Knots => {
            trend.knots.get_or_insert(8);
            trend.value.get_or_insert_with(|| Prior::normal(0.0, "sd_kpi"));
            trend.slope = None;
            trend.change = None;
            trend.changepoints = None;
        }
    }
}

fn fill_outcome(filled: &mut ModelSpec, preset: super::OutcomeSpec) {
    use super::LikelihoodKind::{NegativeBinomial, Normal, Poisson, StudentT};
    let o = &mut filled.outcome;
    o.link = o.link.or(preset.link);
    o.media = o.media.or(preset.media);
    o.likelihood = o.likelihood.or(preset.likelihood);
    if o.sigma.is_none() && o.variance.is_none() {
        o.sigma = preset.sigma;
        o.variance = preset.variance;
    }
    let fallback = || Some(Prior::half_normal("sd_kpi"));
    if let Some(sigma) = &mut o.sigma {
        sigma.prior = sigma.prior.take().or_else(fallback);
    }
    match o.likelihood.unwrap_or(Normal) {
        StudentT => {
            o.df = o.df.take().or(preset.df);
            if let Some(variance) = o.variance.take() {
                o.sigma = Some(CoefficientSpec { prior: fallback(), pooling: variance.pooling });
            }
        }
        NegativeBinomial => {
            o.dispersion = o.dispersion.take().or(preset.dispersion);
            (o.sigma, o.variance) = (None, None);
        }
        Poisson => (o.sigma, o.variance) = (None, None),
        _ => {}
    }
}

fn fill_linear_pooling(filled: &mut ModelSpec, media: &Pooling, linear: &Pooling) {
    // A geo's level is its own unless the preset says otherwise: geos differ in level more than in anything else.
    let level = if filled.preset == PresetName::Standard { media } else { linear };
    if let Some(intercept) = &mut filled.baseline.intercept {
        intercept.pooling.get_or_insert_with(|| level.clone());
    }
    if let Some(trend) = &mut filled.baseline.trend
        && trend.kind != TrendKind::None
    {
        trend.pooling.get_or_insert_with(|| linear.clone());
    }
    for wave in filled.baseline.seasonality.iter_mut().flatten() {
        wave.pooling.get_or_insert_with(|| linear.clone());
    }
    if let Some(DayOfWeek::Details(details)) = &mut filled.baseline.day_of_week {
        details.pooling.get_or_insert_with(|| linear.clone());
    }
    let event_prior = filled.baseline.event_prior.clone();
    for event in filled.baseline.events.iter_mut().flatten() {
        event.pooling.get_or_insert_with(|| linear.clone());
        event.prior = event.prior.take().or_else(|| event_prior.clone());
        event.window.get_or_insert([0, 0]);
    }
    for control in &mut filled.control {
        control.pooling.get_or_insert_with(|| linear.clone());
        control.prior = control.prior.take().or_else(|| filled.defaults.control_prior.clone());
        control.name.get_or_insert_with(|| control.column.clone());
    }
    for treatment in &mut filled.treatment {
        treatment.pooling.get_or_insert_with(|| linear.clone());
        treatment.prior = treatment.prior.take().or_else(|| filled.defaults.treatment_prior.clone());
        treatment.name.get_or_insert_with(|| treatment.column.clone());
        treatment.counterfactual.get_or_insert(super::Level::Word(super::LevelWord::Min));
    }
    for noise in [&mut filled.outcome.sigma, &mut filled.outcome.variance].into_iter().flatten() {
        noise.pooling.get_or_insert_with(|| linear.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [PresetName; 4] =
        [PresetName::Standard, PresetName::PymcMarketing, PresetName::Adelon, PresetName::Lite];

    #[test]
    fn every_preset_is_a_faultless_spec_of_its_own_name() {
        for preset in ALL {
            let document = document::read(text(preset), Format::Toml);
            assert_eq!(document.problems.0, Vec::new());
            assert_eq!(document.spec.preset, preset);
        }
    }

    #[test]
    fn a_filled_spec_says_everything_and_filling_again_changes_nothing() {
        for preset in ALL {
            let channel =
                ChannelSpec { name: "tv".into(), spend: Some("tv_spend".into()), ..Default::default() };
            let spec = ModelSpec { preset, channel: vec![channel], ..ModelSpec::default() };
            let filled = fill(&spec, &Facts::default());
            assert!(filled.channel[0].effect.is_some() && filled.baseline.trend.is_some());
            assert_eq!(fill(&filled, &Facts::default()), filled, "{preset:?}");
            let again = document::read(&document::to_toml(&filled), Format::Toml);
            assert_eq!(again.problems.0, Vec::new());
            assert_eq!(again.spec, filled);
        }
    }

    #[test]
    fn what_the_user_says_stays() {
        let text = "preset = \"adelon\"\n[[channel]]\nname = \"tv\"\nadstock = { kind = \"delayed\", l_max = 6 }\n\
                    effect = { roas = { log_normal = { median = 2, sd_log = 1 } } }\n";
        let spec = document::read(text, Format::Toml).spec;
        let filled = fill(&spec, &Facts::default());
        let adstock = filled.channel[0].adstock.as_ref().unwrap();
        assert_eq!(adstock.kind, AdstockKind::Delayed);
        assert_eq!(adstock.l_max, Some(WindowSpec::Periods(6)));
        assert!(adstock.peak.is_some() && filled.channel[0].effect.as_ref().unwrap().beta.is_none());
    }
}
