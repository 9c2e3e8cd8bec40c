//! Who works when: no more chains at once than there are hands, and all of them together from one halt to the next.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Shared by the chains of a run and their watcher.
pub(super) struct Pace {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// Hands without a chain.
    free: usize,
    /// The chain that begins next.
    next: usize,
    /// Draws that every chain may make before it halts.
    allowed: usize,
    /// Chains that halt.
    waiting: usize,
    /// Whether nothing more is to be drawn.
    over: bool,
}

impl Pace {
    /// With so many hands, and a first halt after so many draws.
    pub(super) fn new(hands: usize, allowed: usize) -> Self {
        let state = State { free: hands, next: 0, allowed, waiting: 0, over: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// A chain waits for its turn and a hand, and holds it: chains begin in their order.
    pub(super) fn begin(&self, chain: usize) {
        let mut state = self.lock();
        while state.free == 0 || state.next != chain {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.free -= 1;
        state.next += 1;
        drop(state);
        self.changed.notify_all();
    }

    /// A chain waits for a hand, and holds it.
    fn take_hand(&self) {
        let mut state = self.lock();
        while state.free == 0 {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.free -= 1;
    }

    /// A chain is done with its hand.
    pub(super) fn leave_hand(&self) {
        self.lock().free += 1;
        self.changed.notify_all();
    }

    /// Draws that every chain may make before it halts.
    pub(super) fn allowed(&self) -> usize {
        self.lock().allowed
    }

    /// A chain that has made its draws leaves its hand, tells the watcher by `halted`, and waits for what it says: `false` when
    /// that was all. Otherwise it goes on, with a hand.
    pub(super) fn halt(&self, halted: impl FnOnce()) -> bool {
        let before = {
            let mut state = self.lock();
            state.free += 1;
            state.waiting += 1;
            state.allowed
        };
        self.changed.notify_all();
        halted();
        let mut state = self.lock();
        while state.allowed == before && !state.over {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let goes_on = !state.over;
        drop(state);
        self.take_hand();
        goes_on
    }

    /// Chains that halt.
    pub(super) fn waiting(&self) -> usize {
        self.lock().waiting
    }

    /// The watcher lets every chain make so many draws in all.
    pub(super) fn allow(&self, draws: usize) {
        {
            let mut state = self.lock();
            // Chains that have not yet woken up halt no longer.
            (state.allowed, state.waiting) = (draws, 0);
        }
        self.changed.notify_all();
    }

    /// The watcher ends the run.
    pub(super) fn end(&self) {
        {
            let mut state = self.lock();
            (state.over, state.waiting) = (true, 0);
        }
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing is done under the lock that could leave it half-written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
