//! Files by their hash: written beside, made durable, renamed; checked whenever they are read. No name comes from a user.
//!
//! ```text
//! data/blobs/ab/<sha256>      what is kept
//! data/scratch/<server>/<id>/ what is being made; gone with its server
//! data/servers/<server>       held locked by the server of that name while it lives
//! ```

use crate::ids::{hex, new_id};
use sha2::{Digest, Sha256};
use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;
use tokio::sync::RwLock;

/// The data folder, as one server sees it.
#[derive(Debug)]
pub struct Blobs {
    root: PathBuf,
    /// The name of this server.
    pub server: String,
    /// Servers that were found dead when this one started.
    pub dead: Vec<String>,
    /// Whether another server lives in this folder.
    pub has_company: bool,
    _lock: File,
    /// Held for reading between the writing of a blob and of its row, for writing while one is removed.
    pub gate: Arc<RwLock<()>>,
}

/// A file that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// Why a file cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// It is not there.
    #[error("the file is no longer in the data folder")]
    Gone,
    /// Its bytes are not those that were written.
    #[error("the file in the data folder was changed: its checksum is not the one that was noted")]
    Corrupt,
    /// The disk failed.
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl Blobs {
    /// Opens a data folder, takes a name in it and clears away what dead servers left.
    ///
    /// # Errors
    /// When folders or files in it cannot be made.
    pub fn open(root: &Path) -> io::Result<Self> {
        make_folder(root)?;
        for folder in ["blobs", "scratch", "servers"] {
            fs::create_dir_all(root.join(folder))?;
        }
        sync_folder(root)?;
        let (mut dead, mut has_company) = (Vec::new(), false);
        for entry in fs::read_dir(root.join("servers"))? {
            let (path, name) =
                (entry.as_ref().map(fs::DirEntry::path), entry.as_ref().map(fs::DirEntry::file_name));
            let (Ok(path), Ok(name)) = (path, name) else { continue };
            let file = File::options().write(true).open(&path)?;
            match file.try_lock() {
                Ok(()) => {
                    let name = name.to_string_lossy().into_owned();
                    let _ = fs::remove_dir_all(root.join("scratch").join(&name));
                    // Nobody takes the name again: what it did last may only now become true in the database.
                    fs::remove_file(&path)?;
                    dead.push(name);
                }
                Err(TryLockError::WouldBlock) => has_company = true,
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        // Another server that starts now may take a new file for a dead server's before it is locked.
        let (server, lock) = loop {
            let name = new_id();
            let path = root.join("servers").join(&name);
            let file = File::create(&path)?;
            if file.try_lock().is_ok() && path.exists() {
                break (name, file);
            }
        };
        fs::create_dir_all(root.join("scratch").join(&server))?;
        Ok(Self { root: root.to_owned(), server, dead, has_company, _lock: lock, gate: Arc::default() })
    }

    /// A folder of its own for something being made; gone when dropped.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn scratch(&self) -> io::Result<TempDir> {
        tempfile::Builder::new().prefix("").tempdir_in(self.root.join("scratch").join(&self.server))
    }

    /// Keeps a file from a scratch folder: durable when this returns.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn adopt(&self, path: &Path) -> io::Result<Blob> {
        let (sha256, bytes) = hash(path)?;
        let target = self.path(&sha256);
        let folder = target.parent().unwrap_or(&self.root);
        if hash(&target).is_ok_and(|(there, _)| there == sha256) && made_young(&target).is_ok() {
            return Ok(Blob { sha256, bytes });
        }
        if !folder.is_dir() {
            fs::create_dir_all(folder)?;
            sync_folder(&self.root.join("blobs"))?;
        }
        File::open(path)?.sync_all()?;
        fs::rename(path, &target)?;
        sync_folder(folder)?;
        Ok(Blob { sha256, bytes })
    }

    /// The place of a kept file whose bytes are as they were written.
    ///
    /// # Errors
    /// When it is gone or changed.
    pub fn checked(&self, sha256: &str) -> Result<PathBuf, BlobError> {
        let path = self.path(sha256);
        match hash(&path) {
            Ok((found, _)) if found == sha256 => Ok(path),
            Ok(_) => Err(BlobError::Corrupt),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(BlobError::Gone),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a file that no row needs any more. The caller holds the gate for writing.
    ///
    /// # Errors
    /// Those of the disk; a file that is gone already is none.
    pub fn remove(&self, sha256: &str) -> io::Result<()> {
        match fs::remove_file(self.path(sha256)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes a file that no row needed a moment ago, also where other servers may adopt it just now; says whether it did.
    /// Who adopts a file makes it young, or finds it gone and writes it anew: one that is old when it lies aside is nobody's.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn remove_old(&self, sha256: &str, age: Duration) -> io::Result<bool> {
        let (path, aside) = (self.path(sha256), self.root.join("scratch").join(&self.server).join(sha256));
        if !is_old(&path, age)? {
            return Ok(false);
        }
        fs::rename(&path, &aside)?;
        if is_old(&aside, age)? {
            return fs::remove_file(&aside).map(|()| true);
        }
        fs::rename(&aside, &path).map(|()| false)
    }

    /// Hashes of all kept files.
    pub fn all(&self) -> Vec<String> {
        let folders = fs::read_dir(self.root.join("blobs")).into_iter().flatten().flatten();
        let files = folders.flat_map(|folder| fs::read_dir(folder.path()).into_iter().flatten().flatten());
        files.map(|file| file.file_name().to_string_lossy().into_owned()).collect()
    }

    fn path(&self, sha256: &str) -> PathBuf {
        self.root.join("blobs").join(sha256.get(..2).unwrap_or("00")).join(sha256)
    }
}

fn made_young(path: &Path) -> io::Result<()> {
    File::options().write(true).open(path)?.set_modified(SystemTime::now())
}

fn is_old(path: &Path, age: Duration) -> io::Result<bool> {
    Ok(fs::metadata(path)?.modified()?.elapsed().is_ok_and(|elapsed| elapsed >= age))
}

/// SHA-256 and size of a file.
pub fn hash(path: &Path) -> io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let (mut digest, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((hex(&digest.finalize()), bytes)),
            n => {
                digest.update(&buffer[..n]);
                bytes += n as u64;
            }
        }
    }
}

/// Makes a data folder where there is none: for the user of this program alone, since it holds data and hashes of secrets.
///
/// # Errors
/// Those of the disk.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    keep_private(folder)
}

