//! Many fits with one bar: how many are done, which was the last, and how long the rest will take.

use crate::args::Global;
use crate::interrupt;
use crate::terminal::Terminal;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};
use wanamaker::engine::batch::{self, Worker};

/// Does one job per name, side by side where there are threads for it, and gives the results in the order of `names`;
/// `None` when the user stopped it.
pub fn run<R: Send>(
    names: &[String],
    n_chains: usize,
    global: &Global,
    terminal: &Terminal,
    job: impl Fn(usize, Worker<'_>) -> R + Sync,
) -> Option<Vec<R>> {
    interrupt::watch();
    let began = Instant::now();
    let target =
        if terminal.shows_progress() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(names.len() as u64), target);
    if let Ok(style) = ProgressStyle::with_template("[{bar:24}] {pos} of {len} fits  {msg}  {elapsed}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.enable_steady_tick(Duration::from_secs(1));
    let mut results: Vec<Option<R>> = names.iter().map(|_| None).collect();
    let all = batch::run(names.len(), n_chains, global.threads, job, |finished| {
        if let Some((index, result)) = finished {
            results[index] = Some(result);
            let done = results.iter().flatten().count();
            let left = began.elapsed().as_secs_f64() / done as f64 * (names.len() - done) as f64;
            bar.inc(1);
            bar.set_message(format!("{}, about {left:.0} s left", names[index]));
        }
        if interrupt::requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    bar.finish_and_clear();
    if !all {
        let done = results.iter().flatten().count();
        terminal.say(&format!(
            "stopped after {done} of {} fits; nothing is judged on a part of them",
            names.len()
        ));
        return None;
    }
    Some(results.into_iter().flatten().collect())
}
