//! The command as its users meet it: words in, words out, files and exit codes.

mod bench;
mod checks;
mod engines;
mod faults;
mod image;
mod journey;
mod measures;
mod planning;
mod reports;
mod sbc;
mod serve;
mod small_tools;
mod tracking;
mod trust;
mod validate;
mod words;
