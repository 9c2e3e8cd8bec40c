//! Rays evaluated: a few hundred curves of many draws side by side, the width of the machine's registers at a time.

use super::Rays;
use crate::math::vector::{ln, wide};
use crate::saturation::Saturation;
use std::ops::Range;

/// Curves in one register, or in two; sums run in so many lanes.
const LANES: usize = 8;

/// Curves that are computed together; as many as stay in the nearest memory.
const CURVES: usize = 512;

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

/// Scratch of an evaluation, and of the making of a ray. Every series has one entry per curve of the loaded rays, filled
/// up to whole registers with curves that weigh nothing.
#[derive(Clone, Debug, Default)]
pub struct RayWork {
    curves: Curves,
    near: Point,
    here: Point,
}

/// The curves of a few rays.
#[derive(Clone, Debug, Default)]
struct Curves {
    /// Whether all of them are curves of `b` itself, so that their exposure is the same.
    alike: bool,
    offset: Vec<f64>,
    gain: Vec<f64>,
    weight: Vec<f64>,
    bend: [Vec<f64>; 2],
    top: [Vec<f64>; 2],
    first_slope: Vec<f64>,
}

/// The loaded curves at one point: exposure, `h(x)` and `h'(x)`.
#[derive(Clone, Debug, Default)]
struct Point {
    x: Vec<f64>,
    h: Vec<f64>,
    slope: Vec<f64>,
}

impl RayWork {
    /// Two series of length `n`.
    pub(super) fn two(&mut self, n: usize) -> [&mut [f64]; 2] {
        let Point { x, h, .. } = &mut self.here;
        x.resize(n, 0.0);
        h.resize(n, 0.0);
        [x, h]
    }

    /// Makes the rays of `range` ready to be evaluated.
    fn load(&mut self, rays: &Rays, range: Range<usize>) {
        let own = rays.curves_of(range.clone());
        let full = own.len().next_multiple_of(LANES);
        let curves = &mut self.curves;
        for (series, all, filler) in [
            (&mut curves.offset, &rays.curves.offset, 0.0),
            (&mut curves.gain, &rays.curves.gain, 1.0),
            (&mut curves.weight, &rays.curves.weight, 0.0),
        ] {
            series.clear();
            series.extend_from_slice(&all[own.clone()]);
            series.resize(full, filler);
        }
        let ([p, q], [x, slope]) = (&mut curves.bend, &mut curves.top);
        for (series, all, filler) in [
            (p, &rays.rays.bend[0], 1.0),
            (q, &rays.rays.bend[1], 1.0),
            (x, &rays.rays.top[0], 0.0),
            (slope, &rays.rays.top[1], 0.0),
            (&mut curves.first_slope, &rays.rays.first_slope, 0.0),
        ] {
            series.clear();
            if own.len() == range.len() {
                series.extend_from_slice(&all[range.clone()]);
            } else {
                for ray in range.clone() {
                    series.resize(rays.rays.end[ray] - own.start, all[ray]);
                }
            }
            series.resize(full, filler);
        }
        for point in [&mut self.near, &mut self.here] {
            for series in [&mut point.x, &mut point.h, &mut point.slope] {
                series.resize(full, 0.0);
            }
        }
        let saturation = rays.transforms.saturation;
        curves.alike = saturation == Saturation::Hill && curves.offset.iter().all(|offset| *offset == 0.0);
        if curves.alike {
            // h(gain·b) is a Hill curve of b with ec50/gain.
            let ([_, ln_ec50], [x, slope]) = (&mut curves.bend, &mut curves.top);
            shrink(&mut curves.gain, ln_ec50, x, [slope, &mut curves.first_slope]);
        }
    }

    /// Every loaded curve at `b`.
    fn bend(&mut self, saturation: Saturation, b: f64) {
        std::mem::swap(&mut self.near, &mut self.here);
        let (curves, Point { x, h, slope }) = (&self.curves, &mut self.here);
        let [p, q] = &curves.bend;
        if curves.alike {
            x.fill(b);
            saturation.each_at([p, q], b, h, slope);
        } else {
            expose(&curves.offset, &curves.gain, b, x);
            saturation.each([p, q], x, h, slope);
        }
        if b == 0.0 {
            for ((slope, x), first) in slope.iter_mut().zip(x).zip(&curves.first_slope) {
                if *x == 0.0 {
                    *slope = *first;
                }
            }
        }
    }
}

