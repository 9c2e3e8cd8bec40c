//! A place among the jobs at work side by side, or the way to one.

use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A place that a job has, has left or waits for; free again when dropped.
pub struct Slot {
    slots: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
    /// A place in the line, kept while whoever waits looks after other things.
    line: Option<Pin<Box<dyn Future<Output = Option<OwnedSemaphorePermit>> + Send>>>,
}

impl Slot {
    /// Waits for a place.
    pub async fn take(slots: &Arc<Semaphore>) -> Self {
        let mut slot = Self { slots: Arc::clone(slots), permit: None, line: None };
        slot.regain().await;
        slot
    }

    /// Waits in line for a place; at once where it has one. May be given up and called again without losing its turn.
    pub async fn regain(&mut self) {
        if self.permit.is_none() {
            let slots = Arc::clone(&self.slots);
            let line = self.line.get_or_insert_with(|| Box::pin(async { slots.acquire_owned().await.ok() }));
            self.permit = line.as_mut().await;
            self.line = None;
        }
    }

    /// Lets others have it.
    pub fn leave(&mut self) {
        (self.permit, self.line) = (None, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::timeout;

    #[tokio::test]
    async fn who_left_gets_a_place_in_turn_however_often_it_looks_away() {
        let slots = Arc::new(Semaphore::new(1));
        let mut first = Slot::take(&slots).await;
        first.leave();
        let second = Slot::take(&slots).await;
        let blink = Duration::from_millis(1);
        assert!(timeout(blink, first.regain()).await.is_err());
        let mut third = Box::pin(Slot::take(&slots));
        assert!(timeout(blink, &mut third).await.is_err());
        assert!(timeout(blink, first.regain()).await.is_err());
        drop(second);
        assert!(timeout(blink, &mut third).await.is_err());
        first.regain().await;
        drop(first);
        third.await;
    }
}
