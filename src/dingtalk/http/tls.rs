//! Builds the HTTP client: how it connects, and that it never does anything twice.
//!
//! Proxy and root certificates are decided before, from the environment. Plain `http` to this machine trusts no certificate,
//! since loading them takes longer than a sandbox takes to answer.

use std::time::Duration;

use reqwest::{ClientBuilder, header, redirect, retry};

use crate::dingtalk::endpoint::Endpoint;
use crate::dingtalk::http::access::Access;
use crate::dingtalk::http::proxy::Route;
use crate::dingtalk::http::root_certificates::Roots;

/// As many connections are kept as there may be calls in flight.
const IDLE_CONNECTIONS: usize = 256;

/// Shorter than what gateways and NATs commonly allow, so that a request rarely meets a connection that is already dead.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Builds an HTTP client for an endpoint.
pub(crate) fn build(
    endpoint: &Endpoint,
    access: &Access,
    connect_timeout: Duration,
) -> reqwest::Result<reqwest::Client> {
    // Whoever was first to install a provider has installed one: that is all that is needed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = || routed(builder(connect_timeout), endpoint, &access.route);
    match access.roots.as_ref().map(|roots| &roots.certificates) {
        None => builder()?.tls_certs_only([]).build(),
        Some(Some(certificates)) => builder()?.tls_certs_only(certificates.iter().cloned()).build(),
        Some(None) => match builder()?.build() {
            Err(_) => builder()?.tls_certs_only(Roots::built_in().certificates.unwrap_or_default()).build(),
            built => built,
        },
    }
}

fn builder(connect_timeout: Duration) -> ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("roomtree/", env!("CARGO_PKG_VERSION")))
        .default_headers(accept_json())
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .connect_timeout(connect_timeout)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .tcp_nodelay(true)
}

/// Sets the proxy. Without one from the environment, reqwest looks at the settings of macOS and Windows.
fn routed(builder: ClientBuilder, endpoint: &Endpoint, route: &Route) -> reqwest::Result<ClientBuilder> {
    match route {
        _ if endpoint.is_loopback() => Ok(builder.no_proxy()),
        Route::Proxy(proxy) => Ok(builder.proxy(reqwest::Proxy::all(proxy.url())?)),
        Route::Loopback(_) | Route::Exempt(..) => Ok(builder.no_proxy()),
        Route::Unset | Route::OtherScheme(_) => Ok(builder),
    }
}

fn accept_json() -> header::HeaderMap {
    header::HeaderMap::from_iter([(header::ACCEPT, header::HeaderValue::from_static("application/json"))])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::dingtalk::endpoint::Endpoint;
    use crate::dingtalk::http::access::Access;
    use crate::dingtalk::http::network::NetworkVariables;
    use crate::dingtalk::http::proxy::Route;
    use crate::dingtalk::http::root_certificates::Roots;
    use crate::dingtalk::http::tls::build;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_machine_without_certificates_gets_the_published_ones() {
        let endpoint = Endpoint::parse("https://api.dingtalk.com").expect("an endpoint");
        let access = Access::prepare(&endpoint, &NetworkVariables::default()).expect("no variable is set");
        assert!(build(&endpoint, &access, SECOND).is_ok());
        let built_in = Roots::built_in();
        assert!(built_in.certificates.as_ref().is_some_and(|roots| roots.len() > 50));
        assert!(build(&endpoint, &Access { route: Route::Unset, roots: Some(built_in) }, SECOND).is_ok());
    }
}
