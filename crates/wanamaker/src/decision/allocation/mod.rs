//! Where the next budget should go: the problem, four ways to solve it, and a plan that says how good it is.
//!
//! ```text
//! maximise  U( outcome_1(b), …, outcome_S(b) )     over lower ≤ b ≤ upper,  Σ b = budget (or free),  groups, targets
//! ```
//! `problem` says what is asked and refuses what cannot be; `global`, `slsqp`, `greedy` and `gradient` answer; `plan`
//! rounds the answer to money, weighs it over all draws and holds it against today's plan.

pub mod global;
pub mod gradient;
pub mod greedy;
mod hull;
pub mod judge;
pub mod kkt;
mod linear;
pub mod objective;
pub mod plan;
mod polish;
pub mod problem;
mod project;
pub(super) mod round;
pub mod slsqp;
pub mod wishes;
