//! What comes with bad intent, or from bad disks.

use crate::home::{Database, Home, on_every_database};
use crate::support::{weekly_csv, workers_in};
use serde_json::json;
use std::io::{Cursor, Write};

on_every_database!(
    hostile_names_come_back_as_names_and_lead_nowhere,
    numbers_below_zero_stay_numbers_in_csv,
    files_that_unfold_to_floods_or_break_their_reader_are_refused_and_the_server_lives,
    a_form_is_read_as_well_and_its_file_name_is_only_a_name,
    damaged_files_and_rows_are_told_apart_and_the_server_lives,
    a_worker_that_is_taken_away_is_replaced,
);

/// Names that want to be something else.
const NAMES: [&str; 6] = [
    "<img src=x onerror=alert(1)>",
    "=HYPERLINK(\"http://x\")",
    "../../etc/passwd",
    "..\\..\\windows\\system32",
    "-2+3",
    "@SUM(A1)",
];

fn hostile_names_come_back_as_names_and_lead_nowhere(home: &Home) {
    let server = home.start();
    let client = server.client();
    for name in NAMES {
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        let csv = weekly_csv(&format!("week,revenue,{quoted},search_spend"), 60);
        let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let dataset = client.upload(&format!("{encoded}.csv"), csv.as_bytes()).expect(201).json();
        let id = dataset["id"].as_str().unwrap();
        let spec = json!({
            "data": { "time": "week", "kpi": "revenue", "file": name },
            "channel": [{ "name": name, "spend": name }, { "name": "search", "spend": "search_spend" }],
            "sampler": { "chains": 2, "draws": 50, "tune": 50, "seed": 1 },
        });
        let ordered = client
            .post("/api/v1/fits", &json!({ "dataset": id, "spec": spec, "name": name }))
            .expect(202)
            .json();
        assert_eq!(client.wait(ordered["job"].as_str().unwrap())["state"], "succeeded", "{name}");
        let fit = ordered["id"].as_str().unwrap();
        let reply = client.get(&format!("/api/v1/fits/{fit}/returns")).expect(200);
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.json()["returns"]["channels"][0]["name"], name);
        let text = client.get(&format!("/api/v1/fits/{fit}/returns?format=csv")).expect(200).text();
        let cell = text.lines().nth(1).unwrap();
        assert!(!cell.trim_start_matches('"').starts_with(['=', '+', '-', '@']), "{cell}");
        let file = client.get(&format!("/api/v1/fits/{fit}/file")).expect(200);
        assert_eq!(
            file.header("content-disposition"),
            Some(format!("attachment; filename=\"fit-{fit}.mmm\"").as_str())
        );
    }
    // Paths are never taken from anybody.
    for path in [
        "/api/v1/datasets/..%2F..%2Fetc%2Fpasswd",
        "/api/v1/datasets/..%2f..%2fetc%2fpasswd/file",
        "/api/v1/fits/%2e%2e/file",
        "/docs/..%2f..%2fCargo.toml",
        "/docs/../../etc/passwd",
        "/api/v1/fits/00000000-0000-0000-0000-000000000000%00/file",
    ] {
        let reply = client.get(path);
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (404, Some("application/problem+json")),
            "{path}"
        );
    }
    let names: Vec<_> =
        std::fs::read_dir(home.folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

fn numbers_below_zero_stay_numbers_in_csv(home: &Home) {
    let server = home.start();
    let csv = "week,revenue,tv_spend,temperature\n2024-01-01,10,1,-12.5\n2024-01-08,11,2,-3\n";
    let dataset = server.client().upload("a.csv", csv.as_bytes()).expect(201).json();
    let path = format!("/api/v1/datasets/{}/preview?format=csv", dataset["id"].as_str().unwrap());
    assert_eq!(server.client().get(&path).text(), csv);
}

fn files_that_unfold_to_floods_or_break_their_reader_are_refused_and_the_server_lives(home: &Home) {
    let data = &home.data;
    let server = home.start();
    let client = server.client();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..500 {
        zip.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 600_000);
    assert_eq!(client.upload("bomb.xlsx", &bomb).expect(422).json()["code"], "file.too_large");
    for (name, bytes, code) in [
        ("a.xlsx", b"PK\x03\x04 and then nothing".to_vec(), "file.corrupt"),
        ("a.parquet", b"PAR1 and then nothing".to_vec(), "file.corrupt"),
        ("a.csv", b"a,b\n1,2,3\n".to_vec(), "data.ragged_row"),
        ("a.exe", b"MZ\x90\x00".to_vec(), "file.unknown_kind"),
        ("a.csv", Vec::new(), "data.empty_file"),
    ] {
        let path = format!("/api/v1/datasets?name={name}");
        let reply = client.send("POST", &path, Some("application/octet-stream"), &bytes).unwrap().expect(422);
        let problem = reply.json();
        let text = reply.text();
        assert!(!text.contains("scratch") && !text.contains(data.to_str().unwrap()), "{text}");
        if code != "data.ragged_row" {
            assert_eq!(problem["code"], code, "{name}: {text}");
        }
    }
    let reply = client.send("POST", "/api/v1/fits", Some("application/json"), &vec![b' '; 2 << 20]).unwrap();
    assert_eq!((reply.status, reply.json()["code"].as_str()), (413, Some("too_large")));
    for (method, path, kind, body, status) in [
        ("POST", "/api/v1/fits", Some("text/plain"), "{}", 415),
        ("POST", "/api/v1/fits", None, "{}", 415),
        ("POST", "/api/v1/fits", Some("application/json"), "{", 400),
        ("POST", "/api/v1/fits", Some("application/json"), "[]", 422),
        ("POST", "/api/v1/fits", Some("application/json"), "{\"dataset\":\"x\",\"workspace\":\"y\"}", 422),
        ("POST", "/api/v1/datasets", Some("multipart/form-data"), "x", 400),
        ("GET", "/api/v1/fits?limit=0", None, "", 400),
        ("GET", "/api/v1/fits?cursor=%27%20OR%201=1", None, "", 400),
        ("GET", "/api/v1/fits?workspace=other", None, "", 400),
        ("PATCH", "/api/v1/fits", None, "", 405),
        ("GET", "/none", None, "", 404),
    ] {
        let reply = client.send(method, path, kind, body.as_bytes()).unwrap();
        assert_eq!(reply.status, status, "{method} {path}: {}", reply.text());
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{method} {path}");
        assert_eq!(reply.json()["trace_id"].as_str(), reply.header("x-request-id"), "{method} {path}");
    }
    assert_eq!(client.get("/readyz").status, 200);
}

fn a_form_is_read_as_well_and_its_file_name_is_only_a_name(home: &Home) {
    let server = home.start();
    let csv = weekly_csv("week,revenue,tv_spend,search_spend", 30);
    let body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../a b.csv\"\r\nContent-Type: text/csv\r\n\r\n{csv}\r\n--x--\r\n"
    );
    let kind = Some("multipart/form-data; boundary=x");
    let reply = server.client().send("POST", "/api/v1/datasets", kind, body.as_bytes()).unwrap().expect(201);
    assert_eq!(reply.json()["name"], "a b.csv");
    let path = format!("{}/file", reply.header("location").unwrap());
    assert_eq!(server.client().get(&path).text(), csv);
}

