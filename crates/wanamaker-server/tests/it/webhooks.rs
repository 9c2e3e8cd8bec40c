//! Webhooks against a receiver that is a little HTTP server of this test: signed, at least once, whatever dies or misbehaves.

use crate::home::{Database, Home, on_every_database};
use crate::support::{Client, InProcess};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

on_every_database!(
    ends_of_jobs_are_told_signed_to_who_wants_to_know,
    wrong_answers_are_tried_again_and_given_up_in_the_end,
    what_was_not_told_when_the_server_was_killed_is_told_by_the_next,
);

/// How the receiver answers.
#[derive(Clone)]
enum Answer {
    Status(u16),
    /// Towards another address.
    Redirect(String),
    /// A body without an end.
    Flood,
    /// Something that is no HTTP.
    Nonsense,
    /// Nothing, for as long as the other side waits.
    Silence,
}

/// What came to the receiver.
#[derive(Clone, Debug)]
struct Told {
    headers: Vec<(String, String)>,
    body: String,
}

impl Told {
    fn header(&self, name: &str) -> &str {
        &self.headers.iter().find(|(known, _)| known == name).unwrap().1
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A receiver; it answers as it was told to, the last answer again and again.
struct Receiver {
    address: String,
    told: Arc<Mutex<Vec<Told>>>,
}

impl Receiver {
    fn start(answers: &[Answer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let told = Arc::<Mutex<Vec<Told>>>::default();
        let (kept, mut answers) = (Arc::clone(&told), answers.iter().cloned().collect::<VecDeque<_>>());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answer = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || receive(stream, &answer.unwrap(), &kept));
            }
        });
        Self { address, told }
    }

    fn url(&self) -> String {
        format!("http://{}/hook?team=media", self.address)
    }

    fn told(&self) -> Vec<Told> {
        self.told.lock().unwrap().clone()
    }

    /// Everything that came, once that is so many.
    fn wait_for(&self, n: usize) -> Vec<Told> {
        for _ in 0..3000 {
            let told = self.told();
            if told.len() >= n {
                return told;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{} of {n} deliveries came", self.told().len());
    }
}

fn receive(mut stream: TcpStream, answer: &Answer, kept: &Mutex<Vec<Told>>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    assert!(line.starts_with("POST /hook?team=media "), "{line}");
    let mut headers = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length")?.1.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    kept.lock().unwrap().push(Told { headers, body: String::from_utf8(body).ok()? });
    match answer {
        Answer::Status(status) => {
            write!(stream, "HTTP/1.1 {status} So\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").ok()
        }
        Answer::Redirect(to) => {
            write!(stream, "HTTP/1.1 307 So\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n").ok()
        }
        Answer::Flood => {
            write!(stream, "HTTP/1.1 200 OK\r\n\r\n").ok()?;
            // Ends when the other side hangs up.
            while stream.write_all(&[b'x'; 65536]).is_ok() {}
            Some(())
        }
        Answer::Nonsense => stream.write_all(b"220 mail.example ESMTP\r\n").ok(),
        Answer::Silence => {
            let _ = reader.read(&mut [0]);
            Some(())
        }
    }
}

fn register(client: &Client, receiver: &Receiver) -> (String, String) {
    let made = client.post("/api/v1/webhooks", &json!({ "url": receiver.url() })).expect(201).json();
    (made["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
}

/// The youngest delivery once `is_so` of it.
fn until(client: &Client, hook: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..3000 {
        let page = client.get(&format!("/api/v1/webhooks/{hook}/deliveries")).expect(200).json();
        if let Some(found) = page["items"].as_array().unwrap().first().filter(|item| is_so(item)) {
            return found.clone();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("the delivery never gets there");
}

fn is_signed(told: &Told, secret: &str) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{}.{}", told.header("mmm-timestamp"), told.body).as_bytes());
    let digits: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    told.header("mmm-signature") == format!("v1={digits}")
}

fn ends_of_jobs_are_told_signed_to_who_wants_to_know(home: &Home) {
    let server = home.start();
    let client = server.client();
    let receiver = Receiver::start(&[Answer::Status(204)]);
    let (hook, secret) = register(&client, &receiver);
    let listed = client.get("/api/v1/webhooks").expect(200);
    assert!(listed.text().contains(&hook) && !listed.text().contains(&secret));
    assert!(!client.get(&format!("/api/v1/webhooks/{hook}")).expect(200).text().contains(&secret));

    let ping = client.post(&format!("/api/v1/webhooks/{hook}/ping"), &json!({})).expect(202).json();
    assert_eq!(receiver.wait_for(1)[0].json()["topic"], "ping");
    let pinged = until(&client, &hook, |item| item["state"] == "delivered");
    assert_eq!(
        (&pinged["id"], &pinged["status"], &pinged["attempts"]),
        (&ping["id"], &json!(204), &json!(1))
    );

    let dataset = client.market("recoverable", 60);
    let (fit, job) = client.order(&dataset, 100);
    let told = receiver.wait_for(2)[1].clone();
    let body = told.json();
    assert_eq!(body["topic"], "job.succeeded");
    assert_eq!((&body["job"]["id"], &body["job"]["fit"]), (&json!(job), &json!(fit)));
    assert_eq!(body["id"], told.header("mmm-delivery"));
    assert!(is_signed(&told, &secret) && !is_signed(&told, "another"));
    // What is told is so by then.
    assert_eq!(client.get(&format!("/api/v1/jobs/{job}")).json()["state"], "succeeded");
    let (_, job) = client.order(&dataset, 100_000);
    client.post(&format!("/api/v1/jobs/{job}/cancel"), &json!({}));
    assert_eq!(receiver.wait_for(3)[2].json()["topic"], "job.cancelled");

    client.delete(&format!("/api/v1/webhooks/{hook}")).expect(204);
    assert_eq!(client.get(&format!("/api/v1/webhooks/{hook}/deliveries")).status, 404);
    let (_, job) = client.order(&dataset, 100);
    client.wait(&job);
    let nothing = json!({ "url": receiver.url(), "topics": [] });
    assert_eq!(client.post("/api/v1/webhooks", &nothing).expect(422).json()["code"], "webhook.no_topics");
    assert_eq!(receiver.told().len(), 3);
}

fn wrong_answers_are_tried_again_and_given_up_in_the_end(home: &Home) {
    let server = home.start();
    let client = server.client();
    let ping = |hook: &str| client.post(&format!("/api/v1/webhooks/{hook}/ping"), &json!({})).expect(202);
    let elsewhere = Receiver::start(&[Answer::Status(200)]);
    let receiver = Receiver::start(&[
        Answer::Status(500),
        Answer::Redirect(elsewhere.url()),
        Answer::Nonsense,
        Answer::Silence,
        Answer::Flood,
    ]);
    let (hook, _) = register(&client, &receiver);
    ping(&hook);
    let done = until(&client, &hook, |item| item["state"] == "delivered");
    assert_eq!((done["attempts"].as_i64(), done["status"].as_i64()), (Some(5), Some(200)), "{done}");
    let told = receiver.told();
    let same = |told: &Told| (told.header("mmm-delivery").to_owned(), told.body.clone());
    assert!(told.len() == 5 && told.iter().all(|one| same(one) == same(&told[0])));
    assert!(elsewhere.told().is_empty());

    // Where TLS is wanted nothing is said without it.
    let plain = Receiver::start(&[Answer::Status(200)]);
    let url = format!("https://{}/hook?team=media", plain.address);
    let made = client.post("/api/v1/webhooks", &json!({ "url": url })).expect(201).json();
    let secure = made["id"].as_str().unwrap();
    ping(secure);
    until(&client, secure, |item| !item["error"].is_null());
    assert!(plain.told().is_empty());

    // A slow receiver holds up nobody else, and one that never takes it is given up.
    let silent = Receiver::start(&[Answer::Silence]);
    let refusing = Receiver::start(&[Answer::Status(410)]);
    let (slow, _) = register(&client, &silent);
    ping(&slow);
    silent.wait_for(1);
    let (quick, _) = register(&client, &elsewhere);
    ping(&quick);
    until(&client, &quick, |item| item["state"] == "delivered");
    let waiting = until(&client, &slow, |item| item["error"] == "it took too long to answer");
    assert!(waiting["status"].is_null(), "{waiting}");
    let (never, _) = register(&client, &refusing);
    ping(&never);
    let failed = until(&client, &never, |item| item["state"] == "failed");
    assert_eq!((failed["attempts"].as_i64(), failed["status"].as_i64()), (Some(5), Some(410)), "{failed}");
    assert!(failed["next"].is_null() && failed["error"].as_str().unwrap().contains("410"));
}

fn what_was_not_told_when_the_server_was_killed_is_told_by_the_next(home: &Home) {
    let server = home.start();
    let client = server.client();
    let receiver = Receiver::start(&[Answer::Silence, Answer::Status(200)]);
    let (hook, secret) = register(&client, &receiver);
    let dataset = client.market("recoverable", 60);
    let (_, job) = client.order(&dataset, 100);
    // Its end is written down; the receiver has not said that it knows.
    receiver.wait_for(1);
    server.kill();
    let server = home.start();
    let done = until(&server.client(), &hook, |item| item["state"] == "delivered");
    let told = receiver.told();
    assert_eq!(done["attempts"].as_i64(), Some(told.len() as i64));
    assert!(told.len() >= 2 && told.iter().all(|one| is_signed(one, &secret) && one.body == told[0].body));
    assert_eq!(told[0].json()["job"]["id"], job.as_str());
    // And one that was written down while nobody was there to tell it.
    server.kill();
    home.edit(
        "INSERT INTO deliveries (id, workspace, webhook, topic, body, state, created) \
         SELECT 'left', workspace, id, 'ping', '{}', 'waiting', 1 FROM webhooks",
    );
    let server = home.start();
    receiver.wait_for(told.len() + 1);
    assert_eq!(server.client().get("/readyz").status, 200);
}

#[test]
fn nothing_is_sent_into_the_network_that_the_server_stands_in() {
    let home = Home::new(Database::Sqlite).unwrap();
    let receiver = Receiver::start(&[Answer::Status(200)]);
    let port = receiver.address.rsplit_once(':').unwrap().1.to_owned();
    let server = InProcess::start(home.settings());
    let client = Client::of(&server.address);
    for url in [
        receiver.url(),
        format!("https://127.0.0.1:{port}/hook?team=media"),
        format!("https://[::1]:{port}/hook?team=media"),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        "https://user:secret@example.com/".to_owned(),
    ] {
        let refused = client.post("/api/v1/webhooks", &json!({ "url": url })).expect(422).json();
        assert_eq!(
            (&refused["code"], &refused["errors"][0]["pointer"]),
            (&json!("webhook.bad_url"), &json!("/url"))
        );
    }
    // A name is looked at when it is looked up, and an address that came into the database otherwise before it is used.
    let by_name = format!("https://localhost:{port}/hook?team=media");
    let made = client.post("/api/v1/webhooks", &json!({ "url": by_name })).expect(201).json();
    let hook = made["id"].as_str().unwrap();
    client.post(&format!("/api/v1/webhooks/{hook}/ping"), &json!({})).expect(202);
    let refused = until(&client, hook, |item| !item["error"].is_null());
    assert!(refused["error"].as_str().unwrap().contains("private network"), "{refused}");
    home.edit(&format!("UPDATE webhooks SET url = '{}'", receiver.url()));
    client.post(&format!("/api/v1/webhooks/{hook}/ping"), &json!({})).expect(202);
    let refused = until(&client, hook, |item| !item["error"].is_null());
    assert!(refused["error"].as_str().unwrap().contains("https://"), "{refused}");
    assert!(receiver.told().is_empty());
    server.end();
}
