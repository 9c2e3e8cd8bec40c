//! The laws of the store, on every database there is: SQLite always, PostgreSQL where `TEST_DATABASE_URL` names one.

use super::*;
use crate::ids::new_id;
use crate::settings::{Settings, WorkerCommand};
use std::collections::HashSet;
use tempfile::TempDir;

/// Stores to test, each empty or shared with tests that use other names.
async fn stores() -> Vec<(Store, Option<TempDir>)> {
    let folder = tempfile::tempdir().unwrap();
    let worker = WorkerCommand { program: "none".into(), arguments: Vec::new() };
    let mut settings = Settings::new(folder.path().to_owned(), worker);
    let mut stores = vec![(Store::open(&settings).await.unwrap(), Some(folder))];
    settings.database = std::env::var("TEST_DATABASE_URL").ok();
    if settings.database.is_some() {
        stores.push((Store::open(&settings).await.unwrap(), None));
    } else {
        println!("skipped on PostgreSQL: TEST_DATABASE_URL is not set");
    }
    stores
}

/// Tests that claim must not take each other's jobs out of a shared database.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

const LEASE: Duration = Duration::from_secs(60);
const NO_LEASE: Duration = Duration::ZERO;

async fn order(store: &Store, workspace: &str) -> (String, String) {
    let (fit, job) = (new_id(), new_id());
    let row = Fit {
        id: fit.clone(),
        workspace: workspace.to_owned(),
        name: "=1+1".to_owned(),
        dataset: new_id(),
        job: job.clone(),
        spec: "{}".to_owned(),
        blob: String::new(),
        bytes: 0,
        facts: String::new(),
        created: 0,
        finished: 0,
        state: String::new(),
    };
    let new = NewJob {
        id: job.clone(),
        workspace: workspace.to_owned(),
        kind: "fit".to_owned(),
        subject: fit.clone(),
        work: "{}".to_owned(),
    };
    assert!(store.order_fit(&row, &new, 1000).await.unwrap());
    (fit, job)
}

/// Ends everything that waits, so that a claim finds only what its test orders.
async fn empty(store: &Store) {
    while let Some(claimed) = store.claim("sweeper", LEASE, 1000).await.unwrap() {
        store.fail(&claimed, "{}").await.unwrap();
    }
}

