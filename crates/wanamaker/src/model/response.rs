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

use crate::adstock::Adstock;
use crate::math::linalg::dot;
use crate::saturation::Saturation;
use crate::spec::TransformOrder;

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

#[derive(Clone, Debug)]
struct Head {
    effect: f64,
    parameters: [f64; 2],
    /// `Σ_j weight[j]·h(offset[j])`.
    before: f64,
    levels: std::ops::Range<usize>,
}

/// Rays that share their transforms, in the order in which they were pushed.
#[derive(Clone, Debug)]
pub struct Rays {
    transforms: Transforms,
    heads: Vec<Head>,
    offset: Vec<f64>,
    gain: Vec<f64>,
    weight: Vec<f64>,
}

/// Scratch of an evaluation, and of the making of a ray.
#[derive(Clone, Debug, Default)]
pub struct RayWork {
    x: Vec<f64>,
    h: Vec<f64>,
    aux: Vec<f64>,
    slope: Vec<f64>,
    d_out: Vec<f64>,
    scratch: Vec<f64>,
}

impl RayWork {
    fn resize(&mut self, n: usize) {
        for buffer in
            [&mut self.x, &mut self.h, &mut self.aux, &mut self.slope, &mut self.d_out, &mut self.scratch]
        {
            buffer.resize(n, 0.0);
        }
    }
}

/// Sums of rays at ascending points `b[0] < b[1] < …`, with bounds of their slope in between.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RaySums {
    /// Value at each point.
    pub value: Vec<f64>,
    /// Slope at each point; infinite where a curve starts vertically.
    pub slope: Vec<f64>,
    /// For each interval between neighbours, a number that the slope nowhere exceeds; one fewer than points.
    pub steepest: Vec<f64>,
    /// For each interval between neighbours, a number that the slope nowhere falls below.
    pub flattest: Vec<f64>,
}

impl RaySums {
    /// All zero, for `n` points.
    pub fn zeros(n: usize) -> Self {
        let between = vec![0.0; n.saturating_sub(1)];
        Self { value: vec![0.0; n], slope: vec![0.0; n], steepest: between.clone(), flattest: between }
    }

    /// Adds `other`, of as many points.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in [
            (&mut self.value, &other.value),
            (&mut self.slope, &other.slope),
            (&mut self.steepest, &other.steepest),
            (&mut self.flattest, &other.flattest),
        ] {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        }
    }

    /// Multiplies everything by `factor` > 0.
    pub fn scale(&mut self, factor: f64) {
        for series in [&mut self.value, &mut self.slope, &mut self.steepest, &mut self.flattest] {
            series.iter_mut().for_each(|x| *x *= factor);
        }
    }
}

impl Rays {
    /// None yet.
    pub fn new(transforms: Transforms) -> Self {
        Self { transforms, heads: Vec::new(), offset: Vec::new(), gain: Vec::new(), weight: Vec::new() }
    }

    /// Number of rays.
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// Number of curves that the rays are made of.
    pub fn n_levels(&self) -> usize {
        self.gain.len()
    }

    /// The rays of `range` alone.
    pub fn part(&self, range: std::ops::Range<usize>) -> Self {
        let heads = &self.heads[range];
        let start = heads.first().map_or(0, |head| head.levels.start);
        let end = heads.last().map_or(0, |head| head.levels.end);
        let moved =
            |head: &Head| Head { levels: head.levels.start - start..head.levels.end - start, ..head.clone() };
        Self {
            transforms: self.transforms,
            heads: heads.iter().map(moved).collect(),
            offset: self.offset[start..end].to_vec(),
            gain: self.gain[start..end].to_vec(),
            weight: self.weight[start..end].to_vec(),
        }
    }

    /// Appends the rays of `other`, which has the same transforms.
    pub fn append(&mut self, other: Self) {
        debug_assert_eq!(self.transforms, other.transforms);
        let start = self.gain.len();
        self.heads.extend(
            other
                .heads
                .into_iter()
                .map(|head| Head { levels: head.levels.start + start..head.levels.end + start, ..head }),
        );
        self.offset.extend(other.offset);
        self.gain.extend(other.gain);
        self.weight.extend(other.weight);
    }

    /// Whether any ray has an infinite slope at 0.
    pub fn starts_vertically(&self) -> bool {
        let saturation = self.transforms.saturation;
        let n = saturation.parameter_names().len();
        self.heads
            .iter()
            .any(|head| head.effect != 0.0 && saturation.starts_vertically(&head.parameters[..n]))
    }

