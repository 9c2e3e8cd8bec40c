//! Tests of the library as a whole.

mod floors;
mod gradient;
mod pymc_reference;
mod recovery;
mod support;
