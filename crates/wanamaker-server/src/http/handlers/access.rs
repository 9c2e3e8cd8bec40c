//! Keys and logins.

use super::{Listing, PageQuery, time};
use crate::app::App;
use crate::auth::{self, Caller, Role, password};
use crate::http::extract::{Id, Json, Query};
use crate::http::guard::address;
use crate::http::reply;
use crate::ids::{self, new_id};
use crate::problem::{ApiError, Outcome};
use crate::store::{ApiKey, NewUser};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A key to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyRequest {
    /// What it is for.
    #[schemars(length(min = 1, max = 200))]
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Days until it ends, 1 to 3650; 365 when not said.
    #[serde(default)]
    #[schemars(range(min = 1, max = 3650))]
    pub days: Option<i64>,
}

/// A key without its secret.
#[derive(Debug, Serialize, JsonSchema)]
pub struct KeyView {
    /// Its public part.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub role: String,
    /// When it was made.
    pub created: String,
    /// When it ends; null for never.
    pub expires: Option<String>,
    /// When it was revoked; null while it holds.
    pub revoked: Option<String>,
    /// When it was last used, to the minute; null for never.
    pub last_used: Option<String>,
}

/// A new key; its secret is shown this once, and cannot be printed.
#[derive(Serialize, JsonSchema)]
pub struct NewKey {
    /// The key, for `Authorization: Bearer …`.
    pub key: String,
    /// What is kept of it.
    #[serde(flatten)]
    pub view: KeyView,
}

/// Somebody to be let in. It cannot be printed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserRequest {
    /// What they log in with: visible ASCII without blanks, such as an e-mail address.
    #[schemars(regex(pattern = "^[!-~]{1,200}$"))]
    pub login: String,
    /// Their password, at least 12 characters.
    #[schemars(length(min = 12, max = 1000))]
    pub password: String,
    /// What they may do.
    pub role: Role,
}

/// Somebody.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UserView {
    /// Their name here.
    pub id: String,
    /// What they log in with.
    pub login: String,
    /// What they may do.
    pub role: String,
}

/// A login. It cannot be printed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    /// What they log in with.
    #[schemars(length(min = 1, max = 200))]
    pub login: String,
    /// Their password.
    #[schemars(length(min = 1, max = 1000))]
    pub password: String,
}

/// Who is asking.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SessionView {
    /// Their workspace.
    pub workspace: String,
    /// What they may do.
    pub role: Role,
    /// `local`, `key:…` or `user:…`.
    pub name: String,
}

/// Makes a key in the caller's workspace.
pub async fn create_key(State(app): State<App>, caller: Caller, body: Json<KeyRequest>) -> Outcome<Response> {
    let request = body.value;
    let days = request.days.unwrap_or(365);
    if !(1..=3650).contains(&days) {
        return Err(ApiError::invalid("/days", "key.bad_days", "days is a number from 1 to 3650"));
    }
    if !(1..=200).contains(&request.name.chars().count()) {
        return Err(ApiError::invalid("/name", "key.bad_name", "a name has 1 to 200 characters"));
    }
    let name = shown(&request.name);
    let expires = ids::now() + days * 24 * 3_600_000;
    let (key, secret) = auth::new_key(new_id(), &caller.workspace, &name, request.role, expires);
    app.store.add_key(&key).await?;
    tracing::info!(by = caller.name, key = key.id, role = key.role, "a key was made");
    let answer = NewKey { key: secret, view: view(&key) };
    Ok(reply::made(StatusCode::CREATED, &format!("/api/v1/keys/{}", key.id), &answer))
}

