//! One attempt of a call, and the one repetition that every call is allowed: with a new token, when DingTalk refused the old.
//!
//! A refused token surely did nothing, so even a change may go again. What a throttle answer means for the calls that follow,
//! and which calls are paid for, is noted here too.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use secrecy::SecretString;
use tracing::{debug, info};

use crate::dingtalk::api::Api;
use crate::dingtalk::client::Client;
use crate::dingtalk::credentials::Grant;
use crate::dingtalk::error::kind::{ApiError, ErrorKind};
use crate::dingtalk::error::sanitize::Scrub;
use crate::dingtalk::http::requests::Request;
use crate::dingtalk::http::response;
use crate::dingtalk::http::response::{Minted, Reader, judge};
use crate::dingtalk::http::transport::{Bounds, Breakdown, Transport};
use crate::dingtalk::outcome::CallOutcome;
use crate::dingtalk::pacing::throttle::{Departure, Permit};
use crate::dingtalk::token::Token;
use crate::i18n::Language;
use crate::localized;

/// The largest answer to anything but a list.
const SMALL: usize = 64 * 1024;

/// The largest list: over a million groups with names of a hundred characters.
const LARGE: usize = 512 * 1024 * 1024;

/// The largest page of rooms: a hundred rooms with long names and descriptions.
const PAGE: usize = 8 * 1024 * 1024;

impl Client {
    /// Makes a call, with a new token if DingTalk refuses the one at hand.
    pub(crate) async fn call<T>(&self, permit: Permit, request: &Request, read: Reader<T>) -> CallOutcome<T> {
        let token = match self.token(None).await {
            Ok(token) => token,
            Err(failure) => return not_sent(failure),
        };
        match self.attempt(permit, request, Some(&token), read).await {
            CallOutcome::Rejected(failure) if failure.kind == ErrorKind::Authentication => {
                self.call_again(request, &token, failure, read).await
            }
            outcome => outcome,
        }
    }

    async fn call_again<T>(
        &self,
        request: &Request,
        refused: &Token,
        why: ApiError,
        read: Reader<T>,
    ) -> CallOutcome<T> {
        if matches!(self.0.credentials.grant, Grant::Token(_)) {
            return CallOutcome::Rejected(ApiError { kind: ErrorKind::TokenExpired, ..why });
        }
        match self.token(Some(refused)).await {
            Ok(token) => self.attempt(self.permit(request.api).await, request, Some(&token), read).await,
            Err(failure) => not_sent(failure),
        }
    }

    async fn token(&self, refused: Option<&Token>) -> Result<Arc<Token>, ApiError> {
        self.0.tokens.get(refused, || self.mint()).await
    }

    async fn mint(&self) -> Result<Minted, ApiError> {
        let Some(request) = token_request(&self.0.credentials.grant) else {
            return Err(cannot_mint());
        };
        self.repeat(Api::Token, || self.mint_once(&request)).await
    }

    async fn mint_once(&self, request: &Request) -> CallOutcome<Minted> {
        self.attempt(self.permit(Api::Token).await, request, None, response::minted).await
    }

    /// Makes one attempt, paced and counted.
    async fn attempt<T>(
        &self,
        permit: Permit,
        request: &Request,
        token: Option<&Token>,
        read: Reader<T>,
    ) -> CallOutcome<T> {
        let departure = Arc::new(self.exchange(permit, request.api).await.depart().await);
        self.0.meter.starts(request.api);
        let (secret, bounds) = (token.map(|token| &token.secret), self.bounds(request.api));
        let scrub = self.scrub(secret);
        let (began, mut status) = (Instant::now(), None);
        let outcome = match self.transport(request.api).send(request, secret, &departure, bounds).await {
            Ok(answer) => {
                self.0.skew.note(answer.ahead);
                status = Some(answer.status);
                judge(request.api, &answer, &scrub, read)
            }
            Err(breakdown) => broken(request.api, breakdown, &scrub),
        };
        log(request, status, began.elapsed(), &outcome);
        self.note(&departure, request.api, outcome)
    }

    /// Exchanges a permit that was given for another API, so that no call goes unpaced.
    async fn exchange(&self, permit: Permit, api: Api) -> Permit {
        if permit.api() == api { permit } else { self.permit(api).await }
    }

