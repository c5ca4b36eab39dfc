//! A server that says what it is told to, for answers that no sandbox gives.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::spawn;

/// A server on loopback. Every request gets the first answer whose mark is in its first line.
#[derive(Debug)]
pub(crate) struct Scripted {
    pub(crate) url: String,
}

/// Part of the request line, status, body.
pub(crate) type Line = (&'static str, u16, String);

impl Scripted {
    pub(crate) fn new(script: Vec<Line>) -> Self {
        Self::start(String::new(), script)
    }

    /// A server whose clock says this.
    pub(crate) fn dated(date: &str, script: Vec<Line>) -> Self {
        Self::start(format!("\r\ndate: {date}"), script)
    }

    fn start(headers: String, script: Vec<Line>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        spawn(move || listener.incoming().flatten().for_each(|stream| serve(stream, &headers, &script)));
        Self { url }
    }
}

fn serve(mut stream: std::net::TcpStream, headers: &str, script: &[Line]) {
    let mut bytes = [0; 8192];
    let Ok(read) = stream.read(&mut bytes) else { return };
    let request = String::from_utf8_lossy(&bytes[..read]);
    let first = request.lines().next().unwrap_or_default();
    let Some((_, status, body)) = script.iter().find(|(mark, ..)| first.contains(mark)) else { return };
    let head = format!(
        "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}{headers}",
        body.len()
    );
    let _ = write!(stream, "{head}\r\n\r\n{body}");
}
