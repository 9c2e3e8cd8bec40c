//! Writing a file so that a kill at any moment leaves the old file or the new one, never half of either.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};
use wanamaker::problem::{Place, Problem, Problems};

/// Writes `path` through a temporary file beside it: write, fsync, rename, fsync of the folder.
///
/// An existing file keeps its permissions; a link is followed; a device or a pipe (`/dev/null`, `/dev/stdout`) has
/// nothing to rename onto and is written straight. When `write` fails nothing is left behind.
///
/// # Errors
/// `file.cannot_write`, with the reason and a way out.
pub fn write_atomically(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Problems> {
    publish(path, write).map_err(|error| cannot_write(path, &error).into())
}

fn publish(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // Renaming onto a link would replace the link and leave the file it points to as it was.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match fs::metadata(&target) {
        Ok(found) if found.is_dir() => Err(ErrorKind::IsADirectory.into()),
        Ok(found) if !found.is_file() => write_straight(&target, write),
        Ok(found) => replace(&target, Some(found.permissions()), write),
        Err(_) => replace(&target, None, write),
    }
}

fn replace(
    target: &Path,
    permissions: Option<fs::Permissions>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let folder = folder_of(target);
    let mut temporary = temporary_beside(target, &folder)?;
    let mut buffer = BufWriter::with_capacity(1 << 16, temporary.as_file_mut());
    write(&mut buffer)?;
    buffer.flush()?;
    drop(buffer);
    if let Some(permissions) = permissions {
        temporary.as_file().set_permissions(permissions)?;
    }
    // The name must not appear before the bytes are on the disk.
    temporary.as_file().sync_all()?;
    temporary.persist(target).map_err(|error| error.error)?;
    sync_folder(&folder)
}

fn temporary_beside(target: &Path, folder: &Path) -> io::Result<NamedTempFile> {
    let name = target.file_name().ok_or(ErrorKind::InvalidFilename)?;
    let prefix = format!(".{}.", name.to_string_lossy());
    let mut builder = Builder::new();
    builder.prefix(&prefix).suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file: what the umask leaves of this.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// The folder that `target` stands in.
pub(crate) fn folder_of(target: &Path) -> PathBuf {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn write_straight(target: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut buffer = BufWriter::new(File::options().write(true).open(target)?);
    write(&mut buffer)?;
    buffer.flush()
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some network file systems know no fsync of a folder; the rename has happened all the same.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        other => other,
    }
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Why something could not be written, in the words that the user reads.
pub(crate) fn reason_of(error: &io::Error) -> String {
    let reason = match error.kind() {
        ErrorKind::NotFound => "the folder does not exist",
        ErrorKind::PermissionDenied => "permission is denied",
        ErrorKind::IsADirectory => "it is a folder",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "there is no space left",
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        _ => return error.to_string(),
    };
    reason.to_owned()
}

fn cannot_write(path: &Path, error: &io::Error) -> Problem {
    let reason = reason_of(error);
    let hint = match error.kind() {
        ErrorKind::NotFound => "create the folder first, or name another",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "choose a folder you may write to",
        ErrorKind::IsADirectory => "name a file inside it",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space, or choose another disk",
        _ => "check the path and the disk; a file that was there before is unchanged",
    };
    let place = Place::file(path.display().to_string());
    Problem::error("file.cannot_write", place, format!("the file cannot be written: {reason}")).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};
    use std::time::Duration;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fit.mmm");
        write_atomically(&path, |out| out.write_all(b"old")).unwrap();
        let problems = write_atomically(&path, |out| {
            out.write_all(&[0; 200_000])?;
            Err(ErrorKind::StorageFull.into())
        })
        .unwrap_err();
        let problem = &problems.0[0];
        assert_eq!(problem.code, "file.cannot_write");
        assert_eq!(problem.message, "the file cannot be written: there is no space left");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["fit.mmm"]);
        write_atomically(&path, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["fit.mmm"]);
    }

    #[test]
    fn a_folder_in_the_way_and_a_missing_folder_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let reason = |path: &Path| write_atomically(path, |_| Ok(())).unwrap_err().0[0].message.clone();
        assert_eq!(reason(folder.path()), "the file cannot be written: it is a folder");
        let missing = folder.path().join("none/fit.mmm");
        assert_eq!(reason(&missing), "the file cannot be written: the folder does not exist");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_links_and_devices_are_respected() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&path, &link).unwrap();
        write_atomically(&link, |out| out.write_all(b"new")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        write_atomically(Path::new("/dev/null"), |out| out.write_all(b"gone")).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    const VICTIM: &str = "WANAMAKER_TEST_ATOMIC_VICTIM";

    /// The process that the test below kills: it rewrites one file for as long as it lives.
    #[test]
    fn the_victim_writes_until_it_is_killed() {
        let Some(path) = std::env::var_os(VICTIM).map(PathBuf::from) else { return };
        for round in 0_u8.. {
            let content = vec![round; 300_000];
            write_atomically(&path, |out| content.chunks(1000).try_for_each(|part| out.write_all(part)))
                .unwrap();
            if round == u8::MAX {
                break;
            }
        }
    }

    #[test]
    fn a_kill_leaves_the_old_file_or_the_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fit.mmm");
        for milliseconds in [5, 11, 17, 23, 31, 43, 59, 71] {
            let mut victim = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "atomic::tests::the_victim_writes_until_it_is_killed"])
                .env(VICTIM, &path)
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(Duration::from_millis(milliseconds));
            victim.kill().unwrap();
            victim.wait().unwrap();
            if let Ok(bytes) = fs::read(&path) {
                assert_eq!(bytes.len(), 300_000);
                assert!(bytes.iter().all(|byte| *byte == bytes[0]));
            }
        }
    }
}
