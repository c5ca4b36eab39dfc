//! Builds the HTTP client: what it trusts, how it connects, and that it never does anything twice.
//!
//! The system's certificates count; a container without any gets those that Mozilla publishes. Plain `http` to this machine
//! trusts none, since reading them takes longer than a sandbox takes to answer.

use std::time::Duration;

use reqwest::{Certificate, ClientBuilder, header, redirect, retry};

use crate::dingtalk::endpoint::Endpoint;

/// As many connections are kept as there may be calls in flight.
const IDLE_CONNECTIONS: usize = 256;

/// Shorter than what gateways and NATs commonly allow, so that a request rarely meets a connection that is already dead.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Builds an HTTP client for an endpoint.
pub(crate) fn build(endpoint: &Endpoint, connect_timeout: Duration) -> reqwest::Result<reqwest::Client> {
    // Whoever was first to install a provider has installed one: that is all that is needed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = || builder(endpoint, connect_timeout);
    if endpoint.is_plain() {
        return builder().tls_certs_only([]).build();
    }
    builder().build().or_else(|_| builder().tls_certs_only(published_roots()).build())
}

fn builder(endpoint: &Endpoint, connect_timeout: Duration) -> ClientBuilder {
    let builder = reqwest::Client::builder()
        .user_agent(concat!("roomtree/", env!("CARGO_PKG_VERSION")))
        .default_headers(accept_json())
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .connect_timeout(connect_timeout)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .tcp_nodelay(true);
    if endpoint.is_loopback() { builder.no_proxy() } else { builder }
}

fn accept_json() -> header::HeaderMap {
    header::HeaderMap::from_iter([(header::ACCEPT, header::HeaderValue::from_static("application/json"))])
}

fn published_roots() -> Vec<Certificate> {
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    roots.filter_map(|der| Certificate::from_der(der).ok()).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::dingtalk::endpoint::Endpoint;
    use crate::dingtalk::tls::{build, builder, published_roots};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_machine_without_certificates_gets_the_published_ones() {
        let endpoint = Endpoint::parse("https://api.dingtalk.com").expect("an endpoint");
        assert!(build(&endpoint, SECOND).is_ok());
        assert!(published_roots().len() > 50);
        assert!(builder(&endpoint, SECOND).tls_certs_only(published_roots()).build().is_ok());
    }
}
