//! Webhooks and their deliveries: rows written with the change that they tell of, claimed with leases, tried until they arrive.

use super::{Page, Result, State, Store};
use crate::ids::{self, new_id};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};
use std::time::Duration;

/// Webhooks of one workspace at most.
const MOST: i64 = 20;
/// How long a delivery that is over stays to be seen, in milliseconds.
const KEPT: i64 = 30 * 24 * 3_600_000;

/// What a webhook is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Topic {
    /// A job has made its fit.
    #[serde(rename = "job.succeeded")]
    Succeeded,
    /// A job is over without a result.
    #[serde(rename = "job.failed")]
    Failed,
    /// A job was stopped.
    #[serde(rename = "job.cancelled")]
    Cancelled,
}

impl Topic {
    /// All of them.
    pub const ALL: [Topic; 3] = [Topic::Succeeded, Topic::Failed, Topic::Cancelled];

    /// What a job's new state is told under.
    pub fn of(state: State) -> Option<Self> {
        match state {
            State::Succeeded => Some(Topic::Succeeded),
            State::Failed => Some(Topic::Failed),
            State::Cancelled => Some(Topic::Cancelled),
            State::Queued | State::Running | State::Paused | State::Cancelling => None,
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Topic::Succeeded => "job.succeeded",
            Topic::Failed => "job.failed",
            Topic::Cancelled => "job.cancelled",
        }
    }
}

/// Somebody who is told.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Its name.
    pub id: String,
    /// Whose jobs it is told of.
    pub workspace: String,
    /// Where it is told.
    pub url: String,
    /// What it is told of, as a list in JSON.
    pub topics: String,
    /// What signs.
    pub secret: String,
    /// When it was made.
    pub created: i64,
}

/// Something to be told to one webhook.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// Its name, the same at every try.
    pub id: String,
    /// The topic, or `ping`.
    pub topic: String,
    /// `waiting`, `delivered` or `failed`.
    pub state: String,
    /// Times that it was begun.
    pub attempts: i64,
    /// When it is tried next, where it waits.
    pub next: i64,
    /// The last status that came back; 0 for none.
    pub status: i64,
    /// Why the last try failed; empty where none did.
    pub error: String,
    /// When it happened.
    pub created: i64,
    /// When it was over; 0 before.
    pub finished: i64,
}

/// A delivery that is ours to make until its lease ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// Its name.
    pub id: String,
    /// Whose it is.
    pub workspace: String,
    /// Where it goes.
    pub url: String,
    /// What signs it.
    pub secret: String,
    /// What is sent, byte for byte.
    pub body: String,
    /// The number of this try, from 1: the fencing token.
    pub attempt: i64,
}

fn webhook(row: &AnyRow) -> Result<Webhook> {
    Ok(Webhook {
        id: row.try_get("id")?,
        workspace: row.try_get("workspace")?,
        url: row.try_get("url")?,
        topics: row.try_get("topics")?,
        secret: row.try_get("secret")?,
        created: row.try_get("created")?,
    })
}

fn delivery(row: &AnyRow) -> Result<Delivery> {
    Ok(Delivery {
        id: row.try_get("id")?,
        topic: row.try_get("topic")?,
        state: row.try_get("state")?,
        attempts: row.try_get("attempts")?,
        next: row.try_get("next_at")?,
        status: row.try_get("status")?,
        error: row.try_get("error")?,
        created: row.try_get("created")?,
        finished: row.try_get("finished")?,
    })
}

impl Store {
    /// Adds a webhook; says whether there was room among those of its workspace.
    pub async fn add_webhook(&self, new: &Webhook) -> Result<bool> {
        let text = "INSERT INTO webhooks (id, workspace, url, topics, secret, created) \
                    SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), \
                    CAST($6 AS BIGINT) WHERE (SELECT COUNT(*) FROM webhooks WHERE workspace = $2) < $7";
        let query = sqlx::query(text).bind(&new.id).bind(&new.workspace).bind(&new.url).bind(&new.topics);
        let done = query.bind(&new.secret).bind(new.created).bind(MOST).execute(&self.pool).await?;
        Ok(done.rows_affected() > 0)
    }

    /// One webhook of a workspace.
    pub async fn webhook(&self, workspace: &str, id: &str) -> Result<Option<Webhook>> {
        let text = "SELECT * FROM webhooks WHERE workspace = $1 AND id = $2";
        let row = sqlx::query(text).bind(workspace).bind(id).fetch_optional(&self.pool).await?;
        row.as_ref().map(webhook).transpose()
    }

