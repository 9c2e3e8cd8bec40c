//! The `mmm` command.

fn main() {}
