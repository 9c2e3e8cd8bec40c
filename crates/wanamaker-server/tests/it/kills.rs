//! `kill -9` at moments of chance: nothing that was acknowledged is lost, nothing is half there, results are the same.

use crate::home::{Home, on_every_database};
use crate::support::{TestServer, files_below, weekly_csv, workers_in};
use serde_json::json;
use std::collections::HashMap;
use std::time::Duration;

on_every_database!(
    uploads_that_were_acknowledged_are_there_whole_and_others_are_not_there_at_all,
    a_fit_whose_server_is_killed_is_made_again_and_says_the_same,
    no_worker_outlives_its_server,
    a_job_that_cannot_be_begun_is_given_up_and_the_server_goes_on,
);

/// Moments to kill at.
fn kills(few: usize) -> usize {
    if std::env::var_os("RUN_SLOW_TESTS").is_some() { 200 } else { few }
}

/// A chance that is the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn uploads_that_were_acknowledged_are_there_whole_and_others_are_not_there_at_all(home: &Home) {
    let data = &home.data;
    let mut chance = Chance(1);
    let mut acknowledged: HashMap<String, String> = HashMap::new();
    let mut n = 0;
    for round in 0..kills(6) {
        let server = home.start();
        let client = server.client();
        let pause = Duration::from_millis(20 + chance.below(400));
        let killer = std::thread::spawn(move || {
            std::thread::sleep(pause);
            server.kill();
        });
        loop {
            n += 1;
            let csv = weekly_csv("week,revenue,tv_spend,search_spend", 20 + n);
            let keyed = client.with("Idempotency-Key", &format!("upload-{n}"));
            let Ok(reply) =
                keyed.send("POST", "/api/v1/datasets?name=a.csv", Some("text/csv"), csv.as_bytes())
            else {
                break;
            };
            assert_eq!(reply.status, 201, "round {round}: {}", reply.text());
            acknowledged.insert(reply.json()["id"].as_str().unwrap().to_owned(), csv);
        }
        killer.join().unwrap();
        // The one that was cut off is repeated: it makes one dataset, whether the first try had got through or not.
        let server = home.start();
        let csv = weekly_csv("week,revenue,tv_spend,search_spend", 20 + n);
        let keyed = server.client().with("Idempotency-Key", &format!("upload-{n}"));
        let reply = keyed.upload("a.csv", csv.as_bytes()).expect(201);
        acknowledged.insert(reply.json()["id"].as_str().unwrap().to_owned(), csv);
        server.kill();
    }
    let server = home.start();
    let client = server.client();
    for (id, csv) in &acknowledged {
        assert_eq!(&client.get(&format!("/api/v1/datasets/{id}/file")).expect(200).text(), csv);
    }
    let (mut known, mut path) = (0, "/api/v1/datasets?limit=200".to_owned());
    loop {
        let page = client.get(&path).expect(200).json();
        for item in page["items"].as_array().unwrap() {
            assert!(acknowledged.contains_key(item["id"].as_str().unwrap()), "{item} was never acknowledged");
            known += 1;
        }
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/datasets?limit=200&cursor={next}");
    }
    assert_eq!(known, acknowledged.len());
    println!("{known} uploads over {} kills", kills(6));
    server.terminate();
    // One file for each content, and nothing half written. Where others may be at work, what no row speaks of stays for a while.
    let files = files_below(&data.join("blobs")).len();
    let spare = if home.is_embedded() { 0 } else { kills(6) };
    assert!((acknowledged.len()..=acknowledged.len() + spare).contains(&files), "{files} {known}");
}

fn a_fit_whose_server_is_killed_is_made_again_and_says_the_same(home: &Home) {
    let data = &home.data;
    let server = home.start();
    let dataset = server.client().market("recoverable", 208);
    let (whole, job) = server.client().order(&dataset, 1500);
    assert_eq!(server.client().wait(&job)["state"], "succeeded");
    let summary = |server: &TestServer, fit: &str| {
        server.client().get(&format!("/api/v1/fits/{fit}/summary")).expect(200).text()
    };
    let expected = summary(&server, &whole);
    server.terminate();
    let mut chance = Chance(2);
    let mut attempts = 0;
    for _ in 0..kills(4) {
        let server = home.start();
        let (fit, job) = server.client().order(&dataset, 1500);
        std::thread::sleep(Duration::from_millis(chance.below(1500)));
        server.kill();
        let server = home.start();
        let job = server.client().wait(&job);
        assert_eq!(job["state"], "succeeded", "{job}");
        attempts += job["attempt"].as_i64().unwrap();
        assert_eq!(summary(&server, &fit), expected);
        server.terminate();
    }
    println!("{attempts} attempts for {} kills", kills(4));
    assert!(files_below(&data.join("scratch")).is_empty());
    // Results that are equal bit for bit stand in files that differ by their stamp.
    let files = files_below(&data.join("blobs")).len();
    let spare = if home.is_embedded() { 0 } else { kills(4) };
    assert!((2 + kills(4)..=2 + kills(4) + spare).contains(&files), "{files}");
}

fn no_worker_outlives_its_server(home: &Home) {
    let data = &home.data;
    let server = home.start();
    let client = server.client();
    let dataset = client.market("recoverable", 208);
    let (_, job) = client.order(&dataset, 100_000);
    while client.get(&format!("/api/v1/jobs/{job}")).json()["progress"].is_null() {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(!workers_in(data).is_empty());
    server.kill();
    for _ in 0..100 {
        if workers_in(data).is_empty() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("a worker is still there");
}

fn a_job_that_cannot_be_begun_is_given_up_and_the_server_goes_on(home: &Home) {
    let server = home.start();
    let client = server.client();
    let dataset = client.market("recoverable", 60);
    // Whatever is in the queue must be readable; what is not fails alone.
    server.terminate();
    home.edit("UPDATE datasets SET name = name");
    let server = home.start();
    let client_again = server.client();
    let (_, first) = client_again.order(&dataset, 30_000);
    let (_, broken) = client_again.order(&dataset, 100);
    home.edit(&format!("UPDATE jobs SET work = '{{' WHERE id = '{broken}'"));
    client_again.post(&format!("/api/v1/jobs/{first}/cancel"), &json!({}));
    let job = client_again.wait(&broken);
    assert_eq!(
        (job["state"].as_str(), job["problem"]["code"].as_str()),
        (Some("failed"), Some("job.corrupt"))
    );
    assert_eq!(client_again.get("/readyz").status, 200);
}
