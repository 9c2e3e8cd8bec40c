//! Files on their way in and out: received chunk by chunk, looked at by a worker, kept, given out, forgotten.

use super::compute::damaged;
use super::reply::{Immutable, Tagged};
use crate::app::App;
use crate::auth::Caller;
use crate::ids;
use crate::jobs::child::{Child, Ended};
use crate::problem::{ApiError, Outcome};
use crate::store::Dataset;
use crate::worker::{DataFile, Order, Work};
use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;

/// Kinds of files that are taken.
const KINDS: [&str; 11] =
    ["csv", "tsv", "txt", "tab", "parquet", "arrow", "feather", "xlsx", "xlsb", "xls", "ods"];
/// How long a first look at a file may take.
const LOOK_TIME: Duration = Duration::from_secs(60);
/// Most memory of a look at a file, in bytes.
const LOOK_MEMORY: u64 = 4 << 30;

/// An upload in a scratch folder.
pub struct Upload {
    /// The folder.
    pub scratch: TempDir,
    /// What it is called.
    pub name: String,
    /// Its extension.
    pub extension: &'static str,
    /// Hash of its bytes.
    pub sha256: String,
}

impl Upload {
    /// The file's name inside the folder.
    pub fn file(&self) -> String {
        format!("data.{}", self.extension)
    }
}

/// Writes the body to the disk, chunk by chunk, and no further than it may go.
pub async fn receive(app: &App, request: Request, name: Option<String>) -> Outcome<Upload> {
    let most = app.settings.upload_bytes;
    let length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    // A form has some lines around its file.
    if length.is_some_and(|length| length > most + 65_536) {
        return Err(too_large(most));
    }
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let scratch = app.blobs.scratch().map_err(|error| disk(&error))?;
    let path = scratch.path().join("upload");
    let name = if kind == "multipart/form-data" {
        from_form(request, &path, most, name).await?
    } else {
        if kind == "application/json" {
            let detail = "send the file itself, or a form with a part named file";
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
        let stream = request.into_body().into_data_stream().map(|chunk| chunk.map_err(|_| broken()));
        write(stream, &path, most).await?;
        name
    };
    let name = display_name(name.as_deref().unwrap_or("data.csv"));
    let extension = extension_of(&path, &name, &kind).await?;
    let target = scratch.path().join(format!("data.{extension}"));
    tokio::fs::rename(&path, &target).await.map_err(|error| disk(&error))?;
    let hashed = tokio::task::spawn_blocking(move || crate::blobs::hash(&target)).await;
    let (sha256, _) = hashed.map_err(|error| ApiError::internal(&error))?.map_err(|error| disk(&error))?;
    Ok(Upload { scratch, name, extension, sha256 })
}

async fn from_form(
    request: Request,
    path: &Path,
    most: u64,
    name: Option<String>,
) -> Outcome<Option<String>> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| bad_form())?;
    while let Some(field) = form.next_field().await.map_err(|_| bad_form())? {
        if field.name() == Some("file") {
            let name = name.or(field.file_name().map(str::to_owned));
            write(field.map(|chunk| chunk.map_err(|_| broken())), path, most).await?;
            return Ok(name);
        }
    }
    Err(bad_form())
}

async fn write(
    stream: impl futures_util::Stream<Item = Outcome<axum::body::Bytes>>,
    path: &Path,
    most: u64,
) -> Outcome<()> {
    let mut file = tokio::fs::File::create(path).await.map_err(|error| disk(&error))?;
    let (mut stream, mut written) = (std::pin::pin!(stream), 0);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk?;
        written += chunk.len() as u64;
        if written > most {
            return Err(too_large(most));
        }
        file.write_all(&chunk).await.map_err(|error| disk(&error))?;
    }
    file.flush().await.map_err(|error| disk(&error))?;
    if written == 0 {
        return Err(ApiError::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "data.empty_file",
            "the upload is empty",
        ));
    }
    Ok(())
}

