//! Many clients at once while a fit runs: no request fails. How long they take is printed and never judged.

use crate::home::{Home, on_every_database};
use crate::support::until;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

on_every_database!(many_clients_read_while_a_fit_runs_and_none_is_failed);

fn many_clients_read_while_a_fit_runs_and_none_is_failed(home: &Home) {
    let is_slow = std::env::var_os("RUN_SLOW_TESTS").is_some();
    let (wanted, seconds) = if is_slow { (1000, 10) } else { (200, 2) };
    // The server inherits the limit.
    let n = wanted.min(room_for_clients(wanted));
    let server = home.start();
    let client = server.client();
    let dataset = client.market("recoverable", 208);
    let (fit, job) = client.order(&dataset, 100);
    client.wait(&job);
    let (_, long) = client.order(&dataset, 1_000_000);
    until(&client, &long, |job| job["state"] == "running" && !job["progress"].is_null());
    let paths: Vec<String> = [
        "/healthz".to_owned(),
        "/api/v1/fits".to_owned(),
        format!("/api/v1/fits/{fit}"),
        format!("/api/v1/fits/{fit}/summary"),
        format!("/api/v1/fits/{fit}/returns"),
        format!("/api/v1/datasets/{dataset}"),
        format!("/api/v1/jobs/{long}"),
    ]
    .into();
    let mut took = read_for(&server.address, &paths, n, Duration::from_secs(seconds));
    assert_eq!(client.get(&format!("/api/v1/jobs/{long}")).json()["state"], "running");
    took.sort_unstable();
    assert!(took.len() >= n, "{} answers for {n} clients", took.len());
    let (half, most) = (took[took.len() / 2], took[took.len() * 99 / 100]);
    println!(
        "{n} clients, {} answers in {seconds} s, 0 errors, p50 {half:.1?}, p99 {most:.1?}, on {}",
        took.len(),
        if home.is_embedded() { "SQLite" } else { "PostgreSQL" }
    );
}

/// Raises the limit of open files for so many clients, each with two ends, and says for how many there is room.
fn room_for_clients(wanted: usize) -> usize {
    let limit = getrlimit(Resource::Nofile);
    let needed = 2 * wanted as u64 + 200;
    let current = limit.maximum.map_or(needed, |most| most.min(needed)).max(limit.current.unwrap_or(needed));
    let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(current), maximum: limit.maximum });
    let now = getrlimit(Resource::Nofile).current.unwrap_or(needed);
    (now.saturating_sub(200) / 2).max(1) as usize
}

/// What each answer took, of `n` clients that keep their connections and ask one thing after the other.
fn read_for(address: &str, paths: &[String], n: usize, time: Duration) -> Vec<Duration> {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let end = Instant::now() + time;
        let clients: Vec<_> = (0..n)
            .map(|k| {
                let (address, paths) = (address.to_owned(), paths.to_vec());
                tokio::spawn(async move {
                    let mut stream = TcpStream::connect(&address).await.unwrap();
                    let mut took = Vec::new();
                    for turn in k.. {
                        let began = Instant::now();
                        ask(&mut stream, &address, &paths[turn % paths.len()]).await;
                        took.push(began.elapsed());
                        if Instant::now() > end {
                            break;
                        }
                    }
                    took
                })
            })
            .collect();
        let mut all = Vec::new();
        for client in clients {
            all.extend(client.await.unwrap());
        }
        all
    })
}

/// Asks once and reads the whole answer, which is a good one.
async fn ask(stream: &mut TcpStream, address: &str, path: &str) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let (mut answer, mut buffer) = (Vec::new(), vec![0; 16_384]);
    loop {
        let n = stream.read(&mut buffer).await.unwrap();
        assert!(n > 0, "{path}: hung up");
        answer.extend_from_slice(&buffer[..n]);
        let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
        assert!(head.starts_with("http/1.1 200"), "{path}: {head}");
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if answer.len() >= end + 4 + length.expect("an answer of known length") {
            return;
        }
    }
}
