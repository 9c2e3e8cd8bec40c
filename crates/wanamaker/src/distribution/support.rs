//! Where a parameter may lie, and the map from the whole line into that set with its log Jacobian.

use crate::math::special::{ln_sigmoid, sigmoid};

/// The set a parameter lives in. The maps are those of PyMC and Stan, so densities on the unconstrained scale agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Support {
    /// The whole line: `x = u`.
    Real,
    /// `x > 0`: `x = exp(u)`.
    Positive,
    /// `0 < x < 1`: `x = σ(u)`.
    UnitInterval,
    /// `lower < x < upper`: `x = lower + (upper − lower)·σ(u)`.
    Interval {
        /// Lower end, finite.
        lower: f64,
        /// Upper end, finite, above `lower`.
        upper: f64,
    },
    /// `x > lower`: `x = lower + exp(u)`.
    Above(f64),
    /// `x < upper`: `x = upper − exp(u)`.
    Below(f64),
}

/// A point of the support and how it moves with its unconstrained coordinate `u`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constrained {
    /// `x`, in the parameter's own unit.
    pub value: f64,
    /// `dx/du`.
    pub slope: f64,
    /// `ln |dx/du|`, to be added to the log density of `x`.
    pub ln_jacobian: f64,
    /// `d ln|dx/du| / du`.
    pub d_ln_jacobian: f64,
}

impl Support {
    /// Its ends, infinite where it has none.
    pub fn ends(&self) -> (f64, f64) {
        match *self {
            Self::Real => (f64::NEG_INFINITY, f64::INFINITY),
            Self::Positive => (0.0, f64::INFINITY),
            Self::UnitInterval => (0.0, 1.0),
            Self::Interval { lower, upper } => (lower, upper),
            Self::Above(lower) => (lower, f64::INFINITY),
            Self::Below(upper) => (f64::NEG_INFINITY, upper),
        }
    }

    /// Maps `u`, any finite number, into the support.
    ///
    /// Far out the value may round onto the boundary (`exp(−800) = 0`); `ln_jacobian` stays finite there.
    pub fn constrain(&self, u: f64) -> Constrained {
        match *self {
            Self::Real => Constrained { value: u, slope: 1.0, ln_jacobian: 0.0, d_ln_jacobian: 0.0 },
            Self::Positive => exponential(0.0, 1.0, u),
            Self::Above(lower) => exponential(lower, 1.0, u),
            Self::Below(upper) => exponential(upper, -1.0, u),
            Self::UnitInterval => logistic(0.0, 1.0, u),
            Self::Interval { lower, upper } => logistic(lower, upper, u),
        }
    }

    /// The inverse of [`constrain`](Self::constrain): `u` of a point `x` of the support, ±∞ on its boundary, NaN outside.
    pub fn unconstrain(&self, x: f64) -> f64 {
        match *self {
            Self::Real => x,
            Self::Positive => x.ln(),
            Self::Above(lower) => (x - lower).ln(),
            Self::Below(upper) => (upper - x).ln(),
            // ln x − ln(1 − x): exact near 0, where a logit of the ratio would be as well, and near 1.
            Self::UnitInterval => x.ln() - (-x).ln_1p(),
            Self::Interval { lower, upper } => (x - lower).ln() - (upper - x).ln(),
        }
    }

    /// Whether `x` lies strictly inside, which is to say whether its unconstrained coordinate is finite.
    pub fn contains(&self, x: f64) -> bool {
        let (lower, upper) = self.bounds();
        lower < x && x < upper
    }

    /// Whether `x` is finite and inside or on the boundary: what a value that is held fixed may be.
    pub fn admits(&self, x: f64) -> bool {
        let (lower, upper) = self.bounds();
        x.is_finite() && lower <= x && x <= upper
    }

    /// Lower and upper end, infinite where there is none.
    pub fn bounds(&self) -> (f64, f64) {
        match *self {
            Self::Real => (f64::NEG_INFINITY, f64::INFINITY),
            Self::Positive => (0.0, f64::INFINITY),
            Self::UnitInterval => (0.0, 1.0),
            Self::Interval { lower, upper } => (lower, upper),
            Self::Above(lower) => (lower, f64::INFINITY),
            Self::Below(upper) => (f64::NEG_INFINITY, upper),
        }
    }
}

/// `x = origin + sign·exp(u)`, `ln|dx/du| = u`.
fn exponential(origin: f64, sign: f64, u: f64) -> Constrained {
    let slope = sign * u.exp();
    Constrained { value: origin + slope, slope, ln_jacobian: u, d_ln_jacobian: 1.0 }
}

