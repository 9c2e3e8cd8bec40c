//! Draws from a density, and the diagnostics that say whether to believe them. Knows probability, not marketing.

// Citation keys stand in brackets, `[geyer1992]`, and are looked up in docs/references.md, not among our items.
#![allow(rustdoc::broken_intra_doc_links)]

pub mod diagnostics;
pub mod draws;
pub mod log_density;
pub mod nuts;
pub mod progress;
pub mod seed;
