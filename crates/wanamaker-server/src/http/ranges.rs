//! Parts of an answer: one range of its bytes (RFC 9110, section 14), so that a long download goes on where it broke off.

use super::reply::Computed;
use crate::problem::{ApiError, Outcome};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use std::ops::Range;

/// What a header `Range` comes to for so many bytes.
#[derive(Debug, PartialEq)]
enum Asked {
    /// All of it: nothing was asked for, or nothing that is understood here.
    Whole,
    /// A part.
    Part(Range<usize>),
    /// A part that is not there.
    Nowhere,
}

/// The whole answer, or the part of it that is asked for. The bytes never change, so that parts of them fit together.
///
/// # Errors
/// 416 for a part that is not there.
pub fn ranged(answer: &Computed, headers: &HeaderMap) -> Outcome<Response> {
    let all = answer.bytes.len();
    let mut response = match asked(headers, &answer.tag, all) {
        Asked::Whole => answer.reply(true),
        Asked::Part(part) => {
            let bytes = answer.bytes.slice(part.clone());
            let mut response = Computed { bytes, ..answer.clone() }.reply(true);
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let place = format!("bytes {}-{}/{all}", part.start, part.end - 1);
            let place = HeaderValue::from_str(&place).map_err(|error| ApiError::internal(&error))?;
            response.headers_mut().insert(header::CONTENT_RANGE, place);
            response
        }
        Asked::Nowhere => {
            let detail = format!("there are {all} bytes, and none where the range begins");
            let refused = ApiError::new(StatusCode::RANGE_NOT_SATISFIABLE, "range.nowhere", detail);
            return Err(refused.header(header::CONTENT_RANGE, &format!("bytes */{all}")));
        }
    };
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    Ok(response)
}

fn asked(headers: &HeaderMap, tag: &str, all: usize) -> Asked {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    // A client that knows another state of the bytes gets all of them.
    if text(header::IF_RANGE).is_some_and(|known| known.trim() != tag) {
        return Asked::Whole;
    }
    let range = text(header::RANGE).and_then(|range| range.trim().strip_prefix("bytes="));
    // Several parts at once, and what is no range at all, are answered with the whole, as the standard allows.
    let Some((first, last)) = range.and_then(|range| range.trim().split_once('-')) else {
        return Asked::Whole;
    };
    let number = |text: &str| text.parse::<usize>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    match (number(first), number(last)) {
        (Some(first), None) if last.is_empty() => part(first, all, all),
        (Some(first), Some(last)) if first <= last => part(first, last.saturating_add(1), all),
        (None, Some(n)) if first.is_empty() => part(all.saturating_sub(n), all, if n == 0 { 0 } else { all }),
        _ => Asked::Whole,
    }
}

fn part(from: usize, to: usize, all: usize) -> Asked {
    if from < all { Asked::Part(from..to.min(all)) } else { Asked::Nowhere }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_the_standard_says() {
        let of = |range: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, range.parse().unwrap());
            asked(&headers, "\"a\"", 100)
        };
        assert_eq!(of("bytes=0-9"), Asked::Part(0..10));
        assert_eq!(of("bytes=90-"), Asked::Part(90..100));
        assert_eq!(of("bytes=90-1000"), Asked::Part(90..100));
        assert_eq!(of("bytes=-10"), Asked::Part(90..100));
        assert_eq!(of("bytes=-1000"), Asked::Part(0..100));
        for nowhere in ["bytes=100-", "bytes=100-200", "bytes=-0"] {
            assert_eq!(of(nowhere), Asked::Nowhere, "{nowhere}");
        }
        for whole in ["bytes=9-0", "bytes=a-b", "bytes=-", "bytes=0-1,3-4", "lines=0-1", "bytes=+1-2"] {
            assert_eq!(of(whole), Asked::Whole, "{whole}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, "bytes=0-9".parse().unwrap());
        headers.insert(header::IF_RANGE, "\"b\"".parse().unwrap());
        assert_eq!(asked(&headers, "\"a\"", 100), Asked::Whole);
        assert_eq!(asked(&headers, "\"b\"", 100), Asked::Part(0..10));
    }
}
