//! A server for tests that does byte for byte what it is told, and remembers what it was sent.
//!
//! It shares nothing with the client: requests are recorded as they came over the socket.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What to do once a request has been read.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Send these bytes and keep the connection.
    Send(Vec<u8>),
    /// Send these bytes and close the connection.
    Break(Vec<u8>),
    /// Never answer.
    Hang,
    /// Send the first bytes, then the others again and again with this pause, until the client closes the connection.
    Pour(Vec<u8>, Vec<u8>, Duration),
}

/// A request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Method and target.
    pub(crate) line: String,
    /// Names in lower case, sorted, without `host`.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// A scripted server. It stops when it is dropped.
pub(crate) struct Script {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

/// An answer with a JSON body.
pub(crate) fn json(status: u16, body: &str) -> Step {
    answer(status, "content-type: application/json\r\n", body)
}

/// An answer with further headers, each ended by a line break.
pub(crate) fn answer(status: u16, headers: &str, body: &str) -> Step {
    let length = body.len();
    Step::Send(format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n{headers}\r\n{body}").into_bytes())
}

impl Script {
    /// Starts a server that takes one step per request, and repeats the last one.
    pub(crate) async fn start(steps: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let steps = Arc::new(Mutex::new(steps.into_iter().collect::<VecDeque<_>>()));
        let task = tokio::spawn(accept(listener, steps, Arc::clone(&seen)));
        Self { url, seen, task }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("the lock").clone()
    }

    /// Method and target of every request.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Shared<T> = Arc<Mutex<T>>;

async fn accept(listener: TcpListener, steps: Shared<VecDeque<Step>>, seen: Shared<Vec<Seen>>) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(serve(stream, Arc::clone(&steps), Arc::clone(&seen)));
    }
}

async fn serve(mut stream: TcpStream, steps: Shared<VecDeque<Step>>, seen: Shared<Vec<Seen>>) {
    while let Some(request) = read(&mut stream).await {
        let step = {
            seen.lock().expect("the lock").push(request);
            let mut steps = steps.lock().expect("the lock");
            if steps.len() > 1 { steps.pop_front() } else { steps.front().cloned() }
        };
        match step.expect("a step") {
            Step::Send(bytes) => stream.write_all(&bytes).await.expect("a client that reads"),
            Step::Break(bytes) => return stream.write_all(&bytes).await.unwrap_or_default(),
            Step::Hang => std::future::pending().await,
            Step::Pour(first, again, pause) => return pour(stream, &first, &again, pause).await,
        }
    }
}

async fn pour(mut stream: TcpStream, first: &[u8], again: &[u8], pause: Duration) {
    let mut sent = stream.write_all(first).await;
    while sent.is_ok() {
        tokio::time::sleep(pause).await;
        sent = stream.write_all(again).await;
    }
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).expect("heads are ASCII");
    let mut lines = head.trim_end().split("\r\n");
    let line = lines.next().expect("a request line").trim_end_matches(" HTTP/1.1").to_owned();
    let mut headers: Vec<_> = lines.filter_map(|line| line.split_once(": ")).map(own).collect();
    headers.retain(|(name, _)| name != "host");
    headers.sort();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, length)| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Seen { line, headers, body: String::from_utf8(body).expect("bodies are UTF-8") })
}

fn own((name, value): (&str, &str)) -> (String, String) {
    (name.to_ascii_lowercase(), value.to_owned())
}
