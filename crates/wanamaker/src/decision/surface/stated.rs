//! Curves from elsewhere: the parameters of each channel as stated in a file, one set or many draws.
//!
//! ```text
//! per period    coefficient·h(a[t])     a = adstock of the exposure,  exposure = money / cost_per_exposure
//! ```
//! The same transforms, the same plans; nothing was fitted, so an interval is as wide as the draws that were stated.

use super::flighting::{Flighting, Shape, shares, tail_of};
use super::{Cell, Combine, Horizon, OutcomeUnit, Surface};
use crate::adstock::{Adstock, BinomialConvention};
use crate::model::compile::channels::{adstock_of, saturation_of};
use crate::model::response::sums::RayWork;
use crate::model::response::{Flight, Rays, Transforms};
use crate::problem::{Place, Problem, Problems};
use crate::saturation::Saturation;
use crate::spec::{
    AdstockKind, AdstockSpec, InfiniteWord, KpiKind, SaturationKind, SaturationSpec, TransformOrder,
    WindowSpec,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A number for all draws, or one per draw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a number, or a list of numbers, one per draw")]
pub enum Draws {
    /// The same at every draw.
    One(f64),
    /// One per draw.
    Many(Vec<f64>),
}

impl Draws {
    fn at(&self, draw: usize) -> f64 {
        match self {
            Draws::One(number) => *number,
            Draws::Many(numbers) => numbers[draw],
        }
    }

    fn len(&self) -> Option<usize> {
        match self {
            Draws::One(_) => None,
            Draws::Many(numbers) => Some(numbers.len()),
        }
    }

    fn numbers(&self) -> &[f64] {
        match self {
            Draws::One(number) => std::slice::from_ref(number),
            Draws::Many(numbers) => numbers,
        }
    }
}

/// What a curves file says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatedCurves {
    /// `day`, `week`, `month`, `quarter` or `year`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Name of the KPI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kpi: Option<String>,
    /// Whether the KPI is money (default) or a count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kpi_kind: Option<KpiKind>,
    /// Money per unit of a KPI that is a count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_per_kpi: Option<f64>,
    /// The channels.
    #[serde(default)]
    pub channels: Vec<StatedChannel>,
}

/// One channel of a curves file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatedChannel {
    /// Name, unique.
    #[serde(default)]
    pub name: String,
    /// KPI per period at a transformed exposure of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coefficient: Option<Draws>,
    /// Carry-over; none when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adstock: Option<StatedAdstock>,
    /// Diminishing return; none when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saturation: Option<StatedSaturation>,
    /// Which comes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<TransformOrder>,
    /// Money per period today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<f64>,
    /// The highest spend of one period that was ever seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub highest: Option<f64>,
    /// Money per unit of exposure; 1 when the curves are about money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_per_exposure: Option<f64>,
}

/// Carry-over of a stated channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatedAdstock {
    /// Its shape.
    pub kind: AdstockKind,
    /// Number of taps, or `"infinite"` (the default, for `geometric` only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub l_max: Option<WindowSpec>,
    /// Whether the weights are divided by their sum (default false).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normalize: Option<bool>,
    /// Which window the binomial kind counts to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub convention: Option<BinomialConvention>,
    /// Share kept from one period to the next, in [0, 1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decay: Option<Draws>,
    /// Lag of the peak in periods (`delayed`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak: Option<Draws>,
    /// Weibull shape.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<Draws>,
    /// Weibull scale in periods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Draws>,
}

/// Diminishing return of a stated channel; parameters in the unit of exposure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatedSaturation {
    /// Its curve.
    pub kind: SaturationKind,
    /// Steepness (`hill`, `sigmoid`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slope: Option<Draws>,
    /// Exposure of half the effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ec50: Option<Draws>,
    /// Rate (`exponential`, `logistic`, `tanh`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Draws>,
    /// Exponent (`root`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exponent: Option<Draws>,
    /// Scale (`log1p`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Draws>,
}

const PERIODS: [(&str, f64); 5] =
    [("day", 365.25), ("week", 365.25 / 7.0), ("month", 12.0), ("quarter", 4.0), ("year", 1.0)];

/// A channel with its transforms and the parameters they take.
struct Understood<'a> {
    stated: &'a StatedChannel,
    transforms: Transforms,
    carry: Vec<&'a Draws>,
    bend: Vec<&'a Draws>,
    coefficient: &'a Draws,
}

