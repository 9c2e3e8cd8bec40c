//! Ctrl-C: once stops cleanly and keeps what is there, twice stops at once.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

static PRESSED: AtomicUsize = AtomicUsize::new(0);

/// From here on Ctrl-C asks instead of kills.
pub fn watch() {
    let handler = || {
        if PRESSED.fetch_add(1, Ordering::SeqCst) > 0 {
            std::process::exit(130);
        }
    };
    // A second call finds the handler in place, and a system without signals does without.
    let _ = ctrlc::set_handler(handler);
}

/// Whether the user asked to stop.
pub fn requested() -> bool {
    PRESSED.load(Ordering::SeqCst) > 0
}

/// The same, in the words of an observer.
pub fn flow() -> ControlFlow<()> {
    if requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}
