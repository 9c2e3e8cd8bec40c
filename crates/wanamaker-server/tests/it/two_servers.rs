//! Several servers on one PostgreSQL and one data folder; runs where `TEST_DATABASE_URL` names a database.

use crate::home::{Database, Home};
use crate::pause::wait_until_still;
use crate::support::until;
use serde_json::json;
use std::time::{Duration, Instant};

#[test]
fn two_servers_share_a_queue_and_one_goes_on_where_the_other_was_killed() {
    let Some(home) = Home::new(Database::Postgres) else {
        println!("skipped: TEST_DATABASE_URL is not set");
        return;
    };
    let (first, second) = std::thread::scope(|scope| {
        let (a, b) = (scope.spawn(|| home.start()), scope.spawn(|| home.start()));
        (a.join().unwrap(), b.join().unwrap())
    });
    let (a, b) = (first.client(), second.client());
    let dataset = a.market("recoverable", 104);
    let jobs: Vec<_> = (0..6).map(|_| a.order(&dataset, 300)).collect();
    for (fit, job) in &jobs {
        // What one was asked for, the other answers.
        let job = b.wait(job);
        assert_eq!((job["state"].as_str(), job["attempt"].as_i64()), (Some("succeeded"), Some(1)), "{job}");
        let here = a.get(&format!("/api/v1/fits/{fit}/summary")).expect(200).text();
        assert_eq!(here, b.get(&format!("/api/v1/fits/{fit}/summary")).expect(200).text());
    }

    // Both are at work; the cancel comes in at one of them, whichever has the job.
    let long: Vec<_> = (0..2).map(|_| a.order(&dataset, 100_000)).collect();
    let is_running = |job: &str| !b.get(&format!("/api/v1/jobs/{job}")).json()["progress"].is_null();
    while !long.iter().all(|(_, job)| is_running(job)) {
        std::thread::sleep(Duration::from_millis(50));
    }
    for (_, job) in &long {
        let began = Instant::now();
        a.post(&format!("/api/v1/jobs/{job}/cancel"), &json!({}));
        assert_eq!(a.wait(job)["state"], "cancelled");
        println!("cancelled after {:?}", began.elapsed());
        assert!(began.elapsed() < Duration::from_secs(5));
    }

    // Both pauses and both resumes come in at one of them as well.
    let long: Vec<_> = (0..2).map(|_| a.order(&dataset, 4000)).collect();
    while !long.iter().all(|(_, job)| is_running(job)) {
        std::thread::sleep(Duration::from_millis(50));
    }
    for (_, job) in &long {
        assert_eq!(
            a.post(&format!("/api/v1/jobs/{job}/pause"), &json!({})).expect(200).json()["state"],
            "paused"
        );
    }
    wait_until_still(&home.data);
    for (_, job) in &long {
        assert_eq!(b.get(&format!("/api/v1/jobs/{job}")).json()["state"], "paused");
        a.post(&format!("/api/v1/jobs/{job}/resume"), &json!({})).expect(200);
        let job = until(&b, job, |job| job["state"] == "succeeded");
        assert_eq!(job["attempt"], 1, "{job}");
    }

    // Two jobs, one for each; one server is killed, the other makes both.
    let both: Vec<_> = (0..2).map(|_| a.order(&dataset, 3000)).collect();
    while !both.iter().all(|(_, job)| is_running(job)) {
        std::thread::sleep(Duration::from_millis(20));
    }
    first.kill();
    let attempts: Vec<i64> = both
        .iter()
        .map(|(_, job)| {
            let job = b.wait(job);
            assert_eq!(job["state"], "succeeded", "{job}");
            job["attempt"].as_i64().unwrap()
        })
        .collect();
    assert_eq!(attempts.iter().sum::<i64>(), 3, "{attempts:?}");
    let summary = |fit: &str| b.get(&format!("/api/v1/fits/{fit}/summary")).expect(200).text();
    assert_eq!(summary(&both[0].0), summary(&both[1].0));
}
