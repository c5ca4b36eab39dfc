//! The access token. There is at most one: asking again within its life returns it and prolongs it
//! [obtain-the-access-token-of-an-internal-app].

use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::sandbox::faults::duration::LONGEST;

/// The token that is out, if one is.
#[derive(Debug)]
pub(crate) struct Tokens {
    life: Duration,
    live: Option<(String, Instant)>,
}

impl Tokens {
    pub(crate) fn new(life: Duration) -> Self {
        Self { life, live: None }
    }

    /// Returns the token and how many whole seconds it lives from now.
    pub(crate) fn issue(&mut self, now: Instant) -> (&str, u64) {
        let until = now + self.life.min(LONGEST);
        let token = self.live.take().filter(|(_, end)| now < *end).map_or_else(fresh, |(token, _)| token);
        let (token, _) = self.live.insert((token, until));
        (token, self.life.as_secs())
    }

    /// Says whether a call with this token may pass.
    pub(crate) fn accepts(&self, token: &[u8], now: Instant) -> bool {
        self.live.as_ref().is_some_and(|(live, end)| live.as_bytes() == token && now < *end)
    }

    /// Ends every token.
    pub(crate) fn revoke(&mut self) {
        self.live = None;
    }
}

fn fresh() -> String {
    Uuid::new_v4().simple().to_string()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use crate::sandbox::api::token::Tokens;

    #[test]
    fn token_of_endless_life_is_issued() {
        let mut tokens = Tokens::new(Duration::MAX);
        let token = tokens.issue(Instant::now()).0.to_owned();
        assert!(tokens.accepts(token.as_bytes(), Instant::now()));
    }

    #[test]
    fn asking_again_prolongs_the_same_token() {
        let (mut tokens, start) = (Tokens::new(Duration::from_secs(10)), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        let first = tokens.issue(at(0)).0.to_owned();
        assert_eq!(tokens.issue(at(9)), (first.as_str(), 10));
        assert!(tokens.accepts(first.as_bytes(), at(18)));
        assert!(!tokens.accepts(first.as_bytes(), at(19)));
        assert_ne!(tokens.issue(at(19)).0, first);
    }

    #[test]
    fn only_the_token_that_was_issued_and_not_revoked_passes() {
        let (mut tokens, now) = (Tokens::new(Duration::from_secs(10)), Instant::now());
        assert!(!tokens.accepts(b"", now));
        let token = tokens.issue(now).0.to_owned();
        assert!(!tokens.accepts(b"another", now));
        tokens.revoke();
        assert!(!tokens.accepts(token.as_bytes(), now));
    }
}
