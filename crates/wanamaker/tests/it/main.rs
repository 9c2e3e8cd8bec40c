//! Tests of the library as a whole.

mod allocation;
mod engines;
mod floors;
mod gradient;
mod holdouts;
mod known_markets;
mod marginal;
mod measures;
mod older_tools;
mod plans_of_fits;
mod pymc_reference;
mod recovery;
mod report_schema;
mod reports;
mod same_posterior;
mod sbc;
mod support;
mod trust;
