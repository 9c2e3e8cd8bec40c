//! What a server is told when it starts: plain data with its defaults.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// Settings of a server. They cannot be printed: the address of a database may hold its password.
#[derive(Clone)]
pub struct Settings {
    /// Address and port it listens on; port 0 takes a free one.
    pub address: SocketAddr,
    /// Folder of its files; made when it is not there.
    pub data: PathBuf,
    /// Address of a database, `postgres://…`; an SQLite file in the data folder when not said. May hold a password: never logged.
    pub database: Option<String>,
    /// How a worker is started.
    pub worker: WorkerCommand,
    /// Jobs at work side by side.
    pub workers: usize,
    /// Threads of each of them; 0 for as many as there are. Never changes a result.
    pub threads: usize,
    /// Most memory of a worker's address space in bytes, where the system can hold it to that.
    pub worker_memory: Option<u64>,
    /// How long a job belongs to a server that is no longer heard of.
    pub lease: Duration,
    /// How often a server says that it still works on a job.
    pub heartbeat: Duration,
    /// Times that a job may take its worker or its server with it before it is given up.
    pub most_faults: u32,
    /// Jobs of one workspace that may wait.
    pub most_waiting: i64,
    /// Jobs of one workspace whose workers may be paused: each keeps its memory, and none of them a place among `workers`.
    pub most_paused: i64,
    /// Most bytes of an upload.
    pub upload_bytes: u64,
    /// Most bytes that an upload may unpack to.
    pub unpacked_bytes: u64,
    /// Most bytes that loaded fits and computed answers may take.
    pub cache_bytes: usize,
    /// Requests per second and caller, with a burst of four seconds' worth; none for no limit.
    pub rate: Option<f64>,
    /// Further names under which the server may be asked, beside those of the loopback interface.
    pub hosts: Vec<String>,
    /// Whether session cookies are only sent over TLS, which something before this server speaks.
    pub secure_cookies: bool,
    /// Whether webhooks may go to loopback, private and link-local addresses, and over HTTP without TLS.
    pub private_webhooks: bool,
    /// How long a receiver of a webhook may take.
    pub webhook_time: Duration,
    /// How long a delivery that failed waits for its second try; four times as long for each further one.
    pub webhook_pause: Duration,
    /// Times that a delivery is tried.
    pub webhook_tries: u32,
    /// How long the head of a request may take, and a connection be without one; it is closed then.
    pub head_time: Duration,
    /// How long a stopping server waits for requests under way.
    pub drain: Duration,
}

/// A program and its first arguments.
#[derive(Clone, Debug)]
pub struct WorkerCommand {
    /// The program: `mmm` itself.
    pub program: PathBuf,
    /// Its arguments: `worker`.
    pub arguments: Vec<OsString>,
}

impl Settings {
    /// The defaults: loopback, port 8000, SQLite in `data`, one worker started by `worker`.
    pub fn new(data: PathBuf, worker: WorkerCommand) -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, 8000).into(),
            data,
            database: None,
            worker,
            workers: 1,
            threads: 0,
            worker_memory: None,
            lease: Duration::from_secs(30),
            heartbeat: Duration::from_secs(5),
            most_faults: 5,
            most_waiting: 200,
            most_paused: 8,
            upload_bytes: 100 << 20,
            unpacked_bytes: 512 << 20,
            cache_bytes: 512 << 20,
            rate: None,
            hosts: Vec::new(),
            secure_cookies: false,
            private_webhooks: false,
            webhook_time: Duration::from_secs(10),
            webhook_pause: Duration::from_secs(5),
            webhook_tries: 8,
            head_time: Duration::from_secs(15),
            drain: Duration::from_secs(10),
        }
    }
}
