//! Who waits for what inside this server: workers for jobs, watchers for events of one job, all of them for the end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::{Notify, watch};

/// Wakes those who wait. What is true stands in the database; a call that is missed costs a second, not the truth.
#[derive(Debug)]
pub struct Hub {
    /// A job was put into the queue.
    pub work: Notify,
    /// A delivery to a webhook was put into its queue, or another may follow.
    pub post: Notify,
    jobs: Mutex<HashMap<String, Weak<Notify>>>,
    stopping: watch::Sender<bool>,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            work: Notify::new(),
            post: Notify::new(),
            jobs: Mutex::default(),
            stopping: watch::Sender::new(false),
        }
    }
}

impl Hub {
    /// To wait for news of a job.
    pub fn of(&self, job: &str) -> Arc<Notify> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(notify) = jobs.get(job).and_then(Weak::upgrade) {
            return notify;
        }
        jobs.retain(|_, weak| weak.strong_count() > 0);
        let notify = Arc::new(Notify::new());
        jobs.insert(job.to_owned(), Arc::downgrade(&notify));
        notify
    }

    /// There is news of a job.
    pub fn wake(&self, job: &str) {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(notify) = jobs.get(job).and_then(Weak::upgrade) {
            notify.notify_waiters();
        }
    }

    /// The server is to end.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Whether it is to end.
    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Returns when it is to end.
    pub async fn stopped(&self) {
        let _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }
}