/// The name to show: the last part of what looks like a path, without what cannot be seen, not too long. It is never a path here.
pub fn display_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let clean: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    let clean = clean.trim();
    if clean.is_empty() || clean.chars().all(|c| c == '.') { "data.csv".to_owned() } else { clean.to_owned() }
}

/// The kind of a file: by its first bytes, else by its name, else by its media type; text when nothing says anything.
async fn extension_of(path: &Path, name: &str, media_type: &str) -> Outcome<&'static str> {
    let mut start = [0; 8];
    let mut file = tokio::fs::File::open(path).await.map_err(|error| disk(&error))?;
    let n = tokio::io::AsyncReadExt::read(&mut file, &mut start).await.map_err(|error| disk(&error))?;
    let stated = Path::new(name).extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let stated = stated.as_deref().unwrap_or_default();
    let known = KINDS.iter().copied().find(|kind| *kind == stated);
    let or = |fallback: &'static str, family: &[&str]| {
        known.filter(|kind| family.contains(kind)).unwrap_or(fallback)
    };
    Ok(match &start[..n] {
        [b'P', b'A', b'R', b'1', ..] => "parquet",
        [b'A', b'R', b'R', b'O', b'W', b'1', ..] | [0xff, 0xff, 0xff, 0xff, ..] => "arrow",
        [b'P', b'K', 3 | 5 | 7, ..] => or("xlsx", &["xlsx", "xlsb", "ods"]),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => "xls",
        _ => match known {
            Some(kind) => kind,
            None if stated.is_empty() || media_type.starts_with("text/") => "csv",
            None => {
                let detail = format!("files of kind .{} are not read", stated.escape_debug());
                let error = ApiError::invalid("", "file.unknown_kind", detail);
                return Err(error);
            }
        },
    })
}

/// Looks at an upload, keeps its bytes, then its row; only then is it said to be there.
pub async fn keep(app: &App, caller: &Caller, id: String, upload: Upload, truth: Value) -> Outcome<Dataset> {
    let file = DataFile { path: PathBuf::from(upload.file()), name: upload.name.clone() };
    let work = Work::Inspect { file, sheet: None, unpacked_bytes: app.settings.unpacked_bytes };
    let facts = errand(app, upload.scratch.path(), work).await?;
    keep_with(app, caller, id, upload, facts, truth).await
}

/// The same with facts that are known already.
pub async fn keep_with(
    app: &App,
    caller: &Caller,
    id: String,
    upload: Upload,
    facts: Value,
    truth: Value,
) -> Outcome<Dataset> {
    let _gate = app.blobs.gate.read().await;
    let (shared, path) = (app.clone(), upload.scratch.path().join(upload.file()));
    let adopted = tokio::task::spawn_blocking(move || shared.blobs.adopt(&path)).await;
    let blob = adopted.map_err(|error| ApiError::internal(&error))?.map_err(|error| disk(&error))?;
    let row = Dataset {
        id,
        workspace: caller.workspace.clone(),
        name: upload.name.clone(),
        extension: upload.extension.to_owned(),
        blob: blob.sha256,
        bytes: blob.bytes as i64,
        facts: facts.to_string(),
        truth: if truth.is_null() { String::new() } else { truth.to_string() },
        created: ids::now(),
    };
    app.store.add_dataset(&row).await?;
    Ok(row)
}

