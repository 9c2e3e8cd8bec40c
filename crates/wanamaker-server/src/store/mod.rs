//! The database: one set of queries for SQLite and PostgreSQL. Nobody else writes SQL.
//!
//! Every query on a tenant's row names the workspace. A transaction begins with a write, so that SQLite takes its one
//! writer's lock at once and never has to upgrade. Leases are measured by the database's clock.

mod access;
mod datasets;
mod drafts;
mod fits;
mod idempotency;
mod jobs;
mod migrations;
mod queue;
#[cfg(test)]
mod tests;
mod webhooks;

pub use access::{ApiKey, NewUser};
pub use datasets::Dataset;
pub use drafts::{Draft, Written};
pub use fits::Fit;
pub use idempotency::{Begun, Done};
pub use jobs::{Event, Job, NewJob, Pause, State};
pub use queue::Claimed;
pub use webhooks::{Delivery, Due, Topic, Webhook};

use crate::settings::Settings;
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Connection, Executor};
use std::path::Path;
use std::time::Duration;

/// What is acknowledged is on the disk, readers do not wait for the writer, and writers wait for each other.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000;";

/// What every query may fail with.
pub type Result<T> = std::result::Result<T, sqlx::Error>;

/// A pool of connections, and which words the database understands.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    is_postgres: bool,
}

/// A page of a listing: rows older than a name, the youngest first.
#[derive(Clone, Debug)]
pub struct Page {
    /// Only rows with names before this one; empty for the first page.
    pub before: String,
    /// Most rows.
    pub limit: i64,
}

impl Store {
    /// Opens the database of `settings` and brings it up to date.
    ///
    /// # Errors
    /// When it cannot be reached, or a newer version of the program has written to it.
    pub async fn open(settings: &Settings) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let store = match &settings.database {
            Some(url) => Self::connect(url).await?,
            None => Self::connect(&sqlite_url(&settings.data)).await?,
        };
        migrations::run(&store).await?;
        Ok(store)
    }

    async fn connect(url: &str) -> Result<Self> {
        let is_postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
        // A pool tries again until its time is up, and then says only that; one connection says what is wrong.
        let mut first = AnyConnection::connect(url).await?;
        if !is_postgres {
            first.execute(PRAGMAS).await?;
        }
        first.close().await?;
        let options = AnyPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(Duration::from_secs(10))
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if !is_postgres {
                        connection.execute(PRAGMAS).await?;
                    }
                    Ok(())
                })
            });
        Ok(Self { pool: options.connect(url).await?, is_postgres })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.pool).await.map(|_| ())
    }

    /// Lets go of the database, after what is under way.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Whether nobody else can be at work on this database.
    pub fn is_embedded(&self) -> bool {
        !self.is_postgres
    }

    /// The database's clock in milliseconds since 1970, as an expression.
    fn now(&self) -> &'static str {
        if self.is_postgres {
            "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
        } else {
            "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
        }
    }

    /// Leaves out rows that another claim is looking at, where claims can run side by side.
    fn skip_locked(&self) -> &'static str {
        if self.is_postgres { "FOR UPDATE SKIP LOCKED" } else { "" }
    }

    /// A query whose text has the words of this database in place of `{now}` and `{skip_locked}`, and what both say alike in
    /// place of `{held}`. Texts are constants of ours.
    fn sql(&self, text: &'static str) -> AssertSqlSafe<String> {
        let text = text.replace("{held}", queue::HELD);
        AssertSqlSafe(text.replace("{now}", self.now()).replace("{skip_locked}", self.skip_locked()))
    }
}

/// The embedded database. The path is part of an address, in which some signs have a meaning.
fn sqlite_url(data: &Path) -> String {
    let path = data.join("wanamaker.sqlite");
    let mut url = String::from("sqlite://");
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'?' | b'#' | b'%' | b' ' => url += &format!("%{byte:02X}"),
            0..128 => url.push(byte.into()),
            _ => url += &format!("%{byte:02X}"),
        }
    }
    url + "?mode=rwc"
}
