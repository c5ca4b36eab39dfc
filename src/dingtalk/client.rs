//! A client of DingTalk's room API: one endpoint, one operator, one pace per API.
//!
//! What it can do stands beside it: `reader` for what is harmless, `writer` for changes, `attempt` for what both are made of.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use tokio::sync::OnceCell;

use crate::dingtalk::api::Api;
use crate::dingtalk::clock_skew::ClockSkew;
use crate::dingtalk::credentials::{Credentials, Grant, Operator, OperatorIdentity};
use crate::dingtalk::endpoint::Endpoint;
use crate::dingtalk::http::access::Access;
use crate::dingtalk::http::network::{NetworkError, NetworkVariables};
use crate::dingtalk::http::tls;
use crate::dingtalk::http::transport::Transport;
use crate::dingtalk::pacing::limit::{Pace, STANDARD_QPS};
use crate::dingtalk::pacing::retry::RetryPolicy;
use crate::dingtalk::pacing::throttle::{Pacer, Permit};
use crate::dingtalk::token::TokenCache;
use crate::dingtalk::usage::{Calls, Meter};
use crate::tr;

/// How a client behaves on the network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// How fast calls to each API go.
    pub pace: Pace,
    /// How long one call may take, from connecting to the end of its answer, a list included.
    pub timeout: Duration,
    /// How long connecting may take.
    pub connect_timeout: Duration,
}

/// Why a client cannot be made.
#[derive(Debug, Error)]
pub enum ClientError {
    /// The rate is zero, negative or no number.
    #[error("{}", tr!(
        format: "the rate must be a positive number of calls a second, not {}",
        "速率必须是正数（每秒调用次数），而不是 {}", .0
    ))]
    Rate(f64),
    /// The ready token has characters that a header cannot carry. It is not repeated here.
    #[error("{}", tr!(
        "the access token has characters that no token has; was more than the token copied?",
        "令牌中有不该有的字符；是不是多复制了内容？"
    ))]
    Token,
    /// There is no operator.
    #[error("{}", tr!("the operator's id is empty", "操作人的 ID 为空"))]
    Operator,
    /// An environment variable that decides how the endpoint is reached cannot be used.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The HTTP client cannot be built.
    #[error("{}", tr!("cannot set up secure connections", "无法建立安全连接"))]
    Http(#[source] reqwest::Error),
}

/// Calls DingTalk. Clones share token, pace and counters.
#[derive(Clone, Debug)]
pub struct Client(pub(crate) Arc<Parts>);

/// What the clones of a client share.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) credentials: Credentials,
    pub(crate) settings: Settings,
    pub(crate) policy: RetryPolicy,
    pub(crate) transport: Transport,
    /// To the address book, if that has to be asked.
    pub(crate) directory: Option<Transport>,
    pub(crate) operator: OnceCell<OperatorIdentity>,
    pub(crate) tokens: TokenCache,
    pub(crate) pacers: [Arc<Pacer>; Api::ALL.len()],
    pub(crate) meter: Meter,
    pub(crate) skew: ClockSkew,
}

impl Default for Settings {
    /// The rate of DingTalk's standard edition (`call-frequency-limit`), 15 s for a call, 5 s to connect.
    fn default() -> Self {
        Self {
            pace: Pace::Fixed(STANDARD_QPS),
            timeout: Duration::from_secs(15),
            connect_timeout: Duration::from_secs(5),
        }
    }
}

impl Client {
    /// Makes a client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ClientError`] when the settings or credentials cannot be used, or TLS cannot be set up.
    pub fn new(
        endpoint: &Endpoint,
        credentials: Credentials,
        settings: Settings,
        network: &NetworkVariables,
    ) -> Result<Self, ClientError> {
        Self::with_policy(endpoint, credentials, settings, network, RetryPolicy::default())
    }

    pub(crate) fn with_policy(
        endpoint: &Endpoint,
        credentials: Credentials,
        settings: Settings,
        network: &NetworkVariables,
        policy: RetryPolicy,
    ) -> Result<Self, ClientError> {
        check_rate(settings.pace)?;
        check_credentials(&credentials)?;
        let transport = transport(endpoint, settings, network)?;
        let directory = match &credentials.operator {
            Operator::UnionId(_) => None,
            Operator::UserId { directory, .. } => Some(self::transport(directory, settings, network)?),
        };
        let tokens = token_cache(&credentials.grant);
        let pacers = Api::ALL.map(|api| Arc::new(Pacer::new(api, settings.pace)));
        let (operator, meter, skew) = (OnceCell::new(), Meter::default(), ClockSkew::default());
        let parts =
            Parts { credentials, settings, policy, transport, directory, operator, tokens, pacers, meter, skew };
        Ok(Self(Arc::new(parts)))
    }

    /// Returns the calls made so far.
    #[must_use]
    pub fn calls(&self) -> Calls {
        self.0.meter.read()
    }

    /// Returns by how many seconds DingTalk's clock was ahead of this machine's at the last answer that told its `Date`, less
    /// than 0 if it was behind; `None` before there was one. Exact to a second or two.
    #[must_use]
    pub fn skew(&self) -> Option<i64> {
        self.0.skew.read()
    }

    /// Returns the calls a second that an API turned out to permit; `None` if that was not found out.
    #[must_use]
    pub fn found_rate(&self, api: Api) -> Option<f64> {
        self.pacer(api).found()
    }

    /// Resolves some milliseconds before a call to this API may go. Dropping the future or the permit has no effect.
    pub async fn permit(&self, api: Api) -> Permit {
        self.pacer(api).permit().await
    }

    pub(crate) fn pacer(&self, api: Api) -> &Arc<Pacer> {
        &self.0.pacers[api.index()]
    }
}

fn transport(endpoint: &Endpoint, settings: Settings, network: &NetworkVariables) -> Result<Transport, ClientError> {
    let access = Access::prepare(endpoint, network)?;
    let http = tls::build(endpoint, &access, settings.connect_timeout).map_err(ClientError::Http)?;
    Ok(Transport::new(http, endpoint, access.route.proxy().cloned()))
}

fn check_rate(pace: Pace) -> Result<(), ClientError> {
    match pace {
        Pace::Fixed(qps) if !(qps.is_finite() && qps >= 1e-6) => Err(ClientError::Rate(qps)),
        Pace::Fixed(_) | Pace::Off | Pace::Auto => Ok(()),
    }
}

fn check_credentials(credentials: &Credentials) -> Result<(), ClientError> {
    match &credentials.grant {
        _ if credentials.operator.is_empty() => Err(ClientError::Operator),
        Grant::Token(token) if !is_header(token) => Err(ClientError::Token),
        Grant::Token(_) | Grant::App { .. } => Ok(()),
    }
}

fn is_header(token: &SecretString) -> bool {
    let token = token.expose_secret();
    !token.trim().is_empty() && HeaderValue::from_str(token).is_ok()
}

fn token_cache(grant: &Grant) -> TokenCache {
    match grant {
        Grant::Token(token) => TokenCache::ready(token.clone()),
        Grant::App { .. } => TokenCache::default(),
    }
}
