//! Saturation: diminishing returns. One file per curve; every curve has `h(0) = 0` and never falls.

mod exponential;
mod hill;
#[cfg(test)]
mod laws;
mod log1p;
mod logistic;
mod michaelis_menten;
mod root;
mod sigmoid;
mod tanh;

use crate::distribution::support::Support;
use crate::math::linalg::sum_of;
use crate::math::vector::wide;
use std::ops::Range;

/// A curve from exposure, `x ≥ 0`, to its effect before the coefficient; what is estimated comes in as `parameters`, in
/// the order of [`parameter_names`](Self::parameter_names).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Saturation {
    /// `x^slope / (x^slope + ec50^slope)`.
    Hill,
    /// `1 − exp(−rate·x)`.
    Exponential,
    /// `(1 − e^(−rate·x)) / (1 + e^(−rate·x))`.
    Logistic,
    /// `tanh(rate·x)`.
    Tanh,
    /// `x/(ec50 + x)`.
    MichaelisMenten,
    /// `x^exponent`.
    Root,
    /// `ln(1 + x/scale)`.
    Log1p,
    /// `σ(slope·(x − ec50)) − σ(−slope·ec50)`.
    Sigmoid,
    /// `x`.
    None,
}

impl Saturation {
    /// Every curve, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::Hill,
        Self::Exponential,
        Self::Logistic,
        Self::Tanh,
        Self::MichaelisMenten,
        Self::Root,
        Self::Log1p,
        Self::Sigmoid,
        Self::None,
    ];

    /// The parameters in the order in which every function here takes them.
    pub fn parameter_names(&self) -> &'static [&'static str] {
        match self {
            Self::Hill | Self::Sigmoid => &["slope", "ec50"],
            Self::Exponential | Self::Logistic | Self::Tanh => &["rate"],
            Self::MichaelisMenten => &["ec50"],
            Self::Root => &["exponent"],
            Self::Log1p => &["scale"],
            Self::None => &[],
        }
    }

    /// The support of each parameter.
    pub fn parameter_supports(&self) -> &'static [Support] {
        match self {
            Self::Hill | Self::Sigmoid => &[Support::Positive, Support::Positive],
            Self::Root => &[Support::UnitInterval],
            Self::None => &[],
            _ => &[Support::Positive],
        }
    }

    /// The power of the exposure's unit in each parameter: measured in thousands, a parameter of power `p` is
    /// `1000^−p` of what it was.
    pub fn parameter_units(&self) -> &'static [i8] {
        match self {
            Self::Hill => &[0, 1],
            Self::Exponential | Self::Logistic | Self::Tanh => &[-1],
            Self::MichaelisMenten | Self::Log1p => &[1],
            Self::Root => &[0],
            Self::Sigmoid => &[-1, 1],
            Self::None => &[],
        }
    }

    /// Writes `out = h(x)`; `aux`, of the same length, keeps what the pull-back reuses.
    ///
    /// - `x`: shape `[time]`, unit of exposure, `x ≥ 0`
    /// - `out`: shape `[time]`; dimensionless except for [`Saturation::Root`] and [`Saturation::None`]
    pub fn forward(&self, parameters: &[f64], x: &[f64], out: &mut [f64], aux: &mut [f64]) {
        debug_assert_eq!(parameters.len(), self.parameter_names().len());
        debug_assert!(x.len() == out.len() && x.len() == aux.len());
        for stretch in stretches(x) {
            let Stretch { cells, dark } = stretch;
            if dark {
                out[cells].fill(0.0);
            } else {
                self.bend(parameters, &x[cells.clone()], &mut out[cells.clone()], &mut aux[cells]);
            }
        }
    }

    fn bend(&self, parameters: &[f64], x: &[f64], out: &mut [f64], aux: &mut [f64]) {
        match self {
            Self::Hill => hill::forward([parameters[0], parameters[1]], x, out, aux),
            Self::Exponential => exponential::forward([parameters[0]], x, out, aux),
            Self::Logistic => logistic::forward([parameters[0]], x, out, aux),
            Self::Tanh => tanh::forward([parameters[0]], x, out, aux),
            Self::MichaelisMenten => michaelis_menten::forward([parameters[0]], x, out, aux),
            Self::Root => root::forward([parameters[0]], x, out, aux),
            Self::Log1p => log1p::forward([parameters[0]], x, out, aux),
            Self::Sigmoid => sigmoid::forward([parameters[0], parameters[1]], x, out, aux),
            Self::None => out.copy_from_slice(x),
        }
    }

    /// The pull-back of [`forward`](Self::forward), given `d_out = ∂L/∂h`: overwrites `d_x` and accumulates
    /// `d_parameters`. `out` and `aux` are what `forward` wrote for the same `parameters` and `x`.
    ///
    /// Where a curve starts with an infinite slope (Hill with slope below one, a root), `d_x` is 0 at `x = 0`:
    /// adstock moves an exposure of zero by nothing, and infinity times nothing would be no number.
    pub fn pullback(
        &self,
        parameters: &[f64],
        x: &[f64],
        out: &[f64],
        aux: &[f64],
        d_out: &[f64],
        d_x: &mut [f64],
        d_parameters: &mut [f64],
    ) {
        for stretch in stretches(x) {
            let Stretch { cells, dark } = stretch;
            if dark {
                // Every curve starts at 0, whatever its parameters are.
                let slope = self.slope_at(parameters, 0.0);
                for (d_x, d) in d_x[cells.clone()].iter_mut().zip(&d_out[cells]) {
                    *d_x = d * slope;
                }
            } else {
                let (x, out, aux) = (&x[cells.clone()], &out[cells.clone()], &aux[cells.clone()]);
                self.unbend(parameters, x, out, aux, &d_out[cells.clone()], &mut d_x[cells], d_parameters);
            }
        }
    }

    fn unbend(
        &self,
        parameters: &[f64],
        x: &[f64],
        out: &[f64],
        aux: &[f64],
        d_out: &[f64],
        d_x: &mut [f64],
        d_parameters: &mut [f64],
    ) {
        match self {
            Self::Hill => {
                hill::pullback([parameters[0], parameters[1]], x, out, aux, d_out, d_x, d_parameters);
            }
            Self::Exponential => exponential::pullback([parameters[0]], x, aux, d_out, d_x, d_parameters),
            Self::Logistic => logistic::pullback([parameters[0]], x, aux, d_out, d_x, d_parameters),
            Self::Tanh => tanh::pullback([parameters[0]], x, aux, d_out, d_x, d_parameters),
            Self::MichaelisMenten => {
                michaelis_menten::pullback([parameters[0]], x, out, aux, d_out, d_x, d_parameters);
            }
            Self::Root => root::pullback([parameters[0]], x, out, aux, d_out, d_x, d_parameters),
            Self::Log1p => log1p::pullback([parameters[0]], x, aux, d_out, d_x, d_parameters),
            Self::Sigmoid => {
                sigmoid::pullback([parameters[0], parameters[1]], x, aux, d_out, d_x, d_parameters);
            }
            Self::None => d_x.copy_from_slice(d_out),
        }
    }

    /// The parameters as [`each`](Self::each) takes them, what can be computed once computed.
    pub fn prepared(&self, parameters: &[f64]) -> [f64; 2] {
        match self {
            Self::Hill => hill::prepared([parameters[0], parameters[1]]),
            Self::Sigmoid => [parameters[0], parameters[1]],
            Self::MichaelisMenten | Self::Root | Self::Log1p => [positive(parameters[0]), 0.0],
            Self::Exponential | Self::Logistic | Self::Tanh => [parameters[0], 0.0],
            Self::None => [0.0; 2],
        }
    }

    /// Many curves of one kind, each at an exposure of its own: `value = h(x)` and `slope = h'(x)`.
    ///
    /// - `prepared`: first and second number of [`prepared`](Self::prepared), `[curve]`
    /// - `x`, `value`, `slope`: `[curve]`; the slope of a Hill curve or a root at `x = 0` is given as 0, whatever it is
    pub fn each(&self, prepared: [&[f64]; 2], x: &[f64], value: &mut [f64], slope: &mut [f64]) {
        /// Compiles `point(parameters, x)`, value and slope, into a loop over the curves.
        macro_rules! each {
            ($point:path) => {{
                wide! {
                    fn run(p: &[f64], q: &[f64], x: &[f64], value: &mut [f64], slope: &mut [f64]) {
                        let parameters = p.iter().zip(q);
                        for (((p, q), x), (value, slope)) in
                            parameters.zip(x).zip(value.iter_mut().zip(slope))
                        {
                            [*value, *slope] = $point([*p, *q], *x);
                        }
                    }
                }
                run(prepared[0], prepared[1], x, value, slope)
            }};
        }
        match self {
            Self::Hill => each!(hill::point),
            Self::Exponential => each!(exponential::point),
            Self::Logistic => each!(logistic::point),
            Self::Tanh => each!(tanh::point),
            Self::MichaelisMenten => each!(michaelis_menten::point),
            Self::Root => each!(root::point),
            Self::Log1p => each!(log1p::point),
            Self::Sigmoid => each!(sigmoid::point),
            Self::None => {
                value.copy_from_slice(x);
                slope.fill(1.0);
            }
        }
    }

    /// As [`each`](Self::each) with the same exposure for all curves.
    pub fn each_at(&self, prepared: [&[f64]; 2], x: f64, value: &mut [f64], slope: &mut [f64]) {
        match self {
            // What is the same for all is a logarithm, half of the work.
            Self::Hill => hill::each_at(prepared[0], prepared[1], x, value, slope),
            _ => self.each(prepared, &vec![x; value.len()], value, slope),
        }
    }

    /// `h(x)` of one exposure.
    pub fn value(&self, parameters: &[f64], x: f64) -> f64 {
        let mut out = [0.0];
        self.bend(parameters, &[x], &mut out, &mut [0.0]);
        out[0]
    }

    /// `h'(x)` of one exposure; 0 at `x = 0` where the true slope is infinite.
    pub fn slope_at(&self, parameters: &[f64], x: f64) -> f64 {
        let (mut out, mut aux, mut d_x) = ([0.0], [0.0], [0.0]);
        let mut d_parameters = [0.0; 2];
        self.bend(parameters, &[x], &mut out, &mut aux);
        self.unbend(parameters, &[x], &out, &aux, &[1.0], &mut d_x, &mut d_parameters);
        d_x[0]
    }

    /// The exposure at which the slope is greatest: the inflexion of an S, 0 for a curve that only diminishes. The
    /// slope rises up to there and falls behind it.
    pub fn steepest(&self, parameters: &[f64]) -> f64 {
        match self {
            Self::Hill => hill::inflexion([parameters[0], parameters[1]]),
            Self::Sigmoid => parameters[1],
            _ => 0.0,
        }
    }

    /// Whether the slope at `x = 0` is infinite, where [`slope_at`](Self::slope_at) gives 0.
    pub fn starts_vertically(&self, parameters: &[f64]) -> bool {
        matches!(self, Self::Hill | Self::Root) && parameters[0] < 1.0
    }

    /// What `h` approaches at the largest exposure; infinite for the curves without a ceiling.
    pub fn ceiling(&self, parameters: &[f64]) -> f64 {
        match self {
            Self::Hill | Self::Exponential | Self::Logistic | Self::Tanh | Self::MichaelisMenten => 1.0,
            Self::Sigmoid => sigmoid::ceiling([parameters[0], parameters[1]]),
            Self::Root | Self::Log1p | Self::None => f64::INFINITY,
        }
    }

    /// The exposure at which the share `share`, between 0 and 1, of the ceiling is reached; `None` without a ceiling.
    pub fn inverse(&self, parameters: &[f64], share: f64) -> Option<f64> {
        match self {
            Self::Hill => Some(hill::inverse([parameters[0], parameters[1]], share)),
            Self::Exponential => Some(exponential::inverse([parameters[0]], share)),
            Self::Logistic => Some(logistic::inverse([parameters[0]], share)),
            Self::Tanh => Some(tanh::inverse([parameters[0]], share)),
            Self::MichaelisMenten => Some(michaelis_menten::inverse([parameters[0]], share)),
            Self::Sigmoid => Some(sigmoid::inverse([parameters[0], parameters[1]], share)),
            Self::Root | Self::Log1p | Self::None => None,
        }
    }

    /// The exposure at which half of the ceiling is reached, EC50; `None` without a ceiling.
    pub fn half_saturation(&self, parameters: &[f64]) -> Option<f64> {
        self.inverse(parameters, 0.5)
    }
}

