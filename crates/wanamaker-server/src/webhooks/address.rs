//! Where a webhook may go: to the world, not into the network that the server stands in.

use reqwest::Url;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Longest address.
const LONGEST: usize = 2000;

/// Reads the address of a webhook. Names are looked up when something is sent, and their addresses looked at then.
///
/// # Errors
/// In a sentence: what is no address, has a login or a fragment in it, is not https, or leads into the network that the server
/// stands in. The last two are for `may_be_private` alone to allow.
pub fn check(text: &str, may_be_private: bool) -> Result<Url, String> {
    if text.len() > LONGEST {
        return Err(format!("an address has at most {LONGEST} characters"));
    }
    let url = Url::parse(text).map_err(|error| format!("this is no address: {error}"))?;
    match url.scheme() {
        "https" => {}
        "http" if may_be_private => {}
        _ => return Err("the address of a webhook begins with https://".to_owned()),
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err("the address of a webhook has no login and no fragment in it".to_owned());
    }
    let host = url.host_str().unwrap_or_default();
    if host.is_empty() {
        return Err("the address of a webhook names a host".to_owned());
    }
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    if literal.is_ok_and(|address| !may_be_private && !is_public(address)) {
        return Err(format!("{host} is an address of a private network"));
    }
    Ok(url)
}

/// Whether an address is one of the open internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_documentation()
        // "This network", shared address space, protocol assignments, relays, benchmarks; multicast and all above it.
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 224;
    !is_special
}

/// Only what is routed at all, 2000::/3, and of that nothing that carries an address of version 4 or is for examples.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    if let Some(carried) = address.to_ipv4_mapped() {
        return is_public_v4(carried);
    }
    let is_routed = a & 0xe000 == 0x2000;
    // Protocol assignments with Teredo, examples, 6to4.
    let is_special = (a == 0x2001 && (b < 0x200 || b == 0xdb8)) || a == 0x2002 || a & 0xfff0 == 0x3ff0;
    is_routed && !is_special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_inside_are_told_from_those_of_the_world() {
        for inside in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "198.51.100.7",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "fec0::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in
            ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"]
        {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn an_address_is_https_names_a_host_and_hides_nothing() {
        for refused in [
            "",
            "example.com",
            "http://example.com/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "https://user:secret@example.com/",
            "https://example.com/#x",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:169.254.169.254]/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
        ] {
            assert!(check(refused, false).is_err(), "{refused}");
        }
        assert!(check("https://example.com:8443/hook?x=1", false).is_ok());
        assert!(check(&format!("https://example.com/{}", "x".repeat(2000)), false).is_err());
        for allowed in ["http://127.0.0.1:9/", "http://receiver.internal/", "https://[fd12::1]/"] {
            assert!(check(allowed, true).is_ok(), "{allowed}");
        }
        assert!(check("ftp://127.0.0.1/", true).is_err());
    }
}
