//! The one trait at the border between a model and a sampler.

/// A log density with its gradient on all of ℝⁿ. Each chain owns one, with its scratch space.
pub trait LogDensity {
    /// Number of dimensions, n ≥ 1.
    fn dim(&self) -> usize;

    /// Overwrites `gradient` with ∂ log p/∂position and returns log p.
    ///
    /// Off the support, or where a number is lost, it returns -∞: the sampler counts a divergence.
    fn log_density(&mut self, position: &[f64], gradient: &mut [f64]) -> f64;
}
