//! The loop that takes jobs from the queue, one worker each, and writes down what comes of them.

use super::FitWork;
use super::child::Ended;
use super::slot::Slot;
use super::watch::watch;
use crate::app::App;
use crate::blobs::BlobError;
use crate::problem::Finding;
use crate::store::Claimed;
use crate::worker::{DataFile, Order, Work};
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// How long an idle loop sleeps before it looks for jobs of other servers.
pub(super) const IDLE: Duration = Duration::from_secs(1);

/// Works until the server stops, then until what was begun is written down.
pub async fn run(app: App) {
    let slots = Arc::new(Semaphore::new(app.settings.workers));
    let mut begun = JoinSet::new();
    loop {
        while begun.try_join_next().is_some() {}
        // Who was resumed waits for a slot in the same line.
        let slot = tokio::select! {
            slot = Slot::take(&slots) => slot,
            () = app.hub.stopped() => break,
        };
        let settings = &app.settings;
        match app.store.claim(&app.blobs.server, settings.lease, settings.most_faults).await {
            Ok(Some(claimed)) => {
                tracing::info!(job = claimed.id, attempt = claimed.attempt, "a job begins");
                let app = app.clone();
                begun.spawn(async move {
                    carry_out(&app, &claimed, slot).await;
                    app.hub.wake(&claimed.id);
                });
            }
            Ok(None) => {
                drop(slot);
                tokio::select! {
                    () = app.hub.work.notified() => {}
                    () = app.hub.stopped() => {}
                    () = sleep(IDLE) => {}
                }
            }
            Err(error) => {
                tracing::error!(%error, "no job can be claimed");
                drop(slot);
                sleep(IDLE).await;
            }
        }
    }
    while begun.join_next().await.is_some() {}
}

/// What is to be written down about a job in the end.
pub(super) enum Verdict {
    /// There is a fit file.
    Fitted(PathBuf, Value),
    /// It failed for good.
    Failed(Value),
    /// It was cancelled.
    Cancelled,
    /// It goes back into the queue; `true` where that is the job's fault.
    Back(bool),
    /// It is no longer ours: another server has it.
    Lost,
}

async fn carry_out(app: &App, claimed: &Claimed, mut slot: Slot) {
    let (verdict, _scratch) = match prepare(app, claimed).await {
        Ok((scratch, order, output)) => {
            (watch(app, claimed, &mut slot, scratch.path(), &order, &output).await, Some(scratch))
        }
        Err(verdict) => (verdict, None),
    };
    // The database may be away for a moment; after the lease the job is another's anyway.
    let began = Instant::now();
    loop {
        match write_down(app, claimed, &verdict).await {
            Ok(()) => return,
            Err(error) if began.elapsed() < app.settings.lease => {
                tracing::error!(%error, job = claimed.id, "the end of a job cannot be written down yet");
                sleep(Duration::from_millis(500)).await;
            }
            Err(error) => {
                tracing::error!(%error, job = claimed.id, "the end of a job was not written down");
                return;
            }
        }
    }
}

async fn prepare(app: &App, claimed: &Claimed) -> Result<(TempDir, Order, PathBuf), Verdict> {
    let Ok(work) = serde_json::from_str::<FitWork>(&claimed.work) else {
        return Err(failed("job.corrupt", "the order of this job cannot be read any more", Vec::new()));
    };
    let scratch = app.blobs.scratch().map_err(|error| disk(&error))?;
    let name = PathBuf::from(format!("data.{}", work.extension));
    let (blobs, target, sha256) = (app.clone(), scratch.path().join(&name), work.blob.clone());
    let lent = tokio::task::spawn_blocking(move || lend(&blobs, &sha256, &target)).await;
    match lent {
        Ok(Ok(())) => {}
        Ok(Err(BlobError::Io(error))) => return Err(disk(&error)),
        Ok(Err(error)) => return Err(failed("dataset.damaged", &error.to_string(), Vec::new())),
        Err(error) => return Err(failed("internal", &error.to_string(), Vec::new())),
    }
    let output = scratch.path().join("fit.mmm");
    let file = DataFile { path: name, name: work.name };
    let work = Work::Fit { file, spec: work.spec, threads: app.settings.threads, output: "fit.mmm".into() };
    Ok((scratch, Order { memory: app.settings.worker_memory, work }, output))
}