#[tokio::test]
async fn a_write_of_an_attempt_that_is_over_changes_nothing() {
    let _alone = ALONE.lock().await;
    for (store, _folder) in stores().await {
        empty(&store).await;
        let workspace = new_id();
        let (fit, job) = order(&store, &workspace).await;
        let first = store.claim("a", NO_LEASE, 5).await.unwrap().unwrap();
        assert_eq!((first.id.as_str(), first.attempt), (job.as_str(), 1));
        tokio::time::sleep(Duration::from_millis(5)).await;
        let second = store.claim("b", LEASE, 5).await.unwrap().unwrap();
        assert_eq!((second.id.as_str(), second.attempt), (job.as_str(), 2));
        assert!(store.claim("c", LEASE, 5).await.unwrap().is_none());
        // The first wakes up and tries everything it can.
        assert_eq!(store.heartbeat(&first, LEASE).await.unwrap(), None);
        assert_eq!(store.state_of(&first).await.unwrap(), None);
        assert!(!store.progress(&first, "{}").await.unwrap());
        assert!(!store.fail(&first, "{}").await.unwrap());
        assert!(!store.cancelled(&first).await.unwrap());
        assert!(!store.put_back(&first, false).await.unwrap());
        assert!(!store.succeed(&first, "stale", 1, "{}").await.unwrap());
        assert_eq!(store.heartbeat(&second, LEASE).await.unwrap(), Some(State::Running));
        assert!(store.progress(&second, "{\"fraction\":0.5}").await.unwrap());
        assert!(store.succeed(&second, "fresh", 7, "{}").await.unwrap());
        assert!(!store.succeed(&second, "again", 7, "{}").await.unwrap());
        let row = store.fit(&workspace, &fit).await.unwrap().unwrap();
        assert_eq!((row.blob.as_str(), row.bytes, row.state.as_str()), ("fresh", 7, "succeeded"));
        let events = store.events(&workspace, &job, 0).await.unwrap();
        let kinds: Vec<_> = events.iter().map(|event| (event.seq, event.kind.as_str())).collect();
        assert_eq!(kinds, [(1, "state"), (2, "state"), (3, "state"), (4, "progress"), (5, "state")]);
        assert_eq!(store.events(&workspace, &job, 4).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_cancelled_job_ends_whether_it_waits_runs_or_lost_its_server() {
    let _alone = ALONE.lock().await;
    for (store, _folder) in stores().await {
        empty(&store).await;
        let workspace = new_id();
        let (_, waiting) = order(&store, &workspace).await;
        assert_eq!(store.cancel(&workspace, &waiting).await.unwrap(), Some(State::Cancelled));
        assert_eq!(store.cancel(&workspace, &waiting).await.unwrap(), Some(State::Cancelled));
        assert_eq!(store.cancel("another", &waiting).await.unwrap(), None);
        let (_, running) = order(&store, &workspace).await;
        let claimed = store.claim("a", LEASE, 5).await.unwrap().unwrap();
        assert_eq!(store.cancel(&workspace, &running).await.unwrap(), Some(State::Cancelling));
        assert!(!store.succeed(&claimed, "late", 1, "{}").await.unwrap());
        assert!(store.cancelled(&claimed).await.unwrap());
        let (_, orphan) = order(&store, &workspace).await;
        store.claim("dead", LEASE, 5).await.unwrap().unwrap();
        store.cancel(&workspace, &orphan).await.unwrap();
        store.release(&["dead".to_owned()]).await.unwrap();
        assert!(store.claim("a", LEASE, 5).await.unwrap().is_none());
        assert_eq!(store.job(&workspace, &orphan).await.unwrap().unwrap().state, State::Cancelled);
    }
}

#[tokio::test]
async fn a_job_that_takes_too_many_with_it_is_given_up() {
    let _alone = ALONE.lock().await;
    for (store, _folder) in stores().await {
        empty(&store).await;
        let workspace = new_id();
        let (_, job) = order(&store, &workspace).await;
        for _ in 0..2 {
            let claimed = store.claim("a", LEASE, 3).await.unwrap().unwrap();
            assert!(store.put_back(&claimed, true).await.unwrap());
        }
        // A server that stops in good order is no fault of the job.
        let claimed = store.claim("a", LEASE, 3).await.unwrap().unwrap();
        assert!(store.put_back(&claimed, false).await.unwrap());
        store.claim("dead", LEASE, 3).await.unwrap().unwrap();
        store.release(&["dead".to_owned()]).await.unwrap();
        assert!(store.claim("a", LEASE, 3).await.unwrap().is_none());
        let job = store.job(&workspace, &job).await.unwrap().unwrap();
        assert_eq!((job.state, job.attempt), (State::Failed, 4));
        assert!(job.problem.contains("job.given_up"));
    }
}

#[tokio::test]
async fn many_who_claim_at_once_get_each_job_once() {
    let _alone = ALONE.lock().await;
    for (store, _folder) in stores().await {
        empty(&store).await;
        let workspace = new_id();
        let mut ordered = HashSet::new();
        for _ in 0..24 {
            ordered.insert(order(&store, &workspace).await.1);
        }
        let claims = (0..6).map(|k| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                while let Some(claimed) = store.claim(&format!("server {k}"), LEASE, 5).await.unwrap() {
                    mine.push(claimed.id);
                }
                mine
            })
        });
        let mut all = Vec::new();
        for claim in claims.collect::<Vec<_>>() {
            all.extend(claim.await.unwrap());
        }
        assert_eq!((all.len(), all.into_iter().collect::<HashSet<_>>()), (24, ordered));
        empty(&store).await;
    }
}

