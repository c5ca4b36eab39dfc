//! Decides how an endpoint is reached, from the environment: proxy and root certificates.

use crate::dingtalk::endpoint::Endpoint;
use crate::dingtalk::http::network::{NetworkError, NetworkVariables};
use crate::dingtalk::http::proxy::Route;
use crate::dingtalk::http::root_certificates::Roots;

/// The way to one endpoint.
#[derive(Clone, Debug)]
pub struct Access {
    /// Whether a proxy is used.
    pub route: Route,
    /// The certificates that the endpoint's certificate is checked against; `None` for plain `http`.
    pub roots: Option<Roots>,
}

impl Access {
    /// Decides how an endpoint is reached. Nothing is sent.
    ///
    /// # Errors
    /// [`NetworkError`] if a variable that decides about this endpoint cannot be used.
    pub fn prepare(endpoint: &Endpoint, variables: &NetworkVariables) -> Result<Self, NetworkError> {
        let route = Route::choose(endpoint, variables)?;
        let roots = if endpoint.is_plain() { None } else { Some(Roots::load(variables)?) };
        Ok(Self { route, roots })
    }
}
