//! Where a chain begins: the first proposal at which the density and its gradient are finite.

use super::guard::{Fault, Guarded, catch};
use super::{BadStart, SampleError};
use crate::log_density::LogDensity;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// Proposals tried before a chain gives up.
const ATTEMPTS: usize = 100;

/// Half-width of the nudge given to a coordinate whose derivative is exactly zero.
const NUDGE: f64 = 0.1;

/// The first proposal of `initial` that is fit to start from; `None` when the run was stopped meanwhile.
pub(super) fn find<D: LogDensity>(
    chain: usize,
    dim: usize,
    density: &mut Guarded<'_, D>,
    initial: &impl Fn(usize, &mut ChaCha8Rng, &mut [f64]),
    rng: &mut ChaCha8Rng,
) -> Result<Option<Vec<f64>>, SampleError> {
    let panicked = |message| SampleError::DensityPanicked { chain, message };
    let mut position = vec![0.0; dim];
    let mut gradient = vec![0.0; dim];
    let mut reason = BadStart::LogDensity(f64::NAN);
    for _ in 0..ATTEMPTS {
        position.fill(0.0);
        catch(|| initial(chain, rng, &mut position)).map_err(panicked)?;
        match attempt(density, &mut position, &mut gradient, rng) {
            Ok(None) => return Ok(Some(position)),
            Ok(Some(bad)) => reason = bad,
            Err(Fault::Panicked(message)) => return Err(panicked(message)),
            Err(Fault::Stopped | Fault::NotFinite) => return Ok(None),
        }
    }
    Err(SampleError::NoStart { chain, attempts: ATTEMPTS, reason })
}

/// Looks at one proposal, moving it off a stationary coordinate first; `None` when it is good.
///
/// The library takes its first scale of a coordinate from the derivative there, and zero gives it none. A start
/// on the mode of a coordinate is natural, so such a coordinate is nudged rather than the start refused.
fn attempt<D: LogDensity>(
    density: &mut Guarded<'_, D>,
    position: &mut [f64],
    gradient: &mut [f64],
    rng: &mut ChaCha8Rng,
) -> Result<Option<BadStart>, Fault> {
    let bad = judge(density, position, gradient)?;
    let Some(BadStart::Flat(_)) = bad else {
        return Ok(bad);
    };
    for (x, _) in position.iter_mut().zip(&*gradient).filter(|(_, derivative)| **derivative == 0.0) {
        *x += rng.random_range(-NUDGE..NUDGE);
    }
    judge(density, position, gradient)
}

/// What is wrong with a position, if anything.
fn judge<D: LogDensity>(
    density: &mut Guarded<'_, D>,
    position: &[f64],
    gradient: &mut [f64],
) -> Result<Option<BadStart>, Fault> {
    if let Some(i) = position.iter().position(|x| !x.is_finite()) {
        return Ok(Some(BadStart::Position(i)));
    }
    let log_density = density.evaluate(position, gradient)?;
    if !log_density.is_finite() {
        return Ok(Some(BadStart::LogDensity(log_density)));
    }
    if let Some(i) = gradient.iter().position(|derivative| !derivative.is_finite()) {
        return Ok(Some(BadStart::Gradient(i)));
    }
    Ok(gradient.iter().position(|derivative| *derivative == 0.0).map(BadStart::Flat))
}
