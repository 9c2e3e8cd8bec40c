//! Drafts: kept as they are, and never lost to another's write.

use crate::home::{Home, on_every_database};
use crate::support::{Client, Reply};
use serde_json::{Value, json};

on_every_database!(
    a_draft_is_given_back_as_it_came_until_somebody_writes_it_anew,
    of_many_writes_from_one_revision_one_is_kept,
    drafts_are_listed_page_by_page_and_made_once_under_a_key,
    a_draft_that_cannot_be_kept_is_refused_by_name,
);

fn put(client: &Client, path: &str, body: &Value) -> Reply {
    client.send("PUT", path, Some("application/json"), body.to_string().as_bytes()).unwrap()
}

fn a_draft_is_given_back_as_it_came_until_somebody_writes_it_anew(home: &Home) {
    let server = home.start();
    let client = server.client();
    let dataset = client.market("lite", 50);
    // Half a spec, which no fit would take.
    let body = json!({ "name": " with radio ", "kind": "spec", "subject": dataset,
        "content": { "channel": [{ "nam": "=1+1" }], "baseline": null } });
    let reply = client.post("/api/v1/drafts", &body).expect(201);
    let draft = reply.json();
    let path = format!("/api/v1/drafts/{}", draft["id"].as_str().unwrap());
    assert_eq!(reply.header("location"), Some(path.as_str()));
    assert_eq!((&draft["name"], &draft["revision"]), (&json!("with radio"), &json!(1)));
    assert_eq!((&draft["content"], &draft["subject"]), (&body["content"], &body["subject"]));
    let got = client.get(&path).expect(200);
    assert_eq!((got.header("etag"), &got.json()), (Some("\"1\""), &draft));
    assert_eq!(client.with("If-None-Match", "\"1\"").get(&path).status, 304);

    let second = json!({ "name": "without radio", "kind": "spec", "content": {} });
    assert_eq!(put(&client, &path, &second).expect(428).json()["code"], "draft.no_revision");
    let written = put(&client.with("If-Match", "\"1\""), &path, &second).expect(200);
    assert_eq!((written.header("etag"), &written.json()["revision"]), (Some("\"2\""), &json!(2)));
    assert_eq!(written.json()["created"], draft["created"]);
    // Whoever knows the first only must not write over the second.
    assert_eq!(
        put(&client.with("If-Match", "\"1\""), &path, &body).expect(412).json()["code"],
        "draft.stale"
    );
    assert_eq!(put(&client.with("If-Match", "W/\"2\""), &path, &body).status, 412);
    for strange in ["2", "", "\"2"] {
        let refused = put(&client.with("If-Match", strange), &path, &body).expect(400);
        assert_eq!(refused.json()["code"], "header.invalid", "{strange}");
    }
    assert_eq!(client.get(&path).expect(200).json(), written.json());
    assert_eq!(client.delete(&path).status, 428);
    assert_eq!(client.with("If-Match", "\"1\"").delete(&path).status, 412);
    client.with("If-Match", "\"1\", \"2\"").delete(&path).expect(204);
    assert_eq!(client.get(&path).status, 404);
    assert_eq!(put(&client.with("If-Match", "*"), &path, &second).status, 404);
}

fn of_many_writes_from_one_revision_one_is_kept(home: &Home) {
    let server = home.start();
    let client = server.client();
    let body = json!({ "name": "a", "kind": "spec", "content": {} });
    let path = client.post("/api/v1/drafts", &body).expect(201).header("location").unwrap().to_owned();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let write = |n: usize| {
            let body = json!({ "name": format!("of {n}"), "kind": "spec", "content": { "n": n } });
            put(&client.with("If-Match", "\"1\""), &path, &body).status
        };
        let all: Vec<_> = (0..12).map(|n| scope.spawn(move || write(n))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 412].contains(status)), "{statuses:?}");
    let kept = client.get(&path).expect(200).json();
    assert_eq!(kept["revision"], 2);
    assert_eq!(kept["name"], format!("of {}", kept["content"]["n"]));
}

fn drafts_are_listed_page_by_page_and_made_once_under_a_key(home: &Home) {
    let server = home.start();
    let client = server.client();
    let body = |n: usize| json!({ "name": format!("draft {n}"), "kind": "spec", "content": {} });
    for n in 0..5 {
        let once = client.with("Idempotency-Key", &format!("key-{n}"));
        let first = once.post("/api/v1/drafts", &body(n)).expect(201).json();
        assert_eq!(once.post("/api/v1/drafts", &body(n)).expect(201).json(), first);
    }
    let first = client.get("/api/v1/drafts?limit=3").expect(200).json();
    let names = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&first), ["draft 4", "draft 3", "draft 2"]);
    let rest = client.get(&format!("/api/v1/drafts?limit=3&cursor={}", first["next"].as_str().unwrap()));
    assert_eq!(
        (names(&rest.json()), &rest.json()["next"]),
        (vec!["draft 1".into(), "draft 0".into()], &json!(null))
    );
}

fn a_draft_that_cannot_be_kept_is_refused_by_name(home: &Home) {
    let server = home.start();
    let client = server.client();
    let nowhere = "01890a5d-ac96-774b-bcce-b302099a8057";
    for (body, status, pointer) in [
        (json!({ "name": " ", "kind": "spec", "content": {} }), 422, "/name"),
        (json!({ "name": "x".repeat(201), "kind": "spec", "content": {} }), 422, "/name"),
        (json!({ "name": "a", "kind": "plan", "content": {} }), 422, "/subject"),
        (json!({ "name": "a", "kind": "plan", "subject": nowhere, "content": {} }), 404, "/subject"),
        (json!({ "name": "a", "kind": "spec", "subject": "../x", "content": {} }), 404, "/subject"),
        (json!({ "name": "a", "kind": "tree", "content": {} }), 422, "/kind"),
        (json!({ "name": "a", "kind": "spec", "content": [] }), 422, "/content"),
    ] {
        let refused = client.post("/api/v1/drafts", &body).expect(status).json();
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
    let large = json!({ "name": "a", "kind": "spec", "content": { "x": "y".repeat(300_000) } });
    assert_eq!(client.post("/api/v1/drafts", &large).expect(413).json()["code"], "too_large");
    assert_eq!(client.get("/api/v1/drafts").expect(200).json()["items"], json!([]));
}
