//! The No-U-Turn Sampler over any `LogDensity`: chains on threads, watched, stoppable, the same on every run.
//!
//! The trajectories and their adaptation are the work of the library nuts-rs; its chains are driven here, one by
//! one, because its own driver waits for ever when a density panics while chains are queued.

mod chain;
mod error;
mod guard;
mod settings;
mod start;

pub use error::{BadStart, SampleError};
pub use settings::{Metric, NutsSettings};

use crate::draws::{ChainDraws, Chains};
use crate::log_density::LogDensity;
use crate::progress::{Counters, Progress};
use crate::seed::{Purpose, stream};
use guard::{Guarded, catch};
use rand::rngs::ChaCha8Rng;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// How long the watcher sleeps between two looks at the chains.
const BEAT: Duration = Duration::from_millis(50);

/// Draws from a density with the No-U-Turn Sampler [hoffman2014], multinomial over the trajectory [betancourt2017].
///
/// - `make_density`: called on the thread of each chain, once per chain (and once before, to learn the dimension);
///   a density need not be `Send`, and its scratch space is its own
/// - `initial`: proposes a start, `(chain, rng, position)`, `position` all zeros on entry; asked again, up to 100
///   times, until log density and gradient are finite. A coordinate whose derivative is exactly zero is moved by
///   up to 0.1.
/// - `observer`: called on this thread about every 50 ms, whenever a chain ends, and once at the end. `Break` stops the
///   chains at their next gradient evaluation; all that is drawn is kept and `Chains::cancelled` is set.
///
/// The draws depend on the density, the settings and the seed, bit for bit, and not on the number of threads or
/// of other chains; across machines only as far as their floating-point units agree.
///
/// # Errors
/// A setting out of range, no finite start, a panic in the density (the other chains then stop), or a failure of
/// the library. A point without a finite density is no error but a divergence.
pub fn sample<D, M, I>(
    make_density: M,
    initial: I,
    settings: &NutsSettings,
    observer: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Chains, SampleError>
where
    D: LogDensity,
    M: Fn() -> D + Sync,
    I: Fn(usize, &mut ChaCha8Rng, &mut [f64]) + Sync,
{
    settings.check()?;
    let dim = catch(|| make_density().dim())
        .map_err(|message| SampleError::DensityPanicked { chain: 0, message })?;
    if dim == 0 {
        return Err(SampleError::NoDimensions);
    }
    let run = Run::new(settings, dim, &make_density, &initial);
    let outcomes = run.on_threads(observer)?;
    let chains = outcomes.into_iter().map(Option::unwrap_or_default).collect::<Vec<ChainDraws>>();
    let cancelled = chains.iter().any(|chain| chain.n_draws() < settings.n_draws);
    Ok(Chains { dim, chains, cancelled })
}

/// One run: what its threads share.
struct Run<'a, M, I> {
    settings: &'a NutsSettings,
    dim: usize,
    make_density: &'a M,
    initial: &'a I,
    /// Set once, never cleared: every chain ends at its next evaluation.
    stop: AtomicBool,
    /// The next chain nobody works on.
    next: AtomicUsize,
    /// Shape `[chain]`.
    counters: Vec<Counters>,
}

/// The end of one chain, with its number.
type Outcome = (usize, Result<ChainDraws, SampleError>);

impl<'a, D, M, I> Run<'a, M, I>
where
    D: LogDensity,
    M: Fn() -> D + Sync,
    I: Fn(usize, &mut ChaCha8Rng, &mut [f64]) + Sync,
{
    fn new(settings: &'a NutsSettings, dim: usize, make_density: &'a M, initial: &'a I) -> Self {
        let counters = (0..settings.n_chains).map(|_| Counters::default()).collect();
        let (stop, next) = (AtomicBool::new(false), AtomicUsize::new(0));
        Self { settings, dim, make_density, initial, stop, next, counters }
    }

    /// Starts the workers and watches them. `None` for a chain that was stopped before it began.
    fn on_threads(
        &self,
        observer: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<Vec<Option<ChainDraws>>, SampleError> {
        thread::scope(|scope| {
            // Also on the way out of an observer that panics: the scope waits for its threads.
            let _stop = StopOnDrop(&self.stop);
            let (sender, receiver) = channel();
            let mut n_started = 0;
            for worker in 0..self.settings.n_workers() {
                let sender = sender.clone();
                let builder = thread::Builder::new().name(format!("nuts-{worker}"));
                match builder.spawn_scoped(scope, move || self.work(&sender)) {
                    Ok(_) => n_started += 1,
                    // Fewer hands do the same work; none do not.
                    Err(error) if n_started == 0 => return Err(SampleError::NoThread(error.to_string())),
                    Err(_) => break,
                }
            }
            drop(sender);
            self.watch(&receiver, observer)
        })
    }

    /// Takes one chain after the other until none is left.
    fn work(&self, sender: &Sender<Outcome>) {
        loop {
            let chain = self.next.fetch_add(1, Relaxed);
            if chain >= self.settings.n_chains || self.stop.load(Relaxed) {
                return;
            }
            let outcome = catch(|| self.chain(chain))
                .unwrap_or_else(|message| Err(SampleError::SamplerFailed { chain, message }));
            if outcome.is_err() {
                self.stop.store(true, Relaxed);
            }
            // The watcher outlives the workers unless the observer panicked; then nobody wants the outcome.
            let _ = sender.send((chain, outcome));
        }
    }

    /// Runs one chain on this thread.
    fn chain(&self, chain: usize) -> Result<ChainDraws, SampleError> {
        let density =
            catch(self.make_density).map_err(|message| SampleError::DensityPanicked { chain, message })?;
        debug_assert_eq!(density.dim(), self.dim, "every density of a run has the same dimension");
        let mut density = Guarded::new(density, &self.stop);
        let mut rng = stream(self.settings.seed, Purpose::Initial, chain as u64);
        match start::find(chain, self.dim, &mut density, self.initial, &mut rng)? {
            Some(start) => chain::run(chain, self.settings, density, &start, &self.counters[chain]),
            None => Ok(ChainDraws::default()),
        }
    }

    /// Collects the ended chains and tells the observer, until all workers have gone home.
    fn watch(
        &self,
        receiver: &Receiver<Outcome>,
        observer: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<Vec<Option<ChainDraws>>, SampleError> {
        let mut outcomes: Vec<_> = (0..self.settings.n_chains).map(|_| None).collect();
        loop {
            match receiver.recv_timeout(BEAT) {
                Ok((chain, outcome)) => outcomes[chain] = Some(outcome),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if observer(&self.progress()).is_break() {
                self.stop.store(true, Relaxed);
            }
        }
        // All chains have ended: there is nothing left to break off.
        let _ = observer(&self.progress());
        outcomes.into_iter().map(Option::transpose).collect()
    }

    fn progress(&self) -> Progress {
        let total = self.settings.n_tune + self.settings.n_draws;
        Progress { chains: self.counters.iter().map(|counters| counters.snapshot(total)).collect() }
    }
}

/// Stops the run when dropped.
struct StopOnDrop<'a>(&'a AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}