    fn transport(&self, api: Api) -> &Transport {
        self.0.directory.as_ref().filter(|_| api.is_older()).unwrap_or(&self.0.transport)
    }

    fn bounds(&self, api: Api) -> Bounds {
        let size = match api {
            Api::List => LARGE,
            Api::Rooms => PAGE,
            _ => SMALL,
        };
        Bounds { timeout: self.0.settings.timeout, size }
    }

    fn scrub(&self, token: Option<&SecretString>) -> Scrub {
        let secret = match &self.0.credentials.grant {
            Grant::App { client_secret, .. } => Some(client_secret),
            Grant::Token(_) => None,
        };
        Scrub::new(secret.into_iter().chain(token).cloned().collect())
    }

    fn note<T>(&self, call: &Departure, api: Api, outcome: CallOutcome<T>) -> CallOutcome<T> {
        match outcome {
            CallOutcome::Throttled(failure) => {
                self.0.meter.is_free(api);
                let wait =
                    self.pacer(api).throttled(call, failure.kind, failure.wait, rest_of_minute(SystemTime::now()));
                info!(
                    api = api.as_str(),
                    kind = failure.kind.as_str(),
                    pause_ms = wait.as_millis(),
                    "pause: throttled"
                );
                return CallOutcome::Throttled(ApiError { wait: Some(wait), ..failure });
            }
            CallOutcome::Unreachable(_) => self.0.meter.was_not_sent(api),
            CallOutcome::Done(_) | CallOutcome::Rejected(_) => self.pacer(api).succeeded(),
            CallOutcome::Unknown(_) => {}
        }
        outcome
    }
}

/// Logs one attempt. What DingTalk said is redacted by then: see [`ApiError`].
fn log<T>(request: &Request, status: Option<u16>, took: Duration, outcome: &CallOutcome<T>) {
    let attempt = request.next_attempt();
    let failure = outcome.failure();
    debug!(
        api = request.api.as_str(),
        method = request.method.as_str(),
        path = request.logged_path(),
        attempt,
        status = status.or(failure.and_then(|failure| failure.status)),
        ms = took.as_millis(),
        outcome = outcome.as_str(),
        kind = failure.map(|failure| failure.kind.as_str()),
        code = failure.and_then(|failure| failure.code.as_deref()),
        request_id = failure.and_then(|failure| failure.request_id.as_deref()),
        message = failure.map(|failure| failure.message.within(Language::English)),
        "request"
    );
}

/// No token or no operator, no call: whatever kept it away, the call surely was not sent.
pub(crate) fn not_sent<T>(failure: ApiError) -> CallOutcome<T> {
    if failure.ends_run() { CallOutcome::Rejected(failure) } else { CallOutcome::Unreachable(failure) }
}

fn token_request(grant: &Grant) -> Option<Request> {
    match grant {
        Grant::Token(_) => None,
        Grant::App { client_id, client_secret, corp_id: None } => Some(Request::app_token(client_id, client_secret)),
        Grant::App { client_id, client_secret, corp_id: Some(corp_id) } => {
            Some(Request::organization_token(corp_id, client_id, client_secret))
        }
    }
}

fn cannot_mint() -> ApiError {
    let message = localized!("a ready token cannot be renewed", "现成的令牌无法续期");
    let kind = ErrorKind::TokenExpired;
    ApiError { api: Api::Token, kind, status: None, code: None, message, request_id: None, wait: None }
}

fn broken<T>(api: Api, breakdown: Breakdown, scrub: &Scrub) -> CallOutcome<T> {
    let Breakdown { kind, sent, status, message } = breakdown;
    let message = message.map(|words| scrub.clean(words));
    let failure = ApiError { api, kind, status, code: None, message, request_id: None, wait: None };
    if sent { CallOutcome::Unknown(failure) } else { CallOutcome::Unreachable(failure) }
}

/// Returns how long it is to the next minute of the clock, and a second more since clocks differ; at most a minute.
fn rest_of_minute(now: SystemTime) -> Duration {
    let seconds = now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs() % 60);
    Duration::from_secs((61 - seconds).min(60))
}
