//! Pages and scripts that the binary carries beside the dashboard.

use super::reply::Computed;
use axum::response::Response;
use std::sync::LazyLock;

type Asset = LazyLock<Computed>;

/// The front page where the dashboard was not built.
pub static FRONT_PAGE: Asset = LazyLock::new(|| html(include_str!("../../assets/index.html")));
/// The documentation.
pub static DOCS_PAGE: Asset = LazyLock::new(|| html(include_str!("../../assets/docs.html")));
/// Its script.
pub static DOCS_SCRIPT: Asset = LazyLock::new(|| {
    Computed::new(include_bytes!("../../assets/docs.js").to_vec(), "text/javascript; charset=utf-8")
});
/// Its looks.
pub static DOCS_STYLE: Asset = LazyLock::new(|| {
    Computed::new(include_bytes!("../../assets/docs.css").to_vec(), "text/css; charset=utf-8")
});

fn html(text: &str) -> Computed {
    Computed::new(text.as_bytes().to_vec(), "text/html; charset=utf-8")
}

/// An asset as an answer.
pub fn reply(asset: &Asset) -> Response {
    asset.reply(false)
}
