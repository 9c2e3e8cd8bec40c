//! The signature of a delivery: HMAC-SHA256 over its time, a dot and its body.

use crate::ids::hex;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Signature of `body` sent at `timestamp`, in seconds since 1970: `v1=` and hexadecimal digits. The key is the secret as it is
/// shown.
pub fn signature(secret: &str, timestamp: i64, body: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of HMAC may have any length");
    mac.update(format!("{timestamp}.{body}").as_bytes());
    format!("v1={}", hex(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_another_tool_makes_of_it() {
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac key, OpenSSL 3.
        let expected = "a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03";
        assert_eq!(signature("key", 1_700_000_000, "{\"a\":1}"), format!("v1={expected}"));
        assert_ne!(signature("key", 1_700_000_001, "{\"a\":1}"), format!("v1={expected}"));
    }
}
