//! Rows of fits: the order, and, once its job is done, the hash of the fit file.

use super::{Page, Result, Store};
use sqlx::Row;
use sqlx::any::AnyRow;

/// A fit, ordered or done.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Its name.
    pub id: String,
    /// Whose it is.
    pub workspace: String,
    /// What the user calls it.
    pub name: String,
    /// The dataset it was ordered for.
    pub dataset: String,
    /// The job that makes it.
    pub job: String,
    /// The spec as ordered, as JSON.
    pub spec: String,
    /// Hash of the fit file; empty until it is there.
    pub blob: String,
    /// Size of the fit file.
    pub bytes: i64,
    /// What is worth knowing without opening the file, as JSON; empty until it is there.
    pub facts: String,
    /// When it was ordered.
    pub created: i64,
    /// When the file was there; 0 until then.
    pub finished: i64,
    /// State of its job.
    pub state: String,
}

fn fit(row: &AnyRow) -> Result<Fit> {
    Ok(Fit {
        id: row.try_get("id")?,
        workspace: row.try_get("workspace")?,
        name: row.try_get("name")?,
        dataset: row.try_get("dataset")?,
        job: row.try_get("job")?,
        spec: row.try_get("spec")?,
        blob: row.try_get("blob")?,
        bytes: row.try_get("bytes")?,
        facts: row.try_get("facts")?,
        created: row.try_get("created")?,
        finished: row.try_get("finished")?,
        state: row.try_get("state")?,
    })
}

impl Store {
    /// One fit of a workspace.
    pub async fn fit(&self, workspace: &str, id: &str) -> Result<Option<Fit>> {
        let text = "SELECT fits.*, jobs.state FROM fits \
                    JOIN jobs ON jobs.id = fits.job AND jobs.workspace = fits.workspace \
                    WHERE fits.workspace = $1 AND fits.id = $2";
        let row = sqlx::query(text).bind(workspace).bind(id).fetch_optional(&self.pool).await?;
        row.as_ref().map(fit).transpose()
    }

    /// Fits of a workspace, the youngest first.
    pub async fn fits(&self, workspace: &str, page: &Page) -> Result<Vec<Fit>> {
        let text = "SELECT fits.*, jobs.state FROM fits \
                    JOIN jobs ON jobs.id = fits.job AND jobs.workspace = fits.workspace \
                    WHERE fits.workspace = $1 AND ($2 = '' OR fits.id < $2) ORDER BY fits.id DESC LIMIT $3";
        let query = sqlx::query(text).bind(workspace).bind(&page.before).bind(page.limit);
        query.fetch_all(&self.pool).await?.iter().map(fit).collect()
    }

    /// Removes a fit whose job is over, with the job and its events; says whether it was there.
    pub async fn remove_fit(&self, workspace: &str, id: &str, job: &str) -> Result<bool> {
        let mut transaction = self.pool.begin().await?;
        let text = "DELETE FROM fits WHERE workspace = $1 AND id = $2 AND EXISTS (SELECT 1 FROM jobs \
                    WHERE jobs.id = $3 AND jobs.workspace = $1 AND state IN ('succeeded', 'failed', 'cancelled'))";
        let done = sqlx::query(text).bind(workspace).bind(id).bind(job).execute(&mut *transaction).await?;
        if done.rows_affected() > 0 {
            for text in [
                "DELETE FROM job_events WHERE workspace = $1 AND job = $2",
                "DELETE FROM jobs WHERE workspace = $1 AND id = $2",
            ] {
                sqlx::query(text).bind(workspace).bind(job).execute(&mut *transaction).await?;
            }
        }
        transaction.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Number of finished fits of a workspace.
    pub async fn finished_fits(&self, workspace: &str) -> Result<i64> {
        let text = "SELECT COUNT(*) AS n FROM fits WHERE workspace = $1 AND blob <> ''";
        sqlx::query(text).bind(workspace).fetch_one(&self.pool).await?.try_get("n")
    }
}
