//! Passwords: argon2id with 19 MB and two passes, a few at a time, since each takes that much.

use crate::app::App;
use crate::problem::{ApiError, Outcome};
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};

/// Shortest password.
pub const SHORTEST: usize = 12;

/// The hash that is kept of a password.
///
/// # Errors
/// When it cannot be computed.
pub async fn hash(app: &App, password: String) -> Outcome<String> {
    let _turn = app.hashing.acquire().await.map_err(|error| ApiError::internal(&error))?;
    let hashed = tokio::task::spawn_blocking(move || hash_now(&password)).await;
    hashed.map_err(|error| ApiError::internal(&error))?.map_err(|error| ApiError::internal(&error))
}

/// The same without waiting for a turn: for a command that runs alone.
///
/// # Errors
/// When it cannot be computed.
pub fn hash_now(password: &str) -> Result<String, argon2::password_hash::Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

/// Whether a password is the one whose hash is kept; `None` for somebody unknown takes as long.
///
/// # Errors
/// When it cannot be computed.
pub async fn verify(app: &App, password: String, kept: Option<String>) -> Outcome<bool> {
    let _turn = app.hashing.acquire().await.map_err(|error| ApiError::internal(&error))?;
    let verified = tokio::task::spawn_blocking(move || match kept {
        Some(kept) => PasswordHash::new(&kept)
            .is_ok_and(|kept| Argon2::default().verify_password(password.as_bytes(), &kept).is_ok()),
        None => {
            let _ = hash_now(&password);
            false
        }
    });
    verified.await.map_err(|error| ApiError::internal(&error))
}
