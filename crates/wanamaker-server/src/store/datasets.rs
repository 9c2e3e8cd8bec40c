//! Rows of datasets: a name, what was found in the file, and the hash under which its bytes are kept.

use super::{Page, Result, Store};
use sqlx::Row;
use sqlx::any::AnyRow;

/// A dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Its name.
    pub id: String,
    /// Whose it is.
    pub workspace: String,
    /// What the user calls it; never a path.
    pub name: String,
    /// What kind of file it is: `csv`, `xlsx`, …
    pub extension: String,
    /// Hash of the file.
    pub blob: String,
    /// Size of the file.
    pub bytes: i64,
    /// What was found in it, as JSON.
    pub facts: String,
    /// The truth that made it, where it is simulated, as JSON; else empty.
    pub truth: String,
    /// When it came.
    pub created: i64,
}

fn dataset(row: &AnyRow) -> Result<Dataset> {
    Ok(Dataset {
        id: row.try_get("id")?,
        workspace: row.try_get("workspace")?,
        name: row.try_get("name")?,
        extension: row.try_get("extension")?,
        blob: row.try_get("blob")?,
        bytes: row.try_get("bytes")?,
        facts: row.try_get("facts")?,
        truth: row.try_get("truth")?,
        created: row.try_get("created")?,
    })
}

impl Store {
    /// Adds a dataset; one of that name that is there already stays as it is.
    pub async fn add_dataset(&self, dataset: &Dataset) -> Result<()> {
        let text = "INSERT INTO datasets (id, workspace, name, extension, blob, bytes, facts, truth, created) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING";
        let d = dataset;
        let query = sqlx::query(text).bind(&d.id).bind(&d.workspace).bind(&d.name).bind(&d.extension);
        let query = query.bind(&d.blob).bind(d.bytes).bind(&d.facts).bind(&d.truth).bind(d.created);
        query.execute(&self.pool).await.map(|_| ())
    }

    /// One dataset of a workspace.
    pub async fn dataset(&self, workspace: &str, id: &str) -> Result<Option<Dataset>> {
        let text = "SELECT * FROM datasets WHERE workspace = $1 AND id = $2";
        let row = sqlx::query(text).bind(workspace).bind(id).fetch_optional(&self.pool).await?;
        row.as_ref().map(dataset).transpose()
    }

    /// Datasets of a workspace, the youngest first.
    pub async fn datasets(&self, workspace: &str, page: &Page) -> Result<Vec<Dataset>> {
        let text =
            "SELECT * FROM datasets WHERE workspace = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3";
        let query = sqlx::query(text).bind(workspace).bind(&page.before).bind(page.limit);
        query.fetch_all(&self.pool).await?.iter().map(dataset).collect()
    }

    /// Removes a dataset that no fit was ordered for; says whether it was so.
    pub async fn remove_dataset(&self, workspace: &str, id: &str) -> Result<bool> {
        let text = "DELETE FROM datasets WHERE workspace = $1 AND id = $2 \
                    AND NOT EXISTS (SELECT 1 FROM fits WHERE fits.workspace = $1 AND fits.dataset = $2)";
        let done = sqlx::query(text).bind(workspace).bind(id).execute(&self.pool).await?;
        Ok(done.rows_affected() > 0)
    }

    /// Whether any row of any workspace still needs the bytes of this hash.
    pub async fn needs_blob(&self, blob: &str) -> Result<bool> {
        let text = "SELECT (SELECT COUNT(*) FROM datasets WHERE blob = $1) + \
                    (SELECT COUNT(*) FROM fits WHERE blob = $1) AS n";
        Ok(sqlx::query(text).bind(blob).fetch_one(&self.pool).await?.try_get::<i64, _>("n")? > 0)
    }
}
