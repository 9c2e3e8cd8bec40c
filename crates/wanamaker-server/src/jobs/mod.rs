//! Jobs: what is ordered, the process that carries it out, and the loop that keeps both to their lease.

pub mod child;
pub mod runner;
mod slot;
mod watch;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A fit to be made, as it waits in the queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FitWork {
    /// Hash of the data file.
    pub blob: String,
    /// What the user calls it.
    pub name: String,
    /// What kind of file it is.
    pub extension: String,
    /// The spec.
    pub spec: Value,
}
