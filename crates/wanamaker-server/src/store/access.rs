//! Rows of API keys, users and sessions. Only hashes of secrets are kept.

use super::{Page, Result, Store};
use sqlx::Row;
use sqlx::any::AnyRow;

/// An API key without its secret.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiKey {
    /// The public part of the key.
    pub id: String,
    /// The workspace it opens.
    pub workspace: String,
    /// What it is for.
    pub name: String,
    /// `viewer`, `analyst` or `admin`.
    pub role: String,
    /// SHA-256 of the secret.
    pub hash: String,
    /// When it was made.
    pub created: i64,
    /// When it ends; 0 for never.
    pub expires: i64,
    /// When it was revoked; 0 while it holds.
    pub revoked: i64,
    /// When it was last used, to the minute.
    pub last_used: i64,
}

/// Somebody who logs in.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Their name here.
    pub id: String,
    /// The workspace they work in.
    pub workspace: String,
    /// What they log in with.
    pub login: String,
    /// `viewer`, `analyst` or `admin`.
    pub role: String,
    /// argon2id of the password, with its parameters.
    pub hash: String,
}

/// A user to be added.
pub type NewUser = User;

fn api_key(row: &AnyRow) -> Result<ApiKey> {
    Ok(ApiKey {
        id: row.try_get("id")?,
        workspace: row.try_get("workspace")?,
        name: row.try_get("name")?,
        role: row.try_get("role")?,
        hash: row.try_get("hash")?,
        created: row.try_get("created")?,
        expires: row.try_get("expires")?,
        revoked: row.try_get("revoked")?,
        last_used: row.try_get("last_used")?,
    })
}

fn user(row: &AnyRow) -> Result<User> {
    Ok(User {
        id: row.try_get("id")?,
        workspace: row.try_get("workspace")?,
        login: row.try_get("login")?,
        role: row.try_get("role")?,
        hash: row.try_get("hash")?,
    })
}

impl Store {
    /// Whether anybody can prove who they are.
    pub async fn has_credentials(&self) -> Result<bool> {
        let text = "SELECT (SELECT COUNT(*) FROM users WHERE role = 'admin') + (SELECT COUNT(*) FROM api_keys \
                    WHERE role = 'admin' AND revoked = 0 AND (expires = 0 OR expires > {now})) AS n";
        Ok(sqlx::query(self.sql(text)).fetch_one(&self.pool).await?.try_get::<i64, _>("n")? > 0)
    }

    /// Adds a key; one of that name that is there already stays as it is.
    pub async fn add_key(&self, key: &ApiKey) -> Result<()> {
        let text = "INSERT INTO api_keys (id, workspace, name, role, hash, created, expires) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING";
        let query = sqlx::query(text).bind(&key.id).bind(&key.workspace).bind(&key.name).bind(&key.role);
        let query = query.bind(&key.hash).bind(key.created).bind(key.expires);
        query.execute(&self.pool).await.map(|_| ())
    }

    /// A key by its public part, whatever its workspace: the caller has not said who they are yet.
    pub async fn key_to_prove(&self, id: &str) -> Result<Option<ApiKey>> {
        let row =
            sqlx::query("SELECT * FROM api_keys WHERE id = $1").bind(id).fetch_optional(&self.pool).await?;
        row.as_ref().map(api_key).transpose()
    }

    /// Keys of a workspace, the youngest first.
    pub async fn keys(&self, workspace: &str, page: &Page) -> Result<Vec<ApiKey>> {
        let text =
            "SELECT * FROM api_keys WHERE workspace = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3";
        let query = sqlx::query(text).bind(workspace).bind(&page.before).bind(page.limit);
        query.fetch_all(&self.pool).await?.iter().map(api_key).collect()
    }

    /// Revokes a key; says whether it was there. Twice is once.
    pub async fn revoke_key(&self, workspace: &str, id: &str) -> Result<bool> {
        let text = "UPDATE api_keys SET revoked = CASE WHEN revoked = 0 THEN {now} ELSE revoked END \
                    WHERE workspace = $1 AND id = $2";
        let done = sqlx::query(self.sql(text)).bind(workspace).bind(id).execute(&self.pool).await?;
        Ok(done.rows_affected() > 0)
    }

    /// Notes the use of a key, at most once a minute.
    pub async fn touch_key(&self, workspace: &str, id: &str) -> Result<()> {
        let text = "UPDATE api_keys SET last_used = {now} \
                    WHERE workspace = $1 AND id = $2 AND last_used < {now} - 60000";
        sqlx::query(self.sql(text)).bind(workspace).bind(id).execute(&self.pool).await.map(|_| ())
    }

    /// Adds a user; says whether the login was free.
    pub async fn add_user(&self, user: &NewUser) -> Result<bool> {
        let text = "INSERT INTO users (id, workspace, login, role, hash, created) \
                    VALUES ($1, $2, $3, $4, $5, {now}) ON CONFLICT (login) DO NOTHING";
        let query = sqlx::query(self.sql(text)).bind(&user.id).bind(&user.workspace).bind(&user.login);
        let done = query.bind(&user.role).bind(&user.hash).execute(&self.pool).await?;
        Ok(done.rows_affected() > 0)
    }

    /// A user by login, whatever their workspace: the caller has not said who they are yet.
    pub async fn user_to_prove(&self, login: &str) -> Result<Option<User>> {
        let row = sqlx::query("SELECT * FROM users WHERE login = $1")
            .bind(login)
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(user).transpose()
    }

    /// Opens a session for `milliseconds`.
    pub async fn add_session(&self, hash: &str, user: &User, milliseconds: i64) -> Result<()> {
        let sweep = self.sql("DELETE FROM sessions WHERE expires < {now}");
        sqlx::query(sweep).execute(&self.pool).await?;
        let text = "INSERT INTO sessions (hash, user_id, workspace, created, expires, last_used) \
                    VALUES ($1, $2, $3, {now}, {now} + $4, {now})";
        let query = sqlx::query(self.sql(text)).bind(hash).bind(&user.id).bind(&user.workspace);
        query.bind(milliseconds).execute(&self.pool).await.map(|_| ())
    }

    /// The user of a session that has not ended and was used within `idle` milliseconds.
    pub async fn session(&self, hash: &str, idle: i64) -> Result<Option<User>> {
        let text = "SELECT users.* FROM sessions JOIN users ON users.id = sessions.user_id \
                    AND users.workspace = sessions.workspace \
                    WHERE sessions.hash = $1 AND expires > {now} AND last_used > {now} - $2";
        let row = sqlx::query(self.sql(text)).bind(hash).bind(idle).fetch_optional(&self.pool).await?;
        let Some(row) = row else { return Ok(None) };
        let touch = "UPDATE sessions SET last_used = {now} WHERE hash = $1 AND last_used < {now} - 60000";
        sqlx::query(self.sql(touch)).bind(hash).execute(&self.pool).await?;
        user(&row).map(Some)
    }

    /// Ends a session.
    pub async fn end_session(&self, hash: &str) -> Result<()> {
        sqlx::query("DELETE FROM sessions WHERE hash = $1").bind(hash).execute(&self.pool).await.map(|_| ())
    }
}
