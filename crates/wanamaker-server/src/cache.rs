//! Things that took time to make, by name, bounded by their size: what was used longest ago goes first.
//!
//! Who asks for something that is being made waits for it instead of making it again.

use crate::problem::ApiError;
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

type Thing = Arc<dyn Any + Send + Sync>;

/// The cache. Names begin with the workspace, so that no tenant is ever given another's.
#[derive(Debug)]
pub struct Cache {
    most: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    slots: HashMap<String, Slot>,
    clock: u64,
    bytes: usize,
}

#[derive(Debug, Default)]
struct Slot {
    cell: Arc<OnceCell<Thing>>,
    used: u64,
    bytes: usize,
}

impl Cache {
    /// An empty one for `most` bytes.
    pub fn new(most: usize) -> Self {
        Self { most, inner: Mutex::default() }
    }

    /// The thing of this name, made by `make` when it is not there. `size` is its size in bytes.
    ///
    /// # Errors
    /// Those of `make`; nothing is kept then.
    pub async fn get<T: Send + Sync + 'static>(
        &self,
        name: &str,
        size: impl FnOnce(&T) -> usize,
        make: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<Arc<T>, ApiError> {
        let cell = self.cell(name);
        let mut bytes = 0;
        let made = cell
            .get_or_try_init(|| async {
                let thing = make.await?;
                bytes = size(&thing);
                Ok::<Thing, ApiError>(Arc::new(thing))
            })
            .await;
        let thing = match made {
            Ok(thing) => Arc::clone(thing),
            Err(error) => {
                self.forget_empty(name);
                return Err(error);
            }
        };
        if bytes > 0 {
            self.account(name, &cell, bytes);
        }
        thing
            .downcast()
            .map_err(|_| ApiError::internal(&"a cached thing is of another kind than its name says"))
    }

    /// Forgets everything whose name begins like this.
    pub fn forget(&self, beginning: &str) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.slots.retain(|name, _| !name.starts_with(beginning));
        inner.bytes = inner.slots.values().map(|slot| slot.bytes).sum();
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }

    fn cell(&self, name: &str) -> Arc<OnceCell<Thing>> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.clock += 1;
        let now = inner.clock;
        let slot = inner.slots.entry(name.to_owned()).or_default();
        slot.used = now;
        Arc::clone(&slot.cell)
    }

    fn forget_empty(&self, name: &str) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody may be waiting to try it themselves.
        if inner
            .slots
            .get(name)
            .is_some_and(|slot| !slot.cell.initialized() && Arc::strong_count(&slot.cell) <= 2)
        {
            inner.slots.remove(name);
        }
    }

    fn account(&self, name: &str, cell: &Arc<OnceCell<Thing>>, bytes: usize) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(slot) = inner.slots.get_mut(name).filter(|slot| Arc::ptr_eq(&slot.cell, cell)) else {
            return;
        };
        slot.bytes = bytes;
        inner.bytes += bytes;
        while inner.bytes > self.most {
            let oldest =
                inner.slots.iter().filter(|(_, slot)| slot.bytes > 0).min_by_key(|(_, slot)| slot.used);
            let Some(name) = oldest.map(|(name, _)| name.clone()) else { return };
            if let Some(slot) = inner.slots.remove(&name) {
                inner.bytes -= slot.bytes;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn what_was_used_longest_ago_goes_first_and_nothing_is_made_twice_at_once() {
        let (cache, made) = (Cache::new(100), AtomicUsize::new(0));
        let get = |name: &'static str| {
            cache.get(name, |_| 40, async {
                made.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                Ok(name.to_owned())
            })
        };
        let (a, b) = tokio::join!(get("w/a"), get("w/a"));
        assert_eq!(
            (a.unwrap(), b.unwrap(), made.load(Ordering::SeqCst)),
            ("w/a".to_owned().into(), "w/a".to_owned().into(), 1)
        );
        get("w/b").await.unwrap();
        get("w/a").await.unwrap();
        get("w/c").await.unwrap();
        assert_eq!((made.load(Ordering::SeqCst), cache.bytes()), (3, 80));
        get("w/a").await.unwrap();
        assert_eq!(made.load(Ordering::SeqCst), 3);
        get("w/b").await.unwrap();
        assert_eq!(made.load(Ordering::SeqCst), 4);
        cache.forget("w/");
        assert_eq!(cache.bytes(), 0);
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let cache = Cache::new(100);
        let failing = cache.get::<u8>("a", |_| 1, async { Err(ApiError::not_found("fit")) });
        assert!(failing.await.is_err());
        assert_eq!(*cache.get("a", |_| 1, async { Ok(7_u8) }).await.unwrap(), 7);
    }
}
