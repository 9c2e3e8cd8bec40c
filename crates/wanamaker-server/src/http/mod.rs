//! The HTTP door: one table of routes, and the layers that every request goes through.

pub mod assets;
mod compute;
mod dashboard;
pub mod extract;
mod files;
pub mod guard;
mod handlers;
pub mod listen;
pub mod metrics;
mod once;
pub mod openapi;
mod outer;
mod ranges;
pub mod reply;
pub mod route;
pub mod routes;
mod tables;

use crate::app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;

/// Most bytes of a body that is not an upload.
pub const MOST_BODY: usize = 1 << 20;

/// The whole door.
pub fn router(app: &App) -> Router {
    let mut router = Router::new();
    for route in routes::all() {
        let guard = guard::Guard { app: app.clone(), access: route.access, route: route.id };
        let handler = route.handler.layer(from_fn_with_state(guard, guard::guard));
        router = router.route(route.path, handler);
    }
    router
        .fallback(dashboard::file_or_nothing)
        .layer(DefaultBodyLimit::max(MOST_BODY))
        .layer(from_fn_with_state(app.clone(), outer::outer))
        .with_state(app.clone())
}
