//! The curves that a simulated market was made with, as a surface on which any plan can be weighed.
//!
//! ```text
//! contribution[t] = coefficient·h(a[t]),   a[t] = x[t] + decay·a[t−1],   coefficient = beta, or beta·intercept
//! ```
//! A truth states `beta` in units of the KPI or as a share of the intercept; which of them it is shows in the total that
//! the truth states too. Where neither brings it back from the data, the curves are not known and nothing is built.

use crate::adstock::{Adstock, Window};
use crate::decision::surface::Surface;
use crate::decision::surface::flighting::Shape;
use crate::decision::surface::stated::{Draws, StatedAdstock, StatedChannel, StatedCurves, StatedSaturation};
use crate::model::compile::CompiledModel;
use crate::saturation::Saturation;
use crate::simulate::truth::{ChannelTruth, GroundTruth};
use crate::spec::{AdstockKind, InfiniteWord, SaturationKind, WindowSpec};

/// How closely the stated total has to come back, as a share of it.
const CLOSE: f64 = 1e-6;

/// The steady-state surface of the true market over the channels `names`, in their order, with the money of one period
/// spent today in `current`.
///
/// # Errors
/// In one sentence, why the true curves are not known.
pub fn true_surface(
    model: &CompiledModel,
    truth: &GroundTruth,
    names: &[String],
    current: &[f64],
) -> Result<Surface, String> {
    if model.panel.has_geo || !truth.geos.is_empty() {
        return Err(
            "the effects of this market differ by geo, and one true curve per channel does not exist".into(),
        );
    }
    let mut curves = StatedCurves {
        period: Some(model.panel.calendar.spacing().name().to_owned()).filter(|name| name != "period"),
        kpi: Some(truth.kpi.clone()),
        kpi_kind: model.spec.data.kpi_kind,
        ..StatedCurves::default()
    };
    for (name, current) in names.iter().zip(current) {
        let channel = truth.channel(name).ok_or_else(|| format!("the truth does not know `{name}`"))?;
        let media = model.panel.media.iter().find(|media| media.name == *name);
        let exposure = media
            .map(|media| &media.exposure)
            .filter(|x| media_is_money(media.and_then(|m| m.spend.as_ref()), x));
        let exposure = exposure.ok_or_else(|| {
            format!("`{name}` is fitted on an exposure, and the true curve is one of spend")
        })?;
        curves.channels.push(stated(channel, truth, exposure, *current)?);
    }
    let surface = curves.surface(&Shape::default(), None, 1);
    surface.map_err(|problems| {
        problems
            .0
            .first()
            .map_or_else(|| "the true curves are out of range".into(), |first| first.message.clone())
    })
}

fn media_is_money(spend: Option<&Vec<f64>>, exposure: &[f64]) -> bool {
    spend.is_some_and(|spend| spend.as_slice() == exposure)
}

/// The true curve of one channel, held against the total that the truth states.
fn stated(
    channel: &ChannelTruth,
    truth: &GroundTruth,
    exposure: &[f64],
    current: f64,
) -> Result<StatedChannel, String> {
    let name = &channel.name;
    let get = |key: &str| channel.parameters.get(key).copied();
    let incomplete = || format!("the truth of `{name}` does not state its curve");
    let (decay, beta) = get("decay").zip(get("beta")).ok_or_else(incomplete)?;
    let saturation = match (get("slope"), get("ec50"), get("rate")) {
        (Some(slope), Some(ec50), None) => (Saturation::Hill, vec![slope, ec50]),
        (None, None, Some(rate)) => (Saturation::Exponential, vec![rate]),
        _ => return Err(incomplete()),
    };
    let n = exposure.len();
    let (mut carried, mut bent, mut auxiliary) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    let adstock = Adstock::Geometric { window: Window::Infinite, normalize: false };
    adstock.forward(&[decay], &[], exposure, &mut carried);
    saturation.0.forward(&saturation.1, &carried, &mut bent, &mut auxiliary);
    let total: f64 = bent.iter().sum();
    let close = |coefficient: f64| {
        (coefficient * total - channel.contribution_total).abs() <= CLOSE * channel.contribution_total.abs()
    };
    let level = truth.baseline.get("intercept").copied();
    let candidates = [Some(beta), level.map(|level| beta * level)];
    let coefficient = candidates.into_iter().flatten().find(|coefficient| close(*coefficient));
    let coefficient = coefficient.ok_or_else(|| {
        format!("the stated curve of `{name}` does not bring back its stated contribution from these data")
    })?;
    let one = |value: f64| Some(Draws::One(value));
    let (kind, slope, ec50, rate) = match saturation.1[..] {
        [rate] => (SaturationKind::Exponential, None, None, one(rate)),
        _ => (SaturationKind::Hill, one(saturation.1[0]), one(saturation.1[1]), None),
    };
    Ok(StatedChannel {
        name: name.clone(),
        coefficient: one(coefficient),
        adstock: Some(StatedAdstock {
            kind: AdstockKind::Geometric,
            l_max: Some(WindowSpec::Word(InfiniteWord::Infinite)),
            normalize: Some(false),
            convention: None,
            decay: one(decay),
            peak: None,
            shape: None,
            scale: None,
        }),
        saturation: Some(StatedSaturation { kind, slope, ec50, rate, exponent: None, scale: None }),
        current: Some(current),
        ..StatedChannel::default()
    })
}
