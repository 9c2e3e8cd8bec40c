//! The REST door of Wanamaker: jobs, storage and the HTTP API behind `mmm serve`.
//!
//! It knows no statistics, no terminal and no chart: handlers carry words in and JSON out, and every number comes from the
//! library. Fits and the reading of uploaded files happen in workers, processes of their own.

mod app;
mod auth;
mod blobs;
mod cache;
mod http;
mod hub;
mod ids;
mod jobs;
pub mod logs;
mod problem;
mod serve;
pub mod settings;
mod store;
mod webhooks;
pub mod worker;

pub use auth::Role;
pub use http::openapi::document as openapi;
pub use serve::{Credential, ServeError, Server, create_credential, make_credential, serve};