    /// Webhooks of a workspace, the youngest first.
    pub async fn webhooks(&self, workspace: &str, page: &Page) -> Result<Vec<Webhook>> {
        let text =
            "SELECT * FROM webhooks WHERE workspace = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3";
        let query = sqlx::query(text).bind(workspace).bind(&page.before).bind(page.limit);
        query.fetch_all(&self.pool).await?.iter().map(webhook).collect()
    }

    /// Removes a webhook with what it was to be told; says whether it was there.
    pub async fn remove_webhook(&self, workspace: &str, id: &str) -> Result<bool> {
        let mut transaction = self.pool.begin().await?;
        let text = "DELETE FROM webhooks WHERE workspace = $1 AND id = $2";
        let done = sqlx::query(text).bind(workspace).bind(id).execute(&mut *transaction).await?;
        let text = "DELETE FROM deliveries WHERE workspace = $1 AND webhook = $2";
        sqlx::query(text).bind(workspace).bind(id).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Deliveries to a webhook, the youngest first.
    pub async fn deliveries(&self, workspace: &str, id: &str, page: &Page) -> Result<Vec<Delivery>> {
        let text = "SELECT * FROM deliveries WHERE workspace = $1 AND webhook = $2 AND ($3 = '' OR id < $3) \
                    ORDER BY id DESC LIMIT $4";
        let query = sqlx::query(text).bind(workspace).bind(id).bind(&page.before).bind(page.limit);
        query.fetch_all(&self.pool).await?.iter().map(delivery).collect()
    }

    /// Puts a ping into the queue, and gives it as it waits.
    pub async fn ping_webhook(&self, hook: &Webhook) -> Result<Option<Delivery>> {
        let mut transaction = self.pool.begin().await?;
        let id = self.put(&mut transaction, hook, "ping", json!({})).await?;
        let text = "SELECT * FROM deliveries WHERE workspace = $1 AND id = $2";
        let query = sqlx::query(text).bind(&hook.workspace).bind(&id);
        let row = query.fetch_optional(&mut *transaction).await?;
        let put = row.as_ref().map(delivery).transpose()?;
        drop(row);
        transaction.commit().await?;
        Ok(put)
    }

    /// Puts what became of a job into the queue of each webhook of its workspace that wants to know.
    pub(super) async fn post(
        &self,
        transaction: &mut Transaction<'_, Any>,
        workspace: &str,
        job: &str,
        topic: Topic,
    ) -> Result<()> {
        let text = "SELECT * FROM webhooks WHERE workspace = $1";
        let rows = sqlx::query(text).bind(workspace).fetch_all(&mut **transaction).await?;
        let hooks = rows.iter().map(webhook).collect::<Result<Vec<_>>>()?;
        let is_wanted = |hook: &&Webhook| {
            serde_json::from_str::<Vec<Topic>>(&hook.topics).is_ok_and(|topics| topics.contains(&topic))
        };
        for hook in hooks.iter().filter(is_wanted) {
            let text = "SELECT kind, state, subject, problem FROM jobs WHERE workspace = $1 AND id = $2";
            let row = sqlx::query(text).bind(workspace).bind(job).fetch_one(&mut **transaction).await?;
            let word = |column: &str| row.try_get::<String, _>(column);
            let about = json!({
                "id": job,
                "kind": word("kind")?,
                "state": word("state")?,
                "fit": word("subject")?,
                "problem": serde_json::from_str::<Value>(&word("problem")?).ok(),
            });
            self.put(transaction, hook, topic.word(), json!({ "job": about })).await?;
        }
        Ok(())
    }

    /// A row to be delivered, and what it says: the topic, when, and what the topic says.
    async fn put(
        &self,
        transaction: &mut Transaction<'_, Any>,
        hook: &Webhook,
        topic: &str,
        about: Value,
    ) -> Result<String> {
        let id = new_id();
        let mut body = json!({ "id": id, "topic": topic, "created": ids::time(ids::now()) });
        if let (Some(body), Value::Object(about)) = (body.as_object_mut(), about) {
            body.extend(about);
        }
        let text = "INSERT INTO deliveries (id, workspace, webhook, topic, body, state, next_at, created) \
                    VALUES ($1, $2, $3, $4, $5, 'waiting', {now}, {now})";
        let query = sqlx::query(self.sql(text)).bind(&id).bind(&hook.workspace).bind(&hook.id);
        query.bind(topic).bind(body.to_string()).execute(&mut **transaction).await?;
        let text = "DELETE FROM deliveries WHERE workspace = $1 AND webhook = $2 AND finished > 0 AND finished < {now} - $3";
        let query = sqlx::query(self.sql(text)).bind(&hook.workspace).bind(&hook.id).bind(KEPT);
        query.execute(&mut **transaction).await?;
        Ok(id)
    }

    /// Takes the delivery that is due longest, of a webhook that nobody is telling something just now.
    pub async fn claim_delivery(&self, owner: &str, lease: Duration) -> Result<Option<Due>> {
        let mut transaction = self.pool.begin().await?;
        let text = "UPDATE deliveries SET attempts = attempts + 1, owner = $1, lease_until = {now} + $2 \
                    WHERE id = (SELECT id FROM deliveries AS due \
                                WHERE state = 'waiting' AND next_at <= {now} AND lease_until < {now} \
                                AND NOT EXISTS (SELECT 1 FROM deliveries WHERE workspace = due.workspace \
                                    AND webhook = due.webhook AND state = 'waiting' AND lease_until >= {now}) \
                                ORDER BY next_at, id LIMIT 1 {skip_locked}) \
                    RETURNING id, workspace, webhook, body, attempts";
        let query = sqlx::query(self.sql(text)).bind(owner).bind(lease.as_millis() as i64);
        let Some(row) = query.fetch_optional(&mut *transaction).await? else {
            transaction.rollback().await?;
            return Ok(None);
        };
        let (workspace, hook): (String, String) = (row.try_get("workspace")?, row.try_get("webhook")?);
        let text = "SELECT * FROM webhooks WHERE workspace = $1 AND id = $2";
        let id: String = row.try_get("id")?;
        let found = sqlx::query(text).bind(&workspace).bind(&hook).fetch_optional(&mut *transaction).await?;
        let Some(Webhook { url, secret, .. }) = found.as_ref().map(webhook).transpose()? else {
            // It was removed while this was put.
            let text = "DELETE FROM deliveries WHERE workspace = $1 AND id = $2";
            sqlx::query(text).bind(&workspace).bind(&id).execute(&mut *transaction).await?;
            transaction.commit().await?;
            return Ok(None);
        };
        let due =
            Due { id, workspace, url, secret, body: row.try_get("body")?, attempt: row.try_get("attempts")? };
        drop((row, found));
        transaction.commit().await?;
        Ok(Some(due))
    }

    /// Notes that a delivery arrived; says whether it was still ours.
    pub async fn delivered(&self, due: &Due, status: u16) -> Result<bool> {
        let text = "UPDATE deliveries SET state = 'delivered', status = $4, error = '', finished = {now}, lease_until = 0 \
                    WHERE workspace = $1 AND id = $2 AND attempts = $3 AND state = 'waiting'";
        let query = sqlx::query(self.sql(text)).bind(&due.workspace).bind(&due.id).bind(due.attempt);
        Ok(query.bind(i64::from(status)).execute(&self.pool).await?.rows_affected() > 0)
    }

    /// Notes that a try failed: the next is after `pause`, and there is none after `most_tries`; says whether it was still ours.
    pub async fn undelivered(
        &self,
        due: &Due,
        status: u16,
        error: &str,
        pause: Duration,
        most_tries: u32,
    ) -> Result<bool> {
        let is_last = due.attempt >= i64::from(most_tries);
        let text = "UPDATE deliveries SET state = $4, status = $5, error = $6, next_at = {now} + $7, lease_until = 0, \
                    finished = CASE WHEN $4 = 'failed' THEN {now} ELSE 0 END \
                    WHERE workspace = $1 AND id = $2 AND attempts = $3 AND state = 'waiting'";
        let query = sqlx::query(self.sql(text)).bind(&due.workspace).bind(&due.id).bind(due.attempt);
        let query = query.bind(if is_last { "failed" } else { "waiting" }).bind(i64::from(status));
        let query = query.bind(error).bind(pause.as_millis() as i64);
        Ok(query.execute(&self.pool).await?.rows_affected() > 0)
    }

    /// Ends the leases of servers that are known to be dead, so that what they were telling is told at once.
    pub async fn release_deliveries(&self, dead: &[String]) -> Result<()> {
        for owner in dead {
            let text = "UPDATE deliveries SET lease_until = 0 WHERE owner = $1 AND state = 'waiting'";
            sqlx::query(text).bind(owner).execute(&self.pool).await?;
        }
        Ok(())
    }
}
