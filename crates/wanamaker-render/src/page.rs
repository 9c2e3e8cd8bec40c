//! A report as one HTML file that needs nothing else: script, style and data inside, everything else forbidden.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The script of the page, built from `ui/src/report`.
const SCRIPT: &str = include_str!("../../../ui/dist/report.js");
/// Its style.
const STYLE: &str = include_str!("../../../ui/dist/report.css");

/// The page of a report, given as JSON, under `title`.
///
/// Its content security policy lets the two inlined texts run by their hashes and nothing else load: the page asks no
/// network, and a name in the data that looks like markup stays a name.
pub fn page(report: &str, title: &str) -> String {
    // Inside a script element only `<` can end it; in JSON it may be written as an escape anywhere.
    let data = report.replace('<', "\\u003c");
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; style-src-attr 'unsafe-inline'; img-src data: blob:; \
         base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE),
    );
    let title = escaped(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<div id=\"report\"></div>\n\
         <noscript>This report draws itself: allow scripts for this file to read it. It loads nothing from anywhere.</noscript>\n\
         <script type=\"application/json\" id=\"report-data\">{data}</script>\n\
         <script>{SCRIPT}</script>\n</body>\n</html>\n"
    )
}

/// The source expression of an inlined text in a content security policy.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_the_data_or_the_title() {
        let hostile = "{\"kpi\":\"</script><script>alert(1)</script>\"}";
        let page = page(hostile, "</title><img src=x onerror=alert(1)>");
        assert!(!page.contains("<script>alert") && !page.contains("<img"));
        assert!(page.contains("\\u003c/script>\\u003cscript>alert(1)"));
    }

    #[test]
    fn neither_script_nor_style_ends_its_own_element() {
        assert!(!SCRIPT.to_lowercase().contains("</script") && !STYLE.to_lowercase().contains("</style"));
        // An escaped comment opener inside a script would swallow what follows.
        assert!(!SCRIPT.contains("<!--"));
    }

    #[test]
    fn nothing_of_a_page_comes_from_elsewhere() {
        assert!(SCRIPT.len() + STYLE.len() < 2_000_000, "a report has to stay below 3 MB with its data");
        for word in ["eval(", "new Function", "@import", "url(http"] {
            assert!(!SCRIPT.contains(word) && !STYLE.contains(word), "{word}");
        }
    }
}
