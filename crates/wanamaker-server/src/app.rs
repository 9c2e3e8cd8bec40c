//! What all requests and workers of one server share.

use crate::auth::limits::Limits;
use crate::blobs::Blobs;
use crate::cache::Cache;
use crate::http::metrics::Metrics;
use crate::hub::Hub;
use crate::settings::Settings;
use crate::store::Store;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The shared state; a clone is another handle to it.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// See [`App`].
pub struct Shared {
    /// As started.
    pub settings: Settings,
    /// The database.
    pub store: Store,
    /// The data folder.
    pub blobs: Blobs,
    /// Who waits for what.
    pub hub: Hub,
    /// Loaded fits and computed answers.
    pub cache: Cache,
    /// Figures for the operator.
    pub metrics: Metrics,
    /// Rates of callers, and of failed logins.
    pub limits: Limits,
    /// Whether everybody who reaches the server is its admin: on loopback, without any credential.
    pub is_open: bool,
    /// Computations of answers side by side.
    pub computing: Arc<Semaphore>,
    /// Looks at uploads side by side.
    pub inspecting: Semaphore,
    /// Passwords being hashed side by side: each takes 19 MB.
    pub hashing: Semaphore,
}

impl App {
    /// Puts the parts together.
    pub fn new(settings: Settings, store: Store, blobs: Blobs, is_open: bool) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Shared {
            cache: Cache::new(settings.cache_bytes),
            limits: Limits::new(settings.rate),
            settings,
            store,
            blobs,
            hub: Hub::default(),
            metrics: Metrics::default(),
            is_open,
            computing: Arc::new(Semaphore::new(processors)),
            inspecting: Semaphore::new(processors),
            hashing: Semaphore::new(2),
        }))
    }
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