/// `x = lower + (upper − lower)·σ(u)`, `ln|dx/du| = ln(upper − lower) + ln σ(u) + ln σ(−u)`.
fn logistic(lower: f64, upper: f64, u: f64) -> Constrained {
    let width = upper - lower;
    let (share, rest) = (sigmoid(u), sigmoid(-u));
    Constrained {
        value: if u < 0.0 { lower + width * share } else { upper - width * rest },
        slope: width * share * rest,
        ln_jacobian: width.ln() + ln_sigmoid(u) + ln_sigmoid(-u),
        d_ln_jacobian: rest - share,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::testing::{check_close, stream, uniform};
    use num_dual::{Dual64, DualNum};

    const ALL: [Support; 8] = [
        Support::Real,
        Support::Positive,
        Support::UnitInterval,
        Support::Interval { lower: -3.0, upper: 5.0 },
        Support::Interval { lower: 1e-12, upper: 3e-12 },
        Support::Above(2.5),
        Support::Above(-1e6),
        Support::Below(-0.5),
    ];

    /// The maps as they stand in the documentation, in dual numbers.
    fn textbook(support: Support, u: Dual64) -> Dual64 {
        // From the nearer side: one less a number near one would have no digits left for the slope.
        let e = (if u.re < 0.0 { u } else { -u }).exp();
        let small = e / (e + 1.0);
        let share = if u.re < 0.0 { small } else { -small + 1.0 };
        match support {
            Support::Real => u,
            Support::Positive => u.exp(),
            Support::UnitInterval => share,
            Support::Interval { lower, upper } => share * (upper - lower) + lower,
            Support::Above(lower) => u.exp() + lower,
            Support::Below(upper) => -u.exp() + upper,
        }
    }

    #[test]
    fn value_slope_and_jacobian_are_those_of_the_textbook_map() {
        let mut rng = stream(3);
        for support in ALL {
            for _ in 0..2000 {
                let u = uniform(&mut rng, -30.0, 30.0);
                let c = support.constrain(u);
                let x = textbook(support, Dual64::new(u, 1.0));
                let what = || format!("{support:?} at {u}");
                check_close(c.value, x.re, 1e-12, 0.0, &what);
                check_close(c.slope, x.eps, 1e-9, 0.0, &what);
                check_close(c.ln_jacobian, x.eps.abs().ln(), 1e-9, 1e-9, &what);
                assert!(support.admits(c.value), "{}", what());
            }
        }
    }

    #[test]
    fn the_slope_of_the_log_jacobian_is_its_derivative() {
        let mut rng = stream(4);
        for support in ALL {
            for _ in 0..1000 {
                let u = uniform(&mut rng, -30.0, 30.0);
                let h = 1e-5;
                let (above, below) = (support.constrain(u + h), support.constrain(u - h));
                let difference = (above.ln_jacobian - below.ln_jacobian) / (2.0 * h);
                check_close(support.constrain(u).d_ln_jacobian, difference, 1e-8, 1e-9, &|| {
                    format!("{support:?} at {u}")
                });
            }
        }
    }

    #[test]
    fn maps_round_trip() {
        let mut rng = stream(5);
        for support in ALL {
            for _ in 0..1000 {
                let u = uniform(&mut rng, -12.0, 12.0);
                let x = support.constrain(u).value;
                assert!(support.contains(x));
                // The step back is as exact as x itself: an ulp of x is worth ulp / slope in u.
                let grain = 4.0 * f64::EPSILON * x.abs().max(1.0) / support.constrain(u).slope.abs();
                let scale = if x.abs() < 1e-9 { 1e-3 } else { grain };
                check_close(support.unconstrain(x), u, 1e-12, scale, &|| format!("{support:?} at {u}"));
            }
        }
    }

    #[test]
    fn far_out_nothing_is_nan_and_the_jacobian_is_finite() {
        for support in ALL {
            for u in [-1e4, -800.0, -700.0, 0.0, 700.0, 800.0] {
                let c = support.constrain(u);
                assert!(!c.value.is_nan() && !c.slope.is_nan(), "{support:?} at {u}");
                assert!(c.ln_jacobian.is_finite() && c.d_ln_jacobian.is_finite(), "{support:?} at {u}");
            }
        }
    }

    #[test]
    fn a_fixed_value_may_sit_on_the_boundary_and_a_free_one_may_not() {
        assert!(Support::UnitInterval.admits(0.0) && !Support::UnitInterval.contains(0.0));
        assert!(!Support::Positive.admits(-1e-300) && !Support::Positive.admits(f64::INFINITY));
        assert!(!Support::Real.admits(f64::NAN) && !Support::Real.contains(f64::INFINITY));
    }
}
