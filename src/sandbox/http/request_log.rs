//! What the sandbox saw: every call in short, the last ones whole.
//!
//! Tokens and secrets are never shown, whoever asks.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::Query;
use axum::http::HeaderMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::sandbox::api::operation::Operation;
use crate::sandbox::api::request::{Call, TOKEN_HEADER};
use crate::sandbox::http::delivery::Answer;

/// What carries the token in a query.
const TOKEN_IN_QUERY: &str = "access_token";

/// What was called.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Calls {
    /// How many calls of each operation arrived, whatever became of them.
    pub counts: BTreeMap<Operation, u64>,
    /// The last calls, oldest first.
    pub arrivals: Vec<Arrival>,
}

/// One call of the API.
#[derive(Clone, Debug, Serialize)]
pub struct Arrival {
    /// What was called.
    pub operation: Operation,
    /// When, counted from the start of the sandbox; microseconds in JSON.
    #[serde(serialize_with = "micros")]
    pub at: Duration,
    /// The status of the answer, even if the answer was then lost.
    pub status: u16,
    /// DingTalk's code, if the answer was an error.
    pub code: Option<Cow<'static, str>>,
    /// The fault that struck it, as it was written.
    pub fault: Option<Arc<str>>,
}

/// One request as it came, less tokens and secrets.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenRequest {
    /// The HTTP method.
    pub method: String,
    /// The path, as it was sent.
    pub path: String,
    /// The query, as it was sent; left out when the token is in it.
    pub raw_query: Option<String>,
    /// The query, decoded, less the token.
    pub query: BTreeMap<String, String>,
    /// `content-type`, `accept` and `user-agent`, where present.
    pub headers: BTreeMap<String, String>,
    /// Whether the access token was there, in its header or in the query.
    pub token: bool,
    /// The body as JSON; null if there is none, and if it is not JSON a string that says so.
    pub body: Value,
}

/// The sandbox's memory of calls.
#[derive(Debug)]
pub(crate) struct Log {
    start: Instant,
    total: u64,
    counts: BTreeMap<Operation, u64>,
    arrivals: Bounded<Arrival>,
    requests: Bounded<Arc<Call>>,
}

/// The last few of something.
#[derive(Debug)]
struct Bounded<T> {
    most: usize,
    items: VecDeque<T>,
}

impl Log {
    pub(crate) fn new(start: Instant, calls: usize, requests: usize) -> Self {
        let counts = BTreeMap::new();
        Self { start, total: 0, counts, arrivals: Bounded::new(calls), requests: Bounded::new(requests) }
    }

    /// Remembers a request whole and returns its number.
    pub(crate) fn saw(&mut self, call: &Arc<Call>) -> u64 {
        self.total += 1;
        self.requests.push(call.clone());
        self.total
    }

    /// Remembers what a call was answered.
    pub(crate) fn note(&mut self, operation: Operation, now: Instant, answer: &Answer) {
        *self.counts.entry(operation).or_default() += 1;
        self.arrivals.push(Arrival {
            operation,
            at: now.saturating_duration_since(self.start),
            status: answer.reply.status,
            code: answer.reply.refusal().map(|refusal| refusal.code.clone()),
            fault: answer.fault.clone(),
        });
    }

    pub(crate) fn calls(&self) -> Calls {
        Calls { counts: self.counts.clone(), arrivals: self.arrivals.items.iter().cloned().collect() }
    }

    pub(crate) fn requests(&self) -> Vec<Arc<Call>> {
        self.requests.items.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.counts.clear();
        self.arrivals.items.clear();
        self.requests.items.clear();
    }
}

impl<T> Bounded<T> {
    fn new(most: usize) -> Self {
        Self { most, items: VecDeque::new() }
    }

    fn push(&mut self, item: T) {
        self.items.push_back(item);
        if self.items.len() > self.most {
            self.items.pop_front();
        }
    }
}

impl From<&Call> for SeenRequest {
    fn from(call: &Call) -> Self {
        let mut query: BTreeMap<String, String> =
            Query::try_from_uri(&call.uri).map(|Query(query)| query).unwrap_or_default();
        let in_query = query.remove(TOKEN_IN_QUERY).is_some();
        Self {
            method: call.method.to_string(),
            path: call.uri.path().to_owned(),
            raw_query: call.uri.query().filter(|_| !in_query).map(str::to_owned),
            query,
            headers: plain_headers(&call.headers),
            token: in_query || call.headers.contains_key(TOKEN_HEADER),
            body: body(&call.body),
        }
    }
}

fn plain_headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    let shown = |name: &str| Some((name.to_owned(), headers.get(name)?.to_str().ok()?.to_owned()));
    ["content-type", "accept", "user-agent"].into_iter().filter_map(shown).collect()
}

fn body(bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    match serde_json::from_slice(bytes) {
        Ok(body) => without_secrets(body),
        Err(_) => Value::String(format!("{} bytes that are not JSON", bytes.len())),
    }
}

fn without_secrets(mut body: Value) -> Value {
    for key in ["appSecret", "client_secret"] {
        if let Some(secret) = body.get_mut(key) {
            *secret = Value::from("***");
        }
    }
    body
}

fn micros<S: Serializer>(at: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u128(at.as_micros())
}
