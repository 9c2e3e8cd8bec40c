//! Jobs as those see them who order them: where they are, what was wished of them, and the log of their events.
//!
//! `queued → running → succeeded | failed | cancelled`, with `cancelling` in between where somebody is at work, and `paused`
//! from `queued` or `running` until it is `queued` again. A claim raises `attempt`; whoever works on a job names its attempt
//! with every write, and a write of an attempt that is over changes nothing. A server that dies leaves a lease that ends; the
//! job is then claimed again, from the beginning, or waits, paused, for somebody to resume it.
//!
//! Who paused a job that was begun leaves it with its server, which holds worker and lease but no slot: a queued job under a
//! lease is nobody else's to claim, and runs again once its server has a slot for it.

use super::webhooks::Topic;
use super::{Page, Result, Store};
use crate::store::fits::Fit;
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};
use std::fmt;
use std::str::FromStr;

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waiting for a worker, or resumed and waiting for its own to have its turn.
    Queued,
    /// A server works on it.
    Running,
    /// Nobody works on it until somebody resumes it; what was drawn waits with its worker, as long as its server lives.
    Paused,
    /// A server works on it and has been asked to stop.
    Cancelling,
    /// Stopped before its end.
    Cancelled,
    /// Done.
    Succeeded,
    /// Over, without a result.
    Failed,
}

/// What became of the wish to pause a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// The job is in this state now.
    Now(State),
    /// Too many workers of the workspace are paused.
    TooMany,
    /// There is no such job.
    Unknown,
}

impl State {
    /// Its word in the database and in answers.
    pub fn word(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Running => "running",
            State::Paused => "paused",
            State::Cancelling => "cancelling",
            State::Cancelled => "cancelled",
            State::Succeeded => "succeeded",
            State::Failed => "failed",
        }
    }

    /// Whether nothing more will happen.
    pub fn is_over(self) -> bool {
        matches!(self, State::Cancelled | State::Succeeded | State::Failed)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for State {
    type Err = sqlx::Error;

    fn from_str(word: &str) -> Result<Self> {
        let waiting = [State::Queued, State::Running, State::Paused, State::Cancelling];
        let over = [State::Cancelled, State::Succeeded, State::Failed];
        waiting
            .into_iter()
            .chain(over)
            .find(|state| state.word() == word)
            .ok_or_else(|| sqlx::Error::Decode(format!("`{word}` is no state of a job").into()))
    }
}

/// A job to be put into the queue.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Its name.
    pub id: String,
    /// Whose it is.
    pub workspace: String,
    /// `fit`.
    pub kind: String,
    /// What it makes: the name of the fit.
    pub subject: String,
    /// What is to be done, as JSON.
    pub work: String,
}

/// A job.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its name.
    pub id: String,
    /// Whose it is.
    pub workspace: String,
    /// `fit`.
    pub kind: String,
    /// What it makes.
    pub subject: String,
    /// Where it is.
    pub state: State,
    /// Times that it was begun.
    pub attempt: i64,
    /// The latest progress as JSON; empty before the first.
    pub progress: String,
    /// What came of it as JSON; empty before.
    pub result: String,
    /// Why it failed as JSON; empty otherwise.
    pub problem: String,
    /// When it was ordered.
    pub created: i64,
    /// When it was first begun; 0 before.
    pub started: i64,
    /// When it was over; 0 before.
    pub finished: i64,
}

/// An entry of a job's log.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its place in the log, from 1.
    pub seq: i64,
    /// `state` or `progress`.
    pub kind: String,
    /// As JSON.
    pub data: String,
}

fn job(row: &AnyRow) -> Result<Job> {
    Ok(Job {
        id: row.try_get("id")?,
        workspace: row.try_get("workspace")?,
        kind: row.try_get("kind")?,
        subject: row.try_get("subject")?,
        state: row.try_get::<String, _>("state")?.parse()?,
        attempt: row.try_get("attempt")?,
        progress: row.try_get("progress")?,
        result: row.try_get("result")?,
        problem: row.try_get("problem")?,
        created: row.try_get("created")?,
        started: row.try_get("started")?,
        finished: row.try_get("finished")?,
    })
}

