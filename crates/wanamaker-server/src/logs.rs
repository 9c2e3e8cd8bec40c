//! The server's log: lines of JSON on standard error. It never holds a body, a header or a query.

use tracing_subscriber::EnvFilter;

/// From here on `tracing` writes to standard error; `filter` as in `info` or `wanamaker_server=debug`.
pub fn start(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let subscriber = tracing_subscriber::fmt().json().flatten_event(true).with_env_filter(filter);
    // A second call, in tests, finds the first in place.
    let _ = subscriber.with_writer(std::io::stderr).try_init();
}
