//! The queue as those see it who do the work: claims with leases, heartbeats and fencing. `super::jobs` tells the states.

use super::{Result, State, Store};
use sqlx::Row;
use std::time::Duration;

/// Whether a job is that of the attempt that writes: it was not put back, and is not over.
pub(super) const HELD: &str = "workspace = $1 AND id = $2 AND attempt = $3 AND owner <> '' \
    AND state IN ('running', 'paused', 'queued', 'cancelling')";

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

impl Store {
    /// Takes a job that waits or whose lease has ended: the oldest of the workspace that has the fewest at work and, of those,
    /// had its turn longest ago.
    pub async fn claim(&self, owner: &str, lease: Duration, most_faults: u32) -> Result<Option<Claimed>> {
        self.give_up(most_faults).await?;
        let mut transaction = self.pool.begin().await?;
        let text = "UPDATE jobs SET faults = faults + CASE WHEN state = 'running' THEN 1 ELSE 0 END, state = 'running', \
                    attempt = attempt + 1, owner = $1, heartbeat = {now}, lease_until = {now} + $2, \
                    started = CASE WHEN started = 0 THEN {now} ELSE started END \
                    WHERE id = (SELECT id FROM jobs AS waiting WHERE state IN ('queued', 'running') AND lease_until < {now} \
                                ORDER BY (SELECT COUNT(*) FROM jobs WHERE workspace = waiting.workspace \
                                          AND state IN ('running', 'cancelling') AND lease_until >= {now}), \
                                         COALESCE((SELECT turn FROM turns WHERE workspace = waiting.workspace), 0), \
                                         created, id LIMIT 1 {skip_locked}) \
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
        let text = "INSERT INTO turns (workspace, turn) SELECT CAST($1 AS TEXT), COALESCE(MAX(turn), 0) + 1 FROM turns WHERE true \
                    ON CONFLICT (workspace) DO UPDATE SET turn = excluded.turn";
        sqlx::query(text).bind(&claimed.workspace).execute(&mut *transaction).await?;
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
                    AND state IN ('queued', 'running') AND lease_until < {now} RETURNING id, workspace";
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
                    WHERE {held} RETURNING state";
        let query =
            sqlx::query(self.sql(text)).bind(&claimed.workspace).bind(&claimed.id).bind(claimed.attempt);
        let row = query.bind(lease.as_millis() as i64).fetch_optional(&self.pool).await?;
        row.map(|row| row.try_get::<String, _>("state")?.parse()).transpose()
    }

    /// The state of a job that is ours, or `None` when it is ours no longer.
    pub async fn state_of(&self, claimed: &Claimed) -> Result<Option<State>> {
        let text = "SELECT state FROM jobs WHERE {held}";
        let query =
            sqlx::query(self.sql(text)).bind(&claimed.workspace).bind(&claimed.id).bind(claimed.attempt);
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

    /// Goes on with a job that was resumed; says whether it still waits for that.
    pub async fn take_up(&self, claimed: &Claimed) -> Result<bool> {
        let mut transaction = self.pool.begin().await?;
        let text = "UPDATE jobs SET state = 'running' WHERE {held} AND state = 'queued'";
        let query =
            sqlx::query(self.sql(text)).bind(&claimed.workspace).bind(&claimed.id).bind(claimed.attempt);
        let ours = query.execute(&mut *transaction).await?.rows_affected() > 0;
        if ours {
            self.log_state(&mut transaction, &claimed.workspace, &claimed.id, State::Running).await?;
        }
        transaction.commit().await?;
        Ok(ours)
    }

    /// Publishes the fit that a job made, and ends the job, both or none; says whether the job was still ours to end. One that
    /// was finished before a pause reached it is finished.
    pub async fn succeed(&self, claimed: &Claimed, blob: &str, bytes: i64, facts: &str) -> Result<bool> {
        let mut transaction = self.pool.begin().await?;
        let result = serde_json::json!({ "fit": claimed.subject }).to_string();
        let text = "UPDATE jobs SET state = 'succeeded', result = $4, finished = {now}, lease_until = 0 \
                    WHERE {held} AND state <> 'cancelling'";
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
        let text = "UPDATE jobs SET state = $4, problem = $5, finished = {now}, lease_until = 0 WHERE {held}";
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

    /// Puts a job back: its server stops, or its worker was taken away. The latter counts as a fault of the job. One that is
    /// paused stays so and begins anew when it is resumed.
    pub async fn put_back(&self, claimed: &Claimed, is_fault: bool) -> Result<bool> {
        let mut transaction = self.pool.begin().await?;
        let text = "UPDATE jobs SET state = CASE WHEN state = 'running' THEN 'queued' ELSE state END, owner = '', \
                    lease_until = 0, faults = faults + $4 WHERE {held} AND state <> 'cancelling' RETURNING state";
        let query =
            sqlx::query(self.sql(text)).bind(&claimed.workspace).bind(&claimed.id).bind(claimed.attempt);
        let Some(row) = query.bind(i64::from(is_fault)).fetch_optional(&mut *transaction).await? else {
            transaction.rollback().await?;
            return Ok(false);
        };
        let state: State = row.try_get::<String, _>("state")?.parse()?;
        drop(row);
        self.log_state(&mut transaction, &claimed.workspace, &claimed.id, state).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Ends the leases of servers that are known to be dead, so that their jobs are claimed at once.
    pub async fn release(&self, dead: &[String]) -> Result<()> {
        for owner in dead {
            let text = "UPDATE jobs SET lease_until = 0 WHERE owner = $1 AND finished = 0";
            sqlx::query(text).bind(owner).execute(&self.pool).await?;
        }
        Ok(())
    }
}
