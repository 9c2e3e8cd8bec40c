//! Engines: from a compiled model to a fit.

pub mod batch;
pub mod convergence;
pub mod fit;
pub mod whitening;
