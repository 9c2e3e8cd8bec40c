//! The only code that opens files: tables in, the fit file out and in, exports.

pub mod read;
