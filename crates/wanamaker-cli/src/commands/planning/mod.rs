//! What the planning commands share: where curves come from, what is asked of a plan, plans as files and as tables.

pub mod amount;
pub mod plan_file;
pub mod source;
pub mod tables;
pub mod wish;
