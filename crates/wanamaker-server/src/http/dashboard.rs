//! The dashboard: files built from `ui/src/app` that the program carries. Every path that is none of the API's, and that a
//! browser asks a page for, is a place in the dashboard and gets its page.

use super::assets;
use super::reply::Computed;
use crate::problem::ApiError;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

/// What was built; nothing where the front end was not, and then the front page says where everything is.
#[derive(RustEmbed)]
#[folder = "../../ui/dist/app"]
#[allow_missing = true]
struct Files;

/// What stands in the page where the nonce of its styles belongs.
const PLACE: &str = "__CSP_NONCE__";

/// The nonce under which styles of this page may be made; the outermost layer puts it into the policy.
#[derive(Clone, Debug)]
pub struct StyleNonce(pub String);

/// The page of the dashboard, under a new nonce.
pub fn page() -> Response {
    let Some(file) = Files::get("index.html") else { return assets::reply(&assets::FRONT_PAGE) };
    let mut random = [0; 16];
    if let Err(error) = getrandom::fill(&mut random) {
        return ApiError::internal(&error).into_response();
    }
    let nonce: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = String::from_utf8_lossy(&file.data).replace(PLACE, &nonce);
    let mut response = axum::response::Html(text).into_response();
    response.extensions_mut().insert(StyleNonce(nonce));
    response
}

/// Whether a page is what is asked for.
pub fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.split(',').any(|kind| kind.trim().starts_with("text/html"))
}

/// What no route of the table answers: a file of the dashboard, a place in it, or nothing.
pub async fn file_or_nothing(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let reads = matches!(method, Method::GET | Method::HEAD);
    if reads
        && path != "index.html"
        && let Some(file) = Files::get(path)
    {
        // Names of built files hold a hash of their contents.
        return Computed::new(file.data.into_owned(), media_type(path)).reply(path.starts_with("assets/"));
    }
    if reads && wants_page(&headers) && !path.starts_with("api/") && !path.contains('.') {
        return page();
    }
    ApiError::not_found("path").into_response()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("json" | "webmanifest") => "application/json",
        _ => "application/octet-stream",
    }
}

/// The policy of a page whose styles are made under `nonce`.
pub fn policy(usual: &str, nonce: &StyleNonce) -> Option<HeaderValue> {
    let own = format!("style-src 'self' 'nonce-{}'", nonce.0);
    HeaderValue::from_str(&usual.replace("style-src 'self'", &own)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_for_styles_alone_and_another_one_each_time() {
        let usual = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'";
        let policy = policy(usual, &StyleNonce("ab12".into())).unwrap();
        assert_eq!(
            policy,
            "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-ab12'; style-src-attr 'unsafe-inline'"
        );
        let nonce = || page().extensions().get::<StyleNonce>().map(|nonce| nonce.0.clone());
        assert!(nonce().is_none() || nonce() != nonce());
    }
}
