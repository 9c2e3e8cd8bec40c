//! How often somebody may ask: a bucket of permits by name that fills at a rate.

use crate::problem::{ApiError, Outcome};
use axum::http::{HeaderName, StatusCode};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Names that are remembered at once; full buckets are forgotten first.
const MOST_NAMES: usize = 10_000;
/// Failed logins per minute and account, and per minute and address.
const LOGINS: f64 = 10.0;

/// The buckets of callers and of logins.
#[derive(Debug)]
pub struct Limits {
    requests: Option<Buckets>,
    logins: Buckets,
}

#[derive(Debug)]
struct Buckets {
    per_second: f64,
    burst: f64,
    all: Mutex<HashMap<String, (f64, Instant)>>,
}

impl Limits {
    /// `rate` requests per second and caller, none for no limit.
    pub fn new(rate: Option<f64>) -> Self {
        Self {
            requests: rate.map(|rate| Buckets::new(rate, 4.0 * rate)),
            logins: Buckets::new(LOGINS / 60.0, LOGINS),
        }
    }

    /// Counts one request.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn request(&self, caller: &str) -> Outcome<()> {
        match &self.requests {
            Some(buckets) => buckets.take(caller, "too_many_requests", "too many requests; wait a little"),
            None => Ok(()),
        }
    }

    /// Counts one try to log in.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn login(&self, name: &str) -> Outcome<()> {
        self.logins.take(name, "too_many_logins", "too many tries to log in; wait a little")
    }
}

impl Buckets {
    fn new(per_second: f64, burst: f64) -> Self {
        Self { per_second, burst: burst.max(1.0), all: Mutex::default() }
    }

    fn take(&self, name: &str, code: &'static str, detail: &str) -> Outcome<()> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let level = |(level, at): &(f64, Instant)| {
            (level + now.duration_since(*at).as_secs_f64() * self.per_second).min(self.burst)
        };
        if all.len() >= MOST_NAMES {
            all.retain(|_, bucket| level(bucket) < self.burst);
        }
        let left = all.get(name).map_or(self.burst, level);
        if left < 1.0 {
            let seconds = ((1.0 - left) / self.per_second).ceil() as u64;
            let error = ApiError::busy(StatusCode::TOO_MANY_REQUESTS, code, detail, seconds);
            let policy = format!("{};w={}", self.burst as u64, (self.burst / self.per_second).ceil() as u64);
            return Err(error.header(HeaderName::from_static("ratelimit-policy"), &policy).header(
                HeaderName::from_static("ratelimit"),
                &format!("limit={}, remaining=0, reset={seconds}", self.burst as u64),
            ));
        }
        all.insert(name.to_owned(), (left - 1.0, now));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_and_then_one_waits_alone() {
        let limits = Limits::new(Some(2.0));
        assert!((0..8).all(|_| limits.request("a").is_ok()));
        let error = limits.request("a").unwrap_err();
        assert_eq!(error.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(error.headers.iter().any(|(name, value)| name == "retry-after" && value == "1"));
        assert!(limits.request("b").is_ok());
        assert!(Limits::new(None).request("a").is_ok());
    }
}