#[cfg(unix)]
fn keep_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn keep_private(_: &Path) -> io::Result<()> {
    Ok(())
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(blobs: &Blobs, bytes: &[u8]) -> Blob {
        let scratch = blobs.scratch().unwrap();
        let path = scratch.path().join("upload");
        fs::write(&path, bytes).unwrap();
        blobs.adopt(&path).unwrap()
    }

    #[test]
    fn a_file_is_kept_once_and_a_changed_one_is_not_given_out() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let blob = kept(&blobs, b"week,sales\n1,2\n");
        assert_eq!(kept(&blobs, b"week,sales\n1,2\n"), blob);
        assert_eq!(blobs.all(), [blob.sha256.as_str()]);
        let path = blobs.checked(&blob.sha256).unwrap();
        fs::write(&path, b"week,sales\n1,3\n").unwrap();
        assert!(matches!(blobs.checked(&blob.sha256), Err(BlobError::Corrupt)));
        // Uploading it again mends it.
        assert_eq!(kept(&blobs, b"week,sales\n1,2\n"), blob);
        assert!(blobs.checked(&blob.sha256).is_ok());
        fs::remove_file(&path).unwrap();
        assert!(matches!(blobs.checked(&blob.sha256), Err(BlobError::Gone)));
    }

    #[test]
    fn a_file_that_is_kept_again_is_young_and_only_an_old_one_is_removed_among_others() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let blob = kept(&blobs, b"a");
        let hour = Duration::from_secs(3600);
        assert!(!blobs.remove_old(&blob.sha256, hour).unwrap());
        let make_old = || {
            let file = File::options().write(true).open(blobs.path(&blob.sha256)).unwrap();
            file.set_modified(SystemTime::now() - 2 * hour).unwrap();
        };
        make_old();
        assert_eq!(kept(&blobs, b"a"), blob);
        assert!(!blobs.remove_old(&blob.sha256, hour).unwrap() && blobs.checked(&blob.sha256).is_ok());
        make_old();
        assert!(blobs.remove_old(&blob.sha256, hour).unwrap());
        assert!(matches!(blobs.checked(&blob.sha256), Err(BlobError::Gone)));
    }

    #[test]
    fn servers_that_live_keep_their_names_and_dead_ones_leave_theirs_and_their_scratch() {
        let folder = tempfile::tempdir().unwrap();
        let first = Blobs::open(folder.path()).unwrap();
        let second = Blobs::open(folder.path()).unwrap();
        assert_ne!(first.server, second.server);
        let left = second.scratch().unwrap().keep();
        let names = (first.server.clone(), second.server.clone());
        drop(second);
        let third = Blobs::open(folder.path()).unwrap();
        assert!(third.server != names.0 && third.server != names.1);
        assert_eq!(third.dead, [names.1]);
        assert!(!left.exists());
        drop((first, third));
        assert_eq!(Blobs::open(folder.path()).unwrap().dead.len(), 2);
    }
}
