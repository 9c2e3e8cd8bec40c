//! The command as its users meet it: words in, words out, files and exit codes.

mod bench;
mod faults;
mod journey;
mod measures;
mod planning;
mod small_tools;
mod tracking;
mod trust;
mod words;
