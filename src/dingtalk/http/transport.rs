//! Sends one request once, and reads its answer to the end within bounds.
//!
//! Nothing below may send a change twice: redirects are not followed, the HTTP client's own retries are off, and a body
//! can be taken only once. Taking it also tells when the request really leaves: an attempt whose body was never taken has
//! not reached DingTalk, whatever went wrong.

use std::convert::Infallible;
use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};

use crate::dingtalk::clock_skew;
use crate::dingtalk::endpoint::Endpoint;
use crate::dingtalk::error::kind::ErrorKind;
use crate::dingtalk::http::proxy::Proxy;
use crate::dingtalk::http::requests::{JSON, Request, TOKEN_HEADER, percent_encode};
use crate::dingtalk::http::response::Answer;
use crate::dingtalk::pacing::throttle::Departure;
use crate::i18n::{Message, cause};
use crate::localized;

/// Sends requests to one endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    http: reqwest::Client,
    origin: String,
    proxy: Option<Proxy>,
}

/// What an answer may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// From connecting to the last byte of the answer.
    pub(crate) timeout: Duration,
    /// The largest body, in bytes, once it is decompressed.
    pub(crate) size: usize,
}

/// Why no whole answer came.
#[derive(Debug)]
pub(crate) struct Breakdown {
    pub(crate) kind: ErrorKind,
    /// Whether the request may have reached DingTalk.
    pub(crate) sent: bool,
    pub(crate) status: Option<u16>,
    pub(crate) message: Message,
}

impl Transport {
    pub(crate) fn new(http: reqwest::Client, endpoint: &Endpoint, proxy: Option<Proxy>) -> Self {
        Self { http, origin: endpoint.as_str().to_owned(), proxy }
    }

    /// Sends a request and reads its answer.
    pub(crate) async fn send(
        &self,
        request: &Request,
        token: Option<&SecretString>,
        departure: &Arc<Departure>,
        bounds: Bounds,
    ) -> Result<Answer, Breakdown> {
        let call = with_body(self.begin(request, token), request, departure).timeout(bounds.timeout);
        let sent = call.send().await;
        let response =
            sent.map_err(|error| Breakdown::of(error, departure.is_on_wire()).through(self.proxy.as_ref()))?;
        read(response, bounds.size).await
    }

    /// Puts the token where the operation wants it: in a header, or in the query for the older half of the API. No URL is ever
    /// shown, and none goes to another host, since redirects are not followed.
    fn begin(&self, request: &Request, token: Option<&SecretString>) -> RequestBuilder {
        let place = format!("{}{}", self.origin, request.target);
        match token.filter(|_| request.api.is_older()).map(|token| percent_encode(token.expose_secret())) {
            Some(token) => self.http.request(request.method.clone(), format!("{place}?access_token={token}")),
            None => in_header(self.http.request(request.method.clone(), place), token),
        }
    }
}

fn in_header(call: RequestBuilder, token: Option<&SecretString>) -> RequestBuilder {
    let value = token.and_then(|token| HeaderValue::from_str(token.expose_secret()).ok());
    match value {
        Some(mut value) => {
            value.set_sensitive(true);
            call.header(TOKEN_HEADER, value)
        }
        None => call,
    }
}

fn with_body(call: RequestBuilder, request: &Request, departure: &Arc<Departure>) -> RequestBuilder {
    match &request.body {
        Some(body) => {
            let once = Once { bytes: Some(body.clone().into()), departure: Arc::clone(departure) };
            call.header(CONTENT_TYPE, JSON).body(reqwest::Body::wrap(once))
        }
        None => {
            departure.reached_wire();
            call
        }
    }
}

async fn read(mut response: Response, size: usize) -> Result<Answer, Breakdown> {
    let status = response.status().as_u16();
    let ahead = clock_skew::ahead(response.headers(), SystemTime::now());
    let (is_html, retry_after) = (is_html(response.headers()), retry_after(response.headers()));
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Breakdown::of(error, true).with(status))? {
        if body.len() + chunk.len() > size {
            return Err(Breakdown::too_large(size).with(status));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, is_html, retry_after, ahead, body })
}

