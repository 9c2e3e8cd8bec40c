//! One job at work: its worker is listened to, its lease kept, and what others wish of it is passed on.

use super::child::{Child, ended};
use super::runner::{IDLE, Verdict, conclude};
use super::slot::Slot;
use crate::app::App;
use crate::store::{Claimed, Result, State};
use crate::worker::{Line, Order, Wish};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::time::{MissedTickBehavior, interval, sleep};

/// How often a server looks what was wished of its jobs through another one.
const LOOK: Duration = Duration::from_millis(400);
/// How long a worker that was asked to stop may take.
const GRACE: Duration = Duration::from_millis(1200);
/// Least time between two notes of progress.
const PACE: Duration = Duration::from_millis(900);

/// A job and its worker.
struct Watch<'a> {
    app: &'a App,
    claimed: &'a Claimed,
    slot: &'a mut Slot,
    child: Child,
    /// When it was last known to be ours.
    held_at: Instant,
    noted_at: Option<Instant>,
    /// When the worker, which was asked to stop, is ended.
    stop_by: Option<tokio::time::Instant>,
    is_paused: bool,
    /// Whether it was resumed and waits for its slot.
    is_resumed: bool,
}

/// Watches a job until its worker has ended, or has been ended.
pub async fn watch(
    app: &App,
    claimed: &Claimed,
    slot: &mut Slot,
    folder: &Path,
    order: &Order,
    output: &Path,
) -> Verdict {
    let child = match Child::start(&app.settings.worker, folder, order).await {
        Ok(child) => child,
        Err(error) => {
            tracing::error!(%error, "a worker cannot be started");
            sleep(IDLE).await;
            return Verdict::Back(true);
        }
    };
    let mut watch = Watch {
        app,
        claimed,
        slot,
        child,
        held_at: Instant::now(),
        noted_at: None,
        stop_by: None,
        is_paused: false,
        is_resumed: false,
    };
    let wake = app.hub.of(&claimed.id);
    let (mut beat, mut look) = (interval(app.settings.heartbeat), interval(LOOK));
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let state = tokio::select! {
            line = watch.child.line() => match line {
                Some(Line::Progress(progress)) => {
                    watch.note(&progress.to_string()).await;
                    continue;
                }
                line => return watch.end(line, output).await,
            },
            _ = beat.tick() => app.store.heartbeat(claimed, app.settings.lease).await,
            _ = look.tick() => app.store.state_of(claimed).await,
            () = wake.notified() => app.store.state_of(claimed).await,
            () = watch.slot.regain(), if watch.is_resumed => watch.go_on().await,
            () = app.hub.stopped() => {
                watch.child.kill().await;
                return if watch.stop_by.is_some() { Verdict::Cancelled } else { Verdict::Back(false) };
            }
            () = sleep_until(watch.stop_by) => {
                watch.child.kill().await;
                return Verdict::Cancelled;
            }
        };
        if !watch.heed(state).await {
            watch.child.kill().await;
            return Verdict::Lost;
        }
    }
}

impl Watch<'_> {
    /// Does what the state of the job asks for; says whether the job is still ours.
    async fn heed(&mut self, state: Result<Option<State>>) -> bool {
        let state = match state {
            Ok(Some(state)) => state,
            Ok(None) => {
                let Claimed { id, attempt, .. } = self.claimed;
                tracing::warn!(job = id, attempt, "a job is another server's by now");
                return false;
            }
            // Nobody may work on a job whose lease may be over, even if nobody could tell them.
            Err(error) if self.held_at.elapsed() > self.app.settings.lease => {
                tracing::error!(%error, job = self.claimed.id, "the lease of a job ran out while the database was away");
                return false;
            }
            Err(_) => return true,
        };
        self.held_at = Instant::now();
        match state {
            State::Cancelling if self.stop_by.is_none() => {
                self.is_resumed = false;
                self.child.tell(Wish::Stop).await;
                self.stop_by = Some(tokio::time::Instant::now() + GRACE);
            }
            State::Paused => {
                self.is_resumed = false;
                self.slot.leave();
                if !self.is_paused {
                    self.is_paused = true;
                    self.child.tell(Wish::Pause).await;
                }
            }
            State::Queued => self.is_resumed = true,
            _ => {}
        }
        true
    }

    /// Goes on with a job that was resumed and has its slot, unless something else was wished meanwhile.
    async fn go_on(&mut self) -> Result<Option<State>> {
        self.is_resumed = false;
        if !self.app.store.take_up(self.claimed).await? {
            return self.app.store.state_of(self.claimed).await;
        }
        self.is_paused = false;
        self.child.tell(Wish::Work).await;
        self.app.hub.wake(&self.claimed.id);
        Ok(Some(State::Running))
    }

    /// Writes progress down now and then. A note that cannot be written is no reason to stop; a lost job is found out by the
    /// heartbeat.
    async fn note(&mut self, progress: &str) {
        if self.stop_by.is_some() || self.noted_at.is_some_and(|at| at.elapsed() < PACE) {
            return;
        }
        self.noted_at = Some(Instant::now());
        if let Ok(true) = self.app.store.progress(self.claimed, progress).await {
            self.app.hub.wake(&self.claimed.id);
        }
    }

    /// What the last line of the worker means, or its silence.
    async fn end(self, line: Option<Line>, output: &Path) -> Verdict {
        let was_stopped = self.stop_by.is_some();
        let ended = match line.and_then(ended) {
            Some(ended) => ended,
            None => self.child.silence().await,
        };
        conclude(ended, was_stopped, output)
    }
}

async fn sleep_until(instant: Option<tokio::time::Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
