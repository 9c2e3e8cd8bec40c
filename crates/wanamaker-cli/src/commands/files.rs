//! Writing files that a person may have edited: never over something different unless told to.

use crate::outcome::Failure;
use std::path::Path;
use wanamaker::problem::{Place, Problem, Problems};
use wanamaker_io::atomic::write_atomically;

/// A file to be written.
#[derive(Debug)]
pub struct NewFile<'a> {
    /// Where.
    pub path: &'a Path,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Writes all of `files`, or none when one of them would replace something different and `force` is not said.
pub fn write_new(files: &[NewFile<'_>], force: bool) -> Result<(), Failure> {
    let mut problems = Problems::new();
    for file in files.iter().filter(|file| !force && file.path.exists()) {
        if std::fs::read(file.path).is_ok_and(|bytes| bytes == file.bytes) {
            continue;
        }
        let at = Place::file(file.path.display().to_string());
        let problem =
            Problem::error("output.exists", at, format!("`{}` is there already", file.path.display()));
        problems.push(problem.hint("give --force to replace it, or -o to write elsewhere"));
    }
    if problems.has_errors() {
        return Err(problems.into());
    }
    for file in files {
        make_folder_of(file.path)?;
        write_atomically(file.path, |out| out.write_all(&file.bytes))?;
    }
    Ok(())
}

/// Makes the folder that `path` stands in, where it is not there yet.
pub fn make_folder_of(path: &Path) -> Result<(), Failure> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    std::fs::create_dir_all(folder).map_err(|error| {
        let at = Place::file(folder.display().to_string());
        Problem::error("file.cannot_write", at, format!("the folder cannot be made: {error}")).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_different_file_is_kept_and_an_equal_one_is_no_obstacle() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/mmm.toml");
        let write = |text: &str, force| write_new(&[NewFile { path: &path, bytes: text.into() }], force);
        assert!(write("a", false).is_ok() && write("a", false).is_ok());
        assert!(write("b", false).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a");
        assert!(write("b", true).is_ok());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "b");
    }
}