/// Lets a worker do something short in a folder, within bounds of time and memory.
pub async fn errand(app: &App, folder: &Path, work: Work) -> Outcome<Value> {
    let turn = tokio::time::timeout(LOOK_TIME, app.inspecting.acquire()).await;
    let _turn = turn
        .map_err(|_| {
            ApiError::busy(StatusCode::SERVICE_UNAVAILABLE, "busy", "the server is busy with other files", 5)
        })?
        .map_err(|error| ApiError::internal(&error))?;
    let order = Order { memory: Some(LOOK_MEMORY), work };
    let child = Child::start(&app.settings.worker, folder, &order)
        .await
        .map_err(|error| ApiError::internal(&error))?;
    let refused = |code, detail: &str| Err(ApiError::invalid("", code, detail));
    match child.finish(LOOK_TIME).await {
        Ended::Done(value) => Ok(value),
        Ended::Failed(errors) => {
            let first = errors.iter().find(|found| found.severity == "error").or(errors.first());
            let (code, detail) = first.map_or_else(
                || ("file.corrupt".to_owned(), "the file cannot be read".to_owned()),
                |found| (found.code.clone(), found.detail.clone()),
            );
            let mut error = ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
            error.errors = errors;
            Err(error)
        }
        Ended::OutOfMemory => {
            refused("file.too_large", "the file needs more memory than reading it may take")
        }
        Ended::TooSlow => refused("file.too_large", "the file takes longer to read than it may"),
        Ended::Crashed => refused("file.corrupt", "the file breaks its reader; it may be damaged"),
        Ended::Killed | Ended::Cancelled => Err(ApiError::busy(
            StatusCode::SERVICE_UNAVAILABLE,
            "worker_lost",
            "the worker was taken away",
            1,
        )),
    }
}

/// A kept file as an answer; its name is made of ours alone.
pub async fn download(app: &App, blob: &str, name: &str) -> Outcome<Response> {
    let (shared, sha256) = (app.clone(), blob.to_owned());
    let checked = tokio::task::spawn_blocking(move || shared.blobs.checked(&sha256)).await;
    let path = checked.map_err(|error| ApiError::internal(&error))?.map_err(damaged)?;
    let file = tokio::fs::File::open(path).await.map_err(|error| disk(&error))?;
    let length = file.metadata().await.map_err(|error| disk(&error))?.len();
    let chunks = futures_util::stream::try_unfold(file, |mut file| async move {
        let mut chunk = vec![0; 1 << 16];
        let n = tokio::io::AsyncReadExt::read(&mut file, &mut chunk).await?;
        chunk.truncate(n);
        Ok::<_, std::io::Error>((n > 0).then_some((axum::body::Bytes::from(chunk), file)))
    });
    let mut response = Body::from_stream(chunks).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_LENGTH, length.into());
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response.extensions_mut().insert(Tagged(format!("\"{blob}\"")));
    response.extensions_mut().insert(Immutable);
    Ok(response)
}

/// Removes the bytes of a blob that no row speaks of any more. What cannot be removed now is swept at the next start.
///
/// With several servers the bytes stay for an hour or two, until they are swept: another one may be about to write a row that
/// needs them, and nothing that was acknowledged may be lost.
pub async fn forget_blob(app: &App, blob: &str) {
    if !app.store.is_embedded() {
        return;
    }
    let _gate = app.blobs.gate.write().await;
    match app.store.needs_blob(blob).await {
        Ok(false) => {
            if let Err(error) = app.blobs.remove(blob) {
                tracing::warn!(%error, "a file cannot be removed");
            }
        }
        Ok(true) => {}
        Err(error) => tracing::warn!(%error, "nobody can say whether a file is needed"),
    }
}

fn bad_form() -> ApiError {
    let detail = "a form needs a part named file with the data";
    ApiError::new(StatusCode::BAD_REQUEST, "form.invalid", detail)
}

fn broken() -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "body.broken", "the body ended too early")
}

fn too_large(most: u64) -> ApiError {
    let detail = format!("an upload may have {} MB", most >> 20);
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
}

/// A fault of the disk.
pub fn disk(error: &std::io::Error) -> ApiError {
    if matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded) {
        tracing::error!(%error, "the disk is full");
        return ApiError::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full", "the server's disk is full");
    }
    ApiError::internal(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_and_never_leads_anywhere() {
        assert_eq!(display_name("../../etc/passwd"), "passwd");
        assert_eq!(display_name("C:\\data\\sales.csv"), "sales.csv");
        assert_eq!(display_name("a\u{0}b\r\n.csv"), "ab.csv");
        assert_eq!(display_name(".."), "data.csv");
        assert_eq!(display_name("<img onerror>.csv"), "<img onerror>.csv");
        assert_eq!(display_name(&"x".repeat(1000)).len(), 200);
    }
}
