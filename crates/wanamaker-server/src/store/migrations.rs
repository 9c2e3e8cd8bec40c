//! Brings a database up to date, step by step, each in a transaction of its own.

use super::{Result, Store};
use sqlx::{Executor, Row};

/// The steps, oldest first; a step that was released never changes.
const STEPS: [&str; 4] = [
    include_str!("../../migrations/0001_begin.sql"),
    include_str!("../../migrations/0002_turns.sql"),
    include_str!("../../migrations/0003_webhooks.sql"),
    include_str!("../../migrations/0004_drafts.sql"),
];

/// Does the steps that are missing.
///
/// # Errors
/// Those of the database, and a database that knows more steps than this program.
pub async fn run(store: &Store) -> Result<()> {
    let table =
        "CREATE TABLE IF NOT EXISTS schema_steps (step BIGINT NOT NULL PRIMARY KEY, done BIGINT NOT NULL)";
    if store.is_postgres {
        // Two servers may start at once, and even IF NOT EXISTS can collide.
        let mut lock = store.pool.begin().await?;
        lock.execute("SELECT 1 FROM (SELECT pg_advisory_xact_lock(7305801)) AS lock").await?;
        lock.execute(table).await?;
        steps(store, &mut lock).await?;
        return lock.commit().await;
    }
    store.pool.execute(table).await?;
    let mut transaction = store.pool.begin_with("BEGIN IMMEDIATE").await?;
    steps(store, &mut transaction).await?;
    transaction.commit().await
}

async fn steps(store: &Store, transaction: &mut sqlx::Transaction<'_, sqlx::Any>) -> Result<()> {
    let row = sqlx::query("SELECT COUNT(*) AS done FROM schema_steps").fetch_one(&mut **transaction).await?;
    let done = row.try_get::<i64, _>("done")? as usize;
    if done > STEPS.len() {
        let message = format!(
            "the database is of a newer version of mmm: it has {done} steps, this program knows {}; update mmm",
            STEPS.len()
        );
        return Err(sqlx::Error::Configuration(message.into()));
    }
    for (index, step) in STEPS.iter().enumerate().skip(done) {
        // Statement by statement, since the simple protocol does not promise to stop at the first fault.
        for statement in step.split(';').map(without_comments).filter(|text| !text.is_empty()) {
            transaction.execute(sqlx::AssertSqlSafe(statement)).await?;
        }
        let note = store.sql("INSERT INTO schema_steps (step, done) VALUES ($1, {now})");
        sqlx::query(note).bind(index as i64 + 1).execute(&mut **transaction).await?;
    }
    Ok(())
}

fn without_comments(statement: &str) -> String {
    let lines = statement.lines().filter(|line| !line.trim_start().starts_with("--"));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}