fn damaged_files_and_rows_are_told_apart_and_the_server_lives(home: &Home) {
    let data = &home.data;
    let server = home.start();
    let client = server.client();
    let dataset = client.market("recoverable", 60);
    let (fit, job) = client.order(&dataset, 50);
    assert_eq!(client.wait(&job)["state"], "succeeded");
    for folder in std::fs::read_dir(data.join("blobs")).unwrap().flatten() {
        for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
            let mut bytes = std::fs::read(file.path()).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(file.path(), bytes).unwrap();
        }
    }
    for path in [
        format!("/api/v1/datasets/{dataset}/file"),
        format!("/api/v1/fits/{fit}/file"),
        format!("/api/v1/fits/{fit}/summary"),
    ] {
        let problem = client.get(&path).expect(410).json();
        assert_eq!(problem["code"], "file_damaged", "{path}");
    }
    assert_eq!(client.post("/api/v1/fits", &json!({ "dataset": dataset })).status, 410);
    home.edit("UPDATE datasets SET facts = '{'");
    let problem = client.get(&format!("/api/v1/datasets/{dataset}")).expect(500).json();
    assert_eq!(problem["code"], "row_damaged");
    assert_eq!(client.get("/api/v1/datasets").status, 200);
    home.edit("UPDATE jobs SET state = 'sleeping'");
    assert_eq!(client.get(&format!("/api/v1/jobs/{job}")).status, 500);
    assert_eq!(client.get("/readyz").status, 200);
}

fn a_worker_that_is_taken_away_is_replaced(home: &Home) {
    let server = home.start();
    let client = server.client();
    let dataset = client.market("recoverable", 208);
    let (_, job) = client.order(&dataset, 3000);
    while client.get(&format!("/api/v1/jobs/{job}")).json()["progress"].is_null() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    for victim in workers_in(&home.data) {
        let id = victim.file_name().unwrap().to_owned();
        std::process::Command::new("kill").arg("-9").arg(id).status().unwrap();
    }
    let job = client.wait(&job);
    assert_eq!((job["state"].as_str(), job["attempt"].as_i64()), (Some("succeeded"), Some(2)), "{job}");
}

#[test]
fn a_database_that_is_none_is_said_at_once() {
    let home = Home::new(Database::Sqlite).unwrap();
    let data = &home.data;
    std::fs::create_dir_all(data).unwrap();
    std::fs::write(data.join("wanamaker.sqlite"), vec![7; 10_000]).unwrap();
    for (arguments, words) in [
        (vec![data.to_str().unwrap()], "not a database"),
        (vec![data.to_str().unwrap(), "postgres://u:secret@127.0.0.1:1/none"], "refused"),
    ] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_wanamaker-test-server"));
        let output = command.args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2));
        assert!(said.contains(words) && !said.contains("secret"), "{said}");
    }
}