    /// Whether no ray has a part that bends upwards: all effects are ≥ 0 and no curve has an inflexion.
    pub fn is_concave(&self) -> bool {
        let saturation = self.transforms.saturation;
        self.heads.iter().all(|head| {
            head.effect == 0.0
                || (head.effect > 0.0
                    && saturation.steepest(&head.parameters[..saturation.parameter_names().len()]) == 0.0)
        })
    }

    /// Appends a ray.
    ///
    /// - `carry`, `bend`: parameters of adstock and saturation, in their order
    /// - `effect`: what a transformed exposure of one brings per period
    pub fn push(&mut self, carry: &[f64], bend: &[f64], effect: f64, flight: Flight<'_>, work: &mut RayWork) {
        let start = self.gain.len();
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
                work.resize(past.len());
                let mut weights = vec![0.0; adstock.n_weights()];
                adstock.weights(carry, &mut weights);
                adstock.forward(carry, &weights, past, &mut work.x);
                adstock.forward(carry, &weights, profile, &mut work.h);
                (from..past.len()).for_each(|t| self.level(start, work.x[t], work.h[t], 1.0));
            }
            (Flight::Along { past, profile, from }, TransformOrder::SaturationFirst) => {
                work.resize(past.len());
                let mut weights = vec![0.0; adstock.n_weights()];
                adstock.weights(carry, &mut weights);
                // What a period's saturated exposure brings in the counted periods: the adjoint of the adstock on
                // their indicator.
                work.d_out.iter_mut().enumerate().for_each(|(t, d)| *d = if t < from { 0.0 } else { 1.0 });
                let mut felt = vec![0.0; past.len()];
                let mut ignored = (vec![0.0; weights.len()], [0.0; 2]);
                adstock.pullback(
                    carry,
                    &weights,
                    past,
                    past,
                    &work.d_out,
                    &mut ignored.0,
                    &mut ignored.1,
                    Some(&mut felt),
                    &mut work.scratch,
                );
                (0..past.len()).for_each(|t| self.level(start, past[t], profile[t], felt[t]));
            }
        }
        let mut parameters = [0.0; 2];
        parameters[..bend.len()].copy_from_slice(bend);
        let mut head = Head { effect, parameters, before: 0.0, levels: start..self.gain.len() };
        if self.offset[start..].iter().any(|offset| *offset != 0.0) {
            head.before = self.value_at(&head, 0.0, work);
        }
        self.heads.push(head);
    }

    /// Adds one curve, unless it never moves; equal neighbours are one curve with the sum of their weights.
    fn level(&mut self, start: usize, offset: f64, gain: f64, weight: f64) {
        if gain == 0.0 || weight == 0.0 {
            return;
        }
        let last = self.gain.len();
        if last > start && self.gain[last - 1] == gain && self.offset[last - 1] == offset {
            self.weight[last - 1] += weight;
            return;
        }
        self.offset.push(offset);
        self.gain.push(gain);
        self.weight.push(weight);
    }

    /// `Σ_j weight[j]·h(offset[j] + gain[j]·b)`; leaves the exposures and curves in `work`.
    fn value_at(&self, head: &Head, b: f64, work: &mut RayWork) -> f64 {
        let levels = head.levels.clone();
        work.resize(levels.len());
        for ((x, offset), gain) in
            work.x.iter_mut().zip(&self.offset[levels.clone()]).zip(&self.gain[levels.clone()])
        {
            *x = offset + gain * b;
        }
        let saturation = self.transforms.saturation;
        let bend = &head.parameters[..saturation.parameter_names().len()];
        saturation.forward(bend, &work.x, &mut work.h, &mut work.aux);
        dot(&self.weight[levels], &work.h)
    }

    /// Value and slope of ray `ray` at `b` ≥ 0. Where a curve starts vertically the slope at 0 is given as 0.
    pub fn at(&self, ray: usize, b: f64, work: &mut RayWork) -> (f64, f64) {
        let head = &self.heads[ray];
        let value = head.effect * (self.value_at(head, b, work) - head.before);
        let levels = head.levels.clone();
        let saturation = self.transforms.saturation;
        let bend = &head.parameters[..saturation.parameter_names().len()];
        let weight = &self.weight[levels.clone()];
        saturation.pullback(bend, &work.x, &work.h, &work.aux, weight, &mut work.slope, &mut [0.0; 2]);
        (value, head.effect * dot(&work.slope, &self.gain[levels]))
    }

    /// Adds ray `ray` at `points`, ascending and ≥ 0, to `sums`.
    pub fn add(&self, ray: usize, points: &[f64], sums: &mut RaySums, work: &mut RayWork) {
        let head = &self.heads[ray];
        let effect = head.effect;
        if effect == 0.0 {
            return;
        }
        let saturation = self.transforms.saturation;
        let bend = &head.parameters[..saturation.parameter_names().len()];
        let top = saturation.steepest(bend);
        let vertical = saturation.starts_vertically(bend);
        let top_slope = if top > 0.0 { saturation.slope_at(bend, top) } else { 0.0 };
        work.resize(points.len());
        sums.value.iter_mut().for_each(|value| *value -= effect * head.before);
        for j in head.levels.clone() {
            let (offset, gain, weight) = (self.offset[j], self.gain[j], self.weight[j]);
            work.x.iter_mut().zip(points).for_each(|(x, b)| *x = offset + gain * b);
            saturation.forward(bend, &work.x, &mut work.h, &mut work.aux);
            work.d_out.fill(1.0);
            let mut ignored = [0.0; 2];
            saturation.pullback(
                bend,
                &work.x,
                &work.h,
                &work.aux,
                &work.d_out,
                &mut work.slope,
                &mut ignored,
            );
            if vertical && work.x[0] == 0.0 {
                work.slope[0] = f64::INFINITY;
            }
            let (up, along) = (effect * weight, effect * weight * gain);
            for (value, h) in sums.value.iter_mut().zip(&work.h) {
                *value += up * h;
            }
            for (slope, own) in sums.slope.iter_mut().zip(&work.slope) {
                *slope += along * own;
            }
            for i in 0..sums.steepest.len() {
                let (near, far) = (work.slope[i], work.slope[i + 1]);
                let low = near.min(far);
                let high = if work.x[i] < top && top < work.x[i + 1] { top_slope } else { near.max(far) };
                let (low, high) = if effect > 0.0 { (low, high) } else { (high, low) };
                sums.steepest[i] += along * high;
                sums.flattest[i] += along * low;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adstock::{BinomialConvention, Window};
    use crate::math::testing::{log_uniform, stream, uniform};
    use crate::model::media::EffectKind;
    use crate::model::media::MediaTerm;
    use crate::model::pooling::CoefficientRef;

    fn adstocks() -> Vec<Adstock> {
        let window = 6;
        vec![
            Adstock::None,
            Adstock::Geometric { window: Window::Infinite, normalize: false },
            Adstock::Geometric { window: Window::Periods(window), normalize: true },
            Adstock::Delayed { window, normalize: false },
            Adstock::Binomial { window, normalize: true, convention: BinomialConvention::Window },
            Adstock::WeibullPdf { window, normalize: true },
            Adstock::WeibullCdf { window, normalize: false },
        ]
    }

    fn term(transforms: Transforms) -> MediaTerm {
        let place = |at: usize| CoefficientRef { at, stride: 0 };
        MediaTerm {
            name: "tv".into(),
            adstock: transforms.adstock,
            adstock_parameters: (0..transforms.adstock.parameter_names().len()).map(place).collect(),
            saturation: transforms.saturation,
            saturation_parameters: (0..transforms.saturation.parameter_names().len())
                .map(|k| place(2 + k))
                .collect(),
            order: transforms.order,
            effect: place(4),
            kind: EffectKind::Coefficient,
            feature_scale: 1.0,
        }
    }

    fn every() -> Vec<Transforms> {
        let orders = [TransformOrder::AdstockFirst, TransformOrder::SaturationFirst];
        let mut all = Vec::new();
        for adstock in adstocks() {
            for saturation in Saturation::ALL {
                all.extend(orders.map(|order| Transforms { adstock, saturation, order }));
            }
        }
        all
    }

    fn parameters(transforms: Transforms, rng: &mut impl rand::Rng) -> [f64; 5] {
        let mut all = [0.0; 5];
        for (value, name) in all.iter_mut().zip(transforms.adstock.parameter_names()) {
            *value = match *name {
                "decay" => uniform(rng, 0.05, 0.9),
                "peak" => uniform(rng, 0.0, 4.0),
                _ => uniform(rng, 0.7, 3.0),
            };
        }
        for (value, name) in all[2..].iter_mut().zip(transforms.saturation.parameter_names()) {
            *value = if *name == "exponent" { uniform(rng, 0.2, 0.9) } else { log_uniform(rng, 0.3, 3.0) };
        }
        all[4] = uniform(rng, -1.0, 3.0);
        all
    }

    fn cut(transforms: Transforms, all: &[f64; 5]) -> (&[f64], &[f64]) {
        let (carry, bend) =
            (transforms.adstock.parameter_names().len(), transforms.saturation.parameter_names().len());
        (&all[..carry], &all[2..2 + bend])
    }

    #[test]
    fn a_ray_is_the_forward_pass_on_scaled_exposure() {
        let mut rng = stream(31);
        for transforms in every() {
            let all = parameters(transforms, &mut rng);
            let (carry, bend) = cut(transforms, &all);
            let past: Vec<f64> =
                (0..20).map(|t| if t < 9 { uniform(&mut rng, 0.0, 2.0) } else { 0.0 }).collect();
            let profile: Vec<f64> = (0..20)
                .map(|t| if (9..14).contains(&t) { uniform(&mut rng, 0.0, 0.3) } else { 0.0 })
                .collect();
            let mut work = RayWork::default();
            let mut rays = Rays::new(transforms);
            let from = 9;
            rays.push(carry, bend, all[4], Flight::Along { past: &past, profile: &profile, from }, &mut work);
            let term = term(transforms);
            let total = |b: f64| {
                let x: Vec<f64> = past.iter().zip(&profile).map(|(past, p)| past + b * p).collect();
                let mut media = term.work(1, x.len());
                term.transform(&all, &x, x.len(), &mut media);
                all[4] * media.transformed[from..].iter().sum::<f64>()
            };
            for b in [0.0, 0.7, 3.0, 11.0] {
                let (value, slope) = rays.at(0, b, &mut work);
                let expected = total(b) - total(0.0);
                assert!((value - expected).abs() < 1e-12 * (1.0 + expected.abs()), "{transforms:?} {b}");
                if b > 0.0 {
                    let h = 1e-4;
                    let difference = (total(b + h) - total(b - h)) / (2.0 * h);
                    assert!((slope - difference).abs() < 1e-6 * (1.0 + slope.abs()), "{transforms:?} {b}");
                }
            }
        }
    }

    #[test]
    fn a_steady_ray_is_what_a_long_constant_flighting_comes_to() {
        let mut rng = stream(32);
        for transforms in every() {
            let all = parameters(transforms, &mut rng);
            let (carry, bend) = cut(transforms, &all);
            let mut work = RayWork::default();
            let mut rays = Rays::new(transforms);
            rays.push(carry, bend, all[4], Flight::Steady { gain: 0.5, periods: 3.0 }, &mut work);
            let term = term(transforms);
            let x = vec![0.5 * 1.4; 400];
            let mut media = term.work(1, x.len());
            term.transform(&all, &x, x.len(), &mut media);
            let expected = 3.0 * all[4] * media.transformed[399];
            let (value, _) = rays.at(0, 1.4, &mut work);
            assert!(
                (value - expected).abs() < 1e-11 * (1.0 + expected.abs()),
                "{transforms:?} {value} {expected}"
            );
        }
    }

    #[test]
    fn sums_hold_values_and_slopes_and_bound_the_slope_in_between() {
        let mut rng = stream(33);
        for transforms in every() {
            let mut work = RayWork::default();
            let mut rays = Rays::new(transforms);
            for _ in 0..3 {
                let all = parameters(transforms, &mut rng);
                let (carry, bend) = cut(transforms, &all);
                let profile = [0.2, 0.0, 0.4, 0.1, 0.0, 0.0];
                let flight = Flight::Along { past: &[0.0; 6], profile: &profile, from: 0 };
                rays.push(carry, bend, all[4], flight, &mut work);
            }
            let points = [0.0, 0.5, 2.0, 9.0, 30.0];
            let mut sums = RaySums::zeros(points.len());
            (0..rays.len()).for_each(|ray| rays.add(ray, &points, &mut sums, &mut work));
            let mut whole = |b: f64| {
                (0..rays.len())
                    .map(|ray| rays.at(ray, b, &mut work))
                    .fold((0.0, 0.0), |a, x| (a.0 + x.0, a.1 + x.1))
            };
            for (i, b) in points.iter().enumerate() {
                let (value, slope) = whole(*b);
                assert!((sums.value[i] - value).abs() < 1e-12 * (1.0 + value.abs()), "{transforms:?}");
                assert!(*b == 0.0 || (sums.slope[i] - slope).abs() < 1e-12 * (1.0 + slope.abs()));
            }
            for i in 0..points.len() - 1 {
                for k in 1..40 {
                    let b = points[i] + (points[i + 1] - points[i]) * f64::from(k) / 40.0;
                    let (_, slope) = whole(b);
                    let slack = 1e-12 * (1.0 + slope.abs());
                    assert!(
                        slope <= sums.steepest[i] + slack,
                        "{transforms:?} {b}: {slope} {:?}",
                        sums.steepest
                    );
                    assert!(
                        slope >= sums.flattest[i] - slack,
                        "{transforms:?} {b}: {slope} {:?}",
                        sums.flattest
                    );
                }
            }
        }
    }
}
