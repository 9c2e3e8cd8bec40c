//! Rows of drafts: what somebody is still working on, each write under a revision of its own.

use super::{Page, Result, Store};
use sqlx::Row;
use sqlx::any::AnyRow;

/// A draft.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Its name in paths.
    pub id: String,
    /// Whose it is.
    pub workspace: String,
    /// What the user calls it.
    pub name: String,
    /// `spec` or `plan`.
    pub kind: String,
    /// The dataset or fit it is for; empty for none.
    pub subject: String,
    /// What was drafted, as JSON.
    pub content: String,
    /// How often it was written.
    pub revision: i64,
    /// When it was made.
    pub created: i64,
    /// When it was written last.
    pub updated: i64,
}

/// What became of a write that names the revision it began from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is done.
    Done,
    /// The draft is at another revision by now, or gone.
    Stale,
}

fn draft(row: &AnyRow) -> Result<Draft> {
    Ok(Draft {
        id: row.try_get("id")?,
        workspace: row.try_get("workspace")?,
        name: row.try_get("name")?,
        kind: row.try_get("kind")?,
        subject: row.try_get("subject")?,
        content: row.try_get("content")?,
        revision: row.try_get("revision")?,
        created: row.try_get("created")?,
        updated: row.try_get("updated")?,
    })
}

fn written(rows: u64) -> Written {
    if rows > 0 { Written::Done } else { Written::Stale }
}

impl Store {
    /// Adds a draft; one of that name that is there already stays as it is.
    pub async fn add_draft(&self, draft: &Draft) -> Result<()> {
        let text = "INSERT INTO drafts (id, workspace, name, kind, subject, content, revision, created, updated) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING";
        let d = draft;
        let query = sqlx::query(text).bind(&d.id).bind(&d.workspace).bind(&d.name).bind(&d.kind);
        let query = query.bind(&d.subject).bind(&d.content).bind(d.revision).bind(d.created);
        query.bind(d.updated).execute(&self.pool).await.map(|_| ())
    }

    /// One draft of a workspace.
    pub async fn draft(&self, workspace: &str, id: &str) -> Result<Option<Draft>> {
        let text = "SELECT * FROM drafts WHERE workspace = $1 AND id = $2";
        let row = sqlx::query(text).bind(workspace).bind(id).fetch_optional(&self.pool).await?;
        row.as_ref().map(draft).transpose()
    }

    /// Drafts of a workspace, the youngest first.
    pub async fn drafts(&self, workspace: &str, page: &Page) -> Result<Vec<Draft>> {
        let text =
            "SELECT * FROM drafts WHERE workspace = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3";
        let query = sqlx::query(text).bind(workspace).bind(&page.before).bind(page.limit);
        query.fetch_all(&self.pool).await?.iter().map(draft).collect()
    }

    /// Writes a draft that still is at the revision before that of `new`.
    pub async fn replace_draft(&self, new: &Draft) -> Result<Written> {
        let text = "UPDATE drafts SET name = $3, kind = $4, subject = $5, content = $6, revision = $7, updated = $8 \
                    WHERE workspace = $1 AND id = $2 AND revision = $7 - 1";
        let query = sqlx::query(text).bind(&new.workspace).bind(&new.id).bind(&new.name).bind(&new.kind);
        let query = query.bind(&new.subject).bind(&new.content).bind(new.revision).bind(new.updated);
        Ok(written(query.execute(&self.pool).await?.rows_affected()))
    }

    /// Removes a draft that still is at this revision.
    pub async fn remove_draft(&self, workspace: &str, id: &str, revision: i64) -> Result<Written> {
        let text = "DELETE FROM drafts WHERE workspace = $1 AND id = $2 AND revision = $3";
        let query = sqlx::query(text).bind(workspace).bind(id).bind(revision);
        Ok(written(query.execute(&self.pool).await?.rows_affected()))
    }
}
