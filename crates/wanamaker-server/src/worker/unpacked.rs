//! Bounds on what a packed file may unfold to, counted by unpacking it and throwing it away before any reader opens it.

use super::fault;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;
use wanamaker::problem::Problems;

/// Most entries of an archive.
const MOST_ENTRIES: usize = 10_000;
/// An archive may always unpack to so many bytes.
const ALWAYS: u64 = 16 << 20;
/// Beyond that, to so many times its size.
const MOST_RATIO: u64 = 100;

/// Refuses an archive that unpacks to more than a hundred times its size or more than `most` bytes. Sizes that an archive
/// states are not believed. Other files pass.
pub fn check(path: &Path, most: u64) -> Result<(), Problems> {
    let Ok(mut file) = File::open(path) else { return Ok(()) };
    let mut start = [0; 2];
    if file.read_exact(&mut start).is_err() || &start != b"PK" || file.rewind().is_err() {
        return Ok(());
    }
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    let most = most.min(ALWAYS.max(MOST_RATIO.saturating_mul(size)));
    // A broken archive is reported by the reader that needs it.
    let Ok(mut archive) = zip::ZipArchive::new(file) else { return Ok(()) };
    if archive.len() > MOST_ENTRIES {
        return Err(too_large(format!("it holds {} files, at most {MOST_ENTRIES} are read", archive.len())));
    }
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index(index) else { continue };
        unpacked += io::copy(&mut entry.take(most - unpacked + 1), &mut io::sink()).unwrap_or(0);
        if unpacked > most {
            let message = format!("{size} bytes unpack to more than {} MB", most >> 20);
            return Err(too_large(message));
        }
    }
    Ok(())
}

fn too_large(why: String) -> Problems {
    let problem = fault("file.too_large", format!("the file unfolds to too much to be market data: {why}"));
    problem.hint("delete what is not the table, or save it as CSV or Parquet").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn archive(bytes: usize) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut zip = zip::ZipWriter::new(file.reopen().unwrap());
        zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).unwrap();
        for _ in 0..bytes >> 20 {
            zip.write_all(&vec![b' '; 1 << 20]).unwrap();
        }
        zip.finish().unwrap();
        file
    }

    #[test]
    fn a_small_file_that_unfolds_to_a_flood_is_refused_before_it_is_read() {
        let bomb = archive(500 << 20);
        assert!(bomb.as_file().metadata().unwrap().len() < 600_000);
        let problems = check(bomb.path(), 512 << 20).unwrap_err();
        assert_eq!(problems.0[0].code, "file.too_large");
        assert!(check(archive(8 << 20).path(), 512 << 20).is_ok());
        assert!(check(archive(8 << 20).path(), 4 << 20).is_err());
    }
}
