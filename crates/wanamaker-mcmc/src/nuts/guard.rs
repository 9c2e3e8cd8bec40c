//! A density as the sampling library wants it: stoppable, and with panics and lost numbers turned into values.

use super::brake::Brake;
use crate::log_density::LogDensity;
use nuts_rs::{CpuLogpFunc, CpuMathError, HasDims, LogpError};
use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why an evaluation gave no number.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("the log density or its gradient is not finite")]
    NotFinite,
    #[error("the run was stopped")]
    Stopped,
    #[error("the density panicked: {0}")]
    Panicked(String),
}

impl LogpError for Fault {
    /// A lost number is a divergence of the trajectory; everything else ends the chain at once.
    fn is_recoverable(&self) -> bool {
        matches!(self, Fault::NotFinite)
    }
}

/// Runs `work`; a panic becomes its words.
pub(super) fn catch<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    // Whatever the panic left half-written is dropped with the chain and never looked at again.
    catch_unwind(AssertUnwindSafe(work)).map_err(words)
}

fn words(payload: Box<dyn Any + Send>) -> String {
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload.downcast_ref::<&str>().map_or("no message", |text| text).to_owned(),
    }
}

/// A density between the library and us.
pub(super) struct Guarded<'a, D> {
    density: D,
    brake: &'a Brake,
}

impl<'a, D: LogDensity> Guarded<'a, D> {
    pub(super) fn new(density: D, brake: &'a Brake) -> Self {
        Self { density, brake }
    }

    /// Log density and gradient as they come, finite or not.
    ///
    /// The brake is asked here, at every evaluation and not once per draw: a trajectory may have a thousand of
    /// them, which for a slow density is longer than a user waits after Ctrl-C.
    pub(super) fn evaluate(&mut self, position: &[f64], gradient: &mut [f64]) -> Result<f64, Fault> {
        if !self.brake.goes_on() {
            return Err(Fault::Stopped);
        }
        catch(|| self.density.log_density(position, gradient)).map_err(Fault::Panicked)
    }
}

/// Stands in for a derivative of exactly zero, which the library takes for a broken density when it looks for a
/// step size. Too small to move any trajectory.
const ALMOST_ZERO: f64 = 1e-300;

impl<D: LogDensity> CpuLogpFunc for Guarded<'_, D> {
    type LogpError = Fault;
    type FlowParameters = ();
    type ExpandedVector = ();

    fn dim(&self) -> usize {
        self.density.dim()
    }

    fn logp(&mut self, position: &[f64], gradient: &mut [f64]) -> Result<f64, Fault> {
        let log_density = self.evaluate(position, gradient)?;
        let mut finite = log_density.is_finite();
        for derivative in gradient.iter_mut() {
            finite &= derivative.is_finite();
            if *derivative == 0.0 {
                *derivative = ALMOST_ZERO;
            }
        }
        if finite { Ok(log_density) } else { Err(Fault::NotFinite) }
    }

    fn expand_vector<R: rand::Rng + ?Sized>(&mut self, _: &mut R, _: &[f64]) -> Result<(), CpuMathError> {
        Ok(())
    }
}

impl<D: LogDensity> HasDims for Guarded<'_, D> {
    fn dim_sizes(&self) -> HashMap<String, u64> {
        HashMap::from([("unconstrained_parameter".to_owned(), self.density.dim() as u64)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Constant(f64, f64);

    impl LogDensity for Constant {
        fn dim(&self) -> usize {
            1
        }

        fn log_density(&mut self, _: &[f64], gradient: &mut [f64]) -> f64 {
            gradient[0] = self.1;
            self.0
        }
    }

    #[test]
    fn lost_numbers_are_recoverable_and_a_stop_is_not() {
        let brake = Brake::default();
        for (log_density, derivative) in [(f64::NAN, 1.0), (f64::NEG_INFINITY, 1.0), (0.0, f64::NAN)] {
            let fault = Guarded::new(Constant(log_density, derivative), &brake).logp(&[0.0], &mut [0.0]);
            assert!(fault.unwrap_err().is_recoverable());
        }
        brake.end();
        let fault = Guarded::new(Constant(0.0, 1.0), &brake).logp(&[0.0], &mut [0.0]);
        assert!(!fault.unwrap_err().is_recoverable());
    }

    #[test]
    fn a_flat_derivative_is_not_handed_on_as_zero() {
        let brake = Brake::default();
        let mut gradient = [f64::NAN];
        assert_eq!(Guarded::new(Constant(2.0, 0.0), &brake).logp(&[0.0], &mut gradient).ok(), Some(2.0));
        assert_eq!(gradient, [ALMOST_ZERO]);
    }

    #[test]
    fn a_panic_becomes_its_words() {
        assert_eq!(catch(|| 1), Ok(1));
        assert_eq!(catch(|| panic!("plain")), Err::<(), _>("plain".to_owned()));
        assert_eq!(catch(|| panic!("number {}", 3)), Err::<(), _>("number 3".to_owned()));
    }
}
