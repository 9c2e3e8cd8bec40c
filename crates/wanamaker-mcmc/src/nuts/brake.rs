//! What makes chains stand still for a while, or end: they ask it before every evaluation of their density.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Shared by the chains of a run and their watcher.
#[derive(Default)]
pub(super) struct Brake {
    is_held: AtomicBool,
    /// Set once, never cleared.
    is_over: AtomicBool,
    still: Mutex<()>,
    changed: Condvar,
}

impl Brake {
    /// Whether a chain may go on; while the brake is held it waits.
    pub(super) fn goes_on(&self) -> bool {
        if self.is_held.load(Relaxed) {
            let mut still = self.lock();
            while self.is_held.load(Relaxed) && !self.is_over() {
                still = self.changed.wait(still).unwrap_or_else(PoisonError::into_inner);
            }
        }
        !self.is_over()
    }

    /// Whether nothing more is to be evaluated.
    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Relaxed)
    }

    /// Does `work` while the chains stand still.
    pub(super) fn held<T>(&self, work: impl FnOnce() -> T) -> T {
        self.is_held.store(true, Relaxed);
        let _release = ReleaseOnDrop(self);
        work()
    }

    /// Ends all chains, those that stand still as well.
    pub(super) fn end(&self) {
        self.change(&self.is_over, true);
    }

    /// Under the lock, so that nobody who has just looked goes to sleep afterwards.
    fn change(&self, flag: &AtomicBool, value: bool) {
        let still = self.lock();
        flag.store(value, Relaxed);
        drop(still);
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        self.still.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets go of the brake, also when the work under it panicked.
struct ReleaseOnDrop<'a>(&'a Brake);

impl Drop for ReleaseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.change(&self.0.is_held, false);
    }
}
