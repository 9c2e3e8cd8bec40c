//! The sampler on densities with known answers, its promises, and the diagnostics against ArviZ.

mod arviz;
mod densities;
mod posteriors;
mod promises;
