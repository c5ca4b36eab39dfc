//! The access token: held, shared, renewed shortly before it expires.
//!
//! One lock makes it single-flight: while one caller asks DingTalk, the others wait and take what it got, the failure
//! included. Dropping the asking call lets the next one ask.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::dingtalk::error::kind::{ApiError, ErrorKind};
use crate::dingtalk::http::response::Minted;

/// A token is renewed this long before it expires, or when nine tenths of its life are over if that is later.
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// No lifetime is believed to be longer than this; DingTalk's is two hours.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 3600);

/// A token that calls are made with.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) secret: SecretString,
    serial: u64,
}

/// Holds the token of a client.
#[derive(Debug, Default)]
pub(crate) struct TokenCache(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    token: Option<Arc<Token>>,
    renew_at: Option<Instant>,
    made: u64,
    failed: Option<(Instant, ApiError)>,
}

impl TokenCache {
    /// Holds a token that was made elsewhere and does not expire as far as we know.
    pub(crate) fn ready(secret: SecretString) -> Self {
        let token = Some(Arc::new(Token { secret, serial: 0 }));
        Self(Mutex::new(Held { token, ..Held::default() }))
    }

    /// Returns a token other than `refused`, made by `mint` if there is none.
    pub(crate) async fn get<F>(&self, refused: Option<&Token>, mint: impl FnOnce() -> F) -> Result<Arc<Token>, ApiError>
    where
        F: Future<Output = Result<Minted, ApiError>>,
    {
        let asked = Instant::now();
        let mut held = self.0.lock().await;
        if let Some(token) = held.usable(refused) {
            return Ok(token);
        }
        if let Some(failure) = held.shared_failure(asked) {
            return Err(failure);
        }
        let minted = mint().await;
        held.take(minted)
    }
}

impl Held {
    fn usable(&self, refused: Option<&Token>) -> Option<Arc<Token>> {
        let is_fresh = self.renew_at.is_none_or(|renew_at| Instant::now() < renew_at);
        let token = self.token.as_ref().filter(|_| is_fresh)?;
        let is_refused = refused.is_some_and(|refused| refused.serial == token.serial);
        (!is_refused).then(|| Arc::clone(token))
    }

    /// Who asked while the last attempt was under way shares its failure; and bad credentials stay bad.
    fn shared_failure(&self, asked: Instant) -> Option<ApiError> {
        let (at, failure) = self.failed.as_ref()?;
        let is_shared = asked < *at || failure.kind == ErrorKind::Credentials;
        is_shared.then(|| failure.clone())
    }

    fn take(&mut self, minted: Result<Minted, ApiError>) -> Result<Arc<Token>, ApiError> {
        match minted {
            Ok(minted) => Ok(self.hold(minted)),
            Err(failure) => {
                self.failed = Some((Instant::now(), failure.clone()));
                Err(failure)
            }
        }
    }

    fn hold(&mut self, minted: Minted) -> Arc<Token> {
        self.made += 1;
        let token = Arc::new(Token { secret: minted.token, serial: self.made });
        // A token of unknown lifetime is held until DingTalk refuses it.
        let life = minted.lifetime.unwrap_or(LONGEST_LIFE).min(LONGEST_LIFE);
        self.renew_at = Some(Instant::now() + life.saturating_sub(MARGIN.min(life / 10)));
        self.token = Some(Arc::clone(&token));
        token
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use futures::future::join_all;
    use secrecy::{ExposeSecret, SecretString};
    use tokio::time::{advance, sleep};

    use crate::dingtalk::api::Api;
    use crate::dingtalk::error::kind::{ApiError, ErrorKind};
    use crate::dingtalk::http::response::Minted;
    use crate::dingtalk::token::TokenCache;

    /// Makes tokens `t1`, `t2`, … that live for two hours, slowly.
    #[derive(Default)]
    struct Mint(Cell<u32>);

    impl Mint {
        async fn make(&self) -> Result<Minted, ApiError> {
            self.0.set(self.0.get() + 1);
            sleep(Duration::from_millis(100)).await;
            Ok(Minted { token: format!("t{}", self.0.get()).into(), lifetime: Some(Duration::from_secs(7200)) })
        }

        async fn fail(&self, kind: ErrorKind) -> Result<Minted, ApiError> {
            self.0.set(self.0.get() + 1);
            sleep(Duration::from_millis(100)).await;
            let message = "".into();
            Err(ApiError { api: Api::Token, kind, status: None, code: None, message, request_id: None, wait: None })
        }
    }

    #[tokio::test(start_paused = true)]
    async fn many_who_ask_at_once_cause_one_call() {
        let (cache, mint) = (TokenCache::default(), Mint::default());
        let tokens = join_all((0..50).map(|_| cache.get(None, || mint.make()))).await;
        assert!(tokens.iter().all(|token| token.as_ref().is_ok_and(|token| token.secret.expose_secret() == "t1")));
        let first = tokens[0].as_ref().expect("a token");
        let renewed = join_all((0..50).map(|_| cache.get(Some(first), || mint.make()))).await;
        assert!(renewed.iter().all(|token| token.as_ref().is_ok_and(|token| token.secret.expose_secret() == "t2")));
        assert_eq!(mint.0.get(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_renewed_shortly_before_it_expires() {
        let (cache, mint) = (TokenCache::default(), Mint::default());
        for (wait, made) in [(0, 1), (7000 - 301, 1), (302, 2)] {
            advance(Duration::from_secs(wait)).await;
            assert!(cache.get(None, || mint.make()).await.is_ok());
            assert_eq!(mint.0.get(), made, "after {wait} s more");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_shared_by_those_who_waited_for_it() {
        let (cache, mint) = (TokenCache::default(), Mint::default());
        let fail = || mint.fail(ErrorKind::Unreachable);
        assert!(join_all((0..50).map(|_| cache.get(None, fail))).await.iter().all(Result::is_err));
        assert_eq!(mint.0.get(), 1);
        sleep(Duration::from_secs(1)).await;
        assert!(cache.get(None, || mint.make()).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn bad_credentials_are_not_tried_again() {
        let (cache, mint) = (TokenCache::default(), Mint::default());
        for _ in 0..3 {
            assert!(cache.get(None, || mint.fail(ErrorKind::Credentials)).await.is_err());
            sleep(Duration::from_secs(1)).await;
        }
        assert_eq!(mint.0.get(), 1);
    }

    #[tokio::test]
    async fn a_ready_token_is_used_as_it_is() {
        let cache = TokenCache::ready(SecretString::from("ready"));
        let mint = Mint::default();
        let token = cache.get(None, || mint.make()).await;
        assert!(token.is_ok_and(|token| token.secret.expose_secret() == "ready"));
        assert_eq!(mint.0.get(), 0);
    }
}
