//! `mmm serve` as a process: it answers, fits through `mmm worker`, and ends in good order.

use crate::bench::Bench;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

/// A server in the folder of a bench; killed when dropped.
struct Served(Child, String);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Served {
    fn start(bench: &Bench) -> Self {
        let mut command = bench.command("serve --port 0 --threads 1");
        let mut child = command.stderr(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let said =
            lines.find_map(|line| Some(line.ok()?.strip_prefix("http://")?.split(' ').next()?.to_owned()));
        // The log has to go somewhere, or the server waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self(child, said.unwrap())
    }

    fn ask(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.1).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            self.1,
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        let end = all.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let status = String::from_utf8_lossy(&all[..end]).split(' ').nth(1).unwrap().parse().unwrap();
        (status, all[end + 4..].to_vec())
    }

    fn json(&self, method: &str, path: &str, body: &Value) -> Value {
        let (_, bytes) = self.ask(method, path, "application/json", body.to_string().as_bytes());
        serde_json::from_slice(&bytes).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&bytes)))
    }
}

#[test]
fn a_fit_over_http_is_the_fit_of_the_command_line() {
    let bench = Bench::new();
    bench.fine("simulate --preset recoverable --periods 80 --seed 3 -o .");
    bench.fine("fit --chains 2 --draws 60 --tune 120 --seed 5");
    let served = Served::start(&bench);
    let data = bench.read("data.csv");
    let (status, dataset) = served.ask("POST", "/api/v1/datasets?name=data.csv", "text/csv", data.as_bytes());
    assert_eq!(status, 201);
    let dataset: Value = serde_json::from_slice(&dataset).unwrap();
    let (_, spec) =
        served.ask("POST", "/api/v1/specs/from-toml", "text/plain", bench.read("mmm.toml").as_bytes());
    let mut spec: Value = serde_json::from_slice(&spec).unwrap();
    let mut spec = spec["spec"].take();
    spec["sampler"] = json!({ "chains": 2, "draws": 60, "tune": 120, "seed": 5 });
    let fit = served.json("POST", "/api/v1/fits", &json!({ "dataset": dataset["id"], "spec": spec }));
    let job =
        served.json("GET", &format!("/api/v1/jobs/{}?wait=60", fit["job"].as_str().unwrap()), &json!({}));
    assert_eq!(job["state"], "succeeded", "{job}");
    let (_, bytes) =
        served.ask("GET", &format!("/api/v1/fits/{}/file", fit["id"].as_str().unwrap()), "text/plain", b"");
    std::fs::write(bench.path("http.mmm"), bytes).unwrap();
    // Equal in all but the time and the machine's note on it.
    let entries = |name: &str| -> Value {
        let mut manifest = wanamaker_io::fit_file::read(&bench.path(name)).unwrap().manifest;
        manifest.entries.sort_by(|a, b| a.name.cmp(&b.name));
        json!(manifest.entries.iter().map(|entry| (&entry.name, &entry.sha256)).collect::<Vec<_>>())
    };
    assert_eq!(entries("fit.mmm"), entries("http.mmm"));
}

#[test]
fn keys_are_made_before_others_are_let_in_and_the_description_is_printed() {
    let bench = Bench::new();
    let refused = bench.run("serve --host 0.0.0.0 --port 0");
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("--create-key"), "{}", refused.stderr);
    let made = bench.fine("serve --create-key nightly --role admin");
    assert!(made.stdout.starts_with("mmm_") && made.stdout.trim().len() > 90, "{}", made.stdout);
    assert_ne!(bench.fine("serve --create-key nightly").stdout, made.stdout);
    assert_eq!(bench.fine("serve --openapi").json()["openapi"], "3.1.0");
    assert_eq!(bench.run("worker").code, Some(2));
}
