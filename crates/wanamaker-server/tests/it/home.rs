//! Where the servers of one test live: a folder, and a database that no other test sees, embedded or in PostgreSQL.

use crate::support::TestServer;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use wanamaker_server::settings::{Settings, WorkerCommand};

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    /// The server that `TEST_DATABASE_URL` names.
    Postgres,
}

/// A folder and a database, gone when dropped.
pub struct Home {
    folder: TempDir,
    /// Where the data folder of a server is, or will be.
    pub data: PathBuf,
    /// The PostgreSQL server to ask, and the database on it.
    postgres: Option<(String, String)>,
}

/// Runs a test on a database; says so in one line where there is none.
pub fn at_home(database: Database, test: fn(&Home)) {
    match Home::new(database) {
        Some(home) => test(&home),
        None => println!("skipped on PostgreSQL: TEST_DATABASE_URL is not set"),
    }
}

/// Makes two tests of each function of a home: one on SQLite, one on PostgreSQL.
macro_rules! on_every_database {
    ($($test:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[test] fn $test() { $crate::home::at_home($crate::home::Database::Sqlite, super::$test) })*
        }
        mod on_postgres {
            $(#[test] fn $test() { $crate::home::at_home($crate::home::Database::Postgres, super::$test) })*
        }
    };
}
pub(crate) use on_every_database;

impl Home {
    /// A new one; none where there is no such database.
    pub fn new(database: Database) -> Option<Self> {
        let postgres = match database {
            Database::Sqlite => None,
            Database::Postgres => {
                let admin = std::env::var("TEST_DATABASE_URL").ok()?;
                let name = format!("mmm_test_{}", uuid::Uuid::now_v7().simple());
                execute(&admin, format!("CREATE DATABASE {name} TEMPLATE template0"));
                Some((admin, name))
            }
        };
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        Some(Self { folder, data, postgres })
    }

    /// The folder that the data folder is in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn is_embedded(&self) -> bool {
        self.postgres.is_none()
    }

    /// Address of the database; none for the embedded one.
    pub fn database(&self) -> Option<String> {
        let (admin, name) = self.postgres.as_ref()?;
        Some(format!("{}/{name}", admin.rsplit_once('/').unwrap().0))
    }

    /// Starts a server here.
    pub fn start(&self) -> TestServer {
        TestServer::start(&self.data, self.database().as_deref())
    }

    /// Settings of a server here that is no process of its own, and has no workers.
    pub fn settings(&self) -> Settings {
        let worker = WorkerCommand { program: "none".into(), arguments: Vec::new() };
        let mut settings = Settings::new(self.data.clone(), worker);
        settings.database = self.database();
        settings.address.set_port(0);
        settings
    }

    /// Changes the database behind the server's back.
    pub fn edit(&self, sql: &str) {
        let embedded = || format!("sqlite://{}", self.data.join("wanamaker.sqlite").display());
        execute(&self.database().unwrap_or_else(embedded), sql.to_owned());
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Some((admin, name)) = &self.postgres {
            execute(admin, format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn execute(url: &str, sql: String) {
    Runtime::new().unwrap().block_on(async {
        sqlx::any::install_default_drivers();
        let pool = sqlx::AnyPool::connect(url).await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&pool).await.unwrap();
        pool.close().await;
    });
}
