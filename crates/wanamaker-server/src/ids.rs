//! Names of things, points in time, secrets and their hashes.

use sha2::{Digest, Sha256};
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// A new name, later ones sorting behind earlier ones (UUID version 7).
pub fn new_id() -> String {
    Uuid::now_v7().to_string()
}

/// Whether `text` is spelt as [`new_id`] spells names: nothing else is ever looked up.
pub fn is_id(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok_and(|id| id.to_string() == text)
}

/// Milliseconds since 1970 by the clock of this machine.
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

/// A point in time as RFC 3339 in UTC; `None` for 0.
pub fn time(milliseconds: i64) -> Option<String> {
    if milliseconds == 0 {
        return None;
    }
    jiff::Timestamp::from_millisecond(milliseconds).ok().map(|time| time.to_string())
}

/// 256 random bits in hexadecimal digits.
///
/// # Panics
/// When the system has no entropy: nothing secret can be made then.
pub fn secret() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    hex(&bytes)
}

/// SHA-256 in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [DIGITS[(b >> 4) as usize], DIGITS[(b & 15) as usize]])
        .map(char::from)
        .collect()
}

/// Whether two texts are equal, in a time that does not tell where they differ.
pub fn equal(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |all, (x, y)| all | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_by_age_and_nothing_else_is_one() {
        let ids: Vec<String> = (0..100).map(|_| new_id()).collect();
        assert!(ids.is_sorted() && ids.iter().all(|id| is_id(id)));
        for text in ["", "..", "../../etc/passwd", &ids[0].to_uppercase(), &ids[0].replace('-', ""), "0"] {
            assert!(!is_id(text), "{text}");
        }
    }

    #[test]
    fn hashes_and_times_are_written_as_everywhere() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(time(0), None);
        assert_eq!(time(1_700_000_000_123).unwrap(), "2023-11-14T22:13:20.123Z");
        assert!(equal("ab", "ab") && !equal("ab", "ac") && !equal("ab", "abc"));
    }
}
