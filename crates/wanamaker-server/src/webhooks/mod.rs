//! Telling others of the ends of jobs: each delivery is taken from its queue under a lease, sent once, and tried again later
//! where it did not arrive. A server that dies leaves its lease, so that everything is told at least once.

pub mod address;
mod send;
mod sign;

use crate::app::App;
use crate::store::Due;
use send::{Arrived, Sender};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// How often a server looks for what is due.
const LOOK: Duration = Duration::from_secs(1);
/// Deliveries under way side by side.
const AT_ONCE: usize = 8;
/// A delivery whose sender is not heard of is taken up by another after its time and so much more.
const LEASE: Duration = Duration::from_secs(20);

/// Delivers until the server stops.
pub async fn run(app: App) {
    let sender = match Sender::new(&app.settings) {
        Ok(sender) => Arc::new(sender),
        Err(error) => {
            tracing::error!(error, "no webhook can be told anything");
            return;
        }
    };
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut under_way = JoinSet::new();
    while !app.hub.is_stopping() {
        while under_way.try_join_next().is_some() {}
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let lease = app.settings.webhook_time + LEASE;
        match app.store.claim_delivery(&app.blobs.server, lease).await {
            Ok(Some(due)) => {
                let (app, sender) = (app.clone(), Arc::clone(&sender));
                under_way.spawn(async move {
                    deliver(&app, &sender, &due).await;
                    drop(place);
                });
                continue;
            }
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "no delivery can be claimed"),
        }
        drop(place);
        tokio::select! {
            () = app.hub.post.notified() => {}
            () = app.hub.stopped() => {}
            () = sleep(LOOK) => {}
        }
    }
    while under_way.join_next().await.is_some() {}
}

async fn deliver(app: &App, sender: &Sender, due: &Due) {
    let settings = &app.settings;
    let noted = match sender.send(due).await {
        Arrived::Well(status) => app.store.delivered(due, status).await,
        Arrived::Not { status, why } => {
            tracing::warn!(delivery = due.id, attempt = due.attempt, why, "a webhook was not told");
            let pause = pause(settings.webhook_pause, due.attempt);
            app.store.undelivered(due, status, &why, pause, settings.webhook_tries).await
        }
    };
    match noted {
        Ok(_) => app.hub.post.notify_one(),
        Err(error) => tracing::error!(%error, delivery = due.id, "a delivery cannot be written down"),
    }
}

/// How long the next try waits after this one: four times as long as this one did.
fn pause(first: Duration, attempt: i64) -> Duration {
    let times = 4_u32.saturating_pow(u32::try_from(attempt - 1).unwrap_or(0));
    first.saturating_mul(times).min(Duration::from_secs(24 * 3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_day() {
        let first = Duration::from_secs(5);
        let seconds: Vec<u64> = (1..=10).map(|attempt| pause(first, attempt).as_secs()).collect();
        assert_eq!(seconds, [5, 20, 80, 320, 1280, 5120, 20480, 81920, 86400, 86400]);
        assert_eq!(pause(first, i64::MAX).as_secs(), 5);
    }
}
