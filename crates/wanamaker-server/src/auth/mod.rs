//! Who asks, and what they may do.
//!
//! An API key is `mmm_<id>_<secret>` in `Authorization: Bearer …` or `X-Api-Key`; of the secret only the hash is kept. People log
//! in and get a cookie. On a loopback address, as long as there is no credential, everybody is the admin of `default`.

pub mod limits;
pub mod password;

use crate::app::App;
use crate::ids;
use crate::problem::{ApiError, Outcome};
use crate::store::ApiKey;
use axum::http::{HeaderMap, StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// The workspace of those who have named none.
pub const DEFAULT_WORKSPACE: &str = "default";
/// The session cookie.
pub const COOKIE: &str = "mmm_session";
/// A session that is not used for so long has ended, in milliseconds.
pub const IDLE: i64 = 8 * 3_600_000;
/// A session ends after so long, in milliseconds.
pub const SESSION: i64 = 7 * 24 * 3_600_000;

/// What somebody may do; each may do what those before may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Look at everything of the workspace.
    Viewer,
    /// Also upload, fit and delete.
    Analyst,
    /// Also give out keys and logins.
    Admin,
}

impl Role {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Analyst => "analyst",
            Role::Admin => "admin",
        }
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        [Role::Viewer, Role::Analyst, Role::Admin].into_iter().find(|role| role.word() == word).ok_or_else(
            || format!("`{}` is no role; the roles are viewer, analyst and admin", word.escape_debug()),
        )
    }
}

/// Who a request is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The workspace that everything they see and make belongs to.
    pub workspace: String,
    /// What they may do.
    pub role: Role,
    /// `local`, `key:…` or `user:…`: for limits and the log.
    pub name: String,
}

/// Who is asking, or why nobody knows.
///
/// # Errors
/// 401 for a missing, unknown, wrong, expired or revoked credential, always in the same words.
pub async fn prove(app: &App, headers: &HeaderMap) -> Outcome<Caller> {
    if let Some(key) = presented_key(headers) {
        return prove_key(app, key).await;
    }
    if let Some(secret) = cookie(headers) {
        let user = app.store.session(&ids::sha256(secret.as_bytes()), IDLE).await?;
        let user = user.ok_or_else(unauthorized)?;
        let role = user.role.parse().map_err(|_| unauthorized())?;
        return Ok(Caller { workspace: user.workspace, role, name: format!("user:{}", user.id) });
    }
    if app.is_open {
        return Ok(Caller {
            workspace: DEFAULT_WORKSPACE.to_owned(),
            role: Role::Admin,
            name: "local".to_owned(),
        });
    }
    Err(unauthorized())
}

async fn prove_key(app: &App, key: &str) -> Outcome<Caller> {
    let (id, secret) = split(key).ok_or_else(unauthorized)?;
    let known = app.store.key_to_prove(&id).await?;
    // The same work is done for a key that nobody knows.
    let kept = known.as_ref().map_or("", |known| known.hash.as_str());
    let is_right = ids::equal(&ids::sha256(secret.as_bytes()), kept);
    let Some(known) = known.filter(|known| is_right && holds(known)) else { return Err(unauthorized()) };
    app.store.touch_key(&known.workspace, &known.id).await?;
    let role = known.role.parse().map_err(|_| unauthorized())?;
    Ok(Caller { workspace: known.workspace, role, name: format!("key:{}", known.id) })
}

fn holds(key: &ApiKey) -> bool {
    key.revoked == 0 && (key.expires == 0 || key.expires > ids::now())
}

/// A new key: what is kept, and what is shown once.
pub fn new_key(id: String, workspace: &str, name: &str, role: Role, expires: i64) -> (ApiKey, String) {
    let secret = ids::secret();
    let shown = format!("mmm_{}_{secret}", id.replace('-', ""));
    let key = ApiKey {
        id,
        workspace: workspace.to_owned(),
        name: name.to_owned(),
        role: role.word().to_owned(),
        hash: ids::sha256(secret.as_bytes()),
        created: ids::now(),
        expires,
        revoked: 0,
        last_used: 0,
    };
    (key, shown)
}

/// Public part and secret of a key as it is written.
fn split(key: &str) -> Option<(String, &str)> {
    let (id, secret) = key.strip_prefix("mmm_")?.split_once('_')?;
    let id = uuid::Uuid::try_parse(id).ok()?.to_string();
    (secret.len() == 64).then_some((id, secret))
}

fn presented_key(headers: &HeaderMap) -> Option<&str> {
    if let Some(value) = headers.get("x-api-key") {
        return value.to_str().ok().or(Some(""));
    }
    let value = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or("");
    let (scheme, key) = value.split_once(' ').unwrap_or((value, ""));
    Some(if scheme.eq_ignore_ascii_case("bearer") { key.trim() } else { "" })
}

/// The secret in the session cookie.
pub fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, value)| *name == COOKIE && !value.is_empty()).map(|(_, value)| value)
}

/// Nobody knows who is asking.
pub fn unauthorized() -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", "this needs an API key or a login that holds")
        .header(header::WWW_AUTHENTICATE, "Bearer")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written_and_nothing_like_it_is() {
        let id = ids::new_id();
        let (kept, shown) = new_key(id.clone(), "w", "n", Role::Viewer, 0);
        let (found, secret) = split(&shown).unwrap();
        assert_eq!((found, ids::sha256(secret.as_bytes())), (id, kept.hash));
        assert!(!shown.contains(&ids::sha256(secret.as_bytes())));
        for text in ["", "mmm_", "mmm_x_y", &shown[1..], &shown[..shown.len() - 1]] {
            assert!(split(text).is_none(), "{text}");
        }
    }

    #[test]
    fn roles_stand_in_order() {
        assert!(Role::Viewer < Role::Analyst && Role::Analyst < Role::Admin);
        assert!("root".parse::<Role>().is_err());
    }
}
