//! The client against a scripted server: what goes over the wire, and what comes of every answer.

pub(super) mod golden;
#[cfg(test)]
pub(super) mod mock_server;
pub(super) mod outcomes;
pub(super) mod reads;
pub(super) mod secrets;
pub(super) mod users;

use std::time::Duration;

use secrecy::SecretString;

use crate::dingtalk::client::{Client, Settings};
use crate::dingtalk::credentials::{Credentials, Grant, Operator};
use crate::dingtalk::endpoint::Endpoint;
use crate::dingtalk::http::network::NetworkVariables;
use crate::dingtalk::pacing::backoff::Backoff;
use crate::dingtalk::pacing::limit::Pace;
use crate::dingtalk::pacing::retry::RetryPolicy;

const UNION_ID: &str = "aB/c+d==";

/// A client with a ready token, without pacing, that loses patience soon.
fn client(url: &str) -> Client {
    client_of(url, Grant::Token(SecretString::from("ready-token")))
}

fn app(corp_id: Option<&str>) -> Grant {
    Grant::App {
        client_id: "ding-client".to_owned(),
        client_secret: SecretString::from("cl13nt-s3cr3t"),
        corp_id: corp_id.map(str::to_owned),
    }
}

fn client_of(url: &str, grant: Grant) -> Client {
    client_with(url, Credentials { grant, operator: Operator::UnionId(UNION_ID.to_owned()) })
}

fn client_with(url: &str, credentials: Credentials) -> Client {
    let endpoint = Endpoint::parse(url).expect("an endpoint");
    let settings = Settings { pace: Pace::Off, timeout: Duration::from_secs(20), ..Settings::default() };
    let backoff = Backoff { first: Duration::from_millis(1), cap: Duration::from_millis(2) };
    let policy = RetryPolicy { backoff, ..RetryPolicy::default() };
    Client::with_policy(&endpoint, credentials, settings, &NetworkVariables::default(), policy).expect("a client")
}

fn impatient(url: &str) -> Client {
    let endpoint = Endpoint::parse(url).expect("an endpoint");
    let grant = Grant::Token(SecretString::from("ready-token"));
    let credentials = Credentials { grant, operator: Operator::UnionId(UNION_ID.to_owned()) };
    let settings = Settings { pace: Pace::Off, timeout: Duration::from_millis(1500), ..Settings::default() };
    Client::new(&endpoint, credentials, settings, &NetworkVariables::default()).expect("a client")
}
