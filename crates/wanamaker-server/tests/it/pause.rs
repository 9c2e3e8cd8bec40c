//! Paused jobs: they stand still, keep what they have, are never lost, and end as if nobody had paused them.

use crate::home::{Home, on_every_database};
use crate::support::{Client, TestServer, until, workers_in};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

on_every_database!(
    a_paused_fit_stands_still_and_ends_as_one_that_never_was,
    a_paused_job_survives_its_server_and_begins_anew,
    a_job_is_paused_before_it_begins_and_cancelled_while_paused,
);

fn wish(client: &Client, job: &str, wish: &str) -> Value {
    client.post(&format!("/api/v1/jobs/{job}/{wish}"), &json!({})).expect(200).json()
}

fn has_progress(job: &Value) -> bool {
    job["state"] == "running" && !job["progress"].is_null()
}

fn summary(server: &TestServer, fit: &str) -> String {
    server.client().get(&format!("/api/v1/fits/{fit}/summary")).expect(200).text()
}

/// Processor time of the workers below `data`, in ticks.
fn ticks(data: &Path) -> u64 {
    let of = |process: &std::path::PathBuf| -> Option<u64> {
        let stat = std::fs::read_to_string(process.join("stat")).ok()?;
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
        Some(fields.nth(11)?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
    };
    workers_in(data).iter().filter_map(of).sum()
}

/// Returns once there are no workers below `data` any more: one that has said its last word is ended a moment later.
fn wait_until_gone(data: &Path) {
    for _ in 0..500 {
        if workers_in(data).is_empty() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("a cancelled worker stays");
}

/// Returns once the workers below `data` do nothing any more, though they are there.
pub fn wait_until_still(data: &Path) {
    assert!(!workers_in(data).is_empty());
    for _ in 0..100 {
        let before = ticks(data);
        std::thread::sleep(Duration::from_millis(400));
        // A worker that looks at its chains and its input now and then may take a tick.
        if ticks(data) <= before + 1 {
            assert!(!workers_in(data).is_empty());
            return;
        }
    }
    panic!("a paused worker goes on");
}

fn a_paused_fit_stands_still_and_ends_as_one_that_never_was(home: &Home) {
    let server = home.start();
    let client = server.client();
    let dataset = client.market("recoverable", 208);
    let (whole, job) = client.order(&dataset, 4000);
    assert_eq!(client.wait(&job)["state"], "succeeded");
    let (fit, job) = client.order(&dataset, 4000);
    until(&client, &job, has_progress);
    assert_eq!(wish(&client, &job, "pause")["state"], "paused");
    assert_eq!(wish(&client, &job, "pause")["state"], "paused");
    wait_until_still(&home.data);
    let stood = client.get(&format!("/api/v1/jobs/{job}")).json();
    assert!(stood["state"] == "paused" && stood["progress"]["fraction"].as_f64().unwrap() < 1.0, "{stood}");
    // It holds nobody up: the one worker there may be works on others.
    let (_, other) = client.order(&dataset, 100);
    assert_eq!(client.wait(&other)["state"], "succeeded");
    assert_eq!(client.get(&format!("/api/v1/jobs/{job}")).json()["progress"], stood["progress"]);
    assert!(["queued", "running"].contains(&wish(&client, &job, "resume")["state"].as_str().unwrap()));
    wish(&client, &job, "resume");
    let job = client.wait(&job);
    assert_eq!((job["state"].as_str(), job["attempt"].as_i64()), (Some("succeeded"), Some(1)), "{job}");
    assert_eq!(summary(&server, &fit), summary(&server, &whole));
    let events = client.get(&format!("/api/v1/jobs/{}/events", job["id"].as_str().unwrap())).text();
    let states: Vec<&str> = events.lines().filter(|line| line.starts_with("data: {\"state\"")).collect();
    let expected = ["queued", "running", "paused", "queued", "running", "succeeded"];
    assert_eq!(states, expected.map(|state| format!("data: {{\"state\":\"{state}\"}}")));
    // What is over stays so.
    assert_eq!(wish(&client, job["id"].as_str().unwrap(), "pause")["state"], "succeeded");
    assert_eq!(wish(&client, job["id"].as_str().unwrap(), "resume")["state"], "succeeded");
}

fn a_paused_job_survives_its_server_and_begins_anew(home: &Home) {
    let server = home.start();
    let dataset = server.client().market("recoverable", 208);
    let (whole, job) = server.client().order(&dataset, 3000);
    assert_eq!(server.client().wait(&job)["state"], "succeeded");
    let expected = summary(&server, &whole);
    let mut server = server;
    for is_killed in [true, false] {
        let (fit, job) = server.client().order(&dataset, 3000);
        until(&server.client(), &job, has_progress);
        wish(&server.client(), &job, "pause");
        if is_killed {
            server.kill();
        } else {
            assert_eq!(server.terminate().0, Some(0));
        }
        server = home.start();
        // Nobody takes it up by themselves.
        let (_, other) = server.client().order(&dataset, 100);
        assert_eq!(server.client().wait(&other)["state"], "succeeded");
        let waiting = server.client().get(&format!("/api/v1/jobs/{job}")).json();
        assert_eq!((waiting["state"].as_str(), waiting["attempt"].as_i64()), (Some("paused"), Some(1)));
        wish(&server.client(), &job, "resume");
        let job = server.client().wait(&job);
        assert_eq!((job["state"].as_str(), job["attempt"].as_i64()), (Some("succeeded"), Some(2)), "{job}");
        assert_eq!(summary(&server, &fit), expected);
    }
}

fn a_job_is_paused_before_it_begins_and_cancelled_while_paused(home: &Home) {
    let server = home.start();
    let client = server.client();
    let dataset = client.market("recoverable", 208);
    let (_, long) = client.order(&dataset, 100_000);
    let (_, waiting) = client.order(&dataset, 100);
    let (_, unwanted) = client.order(&dataset, 100);
    for job in [&waiting, &unwanted] {
        assert_eq!(wish(&client, job, "pause")["state"], "paused");
    }
    until(&client, &long, has_progress);
    wish(&client, &long, "pause");
    let (_, other) = client.order(&dataset, 100);
    assert_eq!(client.wait(&other)["state"], "succeeded");
    let job = client.get(&format!("/api/v1/jobs/{waiting}")).json();
    assert_eq!((job["state"].as_str(), job["attempt"].as_i64()), (Some("paused"), Some(0)));
    assert_eq!(wish(&client, &unwanted, "cancel")["state"], "cancelled");
    let stopped = client.post(&format!("/api/v1/jobs/{long}/cancel"), &json!({}));
    assert!([200, 202].contains(&stopped.status), "{}", stopped.text());
    assert_eq!(client.wait(&long)["state"], "cancelled");
    wait_until_gone(&home.data);
    wish(&client, &waiting, "resume");
    assert_eq!(client.wait(&waiting)["state"], "succeeded");
}
