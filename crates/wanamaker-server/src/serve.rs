//! Starting, running and ending a server.

use crate::app::App;
use crate::auth::{self, Role, password};
use crate::blobs::{self, Blobs};
use crate::ids::{self, new_id};
use crate::settings::Settings;
use crate::store::{NewUser, Store};
use crate::{http, jobs, webhooks};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// How long a file without a row lies where other servers may be at work, and how often it is looked for.
const SWEEP: Duration = Duration::from_secs(3600);

/// Why a server cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The data folder cannot be used.
    #[error("the data folder cannot be used: {0}")]
    Data(io::Error),
    /// The database cannot be used.
    #[error("the database cannot be used: {0}")]
    Database(sqlx::Error),
    /// The address is taken, or not ours.
    #[error("the address {0} cannot be listened on: {1}")]
    Address(SocketAddr, io::Error),
    /// Everybody on the network could do everything.
    #[error("{0} can be reached from other machines, and nobody has a credential yet")]
    Unprotected(SocketAddr),
    /// Another server works on this data folder.
    #[error("another server works on this data folder; several of them need one PostgreSQL")]
    InUse,
    /// A credential cannot be made of this.
    #[error("{0}")]
    Credential(String),
    /// It listened and then failed.
    #[error("the server failed: {0}")]
    Failed(io::Error),
}

/// A server that listens.
pub struct Server {
    app: App,
    listener: TcpListener,
}

/// A credential to be made before anybody has one.
#[derive(Clone)]
pub enum Credential {
    /// An API key, for so many days.
    Key {
        /// What it is for.
        name: String,
        /// Days until it ends.
        days: i64,
    },
    /// A login.
    User {
        /// What they log in with.
        login: String,
        /// Their password.
        password: String,
    },
}

/// Serves until the process is told to end by SIGTERM or Ctrl-C. `listening` is called once it listens, with the address and
/// whether everybody who reaches it is its admin.
///
/// # Errors
/// See [`ServeError`].
pub fn serve(settings: Settings, listening: impl FnOnce(SocketAddr, bool)) -> Result<(), ServeError> {
    runtime()?.block_on(async {
        let server = Server::start(settings).await?;
        listening(server.address().map_err(ServeError::Failed)?, server.is_open());
        server.run(told_to_end()).await;
        Ok(())
    })
}

/// Makes a credential, for a command that does nothing else.
///
/// # Errors
/// See [`ServeError`].
pub fn make_credential(
    settings: &Settings,
    workspace: &str,
    role: Role,
    credential: Credential,
) -> Result<String, ServeError> {
    runtime()?.block_on(create_credential(settings, workspace, role, credential))
}

fn runtime() -> Result<tokio::runtime::Runtime, ServeError> {
    tokio::runtime::Runtime::new().map_err(ServeError::Failed)
}

async fn told_to_end() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}

/// Makes a credential in a workspace and gives what is to be shown of it: a key, once, or a login.
///
/// # Errors
/// When data folder or database cannot be used, or the credential cannot be made.
pub async fn create_credential(
    settings: &Settings,
    workspace: &str,
    role: Role,
    credential: Credential,
) -> Result<String, ServeError> {
    let is_name = |text: &str| !text.is_empty() && text.len() <= 200 && !text.chars().any(char::is_control);
    if !is_name(workspace) {
        return Err(ServeError::Credential("a workspace has a name of 1 to 200 characters".to_owned()));
    }
    blobs::make_folder(&settings.data).map_err(ServeError::Data)?;
    let store = Store::open(settings).await.map_err(ServeError::Database)?;
    let shown = match credential {
        Credential::Key { name, days } => {
            let expires = ids::now() + days.clamp(1, 3650) * 24 * 3_600_000;
            let (key, shown) = auth::new_key(new_id(), workspace, &name, role, expires);
            store.add_key(&key).await.map_err(ServeError::Database)?;
            shown
        }
        Credential::User { login, password } => {
            if !is_name(&login)
                || !login.bytes().all(|byte| byte.is_ascii_graphic())
                || password.chars().count() < password::SHORTEST
            {
                let message = format!(
                    "a login has a name, and a password of at least {} characters",
                    password::SHORTEST
                );
                return Err(ServeError::Credential(message));
            }
            let hash =
                password::hash_now(&password).map_err(|error| ServeError::Credential(error.to_string()))?;
            let user = NewUser {
                id: new_id(),
                workspace: workspace.to_owned(),
                login,
                role: role.word().to_owned(),
                hash,
            };
            if !store.add_user(&user).await.map_err(ServeError::Database)? {
                return Err(ServeError::Credential(format!("the login `{}` is taken", user.login)));
            }
            user.login
        }
    };
    store.close().await;
    Ok(shown)
}

