//! The container of a fit file: named entries in a zip, sealed by a checksum over every byte.
//!
//! Entries are stored as they are (Parquet packs itself), with fixed times, system and permissions, so that the same
//! entries give the same bytes everywhere. A zip leaves many bytes unchecked (times, attributes, its own directory);
//! the seal does not: the zip's comment ends with the SHA-256 of everything before those 64 digits.

use sha2::{Digest, Sha256};
use std::io::{self, Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

/// What the zip's comment says before the digits of the seal.
const SEAL: &str = "wanamaker-fit sha256 ";
const DIGITS: usize = 64;

/// A named piece of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Name inside the zip.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

impl Entry {
    /// An entry of that name.
    pub fn new(name: &str, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), bytes }
    }
}

/// What stands between the bytes and their entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There are no bytes at all.
    Empty,
    /// The bytes are not those of a zip.
    NotAZip,
    /// The seal is broken, or the zip cannot be opened, with the reason.
    Damaged(String),
}

/// Entries and whether the seal over them held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// In the order of the file.
    pub entries: Vec<Entry>,
    /// False when there is no seal: some other program's zip, or ours packed again.
    pub sealed: bool,
}

/// The SHA-256 of `bytes` in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal digits.
pub fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes the entries in order, then the seal.
pub fn pack(entries: Vec<Entry>, out: &mut dyn Write) -> io::Result<()> {
    // Growing by doubling would need room for three times the draws.
    let room = entries.iter().map(|entry| entry.bytes.len() + (1 << 10)).sum();
    let mut zip = ZipWriter::new(Cursor::new(Vec::with_capacity(room)));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix)
        .unix_permissions(0o644);
    for entry in entries {
        zip.start_file(entry.name, options.large_file(entry.bytes.len() >= u32::MAX as usize))?;
        zip.write_all(&entry.bytes)?;
    }
    zip.set_comment(format!("{SEAL}{}", "0".repeat(DIGITS)))?;
    let bytes = zip.finish()?.into_inner();
    let sealed = &bytes[..bytes.len() - DIGITS];
    out.write_all(sealed)?;
    out.write_all(sha256(sealed).as_bytes())
}

/// Reads the entries back; with the seal unbroken they are what was packed.
pub fn unpack(bytes: Vec<u8>) -> Result<Opened, Fault> {
    if bytes.is_empty() {
        return Err(Fault::Empty);
    }
    let sealed = match seal_of(&bytes) {
        Some(digits) if digits == sha256(&bytes[..bytes.len() - DIGITS]).as_bytes() => true,
        Some(_) => return Err(Fault::Damaged("its checksum does not match".to_owned())),
        None if !bytes.starts_with(b"PK") => return Err(Fault::NotAZip),
        None => false,
    };
    let entries = entries_of(bytes).map_err(|error| Fault::Damaged(error.to_string()))?;
    Ok(Opened { entries, sealed })
}

fn seal_of(bytes: &[u8]) -> Option<&[u8]> {
    let (body, digits) = bytes.split_at_checked(bytes.len().checked_sub(DIGITS)?)?;
    body.ends_with(SEAL.as_bytes()).then_some(digits)
}

fn entries_of(bytes: Vec<u8>) -> io::Result<Vec<Entry>> {
    let limit = bytes.len() as u64;
    let mut zip = ZipArchive::new(Cursor::new(bytes))?;
    if zip.has_duplicate_names() {
        return Err(io::Error::other("two entries have the same name"));
    }
    let mut entries = Vec::with_capacity(zip.len());
    for i in 0..zip.len() {
        let file = zip.by_index(i)?;
        let mut entry = Entry::new(file.name()?.as_ref(), Vec::new());
        // Ours are stored, so none is longer than the file; a packed bomb of somebody else's stops here.
        file.take(limit).read_to_end(&mut entry.bytes)?;
        entries.push(entry);
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed() -> Vec<u8> {
        let mut bytes = Vec::new();
        let entries = vec![Entry::new("manifest.json", b"{}".to_vec()), Entry::new("data", vec![7; 300])];
        pack(entries, &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn entries_come_back_and_the_same_entries_give_the_same_bytes() {
        assert_eq!(packed(), packed());
        let opened = unpack(packed()).unwrap();
        assert!(opened.sealed);
        assert_eq!(opened.entries[0], Entry::new("manifest.json", b"{}".to_vec()));
        assert_eq!(opened.entries[1], Entry::new("data", vec![7; 300]));
    }

    #[test]
    fn no_flipped_bit_and_no_cut_keeps_the_seal() {
        let whole = packed();
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut bytes = whole.clone();
                bytes[at] ^= 1 << bit;
                assert!(!unpack(bytes).is_ok_and(|opened| opened.sealed), "bit {bit} of byte {at}");
            }
            assert!(!unpack(whole[..at].to_vec()).is_ok_and(|opened| opened.sealed), "cut to {at}");
        }
        let longer = [whole.as_slice(), b"x"].concat();
        assert!(!unpack(longer).is_ok_and(|opened| opened.sealed));
    }
}
