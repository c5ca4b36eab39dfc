//! One HTTP call without the client under test.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

/// Asks a sandbox for the token that it gives to the app; `None` if it gives none.
pub(crate) fn token(url: &str, client_id: &str, client_secret: &str) -> Option<String> {
    let body = json!({"appKey": client_id, "appSecret": client_secret});
    post(url, "/v1.0/oauth2/accessToken", &body)?["accessToken"].as_str().map(str::to_owned)
}

fn post(url: &str, path: &str, body: &Value) -> Option<Value> {
    let host = url.strip_prefix("http://")?;
    let body = body.to_string();
    let mut stream = TcpStream::connect(host).ok()?;
    let head = format!("POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {}", body.len());
    write!(stream, "{head}\r\n\r\n{body}").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
}