impl StatedCurves {
    /// The curves as a surface.
    ///
    /// # Errors
    /// Channels without name, coefficient or a parameter, names said twice, numbers outside their range, lists of draws
    /// of different lengths: all at once.
    pub fn surface(
        &self,
        shape: &Shape,
        value_per_kpi: Option<f64>,
        threads: usize,
    ) -> Result<Surface, Problems> {
        let (channels, n_draws) = self.check()?;
        let value = value_per_kpi.or(self.value_per_kpi);
        let (name, per_year) = PERIODS
            .into_iter()
            .find(|(name, _)| Some(*name) == self.period.as_deref())
            .unwrap_or(("period", 1.0));
        let steady = shape.flighting == Flighting::Steady;
        let tail = if steady { None } else { Some(tail(&channels, n_draws, shape)) };
        let mut work = RayWork::default();
        let cells = channels.iter().map(|channel| {
            let stated = channel.stated;
            let per_money = 1.0 / stated.cost_per_exposure.unwrap_or(1.0);
            let periods = shape.horizon as f64;
            let nothing = vec![0.0; shape.horizon + tail.unwrap_or(0)];
            let mut profile = nothing.clone();
            for (x, share) in profile.iter_mut().zip(shares(shape, &stated.name, &[])) {
                *x = share * per_money;
            }
            let flight = if steady {
                Flight::Steady { gain: per_money / periods, periods }
            } else {
                Flight::Along { past: &nothing, profile: &profile, from: 0 }
            };
            let mut rays = Rays::new(channel.transforms);
            for s in 0..n_draws {
                let carry: Vec<f64> = channel.carry.iter().map(|draws| draws.at(s)).collect();
                let bend: Vec<f64> = channel.bend.iter().map(|draws| draws.at(s)).collect();
                let effect = channel.coefficient.at(s) * value.unwrap_or(1.0);
                rays.push(&carry, &bend, effect, flight, &mut work);
            }
            Cell {
                name: stated.name.clone(),
                channel: stated.name.clone(),
                geo: None,
                current: stated.current.unwrap_or(0.0) * periods,
                highest: stated.highest,
                lowest: None,
                shares: vec![1.0 / periods; shape.horizon],
                rays,
                geos: vec![0],
            }
        });
        let is_money = self.kpi_kind.unwrap_or_default() == KpiKind::Revenue || value.is_some();
        Ok(Surface {
            cells: cells.collect(),
            n_draws,
            horizon: Horizon { periods: shape.horizon, period: name.to_owned(), per_year, tail },
            unit: if is_money {
                OutcomeUnit::Money
            } else {
                OutcomeUnit::Kpi(self.kpi.clone().unwrap_or_else(|| "KPI".into()))
            },
            threads,
            combine: Combine::Sum,
        })
    }

    fn check(&self) -> Result<(Vec<Understood<'_>>, usize), Problems> {
        let mut problems = Problems::new();
        let mut fault = |code: &'static str, key: String, message: String, hint: &str| {
            problems.push(Problem::error(code, Place::key(key), message).hint(hint));
        };
        if let Some(period) = self.period.as_deref().filter(|p| !PERIODS.iter().any(|(name, _)| name == p)) {
            let message = format!("`{period}` is no period");
            fault("curves.period", "period".into(), message, "known are day, week, month, quarter, year");
        }
        if self.channels.is_empty() {
            let message = "no channel is stated".to_owned();
            fault(
                "curves.empty",
                "channels".into(),
                message,
                "state at least one channel with its coefficient",
            );
        }
        let amounts = |value: Option<f64>| value.is_some_and(|x| !(x.is_finite() && x > 0.0));
        if amounts(self.value_per_kpi) {
            let message = "the value of a unit of KPI is no number above 0".to_owned();
            fault("curves.value", "value_per_kpi".into(), message, "give money per unit");
        }
        let mut names = BTreeSet::new();
        let mut understood = Vec::new();
        let mut lengths: Vec<(String, usize)> = Vec::new();
        for (i, stated) in self.channels.iter().enumerate() {
            let key = format!("channels[{i}]");
            if stated.name.is_empty() || !names.insert(&stated.name) {
                let message = if stated.name.is_empty() {
                    "a channel has no name".to_owned()
                } else {
                    format!("two channels are called `{}`", stated.name)
                };
                fault("curves.name", format!("{key}.name"), message, "give every channel a name of its own");
            }
            if amounts(stated.cost_per_exposure) {
                let message = "the cost per exposure is no number above 0".to_owned();
                fault(
                    "curves.amount",
                    format!("{key}.cost_per_exposure"),
                    message,
                    "give money per exposure",
                );
            }
            for (name, value) in [("current", stated.current), ("highest", stated.highest)] {
                if value.is_some_and(|x| !(x.is_finite() && x >= 0.0)) {
                    let message = format!("`{name}` is no amount");
                    fault(
                        "curves.amount",
                        format!("{key}.{name}"),
                        message,
                        "give money per period, 0 or more",
                    );
                }
            }
            let (transforms, carry, bend) = transforms_of(stated);
            let mut parameters = Vec::new();
            for (part, wanted) in [("adstock", carry), ("saturation", bend)] {
                for (name, given) in wanted {
                    let key = format!("{key}.{part}.{name}");
                    match given {
                        Some(given) => parameters.push((key, part, name, given)),
                        None => {
                            let message = format!("the {part} of `{}` needs its `{name}`", stated.name);
                            fault("curves.missing", key, message, "give a number, or one per draw");
                        }
                    }
                }
            }
            match &stated.coefficient {
                Some(given) => parameters.push((format!("{key}.coefficient"), "", "coefficient", given)),
                None => {
                    let message = format!("`{}` has no coefficient", stated.name);
                    fault(
                        "curves.missing",
                        format!("{key}.coefficient"),
                        message,
                        "give KPI per period at full effect",
                    );
                }
            }
            for (key, _, name, given) in &parameters {
                lengths.extend(given.len().map(|n| (key.clone(), n)));
                let outside = given.numbers().iter().find(|x| !fits(name, **x));
                if let Some(x) = outside {
                    let message = format!("`{name}` of `{}` cannot be {x}", stated.name);
                    fault("curves.range", key.clone(), message, range_of(name));
                }
            }
            if let Some(coefficient) = &stated.coefficient {
                let of = |wanted: &str| -> Vec<&Draws> {
                    parameters
                        .iter()
                        .filter(|(_, part, _, _)| *part == wanted)
                        .map(|(_, _, _, given)| *given)
                        .collect()
                };
                let (carry, bend) = (of("adstock"), of("saturation"));
                understood.push(Understood { stated, transforms, carry, bend, coefficient });
            }
        }
        let n_draws = lengths.first().map_or(1, |(_, n)| *n);
        for (key, n) in lengths.iter().filter(|(_, n)| *n != n_draws || *n == 0) {
            let message = format!("{n} draws stand here, {n_draws} at `{}`", lengths[0].0);
            fault("curves.draws", key.clone(), message, "give every list as many draws, at least one");
        }
        problems.or((understood, n_draws))
    }
}

