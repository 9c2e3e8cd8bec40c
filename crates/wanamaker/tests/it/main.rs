//! Tests of the library as a whole.

mod allocation;
mod floors;
mod gradient;
mod measures;
mod pymc_reference;
mod recovery;
mod support;
