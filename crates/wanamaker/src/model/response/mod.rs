//! How a channel answers when the money behind its flighting is scaled: the forward pass of one channel along a ray.
//!
//! The exposure of one geo is `x[t] = past[t] + b·profile[t]`, with `b` the money spent. Adstock is linear, so with
//! `A` the adstock of a series and `h` the saturation
//!
//! ```text
//! adstock first       m[t](b) = h(A(past)[t] + b·A(profile)[t])
//! saturation first    m[t](b) = Σ_l w[l]·h(past[t−l] + b·profile[t−l])
//! response(b)       = effect·Σ_t ( m[t](b) − m[t](0) )
//!                   = effect·Σ_j weight[j]·( h(offset[j] + gain[j]·b) − h(offset[j]) )
//! ```
//! The last line is what is kept: a sum of saturation curves in one variable, one such *ray* per draw and geo. A test
//! holds it against [`MediaTerm::transform`](super::media::MediaTerm::transform) on the scaled exposure.

pub mod sums;
#[cfg(test)]
mod tests;

use crate::adstock::Adstock;
use crate::saturation::Saturation;
use crate::spec::TransformOrder;
use std::ops::Range;
use sums::RayWork;

/// The transforms of one channel without their parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transforms {
    /// Carry-over.
    pub adstock: Adstock,
    /// Diminishing return.
    pub saturation: Saturation,
    /// Which comes first.
    pub order: TransformOrder,
}

/// What one unit of `b` does to the exposure, on the scale of the priors.
#[derive(Clone, Copy, Debug)]
pub enum Flight<'a> {
    /// The same exposure `gain·b` in every period, adstock at its limit, seen for `periods` periods.
    Steady {
        /// Exposure per period and unit of `b`.
        gain: f64,
        /// Periods whose effect is counted.
        periods: f64,
    },
    /// A series of its own, with zeros where only carry-over is counted.
    Along {
        /// Exposure there is anyway, `[time]`.
        past: &'a [f64],
        /// Exposure per unit of `b`, `[time]`.
        profile: &'a [f64],
        /// First period whose effect is counted.
        from: usize,
    },
}

/// Rays that share their transforms, in the order in which they were pushed.
#[derive(Clone, Debug)]
pub struct Rays {
    transforms: Transforms,
    rays: PerRay,
    curves: PerCurve,
}

/// What all curves of one ray have in common, `[ray]`.
#[derive(Clone, Debug, Default)]
struct PerRay {
    /// Behind the last curve.
    end: Vec<usize>,
    effect: Vec<f64>,
    /// The two parameters of the saturation as [`Saturation::prepared`] wants them.
    bend: [Vec<f64>; 2],
    /// Exposure at which the saturation is steepest, and its slope there.
    top: [Vec<f64>; 2],
    /// Slope of the saturation at no exposure: infinite where it starts vertically.
    first_slope: Vec<f64>,
    /// `Σ_j weight[j]·h(offset[j])`.
    before: Vec<f64>,
}

/// `weight·h(offset + gain·b)`, `[curve]`.
#[derive(Clone, Debug, Default)]
struct PerCurve {
    offset: Vec<f64>,
    gain: Vec<f64>,
    /// With the effect in it.
    weight: Vec<f64>,
}

impl PerRay {
    fn series(&mut self) -> [&mut Vec<f64>; 7] {
        let Self { end: _, effect, bend: [p, q], top: [x, slope], first_slope, before } = self;
        [effect, p, q, x, slope, first_slope, before]
    }
}

impl PerCurve {
    fn series(&mut self) -> [&mut Vec<f64>; 3] {
        [&mut self.offset, &mut self.gain, &mut self.weight]
    }
}

impl Rays {
    /// None yet.
    pub fn new(transforms: Transforms) -> Self {
        Self { transforms, rays: PerRay::default(), curves: PerCurve::default() }
    }