impl Rays {
    /// Value and slope of every ray of `range` at `b` ≥ 0, given to `take` in order. Where a curve starts vertically the
    /// slope at 0 is given as 0.
    pub fn each(&self, range: Range<usize>, b: f64, work: &mut RayWork, mut take: impl FnMut(f64, f64)) {
        for part in self.batches(range) {
            work.load(self, part.clone());
            work.bend(self.transforms.saturation, b);
            let (curves, here) = (&work.curves, &work.here);
            let start = self.curves_of(part.clone()).start;
            for ray in part {
                let (mut value, mut slope) = (0.0, 0.0);
                let own = self.curves_of(ray..ray + 1);
                for j in own.start - start..own.end - start {
                    value += curves.weight[j] * here.h[j];
                    if here.slope[j].is_finite() {
                        slope += curves.weight[j] * curves.gain[j] * here.slope[j];
                    }
                }
                take(value - self.rays.before[ray], slope);
            }
        }
    }

    /// Value and slope of ray `ray` at `b` ≥ 0, as [`each`](Self::each) gives them.
    pub fn at(&self, ray: usize, b: f64, work: &mut RayWork) -> (f64, f64) {
        let mut all = (0.0, 0.0);
        self.each(ray..ray + 1, b, work, |value, slope| all = (value, slope));
        all
    }

    /// Adds the rays of `range` at `points`, ascending and ≥ 0, to `sums`.
    pub fn add(&self, range: Range<usize>, points: &[f64], sums: &mut RaySums, work: &mut RayWork) {
        for part in self.batches(range) {
            work.load(self, part.clone());
            let before: f64 = self.rays.before[part].iter().sum();
            for (i, b) in points.iter().enumerate() {
                work.bend(self.transforms.saturation, *b);
                let [value, slope, steepest, flattest] = tally(&work.curves, &work.near, &work.here);
                sums.value[i] += value - before;
                sums.slope[i] += slope;
                if i > 0 {
                    sums.steepest[i - 1] += steepest;
                    sums.flattest[i - 1] += flattest;
                }
            }
        }
    }

    /// `range` in parts whose curves are computed together.
    fn batches(&self, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let mut next = range.start;
        std::iter::from_fn(move || {
            let start = next;
            let last = self.curves_of(start..start).start + CURVES;
            let fits = self.rays.end[start..range.end].partition_point(|end| *end <= last);
            next = (start + fits.max(1)).min(range.end);
            (start < range.end).then_some(start..next)
        })
    }
}

wide! {
    /// `x[j] = offset[j] + gain[j]·b`.
    fn expose(offset: &[f64], gain: &[f64], b: f64, x: &mut [f64]) {
        for ((x, offset), gain) in x.iter_mut().zip(offset).zip(gain) {
            *x = offset + gain * b;
        }
    }
}

wide! {
    /// Hill curves of `gain·b` as curves of `b`.
    fn shrink(gain: &mut [f64], ln_ec50: &mut [f64], top_x: &mut [f64], slopes: [&mut Vec<f64>; 2]) {
        for ((gain, ln_ec50), x) in gain.iter().zip(ln_ec50).zip(top_x) {
            *ln_ec50 -= ln(*gain);
            *x /= gain;
        }
        for series in slopes {
            for (slope, gain) in series.iter_mut().zip(gain.iter()) {
                *slope *= gain;
            }
        }
        gain.fill(1.0);
    }
}

wide! {
    /// Sums over all curves: value, slope along the ray, and the steepest and the flattest that each is between two
    /// points.
    fn tally(curves: &Curves, near: &Point, here: &Point) -> [f64; 4] {
        let [gain, weight, top_x, top_slope, near_x, near_slope, x, h, slope] = [
            &curves.gain,
            &curves.weight,
            &curves.top[0],
            &curves.top[1],
            &near.x,
            &near.slope,
            &here.x,
            &here.h,
            &here.slope,
        ]
        .map(|series| series.as_chunks::<LANES>().0);
        let mut sums = [[0.0; LANES]; 4];
        for i in 0..x.len() {
            for lane in 0..LANES {
                let along = weight[i][lane] * gain[i][lane];
                let (first, last) = (near_slope[i][lane], slope[i][lane]);
                let low = if first < last { first } else { last };
                let high = if first < last { last } else { first };
                let inside = (near_x[i][lane] < top_x[i][lane]) & (top_x[i][lane] < x[i][lane]);
                let high = if inside { top_slope[i][lane] } else { high };
                // A negative effect turns the curve over.
                let (a, b) = (along * low, along * high);
                sums[0][lane] += weight[i][lane] * h[i][lane];
                sums[1][lane] += along * last;
                sums[2][lane] += if a > b { a } else { b };
                sums[3][lane] += if a > b { b } else { a };
            }
        }
        sums.map(|lanes| lanes.iter().sum())
    }
}
