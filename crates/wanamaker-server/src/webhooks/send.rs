//! One delivery over HTTP: to an address that was looked at, without redirects, within a time, whatever comes back unread.

use super::address::{check, is_public};
use super::sign::signature;
use crate::ids;
use crate::settings::Settings;
use crate::store::Due;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Error, redirect};
use std::error::Error as _;
use std::io;
use std::net::SocketAddr;

/// Most characters of what is kept of a fault.
const MOST_WORDS: usize = 300;

/// What became of a delivery.
pub enum Arrived {
    /// It was taken, with this status.
    Well(u16),
    /// It was not.
    Not {
        /// What came back; 0 for nothing.
        status: u16,
        /// Why, in words.
        why: String,
    },
}

/// What sends.
pub struct Sender {
    client: Client,
    may_be_private: bool,
}

impl Sender {
    /// A sender under these settings.
    ///
    /// # Errors
    /// In words, when the system has no certificates to trust.
    pub fn new(settings: &Settings) -> Result<Self, String> {
        // An error says that somebody has chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let may_be_private = settings.private_webhooks;
        let client = Client::builder()
            .dns_resolver(Outside { may_be_private })
            .redirect(redirect::Policy::none())
            .no_proxy()
            .timeout(settings.webhook_time)
            .pool_max_idle_per_host(0)
            .user_agent(concat!("wanamaker/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self { client: client.map_err(|error| words(&error))?, may_be_private })
    }

    /// Sends a delivery once.
    pub async fn send(&self, due: &Due) -> Arrived {
        // What was allowed when it was made need not be today.
        let url = match check(&due.url, self.may_be_private) {
            Ok(url) => url,
            Err(why) => return Arrived::Not { status: 0, why },
        };
        let timestamp = ids::now() / 1000;
        let request = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header("mmm-delivery", &due.id)
            .header("mmm-attempt", due.attempt)
            .header("mmm-timestamp", timestamp)
            .header("mmm-signature", signature(&due.secret, timestamp, &due.body))
            .body(due.body.clone());
        // The body of the answer is never read: it has no bound, and says nothing that is needed.
        match request.send().await.map(|response| response.status()) {
            Ok(status) if status.is_success() => Arrived::Well(status.as_u16()),
            Ok(status) if status.is_redirection() => Arrived::Not {
                status: status.as_u16(),
                why: format!("it answered {}, and redirects are not followed", status.as_u16()),
            },
            Ok(status) => {
                Arrived::Not { status: status.as_u16(), why: format!("it answered {}", status.as_u16()) }
            }
            Err(error) => Arrived::Not { status: 0, why: words(&error) },
        }
    }
}

/// What went wrong, from the outside to the inside, without the address.
fn words(error: &Error) -> String {
    if error.is_timeout() {
        return "it took too long to answer".to_owned();
    }
    let mut words = String::new();
    let mut next = error.source();
    while let Some(inner) = next {
        // What stands inside is mostly the same in more words.
        words = inner.to_string();
        next = inner.source();
    }
    if words.is_empty() {
        "it could not be sent".to_owned()
    } else {
        words.chars().take(MOST_WORDS).collect()
    }
}

/// Looks names up and keeps what lies outside: a connection goes to an address that was looked at, not to another that the name
/// has a moment later.
struct Outside {
    may_be_private: bool,
}

impl Resolve for Outside {
    fn resolve(&self, name: Name) -> Resolving {
        let may_be_private = self.may_be_private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let (outside, inside): (Vec<SocketAddr>, Vec<_>) =
                found.partition(|address| may_be_private || is_public(address.ip()));
            if outside.is_empty() && !inside.is_empty() {
                let refused = format!("{} is a name of a private network", name.as_str());
                return Err(io::Error::other(refused).into());
            }
            Ok(Box::new(outside.into_iter()) as Addrs)
        })
    }
}
