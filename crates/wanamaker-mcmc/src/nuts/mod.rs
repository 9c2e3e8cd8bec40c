//! The No-U-Turn Sampler over any `LogDensity`: chains on threads, watched, stoppable, the same on every run.
//!
//! The trajectories and their adaptation are the work of the library nuts-rs; its chains are driven here, one by
//! one, because its own driver waits for ever when a density panics while chains are queued.

mod brake;
mod chain;
mod error;
mod guard;
mod pace;
mod settings;
mod start;

pub use error::{BadStart, SampleError};
pub use settings::{Metric, NutsSettings};

use crate::draws::{ChainDraws, Chains};
use crate::log_density::LogDensity;
use crate::progress::{Counters, Progress};
use crate::seed::{Purpose, stream};
use crate::store::Store;
use brake::Brake;
use chain::{Attempt, Ended, Held};
use guard::{Guarded, catch};
use pace::Pace;
use rand::rngs::ChaCha8Rng;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
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
///   chains at their next gradient evaluation; all that is drawn is kept and `Chains::cancelled` is set. Until it
///   returns the chains stand still, at their next evaluation as well: who wants a pause takes their time.
///
/// The draws depend on the density, the settings and the seed, bit for bit, and not on the number of threads or
/// of other chains; across machines only as far as their floating-point units agree.
///
/// With [`NutsSettings::n_settle`] a chain may begin to draw before its warm-up is over.
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
    sample_until(make_density, initial, settings, Vec::new, None, observer)
}

/// When to look at the draws of all chains, and what to do then.
pub struct Goal<'a, S> {
    /// Draws of each chain before the first look, ≥ 1.
    pub first_look: usize,
    /// Looks at the draws, in the order of the chains and as many of each: how many more to make before the next look, 0 for
    /// none. `n_draws` are the most.
    pub more: &'a mut Look<'a, S>,
}

/// See [`Goal::more`].
type Look<'a, S> = dyn FnMut(&mut [&mut ChainDraws<S>]) -> Result<usize, SampleError> + 'a;

/// As [`sample`], and stops when a goal is reached. Looks depend on the draws alone, so that the number of draws does not depend
/// on the threads either. `make_store` is called once per chain for where its positions are put.
///
/// # Errors
/// The same, those of the stores and those of the looks.
pub fn sample_until<D, M, I, S>(
    make_density: M,
    initial: I,
    settings: &NutsSettings,
    make_store: impl Fn() -> S,
    goal: Option<Goal<S>>,
    observer: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Chains<S>, SampleError>
where
    D: LogDensity,
    M: Fn() -> D + Sync,
    I: Fn(usize, &mut ChaCha8Rng, &mut [f64]) + Sync,
    S: Store,
{
    settings.check()?;
    let dim = catch(|| make_density().dim())
        .map_err(|message| SampleError::DensityPanicked { chain: 0, message })?;
    if dim == 0 {
        return Err(SampleError::NoDimensions);
    }
    let allowed = goal.as_ref().map_or(settings.n_draws, |goal| goal.first_look.clamp(1, settings.n_draws));
    let run = Run::new(settings, dim, &make_density, &initial, &make_store, allowed);
    let broken_off = run.on_threads(goal, observer)?;
    let wanted = if broken_off { settings.n_draws } else { run.pace.allowed() };
    let whole = |draws: Mutex<ChainDraws<S>>| draws.into_inner().unwrap_or_else(PoisonError::into_inner);
    let chains: Vec<_> = run.draws.into_iter().map(whole).collect();
    let cancelled = chains.iter().any(|chain| chain.n_draws() < wanted);
    Ok(Chains { dim, chains, cancelled })
}

/// One run: what its threads share.
struct Run<'a, M, I, S> {
    settings: &'a NutsSettings,
    dim: usize,
    make_density: &'a M,
    initial: &'a I,
    brake: Brake,
    pace: Pace,
    /// Shape `[chain]`; a chain holds its own while it works.
    draws: Vec<Mutex<ChainDraws<S>>>,
    /// Shape `[chain]`.
    counters: Vec<Counters>,
}

/// What a chain tells the watcher.
enum Message {
    /// It halts.
    Halted,
    /// Its end, with its number.
    Ended(usize, Result<(), SampleError>),
}

