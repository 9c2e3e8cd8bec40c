//! A page as PDF, printed by a browser of the machine.

use crate::outcome::Failure;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use wanamaker::problem::{Place, Problem};

/// Names under which browsers of the Chromium family are installed.
const NAMES: [&str; 6] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];
/// Variable that names one that is not on the path.
const VARIABLE: &str = "MMM_CHROMIUM";

/// Prints `page` into the PDF file `output`, which is replaced only when the new one is whole.
pub fn print(page: &Path, output: &Path) -> Result<(), Failure> {
    let Some(browser) = browser() else {
        return Err(fault("no Chromium is found on this machine").hint(
            "install one (Chromium, Chrome, Edge), name it in MMM_CHROMIUM, or print the report from any browser",
        ).into());
    };
    let unusable = |error: std::io::Error| fault(format!("`{}`: {error}", output.display()));
    let page = std::fs::canonicalize(page).map_err(unusable)?;
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Profile and half-written file are in a folder of their own, which goes whatever happens.
    let scratch = tempfile::Builder::new().prefix(".mmm-pdf").tempdir_in(folder).map_err(unusable)?;
    let printed = scratch.path().join("report.pdf");
    let mut command = Command::new(&browser);
    command
        .args(["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"])
        .args(["--disable-component-update", "--disable-sync", "--no-pdf-header-footer"])
        .arg(format!("--user-data-dir={}", scratch.path().join("profile").display()))
        .arg(format!("--print-to-pdf={}", printed.display()));
    // A browser refuses to sandbox itself for the root user, which containers run as; the page runs nothing but our script.
    if is_root(scratch.path()) {
        command.arg("--no-sandbox");
    }
    let done = command.arg(url(&page)).stdin(Stdio::null()).output().map_err(unusable)?;
    if !printed.exists() {
        let words = String::from_utf8_lossy(&done.stderr);
        let last = words.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
        let message = format!("`{}` printed nothing: {last}", browser.display());
        return Err(fault(message).hint("print the report from any browser instead").into());
    }
    std::fs::File::open(&printed).and_then(|file| file.sync_all()).map_err(unusable)?;
    Ok(std::fs::rename(&printed, output).map_err(unusable)?)
}

fn fault(message: impl Into<String>) -> Problem {
    Problem::error("report.pdf", Place::default(), message)
}

fn browser() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(VARIABLE) {
        return Some(PathBuf::from(named));
    }
    let path = std::env::var_os("PATH")?;
    let places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    NAMES.iter().flat_map(|name| places.iter().map(move |place| place.join(name))).find(|file| file.is_file())
}

/// Whether files made here belong to the root user.
fn is_root(folder: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(folder).is_ok_and(|found| found.uid() == 0)
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        false
    }
}

/// A file as an address, in which a blank or a `#` in its name stays what it is.
fn url(path: &Path) -> String {
    let mut url = "file://".to_owned();
    for byte in path.display().to_string().replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~:".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url += &format!("%{byte:02X}");
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_a_name_in_an_address() {
        assert_eq!(url(Path::new("/a b/c#1?é.html")), "file:///a%20b/c%231%3F%C3%A9.html");
    }
}
