//! Many fits, as many side by side as there are threads for; for whatever has to fit a model again and again.

use super::fit::{Fit, FitError, fit};
use crate::model::compile::CompiledModel;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// How long the watcher sleeps between two looks at the jobs.
const BEAT: Duration = Duration::from_millis(100);

/// What a job of a batch works with.
#[derive(Clone, Copy, Debug)]
pub struct Worker<'a> {
    threads: usize,
    stop: &'a AtomicBool,
}

impl Worker<'_> {
    /// Fits on the threads of this worker; stopped when the batch is.
    ///
    /// # Errors
    /// As [`fit`].
    pub fn fit(&self, model: CompiledModel) -> Result<Fit, FitError> {
        fit(model, self.threads, &mut |_| {
            if self.stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    }

    /// Whether the batch was stopped: what the job makes from now on is thrown away.
    pub fn stopped(&self) -> bool {
        self.stop.load(Relaxed)
    }
}

/// Does jobs `0..n_jobs` on `threads` threads (0 = all there are), each of which fits models of `n_chains` chains.
///
/// - `job`: `(index, worker)`; its result must not depend on anything but the index
/// - `finished`: told on this thread of every result, in the order in which jobs end, and asked between them about ten times
///   a second with `None`; `Break` stops the batch, and results that were not told by then never are
///
/// Chains of one fit run side by side before fits do, so that a first result comes soon. Returns whether all jobs were told.
pub fn run<R: Send>(
    n_jobs: usize,
    n_chains: usize,
    threads: usize,
    job: impl Fn(usize, Worker<'_>) -> R + Sync,
    mut finished: impl FnMut(Option<(usize, R)>) -> ControlFlow<()>,
) -> bool {
    let threads = if threads == 0 { thread::available_parallelism().map_or(1, usize::from) } else { threads };
    let per_fit = threads.min(n_chains.max(1));
    let n_workers = (threads / per_fit).clamp(1, n_jobs.max(1));
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let (sender, receiver) = channel();
        for _ in 0..n_workers {
            let sender = sender.clone();
            let (next, stop, job) = (&next, &stop, &job);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Relaxed);
                    if index >= n_jobs || stop.load(Relaxed) {
                        return;
                    }
                    let result = job(index, Worker { threads: per_fit, stop });
                    if stop.load(Relaxed) || sender.send((index, result)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut told = 0;
        loop {
            let flow = match receiver.recv_timeout(BEAT) {
                Ok(result) => {
                    told += 1;
                    finished(Some(result))
                }
                Err(RecvTimeoutError::Timeout) => finished(None),
                Err(RecvTimeoutError::Disconnected) => return told == n_jobs,
            };
            if flow.is_break() {
                stop.store(true, Relaxed);
                return told == n_jobs;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_is_told_once_on_any_number_of_threads() {
        for threads in [1, 3, 16] {
            let mut results = [0; 20];
            let all = run(
                20,
                2,
                threads,
                |i, _| i * i,
                |result| {
                    if let Some((i, square)) = result {
                        results[i] += square;
                    }
                    ControlFlow::Continue(())
                },
            );
            assert!(all);
            assert!(results.iter().enumerate().all(|(i, square)| *square == i * i));
        }
    }

    #[test]
    fn a_batch_that_is_stopped_tells_no_more() {
        let mut told = 0;
        let all = run(
            1000,
            1,
            2,
            |i, worker| while i > 3 && !worker.stopped() {},
            |result| {
                told += usize::from(result.is_some());
                if told == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        assert!(!all);
        assert_eq!(told, 3);
    }
}
