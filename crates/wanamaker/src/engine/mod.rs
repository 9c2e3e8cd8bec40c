//! Engines: from a compiled model to a fit.

pub mod batch;
pub mod convergence;
pub mod fit;
mod gibbs;
pub mod laplace;
pub mod nuts;
mod pilot;
pub mod report;
mod ridge;
pub mod space;
pub mod whitening;