#[tokio::test]
async fn a_key_means_one_thing_also_when_its_server_died() {
    for (store, _folder) in stores().await {
        let (workspace, other) = (new_id(), new_id());
        let begin = |workspace: String, body: &'static str, name: &'static str, owner: &'static str| {
            let store = store.clone();
            async move { store.begin_once(&workspace, "r", "k", body, name, owner).await.unwrap() }
        };
        assert_eq!(begin(workspace.clone(), "body", "first", "a").await, Begun::Ours("first".into()));
        assert_eq!(begin(workspace.clone(), "body", "second", "a").await, Begun::UnderWay);
        assert_eq!(begin(other, "body", "another", "a").await, Begun::Ours("another".into()));
        // The server died: the name it had reserved is used, not a new one.
        store.free_once(&["a".to_owned()]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert_eq!(begin(workspace.clone(), "body", "third", "b").await, Begun::Ours("first".into()));
        let done = Done { status: 201, location: "/x".into(), body: "{}".into() };
        store.finish_once(&workspace, "r", "k", &done).await.unwrap();
        assert_eq!(begin(workspace.clone(), "body", "fourth", "b").await, Begun::Done(done));
        assert_eq!(begin(workspace.clone(), "other body", "fifth", "b").await, Begun::Another);
    }
}

#[tokio::test]
async fn a_queue_has_an_end_and_pages_go_on_where_they_ended() {
    let _alone = ALONE.lock().await;
    for (store, _folder) in stores().await {
        let workspace = new_id();
        for _ in 0..5 {
            order(&store, &workspace).await;
        }
        let first = store.fits(&workspace, &Page { before: String::new(), limit: 3 }).await.unwrap();
        let rest = store.fits(&workspace, &Page { before: first[2].id.clone(), limit: 3 }).await.unwrap();
        assert_eq!((first.len(), rest.len()), (3, 2));
        assert!(first.iter().chain(&rest).map(|fit| &fit.id).is_sorted_by(|a, b| a > b));
        let mut sixth = first[0].clone();
        sixth.id = new_id();
        let job = NewJob {
            id: new_id(),
            workspace: workspace.clone(),
            kind: "fit".into(),
            subject: sixth.id.clone(),
            work: "{}".into(),
        };
        assert!(!store.order_fit(&sixth, &job, 5).await.unwrap());
        assert!(store.fit(&workspace, &sixth.id).await.unwrap().is_none());
        empty(&store).await;
    }
}