/// A checked file under a name of the worker's.
pub fn lend(app: &App, sha256: &str, target: &Path) -> Result<(), BlobError> {
    let path = app.blobs.checked(sha256)?;
    // A link costs nothing; where there are none, or across disks, a copy does.
    if std::fs::hard_link(&path, target).is_err() {
        std::fs::copy(&path, target)?;
    }
    Ok(())
}

/// What is to be written down when a worker ended so.
pub(super) fn conclude(ended: Ended, was_stopped: bool, output: &Path) -> Verdict {
    match ended {
        _ if was_stopped => Verdict::Cancelled,
        Ended::Done(facts) => Verdict::Fitted(output.to_owned(), facts),
        Ended::Cancelled => Verdict::Cancelled,
        Ended::Failed(errors) => {
            let first = errors.iter().find(|found| found.severity == "error").or(errors.first());
            let (code, detail) = first.map_or(("fit.failed".to_owned(), "the fit failed".to_owned()), |f| {
                (f.code.clone(), f.detail.clone())
            });
            failed(&code, &detail, errors)
        }
        Ended::OutOfMemory => {
            failed("job.out_of_memory", "the fit needs more memory than its worker may have", Vec::new())
        }
        Ended::Crashed => failed("job.crashed", "the worker crashed; the server's log says why", Vec::new()),
        Ended::Killed | Ended::TooSlow => Verdict::Back(true),
    }
}

fn failed(code: &str, detail: &str, errors: Vec<Finding>) -> Verdict {
    Verdict::Failed(json!({ "code": code, "detail": detail, "errors": errors }))
}

fn disk(error: &io::Error) -> Verdict {
    tracing::error!(%error, "the data folder cannot be used");
    let is_full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
    let (code, detail) = if is_full {
        ("disk_full", "the server's disk is full")
    } else {
        ("disk_failed", "the server's data folder cannot be used; its log says why")
    };
    failed(code, detail, Vec::new())
}

async fn write_down(app: &App, claimed: &Claimed, verdict: &Verdict) -> Result<(), sqlx::Error> {
    let done = match verdict {
        Verdict::Fitted(output, facts) => return publish(app, claimed, output, facts).await,
        Verdict::Failed(problem) => app.store.fail(claimed, &problem.to_string()).await?,
        Verdict::Cancelled => app.store.cancelled(claimed).await?,
        Verdict::Back(is_fault) => {
            app.store.put_back(claimed, *is_fault).await?
                // Somebody cancelled it in the meantime.
                || app.store.cancelled(claimed).await?
        }
        Verdict::Lost => return Ok(()),
    };
    tracing::info!(job = claimed.id, attempt = claimed.attempt, done, "a job ends");
    Ok(())
}

/// The file becomes durable first, then the row that speaks of it.
async fn publish(app: &App, claimed: &Claimed, output: &Path, facts: &Value) -> Result<(), sqlx::Error> {
    let _gate = app.blobs.gate.read().await;
    let (blobs, path) = (app.clone(), output.to_owned());
    let adopted = tokio::task::spawn_blocking(move || blobs.blobs.adopt(&path)).await;
    let blob = match adopted.map_err(io::Error::other).and_then(|blob| blob) {
        Ok(blob) => blob,
        Err(error) => {
            if let Verdict::Failed(problem) = disk(&error) {
                app.store.fail(claimed, &problem.to_string()).await?;
            }
            return Ok(());
        }
    };
    let done = loop {
        match app.store.succeed(claimed, &blob.sha256, blob.bytes as i64, &facts.to_string()).await {
            Ok(done) => break done,
            // The scratch file has moved; only this step may be repeated.
            Err(error) => {
                tracing::error!(%error, job = claimed.id, "a fit cannot be published yet");
                if app.store.state_of(claimed).await.is_ok_and(|state| state.is_none()) {
                    break false;
                }
                sleep(Duration::from_millis(500)).await;
            }
        }
    };
    if !done {
        app.store.cancelled(claimed).await?;
    }
    tracing::info!(job = claimed.id, attempt = claimed.attempt, done, "a fit is published");
    Ok(())
}
