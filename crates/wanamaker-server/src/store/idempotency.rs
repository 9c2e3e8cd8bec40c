//! Rows of idempotency keys: what was asked under a key, the name reserved for what it makes, and the answer.

use super::{Result, Store};
use sqlx::Row;

/// How the use of a key begins.
#[derive(Clone, Debug, PartialEq)]
pub enum Begun {
    /// It is ours to do, under this reserved name: a new one, or that of an attempt which died.
    Ours(String),
    /// Somebody is at it.
    UnderWay,
    /// The key was used for another request.
    Another,
    /// It was done; the answer.
    Done(Done),
}

/// An answer to be given again.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// Status.
    pub status: u16,
    /// The header `Location`; empty for none.
    pub location: String,
    /// Body as JSON.
    pub body: String,
}

/// How long the one at work on a key is believed to live, in milliseconds.
const LEASE: i64 = 60_000;
/// How long answers are kept, in milliseconds.
const KEPT: i64 = 48 * 3_600_000;

impl Store {
    /// Begins, or finds what became of an earlier beginning. `reserved` is the name for what is made, if it is ours.
    pub async fn begin_once(
        &self,
        workspace: &str,
        route: &str,
        key: &str,
        fingerprint: &str,
        reserved: &str,
        owner: &str,
    ) -> Result<Begun> {
        let insert = "INSERT INTO idempotency (workspace, route, key, fingerprint, reserved, owner, lease_until, created) \
                      VALUES ($1, $2, $3, $4, $5, $6, {now} + $7, {now}) ON CONFLICT (workspace, route, key) DO NOTHING";
        let query = sqlx::query(self.sql(insert)).bind(workspace).bind(route).bind(key).bind(fingerprint);
        let done = query.bind(reserved).bind(owner).bind(LEASE).execute(&self.pool).await?;
        if done.rows_affected() > 0 {
            return Ok(Begun::Ours(reserved.to_owned()));
        }
        // What an attempt that died had reserved is taken over, so that a repetition cannot make a second thing.
        let take = "UPDATE idempotency SET owner = $5, lease_until = {now} + $6 \
                    WHERE workspace = $1 AND route = $2 AND key = $3 AND fingerprint = $4 AND status = 0 \
                    AND lease_until < {now} RETURNING reserved";
        let query = sqlx::query(self.sql(take)).bind(workspace).bind(route).bind(key).bind(fingerprint);
        if let Some(row) = query.bind(owner).bind(LEASE).fetch_optional(&self.pool).await? {
            return Ok(Begun::Ours(row.try_get("reserved")?));
        }
        let select = "SELECT fingerprint, status, location, body FROM idempotency \
                      WHERE workspace = $1 AND route = $2 AND key = $3";
        let query = sqlx::query(select).bind(workspace).bind(route).bind(key);
        let Some(row) = query.fetch_optional(&self.pool).await? else { return Ok(Begun::UnderWay) };
        if row.try_get::<String, _>("fingerprint")? != fingerprint {
            return Ok(Begun::Another);
        }
        match row.try_get::<i64, _>("status")? {
            0 => Ok(Begun::UnderWay),
            status => Ok(Begun::Done(Done {
                status: status as u16,
                location: row.try_get("location")?,
                body: row.try_get("body")?,
            })),
        }
    }

    /// Keeps the answer.
    pub async fn finish_once(&self, workspace: &str, route: &str, key: &str, done: &Done) -> Result<()> {
        let text = "UPDATE idempotency SET status = $4, location = $5, body = $6 \
                    WHERE workspace = $1 AND route = $2 AND key = $3";
        let query = sqlx::query(text).bind(workspace).bind(route).bind(key).bind(i64::from(done.status));
        query.bind(&done.location).bind(&done.body).execute(&self.pool).await.map(|_| ())
    }

    /// Forgets a beginning that came to nothing: the key is free again.
    pub async fn forget_once(&self, workspace: &str, route: &str, key: &str) -> Result<()> {
        let text = "DELETE FROM idempotency WHERE workspace = $1 AND route = $2 AND key = $3 AND status = 0";
        let query = sqlx::query(text).bind(workspace).bind(route).bind(key);
        query.execute(&self.pool).await.map(|_| ())
    }

    /// Frees what servers that died were at.
    pub async fn free_once(&self, dead: &[String]) -> Result<()> {
        for owner in dead {
            let text = "UPDATE idempotency SET lease_until = 0 WHERE owner = $1 AND status = 0";
            sqlx::query(text).bind(owner).execute(&self.pool).await?;
        }
        Ok(())
    }

    /// Forgets answers that are old.
    pub async fn sweep_once(&self) -> Result<()> {
        let text = self.sql("DELETE FROM idempotency WHERE created < {now} - $1");
        sqlx::query(text).bind(KEPT).execute(&self.pool).await.map(|_| ())
    }
}