    /// Number of rays.
    pub fn len(&self) -> usize {
        self.rays.end.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rays of `range` alone.
    pub fn part(&self, range: Range<usize>) -> Self {
        let own = self.curves_of(range.clone());
        let of_rays = |series: &Vec<f64>| series[range.clone()].to_vec();
        let of_curves = |series: &Vec<f64>| series[own.clone()].to_vec();
        let (rays, curves) = (&self.rays, &self.curves);
        Self {
            transforms: self.transforms,
            rays: PerRay {
                end: rays.end[range.clone()].iter().map(|end| end - own.start).collect(),
                effect: of_rays(&rays.effect),
                bend: rays.bend.each_ref().map(of_rays),
                top: rays.top.each_ref().map(of_rays),
                first_slope: of_rays(&rays.first_slope),
                before: of_rays(&rays.before),
            },
            curves: PerCurve {
                offset: of_curves(&curves.offset),
                gain: of_curves(&curves.gain),
                weight: of_curves(&curves.weight),
            },
        }
    }

    /// Appends the rays of `other`, which has the same transforms.
    pub fn append(&mut self, mut other: Self) {
        debug_assert_eq!(self.transforms, other.transforms);
        let start = self.curves.gain.len();
        self.rays.end.extend(other.rays.end.iter().map(|end| start + end));
        self.rays
            .series()
            .into_iter()
            .zip(other.rays.series())
            .for_each(|(mine, theirs)| mine.append(theirs));
        let curves = self.curves.series().into_iter().zip(other.curves.series());
        curves.for_each(|(mine, theirs)| mine.append(theirs));
    }

    /// The curves of the rays of `range`.
    fn curves_of(&self, range: Range<usize>) -> Range<usize> {
        let behind = |ray: usize| if ray == 0 { 0 } else { self.rays.end[ray - 1] };
        behind(range.start)..behind(range.end)
    }

    /// Whether any ray has an infinite slope at 0.
    pub fn starts_vertically(&self) -> bool {
        self.rays.first_slope.contains(&f64::INFINITY)
    }

    /// Whether no ray has a part that bends upwards: all effects are ≥ 0 and no curve has an inflexion.
    pub fn is_concave(&self) -> bool {
        let effects = self.rays.effect.iter().zip(&self.rays.top[0]);
        effects.into_iter().all(|(effect, top)| *effect == 0.0 || (*effect > 0.0 && *top == 0.0))
    }

    /// Appends a ray.
    ///
    /// - `carry`, `bend`: parameters of adstock and saturation, in their order
    /// - `effect`: what a transformed exposure of one brings per period
    pub fn push(&mut self, carry: &[f64], bend: &[f64], effect: f64, flight: Flight<'_>, work: &mut RayWork) {
        let start = self.curves.gain.len();
        let Transforms { adstock, order, .. } = self.transforms;
        match (flight, order) {
            (Flight::Steady { gain, periods }, order) => {
                let grown = adstock.steady_state_gain(carry);
                let (gain, weight) = match order {
                    TransformOrder::AdstockFirst => (gain * grown, periods),
                    TransformOrder::SaturationFirst => (gain, grown * periods),
                };
                self.level(start, 0.0, gain, weight);
            }
            (Flight::Along { past, profile, from }, TransformOrder::AdstockFirst) => {
                let [carried, own] = work.two(past.len());
                let mut weights = vec![0.0; adstock.n_weights()];
                adstock.weights(carry, &mut weights);
                adstock.forward(carry, &weights, past, carried);
                adstock.forward(carry, &weights, profile, own);
                (from..past.len()).for_each(|t| self.level(start, carried[t], own[t], 1.0));
            }
            (Flight::Along { past, profile, from }, TransformOrder::SaturationFirst) => {
                let [counted, scratch] = work.two(past.len());
                let mut weights = vec![0.0; adstock.n_weights()];
                adstock.weights(carry, &mut weights);
                // What a period's saturated exposure brings in the counted periods: the adjoint of the adstock on
                // their indicator.
                counted.iter_mut().enumerate().for_each(|(t, d)| *d = if t < from { 0.0 } else { 1.0 });
                let mut felt = vec![0.0; past.len()];
                let mut ignored = (vec![0.0; weights.len()], [0.0; 2]);
                adstock.pullback(
                    carry,
                    &weights,
                    past,
                    past,
                    counted,
                    &mut ignored.0,
                    &mut ignored.1,
                    Some(&mut felt),
                    scratch,
                );
                (0..past.len()).for_each(|t| self.level(start, past[t], profile[t], felt[t]));
            }
        }
        self.curves.weight[start..].iter_mut().for_each(|weight| *weight *= effect);
        let saturation = self.transforms.saturation;
        let top = saturation.steepest(bend);
        let first_slope = match saturation.starts_vertically(bend) {
            _ if effect == 0.0 => 0.0,
            true => f64::INFINITY,
            false => saturation.slope_at(bend, 0.0),
        };
        let top_slope = if top > 0.0 { saturation.slope_at(bend, top) } else { 0.0 };
        let [p, q] = saturation.prepared(bend);
        let ray = self.len();
        self.rays.end.push(self.curves.gain.len());
        for (series, x) in
            self.rays.series().into_iter().zip([effect, p, q, top, top_slope, first_slope, 0.0])
        {
            series.push(x);
        }
        if self.curves.offset[start..].iter().any(|offset| *offset != 0.0) {
            self.rays.before[ray] = self.at(ray, 0.0, work).0;
        }
    }

    /// Adds one curve, unless it never moves; equal neighbours are one curve with the sum of their weights.
    fn level(&mut self, start: usize, offset: f64, gain: f64, weight: f64) {
        if gain == 0.0 || weight == 0.0 {
            return;
        }
        let curves = &mut self.curves;
        let last = curves.gain.len();
        if last > start && curves.gain[last - 1] == gain && curves.offset[last - 1] == offset {
            curves.weight[last - 1] += weight;
            return;
        }
        for (series, x) in curves.series().into_iter().zip([offset, gain, weight]) {
            series.push(x);
        }
    }
}
