//! Who may do what: every route of the OpenAPI document, asked by everybody who may not.

use crate::home::{Database, Home, on_every_database};
use crate::support::{Client, weekly_csv};
use serde_json::{Value, json};
use wanamaker_server::{Credential, Role, Server, make_credential};

on_every_database!(
    nobody_gets_past_the_guard_of_any_route,
    a_login_lasts_until_it_is_ended_and_guessing_is_slowed_down,
    a_server_for_others_needs_somebody_who_can_prove_themselves,
    names_that_others_bound_to_this_address_are_not_answered,
);

fn key(home: &Home, workspace: &str, role: Role) -> String {
    let credential = Credential::Key { name: "test".into(), days: 1 };
    make_credential(&home.settings(), workspace, role, credential).unwrap()
}

/// A body that a route takes, where it takes one.
fn body(operation: &Value) -> Option<Value> {
    operation.pointer("/requestBody/content/application~1json/example").cloned()
}

fn ask(client: &Client, method: &str, path: &str, operation: &Value) -> u16 {
    let body = body(operation).map(|body| body.to_string()).unwrap_or_default();
    let kind = (!body.is_empty()).then_some("application/json");
    client.send(&method.to_uppercase(), path, kind, body.as_bytes()).unwrap().status
}

fn nobody_gets_past_the_guard_of_any_route(home: &Home) {
    let data = &home.data;
    let admin = key(home, "ours", Role::Admin);
    let viewer = key(home, "ours", Role::Viewer);
    let analyst = key(home, "ours", Role::Analyst);
    let stranger = key(home, "theirs", Role::Admin);
    let server = home.start();
    let bearer = |key: &str| server.client().with("Authorization", &format!("Bearer {key}"));
    let ours = bearer(&admin);

    let dataset = ours.market("recoverable", 60);
    let (fit, job) = ours.order(&dataset, 100);
    assert_eq!(ours.wait(&job)["state"], "succeeded");
    let revoked = ours.post("/api/v1/keys", &json!({ "name": "gone", "role": "admin" })).expect(201).json();
    ours.delete(&format!("/api/v1/keys/{}", revoked["id"].as_str().unwrap())).expect(204);
    let other_key =
        ours.post("/api/v1/keys", &json!({ "name": "kept", "role": "viewer" })).expect(201).json();
    let other_key = other_key["id"].as_str().unwrap();
    let draft = json!({ "name": "ours", "kind": "plan", "subject": fit, "content": {} });
    let draft = ours.post("/api/v1/drafts", &draft).expect(201).json();

    let hook = ours.post("/api/v1/webhooks", &json!({ "url": "https://example.com/" })).expect(201).json();
    let hook = hook["id"].as_str().unwrap();

    let document = ours.get("/openapi.json").json();
    let (mut asked, mut guarded) = (0, 0);
    for (template, methods) in document["paths"].as_object().unwrap() {
        let id = match template.as_str() {
            path if path.contains("/jobs/") => &job,
            path if path.contains("/datasets/") || path.starts_with("/data/{") => &dataset,
            path if path.contains("/keys/") => other_key,
            path if path.contains("/drafts/") => draft["id"].as_str().unwrap(),
            path if path.contains("/webhooks/") => hook,
            _ => &fit,
        };
        let path = template.replace("{id}", id);
        for (method, operation) in methods.as_object().unwrap() {
            let role = operation["x-role"].as_str();
            let name = format!("{method} {template}");
            asked += 1;
            let Some(role) = role else {
                assert_eq!(operation["security"], json!([]), "{name}");
                continue;
            };
            guarded += 1;
            let nobody = server.client();
            let wrong = format!("mmm_{}_{}", "0".repeat(32), "0".repeat(64));
            assert_eq!(ask(&nobody, method, &path, operation), 401, "{name} without a key");
            assert_eq!(ask(&bearer(&wrong), method, &path, operation), 401, "{name} with an unknown key");
            assert_eq!(
                ask(&bearer(revoked["key"].as_str().unwrap()), method, &path, operation),
                401,
                "{name} revoked"
            );
            assert_eq!(
                ask(&nobody.with("Cookie", "mmm_session=x"), method, &path, operation),
                401,
                "{name} by cookie"
            );
            if role != "viewer" {
                assert_eq!(ask(&bearer(&viewer), method, &path, operation), 403, "{name} as a viewer");
            }
            if role == "admin" {
                assert_eq!(ask(&bearer(&analyst), method, &path, operation), 403, "{name} as an analyst");
            }
            if template.contains("{id}") {
                assert_eq!(
                    ask(&bearer(&stranger), method, &path, operation),
                    404,
                    "{name} from another workspace"
                );
            }
        }
    }
    assert!(asked > 40 && guarded > 30, "{asked} {guarded}");
    // Nothing of it has changed anything, and nothing is listed to others.
    assert_eq!(ours.get(&format!("/api/v1/fits/{fit}")).status, 200);
    let theirs = bearer(&stranger);
    for list in ["datasets", "fits", "jobs", "drafts", "webhooks"] {
        assert_eq!(theirs.get(&format!("/api/v1/{list}")).expect(200).json()["items"], json!([]), "{list}");
    }
    assert_eq!(theirs.get("/models").expect(200).json()["models"], json!([]));
    for (path, body) in [
        ("/api/v1/specs/check", json!({ "dataset": dataset })),
        ("/api/v1/specs/prior", json!({ "dataset": dataset })),
        ("/api/v1/drafts", json!({ "name": "a", "kind": "spec", "subject": dataset, "content": {} })),
        ("/api/v1/drafts", json!({ "name": "a", "kind": "plan", "subject": fit, "content": {} })),
        ("/api/v1/fits", json!({ "dataset": dataset })),
        ("/optimize", json!({ "model_id": fit, "total_budget": 1 })),
        ("/model/fit", json!({ "dataset_id": dataset, "channel_columns": ["tv_spend"] })),
    ] {
        assert_eq!(theirs.post(path, &body).status, 404, "{path} with another's name in the body");
    }
    // The same key in the header of programs.
    assert_eq!(server.client().with("X-Api-Key", &viewer).get("/api/v1/fits").status, 200);
    assert!(!std::fs::read_to_string(data.with_extension("log")).unwrap().contains(&admin[40..]));
}

