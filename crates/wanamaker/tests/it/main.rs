//! Tests of the library as a whole.

mod allocation;
mod floors;
mod gradient;
mod pymc_reference;
mod recovery;
mod support;
