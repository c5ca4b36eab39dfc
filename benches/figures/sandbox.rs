//! A sandbox in a process of its own, and what it saw.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde::Deserialize;

use crate::Result;
use crate::workplace::roomtree;

/// A sandbox that ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Sandbox {
    child: Child,
    pub(crate) url: String,
}

/// The creates that a sandbox saw.
#[derive(Debug, Default)]
pub(crate) struct Creates {
    /// When those arrived that were carried out, in seconds, rising.
    pub(crate) done: Vec<f64>,
    /// How many were refused because of the rate.
    pub(crate) throttled: usize,
}

#[derive(Deserialize)]
struct Calls {
    arrivals: Vec<Arrival>,
}

#[derive(Deserialize)]
struct Arrival {
    operation: String,
    /// Microseconds.
    at: f64,
    status: u16,
}

impl Sandbox {
    pub(crate) fn start(arguments: &[&str]) -> Result<Self> {
        let mut command = roomtree(&["sandbox", "--depth", "1000"]);
        let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut url = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut url)?;
        Ok(Self { child, url: url.trim().to_owned() })
    }

    /// Returns the creates of the last hundred thousand calls.
    pub(crate) fn creates(&self) -> Result<Creates> {
        let calls: Calls = serde_json::from_slice(&self.get("/sandbox/calls")?)?;
        let (done, refused): (Vec<_>, Vec<_>) =
            calls.arrivals.into_iter().filter(|call| call.operation == "create").partition(|call| call.status == 200);
        let mut done: Vec<f64> = done.iter().map(|call| call.at / 1e6).collect();
        done.sort_by(f64::total_cmp);
        Ok(Creates { done, throttled: refused.len() })
    }

    /// Asks in HTTP 1.0, which is answered in one piece.
    fn get(&self, path: &str) -> Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.url.trim_start_matches("http://"))?;
        write!(stream, "GET {path} HTTP/1.0\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").ok_or("an answer without a body")?;
        Ok(answer.split_off(end + 4))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