#[tokio::test]
async fn a_draft_is_written_from_the_revision_it_is_at_and_by_its_workspace() {
    for (store, _folder) in stores().await {
        let (workspace, id) = (new_id(), new_id());
        let first = Draft {
            id: id.clone(),
            workspace: workspace.clone(),
            name: "a".to_owned(),
            kind: "spec".to_owned(),
            subject: String::new(),
            content: "{}".to_owned(),
            revision: 1,
            created: 1,
            updated: 1,
        };
        store.add_draft(&first).await.unwrap();
        // A repetition after a crash changes nothing.
        store.add_draft(&Draft { name: "b".to_owned(), ..first.clone() }).await.unwrap();
        assert_eq!(store.draft(&workspace, &id).await.unwrap(), Some(first.clone()));
        let second = Draft { content: "{\"x\":1}".to_owned(), revision: 2, updated: 2, ..first.clone() };
        let stranger = Draft { workspace: new_id(), ..second.clone() };
        assert_eq!(store.replace_draft(&stranger).await.unwrap(), Written::Stale);
        assert_eq!(store.draft(&stranger.workspace, &id).await.unwrap(), None);
        assert_eq!(store.replace_draft(&second).await.unwrap(), Written::Done);
        assert_eq!(store.replace_draft(&second).await.unwrap(), Written::Stale);
        let page = Page { before: String::new(), limit: 10 };
        assert_eq!(store.drafts(&workspace, &page).await.unwrap(), [second]);
        assert_eq!(store.remove_draft(&workspace, &id, 1).await.unwrap(), Written::Stale);
        assert_eq!(store.remove_draft(&stranger.workspace, &id, 2).await.unwrap(), Written::Stale);
        assert_eq!(store.remove_draft(&workspace, &id, 2).await.unwrap(), Written::Done);
        assert_eq!(store.draft(&workspace, &id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_paused_job_is_nobodys_until_it_is_resumed_and_then_first_its_servers() {
    let _alone = ALONE.lock().await;
    for (store, _folder) in stores().await {
        empty(&store).await;
        let workspace = new_id();
        let pause = |job: String| {
            let (store, workspace) = (store.clone(), workspace.clone());
            async move { store.pause(&workspace, &job, 1).await.unwrap() }
        };
        let (fit, job) = order(&store, &workspace).await;
        // Before it is begun.
        assert_eq!(pause(job.clone()).await, Pause::Now(State::Paused));
        assert_eq!(pause(job.clone()).await, Pause::Now(State::Paused));
        assert!(store.claim("a", LEASE, 5).await.unwrap().is_none());
        assert_eq!(store.pause("another", &job, 1).await.unwrap(), Pause::Unknown);
        assert_eq!(store.resume("another", &job).await.unwrap(), None);
        assert_eq!(store.resume(&workspace, &job).await.unwrap(), Some(State::Queued));
        // While it runs.
        let ours = store.claim("a", LEASE, 5).await.unwrap().unwrap();
        assert_eq!(pause(job.clone()).await, Pause::Now(State::Paused));
        assert_eq!(store.heartbeat(&ours, LEASE).await.unwrap(), Some(State::Paused));
        assert!(!store.progress(&ours, "{}").await.unwrap());
        assert!(!store.take_up(&ours).await.unwrap());
        assert_eq!(store.resume(&workspace, &job).await.unwrap(), Some(State::Queued));
        assert!(store.claim("b", LEASE, 5).await.unwrap().is_none());
        assert!(store.take_up(&ours).await.unwrap());
        assert_eq!(store.state_of(&ours).await.unwrap(), Some(State::Running));
        // A workspace may pause one that was begun, and any number that were not.
        assert_eq!(pause(job.clone()).await, Pause::Now(State::Paused));
        let (_, second) = order(&store, &workspace).await;
        let other = store.claim("a", LEASE, 5).await.unwrap().unwrap();
        assert_eq!(pause(second).await, Pause::TooMany);
        assert!(store.fail(&other, "{}").await.unwrap());
        // Its server dies, and it stays paused; then another makes it.
        store.release(&["a".to_owned()]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert!(store.claim("b", LEASE, 5).await.unwrap().is_none());
        assert_eq!(store.job(&workspace, &job).await.unwrap().unwrap().state, State::Paused);
        store.resume(&workspace, &job).await.unwrap();
        let theirs = store.claim("b", LEASE, 5).await.unwrap().unwrap();
        assert_eq!((theirs.id.as_str(), theirs.attempt), (job.as_str(), 2));
        assert!(
            !store.take_up(&ours).await.unwrap() && !store.succeed(&ours, "stale", 1, "{}").await.unwrap()
        );
        // What was finished before the pause reached it is finished.
        assert_eq!(pause(job.clone()).await, Pause::Now(State::Paused));
        assert!(store.succeed(&theirs, "fresh", 7, "{}").await.unwrap());
        assert_eq!(pause(job.clone()).await, Pause::Now(State::Succeeded));
        assert_eq!(store.fit(&workspace, &fit).await.unwrap().unwrap().blob, "fresh");
    }
}

#[tokio::test]
async fn a_paused_job_is_put_back_paused_and_cancelled_like_others() {
    let _alone = ALONE.lock().await;
    for (store, _folder) in stores().await {
        empty(&store).await;
        let workspace = new_id();
        let (_, job) = order(&store, &workspace).await;
        let ours = store.claim("a", LEASE, 5).await.unwrap().unwrap();
        store.pause(&workspace, &job, 5).await.unwrap();
        assert!(store.put_back(&ours, false).await.unwrap());
        assert!(!store.take_up(&ours).await.unwrap() && !store.fail(&ours, "{}").await.unwrap());
        let waiting = store.job(&workspace, &job).await.unwrap().unwrap();
        assert_eq!((waiting.state, waiting.attempt), (State::Paused, 1));
        assert_eq!(store.cancel(&workspace, &job).await.unwrap(), Some(State::Cancelled));
        assert_eq!(store.resume(&workspace, &job).await.unwrap(), Some(State::Cancelled));
        // Where somebody holds it, they are asked to let it go, paused or resumed.
        for is_resumed in [false, true] {
            let (_, job) = order(&store, &workspace).await;
            let ours = store.claim("a", LEASE, 5).await.unwrap().unwrap();
            store.pause(&workspace, &job, 5).await.unwrap();
            if is_resumed {
                store.resume(&workspace, &job).await.unwrap();
            }
            assert_eq!(store.cancel(&workspace, &job).await.unwrap(), Some(State::Cancelling));
            assert!(!store.take_up(&ours).await.unwrap());
            assert!(store.cancelled(&ours).await.unwrap());
        }
    }
}

#[tokio::test]
async fn a_workspace_that_orders_many_leaves_others_their_turn() {
    let _alone = ALONE.lock().await;
    for (store, _folder) in stores().await {
        empty(&store).await;
        let (many, few) = (new_id(), new_id());
        for _ in 0..5 {
            order(&store, &many).await;
        }
        for _ in 0..2 {
            order(&store, &few).await;
        }
        let next = || {
            let store = store.clone();
            async move { store.claim("a", LEASE, 5).await.unwrap().unwrap() }
        };
        // The oldest begins; then whoever has less at work; then, one each, whoever had its turn longer ago.
        let mut at_work = Vec::new();
        for expected in [&many, &few, &many, &few, &many] {
            at_work.push(next().await);
            assert_eq!(&at_work.last().unwrap().workspace, expected);
        }
        assert!(at_work.iter().filter(|job| job.workspace == many).map(|job| &job.id).is_sorted());
        // Who has nothing at work comes before who waits longer.
        let late = new_id();
        order(&store, &late).await;
        assert_eq!(next().await.workspace, late);
        // With nothing at work on either side turns alternate, however many wait.
        for job in at_work {
            store.fail(&job, "{}").await.unwrap();
        }
        empty(&store).await;
        for workspace in [&many, &many, &many, &few, &few, &few] {
            order(&store, workspace).await;
        }
        let mut turns = Vec::new();
        for _ in 0..6 {
            let claimed = next().await;
            assert!(store.fail(&claimed, "{}").await.unwrap());
            turns.push(claimed.workspace);
        }
        assert!(turns.windows(2).all(|pair| pair[0] != pair[1]), "{turns:?}");
    }
}

fn hook(workspace: &str, topics: &[Topic]) -> Webhook {
    Webhook {
        id: new_id(),
        workspace: workspace.to_owned(),
        url: "https://example.com/".to_owned(),
        topics: serde_json::to_string(topics).unwrap(),
        secret: "secret".to_owned(),
        created: 1,
    }
}

/// Ends all deliveries that wait, so that a claim finds only what its test put.
async fn silence(store: &Store) {
    sqlx::query("UPDATE deliveries SET state = 'failed', finished = 1").execute(&store.pool).await.unwrap();
}

#[tokio::test]
async fn who_wants_to_know_is_told_of_an_end_in_the_transaction_that_makes_it() {
    let _alone = ALONE.lock().await;
    for (store, _folder) in stores().await {
        empty(&store).await;
        silence(&store).await;
        let (workspace, other) = (new_id(), new_id());
        let all = hook(&workspace, &Topic::ALL);
        let failures = hook(&workspace, &[Topic::Failed]);
        let stranger = hook(&other, &Topic::ALL);
        for hook in [&all, &failures, &stranger] {
            assert!(store.add_webhook(hook).await.unwrap());
        }
        let told = |hook: Webhook| {
            let store = store.clone();
            async move {
                let page = Page { before: String::new(), limit: 50 };
                let rows = store.deliveries(&hook.workspace, &hook.id, &page).await.unwrap();
                rows.into_iter().map(|row| row.topic).rev().collect::<Vec<_>>()
            }
        };
        order(&store, &workspace).await;
        let first = store.claim("a", LEASE, 5).await.unwrap().unwrap();
        assert!(told(all.clone()).await.is_empty());
        store.succeed(&first, "blob", 1, "{}").await.unwrap();
        // An end that was none tells nobody.
        assert!(!store.fail(&first, "{}").await.unwrap());
        order(&store, &workspace).await;
        let second = store.claim("a", LEASE, 5).await.unwrap().unwrap();
        store.fail(&second, "{\"code\":\"x\"}").await.unwrap();
        let (_, third) = order(&store, &workspace).await;
        store.cancel(&workspace, &third).await.unwrap();
        assert_eq!(told(all.clone()).await, ["job.succeeded", "job.failed", "job.cancelled"]);
        assert_eq!(told(failures.clone()).await, ["job.failed"]);
        assert!(told(stranger.clone()).await.is_empty());
        assert!(store.webhook(&other, &all.id).await.unwrap().is_none());
        // One at a time for each webhook, in order.
        let due = store.claim_delivery("a", LEASE).await.unwrap().unwrap();
        let body: serde_json::Value = serde_json::from_str(&due.body).unwrap();
        assert_eq!(
            (body["topic"].as_str(), body["id"].as_str()),
            (Some("job.succeeded"), Some(due.id.as_str()))
        );
        assert_eq!(
            (body["job"]["id"].as_str(), body["job"]["state"].as_str()),
            (Some(first.id.as_str()), Some("succeeded"))
        );
        let failure = store.claim_delivery("b", LEASE).await.unwrap().unwrap();
        assert!(failure.body.contains("job.failed") && failure.body.contains("\"code\":\"x\""));
        assert!(store.claim_delivery("c", LEASE).await.unwrap().is_none());
        // A webhook that is gone is told nothing more.
        assert!(store.remove_webhook(&workspace, &failures.id).await.unwrap());
        assert!(!store.delivered(&failure, 200).await.unwrap());
        assert!(!store.remove_webhook(&other, &all.id).await.unwrap());
        silence(&store).await;
    }
}

#[tokio::test]
async fn a_delivery_is_tried_until_it_arrives_or_was_tried_enough_and_by_one_server_at_a_time() {
    let _alone = ALONE.lock().await;
    for (store, _folder) in stores().await {
        silence(&store).await;
        let hook = hook(&new_id(), &Topic::ALL);
        store.add_webhook(&hook).await.unwrap();
        let row = || {
            let (store, hook) = (store.clone(), hook.clone());
            async move {
                let page = Page { before: String::new(), limit: 1 };
                store.deliveries(&hook.workspace, &hook.id, &page).await.unwrap().remove(0)
            }
        };
        let put = store.ping_webhook(&hook).await.unwrap().unwrap();
        assert_eq!((put.topic.as_str(), put.state.as_str(), put.attempts), ("ping", "waiting", 0));
        // The first server dies with it.
        let lost = store.claim_delivery("dead", LEASE).await.unwrap().unwrap();
        assert!(store.claim_delivery("a", LEASE).await.unwrap().is_none());
        store.release_deliveries(&["dead".to_owned()]).await.unwrap();
        let second = store.claim_delivery("a", LEASE).await.unwrap().unwrap();
        assert_eq!((&second.id, &second.body, second.attempt), (&lost.id, &lost.body, 2));
        assert!(!store.delivered(&lost, 200).await.unwrap());
        // It waits for its next try.
        assert!(store.undelivered(&second, 500, "it answered 500", LEASE, 3).await.unwrap());
        assert!(store.claim_delivery("a", LEASE).await.unwrap().is_none());
        let waiting = row().await;
        assert_eq!(
            (waiting.state.as_str(), waiting.status, waiting.error.as_str()),
            ("waiting", 500, "it answered 500")
        );
        sqlx::query("UPDATE deliveries SET next_at = 0 WHERE id = $1")
            .bind(&put.id)
            .execute(&store.pool)
            .await
            .unwrap();
        let third = store.claim_delivery("a", LEASE).await.unwrap().unwrap();
        assert!(store.undelivered(&third, 0, "nobody", LEASE, 3).await.unwrap());
        let over = row().await;
        assert_eq!((over.state.as_str(), over.attempts, over.status), ("failed", 3, 0));
        assert!(over.finished > 0);
        // Another arrives.
        store.ping_webhook(&hook).await.unwrap().unwrap();
        let fourth = store.claim_delivery("a", LEASE).await.unwrap().unwrap();
        assert!(
            store.delivered(&fourth, 204).await.unwrap() && !store.delivered(&fourth, 204).await.unwrap()
        );
        let over = row().await;
        assert_eq!((over.state.as_str(), over.status, over.error.as_str()), ("delivered", 204, ""));
        assert!(store.claim_delivery("a", LEASE).await.unwrap().is_none());
    }
}
