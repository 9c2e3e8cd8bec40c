//! The model: from a spec and a panel to a log density with its gradient.

pub mod baseline;
pub mod compile;
pub mod density;
#[cfg(test)]
mod differences;
pub mod facts;
pub mod layout;
pub mod likelihood;
pub mod linear_coefficient;
pub mod linear_form;
pub mod marginal;
pub mod media;
pub mod outcome;
pub mod point;
pub mod pooling;
pub mod response;
pub mod scaling;
