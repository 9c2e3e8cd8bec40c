//! Figures for the operator, in the text format of Prometheus. Labels are names of routes and statuses, never of tenants.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

/// Upper ends of the classes of durations, in seconds.
const CLASSES: [f64; 8] = [0.005, 0.02, 0.1, 0.25, 1.0, 2.5, 10.0, 60.0];

/// Counters since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    requests: Mutex<BTreeMap<(&'static str, u16), u64>>,
    durations: Mutex<([u64; CLASSES.len() + 1], f64)>,
    under_way: AtomicI64,
}

impl Metrics {
    /// A request begins.
    pub fn begin(&self) {
        self.under_way.fetch_add(1, Relaxed);
    }

    /// A request has been answered.
    pub fn end(&self, route: &'static str, status: u16, seconds: f64) {
        self.under_way.fetch_sub(1, Relaxed);
        *self.requests.lock().unwrap_or_else(PoisonError::into_inner).entry((route, status)).or_default() +=
            1;
        let mut durations = self.durations.lock().unwrap_or_else(PoisonError::into_inner);
        let class = CLASSES.iter().position(|end| seconds <= *end).unwrap_or(CLASSES.len());
        durations.0[class] += 1;
        durations.1 += seconds;
    }

    /// All of it as text; `jobs` are the numbers of jobs by state.
    pub fn text(&self, jobs: &[(String, i64)], cache_bytes: usize) -> String {
        let mut text = String::from("# TYPE mmm_http_requests_total counter\n");
        for ((route, status), n) in self.requests.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = writeln!(text, "mmm_http_requests_total{{route=\"{route}\",status=\"{status}\"}} {n}");
        }
        text += "# TYPE mmm_http_request_seconds histogram\n";
        let (classes, sum) = *self.durations.lock().unwrap_or_else(PoisonError::into_inner);
        let mut below = 0;
        for (n, end) in classes.iter().zip(CLASSES) {
            below += n;
            let _ = writeln!(text, "mmm_http_request_seconds_bucket{{le=\"{end}\"}} {below}");
        }
        let all: u64 = classes.iter().sum();
        let _ = writeln!(text, "mmm_http_request_seconds_bucket{{le=\"+Inf\"}} {all}");
        let _ = writeln!(text, "mmm_http_request_seconds_sum {sum}\nmmm_http_request_seconds_count {all}");
        let under_way = self.under_way.load(Relaxed);
        let _ = writeln!(
            text,
            "# TYPE mmm_http_requests_under_way gauge\nmmm_http_requests_under_way {under_way}"
        );
        let _ = writeln!(text, "# TYPE mmm_cache_bytes gauge\nmmm_cache_bytes {cache_bytes}");
        text += "# TYPE mmm_jobs gauge\n";
        for (state, n) in jobs {
            let _ = writeln!(text, "mmm_jobs{{state=\"{state}\"}} {n}");
        }
        text
    }
}
