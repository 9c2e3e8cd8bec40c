//! `cargo xtask api-fuzz`: the whole OpenAPI document against a server at work, by a property-based tester from PyPI. Nothing
//! else of the project needs Python.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// The tester, at the version that `schemathesis.toml` was written for.
const TESTER: &str = "schemathesis==4.32.5";
/// Where everything of it goes.
const FOLDER: &str = "target/api-fuzz";
/// What the tester is asked beside what stands in its settings: a fixed seed, and an end. With the phase `coverage` it asks a
/// hundred thousand things, which is for an evening.
const ASKED: [&str; 7] =
    ["--seed", "42", "--max-examples", "20", "--phases", "examples,fuzzing", "--no-shrink"];

/// Whether nothing fails, or nothing can be asked here.
pub fn run() -> bool {
    let Some(tester) = tester() else { return true };
    let mut build = Command::new(env!("CARGO"));
    if !passes(build.args(["build", "--quiet", "--package", "wanamaker-cli"])) {
        return false;
    }
    let Some(server) = Server::start() else {
        eprintln!("api-fuzz: the server does not start");
        return false;
    };
    let Some((dataset, fit, job)) = server.furnish() else {
        eprintln!("api-fuzz: the server made no fit");
        return false;
    };
    let url = format!("http://127.0.0.1:{}/openapi.json", server.port);
    let mut command = Command::new(tester);
    command.args(["--config-file", "xtask/schemathesis.toml", "run", &url]).args(ASKED);
    command.args(["--header", &format!("Authorization: Bearer {}", server.key)]);
    command.env("DATASET", dataset).env("FIT", fit).env("JOB", job);
    passes(&mut command)
}

fn passes(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}

/// The tester in an environment of its own; nothing, and a word about it, where it cannot be had.
fn tester() -> Option<String> {
    let program = format!("{FOLDER}/venv/bin/schemathesis");
    let quiet = |command: &mut Command| passes(command.stdout(Stdio::null()).stderr(Stdio::null()));
    let stamp = format!("{FOLDER}/venv/{TESTER}");
    if Path::new(&stamp).exists() {
        return Some(program);
    }
    if !quiet(Command::new("python3").args(["-m", "venv", "--clear", &format!("{FOLDER}/venv")])) {
        eprintln!("api-fuzz: skipped, there is no Python with venv here");
        return None;
    }
    if !quiet(Command::new(format!("{FOLDER}/venv/bin/pip")).args(["install", TESTER])) {
        eprintln!("api-fuzz: skipped, {TESTER} cannot be had here");
        return None;
    }
    fs::write(stamp, "").ok()?;
    Some(program)
}

/// A server on a free port with an empty folder, which asks everybody who they are; ended when dropped.
struct Server {
    process: Child,
    port: u16,
    /// What an admin is let in with.
    key: String,
}

impl Server {
    fn start() -> Option<Self> {
        let data = format!("{FOLDER}/data");
        let _ = fs::remove_dir_all(&data);
        fs::create_dir_all(&data).ok()?;
        let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let log = fs::File::create(format!("{FOLDER}/server.log")).ok()?;
        let program = format!("target/debug/mmm{}", std::env::consts::EXE_SUFFIX);
        let serve = ["serve", "--data", &data];
        let key = ["--create-key", "tester", "--role", "admin"];
        let made = Command::new(&program).args(serve).args(key).output().ok()?;
        let key = String::from_utf8_lossy(&made.stdout).trim().to_owned();
        let mut command = Command::new(program);
        command.args(serve).args(["--port", &port.to_string(), "--rate", "100000"]);
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().ok()?;
        let server = Self { process, port, key };
        for _ in 0..300 {
            if server.ask("GET", "/readyz", "").is_some_and(|answer| answer.contains("200 OK")) {
                return Some(server);
            }
            sleep(Duration::from_millis(100));
        }
        None
    }

    /// A small market and a fit of it, so that there is something to ask about; their names, and that of the job.
    fn furnish(&self) -> Option<(String, String, String)> {
        let market = r#"{"preset":"recoverable","periods":60,"seed":7}"#;
        let dataset = value(&self.ask("POST", "/api/v1/simulations", market)?, "id")?;
        let spec = r#"{"data":{"time":"week","kpi":"revenue"},"channel":[{"name":"tv","spend":"tv_spend"}],
            "sampler":{"chains":2,"draws":100,"tune":100,"seed":1}}"#;
        let order = format!(r#"{{"dataset":"{dataset}","spec":{spec}}}"#);
        let ordered = self.ask("POST", "/api/v1/fits", &order)?;
        let (fit, job) = (value(&ordered, "id")?, value(&ordered, "job")?);
        let done = self.ask("GET", &format!("/api/v1/jobs/{job}?wait=60"), "")?;
        (value(&done, "state")? == "succeeded").then_some((dataset, fit, job))
    }

    /// The whole of an answer, as it comes.
    fn ask(&self, method: &str, path: &str, body: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        let (host, length) = (format!("127.0.0.1:{}", self.port), body.len());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}",
            self.key
        );
        stream.write_all(head.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The first text of this name in JSON that we wrote ourselves.
fn value(answer: &str, name: &str) -> Option<String> {
    let (_, rest) = answer.split_once(&format!("\"{name}\":\""))?;
    rest.split('"').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_by_its_name() {
        let answer = "HTTP/1.1 200 OK\r\n\r\n{\"id\":\"a-1\",\"n\":2,\"job\":\"b\"}";
        assert_eq!(value(answer, "job").as_deref(), Some("b"));
        assert_eq!(value(answer, "id").as_deref(), Some("a-1"));
        assert_eq!(value(answer, "state"), None);
    }
}
