//! One worker process, seen from the server: started with an order, read line by line, paused, stopped or killed.

use crate::problem::Finding;
use crate::settings::WorkerCommand;
use crate::worker::{Line, Order, Wish};
use serde_json::Value;
use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child as Process, ChildStdin, ChildStdout, Command};

/// Bytes of standard error that are kept for the log.
const TAIL: usize = 4000;

/// A worker at work; killed when dropped.
pub struct Child {
    process: Process,
    stdin: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
    said: Arc<Mutex<Vec<u8>>>,
}

/// How a worker ended.
#[derive(Debug)]
pub enum Ended {
    /// With a result.
    Done(Value),
    /// It could not be done, for reasons in the order.
    Failed(Vec<Finding>),
    /// It stopped because it was asked to.
    Cancelled,
    /// It wanted more memory than it may have.
    OutOfMemory,
    /// It panicked.
    Crashed,
    /// It was taken away.
    Killed,
    /// It took too long.
    TooSlow,
}

impl Child {
    /// Starts a worker in `folder`. It gets nothing of the server's environment but what a program needs to run.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn start(command: &WorkerCommand, folder: &Path, order: &Order) -> io::Result<Self> {
        let mut builder = Command::new(&command.program);
        builder.args(&command.arguments).current_dir(folder).env_clear();
        for name in ["PATH", "HOME", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "SYSTEMROOT", "RUST_BACKTRACE"] {
            if let Some(value) = std::env::var_os(name) {
                builder.env(name, value);
            }
        }
        builder.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        // Ctrl-C is for the server, which knows what to do with its workers.
        #[cfg(unix)]
        builder.process_group(0);
        let mut process = builder.spawn()?;
        let missing = || io::Error::other("a worker has no pipes");
        let mut stdin = process.stdin.take().ok_or_else(missing)?;
        let stdout = process.stdout.take().ok_or_else(missing)?;
        let mut stderr = process.stderr.take().ok_or_else(missing)?;
        let said = Arc::<Mutex<Vec<u8>>>::default();
        let keep = Arc::clone(&said);
        tokio::spawn(async move {
            let mut buffer = vec![0; 1024];
            while let Ok(n @ 1..) = stderr.read(&mut buffer).await {
                let mut said = keep.lock().unwrap_or_else(PoisonError::into_inner);
                said.extend_from_slice(&buffer[..n]);
                let surplus = said.len().saturating_sub(TAIL);
                said.drain(..surplus);
            }
        });
        let mut text = serde_json::to_vec(order).map_err(io::Error::other)?;
        text.push(b'\n');
        // A worker that dies at once is noticed where its lines are read.
        let _ = stdin.write_all(&text).await;
        let _ = stdin.flush().await;
        Ok(Self { process, stdin: Some(stdin), lines: BufReader::new(stdout).lines(), said })
    }

    /// The next line; `None` when there is none any more. May be given up and called again.
    pub async fn line(&mut self) -> Option<Line> {
        loop {
            let text = self.lines.next_line().await.ok().flatten()?;
            match serde_json::from_str(&text) {
                Ok(line) => return Some(line),
                Err(_) => tracing::warn!("a worker said something that is no line of its language"),
            }
        }
    }

    /// Tells it what is wanted of it.
    pub async fn tell(&mut self, wish: Wish) {
        let Some(stdin) = &mut self.stdin else { return };
        if let Ok(mut text) = serde_json::to_vec(&wish) {
            text.push(b'\n');
            let _ = stdin.write_all(&text).await;
            let _ = stdin.flush().await;
        }
    }

    /// Ends it now and waits until it is gone.
    pub async fn kill(mut self) {
        let _ = self.process.kill().await;
    }

    /// What its silence means: it is waited for, which takes no time when its output has ended.
    pub async fn silence(mut self) -> Ended {
        let status = self.process.wait().await;
        drop(self.stdin.take());
        let said =
            String::from_utf8_lossy(&self.said.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
        match status {
            Ok(status) => meaning(status, &said),
            Err(_) => Ended::Killed,
        }
    }

    /// Reads to the end, for at most `limit`; progress is not listened to.
    pub async fn finish(mut self, limit: Duration) -> Ended {
        let last = tokio::time::timeout(limit, async {
            loop {
                match self.line().await {
                    Some(Line::Progress(_)) => {}
                    other => return other,
                }
            }
        });
        match last.await {
            Err(_) => {
                self.kill().await;
                Ended::TooSlow
            }
            Ok(None) => self.silence().await,
            Ok(Some(line)) => ended(line).unwrap_or(Ended::Crashed),
        }
    }
}

/// The end that a line speaks of; `None` for progress.
pub fn ended(line: Line) -> Option<Ended> {
    match line {
        Line::Progress(_) => None,
        Line::Done(value) => Some(Ended::Done(value)),
        Line::Failed(findings) => Some(Ended::Failed(findings)),
        Line::Cancelled => Some(Ended::Cancelled),
    }
}

fn meaning(status: ExitStatus, said: &str) -> Ended {
    tracing::warn!(%status, said, "a worker ended without a result");
    if said.contains("memory allocation of") || said.contains("Cannot allocate memory") {
        return Ended::OutOfMemory;
    }
    if status.code().is_some() { Ended::Crashed } else { Ended::Killed }
}