/// Lists the keys of the caller's workspace.
pub async fn keys(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Outcome<Response> {
    let page = query.page()?;
    let rows = app.store.keys(&caller.workspace, &page).await?;
    let next = PageQuery::next(&page, &rows, |row| &row.id);
    Ok(reply::json(&Listing { items: rows.iter().map(view).collect::<Vec<_>>(), next }))
}

/// Revokes a key.
pub async fn revoke_key(State(app): State<App>, caller: Caller, Id(id): Id) -> Outcome<StatusCode> {
    if !app.store.revoke_key(&caller.workspace, &id).await? {
        return Err(ApiError::not_found("key"));
    }
    tracing::info!(by = caller.name, key = id, "a key was revoked");
    Ok(StatusCode::NO_CONTENT)
}

/// Lets somebody into the caller's workspace.
pub async fn create_user(
    State(app): State<App>,
    caller: Caller,
    body: Json<UserRequest>,
) -> Outcome<Response> {
    let request = body.value;
    let login = request.login;
    if !(1..=200).contains(&login.len()) || !login.bytes().all(|byte| byte.is_ascii_graphic()) {
        let detail = "a login is 1 to 200 visible ASCII characters without blanks";
        return Err(ApiError::invalid("/login", "user.bad_login", detail));
    }
    if request.password.chars().count() < password::SHORTEST || request.password.chars().count() > 1000 {
        let detail = format!("a password has {} to 1000 characters", password::SHORTEST);
        return Err(ApiError::invalid("/password", "user.short_password", detail));
    }
    let user = NewUser {
        id: new_id(),
        workspace: caller.workspace.clone(),
        login,
        role: request.role.word().to_owned(),
        hash: password::hash(&app, request.password).await?,
    };
    if !app.store.add_user(&user).await? {
        return Err(ApiError::new(StatusCode::CONFLICT, "user.login_taken", "this login is taken"));
    }
    tracing::info!(by = caller.name, user = user.id, role = user.role, "a login was made");
    let view = UserView { id: user.id, login: user.login, role: user.role };
    Ok((StatusCode::CREATED, axum::Json(view)).into_response())
}

/// Logs in: the answer carries a cookie.
pub async fn log_in(State(app): State<App>, request: Request) -> Outcome<Response> {
    let from = address(&request);
    let login = Json::<LoginRequest>::from_request(request, &()).await?.value;
    app.limits.login(&format!("from {from}"))?;
    app.limits.login(&format!("as {}", login.login))?;
    let user = app.store.user_to_prove(&login.login).await?;
    let kept = user.as_ref().map(|user| user.hash.clone());
    let is_right = password::verify(&app, login.password, kept).await?;
    let Some(user) = user.filter(|_| is_right) else {
        tracing::warn!(from, "a login failed");
        let detail = "login or password are wrong";
        return Err(ApiError::new(StatusCode::UNAUTHORIZED, "login.wrong", detail)
            .header(header::WWW_AUTHENTICATE, "Bearer"));
    };
    let secret = ids::secret();
    app.store.add_session(&ids::sha256(secret.as_bytes()), &user, auth::SESSION).await?;
    tracing::info!(user = user.id, from, "somebody logged in");
    let role = user.role.parse().map_err(|_| auth::unauthorized())?;
    let view = SessionView { workspace: user.workspace, role, name: format!("user:{}", user.id) };
    let mut response = axum::Json(view).into_response();
    set_cookie(&app, &mut response, &secret, auth::SESSION / 1000);
    Ok(response)
}

/// Who is asking.
pub async fn session(caller: Caller) -> Response {
    let Caller { workspace, role, name } = caller;
    axum::Json(SessionView { workspace, role, name }).into_response()
}

/// Logs out.
pub async fn log_out(State(app): State<App>, headers: HeaderMap) -> Outcome<Response> {
    if let Some(secret) = auth::cookie(&headers) {
        app.store.end_session(&ids::sha256(secret.as_bytes())).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&app, &mut response, "", 0);
    Ok(response)
}

fn set_cookie(app: &App, response: &mut Response, secret: &str, seconds: i64) {
    let secure = if app.settings.secure_cookies { "; Secure" } else { "" };
    let cookie =
        format!("{}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}", auth::COOKIE);
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
}

/// A name without what cannot be seen.
fn shown(name: &str) -> String {
    let seen: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    let seen = seen.trim();
    if seen.is_empty() { "unnamed".to_owned() } else { seen.to_owned() }
}

fn view(key: &ApiKey) -> KeyView {
    KeyView {
        id: key.id.clone(),
        name: key.name.clone(),
        role: key.role.clone(),
        created: time(key.created),
        expires: ids::time(key.expires),
        revoked: ids::time(key.revoked),
        last_used: ids::time(key.last_used),
    }
}
