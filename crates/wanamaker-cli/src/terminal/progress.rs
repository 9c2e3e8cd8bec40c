//! A bar that moves while chains are drawn: share done, speed, divergences, time left.

use super::Terminal;
use super::number::count;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Instant;
use wanamaker_mcmc::progress::Progress;

/// One bar over all chains; invisible when nobody watches.
#[derive(Debug)]
pub struct SamplingBar {
    bar: ProgressBar,
    began: Instant,
}

impl SamplingBar {
    /// A bar at zero.
    pub fn new(terminal: &Terminal) -> Self {
        let target = if terminal.shows_progress() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template("[{bar:24}] {percent:>3} %  {msg}  {eta} left");
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, began: Instant::now() }
    }

    /// Moves to where the chains are.
    pub fn set(&self, progress: &Progress) {
        let warm = progress.chains.iter().filter(|chain| !chain.warming_up).count();
        let chains = progress.chains.len();
        let phase = if warm < chains { "warming up" } else { "drawing" };
        let speed = progress.done() as f64 / self.began.elapsed().as_secs_f64().max(1e-3);
        self.bar.set_length(progress.total() as u64);
        self.bar.set_position(progress.done() as u64);
        let divergences = progress.n_divergences();
        self.bar.set_message(format!("{phase}, {} draws/s, {divergences} divergent", count(speed as usize)));
    }

    /// Takes the bar off the screen.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

/// A bar over things that are made one after another.
#[derive(Debug)]
pub struct CountBar {
    bar: ProgressBar,
}

impl CountBar {
    /// A bar of `total` things, `there` of which were there before.
    pub fn new(terminal: &Terminal, things: &'static str, total: u64, there: u64) -> Self {
        let target = if terminal.shows_progress() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(total), target);
        if let Ok(style) = ProgressStyle::with_template("[{bar:24}] {pos} of {len} {msg}  {eta} left") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(things);
        bar.set_position(there);
        // What was there before says nothing of how fast the rest comes.
        bar.reset_eta();
        Self { bar }
    }

    /// One more is there.
    pub fn one_more(&self) {
        self.bar.inc(1);
    }

    /// Shows that time goes on.
    pub fn tick(&self) {
        self.bar.tick();
    }

    /// Takes the bar off the screen.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