impl Store {
    /// Puts a fit and its job into the queue, both or none. One that is there already under its name stays as it is; says
    /// whether there was room among the `most_waiting` that a workspace may have.
    pub async fn order_fit(&self, fit: &Fit, new: &NewJob, most_waiting: i64) -> Result<bool> {
        let mut transaction = self.pool.begin().await?;
        let text = "INSERT INTO fits (id, workspace, name, dataset, job, spec, created) \
                    VALUES ($1, $2, $3, $4, $5, $6, {now}) ON CONFLICT (id) DO NOTHING";
        let query = sqlx::query(self.sql(text)).bind(&fit.id).bind(&fit.workspace).bind(&fit.name);
        let query = query.bind(&fit.dataset).bind(&new.id).bind(&fit.spec);
        if query.execute(&mut *transaction).await?.rows_affected() == 0 {
            transaction.rollback().await?;
            return Ok(true);
        }
        let text = "SELECT COUNT(*) AS n FROM jobs WHERE workspace = $1 AND state = 'queued'";
        let row = sqlx::query(text).bind(&new.workspace).fetch_one(&mut *transaction).await?;
        if row.try_get::<i64, _>("n")? >= most_waiting {
            transaction.rollback().await?;
            return Ok(false);
        }
        let text = "INSERT INTO jobs (id, workspace, kind, subject, work, state, created) \
                    VALUES ($1, $2, $3, $4, $5, 'queued', {now})";
        let query = sqlx::query(self.sql(text)).bind(&new.id).bind(&new.workspace).bind(&new.kind);
        query.bind(&new.subject).bind(&new.work).execute(&mut *transaction).await?;
        self.log_state(&mut transaction, &new.workspace, &new.id, State::Queued).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// One job of a workspace.
    pub async fn job(&self, workspace: &str, id: &str) -> Result<Option<Job>> {
        let text = "SELECT * FROM jobs WHERE workspace = $1 AND id = $2";
        let row = sqlx::query(text).bind(workspace).bind(id).fetch_optional(&self.pool).await?;
        row.as_ref().map(job).transpose()
    }

    /// Jobs of a workspace, the youngest first.
    pub async fn jobs(&self, workspace: &str, page: &Page) -> Result<Vec<Job>> {
        let text =
            "SELECT * FROM jobs WHERE workspace = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3";
        let query = sqlx::query(text).bind(workspace).bind(&page.before).bind(page.limit);
        query.fetch_all(&self.pool).await?.iter().map(job).collect()
    }

    /// Number of jobs in each state, over all workspaces: for the operator's figures, which name no tenant.
    pub async fn job_counts(&self) -> Result<Vec<(String, i64)>> {
        let rows =
            sqlx::query("SELECT state, COUNT(*) AS n FROM jobs GROUP BY state").fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok((row.try_get("state")?, row.try_get("n")?))).collect()
    }

