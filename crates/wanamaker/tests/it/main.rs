//! Tests of the library as a whole.

mod allocation;
mod floors;
mod gradient;
mod holdouts;
mod known_markets;
mod measures;
mod plans_of_fits;
mod pymc_reference;
mod recovery;
mod support;
mod trust;