impl Server {
    /// Opens data folder and database, takes up what a dead server left, and listens.
    ///
    /// # Errors
    /// See [`ServeError`]; nothing is listening then.
    pub async fn start(settings: Settings) -> Result<Self, ServeError> {
        let address = settings.address;
        let blobs = Blobs::open(&settings.data).map_err(ServeError::Data)?;
        let store = Store::open(&settings).await.map_err(ServeError::Database)?;
        if store.is_embedded() && blobs.has_company {
            return Err(ServeError::InUse);
        }
        let has_credentials = store.has_credentials().await.map_err(ServeError::Database)?;
        let is_loopback = address.ip().is_loopback();
        if !is_loopback && !has_credentials {
            return Err(ServeError::Unprotected(address));
        }
        store.release(&blobs.dead).await.map_err(ServeError::Database)?;
        store.release_deliveries(&blobs.dead).await.map_err(ServeError::Database)?;
        store.free_once(&blobs.dead).await.map_err(ServeError::Database)?;
        store.sweep_once().await.map_err(ServeError::Database)?;
        let listener =
            TcpListener::bind(address).await.map_err(|error| ServeError::Address(address, error))?;
        let app = App::new(settings, store, blobs, !has_credentials);
        sweep(&app).await.map_err(ServeError::Database)?;
        Ok(Self { app, listener })
    }

    /// The address it listens on.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Whether everybody who reaches it is its admin.
    pub fn is_open(&self) -> bool {
        self.app.is_open
    }

    /// Serves until `end`, then lets requests under way finish, gives jobs back, and ends.
    pub async fn run(self, end: impl Future<Output = ()> + Send + 'static) {
        let Self { app, listener } = self;
        let mut runners = JoinSet::new();
        runners.spawn(jobs::runner::run(app.clone()));
        runners.spawn(webhooks::run(app.clone()));
        runners.spawn(sweep_among_others(app.clone()));
        let (stopping, watched) = (app.clone(), app.clone());
        let serving =
            http::listen::listen(listener, http::router(&app), app.settings.head_time, async move {
                end.await;
                tracing::info!("the server is about to end");
                stopping.hub.stop();
            });
        let deadline = async move {
            watched.hub.stopped().await;
            tokio::time::sleep(watched.settings.drain).await;
        };
        tokio::select! {
            () = serving => {}
            () = deadline => tracing::warn!("requests that took too long were cut off"),
        }
        app.hub.stop();
        // Workers are killed at once; what remains is to write their jobs back.
        let back = async { while runners.join_next().await.is_some() {} };
        if tokio::time::timeout(app.settings.drain, back).await.is_err() {
            tracing::warn!("what could not be given back will be taken up when its lease ends");
        }
        app.store.close().await;
        tracing::info!("the server ends");
    }
}

/// Sweeps now and then, where files are not removed at once.
async fn sweep_among_others(app: App) {
    while !app.store.is_embedded() {
        tokio::select! {
            () = tokio::time::sleep(SWEEP) => {}
            () = app.hub.stopped() => return,
        }
        if let Err(error) = sweep(&app).await {
            tracing::warn!(%error, "files that nothing speaks of cannot be swept");
        }
    }
}

/// Removes files that no row speaks of: left when a server died between the two, or when their row was removed while others
/// were at work. Among others only old ones.
async fn sweep(app: &App) -> Result<(), sqlx::Error> {
    for blob in app.blobs.all() {
        if app.store.needs_blob(&blob).await? {
            continue;
        }
        let removed = match app.store.is_embedded() {
            true => app.blobs.remove(&blob).map(|()| true),
            false => app.blobs.remove_old(&blob, SWEEP),
        };
        match removed {
            Ok(true) => tracing::info!(blob, "a file that nothing speaks of was removed"),
            Ok(false) => {}
            Err(error) => tracing::warn!(blob, %error, "a file that nothing speaks of cannot be removed"),
        }
    }
    Ok(())
}
