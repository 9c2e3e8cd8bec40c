//! Adstock: how the pressure of one period is felt in the periods after it. One file per shape of the memory.
//!
//! Every kind is a linear map of one series. The windowed ones are a convolution with weights that depend on the
//! parameters alone, so the weights and their pull-back cost a handful of operations per evaluation and the
//! convolution all the rest; the infinite geometric one is a recursion.

mod binomial;
mod delayed;
mod geometric;
#[cfg(test)]
mod laws;
pub mod memory;
mod weibull_cdf;
mod weibull_pdf;

use crate::distribution::support::Support;
use crate::math::convolve;
use crate::math::linalg::dot;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far back a geometric adstock looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// `L` taps: lags 0 … L−1, in periods; at least one.
    Periods(usize),
    /// All the way: `a[t] = x[t] + decay·a[t−1]`.
    Infinite,
}

/// Where the weights of a binomial adstock would reach zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BinomialConvention {
    /// `W = L + 1`, the convention of PyMC-Marketing: the last tap still has some weight.
    #[default]
    WindowPlusOne,
    /// `W = L`, the convention of Meridian, which counts its window without lag 0.
    Window,
}

impl BinomialConvention {
    /// `W` for `L` taps.
    fn end(self, window: usize) -> f64 {
        match self {
            Self::WindowPlusOne => window as f64 + 1.0,
            Self::Window => window as f64,
        }
    }
}

/// A kind of memory with its settings; what is estimated comes in as `parameters`, in the order of
/// [`parameter_names`](Self::parameter_names).
///
/// A window counts taps, lags `0 … L−1`, and is at least 1. `normalize` divides the weights by their sum, so that a
/// constant series is unchanged once the window is filled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Adstock {
    /// No memory: `a = x`.
    None,
    /// `w[l] = decay^l`.
    Geometric {
        /// Window, periods or infinite.
        window: Window,
        /// Whether the weights sum to one. The infinite form is never normalised, whatever is said here: `a[0] = x[0]`.
        normalize: bool,
    },
    /// `w[l] = decay^((l − peak)²)`.
    Delayed {
        /// `L`, periods.
        window: usize,
        /// Whether the weights sum to one.
        normalize: bool,
    },
    /// `w[l] = (1 − l/W)^(1/decay − 1)`.
    Binomial {
        /// `L`, periods.
        window: usize,
        /// Whether the weights sum to one.
        normalize: bool,
        /// What `W` is.
        convention: BinomialConvention,
    },
    /// The Weibull density at `l + 1`, stretched to 0 … 1 over the window.
    WeibullPdf {
        /// `L`, periods.
        window: usize,
        /// Whether the weights sum to one.
        normalize: bool,
    },
    /// `w[l] = Π_{j=1..l} (1 − F(j))` with the Weibull distribution function `F`.
    WeibullCdf {
        /// `L`, periods, lag 0 included.
        window: usize,
        /// Whether the weights sum to one.
        normalize: bool,
    },
}