/// Whether a parameter of that name may have the value `x`.
fn fits(name: &str, x: f64) -> bool {
    match name {
        "coefficient" => x.is_finite(),
        "decay" => (0.0..1.0).contains(&x),
        "exponent" => x > 0.0 && x <= 1.0,
        "peak" => x.is_finite() && x >= 0.0,
        _ => x.is_finite() && x > 0.0,
    }
}

/// In which range a parameter lies, as a hint.
fn range_of(name: &str) -> &'static str {
    match name {
        "coefficient" => "give a finite number",
        "decay" => "a decay lies from 0 up to, but not at, 1",
        "exponent" => "an exponent lies above 0 and at most at 1",
        "peak" => "a peak is 0 or more periods",
        _ => "give a number above 0",
    }
}

type Wanted<'a> = Vec<(&'static str, Option<&'a Draws>)>;

/// The transforms of a channel and the parameters they take, with what is stated of each.
fn transforms_of(stated: &StatedChannel) -> (Transforms, Wanted<'_>, Wanted<'_>) {
    let adstock = stated.adstock.as_ref().map_or(Adstock::None, |adstock| {
        let l_max = adstock.l_max.unwrap_or(WindowSpec::Word(InfiniteWord::Infinite));
        adstock_of(Some(&AdstockSpec {
            kind: adstock.kind,
            l_max: Some(l_max),
            normalize: Some(adstock.normalize.unwrap_or(false)),
            convention: adstock.convention,
            ..AdstockSpec::default()
        }))
    });
    let saturation = stated.saturation.as_ref().map_or(Saturation::None, |saturation| {
        saturation_of(Some(&SaturationSpec { kind: saturation.kind, ..SaturationSpec::default() }))
    });
    let carry = adstock.parameter_names().iter().map(|name| {
        let given = stated.adstock.as_ref().and_then(|adstock| match *name {
            "decay" => adstock.decay.as_ref(),
            "peak" => adstock.peak.as_ref(),
            "shape" => adstock.shape.as_ref(),
            _ => adstock.scale.as_ref(),
        });
        (*name, given)
    });
    let bend = saturation.parameter_names().iter().map(|name| {
        let given = stated.saturation.as_ref().and_then(|saturation| match *name {
            "slope" => saturation.slope.as_ref(),
            "ec50" => saturation.ec50.as_ref(),
            "rate" => saturation.rate.as_ref(),
            "exponent" => saturation.exponent.as_ref(),
            _ => saturation.scale.as_ref(),
        });
        (*name, given)
    });
    let transforms = Transforms { adstock, saturation, order: stated.order.unwrap_or_default() };
    (transforms, carry.collect(), bend.collect())
}

/// The longest tail of any channel at the middle draw.
fn tail(channels: &[Understood<'_>], n_draws: usize, shape: &Shape) -> usize {
    shape.tail.unwrap_or_else(|| {
        let mut tails: Vec<usize> = (0..n_draws)
            .map(|s| {
                let of = |channel: &Understood<'_>| {
                    let carry: Vec<f64> = channel.carry.iter().map(|draws| draws.at(s)).collect();
                    tail_of(channel.transforms.adstock, &carry)
                };
                channels.iter().map(of).max().unwrap_or(0)
            })
            .collect();
        tails.sort_unstable();
        tails.get(tails.len() / 2).copied().unwrap_or(0)
    })
}
