//! How far the chains are: a snapshot for whoever watches, and the counters it is taken from.

use serde::Serialize;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};

/// A snapshot of all chains, in the order of the chains.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Progress {
    /// One entry per chain, waiting ones included.
    pub chains: Vec<ChainProgress>,
}

impl Progress {
    /// Iterations made so far, over all chains, warm-up included.
    pub fn done(&self) -> usize {
        self.chains.iter().map(|chain| chain.done).sum()
    }

    /// Iterations to be made, over all chains, warm-up included.
    pub fn total(&self) -> usize {
        self.chains.iter().map(|chain| chain.total).sum()
    }

    /// Share of the iterations that are made, 0 to 1.
    pub fn fraction(&self) -> f64 {
        if self.total() == 0 { 1.0 } else { self.done() as f64 / self.total() as f64 }
    }

    /// Divergences after warm-up, over all chains.
    pub fn n_divergences(&self) -> usize {
        self.chains.iter().map(|chain| chain.n_divergences).sum()
    }
}

/// Where one chain is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ChainProgress {
    /// Iterations made, warm-up included.
    pub done: usize,
    /// Iterations to be made, warm-up included.
    pub total: usize,
    /// Whether the chain still adapts; true before it starts.
    pub warming_up: bool,
    /// Divergences after warm-up. Those of the warm-up are part of learning and are not counted here.
    pub n_divergences: usize,
    /// Leapfrog steps made, warm-up included; each is one evaluation of the density and its gradient.
    pub n_leapfrogs: usize,
    /// Step size of the latest iteration; 0 before the first.
    pub step_size: f64,
}

/// The counters of one chain, written by its thread and read by the watcher.
///
/// Each is read and written on its own with relaxed order: a snapshot may mix two neighbouring iterations,
/// and nothing is computed from it.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    done: AtomicUsize,
    total: AtomicUsize,
    warm: AtomicBool,
    n_divergences: AtomicUsize,
    n_leapfrogs: AtomicUsize,
    step_size: AtomicU64,
}

impl Counters {
    /// Says how many iterations there will be, warm-up included.
    pub(crate) fn expect(&self, total: usize) {
        self.total.store(total, Relaxed);
    }

    /// Says how many more there will be.
    pub(crate) fn expect_more(&self, more: usize) {
        self.expect(self.done.load(Relaxed) + more);
    }

    /// Counts one iteration.
    pub(crate) fn add(&self, warming_up: bool, diverging: bool, n_leapfrogs: usize, step_size: f64) {
        self.done.fetch_add(1, Relaxed);
        self.warm.store(!warming_up, Relaxed);
        self.n_divergences.fetch_add(usize::from(diverging && !warming_up), Relaxed);
        self.n_leapfrogs.fetch_add(n_leapfrogs, Relaxed);
        self.step_size.store(step_size.to_bits(), Relaxed);
    }

    /// The state of the counters now.
    pub(crate) fn snapshot(&self) -> ChainProgress {
        ChainProgress {
            done: self.done.load(Relaxed),
            total: self.total.load(Relaxed),
            warming_up: !self.warm.load(Relaxed),
            n_divergences: self.n_divergences.load(Relaxed),
            n_leapfrogs: self.n_leapfrogs.load(Relaxed),
            step_size: f64::from_bits(self.step_size.load(Relaxed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divergences_of_the_warm_up_are_not_counted() {
        let counters = Counters::default();
        counters.expect(10);
        counters.add(true, true, 7, 0.5);
        counters.add(false, true, 3, 0.25);
        let expected = ChainProgress {
            done: 2,
            total: 10,
            warming_up: false,
            n_divergences: 1,
            n_leapfrogs: 10,
            step_size: 0.25,
        };
        assert_eq!(counters.snapshot(), expected);
    }

    #[test]
    fn a_chain_that_waits_is_warming_up() {
        assert!(Counters::default().snapshot().warming_up);
    }

    #[test]
    fn sums_run_over_the_chains() {
        let chain = ChainProgress { done: 3, total: 4, n_divergences: 1, ..ChainProgress::default() };
        let progress = Progress { chains: vec![chain; 2] };
        assert_eq!((progress.done(), progress.total(), progress.n_divergences()), (6, 8, 2));
        assert_eq!(progress.fraction(), 0.75);
        assert_eq!(Progress::default().fraction(), 1.0);
    }
}