fn a_login_lasts_until_it_is_ended_and_guessing_is_slowed_down(home: &Home) {
    let login = Credential::User { login: "jane".into(), password: "correct horse battery".into() };
    make_credential(&home.settings(), "ours", Role::Analyst, login).unwrap();
    key(home, "ours", Role::Admin);
    let server = home.start();
    let client = server.client();
    let log_in =
        |password: &str| client.post("/api/v1/session", &json!({ "login": "jane", "password": password }));
    let reply = log_in("correct horse battery").expect(200);
    let cookie = reply.header("set-cookie").unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let secret = cookie.split(';').next().unwrap();
    let jane = client.with("Cookie", secret);
    assert_eq!(jane.get("/api/v1/session").expect(200).json()["role"], "analyst");
    assert_eq!(jane.get("/api/v1/keys").status, 403);
    // A page of another site has the cookie sent along and is refused all the same.
    let forged = jane.with("Origin", "http://evil.example");
    assert_eq!(forged.post("/api/v1/simulations", &json!({ "preset": "lite" })).status, 403);
    jane.delete("/api/v1/session").expect(204);
    assert_eq!(jane.get("/api/v1/session").status, 401);
    let tries: Vec<u16> = (0..30).map(|_| log_in("wrong").status).collect();
    assert!(tries.iter().filter(|status| **status == 401).count() <= 12, "{tries:?}");
    assert_eq!(tries.last(), Some(&429));
}

fn a_server_for_others_needs_somebody_who_can_prove_themselves(home: &Home) {
    let mut settings = home.settings();
    settings.address = ([0, 0, 0, 0], 0).into();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let refused = runtime.block_on(Server::start(settings.clone())).err().unwrap();
    assert!(refused.to_string().contains("credential"), "{refused}");
    key(home, "ours", Role::Viewer);
    assert!(runtime.block_on(Server::start(settings.clone())).is_err());
    key(home, "ours", Role::Admin);
    let server = runtime.block_on(Server::start(settings)).unwrap();
    assert!(!server.is_open());
}

fn names_that_others_bound_to_this_address_are_not_answered(home: &Home) {
    let server = home.start();
    let client = server.client();
    assert_eq!(client.with("Host", "evil.example").get("/api/v1/fits").status, 421);
    assert_eq!(client.with("Host", "localhost:1234").get("/api/v1/fits").status, 200);
    client.upload("a.csv", weekly_csv("week,revenue,tv_spend,search_spend", 30).as_bytes()).expect(201);
}

#[test]
fn an_embedded_database_has_one_server() {
    let home = Home::new(Database::Sqlite).unwrap();
    let server = home.start();
    let mut second = std::process::Command::new(env!("CARGO_BIN_EXE_wanamaker-test-server"));
    let second = second.arg(&home.data).output().unwrap();
    assert_eq!(second.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another server"));
    assert_eq!(server.client().get("/readyz").status, 200);
}
