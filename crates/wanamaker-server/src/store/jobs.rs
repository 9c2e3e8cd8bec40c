//! The queue: jobs with leases, heartbeats and fencing, and the log of their events.
//!
//! `queued → running → succeeded | failed | cancelled`, with `cancelling` in between where somebody is at work. A claim
//! raises `attempt`; whoever works on a job names its attempt with every write, and a write of an attempt that is over
//! changes nothing. A server that dies leaves a lease that ends; the job is then claimed again, from the beginning.

use super::{Page, Result, Store};
use crate::store::fits::Fit;
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waiting for a worker.
    Queued,
    /// A server works on it.
    Running,
    /// A server works on it and has been asked to stop.
    Cancelling,
    /// Stopped before its end.
    Cancelled,
    /// Done.
    Succeeded,
    /// Over, without a result.
    Failed,
}

impl State {
    /// Its word in the database and in answers.
    pub fn word(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Running => "running",
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
        [State::Queued, State::Running, State::Cancelling, State::Cancelled, State::Succeeded, State::Failed]
            .into_iter()
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

/// A job that is ours to do until its lease ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    /// Its name.
    pub id: String,
    /// Whose it is.
    pub workspace: String,
    /// What it makes.
    pub subject: String,
    /// What is to be done, as JSON.
    pub work: String,
    /// The fencing token.
    pub attempt: i64,
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

    /// Takes the oldest job that waits or whose lease has ended.
    pub async fn claim(&self, owner: &str, lease: Duration, most_faults: u32) -> Result<Option<Claimed>> {
        self.give_up(most_faults).await?;
        let mut transaction = self.pool.begin().await?;
        let text = "UPDATE jobs SET faults = faults + CASE WHEN state = 'running' THEN 1 ELSE 0 END, state = 'running', \
                    attempt = attempt + 1, owner = $1, heartbeat = {now}, lease_until = {now} + $2, \
                    started = CASE WHEN started = 0 THEN {now} ELSE started END \
                    WHERE id = (SELECT id FROM jobs WHERE state = 'queued' OR (state = 'running' AND lease_until < {now}) \
                                ORDER BY created, id LIMIT 1 {skip_locked}) \
                    RETURNING id, workspace, subject, work, attempt";
        let query = sqlx::query(self.sql(text)).bind(owner).bind(lease.as_millis() as i64);
        let Some(row) = query.fetch_optional(&mut *transaction).await? else {
            transaction.rollback().await?;
            return Ok(None);
        };
        let claimed = Claimed {
            id: row.try_get("id")?,
            workspace: row.try_get("workspace")?,
            subject: row.try_get("subject")?,
            work: row.try_get("work")?,
            attempt: row.try_get("attempt")?,
        };
        drop(row);
        self.log_state(&mut transaction, &claimed.workspace, &claimed.id, State::Running).await?;
        transaction.commit().await?;
        Ok(Some(claimed))
    }

    /// Ends what nobody will end: cancelled jobs whose server died, and jobs that took too many with them.
    async fn give_up(&self, most_faults: u32) -> Result<()> {
        let mut transaction = self.pool.begin().await?;
        let problem = serde_json::json!({
            "code": "job.given_up",
            "detail": format!("the job was begun {most_faults} times, and each time its worker or its server ended before it"),
        });
        let cancel = "UPDATE jobs SET state = 'cancelled', finished = {now}, lease_until = 0 \
                      WHERE state = 'cancelling' AND lease_until < {now} RETURNING id, workspace";
        let fail = "UPDATE jobs SET state = 'failed', problem = $1, finished = {now}, lease_until = 0 \
                    WHERE faults + CASE WHEN state = 'running' THEN 1 ELSE 0 END >= $2 \
                    AND (state = 'queued' OR (state = 'running' AND lease_until < {now})) RETURNING id, workspace";
        let cancelled = sqlx::query(self.sql(cancel)).fetch_all(&mut *transaction).await?;
        let query = sqlx::query(self.sql(fail)).bind(problem.to_string()).bind(i64::from(most_faults));
        let failed = query.fetch_all(&mut *transaction).await?;
        for (rows, state) in [(cancelled, State::Cancelled), (failed, State::Failed)] {
            for row in rows {
                let (id, workspace): (String, String) = (row.try_get("id")?, row.try_get("workspace")?);
                self.log_state(&mut transaction, &workspace, &id, state).await?;
            }
        }
        transaction.commit().await
    }

    /// Says that we still work on it; gives the state, or `None` when it is ours no longer.
    pub async fn heartbeat(&self, claimed: &Claimed, lease: Duration) -> Result<Option<State>> {
        let text = "UPDATE jobs SET heartbeat = {now}, lease_until = {now} + $4 \
                    WHERE workspace = $1 AND id = $2 AND attempt = $3 AND state IN ('running', 'cancelling') \
                    RETURNING state";
        let query =
            sqlx::query(self.sql(text)).bind(&claimed.workspace).bind(&claimed.id).bind(claimed.attempt);
        let row = query.bind(lease.as_millis() as i64).fetch_optional(&self.pool).await?;
        row.map(|row| row.try_get::<String, _>("state")?.parse()).transpose()
    }

    /// The state of a job that is ours, or `None` when it is ours no longer.
    pub async fn state_of(&self, claimed: &Claimed) -> Result<Option<State>> {
        let text = "SELECT state FROM jobs WHERE workspace = $1 AND id = $2 AND attempt = $3 \
                    AND state IN ('running', 'cancelling')";
        let query = sqlx::query(text).bind(&claimed.workspace).bind(&claimed.id).bind(claimed.attempt);
        let row = query.fetch_optional(&self.pool).await?;
        row.map(|row| row.try_get::<String, _>("state")?.parse()).transpose()
    }

    /// Notes progress; says whether the job is still ours.
    pub async fn progress(&self, claimed: &Claimed, progress: &str) -> Result<bool> {
        let mut transaction = self.pool.begin().await?;
        let text = "UPDATE jobs SET progress = $4 WHERE workspace = $1 AND id = $2 AND attempt = $3 AND state = 'running'";
        let query = sqlx::query(text).bind(&claimed.workspace).bind(&claimed.id).bind(claimed.attempt);
        let ours = query.bind(progress).execute(&mut *transaction).await?.rows_affected() > 0;
        if ours {
            self.log(&mut transaction, &claimed.workspace, &claimed.id, "progress", progress).await?;
        }
        transaction.commit().await?;
        Ok(ours)
    }

    /// Publishes the fit that a job made, and ends the job, both or none; says whether the job was still ours to end.
    pub async fn succeed(&self, claimed: &Claimed, blob: &str, bytes: i64, facts: &str) -> Result<bool> {
        let mut transaction = self.pool.begin().await?;
        let result = serde_json::json!({ "fit": claimed.subject }).to_string();
        let text = "UPDATE jobs SET state = 'succeeded', result = $4, finished = {now}, lease_until = 0 \
                    WHERE workspace = $1 AND id = $2 AND attempt = $3 AND state = 'running'";
        let query =
            sqlx::query(self.sql(text)).bind(&claimed.workspace).bind(&claimed.id).bind(claimed.attempt);
        if query.bind(result).execute(&mut *transaction).await?.rows_affected() == 0 {
            transaction.rollback().await?;
            return Ok(false);
        }
        let text = "UPDATE fits SET blob = $3, bytes = $4, facts = $5, finished = {now} WHERE workspace = $1 AND id = $2";
        let query = sqlx::query(self.sql(text)).bind(&claimed.workspace).bind(&claimed.subject).bind(blob);
        query.bind(bytes).bind(facts).execute(&mut *transaction).await?;
        self.log_state(&mut transaction, &claimed.workspace, &claimed.id, State::Succeeded).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Ends a job that failed; says whether it was still ours to end.
    pub async fn fail(&self, claimed: &Claimed, problem: &str) -> Result<bool> {
        self.end(claimed, State::Failed, problem).await
    }

    /// Ends a job that was cancelled; says whether it was still ours to end.
    pub async fn cancelled(&self, claimed: &Claimed) -> Result<bool> {
        self.end(claimed, State::Cancelled, "").await
    }

    async fn end(&self, claimed: &Claimed, state: State, problem: &str) -> Result<bool> {
        let mut transaction = self.pool.begin().await?;
        let text = "UPDATE jobs SET state = $4, problem = $5, finished = {now}, lease_until = 0 \
                    WHERE workspace = $1 AND id = $2 AND attempt = $3 AND state IN ('running', 'cancelling')";
        let query =
            sqlx::query(self.sql(text)).bind(&claimed.workspace).bind(&claimed.id).bind(claimed.attempt);
        let query = query.bind(state.word()).bind(problem);
        let ours = query.execute(&mut *transaction).await?.rows_affected() > 0;
        if ours {
            self.log_state(&mut transaction, &claimed.workspace, &claimed.id, state).await?;
        }
        transaction.commit().await?;
        Ok(ours)
    }

    /// Puts a job back: its server stops, or its worker was taken away. The latter counts as a fault of the job.
    pub async fn put_back(&self, claimed: &Claimed, is_fault: bool) -> Result<bool> {
        let mut transaction = self.pool.begin().await?;
        let text = "UPDATE jobs SET state = 'queued', owner = '', lease_until = 0, faults = faults + $4 \
                    WHERE workspace = $1 AND id = $2 AND attempt = $3 AND state = 'running'";
        let query = sqlx::query(text).bind(&claimed.workspace).bind(&claimed.id).bind(claimed.attempt);
        let ours = query.bind(i64::from(is_fault)).execute(&mut *transaction).await?.rows_affected() > 0;
        if ours {
            self.log_state(&mut transaction, &claimed.workspace, &claimed.id, State::Queued).await?;
        }
        transaction.commit().await?;
        Ok(ours)
    }

    /// Asks for a job to be cancelled; gives its state afterwards. One that is over stays as it is.
    pub async fn cancel(&self, workspace: &str, id: &str) -> Result<Option<State>> {
        let mut transaction = self.pool.begin().await?;
        let text = "UPDATE jobs SET finished = CASE WHEN state = 'queued' THEN {now} ELSE finished END, \
                    state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE 'cancelling' END \
                    WHERE workspace = $1 AND id = $2 AND state IN ('queued', 'running') RETURNING state";
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

    /// Ends the leases of servers that are known to be dead, so that their jobs are claimed at once.
    pub async fn release(&self, dead: &[String]) -> Result<()> {
        for owner in dead {
            let text =
                "UPDATE jobs SET lease_until = 0 WHERE owner = $1 AND state IN ('running', 'cancelling')";
            sqlx::query(text).bind(owner).execute(&self.pool).await?;
        }
        Ok(())
    }

    async fn log_state(
        &self,
        transaction: &mut Transaction<'_, Any>,
        workspace: &str,
        id: &str,
        state: State,
    ) -> Result<()> {
        let data = serde_json::json!({ "state": state.word() }).to_string();
        self.log(transaction, workspace, id, "state", &data).await
    }

    /// Appends to the log of a job. Whoever calls this has written to the job's row in the same transaction, so that two of
    /// them never number their entries at once.
    async fn log(
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