/// Periods that are looked at together when dark ones are passed over.
const STRETCH: usize = 16;

/// Neighbouring periods that are all dark, without any exposure, or to be computed.
struct Stretch {
    cells: Range<usize>,
    dark: bool,
}

/// Cuts a series where it becomes dark for long or lit again.
fn stretches(x: &[f64]) -> impl Iterator<Item = Stretch> {
    let is_dark = |start: usize| x[start..x.len().min(start + STRETCH)].iter().all(|x| *x == 0.0);
    let mut start = 0;
    std::iter::from_fn(move || {
        let dark = (start < x.len()).then(|| is_dark(start))?;
        let mut end = start + STRETCH;
        while end < x.len() && is_dark(end) == dark {
            end += STRETCH;
        }
        let cells = start..end.min(x.len());
        start = cells.end;
        Some(Stretch { cells, dark })
    })
}

/// A positive parameter that an exponential map has rounded to zero counts as the smallest there is.
fn positive(parameter: f64) -> f64 {
    parameter.max(f64::MIN_POSITIVE)
}

wide! {
    /// The pull-back of a curve of `u = rate·x` with `∂h/∂u` in `aux`: overwrites `d_x`, returns `∂L/∂rate`.
    fn pull_rate(rate: f64, x: &[f64], aux: &[f64], d_out: &[f64], d_x: &mut [f64]) -> f64 {
        for ((pull, d), slope) in d_x.iter_mut().zip(d_out).zip(aux) {
            *pull = d * slope;
        }
        let d_rate = sum_of(d_x, x, |sum, pull, x| pull.mul_add(x, sum));
        for d_x in d_x {
            *d_x *= rate;
        }
        d_rate
    }
}
