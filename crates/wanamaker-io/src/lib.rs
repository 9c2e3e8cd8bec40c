//! The only code that opens files: tables in, the fit file out and in, exports.

pub mod atomic;
mod batch;
mod excel;
pub mod export;
pub mod fit_file;
mod parquet_bytes;
pub mod read;
pub mod rows;
pub mod spill;
