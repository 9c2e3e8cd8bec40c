//! The sampler on densities with known answers, its promises, and the diagnostics against ArviZ.

mod arviz;
mod comparison;
mod densities;
mod gibbs;
mod posteriors;
mod promises;
mod properties;
