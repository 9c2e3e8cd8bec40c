//! Numbers without meaning: special functions and the causal convolution. Nothing here knows marketing.

pub mod arrow;
pub mod convolve;
pub mod decimals;
pub mod linalg;
pub mod parallel;
pub mod special;
#[cfg(test)]
pub(crate) mod testing;
pub mod vector;
