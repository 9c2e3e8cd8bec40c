//! Why sampling did not happen.

/// Why there are no draws. A doubtful chain is not an error: it shows in the diagnostics.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SampleError {
    /// A setting outside its range; the message names the setting, the value and the range.
    #[error("{0}")]
    Setting(String),
    /// The density has no dimensions, so there is nothing to sample.
    #[error("the density has no dimensions")]
    NoDimensions,
    /// No starting point proposed for a chain had a finite log density and gradient, or one of its coordinates
    /// never moved the density.
    #[error("chain {chain} found no start in {attempts} tries: {reason}")]
    NoStart {
        /// The chain, from 0.
        chain: usize,
        /// How many starting points were tried.
        attempts: usize,
        /// What was wrong with the last one.
        reason: BadStart,
    },
    /// The density, its maker or the proposal of starts panicked.
    #[error("the density panicked in chain {chain}: {message}")]
    DensityPanicked {
        /// The chain, from 0.
        chain: usize,
        /// The words of the panic.
        message: String,
    },
    /// The sampling library panicked or gave up; a bug of ours or theirs.
    #[error("the sampler failed in chain {chain}: {message}")]
    SamplerFailed {
        /// The chain, from 0.
        chain: usize,
        /// Its words.
        message: String,
    },
    /// The store did not take a draw, or give it back.
    #[error("the draws of chain {chain} cannot be kept: {message}")]
    Store {
        /// The chain, from 0.
        chain: usize,
        /// Its words.
        message: String,
    },
    /// The system gave us no thread to work on.
    #[error("no thread could be started: {0}")]
    NoThread(String),
}

/// What is wrong with a starting point.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum BadStart {
    /// A coordinate of the proposal itself is not finite.
    #[error("coordinate {0} of the start is not finite")]
    Position(usize),
    /// The log density is NaN or infinite.
    #[error("the log density there is {0}")]
    LogDensity(f64),
    /// A component of the gradient is NaN or infinite.
    #[error("the gradient in coordinate {0} is not finite there")]
    Gradient(usize),
    /// A component of the gradient is exactly zero, also beside the proposal: the density ignores the coordinate.
    #[error("the log density does not depend on coordinate {0} there")]
    Flat(usize),
}