    /// Events of a job behind `after`, in order, at most a few hundred.
    pub async fn events(&self, workspace: &str, id: &str, after: i64) -> Result<Vec<Event>> {
        let text = "SELECT seq, kind, data FROM job_events WHERE workspace = $1 AND job = $2 AND seq > $3 \
                    ORDER BY seq LIMIT 500";
        let rows = sqlx::query(text).bind(workspace).bind(id).bind(after).fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                Ok(Event { seq: row.try_get("seq")?, kind: row.try_get("kind")?, data: row.try_get("data")? })
            })
            .collect()
    }

    /// Asks for a job to be cancelled; gives its state afterwards. One that is over stays as it is, and one that nobody holds is
    /// over at once.
    pub async fn cancel(&self, workspace: &str, id: &str) -> Result<Option<State>> {
        let text = "UPDATE jobs SET finished = CASE WHEN state <> 'running' AND lease_until < {now} THEN {now} ELSE finished END, \
                    state = CASE WHEN state <> 'running' AND lease_until < {now} THEN 'cancelled' ELSE 'cancelling' END \
                    WHERE workspace = $1 AND id = $2 AND state IN ('queued', 'running', 'paused') RETURNING state";
        self.turn_to(text, workspace, id).await
    }

    /// Pauses a job that waits or runs; gives its state afterwards, which is another where it is about to end. A workspace may
    /// keep so many workers waiting: each holds its memory.
    pub async fn pause(&self, workspace: &str, id: &str, most_paused: i64) -> Result<Pause> {
        let mut transaction = self.pool.begin().await?;
        let text = "UPDATE jobs SET state = 'paused' WHERE workspace = $1 AND id = $2 AND state IN ('queued', 'running')";
        if sqlx::query(text).bind(workspace).bind(id).execute(&mut *transaction).await?.rows_affected() == 0 {
            transaction.rollback().await?;
            return Ok(self.job(workspace, id).await?.map_or(Pause::Unknown, |job| Pause::Now(job.state)));
        }
        let text = "SELECT COUNT(*) AS n FROM jobs WHERE workspace = $1 AND state = 'paused' AND lease_until >= {now}";
        let row = sqlx::query(self.sql(text)).bind(workspace).fetch_one(&mut *transaction).await?;
        if row.try_get::<i64, _>("n")? > most_paused {
            transaction.rollback().await?;
            return Ok(Pause::TooMany);
        }
        self.log_state(&mut transaction, workspace, id, State::Paused).await?;
        transaction.commit().await?;
        Ok(Pause::Now(State::Paused))
    }

    /// Puts a paused job into the queue again; gives its state afterwards.
    pub async fn resume(&self, workspace: &str, id: &str) -> Result<Option<State>> {
        let text = "UPDATE jobs SET state = 'queued' WHERE workspace = $1 AND id = $2 AND state = 'paused' RETURNING state";
        self.turn_to(text, workspace, id).await
    }

    /// Changes the state of a job by `text`, where that applies to it, and gives what it is then.
    async fn turn_to(&self, text: &'static str, workspace: &str, id: &str) -> Result<Option<State>> {
        let mut transaction = self.pool.begin().await?;
        let query = sqlx::query(self.sql(text)).bind(workspace).bind(id);
        if let Some(row) = query.fetch_optional(&mut *transaction).await? {
            let state: State = row.try_get::<String, _>("state")?.parse()?;
            drop(row);
            self.log_state(&mut transaction, workspace, id, state).await?;
            transaction.commit().await?;
            return Ok(Some(state));
        }
        transaction.rollback().await?;
        Ok(self.job(workspace, id).await?.map(|job| job.state))
    }

    /// Notes a change of state, and what webhooks are to be told of it.
    pub(super) async fn log_state(
        &self,
        transaction: &mut Transaction<'_, Any>,
        workspace: &str,
        id: &str,
        state: State,
    ) -> Result<()> {
        let data = serde_json::json!({ "state": state.word() }).to_string();
        self.log(transaction, workspace, id, "state", &data).await?;
        match Topic::of(state) {
            Some(topic) => self.post(transaction, workspace, id, topic).await,
            None => Ok(()),
        }
    }

    /// Appends to the log of a job. Whoever calls this has written to the job's row in the same transaction, so that two of
    /// them never number their entries at once.
    pub(super) async fn log(
        &self,
        transaction: &mut Transaction<'_, Any>,
        workspace: &str,
        id: &str,
        kind: &str,
        data: &str,
    ) -> Result<()> {
        let text = "INSERT INTO job_events (job, seq, workspace, kind, data, created) \
                    SELECT CAST($1 AS TEXT), COALESCE(MAX(seq), 0) + 1, CAST($2 AS TEXT), CAST($3 AS TEXT), \
                    CAST($4 AS TEXT), {now} FROM job_events WHERE job = $1 AND workspace = $2";
        let query = sqlx::query(self.sql(text)).bind(id).bind(workspace).bind(kind).bind(data);
        query.execute(&mut **transaction).await.map(|_| ())
    }
}
