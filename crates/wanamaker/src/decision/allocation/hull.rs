//! A curve as far as it has been evaluated, and the least concave curve that is sure to lie above it.
//!
//! Between two neighbouring points the slope lies between known bounds `low` and `high`, so
//!
//! ```text
//! F(x) ≤ min( F(a) + high·(x − a),  F(b) − low·(b − x) )         a ≤ x ≤ b
//! ```
//! a roof whose height over the curve shrinks with the square of `b − a`. The upper hull of all points and roof tops on
//! `[lower, upper]` is concave and nowhere below the curve: the envelope of Udell & Boyd (2013), without asking where
//! the curve is convex.

use crate::model::response::sums::RaySums;

/// What is known of one curve.
#[derive(Clone, Debug, Default)]
pub struct Knots {
    /// Ascending.
    pub at: Vec<f64>,
    /// Values, slopes, and bounds of the slope in between.
    pub sums: RaySums,
}

/// A concave, piecewise linear curve on `[start, start + Σ width]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Hull {
    /// Left end.
    pub start: f64,
    /// Value there.
    pub value: f64,
    /// `(width, slope)`, slopes descending.
    pub segments: Vec<(f64, f64)>,
}

impl Knots {
    /// Everything known at once.
    pub fn new(at: Vec<f64>, sums: RaySums) -> Self {
        Self { at, sums }
    }

    /// The knot within `reach` of `x`, or `x` itself, inside the known range.
    pub fn snapped(&self, x: f64, reach: f64) -> f64 {
        let above = self.at.partition_point(|at| *at < x).min(self.at.len() - 1);
        let near = |i: usize| (self.at[i] - x).abs();
        let nearest = if above > 0 && near(above - 1) < near(above) { above - 1 } else { above };
        if near(nearest) <= reach || nearest == 0 && x < self.at[0] { self.at[nearest] } else { x }
    }

    /// Value at `x` when that is a knot.
    pub fn value_at(&self, x: f64) -> Option<f64> {
        self.at.binary_search_by(|at| at.total_cmp(&x)).ok().map(|i| self.sums.value[i])
    }

    /// Where, in the interval that holds `x` or in both where `x` is a knot, the slope falls to `price` when it runs
    /// straight from knot to knot; `x` where slopes there do not fall.
    pub fn where_slope_is(&self, price: f64, x: f64) -> f64 {
        let above = self.at.partition_point(|at| *at < x);
        let is_knot = self.at.get(above) == Some(&x);
        let first = above.saturating_sub(1);
        let last = (above + usize::from(is_knot)).min(self.at.len() - 1);
        let slope = &self.sums.slope;
        if slope[first..=last].windows(2).any(|pair| !pair[0].is_finite() || pair[0] <= pair[1]) {
            return x;
        }
        if price >= slope[first] {
            return self.at[first];
        }
        match (first..last).find(|i| price >= slope[i + 1]) {
            Some(i) => {
                let share = (slope[i] - price) / (slope[i] - slope[i + 1]);
                self.at[i] + share * (self.at[i + 1] - self.at[i])
            }
            None => self.at[last],
        }
    }

    /// Replaces what is known between two knots, `new.at` starting and ending at knots.
    pub fn refine(&mut self, new: Self) {
        let (Some(first), Some(last)) = (new.at.first(), new.at.last()) else { return };
        let from = self.at.partition_point(|at| at < first);
        let to = self.at.partition_point(|at| at < last);
        self.at.splice(from..=to, new.at);
        self.sums.value.splice(from..=to, new.sums.value);
        self.sums.slope.splice(from..=to, new.sums.slope);
        self.sums.steepest.splice(from..to, new.sums.steepest);
        self.sums.flattest.splice(from..to, new.sums.flattest);
    }

    /// The hull over `[lower, upper]`; both must be knots.
    pub fn hull(&self, lower: f64, upper: f64) -> Hull {
        let from = self.at.partition_point(|at| *at < lower);
        let to = self.at.partition_point(|at| *at < upper).max(from);
        let mut corners: Vec<(f64, f64)> = Vec::with_capacity(2 * (to - from) + 1);
        for i in from..=to.min(self.at.len() - 1) {
            push_corner(&mut corners, (self.at[i], self.sums.value[i]));
            if i < to {
                push_corner(&mut corners, self.roof(i));
            }
        }
        let (start, value) = corners[0];
        let segments = corners
            .windows(2)
            .map(|pair| (pair[1].0 - pair[0].0, (pair[1].1 - pair[0].1) / (pair[1].0 - pair[0].0)))
            .collect();
        Hull { start, value, segments }
    }

    /// The top of the roof over interval `i`.
    fn roof(&self, i: usize) -> (f64, f64) {
        let (a, b) = (self.at[i], self.at[i + 1]);
        let (fa, fb) = (self.sums.value[i], self.sums.value[i + 1]);
        let (low, high) = (self.sums.flattest[i], self.sums.steepest[i]);
        let width = b - a;
        if !high.is_finite() {
            return if low.is_finite() { (a, fb - low * width) } else { (a, fa.max(fb)) };
        }
        let chord = (fb - fa) / width;
        // Rounding may leave the chord a hair outside its bounds.
        let (low, high) = (low.min(chord), high.max(chord));
        if high - low <= 0.0 {
            return (b, fb);
        }
        let along = ((chord - low) / (high - low) * width).clamp(0.0, width);
        (a + along, fa + high * along)
    }
}

