//! Answers that have to be computed: from fits that are loaded once, on threads that may block, kept for the next who asks.

use super::reply::Computed;
use crate::app::App;
use crate::auth::Caller;
use crate::blobs::BlobError;
use crate::problem::{ApiError, Outcome};
use crate::store;
use axum::http::StatusCode;
use std::sync::Arc;
use wanamaker::engine::fit::Fit;
use wanamaker::problem::Problems;

/// A loaded fit.
pub type Loaded = Arc<Fit>;

/// The row of a fit that is done.
///
/// # Errors
/// 404 for none, 409 for one whose job is not over or came to nothing.
pub async fn finished(app: &App, caller: &Caller, id: &str) -> Outcome<store::Fit> {
    let fit = app.store.fit(&caller.workspace, id).await?.ok_or_else(|| ApiError::not_found("fit"))?;
    if fit.blob.is_empty() {
        let detail = format!("the fit is not there: its job is {}; see /api/v1/jobs/{}", fit.state, fit.job);
        return Err(ApiError::new(StatusCode::CONFLICT, "fit.not_ready", detail));
    }
    Ok(fit)
}

/// A fit, loaded or from the cache.
///
/// # Errors
/// Those of [`finished`], and 410 for a file that is gone or damaged.
pub async fn load(app: &App, caller: &Caller, id: &str) -> Outcome<Loaded> {
    let row = finished(app, caller, id).await?;
    let name = format!("{}/{id}/fit/{}", caller.workspace, row.blob);
    let (shared, blob) = (app.clone(), row.blob.clone());
    app.cache
        .get(&name, size_of_fit, async move {
            blocking(app, move || {
                let path = shared.blobs.checked(&blob).map_err(damaged)?;
                let (fit, _, _) =
                    wanamaker_io::fit_file::load(&path).map_err(|problems| unreadable(&problems))?;
                Ok(fit)
            })
            .await
        })
        .await
}

/// An answer about a fit: computed by `compute`, or as it was computed before under this `name`.
///
/// # Errors
/// Those of [`load`] and of `compute`.
pub async fn answer(
    app: &App,
    caller: &Caller,
    id: &str,
    name: String,
    compute: impl FnOnce(&Fit) -> Outcome<Computed> + Send + 'static,
) -> Outcome<Arc<Computed>> {
    // Whoever may not see the fit learns nothing from the cache.
    let row = finished(app, caller, id).await?;
    let name = format!("{}/{id}/{name}/{}", caller.workspace, row.blob);
    app.cache
        .get(&name, |computed: &Computed| computed.bytes.len() + 200, async {
            let fit = load(app, caller, id).await?;
            blocking(app, move || compute(&fit)).await
        })
        .await
}

/// Does something on a thread that may block, a few at a time.
///
/// # Errors
/// 503 when too many are waiting already, 500 when it panics.
pub async fn blocking<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    let turn = Arc::clone(&app.computing).acquire_owned();
    let turn = match tokio::time::timeout(std::time::Duration::from_secs(60), turn).await {
        Ok(turn) => turn.map_err(|error| ApiError::internal(&error))?,
        Err(_) => {
            let detail = "the server is busy computing for others";
            return Err(ApiError::busy(StatusCode::SERVICE_UNAVAILABLE, "busy", detail, 5));
        }
    };
    // The turn goes with the work, which goes on when nobody waits for it any more.
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    });
    done.await.map_err(|error| ApiError::internal(&error))?
}

/// A file of ours that cannot be given out.
pub fn damaged(error: BlobError) -> ApiError {
    tracing::error!(%error, "a file in the data folder is not as it was written");
    match error {
        BlobError::Io(error) => ApiError::internal(&error),
        BlobError::Gone | BlobError::Corrupt => {
            ApiError::new(StatusCode::GONE, "file_damaged", format!("{error}; restore it, or make it again"))
        }
    }
}

fn unreadable(problems: &Problems) -> ApiError {
    let error = ApiError::problems(problems, "");
    tracing::error!(code = %error.code, detail = error.detail, "a fit file cannot be read");
    // Its place on this machine is nobody's business.
    let detail = "the fit file cannot be used any more; fit again";
    ApiError::new(StatusCode::GONE, error.code, detail)
}

fn size_of_fit(fit: &Fit) -> usize {
    let draws = fit.posterior.n_chains * fit.posterior.n_draws;
    let cells = fit.model.panel.n_times() * fit.model.panel.n_geos();
    16 * draws * fit.posterior.n_scalars() + 800 * cells + (1 << 16)
}
