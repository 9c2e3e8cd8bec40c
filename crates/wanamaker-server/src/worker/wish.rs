//! What the server wants of its worker by now: to work, to stand still or to stop, one word a line on standard input.

use serde::{Deserialize, Serialize};
use std::io::{self, BufRead};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// To work: so it begins, and so it goes on after a pause.
    Work,
    /// To stand still and keep what there is.
    Pause,
    /// To stop, for good.
    Stop,
}

static WISH: Mutex<Wish> = Mutex::new(Wish::Work);
static CHANGED: Condvar = Condvar::new();

/// Listens until standard input ends: then nobody is left to work for, and the process ends.
pub fn listen() {
    let mut line = String::new();
    while io::stdin().lock().read_line(&mut line).is_ok_and(|n| n > 0) {
        if let Ok(wish) = serde_json::from_str::<Wish>(&line) {
            want(wish);
        }
        line.clear();
    }
    std::process::exit(75);
}

fn want(wish: Wish) {
    let mut wanted = WISH.lock().unwrap_or_else(PoisonError::into_inner);
    if *wanted != Wish::Stop {
        *wanted = wish;
    }
    CHANGED.notify_all();
}

/// Whether it is to stop.
pub fn is_stopped() -> bool {
    *WISH.lock().unwrap_or_else(PoisonError::into_inner) == Wish::Stop
}

/// Waits as long as it is to stand still, and gives how long that was.
pub fn stand_still() -> Duration {
    let began = Instant::now();
    let mut wanted = WISH.lock().unwrap_or_else(PoisonError::into_inner);
    if *wanted != Wish::Pause {
        return Duration::ZERO;
    }
    while *wanted == Wish::Pause {
        wanted = CHANGED.wait(wanted).unwrap_or_else(PoisonError::into_inner);
    }
    began.elapsed()
}
