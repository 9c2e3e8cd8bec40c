//! A server in a process of its own, and a client that knows no more than HTTP/1.1.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use wanamaker_server::Server;
use wanamaker_server::settings::Settings;

/// A server at work; killed when dropped.
pub struct TestServer {
    process: Child,
    pub address: String,
}

impl TestServer {
    /// Starts one on `data`, with the embedded database unless another is named.
    pub fn start(data: &Path, database: Option<&str>) -> Self {
        let log =
            std::fs::File::options().create(true).append(true).open(data.with_extension("log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_wanamaker-test-server"));
        command.arg(data).args(database).stdout(Stdio::piped()).stderr(log);
        let mut process = command.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut address).unwrap();
        assert!(!address.is_empty(), "{}", std::fs::read_to_string(data.with_extension("log")).unwrap());
        Self { process, address: address.trim().to_owned() }
    }

    /// As the power going off for this process alone.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Asks it to end, and gives its exit code and the time it took.
    pub fn terminate(mut self) -> (Option<i32>, Duration) {
        let began = Instant::now();
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        (self.process.wait().unwrap().code(), began.elapsed())
    }

    pub fn client(&self) -> Client {
        Client::of(&self.address)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A client with headers that it always sends.
#[derive(Clone)]
pub struct Client {
    pub address: String,
    headers: Vec<(String, String)>,
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{error}: {} {}", self.status, String::from_utf8_lossy(&self.body))
        })
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

/// A server in this process, on threads of its own.
pub struct InProcess {
    runtime: tokio::runtime::Runtime,
    serving: tokio::task::JoinHandle<()>,
    end: tokio::sync::oneshot::Sender<()>,
    pub address: String,
}

impl InProcess {
    pub fn start(settings: Settings) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let server = runtime.block_on(Server::start(settings)).unwrap();
        let address = server.address().unwrap().to_string();
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let serving = runtime.spawn(server.run(async move {
            let _ = ended.await;
        }));
        Self { runtime, serving, end, address }
    }

    /// Lets it end, and waits for that.
    pub fn end(self) {
        let _ = self.end.send(());
        self.runtime.block_on(self.serving).unwrap();
    }
}

impl Client {
    pub fn of(address: &str) -> Self {
        Self { address: address.to_owned(), headers: Vec::new() }
    }

    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None, b"").unwrap()
    }

    pub fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, None, b"").unwrap()
    }

    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, Some("application/json"), body.to_string().as_bytes()).unwrap()
    }

    pub fn upload(&self, name: &str, bytes: &[u8]) -> Reply {
        self.send("POST", &format!("/api/v1/datasets?name={name}"), Some("text/csv"), bytes).unwrap()
    }

    /// An error when there was no whole answer: the server died.
    pub fn send(&self, method: &str, path: &str, kind: Option<&str>, body: &[u8]) -> std::io::Result<Reply> {
        let mut stream = self.open(method, path, kind, body)?;
        let mut all = Vec::new();
        stream.read_to_end(&mut all)?;
        let end = all.windows(4).position(|window| window == b"\r\n\r\n");
        let end = end.ok_or_else(|| std::io::Error::other("no whole answer"))?;
        let head = String::from_utf8_lossy(&all[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let mut body = all[end + 4..].to_vec();
        if headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked") {
            body = unchunked(&body);
        }
        let reply = Reply { status, headers, body };
        match reply.header("content-length").and_then(|length| length.parse::<usize>().ok()) {
            Some(length) if length != reply.body.len() && method != "HEAD" => {
                Err(std::io::Error::other("the answer was cut off"))
            }
            _ => Ok(reply),
        }
    }

    /// Sends a request and hands over the stream of its answer.
    pub fn open(
        &self,
        method: &str,
        path: &str,
        kind: Option<&str>,
        body: &[u8],
    ) -> std::io::Result<TcpStream> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        if !self.headers.iter().any(|(name, _)| name == "Host") {
            head += &format!("Host: {}\r\n", self.address);
        }
        if let Some(kind) = kind {
            head += &format!("Content-Type: {kind}\r\n");
        }
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        stream.write_all((head + "\r\n").as_bytes())?;
        // A server may answer and hang up before it has read all of it.
        let _ = stream.write_all(body);
        Ok(stream)
    }

    /// A market with known truth as a dataset.
    pub fn market(&self, preset: &str, periods: u32) -> String {
        let body = serde_json::json!({ "preset": preset, "seed": 7, "periods": periods });
        self.post("/api/v1/simulations", &body).expect(201).json()["id"].as_str().unwrap().to_owned()
    }

    /// Orders a fit of what is proposed, with these draws; gives the fit and its job.
    pub fn order(&self, dataset: &str, draws: u32) -> (String, String) {
        let mut spec = self.get(&format!("/api/v1/datasets/{dataset}")).expect(200).json()["spec"].clone();
        spec["sampler"] = serde_json::json!({ "chains": 2, "draws": draws, "tune": 200, "seed": 11 });
        let body = serde_json::json!({ "dataset": dataset, "spec": spec, "name": "a fit" });
        let reply = self.post("/api/v1/fits", &body).expect(202);
        let fit = reply.json();
        assert_eq!(
            reply.header("location").unwrap(),
            format!("/api/v1/jobs/{}", fit["job"].as_str().unwrap())
        );
        (fit["id"].as_str().unwrap().to_owned(), fit["job"].as_str().unwrap().to_owned())
    }

    /// The job once it is over.
    pub fn wait(&self, job: &str) -> Value {
        for _ in 0..10 {
            let job = self.get(&format!("/api/v1/jobs/{job}?wait=30")).expect(200).json();
            if ["succeeded", "failed", "cancelled"].contains(&job["state"].as_str().unwrap()) {
                return job;
            }
        }
        panic!("the job does not end");
    }
}

/// The pieces of a body without their lengths.
fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|window| window == b"\r\n") {
        let length = usize::from_str_radix(&String::from_utf8_lossy(&body[..end]), 16).unwrap();
        whole.extend_from_slice(&body[end + 2..end + 2 + length]);
        body = &body[end + 4 + length..];
    }
    whole
}

/// Weekly data of two channels.
pub fn weekly_csv(header: &str, weeks: u32) -> String {
    let mut text = format!("{header}\n");
    for week in 0..weeks {
        let day = jiff::civil::date(2023, 1, 2).saturating_add(jiff::Span::new().weeks(week));
        let (tv, search) = (1000 + 37 * (week % 11), 500 + 91 * (week % 7));
        text += &format!("{day},{},{tv},{search}\n", 20_000 + 3 * tv + 5 * search + 13 * (week % 5));
    }
    text
}

/// Folders in `/proc` of the workers whose own folder is below `data`.
pub fn workers_in(data: &Path) -> Vec<PathBuf> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten().map(|process| process.path());
    let scratch = data.join("scratch");
    let is_here = |process: &PathBuf| {
        std::fs::read_link(process.join("cwd")).is_ok_and(|folder| folder.starts_with(&scratch))
    };
    processes.filter(is_here).collect()
}

/// The job once `is_so` of it.
pub fn until(client: &Client, job: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..3000 {
        let found = client.get(&format!("/api/v1/jobs/{job}")).expect(200).json();
        if is_so(&found) {
            return found;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("the job never gets there");
}

/// Files below a folder, however deep.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
