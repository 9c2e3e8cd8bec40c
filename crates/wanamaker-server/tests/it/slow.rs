//! Clients that take their time.

use crate::home::{Database, Home};
use crate::support::{Client, InProcess};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

#[test]
fn a_head_that_comes_byte_by_byte_is_not_waited_for_while_others_are_served() {
    let home = Home::new(Database::Sqlite).unwrap();
    let mut settings = home.settings();
    settings.head_time = Duration::from_millis(500);
    let server = InProcess::start(settings);
    let client = Client::of(&server.address);
    let mut slow = TcpStream::connect(&server.address).unwrap();
    slow.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\n").unwrap();
    let mut is_closed = false;
    for _ in 0..3000 {
        assert_eq!(client.get("/healthz").status, 200);
        let written = slow.write_all(b"X");
        let mut answer = Vec::new();
        let read = slow.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "the head has no end");
        if written.is_err() || !matches!(&read, Err(error) if error.kind() == ErrorKind::WouldBlock) {
            is_closed = true;
            break;
        }
    }
    assert!(is_closed, "the server still waits for the head");
    assert_eq!(client.get("/readyz").status, 200);
    server.end();
}

#[test]
fn a_connection_that_asks_again_in_time_is_kept() {
    let home = Home::new(Database::Sqlite).unwrap();
    let server = InProcess::start(home.settings());
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    for _ in 0..3 {
        let request = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
        stream.write_all(request.as_bytes()).unwrap();
        let mut head = [0; 15];
        stream.read_exact(&mut head).unwrap();
        assert_eq!(&head, b"HTTP/1.1 200 OK");
        let mut rest = Vec::new();
        while !rest.ends_with(b"}") {
            let mut byte = [0; 1];
            stream.read_exact(&mut byte).unwrap();
            rest.extend(byte);
        }
    }
    server.end();
}