fn is_html(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("text/html"))
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

impl Breakdown {
    fn of(error: reqwest::Error, on_wire: bool) -> Self {
        let error = error.without_url();
        let sent = on_wire && !error.is_connect();
        let kind = if sent { kind_after_sending(&error) } else { kind_before_sending(&error) };
        Self { kind, sent, status: None, message: message(kind, &error) }
    }

    /// Blames the proxy for a connection that cannot be made: DingTalk itself was not reached.
    fn through(self, proxy: Option<&Proxy>) -> Self {
        match (proxy, self.kind) {
            (Some(proxy), ErrorKind::Unreachable | ErrorKind::Proxy) => {
                let (variable, said) = (proxy.variable, &self.message);
                let message = localized!(
                    "{said} (through the proxy `{proxy}`, {variable})",
                    "{said}（经由代理 `{proxy}`，{variable}）"
                );
                Self { kind: ErrorKind::Proxy, message, ..self }
            }
            _ => self,
        }
    }

    fn too_large(size: usize) -> Self {
        let message = localized!("the answer is larger than {size} bytes", "应答超过 {size} 字节");
        Self { kind: ErrorKind::Unreadable, sent: true, status: None, message }
    }

    fn with(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }
}

fn kind_after_sending(error: &reqwest::Error) -> ErrorKind {
    if error.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Interrupted }
}

fn kind_before_sending(error: &reqwest::Error) -> ErrorKind {
    if causes(error).any(is_about_tls) {
        ErrorKind::Certificate
    } else if causes(error).any(|cause| cause.to_string().contains("tunnel")) {
        ErrorKind::Proxy
    } else {
        ErrorKind::Unreachable
    }
}

fn message(kind: ErrorKind, error: &reqwest::Error) -> Message {
    let what = match kind {
        ErrorKind::Timeout => localized!("no answer in time", "未及时应答"),
        ErrorKind::Interrupted => {
            localized!("the connection broke before the answer was complete", "应答尚未完整，连接就断开了")
        }
        ErrorKind::Certificate => localized!("no secure connection", "无法建立安全连接"),
        ErrorKind::Proxy => localized!("the proxy does not connect", "代理无法连通"),
        _ => localized!("cannot connect", "无法连接"),
    };
    match causes(error).last().map(cause) {
        Some(cause) => localized!("{what}: {cause}", "{what}：{cause}"),
        None => what,
    }
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), cause_of)
}

fn cause_of<'a>(error: &&'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    (*error).source()
}

/// An I/O error does not name what it wraps as its source, and a TLS error comes wrapped several times.
fn is_about_tls(cause: &(dyn Error + 'static)) -> bool {
    let wrapped = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    match (wrapped, cause.downcast_ref()) {
        (Some(inner), _) => is_about_tls(inner),
        // Something that does not speak TLS at all answers where TLS was to begin.
        (None, Some(rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType))) => true,
        (None, error) => matches!(error, Some(rustls::Error::InvalidCertificate(_))),
    }
}

/// A body that can be taken once and tells when it is.
struct Once {
    bytes: Option<Bytes>,
    departure: Arc<Departure>,
}

impl Body for Once {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let bytes = self.bytes.take();
        if bytes.is_some() {
            self.departure.reached_wire();
        }
        Poll::Ready(bytes.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use crate::dingtalk::http::transport::is_about_tls;

    #[test]
    fn a_certificate_that_is_not_trusted_and_what_is_no_tls_are_told_from_other_trouble() {
        let untrusted = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        assert!(is_about_tls(&io::Error::other(io::Error::new(io::ErrorKind::InvalidData, untrusted))));
        let plain = rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType);
        assert!(is_about_tls(&io::Error::other(plain)));
        assert!(!is_about_tls(&io::Error::other(io::Error::other(rustls::Error::DecryptError))));
        assert!(!is_about_tls(&io::Error::from(io::ErrorKind::UnexpectedEof)));
    }
}