/// Adds a corner from the left and drops those that no longer stick out.
fn push_corner(corners: &mut Vec<(f64, f64)>, (x, y): (f64, f64)) {
    while let Some(&(last_x, last_y)) = corners.last() {
        if last_x == x {
            if last_y >= y {
                return;
            }
        } else if corners.len() < 2 {
            break;
        } else {
            let (first_x, first_y) = corners[corners.len() - 2];
            // The last corner sticks out over the line from the one before it to the new one.
            if (last_y - first_y) * (x - first_x) > (y - first_y) * (last_x - first_x) {
                break;
            }
        }
        corners.pop();
    }
    corners.push((x, y));
}

impl Hull {
    /// Right end.
    pub fn end(&self) -> f64 {
        self.start + self.segments.iter().map(|(width, _)| width).sum::<f64>()
    }

    /// Value at `x` inside.
    pub fn at(&self, x: f64) -> f64 {
        let (mut from, mut value) = (self.start, self.value);
        for (width, slope) in &self.segments {
            let step = (x - from).clamp(0.0, *width);
            value += slope * step;
            from += width;
        }
        value
    }

    /// Slopes left and right of `x`: what a unit less loses and a unit more gains; infinite at the ends.
    pub fn slopes(&self, x: f64) -> (f64, f64) {
        let slack = 1e-12 * (self.end() - self.start);
        let (mut from, mut left, mut right) = (self.start, f64::INFINITY, f64::NEG_INFINITY);
        for (width, slope) in &self.segments {
            if from + slack < x {
                left = *slope;
            }
            if from + width > x + slack {
                right = *slope;
                break;
            }
            from += width;
        }
        (left, right)
    }

    /// `max_x hull(x)·worth − price·x`.
    pub fn best(&self, worth: f64, price: f64) -> f64 {
        let (mut from, mut value) = (self.start, self.value);
        let mut best = worth * value - price * from;
        for (width, slope) in &self.segments {
            from += width;
            value += width * slope;
            best = best.max(worth * value - price * from);
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hill with slope 3: convex first, then concave; slope bounds by brute force.
    fn knots(at: &[f64]) -> Knots {
        let f = |x: f64| x.powi(3) / (1.0 + x.powi(3));
        let slope = |x: f64| 3.0 * x * x / (1.0 + x.powi(3)).powi(2);
        let bounds = |a: f64, b: f64| {
            let slopes = (0..=400).map(|k| slope(a + (b - a) * f64::from(k) / 400.0));
            slopes.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), s| (low.min(s), high.max(s)))
        };
        let pairs: Vec<(f64, f64)> = at.windows(2).map(|pair| bounds(pair[0], pair[1])).collect();
        let sums = RaySums {
            value: at.iter().map(|x| f(*x)).collect(),
            slope: at.iter().map(|x| slope(*x)).collect(),
            steepest: pairs.iter().map(|pair| pair.1 * 1.001).collect(),
            flattest: pairs.iter().map(|pair| pair.0 * 0.999).collect(),
        };
        Knots::new(at.to_vec(), sums)
    }

    #[test]
    fn the_hull_is_concave_and_lies_above_the_curve() {
        let grid: Vec<f64> = (0..=24).map(|k| 6.0 * (f64::from(k) / 24.0).powi(2)).collect();
        let knots = knots(&grid);
        let hull = knots.hull(0.0, 6.0);
        assert!(hull.segments.windows(2).all(|pair| pair[0].1 >= pair[1].1));
        assert!((hull.end() - 6.0).abs() < 1e-12);
        let mut furthest: f64 = 0.0;
        for k in 0..=600 {
            let x = f64::from(k) / 100.0;
            let f = x.powi(3) / (1.0 + x.powi(3));
            assert!(hull.at(x) >= f - 1e-12, "{x}");
            if x > 1.5 {
                furthest = furthest.max(hull.at(x) - f);
            }
        }
        assert!(furthest < 0.02, "{furthest}");
    }

    #[test]
    fn refining_brings_the_hull_down_and_keeps_it_above() {
        let coarse = knots(&[0.0, 1.0, 3.0, 6.0]);
        let mut fine = coarse.clone();
        fine.refine(knots(&[1.0, 1.5, 2.0, 3.0]));
        assert_eq!(fine.at, [0.0, 1.0, 1.5, 2.0, 3.0, 6.0]);
        assert_eq!((fine.sums.value.len(), fine.sums.steepest.len()), (6, 5));
        let (a, b) = (coarse.hull(0.0, 6.0), fine.hull(0.0, 6.0));
        for k in 0..=60 {
            let x = f64::from(k) / 10.0;
            assert!(b.at(x) <= a.at(x) + 1e-12);
        }
        assert_eq!(fine.value_at(1.5), Some(1.5_f64.powi(3) / (1.0 + 1.5_f64.powi(3))));
        assert_eq!(fine.value_at(1.6), None);
    }

    #[test]
    fn a_part_of_the_curve_has_its_own_hull() {
        let knots = knots(&[0.0, 0.5, 1.0, 2.0, 4.0]);
        let hull = knots.hull(0.5, 2.0);
        assert_eq!((hull.start, hull.value), (0.5, knots.sums.value[1]));
        assert!((hull.end() - 2.0).abs() < 1e-12);
        let point = knots.hull(1.0, 1.0);
        assert!(point.segments.is_empty() && point.value == 0.5);
    }
}