impl Adstock {
    /// The parameters in the order in which every function here takes them.
    pub fn parameter_names(&self) -> &'static [&'static str] {
        match self {
            Self::None => &[],
            Self::Geometric { .. } | Self::Binomial { .. } => &["decay"],
            Self::Delayed { .. } => &["decay", "peak"],
            Self::WeibullPdf { .. } | Self::WeibullCdf { .. } => &["shape", "scale"],
        }
    }

    /// The support of each parameter.
    pub fn parameter_supports(&self) -> &'static [Support] {
        match self {
            Self::None => &[],
            Self::Geometric { .. } | Self::Binomial { .. } => &[Support::UnitInterval],
            Self::Delayed { .. } => &[Support::UnitInterval, Support::Positive],
            Self::WeibullPdf { .. } | Self::WeibullCdf { .. } => &[Support::Positive, Support::Positive],
        }
    }

    /// Number of weights `L`; 0 for [`Adstock::None`] and for the infinite recursion, which have none.
    pub fn n_weights(&self) -> usize {
        match *self {
            Self::None | Self::Geometric { window: Window::Infinite, .. } => 0,
            Self::Geometric { window: Window::Periods(window), .. }
            | Self::Delayed { window, .. }
            | Self::Binomial { window, .. }
            | Self::WeibullPdf { window, .. }
            | Self::WeibullCdf { window, .. } => window,
        }
    }

    /// Writes `w[l]`, shape `[lag]` of length [`n_weights`](Self::n_weights), normalised if asked; `w ≥ 0`.
    pub fn weights(&self, parameters: &[f64], weights: &mut [f64]) {
        debug_assert_eq!(parameters.len(), self.parameter_names().len());
        debug_assert_eq!(weights.len(), self.n_weights());
        if weights.is_empty() {
            return;
        }
        match *self {
            Self::None => {}
            Self::Geometric { normalize, .. } => geometric::weights(parameters[0], normalize, weights),
            Self::Delayed { normalize, .. } => {
                delayed::weights(parameters[0], parameters[1], normalize, weights)
            }
            Self::Binomial { normalize, convention, .. } => {
                binomial::weights(parameters[0], normalize, convention, weights);
            }
            Self::WeibullPdf { normalize, .. } => {
                weibull_pdf::weights(parameters[0], parameters[1], normalize, weights);
            }
            Self::WeibullCdf { normalize, .. } => {
                weibull_cdf::weights(parameters[0], parameters[1], normalize, weights);
            }
        }
    }

    /// Accumulates `∂L/∂parameters` from `∂L/∂w`; `weights` as [`weights`](Self::weights) left them.
    pub fn weights_pullback(
        &self,
        parameters: &[f64],
        weights: &[f64],
        d_weights: &[f64],
        d_parameters: &mut [f64],
    ) {
        if weights.is_empty() {
            return;
        }
        match *self {
            Self::None => {}
            Self::Geometric { normalize, .. } => {
                d_parameters[0] += geometric::weights_pullback(parameters[0], normalize, weights, d_weights);
            }
            Self::Binomial { normalize, convention, .. } => {
                d_parameters[0] +=
                    binomial::weights_pullback(parameters[0], normalize, convention, weights, d_weights);
            }
            Self::Delayed { normalize, .. } => {
                let pulled =
                    delayed::weights_pullback(parameters[0], parameters[1], normalize, weights, d_weights);
                add(d_parameters, pulled);
            }
            Self::WeibullPdf { normalize, .. } => {
                let pulled = weibull_pdf::weights_pullback(
                    parameters[0],
                    parameters[1],
                    normalize,
                    weights,
                    d_weights,
                );
                add(d_parameters, pulled);
            }
            Self::WeibullCdf { normalize, .. } => {
                let pulled = weibull_cdf::weights_pullback(
                    parameters[0],
                    parameters[1],
                    normalize,
                    weights,
                    d_weights,
                );
                add(d_parameters, pulled);
            }
        }
    }

    /// Carries one series forward: `a[t] = Σ_l w[l]·x[t−l]`, with `x = 0` before the first period.
    ///
    /// - `weights`: as [`weights`](Self::weights) left them for the same `parameters`
    /// - `exposure`: `x`, shape `[time]`, any unit, `x ≥ 0`
    /// - `out`: `a`, shape `[time]`, unit of `exposure`
    pub fn forward(&self, parameters: &[f64], weights: &[f64], exposure: &[f64], out: &mut [f64]) {
        debug_assert_eq!(exposure.len(), out.len());
        match *self {
            Self::None => out.copy_from_slice(exposure),
            Self::Geometric { window: Window::Infinite, .. } => {
                geometric::forward_infinite(parameters[0], exposure, out);
            }
            _ => convolve::forward(weights, exposure, out),
        }
    }

    /// The pull-back of [`forward`](Self::forward), given `d_out = ∂L/∂a`.
    ///
    /// Accumulates `d_weights` (windowed kinds; send it on to [`weights_pullback`](Self::weights_pullback)),
    /// `d_parameters` (the infinite recursion) and, when asked for, `d_exposure`. `adstocked` is what `forward`
    /// wrote; `scratch`, shape `[time]`, is overwritten.
    pub fn pullback(
        &self,
        parameters: &[f64],
        weights: &[f64],
        exposure: &[f64],
        adstocked: &[f64],
        d_out: &[f64],
        d_weights: &mut [f64],
        d_parameters: &mut [f64],
        d_exposure: Option<&mut [f64]>,
        scratch: &mut [f64],
    ) {
        match *self {
            Self::None => {
                if let Some(d_exposure) = d_exposure {
                    add_series(d_exposure, d_out);
                }
            }
            Self::Geometric { window: Window::Infinite, .. } => {
                d_parameters[0] += geometric::pullback_infinite(parameters[0], adstocked, d_out, scratch);
                if let Some(d_exposure) = d_exposure {
                    add_series(d_exposure, scratch);
                }
            }
            _ => {
                convolve::pullback_weights(exposure, d_out, d_weights);
                if let Some(d_exposure) = d_exposure {
                    convolve::pullback_signal(weights, d_out, d_exposure);
                }
            }
        }
    }

    /// What a constant exposure of one grows to: the sum of the weights, `1/(1 − decay)` for the infinite form.
    pub fn steady_state_gain(&self, parameters: &[f64]) -> f64 {
        match *self {
            Self::None => 1.0,
            Self::Geometric { window: Window::Infinite, .. } => 1.0 / (1.0 - parameters[0]),
            _ => self.weights_of(parameters).iter().sum(),
        }
    }

    fn weights_of(&self, parameters: &[f64]) -> Vec<f64> {
        let mut weights = vec![0.0; self.n_weights()];
        self.weights(parameters, &mut weights);
        weights
    }
}

/// The step back through normalisation, shared by all kinds.
///
/// With `w = v / Σv`, `∂L/∂v[l] = (∂L/∂w[l] − Σ_k ∂L/∂w[k]·w[k]) / Σv`. The sum need not be formed again: every kind
/// has an anchor lag with `v = 1`, where the weight itself is `1/Σv`.
struct Pull {
    level: f64,
    factor: f64,
}

impl Pull {
    fn new(normalize: bool, weights: &[f64], d_weights: &[f64], anchor: usize) -> Self {
        let level = if normalize { dot(d_weights, weights) } else { 0.0 };
        Self { level, factor: if normalize { weights[anchor] } else { 1.0 } }
    }

    /// `∂L/∂v[l]` from `∂L/∂w[l]`.
    fn raw(&self, d_weight: f64) -> f64 {
        (d_weight - self.level) * self.factor
    }
}

/// Divides by the sum, which every kind keeps at or above one.
fn normalise(weights: &mut [f64]) {
    let total: f64 = weights.iter().sum();
    for weight in weights {
        *weight /= total;
    }
}

fn add(d_parameters: &mut [f64], (first, second): (f64, f64)) {
    d_parameters[0] += first;
    d_parameters[1] += second;
}

fn add_series(to: &mut [f64], from: &[f64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += from;
    }
}