impl<'a, D, M, I, S> Run<'a, M, I, S>
where
    D: LogDensity,
    M: Fn() -> D + Sync,
    I: Fn(usize, &mut ChaCha8Rng, &mut [f64]) + Sync,
    S: Store,
{
    fn new(
        settings: &'a NutsSettings,
        dim: usize,
        make_density: &'a M,
        initial: &'a I,
        make_store: &dyn Fn() -> S,
        allowed: usize,
    ) -> Self {
        let counters: Vec<Counters> = (0..settings.n_chains).map(|_| Counters::default()).collect();
        // All warm-ups there may be: what is done never becomes a smaller share of the whole.
        let most = settings.warmups().sum::<usize>() + settings.n_draws;
        counters.iter().for_each(|counters| counters.expect(most));
        let draws =
            (0..settings.n_chains).map(|_| Mutex::new(ChainDraws::into_store(make_store()))).collect();
        let pace = Pace::new(settings.n_workers(), allowed);
        Self { settings, dim, make_density, initial, brake: Brake::default(), pace, draws, counters }
    }

    /// Starts the chains and watches them; whether the observer wanted no more while they were at work.
    fn on_threads(
        &self,
        goal: Option<Goal<S>>,
        observer: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<bool, SampleError> {
        thread::scope(|scope| {
            // Also on the way out of an observer that panics: the scope waits for its threads.
            let _stop = StopOnDrop(self);
            let (sender, receiver) = channel();
            for chain in 0..self.settings.n_chains {
                let sender = sender.clone();
                let builder = thread::Builder::new().name(format!("chain-{chain}"));
                builder
                    .spawn_scoped(scope, move || self.work(chain, &sender))
                    .map_err(|error| SampleError::NoThread(error.to_string()))?;
            }
            drop(sender);
            self.watch(&receiver, goal, observer)
        })
    }

    /// Waits for its turn and runs a chain.
    fn work(&self, chain: usize, sender: &Sender<Message>) {
        self.pace.begin(chain);
        if !self.brake.is_over() {
            let outcome = catch(|| self.chain(chain, sender))
                .unwrap_or_else(|message| Err(SampleError::SamplerFailed { chain, message }));
            if outcome.is_err() {
                self.end();
            }
            // The watcher outlives the chains unless the observer panicked; then nobody wants the outcome.
            let _ = sender.send(Message::Ended(chain, outcome));
        }
        self.pace.leave_hand();
    }

    /// Runs one chain on this thread.
    fn chain(&self, chain: usize, sender: &Sender<Message>) -> Result<(), SampleError> {
        let mut begin = stream(self.settings.seed, Purpose::Initial, chain as u64);
        let mut rng = stream(self.settings.seed, Purpose::Chain, chain as u64);
        let mut position = None;
        let warmups: Vec<usize> = self.settings.warmups().collect();
        for (i, &n_tune) in warmups.iter().enumerate() {
            let density = catch(self.make_density)
                .map_err(|message| SampleError::DensityPanicked { chain, message })?;
            debug_assert_eq!(density.dim(), self.dim, "every density of a run has the same dimension");
            let mut density = Guarded::new(density, &self.brake);
            let start = match position.take() {
                Some(position) => position,
                None => match start::find(chain, self.dim, &mut density, self.initial, &mut begin)? {
                    Some(start) => start,
                    None => break,
                },
            };
            let attempt = Attempt {
                chain,
                settings: self.settings,
                n_tune,
                must_settle: i + 1 < warmups.len(),
                counters: &self.counters[chain],
                goes_on: &|draws| self.goes_on(chain, draws, sender),
            };
            match chain::run(&attempt, density, &start, &mut rng, lock(&self.draws[chain]))? {
                Ended::Drawn => break,
                Ended::Unsettled(there) => position = Some(there),
            }
        }
        Ok(())
    }

    /// Gives a chain with these draws them back if it goes on; it halts, and lets go of them, where all are to be looked at.
    fn goes_on<'s>(
        &'s self,
        chain: usize,
        draws: Held<'s, S>,
        sender: &Sender<Message>,
    ) -> Option<Held<'s, S>> {
        if draws.n_draws() >= self.settings.n_draws {
            return None;
        }
        if draws.n_draws() < self.pace.allowed() {
            return Some(draws);
        }
        drop(draws);
        let goes_on = self.pace.halt(|| {
            let _ = sender.send(Message::Halted);
        });
        goes_on.then(|| lock(&self.draws[chain]))
    }

    /// Hears of the ended chains, looks at those that halt and tells the observer, until all chains have gone home.
    fn watch(
        &self,
        receiver: &Receiver<Message>,
        mut goal: Option<Goal<S>>,
        observer: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<bool, SampleError> {
        let mut broken_off = false;
        let mut outcomes: Vec<_> = (0..self.settings.n_chains).map(|_| Ok(())).collect();
        loop {
            match receiver.recv_timeout(BEAT) {
                Ok(Message::Ended(chain, outcome)) => outcomes[chain] = outcome,
                Ok(Message::Halted) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if let Some(goal) = goal.as_mut()
                && self.pace.waiting() == self.settings.n_chains
            {
                self.look(goal)?;
            }
            if self.brake.held(|| observer(&self.progress())).is_break() {
                broken_off = true;
                self.end();
            }
        }
        // All chains have ended: there is nothing left to break off.
        let _ = observer(&self.progress());
        outcomes.into_iter().collect::<Result<(), _>>()?;
        Ok(broken_off)
    }

    /// Looks at the draws of all chains, and lets them go on or home.
    fn look(&self, goal: &mut Goal<S>) -> Result<(), SampleError> {
        let mut draws: Vec<_> = self.draws.iter().map(lock).collect();
        let more = (goal.more)(&mut draws.iter_mut().map(|draws| &mut **draws).collect::<Vec<_>>())?;
        drop(draws);
        if more == 0 {
            self.pace.end();
        } else {
            self.pace.allow((self.pace.allowed() + more).min(self.settings.n_draws));
        }
        Ok(())
    }

    fn progress(&self) -> Progress {
        Progress { chains: self.counters.iter().map(Counters::snapshot).collect() }
    }
}

impl<M, I, S> Run<'_, M, I, S> {
    /// Ends all chains, those that halt as well.
    fn end(&self) {
        self.brake.end();
        self.pace.end();
    }
}

fn lock<T>(place: &Mutex<T>) -> MutexGuard<'_, T> {
    // The draws are whole whenever the lock is free.
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Stops the run when dropped.
struct StopOnDrop<'a, 'r, M, I, S>(&'a Run<'r, M, I, S>);

impl<M, I, S> Drop for StopOnDrop<'_, '_, M, I, S> {
    fn drop(&mut self) {
        self.0.end();
    }
}
